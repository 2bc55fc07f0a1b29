-- The events of client.timeline over real sockets: what goes over the wire is compared with HubSpot's documentation of
-- it, not with the client's own tables.

local hubspot = require "hubspot"
local timeline_fixture = require "spec.support.timeline_fixture"
local wire = require "spec.support.wire"

local take = wire.take
local unpack = table.unpack or unpack

local APP, KEY = timeline_fixture.APP, timeline_fixture.KEY
local WEBINAR, VISIT, NOW = timeline_fixture.WEBINAR, timeline_fixture.VISIT, timeline_fixture.NOW
local SIZE, SEATS = timeline_fixture.SIZE, timeline_fixture.SEATS
local TITLE, START = timeline_fixture.TITLE, timeline_fixture.START

local NOW_ISO = "2025-11-24T16:00:00.000Z"
local ISO = "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$"

local V1_EVENT = "POST /integrations/v1/6543/timeline/event"

local here = timeline_fixture.new()
local server, clients = here.server, here.clients

-- Checks that a wrong call of a method throws where it is made, and nothing is sent.
local function refuses(...) return here:refuses(...) end

local function type_with(...) return timeline_fixture.type_with(here, ...) end

local FRAME =
  { linkLabel = "Open", headerLabel = "Recording", url = "https://example.com/r", width = 800, height = 600 }
local V1_FRAME =
  { linkLabel = "Open", iframeLabel = "Recording", iframeUri = "https://example.com/r", width = 800, height = 600 }
local FRAME_JSON = '{"headerLabel":"Recording","height":600,"linkLabel":"Open","url":"https://example.com/r",'
  .. '"width":800}'
local V1_FRAME_JSON = '{"height":600,"iframeLabel":"Recording","iframeUri":"https://example.com/r",'
  .. '"linkLabel":"Open","width":800}'

local function full_event(fields)
  local event = {
    id = "e 1",
    email = "ada@example.org",
    timestamp = NOW - 1000,
    properties = { seats = 3, title = "Chair", size = "large", start = tostring(NOW) },
    extraData = { speakers = { { name = "Bo" } }, live = true, price = 1.5 },
    timelineIFrame = FRAME,
  }
  for name, value in pairs(fields) do
    event[name] = value
  end
  return event
end

local EXTRA_JSON = '{"live":true,"price":1.5,"speakers":[{"name":"Bo"}]}'

describe("timeline:upsert_event", function()
  it("writes an event on v1, with its properties beside its own fields", function()
    local id = type_with(SIZE, SEATS, TITLE, START)
    assert.is_true(clients.v1.timeline:upsert_event(APP, full_event { eventTypeId = id }))
    assert.same({
      V1_EVENT
        .. ' {"email":"ada@example.org","eventTypeId":'
        .. id
        .. ',"extraData":'
        .. EXTRA_JSON
        .. ',"id":"e 1","seats":"3","size":"large","start":"1764000000000","timelineIFrame":'
        .. V1_FRAME_JSON
        .. ',"timestamp":1763999999000,"title":"Chair"}',
    }, take(server))
  end)

  it("writes an event of a type with an id on v3, whatever the date version", function()
    local id = type_with(SIZE, SEATS, TITLE, START)
    for index, name in ipairs { "current", "march" } do
      local event = full_event { id = "e" .. index, eventTypeId = tonumber(id) }
      local record = assert(clients[name].timeline:upsert_event(APP, event))
      assert.same({
        'POST /integrators/timeline/v3/events {"email":"ada@example.org","eventTemplateId":"'
          .. id
          .. '","extraData":'
          .. EXTRA_JSON
          .. ',"id":"e'
          .. index
          .. '","timelineIFrame":'
          .. FRAME_JSON
          .. ',"timestamp":"2025-11-24T15:59:59.000Z","tokens":{"seats":"3","size":"large","start":"1764000000000",'
          .. '"title":"Chair"}}',
      }, take(server))
      assert.same(
        { "e" .. index, id, "contacts", "ada@example.org", "2025-11-24T15:59:59.000Z" },
        { record.id, record.eventTypeId, record.objectType, record.email, record.timestamp }
      )
      assert.truthy(record.createdAt:find(ISO))
      assert.same({ seats = "3", size = "large", start = "1764000000000", title = "Chair" }, record.properties)
      assert.same({ event.extraData, FRAME }, { record.extraData, record.timelineIFrame })
      assert.is_nil(record.eventTypeName)
    end
  end)

  it("writes an event of a type with a name with the date version", function()
    for version, name in pairs { ["2026-09"] = "current", ["2026-03"] = "march" } do
      local event = full_event { id = version, eventTypeName = WEBINAR, timestamp = "2025-11-24T17:59:59+02:00" }
      local record = assert(clients[name].timeline:upsert_event(APP, event))
      assert.same({
        "POST /integrators/timeline/"
          .. version
          .. '/events {"email":"ada@example.org","eventTypeName":"'
          .. WEBINAR
          .. '","extraData":'
          .. EXTRA_JSON
          .. ',"id":"'
          .. version
          .. '","properties":{"seats":"3",'
          .. '"size":"large","start":"1764000000000","title":"Chair"},"timelineIFrame":'
          .. FRAME_JSON
          .. ',"timestamp":"2025-11-24T15:59:59.000Z"}',
      }, take(server))
      assert.same(
        { version, WEBINAR, "2025-11-24T15:59:59.000Z" },
        { record.id, record.eventTypeName, record.timestamp }
      )
      assert.same({ seats = "3", size = "large", start = "1764000000000", title = "Chair" }, record.properties)
      assert.same({ event.extraData, FRAME }, { record.extraData, record.timelineIFrame })
      assert.is_nil(record.eventTypeId)
    end
  end)

  -- Returns one event as it goes over the wire: on v1, on v3, and on the date version.
  local function written(id, fields)
    local function event(more)
      local made = {}
      for name, value in pairs(fields) do
        made[name] = value
      end
      for name, value in pairs(more) do
        made[name] = value
      end
      return made
    end
    assert(clients.v1.timeline:upsert_event(APP, event { id = "1", eventTypeId = id }))
    assert(clients.current.timeline:upsert_event(APP, event { id = "2", eventTypeId = id }))
    assert(clients.current.timeline:upsert_event(APP, event { id = "3", eventTypeName = WEBINAR }))
    local lines = take(server)
    assert.equal(3, #lines)
    return unpack(lines)
  end

  it("sends the time as each generation wants it, and none where none is given", function()
    local id = type_with()
    for _, moment in ipairs {
      NOW,
      NOW + 0.0,
      "2025-11-24T16:00:00Z",
      "2025-11-24T16:00:00.000Z",
      "2025-11-24T11:00:00-05:00",
    } do
      local v1, v3, dated = written(id, { email = "ada@example.org", timestamp = moment })
      assert.truthy(v1:find('"timestamp":1764000000000}', 1, true), v1)
      assert.truthy(v3:find('"timestamp":"' .. NOW_ISO .. '"', 1, true), v3)
      assert.truthy(dated:find('"timestamp":"' .. NOW_ISO .. '"', 1, true), dated)
      assert.equal(NOW_ISO, assert(clients.v1.timeline:get_event(APP, id, "1")).timestamp)
      assert.equal(NOW_ISO, assert(clients.current.timeline:get_event(APP, id, "1")).timestamp)
      server:reset { clock = NOW, developer_key = KEY, event_types = { WEBINAR } }
      id = type_with()
    end
    for _, line in ipairs { written(id, { email = "ada@example.org" }) } do
      assert.is_nil(line:find("timestamp", 1, true))
    end
  end)

  it("sends values as texts", function()
    local id = type_with(SEATS, TITLE)
    for _, line in ipairs { written(id, { email = "ada@example.org", properties = { seats = 2.5, title = true } }) } do
      assert.truthy(line:find('"seats":"2.5"', 1, true), line)
      assert.truthy(line:find('"title":"true"', 1, true), line)
    end
  end)

  it("sends an empty table where there are no properties, but not on v1", function()
    local id = type_with()
    for _, properties in ipairs { false, {} } do
      local v1, v3, dated = written(id, { email = "ada@example.org", properties = properties or nil })
      assert.equal(V1_EVENT .. ' {"email":"ada@example.org","eventTypeId":' .. id .. ',"id":"1"}', v1)
      assert.truthy(v3:find('"tokens":{}', 1, true), v3)
      assert.truthy(dated:find('"properties":{}', 1, true), dated)
      server:reset { clock = NOW, developer_key = KEY, event_types = { WEBINAR } }
      id = type_with()
    end
  end)

  it("takes either spelling of timelineIFrame on each route", function()
    local id = type_with()
    for _, frame in ipairs { FRAME, V1_FRAME } do
      local v1, v3, dated = written(id, { email = "ada@example.org", timelineIFrame = frame })
      assert.truthy(v1:find('"timelineIFrame":' .. V1_FRAME_JSON, 1, true), v1)
      assert.truthy(v3:find('"timelineIFrame":' .. FRAME_JSON, 1, true), v3)
      assert.truthy(dated:find('"timelineIFrame":' .. FRAME_JSON, 1, true), dated)
      assert.same(FRAME, assert(clients.v1.timeline:get_event(APP, id, "1")).timelineIFrame)
      assert.same(FRAME, assert(clients.current.timeline:get_event(APP, id, "1")).timelineIFrame)
      server:reset { clock = NOW, developer_key = KEY, event_types = { WEBINAR } }
      id = type_with()
    end
  end)

  it("names a contact by its id or user token, as each generation writes ids", function()
    local contact = assert(clients.current.contacts:create { email = "ada@example.org" })
    local id = type_with()
    local v1, v3, dated = written(id, { objectId = contact.id })
    assert.truthy(v1:find('"objectId":' .. contact.id .. "}", 1, true), v1)
    assert.truthy(v3:find('"objectId":"' .. contact.id .. '"', 1, true), v3)
    assert.truthy(dated:find('"objectId":"' .. contact.id .. '"', 1, true), dated)
    assert.equal(contact.id, assert(clients.v1.timeline:get_event(APP, id, "1")).objectId)
    assert.equal(contact.id, assert(clients.current.timeline:get_event(APP, id, "2")).objectId)

    local profile = assert(clients.v1.contacts:get(contact.id))
    local utk
    for _, identity in ipairs(profile.identityProfiles[1].identities) do
      if identity.type == "LEAD_GUID" then utk = identity.value end
    end
    server:reset { clock = NOW, developer_key = KEY, event_types = { WEBINAR } }
    id = type_with()
    for _, line in ipairs { written(id, { utk = utk, email = "ada@example.org" }) } do
      assert.truthy(line:find('"utk":"' .. utk .. '"', 1, true), line)
    end
    assert.equal(utk, assert(clients.current.timeline:get_event(APP, id, "2")).utk)
  end)

  it("names a company by its domain, with the date versions", function()
    local record =
      assert(clients.current.timeline:upsert_event(nil, { id = "1", eventTypeName = VISIT, domain = "example.com" }))
    assert.same({
      'POST /integrators/timeline/2026-09/events {"domain":"example.com","eventTypeName":"'
        .. VISIT
        .. '","id":"1","properties":{}}',
    }, take(server))
    assert.equal("example.com", record.domain)
    refuses(
      'event has a domain, which api_version = "v1" does not take',
      function()
        clients.v1.timeline:upsert_event(
          APP,
          { id = "1", eventTypeId = "260", email = "a@example.org", domain = "example.com" }
        )
      end
    )
  end)

  it("makes the contact of an unknown address", function()
    local id = type_with(TITLE)
    assert(
      clients.v1.timeline:upsert_event(
        APP,
        { id = "1", eventTypeId = id, email = "new@example.org", properties = { title = "Chair" } }
      )
    )
    local contact = assert(clients.current.contacts:get_by_email("new@example.org", { properties = { "jobtitle" } }))
    assert.equal("Chair", contact.properties.jobtitle)
  end)

  it("takes every success, whatever its code and body", function()
    local event = { id = "1", eventTypeId = "260", email = "ada@example.org" }
    local named = { id = "1", eventTypeName = WEBINAR, email = "ada@example.org" }
    for _, answer in ipairs { { 200, "" }, { 201, "" }, { 204, "" } } do
      for _, case in ipairs { { "v1", event }, { "current", event }, { "current", named } } do
        server:fault { kind = "status", status = answer[1], body = answer[2] }
        assert.is_true(clients[case[1]].timeline:upsert_event(APP, case[2]))
      end
    end
    for _, body in ipairs { "{}", '{"status":"ok"}', '"ok"', "ok" } do
      server:fault { kind = "status", status = 200, body = body }
      assert.is_true(clients.v1.timeline:upsert_event(APP, event))
    end
    server:fault { kind = "status", status = 200, body = '{"id":"1","eventTemplateId":"260","tokens":{"a":"b"}}' }
    assert.same(
      { id = "1", eventTypeId = "260", properties = { a = "b" } },
      clients.current.timeline:upsert_event(APP, event)
    )
    server:fault { kind = "status", status = 200, body = '{"id":"1","eventTypeName":"x","properties":{"a":"b"}}' }
    assert.same(
      { id = "1", eventTypeName = "x", properties = { a = "b" } },
      clients.current.timeline:upsert_event(APP, named)
    )
  end)

  it("gives HubSpot's refusal of an id that was used", function()
    local id = type_with()
    local event = { id = "1", eventTypeId = id, email = "ada@example.org" }
    local named = { id = "1", eventTypeName = WEBINAR, email = "ada@example.org" }
    assert(clients.v1.timeline:upsert_event(APP, event))
    assert(clients.current.timeline:upsert_event(APP, named))
    server:clear_requests()
    local result, err = clients.v1.timeline:upsert_event(APP, event)
    assert.same({ nil, 400, 1 }, { result, err.status, err.attempts })
    for _, again in ipairs { event, named } do
      result, err = clients.current.timeline:upsert_event(APP, again)
      assert.is_nil(result)
      assert.truthy(err.status == 409 or err.status == 400)
      assert.equal(1, err.attempts)
    end
    assert.equal(3, #take(server))
  end)

  local function events_with_an_id(id)
    return {
      { id = "1", eventTypeId = id, email = "ada@example.org" },
      { id = "1", eventTypeName = WEBINAR, email = "ada@example.org" },
    }
  end

  it("is repeated where its answer got lost, and succeeds whether it was carried out or not", function()
    local id = type_with()
    for _, kind in ipairs { "reset", "reset_after" } do
      for index, event in ipairs(events_with_an_id(id)) do
        event.id = kind .. index
        assert(
          clients.current.timeline:upsert_event(
            APP,
            { id = "warm" .. kind .. index, eventTypeId = id, email = "ada@example.org" }
          )
        )
        server:clear_requests()
        server:fault { kind = kind }
        assert(clients.current.timeline:upsert_event(APP, event))
        assert.equal(2, #take(server))
        local again, err = clients.current.timeline:upsert_event(APP, event)
        assert.same({ nil, 409, 1 }, { again, err.status, err.attempts })
        server:clear_requests()
      end
    end
    assert.equal("reset_after1", assert(clients.current.timeline:get_event(APP, id, "reset_after1")).id)
  end)

  it("is not repeated on v1, where the answer would not tell whether it was carried out", function()
    local id = type_with()
    server:fault { kind = "reset_after" }
    local event = { id = "1", eventTypeId = id, email = "ada@example.org" }
    local written_event, err = clients.v1.timeline:upsert_event(APP, event)
    assert.same({ nil, "network", 1 }, { written_event, err.kind, err.attempts })
    assert.equal(1, #take(server))
    assert.equal("1", assert(clients.v1.timeline:get_event(APP, id, "1")).id)
  end)

  it("is not repeated without an id where it may have been carried out", function()
    local id = type_with()
    server:fault { kind = "reset_after" }
    local written_event, err =
      clients.current.timeline:upsert_event(APP, { eventTypeId = id, email = "ada@example.org" })
    assert.same({ nil, "network" }, { written_event, err.kind })
    assert.same({
      'POST /integrators/timeline/v3/events {"email":"ada@example.org","eventTemplateId":"' .. id .. '","tokens":{}}',
    }, take(server))
  end)

  it("takes no id from v3, which makes one", function()
    local id = type_with()
    local record = assert(clients.current.timeline:upsert_event(nil, { eventTypeId = id, email = "ada@example.org" }))
    assert.equal("string", type(record.id))
    assert.equal(record.id, assert(clients.current.timeline:get_event(nil, id, record.id)).id)
  end)

  local BAD = {
    { "event needs whose it is", { id = "1", eventTypeId = "260" } },
    { "event needs either eventTypeId or eventTypeName", { id = "1", email = "a@example.org" } },
    {
      "event needs either eventTypeId or eventTypeName",
      { id = "1", email = "a@example.org", eventTypeId = "260", eventTypeName = WEBINAR },
    },
    { "event must be an event", "x" },
    { "event.eventTypeId must be an id", { id = "1", email = "a@example.org", eventTypeId = "webinar" } },
    { "event.id must be a string", { id = 1, email = "a@example.org", eventTypeId = "260" } },
    { "event.objectId must be an id", { id = "1", objectId = "x", eventTypeId = "260" } },
    { "event.email must be an e-mail address", { id = "1", email = "", eventTypeId = "260" } },
    { "event.utk must be a string", { id = "1", utk = 7, eventTypeId = "260" } },
    { "event.timestamp must be a time", { id = "1", email = "a@example.org", eventTypeId = "260", timestamp = "now" } },
    { "event.timestamp must be a time", { id = "1", email = "a@example.org", eventTypeId = "260", timestamp = 1.5 } },
    {
      "event.properties must be a table of property values by name",
      { id = "1", email = "a@example.org", eventTypeId = "260", properties = { "x" } },
    },
    {
      "event.properties.size must be a string, a number, a boolean or a list of strings",
      { id = "1", email = "a@example.org", eventTypeId = "260", properties = { size = { a = 1 } } },
    },
    {
      "event.properties.size must be a finite number",
      { id = "1", email = "a@example.org", eventTypeId = "260", properties = { size = 1 / 0 } },
    },
    { "event.extraData must be a table", { id = "1", email = "a@example.org", eventTypeId = "260", extraData = "x" } },
    {
      "event.extraData: f: a function has no JSON form",
      { id = "1", email = "a@example.org", eventTypeId = "260", extraData = { f = print } },
    },
    {
      "event.timelineIFrame must be a table",
      { id = "1", email = "a@example.org", eventTypeId = "260", timelineIFrame = "x" },
    },
    {
      "event.timelineIFrame has an unknown field linkLable; did you mean linkLabel?",
      { id = "1", email = "a@example.org", eventTypeId = "260", timelineIFrame = { linkLable = "x" } },
    },
    {
      "event.timelineIFrame.width must be an integer",
      { id = "1", email = "a@example.org", eventTypeId = "260", timelineIFrame = { width = "100%" } },
    },
    {
      "event.timelineIFrame.height must be an integer",
      { id = "1", email = "a@example.org", eventTypeId = "260", timelineIFrame = { height = 0 } },
    },
    {
      "event.timelineIFrame has both url and iframeUri",
      { id = "1", email = "a@example.org", eventTypeId = "260", timelineIFrame = { url = "x", iframeUri = "y" } },
    },
    {
      "event.timelineIFrame has both headerLabel and iframeLabel",
      {
        id = "1",
        email = "a@example.org",
        eventTypeId = "260",
        timelineIFrame = { headerLabel = "x", iframeLabel = "y" },
      },
    },
    {
      "event has an unknown field mail; did you mean email?",
      { id = "1", mail = "a@example.org", eventTypeId = "260" },
    },
    { "event.eventTypeName must be a string", { id = "1", email = "a@example.org", eventTypeName = 260 } },
    { "event.domain must be a string", { id = "1", domain = {}, eventTypeId = "260" } },
  }
  for _, field in ipairs { "linkLabel", "headerLabel", "iframeLabel", "url", "iframeUri" } do
    BAD[#BAD + 1] = {
      ("event.timelineIFrame.%s must be a string"):format(field),
      { id = "1", email = "a@example.org", eventTypeId = "260", timelineIFrame = { [field] = 7 } },
    }
  end

  it("refuses an event that is none", function()
    for _, name in ipairs { "v1", "current" } do
      for _, case in ipairs(BAD) do
        refuses("timeline:upsert_event: " .. case[1], function() clients[name].timeline:upsert_event(APP, case[2]) end)
      end
    end
  end)

  it("refuses what its route does not take", function()
    local label = "timeline:upsert_event: event "
    refuses(
      label .. 'has an eventTypeName, which api_version = "v1" does not take; use eventTypeId',
      function() clients.v1.timeline:upsert_event(APP, { id = "1", eventTypeName = WEBINAR, email = "a@example.org" }) end
    )
    refuses(
      label .. "needs an id",
      function() clients.v1.timeline:upsert_event(APP, { eventTypeId = "260", email = "a@example.org" }) end
    )
    refuses(
      label .. "needs an id",
      function() clients.current.timeline:upsert_event(APP, { eventTypeName = WEBINAR, email = "a@example.org" }) end
    )
  end)

  it("refuses a property that v1 can't tell from the event's own fields", function()
    for _, name in ipairs {
      "id",
      "email",
      "utk",
      "objectId",
      "eventTypeId",
      "timestamp",
      "extraData",
      "timelineIFrame",
    } do
      refuses(
        ("event has a property %s, which"):format(name),
        function()
          clients.v1.timeline:upsert_event(
            APP,
            { id = "1", eventTypeId = "260", email = "a@example.org", properties = { [name] = "x" } }
          )
        end
      )
    end
    assert(
      clients.current.timeline:upsert_event(
        nil,
        { id = "1", eventTypeName = WEBINAR, email = "a@example.org", properties = { email = "x" } }
      )
    )
    assert.truthy(take(server)[1]:find('"properties":{"email":"x"}', 1, true))
  end)
end)

describe("timeline:get_event", function()
  it("reads an event on v1", function()
    local id = type_with(SIZE, SEATS, TITLE, START)
    local event = full_event { eventTypeId = id }
    assert(clients.v1.timeline:upsert_event(APP, event))
    server:clear_requests()
    local record = assert(clients.v1.timeline:get_event(APP, tonumber(id), "e 1"))
    assert.same({ "GET /integrations/v1/6543/timeline/event/" .. id .. "/e%201" }, take(server))
    assert.same({
      id = "e 1",
      eventTypeId = id,
      objectType = "contacts",
      objectId = record.objectId,
      timestamp = "2025-11-24T15:59:59.000Z",
      properties = { seats = "3", size = "large", start = "1764000000000", title = "Chair" },
      extraData = event.extraData,
      timelineIFrame = FRAME,
    }, record)
    assert.truthy(type(record.objectId) == "string" and record.objectId:find "^%d+$")
  end)

  it("has no key for what is null", function()
    local id = type_with()
    assert(clients.v1.timeline:upsert_event(APP, { id = "1", eventTypeId = id, email = "ada@example.org" }))
    local record = assert(clients.v1.timeline:get_event(APP, id, "1"))
    assert.is_nil(record.extraData)
    assert.same({}, record.properties)
    assert.equal(hubspot.null, assert(clients.v1.timeline:get_event(APP, id, "1", { raw = true })).extraData)
  end)

  it("reads an event on v3 with each date version, which has no read of its own", function()
    local id = type_with(SIZE, SEATS, TITLE, START)
    assert(clients.v1.timeline:upsert_event(APP, full_event { eventTypeId = id }))
    server:clear_requests()
    for _, name in ipairs { "current", "march" } do
      local record = assert(clients[name].timeline:get_event(nil, id, "e 1"))
      assert.same({ "GET /integrators/timeline/v3/events/" .. id .. "/e%201" }, take(server))
      assert.same(
        { "e 1", id, "contacts", "ada@example.org", "2025-11-24T15:59:59.000Z" },
        { record.id, record.eventTypeId, record.objectType, record.email, record.timestamp }
      )
      assert.same({ seats = "3", size = "large", start = "1764000000000", title = "Chair" }, record.properties)
      assert.same(FRAME, record.timelineIFrame)
    end
  end)

  it("fails for an unknown event", function()
    local id = type_with()
    for _, name in ipairs { "v1", "current" } do
      local record, err = clients[name].timeline:get_event(APP, id, "none")
      assert.same({ nil, 404 }, { record, err.status })
    end
  end)

  it("refuses what is no event's id", function()
    for _, name in ipairs { "v1", "current" } do
      for _, bad in ipairs { "", "..", 7 } do
        refuses(
          "timeline:get_event: event_id must be",
          function() clients[name].timeline:get_event(APP, "260", bad) end
        )
      end
      refuses(
        "timeline:get_event: type_id must be an id",
        function() clients[name].timeline:get_event(APP, WEBINAR, "1") end
      )
    end
  end)
end)

describe("reading from a timeline, or removing from it", function()
  it("is repeated", function()
    local id = type_with(SIZE)
    assert(clients.v1.timeline:upsert_event(APP, { id = "1", eventTypeId = id, email = "ada@example.org" }))
    for _, method in ipairs { "event_types", "event_type_properties", "get_event", "delete_event_type" } do
      for _, name in ipairs { "v1", "current" } do
        local type_id = method == "delete_event_type" and type_with() or id
        server:clear_requests()
        server:fault { kind = "status", status = 503 }
        local arguments = method == "event_types" and { APP } or { APP, type_id, method == "get_event" and "1" or nil }
        assert(clients[name].timeline[method](clients[name].timeline, unpack(arguments)))
        assert.equal(2, #take(server))
      end
    end
  end)

  it("is repeated where a change needs it", function()
    local id = type_with(SIZE)
    local property = {
      id = assert(clients.v1.timeline:event_type_properties(APP, id))[1].id,
      name = "size",
      label = "S",
      type = "enumeration",
      options = SIZE.options,
    }
    server:clear_requests()
    server:fault { kind = "status", status = 503, method = "GET" }
    assert(clients.current.timeline:update_event_type(APP, id, { name = "New" }))
    assert.equal(3, #take(server))
    for _, name in ipairs { "v1", "current" } do
      server:fault { kind = "status", status = 503 }
      assert(clients[name].timeline:update_event_type_property(APP, id, property))
      assert.equal(2, #take(server))
    end
  end)
end)
