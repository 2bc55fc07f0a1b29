-- What somebody writes who knows other clients, or HubSpot's documentation: it throws where it was written, and says
-- what to write instead.

local hubspot = require "hubspot"
local sandbox = require "hubspot.sandbox"
local throws = require("spec.support.misuse").throws

local client

before_each(function() client = hubspot.new { transport = sandbox.new { contacts = 7 } } end)

describe("a value of another kind", function()
  it("says what the value is to be", function()
    throws("email must be an e-mail address, got 4127", function() client.contacts:get_by_email(4127) end)
    throws(
      "timeout must be a positive number of seconds, at most 3600 (an hour), got 30000",
      function() client.contacts:get(1, { timeout = 30000 }) end
    )
    throws(
      "deadline must be a positive number of seconds",
      function() hubspot.new { token = "x", deadline = 120000 } end
    )
    throws('token is a string that begins with "Bearer"', function() hubspot.new { token = "Bearer pat-na1-1" } end)
    throws(
      "body must be a table, which the client writes as JSON; this text is JSON already",
      function() client:request { method = "POST", path = "/a", body = ' {"a":1}' } end
    )
  end)

  it("says how filter groups are nested", function()
    local filter = { propertyName = "city", operator = "EQ", value = "Lyon" }
    local expected = "filter_groups must be a list of groups, such as { { filters = { { propertyName"
    for _, groups in ipairs { filter, { filter }, { filters = { filter } }, { { filters = filter } }, { "city" }, "x" } do
      throws(expected, function() client.contacts:search("", { filter_groups = groups }) end)
    end
    assert(client.contacts:search("", { filter_groups = { { filters = { filter } } } }))
    assert(client.contacts:search("", { filter_groups = {} }))
  end)
end)
