-- Endpoints are asked for everything: they answer, never fail themselves, and tell no place of the source.

local control = require "hubspot.sandbox.control"
local core = require "hubspot.core"
local sandbox = require "hubspot.sandbox"

local array = core.array

local VALUES = { 0, -1, 1.5, 2 ^ 60, "", "x", "1e999", "\0", true, core.null, {}, array {}, { a = 1 }, array { {} } }
local MEMBERS = {
  "advance",
  "general",
  "seconds",
  "kind",
  "indexes",
  "properties",
  "id",
  "type",
  "records",
  "sandbox",
  "state",
  "contacts",
  "clock",
  "webhooks",
  "tokens",
  "oauth_apps",
  "event_types",
}
local QUERIES = {
  "",
  "?limit=x&after=%FF&archived=true&query=%00",
  "?limit=1.5",
  "?limit=1e99&after=-1",
  "?after=99999999999999999999",
  "?summary=true&after=nan&limit=-5",
  "?properties=,,%FF",
  "?portal=%FF",
}

local function new_server() return { portals = { sandbox.new { contacts = 3 } }, accepted = 0, open = 0 } end

describe("each endpoint of a sandbox", function()
  local server

  before_each(function() server = new_server() end)

  local function ask(method, path, value)
    local body = value ~= nil and assert(core.encode(value)) or ""
    local headers = { ["content-type"] = "application/json" }
    local answer = control.serve(server, { method = method, url = path, headers = headers, body = body })
    local shown = method .. " " .. path .. " " .. body
    assert.is_true(answer.status < 500, shown)
    assert.equal("string", type(answer.body), shown)
    local is_told = answer.body:find "%.lua:%d" and not answer.body:find("is damaged", 1, true)
    assert.is_falsy(is_told, shown .. ": " .. answer.body)
    return answer
  end

  for _, endpoint in ipairs(control.endpoints()) do
    it("answers anything: " .. endpoint.method .. " " .. endpoint.path, function()
      for _, id in ipairs { "contacts/4127", "0-1/x", "%00/%FF" } do
        local of_type, one = id:match "^(.*)/(.*)$"
        local path = endpoint.path
          :gsub("{type}", function() return of_type end)
          :gsub("{%w+}", function() return one end)
        for _, query in ipairs(QUERIES) do
          ask(endpoint.method, path .. query)
        end
        for _, value in ipairs(endpoint.method ~= "GET" and VALUES or {}) do
          ask(endpoint.method, path, value)
          for _, member in ipairs(MEMBERS) do
            ask(endpoint.method, path, { [member] = value })
          end
          ask(endpoint.method, path, { general = { limit = value, seconds = value } })
          ask(endpoint.method, path, { sandbox = 1, state = { objects = value }, options = { clock = value } })
        end
      end
    end)
  end

  it("leaves the portal as it is where it can't start over", function()
    local portal = server.portals[1]
    portal:edit_record("contacts", 4127, { city = "Oslo" })
    local export = portal:export()
    export.state.lists = {}
    for _, given in ipairs {
      export,
      { records = { contacts = array { { properties = { ships = "x" } } } } },
      { sandbox = 1, state = {} },
    } do
      assert.equal(400, ask("POST", "/_sandbox/fixtures", given).status)
      assert.equal(400, ask("POST", "/_sandbox/reset", { fixtures = given }).status)
    end
    assert.equal(400, ask("POST", "/_sandbox/restart", { contacts = -1 }).status)
    assert.equal("Oslo", portal:record("contacts", 4127).properties.city)
    assert.equal(3, portal:records("contacts").total)
    assert.same({}, portal:contact_lists())
  end)
end)
