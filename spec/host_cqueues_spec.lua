-- In a server of cqueues, with the interpreter that runs the specs.

local has_cqueues, cqueues = pcall(require, "cqueues")

local fixture = require "spec.support.fixture"
local host = require "spec.support.host"
local loop_examples = require "spec.support.loop_examples"
local scenario = require "spec.support.scenario"
local wire = require "spec.support.wire"

if not has_cqueues then return pending "needs lua-cqueues" end

local socket = require "cqueues.socket"
local unpack = rawget(table, "unpack") or rawget(_G, "unpack")

-- Hang guards, not times.
local SECONDS = 30

local CANNOT_YIELD = "a call blocks on PUC Lua 5.1, whose coroutines can't yield through pcall and for loops"

local here = fixture.new {
  start = { contacts = scenario.CONTACTS, latency = 5 },
  clients = { plain = { loop = "plain" } },
}
local server = here.server
local ids

setup(function() ids = wire.ids(wire.collect(here.clients.plain.contacts:all { max = 20 })) end)

local function new_client(options) return here:new_client(options) end

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

-- Coroutines of one controller, which run when it does.
local shared -- a controller

local function begin(body, ...)
  shared = shared or cqueues.new()
  local state, arguments, count = {}, { ... }, select("#", ...)
  shared:wrap(function()
    state.value, state.err = body(unpack(arguments, 1, count))
    state.ended = true
  end)
  return state
end

local function finish()
  assert(shared:loop(SECONDS))
  assert.is_true(shared:empty(), "it hangs")
  shared = nil
end

describe("in cqueues", function()
  loop_examples(it, pending, function()
    return {
      server = server,
      ids = ids,
      blocks = not host.yields_through_pcall,
      loop = function() return "cqueues" end,
      new_loop = require("hubspot.loop.cqueues").new,
      new_client = new_client,
      begin = begin,
      finish = finish,
    }
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

  it("cancels calls in flight when the client is closed outside of the controller", function()
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
