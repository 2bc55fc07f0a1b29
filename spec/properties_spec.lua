-- client.properties over real sockets.

local fixture = require "spec.support.fixture"
local misuse = require "spec.support.misuse"
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

describe("properties of any type", function()
  local server, client
  local DEFINITION = {
    name = "code",
    label = "Code",
    groupName = "information",
    type = "string",
    fieldType = "text",
    hasUniqueValue = true,
  }

  setup(function()
    server = sandbox.start {}
    client = wire.client(server)
  end)

  teardown(function() server:stop() end)

  before_each(function()
    server:reset {}
    take(server)
  end)

  local function names_of(list)
    local names = {}
    for _, one in ipairs(list) do
      assert.is_nil(names[one.name])
      names[one.name] = one
    end
    return names
  end

  it("are created, changed, listed and archived", function()
    local properties, company = client.properties, { object_type = "company" }
    local made = assert(properties:create(DEFINITION, company))
    assert.same({ "code", true }, { made.name, made.hasUniqueValue })
    assert.equal("Key", properties:update("code", { label = "Key" }, company).label)
    assert.equal("Key", properties:get("code", company).label)
    assert.same({
      "GET /crm/properties/2026-09/companies/code?archived=true",
      'POST /crm/properties/2026-09/companies {"fieldType":"text","groupName":"information","hasUniqueValue":true,'
        .. '"label":"Code","name":"code","type":"string"}',
      'PATCH /crm/properties/2026-09/companies/code {"label":"Key"}',
      "GET /crm/properties/2026-09/companies/code",
    }, take(server))
    assert.equal("Key", names_of(properties:all(company)).code.label)
    assert.same({
      "GET /crm/properties/2026-09/companies?dataSensitivity=non_sensitive",
      "GET /crm/properties/2026-09/companies?dataSensitivity=sensitive",
      "GET /crm/properties/2026-09/companies?dataSensitivity=highly_sensitive",
    }, take(server))
    assert.is_nil(names_of(properties:all()).code)
    assert.is_true(properties:delete("code", company))
    assert.is_nil(names_of(properties:all(company)).code)
    assert.is_true(names_of(properties:all { object_type = "0-2", archived = true }).code.archived)
  end)

  it("have whole options, in their order", function()
    local made = assert(client.properties:create {
      name = "size",
      label = "Size",
      groupName = "information",
      type = "enumeration",
      fieldType = "select",
      options = { { label = "Small", value = "s" }, { label = "Large", value = "l", hidden = true } },
    })
    assert.same({ "s", 0, false }, { made.options[1].value, made.options[1].displayOrder, made.options[1].hidden })
    assert.same({ "l", 1, true }, { made.options[2].value, made.options[2].displayOrder, made.options[2].hidden })
  end)

  it("come back only where that is wanted", function()
    local properties, deals = client.properties, { object_type = "deals" }
    assert(properties:create(DEFINITION, deals))
    local made, err = properties:create(DEFINITION, deals)
    assert.is_nil(made)
    assert.equal(409, err.status)
    assert(properties:delete("code", deals))
    take(server)
    made, err = properties:create(DEFINITION, deals)
    assert.is_nil(made)
    assert.truthy(tostring(err):find("there is an archived property code", 1, true))
    assert.truthy(tostring(err):find("restore = true", 1, true))
    assert.equal(1, #take(server))
    assert.is_false(assert(properties:create(DEFINITION, { object_type = "deals", restore = true })).archived)
  end)

  it("are listed without those that the token may not see", function()
    server:fault { kind = "status", status = 403, path = "/crm/properties/", after = 1, times = 2 }
    assert.is_truthy(names_of(assert(client.properties:all())).email)
    server:fault { kind = "status", status = 403, path = "/crm/properties/" }
    local list, err = client.properties:all()
    assert.is_nil(list)
    assert.equal(403, err.status)
  end)

  it("are refused where HubSpot would ignore or misread them", function()
    local properties = client.properties
    local function throws(expected, fn) misuse.throws(expected, fn) end
    local function with(name, value)
      local definition = {}
      for key, item in pairs(DEFINITION) do
        definition[key] = item
      end
      definition[name] = value
      return definition
    end
    throws("definition.name must be a name", function() properties:create(with("name", "Code")) end)
    throws("definition.name must be a name", function() properties:create(with("name", ("a"):rep(101))) end)
    throws("definition.label is missing", function() properties:create(with("label", nil)) end)
    throws("definition.type must be", function() properties:create(with("type", "strin")) end)
    throws(
      "changes has an unknown field hasUniqueValue",
      function() properties:update("a", { hasUniqueValue = true }) end
    )
    throws("changes must not be empty", function() properties:update("a", {}) end)
    throws("object_type must be the name or id", function() properties:all { object_type = "a/b" } end)
    throws(
      "definition.options[1].label is missing",
      function() properties:create(with("options", { { value = "a" } })) end
    )
    assert.same({}, take(server))
  end)
end)

describe("many properties", function()
  local world = fixture.new { start = {}, clients = { client = {} }, reset = {} }
  local server = world.server
  local COMPANIES = { object_type = "companies" }

  local function text_property(name, more)
    local definition = { name = name, label = name, groupName = "information", type = "string", fieldType = "text" }
    for key, value in pairs(more or {}) do
      definition[key] = value
    end
    return definition
  end

  local function indexes(list)
    local found = {}
    for index, one in ipairs(list) do
      found[index] = one.index
    end
    table.sort(found)
    return found
  end

  it("are read by their names, in their order", function()
    local properties = world.clients.client.properties
    local found = assert(properties:get_many({ "domain", "nothing", "name", "domain" }, COMPANIES))
    assert.same({ "domain", "name" }, { found[1].name, found[2].name, found[3] })
    local function line(sensitivity, names)
      return "POST /crm/properties/2026-09/companies/batch/read "
        .. ('{"archived":false,"dataSensitivity":"%s","inputs":[%s]}'):format(sensitivity, names)
    end
    assert.same({
      line("non_sensitive", '{"name":"domain"},{"name":"nothing"},{"name":"name"}'),
      line("sensitive", '{"name":"nothing"}'),
      line("highly_sensitive", '{"name":"nothing"}'),
    }, take(server))
  end)

  it("are created in requests of 100", function()
    local properties, list = world.clients.client.properties, {}
    for index = 1, 101 do
      list[index] = text_property(("p%d"):format(index))
    end
    local outcome = assert(properties:create_many(list, { object_type = "companies", restore = true }))
    assert.same({ 101, 0, nil }, { #outcome.results, #outcome.errors, outcome.stopped_by })
    local counts = {}
    for index, request in ipairs(take(server)) do
      assert.truthy(
        request:find('POST /crm/properties/2026-09/companies/batch/create {"inputs":[{"fieldType":', 1, true)
      )
      counts[index] = select(2, request:gsub('"fieldType"', ""))
    end
    table.sort(counts)
    assert.same({ 1, 100 }, counts)
    for _, one in ipairs(outcome.results) do
      assert.equal(list[one.index].name, one.name)
    end
  end)

  it("fail alone, and come back only where that is wanted", function()
    local properties = world.clients.client.properties
    assert(properties:create(text_property "gone", COMPANIES))
    assert(properties:delete("gone", COMPANIES))
    take(server)
    local list = {
      text_property "one",
      text_property "name",
      text_property "gone",
      text_property("wrong", { type = "number" }),
      text_property "two",
      text_property "two",
    }
    local outcome = assert(properties:create_many(list, COMPANIES))
    assert.same({ 1, 5 }, indexes(outcome.results))
    assert.same({ 2, 3, 4, 6 }, indexes(outcome.errors))
    assert.same({ 409, "CONFLICT", 400 }, {
      outcome.errors[1].status,
      outcome.errors[2].category,
      outcome.errors[3].status,
    })
    assert.truthy(tostring(outcome.errors[2]):find("Pass restore = true", 1, true))
    assert.truthy(take(server)[1]:find('batch/read {"archived":true,"dataSensitivity":"non_sensitive"', 1, true))
    outcome = assert(properties:create_many({ text_property "gone" }, { object_type = "companies", restore = true }))
    assert.same({ { 1 }, {} }, { indexes(outcome.results), outcome.errors })
    assert.is_false(assert(properties:get("gone", COMPANIES)).archived)
  end)

  it("may have been created where the answer is lost", function()
    server:fault { kind = "reset_after", path = "batch/create" }
    local outcome, err = world.clients.client.properties:create_many({ text_property "one" }, COMPANIES)
    assert.is_nil(outcome)
    assert.is_true(err.ambiguous)
    assert.truthy(world.clients.client.properties:get("one", COMPANIES))
  end)

  it("are archived, and those that HubSpot refuses stay", function()
    local properties = world.clients.client.properties
    assert(properties:create_many({ text_property "one", text_property "two" }, COMPANIES))
    take(server)
    local outcome = assert(properties:delete_many({ "one", "name", "nothing", "two" }, COMPANIES))
    assert.same({ { 1, 3, 4 }, { 2 } }, { indexes(outcome.results), indexes(outcome.errors) })
    assert.equal(400, outcome.errors[1].status)
    assert.equal(
      'POST /crm/properties/2026-09/companies/batch/archive {"inputs":[{"name":"one"},{"name":"name"},'
        .. '{"name":"nothing"},{"name":"two"}]}',
      take(server)[1]
    )
    local archived =
      assert(properties:get_many({ "two", "name", "one" }, { object_type = "companies", archived = true }))
    assert.same({ "two", "one" }, { archived[1].name, archived[2].name, archived[3] })
  end)

  it("are refused where they can't be what HubSpot takes", function()
    local properties = world.clients.client.properties
    world:refuses(
      "definitions[2].name must be a name",
      function() properties:create_many { text_property "one", text_property "One" } end
    )
    world:refuses("definitions must not be empty", function() properties:create_many {} end)
    world:refuses("names must not be empty", function() properties:get_many {} end)
    world:refuses("names must not be empty", function() properties:delete_many {} end)
  end)
end)

describe("groups of properties", function()
  local world = fixture.new { start = {}, clients = { client = {} }, reset = {} }
  local DEALS = { object_type = "deals" }

  it("are created, changed, listed and deleted", function()
    local properties = world.clients.client.properties
    local made = assert(properties:create_group({ name = "billing", label = "Billing" }, DEALS))
    assert.same({ "billing", "Billing" }, { made.name, made.label })
    local changed = assert(properties:update_group("billing", { label = "Bills", displayOrder = 2 }, DEALS))
    assert.same({ "Bills", 2 }, { changed.label, changed.displayOrder })
    local labels = {}
    for _, group in ipairs(assert(properties:groups(DEALS))) do
      labels[group.name] = group.label
    end
    assert.equal("Bills", labels.billing)
    assert.is_true(properties:delete_group("billing", DEALS))
    assert.same({
      'POST /crm/properties/2026-09/deals/groups {"label":"Billing","name":"billing"}',
      'PATCH /crm/properties/2026-09/deals/groups/billing {"displayOrder":2,"label":"Bills"}',
      "GET /crm/properties/2026-09/deals/groups",
      "DELETE /crm/properties/2026-09/deals/groups/billing",
    }, take(world.server))
    local deleted, err = properties:delete_group("dealinformation", DEALS)
    assert.same({ nil, 400 }, { deleted, err.status })
    take(world.server)
    world:refuses("changes must not be empty", function() properties:update_group("billing", {}, DEALS) end)
    world:refuses("definition.label is missing", function() properties:create_group { name = "billing" } end)
  end)
end)
