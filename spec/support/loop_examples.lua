-- Examples for every loop on which calls wait in coroutines, whatever host resumes them.

local assert = require "luassert"
local host = require "spec.support.host"
local scenario = require "spec.support.scenario"
local wire = require "spec.support.wire"

local CANNOT_YIELD = "coroutines of PUC Lua 5.1 can't yield through pcall and for loops"

local function get(client, id) return client.contacts:get(id) end

-- Calls inside of pcall and of a for loop. Returns the id of the first contact, and those of all.
local function read_through_boundaries(client, first)
  local seen = {}
  local succeeded, contact = pcall(get, client, first)
  for other in client.contacts:all { max = 20, page_size = 5 } do
    seen[#seen + 1] = other.id
  end
  return succeeded and contact.id, seen
end

--- Declares the examples.
-- `it` and `pending` are busted's. `context()` gives `server`, a sandbox with `scenario.CONTACTS` contacts and a
-- latency; `ids` of its first 20; `loop()`, what the option `loop` takes; `new_loop()`, a loop to share;
-- `new_client(options)`; `begin(body, …)`, which begins a coroutine and returns a table that gets `value`, `err` and
-- `ended`; `finish()`, which returns when all have ended; `needs_coroutine` where a call outside of one is an error;
-- `blocks` where all calls block.
return function(it, pending, context)
  local function hang(c, id) c.server:fault { kind = "hang", path = "/contacts/" .. id .. "$", times = 100 } end

  local function slow(c, id, times)
    c.server:fault { kind = "slow", seconds = 0.2, path = "/contacts/" .. id .. "$", times = times }
  end

  it("runs what every host runs", function()
    local c = context()
    c.server:reset()
    local state = c.begin(scenario.run, { base_url = c.server.url, loop = c.loop() })
    c.finish()
    assert.same(scenario.expected, state.value)
  end)

  it("runs client:map, with as many calls at once as asked", function()
    local c, count = context(), { now = 0, most = 0 }
    local client = c.new_client {
      on = {
        request = function()
          count.now = count.now + 1
          count.most = math.max(count.most, count.now)
        end,
        response = function() count.now = count.now - 1 end,
      },
    }
    c.server:fault { kind = "slow", seconds = 0.1, path = "/contacts/*$", times = 5 }
    local state = c.begin(function()
      return client:map(c.ids, function(id)
        if id == c.ids[3] then error("no", 0) end
        return get(client, id)
      end, { concurrency = 5 })
    end)
    c.finish()
    assert.equal(5, count.most)
    assert.same({ [3] = "no" }, state.err)
    for index, id in ipairs(c.ids) do
      if index ~= 3 then assert.equal(id, state.value[index].id) end
    end
  end)

  it("waits for retries and deadlines", function()
    local c = context()
    local client = c.new_client()
    c.server:fault { kind = "status", status = 503, path = "/contacts/" .. c.ids[1] .. "$", times = 2 }
    hang(c, c.ids[2])
    local retried = c.begin(get, client, c.ids[1])
    local late = c.begin(function() return client.contacts:get(c.ids[2], { deadline = 0.05 }) end)
    c.finish()
    assert.equal(c.ids[1], retried.value.id)
    assert.equal("timeout", late.err.kind)
  end)

  it("lets others continue while a call waits inside of pcall and of a for loop", function()
    if not host.yields_through_pcall then return pending(CANNOT_YIELD) end
    local c = context()
    local client, order = c.new_client(), {}
    slow(c, c.ids[1], 1)
    local state = c.begin(function()
      local first, seen = read_through_boundaries(client, c.ids[1])
      order[#order + 1] = "first"
      return first, seen
    end)
    c.begin(function()
      get(client, c.ids[2])
      order[#order + 1] = "second"
    end)
    c.finish()
    assert.equal(c.ids[1], state.value)
    assert.same(c.ids, state.err)
    assert.same({ "second", "first" }, order)
  end)

  it("blocks inside of pcall and of a for loop where coroutines can't yield", function()
    if host.yields_through_pcall then return pending "coroutines can yield there" end
    local c = context()
    local client, is_reading, came_between = c.new_client(), false, false
    local state = c.begin(function()
      is_reading = true
      local first, seen = read_through_boundaries(client, c.ids[1])
      is_reading = false
      return first, seen
    end)
    c.begin(function() came_between = is_reading end)
    c.finish()
    assert.equal(c.ids[1], state.value)
    assert.same(c.ids, state.err)
    assert.is_false(came_between)
  end)

  it("ends calls in flight when the client is closed", function()
    local c = context()
    if c.blocks then return pending(CANNOT_YIELD) end
    local client = c.new_client()
    hang(c, c.ids[1])
    local waiting = c.begin(get, client, c.ids[1])
    local closing = c.begin(function()
      get(client, c.ids[2])
      client:close()
      return get(client, c.ids[2])
    end)
    c.finish()
    assert.equal("cancelled", waiting.err.kind)
    assert.equal("cancelled", closing.err.kind)
  end)

  it("serves two clients over the same connections, and closing one leaves the other's calls alone", function()
    local c = context()
    if c.blocks then return pending(CANNOT_YIELD) end
    local loop = c.new_loop()
    local one, other = c.new_client { loop = loop }, c.new_client { loop = loop }
    local before = c.server:connections()
    for _, client in ipairs { one, other, one, other } do
      local state = c.begin(get, client, c.ids[1])
      c.finish()
      assert.equal(c.ids[1], state.value.id)
    end
    assert.equal(1, c.server:connections() - before)
    slow(c, c.ids[1], 2)
    local ones, others = c.begin(get, one, c.ids[1]), c.begin(get, other, c.ids[1])
    c.begin(function() one:close() end)
    c.finish()
    assert.equal("cancelled", ones.err.kind)
    assert.equal(c.ids[1], others.value.id)
    loop:close()
  end)

  it("gives an error for a call outside of a coroutine, where it could not wait", function()
    local c = context()
    if not c.needs_coroutine then return pending "a call blocks there" end
    local client = c.new_client()
    local contact, err = get(client, c.ids[1])
    assert.is_nil(contact)
    assert.equal("misuse", err.kind)
    assert.is_false(err.sent)
    assert.truthy(tostring(err):find("make it in coroutine.wrap(function() … end)()", 1, true))
    local results, map_err = client:map(c.ids, print)
    assert.is_nil(results)
    assert.equal("misuse", map_err.kind)
  end)

  it("reads pages in one coroutine and single contacts in others", function()
    local c = context()
    local client, states = c.new_client(), {}
    local pages = c.begin(function() return wire.ids(wire.collect(client.contacts:all { max = 20, page_size = 5 })) end)
    for index = 1, 5 do
      states[index] = c.begin(get, client, c.ids[index])
    end
    c.finish()
    assert.same(c.ids, pages.value)
    for index, state in ipairs(states) do
      assert.equal(c.ids[index], state.value.id)
    end
  end)
end
