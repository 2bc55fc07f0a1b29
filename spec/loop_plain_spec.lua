-- client:map on the loop of a plain script, over real sockets.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local loops = require "hubspot.loop"
local plain = require "hubspot.loop.plain"
local throws = require("spec.support.misuse").throws
local wire = require "spec.support.wire"

-- Slow enough that requests overlap.
local here = fixture.new { start = { contacts = 12, latency = 10 } }
local server = here.server
local client, ids

setup(function()
  client = here.clients.current
  ids = wire.ids(wire.collect(client.contacts:all()))
end)

local function numbers(count)
  local list = {}
  for number = 1, count do
    list[number] = number
  end
  return list
end

-- A client that counts its requests in flight, the most of them at once.
local function counting_client()
  local count = { now = 0, most = 0 }
  return wire.client(server, {
    on = {
      request = function()
        count.now = count.now + 1
        count.most = math.max(count.most, count.now)
      end,
      response = function() count.now = count.now - 1 end,
    },
  }),
    count
end

-- A function for map that notes the ids in the order in which they ended. The first one is refused, and waits a little,
-- until all others have ended.
local function ending_last(ended)
  server:fault { kind = "rate_limit", policy = "SECONDLY", retry_after = 0.01, path = ids[1] .. "$", times = 100000 }
  return function(id)
    local contact = assert(client.contacts:get(id, { retry = { max_attempts = 100 } }))
    ended[#ended + 1] = id
    if #ended == #ids - 1 then server:clear_faults() end
    return contact
  end
end

describe("client:map", function()
  it("gives results in the order of the items, however they came", function()
    local ended = {}
    local results, errors = client:map(ids, ending_last(ended))
    assert.same(ids, wire.ids(results))
    assert.same({}, errors)
    assert.equal(ids[1], ended[12])
  end)

  it("keeps as many requests in flight as asked, and no more", function()
    for _, concurrency in ipairs { 1, 4, 12 } do
      local counting, count = counting_client()
      local before = server:connections()
      local results = counting:map(
        ids,
        function(id) return counting.contacts:get(id) end,
        { concurrency = concurrency }
      )
      assert.equal(12, #results)
      assert.equal(concurrency, count.most)
      -- Connections that the server saw: a request in flight has one of its own.
      local connections = server:connections() - before
      assert.is_true(connections >= 1 and connections <= concurrency, tostring(connections))
      counting:close()
    end
  end)

  it("keeps ten requests in flight by default", function()
    local counting, count = counting_client()
    counting:map(ids, function(id) return counting.contacts:get(id) end)
    assert.equal(10, count.most)
    counting:close()
  end)

  it("gives errors by the items' indexes, and the other results", function()
    local items = { ids[1], "999999", ids[2], "999998" }
    local results, errors = client:map(items, function(id) return client.contacts:get(id) end)
    assert.same({ ids[1], ids[2] }, { results[1].id, results[3].id })
    assert.is_nil(results[2])
    assert.is_nil(results[4])
    assert.same({ 404, 404 }, { errors[2].status, errors[4].status })
    assert.is_nil(errors[1])
    assert.is_nil(errors[3])
  end)

  it("gives what fn throws as errors, whatever it is", function()
    local thrown = { "a table" }
    local results, errors = client:map(numbers(4), function(number)
      if number == 1 then error("a text", 0) end
      if number == 2 then error(thrown) end
      if number == 3 then error(nil) end
      return assert(client.contacts:get(ids[number])).id
    end)
    assert.same({ [4] = ids[4] }, results)
    assert.equal("a text", errors[1])
    assert.equal(thrown, errors[2])
    assert.equal("string", type(errors[3]))
  end)

  it("needs no request in fn", function()
    assert.same({ 2, 4, 6 }, (client:map({ 1, 2, 3 }, function(number) return 2 * number end)))
    local results, errors = client:map({ 1 }, function() return nil, "why" end)
    assert.same({ {}, { "why" } }, { results, errors })
  end)

  it("gives nothing for nothing", function()
    local results, errors = client:map({}, error)
    assert.same({ {}, {} }, { results, errors })
  end)

  it("takes anything that can be called", function()
    local fn = setmetatable({}, { __call = function(_, number) return number + 1 end })
    assert.same({ 2 }, (client:map({ 1 }, fn)))
  end)

  it("sleeps in one task while the others run", function()
    local ended = {}
    local results = client:map(ids, ending_last(ended), { concurrency = 2 })
    assert.same(ids, wire.ids(results))
    assert.equal(ids[1], ended[12])
  end)

  it("runs in itself", function()
    local counting, count = counting_client()
    local results, errors = counting:map({ 1, 2 }, function(part)
      local inner, failures = counting:map(
        { ids[part], "999999", ids[part + 2] },
        function(id) return counting.contacts:get(id) end
      )
      return { inner[1].id, failures[2].status, inner[3].id }
    end)
    assert.same({}, errors)
    assert.same({ { ids[1], 404, ids[3] }, { ids[2], 404, ids[4] } }, results)
    assert.equal(6, count.most)
    counting:close()
  end)

  it("runs for loops over pages in its tasks", function()
    local results, errors = client:map({ 1, 2, 3 }, function()
      local seen = {}
      for contact in client.contacts:all { page_size = 5 } do
        seen[#seen + 1] = contact.id
      end
      return seen
    end)
    assert.same({}, errors)
    assert.same({ ids, ids, ids }, results)
  end)

  it("runs calls inside of pcall in its tasks", function()
    local results, errors = client:map({ 1, 2, 3 }, function(number)
      local succeeded, contact = pcall(client.contacts.get, client.contacts, ids[number])
      return succeeded and contact.id
    end)
    assert.same({}, errors)
    assert.same({ ids[1], ids[2], ids[3] }, results)
  end)

  it("runs calls inside of fn's own coroutines", function()
    local results, errors = client:map({ 1, 2, 3 }, function(number)
      local produce = coroutine.wrap(function()
        coroutine.yield(assert(client.contacts:get(ids[number])).id)
        coroutine.yield(assert(client.contacts:get(ids[number + 1])).id)
      end)
      return { produce(), produce() }
    end)
    assert.same({}, errors)
    assert.same({ { ids[1], ids[2] }, { ids[2], ids[3] }, { ids[3], ids[4] } }, results)
  end)

  it("runs in a coroutine of the caller's", function()
    local routine = coroutine.create(function(id)
      local results = client:map({ id, id }, function(one) return client.contacts:get(one) end)
      local more = coroutine.yield(results[2].id)
      return client.contacts:get(more)
    end)
    assert.same({ true, ids[1] }, { coroutine.resume(routine, ids[1]) })
    local succeeded, contact = coroutine.resume(routine, ids[2])
    assert.same({ true, ids[2] }, { succeeded, contact.id })
  end)

  it("takes calls of another client, which block", function()
    local other = wire.client(server)
    local results, errors = client:map(
      { 1, 2 },
      function(number)
        return { assert(other.contacts:get(ids[number])).id, assert(client.contacts:get(ids[number])).id }
      end
    )
    assert.same({}, errors)
    assert.same({ { ids[1], ids[1] }, { ids[2], ids[2] } }, results)
    other:close()
  end)

  it("gives an error for the item where fn yields by itself, and the other results", function()
    local results, errors = client:map({ 1, 2, 3 }, function(number)
      if number == 2 then coroutine.yield() end
      return assert(client.contacts:get(ids[number])).id
    end)
    assert.same({ [1] = ids[1], [3] = ids[3] }, results)
    assert.truthy(errors[2]:find("the function yielded by itself", 1, true))
  end)

  it("refuses what it can't take", function()
    throws("hubspot: client:map: items must be a list or an iterator, got nil", function() client:map(nil, print) end)
    throws('hubspot: client:map: items must be a list or an iterator, got "x"', function() client:map("x", print) end)
    throws("hubspot: client:map: fn must be a function", function() client:map({}, nil) end)
    throws("hubspot: client:map: fn must be a function", function() client:map({}, {}) end)
    throws(
      "hubspot: client:map: concurrency must be an integer from 1 to 1000",
      function() client:map({}, print, { concurrency = 0 }) end
    )
    throws(
      "hubspot: client:map: unknown option concurency; did you mean concurrency?",
      function() client:map({}, print, { concurency = 5 }) end
    )
    throws("hubspot: call it with a colon: client:map(items, fn)", function() client.map({}, print) end)
  end)
end)

describe("a plain loop", function()
  it("sleeps", function()
    local loop = plain.new()
    local before = loop:now()
    loop:sleep(0.02)
    assert.is_true(loop:now() - before >= 0.02)
    loop:sleep(0)
    loop:sleep(-1)
  end)

  it("resumes sleepers in the order of their moments", function()
    local loop, began, delays, woken = plain.new(), {}, {}, {}
    loop:each(20, 20, function(index)
      -- No delay is 0: a task without one is resumed before all that sleep.
      delays[index] = (1 + index * 7 % 20) / 200
      began[index] = loop:now()
      loop:sleep(delays[index])
      began[21] = began[21] or loop:now()
      woken[#woken + 1] = index
    end)
    assert.equal(20, #woken)
    for place, later in ipairs(woken) do
      for earlier = 1, place - 1 do
        -- Each fell asleep after it began, and before the next one did.
        local index = woken[earlier]
        assert.is_true(began[index] + delays[index] <= began[later + 1] + delays[later])
      end
    end
  end)

  it("gives what was thrown, by index", function()
    local loop = plain.new()
    local failures = loop:each(3, 1, function(index)
      if index == 2 then error("no", 0) end
    end)
    assert.same({ [2] = "no" }, failures)
  end)

  it("gives what very many threw, at once and after a wait", function()
    local loop, count = plain.new(), 200000
    local failures = loop:each(count, 5000, function(index)
      if index <= 5000 then loop:sleep(0.001) end
      error(index, 0)
    end)
    assert.equal(count, #failures)
  end)
end)

-- Calls a function in which an error is thrown at the main coroutine's n-th instruction after the function has called
-- its argument, as Lua's own handler of SIGINT throws it. Returns whether the function ended before.
local function call_struck(main, n, fn)
  local function strike()
    debug.sethook(main)
    error("interrupted!", 0)
  end
  local finished, thrown = pcall(function()
    fn(function() debug.sethook(main, strike, "", n) end)
    debug.sethook(main)
  end)
  if not finished then assert.equal("interrupted!", thrown) end
  return finished
end

describe("an interrupt", function()
  it("loses no task, whatever instruction of the main coroutine it strikes", function()
    if rawget(_G, "jit") then return pending "one hook strikes all coroutines" end
    local main = coroutine.running()
    if not main then return pending "the main coroutine has no name" end
    local step, finished = 0, false
    while not finished do
      step = step + 1
      local loop, begun, ended = plain.new(), 0, 0
      local own = wire.client(server, { loop = loop })
      finished = call_struck(main, step, function(arm)
        loop:each(3, 3, function(index)
          begun = begun + 1
          if index == 3 then arm() end
          assert(own.contacts:get(ids[index]))
          ended = ended + 1
        end)
      end)
      local deadline = loop:now() + 10
      while ended < begun and loop:now() < deadline do
        loop:sleep(0.001)
      end
      assert.equal(begun, ended, ("struck at instruction %d"):format(step))
      own:close()
      loop:close()
    end
    assert.is_true(step > 1)
  end)
end)

describe("the option loop", function()
  it("takes the name of a loop, or a loop", function()
    local loop = plain.new()
    assert.equal(loop, loops.choose(loop))
    assert.equal("function", type(loops.choose("plain").await))
    assert.equal("function", type(loops.choose(nil).await))
    assert.equal(loop, hubspot.new({ token = "any-token", loop = loop }).loop)
  end)

  it("refuses others", function()
    throws(
      "hubspot.new: loop must be a loop or one of",
      function() hubspot.new { token = "any-token", loop = "plian" } end
    )
    throws("did you mean plain?", function() hubspot.new { token = "any-token", loop = "plian" } end)
    throws("hubspot.new: loop has no method sleep", function()
      local loop = plain.new()
      loop.sleep = false
      hubspot.new { token = "any-token", loop = loop }
    end)
    throws("hubspot.new: loop must be", function() hubspot.new { token = "any-token", loop = 5 } end)
  end)
end)
