-- All that may happen to the records of a portal, seen from outside.

local core = require "hubspot.core"
local portal = require "spec.support.portal"

local array = core.array

local OBJECTS, LINKS = "/crm/objects/2026-09/", "/crm/associations/2026-09/"

describe("the sandbox's records", function()
  local wire, call, must

  local function start(options)
    wire = portal.new(options)
    call, must = wire.call, wire.must
  end

  before_each(function() start() end)

  local function create(name, properties) return must("POST", OBJECTS .. name, { properties = properties }).id end

  local function get(name, id, properties)
    return must("GET", OBJECTS .. name .. "/" .. id .. "?properties=" .. (properties or ""))
  end

  local function link(from, id, to, to_id)
    must("PUT", OBJECTS .. from .. "/" .. id .. "/associations/default/" .. to .. "/" .. to_id)
  end

  local function linked(from, id, to)
    local results = must("GET", OBJECTS .. from .. "/" .. id .. "/associations/" .. to).results
    return portal.ids_of(results, "toObjectId")
  end

  local function merge(name, primary, other)
    return must("POST", OBJECTS .. name .. "/merge", { primaryObjectId = primary, objectIdToMerge = other })
  end

  local function searched(name, property, value)
    local filter = { propertyName = property, operator = "EQ", value = value }
    local found = must("POST", OBJECTS .. name .. "/search", {
      filterGroups = array { { filters = array { filter } } },
    })
    return portal.ids_of(found.results)
  end

  local function archived(name) return portal.ids_of(must("GET", OBJECTS .. name .. "?archived=true").results) end

  describe("that were archived", function()
    it("come back as they were, under their id, and their last change does not move", function()
      local id = create("companies", { name = "Acme" })
      local before = get("companies", id)
      wire.portal:advance(60)
      must("DELETE", OBJECTS .. "companies/" .. id)
      assert.same({ { id }, {} }, { archived "companies", searched("companies", "name", "acme") })
      wire.portal:advance(60)
      wire.portal:restore { type = "companies", id = id }
      assert.same({ {}, { id } }, { archived "companies", searched("companies", "name", "acme") })
      assert.same(before, get("companies", id))
    end)

    it("have no associations until they are back, in whatever order that happens", function()
      for _, order in ipairs { { 1, 2 }, { 2, 1 } } do
        start()
        local deal = create("deals", { dealname = "D", dealstage = "closedwon" })
        local company, contact = create("companies", { name = "A" }), wire.create { email = "a@example.org" }
        link("contacts", contact, "companies", company)
        link("companies", company, "deals", deal)
        must("DELETE", OBJECTS .. "companies/" .. company)
        assert.same({}, linked("contacts", contact, "companies"))
        assert.equal(404, (call("GET", OBJECTS .. "companies/" .. company .. "/associations/contacts")))
        must("DELETE", OBJECTS .. "contacts/" .. contact)
        local kinds = { { type = "companies", id = company }, { type = "contacts", id = contact } }
        wire.portal:restore(kinds[order[1]])
        wire.portal:restore(kinds[order[2]])
        assert.same({ company }, linked("contacts", contact, "companies"))
        assert.same({ deal }, linked("companies", company, "deals"))
      end
    end)

    it("lead to the survivor where the other end was merged meanwhile", function()
      local company = create("companies", { name = "A" })
      local first, second = wire.create { email = "a@example.org" }, wire.create { email = "b@example.org" }
      link("companies", company, "contacts", second)
      must("DELETE", OBJECTS .. "companies/" .. company)
      local survivor = merge("contacts", first, second).id
      wire.portal:restore { type = "companies", id = company }
      assert.same({ survivor }, linked("companies", company, "contacts"))
    end)

    it("are no longer there after 90 days", function()
      local early = create("notes", { hs_timestamp = "2026-01-02T03:04:05Z" })
      must("DELETE", OBJECTS .. "notes/" .. early)
      wire.portal:advance(40 * 86400)
      local late = create("notes", { hs_timestamp = "2026-01-02T03:04:05Z" })
      must("DELETE", OBJECTS .. "notes/" .. late)
      wire.portal:advance(50 * 86400 - 1)
      assert.same({ early, late }, archived "notes")
      wire.portal:advance(1)
      assert.same({ late }, archived "notes")
      assert.equal(404, (call("GET", OBJECTS .. "notes/" .. early .. "?archived=true")))
      wire.portal:advance(40 * 86400)
      assert.same({}, archived "notes")
    end)

    it("can't come back where another record has their unique value", function()
      local id = wire.create { email = "a@example.org" }
      must("DELETE", OBJECTS .. "contacts/" .. id)
      wire.create { email = "a@example.org" }
      local fine, message = pcall(wire.portal.restore, wire.portal, { type = "contacts", id = id })
      assert.is_false(fine)
      assert.matches("another record has the email", message)
    end)

    it("can be purged, as live ones can", function()
      local first, second = create("companies", { name = "A" }), create("companies", { name = "B" })
      must("DELETE", OBJECTS .. "companies/" .. first)
      wire.portal:purge { type = "0-2", id = tonumber(first) }
      wire.portal:purge { type = "companies", id = second }
      assert.same({ {}, {} }, { archived "companies", must("GET", OBJECTS .. "companies").results })
    end)
  end)

  describe("that were merged", function()
    for _, keeps in ipairs { true, false } do
      it("lead to the survivor along a chain, where the primary id is " .. (keeps and "kept" or "not kept"), function()
        start { keeps_primary_id = keeps }
        local ids = {}
        for index = 1, 4 do
          ids[index] = wire.create { email = index .. "@example.org" }
        end
        local one = merge("contacts", ids[1], ids[2]).id
        wire.portal:advance(60)
        local other = merge("contacts", ids[3], ids[4]).id
        wire.portal:advance(60)
        local last = merge("contacts", one, other)
        assert.equal(keeps, last.id == ids[1])
        local names = "hs_merged_object_ids,hs_calculated_merged_vids,hs_additional_emails"
        local all = { ids[1], ids[2], ids[3], ids[4], one, other }
        local properties
        for _, id in ipairs(all) do
          local read = get("contacts", id, names)
          assert.equal(last.id, read.id)
          properties = read.properties
        end
        for _, id in ipairs(all) do
          assert.equal(
            id ~= last.id,
            (";" .. properties.hs_merged_object_ids .. ";"):find(";" .. id .. ";", 1, true) ~= nil
          )
        end
        assert.equal("2@example.org;3@example.org;4@example.org", properties.hs_additional_emails)
        -- It tells merges into this record only.
        local told = {}
        for id in properties.hs_calculated_merged_vids:gmatch "(%d+):%d+" do
          told[#told + 1] = id
        end
        assert.same({ ids[2], other }, told)
        assert.same({}, archived "contacts")
        local found = must("POST", OBJECTS .. "contacts/search", {})
        assert.same({ last.id }, portal.ids_of(found.results))
        assert.equal(last.id, must("GET", OBJECTS .. "contacts/4@example.org?idProperty=email").id)
      end)
    end

    it("give the survivor their associations, and its primary company stays", function()
      local acme, cobalt = create("companies", { name = "Acme" }), create("companies", { name = "Cobalt" })
      local first, second = wire.create { email = "a@example.org" }, wire.create { email = "b@example.org" }
      local primary = array { { associationCategory = "HUBSPOT_DEFINED", associationTypeId = 1 } }
      must("PUT", OBJECTS .. "contacts/" .. first .. "/associations/companies/" .. acme, primary)
      must("PUT", OBJECTS .. "contacts/" .. second .. "/associations/companies/" .. cobalt, primary)
      local survivor = merge("contacts", first, second).id
      local read = must("POST", LINKS .. "contacts/companies/batch/read", { inputs = array { { id = survivor } } })
      local types = {}
      for _, to in ipairs(read.results[1].to) do
        for _, kind in ipairs(to.associationTypes) do
          types[#types + 1] = to.toObjectId .. " " .. kind.typeId
        end
      end
      table.sort(types)
      assert.same({ acme .. " 1", acme .. " 279", cobalt .. " 279" }, types)
    end)
  end)

  describe("under search lag", function()
    it("are found as they were, each write for the lag that it met", function()
      start { search_lag = 60 }
      local first = create("companies", { name = "A", city = "Lyon" })
      wire.portal:set_search_lag(5)
      local second = create("companies", { name = "B", city = "Lyon" })
      wire.portal:advance(5)
      assert.same({ second }, searched("companies", "city", "lyon"))
      wire.portal:advance(55)
      assert.same({ first, second }, searched("companies", "city", "lyon"))
      wire.portal:set_search_lag(0)
      must("PATCH", OBJECTS .. "companies/" .. first, { properties = { city = "Pune" } })
      assert.same({ second }, searched("companies", "city", "lyon"))
    end)

    it("are found for a while when they are gone, and then under their other id", function()
      start { search_lag = 5 }
      local ids = {}
      for index = 1, 3 do
        ids[index] = create("companies", { name = "A" .. index, city = "Lyon" })
      end
      wire.portal:advance(5)
      must("DELETE", OBJECTS .. "companies/" .. ids[3])
      local survivor = merge("companies", ids[1], ids[2]).id
      assert.same(ids, searched("companies", "city", "lyon"))
      assert.equal(404, (call("GET", OBJECTS .. "companies/" .. ids[3])))
      wire.portal:advance(5)
      assert.same({ survivor }, searched("companies", "city", "lyon"))
    end)
  end)

  it("have calculated properties that change without a trace in the times", function()
    local id = wire.create { email = "a@example.org" }
    local before = get("contacts", id)
    wire.portal:advance(60)
    wire.portal:set_calculated { type = "contacts", id = id, properties = { num_notes = 5 } }
    local after = get("contacts", id, "num_notes")
    assert.same({ "5", before.updatedAt }, { after.properties.num_notes, after.updatedAt })
    assert.same({ id }, searched("contacts", "num_notes", "5"))
    local history = must("GET", OBJECTS .. "contacts/" .. id .. "?propertiesWithHistory=num_notes")
    assert.equal("CALCULATED", history.propertiesWithHistory.num_notes[1].sourceType)
  end)

  it("are changed by nobody who names none", function()
    local id = wire.create { email = "a@example.org" }
    local misuses = {
      { "restore", { type = "contacts", id = id }, "no archived record" },
      { "restore", nil, "a table with type and id" },
      { "purge", { type = "contacts", id = "x" }, "no live or archived record x" },
      { "purge", { type = "widgets", id = id }, "unknown type of records widgets" },
      { "set_calculated", { type = "contacts", id = id }, "needs properties" },
      { "set_calculated", { type = "contacts", id = id, properties = { unheard_of = "1" } }, "does not exist" },
      { "set_search_lag", -1, "must be a number of seconds" },
    }
    for _, misuse in ipairs(misuses) do
      local fine, message = pcall(wire.portal[misuse[1]], wire.portal, misuse[2])
      assert.is_false(fine)
      assert.matches(misuse[3], message)
    end
  end)
end)
