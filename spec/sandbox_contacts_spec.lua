local core = require "hubspot.core"
local portal = require "spec.support.portal"

local ids_of = portal.ids_of

describe("the sandbox on a date version", function()
  local wire, call, must

  before_each(function()
    wire = portal.new()
    call, must = wire.call, wire.must
  end)

  describe("contacts of a date version", function()
    local BASE = "/crm/objects/2026-09/contacts"

    it("are created", function()
      local contact, status = must("POST", BASE, { properties = { email = "Ada@Example.org", lead_score = 5 } })
      assert.equal(201, status)
      assert.equal("string", type(contact.id))
      assert.equal("ada@example.org", contact.properties.email)
      assert.equal("5", contact.properties.lead_score)
      assert.matches("^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$", contact.createdAt)
      assert.is_false(contact.archived)
    end)

    it("need a name or an address", function()
      assert.equal(400, (call("POST", BASE, { properties = { city = "Lyon" } })))
      assert.equal(400, (call("POST", BASE, "{}")))
      assert.equal(201, (call("POST", BASE, { properties = { lastname = "L" } })))
    end)

    it("answer a write with what was written and what is calculated", function()
      local function names_of(record)
        local names = {}
        for name, value in pairs(record.properties) do
          names[#names + 1] = value == core.null and name .. "?" or name
        end
        table.sort(names)
        return names
      end
      local made = must("POST", BASE, { properties = { email = "ada@example.org", city = "Lyon", phone = "" } })
      assert.same(
        { "city", "createdate", "email", "hs_object_id", "lastmodifieddate", "lifecyclestage" },
        names_of(made)
      )
      assert.equal("lead", made.properties.lifecyclestage)
      local changed = must("PATCH", BASE .. "/" .. made.id, { properties = { city = "Pune" } })
      assert.same({ "city", "createdate", "hs_object_id", "lastmodifieddate" }, names_of(changed))
      assert.same(
        { "createdate", "hs_object_id", "lastmodifieddate" },
        names_of(must("PATCH", BASE .. "/" .. made.id, { properties = {} }))
      )
    end)

    it("add options to a multi-select after a semicolon", function()
      local id = wire.create { email = "ada@example.org", interests = ";newsletter" }
      for given, expected in pairs {
        [";training"] = "newsletter;training",
        [";newsletter;training"] = "newsletter;training",
      } do
        must("PATCH", BASE .. "/" .. id, { properties = { interests = "newsletter" } })
        must("PATCH", BASE .. "/" .. id, { properties = { interests = given } })
        assert.equal(expected, wire.property(id, "interests"))
      end
      assert.equal(400, (call("PATCH", BASE .. "/" .. id, { properties = { interests = ";nothing" } })))
      must("PATCH", BASE .. "/" .. id, { properties = { interests = "webinars", firstname = ";b" } })
      assert.same({ "webinars", ";b" }, { wire.property(id, "interests"), wire.property(id, "firstname") })
    end)

    it("are refused with HubSpot's error object", function()
      local status, body = call("POST", BASE, { properties = { email = "a@example.org", nope = "1" } })
      assert.equal(400, status)
      assert.equal("error", body.status)
      assert.equal("VALIDATION_ERROR", body.category)
      assert.equal("string", type(body.correlationId))
      assert.matches('^Property values were not valid: %[{"error":"PROPERTY_DOESNT_EXIST"', body.message)
      assert.equal("PROPERTY_DOESNT_EXIST", body.errors[1].code)
      assert.same({ "nope" }, body.errors[1].context.propertyName)
    end)

    it("have at most 65,536 characters a value, of whatever length", function()
      for _, character in ipairs { "x", "\195\169", "\240\159\152\128", "\237\160\189" } do
        local text = character:rep(65536)
        assert.is_true(text == must("POST", BASE, { properties = { firstname = text } }).properties.firstname)
        local status, body = call("POST", BASE, { properties = { firstname = text .. "x" } })
        assert.same({ 400, "INVALID_STRING_LENGTH" }, { status, body.errors[1].code })
      end
    end)

    it("conflict with who has the address", function()
      local id = wire.create { email = "ada@example.org" }
      local status, body = call("POST", BASE, { properties = { email = "ADA@example.org" } })
      assert.equal(409, status)
      assert.equal("CONFLICT", body.category)
      assert.equal("Contact already exists. Existing ID: " .. id, body.message)
    end)

    it("are read by id and address with default properties", function()
      local id = wire.create { email = "ada@example.org", city = "Lyon" }
      local contact = must("GET", BASE .. "/" .. id)
      local names = {}
      for name in pairs(contact.properties) do
        names[#names + 1] = name
      end
      table.sort(names)
      assert.same({ "createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname" }, names)
      assert.equal(core.null, contact.properties.firstname)
      assert.equal(contact.createdAt, contact.properties.createdate)
      assert.equal(id, must("GET", BASE .. "/ADA%40example.org?idProperty=email").id)
      local status, body = call("GET", BASE .. "/1")
      assert.equal(404, status)
      assert.equal("OBJECT_NOT_FOUND", body.category)
      assert.equal(404, (call("GET", BASE .. "/ada@example.org")))
      assert.equal(400, (call("GET", BASE .. "/1?idProperty=firstname")))
    end)

    it("are read with properties, separated by commas or repeated", function()
      local id = wire.create {
        email = "ada@example.org",
        city = "Lyon",
        contract_start = "2026-01-02",
        closedate = "2026-01-02T03:04:05.678Z",
      }
      local contact = must(
        "GET",
        BASE .. "/" .. id .. "?properties=city,phone&properties=contract_start&properties=closedate&properties=nope"
      )
      assert.equal("Lyon", contact.properties.city)
      assert.equal(core.null, contact.properties.phone)
      assert.equal("2026-01-02", contact.properties.contract_start)
      assert.equal("2026-01-02T03:04:05.678Z", contact.properties.closedate)
      assert.is_nil(contact.properties.email)
      assert.is_nil(contact.properties.nope)
      local profile = must("GET", "/contacts/v1/contact/vid/" .. id .. "/profile")
      assert.equal("1767312000000", profile.properties.contract_start.value)
      assert.equal("1767323045678", profile.properties.closedate.value)
    end)

    it("are read with history, newest first", function()
      local id = wire.create { email = "ada@example.org", city = "Lyon" }
      wire.portal:advance(60)
      must("PATCH", BASE .. "/" .. id, { properties = { city = "Pune" } })
      wire.portal:advance(60)
      must("PATCH", BASE .. "/" .. id, { properties = { city = "" } })
      must("PATCH", BASE .. "/" .. id, { properties = { city = "" } })
      local history = must("GET", BASE .. "/" .. id .. "?propertiesWithHistory=city").propertiesWithHistory
      assert.same({ "", "Pune", "Lyon" }, ids_of(history.city, "value"))
      assert.equal("API", history.city[1].sourceType)
      assert.is_true(history.city[1].timestamp > history.city[2].timestamp)
      assert.is_true(history.city[2].timestamp > history.city[3].timestamp)
    end)

    it("are read with the company where asked", function()
      local id = wire.create { email = "ada@example.org", associatedcompanyid = "881" }
      assert.is_nil(must("GET", BASE .. "/" .. id).associations)
      local contact = must("GET", BASE .. "/" .. id .. "?associations=companies")
      assert.equal("881", contact.associations.companies.results[1].id)
    end)

    it("are updated by id and address", function()
      local id = wire.create { email = "ada@example.org", city = "Lyon" }
      local contact, status = must("PATCH", BASE .. "/" .. id, { properties = { city = core.null, firstname = "A" } })
      assert.equal(200, status)
      assert.equal("A", contact.properties.firstname)
      assert.equal(core.null, contact.properties.city)
      must("PATCH", BASE .. "/ada@example.org?idProperty=email", { properties = { email = "new@example.org" } })
      assert.equal(id, must("GET", BASE .. "/new@example.org?idProperty=email").id)
      assert.equal(404, (call("GET", BASE .. "/ada@example.org?idProperty=email")))
      assert.equal(404, (call("PATCH", BASE .. "/1", { properties = {} })))
      wire.create { email = "bob@example.org" }
      assert.equal(409, (call("PATCH", BASE .. "/" .. id, { properties = { email = "bob@example.org" } })))
    end)

    it("are archived, and read as such", function()
      local id = wire.create { email = "ada@example.org" }
      assert.equal(204, (call("DELETE", BASE .. "/" .. id)))
      assert.equal(204, (call("DELETE", BASE .. "/" .. id)))
      assert.equal(404, (call("GET", BASE .. "/" .. id)))
      local contact = must("GET", BASE .. "/" .. id .. "?archived=true")
      assert.is_true(contact.archived)
      assert.equal("string", type(contact.archivedAt))
      assert.same({ id }, ids_of(must("GET", BASE .. "?archived=true").results))
      assert.same({}, must("GET", BASE).results)
    end)

    it("are paged to the end", function()
      wire = portal.new { contacts = 25 }
      local seen, after = {}, nil
      repeat
        local page = wire.must("GET", BASE .. "?limit=10" .. (after and "&after=" .. after or ""))
        for _, contact in ipairs(page.results) do
          seen[#seen + 1] = contact.id
        end
        after = page.paging and page.paging.next.after
      until not after
      assert.equal(25, #seen)
      assert.equal(10, #wire.must("GET", BASE).results)
    end)

    it("are paged across deleted ones", function()
      wire = portal.new { contacts = 1500 }
      local all = wire.portal.contacts.live
      local ids = {}
      for index, id in ipairs(all:all()) do
        ids[index] = id
      end
      for index = 1, 1400 do
        wire.must("DELETE", BASE .. "/" .. ids[index])
      end
      local page = wire.must("GET", BASE .. "?limit=100")
      assert.equal(tostring(ids[1401]), page.results[1].id)
      assert.equal(100, #page.results)
      assert.is_nil(page.paging)
    end)

    it("refuse a page that is too large", function()
      assert.equal(200, (call("GET", BASE .. "?limit=100")))
      assert.equal(400, (call("GET", BASE .. "?limit=101")))
      assert.equal(400, (call("GET", BASE .. "?limit=0")))
      assert.equal(400, (call("GET", BASE .. "?after=x")))
    end)

    it("are merged into one of a new id, to which both ids lead", function()
      local first, second =
        wire.create { email = "f@example.org" }, wire.create { email = "s@example.org", city = "Lyon" }
      local merged = must("POST", BASE .. "/merge", { primaryObjectId = first, objectIdToMerge = second })
      for _, old in ipairs { first, second } do
        assert.not_equal(old, merged.id)
        local contact = must("GET", BASE .. "/" .. old .. "?properties=city,email,hs_merged_object_ids")
        assert.equal(merged.id, contact.id)
        assert.same(
          { "f@example.org", "Lyon", second .. ";" .. first },
          { contact.properties.email, contact.properties.city, contact.properties.hs_merged_object_ids }
        )
      end
      for _, email in ipairs { "f@example.org", "s@example.org" } do
        assert.equal(merged.id, must("GET", BASE .. "/" .. email .. "?idProperty=email").id)
      end
      assert.same({ merged.id }, ids_of(must("GET", BASE).results))
      assert.equal("Pune", must("PATCH", BASE .. "/" .. first, { properties = { city = "Pune" } }).properties.city)
      local again = must("POST", BASE .. "/batch/update", {
        inputs = core.array { { id = first, properties = { city = "Oslo" } } },
      })
      assert.same({ {}, "OBJECT_NOT_FOUND" }, { again.results, again.errors[1].category })
    end)

    it("are merged into the first, where the portal keeps its id", function()
      wire = portal.new { keeps_primary_id = true }
      call, must = wire.call, wire.must
      local winner = wire.create { email = "w@example.org" }
      local loser = wire.create { email = "l@example.org", city = "Lyon" }
      local merged = must("POST", BASE .. "/merge", { primaryObjectId = winner, objectIdToMerge = loser })
      assert.equal(winner, merged.id)
      local contact = must("GET", BASE .. "/" .. loser .. "?properties=city,hs_merged_object_ids")
      assert.equal(winner, contact.id)
      assert.equal("Lyon", contact.properties.city)
      assert.equal(loser, contact.properties.hs_merged_object_ids)
      assert.same({ winner }, ids_of(must("GET", BASE).results))
      assert.equal(400, (call("POST", BASE .. "/merge", { primaryObjectId = winner, objectIdToMerge = loser })))
      assert.equal(404, (call("POST", BASE .. "/merge", { primaryObjectId = winner, objectIdToMerge = "1" })))
    end)

    it("keep the other's address after a merge, which can become the first", function()
      local winner, loser = wire.create { email = "w@example.org" }, wire.create { email = "l@example.org" }
      winner = must("POST", BASE .. "/merge", { primaryObjectId = winner, objectIdToMerge = loser }).id
      assert.equal("l@example.org", wire.property(winner, "hs_additional_emails"))
      assert.equal(409, (call("POST", BASE, { properties = { email = "l@example.org" } })))
      must("PATCH", BASE .. "/" .. winner, { properties = { email = "l@example.org" } })
      assert.equal(core.null, wire.property(winner, "hs_additional_emails"))
      assert.equal(winner, must("GET", BASE .. "/l@example.org?idProperty=email").id)
    end)

    describe("in batches", function()
      local function batch(verb, inputs, fields)
        local body = fields or {}
        body.inputs = core.array(inputs)
        return call("POST", BASE .. "/batch/" .. verb, body)
      end

      it("are read, in an order of HubSpot's own", function()
        local a, b = wire.create { email = "a@example.org" }, wire.create { email = "b@example.org" }
        local status, body = batch("read", { { id = b }, { id = a } }, { properties = core.array { "email" } })
        assert.equal(200, status)
        assert.equal("COMPLETE", body.status)
        assert.same({ a, b }, ids_of(body.results))
        assert.equal("a@example.org", body.results[1].properties.email)
        assert.is_nil(body.errors)
      end)

      it("tell unknown ids beside the results", function()
        local id = wire.create { email = "a@example.org" }
        local status, body = batch("read", { { id = id }, { id = "1" }, { id = "2" } })
        assert.equal(207, status)
        assert.same({ id }, ids_of(body.results))
        assert.equal(1, body.numErrors)
        assert.equal("OBJECT_NOT_FOUND", body.errors[1].category)
        assert.same({ "1", "2" }, body.errors[1].context.ids)
      end)

      it("are read by address, with history", function()
        local id = wire.create { email = "a@example.org" }
        local status, body = batch(
          "read",
          { { id = "A@example.org" } },
          { idProperty = "email", propertiesWithHistory = core.array { "email" } }
        )
        assert.equal(200, status)
        assert.same({ id }, ids_of(body.results))
        assert.equal("a@example.org", body.results[1].propertiesWithHistory.email[1].value)
      end)

      it("refuse too many inputs, none, and the same twice", function()
        local inputs = {}
        for number = 1, 101 do
          inputs[number] = { id = tostring(number) }
        end
        assert.equal(400, (batch("read", inputs)))
        inputs[101] = nil
        assert.equal(207, (batch("read", inputs)))
        assert.equal(400, (batch("read", inputs, { propertiesWithHistory = core.array { "email" } })))
        assert.equal(400, (batch("update", {})))
        local nothing, found = batch("read", {})
        assert.same({ 200, {} }, { nothing, found.results })
        local status, body = batch("read", { { id = "1" }, { id = "1" } })
        assert.equal(400, status)
        assert.matches("Duplicate IDs found in batch input: [1]", body.message, 1, true)
        assert.equal(400, (batch("upsert", {
          { id = "A@example.org", idProperty = "email", properties = {} },
          { id = "a@example.org", idProperty = "email", properties = {} },
        })))
      end)

      it("are created, all or none", function()
        local status, body = batch("create", {
          { properties = { email = "a@example.org" } },
          { properties = { email = "b@example.org" }, objectWriteTraceId = "t2" },
        })
        assert.equal(201, status)
        assert.equal(2, #body.results)
        assert.equal("t2", body.results[2].objectWriteTraceId)
        assert.equal(
          409,
          (
            batch(
              "create",
              { { properties = { email = "c@example.org" } }, { properties = { email = "a@example.org" } } }
            )
          )
        )
        assert.equal(
          409,
          (
            batch(
              "create",
              { { properties = { email = "c@example.org" } }, { properties = { email = "c@example.org" } } }
            )
          )
        )
        assert.equal(404, (call("GET", BASE .. "/c@example.org?idProperty=email")))
      end)

      it("are created in part where every input can be told apart", function()
        local taken = wire.create { email = "a@example.org" }
        local status, body = batch("create", {
          { properties = { email = "a@example.org" }, objectWriteTraceId = "1" },
          { properties = { email = "b@example.org" }, objectWriteTraceId = "2" },
          { properties = { email = "bad" }, objectWriteTraceId = "3" },
        })
        assert.equal(207, status)
        assert.same({ "2" }, ids_of(body.results, "objectWriteTraceId"))
        assert.equal(2, body.numErrors)
        assert.same({ "CONFLICT", "VALIDATION_ERROR" }, ids_of(body.errors, "category"))
        assert.same({ objectWriteTraceId = { "1" }, existingId = { taken } }, body.errors[1].context)
        assert.equal("Contact already exists. Existing ID: " .. taken, body.errors[1].message)
      end)

      it("are updated", function()
        local id = wire.create { email = "a@example.org" }
        local status, body = batch("update", { { id = id, properties = { city = "Lyon" } } })
        assert.equal(200, status)
        assert.equal("Lyon", body.results[1].properties.city)
        status, body = batch("update", {
          { id = "1", properties = {} },
          { id = id, properties = { city = "Pune" } },
          { id = "2", properties = {}, objectWriteTraceId = "y" },
        })
        assert.same({ 207, { id } }, { status, ids_of(body.results) })
        assert.same({ "OBJECT_NOT_FOUND", "OBJECT_NOT_FOUND" }, ids_of(body.errors, "category"))
        assert.same({ ids = { "1" } }, body.errors[1].context)
        assert.same({ ids = { "2" }, objectWriteTraceId = { "y" } }, body.errors[2].context)
        assert.equal("Pune", wire.property(id, "city"))
        status, body = batch("update", { { id = id, properties = { nope = "1" } } })
        assert.same({ 207, {}, "PROPERTY_DOESNT_EXIST" }, { status, body.results, body.errors[1].errors[1].code })
      end)

      it("are created or updated", function()
        local id = wire.create { email = "a@example.org" }
        local status, body = batch("upsert", {
          { id = "A@example.org", idProperty = "email", properties = { city = "Lyon" }, objectWriteTraceId = "1" },
          { id = "b@example.org", idProperty = "email", properties = { city = "Pune" }, objectWriteTraceId = "2" },
        })
        assert.equal(200, status)
        assert.is_false(body.results[1].new)
        assert.equal(id, body.results[1].id)
        assert.is_true(body.results[2].new)
        assert.equal("b@example.org", body.results[2].properties.email)
        assert.equal("2", body.results[2].objectWriteTraceId)
      end)

      it("are created or updated all or not at all", function()
        local status, body = batch("upsert", {
          { id = "a@example.org", idProperty = "email", properties = {}, objectWriteTraceId = "1" },
          { id = "bad", idProperty = "email", properties = {}, objectWriteTraceId = "2" },
        })
        assert.equal(400, status)
        assert.equal("INVALID_EMAIL", body.errors[1].code)
        assert.same({}, must("GET", BASE).results)
      end)

      it("are archived", function()
        local id = wire.create { email = "a@example.org" }
        assert.equal(204, (batch("archive", { { id = id }, { id = "1" } })))
        assert.equal(404, (call("GET", BASE .. "/" .. id)))
      end)
    end)
  end)

  describe("properties", function()
    it("are read in both generations", function()
      for _, path in ipairs { "/properties/v1/contacts/properties/named/", "/contacts/v2/properties/named/" } do
        local property = must("GET", path .. "lead_tier")
        assert.equal("lead_tier", property.name)
        assert.equal("enumeration", property.type)
        assert.equal("select", property.fieldType)
        assert.same({ "a", "b", "c" }, ids_of(property.options, "value"))
        assert.is_false(property.readOnlyDefinition)
        local status, body = call("GET", path .. "nope")
        assert.equal(404, status)
        assert.equal("Couldn't find a Property with the given name 'nope'", body.message)
      end
      local property = must("GET", "/crm/properties/2026-09/contacts/createdate")
      assert.equal("datetime", property.type)
      assert.is_true(property.hubspotDefined)
      assert.is_true(property.modificationMetadata.readOnlyValue)
      assert.equal(404, (call("GET", "/crm/properties/2026-09/contacts/nope")))
      assert.is_true(#must("GET", "/crm/properties/2026-09/0-1").results >= 40)
    end)

    it("have HubSpot's options of the lifecycle stage", function()
      local stage = must("GET", "/crm/properties/2026-09/contacts/lifecyclestage")
      assert.same({
        "subscriber",
        "lead",
        "marketingqualifiedlead",
        "salesqualifiedlead",
        "opportunity",
        "customer",
        "evangelist",
        "other",
      }, ids_of(stage.options, "value"))
    end)

    it("are created and used", function()
      local body = {
        name = "shoe_size",
        label = "Shoe size",
        type = "number",
        fieldType = "number",
        groupName = "contactinformation",
      }
      local property, status = must("POST", "/crm/properties/2026-09/contacts", body)
      assert.equal(201, status)
      assert.equal("shoe_size", property.name)
      local id = wire.create { firstname = "A", shoe_size = "43" }
      assert.equal("43", wire.property(id, "shoe_size"))
      assert.equal(409, (call("POST", "/crm/properties/2026-09/contacts", body)))
      body.name = "Shoe Size"
      assert.equal(400, (call("POST", "/crm/properties/2026-09/contacts", body)))
      body.name, body.type = "other_size", "length"
      assert.equal(400, (call("POST", "/crm/properties/2026-09/contacts", body)))
    end)
  end)

  it("takes no URL and no search that is too long", function()
    local names = ("x"):rep(8200)
    local status = call("GET", "/crm/objects/2026-09/contacts?properties=" .. names)
    assert.equal(414, status)
    assert.equal(200, (call("GET", "/crm/objects/2026-09/contacts?properties=" .. names:sub(1, 8000))))
    local body
    status, body = call("POST", "/crm/objects/2026-09/contacts/search", { properties = { names:sub(1, 3000) } })
    assert.same({ 400, "VALIDATION_ERROR" }, { status, body.category })
    assert.equal(200, (call("POST", "/crm/objects/2026-09/contacts/search", { properties = { names:sub(1, 2900) } })))
  end)
end)
