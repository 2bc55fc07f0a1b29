-- The account of the sandbox, its owners, and what a portal can be filled with.

local core = require "hubspot.core"
local made_up_objects = require "hubspot.sandbox.made_up_objects"
local portal = require "spec.support.portal"
local sandbox = require "hubspot.sandbox"

local array = core.array

-- What the made-up records have, all together.
local ALL = "name,domain,city,industry,numberofemployees,hubspot_owner_id,dealname,pipeline,dealstage,amount,subject,"
  .. "hs_pipeline,hs_pipeline_stage,hs_ticket_priority,hs_task_subject,hs_task_status,hs_note_body,hs_timestamp,"
  .. "hs_call_title,hs_call_direction,hs_call_status,hs_call_duration,hs_meeting_title,hs_meeting_outcome,"
  .. "hs_email_subject,hs_email_direction,hs_email_status,hs_email_text,price,hs_sku,quantity,hs_lead_name,hs_lead_label"
local CREATED = { createdate = true, hs_createdate = true, hs_lastmodifieddate = true, hs_object_id = true }
local LEAD_TO_CONTACT = array { { associationCategory = "HUBSPOT_DEFINED", associationTypeId = 578 } }

describe("the sandbox's account", function()
  it("tells its id, what was used of the day, and who has a token", function()
    local wire = portal.new { portal_id = 77, token = "token", scopes = { "oauth", "tickets" } }
    assert.same({ 77, "SANDBOX" }, {
      wire.must("GET", "/account-info/2026-09/details").portalId,
      wire.must("GET", "/account-info/v3/details").accountType,
    })
    local usage = wire.must("GET", "/account-info/2026-09/api-usage/daily/private-apps").results[1]
    assert.equal(3, usage.currentUsage)
    local info = wire.must("GET", "/oauth/v1/access-tokens/token")
    assert.same({ 77, "tickets", "access" }, { info.hub_id, info.scopes[2], info.token_type })
    info = wire.must("POST", "/oauth/v2/private-apps/get/access-token-info", { tokenKey = "token" })
    assert.same({ 77, "oauth" }, { info.hubId, info.scopes[1] })
    assert.equal(404, (wire.call("GET", "/oauth/v1/access-tokens/other")))
    assert.equal(404, (wire.call("POST", "/oauth/v2/private-apps/get/access-token-info", { tokenKey = "other" })))
  end)

  it("tells how much of its limits is used, to those who may read some records", function()
    local wire = portal.new { companies = 3, scopes = { "crm.objects.deals.read", "crm.schemas.companies.write" } }
    local base = "/crm/limits/2026-09/"
    local property = { name = "tier", label = "Tier", groupName = "g", type = "string", fieldType = "text" }
    wire.must("POST", "/crm/properties/2026-09/companies", property)
    local custom = wire.must("GET", base .. "custom-properties")
    local by_type = {}
    for _, row in ipairs(custom.byObjectType) do
      by_type[row.objectTypeId] = row
    end
    assert.same({ 1, 1000, 0.1 }, { by_type["0-2"].usage, by_type["0-2"].limit, by_type["0-2"].percentage })
    assert.equal(by_type["0-1"].usage + 1, custom.overallUsage)
    property.name, property.fieldType = "sum", "calculation_equation"
    wire.must("POST", "/crm/properties/2026-09/companies", property)
    local calculated = wire.must("GET", base .. "calculated-properties")
    assert.same({ 1, "0-2" }, { calculated.overallUsage, calculated.byObjectType[1].objectTypeId })
    assert.equal(0, wire.must("GET", base .. "custom-object-types").usage)
    local records = wire.must("GET", "/crm/v3/limits/records")
    assert.same(
      { "0-2", 3 },
      { records.hubspotDefinedObjectTypes[2].objectTypeId, records.hubspotDefinedObjectTypes[2].usage }
    )
    assert.same({}, records.customObjectTypes.byObjectType)
    local pipelines = wire.must("GET", base .. "pipelines").hubspotDefinedObjectTypes
    assert.same({ "0-3", "Deal", "Deals", 1 }, {
      pipelines[1].objectTypeId,
      pipelines[1].singularLabel,
      pipelines[1].pluralLabel,
      pipelines[1].usage,
    })
    wire = portal.new { scopes = { "crm.schemas.companies.read" } }
    assert.equal(403, (wire.call("GET", base .. "records")))
  end)

  it("tells the labels that are used, and its custom types", function()
    local wire = portal.new()
    local schema = wire.must("POST", "/crm-object-schemas/2026-09/schemas", {
      name = "machines",
      labels = { singular = "Machine", plural = "Machines" },
      primaryDisplayProperty = "hs_object_id",
    })
    wire.must("POST", "/crm/objects/2026-09/" .. schema.objectTypeId, { properties = {} })
    local pair = "/crm/associations/2026-09/contacts/" .. schema.objectTypeId .. "/labels"
    wire.must("POST", pair, { name = "keeper", label = "Keeper", inverseLabel = "Kept" })
    local labels = wire.must("GET", "/crm/limits/2026-09/associations/labels?fromObjectTypeId=0-1").results
    assert.same({ 1, 50, 2 }, { labels[1].usage, labels[1].limit, labels[1].percentage })
    assert.same({ "Keeper", "Machines" }, { labels[1].allLabels[1], labels[1].toObjectType.pluralLabel })
    assert.equal(2, #wire.must("GET", "/crm/limits/2026-09/associations/labels").results)
    assert.equal(400, (wire.call("GET", "/crm/limits/2026-09/associations/labels?toObjectTypeId=9-9")))
    assert.equal(1, wire.must("GET", "/crm/limits/2026-09/custom-object-types").usage)
    local custom = wire.must("GET", "/crm/limits/2026-09/records").customObjectTypes
    assert.same({ 1, "Machine" }, { custom.overallUsage, custom.byObjectType[1].singularLabel })
  end)

  it("has owners, those that left apart", function()
    local wire = portal.new()
    local first = wire.must("GET", "/crm/owners/2026-09?limit=2")
    assert.equal(2, #first.results)
    local rest = wire.must("GET", "/crm/v3/owners?after=" .. first.paging.next.after).results
    assert.equal(1, #rest)
    local owner = first.results[1]
    assert.equal(owner.id, wire.must("GET", "/crm/owners/2026-09/" .. owner.id).id)
    assert.equal(owner.id, wire.must("GET", "/crm/owners/2026-09/" .. owner.userId .. "?idProperty=userId").id)
    assert.equal(owner.id, wire.must("GET", "/crm/owners/2026-09?email=" .. owner.email).results[1].id)
    local left = wire.must("GET", "/crm/owners/2026-09?archived=true").results
    assert.same({ 1, true, nil }, { #left, left[1].archived, left[1].userId })
    assert.equal(404, (wire.call("GET", "/crm/owners/2026-09/" .. left[1].id)))
    assert.equal(404, (wire.call("GET", "/crm/owners/2026-09/1")))
    assert.equal(400, (wire.call("GET", "/crm/owners/2026-09?limit=0")))
  end)
end)

describe("a portal's made-up records", function()
  it("are of each type as many as asked for, linked, and the same for one seed", function()
    local counts = { contacts = 4, companies = 3, deals = 5, tickets = 2, tasks = 1, notes = 1, seed = 7 }
    local wire, again = portal.new(counts), portal.new(counts)
    for name, count in pairs(counts) do
      if name ~= "seed" and name ~= "clock" then
        local path = "/crm/objects/2026-09/" .. name .. "?associations=contacts,companies"
        local records = wire.must("GET", path).results
        assert.equal(count, #records)
        assert.same(portal.ids_of(records), portal.ids_of(again.must("GET", path).results))
      end
    end
    local names = { wire.must("GET", "/crm/objects/2026-09/companies").results[1].properties.name }
    assert.same(names, { again.must("GET", "/crm/objects/2026-09/companies").results[1].properties.name })
    local deal = wire.must("GET", "/crm/objects/2026-09/deals?associations=contacts,companies").results[1]
    assert.truthy(deal.associations.contacts.results[1].id)
    assert.equal("deal_to_company_unlabeled", deal.associations.companies.results[1].type)
    -- What is made up is what HubSpot takes.
    local properties = { dealstage = deal.properties.dealstage, pipeline = deal.properties.pipeline }
    wire.must("PATCH", "/crm/objects/2026-09/deals/" .. deal.id, { properties = properties })
  end)
end)

describe("a portal's made-up records", function()
  -- The values of the first record, but for the times.
  local function made_up_values(wire, name)
    local values = {}
    local path = "/crm/objects/2026-09/" .. name .. "?limit=1&properties=" .. ALL
    for property, value in pairs(wire.must("GET", path).results[1].properties) do
      if not CREATED[property] and value ~= core.null then values[property] = value end
    end
    return values
  end

  it("are of every type that has an option, linked, and the same for a seed", function()
    local options = { contacts = 4, seed = 7 }
    for _, name in ipairs(made_up_objects.TYPES) do
      options[name] = 3
    end
    local first, second = portal.new(options), portal.new(options)
    for _, name in ipairs(made_up_objects.TYPES) do
      local path = "/crm/objects/2026-09/" .. name .. "?associations=contacts,companies,deals,tickets"
      local rows = first.must("GET", path).results
      assert.equal(3, #rows)
      assert.same(rows[3].associations, second.must("GET", path).results[3].associations)
      local is_linked = rows[1].associations ~= nil
      assert.equal(name ~= "products", is_linked, name)
      -- It could be made by a request, too.
      local values = made_up_values(first, name)
      local same = made_up_values(second, name)
      values.hs_timestamp, same.hs_timestamp = nil, nil
      assert.same(values, same)
      values.hs_timestamp = ("%.0f"):format(portal.NOW)
      local is_activity = first.portal.objects:get(name).required[1] == "hs_timestamp"
      if not is_activity then values.hs_timestamp = nil end
      local contact = rows[1].associations and rows[1].associations.contacts
      local links = contact and name == "leads" and { { to = { id = contact.results[1].id }, types = LEAD_TO_CONTACT } }
      first.must("POST", "/crm/objects/2026-09/" .. name, {
        properties = values,
        associations = links and array(links) or nil,
      })
    end
  end)
end)

describe("a portal's fixtures", function()
  local FIXTURES = {
    schemas = { { name = "machines", labels = {}, primaryDisplayProperty = "hs_object_id" } },
    properties = {
      companies = {
        { name = "code", label = "Code", groupName = "g", type = "string", fieldType = "text", hasUniqueValue = true },
      },
    },
    pipelines = {
      deals = {
        {
          pipelineId = "p",
          label = "P",
          displayOrder = 1,
          stages = { { stageId = "s", label = "S", displayOrder = 0, metadata = { probability = "0.5" } } },
        },
      },
    },
    records = {
      companies = {
        {
          id = 881,
          properties = { name = "Acme", code = "A-1" },
          associations = { contacts = { "12" }, deals = { 5 } },
        },
      },
      contacts = { { id = 12, properties = { email = "ada@example.org" } } },
      deals = { { id = "5", properties = { dealname = "D", dealstage = "s" } } },
      p99001_machines = { {} },
    },
  }

  it("are its schemas, properties, pipelines and records with their ids", function()
    local wire = portal.new { fixtures = FIXTURES }
    assert.equal("881", wire.must("GET", "/crm/objects/2026-09/companies/a-1?idProperty=code").id)
    local contact = wire.must("GET", "/crm/objects/2026-09/contacts/12?associations=companies")
    assert.equal("881", contact.associations.companies.results[1].id)
    assert.equal("p", wire.must("GET", "/crm/objects/2026-09/deals/5").properties.pipeline)
    assert.equal(1, #wire.must("GET", "/crm/objects/2026-09/p99001_machines").results)
    assert.truthy(tonumber(wire.create { email = "b@example.org" }) > 12)
    wire.portal:reset { fixtures = { records = { contacts = { { id = 3, properties = { email = "c@example.org" } } } } } }
    assert.equal("3", wire.must("GET", "/crm/objects/2026-09/contacts").results[1].id)
  end)

  it("are its owners, labels, their limits, and records that these link", function()
    local wire = portal.new {
      fixtures = {
        owners = { { id = "7", userId = 9, email = "Ann@example.org" }, { id = 5, archived = true } },
        labels = { { from = "contacts", to = "companies", name = "billing", label = "Billing" } },
        association_limits = {
          { from = "contacts", to = "companies", label = "billing", maxToObjectIds = 1 },
          { from = "deals", to = "contacts", category = "HUBSPOT_DEFINED", typeId = 3, maxToObjectIds = 2 },
        },
        records = {
          companies = { { id = 881, properties = { name = "Acme" } } },
          contacts = {
            {
              id = 12,
              properties = { email = "ada@example.org" },
              associations = { companies = { { id = 881, labels = { "billing", "Primary" } } } },
            },
          },
        },
      },
    }
    assert.same({ "7" }, portal.ids_of(wire.must("GET", "/crm/owners/2026-09").results))
    assert.equal("ann@example.org", wire.must("GET", "/crm/owners/2026-09/9?idProperty=userId").email)
    assert.same({ "5" }, portal.ids_of(wire.must("GET", "/crm/owners/2026-09?archived=true").results))
    local rows = wire.must("GET", "/crm/objects/2026-09/contacts/12/associations/companies").results
    local labels = {}
    for _, kind in ipairs(rows[1].associationTypes) do
      labels[#labels + 1] = tostring(kind.label)
    end
    table.sort(labels)
    assert.same({ "Billing", "Primary", tostring(core.null) }, labels)
    local limits = wire.must("GET", "/crm/associations/2026-09/definitions/configurations/all").results
    assert.same({ 1, 2 }, { limits[1].userEnforcedMaxToObjectIds, limits[2].userEnforcedMaxToObjectIds })
  end)

  it("that HubSpot would not take are refused, with its reason", function()
    for _, case in ipairs {
      { { records = { widgets = {} } }, "Unable to infer object type from: widgets" },
      { { records = { deals = { { properties = { dealname = "D" } } } } }, "Some required properties" },
      {
        { records = { companies = { { properties = { name = "A" }, associations = { deals = { 9 } } } } } },
        "no record 9",
      },
      { { schemas = { { name = "1" } } }, "must start with a letter" },
      {
        { labels = { { from = "contacts", to = "widgets", name = "a", label = "A" } } },
        "Unable to infer object type",
      },
      { { association_limits = { { from = "deals", to = "contacts", label = "none" } } }, "There is no label none" },
      { { owners = { {} } }, "an owner needs an id" },
      { { people = {} }, "unknown part of fixtures: people" },
    } do
      local fine, problem = pcall(sandbox.new, { fixtures = case[1] })
      assert.is_false(fine)
      assert.truthy(tostring(problem):find(case[2], 1, true), tostring(problem))
    end
  end)
end)

describe("the sandbox's groups and batches of properties", function()
  local call, must
  local BASE = "/crm/properties/2026-09/companies"

  before_each(function()
    local wire = portal.new()
    call, must = wire.call, wire.must
  end)

  local function property(name)
    return { name = name, label = name, groupName = "billing", type = "string", fieldType = "text" }
  end

  it("are made, changed and deleted, groups without properties only", function()
    local made = must("POST", BASE .. "/groups", { name = "billing", label = "Billing", displayOrder = 3 })
    assert.same({ "billing", "Billing", 3 }, { made.name, made.label, made.displayOrder })
    assert.equal(409, (call("POST", BASE .. "/groups", { name = "billing", label = "B" })))
    assert.equal("Money", must("PATCH", BASE .. "/groups/billing", { label = "Money" }).label)
    assert.same({ "billing", "companyinformation" }, portal.ids_of(must("GET", BASE .. "/groups").results, "name"))
    must("POST", BASE, property "iban")
    local _, problem = call("DELETE", BASE .. "/groups/billing")
    assert.equal("PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES", problem.subCategory)
    must("DELETE", BASE .. "/iban")
    must("DELETE", BASE .. "/groups/billing")
    assert.equal(404, (call("GET", BASE .. "/groups/billing")))
    assert.equal("companyinformation", must("GET", BASE .. "/groups/companyinformation").name)
  end)

  it("read, make and archive many definitions at once", function()
    local inputs = array { property "a", property "b" }
    assert.equal(2, #must("POST", BASE .. "/batch/create", { inputs = inputs }).results)
    inputs = array { { name = "a" }, { name = "nothing" } }
    local answer, status = must("POST", BASE .. "/batch/read", { archived = false, inputs = inputs })
    assert.same({ 207, "a", 1 }, { status, answer.results[1].name, answer.numErrors })
    must("POST", BASE .. "/batch/archive", { inputs = inputs })
    assert.equal(404, (call("GET", BASE .. "/a")))
    answer = must("POST", BASE .. "/batch/read", { archived = true, inputs = array { { name = "a" } } })
    assert.is_true(answer.results[1].archived)
  end)
end)
