local core = require "hubspot.core"
local portal = require "spec.support.portal"
local sandbox = require "hubspot.sandbox"

local NOW = portal.NOW
local v1_body = portal.v1_body

describe("hubspot.sandbox", function()
  local wire, call, must

  before_each(function()
    wire = portal.new()
    call, must = wire.call, wire.must
  end)

  describe("portal", function()
    it("makes the same people from the same seed, and others from another", function()
      local function emails(seed)
        local page = portal.new({ contacts = 40, seed = seed }).must("GET", "/crm/objects/2026-09/contacts?limit=40")
        local list = {}
        for index, contact in ipairs(page.results) do
          list[index] = contact.id .. tostring(contact.properties.email)
        end
        return list
      end
      assert.equal(40, #emails(7))
      assert.same(emails(7), emails(7))
      assert.not_same(emails(7), emails(8))
    end)

    it("gives ids with gaps", function()
      local page = portal.new({ contacts = 50 }).must("GET", "/crm/objects/2026-09/contacts?limit=50")
      local first, last = tonumber(page.results[1].id), tonumber(page.results[50].id)
      assert.is_true(last - first > 100)
    end)

    it("refuses options that it does not know", function()
      assert.error_matches(function() sandbox.new { contact = 3 } end, "unknown option contact")
      assert.error_matches(function() sandbox.new { contacts = "3" } end, "contacts must be a number")
      assert.error_matches(function() sandbox.new { quota = { limit = 3 } } end, "quota must have a limit and seconds")
    end)

    it("keeps the requests as they came, without the token", function()
      call("POST", "/crm/objects/2026-09/contacts/search?x=1", '{"query":"a"}')
      local requests = wire.portal:requests()
      assert.equal(1, #requests)
      assert.equal("POST", requests[1].method)
      assert.equal("/crm/objects/2026-09/contacts/search", requests[1].path)
      assert.equal("x=1", requests[1].query)
      assert.equal('{"query":"a"}', requests[1].body)
      assert.equal("application/json", requests[1].headers["content-type"])
      assert.equal("Bearer [hidden]", requests[1].headers.authorization)
    end)

    it("keeps the last 1000 requests only", function()
      for number = 1, 1003 do
        call("GET", "/nothing/" .. number)
      end
      local requests = wire.portal:requests()
      assert.equal(1000, #requests)
      assert.equal("/nothing/4", requests[1].path)
    end)

    it("forgets requests when asked", function()
      call("GET", "/nothing")
      wire.portal:clear_requests()
      assert.same({}, wire.portal:requests())
    end)

    it("starts over as it was made, or with other options", function()
      wire = portal.new { contacts = 3 }
      wire.create { email = "ada@example.org" }
      wire.portal:reset()
      assert.equal(3, #wire.must("GET", "/crm/objects/2026-09/contacts").results)
      wire.portal:reset { contacts = 5 }
      assert.equal(5, #wire.must("GET", "/crm/objects/2026-09/contacts").results)
      wire.portal:reset()
      assert.equal(3, #wire.must("GET", "/crm/objects/2026-09/contacts").results)
    end)

    it("has a clock that can be moved", function()
      local id = wire.create { email = "ada@example.org" }
      wire.portal:advance(3600)
      must("PATCH", "/crm/objects/2026-09/contacts/" .. id, { properties = { firstname = "Ada" } })
      local contact = must("GET", "/contacts/v1/contact/vid/" .. id .. "/profile?propertyMode=value_only")
      local created = tonumber(contact.properties.createdate.value)
      local modified = tonumber(contact.properties.lastmodifieddate.value)
      assert.is_true(created >= NOW and created < NOW + 60000)
      assert.is_true(modified - created >= 3600000 and modified - created < 3660000)
    end)
  end)

  describe("requests that go nowhere", function()
    it("get an HTML page for an unrouted path", function()
      local response = wire.portal { method = "GET", url = "/no/such/path", headers = { authorization = "Bearer x" } }
      assert.equal(404, response.status)
      assert.matches("^text/html", response.headers["content-type"])
      assert.matches("<html>", response.body, 1, true)
    end)

    it("are told where it is the sandbox that lacks a path", function()
      for _, case in ipairs {
        { "GET", "/crm/imports/2026-09" },
        { "GET", "/crm/lists/2026-09/folders" },
        { "DELETE", "/crm/lists/2026-09/folders" },
      } do
        local status, _, response = call(case[1], case[2])
        assert.same(
          { 404, "no route for " .. case[1] .. " " .. case[2] },
          { status, response.headers["x-hubspot-sandbox"] }
        )
      end
      for _, path in ipairs { "/contacts/v1/lists/1", "/crm/objects/2026-09/contacts/1", "/crm/lists/2026-09/9", "/" } do
        local status, _, response = call("GET", path)
        assert.equal(404, status)
        assert.is_nil(response.headers["x-hubspot-sandbox"])
      end
    end)

    it("get a correlation id, the one of the body where that has one", function()
      local seen = {}
      for _, path in ipairs { "/crm/objects/2026-09/contacts", "/crm/objects/2026-09/contacts/1", "/nothing" } do
        local _, body, response = call("GET", path)
        local id = response.headers["x-hubspot-correlation-id"]
        assert.is_nil(seen[id])
        assert.truthy(id:match "^%x+%-%x+%-%x+%-%x+%-%x+$")
        assert.equal(body and body.correlationId or id, id)
        seen[id] = true
      end
    end)

    it("get 404 for a version that does not exist", function()
      assert.equal(404, (call("GET", "/crm/objects/2025-03/contacts")))
      assert.equal(200, (call("GET", "/crm/objects/2026-03/contacts")))
      assert.equal(200, (call("GET", "/crm/v3/objects/contacts")))
      assert.equal(200, (call("GET", "/crm/objects/2026-09/0-1")))
    end)

    it("get 405 with Allow and no body for a wrong verb", function()
      local status, body, response = call("PUT", "/crm/objects/2026-09/contacts/4127")
      assert.equal(405, status)
      assert.is_nil(body)
      assert.equal("DELETE,GET,HEAD,OPTIONS,PATCH", response.headers.allow)
    end)

    it("get 400 for a path parameter that is no number", function()
      local status, body = call("GET", "/contacts/v1/contact/vid/abc/profile")
      assert.equal(400, status)
      assert.equal("Unable to parse value for path parameter: vid", body.message)
    end)

    it("get 400 for a path that is no UTF-8", function()
      for _, part in ipairs { "%FF", "%ED%A0%BD", "%ED%A0%BD%ED%B8%80" } do
        local answer = wire.portal {
          method = "GET",
          url = "/crm/objects/2026-09/contacts/" .. part .. "?idProperty=email",
          headers = { authorization = "Bearer any" },
        }
        assert.equal(400, answer.status)
      end
    end)

    it("get 400 for a body that is no JSON", function()
      local status, body = call("POST", "/crm/objects/2026-09/contacts", "{")
      assert.equal(400, status)
      assert.matches("^Invalid input JSON", body.message)
      assert.equal(400, (call("POST", "/contacts/v1/contact", "nonsense")))
      assert.equal(400, (call("POST", "/crm/objects/2026-09/contacts", "[1]")))
    end)

    it("get 415 for a body that says it is something else", function()
      local response = wire.portal {
        method = "POST",
        url = "/contacts/v1/contact",
        body = "a=b",
        headers = { authorization = "Bearer x", ["content-type"] = "application/x-www-form-urlencoded" },
      }
      assert.equal(415, response.status)
    end)

    it("answer HEAD as GET without a body", function()
      local status, body = call("HEAD", "/crm/objects/2026-09/contacts")
      assert.equal(200, status)
      assert.is_nil(body)
    end)
  end)

  describe("authorization", function()
    local function with(options, authorization)
      return sandbox.new(options) {
        method = "GET",
        url = "/crm/objects/2026-09/contacts",
        headers = { AUTHORIZATION = authorization },
      }
    end

    it("needs a token", function()
      local response = with({}, nil)
      local body = core.decode(response.body)
      assert.equal(401, response.status)
      assert.equal("INVALID_AUTHENTICATION", body.category)
      assert.matches("^Authentication credentials not found", body.message)
      assert.equal(401, with({}, "Bearer ").status)
      assert.equal(200, with({}, "Bearer anything").status)
    end)

    it("takes only the token that it was told", function()
      assert.equal(200, with({ token = "secret" }, "Bearer secret").status)
      local response = with({ token = "secret" }, "Bearer other")
      assert.equal(401, response.status)
      assert.equal("INVALID_AUTHENTICATION", core.decode(response.body).category)
    end)

    it("names the scopes that are missing", function()
      wire = portal.new { scopes = { "crm.objects.contacts.read", "crm.lists.read" } }
      assert.equal(200, (wire.call("GET", "/crm/objects/2026-09/contacts")))
      local status, body = wire.call("POST", "/contacts/v1/contact", v1_body { email = "a@example.org" })
      assert.equal(403, status)
      assert.equal("MISSING_SCOPES", body.category)
      assert.same({ "crm.objects.contacts.write" }, body.errors[1].context.requiredGranularScopes)
      status, body = wire.call("POST", "/crm/lists/2026-09", {})
      assert.equal(403, status)
      assert.same({ "crm.lists.write" }, body.errors[1].context.requiredGranularScopes)
    end)
  end)

  describe("rate limits", function()
    it("are told in headers, except by searches", function()
      local _, _, response = call("GET", "/crm/objects/2026-09/contacts")
      assert.equal("190", response.headers["x-hubspot-ratelimit-max"])
      assert.equal("189", response.headers["x-hubspot-ratelimit-remaining"])
      assert.equal("10000", response.headers["x-hubspot-ratelimit-interval-milliseconds"])
      assert.equal("1000000", response.headers["x-hubspot-ratelimit-daily"])
      assert.equal("999999", response.headers["x-hubspot-ratelimit-daily-remaining"])
      for _, body in ipairs { '{"query":""}', '{"limit":0}' } do
        _, _, response = call("POST", "/crm/objects/2026-09/contacts/search", body)
        for name in pairs(response.headers) do
          assert.is_nil(name:match "ratelimit")
        end
      end
    end)

    it("refuse what exceeds the quota, until the window has passed", function()
      wire = portal.new { quota = { limit = 2, seconds = 10 } }
      local _, _, response = wire.call("GET", "/crm/objects/2026-09/contacts")
      assert.equal("1", response.headers["x-hubspot-ratelimit-remaining"])
      wire.portal:advance(6)
      assert.equal(200, (wire.call("GET", "/crm/objects/2026-09/contacts")))
      local status, body, refused = wire.call("GET", "/crm/objects/2026-09/contacts")
      assert.equal(429, status)
      assert.equal("RATE_LIMIT", body.errorType)
      assert.equal("TEN_SECONDLY_ROLLING", body.policyName)
      assert.equal("You have reached your ten_secondly_rolling limit.", body.message)
      assert.equal("0", refused.headers["x-hubspot-ratelimit-remaining"])
      wire.portal:advance(5)
      assert.equal(200, (wire.call("GET", "/crm/objects/2026-09/contacts")))
      assert.equal(429, (wire.call("GET", "/crm/objects/2026-09/contacts")))
    end)

    it("count searches by themselves", function()
      wire = portal.new { quota = { limit = 1, seconds = 10 }, search_quota = { limit = 2, seconds = 1 } }
      local search = "/crm/objects/2026-09/contacts/search"
      assert.equal(200, (wire.call("GET", "/crm/objects/2026-09/contacts")))
      assert.equal(200, (wire.call("POST", search, "{}")))
      assert.equal(200, (wire.call("POST", search, "{}")))
      local status, body = wire.call("POST", search, "{}")
      assert.equal(429, status)
      assert.equal("SECONDLY", body.policyName)
      wire.portal:advance(1)
      assert.equal(200, (wire.call("POST", search, "{}")))
      assert.equal(429, (wire.call("GET", "/crm/objects/2026-09/contacts")))
    end)

    it("have a daily policy too", function()
      wire = portal.new { quota = { limit = 1, seconds = 86400 } }
      wire.call("GET", "/crm/objects/2026-09/contacts")
      local status, body, response = wire.call("GET", "/crm/objects/2026-09/contacts")
      assert.equal(429, status)
      assert.equal("DAILY", body.policyName)
      assert.equal("You have reached your daily limit.", body.message)
      assert.equal("0", response.headers["x-hubspot-ratelimit-daily-remaining"])
    end)
  end)
end)
