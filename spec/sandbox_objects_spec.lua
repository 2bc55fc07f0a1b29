-- The objects of the CRM, each type by the same routes, from one store.

local core = require "hubspot.core"
local portal = require "spec.support.portal"

local array = core.array
local unpack = table.unpack or unpack

local STAMP = { hs_timestamp = "2026-01-02T03:04:05.000Z" }

local function activity(more)
  local properties = { hs_timestamp = STAMP.hs_timestamp }
  for name, value in pairs(more or {}) do
    properties[name] = value
  end
  return properties
end

-- The name in paths, the id, what a new record needs, and a property to change.
local TYPES = {
  { "companies", "0-2", { name = "Acme" }, "city", modified = "hs_lastmodifieddate", created = "createdate" },
  { "deals", "0-3", { dealname = "D", dealstage = "closedwon" }, "description", created = "createdate" },
  { "tickets", "0-5", { subject = "T", hs_pipeline_stage = "1" }, "content", created = "createdate" },
  { "products", "0-7", { name = "P" }, "description", created = "createdate" },
  { "line_items", "0-8", { quantity = "2" }, "name", created = "createdate" },
  { "quotes", "0-14", { hs_title = "Q", hs_expiration_date = "2026-05-01T00:00:00.000Z" }, "hs_comments" },
  { "communications", "0-18", activity { hs_communication_channel_type = "SMS" }, "hs_communication_body" },
  { "tasks", "0-27", activity(), "hs_task_subject" },
  { "notes", "0-46", activity(), "hs_note_body" },
  { "meetings", "0-47", activity(), "hs_meeting_title" },
  { "calls", "0-48", activity(), "hs_call_title" },
  { "emails", "0-49", activity { hs_email_direction = "EMAIL" }, "hs_email_subject" },
  { "invoices", "0-53", { hs_currency = "USD" }, "hs_title", created = "createdate" },
  { "subscriptions", "0-69", { hs_name = "S" }, "hs_status" },
  { "goal_targets", "0-74", {}, "hs_goal_name" },
  { "discounts", "0-84", {}, "hs_label", created = "createdate" },
  { "fees", "0-85", {}, "hs_label", created = "createdate" },
  { "taxes", "0-86", {}, "hs_label", created = "createdate" },
  {
    "commerce_payments",
    "0-101",
    { hs_initial_amount = "5", hs_initiated_date = "2026-05-01T00:00:00.000Z" },
    "hs_currency_code",
    created = "createdate",
  },
  { "users", "0-115", { hs_internal_user_id = "7", hs_email = "u@example.org" }, "hs_job_title" },
  { "postal_mail", "0-116", activity(), "hs_postal_mail_body" },
  { "orders", "0-123", { hs_order_name = "O" }, "hs_external_order_id", created = "createdate" },
  { "carts", "0-142", {}, "hs_cart_name", created = "createdate" },
  { "services", "0-162", { hs_name = "S", hs_pipeline_stage = "service-new" }, "hs_description" },
  { "courses", "0-410", { hs_course_name = "C" }, "hs_course_id" },
  { "listings", "0-420", { hs_name = "L" }, "hs_city" },
  { "appointments", "0-421", { hs_appointment_name = "A" }, "hs_appointment_name" },
  { "projects", "0-970", { hs_name = "P", hs_pipeline_stage = "project-new" }, "hs_description" },
  { "contracts", "contracts", {}, "hs_status" },
}

local SCHEMA = {
  name = "machines",
  labels = { singular = "Machine", plural = "Machines" },
  primaryDisplayProperty = "model",
  requiredProperties = array { "model" },
  searchableProperties = array { "model" },
  associatedObjects = array { "CONTACT" },
  properties = array {
    { name = "model", label = "Model", type = "string", fieldType = "text" },
    { name = "serial", label = "Serial", type = "string", fieldType = "text", hasUniqueValue = true },
  },
}

describe("the sandbox's objects", function()
  local call, must, wire

  before_each(function()
    wire = portal.new()
    call, must = wire.call, wire.must
  end)

  local function base(name, version) return "/crm/objects/" .. (version or "2026-09") .. "/" .. name end

  local function create(name, properties, associations)
    return must("POST", base(name), { properties = properties, associations = associations }).id
  end

  -- Every route of one type, of which `row` says what a record needs.
  local function go_through(row)
    local name, properties, changed = row[1], row[3], row[4]
    local path, created = base(name), row.created or "hs_createdate"
    local record = must("POST", path, { properties = properties })
    for property, value in pairs(properties) do
      assert.equal(value, record.properties[property])
    end
    assert.truthy(record.properties[created])
    assert.truthy(record.properties.hs_lastmodifieddate)
    assert.equal("V", must("PATCH", path .. "/" .. record.id, { properties = { [changed] = "V" } }).properties[changed])
    local read = must("GET", base(row[2]) .. "/" .. record.id .. "?properties=" .. changed)
    assert.same({ record.id, "V" }, { read.id, read.properties[changed] })
    assert.same({ record.id }, portal.ids_of(must("GET", path).results))

    local made = must("POST", path .. "/batch/create", { inputs = array { { properties = properties } } }).results[1].id
    local inputs = array { { id = made, properties = { [changed] = "W" } } }
    assert.equal(made, must("POST", path .. "/batch/update", { inputs = inputs }).results[1].id)
    local found = must("POST", path .. "/search", {
      filterGroups = array { { filters = array { { propertyName = changed, operator = "EQ", value = "w" } } } },
    })
    assert.same({ made }, portal.ids_of(found.results))
    inputs = array { { id = made }, { id = record.id } }
    assert.equal(2, #must("POST", path .. "/batch/read", { inputs = inputs }).results)
    must("POST", path .. "/batch/archive", { inputs = array { { id = made } } })
    must("DELETE", path .. "/" .. record.id)
    assert.equal(404, (call("GET", path .. "/" .. record.id)))
    assert.same({ record.id, made }, portal.ids_of(must("GET", path .. "?archived=true").results))
  end

  for _, row in ipairs(TYPES) do
    it(row[1] .. " are made, read, changed, found and archived", function() go_through(row) end)
  end

  it("of a custom type are, too, by its full name and its id", function()
    local schema = must("POST", "/crm-object-schemas/2026-09/schemas", SCHEMA)
    assert.equal("p99001_machines", schema.fullyQualifiedName)
    go_through { schema.fullyQualifiedName, schema.objectTypeId, { model = "M1" }, "serial" }
    local _, problem = call("GET", base "machines")
    assert.equal("Unable to infer object type from: machines", problem.message)
    assert.equal(400, (call("POST", base(schema.objectTypeId), { properties = { serial = "1" } })))
  end)

  it("are known by singular, plural and id, and unknown ones are a 400", function()
    local id = create("companies", { name = "Acme" })
    for _, name in ipairs { "company", "COMPANIES", "0-2" } do
      assert.equal(id, must("GET", base(name) .. "/" .. id).id)
    end
    local status, problem = call("GET", base "widgets")
    assert.same({ 400, "Unable to infer object type from: widgets" }, { status, problem.message })
  end)

  it("answer in every version from one store", function()
    local id = create("companies", { name = "Acme" })
    for _, path in ipairs {
      "/crm/v3/objects/companies/",
      "/crm/objects/v3/companies/",
      "/crm/objects/2025-09/companies/",
      "/crm/objects/2026-03/companies/",
    } do
      assert.equal("Acme", must("GET", path .. id).properties.name)
    end
    assert.equal(404, (call("GET", "/crm/v4/objects/companies/" .. id)))
  end)

  it("need what their type needs", function()
    local status, problem = call("POST", base "tickets", { properties = { content = "c" } })
    assert.equal(400, status)
    assert.same({ "subject", "hs_pipeline_stage" }, { unpack(problem.errors[1].context.properties) })
    assert.equal(400, (call("POST", base "notes", { properties = { hs_note_body = "n" } })))
    assert.equal(405, (call("POST", base "feedback_submissions", { properties = {} })))
    assert.same({}, must("GET", base "feedback_submissions").results)
  end)

  it("take a stage of their pipeline only, and the pipeline of their stage", function()
    local deal = must("POST", base "deals", { properties = { dealname = "D", dealstage = "closedlost" } })
    assert.equal("default", deal.properties.pipeline)
    for _, properties in ipairs {
      { dealstage = "1" },
      { dealstage = "nowhere" },
      { pipeline = "nowhere" },
    } do
      assert.equal(400, (call("PATCH", base "deals" .. "/" .. deal.id, { properties = properties })))
    end
  end)

  it("refuse values that are not of the property's type", function()
    for property, value in pairs { amount = "much", closedate = "soon", hs_priority = "HIGHEST", unheard_of = "1" } do
      local properties = { dealname = "D", dealstage = "closedwon", [property] = value }
      local status, problem = call("POST", base "deals", { properties = properties })
      assert.same({ 400, "VALIDATION_ERROR" }, { status, problem.category })
    end
  end)

  it("are asked for by a unique property, and by no other", function()
    local name = must("POST", "/crm-object-schemas/2026-09/schemas", SCHEMA).fullyQualifiedName
    local id = create(name, { model = "M", serial = "S-1" })
    assert.equal(id, must("GET", base(name) .. "/s-1?idProperty=serial").id)
    assert.equal(400, (call("GET", base(name) .. "/M?idProperty=model")))
    assert.equal(400, (call("GET", base(name) .. "/" .. id .. "?idProperty=hs_object_id")))
    assert.equal(400, (call("GET", base "companies" .. "/acme.example?idProperty=domain")))
    local status, problem = call("POST", base(name), { properties = { model = "N", serial = "s-1" } })
    assert.equal(409, status)
    assert.equal("Machines already exists. Existing ID: " .. id, problem.message)

    local outcome = must("POST", base(name) .. "/batch/upsert", {
      inputs = array {
        { id = "S-1", idProperty = "serial", properties = { model = "M2" } },
        { id = "S-2", idProperty = "serial", properties = { model = "M3" } },
      },
    })
    assert.same({ false, true }, { outcome.results[1].new, outcome.results[2].new })
    local read = must("POST", base(name) .. "/batch/read", {
      idProperty = "serial",
      properties = array { "serial" },
      inputs = array { { id = "S-2" }, { id = "S-9" } },
    })
    assert.same({ "S-2", 1 }, { read.results[1].properties.serial, read.numErrors })
    must("DELETE", base(name) .. "/" .. id)
    assert.equal(404, (call("GET", base(name) .. "/S-1?idProperty=serial")))
  end)

  it("of a batch fail alone where each has a trace id, and all together where not", function()
    local good, bad = { properties = { name = "A" } }, { properties = { name = "B", unheard_of = "1" } }
    assert.equal(400, (call("POST", base "companies" .. "/batch/create", { inputs = array { good, bad } })))
    assert.same({}, must("GET", base "companies").results)
    good.objectWriteTraceId, bad.objectWriteTraceId = "1", "2"
    local answer, status = must("POST", base "companies" .. "/batch/create", { inputs = array { good, bad } })
    assert.equal(207, status)
    assert.equal("2", answer.errors[1].context.objectWriteTraceId[1])
    assert.equal(1, #must("GET", base "companies").results)
  end)

  it("are merged into a record of another id, to which both ids lead", function()
    local first, second = create("companies", { name = "A" }), create("companies", { name = "B", city = "Lyon" })
    local merged = must("POST", base "companies" .. "/merge", { primaryObjectId = first, objectIdToMerge = second })
    assert.is_true(merged.id ~= first and merged.id ~= second)
    for _, id in ipairs { first, second } do
      local read = must("GET", base "companies" .. "/" .. id .. "?properties=city,hs_merged_object_ids")
      assert.same({ merged.id, "Lyon" }, { read.id, read.properties.city })
    end
    local note = create("notes", activity())
    assert.equal(400, (call("POST", base "notes" .. "/merge", { primaryObjectId = note, objectIdToMerge = note })))
  end)

  it("of a custom type are merged, too", function()
    local name = must("POST", "/crm-object-schemas/2026-09/schemas", SCHEMA).fullyQualifiedName
    local first, second = create(name, { model = "A" }), create(name, { model = "B", serial = "S" })
    local merged = must("POST", base(name) .. "/merge", { primaryObjectId = first, objectIdToMerge = second })
    assert.equal(merged.id, must("GET", base(name) .. "/S?idProperty=serial").id)
  end)

  it("are deleted for good where HubSpot can", function()
    local id = wire.create { email = "gone@example.org" }
    must("POST", base "contacts" .. "/gdpr-delete", { objectId = "gone@example.org", idProperty = "email" })
    assert.same({}, must("GET", base "contacts" .. "?archived=true").results)
    assert.equal(404, (call("GET", base "contacts" .. "/" .. id)))
    must("POST", base "contacts" .. "/gdpr-delete", { objectId = "never@example.org", idProperty = "email" })
    local appointment = create("appointments", { hs_appointment_name = "A" })
    must("POST", base "appointments" .. "/gdpr-delete", { objectId = appointment })
    assert.same({}, must("GET", base "appointments" .. "?archived=true").results)
    local company = create("companies", { name = "A" })
    assert.equal(400, (call("POST", base "companies" .. "/gdpr-delete", { objectId = company })))
  end)

  it("are made with associations, which reads show", function()
    local contact = wire.create { email = "a@example.org" }
    local links = array {
      { to = { id = contact }, types = array { { associationCategory = "HUBSPOT_DEFINED", associationTypeId = 3 } } },
    }
    local deal = create("deals", { dealname = "D", dealstage = "closedwon" }, links)
    local read = must("GET", base "deals" .. "/" .. deal .. "?associations=contacts,companies")
    assert.same({ contacts = { results = { { id = contact, type = "deal_to_contact" } } } }, read.associations)
    read = must("GET", base "contacts" .. "?associations=deals").results[1]
    assert.equal(deal, read.associations.deals.results[1].id)
    local found = must("POST", base "deals" .. "/search", {
      filterGroups = array {
        { filters = array { { propertyName = "associations.contact", operator = "EQ", value = contact } } },
      },
    })
    assert.same({ deal }, portal.ids_of(found.results))

    links[1].to.id = "1"
    assert.equal(
      400,
      (call("POST", base "deals", { properties = { dealname = "D", dealstage = "closedwon" }, associations = links }))
    )
    links[1].types[1].associationTypeId = 99999
    assert.equal(
      400,
      (call("POST", base "deals", { properties = { dealname = "D", dealstage = "closedwon" }, associations = links }))
    )
  end)

  it("of leads need a contact or a company", function()
    assert.equal(400, (call("POST", base "leads", { properties = { hs_lead_name = "L" } })))
    local contact = wire.create { email = "a@example.org" }
    local links = array {
      { to = { id = contact }, types = array { { associationCategory = "HUBSPOT_DEFINED", associationTypeId = 578 } } },
    }
    local lead = create("leads", { hs_lead_name = "L" }, links)
    assert.equal(
      contact,
      must("GET", base "leads" .. "/" .. lead .. "?associations=contacts").associations.contacts.results[1].id
    )
  end)

  it("want the scope of their type, which is no reason to think the type unknown", function()
    wire = portal.new { scopes = { "crm.objects.contacts.read", "crm.objects.contacts.write" } }
    local status, problem = wire.call("GET", base "companies")
    assert.same({ 403, "MISSING_SCOPES" }, { status, problem.category })
    assert.equal("crm.objects.companies.read", problem.errors[1].context.requiredGranularScopes[1])
    assert.same({}, wire.must("GET", base "notes").results)
    assert.equal(400, (wire.call("GET", base "widgets")))
  end)
end)
