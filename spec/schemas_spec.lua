-- client.schemas over a socket.

local hubspot = require "hubspot"
local misuse = require "spec.support.misuse"
local sandbox = require "spec.support.sandbox"
local wire = require "spec.support.wire"

local take = wire.take

local server, client

setup(function()
  server = sandbox.start {}
  client = wire.client(server)
end)

teardown(function() server:stop() end)

before_each(function()
  server:reset {}
  take(server)
end)

local function definition(more)
  local whole = {
    name = "machines",
    labels = { singular = "Machine", plural = "Machines" },
    primaryDisplayProperty = "model",
    requiredProperties = { "model" },
    properties = {
      { name = "model", label = "Model", type = "string", fieldType = "text" },
      { name = "place", label = "Place", type = "string", fieldType = "text" },
    },
  }
  for name, value in pairs(more or {}) do
    whole[name] = value
  end
  return whole
end

local LIST = "GET /crm-object-schemas/2026-09/schemas"

describe("schemas", function()
  it("are created, read, changed as a whole, and archived", function()
    local schemas = client.schemas
    local made = assert(schemas:create(definition()))
    assert.equal("p99001_machines", made.fullyQualifiedName)
    assert.equal(LIST .. "?archived=true", take(server)[1])
    local name = made.objectTypeId
    assert.equal(name, schemas:get("p99001_machines").objectTypeId)
    assert.same({ LIST }, take(server))
    assert.equal(name, schemas:get("MACHINES").objectTypeId)
    assert.same({ LIST, LIST .. "/MACHINES" }, take(server))
    local none, err = schemas:get "p99001_none"
    assert.is_nil(none)
    assert.equal(404, err.status)
  end)

  it("are sent whole where they are changed", function()
    local schemas = client.schemas
    local name = assert(schemas:create(definition())).objectTypeId
    take(server)
    assert(schemas:update(name, { searchableProperties = { "place" } }))
    local requests = take(server)
    assert.equal(LIST, requests[1])
    assert.equal(
      ('PATCH /crm-object-schemas/2026-09/schemas/%s {"labels":{"plural":"Machines","singular":"Machine"},'):format(
        name
      )
        .. '"primaryDisplayProperty":"model","requiredProperties":["model"],"searchableProperties":["place"],'
        .. '"secondaryDisplayProperties":[]}',
      requests[2]
    )
    assert(schemas:update(name, { labels = { singular = "Device", plural = "Devices" }, requiredProperties = {} }))
    local schema = schemas:get(name)
    assert.same({ "Devices", {}, "place" }, {
      schema.labels.plural,
      schema.requiredProperties,
      schema.searchableProperties[1],
    })
  end)

  it("are never deleted by a creation that doesn't say so", function()
    local schemas = client.schemas
    local name = assert(schemas:create(definition())).objectTypeId
    take(server)
    local made, err = schemas:create(definition { name = "Machines" })
    assert.is_nil(made)
    assert.truthy(tostring(err):find("there is a schema machines already", 1, true))
    assert.is_true(schemas:delete(name))
    assert.same({}, schemas:all())
    assert.equal(name, schemas:all({ archived = true })[1].objectTypeId)
    take(server)
    made, err = schemas:create(definition())
    assert.is_nil(made)
    assert.truthy(tostring(err):find("purge = true", 1, true))
    assert.same({ LIST .. "?archived=true" }, take(server))
    local again = assert(schemas:create(definition(), { purge = true }))
    assert.equal(again.objectTypeId, schemas:all()[1].objectTypeId)
    assert.same({}, schemas:all { archived = true })
    assert(schemas:delete(again.objectTypeId))
    assert.is_true(schemas:delete(again.objectTypeId, { archived = true }))
    assert.same({}, schemas:all { archived = true })
  end)

  it("have associations with other types", function()
    local schemas = client.schemas
    local name = assert(schemas:create(definition())).objectTypeId
    local made = assert(schemas:create_association(name, { fromObjectTypeId = name, toObjectTypeId = "0-1" }))
    assert.same({ name, "0-1" }, { made.fromObjectTypeId, made.toObjectTypeId })
    assert.is_true(schemas:delete_association(name, made.id))
  end)

  it("are refused where HubSpot would not take them", function()
    local schemas = client.schemas
    misuse.throws("definition.name must be a name", function() schemas:create(definition { name = "1a" }) end)
    misuse.throws("definition.name must be a name", function() schemas:create(definition { name = ("a"):rep(51) }) end)
    misuse.throws(
      "definition.primaryDisplayProperty is missing",
      function() schemas:create { name = "a", labels = { singular = "A", plural = "As" } } end
    )
    misuse.throws("changes must not be empty", function() schemas:update("2-1", {}) end)
    misuse.throws("changes has an unknown field name", function() schemas:update("2-1", { name = "b" }) end)
    misuse.throws("object_type must be the name or id", function() schemas:get "a/b" end)
    assert.same({}, take(server))
    assert.is_table(hubspot.array {})
  end)
end)
