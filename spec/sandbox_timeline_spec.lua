local core = require "hubspot.core"
local portal = require "spec.support.portal"
local sandbox = require "hubspot.sandbox"

local array, ids_of = core.array, portal.ids_of
local NOW = portal.NOW
local V1 = "/integrations/v1/6543/timeline"
local TYPES = V1 .. "/event-types"
local TEMPLATES = "/integrators/timeline/v3/6543/event-templates"
local EVENTS = "/integrators/timeline/v3/events"
local WEBINAR = "pe99001_webinar"

describe("timeline", function()
  local wire, call, must

  -- Asks as the app's developer does: with a key, and no token.
  local function admin(method, path, body)
    local answer = wire.portal {
      method = method,
      url = path .. (path:find("?", 1, true) and "&" or "?") .. "hapikey=dev-key&userId=7",
      headers = { ["content-type"] = body and "application/json" or nil },
      body = type(body) == "table" and assert(core.encode(body)) or body,
    }
    return answer.status, answer.body ~= "" and core.decode(answer.body, true) or nil, answer
  end

  local function manage(...)
    local status, body, answer = admin(...)
    if status >= 300 then error(select(2, ...) .. ": " .. status .. " " .. answer.body, 2) end
    return body, status
  end

  before_each(function()
    wire = portal.new {
      developer_key = "dev-key",
      event_types = { WEBINAR, { name = "pe99001_order", properties = { { name = "total", type = "number" } } } },
    }
    call, must = wire.call, wire.must
  end)

  local function new_type(fields)
    local body = { name = "Webinar", applicationId = 6543 }
    for name, value in pairs(fields or {}) do
      body[name] = value
    end
    return manage("POST", TYPES, body).id
  end

  local function new_property(id, fields) return manage("POST", TYPES .. "/" .. id .. "/properties", fields) end

  describe("event types of v1", function()
    it("are created, listed, changed and deleted", function()
      local made, status =
        manage("POST", TYPES, { name = "Webinar", applicationId = "6543", headerTemplate = "Watched {{title}}" })
      assert.equal(200, status)
      assert.same({
        id = made.id,
        name = "Webinar",
        headerTemplate = "Watched {{title}}",
        detailTemplate = core.null,
        objectType = "CONTACT",
        applicationId = 6543,
      }, made)
      assert.same({ made }, manage("GET", TYPES))
      assert.same({}, manage("GET", "/integrations/v1/1/timeline/event-types"))
      local path = TYPES .. "/" .. made.id
      local changed =
        manage("PUT", path, { id = made.id, applicationId = 6543, name = "Live webinar", detailTemplate = "Details" })
      assert.equal("Live webinar", changed.name)
      assert.equal("Watched {{title}}", changed.headerTemplate)
      assert.equal("Details", changed.detailTemplate)
      assert.same({ changed }, manage("GET", TYPES))
      assert.equal(204, (admin("DELETE", path)))
      assert.equal(404, (admin("DELETE", path)))
      assert.same({}, manage("GET", TYPES))
    end)

    it("are refused where something is missing or differs from the path", function()
      local path = TYPES .. "/" .. new_type()
      for _, body in ipairs {
        { applicationId = 6543 },
        { name = "", applicationId = 6543 },
        { name = 5, applicationId = 6543 },
        { name = "A" },
        { name = "A", applicationId = 6544 },
        { name = "A", applicationId = 6543, objectType = "X" },
        { name = "A", applicationId = 6543, headerTemplate = {} },
        "[]x",
      } do
        assert.equal(400, (admin("POST", TYPES, body)))
        assert.equal(400, (admin("PUT", path, body)))
      end
      assert.equal(400, (admin("PUT", path, { name = "A", applicationId = 6543, id = 1 })))
      assert.equal(400, (admin("PUT", path, { name = "A", applicationId = 6543, objectType = "DEAL" })))
      assert.equal(404, (admin("PUT", TYPES .. "/1", { name = "A", applicationId = 6543 })))
      assert.equal(404, (admin("GET", (path:gsub("6543", "1")) .. "/properties")))
      assert.equal(400, (admin("GET", "/integrations/v1/app/timeline/event-types")))
      assert.equal(1, #manage("GET", TYPES))
    end)

    it("are 750 at most", function()
      for number = 1, 750 do
        new_type { name = "Type " .. number }
      end
      local status, body = admin("POST", TYPES, { name = "One more", applicationId = 6543 })
      assert.equal(400, status)
      assert.matches("750", body.message)
      assert.equal(400, (admin("POST", TEMPLATES, { name = "One more", objectType = "CONTACT", tokens = array {} })))
      assert.equal(200, (admin("POST", "/integrations/v1/1/timeline/event-types", { name = "A", applicationId = 1 })))
    end)

    it("have properties", function()
      local id = new_type()
      local path = TYPES .. "/" .. id .. "/properties"
      local options = array { { label = "Large", value = "large" } }
      local size = new_property(id, { name = "size", label = "Size", propertyType = "Enumeration", options = options })
      assert.same({ { propertyId = size.id, label = "Large", value = "large" } }, size.options)
      assert.equal(id, size.eventTypeId)
      local title =
        new_property(id, { name = "title", label = "Title", propertyType = "String", objectProperty = "jobtitle" })
      assert.equal(core.null, title.options)
      assert.equal("jobtitle", title.objectProperty)
      assert.same({ size, title }, manage("GET", path))
      local changed = manage("PUT", path, {
        id = size.id,
        eventTypeId = id,
        name = "size",
        label = "How large",
        options = array { { label = "Small", value = "small" } },
      })
      assert.equal("How large", changed.label)
      assert.equal("Enumeration", changed.propertyType)
      assert.equal("small", changed.options[1].value)
      assert.same({ changed, title }, manage("GET", path))
      assert.equal(404, (admin("PUT", path, { id = 999, eventTypeId = id, label = "x" })))
      for _, body in ipairs {
        { eventTypeId = id, label = "x" },
        { id = size.id, label = "x" },
        { id = size.id, eventTypeId = id + 1 },
        { id = size.id, eventTypeId = id, name = "other" },
        { id = size.id, eventTypeId = id, propertyType = "Text" },
      } do
        assert.equal(400, (admin("PUT", path, body)))
      end
    end)

    it("refuse properties with reserved names, unknown types and bad options", function()
      local id = new_type()
      new_property(id, { name = "size", label = "Size", propertyType = "String" })
      for _, body in ipairs {
        { name = "log", label = "Log", propertyType = "String" },
        { name = "lookup", label = "L", propertyType = "String" },
        { name = "two words", label = "L", propertyType = "String" },
        { label = "L", propertyType = "String" },
        { name = "a", propertyType = "String" },
        { name = "a", label = "A" },
        { name = "a", label = "A", propertyType = "string" },
        { name = "size", label = "S", propertyType = "String" },
        { name = "a", label = "A", propertyType = "Enumeration", options = array { { label = "L" } } },
        { name = "a", label = "A", propertyType = "String", objectProperty = "nope" },
        { name = "a", label = "A", propertyType = "String", eventTypeId = id + 1 },
      } do
        assert.equal(400, (admin("POST", TYPES .. "/" .. id .. "/properties", body)))
      end
    end)
  end)

  describe("credentials", function()
    local ADMINISTRATION = {
      { "GET", TYPES },
      { "POST", TYPES },
      { "PUT", TYPES .. "/1" },
      { "DELETE", TYPES .. "/1" },
      { "GET", TYPES .. "/1/properties" },
      { "POST", TYPES .. "/1/properties" },
      { "PUT", TYPES .. "/1/properties" },
      { "GET", TEMPLATES },
      { "POST", TEMPLATES },
      { "GET", TEMPLATES .. "/1" },
      { "PUT", TEMPLATES .. "/1" },
      { "DELETE", TEMPLATES .. "/1" },
      { "POST", TEMPLATES .. "/1/tokens" },
      { "PUT", TEMPLATES .. "/1/tokens/a" },
      { "DELETE", TEMPLATES .. "/1/tokens/a" },
    }
    local OF_EVENTS = {
      { "POST", V1 .. "/event" },
      { "POST", V1 .. "/event/batch" },
      { "GET", V1 .. "/event/1/2" },
      { "POST", EVENTS },
      { "POST", EVENTS .. "/batch/create" },
      { "GET", EVENTS .. "/1/2" },
      { "GET", EVENTS .. "/1/2/detail" },
      { "GET", EVENTS .. "/1/2/render" },
      { "POST", "/integrators/timeline/2026-09/events" },
      { "POST", "/integrators/timeline/2026-03/events/batch" },
      { "POST", "/integrators/timeline/2026-09/types/projects" },
    }

    local function without(method, path)
      local answer = wire.portal { method = method, url = path, headers = {} }
      return answer.status, core.decode(answer.body)
    end

    it("of administration are a developer key, and no token", function()
      for _, case in ipairs(ADMINISTRATION) do
        local status, body = call(case[1], case[2])
        assert.equal(403, status)
        assert.matches("^This API can't be called using an OAuth access token", body.message)
        status, body = without(case[1], case[2])
        assert.equal(401, status)
        assert.matches("^Authentication credentials not found", body.message)
        assert.equal(401, (without(case[1], case[2] .. "?hapikey=other&userId=7")))
      end
      assert.equal(403, (call("GET", TYPES .. "?hapikey=dev-key&userId=7")))
    end)

    it("take any developer key where none was set", function()
      wire = portal.new()
      assert.equal(200, (without("GET", TYPES .. "?hapikey=any&userId=7")))
      assert.equal(401, (without("GET", TYPES .. "?hapikey=&userId=7")))
      assert.error_matches(function() sandbox.new { developer_key = 5 } end, "developer_key must be a string")
    end)

    it("name the user who lists and creates types on v1", function()
      for _, method in ipairs { "GET", "POST" } do
        local status, body = without(method, TYPES .. "?hapikey=dev-key")
        assert.equal(400, status)
        assert.matches("userId", body.message)
        assert.equal(400, (without(method, TYPES .. "?hapikey=dev-key&userId=me")))
      end
      assert.equal(200, (without("GET", TEMPLATES .. "?hapikey=dev-key")))
    end)

    it("of events are a token, and no developer key", function()
      for _, case in ipairs(OF_EVENTS) do
        local status, body = without(case[1], case[2])
        assert.equal(401, status)
        assert.matches("^Authentication credentials not found", body.message)
        assert.equal(401, (without(case[1], case[2] .. "?hapikey=dev-key")))
        status, body = call(case[1], case[2] .. "?hapikey=dev-key")
        assert.equal(401, status)
        assert.matches("API keys are not accepted", body.message)
      end
      wire = portal.new { scopes = { "content" } }
      for _, case in ipairs(OF_EVENTS) do
        local status, body = wire.call(case[1], case[2])
        assert.equal(403, status)
        assert.same({ "timeline" }, body.errors[1].context.requiredGranularScopes)
      end
    end)
  end)

  describe("events of v1", function()
    local id

    before_each(function()
      id = new_type()
      new_property(id, { name = "title", label = "Title", propertyType = "String", objectProperty = "jobtitle" })
      new_property(id, { name = "seats", label = "Seats", propertyType = "Numeric" })
      new_property(id, { name = "held", label = "Held", propertyType = "Date" })
      new_property(id, {
        name = "size",
        label = "Size",
        propertyType = "Enumeration",
        options = array { { label = "Large", value = "large" } },
      })
    end)

    local function event(fields)
      local body = { id = "e1", eventTypeId = id, email = "ada@example.org" }
      for name, value in pairs(fields or {}) do
        body[name] = value or nil
      end
      return body
    end

    it("are made and read", function()
      local contact = wire.create { email = "ada@example.org" }
      local frame = {
        linkLabel = "Open",
        iframeLabel = "Webinar",
        iframeUri = "https://example.org/w",
        width = 800,
        height = 600,
      }
      local status, body = call(
        "POST",
        V1 .. "/event",
        event {
          title = "Engines",
          seats = "12.5",
          size = "large",
          held = "1764000000000",
          timestamp = 1416852689573,
          extraData = { a = { b = 1 } },
          timelineIFrame = frame,
        }
      )
      assert.equal(204, status)
      assert.is_nil(body)
      assert.same({
        id = "e1",
        applicationId = 6543,
        portalId = 99001,
        eventTypeId = id,
        objectType = "CONTACT",
        objectId = tonumber(contact),
        extraData = { a = { b = 1 } },
        timestamp = 1416852689573,
        title = "Engines",
        seats = "12.5",
        size = "large",
        held = "1764000000000",
        timelineIFrame = frame,
      }, must("GET", V1 .. "/event/" .. id .. "/e1"))
      assert.equal("Engines", wire.property(contact, "jobtitle"))
      assert.equal(404, (call("GET", V1 .. "/event/" .. id .. "/e2")))
      assert.equal(404, (call("GET", "/integrations/v1/1/timeline/event/" .. id .. "/e1")))
    end)

    it("happen now unless they say when", function()
      must("POST", V1 .. "/event", event { eventTypeId = tostring(id) })
      local made = must("GET", V1 .. "/event/" .. id .. "/e1")
      assert.is_true(made.timestamp >= NOW and made.timestamp < NOW + 60000)
      assert.equal(core.null, made.extraData)
      must("POST", V1 .. "/event", event { id = "e2", timestamp = "1416852689573" })
      assert.equal(1416852689573, must("GET", V1 .. "/event/" .. id .. "/e2").timestamp)
    end)

    it("find their contact, or make it", function()
      must("POST", V1 .. "/event", event { email = "New@Example.org" })
      local by_email = must("GET", "/contacts/v1/contact/email/new%40example.org/profile")
      assert.equal(by_email.vid, must("GET", V1 .. "/event/" .. id .. "/e1").objectId)
      must("POST", V1 .. "/event", event { id = "e2", email = false, objectId = by_email.vid })
      local token = by_email["identity-profiles"][1].identities[2].value
      must("POST", V1 .. "/event", event { id = "e3", email = false, utk = token })
      must("POST", V1 .. "/event", event { id = "e4", utk = token, email = "second@example.org" })
      for number = 2, 4 do
        assert.equal(by_email.vid, must("GET", V1 .. "/event/" .. id .. "/e" .. number).objectId)
      end
      assert.equal("second@example.org", wire.property(by_email.vid, "email"))
      must("POST", V1 .. "/event", event { id = "e5", objectId = by_email.vid, email = "third@example.org" })
      assert.equal("third@example.org", wire.property(by_email.vid, "email"))
      must("POST", V1 .. "/event", event { id = "e6", utk = "unknown", email = "third@example.org" })
      assert.equal(by_email.vid, must("GET", V1 .. "/event/" .. id .. "/e6").objectId)
      assert.equal(1, must("GET", "/contacts/v1/contacts/statistics").contacts)
    end)

    it("leave an address with the contact that has it", function()
      local ada, bob = wire.create { email = "ada@example.org" }, wire.create { email = "bob@example.org" }
      must("POST", V1 .. "/event", event { objectId = tonumber(bob) })
      assert.equal("ada@example.org", wire.property(ada, "email"))
      assert.equal("bob@example.org", wire.property(bob, "email"))
      assert.equal(tonumber(bob), must("GET", V1 .. "/event/" .. id .. "/e1").objectId)
    end)

    it("are refused where they are wrong, and create no contact", function()
      for _, fields in ipairs {
        { id = false },
        { id = "" },
        { id = 5 },
        { eventTypeId = 1 },
        { eventTypeId = false },
        { email = false },
        { email = "bad" },
        { objectId = 1 },
        { email = false, utk = "nope" },
        { seats = 12 },
        { seats = "twelve" },
        { size = "huge" },
        { held = "soon" },
        { nope = "x" },
        { title = true },
        { timestamp = "soon" },
        { timestamp = 1e300 },
        { extraData = "text" },
        { timelineIFrame = { url = "https://example.org" } },
      } do
        local status, body = call("POST", V1 .. "/event", event(fields))
        assert.equal(400, status)
        assert.equal("VALIDATION_ERROR", body.category)
      end
      assert.equal(400, (call("POST", "/integrations/v1/1/timeline/event", event())))
      assert.equal(404, (call("GET", "/contacts/v1/contact/email/ada%40example.org/profile")))
    end)

    it("can't be changed: a used id is refused, and PUT is gone", function()
      must("POST", V1 .. "/event", event { title = "First" })
      local status, body = call("POST", V1 .. "/event", event { title = "Second" })
      assert.equal(400, status)
      assert.matches("already exists", body.message)
      assert.equal("First", must("GET", V1 .. "/event/" .. id .. "/e1").title)
      for _, path in ipairs { "/event", "/event/batch" } do
        local refused, _, response = call("PUT", V1 .. path, event())
        assert.equal(405, refused)
        assert.equal("OPTIONS,POST", response.headers.allow)
      end
      local other = new_type { name = "Other" }
      must("POST", V1 .. "/event", event { eventTypeId = other })
    end)

    it("come in batches, of which nothing is carried out where one is wrong", function()
      local wrappers = array {}
      for number = 1, 100 do
        wrappers[number] = event { id = "b" .. number, email = number .. "@example.org" }
      end
      assert.equal(204, (call("POST", V1 .. "/event/batch", { eventWrappers = wrappers })))
      assert.equal("b100", must("GET", V1 .. "/event/" .. id .. "/b100").id)
      for number = 1, 101 do
        wrappers[number] = event { id = "c" .. number }
      end
      local function refused(list)
        local status = call("POST", V1 .. "/event/batch", { eventWrappers = array(list) })
        assert.equal(400, status)
        assert.equal(404, (call("GET", V1 .. "/event/" .. id .. "/c1")))
      end
      refused(wrappers)
      refused {}
      refused { event { id = "c1" }, event { id = "b1" } }
      refused { event { id = "c1" }, event { id = "c1" } }
      refused { event { id = "c1" }, "text" }
      assert.equal(400, (call("POST", V1 .. "/event/batch", { inputs = array { event { id = "c1" } } })))
    end)

    it("of companies and deals are believed", function()
      local company = new_type { name = "Visit", objectType = "COMPANY" }
      must("POST", V1 .. "/event", event { eventTypeId = company, objectId = 881, email = false })
      assert.equal(881, must("GET", V1 .. "/event/" .. company .. "/e1").objectId)
      assert.equal(400, (call("POST", V1 .. "/event", event { id = "e2", eventTypeId = company })))
    end)
  end)

  describe("templates of v3", function()
    local function new_template(fields)
      local body = {
        name = "Webinar",
        objectType = "CONTACT",
        headerTemplate = "Saw {{title}}",
        detailTemplate = "{{title}}: {{ seats }}",
        tokens = array {
          { name = "title", label = "Title", type = "string" },
          { name = "seats", label = "Seats", type = "number" },
        },
      }
      for name, value in pairs(fields or {}) do
        body[name] = value or nil
      end
      return manage("POST", TEMPLATES, body)
    end

    it("are created, read, listed, replaced and deleted", function()
      local made = new_template()
      assert.equal("string", type(made.id))
      assert.same({ "title", "seats" }, ids_of(made.tokens, "name"))
      assert.same(made, manage("GET", TEMPLATES .. "/" .. made.id))
      assert.same({ made }, manage("GET", TEMPLATES).results)
      local changed = manage("PUT", TEMPLATES .. "/" .. made.id, {
        id = made.id,
        name = "Live",
        tokens = array {
          { name = "seats", label = "Places", type = "number" },
          { name = "room", label = "Room", type = "string" },
        },
      })
      assert.equal("Live", changed.name)
      assert.is_nil(changed.headerTemplate)
      assert.same({ "Places", "Room" }, ids_of(changed.tokens, "label"))
      assert.same(changed, manage("GET", TEMPLATES .. "/" .. made.id))
      for _, body in ipairs {
        { name = "Live", tokens = array {} },
        { id = "1", name = "Live", tokens = array {} },
        { id = made.id, tokens = array {} },
        { id = made.id, name = "Live" },
        { id = made.id, name = "Live", tokens = array { { name = "seats", label = "S", type = "string" } } },
      } do
        assert.equal(400, (admin("PUT", TEMPLATES .. "/" .. made.id, body)))
      end
      assert.same(changed, manage("GET", TEMPLATES .. "/" .. made.id))
      assert.equal(204, (admin("DELETE", TEMPLATES .. "/" .. made.id)))
      assert.equal(404, (admin("GET", TEMPLATES .. "/" .. made.id)))
    end)

    it("are refused where they are wrong", function()
      for _, body in ipairs {
        { objectType = "CONTACT" },
        { name = "A" },
        { name = "A", objectType = "WHAT" },
        { name = "A", objectType = "CONTACT", tokens = array { { name = "log", label = "L", type = "string" } } },
        { name = "A", objectType = "CONTACT", tokens = array { { name = "a", label = "L", type = "String" } } },
        { name = "A", objectType = "CONTACT", tokens = array { { name = "a", type = "string" } } },
        {
          name = "A",
          objectType = "CONTACT",
          tokens = array {
            { name = "a", label = "A", type = "string" },
            { name = "a", label = "A", type = "string" },
          },
        },
      } do
        assert.equal(400, (admin("POST", TEMPLATES, body)))
      end
      assert.same({}, manage("GET", TEMPLATES).results)
    end)

    it("have tokens", function()
      local path = TEMPLATES .. "/" .. new_template().id
      local token = manage("POST", path .. "/tokens", {
        name = "size",
        label = "Size",
        type = "enumeration",
        options = array { { label = "Large", value = "large" } },
        objectPropertyName = "jobtitle",
      })
      assert.equal("enumeration", token.type)
      assert.equal("jobtitle", token.objectPropertyName)
      assert.equal(409, (admin("POST", path .. "/tokens", { name = "size", label = "Size", type = "string" })))
      assert.equal(400, (admin("POST", path .. "/tokens", { name = "lookup", label = "L", type = "string" })))
      local changed = manage(
        "PUT",
        path .. "/tokens/size",
        { label = "How large", options = array { { label = "Small", value = "small" } } }
      )
      assert.equal("How large", changed.label)
      assert.same({ { label = "Small", value = "small" } }, changed.options)
      assert.equal(400, (admin("PUT", path .. "/tokens/size", { label = "x" })))
      assert.equal(400, (admin("PUT", path .. "/tokens/size", { options = array {} })))
      assert.equal(404, (admin("PUT", path .. "/tokens/nope", { label = "x", options = array {} })))
      assert.equal(3, #manage("GET", path).tokens)
      assert.equal(204, (admin("DELETE", path .. "/tokens/size")))
      assert.equal(404, (admin("DELETE", path .. "/tokens/size")))
      assert.same({ "title", "seats" }, ids_of(manage("GET", path).tokens, "name"))
    end)

    it("are the event types of v1", function()
      local template = new_template()
      local types = manage("GET", TYPES)
      assert.equal(template.id, tostring(types[1].id))
      assert.equal("Saw {{title}}", types[1].headerTemplate)
      local properties = manage("GET", TYPES .. "/" .. template.id .. "/properties")
      assert.same({ "String", "Numeric" }, ids_of(properties, "propertyType"))
      new_property(template.id, { name = "held", label = "Held", propertyType = "Date" })
      assert.equal("date", manage("GET", TEMPLATES .. "/" .. template.id).tokens[3].type)
      must("POST", V1 .. "/event", { id = "a", eventTypeId = template.id, email = "a@example.org", title = "T" })
      assert.equal("T", must("GET", EVENTS .. "/" .. template.id .. "/a").tokens.title)
      assert.equal(
        409,
        (call("POST", EVENTS, { id = "a", eventTemplateId = template.id, email = "a@example.org", tokens = {} }))
      )
      must("POST", EVENTS, {
        id = "b",
        eventTemplateId = template.id,
        email = "a@example.org",
        tokens = { title = "U" },
        timelineIFrame = { linkLabel = "l", headerLabel = "h", url = "https://example.org/", width = 1, height = 2 },
      })
      local seen = must("GET", V1 .. "/event/" .. template.id .. "/b")
      assert.equal("U", seen.title)
      assert.equal("https://example.org/", seen.timelineIFrame.iframeUri)
      assert.equal("h", seen.timelineIFrame.iframeLabel)
    end)

    it("have events, which are read and rendered", function()
      local id = new_template().id
      local made, status = must("POST", EVENTS, {
        id = "e1",
        eventTemplateId = id,
        email = "ada@example.org",
        tokens = { title = "Engines", seats = "12" },
        timestamp = "2026-01-02T03:04:05.678Z",
        extraData = { a = 1 },
      })
      assert.equal(201, status)
      assert.equal("2026-01-02T03:04:05.678Z", made.timestamp)
      assert.equal(id, made.eventTemplateId)
      assert.same({ title = "Engines", seats = "12" }, made.tokens)
      assert.equal("string", type(made.objectId))
      assert.equal("ada@example.org", wire.property(made.objectId, "email"))
      assert.same(made, must("GET", EVENTS .. "/" .. id .. "/e1"))
      assert.equal("Engines: 12", must("GET", EVENTS .. "/" .. id .. "/e1/detail").details)
      local function rendering(query)
        return wire.portal({
          method = "GET",
          url = EVENTS .. "/" .. id .. "/e1/render" .. query,
          headers = { authorization = "Bearer x" },
        }).body
      end
      assert.equal("Saw Engines", rendering "")
      assert.equal("Engines: 12", rendering "?detail=true")
      assert.equal(404, (call("GET", EVENTS .. "/" .. id .. "/e2")))
      local unnamed = must("POST", EVENTS, { eventTemplateId = id, email = "ada@example.org", tokens = {} })
      assert.same(unnamed, must("GET", EVENTS .. "/" .. id .. "/" .. unnamed.id))
    end)

    it("have batches of events, each by itself", function()
      local id = new_template().id
      local function input(number, fields)
        local body = { id = "e" .. number, eventTemplateId = id, email = number .. "@example.org", tokens = {} }
        for name, value in pairs(fields or {}) do
          body[name] = value
        end
        return body
      end
      local batch, status = must("POST", EVENTS .. "/batch/create", { inputs = array { input(1), input(2) } })
      assert.equal(201, status)
      assert.equal("COMPLETE", batch.status)
      assert.same({ "e1", "e2" }, ids_of(batch.results))
      batch, status = must(
        "POST",
        EVENTS .. "/batch/create",
        { inputs = array { input(2), input(3, { tokens = { nope = "x" } }), input(4) } }
      )
      assert.equal(207, status)
      assert.same({ "e4" }, ids_of(batch.results))
      assert.equal(2, batch.numErrors)
      assert.same({ "CONFLICT", "VALIDATION_ERROR" }, ids_of(batch.errors, "category"))
      assert.same({ "e2" }, batch.errors[1].context.ids)
      local inputs = array {}
      for number = 1, 101 do
        inputs[number] = input(number + 10)
      end
      assert.equal(400, (call("POST", EVENTS .. "/batch/create", { inputs = inputs })))
      assert.equal(400, (call("POST", EVENTS .. "/batch/create", { inputs = array {} })))
      assert.equal(404, (call("POST", EVENTS .. "/batch", { inputs = array { input(9) } })))
    end)
  end)

  describe("events of a date version", function()
    local DATED = "/integrators/timeline/2026-09/events"

    local function event(fields)
      local body = { eventTypeName = WEBINAR, id = "e1", email = "ada@example.org", properties = { title = "Engines" } }
      for name, value in pairs(fields or {}) do
        body[name] = value or nil
      end
      return body
    end

    it("are made by the name of their type", function()
      local made, status = must("POST", DATED, event { timestamp = "2026-01-02T03:04:05Z" })
      assert.equal(201, status)
      assert.equal(WEBINAR, made.eventTypeName)
      assert.same({ title = "Engines" }, made.properties)
      assert.equal("2026-01-02T03:04:05.000Z", made.timestamp)
      assert.equal("ada@example.org", wire.property(made.objectId, "email"))
      assert.equal(201, (call("POST", "/integrators/timeline/2026-03/events", event { id = "e2" })))
      local status_again, body = call("POST", "/integrators/timeline/2026-03/events", event())
      assert.equal(409, status_again)
      assert.equal("CONFLICT", body.category)
    end)

    it("are refused where they are wrong", function()
      for _, fields in ipairs {
        { eventTypeName = false },
        { eventTypeName = "pe99001_nothing" },
        { eventTypeName = "webinar" },
        { eventTypeName = 260 },
        { id = false },
        { properties = false },
        { properties = array { "x" } },
        { properties = { seats = 5 } },
        { email = false },
        { email = "bad" },
        { objectId = "1" },
        { timestamp = "soon" },
        { extraData = "x" },
        { timelineIFrame = { iframeUri = "https://example.org/" } },
        { eventTypeName = "pe99001_order" },
        { eventTypeName = "pe99001_order", properties = { total = "much" } },
      } do
        local status, body = call("POST", DATED, event(fields))
        assert.equal(400, status)
        assert.equal("VALIDATION_ERROR", body.category)
      end
      must("POST", DATED, event { eventTypeName = "pe99001_order", properties = { total = "12" } })
    end)

    local function batch(...) return call("POST", DATED .. "/batch", { inputs = array { ... } }) end

    it("come in batches", function()
      local status, answer = batch(event(), event { id = "e2" })
      assert.equal(200, status)
      assert.same({ "e1", "e2" }, ids_of(answer.results))
      assert.is_nil(answer.errors)
      assert.equal(404, (call("POST", DATED .. "/batch/create", { inputs = array { event { id = "e4" } } })))
    end)

    it("are refused as a batch where one id is known, and none are accepted", function()
      must("POST", DATED, event())
      for _, last in ipairs { event(), event { id = "e3" } } do
        local status, answer = batch(event { id = "e2" }, event { id = "e3", email = "new@example.org" }, last)
        assert.same({ 409, "error", "CONFLICT" }, { status, answer.status, answer.category })
        assert.truthy(answer.message:find("none were accepted", 1, true))
        assert.is_nil(answer.results)
      end
      assert.equal(404, (call("GET", "/crm/objects/2026-09/contacts/new@example.org?idProperty=email")))
      assert.equal(200, (batch(event { id = "e2" }, event { id = "e3" })))
    end)

    it("are refused as a batch where one is wrong, whatever else is known", function()
      must("POST", DATED, event())
      local status, answer = batch(event { id = "e2" }, event(), event { id = "e3", properties = { seats = 5 } })
      assert.same({ 400, "VALIDATION_ERROR" }, { status, answer.category })
      assert.truthy(answer.message:find("none were accepted", 1, true))
      assert.equal(201, (call("POST", DATED, event { id = "e2" })))
    end)

    it("know the types that a project registers", function()
      local path = "/integrators/timeline/2026-03/types/projects"
      local symbol = { projectName = "My shop", developerSymbol = "ORDER_PAID" }
      local found = must("POST", path, symbol)
      local name = found.fullyQualifiedName
      assert.same({ fullyQualifiedName = name, developerQualifiedSymbol = symbol }, found)
      assert.equal("pe99001_my_shop_order_paid", name)
      assert.equal(201, (call("POST", DATED, event { eventTypeName = name })))
      must("POST", path, { projectName = "My shop", developerSymbol = "ORDER_PAID" })
      assert.equal(409, (call("POST", DATED, event { eventTypeName = name })))
      assert.equal(400, (call("POST", path, { projectName = "My shop" })))
    end)

    it("have no types of bad names", function()
      assert.error_matches(function() sandbox.new { event_types = { "webinar" } } end, "pe99001_webinar")
      assert.error_matches(
        function() sandbox.new { event_types = { { name = WEBINAR, properties = { { name = "a", type = "text" } } } } } end,
        "unknown type"
      )
    end)
  end)
end)
