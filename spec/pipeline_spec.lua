-- Several requests of a call in flight at once: over real sockets, on the loop of a plain script.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local in_memory = require "hubspot.sandbox"
local fake_loop = require "spec.support.fake_loop"
local pager = require "hubspot.paging.pager"
local pipeline = require "hubspot.paging.pipeline"
local wire = require "spec.support.wire"

local ids_of, collect = wire.ids, wire.collect

local CONTACTS = 1300

-- Requests in flight at once, at most.
local MOST = 6

-- A guard against hanging.
local SECONDS = 30

local here = fixture.new { start = { contacts = CONTACTS } }
local server = here.server
local client, known

setup(function()
  client = here.clients.current
  known = ids_of(collect(client.contacts:all()))
end)

local function first(count)
  local part = {}
  for index = 1, count do
    part[index] = known[index]
  end
  return part
end

local function slice(list, from, to)
  local part = {}
  for index = from, to or #list do
    part[#part + 1] = list[index]
  end
  return part
end

-- Runs a call of a client of its own that gets no answer, until a number of requests are there; returns these, and the
-- call's results when the client was closed.
local function run_unanswered(expected, call)
  server:fault { kind = "hang", times = 1000 }
  local other = wire.client(server)
  local requests, outcome, err
  other:map({ "call", "watch" }, function(what)
    if what == "call" then
      outcome, err = call(other)
      return true
    end
    local deadline = os.time() + SECONDS
    repeat
      other.loop:sleep(0.01)
      requests = server:requests()
    until #requests >= expected or os.time() > deadline
    -- Whoever would send one more has the time to do so.
    other.loop:sleep(0.1)
    requests = server:requests()
    other:close()
  end)
  return requests, outcome, err
end

local function records_of(count)
  local records = {}
  for index = 1, count do
    records[index] = { email = ("p%04d@example.org"):format(index), properties = { firstname = "P" } }
  end
  return records
end

local function list_of(ids)
  local list = assert(client.lists:create { name = "List " .. tostring {} .. #ids })
  for from = 1, #ids, 10000 do
    assert(client.lists:add(list.listId, { ids = slice(ids, from, from + 9999) }))
  end
  server:clear_requests()
  return list.listId
end

-- Counts the requests that arrived for each e-mail address.
local function sent_addresses()
  local times = {}
  for _, request in ipairs(server:requests()) do
    for address in (request.body or ""):gmatch "p%d%d%d%d@example%.org" do
      times[address] = (times[address] or 0) + 1
    end
  end
  return times
end

describe("a read in batches", function()
  it("has several requests in flight, and no more", function()
    local requests, contacts, err = run_unanswered(MOST, function(other) return other.contacts:get_many(first(900)) end)
    assert.equal(MOST, #requests)
    assert.same({ nil, "cancelled" }, { contacts, err.kind })
  end)

  it("gives the records in the order that was asked for, whichever answer comes first", function()
    local backwards = {}
    for index = 1, 950 do
      backwards[index] = known[951 - index]
    end
    server:fault { kind = "slow", seconds = 0.3 }
    assert.same(backwards, ids_of(assert(client.contacts:get_many(backwards))))
    assert.equal(10, #server:requests())
  end)

  it("starts none after an error, and returns it", function()
    server:fault { kind = "status", status = 403, times = 1000 }
    local contacts, err = client.contacts:get_many(known)
    assert.same({ nil, 403 }, { contacts, err.status })
    assert.is_true(#server:requests() <= MOST)
  end)

  it("repeats what failed and nothing else", function()
    for _, kind in ipairs { "status", "reset", "reset_after", "cut", "rate_limit" } do
      server:clear_requests()
      server:fault { kind = kind, status = 502, after = 2, retry_after = 0 }
      assert.same(first(900), ids_of(assert(client.contacts:get_many(first(900)))))
      assert.equal(10, #server:requests(), kind)
    end
  end)

  it("throws what a hook threw, and begins nothing more", function()
    local count = 0
    local throwing = wire.client(server, {
      on = {
        request = function()
          count = count + 1
          error("broken hook", 0)
        end,
      },
    })
    local succeeded, message = pcall(throwing.contacts.get_many, throwing.contacts, known)
    assert.same({ false, "broken hook" }, { succeeded, message })
    assert.is_true(count <= MOST)
    throwing:close()
  end)

  it("has one request in flight where the transport is a function", function()
    local portal = in_memory.new { contacts = 700 }
    local under_way, most = 0, 0
    local alone = hubspot.new {
      token = "any",
      limiter = false,
      transport = function(request)
        under_way = under_way + 1
        most = math.max(most, under_way)
        local response, failure = portal(request)
        under_way = under_way - 1
        return response, failure
      end,
    }
    local all = ids_of(collect(alone.contacts:all()))
    assert.same(all, ids_of(assert(alone.contacts:get_many(all))))
    local list = assert(alone.lists:create { name = "All" })
    assert(alone.lists:add(list.listId, { ids = all }))
    assert.same(all, ids_of(collect(alone.lists:contacts(list.listId))))
    assert.equal(1, most)
    alone:close()
  end)

  it("runs in tasks beside each other", function()
    local parts = { slice(known, 1, 400), slice(known, 401, 800), slice(known, 801) }
    local results, errors = client:map(parts, function(part) return client.contacts:get_many(part) end)
    assert.same({}, errors)
    for index, part in ipairs(parts) do
      assert.same(part, ids_of(results[index]))
    end
  end)
end)

describe("a write in batches", function()
  before_each(function() server:reset { contacts = 0 } end)
  teardown(function() server:reset { contacts = CONTACTS } end)

  it("has several requests in flight, and no more", function()
    local requests, outcome, err = run_unanswered(
      MOST,
      function(other) return other.contacts:upsert_many(records_of(900)) end
    )
    assert.equal(MOST, #requests)
    assert.same({ nil, "cancelled" }, { outcome, err.kind })
  end)

  it("gives the results in the order of the records", function()
    server:fault { kind = "slow", seconds = 0.3 }
    local outcome = assert(client.contacts:upsert_many(records_of(450)))
    for index, result in ipairs(outcome.results) do
      assert.equal(index, result.index)
    end
    assert.same({ 450, 0 }, { #outcome.results, #outcome.errors })
  end)

  it("sends nothing twice, and tells of each record once, whatever fails", function()
    for _, kind in ipairs { "reset", "reset_after", "cut", "status", "garbage" } do
      server:reset { contacts = 0 }
      server:fault { kind = kind, status = 500, after = 3 }
      local attempts, records = 0, records_of(1500)
      local once = wire.client(server, { retry = false, on = { request = function() attempts = attempts + 1 end } })
      local outcome = assert(once.contacts:upsert_many(records))
      local told = {}
      for _, list in ipairs { outcome.results, outcome.errors } do
        for _, item in ipairs(list) do
          told[item.index] = (told[item.index] or 0) + 1
        end
      end
      for index = 1, 1500 do
        assert.equal(1, told[index], kind)
      end
      local sent, more = sent_addresses(), 0
      for _, times in pairs(sent) do
        more = more + times - 1
      end
      -- After a reset of a reused connection, curl by itself resends requests that may be sent twice.
      assert.is_true(more == 0 or more == 100 and kind:find "^reset" ~= nil, kind)
      assert.is_true(outcome.stopped_by ~= nil or more == 100, kind)
      assert.is_true(attempts <= 15)
      for _, result in ipairs(outcome.results) do
        assert.truthy(sent[records[result.index].email])
      end
      once:close()
    end
  end)

  it("repeats a request that failed, and no other", function()
    server:fault { kind = "reset_after", after = 2 }
    local outcome = assert(client.contacts:upsert_many(records_of(900)))
    assert.same({ 900, 0 }, { #outcome.results, #outcome.errors })
    local twice = 0
    for _, times in pairs(sent_addresses()) do
      assert.is_true(times <= 2)
      if times == 2 then twice = twice + 1 end
    end
    assert.equal(100, twice)
    assert.equal(900, #collect(client.contacts:all()))
  end)

  it("begins with what comes again when all that came before has ended", function()
    local records, finished = {}, 0
    for round = 1, 3 do
      for index = 1, 250 do
        local properties = { firstname = "R" .. round }
        records[#records + 1] = { email = ("p%04d@example.org"):format(index), properties = properties }
      end
    end
    local begun_with = {}
    local watching = wire.client(server, {
      on = {
        request = function() begun_with[#begun_with + 1] = finished end,
        response = function() finished = finished + 1 end,
      },
    })
    server:fault { kind = "slow", seconds = 0.2 }
    local outcome = assert(watching.contacts:upsert_many(records))
    assert.same({ 750, 0 }, { #outcome.results, #outcome.errors })
    -- Three requests a round.
    for index, ended in ipairs(begun_with) do
      assert.is_true(ended >= index - 1 - (index - 1) % 3)
    end
    for contact in client.contacts:all { properties = { "firstname" } } do
      assert.equal("R3", contact.properties.firstname)
    end
    watching:close()
  end)

  it("finds the bad ones among many", function()
    local records, bad = records_of(800), {}
    for index = 50, 800, 150 do
      records[index] = { email = "no address " .. index, properties = { firstname = "B" } }
      bad[#bad + 1] = index
    end
    local outcome = assert(client.contacts:upsert_many(records))
    local indexes = {}
    for place, err in ipairs(outcome.errors) do
      indexes[place] = err.index
    end
    assert.same(bad, indexes)
    assert.equal(800 - #bad, #outcome.results)
  end)

  it("changes a list with several at once", function()
    local list = list_of {}
    local ids = {}
    for index = 1, 65000 do
      ids[index] = tostring(1000000 + index)
    end
    local requests = run_unanswered(MOST, function(other) return other.lists:add(list, { ids = ids }) end)
    assert.equal(MOST, #requests)
  end)
end)

describe("lists:contacts", function()
  local list

  setup(function() list = list_of(known) end)

  local function counts()
    local pages, reads = 0, 0
    for _, request in ipairs(server:requests()) do
      if request.method == "GET" then
        pages = pages + 1
      else
        reads = reads + 1
      end
    end
    return { pages, reads }
  end

  it("fills its batches across the pages of ids", function()
    assert.same(known, ids_of(collect(client.lists:contacts(list))))
    assert.same({ 6, 13 }, counts())
    server:clear_requests()
    assert.same(
      known,
      ids_of(collect(client.lists:contacts(list, { with_history = { "email" }, properties = { "email" } })))
    )
    assert.same({ 6, 26 }, counts())
  end)

  it("has as many batches in flight as were given, up to six, and further ids beside them", function()
    for given, expected in pairs { [1] = { 1, 2 }, [2] = { 2, 4 }, [6] = { 6, 12 } } do
      server:clear_requests()
      local other = wire.client(server)
      local iterator = other.lists:contacts(list)
      for index = 1, given * 100 do
        assert.equal(known[index], iterator:next().id)
      end
      local deadline = os.time() + SECONDS
      repeat
        other.loop:sleep(0.01)
      until counts()[2] >= expected[2] or os.time() > deadline
      other.loop:sleep(0.1)
      assert.same(expected, counts())
      other:close()
    end
  end)

  it("costs who stops at the first contact one request more", function()
    local iterator = client.lists:contacts(list)
    assert.equal(known[1], iterator:next().id)
    iterator = nil -- luacheck: ignore 311
    collectgarbage()
    for _ = 1, 5 do
      assert(client.lists:get(list))
    end
    assert.same({ 1 + 5, 2 }, counts())
  end)

  it("reads no contact after max", function()
    assert.same(first(120), ids_of(collect(client.lists:contacts(list, { max = 120 }))))
    assert.same({ 1, 2 }, counts())
    server:clear_requests()
    assert.same(first(420), ids_of(collect(client.lists:contacts(list, { max = 420 }))))
    local named = 0
    for _, request in ipairs(server:requests()) do
      named = named + select(2, (request.body or ""):gsub('"id"', ""))
    end
    assert.equal(420, named)
  end)

  it("resumes right after any contact, in the middle of a page and of a batch", function()
    for _, page_size in ipairs { 150, 40, 250 } do
      for _, read in ipairs { 1, 40, 99, 100, 101, 150, 151, 250, 300, CONTACTS - 1 } do
        local iterator = client.lists:contacts(list, { page_size = page_size })
        for _ = 1, read do
          assert(iterator:next())
        end
        local rest = client.lists:contacts(list, { cursor = iterator:cursor() })
        assert.equal(known[read + 1], rest:next().id)
        local middle = rest:cursor()
        if not middle then
          assert.equal(#known, read + 1)
        else
          local again = client.lists:contacts(list, { cursor = middle, page_size = 170, max = 400 })
          assert.same(slice(known, read + 2, math.min(read + 401, #known)), ids_of(collect(again)))
        end
      end
    end
  end)

  it("skips none where members went before the place from which it resumes", function()
    local members = first(600)
    local other = list_of(members)
    local iterator = client.lists:contacts(other, { page_size = 150 })
    for _ = 1, 200 do
      iterator:next()
    end
    local cursor = iterator:cursor()
    assert(client.lists:remove(other, { ids = slice(members, 155, 165) }))
    assert.same(slice(members, 201), ids_of(collect(client.lists:contacts(other, { cursor = cursor }))))
  end)

  it("gives none twice where more joined before the place than a page has room for", function()
    local members = slice(known, 101, 160)
    for _, page_size in ipairs { 7, 20, 100 } do
      local other = list_of(members)
      local iterator = client.lists:contacts(other, { page_size = 20 })
      for _ = 1, 10 do
        iterator:next()
      end
      local cursor = iterator:cursor()
      assert(client.lists:add(other, { ids = first(70) }))
      local rest = client.lists:contacts(other, { cursor = cursor, page_size = page_size })
      assert.same(slice(members, 11), ids_of(collect(rest)))
    end
  end)

  it("resumes the latest to join where others joined since, none twice", function()
    local members = first(60)
    for _, page_size in ipairs { 7, 25, 100 } do
      for _, read in ipairs { 1, 3, 24, 25 } do
        local other = list_of {}
        for place = 1, #members, 5 do
          assert(client.lists:add(other, { ids = slice(members, place, place + 4) }))
        end
        local whole = ids_of(collect(client.lists:recent_contacts(other)))
        local iterator = client.lists:recent_contacts(other, { page_size = 25 })
        for _ = 1, read do
          iterator:next()
        end
        local cursor = iterator:cursor()
        assert(client.lists:add(other, { ids = slice(known, 201, 230) }))
        local given = {}
        for _, id in
          ipairs(ids_of(collect(client.lists:recent_contacts(other, { cursor = cursor, page_size = page_size }))))
        do
          given[id] = (given[id] or 0) + 1
        end
        for place, id in ipairs(whole) do
          assert.equal(place > read and 1 or nil, given[id])
        end
      end
    end
  end)

  it("gives all, each once, though what is read ahead fails", function()
    for _, kind in ipairs { "status", "reset", "reset_after", "cut", "garbage", "rate_limit" } do
      for _, path in ipairs { "/memberships$", "/batch/read$" } do
        local impatient = wire.client(server, { retry = false })
        server:fault { kind = kind, status = 502, path = path, after = 3, retry_after = 0 }
        assert.same(known, ids_of(collect(impatient.lists:contacts(list))), kind .. path)
        impatient:close()
        server:clear_faults()
      end
    end
  end)

  it("gives an error in its place, and continues when it is asked again", function()
    for _, path in ipairs { "/memberships$", "/batch/read$" } do
      local iterator, ids = client.lists:contacts(list, { retry = false }), {}
      for index = 1, 100 do
        ids[index] = iterator:next().id
      end
      server:fault { kind = "status", status = 403, path = path, times = 1000 }
      local contact, err = iterator:next()
      while contact do
        ids[#ids + 1] = contact.id
        contact, err = iterator:next()
      end
      assert.equal(403, err.status)
      assert.is_true(#ids <= 400)
      local cursor = iterator:cursor()
      server:clear_faults()
      local rest = ids_of(collect(client.lists:contacts(list, { cursor = cursor })))
      assert.same(slice(known, #ids + 1), rest)
      for more in iterator do
        ids[#ids + 1] = more.id
      end
      assert.same(known, ids)
    end
  end)

  it("gives each contact to one of the tasks that share it, and all to those that do not", function()
    local iterator, seen = client.lists:contacts(list), {}
    local _, errors = client:map({ 1, 2, 3 }, function()
      for contact in iterator do
        seen[#seen + 1] = contact.id
      end
      return true
    end)
    assert.same({}, errors)
    table.sort(seen, function(a, b) return tonumber(a) < tonumber(b) end)
    assert.same(known, seen)
    local results, own_errors = client:map(
      { 1, 2, 3 },
      function() return ids_of(collect(client.lists:contacts(list))) end
    )
    assert.same({}, own_errors)
    for index = 1, 3 do
      assert.same(known, results[index])
    end
  end)

  it("ends with an error where the client is closed", function()
    local other = wire.client(server)
    local iterator = other.lists:contacts(list)
    for _ = 1, 150 do
      iterator:next()
    end
    other:close()
    local contact, err = iterator:next()
    while contact do
      contact, err = iterator:next()
    end
    assert.equal("cancelled", err.kind)
  end)
end)

-- A listing of names in pages of three, and their records: without sockets.
describe("pipeline", function()
  local function iterator_over(names, read, options)
    local all = {
      label = "names",
      size = 2,
      read = read,
      list = function(position)
        local from, items = position.from or 1, {}
        for index = from, math.min(from + 2, #names) do
          items[#items + 1] = { id = names[index] }
        end
        return { items = items, following = from + 3 <= #names and { from = from + 3 } or nil, size = 3 }
      end,
    }
    for name, value in pairs(options or {}) do
      all[name] = value
    end
    all.turning_loop, all.patience = fake_loop.new(), 10
    return pager.new { label = "names", max = all.max, fetch = pipeline.new(all), loop = all.turning_loop, patience = 10 }
  end

  it("gives a record once to which names of two batches lead", function()
    local target = { a = "z", z = "z" }
    local function read(names)
      local records = {}
      for index, name in ipairs(names) do
        records[index] = { id = target[name.id] or name.id }
      end
      return records
    end
    assert.same({ "z", "b", "c", "d" }, ids_of(collect(iterator_over({ "a", "b", "c", "z", "d" }, read))))
  end)

  it("gives max records though some that are named are gone", function()
    local read_names = 0
    local function read(names)
      local records = {}
      read_names = read_names + #names
      for _, name in ipairs(names) do
        if name.id ~= "a" and name.id ~= "c" then records[#records + 1] = { id = name.id } end
      end
      return records
    end
    local iterator = iterator_over({ "a", "b", "c", "d", "e", "f", "g" }, read, { max = 3 })
    assert.same({ "b", "d", "e" }, ids_of(collect(iterator)))
    assert.is_true(read_names <= 6)
  end)
end)
