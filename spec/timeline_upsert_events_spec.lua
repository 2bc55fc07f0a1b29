-- client.timeline:upsert_events over real sockets: what goes over the wire is compared with HubSpot's documentation of
-- it, not with the client's own tables.

local timeline_fixture = require "spec.support.timeline_fixture"
local wire = require "spec.support.wire"

local take, ids_of = wire.take, wire.ids
local unpack = table.unpack or unpack

local APP = timeline_fixture.APP
local WEBINAR, VISIT, NOW = timeline_fixture.WEBINAR, timeline_fixture.VISIT, timeline_fixture.NOW
local SEATS = timeline_fixture.SEATS

local NOW_ISO = "2025-11-24T16:00:00.000Z"
local UNKNOWN_ID = "999999"

local here = timeline_fixture.new()
local server, clients = here.server, here.clients

-- Checks that a wrong call of a method throws where it is made, and nothing is sent.
local function refuses(...) return here:refuses(...) end

local function type_with(...) return timeline_fixture.type_with(here, ...) end

-- Makes events, of each type by turns; the first of `numbers` that is named bad is of a contact that there is not.
local function events(count, type_of, bad)
  local list = {}
  for number = 1, count do
    list[number] = { id = "e" .. number, email = ("p%d@example.org"):format(number % 7) }
    for name, value in pairs(type_of(number)) do
      list[number][name] = value
    end
    if bad and bad[number] then
      list[number].email, list[number].objectId = nil, UNKNOWN_ID
    end
  end
  return list
end

local function indexes_of(errors)
  local indexes = {}
  for place, err in ipairs(errors) do
    indexes[place] = err.index
  end
  return indexes
end

-- Counts the events of each request.
local function sizes(lines, pattern)
  local counts = {}
  for index, line in ipairs(lines) do
    counts[index] = select(2, line:gsub(pattern, ""))
  end
  return counts
end

describe("timeline:upsert_events", function()
  it("writes events on v1, 100 a request", function()
    local id = type_with(SEATS)
    local list = events(250, function() return { eventTypeId = id, properties = { seats = 2 }, timestamp = NOW } end)
    local outcome = assert(clients.v1.timeline:upsert_events(APP, list))
    assert.same({}, outcome.errors)
    assert.equal(250, #outcome.results)
    local lines = wire.take_sorted(server)
    assert.same({ 100, 100, 50 }, sizes(lines, '"id":'))
    for _, line in ipairs(lines) do
      assert.truthy(line:find '^POST /integrations/v1/6543/timeline/event/batch {"eventWrappers":%[{"email":', line)
      assert.truthy(
        line:find(
          '{"email":"p%d@example.org","eventTypeId":' .. id .. ',"id":"e%d+","seats":"2","timestamp":1764000000000}'
        ),
        line
      )
    end
    assert.same({
      id = "e1",
      eventTypeId = id,
      email = "p1@example.org",
      properties = { seats = "2" },
      timestamp = NOW_ISO,
      index = 1,
    }, outcome.results[1])
    assert.equal(250, outcome.results[250].index)
    assert.equal(NOW_ISO, assert(clients.v1.timeline:get_event(APP, id, "e250")).timestamp)
  end)

  it("lets one that HubSpot refuses fail alone on v1, where it says nothing of single ones", function()
    local id = type_with()
    assert(clients.v1.timeline:upsert_event(APP, { id = "e7", eventTypeId = id, email = "ada@example.org" }))
    server:clear_requests()
    local list = events(250, function() return { eventTypeId = id } end, { [130] = true, [250] = true })
    local outcome = assert(clients.v1.timeline:upsert_events(APP, list))
    assert.same({ 7, 130, 250 }, indexes_of(outcome.errors))
    assert.equal(247, #outcome.results)
    for _, err in ipairs(outcome.errors) do
      assert.equal(400, err.status)
    end
    assert.truthy(tostring(outcome.errors[1]):find("e7", 1, true))
    for _, count in ipairs(sizes(take(server), '"id":')) do
      assert.is_true(count <= 100)
    end
    for number = 1, 250, 3 do
      local found = clients.v1.timeline:get_event(APP, id, "e" .. number)
      assert.equal(number == 130 or number == 250, found == nil)
    end
  end)

  for version, name in pairs { ["2026-09"] = "current", ["2026-03"] = "march" } do
    it("writes events of both kinds with " .. version .. ", each where it belongs", function()
      local id, timeline = type_with(), clients.current.timeline
      assert(timeline:upsert_event(nil, { id = "e7", eventTypeName = WEBINAR, email = "a@example.org" }))
      assert(timeline:upsert_event(nil, { id = "e8", eventTypeId = id, email = "a@example.org" }))
      server:clear_requests()
      local list = events(
        250,
        function(number) return number % 2 == 1 and { eventTypeName = WEBINAR } or { eventTypeId = id } end,
        { [131] = true, [240] = true }
      )
      local outcome = assert(clients[name].timeline:upsert_events(nil, list))
      assert.same({ 7, 8 }, indexes_of(outcome.existing))
      assert.same({ 131, 240 }, indexes_of(outcome.errors))
      assert.same(
        { "VALIDATION_ERROR", "VALIDATION_ERROR" },
        { outcome.errors[1].category, outcome.errors[2].category }
      )
      assert.same({ 400, 400 }, { outcome.errors[1].status, outcome.errors[2].status })
      assert.truthy(tostring(outcome.errors[1]):find(UNKNOWN_ID, 1, true))
      local seen = {}
      for _, record in ipairs(outcome.results) do
        seen[record.id] = true
        assert.equal(tonumber(record.id:sub(2)) % 2 == 1, record.eventTypeName == WEBINAR)
        assert.equal(tonumber(record.id:sub(2)) % 2 == 0, record.eventTypeId == id)
      end
      for number = 1, 250 do
        local failed = number == 7 or number == 8 or number == 131 or number == 240
        assert.equal(not failed, seen["e" .. number] == true)
      end
      -- Each kind in two requests, and more to find the two of the date version that fail the whole of theirs.
      local dated, v3 = {}, {}
      for _, line in ipairs(take(server)) do
        local path, body = line:match "^POST (%S+) (.*)$"
        assert.is_true(
          path == "/integrators/timeline/" .. version .. "/events/batch"
            or path == "/integrators/timeline/v3/events/batch/create",
          path
        )
        table.insert(path:find("v3", 1, true) and v3 or dated, body)
      end
      local dated_sizes, v3_sizes = sizes(dated, '"id":'), sizes(v3, '"id":')
      table.sort(v3_sizes)
      assert.same({ 25, 100 }, v3_sizes)
      assert.equal(100, math.max(unpack(dated_sizes)))
      assert.is_true(#dated <= 2 + 2 * 14, #dated .. " requests")
      local first_dated = '{"inputs":[{"email":"p1@example.org","eventTypeName":"'
        .. WEBINAR
        .. '","id":"e1","properties":{}},'
      local first_v3 = '{"inputs":[{"email":"p2@example.org","eventTemplateId":"' .. id .. '","id":"e2","tokens":{}},'
      assert.truthy(table.concat(dated):find(first_dated, 1, true))
      assert.truthy(table.concat(v3):find(first_v3, 1, true))
    end)
  end

  it("keeps apart events of the same id, by which HubSpot names those that fail", function()
    assert(clients.current.timeline:upsert_event(nil, { id = "1", eventTypeName = VISIT, domain = "example.com" }))
    server:clear_requests()
    local outcome = assert(clients.current.timeline:upsert_events(nil, {
      { id = "1", eventTypeName = WEBINAR, email = "a@example.org" },
      { id = "1", eventTypeName = VISIT, domain = "example.com" },
      { id = "2", eventTypeName = VISIT, domain = "example.com" },
    }))
    assert.same({ 2 }, indexes_of(outcome.existing))
    assert.same({ "1", "2" }, ids_of(outcome.results))
    assert.same({ 2, 1 }, sizes(take(server), '"id":'))
  end)

  it("does not send again what was accepted, also where HubSpot names no event that failed", function()
    for _, case in ipairs { { { eventTypeName = WEBINAR }, "eventTypeName" }, { { eventTypeId = "260" }, "x" } } do
      server:fault {
        kind = "status",
        status = 207,
        body = '{"status":"COMPLETE","results":[{"id":"e1"},{"id":"e3"}],'
          .. '"numErrors":1,"errors":[{"status":"error","category":"VALIDATION_ERROR","message":"No."}]}',
      }
      local outcome = assert(clients.current.timeline:upsert_events(nil, events(3, function() return case[1] end)))
      assert.same({ "e1", "e3" }, ids_of(outcome.results))
      assert.same({ 2 }, indexes_of(outcome.errors))
      assert.equal("No.", outcome.errors[1].message)
      assert.equal(1, #take(server))
    end
  end)

  it("names the events that fail by their ids", function()
    server:fault { kind = "multi_status", indexes = { 2, 3 } }
    local outcome =
      assert(clients.current.timeline:upsert_events(nil, events(4, function() return { eventTypeName = WEBINAR } end)))
    assert.same({ 2, 3 }, indexes_of(outcome.errors))
    assert.same({ "e1", "e4" }, ids_of(outcome.results))
    assert.equal(1, #take(server))
  end)

  it("charges every event that one error names", function()
    local id = type_with()
    for _, kind in ipairs { { eventTypeName = WEBINAR }, { eventTypeId = id } } do
      server:fault { kind = "multi_status", indexes = { 1, 3 }, together = true }
      local outcome = assert(clients.current.timeline:upsert_events(nil, events(4, function() return kind end)))
      assert.same({ 1, 3 }, indexes_of(outcome.errors))
      assert.same({ "e2", "e4" }, ids_of(outcome.results))
      assert.equal(1, #take(server))
    end
  end)

  it("names the events that an answer left out, and does not send them again", function()
    local id = type_with()
    for _, kind in ipairs { { eventTypeName = WEBINAR }, { eventTypeId = id } } do
      server:fault { kind = "drop_rows", indexes = { 2 } }
      local outcome = assert(clients.current.timeline:upsert_events(nil, events(3, function() return kind end)))
      assert.same({ "e1", "e3" }, ids_of(outcome.results))
      assert.same({ 2 }, indexes_of(outcome.errors))
      assert.is_true(outcome.errors[1].ambiguous)
      assert.equal(1, #take(server))
    end
    -- Of events without ids of their own it can't be told which one it is.
    server:fault { kind = "drop_rows", indexes = { 2 } }
    local nameless = {}
    for index = 1, 2 do
      nameless[index] = { eventTypeId = id, email = "a@example.org" }
    end
    local outcome = assert(clients.current.timeline:upsert_events(nil, nameless))
    assert.same({ 1, { 1, 2 } }, { #outcome.results, indexes_of(outcome.errors) })
    outcome = assert(clients.current.timeline:upsert_events(nil, nameless))
    assert.same({ 2, 0 }, { #outcome.results, #outcome.errors })
  end)

  it("takes every success, whatever its code and body", function()
    local id = type_with()
    local list = events(2, function() return { eventTypeId = id } end)
    for _, name in ipairs { "v1", "current" } do
      for _, status in ipairs { 200, 201, 202, 204 } do
        server:fault { kind = "status", status = status, body = "" }
        local outcome = assert(clients[name].timeline:upsert_events(APP, list))
        assert.same({}, outcome.errors)
        assert.same({ "e1", "e2" }, ids_of(outcome.results))
      end
    end
    server:fault { kind = "status", status = 200, body = '{"status":"ok"}' }
    assert.same({ "e1", "e2" }, ids_of(assert(clients.v1.timeline:upsert_events(APP, list)).results))
  end)

  it("is repeated where all events have ids, and takes those that are there already for written", function()
    local id = type_with()
    local list = events(
      250,
      function(index) return index % 2 == 0 and { eventTypeId = id } or { eventTypeName = WEBINAR } end
    )
    assert(clients.current.timeline:upsert_event(APP, { id = "warm", eventTypeId = id, email = "ada@example.org" }))
    server:clear_requests()
    server:fault { kind = "reset_after" }
    local outcome = assert(clients.current.timeline:upsert_events(APP, list))
    assert.same({}, outcome.errors)
    local seen = {}
    for _, result in ipairs(outcome.results) do
      seen[result.index] = result.id
    end
    for index = 1, 250 do
      assert.equal("e" .. index, seen[index])
    end
    assert.equal(250, #outcome.results)
    assert.same({}, outcome.existing)
    -- Each of the first hundred is asked for: what the lost request did to the others, none of them proves.
    assert.is_true(#take(server) <= 5 + 120)
  end)

  it("is not repeated where one has no id, nor on v1", function()
    local id = type_with()
    server:fault { kind = "reset_after" }
    local refused, v1_err =
      clients.v1.timeline:upsert_events(APP, events(2, function() return { eventTypeId = id } end))
    assert.same({ nil, "network" }, { refused, v1_err.kind })
    assert.equal(1, #take(server))
    server:fault { kind = "reset_after" }
    local outcome, err = clients.current.timeline:upsert_events(nil, {
      { id = "1", eventTypeId = id, email = "a@example.org" },
      { eventTypeId = id, email = "b@example.org" },
    })
    assert.same({ nil, "network" }, { outcome, err.kind })
    assert.equal(1, #take(server))
  end)

  it("ends at an error that is about no event, and tells what was not tried", function()
    local id = type_with()
    local list = events(150, function() return { eventTypeId = id } end)
    server:fault { kind = "status", status = 403, after = 1 }
    local outcome = assert(clients.v1.timeline:upsert_events(APP, list))
    assert.same(150, #outcome.results + #outcome.errors)
    assert.is_true(#outcome.errors == 50 or #outcome.errors == 100)
    assert.equal(403, outcome.errors[1].status)
    assert.equal(#outcome.errors == 50, outcome.errors[1].index == 101)
    assert.equal(2, #take(server))
    server:fault { kind = "status", status = 403, times = 2 }
    local nothing, err = clients.current.timeline:upsert_events(nil, list)
    assert.same({ nil, 403 }, { nothing, err.status })
  end)

  it("refuses events that are none, with their place", function()
    local label = "timeline:upsert_events: events"
    local good = { id = "1", eventTypeId = "260", email = "a@example.org" }
    for _, name in ipairs { "v1", "current" } do
      local timeline = clients[name].timeline
      refuses(label .. " must not be empty", function() timeline:upsert_events(APP, {}) end)
      refuses(label .. " must be a list of events", function() timeline:upsert_events(APP, "x") end)
      refuses(
        label .. " must be a list of events, got a table with the key id",
        function() timeline:upsert_events(APP, { id = "1" }) end
      )
      refuses(
        label .. "[2] needs whose it is",
        function() timeline:upsert_events(APP, { good, { id = "2", eventTypeId = "260" } }) end
      )
      refuses(
        label .. "[2] needs either eventTypeId or eventTypeName",
        function() timeline:upsert_events(APP, { good, { id = "2", email = "a@example.org" } }) end
      )
      refuses(
        label .. "[1].timestamp must be a time",
        function()
          timeline:upsert_events(APP, { { id = "2", email = "a@example.org", eventTypeId = 1, timestamp = "soon" } })
        end
      )
      refuses(
        "unknown option time_out; did you mean timeout?",
        function() timeline:upsert_events(APP, { good }, { time_out = 1 }) end
      )
    end
    refuses(
      label .. "[2] has an eventTypeName",
      function()
        clients.v1.timeline:upsert_events(APP, { good, { id = "2", eventTypeName = WEBINAR, email = "a@example.org" } })
      end
    )
    refuses(
      label .. "[1] needs an id",
      function() clients.v1.timeline:upsert_events(APP, { { eventTypeId = "260", email = "a@example.org" } }) end
    )
    refuses(
      label .. "[1] needs an id",
      function() clients.current.timeline:upsert_events(APP, { { eventTypeName = WEBINAR, email = "a@x.org" } }) end
    )
  end)
end)
