local core = require "hubspot.core"
local http = require "socket.http"
local ltn12 = require "ltn12"
local portal = require "spec.support.portal"
local sandbox = require "hubspot.sandbox"
local started = require "spec.support.sandbox"

-- Every state that a portal can have: records of several types, with history, archived, merged, linked and labelled;
-- custom types; properties; pipelines; lists; subscriptions; timeline events; SMTP tokens.
local function fill(wire)
  local must, array = wire.must, core.array
  local ids = {}
  for index, contact in ipairs(must("GET", "/crm/objects/2026-09/contacts?limit=20").results) do
    ids[index] = contact.id
  end
  must("PATCH", "/crm/objects/2026-09/contacts/" .. ids[1], { properties = { city = "Oslo" } })
  wire.call("DELETE", "/crm/objects/2026-09/contacts/" .. ids[2])
  must("POST", "/crm/objects/2026-09/contacts/merge", { primaryObjectId = ids[3], objectIdToMerge = ids[4] })
  must("POST", "/crm-object-schemas/2026-09/schemas", {
    name = "boat",
    labels = { singular = "Boat", plural = "Boats" },
    requiredProperties = array { "name" },
    primaryDisplayProperty = "name",
    properties = array { { name = "name", label = "Name", type = "string", fieldType = "text" } },
    associatedObjects = array { "CONTACT" },
  })
  must("POST", "/crm/objects/2026-09/p4711_boat", { properties = { name = "Fram" } })
  must("POST", "/crm/properties/2026-09/contacts", {
    name = "boats",
    label = "Boats",
    type = "enumeration",
    fieldType = "checkbox",
    groupName = "contactinformation",
    options = array { { label = "One", value = "1", displayOrder = 0, hidden = false } },
  })
  must("POST", "/crm/pipelines/2026-09/deals", {
    label = "Boats",
    displayOrder = 3,
    stages = array { { label = "Asked", displayOrder = 0, metadata = { probability = "0.5" } } },
  })
  must("POST", "/crm/associations/2026-09/contacts/companies/labels", { label = "Owner", name = "owner" })
  local filter = { filterType = "PROPERTY", property = "city" }
  filter.operation = { operationType = "STRING", operator = "IS_EQUAL_TO", value = "Oslo" }
  local branch = { filterBranchType = "AND", filterBranches = array {}, filters = array { filter } }
  must("POST", "/crm/lists/2026-09", {
    name = "In Oslo",
    objectTypeId = "0-1",
    processingType = "DYNAMIC",
    filterBranch = { filterBranchType = "OR", filterBranches = array { branch }, filters = array {} },
  })
  must("POST", "/crm/lists/2026-09", { name = "By hand", objectTypeId = "0-1", processingType = "MANUAL" })
  must("PUT", "/crm/lists/2026-09/62/memberships/add", array { ids[5], ids[6] })
  wire.call("PUT", "/email/public/v1/subscriptions/ada%40example.org", { unsubscribeFromAll = true })
  must("POST", "/marketing/transactional/2026-09/smtp-tokens", { campaignName = "Boats", createContact = false })
  return ids
end

local SEEN = {
  "/crm/objects/2026-09/contacts?limit=50&properties=city,email&propertiesWithHistory=city&associations=companies",
  "/crm/objects/2026-09/contacts?limit=50&archived=true",
  "/crm/objects/2026-09/deals?limit=50&associations=companies,contacts",
  "/crm/objects/2026-09/p4711_boat",
  "/crm-object-schemas/2026-09/schemas",
  "/crm/properties/2026-09/contacts",
  "/crm/properties/2026-09/p4711_boat",
  "/crm/pipelines/2026-09/deals",
  "/crm/owners/2026-09",
  "/crm/associations/2026-09/contacts/companies/labels",
  "/crm/lists/2026-09?listIds=61&listIds=62&includeFilters=true",
  "/crm/lists/2026-09/61/memberships",
  "/crm/lists/2026-09/62/memberships/join-order",
  "/email/public/v1/campaigns/by-id?limit=10",
  "/email/public/v1/events?limit=50",
  "/email/public/v1/subscriptions/ada%40example.org",
  "/email/public/v1/subscriptions/timeline?limit=50",
  "/marketing/transactional/2026-09/smtp-tokens",
  "/contacts/v1/lists/all/contacts/all?count=50&propertyMode=value_and_history",
}

local function answers_of(some)
  local answers = {}
  for _, path in ipairs(SEEN) do
    local answer = some { method = "GET", url = path, headers = { authorization = "Bearer x" } }
    assert(answer.status == 200, path .. " " .. answer.status .. " " .. answer.body)
    answers[path] = answer.body
  end
  return answers
end

describe("an export of a sandbox", function()
  local wire, ids

  before_each(function()
    local made = { contacts = 12, companies = 3, deals = 4, campaigns = 2, email_events = 30, portal_id = 4711 }
    wire = portal.new(made)
    ids = fill(wire)
  end)

  local function exported() return core.decode(assert(core.encode(wire.portal:export()))) end

  it(
    "starts a portal that gives the same answers, byte for byte",
    function() assert.same(answers_of(wire.portal), answers_of(sandbox.new { fixtures = exported() })) end
  )

  it("starts a portal that goes on the same", function()
    local other = portal.new { fixtures = exported() }
    for _, on in ipairs { wire, other } do
      on.portal:advance(60)
      on.create { email = "new@example.org", city = "Oslo" }
      assert.equal(2, on.portal:contact_lists()[1].size)
      assert.equal(200, (on.call("GET", "/crm/objects/2026-09/contacts/" .. ids[4])))
    end
    assert.same(wire.portal:records("contacts").results[14], other.portal:records("contacts").results[14])
    assert.same(wire.portal:record_types(), other.portal:record_types())
  end)

  it("is not needed to start over with other people, and the same token", function()
    local made = portal.new { contacts = 3, token = "the-token", seed = 3 }
    local first = made.portal:records("contacts").results
    made.portal:restart { seed = 4 }
    local second = made.portal:records("contacts").results
    assert.same({ 3, 3 }, { #first, #second })
    assert.not_equal(first[1].properties.email, second[1].properties.email)
    assert.equal(401, (made.call("GET", "/crm/owners/2026-09")))
    made.portal:restart()
    assert.equal(first[1].properties.email, made.portal:records("contacts").results[1].properties.email)
    assert.error_matches(function() made.portal:restart { ships = 1 } end, "unknown option ships")
  end)

  it("is what a portal starts over with", function()
    local before, kept = answers_of(wire.portal), exported()
    wire.portal:reset()
    assert.not_same(#before[SEEN[1]], #wire.must("GET", "/crm/objects/2026-09/contacts").results)
    wire.portal:reset_to(kept)
    assert.same(before, answers_of(wire.portal))
  end)

  it("holds no credential", function()
    local made = sandbox.new {
      token = "a-token",
      developer_key = "a-key",
      oauth = { client_id = "an-app", client_secret = "a-secret", refresh_token = "a-refresh-token" },
    }
    made { method = "POST", url = "/oauth/v1/token", headers = { ["content-type"] = "application/json" }, body = "" }
    local text = core.encode(made:export())
    for _, secret in ipairs { "a-token", "a-key", "an-app", "a-secret", "a-refresh-token" } do
      assert.is_nil(text:find(secret, 1, true))
    end
  end)

  it("is refused where it is none that this version reads", function()
    local given = exported()
    given.sandbox = 99
    assert.error_matches(function() sandbox.new { fixtures = given } end, "a format that is not known")
    assert.error_matches(function() sandbox.new { fixtures = exported(), contacts = 3 } end, "contacts can't be added")
    given = exported()
    given.state.lists = nil
    assert.error_matches(function() sandbox.new { fixtures = given } end, "an export lacks lists")
  end)
end)

describe("the requests of a sandbox", function()
  it("have numbers, which go on when they are forgotten, and answers", function()
    local wire = portal.new { contacts = 1, kept_requests = 2 }
    for _ = 1, 3 do
      wire.must("GET", "/crm/objects/2026-09/contacts/4127")
    end
    local kept = wire.portal:requests()
    assert.same({ 2, 3 }, { kept[1].number, kept[2].number })
    assert.equal("4127", core.decode(kept[1].answer.body).id)
    assert.equal(200, kept[1].status)
    wire.portal:reset()
    wire.call("GET", "/crm/objects/2026-09/contact/1/2/3")
    assert.same({ number = 4, path = "/crm/objects/2026-09/contact/1/2/3" }, {
      number = wire.portal:requests({ after = 3 })[1].number,
      path = wire.portal:requests({ after = 3, summary = true })[1].path,
    })
    assert.is_nil(wire.portal:requests({ summary = true })[1].headers)
  end)

  it("are bounded by the bytes of their bodies", function()
    local wire = portal.new { kept_requests = 1000 }
    local body = ('"%s"'):format(("x"):rep(4 * 1024 * 1024))
    for _ = 1, 20 do
      wire.call("POST", "/nothing", body)
    end
    assert.is_true(#wire.portal:requests() <= 16)
  end)

  it("name the fault that struck, and the nearest route where there is none", function()
    local wire = portal.new { contacts = 1 }
    wire.portal:fault { kind = "html" }
    wire.call("GET", "/crm/objects/2026-09/contacts/4127")
    wire.call("POST", "/crm/object/2026-09/contacts/search")
    wire.call("GET", "/crm/objects/2026-09/contacts/1")
    assert.same({ "html", 502 }, { wire.portal:request(1).fault, wire.portal:request(1).status })
    assert.is_nil(wire.portal:request(1).nearest_route)
    assert.same(
      { method = "POST", path = "/crm/objects/{D}/{objectType}/search" },
      wire.portal:request(2).nearest_route
    )
    assert.is_nil(wire.portal:request(3).nearest_route)
    assert.is_nil(wire.portal:request(4))
  end)

  it("hide what is secret", function()
    local wire = portal.new {}
    wire.portal {
      method = "POST",
      url = "/oauth/v1/token?hapikey=my-key&x=1",
      headers = {
        Authorization = "Bearer my-token",
        Cookie = "my-cookie",
        ["content-type"] = "application/x-www-form-urlencoded",
      },
      body = "grant_type=refresh_token&client_id=a&client_secret=my-secret&refresh_token=my-refresh",
    }
    local shown = wire.portal:requests()[1]
    assert.equal(200, shown.status)
    local issued = core.decode(shown.answer.body)
    assert.same({ "[hidden]", "[hidden]" }, { issued.access_token, issued.refresh_token })
    assert.equal("grant_type=refresh_token&client_id=a&client_secret=[hidden]&refresh_token=[hidden]", shown.body)
    assert.is_nil(core.encode(shown):find("my-", 1, true))
  end)
end)

describe("/_sandbox of a server", function()
  local running

  setup(function() running = started.start { contacts = 30, seed = 3 } end)

  teardown(function() running:stop() end)

  before_each(function()
    running:reset()
    running:clear_requests()
    running:clear_faults()
  end)

  -- Status and decoded body.
  local function call(method, path, value, headers)
    local body, answer = value ~= nil and (type(value) == "string" and value or core.encode(value)) or nil, {}
    headers = headers or {}
    if body then
      headers["content-length"] = #body
      headers["content-type"] = headers["content-type"] or "application/json"
    end
    local _, status = http.request {
      method = method,
      url = running.url .. path,
      headers = headers,
      sink = ltn12.sink.table(answer),
      source = body and ltn12.source.string(body) or nil,
    }
    return status, core.decode(table.concat(answer)), table.concat(answer)
  end

  local function must(...)
    local status, value = call(...)
    assert.is_true(status == 200 or status == 204, tostring(status))
    return value
  end

  it("lists its endpoints, each of which is there", function()
    local listed = must("GET", "/_sandbox", nil, { accept = "application/json" }).endpoints
    assert.is_true(#listed > 20)
    for _, endpoint in ipairs(listed) do
      if endpoint.path ~= "/_sandbox/stop" then
        local path = endpoint.path:gsub("{%w+}", "0")
        local _, answer = call(endpoint.method, path, endpoint.method ~= "GET" and {} or nil)
        assert.not_matches("no such endpoint", answer and answer.message or "")
        assert.is_true(#endpoint.about > 0)
      end
    end
    assert.same(
      { 404, "no such endpoint: PUT /_sandbox/reset" },
      (function()
        local status, answer = call("PUT", "/_sandbox/reset", {})
        return { status, answer.message }
      end)()
    )
  end)

  it("is a page to a browser, at one address", function()
    local _, status, headers = http.request {
      url = running.url .. "/_sandbox",
      headers = { accept = "text/html" },
      redirect = false,
    }
    assert.same({ 308, "/_sandbox/" }, { status, headers.location })
    local answer = {}
    _, status, headers = http.request {
      url = running.url .. "/_sandbox/",
      headers = { accept = "text/html,*/*" },
      sink = ltn12.sink.table(answer),
    }
    assert.same({ 200, "text/html; charset=utf-8" }, { status, headers["content-type"] })
    assert.matches("<title>HubSpot sandbox</title>", table.concat(answer), 1, true)
  end)

  it("gives requests by their numbers, and one with its answer", function()
    local auth = { authorization = "Bearer my-token" }
    must("GET", "/crm/objects/2026-09/contacts/4127", nil, auth)
    call("GET", "/crm/objects/2026-09/contacts/\255?\254", nil, auth)
    local rows = must("GET", "/_sandbox/requests?summary=true&limit=1")
    assert.equal(1, #rows)
    assert.is_nil(rows[1].headers)
    local last = must("GET", "/_sandbox/requests?after=" .. rows[1].number)
    assert.equal(1, #last)
    assert.equal("/crm/objects/2026-09/contacts/\\xFF", last[1].path)
    local one = must("GET", "/_sandbox/requests/" .. rows[1].number)
    assert.equal("Bearer [hidden]", one.headers.authorization)
    assert.equal("4127", core.decode(one.answer.body).id)
    assert.is_true(one.ms >= 0)
    assert.equal(404, (call("GET", "/_sandbox/requests/999999")))
  end)

  it("reads and changes records", function()
    local kinds = must("GET", "/_sandbox/records")
    assert.same({ "contacts", 30 }, { kinds[1].name, kinds[1].count })
    local page = must("GET", "/_sandbox/records/contacts?limit=2&properties=email,city")
    assert.same({ 30, 2 }, { page.total, #page.results })
    local next_page = must("GET", "/_sandbox/records/contacts?limit=2&after=" .. page.after)
    assert.not_equal(page.results[1].id, next_page.results[1].id)
    local id, other = page.results[1].id, page.results[2].id
    must("PATCH", "/_sandbox/records/contacts/" .. id, { properties = { company = "Tromsø Boats" } })
    assert.equal(id, must("GET", "/_sandbox/records/contacts?query=troms%C3%B8").results[1].id)
    local merged = must("POST", "/_sandbox/records/contacts/" .. id .. "/merge", { id = other })
    local record = must("GET", "/_sandbox/records/contacts/" .. merged.id)
    assert.same({ other, id }, record.merged)
    assert.equal("Tromsø Boats", record.propertiesWithHistory.company[1].value)
    must("DELETE", "/_sandbox/records/contacts/" .. merged.id)
    assert.is_true(must("GET", "/_sandbox/records/contacts/" .. merged.id).archived)
    assert.equal(28, must("GET", "/_sandbox/records/contacts").total)
    assert.equal(1, must("GET", "/_sandbox/records/contacts?archived=true").total)
    for _, case in ipairs {
      { "GET", "/_sandbox/records/ships" },
      { "GET", "/_sandbox/records/contacts/ada" },
      { "PATCH", "/_sandbox/records/contacts/" .. merged.id, { properties = { ship = "x" } } },
      { "POST", "/_sandbox/records/contacts/4127/merge", {} },
    } do
      local status, answer = call(case[1], case[2], case[3])
      assert.equal(400, status)
      assert.equal("string", type(answer.message))
    end
  end)

  it("has the lists, the faults that wait, the clock and the quotas", function()
    must("POST", "/crm/lists/2026-09", { name = "L", objectTypeId = "0-1", processingType = "MANUAL" }, {
      authorization = "Bearer x",
    })
    assert.equal("L", must("GET", "/_sandbox/lists")[1].name)
    assert.same({ results = {}, total = 0 }, must("GET", "/_sandbox/lists/61/members"))
    must("POST", "/_sandbox/faults", { kind = "slow", seconds = 2, path = "/nowhere", times = 3 })
    local faults = must("GET", "/_sandbox/faults")
    assert.same({ kind = "slow", seconds = 2, path = "/nowhere", times = 3, after = 0 }, faults.waiting[1])
    assert.is_true(#faults.kinds > 10)
    local before = must("GET", "/_sandbox/clock").time
    must("POST", "/_sandbox/clock", { advance = 86400 })
    assert.is_true(must("GET", "/_sandbox/clock").time >= before + 86400000)
    must("POST", "/_sandbox/quota", { general = { limit = 1, seconds = 10 } })
    for _ = 1, 3 do
      call("GET", "/crm/objects/2026-09/contacts", nil, { authorization = "Bearer x" })
    end
    local quota = must("GET", "/_sandbox/quota")
    assert.same({ 1, true }, { quota.general.limit, quota.general.enforced })
    assert.equal(2, quota.general.refused)
    must("POST", "/_sandbox/quota", { general = false })
    must("GET", "/crm/objects/2026-09/contacts", nil, { authorization = "Bearer x" })
    assert.equal(400, (call("POST", "/_sandbox/quota", { general = { limit = 0, seconds = 1 } })))
    assert.equal(400, (call("POST", "/_sandbox/quota", { generals = false })))
  end)

  it("exports, and starts over with an export", function()
    must("PATCH", "/_sandbox/records/contacts/4127", { properties = { city = "Oslo" } })
    local _, _, text = call("GET", "/_sandbox/export")
    local before = must("GET", "/_sandbox/records/contacts/4127")
    running:reset()
    assert.not_same(before, must("GET", "/_sandbox/records/contacts/4127"))
    must("POST", "/_sandbox/fixtures", text)
    assert.same(before, must("GET", "/_sandbox/records/contacts/4127"))
  end)

  it("changes nothing for another host, origin or type", function()
    local refused = {
      { host = "evil.example" },
      { host = "127.0.0.1.evil.example:80" },
      { origin = "http://evil.example" },
      { origin = "null" },
      { ["sec-fetch-site"] = "cross-site" },
    }
    for _, endpoint in ipairs(must("GET", "/_sandbox").endpoints) do
      local path = endpoint.path:gsub("{type}", "contacts"):gsub("{%w+}", "4127")
      for _, headers in ipairs(refused) do
        local given = {}
        for name, value in pairs(headers) do
          given[name] = value
        end
        local body = endpoint.method ~= "GET" and { kind = "html", advance = 1e6, general = { limit = 1, seconds = 1 } }
        assert.equal(403, (call(endpoint.method, path, body or nil, given)), endpoint.path)
      end
      if endpoint.method ~= "GET" then
        assert.equal(415, (call(endpoint.method, path, "a=1", { ["content-type"] = "text/plain" })))
      end
    end
    assert.same({}, must("GET", "/_sandbox/faults").waiting)
    assert.equal(30, must("GET", "/_sandbox/records/contacts").total)
    assert.is_false(must("GET", "/_sandbox/quota").general.enforced)
  end)
end)
