-- Schemas of custom objects, and definitions of properties of any type.

local core = require "hubspot.core"
local portal = require "spec.support.portal"

local array = core.array

local SCHEMAS, PROPERTIES = "/crm-object-schemas/2026-09/schemas", "/crm/properties/2026-09/"

describe("the sandbox's schemas", function()
  local call, must

  before_each(function()
    local wire = portal.new()
    call, must = wire.call, wire.must
  end)

  local function bare(name, more)
    local body = {
      name = name,
      labels = { singular = "Machine", plural = "Machines" },
      primaryDisplayProperty = "hs_object_id",
    }
    for key, value in pairs(more or {}) do
      body[key] = value
    end
    return body
  end

  it("are made with a name, labels and the property to display, and listed", function()
    local made = must("POST", SCHEMAS, bare "machines")
    assert.same({ "p99001_machines", "machines", false }, { made.fullyQualifiedName, made.name, made.archived })
    assert.truthy(made.objectTypeId:find "^2%-%d+$")
    assert.same({ "machines" }, portal.ids_of(must("GET", SCHEMAS).results, "name"))
    assert.same({ "machines" }, portal.ids_of(must("GET", "/crm/v3/schemas").results, "name"))
    assert.equal(made.objectTypeId, must("GET", SCHEMAS .. "/p99001_machines").objectTypeId)
    local read = must("POST", SCHEMAS .. "/batch/read", { inputs = array { made.objectTypeId, "nothing" } })
    assert.same({ made.objectTypeId }, portal.ids_of(read.results, "objectTypeId"))
    assert.equal(409, (call("POST", SCHEMAS, bare "MACHINES")))
    assert.equal(404, (call("GET", SCHEMAS .. "/nothing")))
  end)

  it("without what they need are refused", function()
    local _, problem = call("POST", SCHEMAS, { name = "machines", labels = {} })
    assert.equal("PRIMARY_DISPLAY_PROPERTY_REQUIRED", problem.errors[1].code)
    for _, body in ipairs {
      bare "1st",
      bare(("m"):rep(51)),
      bare("machines", { primaryDisplayProperty = "nothing" }),
      bare("machines", { requiredProperties = array { "nothing" } }),
      bare("machines", { associatedObjects = array { "widgets" } }),
    } do
      assert.equal(400, (call("POST", SCHEMAS, body)))
    end
  end)

  it("are changed in what is given", function()
    local id = must("POST", SCHEMAS, bare "machines").objectTypeId
    must("POST", PROPERTIES .. id, {
      name = "model",
      label = "Model",
      groupName = "machines_information",
      type = "string",
      fieldType = "text",
    })
    local changed = must("PATCH", SCHEMAS .. "/" .. id, {
      primaryDisplayProperty = "model",
      requiredProperties = array { "model" },
    })
    assert.same({ "model", "Machine" }, { changed.primaryDisplayProperty, changed.labels.singular })
    assert.equal(400, (call("POST", "/crm/objects/2026-09/" .. id, { properties = {} })))
    must("POST", "/crm/objects/2026-09/" .. id, { properties = { model = "M" } })
    assert.equal(400, (call("PATCH", SCHEMAS .. "/" .. id, { searchableProperties = array { "nothing" } })))
  end)

  it("are archived without records only, and purged by a second delete or a schema of their name", function()
    local id = must("POST", SCHEMAS, bare "machines").objectTypeId
    local record = must("POST", "/crm/objects/2026-09/" .. id, { properties = {} }).id
    local _, problem = call("DELETE", SCHEMAS .. "/" .. id)
    assert.equal("EXISTING_OBJECT_RECORDS", problem.errors[1].code)
    must("DELETE", "/crm/objects/2026-09/" .. id .. "/" .. record)
    must("DELETE", SCHEMAS .. "/" .. id)
    assert.equal(400, (call("GET", "/crm/objects/2026-09/" .. id)))
    assert.same({}, must("GET", SCHEMAS).results)
    assert.is_true(must("GET", SCHEMAS .. "?archived=true").results[1].archived)

    local second = must("POST", SCHEMAS, bare "machines").objectTypeId
    assert.is_true(second ~= id)
    assert.equal(1, #must("GET", SCHEMAS .. "?archived=true").results)
    must("DELETE", SCHEMAS .. "/" .. second)
    must("DELETE", SCHEMAS .. "/" .. second .. "?archived=true")
    assert.same({}, must("GET", SCHEMAS .. "?archived=true").results)
  end)

  it("tell the associations of their type", function()
    local id = must("POST", SCHEMAS, bare("machines", { associatedObjects = array { "CONTACT" } })).objectTypeId
    local made = must("POST", SCHEMAS .. "/" .. id .. "/associations", {
      fromObjectTypeId = id,
      toObjectTypeId = "0-3",
      name = "machine_to_deal",
    })
    assert.same({ id, "0-3", "machine_to_deal" }, { made.fromObjectTypeId, made.toObjectTypeId, made.name })
    local function leads_to(type_id)
      for _, association in ipairs(must("GET", SCHEMAS .. "/" .. id).associations) do
        if association.toObjectTypeId == type_id then return true end
      end
      return false
    end
    assert.same({ true, true, false }, { leads_to "0-1", leads_to "0-3", leads_to "0-5" })
    must("DELETE", SCHEMAS .. "/" .. id .. "/associations/" .. made.id)
    assert.is_false(leads_to "0-3")
  end)
end)

describe("the sandbox's definitions of properties", function()
  local call, must

  before_each(function()
    local wire = portal.new()
    call, must = wire.call, wire.must
  end)

  local COLOR = {
    name = "color",
    label = "Color",
    groupName = "dealinformation",
    type = "enumeration",
    fieldType = "select",
    options = array { { label = "Red", value = "red" }, { label = "Blue", value = "blue" } },
  }

  it("are of each type by itself", function()
    must("POST", PROPERTIES .. "deals", COLOR)
    assert.equal("color", must("GET", PROPERTIES .. "0-3/color").name)
    assert.equal(404, (call("GET", PROPERTIES .. "companies/color")))
    assert.equal(400, (call("GET", PROPERTIES .. "widgets/color")))
    assert.equal(409, (call("POST", PROPERTIES .. "deal", COLOR)))
  end)

  it("are changed in what is given, but for being unique", function()
    must("POST", PROPERTIES .. "deals", COLOR)
    local changed = must("PATCH", PROPERTIES .. "deals/color", { label = "Colour", hasUniqueValue = true })
    assert.same({ "Colour", false, 2 }, { changed.label, changed.hasUniqueValue, #changed.options })
    changed = must("PATCH", PROPERTIES .. "deals/color", { options = array { { label = "Green", value = "green" } } })
    assert.equal("green", changed.options[1].value)
    local deal = { dealname = "D", dealstage = "closedwon", color = "red" }
    assert.equal(400, (call("POST", "/crm/objects/2026-09/deals", { properties = deal })))
  end)

  it("are archived, and come back with their values where one of the name is made", function()
    must("POST", PROPERTIES .. "deals", COLOR)
    local deal = { dealname = "D", dealstage = "closedwon", color = "red" }
    local id = must("POST", "/crm/objects/2026-09/deals", { properties = deal }).id
    must("DELETE", PROPERTIES .. "deals/color")
    assert.equal(404, (call("GET", PROPERTIES .. "deals/color")))
    assert.is_true(must("GET", PROPERTIES .. "deals/color?archived=true").archived)
    assert.same({ "color" }, portal.ids_of(must("GET", PROPERTIES .. "deals?archived=true").results, "name"))
    assert.equal(404, (call("DELETE", PROPERTIES .. "deals/color")))
    assert.equal(400, (call("DELETE", PROPERTIES .. "deals/amount")))
    must("POST", PROPERTIES .. "deals", COLOR)
    local read = must("GET", "/crm/objects/2026-09/deals/" .. id .. "?properties=color")
    assert.equal("red", read.properties.color)
  end)

  it("of a batch are made each by itself, read, and archived", function()
    must("POST", PROPERTIES .. "deals", COLOR)
    local size = { name = "size", label = "Size", groupName = "g", type = "number", fieldType = "number" }
    local wrong = { name = "shape", label = "Shape", groupName = "g", type = "number", fieldType = "text" }
    local answer, status = must("POST", PROPERTIES .. "deals/batch/create", { inputs = array { COLOR, size, wrong } })
    assert.same({ 207, "size", 2 }, { status, answer.results[1].name, answer.numErrors })
    assert.same({ "color", "OBJECT_ALREADY_EXISTS", "VALIDATION_ERROR" }, {
      answer.errors[1].context.name[1],
      answer.errors[1].category,
      answer.errors[2].category,
    })
    local names = array { { name = "size" }, { name = "never" } }
    local body = { archived = false, dataSensitivity = "non_sensitive", inputs = names }
    answer, status = must("POST", PROPERTIES .. "deals/batch/read", body)
    assert.same({ 207, "size", "never" }, { status, answer.results[1].name, answer.errors[1].context.name[1] })
    must("POST", PROPERTIES .. "deals/batch/archive", { inputs = names })
    body.archived = true
    assert.equal("size", must("POST", PROPERTIES .. "deals/batch/read", body).results[1].name)
  end)

  describe("that are sensitive", function()
    local SECRET = {
      name = "secret",
      label = "Secret",
      groupName = "g",
      type = "string",
      fieldType = "text",
      dataSensitivity = "sensitive",
    }
    local DEALS = "/crm/objects/2026-09/deals"

    local function searching(name)
      local filter = { propertyName = name, operator = "HAS_PROPERTY" }
      return { filterGroups = array { { filters = array { filter } } } }
    end

    it("are told apart from the others", function()
      must("POST", PROPERTIES .. "deals", SECRET)
      assert.equal(404, (call("GET", PROPERTIES .. "deals/secret")))
      assert.equal("sensitive", must("GET", PROPERTIES .. "deals/secret?dataSensitivity=sensitive").dataSensitivity)
      assert.same(
        { "secret" },
        portal.ids_of(must("GET", PROPERTIES .. "deals?dataSensitivity=sensitive").results, "name")
      )
      assert.same({}, must("GET", PROPERTIES .. "deals?dataSensitivity=highly_sensitive").results)
      for _, definition in ipairs(must("GET", PROPERTIES .. "deals").results) do
        assert.is_true(definition.name ~= "secret")
      end
      local body = { archived = false, dataSensitivity = "sensitive", inputs = array { { name = "secret" } } }
      assert.equal(1, #must("POST", PROPERTIES .. "deals/batch/read", body).results)
      assert.equal(400, (call("GET", PROPERTIES .. "deals?dataSensitivity=secret")))
      assert.equal("sensitive", must("PATCH", PROPERTIES .. "deals/secret", { dataSensitivity = "x" }).dataSensitivity)
    end)

    it("take scopes to be defined, written, read and searched", function()
      local scopes = { "crm.objects.deals.read", "crm.objects.deals.write", "crm.schemas.deals.write" }
      local wire = portal.new { scopes = scopes }
      local status, problem = wire.call("POST", PROPERTIES .. "deals", SECRET)
      assert.same({ 403, "sensitive-data-property-create" }, {
        status,
        problem.errors[1].context.requiredGranularScopes[1],
      })
      scopes[#scopes + 1] = "crm.schemas.deals.sensitive.write"
      wire = portal.new { scopes = scopes, fixtures = { properties = { deals = { SECRET } } } }
      local values = { dealname = "D", dealstage = "closedwon", secret = "S" }
      status, problem = wire.call("POST", DEALS, { properties = values })
      assert.same({ 403, "crm.objects.deals.sensitive.write.v2" }, {
        status,
        problem.errors[1].context.requiredGranularScopes[1],
      })
      scopes[#scopes + 1] = "crm.objects.deals.sensitive.write.v2"
      wire = portal.new { scopes = scopes, fixtures = { properties = { deals = { SECRET } } } }
      local made = wire.must("POST", DEALS, { properties = values })
      assert.is_nil(made.properties.secret)
      assert.equal("D", made.properties.dealname)
      local path = DEALS .. "/" .. made.id .. "?properties=secret&propertiesWithHistory=secret"
      local read = wire.must("GET", path)
      assert.same({ nil, {} }, { read.properties.secret, read.propertiesWithHistory })
      assert.equal(400, (wire.call("POST", DEALS .. "/search", searching "secret")))
      scopes[#scopes + 1] = "crm.objects.deals.sensitive.read.v2"
      wire = portal.new { scopes = scopes, fixtures = { properties = { deals = { SECRET } } } }
      made = wire.must("POST", DEALS, { properties = values })
      assert.equal("S", made.properties.secret)
      assert.equal(1, wire.must("POST", DEALS .. "/search", searching "secret").total)
    end)
  end)

  it("are refused where the type and the field don't fit, or the name is HubSpot's", function()
    for name, value in pairs { name = "hs_color", type = "string", fieldType = "date", options = array {} } do
      local body = {}
      for key, kept in pairs(COLOR) do
        body[key] = kept
      end
      body[name] = value
      assert.equal(400, (call("POST", PROPERTIES .. "deals", body)))
    end
    local bool = { name = "b", label = "B", groupName = "g", type = "bool", fieldType = "booleancheckbox" }
    local _, problem = call("POST", PROPERTIES .. "deals", bool)
    assert.equal("INVALID_BOOLEAN_OPTION", problem.errors[1].code)
  end)
end)
