-- Invariants while the garbage collector runs at the worst moments, and while clients and iterators are dropped in the
-- middle of their work. Behaviour is asserted here; valgrind and the sanitizers watch the same runs.

local hubspot = require "hubspot"
local sandbox = require "spec.support.sandbox"
local wire = require "spec.support.wire"

local server

setup(function() server = sandbox.start { contacts = 30, latency = 2 } end)
teardown(function() server:stop() end)
before_each(function() server:reset { contacts = 30 } end)

local function collect_twice()
  collectgarbage()
  collectgarbage()
end

local function all_ids(client) return wire.ids(wire.collect(client.contacts:all { page_size = 7 })) end

-- Runs `fn` with a collector that never rests.
local function without_rest(fn)
  local pause = collectgarbage("setpause", 1)
  local step = collectgarbage("setstepmul", 10000)
  local succeeded, message = pcall(fn)
  collectgarbage("setpause", pause)
  collectgarbage("setstepmul", step)
  assert.is_true(succeeded, tostring(message))
end

describe("the garbage collector", function()
  it("may run in every hook of transfers that are in flight together", function()
    local client = wire.client(server, {
      on = {
        request = collect_twice,
        response = collect_twice,
        retry = collect_twice,
        throttle = collect_twice,
      },
    })
    server:fault { kind = "status", status = 503, times = 3, after = 2, retry_after = 0 }
    local ids = all_ids(client)
    local results, errors = client:map(ids, function(id)
      collectgarbage "step"
      return client.contacts:get(id)
    end)
    assert.same(ids, wire.ids(results))
    assert.same({}, errors)
    client:close()
  end)

  it("may never rest", function()
    without_rest(function()
      local client = wire.client(server)
      local ids = all_ids(client)
      assert.equal(30, #ids)
      local results = client:map(ids, function(id) return client.contacts:get(id) end)
      assert.same(ids, wire.ids(results))
      assert.same(ids, wire.ids(assert(client.contacts:get_many(ids))))
      local outcome = assert(client.contacts:upsert_many {
        { email = "a@example.org", properties = { firstname = "A" } },
        { email = "nonsense", properties = { firstname = "B" } },
      })
      assert.same({ 1, 1 }, { #outcome.results, #outcome.errors })
      client:close()
    end)
  end)

  it("may come between the pages of an iterator whose client nobody else has", function()
    local iterator = wire.client(server).contacts:all { page_size = 4 }
    local count = 0
    for _ in iterator do
      count = count + 1
      collect_twice()
    end
    assert.equal(30, count)
  end)

  it("may take a client that was never used, closed or not", function()
    for number = 1, 20 do
      local client = hubspot.new { token = wire.TOKEN }
      if number % 2 == 0 then client:close() end
    end
    collect_twice()
    assert.equal(30, #all_ids(wire.client(server)))
  end)

  it("may take clients after their requests, and their connections with them", function()
    for _ = 1, 20 do
      local client = wire.client(server)
      assert(client.contacts:all():next())
    end
    collect_twice()
    assert.equal(30, #all_ids(wire.client(server)))
  end)

  it("may take errors and records late", function()
    local client = wire.client(server)
    local kept = {}
    for _ = 1, 10 do
      kept[#kept + 1] = select(2, client.contacts:get(1))
      kept[#kept + 1] = client.contacts:all():next()
    end
    client:close()
    client = nil -- luacheck: ignore 311
    collect_twice()
    assert.equal(20, #kept)
    for index = 1, 20, 2 do
      assert.equal(404, kept[index].status)
      assert.truthy(tostring(kept[index]):find("resource not found", 1, true))
      assert.equal("string", type(kept[index + 1].id))
    end
  end)
end)

describe("a for loop", function()
  it("may be left at any item, and begun anew", function()
    local client = wire.client(server)
    for stop = 1, 30 do
      local count = 0
      for _ in client.contacts:all { page_size = 7 } do
        count = count + 1
        if count == stop then break end
      end
      assert.equal(stop, count)
      collectgarbage "step"
    end
    collect_twice()
    assert.equal(30, #all_ids(client))
    client:close()
  end)

  it("may be left by an error", function()
    local client = wire.client(server)
    local iterator = client.contacts:all { page_size = 7 }
    local succeeded, message = pcall(function()
      for contact in iterator do
        error("enough of " .. contact.id, 0)
      end
    end)
    assert.is_false(succeeded)
    assert.truthy(message:find "^enough of %d+$")
    assert.equal(29, #wire.collect(iterator))
    client:close()
  end)
end)

describe("a client with transfers in flight", function()
  -- Items of which the one called "end" runs `last`, and the others ask for what never comes.
  local function hanging_map(client, last)
    server:fault { kind = "hang", times = 100 }
    local items = { 1, 2, 3, "end", 4, 5 }
    return client:map(items, function(item)
      if item == "end" then return last() end
      return client.contacts:get(item)
    end)
  end

  it("may be closed", function()
    local client = wire.client(server)
    local results, errors = hanging_map(client, function()
      client:close()
      collect_twice()
      return "closed"
    end)
    assert.same({ [4] = "closed" }, results)
    for _, index in ipairs { 1, 2, 3, 5, 6 } do
      assert.equal("cancelled", errors[index].kind)
    end
    client = nil -- luacheck: ignore 311
    collect_twice()
    server:clear_faults()
    assert.equal(30, #all_ids(wire.client(server)))
  end)

  it("may be closed in a hook", function()
    local client
    local seen = 0
    client = wire.client(server, {
      on = {
        request = function()
          seen = seen + 1
          if seen == 3 then client:close() end
        end,
      },
    })
    server:fault { kind = "hang", times = 100 }
    local results, errors = client:map({ 1, 2, 3, 4 }, function(id) return client.contacts:get(id) end)
    assert.same({}, results)
    for index = 1, 4 do
      assert.equal("cancelled", errors[index].kind)
    end
  end)

  it("may be closed while calls of its wait to be sent again", function()
    server:fault { kind = "rate_limit", policy = "SECONDLY", retry_after = 0.05, times = 100 }
    local client = wire.client(server)
    local results, errors = client:map({ 1, 2, "close" }, function(item)
      if item == "close" then
        client.contacts:get(item == "close" and 5, { retry = false })
        client:close()
        return true
      end
      return client.contacts:get(item)
    end)
    assert.same({ [3] = true }, results)
    assert.same({ "cancelled", "cancelled" }, { errors[1].kind, errors[2].kind })
  end)

  it("does not disturb another one with another token", function()
    server:reset { contacts = 30, token = "the-token-of-the-other" }
    local other = wire.client(server, { token = "the-token-of-the-other" })
    local client = wire.client(server)
    local ids
    local results = hanging_map(client, function()
      server:clear_faults()
      ids = all_ids(other)
      client:close()
      return "closed"
    end)
    assert.equal("closed", results[4])
    assert.equal(30, #ids)
    assert.equal(30, #all_ids(other))
    other:close()
  end)

  it("may be dropped with all that it was doing", function()
    for _ = 1, 3 do
      local client = wire.client(server)
      server:fault { kind = "hang", times = 100 }
      -- fn yields by itself: map gives up on it, with requests in flight.
      local _, errors = client:map({ 1, 2, 3 }, function(item)
        if item == 3 then
          client.loop:engine():add { method = "GET", url = server.url .. "/a" }
          client.loop:engine():add { method = "GET", url = server.url .. "/b" }
        end
        coroutine.yield()
      end)
      assert.equal(3, #errors)
      client = nil -- luacheck: ignore 311
      collect_twice()
      server:clear_faults()
    end
    assert.equal(30, #all_ids(wire.client(server)))
  end)
end)
