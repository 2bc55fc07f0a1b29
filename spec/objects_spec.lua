-- The methods of every type of records, over a socket.

local hubspot = require "hubspot"
local lines = require "spec.support.object_types"
local misuse = require "spec.support.misuse"
local sandbox = require "spec.support.sandbox"
local wire = require "spec.support.wire"

local server, client

setup(function()
  server = sandbox.start { contacts = 120 }
  client = wire.client(server)
end)

teardown(function() server:stop() end)

before_each(function() server:reset { contacts = 120 } end)

-- Types -------------------------------------------------------------------------------------------------------------

local SCHEMA = {
  name = "machines",
  labels = { singular = "Machine", plural = "Machines" },
  primaryDisplayProperty = "model",
  requiredProperties = hubspot.array { "model" },
  properties = {
    { name = "model", label = "Model", type = "string", fieldType = "text" },
    { name = "place", label = "Place", type = "string", fieldType = "text" },
  },
  associatedObjects = hubspot.array {},
}

local function with(properties, more)
  local all = {}
  for _, set in ipairs { properties, more } do
    for name, value in pairs(set) do
      all[name] = value
    end
  end
  return all
end

-- Gives a type a property `code` whose values are unique.
local function add_key(name)
  assert(client:request {
    method = "POST",
    path = "/crm/properties/2026-09/" .. name,
    body = {
      name = "code",
      label = "Code",
      type = "string",
      fieldType = "text",
      groupName = "information",
      hasUniqueValue = true,
    },
  })
end

local function result_ids(outcome, count)
  assert.is_nil(outcome.errors[1])
  assert.equal(count, #outcome.results)
  local ids = {}
  for _, result in ipairs(outcome.results) do
    ids[result.index] = result.id
  end
  return ids
end

-- `line` is that of a type, see `spec.support.object_types`.
local function has(line, write)
  for _, own in ipairs(line.writes) do
    if own == write then return true end
  end
  return false
end

local function update_one(records, line, id)
  assert.equal("1", records:update(id, { [line.change] = "1" }).properties[line.change])
  assert.equal("2", records:update_by("code", "one", { [line.change] = "2" }).properties[line.change])
end

local function write_one(records, line, associations)
  local made = assert(records:create(with(line.new, { code = "one" }), { associations = associations }))
  update_one(records, line, made.id)
  return made.id
end

local function read_one(records, line, id)
  local wanted = { properties = { line.change, "code" } }
  local record = records:get(id, wanted)
  assert.same({ id, "2", "one" }, { record.id, record.properties[line.change], record.properties.code })
  assert.equal(id, assert(records:get_by("code", "one", wanted)).id)
  assert.same({ id }, wire.ids(records:get_many { id, 1 }))
  assert.same({ id }, wire.ids(records:get_many_by("code", { "none", "one" })))
  assert.same({ id }, wire.ids(wire.collect(records:all { parallel = 3, ordered = true })))
  assert.same({ id }, wire.ids(wire.collect(records:search "")))
  assert.same({ id }, wire.ids(wire.collect(records:recently_created())))
  assert.same({ id }, wire.ids(wire.collect(records:recently_updated())))
  assert.equal(1, records:count())
  assert.equal(
    "2",
    records:get(id, { properties = { line.change }, with_history = true }).propertiesWithHistory[line.change][1].value
  )
  assert.same({}, records:get(id, { list_memberships = true }).listMemberships)
end

local function write_many(records, line, associations)
  local list = {}
  for index = 1, 3 do
    list[index] = { properties = with(line.new, { code = "k" .. index }), associations = associations }
  end
  list[2].properties.code = "one"
  local outcome = records:create_many(list)
  assert.same({ 2, 1, 2 }, { #outcome.results, #outcome.errors, outcome.errors[1].index })
  local first, third = outcome.results[1].id, outcome.results[2].id
  result_ids(records:update_many { { id = first, properties = { [line.change] = "3" } } }, 1)
  assert.is_false(assert(records:upsert_by("code", "k1", { [line.change] = "4" })).new)
  local ids = result_ids(
    records:upsert_many({
      { id = first, properties = { [line.change] = "5" } },
      { code = "k3", properties = { [line.change] = "6" } },
    }, { by = "code" }),
    2
  )
  assert.same({ first, third }, ids)
  return first, third
end

local function remove(records, line, id, first, third)
  if has(line, "merge") then
    local survivor = assert(records:merge(first, third))
    assert.equal(survivor.id, records:get(third).id)
    assert.same({ survivor.id }, wire.ids(records:get_many { first, third }))
    first, third = survivor.id, nil
  end
  assert.is_true(records:delete(first))
  local ids = result_ids(records:delete_many { third or id }, 1)
  assert.equal(third or id, ids[1])
  assert.is_true(#wire.collect(records:all { archived = true }) >= 2)
  if has(line, "gdpr_delete") then
    local gone = assert(records:create(with(line.new, { code = "gone" }))).id
    assert.is_true(records:gdpr_delete(gone))
    assert(records:create(with(line.new, { code = "gone" })))
    assert.is_true(records:gdpr_delete_by("code", "gone"))
    assert.is_nil((records:get(gone)))
  end
end

local function go_through(name, line)
  add_key(name)
  local records = client:objects(name)
  local associations
  if line.needs_contact then
    associations = { contacts = { client.contacts:create({ email = "lead@example.org" }).id } }
  end
  local id = write_one(records, line, associations)
  read_one(records, line, id)
  if associations then
    local found = records:get(id, { associations = { "contacts" } }).associations.contacts
    assert.same(associations.contacts, wire.ids(found))
  end
  local first, third = write_many(records, line, associations)
  remove(records, line, id, first, third)
end

-- The methods of a type whose records HubSpot makes: one is there from the start.
local function go_through_found(name, line)
  server:reset { contacts = 0, fixtures = { records = { [name] = { { id = 5, properties = line.new } } } } }
  local records = client:objects(name)
  assert.same({ "5" }, wire.ids(wire.collect(records:all())))
  assert.equal(1, records:count())
  if not has(line, "update") then return end
  add_key(name)
  result_ids(records:update_many { { id = "5", properties = { code = "one" } } }, 1)
  update_one(records, line, "5")
  read_one(records, line, "5")
end

describe("every method of", function()
  before_each(function() server:reset { contacts = 0 } end)

  for name, line in pairs(lines) do
    it(name .. " does what it says", function()
      local run = has(line, "create") and go_through or go_through_found
      run(name, line)
    end)
  end

  it("a type that the account made does what it says", function()
    local made = assert(client:request { method = "POST", path = "/crm-object-schemas/2026-09/schemas", body = SCHEMA })
    go_through(made.objectTypeId, { new = { model = "A" }, change = "place", writes = lines.deals.writes })
    assert.equal(made.fullyQualifiedName, "p99001_machines")
    assert.equal(1, client:objects("p99001_machines"):count() + 1 - client:objects(made.objectTypeId):count())
  end)
end)

describe("a type that there is not", function()
  it("is said to be another one that is nearly called so", function()
    local cases = { contcts = "contacts", COMPANIES_ = "companies", p1_x = nil, warehouse = nil }
    for _, name in ipairs { "contcts", "COMPANIES_", "p1_x", "warehouse" } do
      local answer, err = client:objects(name):get "1"
      assert.is_nil(answer)
      assert.equal("Unable to infer object type from: " .. name, err.message)
      assert.equal(cases[name] and ("Did you mean %s?"):format(cases[name]), err.hint)
    end
    local _, err = client.associations:get_many("contacts", { "1" }, "compnies")
    assert.equal("Did you mean companies?", err.hint)
  end)
end)

describe("records by a unique property", function()
  it("are read, and updated", function()
    local first, second
    for contact in client.contacts:all { max = 2 } do
      first, second = first or contact, contact
    end
    local address = first.properties.email
    wire.take(server)
    assert.same(first, client.contacts:get_by("email", address))
    local several =
      client.contacts:get_many_by("email", { second.properties.email, address:upper(), "none@example.org" })
    assert.same({ second.id, first.id }, wire.ids(several))
    local updated = client.contacts:update_by("email", address, { firstname = "Zoë" })
    assert.equal(first.id, updated.id)
    assert.equal("Zoë", client.contacts:get(first.id).properties.firstname)
    assert.equal(
      "GET /crm/objects/2026-09/contacts/" .. address:gsub("@", "%%40") .. "?idProperty=email",
      wire.take(server)[1]
    )
  end)

  it("come without those that there are none of", function()
    assert.same({}, client.contacts:get_many_by("email", { "none@example.org" }))
    local contact, err = client.contacts:get_by("email", "none@example.org")
    assert.is_nil(contact)
    assert.equal(404, err.status)
  end)
end)

describe("writes of many", function()
  it("create, update and delete contacts, of which a bad one fails alone", function()
    server:reset { contacts = 0 }
    local list = {}
    for index = 1, 130 do
      list[index] = { properties = { email = ("c%d@example.org"):format(index) } }
    end
    list[7].properties.email = "not an address"
    list[20].properties.email = "c1@example.org"
    local outcome = client.contacts:create_many(list)
    assert.same({ 128, 2 }, { #outcome.results, #outcome.errors })
    assert.same({ 7, 20 }, { outcome.errors[1].index, outcome.errors[2].index })
    assert.equal(128, client.contacts:count())
    local ids, changes = {}, {}
    for index, contact in ipairs(outcome.results) do
      ids[index], changes[index] = contact.id, { id = contact.id, properties = { firstname = "F" .. index } }
    end
    outcome = client.contacts:update_many(changes)
    assert.same({ 128, 0 }, { #outcome.results, #outcome.errors })
    assert.equal("F9", client.contacts:get(ids[9]).properties.firstname)
    outcome = client.contacts:delete_many(ids)
    assert.same({ 128, 0 }, { #outcome.results, #outcome.errors })
    assert.is_nil(client.contacts:all():next())
  end)

  it("upsert by a unique property", function()
    local created = client.contacts:upsert_by("email", "zoe@example.org", { firstname = "Zoë" })
    assert.is_true(created.new)
    local updated = client.contacts:upsert_by("email", "zoe@example.org", { firstname = "Zoe" })
    assert.same({ created.id, false }, { updated.id, updated.new })
  end)
end)

describe("a count", function()
  it("is that of a search", function()
    assert.equal(120, client.contacts:count())
    local first = client.contacts:all():next()
    local filter = { propertyName = "email", operator = "EQ", value = first.properties.email }
    assert.equal(1, client.contacts:count { filter_groups = { { filters = { filter } } } })
    assert.equal(0, client.contacts:count { query = "nobody of this name" })
    misuse.throws(
      "contacts:count: filter_groups must be",
      function() client.contacts:count { filter_groups = { filter } } end
    )
  end)
end)
