-- client.timeline over real sockets: what goes over the wire is compared with HubSpot's documentation of it, not with
-- the client's own tables.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local wire = require "spec.support.wire"

local take, ids_of = wire.take, wire.ids
local unpack = table.unpack or unpack

local APP = "6543"
local KEY = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
local USER = "4411"
-- The developer key as it goes over the wire, with its user.
local SIGNED = "?hapikey=" .. KEY .. "&userId=" .. USER

local NOW = 1764000000000
local NOW_ISO = "2025-11-24T16:00:00.000Z"
local ISO = "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$"
local WEBINAR = "pe99001_webinar"
local VISIT = "pe99001_visit"
local UNKNOWN_ID = "999999"

local V1_TYPES = "/integrations/v1/6543/timeline/event-types"
local TEMPLATES = "/integrators/timeline/v3/6543/event-templates"
local V1_EVENT = "POST /integrations/v1/6543/timeline/event"

local ADMINISTRATION = {
  "event_types",
  "create_event_type",
  "update_event_type",
  "delete_event_type",
  "event_type_properties",
  "create_event_type_property",
  "update_event_type_property",
}

local here = fixture.new {
  clients = {
    current = { developer_key = KEY, user_id = USER },
    march = { api_version = "2026-03", developer_key = KEY, user_id = USER },
    v1 = { api_version = "v1", developer_key = KEY, user_id = USER },
  },
  reset = { clock = NOW, developer_key = KEY, event_types = { WEBINAR, { name = VISIT, objectType = "COMPANY" } } },
}
local server, clients = here.server, here.clients

-- Checks that a wrong call of a method throws where it is made, and nothing is sent.
local function refuses(...) return here:refuses(...) end

-- An event type with properties of these definitions; gives its id. Forgets the requests that this took.
local function type_with(...)
  local id = assert(clients.v1.timeline:create_event_type(APP, { name = "Webinar" })).id
  for _, definition in ipairs { ... } do
    assert(clients.v1.timeline:create_event_type_property(APP, id, definition))
  end
  server:clear_requests()
  return id
end

local SIZE = {
  name = "size",
  label = "Size",
  type = "enumeration",
  options = { { label = "Large", value = "large" }, { label = "Small", value = "small" } },
}
local SEATS = { name = "seats", label = "Seats", type = "number" }
local TITLE = { name = "title", label = "Title", type = "string", objectPropertyName = "jobtitle" }
local START = { name = "start", label = "Start", type = "date" }

local SIZE_OPTIONS = '[{"label":"Large","value":"large"},{"label":"Small","value":"small"}]'

-- Event types ----------------------------------------------------------------------------------------------------

describe("timeline:create_event_type", function()
  local definition =
    { name = "Webinar", headerTemplate = "{{title}}", detailTemplate = "**{{size}}**", objectType = "companies" }

  it("makes an event type on v1", function()
    local made = assert(clients.v1.timeline:create_event_type(APP, definition))
    assert.same({
      "POST "
        .. V1_TYPES
        .. SIGNED
        .. ' {"applicationId":6543,"detailTemplate":"**{{size}}**",'
        .. '"headerTemplate":"{{title}}","name":"Webinar","objectType":"COMPANY"}',
    }, take(server))
    assert.truthy(type(made.id) == "string" and made.id:find "^%d+$")
    assert.same({
      id = made.id,
      name = "Webinar",
      headerTemplate = "{{title}}",
      detailTemplate = "**{{size}}**",
      objectType = "companies",
    }, made)
  end)

  it("makes types of other objects than those that were known first", function()
    local function body_of(client, object_type)
      server:fault { kind = "status", status = 200, body = '{"id":"1","name":"Visit","objectType":"tickets"}' }
      local made = assert(client.timeline:create_event_type(APP, { name = "Visit", objectType = object_type }))
      assert.equal("tickets", made.objectType)
      return take(server)[1]:match '"objectType":"([^"]*)"'
    end
    assert.same({ "tickets", "tickets" }, { body_of(clients.current, "tickets"), body_of(clients.current, "TICKET") })
    assert.same({ "TICKET", "TICKET" }, { body_of(clients.v1, "tickets"), body_of(clients.v1, "TICKET") })
    for _, name in ipairs { "leads", "2-3465404", "p99001_machines" } do
      assert.same({ name, name }, { body_of(clients.current, name), body_of(clients.v1, name) })
    end
  end)

  it("makes a template of v3 with each date version, which has none of its own", function()
    for _, name in ipairs { "current", "march" } do
      local made = assert(clients[name].timeline:create_event_type(tonumber(APP), definition))
      assert.same({
        "POST "
          .. TEMPLATES
          .. SIGNED
          .. ' {"detailTemplate":"**{{size}}**","headerTemplate":'
          .. '"{{title}}","name":"Webinar","objectType":"companies","tokens":[]}',
      }, take(server))
      assert.same({
        id = made.id,
        name = "Webinar",
        headerTemplate = "{{title}}",
        detailTemplate = "**{{size}}**",
        objectType = "companies",
      }, made)
    end
  end)

  it("makes it of contacts where nothing else is said: v1's default, and v3 has none", function()
    assert.equal("contacts", assert(clients.v1.timeline:create_event_type(APP, { name = "W" })).objectType)
    assert.equal("contacts", assert(clients.current.timeline:create_event_type(APP, { name = "W" })).objectType)
    assert.same({
      "POST " .. V1_TYPES .. SIGNED .. ' {"applicationId":6543,"name":"W"}',
      "POST " .. TEMPLATES .. SIGNED .. ' {"name":"W","objectType":"contacts","tokens":[]}',
    }, take(server))
  end)

  for name, spellings in pairs {
    contacts = { "contacts", "CONTACT" },
    companies = { "companies", "COMPANY" },
    deals = { "deals", "DEAL" },
  } do
    it("takes " .. spellings[1] .. " as each generation spells it", function()
      for _, given in ipairs(spellings) do
        assert.equal(
          name,
          assert(clients.v1.timeline:create_event_type(APP, { name = "W", objectType = given })).objectType
        )
        assert.equal(
          name,
          assert(clients.current.timeline:create_event_type(APP, { name = "W", objectType = given })).objectType
        )
        local lines = take(server)
        assert.truthy(lines[1]:find(('"objectType":"%s"'):format(spellings[2]), 1, true))
        assert.truthy(lines[2]:find(('"objectType":"%s"'):format(spellings[1]), 1, true))
      end
    end)
  end

  it("takes 200 for 201, and an empty answer", function()
    for _, name in ipairs { "v1", "current" } do
      server:fault { kind = "status", status = 200, body = '{"id":77,"name":"W","objectType":"DEAL","tokens":[]}' }
      assert.same(
        { id = "77", name = "W", objectType = "deals" },
        assert(clients[name].timeline:create_event_type(APP, { name = "W" }))
      )
      server:fault { kind = "status", status = 204, body = "" }
      assert.is_true(clients[name].timeline:create_event_type(APP, { name = "W" }))
    end
  end)

  it("is not repeated where it may have been carried out", function()
    for _, name in ipairs { "v1", "current" } do
      server:fault { kind = "reset_after" }
      local made, err = clients[name].timeline:create_event_type(APP, { name = "W" })
      assert.same({ nil, "network" }, { made, err.kind })
      assert.equal(1, #take(server))
      assert.equal(1, #assert(clients.v1.timeline:event_types(APP)))
      server:reset { clock = NOW, developer_key = KEY }
    end
  end)

  it("refuses a definition that is none", function()
    for _, name in ipairs { "v1", "current" } do
      local timeline = clients[name].timeline
      local label = "timeline:create_event_type: definition"
      refuses(label .. ".name is missing", function() timeline:create_event_type(APP, {}) end)
      refuses(label .. " must be a table", function() timeline:create_event_type(APP, "W") end)
      refuses(
        label .. ".name must be a string that is not empty",
        function() timeline:create_event_type(APP, { name = "" }) end
      )
      refuses(
        label .. ".headerTemplate must be a string",
        function() timeline:create_event_type(APP, { name = "W", headerTemplate = 1 }) end
      )
      refuses(
        label .. ".detailTemplate must be a string",
        function() timeline:create_event_type(APP, { name = "W", detailTemplate = {} }) end
      )
      refuses(
        label .. ".objectType must be one of",
        function() timeline:create_event_type(APP, { name = "W", objectType = "all people" }) end
      )
      refuses(
        "did you mean CONTACT?",
        function() timeline:create_event_type(APP, { name = "W", objectType = "contact" }) end
      )
      refuses(
        label .. " has an unknown field headerTemplat; did you mean headerTemplate?",
        function() timeline:create_event_type(APP, { name = "W", headerTemplat = "x" }) end
      )
    end
  end)
end)

describe("timeline:event_types", function()
  it("reads the event types of an application", function()
    local first = assert(clients.v1.timeline:create_event_type(APP, { name = "One", headerTemplate = "H" })).id
    local second = assert(clients.current.timeline:create_event_type(APP, { name = "Two", objectType = "deals" })).id
    assert(clients.v1.timeline:create_event_type("777", { name = "Another application's" }))
    server:clear_requests()
    for _, name in ipairs { "v1", "current", "march" } do
      local types = assert(clients[name].timeline:event_types(APP))
      assert.same({
        { id = first, name = "One", headerTemplate = "H", objectType = "contacts" },
        { id = second, name = "Two", objectType = "deals" },
      }, types)
    end
    assert.same(
      { "GET " .. V1_TYPES .. SIGNED, "GET " .. TEMPLATES .. SIGNED, "GET " .. TEMPLATES .. SIGNED },
      take(server)
    )
  end)

  it("gives an empty list where there are none", function()
    assert.same({}, assert(clients.v1.timeline:event_types(APP)))
    assert.same({}, assert(clients.current.timeline:event_types(APP)))
  end)

  it("gives the decoded answer untouched with raw", function()
    local id = type_with()
    local answer = assert(clients.v1.timeline:event_types(APP, { raw = true }))
    assert.same(
      { tonumber(id), hubspot.null, 6543, "CONTACT" },
      { answer[1].id, answer[1].headerTemplate, answer[1].applicationId, answer[1].objectType }
    )
    answer = assert(clients.current.timeline:event_types(APP, { raw = true }))
    assert.same({ id, {} }, { answer.results[1].id, answer.results[1].tokens })
  end)
end)

describe("timeline:update_event_type", function()
  it("changes an event type on v1", function()
    local id = type_with()
    local changed = assert(
      clients.v1.timeline:update_event_type(
        APP,
        id,
        { name = "New", headerTemplate = "H", detailTemplate = "D", objectType = "contacts" }
      )
    )
    assert.same({
      "PUT "
        .. V1_TYPES
        .. "/"
        .. id
        .. SIGNED
        .. ' {"applicationId":6543,"detailTemplate":"D",'
        .. '"headerTemplate":"H","name":"New","objectType":"CONTACT"}',
    }, take(server))
    assert.same({ id = id, name = "New", headerTemplate = "H", detailTemplate = "D", objectType = "contacts" }, changed)
  end)

  it("reads the template of v3 and puts it back whole, with its tokens", function()
    local id = type_with(SIZE, TITLE)
    assert(clients.current.timeline:update_event_type(APP, id, { headerTemplate = "H", detailTemplate = "D" }))
    server:clear_requests()
    local tokens = '"tokens":[{"label":"Size","name":"size","options":'
      .. SIZE_OPTIONS
      .. ',"type":"enumeration"},'
      .. '{"label":"Title","name":"title","objectPropertyName":"jobtitle","options":[],"type":"string"}]}'
    for _, name in ipairs { "current", "march" } do
      local changed = assert(clients[name].timeline:update_event_type(APP, tonumber(id), { name = "New" }))
      assert.same({
        "GET " .. TEMPLATES .. "/" .. id .. SIGNED,
        "PUT "
          .. TEMPLATES
          .. "/"
          .. id
          .. SIGNED
          .. ' {"detailTemplate":"D","headerTemplate":"H","id":"'
          .. id
          .. '","name":"New",'
          .. tokens,
      }, take(server))
      assert.same(
        { id = id, name = "New", headerTemplate = "H", detailTemplate = "D", objectType = "contacts" },
        changed
      )
    end
    local properties = assert(clients.current.timeline:event_type_properties(APP, id))
    assert.same({ "size", "title" }, { properties[1].name, properties[2].name })
    assert.same({ SIZE.options, "jobtitle" }, { properties[1].options, properties[2].objectPropertyName })
  end)

  it("can empty a template's text", function()
    local id = type_with()
    assert(clients.current.timeline:update_event_type(APP, id, { headerTemplate = "H", detailTemplate = "D" }))
    server:clear_requests()
    local changed = assert(clients.current.timeline:update_event_type(APP, id, { headerTemplate = "" }))
    assert.same({ "", "D" }, { changed.headerTemplate, changed.detailTemplate })
    assert.truthy(take(server)[2]:find('"detailTemplate":"D","headerTemplate":""', 1, true))
  end)

  it("writes nothing where there is no such template", function()
    local changed, err = clients.current.timeline:update_event_type(APP, UNKNOWN_ID, { name = "New" })
    assert.same({ nil, 404, "OBJECT_NOT_FOUND" }, { changed, err.status, err.category })
    assert.same({ "GET " .. TEMPLATES .. "/" .. UNKNOWN_ID .. SIGNED }, take(server))
    changed, err = clients.v1.timeline:update_event_type(APP, UNKNOWN_ID, { name = "New" })
    assert.same({ nil, 404 }, { changed, err.status })
  end)

  it("takes an empty answer", function()
    local id = type_with()
    server:fault { kind = "status", status = 204, body = "", method = "PUT" }
    assert.is_true(clients.v1.timeline:update_event_type(APP, id, { name = "New" }))
    server:fault { kind = "status", status = 204, body = "", method = "PUT" }
    assert.is_true(clients.current.timeline:update_event_type(APP, id, { name = "New" }))
  end)

  it("is repeated", function()
    local id = type_with()
    server:fault { kind = "reset_after", method = "PUT" }
    assert.equal("New", assert(clients.v1.timeline:update_event_type(APP, id, { name = "New" })).name)
    server:fault { kind = "reset_after", method = "PUT" }
    assert.equal("Newer", assert(clients.current.timeline:update_event_type(APP, id, { name = "Newer" })).name)
    assert.equal(5, #take(server))
  end)

  it("refuses what its route has no place for", function()
    local label = "timeline:update_event_type: "
    refuses(
      label .. "definition.name is missing",
      function() clients.v1.timeline:update_event_type(APP, "260", { headerTemplate = "H" }) end
    )
    refuses(
      label .. "definition has an unknown field objectType",
      function() clients.current.timeline:update_event_type(APP, "260", { name = "W", objectType = "deals" }) end
    )
    refuses(
      label .. "definition must name what to change",
      function() clients.current.timeline:update_event_type(APP, "260", {}) end
    )
    for _, name in ipairs { "v1", "current" } do
      refuses(
        label .. "type_id must be an id",
        function() clients[name].timeline:update_event_type(APP, "webinar", { name = "W" }) end
      )
      refuses(
        label .. "definition has an unknown field nam; did you mean name?",
        function() clients[name].timeline:update_event_type(APP, "260", { nam = "W" }) end
      )
    end
  end)
end)

describe("timeline:delete_event_type", function()
  it("deletes an event type on each route", function()
    for name, path in pairs { v1 = V1_TYPES, current = TEMPLATES, march = TEMPLATES } do
      local id = type_with()
      assert.is_true(clients[name].timeline:delete_event_type(APP, id))
      assert.same({ "DELETE " .. path .. "/" .. id .. SIGNED }, take(server))
      local deleted, err = clients[name].timeline:delete_event_type(APP, id)
      assert.same({ nil, 404 }, { deleted, err.status })
      server:clear_requests()
    end
  end)

  it("takes 200 with a body for 204", function()
    for _, name in ipairs { "v1", "current" } do
      server:fault { kind = "status", status = 200, body = '{"status":"ok"}' }
      assert.is_true(clients[name].timeline:delete_event_type(APP, "260"))
    end
  end)

  it("is done where the answer to the first attempt got lost", function()
    for _, name in ipairs { "v1", "current" } do
      local id = type_with()
      server:fault { kind = "reset_after" }
      assert.is_true(clients[name].timeline:delete_event_type(APP, id))
      assert.equal(2, #take(server))
    end
  end)
end)

-- Properties of event types --------------------------------------------------------------------------------------

describe("timeline:create_event_type_property", function()
  it("adds a property of each type on v1", function()
    local id = type_with()
    local path = "POST " .. V1_TYPES .. "/" .. id .. "/properties" .. SIGNED .. " "
    local made = assert(clients.v1.timeline:create_event_type_property(APP, id, SIZE))
    assert.truthy(type(made.id) == "string" and made.id:find "^%d+$")
    assert.same({ id = made.id, name = "size", label = "Size", type = "enumeration", options = SIZE.options }, made)
    made = assert(clients.v1.timeline:create_event_type_property(APP, id, SEATS))
    assert.same({ id = made.id, name = "seats", label = "Seats", type = "number" }, made)
    made = assert(clients.v1.timeline:create_event_type_property(APP, id, START))
    assert.same({ id = made.id, name = "start", label = "Start", type = "date" }, made)
    made = assert(clients.v1.timeline:create_event_type_property(APP, id, TITLE))
    assert.same(
      { id = made.id, name = "title", label = "Title", type = "string", objectPropertyName = "jobtitle" },
      made
    )
    assert.same({
      path .. '{"label":"Size","name":"size","options":' .. SIZE_OPTIONS .. ',"propertyType":"Enumeration"}',
      path .. '{"label":"Seats","name":"seats","propertyType":"Numeric"}',
      path .. '{"label":"Start","name":"start","propertyType":"Date"}',
      path .. '{"label":"Title","name":"title","objectProperty":"jobtitle","propertyType":"String"}',
    }, take(server))
  end)

  it("adds a token of each type on v3, known by its name", function()
    local id = type_with()
    local path = "POST " .. TEMPLATES .. "/" .. id .. "/tokens" .. SIGNED .. " "
    local made = assert(clients.current.timeline:create_event_type_property(APP, id, SIZE))
    assert.same({ id = "size", name = "size", label = "Size", type = "enumeration", options = SIZE.options }, made)
    made = assert(clients.current.timeline:create_event_type_property(APP, tonumber(id), SEATS))
    assert.same({ id = "seats", name = "seats", label = "Seats", type = "number" }, made)
    made = assert(clients.march.timeline:create_event_type_property(APP, id, START))
    assert.same({ id = "start", name = "start", label = "Start", type = "date" }, made)
    made = assert(clients.current.timeline:create_event_type_property(APP, id, TITLE))
    assert.same(
      { id = "title", name = "title", label = "Title", type = "string", objectPropertyName = "jobtitle" },
      made
    )
    assert.same({
      path .. '{"label":"Size","name":"size","options":' .. SIZE_OPTIONS .. ',"type":"enumeration"}',
      path .. '{"label":"Seats","name":"seats","type":"number"}',
      path .. '{"label":"Start","name":"start","type":"date"}',
      path .. '{"label":"Title","name":"title","objectPropertyName":"jobtitle","type":"string"}',
    }, take(server))
  end)

  it("gives HubSpot's refusal of a name that there is", function()
    local id = type_with(SEATS)
    local made, err = clients.v1.timeline:create_event_type_property(APP, id, SEATS)
    assert.same({ nil, 400 }, { made, err.status })
    made, err = clients.current.timeline:create_event_type_property(APP, id, SEATS)
    assert.same({ nil, 409, "CONFLICT" }, { made, err.status, err.category })
  end)

  it("is not repeated where it may have been carried out", function()
    for _, name in ipairs { "v1", "current" } do
      local id = type_with()
      server:fault { kind = "reset_after" }
      local made, err = clients[name].timeline:create_event_type_property(APP, id, SEATS)
      assert.same({ nil, "network" }, { made, err.kind })
      assert.equal(1, #take(server))
    end
  end)

  local BAD = {
    { ".name is missing", { label = "Size", type = "string" } },
    { ".label is missing", { name = "size", type = "string" } },
    { ".type is missing", { name = "size", label = "Size" } },
    { ".name must not be log or lookup", { name = "log", label = "L", type = "string" } },
    { ".name must not be log or lookup", { name = "lookup", label = "L", type = "string" } },
    {
      '.type must be one of "string", "number", "date", "enumeration", or another of HubSpot\'s words, got "String"; '
        .. "did you mean string?",
      { name = "size", label = "Size", type = "String" },
    },
    { ".options is missing: an enumeration needs them", { name = "size", label = "Size", type = "enumeration" } },
    { ".options must not be empty", { name = "size", label = "Size", type = "enumeration", options = {} } },
    {
      ".options[2].value is missing",
      {
        name = "size",
        label = "Size",
        type = "enumeration",
        options = { { label = "L", value = "l" }, { label = "S" } },
      },
    },
    {
      ".options[1] has an unknown field lable; did you mean label?",
      { name = "size", label = "Size", type = "enumeration", options = { { lable = "L" } } },
    },
    {
      ".options[1].label is missing",
      { name = "size", label = "Size", type = "enumeration", options = { { value = "l" } } },
    },
    {
      ".options[1].label must be a string",
      { name = "size", label = "Size", type = "enumeration", options = { { label = 1, value = "l" } } },
    },
    {
      ".options[1].value must be a string",
      { name = "size", label = "Size", type = "enumeration", options = { { label = "L", value = 1 } } },
    },
    { ".name must be a string", { name = 7, label = "Size", type = "string" } },
    { ".label must be a string", { name = "size", label = 7, type = "string" } },
    {
      ".objectPropertyName must be a string",
      { name = "size", label = "Size", type = "string", objectPropertyName = true },
    },
    { " has an unknown field id", { id = 4, name = "size", label = "Size", type = "string" } },
    { " must be a table", "size" },
  }

  it("refuses a definition that is none", function()
    for _, name in ipairs { "v1", "current" } do
      for _, case in ipairs(BAD) do
        refuses(
          "timeline:create_event_type_property: definition" .. case[1],
          function() clients[name].timeline:create_event_type_property(APP, "260", case[2]) end
        )
      end
    end
  end)
end)

describe("timeline:event_type_properties", function()
  it("reads the properties", function()
    local id = type_with(SIZE, SEATS, START, TITLE)
    local properties = assert(clients.v1.timeline:event_type_properties(APP, id))
    assert.same({ "GET " .. V1_TYPES .. "/" .. id .. "/properties" .. SIGNED }, take(server))
    for _, property in ipairs(properties) do
      assert.truthy(type(property.id) == "string" and property.id:find "^%d+$")
      property.id = property.name
    end
    assert.same(properties, assert(clients.current.timeline:event_type_properties(APP, id)))
    assert.same(properties, assert(clients.march.timeline:event_type_properties(APP, tonumber(id))))
    assert.same(
      { "GET " .. TEMPLATES .. "/" .. id .. SIGNED, "GET " .. TEMPLATES .. "/" .. id .. SIGNED },
      take(server)
    )
    assert.same({
      { id = "size", name = "size", label = "Size", type = "enumeration", options = SIZE.options },
      { id = "seats", name = "seats", label = "Seats", type = "number" },
      { id = "start", name = "start", label = "Start", type = "date" },
      { id = "title", name = "title", label = "Title", type = "string", objectPropertyName = "jobtitle" },
    }, properties)
  end)

  it("gives an empty list where there are none", function()
    local id = type_with()
    assert.same({}, assert(clients.v1.timeline:event_type_properties(APP, id)))
    assert.same({}, assert(clients.current.timeline:event_type_properties(APP, id)))
  end)

  it("fails for an unknown type", function()
    for _, name in ipairs { "v1", "current" } do
      local properties, err = clients[name].timeline:event_type_properties(APP, UNKNOWN_ID)
      assert.same({ nil, 404 }, { properties, err.status })
    end
  end)
end)

describe("timeline:update_event_type_property", function()
  it("changes a property on v1, by its id", function()
    local id = type_with(SIZE, TITLE)
    local properties = assert(clients.v1.timeline:event_type_properties(APP, id))
    server:clear_requests()
    local path = "PUT " .. V1_TYPES .. "/" .. id .. "/properties" .. SIGNED .. " "
    local changed = assert(clients.v1.timeline:update_event_type_property(APP, id, {
      id = properties[1].id,
      name = "size",
      label = "Extent",
      type = "enumeration",
      options = { { label = "XL", value = "xl" } },
    }))
    assert.same({
      id = properties[1].id,
      name = "size",
      label = "Extent",
      type = "enumeration",
      options = { { label = "XL", value = "xl" } },
    }, changed)
    changed = assert(clients.v1.timeline:update_event_type_property(APP, id, {
      id = tonumber(properties[2].id),
      name = "title",
      label = "T",
      type = "string",
      objectPropertyName = "company",
    }))
    assert.equal("company", changed.objectPropertyName)
    assert.same({
      path .. (
        '{"eventTypeId":%s,"id":%s,"label":"Extent","name":"size","options":[{"label":"XL","value":"xl"}],'
        .. '"propertyType":"Enumeration"}'
      ):format(id, properties[1].id),
      path .. (
        '{"eventTypeId":%s,"id":%s,"label":"T","name":"title","objectProperty":"company",'
        .. '"propertyType":"String"}'
      ):format(id, properties[2].id),
    }, take(server))
  end)

  it("changes a token of v3, by its name, always with its options", function()
    local id = type_with(SIZE, TITLE)
    local path = "PUT " .. TEMPLATES .. "/" .. id .. "/tokens/"
    local changed = assert(
      clients.current.timeline:update_event_type_property(
        APP,
        id,
        { name = "size", label = "Extent", type = "enumeration", options = { { label = "XL", value = "xl" } } }
      )
    )
    assert.same({
      id = "size",
      name = "size",
      label = "Extent",
      type = "enumeration",
      options = { { label = "XL", value = "xl" } },
    }, changed)
    changed = assert(
      clients.march.timeline:update_event_type_property(
        APP,
        id,
        { id = "4", name = "title", label = "T", type = "string", objectPropertyName = "company" }
      )
    )
    assert.same({ id = "title", name = "title", label = "T", type = "string", objectPropertyName = "company" }, changed)
    assert.same({
      path .. "size" .. SIGNED .. ' {"label":"Extent","options":[{"label":"XL","value":"xl"}]}',
      path .. "title" .. SIGNED .. ' {"label":"T","objectPropertyName":"company","options":[]}',
    }, take(server))
  end)

  it("takes an empty answer", function()
    for _, name in ipairs { "v1", "current" } do
      server:fault { kind = "status", status = 204, body = "" }
      assert.is_true(
        clients[name].timeline:update_event_type_property(
          APP,
          "260",
          { id = 4, name = "title", label = "T", type = "string" }
        )
      )
    end
  end)

  it("fails for an unknown property", function()
    local id = type_with(SIZE)
    for _, name in ipairs { "v1", "current" } do
      local changed, err = clients[name].timeline:update_event_type_property(
        APP,
        id,
        { id = UNKNOWN_ID, name = "none", label = "T", type = "string" }
      )
      assert.same({ nil, 404 }, { changed, err.status })
    end
  end)

  it("refuses a definition that is none", function()
    local label = "timeline:update_event_type_property: definition"
    refuses(
      label .. ".id is missing",
      function()
        clients.v1.timeline:update_event_type_property(APP, "260", { name = "size", label = "S", type = "string" })
      end
    )
    for _, case in ipairs {
      { ".label is missing", { id = 4, name = "size", type = "string" } },
      { ".name is missing", { id = 4, label = "S", type = "string" } },
      { ".type is missing", { id = 4, name = "size", label = "S" } },
      { ".id must be an id", { id = "size", name = "size", label = "S", type = "string" } },
      { ".name must not be log or lookup", { id = 4, name = "log", label = "S", type = "string" } },
      { ".options is missing", { id = 4, name = "size", label = "S", type = "enumeration" } },
    } do
      for _, name in ipairs { "v1", "current" } do
        refuses(label .. case[1], function() clients[name].timeline:update_event_type_property(APP, "260", case[2]) end)
      end
    end
  end)
end)

-- Who may ask ----------------------------------------------------------------------------------------------------

-- The arguments of a method that manages event types.
local function arguments_of(method)
  return unpack(({
    event_types = { APP },
    create_event_type = { APP, { name = "W" } },
    update_event_type = { APP, "260", { name = "W" } },
    delete_event_type = { APP, "260" },
    event_type_properties = { APP, "260" },
    create_event_type_property = { APP, "260", SEATS },
    update_event_type_property = { APP, "260", { id = 4, name = "seats", label = "S", type = "number" } },
  })[method])
end

-- All texts in a value, whatever table they are in.
local function texts_in(value, texts, seen)
  texts, seen = texts or {}, seen or {}
  if type(value) == "table" and not seen[value] then
    seen[value] = true
    for key, item in pairs(value) do
      texts_in(key, texts, seen)
      texts_in(item, texts, seen)
    end
    texts_in(getmetatable(value), texts, seen)
  end
  texts[#texts + 1] = tostring(value)
  return texts
end

local function does_not_show(secret, ...)
  for _, text in ipairs(texts_in { ... }) do
    assert.is_nil(text:find(secret, 1, true), text)
  end
end

describe("the developer key", function()
  it("is asked for where a client has none, with where it is made", function()
    for _, version in ipairs { "v1", "2026-09", "2026-03" } do
      local client = wire.client(server, { api_version = version, user_id = USER })
      for _, method in ipairs(ADMINISTRATION) do
        local message = refuses(
          ("timeline:%s: needs the developer key"):format(method),
          function() client.timeline[method](client.timeline, arguments_of(method)) end
        )
        assert.truthy(message:find("developer account", 1, true))
        assert.truthy(message:find("Developer API key", 1, true))
        assert.truthy(message:find("hubspot.new{ developer_key = ", 1, true))
      end
      client:close()
    end
  end)

  it("goes into the query with the user's id, and no token goes with it", function()
    for _, name in ipairs { "v1", "current", "march" } do
      local timeline = clients[name].timeline
      for _, method in ipairs(ADMINISTRATION) do
        -- Some fail, for there is no such type; all are sent.
        timeline[method](timeline, arguments_of(method))
        local requests = server:requests()
        assert.is_true(#requests > 0)
        for _, request in ipairs(requests) do
          assert.is_nil(request.headers.authorization)
          assert.equal("hapikey=" .. KEY .. "&userId=" .. USER, request.query)
        end
        server:clear_requests()
      end
    end
  end)

  it("goes without a user's id where the client has none", function()
    local client = wire.client(server, { developer_key = KEY })
    assert.same({}, assert(client.timeline:event_types(APP)))
    assert.same({ "GET " .. TEMPLATES .. "?hapikey=" .. KEY }, take(server))
    client:close()
  end)

  it("is not sent with events, which take the token", function()
    local id = type_with()
    for _, name in ipairs { "v1", "current" } do
      local timeline = clients[name].timeline
      assert(timeline:upsert_event(APP, { id = name, eventTypeId = id, email = "ada@example.org" }))
      assert(timeline:get_event(APP, id, name))
      assert(timeline:upsert_events(APP, { { id = name .. "2", eventTypeId = id, email = "ada@example.org" } }))
    end
    assert(clients.current.timeline:upsert_event(nil, { id = "1", eventTypeName = WEBINAR, email = "a@example.org" }))
    local requests = server:requests()
    assert.equal(7, #requests)
    for _, request in ipairs(requests) do
      assert.equal("Bearer [hidden]", request.headers.authorization)
      assert.equal("", request.query or "")
    end
  end)

  it("is enough for event types; a call that needs a token says that there is none", function()
    local client = hubspot.new { base_url = server.url, limiter = false, developer_key = KEY, user_id = USER }
    local id = assert(client.timeline:create_event_type(APP, { name = "W" })).id
    server:clear_requests()
    local written, err = client.timeline:upsert_event(APP, { id = "1", eventTypeId = id, email = "a@example.org" })
    assert.same({ nil, "auth" }, { written, err.kind })
    assert.truthy(tostring(err):find("no token", 1, true))
    assert.same({}, take(server))
    client:close()
  end)

  it("that HubSpot refuses is an error", function()
    for _, version in ipairs { "v1", "2026-09" } do
      local client = wire.client(server, { api_version = version, developer_key = "a-key-that-is-not-right" })
      local types, err = client.timeline:event_types(APP)
      assert.same({ nil, 401, "auth", 1 }, { types, err.status, err.kind, err.attempts })
      does_not_show("a-key-that-is-not-right", err)
      client:close()
    end
  end)

  it("is in no error, hook event or dump, also where the server tells it", function()
    local events = {}
    local function note(event) events[#events + 1] = event end
    local client = wire.client(server, {
      developer_key = KEY,
      user_id = USER,
      retry = { max_attempts = 2, base_delay = 0.001 },
      on = { request = note, response = note, retry = note, throttle = note },
    })
    local echo = (
      '{"status":"error","message":"bad key %s","correlationId":"%s","category":"%s","errors":'
      .. '[{"message":"%s","code":"%s","context":{"hapikey":["%s"]}}]}'
    ):gsub("%%s", KEY)
    local faults = {
      { kind = "status", status = 400, body = echo },
      { kind = "status", status = 403, body = echo },
      { kind = "status", status = 503, body = echo, times = 2 },
      { kind = "status", status = 200, body = "no JSON: /x?hapikey=" .. KEY },
      { kind = "status", status = 200, body = '"' .. KEY .. '"' },
      { kind = "status", status = 404, body = "<html><title>" .. KEY .. "</title></html>" },
      { kind = "reset", times = 10 },
      { kind = "cut", times = 10 },
    }
    for index, fault in ipairs(faults) do
      server:fault(fault)
      local types, err = client.timeline:event_types(APP)
      server:clear_faults()
      assert.is_nil(types, "fault " .. index)
      assert.equal("table", type(err))
      does_not_show(KEY, err)
    end
    assert.is_true(#events >= 2 * #faults)
    does_not_show(KEY, events, client, client.timeline)
    client:close()
  end)
end)

describe("application_id", function()
  it("has a default that the client knows", function()
    local id = type_with()
    for version, path in pairs { v1 = V1_TYPES, ["2026-09"] = TEMPLATES } do
      local client = wire.client(
        server,
        { api_version = version, developer_key = KEY, user_id = USER, application_id = tonumber(APP) }
      )
      assert.equal(1, #assert(client.timeline:event_types()))
      assert(client.timeline:event_types(nil, { timeout = 5 }))
      assert(client.timeline:event_type_properties(nil, id))
      assert.same({
        "GET " .. path .. SIGNED,
        "GET " .. path .. SIGNED,
        "GET " .. path .. "/" .. id .. (version == "v1" and "/properties" or "") .. SIGNED,
      }, take(server))
      -- The caller's values come first.
      assert.same({}, assert(client.timeline:event_types(777)))
      assert.truthy(take(server)[1]:find("/777/", 1, true))
      client:close()
    end
    local client = wire.client(server, { api_version = "v1", application_id = APP })
    assert.is_true(client.timeline:upsert_event(nil, { id = "1", eventTypeId = id, email = "ada@example.org" }))
    assert.equal("1", assert(client.timeline:get_event(nil, id, "1")).id)
    assert.same(
      {},
      assert(client.timeline:upsert_events(nil, { { id = "2", eventTypeId = id, email = "ada@example.org" } })).errors
    )
    assert.same(
      {
        V1_EVENT .. ('{"email":"ada@example.org","eventTypeId":%s,"id":"1"}'):format(id),
        ("GET /integrations/v1/6543/timeline/event/%s/1"):format(id),
        V1_EVENT .. ('/batch{"eventWrappers":[{"email":"ada@example.org","eventTypeId":%s,"id":"2"}]}'):format(id),
      },
      (function()
        local lines = take(server)
        for index, line in ipairs(lines) do
          lines[index] = line:gsub(" {", "{", 1)
        end
        return lines
      end)()
    )
    client:close()
  end)

  it("is asked for where there is none and the path has it", function()
    for _, name in ipairs { "v1", "current" } do
      local timeline = clients[name].timeline
      for _, method in ipairs(ADMINISTRATION) do
        local arguments = { arguments_of(method) }
        local message = refuses(
          ("timeline:%s: application_id is missing"):format(method),
          function() timeline[method](timeline, nil, unpack(arguments, 2, #arguments)) end
        )
        assert.truthy(message:find("hubspot.new{ application_id = ", 1, true))
      end
    end
    local event = { id = "1", eventTypeId = "260", email = "ada@example.org" }
    refuses(
      "timeline:upsert_event: application_id is missing",
      function() clients.v1.timeline:upsert_event(nil, event) end
    )
    refuses(
      "timeline:upsert_events: application_id is missing",
      function() clients.v1.timeline:upsert_events(nil, { event }) end
    )
    refuses(
      "timeline:get_event: application_id is missing",
      function() clients.v1.timeline:get_event(nil, "260", "1") end
    )
  end)

  it("is not needed where no path has it", function()
    local id = type_with()
    assert(clients.current.timeline:upsert_event(nil, { id = "1", eventTypeId = id, email = "ada@example.org" }))
    assert.equal("1", assert(clients.current.timeline:get_event(nil, id, "1")).id)
    assert(clients.current.timeline:upsert_events(nil, { { id = "2", eventTypeId = id, email = "ada@example.org" } }))
    assert.equal(3, #take(server))
  end)

  it("must be an id", function()
    for _, name in ipairs { "v1", "current" } do
      refuses(
        "timeline:event_types: application_id must be an id",
        function() clients[name].timeline:event_types "my-app" end
      )
      refuses(
        "timeline:event_types: application_id must be an id",
        function() clients[name].timeline:event_types { timeout = 5 } end
      )
    end
  end)
end)

-- Events ---------------------------------------------------------------------------------------------------------

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

-- Many events ----------------------------------------------------------------------------------------------------

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
