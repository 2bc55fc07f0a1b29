local core = require "hubspot.core"
local hubspot = require "hubspot"
local portal = require "spec.support.portal"
local sandbox = require "hubspot.sandbox"
local scratch = require "spec.support.scratch"
local server = require "hubspot.sandbox.server"
local socket = require "socket"
local started = require "spec.support.sandbox"

local SECRET = "the-client-secret"
local CONTACTS = "/crm/objects/2026-09/contacts"
local MINUTE = 60

local function with_webhooks(url, options)
  options = options or {}
  options.webhooks = { url = url, client_secret = SECRET, events = options.events }
  options.events = nil
  return portal.new(options)
end

-- Takes all that is due, and answers each with a status.
local function take(wire, status)
  local deliveries = {}
  while true do
    local delivery = wire.portal:due_webhook()
    if not delivery then return deliveries end
    deliveries[#deliveries + 1] = { events = core.decode(delivery.body), delivery = delivery }
    wire.portal:answer_webhook(delivery, status or 204)
  end
end

local function take_events(wire)
  local events = {}
  for _, taken in ipairs(take(wire)) do
    for _, event in ipairs(taken.events) do
      events[#events + 1] = event
    end
  end
  return events
end

local function types_of(events)
  local types = {}
  for index, event in ipairs(events) do
    types[index] = event.subscriptionType
  end
  return types
end

describe("webhooks of a sandbox", function()
  it("tell of creation, changes, deletion, return and deletion for good", function()
    local wire = with_webhooks "http://localhost/hook"
    local id = wire.create { email = "ada@example.org" }
    local created = take_events(wire)[1]
    assert.equal("contact.creation", created.subscriptionType)
    assert.same({ id, "0-1", 99001, 0 }, {
      string.format("%.0f", created.objectId),
      created.objectTypeId,
      created.portalId,
      created.attemptNumber,
    })
    assert.is_true(math.abs(created.occurredAt - wire.portal:time()) < 60000)
    for _, name in ipairs { "eventId", "subscriptionId", "appId" } do
      assert.equal("number", type(created[name]), name)
    end
    wire.must("PATCH", CONTACTS .. "/" .. id, { properties = { city = "Oslo", email = "ada@example.org" } })
    local changed = take_events(wire)
    assert.equal(1, #changed)
    assert.same({ "contact.propertyChange", "city", "Oslo" }, {
      changed[1].subscriptionType,
      changed[1].propertyName,
      changed[1].propertyValue,
    })
    wire.call("DELETE", CONTACTS .. "/" .. id)
    wire.portal:restore { type = "contacts", id = id }
    wire.call("POST", CONTACTS .. "/gdpr-delete", { objectId = id })
    assert.same(
      { "contact.deletion", "contact.restore", "contact.deletion", "contact.privacyDeletion" },
      types_of(take_events(wire))
    )
  end)

  it("tell of a merge by the id that the record had and has, and of the loser's deletion", function()
    local wire = with_webhooks("http://localhost/hook", { events = { "contact.merge", "contact.deletion" } })
    local winner = wire.create { email = "a@example.org" }
    local loser = wire.create { email = "b@example.org", city = "Oslo", phone = "1" }
    local merged = wire.must("POST", CONTACTS .. "/merge", { primaryObjectId = winner, objectIdToMerge = loser })
    local events = take_events(wire)
    assert.same({ "contact.merge", "contact.deletion" }, types_of(events))
    assert.same({ tonumber(winner), tonumber(loser), tonumber(merged.id), 2 }, {
      events[1].primaryObjectId,
      events[1].mergedObjectIds[1],
      events[1].newObjectId,
      events[1].numberOfPropertiesMoved,
    })
    assert.equal(tonumber(loser), events[2].objectId)
  end)

  it("tell of associations in both directions, as they come and go", function()
    local wire =
      with_webhooks("http://localhost/hook", { contacts = 1, companies = 1, events = { "*.associationChange" } })
    local company = wire.must("POST", "/crm/objects/2026-09/companies", { properties = { name = "Acme" } }).id
    assert.same({}, take_events(wire))
    local path = "/crm/objects/2026-09/contacts/4127/associations/default/companies/" .. company
    wire.must("PUT", path)
    local events = take_events(wire)
    local seen = {}
    for _, event in ipairs(events) do
      assert.is_nil(event.objectId)
      assert.is_false(event.associationRemoved)
      seen[event.subscriptionType .. " " .. event.associationType] = event
    end
    local there = seen["contact.associationChange CONTACT_TO_COMPANY"]
    assert.is_truthy(seen["company.associationChange COMPANY_TO_CONTACT"])
    assert.same({ 4127, tonumber(company), "0-1", "0-2", "HUBSPOT_DEFINED" }, {
      there.fromObjectId,
      there.toObjectId,
      there.fromObjectTypeId,
      there.toObjectTypeId,
      there.associationCategory,
    })
    wire.call("DELETE", "/crm/objects/2026-09/contacts/4127/associations/companies/" .. company)
    for _, event in ipairs(take_events(wire)) do
      assert.is_true(event.associationRemoved)
    end
  end)

  it("are those that the app subscribed to", function()
    local wire = with_webhooks("http://localhost/hook", { events = { "contact.propertyChange:city", "deal.*" } })
    local id = wire.create { email = "ada@example.org" }
    wire.must("PATCH", CONTACTS .. "/" .. id, { properties = { city = "Oslo", firstname = "Ada" } })
    wire.must("POST", "/crm/objects/2026-09/deals", { properties = { dealname = "A", dealstage = "closedwon" } })
    wire.must("POST", "/crm/objects/2026-09/line_items", { properties = { name = "A" } })
    assert.same({ "contact.propertyChange", "deal.creation" }, types_of(take_events(wire)))
    for given, message in pairs {
      ["contact"] = "webhooks.events are like",
      ["contact.birth"] = "webhooks.events are like",
      ["contact.creation:email"] = "webhooks.events are like",
    } do
      assert.error_matches(function() with_webhooks("http://localhost/", { events = { given } }) end, message)
    end
    assert.error_matches(function() sandbox.new { webhooks = { url = "http://x" } } end, "client_secret is missing")
    assert.error_matches(function() sandbox.new { webhooks = { url = "x", client_secret = "s" } } end, "must be a URL")
  end)

  it("come in batches of a hundred, ten at once", function()
    local wire = with_webhooks("http://localhost/hook", { events = { "contact.creation" } })
    local inputs = {}
    for index = 1, 100 do
      inputs[index] = { properties = { firstname = "Ada" } }
    end
    for _ = 1, 12 do
      wire.must("POST", CONTACTS .. "/batch/create", { inputs = inputs })
    end
    wire.create { firstname = "Ada" }
    local open = {}
    for index = 1, 10 do
      open[index] = wire.portal:due_webhook()
      assert.equal(100, #core.decode(open[index].body))
    end
    assert.is_nil(wire.portal:due_webhook())
    for _, delivery in ipairs(open) do
      wire.portal:answer_webhook(delivery, 200)
    end
    local rest = take(wire)
    assert.same({ 100, 100, 1 }, { #rest[1].events, #rest[2].events, #rest[3].events })
    assert.equal(13, #wire.portal:webhook_state().deliveries)
  end)

  it("are sent again ten times within some 24 hours where the receiver fails", function()
    local wire = with_webhooks "http://localhost/hook"
    wire.create { firstname = "Ada" }
    local began, attempts, last = wire.portal:time(), {}, nil
    while true do
      for _, taken in ipairs(take(wire, ({ 500, 404, 301 })[#attempts % 3 + 1])) do
        attempts[#attempts + 1] = taken.events[1].attemptNumber
        last = wire.portal:time()
      end
      if #wire.portal:webhook_state().retries == 0 then break end
      wire.portal:advance(MINUTE)
    end
    assert.same({ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, attempts)
    local hours = (last - began) / 3600000
    assert.is_true(hours > 12 and hours < 36, hours)
    assert.same({}, take(wire))
  end)

  it("are not sent again where the receiver took them", function()
    local wire = with_webhooks "http://localhost/hook"
    wire.create { firstname = "Ada" }
    assert.equal(1, #take(wire, 500))
    assert.equal(0, #take(wire, 204))
    wire.portal:advance(2 * MINUTE)
    local again = take(wire, 204)
    assert.equal(1, again[1].events[1].attemptNumber)
    wire.portal:advance(30 * 3600)
    assert.same({}, take(wire))
  end)

  it("have signatures that the library accepts", function()
    local wire = with_webhooks "http://localhost:8080/hook?a=b%20c"
    wire.create { firstname = "Zoë" }
    local delivery = assert(wire.portal:due_webhook())
    for _, version in ipairs { "v1", "v3" } do
      local request = {
        client_secret = SECRET,
        method = delivery.method,
        url = delivery.url,
        headers = delivery.headers,
        body = delivery.body,
        versions = { version },
      }
      assert.is_true(hubspot.verify_request(request))
      request.body = request.body .. " "
      assert.is_nil((hubspot.verify_request(request)))
    end
  end)
end)

describe("a sandbox server delivers webhooks", function()
  local listener, running, wire

  before_each(function()
    listener = assert(socket.bind("127.0.0.1", 0))
    local _, port = listener:getsockname()
    wire = with_webhooks("http://127.0.0.1:" .. port .. "/hook", { events = { "contact.creation" } })
    running = assert(server.new { portal = wire.portal })
  end)

  after_each(function()
    running:stop()
    listener:close()
  end)

  -- Runs the server until somebody connects to the receiver.
  local function accept()
    listener:settimeout(0)
    for _ = 1, 1000 do
      running:step(0.01)
      local client = listener:accept()
      if client then return client end
    end
    error "nothing came"
  end

  local function receive(client)
    for _ = 1, 20 do
      running:step(0.001)
    end
    client:settimeout(5)
    local line, headers = assert(client:receive "*l"), {}
    while true do
      local header = assert(client:receive "*l")
      if header == "" then break end
      local name, value = header:match "^([^:]+): (.*)$"
      headers[name] = value
    end
    return { line = line, headers = headers, body = assert(client:receive(tonumber(headers["content-length"]))) }
  end

  local function answer(client, text)
    client:send(text)
    client:close()
    for _ = 1, 20 do
      running:step(0.005)
    end
  end

  local function state() return wire.portal:webhook_state() end

  it("to a receiver that answers", function()
    wire.create { firstname = "Ada" }
    local client = accept()
    local request = receive(client)
    assert.equal("POST /hook HTTP/1.1", request.line)
    assert.is_true(hubspot.verify_request {
      client_secret = SECRET,
      method = "POST",
      url = "http://" .. request.headers.host .. "/hook",
      headers = request.headers,
      body = request.body,
    })
    assert.equal(1, state().in_flight)
    answer(client, "HTTP/1.1 204 No Content\r\n\r\n")
    assert.same({ 0, 0, 204 }, { state().in_flight, #state().retries, state().deliveries[1].status })
  end)

  it("again where the receiver is gone, breaks off or says no", function()
    wire.create { firstname = "Ada" }
    answer(accept(), "")
    assert.same({ 1, nil }, { #state().retries, state().deliveries[1].status })
    wire.portal:advance(2 * MINUTE)
    local client = accept()
    assert.equal(1, core.decode(receive(client).body)[1].attemptNumber)
    answer(client, "HTTP/1.1 500 Internal Server Error\r\n\r\n")
    assert.equal(500, state().deliveries[2].status)
    local _, port = listener:getsockname()
    listener:close()
    wire.portal:advance(10 * MINUTE)
    for _ = 1, 40 do
      running:step(0.005)
    end
    assert.equal(3, #state().deliveries)
    listener = assert(socket.bind("127.0.0.1", port))
    wire.portal:advance(30 * MINUTE)
    client = accept()
    assert.equal(3, core.decode(receive(client).body)[1].attemptNumber)
    answer(client, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert.same({ 0, 200 }, { #state().retries, state().deliveries[4].status })
  end)

  it("while it answers others", function()
    wire.create { firstname = "Ada" }
    local slow = accept()
    local client = assert(socket.connect("127.0.0.1", running.port))
    client:send("GET " .. CONTACTS .. " HTTP/1.1\r\nAuthorization: Bearer x\r\n\r\n")
    client:settimeout(0)
    local line
    for _ = 1, 200 do
      running:step(0.01)
      line = client:receive "*l"
      if line then break end
    end
    assert.equal("HTTP/1.1 200 OK", line)
    client:close()
    answer(slow, "HTTP/1.1 200 OK\r\n\r\n")
    assert.equal(0, state().in_flight)
  end)

  it("to a program that prints them", function()
    local _, port = listener:getsockname()
    listener:close()
    local url = "http://127.0.0.1:" .. port
    local command = "HUBSPOT_CLIENT_SECRET=%s %s examples/webhook.lua --port %s --requests 4 %s 2>&1"
    local program = assert(io.popen(command:format(SECRET, started.interpreter(), port, url)))
    local line = program:read "*l"
    local sender = started.start { contacts = 1, companies = 1, webhook = url .. "/hook?a=b", client_secret = SECRET }
    local client = hubspot.new { base_url = sender.url, token = "x", limiter = false }
    local id = assert(client.contacts:create { email = "ada@example.org" }).id
    local lines = { program:read "*l" }
    assert(client.contacts:update(id, { city = "Oslo" }))
    lines[2] = program:read "*l"
    local company = assert(client.companies:create { name = "Acme" }).id
    lines[3] = program:read "*l"
    assert(client.contacts:delete(id))
    lines[4] = program:read "*l"
    client:close()
    sender:stop()
    program:close()
    listener = assert(socket.bind("127.0.0.1", 0))
    assert.matches(port, line)
    assert.same({
      "contact.creation of " .. id,
      "contact.propertyChange of " .. id .. ": city = Oslo",
      "company.creation of " .. company,
      "contact.deletion of " .. id,
    }, lines)
  end)

  it("over https, to a receiver whose certificate nobody vouches for", function()
    local folder = scratch.path "certificate"
    local receiver = started.start { arguments = { "--tls", folder } }
    local sender = with_webhooks(receiver.url .. "/hook")
    local sending = assert(server.new { portal = sender.portal })
    sender.create { firstname = "Ada" }
    local deadline = socket.gettime() + 10
    repeat
      sending:step(0.01)
      local last = sender.portal:webhook_state().deliveries[1]
    until last or socket.gettime() > deadline
    assert.equal(404, sender.portal:webhook_state().deliveries[1].status)
    assert.equal("/hook", receiver.url:find "^https:" and "/hook")
    sending:stop()
    receiver:stop()
    scratch.remove_folder_of(folder)
  end)
end)
