-- A route may differ by the date of HubSpot's API.

local api_version = require "hubspot.api_version"
local call = require "hubspot.operation.call"
local check = require "hubspot.check"
local hubspot = require "hubspot"
local route_at = require "hubspot.operation.route_versions"

local declaration = {
  arguments = { { name = "id", type = check.id, description = "the thing's id" } },
  current = {
    method = "GET",
    path = "/things/{api_version}/{id}",
    read = true,
    answer = function(answer) return answer end,
    versions = {
      ["2026-03"] = { path = "/old-things/{api_version}/{id}", answer = function(old) return old.thing end },
    },
  },
}

-- Calls the operation in a version; returns the URL that was asked for and the call's value.
local function call_in(version, body)
  local asked
  local client = hubspot.new {
    token = "a-token-for-this-spec",
    api_version = version,
    transport = function(request)
      asked = request.url
      return { status = 200, headers = {}, body = body }
    end,
  }
  local method =
    call.method { resource_name = "things", name = "things:get", declaration = declaration, find = function() end }
  local made = assert(call.new(method, client, { 7 }, 1))
  local value = assert(made:read(made.route, { id = "7" }))
  client:close()
  return asked, value
end

describe("a route with versions", function()
  it("is as the version of the client has it", function()
    local asked, value = call_in("2026-09", '{"id":"7"}')
    assert.same({ "https://api.hubapi.com/things/2026-09/7", { id = "7" } }, { asked, value })
    asked, value = call_in("2026-03", '{"thing":{"id":"7"}}')
    assert.same({ "https://api.hubapi.com/old-things/2026-03/7", { id = "7" } }, { asked, value })
  end)

  it("is made once for each date, and leaves the declared one as it is", function()
    local route = declaration.current
    assert.equal(route_at(route, "2026-03"), route_at(route, "2026-03"))
    assert.is_nil(route_at(route, "2026-03").versions)
    assert.truthy(route.versions)
    assert.equal("/things/{api_version}/{id}", route_at(route, "2026-09").path)
    assert.equal("GET", route_at(route, "2026-03").method)
  end)
end)

describe("the versions", function()
  it("are the dates of the list, and v1", function()
    for _, date in ipairs(api_version.DATES) do
      assert.is_true(api_version.is_known(date))
    end
    assert.is_true(api_version.is_known(api_version.V1))
    assert.is_false(api_version.is_known "2026-10")
    assert.equal(api_version.DATES[1], api_version.date_of(api_version.V1))
  end)
end)
