-- Credentials and applications of client.timeline, over real sockets: requests on the wire are compared with HubSpot's
-- documentation of it, not with the client's own tables.

local hubspot = require "hubspot"
local timeline_fixture = require "spec.support.timeline_fixture"
local wire = require "spec.support.wire"

local take = wire.take
local unpack = table.unpack or unpack

local APP, KEY, USER = timeline_fixture.APP, timeline_fixture.KEY, timeline_fixture.USER
local WEBINAR = timeline_fixture.WEBINAR
local SEATS = timeline_fixture.SEATS

-- The developer key as it goes over the wire, with its user.
local SIGNED = "?hapikey=[hidden]&userId=" .. USER

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

local here = timeline_fixture.new()
local server, clients = here.server, here.clients

-- Checks that a wrong call of a method throws where it is made, and nothing is sent.
local function refuses(...) return here:refuses(...) end

local function type_with(...) return timeline_fixture.type_with(here, ...) end

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
          assert.equal("hapikey=[hidden]&userId=" .. USER, request.query)
        end
        server:clear_requests()
      end
    end
  end)

  it("goes without a user's id where the client has none", function()
    local client = wire.client(server, { developer_key = KEY })
    assert.same({}, assert(client.timeline:event_types(APP)))
    assert.same({ "GET " .. TEMPLATES .. "?hapikey=[hidden]" }, take(server))
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
