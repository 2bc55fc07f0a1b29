-- Associations of the sandbox's records: links, labels, and how many there may be.

local core = require "hubspot.core"
local portal = require "spec.support.portal"

local array = core.array

local PAIR = "/crm/associations/2026-09/contacts/companies"
local PRIMARY = { associationCategory = "HUBSPOT_DEFINED", associationTypeId = 1 }
local PLAIN = { associationCategory = "HUBSPOT_DEFINED", associationTypeId = 279 }

describe("the sandbox's associations", function()
  local call, must, wire, contact, company

  before_each(function()
    wire = portal.new()
    call, must = wire.call, wire.must
    contact = wire.create { email = "a@example.org" }
    company = must("POST", "/crm/objects/2026-09/companies", { properties = { name = "Acme" } }).id
  end)

  local function new_company() return must("POST", "/crm/objects/2026-09/companies", { properties = { name = "B" } }).id end

  local function path(from, id, to, to_id)
    return "/crm/objects/2026-09/" .. from .. "/" .. id .. "/associations/" .. to .. (to_id and "/" .. to_id or "")
  end

  local function link() return must("PUT", path("contacts", contact, "default/companies", company)) end

  -- `id:type,type` of each record that the other one leads to.
  local function linked(from, id, to)
    local found = {}
    for index, row in ipairs(must("GET", path(from, id, to)).results) do
      local types = {}
      for position, kind in ipairs(row.associationTypes) do
        types[position] = tostring(kind.typeId)
      end
      found[index] = row.toObjectId .. ":" .. table.concat(types, ",")
    end
    return found
  end

  it("are made by default, read from both ends, and removed", function()
    local made = link().results[1]
    assert.same({ contact, company, 279 }, { made.from.id, made.to.id, made.associationSpec.associationTypeId })
    assert.same({ company .. ":279" }, linked("contacts", contact, "companies"))
    assert.same({ contact .. ":280" }, linked("companies", company, "contacts"))
    must("DELETE", path("companies", company, "contacts", contact))
    assert.same({}, linked("contacts", contact, "companies"))
    assert.equal(404, (call("PUT", path("contacts", contact, "default/companies", "1"))))
    assert.equal(400, (call("GET", path("contacts", contact, "widgets"))))
  end)

  it("have one primary object of a type", function()
    local other = new_company()
    local made, status = must("PUT", path("contacts", contact, "companies", company), array { PRIMARY })
    assert.same({ 201, "Primary", "0-2" }, { status, made.labels[1], made.toObjectTypeId })
    must("PUT", path("contacts", contact, "companies", other), array { PRIMARY })
    assert.same({ company .. ":279", other .. ":1,279" }, linked("contacts", contact, "companies"))
    local second = wire.create { email = "b@example.org" }
    must("PUT", path("contacts", second, "companies", other), array { PRIMARY })
    assert.same({ other .. ":1,279" }, linked("contacts", second, "companies"))
    assert.same({ company .. ":279", other .. ":1,279" }, linked("contacts", contact, "companies"))
    local read = must("GET", "/crm/objects/2026-09/contacts/" .. second .. "?associations=companies").associations
    assert.same({ "contact_to_company", "contact_to_company_unlabeled" }, {
      read.companies.results[2].type,
      read.companies.results[1].type,
    })
  end)

  it("are refused where no such type exists", function()
    for _, types in ipairs {
      array { { associationCategory = "HUBSPOT_DEFINED", associationTypeId = 280 } },
      array { { associationCategory = "USER_DEFINED", associationTypeId = 279 } },
      array {},
      array { { associationTypeId = 279 } },
    } do
      assert.equal(400, (call("PUT", path("contacts", contact, "companies", company), types)))
    end
  end)

  it("answer v4 with numbers, and from the same store", function()
    link()
    local row = must("GET", "/crm/v4/objects/contact/" .. contact .. "/associations/company").results[1]
    assert.same({ tonumber(company), core.null }, { row.toObjectId, row.associationTypes[1].label })
    local body = { inputs = array { { from = { id = contact }, to = array { { id = company } } } } }
    local status = call("POST", "/crm/v4/associations/contacts/companies/batch/archive", body)
    assert.equal(204, status)
    assert.same({}, linked("contacts", contact, "companies"))
    assert.equal(404, (call("GET", "/crm/v3/associations/contacts/companies/labels")))
  end)

  it("answer v3 by the names of their types", function()
    local V3 = "/crm/v3/associations/contacts/companies"
    local ends = { from = { id = contact }, to = { id = company }, type = "contact_to_company" }
    local unknown = { from = { id = contact }, to = { id = company }, type = "contact_to_moon" }
    local answer, status = must("POST", V3 .. "/batch/create", { inputs = array { ends, unknown } })
    assert.same({ 207, "contact_to_company" }, { status, answer.results[1].type })
    assert.same({ contact }, { answer.errors[1].context.fromObjectId[1] })
    assert.same({ company .. ":1,279" }, linked("contacts", contact, "companies"))
    local read = must("POST", V3 .. "/batch/read", { inputs = array { { id = contact }, { id = "1" } } })
    assert.same({ 2, company, 1 }, { #read.results[1].to, read.results[1].to[1].id, read.numErrors })
    local names = {}
    for _, kind in ipairs(must("GET", V3 .. "/types").results) do
      names[kind.id] = kind.name
    end
    assert.same({ ["1"] = "contact_to_company", ["279"] = "contact_to_company_unlabeled" }, names)
    must("POST", V3 .. "/batch/archive", { inputs = array { ends } })
    assert.same({ company .. ":279" }, linked("contacts", contact, "companies"))

    local of_record = "/crm/v3/objects/contacts/" .. contact .. "/associations/companies"
    must("DELETE", of_record .. "/" .. company .. "/contact_to_company_unlabeled")
    assert.same({}, must("GET", of_record).results)
    local record = must("PUT", of_record .. "/" .. company .. "/1")
    assert.equal(company, record.associations.companies.results[1].id)
    assert.equal(2, #must("GET", of_record).results)
    assert.equal(400, (call("PUT", of_record .. "/" .. company .. "/99999")))
    assert.equal(404, (call("GET", "/crm/v3/objects/contacts/1/associations/companies")))
  end)

  it("are cut and paged by v3, whose batches know no page", function()
    local inputs, V3 = {}, "/crm/v3/associations/contacts/companies"
    for index = 1, 101 do
      inputs[index] = { from = { id = contact }, to = { id = new_company() }, type = "279" }
    end
    must("POST", V3 .. "/batch/create", { inputs = array(inputs) })
    local of_record = "/crm/v3/objects/contacts/" .. contact .. "/associations/companies"
    local page = must("GET", of_record)
    assert.equal(100, #page.results)
    local rest = must("GET", of_record .. "?after=" .. page.paging.next.after)
    assert.same({ 1, nil }, { #rest.results, rest.paging })
    local read = must("POST", V3 .. "/batch/read", {
      inputs = array { { id = contact, after = page.paging.next.after } },
    })
    assert.same(page.results, read.results[1].to)
  end)

  it("of a batch are made each by itself", function()
    local answer, status = must("POST", PAIR .. "/batch/create", {
      inputs = array {
        { from = { id = contact }, to = { id = company }, types = array { PRIMARY } },
        { from = { id = contact }, to = { id = "1" }, types = array { PLAIN } },
      },
    })
    assert.same({ 207, 1, 1 }, { status, #answer.results, answer.numErrors })
    assert.same({ "1" }, { answer.errors[1].context.toObjectId[1] })
    local pairs_given = array { { from = { id = contact }, to = { id = company } } }
    assert.equal(1, #must("POST", PAIR .. "/batch/associate/default", { inputs = pairs_given }).results)
    pairs_given[1].types = array { PLAIN }
    assert.equal(201, (call("POST", PAIR .. "/batch/create", { inputs = pairs_given })))
    pairs_given[1].types = array { PRIMARY }
    must("POST", PAIR .. "/batch/labels/archive", { inputs = pairs_given })
    assert.same({ company .. ":279" }, linked("contacts", contact, "companies"))
    pairs_given[1].types = array { PLAIN }
    must("POST", PAIR .. "/batch/labels/archive", { inputs = pairs_given })
    assert.same({}, linked("contacts", contact, "companies"))
    link()
    local archived = { inputs = array { { from = { id = contact }, to = array { { id = company }, { id = "1" } } } } }
    assert.equal("COMPLETE", must("POST", PAIR .. "/batch/archive", archived).status)
    assert.same({}, linked("contacts", contact, "companies"))
  end)

  it("of a batch are read a page of 500 each, and those without any told", function()
    local inputs, other = {}, wire.create { email = "b@example.org" }
    for index = 1, 501 do
      inputs[index] = { from = { id = contact }, to = { id = new_company() } }
    end
    must("POST", PAIR .. "/batch/associate/default", { inputs = array(inputs) })
    local answer = must("POST", PAIR .. "/batch/read", { inputs = array { { id = contact }, { id = other } } })
    assert.same({ contact, 500, 1 }, { answer.results[1].from.id, #answer.results[1].to, answer.numErrors })
    local after = answer.results[1].paging.next.after
    local rest, status = must("POST", PAIR .. "/batch/read", { inputs = array { { id = contact, after = after } } })
    assert.same({ 200, 1, nil }, { status, #rest.results[1].to, rest.results[1].paging })
    local first = must("GET", path("contacts", contact, "companies") .. "?limit=400")
    assert.equal(
      101,
      #must("GET", path("contacts", contact, "companies") .. "?after=" .. first.paging.next.after).results
    )
    assert.equal(400, (call("GET", path("contacts", contact, "companies") .. "?limit=501")))
    assert.equal(400, (call("POST", PAIR .. "/batch/read", { inputs = array {} })))
  end)

  it("get labels, one type each way, which links then carry", function()
    local definition = { name = "billing", label = "Billing", inverseLabel = "Billed by" }
    local made, status = must("POST", PAIR .. "/labels", definition)
    assert.same({ 200, "Billing", "Billed by" }, { status, made.results[1].label, made.results[2].label })
    local id = made.results[1].typeId
    local spec = { associationCategory = "USER_DEFINED", associationTypeId = id }
    must("PUT", path("contacts", contact, "companies", company), array { spec })
    assert.same({ company .. ":279," .. id }, linked("contacts", contact, "companies"))
    must("PUT", path("contacts", contact, "companies", company), array { PRIMARY })
    assert.same({ company .. ":1,279" }, linked("contacts", contact, "companies"))
    must("PUT", path("contacts", contact, "companies", company), array { spec })

    must("PUT", PAIR .. "/labels", { associationTypeId = id, label = "Invoices" })
    local shown = {}
    for _, kind in ipairs(must("GET", PAIR .. "/labels").results) do
      shown[kind.typeId] = kind.label
    end
    assert.same({ [1] = "Primary", [279] = core.null, [id] = "Invoices" }, shown)
    local back = must("GET", "/crm/associations/2026-09/companies/contacts/labels").results
    assert.equal("Invoices", back[#back].label)
    assert.equal(400, (call("POST", PAIR .. "/labels", definition)))
    assert.equal(400, (call("POST", PAIR .. "/labels", { name = "other" })))
    must("DELETE", PAIR .. "/labels/" .. id)
    assert.same({ company .. ":1,279" }, linked("contacts", contact, "companies"))
    assert.equal(404, (call("DELETE", PAIR .. "/labels/" .. id)))
  end)

  it("have at most 50 labels a pair", function()
    for number = 1, 50 do
      must("POST", PAIR .. "/labels", { name = "label_" .. number, label = "L" .. number })
    end
    assert.equal(437, (call("POST", PAIR .. "/labels", { name = "one_more", label = "One more" })))
  end)

  it("keep to the limits that the account sets", function()
    local limits = "/crm/associations/2026-09/definitions/configurations"
    local of_pair = limits .. "/contacts/companies"
    local input = { category = "HUBSPOT_DEFINED", typeId = 279, maxToObjectIds = 1 }
    must("POST", of_pair .. "/batch/create", { inputs = array { input } })
    assert.equal(1, must("GET", of_pair).results[1].userEnforcedMaxToObjectIds)
    assert.equal(279, must("GET", limits .. "/all").results[1].typeId)
    link()
    local other = new_company()
    assert.equal(400, (call("PUT", path("contacts", contact, "default/companies", other))))
    input.maxToObjectIds = 2
    must("POST", of_pair .. "/batch/update", { inputs = array { input } })
    must("PUT", path("contacts", contact, "default/companies", other))
    must("POST", of_pair .. "/batch/purge", { inputs = array { input } })
    assert.same({}, must("GET", of_pair).results)
  end)

  it("keep to the limit of a label, from either end, and where a record is made with them", function()
    local made = must("POST", PAIR .. "/labels", { name = "billing", label = "Billing" }).results
    local there = { associationCategory = "USER_DEFINED", associationTypeId = made[1].typeId }
    local back = { associationCategory = "USER_DEFINED", associationTypeId = made[2].typeId }
    local limit = { category = "USER_DEFINED", typeId = made[1].typeId, maxToObjectIds = 1 }
    must("POST", "/crm/associations/2026-09/definitions/configurations/contacts/companies/batch/create", {
      inputs = array { limit },
    })
    must("PUT", path("contacts", contact, "companies", company), array { there })
    local other = new_company()
    must("PUT", path("contacts", contact, "default/companies", other))
    assert.equal(400, (call("PUT", path("contacts", contact, "companies", other), array { there })))
    assert.equal(400, (call("PUT", path("companies", other, "contacts", contact), array { back })))
    local status, problem = call("POST", "/crm/objects/2026-09/companies", {
      properties = { name = "C" },
      associations = array { { to = { id = contact }, types = array { back } } },
    })
    assert.equal(400, status)
    assert.matches("as many associations to objects of type 0%-2 as it may have: 1$", problem.message)
  end)

  it("of a record to be made are at most as many as it may have", function()
    local plain = array { { associationCategory = "HUBSPOT_DEFINED", associationTypeId = 64 } }
    local deals = {}
    for index = 1, 101 do
      local properties = { hs_title = "Q" .. index, hs_expiration_date = "2026-05-01T00:00:00Z" }
      deals[index] = { to = { id = must("POST", "/crm/objects/2026-09/quotes", { properties = properties }).id } }
      deals[index].types = array { { associationCategory = "HUBSPOT_DEFINED", associationTypeId = 63 } }
    end
    local properties = { dealname = "D", dealstage = "closedwon" }
    local body = { properties = properties, associations = array(deals) }
    local status, problem = call("POST", "/crm/objects/2026-09/deals", body)
    assert.equal(400, status)
    assert.matches("type 0%-14 as it may have: 100$", problem.message)
    deals[101] = nil
    local deal = must("POST", "/crm/objects/2026-09/deals", body).id
    local quote = { hs_title = "Q", hs_expiration_date = "2026-05-01T00:00:00Z" }
    local more = { properties = quote, associations = array { { to = { id = deal }, types = plain } } }
    assert.equal(400, (call("POST", "/crm/objects/2026-09/quotes", more)))

    local crowds = "/crm/limits/2026-09/associations/records/"
    local from = must("GET", crowds .. "from").results
    assert.same(
      { "0-3", true, false },
      { from[1].objectTypeId, from[1].hasRecordsAtLimit, from[1].hasRecordsNearLimit }
    )
    assert.equal("0-14", must("GET", crowds .. "0-3/to").results[1].objectTypeId)
    local found = must("GET", crowds .. "0-3/0-14")
    assert.same({ 100, 1, 0 }, { found.limit, found.totalRecordsAtLimit, found.totalRecordsNearLimit })
    assert.same({ { objectId = tonumber(deal), label = "D" } }, found.atLimitFromRecordSamples)
    must("DELETE", path("deals", deal, "quotes", deals[1].to.id))
    local near = must("GET", crowds .. "0-3/0-14").nearLimitFromRecordSamples[1]
    assert.same({ tonumber(deal), 99, 99 }, { near.objectId, near.usage, near.percentage })
    assert.same({}, must("GET", crowds .. "0-14/to").results)
  end)

  it("that a user wants to know about are reported", function()
    local userId = must("GET", "/crm/owners/2026-09").results[1].userId
    local report = must("POST", "/crm/associations/2026-09/usage/high-usage-report/" .. ("%d"):format(userId))
    assert.same({ userId, "maria.lopez@example.com" }, { report.userId, report.userEmail })
    assert.equal(404, (call("POST", "/crm/associations/2026-09/usage/high-usage-report/1")))
  end)

  it("go with a record that is archived, and move with one that is merged", function()
    link()
    local other = wire.create { email = "b@example.org" }
    local merge = { primaryObjectId = other, objectIdToMerge = contact }
    local merged = must("POST", "/crm/objects/2026-09/contacts/merge", merge).id
    assert.same({ merged .. ":280" }, linked("companies", company, "contacts"))
    must("DELETE", "/crm/objects/2026-09/contacts/" .. merged)
    assert.same({}, linked("companies", company, "contacts"))
  end)

  it("are outside of the quota but for those of one record", function()
    wire = portal.new { quota = { limit = 2, seconds = 10 } }
    for _ = 1, 5 do
      assert.equal(200, (wire.call("GET", PAIR .. "/labels")))
    end
    local id = wire.create { email = "a@example.org" }
    assert.equal(200, (wire.call("GET", path("contacts", id, "companies"))))
    assert.equal(429, (wire.call("GET", path("contacts", id, "companies"))))
  end)

  it("between a custom type and another have a plain type of the account's own", function()
    local schema = must("POST", "/crm-object-schemas/2026-09/schemas", {
      name = "machines",
      labels = {},
      primaryDisplayProperty = "hs_object_id",
    })
    local plain =
      must("POST", "/crm/associations/2026-09/contacts/" .. schema.objectTypeId .. "/labels", { label = "" })
    assert.equal("USER_DEFINED", plain.results[1].category)
    local machine = must("POST", "/crm/objects/2026-09/p99001_machines", { properties = {} }).id
    must("PUT", path("contacts", contact, "default/p99001_machines", machine))
    assert.same({ contact .. ":" .. plain.results[2].typeId }, linked("p99001_machines", machine, "contacts"))
  end)
end)
