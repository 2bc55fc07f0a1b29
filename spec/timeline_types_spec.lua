-- The event types of client.timeline over real sockets: what goes over the wire is compared with HubSpot's
-- documentation of it, not with the client's own tables.

local hubspot = require "hubspot"
local timeline_fixture = require "spec.support.timeline_fixture"
local wire = require "spec.support.wire"

local take = wire.take

local APP, KEY, USER = timeline_fixture.APP, timeline_fixture.KEY, timeline_fixture.USER
local NOW = timeline_fixture.NOW
local SIZE, SEATS = timeline_fixture.SIZE, timeline_fixture.SEATS
local TITLE, START = timeline_fixture.TITLE, timeline_fixture.START

-- The developer key with its user, as the sandbox notes requests: it takes no other key, and shows none.
local SIGNED = "?hapikey=[hidden]&userId=" .. USER

local UNKNOWN_ID = "999999"

local V1_TYPES = "/integrations/v1/6543/timeline/event-types"
local TEMPLATES = "/integrators/timeline/v3/6543/event-templates"

local here = timeline_fixture.new()
local server, clients = here.server, here.clients

-- Checks that a wrong call of a method throws where it is made, and nothing is sent.
local function refuses(...) return here:refuses(...) end

local function type_with(...) return timeline_fixture.type_with(here, ...) end

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
