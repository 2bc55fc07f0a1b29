-- What surprises programs at HubSpot, and does in the sandbox.

local core = require "hubspot.core"
local portal = require "spec.support.portal"

local array = core.array

local OBJECTS, PROPERTIES = "/crm/objects/2026-09/", "/crm/properties/2026-09/"
local SCHEMAS, PIPELINES = "/crm-object-schemas/2026-09/schemas", "/crm/pipelines/2026-09/"

describe("the sandbox surprises as HubSpot does", function()
  local wire, call, must

  local function start(options)
    wire = portal.new(options)
    call, must = wire.call, wire.must
  end

  before_each(function() start() end)

  local function property(name, more)
    local definition = { name = name, label = name, groupName = "g", type = "number", fieldType = "number" }
    for key, value in pairs(more or {}) do
      definition[key] = value
    end
    return definition
  end

  describe("where contacts are written:", function()
    it("a batch of updates by address does nothing, or is refused where it says so", function()
      local id = wire.create { email = "a@example.org", city = "Lyon" }
      local path = OBJECTS .. "contacts/batch/update"
      local input = { id = "a@example.org", properties = { city = "Pune" } }
      local answer, status = must("POST", path, { inputs = array { input } })
      assert.same({ 200, {}, "Lyon" }, { status, answer.results, wire.property(id, "city") })
      input.idProperty = "email"
      assert.equal(400, (call("POST", path, { inputs = array { input } })))
    end)

    it("a stage of life does not go back until it is cleared", function()
      local id = wire.create { email = "a@example.org", lifecyclestage = "customer" }
      local function set(stage) must("PATCH", OBJECTS .. "contacts/" .. id, { properties = { lifecyclestage = stage } }) end
      set "lead"
      assert.equal("customer", wire.property(id, "lifecyclestage"))
      set ""
      set "lead"
      assert.equal("lead", wire.property(id, "lifecyclestage"))
      set "customer"
      assert.equal("customer", wire.property(id, "lifecyclestage"))
    end)
  end)

  it("where the accounts of partners and events are written", function()
    start { fixtures = { records = { partner_clients = { { id = 7, properties = { hs_name = "P" } } } } } }
    local path = OBJECTS .. "partner_clients"
    assert.equal("Q", must("PATCH", path .. "/7", { properties = { hs_name = "Q" } }).properties.hs_name)
    assert.equal(405, (call("POST", path, { properties = {} })))
    assert.equal(405, (call("DELETE", path .. "/7")))
    assert.equal(405, (call("POST", path .. "/batch/archive", { inputs = array { { id = "7" } } })))
    assert.equal(405, (call("POST", OBJECTS .. "0-54", { properties = { hs_event_name = "E" } })))
  end)

  it("where the bodies of e-mails are read without their scope", function()
    local fixtures = {
      records = {
        emails = {
          {
            id = 7,
            properties = {
              hs_timestamp = "2026-01-02T03:04:05Z",
              hs_email_direction = "EMAIL",
              hs_email_subject = "S",
              hs_email_text = "B",
            },
          },
        },
      },
    }
    local path = OBJECTS .. "emails/7?properties=hs_email_subject,hs_email_text"
    start { fixtures = fixtures, scopes = { "crm.objects.contacts.read" } }
    local properties = must("GET", path).properties
    assert.same({ "S", nil }, { properties.hs_email_subject, properties.hs_email_text })
    start { fixtures = fixtures, scopes = { "crm.objects.contacts.read", "sales-email-read" } }
    assert.equal("B", must("GET", path).properties.hs_email_text)
  end)

  it("where an account has rules for values, which bind since 2026-09", function()
    local rules = "/crm/property-validations/2026-09/0-2"
    local rule = { ruleArguments = array { "3" }, shouldApplyNormalization = false }
    must("PUT", rules .. "/city/rule-type/MIN_LENGTH", rule)
    local path = OBJECTS .. "companies"
    local status, problem = call("POST", path, { properties = { name = "A", city = "X" } })
    assert.same({ 400, "VALIDATION_ERROR", "city" }, { status, problem.category, problem.errors[1]["in"] })
    local inputs = array {
      { objectWriteTraceId = "1", properties = { name = "A", city = "X" } },
      { objectWriteTraceId = "2", properties = { name = "B", city = "Xi'an" } },
    }
    local answer = must("POST", path .. "/batch/create", { inputs = inputs })
    assert.same({ 1, 1 }, { #answer.results, answer.numErrors })
    local id = answer.results[1].id
    assert.equal(400, (call("PATCH", path .. "/" .. id, { properties = { city = "X" } })))
    must("PATCH", path .. "/" .. id, { properties = { city = "" } })
    must("PATCH", "/crm/v3/objects/companies/" .. id, { properties = { city = "X" } })
    must("POST", "/crm/objects/2026-03/companies", { properties = { name = "A", city = "X" } })

    assert.same({ "city", "MIN_LENGTH" }, {
      must("GET", rules).results[1].propertyName,
      must("GET", rules .. "/city").results[1].ruleType,
    })
    assert.equal("3", must("GET", rules .. "/city/rule-type/MIN_LENGTH").ruleArguments[1])
    must("PUT", "/crm/property-validations/2026-09/0-2/annualrevenue/rule-type/MAX_NUMBER", rule)
    assert.equal(400, (call("POST", path, { properties = { name = "A", annualrevenue = "4" } })))
    assert.equal(404, (call("GET", rules .. "/city/rule-type/MAX_LENGTH")))
    assert.equal(404, (call("GET", rules .. "/nothing")))
    assert.equal(400, (call("PUT", rules .. "/city/rule-type/WISH", rule)))
    rule.ruleArguments[1] = "many"
    assert.equal(400, (call("PUT", rules .. "/city/rule-type/MAX_LENGTH", rule)))
  end)

  it("where an activity is pinned that is none of the record's", function()
    local properties = { hs_timestamp = "2026-01-02T03:04:05Z" }
    local note = must("POST", OBJECTS .. "notes", { properties = properties }).id
    local company = must("POST", OBJECTS .. "companies", { properties = { name = "A" } }).id
    local pin = { properties = { hs_pinned_engagement_id = note } }
    assert.equal(400, (call("PATCH", OBJECTS .. "companies/" .. company, pin)))
    must("PUT", OBJECTS .. "companies/" .. company .. "/associations/default/notes/" .. note)
    assert.equal(note, must("PATCH", OBJECTS .. "companies/" .. company, pin).properties.hs_pinned_engagement_id)
    local types = array { { associationCategory = "HUBSPOT_DEFINED", associationTypeId = 189 } }
    local made = { properties = { name = "B", hs_pinned_engagement_id = note } }
    assert.equal(400, (call("POST", OBJECTS .. "companies", made)))
    made.associations = array { { to = { id = note }, types = types } }
    must("POST", OBJECTS .. "companies", made)
  end)

  it("where usage is told: what was archived counts for a while", function()
    local company = must("POST", OBJECTS .. "companies", { properties = { name = "A" } }).id
    local function usage()
      for _, row in ipairs(must("GET", "/crm/limits/2026-09/records").hubspotDefinedObjectTypes) do
        if row.objectTypeId == "0-2" then return row.usage end
      end
      return nil
    end
    must("DELETE", OBJECTS .. "companies/" .. company)
    assert.equal(1, usage())
    wire.portal:advance(40)
    assert.equal(0, usage())
  end)

  it("where an account's form for new records needs more, which binds since 2026-09", function()
    start { fixtures = { needs = { companies = { "city" }, contacts = { "phone" } } } }
    local body = { properties = { name = "A" } }
    local status, problem = call("POST", OBJECTS .. "companies", body)
    assert.same({ 400, "city" }, { status, problem.errors[1].context.properties[1] })
    assert.equal(400, (call("POST", OBJECTS .. "contacts", { properties = { email = "a@example.org" } })))
    must("POST", "/crm/objects/2026-03/companies", body)
    must("POST", "/crm/v3/objects/companies", body)
    body.properties.city = "Lyon"
    must("POST", OBJECTS .. "companies", body)
    local fine, message = pcall(start, { fixtures = { needs = { companies = { "nothing" } } } })
    assert.is_false(fine)
    assert.matches("There is no property nothing", message)
  end)

  describe("where properties are defined:", function()
    it("a formula is kept in another form, and needs its properties", function()
      local sum = property("total", { calculationFormula = "amount * 2 + hs_priority_score" })
      local made = must("POST", PROPERTIES .. "deals", sum)
      assert.same({ "amount*2+hs_priority_score", "calculation_equation", true }, {
        made.calculationFormula,
        made.fieldType,
        made.calculated,
      })
      assert.is_true(made.modificationMetadata.readOnlyValue)
      assert.equal(404, (call("POST", PROPERTIES .. "deals", property("x", { calculationFormula = "nothing + 1" }))))
      for _, wrong in ipairs { "if(amount, 1, 2)", "[amount] + 1" } do
        assert.equal(400, (call("POST", PROPERTIES .. "deals", property("x", { calculationFormula = wrong }))))
      end
    end)

    it("one that is used can't be archived", function()
      must("POST", PROPERTIES .. "contacts", property "size")
      must("POST", PROPERTIES .. "contacts", property("twice", { calculationFormula = "size * 2" }))
      local filter = {
        filterType = "PROPERTY",
        property = "size",
        operation = { operationType = "NUMBER", operator = "IS_GREATER_THAN", value = 5 },
      }
      local group = { filterBranchType = "AND", filterBranches = array {}, filters = array { filter } }
      must("POST", "/crm/lists/2026-09", {
        name = "Large",
        objectTypeId = "0-1",
        processingType = "DYNAMIC",
        filterBranch = { filterBranchType = "OR", filters = array {}, filterBranches = array { group } },
      })
      local status, problem = call("DELETE", PROPERTIES .. "contacts/size")
      assert.same({ 400, "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE" }, { status, problem.subCategory })
      local uses = {}
      for _, use in ipairs(problem.errors) do
        uses[use.context.parentType[1]] = use.context.parentName[1]
      end
      assert.same({ CALCULATED_PROPERTY = "twice", LIST = "Large" }, uses)
      must("DELETE", PROPERTIES .. "contacts/twice")
    end)

    it("some fields can't be changed, or not back", function()
      local price = property("fee", {
        numberDisplayHint = "currency",
        showCurrencySymbol = true,
        currencyPropertyName = "deal_currency_code",
        referencedObjectType = "OWNER",
        displayOrder = 3,
        hidden = true,
      })
      local made = must("POST", PROPERTIES .. "deals", price)
      assert.same({ "currency", 3, true }, { made.numberDisplayHint, made.displayOrder, made.hidden })
      local changed = must("PATCH", PROPERTIES .. "deals/fee", {
        numberDisplayHint = core.null,
        showCurrencySymbol = false,
        referencedObjectType = "CONTACT",
        hidden = false,
      })
      assert.same({ "currency", true, "OWNER", false }, {
        changed.numberDisplayHint,
        changed.showCurrencySymbol,
        changed.referencedObjectType,
        changed.hidden,
      })
      assert.equal(400, (call("PATCH", PROPERTIES .. "deals/fee", { numberDisplayHint = "" })))
      assert.equal(400, (call("PATCH", PROPERTIES .. "deals/fee", { hidden = "yes" })))
    end)

    it("there is an end to those with unique values, and some names are others'", function()
      for number = 1, 10 do
        must("POST", PROPERTIES .. "deals", property("key_" .. number, { hasUniqueValue = true }))
      end
      assert.equal(400, (call("POST", PROPERTIES .. "deals", property("key_11", { hasUniqueValue = true }))))
      must("POST", PROPERTIES .. "deals", property "key_11")
      assert.equal(400, (call("POST", PROPERTIES .. "deals", property "a6543_size")))
      local phone = property("desk", { type = "phone_number", fieldType = "phonenumber" })
      assert.equal("phone_number", must("POST", PROPERTIES .. "deals", phone).type)
    end)
  end)

  describe("where pipelines are looked for:", function()
    it("nothing is a page to who does not ask for JSON", function()
      local _, _, response = call("GET", PIPELINES .. "deals/none")
      assert.same({ 404, "text/html;charset=utf-8" }, { response.status, response.headers["content-type"] })
      response = wire.portal {
        method = "GET",
        url = "https://api.hubapi.com" .. PIPELINES .. "deals/none",
        headers = { Authorization = "Bearer x", Accept = "application/json" },
      }
      local problem = core.decode(response.body)
      assert.same({ 404, "resource not found", nil }, { response.status, problem.message, problem.category })
    end)

    it("deals and tickets share the ids, and the refusal tells of a stage", function()
      local given = {
        label = "P",
        displayOrder = 1,
        pipelineId = "0",
        stages = array { { label = "S", displayOrder = 0, metadata = { probability = "0.5" } } },
      }
      local status, problem = call("POST", PIPELINES .. "deals", given)
      assert.same({ 409, "STAGE_ID_EXISTS_IN_ANOTHER_PIPELINE" }, { status, problem.subCategory })
      given.pipelineId = "default"
      assert.equal(400, (call("POST", PIPELINES .. "deals", given)))
      given.pipelineId = ("p"):rep(37)
      assert.equal(500, (call("POST", PIPELINES .. "deals", given)))
      given.pipelineId, given.stages[1].stageId = nil, ("s"):rep(101)
      assert.equal(500, (call("POST", PIPELINES .. "deals", given)))
    end)
  end)

  describe("where schemas were changed a moment ago:", function()
    local path

    before_each(
      function()
        path = SCHEMAS
          .. "/"
          .. must("POST", SCHEMAS, {
            name = "machines",
            labels = { singular = "Machine", plural = "Machines" },
            primaryDisplayProperty = "hs_object_id",
            description = "old",
          }).objectTypeId
      end
    )

    it("one by itself is read as it was, or as it is, and the list is right", function()
      must("PATCH", path, { description = "new" })
      assert.equal("new", must("GET", SCHEMAS).results[1].description)
      local seen = {}
      for _ = 1, 4 do
        seen[must("GET", path).description] = true
      end
      assert.same({ old = true, new = true }, seen)
      wire.portal:advance(61)
      for _ = 1, 4 do
        assert.equal("new", must("GET", path).description)
      end
    end)

    it("what a change leaves out becomes what it was", function()
      must("PATCH", path, { description = "new" })
      must("PATCH", path, { searchableProperties = array { "hs_object_id" } })
      assert.equal("old", must("GET", SCHEMAS).results[1].description)
      wire.portal:advance(61)
      must("PATCH", path, { searchableProperties = array {} })
      assert.equal("old", must("GET", SCHEMAS).results[1].description)
    end)
  end)

  it("where the name of a label is looked for: only schemas tell it, and late", function()
    local labels = "/crm/associations/2026-09/contacts/companies/labels"
    local made = must("POST", labels, { name = "billing", label = "Billing" }).results[1]
    assert.is_nil(made.name)
    local function name_of_label()
      for _, association in ipairs(must("GET", SCHEMAS .. "/contacts").associations) do
        if association.id == tostring(made.typeId) then return association.name end
      end
      return nil
    end
    assert.is_nil(name_of_label())
    wire.portal:advance(120)
    assert.equal("billing", name_of_label())
    start { scopes = { "crm.objects.contacts.read" } }
    assert.equal("0-1", must("GET", SCHEMAS .. "/contacts").objectTypeId)
    assert.equal(403, (call("GET", SCHEMAS .. "/companies")))
  end)
end)
