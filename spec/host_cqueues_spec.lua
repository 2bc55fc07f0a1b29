-- In a server of cqueues, with the interpreter that runs the specs.

local has_cqueues, cqueues = pcall(require, "cqueues")

local host = require "spec.support.host"
local sandbox = require "spec.support.sandbox"
local scenario = require "spec.support.scenario"
local wire = require "spec.support.wire"

if not has_cqueues then return pending "needs lua-cqueues" end

local socket = require "cqueues.socket"

-- Hang guards, not times.
local SECONDS = 30

local CANNOT_YIELD = "a call blocks on PUC Lua 5.1, whose coroutines can't yield through pcall and for loops"

local server, ids, clients

setup(function()
  server = sandbox.start { contacts = scenario.CONTACTS, latency = 5 }
  local client = wire.client(server, { loop = "plain" })
  ids = wire.ids(wire.collect(client.contacts:all { max = 20 }))
  client:close()
end)

before_each(function()
  server:clear_faults()
  server:clear_requests()
  clients = {}
end)

after_each(function()
  for _, client in ipairs(clients) do
    client:close()
  end
end)

teardown(function() server:stop() end)

local function new_client(options)
  local client = wire.client(server, options)
  clients[#clients + 1] = client
  return client
end

local function get(client, id) return client.contacts:get(id) end

local function hang(id) server:fault { kind = "hang", path = "/contacts/" .. id .. "$", times = 100 } end

-- Runs functions beside each other, until all have ended.
local function run(...)
  local controller = cqueues.new()
  for _, body in ipairs { ... } do
    controller:wrap(body)
  end
  assert(controller:loop(SECONDS))
  assert.is_true(controller:empty(), "it hangs")
end

describe("in cqueues", function()
  it("runs what every host runs", function()
    server:reset()
    local result
    run(function() result = scenario.run { base_url = server.url } end)
    assert.same(scenario.expected, result)
  end)

  it("is the loop that is chosen where cqueues is loaded, and blocks outside of a controller", function()
    local client, contact = new_client(), nil
    assert.equal(ids[1], get(client, ids[1]).id)
    run(function() contact = get(client, ids[1]) end)
    assert.equal(ids[1], contact.id)
    assert.equal(ids[2], get(client, ids[2]).id)
  end)

  it("a server answers others while calls wait", function()
    if not host.yields_through_pcall then return pending(CANNOT_YIELD) end
    local client = new_client()
    hang(ids[1])
    local listener = assert(socket.listen("127.0.0.1", 0))
    local _, _, port = listener:localname()
    local controller, answers, waiting = cqueues.new(), {}, nil
    -- Looks up the contact that a visitor asks for.
    controller:wrap(function()
      for connection in listener:clients() do
        controller:wrap(function()
          local id = connection:read "*l"
          local contact, err = get(client, id)
          connection:write(contact and contact.id or err.kind, "\n")
          connection:close()
        end)
      end
    end)
    local function ask(id)
      local visitor = socket.connect("127.0.0.1", port)
      visitor:write(id, "\n")
      local answer = visitor:read "*l"
      visitor:close()
      return answer
    end
    controller:wrap(function() waiting = ask(ids[1]) end)
    controller:wrap(function()
      while #server:requests() == 0 do
        cqueues.sleep(0.01)
      end
      for index = 2, 6 do
        answers[#answers + 1] = ask(ids[index])
      end
      assert(waiting == nil)
      client:close()
      while not waiting do
        cqueues.sleep(0.01)
      end
      listener:close()
    end)
    -- The loop of the listener ends with an error when the listener is closed.
    for _ in controller:errors(SECONDS) do
      if waiting then break end
    end
    assert.same({ ids[2], ids[3], ids[4], ids[5], ids[6] }, answers)
    assert.equal("cancelled", waiting)
  end)

  it("a call wakes a loop that sleeps", function()
    if not host.yields_through_pcall then return pending(CANNOT_YIELD) end
    local client, order = new_client(), {}
    hang(ids[1])
    run(function()
      -- The loop sleeps until the timeout of this call.
      local _, err = client.contacts:get(ids[1], { timeout = 1, retry = false })
      order[#order + 1] = err.kind
    end, function()
      cqueues.sleep(0.05)
      order[#order + 1] = get(client, ids[2]).id
    end)
    assert.same({ ids[2], "timeout" }, order)
  end)

  it("runs client:map, with as many calls at once as asked", function()
    local count = { now = 0, most = 0 }
    local client = new_client {
      on = {
        request = function()
          count.now = count.now + 1
          count.most = math.max(count.most, count.now)
        end,
        response = function() count.now = count.now - 1 end,
      },
    }
    server:fault { kind = "slow", seconds = 0.1, path = "/contacts/*$", times = 5 }
    local results, errors
    run(function()
      results, errors = client:map(ids, function(id)
        if id == ids[3] then error("no", 0) end
        return get(client, id)
      end, { concurrency = 5 })
    end)
    assert.equal(5, count.most)
    assert.same({ [3] = "no" }, errors)
    for index, id in ipairs(ids) do
      if index ~= 3 then assert.equal(id, results[index].id) end
    end
  end)

  it("waits through pcall and the iterators of for loops", function()
    if not host.yields_through_pcall then return pending(CANNOT_YIELD) end
    local client, seen, ticks, ended = new_client(), {}, 0, false
    run(function()
      assert(select(2, pcall(get, client, ids[1])).id == ids[1])
      for contact in client.contacts:all { max = 20, page_size = 5 } do
        seen[#seen + 1] = contact.id
      end
      ended = true
    end, function()
      while not ended do
        cqueues.sleep(0.001)
        ticks = ticks + 1
      end
    end)
    assert.same(ids, seen)
    assert.is_true(ticks > 0)
  end)

  it("blocks in place where coroutines can't yield", function()
    if host.yields_through_pcall then return pending "coroutines can yield" end
    local client, seen, ticks, begun, ended = new_client(), {}, 0, false, false
    run(function()
      begun = true
      assert(select(2, pcall(get, client, ids[1])).id == ids[1])
      for contact in client.contacts:all { max = 20, page_size = 5 } do
        seen[#seen + 1] = contact.id
      end
      ended = true
    end, function()
      if begun and not ended then ticks = ticks + 1 end
    end)
    assert.same(ids, seen)
    assert.equal(0, ticks)
  end)

  it("two controllers share a client", function()
    local client, results = new_client(), {}
    local controllers = {}
    for number = 1, 2 do
      local controller = cqueues.new()
      controllers[number] = controller
      controller:wrap(function()
        for index = 1, 5 do
          local contact = get(client, ids[number * 5 + index])
          results[#results + 1] = contact.id
        end
      end)
    end
    run(function() assert(controllers[1]:loop(SECONDS)) end, function() assert(controllers[2]:loop(SECONDS)) end)
    assert.is_true(controllers[1]:empty() and controllers[2]:empty(), "it hangs")
    table.sort(results)
    local expected = {}
    for index = 6, 15 do
      expected[#expected + 1] = ids[index]
    end
    table.sort(expected)
    assert.same(expected, results)
  end)

  it("a controller that nobody steps any more keeps nobody else waiting", function()
    if not host.yields_through_pcall then return pending(CANNOT_YIELD) end
    local client = new_client()
    hang(ids[1])
    local left = cqueues.new()
    left:wrap(function() get(client, ids[1]) end)
    left:step(0)
    local contact
    run(function() contact = get(client, ids[2]) end)
    assert.equal(ids[2], contact.id)
    assert.equal(ids[3], get(client, ids[3]).id)
  end)

  it("ends calls under way when the client is closed", function()
    if not host.yields_through_pcall then return pending(CANNOT_YIELD) end
    local client, err = new_client(), nil
    hang(ids[1])
    run(function() err = select(2, get(client, ids[1])) end, function()
      while #server:requests() == 0 do
        cqueues.sleep(0.01)
      end
      client:close()
    end)
    assert.equal("cancelled", err.kind)
  end)

  it("ends calls under way when the client is closed outside of the controller", function()
    if not host.yields_through_pcall then return pending(CANNOT_YIELD) end
    local client, err = new_client(), nil
    hang(ids[1])
    local controller = cqueues.new()
    controller:wrap(function() err = select(2, get(client, ids[1])) end)
    controller:step(0)
    client:close()
    assert(controller:loop(SECONDS))
    assert.is_true(controller:empty())
    assert.equal("cancelled", err.kind)
  end)

  it("serves two clients on one loop, and closing one leaves the other's calls alone", function()
    if not host.yields_through_pcall then return pending(CANNOT_YIELD) end
    local loop = require("hubspot.loop.cqueues").new()
    local one, other = new_client { loop = loop }, new_client { loop = loop }
    server:fault { kind = "slow", seconds = 0.2, path = "/contacts/" .. ids[1] .. "$", times = 2 }
    local cancelled, contact
    run(
      function() cancelled = select(2, get(one, ids[1])) end,
      function() contact = get(other, ids[1]) end,
      function() one:close() end
    )
    assert.equal("cancelled", cancelled.kind)
    assert.equal(ids[1], contact.id)
    loop:close()
  end)

  it("shows the controller what a coroutine throws", function()
    local client, controller = new_client(), cqueues.new()
    controller:wrap(function()
      get(client, ids[1])
      error("in the program's own code", 0)
    end)
    local succeeded, message = controller:loop(SECONDS)
    assert.falsy(succeeded)
    assert.truthy(tostring(message):find("in the program's own code", 1, true))
  end)
end)
