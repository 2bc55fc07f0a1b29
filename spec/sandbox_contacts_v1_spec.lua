local core = require "hubspot.core"
local portal = require "spec.support.portal"

local NOW = portal.NOW
local DAY = portal.DAY
local ids_of = portal.ids_of
local v1_body = portal.v1_body

describe("the sandbox on v1", function()
  local wire, call, must

  before_each(function()
    wire = portal.new()
    call, must = wire.call, wire.must
  end)

  describe("contacts of v1", function()
    it("are created with a profile as answer", function()
      local profile, status = must(
        "POST",
        "/contacts/v1/contact/",
        v1_body { email = "Ada@Example.org", firstname = "Ada", associatedcompanyid = 881 }
      )
      assert.equal(200, status)
      assert.equal("number", type(profile.vid))
      assert.equal(profile.vid, profile["canonical-vid"])
      assert.same({}, profile["list-memberships"])
      assert.equal("ada@example.org", profile.properties.email.value)
      assert.equal("API", profile.properties.email.versions[1]["source-type"])
      assert.equal("881", profile.properties.associatedcompanyid.value)
      assert.equal(881, profile["associated-company"]["company-id"])
      local identities = profile["identity-profiles"][1].identities
      assert.equal("EMAIL", identities[1].type)
      assert.is_true(identities[1]["is-primary"])
    end)

    it("are refused with validation results", function()
      local status, body = call("POST", "/contacts/v1/contact", v1_body { email = "bad@x", nope = "1" })
      assert.equal(400, status)
      assert.equal("Property values were not valid", body.message)
      assert.same({ "INVALID_EMAIL", "PROPERTY_DOESNT_EXIST" }, ids_of(body.validationResults, "error"))
      assert.equal("Email address bad@x is invalid", body.validationResults[1].message)
      assert.is_false(body.validationResults[1].isValid)
      assert.equal("email", body.validationResults[1].name)
    end)

    it("are refused by type", function()
      for name, case in pairs {
        lead_score = { "1/1/1", "INVALID_LONG" },
        contract_start = { tostring(NOW + 1), "INVALID_DATE" },
        lead_tier = { "z", "INVALID_OPTION" },
        newsletter_consent = { "maybe", "INVALID_OPTION" },
        interests = { "newsletter;nothing", "INVALID_OPTION" },
        createdate = { "1", "READ_ONLY_VALUE" },
        closedate = { "soon", "INVALID_LONG" },
      } do
        local status, body = call("POST", "/contacts/v1/contact", v1_body { [name] = case[1] })
        assert.equal(400, status)
        assert.equal(case[2], body.validationResults[1].error)
      end
    end)

    it("need an array of properties", function()
      assert.equal(400, (call("POST", "/contacts/v1/contact", { properties = { email = "a@example.org" } })))
      assert.equal(400, (call("POST", "/contacts/v1/contact", "{}")))
    end)

    it("conflict with who has the address", function()
      local id = wire.create { email = "ada@example.org" }
      local status, body = call("POST", "/contacts/v1/contact", v1_body { email = "ADA@example.org" })
      assert.equal(409, status)
      assert.equal("CONTACT_EXISTS", body.error)
      assert.equal(tonumber(id), body.identityProfile.vid)
      assert.equal("ada@example.org", body.identityProfile.identity[1].value)
    end)

    it("are updated by vid and by address without a body in the answer", function()
      local id = wire.create { email = "ada+1@example.org" }
      local status, body = call("POST", "/contacts/v1/contact/vid/" .. id .. "/profile", v1_body { firstname = "A" })
      assert.equal(204, status)
      assert.is_nil(body)
      assert.equal(
        204,
        (call("POST", "/contacts/v1/contact/email/ada%2B1%40example.org/profile", v1_body { lastname = "L" }))
      )
      assert.equal("A", wire.property(id, "firstname"))
      assert.equal("L", wire.property(id, "lastname"))
      must("POST", "/contacts/v1/contact/vid/" .. id .. "/profile", v1_body { firstname = "" })
      assert.equal(core.null, wire.property(id, "firstname"))
    end)

    it("are not updated where they are unknown or in conflict", function()
      local status, body = call("POST", "/contacts/v1/contact/vid/1/profile", v1_body { firstname = "A" })
      assert.equal(404, status)
      assert.equal("resource not found", body.message)
      assert.equal(404, (call("POST", "/contacts/v1/contact/email/no@example.org/profile", v1_body {})))
      wire.create { email = "ada@example.org" }
      local id = wire.create { email = "bob@example.org" }
      assert.equal(
        409,
        (call("POST", "/contacts/v1/contact/vid/" .. id .. "/profile", v1_body { email = "ada@example.org" }))
      )
    end)

    it("are created or updated by address", function()
      local path = "/contacts/v1/contact/createOrUpdate/email/ada%40example.org/"
      local first = must("POST", path, v1_body { firstname = "Ada" })
      local second = must("POST", path, v1_body { lastname = "L" })
      assert.is_true(first.isNew)
      assert.is_false(second.isNew)
      assert.equal(first.vid, second.vid)
      assert.equal("ada@example.org", wire.property(first.vid, "email"))
      assert.equal("L", wire.property(first.vid, "lastname"))
      wire.create { email = "bob@example.org" }
      assert.equal(409, (call("POST", path, v1_body { email = "bob@example.org" })))
      local status, body = call("POST", "/contacts/v1/contact/createOrUpdate/email/bad/", v1_body {})
      assert.equal(400, status)
      assert.equal("INVALID_EMAIL", body.validationResults[1].error)
    end)

    it("are deleted once", function()
      local id = wire.create { email = "ada@example.org" }
      local body, status = must("DELETE", "/contacts/v1/contact/vid/" .. id)
      assert.equal(200, status)
      assert.same({ vid = tonumber(id), deleted = true, reason = "OK" }, body)
      assert.equal(404, (call("DELETE", "/contacts/v1/contact/vid/" .. id)))
      assert.equal(404, (call("GET", "/contacts/v1/contact/email/ada@example.org/profile")))
      wire.create { email = "ada@example.org" }
    end)

    it("are read by vid, address and user token", function()
      local id = wire.create { email = "ada@example.org", firstname = "Ada" }
      local profile = must("GET", "/contacts/v1/contact/vid/" .. id .. "/profile")
      assert.equal("Ada", profile.properties.firstname.versions[1].value)
      assert.is_nil(profile.properties.lastname)
      assert.equal(profile.vid, must("GET", "/contacts/v1/contact/email/ADA%40example.org/profile").vid)
      local token = profile["identity-profiles"][1].identities[2].value
      assert.equal(profile.vid, must("GET", "/contacts/v1/contact/utk/" .. token .. "/profile").vid)
      assert.equal(profile.vid, must("GET", "/contacts/v1/contact/utk/" .. token:gsub("-", "") .. "/profile").vid)
      for _, path in ipairs { "vid/1", "email/no@example.org", "utk/00000000000000000000000000001020" } do
        local status, body = call("GET", "/contacts/v1/contact/" .. path .. "/profile")
        assert.equal(404, status)
        assert.equal("contact does not exist", body.message)
      end
    end)

    it("are read with the properties and the mode that are asked for", function()
      local id = wire.create { email = "ada@example.org", firstname = "Ada", lastname = "L" }
      local profile = must(
        "GET",
        "/contacts/v1/contact/vid/" .. id .. "/profile?property=email&property=firstname&propertyMode=value_only"
      )
      local names = {}
      for name, value in pairs(profile.properties) do
        names[#names + 1] = name
        assert.is_nil(value.versions)
      end
      table.sort(names)
      assert.same({ "email", "firstname", "lastmodifieddate" }, names)
    end)

    it("have form submissions as many as are asked for", function()
      wire = portal.new { contacts = 20 }
      local counts = {}
      for _, row in ipairs(wire.must("GET", "/crm/objects/2026-09/contacts?limit=20").results) do
        for _, mode in ipairs { "all", "none", "newest", "oldest" } do
          local profile =
            wire.must("GET", "/contacts/v1/contact/vid/" .. row.id .. "/profile?formSubmissionMode=" .. mode)
          counts[mode] = math.max(counts[mode] or 0, #profile["form-submissions"])
        end
      end
      assert.same({ all = 2, none = 0, newest = 1, oldest = 1 }, counts)
    end)

    it("are read in batches, unknown ones left out", function()
      local a, b = wire.create { email = "a@example.org" }, wire.create { email = "b@example.org" }
      local found = must("GET", "/contacts/v1/contact/vids/batch/?vid=" .. a .. "&vid=" .. b .. "&vid=1&property=email")
      assert.equal("a@example.org", found[a].properties.email.value)
      assert.equal("b@example.org", found[b].properties.email.value)
      assert.is_nil(found["1"])
      assert.is_nil(found[a]["list-memberships"])
      found = must("GET", "/contacts/v1/contact/emails/batch?email=a@example.org&email=no@example.org")
      assert.equal(tonumber(a), found[a].vid)
      local token = found[a]["identity-profiles"][1].identities[2].value
      found = must("GET", "/contacts/v1/contact/utks/batch?utk=" .. token)
      assert.equal(tonumber(a), found[a].vid)
      assert.same({}, must("GET", "/contacts/v1/contact/vids/batch?vid=1"))
    end)

    it("are read in batches with the deleted ones where asked", function()
      local id = wire.create { email = "a@example.org" }
      must("DELETE", "/contacts/v1/contact/vid/" .. id)
      local path = "/contacts/v1/contact/vids/batch?vid=" .. id
      assert.same({}, must("GET", path))
      assert.equal(tonumber(id), must("GET", path .. "&includeDeletes=true")[id].vid)
    end)

    it("are read 100 at a time at most", function()
      assert.equal(200, (call("GET", "/contacts/v1/contact/vids/batch?" .. ("vid=1&"):rep(100))))
      assert.equal(400, (call("GET", "/contacts/v1/contact/vids/batch?" .. ("vid=1&"):rep(101))))
    end)

    it("are written in batches", function()
      local id = wire.create { email = "a@example.org" }
      local status, body = call(
        "POST",
        "/contacts/v1/contact/batch/?auditId=import",
        core.array {
          { vid = id, properties = core.array { { property = "firstname", value = "A" } } },
          { email = "b@example.org", properties = core.array { { property = "firstname", value = "B" } } },
        }
      )
      assert.equal(202, status)
      assert.is_nil(body)
      assert.equal("A", wire.property(id, "firstname"))
      assert.equal("B", must("GET", "/contacts/v1/contact/email/b@example.org/profile").properties.firstname.value)
    end)

    it("are written in batches all or not at all", function()
      local status, body = call(
        "POST",
        "/contacts/v1/contact/batch",
        core.array {
          { email = "good@example.org", properties = core.array {} },
          { email = "bad", properties = core.array {} },
          { email = "c@example.org", properties = core.array { { property = "lead_score", value = "1/1/1" } } },
          { vid = 1, properties = core.array {} },
        }
      )
      assert.equal(400, status)
      assert.equal("Errors found processing batch update", body.message)
      assert.same({ "bad" }, body.invalidEmails)
      assert.same({ "1", "2", "3" }, ids_of(body.failureMessages, "index"))
      assert.equal("Email address bad is invalid", body.failureMessages[1].error.message)
      assert.equal("INVALID_LONG", body.failureMessages[2].propertyValidationResult.error)
      assert.equal(404, (call("GET", "/contacts/v1/contact/email/good@example.org/profile")))
    end)

    it("are written 1000 at a time at most", function()
      local items = {}
      for number = 1, 1001 do
        items[number] = { email = "p" .. number .. "@example.org", properties = core.array {} }
      end
      assert.equal(400, (call("POST", "/contacts/v1/contact/batch", core.array(items))))
      items[1001] = nil
      assert.equal(202, (call("POST", "/contacts/v1/contact/batch", core.array(items))))
    end)

    it("are paged to the end, ascending, and start over at a misspelled cursor", function()
      wire = portal.new { contacts = 45 }
      local seen, offset, pages = {}, nil, 0
      repeat
        local page = wire.must("GET", "/contacts/v1/lists/all/contacts/all?vidOffset=" .. (offset or ""))
        for _, contact in ipairs(page.contacts) do
          assert.is_true(#seen == 0 or contact.vid > seen[#seen])
          assert.is_nil(contact["list-memberships"])
          assert.equal("number", type(contact.addedAt))
          seen[#seen + 1] = contact.vid
        end
        offset, pages = page["vid-offset"], pages + 1
      until not page["has-more"]
      assert.equal(45, #seen)
      assert.equal(3, pages)
      local again = wire.must("GET", "/contacts/v1/lists/all/contacts/all?vid-offset=" .. seen[20])
      assert.equal(seen[1], again.contacts[1].vid)
    end)

    it("come 100 in a page at most, with four properties unless others are asked for", function()
      wire = portal.new { contacts = 120 }
      local page = wire.must("GET", "/contacts/v1/lists/all/contacts/all?count=500")
      assert.equal(100, #page.contacts)
      assert.is_nil(page.contacts[1].properties.email)
      assert.equal("string", type(page.contacts[1].properties.firstname.value))
      page = wire.must("GET", "/contacts/v1/lists/all/contacts/all?count=2&property=city")
      assert.equal(2, #page.contacts)
      assert.equal("string", type(page.contacts[1].properties.city.value))
      assert.is_nil(page.contacts[1].properties.firstname)
    end)

    for path, field in pairs {
      ["/contacts/v1/lists/all/contacts/recent"] = "createdate",
      ["/contacts/v1/lists/recently_updated/contacts/recent"] = "lastmodifieddate",
    } do
      it("are paged newest first by " .. field, function()
        wire = portal.new { contacts = 400 }
        local seen, cursor, last = {}, "", math.huge
        repeat
          local page = wire.must("GET", path .. "?count=3&property=createdate" .. cursor)
          for _, contact in ipairs(page.contacts) do
            local moment = tonumber(contact.properties[field].value)
            assert.equal(moment, contact.addedAt)
            assert.is_true(moment <= last and moment >= NOW - 30 * DAY)
            assert.is_nil(seen[contact.vid])
            seen[contact.vid], last = true, moment
          end
          cursor = "&vidOffset=" .. page["vid-offset"] .. "&timeOffset=" .. page["time-offset"]
        until not page["has-more"]
        local newer = wire.must("POST", "/crm/objects/2026-09/contacts/search", {
          limit = 1,
          filterGroups = core.array {
            { filters = core.array { { propertyName = field, operator = "GTE", value = tostring(NOW - 30 * DAY) } } },
          },
        })
        local count = 0
        for _ in pairs(seen) do
          count = count + 1
        end
        assert.is_true(count > 3)
        assert.equal(newer.total, count)
      end)
    end

    it("show an updated contact first among the recently updated", function()
      wire = portal.new { contacts = 30 }
      local first = wire.must("GET", "/crm/objects/2026-09/contacts?limit=1").results[1].id
      wire.portal:advance(10)
      wire.must("PATCH", "/crm/objects/2026-09/contacts/" .. first, { properties = { firstname = "New" } })
      local page = wire.must("GET", "/contacts/v1/lists/recently_updated/contacts/recent?count=1")
      assert.equal(tonumber(first), page.contacts[1].vid)
    end)

    it("are paged one by one where many changed at the same moment", function()
      wire = portal.new()
      wire.portal.contacts.now = function() return NOW end
      for number = 1, 5 do
        wire.create { firstname = "P" .. number }
      end
      local seen, cursor = {}, ""
      repeat
        local page = wire.must("GET", "/contacts/v1/lists/all/contacts/recent?count=2" .. cursor)
        for _, contact in ipairs(page.contacts) do
          seen[#seen + 1] = contact.properties.firstname.value
        end
        cursor = "&vidOffset=" .. page["vid-offset"] .. "&timeOffset=" .. page["time-offset"]
      until not page["has-more"]
      assert.equal("P5P4P3P2P1", table.concat(seen))
    end)

    it("are merged with a bare word as answer", function()
      local winner = wire.create { email = "w@example.org", firstname = "W" }
      local loser = wire.create { email = "l@example.org", firstname = "L", city = "Lyon" }
      local status, _, response =
        call("POST", "/contacts/v1/contact/merge-vids/" .. winner .. "/", { vidToMerge = tonumber(loser) })
      assert.equal(200, status)
      assert.equal("SUCCESS", response.body)
      assert.equal("application/json;charset=utf-8", response.headers["content-type"])
      local profile = must("GET", "/contacts/v1/contact/vid/" .. loser .. "/profile")
      assert.equal(must("GET", "/contacts/v1/contact/vid/" .. winner .. "/profile").vid, profile.vid)
      assert.same({ tonumber(loser), tonumber(winner) }, profile["merged-vids"])
      assert.equal(tonumber(loser), profile["merge-audits"][1]["vid-to-merge"])
      assert.equal("W", profile.properties.firstname.value)
      assert.equal("Lyon", profile.properties.city.value)
      assert.equal("l@example.org", profile.properties.hs_additional_emails.value)
      assert.equal(profile.vid, must("GET", "/contacts/v1/contact/email/l@example.org/profile").vid)
    end)

    it("are not merged where one of them is unknown", function()
      local id = wire.create { email = "w@example.org" }
      local status, body = call("POST", "/contacts/v1/contact/merge-vids/1", { vidToMerge = id })
      assert.equal(400, status)
      assert.matches("^canonical vid is not a valid contact", body.message)
      status, body = call("POST", "/contacts/v1/contact/merge-vids/" .. id, { vidToMerge = "1" })
      assert.equal(400, status)
      assert.matches("^vid to merge is not a valid contact", body.message)
    end)

    it("are found by a text, page by page", function()
      for number = 1, 5 do
        wire.create { email = "ada" .. number .. "@example.org", firstname = "Ada" }
      end
      wire.create { email = "bob@example.org" }
      local first = must("GET", "/contacts/v1/search/query?q=ADA&count=3&property=email")
      assert.equal("ADA", first.query)
      assert.equal(5, first.total)
      assert.is_true(first["has-more"])
      assert.equal(3, first.offset)
      assert.equal(3, #first.contacts)
      local second = must("GET", "/contacts/v1/search/query?q=ADA&count=3&offset=3")
      assert.equal(2, #second.contacts)
      assert.is_false(second["has-more"])
      assert.not_equal(first.contacts[3].vid, second.contacts[1].vid)
      local none = must("GET", "/contacts/v1/search/query?q=zzz&offset=")
      assert.same({ query = "zzz", offset = 0, ["has-more"] = false, total = 0, contacts = {} }, none)
    end)

    it("are found in the order that is asked for", function()
      for _, name in ipairs { "b", "c", "a" } do
        wire.create { email = name .. "@example.org" }
      end
      local function order(query)
        local found = {}
        local answer = must("GET", "/contacts/v1/search/query?q=example&property=email&" .. query)
        for _, contact in ipairs(answer.contacts) do
          found[#found + 1] = contact.properties.email.value:sub(1, 1)
        end
        return table.concat(found)
      end
      assert.equal("abc", order "sort=email&order=asc")
      assert.equal("cba", order "sort=email")
      assert.equal("bca", order "sort=vid&order=asc")
      assert.equal(400, (call("GET", "/contacts/v1/search/query?q=a&sort=nope")))
    end)

    it("are counted", function()
      wire.create { email = "a@example.org" }
      assert.equal(1, must("GET", "/contacts/v1/contacts/statistics").contacts)
    end)
  end)
end)
