-- The methods of every type of records, over a socket.

local types = require "hubspot.object.types"

local hubspot = require "hubspot"
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

local AT = "2026-01-02T03:04:05.000Z"

-- Of each type: the properties of a record that HubSpot takes, and a property to change.
local NEW = {
  appointments = { { hs_appointment_name = "A" }, "hs_appointment_name" },
  calls = { { hs_timestamp = AT }, "hs_call_title" },
  carts = { {}, "hs_cart_name" },
  commerce_payments = { { hs_initial_amount = 5, hs_initiated_date = AT }, "hs_currency_code" },
  communications = { { hs_timestamp = AT, hs_communication_channel_type = "SMS" }, "hs_communication_body" },
  companies = { { name = "A" }, "city" },
  contacts = { { lastname = "A" }, "firstname" },
  contracts = { {}, "hs_status" },
  courses = { { hs_course_name = "A" }, "hs_course_id" },
  deals = { { dealname = "A", dealstage = "closedwon" }, "description" },
  discounts = { {}, "hs_label" },
  emails = { { hs_timestamp = AT, hs_email_direction = "EMAIL" }, "hs_email_subject" },
  feedback_submissions = {},
  fees = { {}, "hs_label" },
  goal_targets = { {}, "hs_goal_name" },
  invoices = { { hs_currency = "USD" }, "hs_title" },
  leads = { { hs_lead_name = "A" }, "hs_lead_name", needs_contact = true },
  line_items = { { quantity = 2 }, "name" },
  listings = { { hs_name = "A" }, "hs_city" },
  meetings = { { hs_timestamp = AT }, "hs_meeting_title" },
  notes = { { hs_timestamp = AT }, "hs_note_body" },
  orders = { { hs_order_name = "A" }, "hs_order_name" },
  postal_mail = { { hs_timestamp = AT }, "hs_postal_mail_body" },
  products = { { name = "A" }, "description" },
  projects = { { hs_name = "A", hs_pipeline_stage = "project-new" }, "hs_description" },
  quotes = { { hs_title = "A", hs_expiration_date = AT }, "hs_comments" },
  services = { { hs_name = "A", hs_pipeline_stage = "service-new" }, "hs_description" },
  subscriptions = { { hs_name = "A" }, "hs_status" },
  tasks = { { hs_timestamp = AT }, "hs_task_subject" },
  taxes = { {}, "hs_label" },
  tickets = { { subject = "A", hs_pipeline_stage = "1" }, "content" },
  users = { { hs_internal_user_id = 7, hs_email = "u@example.org" }, "hs_job_title" },
}

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

-- What a type has beside its name: `row`, `properties` and `changed`, a property.
local function write_one(records, kind, associations)
  local made = assert(records:create(with(kind.properties, { code = "one" }), { associations = associations }))
  assert.equal("1", records:update(made.id, { [kind.changed] = "1" }).properties[kind.changed])
  assert.equal("2", records:update_by("code", "one", { [kind.changed] = "2" }).properties[kind.changed])
  return made.id
end

local function read_one(records, kind, id)
  local wanted = { properties = { kind.changed, "code" } }
  local record = records:get(id, wanted)
  assert.same({ id, "2", "one" }, { record.id, record.properties[kind.changed], record.properties.code })
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
    records:get(id, { properties = { kind.changed }, with_history = true }).propertiesWithHistory[kind.changed][1].value
  )
  if kind.row.name == "contacts" then assert.same({}, records:get(id, { list_memberships = true }).listMemberships) end
end

local function write_many(records, kind, associations)
  local list = {}
  for index = 1, 3 do
    list[index] = { properties = with(kind.properties, { code = "k" .. index }), associations = associations }
  end
  list[2].properties.code = "one"
  local outcome = records:create_many(list)
  assert.same({ 2, 1, 2 }, { #outcome.results, #outcome.errors, outcome.errors[1].index })
  local first, third = outcome.results[1].id, outcome.results[2].id
  result_ids(records:update_many { { id = first, properties = { [kind.changed] = "3" } } }, 1)
  assert.is_false(assert(records:upsert_by("code", "k1", { [kind.changed] = "4" })).new)
  if kind.row.name ~= "contacts" then
    local ids = result_ids(
      records:upsert_many({
        { id = first, properties = { [kind.changed] = "5" } },
        { code = "k3", properties = { [kind.changed] = "6" } },
      }, { by = "code" }),
      2
    )
    assert.same({ first, third }, ids)
  end
  return first, third
end

local function remove(records, kind, id, first, third)
  if kind.row.merges then
    local survivor = assert(records:merge(first, third))
    assert.equal(survivor.id, records:get(third).id)
    assert.same({ survivor.id }, wire.ids(records:get_many { first, third }))
    first, third = survivor.id, nil
  end
  assert.is_true(records:delete(first))
  local ids = result_ids(records:delete_many { third or id }, 1)
  assert.equal(third or id, ids[1])
  assert.is_true(#wire.collect(records:all { archived = true }) >= 2)
  if kind.row.purges then
    local gone = assert(records:create(with(kind.properties, { code = "gone" }))).id
    assert.is_true(records:gdpr_delete(gone))
    assert(records:create(with(kind.properties, { code = "gone" })))
    assert.is_true(records:gdpr_delete_by("code", "gone"))
    assert.is_nil((records:get(gone)))
  end
end

local function go_through(name, kind, needs_contact)
  add_key(name)
  local records = client:objects(name)
  local associations
  if needs_contact then associations = { contacts = { client.contacts:create({ email = "lead@example.org" }).id } } end
  local id = write_one(records, kind, associations)
  read_one(records, kind, id)
  if associations then
    local found = records:get(id, { associations = { "contacts" } }).associations.contacts
    assert.same(associations.contacts, wire.ids(found))
  end
  local first, third = write_many(records, kind, associations)
  remove(records, kind, id, first, third)
end

describe("every method of", function()
  before_each(function() server:reset { contacts = 0 } end)

  for name, row in pairs(types.rows) do
    it(name .. " does what it says", function()
      local new = assert(NEW[name], name .. " needs a line in NEW")
      if row.is_read_only then
        assert.equal(0, client[name]:count())
        assert.is_nil(client[name]:all():next())
        return
      end
      go_through(name, { row = row, properties = new[1], changed = new[2] }, new.needs_contact)
    end)
  end

  it("a type that the account made does what it says", function()
    local made = assert(client:request { method = "POST", path = "/crm-object-schemas/2026-09/schemas", body = SCHEMA })
    local row = types.custom(made.objectTypeId)
    go_through(made.objectTypeId, { row = row, properties = { model = "A" }, changed = "place" })
    assert.equal(made.fullyQualifiedName, "p99001_machines")
    assert.equal(1, client:objects("p99001_machines"):count() + 1 - client:objects(made.objectTypeId):count())
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
