-- client.properties over real sockets.

local sandbox = require "spec.support.sandbox"
local wire = require "spec.support.wire"

local take = wire.take

describe("properties:get", function()
  local server, current, march, v1

  setup(function()
    server = sandbox.start {}
    current = wire.client(server)
    march = wire.client(server, { api_version = "2026-03" })
    v1 = wire.client(server, { api_version = "v1" })
  end)

  teardown(function()
    for _, client in pairs { current, march, v1 } do
      client:close()
    end
    server:stop()
  end)

  before_each(function() server:reset {} end)

  it("reads a property on each route, in one spelling", function()
    for _, client in pairs { current, v1 } do
      local property = assert(client.properties:get "lead_tier")
      assert.same({ "lead_tier", "enumeration", false }, { property.name, property.type, property.hidden })
      assert.equal("string", type(property.label))
      assert.equal("string", type(property.fieldType))
      assert.equal("string", type(property.groupName))
      assert.equal("a", property.options[1].value)
      assert.equal("string", type(property.options[1].label))
    end
    assert.equal("email", assert(march.properties:get "email").name)
    assert.same({
      "GET /crm/properties/2026-09/contacts/lead_tier",
      "GET /properties/v1/contacts/properties/named/lead_tier",
      "GET /crm/properties/2026-03/contacts/email",
    }, take(server))
  end)

  it("has no key for what is null", function()
    local property = assert(v1.properties:get "lead_tier")
    assert.is_nil(property.updatedUserId)
    assert.is_nil(property.options[1].description)
  end)

  it("reads an archived property", function()
    assert(current:request { method = "DELETE", path = "/crm/properties/2026-09/contacts/lead_tier" })
    take(server)
    assert.is_true(assert(current.properties:get("lead_tier", { archived = true })).archived)
    assert.same({ "GET /crm/properties/2026-09/contacts/lead_tier?archived=true" }, take(server))
    local succeeded, message = pcall(v1.properties.get, v1.properties, "email", { archived = true })
    assert.is_false(succeeded)
    assert.truthy(message:find('properties:get: option archived works only with api_version = "2026-09"', 1, true))
    assert.same({}, take(server))
  end)

  it("reads labels in another language", function()
    assert(current.properties:get("email", { locale = "de" }))
    assert.same({ "GET /crm/properties/2026-09/contacts/email?locale=de" }, take(server))
    local succeeded, message = pcall(v1.properties.get, v1.properties, "email", { locale = "de" })
    assert.is_false(succeeded)
    assert.truthy(message:find('properties:get: option locale works only with api_version = "2026-09"', 1, true))
    assert.same({}, take(server))
  end)

  it("sends a name as it is", function()
    local property, err = current.properties:get "a b/c?d"
    assert.same({ nil, 404 }, { property, err.status })
    assert.same({ "GET /crm/properties/2026-09/contacts/a%20b%2Fc%3Fd" }, take(server))
  end)

  it("knows no unknown property", function()
    for _, client in pairs { current, v1 } do
      local property, err = client.properties:get "no_such_property"
      assert.is_nil(property)
      assert.same({ "api", 404 }, { err.kind, err.status })
      assert.truthy(tostring(err):find("no_such_property", 1, true))
    end
  end)
end)
