local core = require "hubspot.core"
local portal = require "spec.support.portal"

local ids_of = portal.ids_of
local array = core.array

local LISTS = "/crm/lists/2026-09"

-- A filter branch of one filter.
local function branch(property, operation)
  return {
    filterBranchType = "OR",
    filterBranchOperator = "OR",
    filters = array {},
    filterBranches = array {
      {
        filterBranchType = "AND",
        filterBranchOperator = "AND",
        filterBranches = array {},
        filters = array { { filterType = "PROPERTY", property = property, operation = operation } },
      },
    },
  }
end

local function city_is(city)
  return branch("city", { operationType = "MULTISTRING", operator = "IS_EQUAL_TO", values = array { city } })
end

describe("lists of a date version", function()
  local wire, call, must

  before_each(function()
    wire = portal.new()
    call, must = wire.call, wire.must
  end)

  local function new_list(fields)
    fields = fields or {}
    fields.name = fields.name or "Trial users"
    fields.objectTypeId = "0-1"
    fields.processingType = fields.processingType or (fields.filterBranch and "DYNAMIC" or "MANUAL")
    return must("POST", LISTS, fields).list
  end

  local function people(count)
    local ids = {}
    for number = 1, count do
      ids[number] = wire.create { firstname = "P" .. number }
    end
    return ids
  end

  local function members(id, query)
    return ids_of(must("GET", LISTS .. "/" .. id .. "/memberships" .. (query or "")).results, "recordId")
  end

  local function add(id, ids) return must("PUT", LISTS .. "/" .. id .. "/memberships/add", array(ids)) end

  local function reversed(list)
    local turned = {}
    for index = #list, 1, -1 do
      turned[#turned + 1] = list[index]
    end
    return turned
  end

  it("are created and read", function()
    local list = new_list { name = "Trial users" }
    assert.equal("string", type(list.listId))
    assert.equal("MANUAL", list.processingType)
    assert.equal("0-1", list.objectTypeId)
    assert.equal(0, list.size)
    assert.same(list, must("GET", LISTS .. "/" .. list.listId).list)
    assert.equal(list.listId, must("GET", LISTS .. "/object-type-id/0-1/name/trial%20users").list.listId)
    assert.equal(404, (call("GET", LISTS .. "/object-type-id/0-1/name/nobody")))
    assert.equal(list.listId, must("GET", "/crm/v3/lists/" .. list.listId).list.listId)
  end)

  it("tell their filters where asked", function()
    local id = new_list({ filterBranch = city_is "Lyon" }).listId
    assert.is_nil(must("GET", LISTS .. "/" .. id).list.filterBranch)
    local list = must("GET", LISTS .. "/" .. id .. "?includeFilters=true").list
    assert.equal("city", list.filterBranch.filterBranches[1].filters[1].property)
  end)

  it("are refused where a name, type or filter is wrong", function()
    new_list { name = "Taken" }
    for _, case in ipairs {
      { { objectTypeId = "0-1", processingType = "MANUAL" }, "Every list must have a name." },
      { { name = "taken", objectTypeId = "0-1", processingType = "MANUAL" }, "already exists" },
      { { name = "A", processingType = "MANUAL" }, "objectTypeId is required" },
      { { name = "A", objectTypeId = "0-1" }, "processingType" },
      { { name = "A", objectTypeId = "0-1", processingType = "STATIC" }, "processingType" },
      { { name = "A", objectTypeId = "0-1", processingType = "DYNAMIC" }, "filterBranch" },
      {
        { name = "A", objectTypeId = "0-1", processingType = "MANUAL", filterBranch = city_is "Lyon" },
        "filterBranch",
      },
      { { name = "A", objectTypeId = "0-9999", processingType = "MANUAL" }, "Unable to infer object type" },
    } do
      local status, body = call("POST", LISTS, case[1])
      assert.equal(400, status)
      assert.equal("VALIDATION_ERROR", body.category)
      assert.matches(case[2], body.message, 1, true)
    end
  end)

  it("complete a filter branch as HubSpot's sample has it", function()
    local operation = { operationType = "MULTISTRING", operator = "IS_EQUAL_TO", values = array { "Lyon" } }
    local filter = { filterType = "PROPERTY", property = "city", operation = operation }
    local sparse = {
      filterBranchType = "OR",
      filterBranches = array { { filterBranchType = "AND", filters = array { filter } } },
    }
    local whole = city_is "Lyon"
    whole.filterBranches[1].filters[1].operation.includeObjectsWithNoValueSet = false
    local list = new_list { name = "Sparse", filterBranch = sparse }
    assert.same(whole, list.filterBranch)
    local _, _, response = call("GET", LISTS .. "/" .. list.listId .. "?includeFilters=true")
    assert.truthy(response.body:find('"filterBranches":[]', 1, true), response.body)
    assert.is_nil(response.body:find("{}]", 1, true))
  end)

  it("refuse a filter branch that is wrong", function()
    local right = city_is "Lyon"
    local function text(property)
      return branch(property, { operationType = "STRING", operator = "CONTAINS", value = "x" })
    end
    local function of(property, kind, operator, operands)
      operands.operationType, operands.operator = kind, operator
      return branch(property, operands)
    end
    for number, wrong in ipairs {
      right.filterBranches[1],
      { filterBranches = right.filterBranches },
      { filterBranchType = "OR", filterBranchOperator = "AND", filterBranches = right.filterBranches },
      { filterBranchType = "OR", filterBranches = array { right } },
      text "nope",
      text "lead_score",
      text "newsletter_consent",
      of("city", "MULTISTRING", "LIKE", { values = array { "x" } }),
      of("city", "MULTISTRING", "IS_EQUAL_TO", { value = "x" }),
      of("city", "ENUMERATION", "IS_ANY_OF", { values = array { "x" } }),
      of("lead_tier", "MULTISTRING", "IS_EQUAL_TO", { values = array { "a" } }),
      of("lead_tier", "NUMBER", "IS_EQUAL_TO", { value = 1 }),
      of("lead_score", "NUMBER", "IS_EQUAL_TO", { value = "1" }),
      of("lead_score", "NUMBER", "IS_BETWEEN", { lowerBound = 1, upperBound = 2 }),
    } do
      assert.equal(
        400,
        (
          call(
            "POST",
            LISTS,
            { name = "w" .. number, objectTypeId = "0-1", processingType = "DYNAMIC", filterBranch = wrong }
          )
        )
      )
    end
    local status, body = call("POST", LISTS, {
      name = "L",
      objectTypeId = "0-1",
      processingType = "DYNAMIC",
      filterBranch = of("city", "ALL_PROPERTY", "IS_NOT_KNOWN", {}),
    })
    assert.same({ 400, "ListError.INVALID_FILTER_OPERATOR" }, { status, body.subCategory })
    assert.equal(
      200,
      (call("POST", LISTS, { name = "right", objectTypeId = "0-1", processingType = "DYNAMIC", filterBranch = right }))
    )
  end)

  it("answer 404 with HubSpot's words where they are unknown", function()
    local status, body = call("GET", LISTS .. "/0")
    assert.equal(404, status)
    assert.equal("List does not exist with ID 0.", body.message)
    assert.same({ "0" }, body.context.listId)
    for _, request in ipairs {
      { "DELETE", "/9" },
      { "PUT", "/9/restore" },
      { "GET", "/9/memberships" },
      { "GET", "/9/memberships/join-order" },
      { "PUT", "/9/update-list-name?listName=x" },
      { "DELETE", "/9/memberships" },
    } do
      assert.equal(404, (call(request[1], LISTS .. request[2])))
    end
    assert.equal(400, (call("GET", LISTS .. "/abc")))
  end)

  it("are read together, unknown ones left out", function()
    local a, b = new_list({ name = "A" }).listId, new_list({ name = "B" }).listId
    assert.same({ a, b }, ids_of(must("GET", LISTS .. "?listIds=" .. b .. "&listIds=9&listIds=" .. a).lists, "listId"))
    assert.same({}, must("GET", LISTS).lists)
  end)

  it("are renamed", function()
    local id = new_list({ name = "A" }).listId
    new_list { name = "B" }
    local list = must("PUT", LISTS .. "/" .. id .. "/update-list-name?listName=New%20name").updatedList
    assert.equal("New name", list.name)
    assert.equal(2, list.listVersion)
    assert.equal(400, (call("PUT", LISTS .. "/" .. id .. "/update-list-name?listName=b")))
    assert.equal(400, (call("PUT", LISTS .. "/" .. id .. "/update-list-name")))
    assert.equal(200, (call("PUT", LISTS .. "/" .. id .. "/update-list-name?listName=NEW%20NAME")))
  end)

  it("are deleted and restored", function()
    local id = new_list({ name = "A" }).listId
    add(id, people(2))
    assert.equal(204, (call("DELETE", LISTS .. "/" .. id)))
    local list = must("GET", LISTS .. "/" .. id).list
    assert.equal(list.createdAt:sub(1, 16), list.deletedAt:sub(1, 16))
    assert.same({}, must("GET", LISTS .. "?listIds=" .. id).lists)
    assert.equal(404, (call("GET", LISTS .. "/" .. id .. "/memberships")))
    assert.equal(404, (call("DELETE", LISTS .. "/" .. id)))
    assert.equal(204, (call("PUT", LISTS .. "/" .. id .. "/restore")))
    assert.equal(2, #members(id))
    must("DELETE", LISTS .. "/" .. id)
    wire.portal:advance(91 * 86400)
    assert.equal(404, (call("PUT", LISTS .. "/" .. id .. "/restore")))
  end)

  describe("found by search", function()
    local function search(fields)
      local body = { listIds = array {}, processingTypes = array {}, offset = 0, additionalProperties = array {} }
      for name, value in pairs(fields) do
        body[name] = value
      end
      return must("POST", LISTS .. "/search", body)
    end

    it("are paged to the end", function()
      for number = 1, 45 do
        new_list { name = "List " .. number }
      end
      local seen, offset = {}, 0
      repeat
        local page = search { offset = offset }
        assert.equal(45, page.total)
        for _, list in ipairs(page.lists) do
          seen[#seen + 1] = tonumber(list.listId)
        end
        offset = page.offset
      until not page.hasMore
      assert.equal(45, #seen)
      for index = 2, 45 do
        assert.is_true(seen[index] > seen[index - 1])
      end
      assert.equal(45, #search({ count = 500 }).lists)
    end)

    it("are chosen by type, id and name", function()
      local manual = new_list({ name = "Manual" }).listId
      local dynamic = new_list({ name = "Moving", filterBranch = city_is "Lyon" }).listId
      new_list { name = "Frozen", processingType = "SNAPSHOT", filterBranch = city_is "Lyon" }
      assert.same({ dynamic }, ids_of(search({ processingTypes = array { "DYNAMIC" } }).lists, "listId"))
      assert.equal(2, search({ processingTypes = array { "MANUAL", "SNAPSHOT" } }).total)
      assert.same({ manual }, ids_of(search({ listIds = array { manual } }).lists, "listId"))
      assert.same({ dynamic }, ids_of(search({ query = "MOV" }).lists, "listId"))
      assert.equal("Moving", search({ sort = "-HS_LIST_NAME" }).lists[1].name)
    end)

    it("tell their size among the additional properties", function()
      add(new_list().listId, people(3))
      local list = search({ additionalProperties = array { "hs_list_size" } }).lists[1]
      assert.equal("3", list.additionalProperties.hs_list_size)
    end)

    it("need what 2026-09 requires, as 2026-03 does not", function()
      assert.equal(400, (call("POST", LISTS .. "/search", { query = "" })))
      assert.equal(200, (call("POST", "/crm/lists/2026-03/search", { query = "" })))
    end)

    it("come 500 at a time, and up to 10,000", function()
      local body = { listIds = array {}, processingTypes = array {}, offset = 0, additionalProperties = array {} }
      body.count = 501
      assert.equal(400, (call("POST", LISTS .. "/search", body)))
      body.count, body.offset = 500, 10001
      assert.equal(400, (call("POST", LISTS .. "/search", body)))
    end)
  end)

  describe("ids of v1", function()
    it("are other ids, and can be those of other lists", function()
      local a, b = new_list({ name = "A" }).listId, new_list({ name = "B" }).listId
      local mapping = must("POST", LISTS .. "/idmapping", array { b, "1" })
      assert.same({ { listId = a, legacyListId = b } }, mapping.legacyListIdsToIdsMapping)
      assert.same({ "1" }, mapping.missingLegacyListIds)
      assert.same({ listId = a, legacyListId = b }, must("GET", LISTS .. "/idmapping?legacyListId=" .. b))
      assert.equal(404, (call("GET", LISTS .. "/idmapping?legacyListId=1")))
      assert.equal(400, (call("GET", LISTS .. "/idmapping")))
    end)

    it("are mapped 10,000 at a time, from an array of texts", function()
      local ids = {}
      for number = 1, 10000 do
        ids[number] = tostring(number)
      end
      assert.equal(10000, #must("POST", LISTS .. "/idmapping", array(ids)).missingLegacyListIds)
      ids[10001] = "10001"
      assert.equal(400, (call("POST", LISTS .. "/idmapping", array(ids))))
      assert.equal(400, (call("POST", LISTS .. "/idmapping", array { 1 })))
    end)
  end)

  describe("members", function()
    it("are added once, unknown ones told", function()
      local id, ids = new_list().listId, people(2)
      assert.same(
        { recordsIdsAdded = ids, recordIdsRemoved = {}, recordIdsMissing = { "1" } },
        add(id, { ids[1], ids[2], "1" })
      )
      assert.same({}, add(id, ids).recordsIdsAdded)
      assert.same(ids, members(id))
      assert.equal(2, must("GET", LISTS .. "/" .. id).list.size)
      assert.equal(400, (call("PUT", LISTS .. "/" .. id .. "/memberships/add", array { tonumber(ids[1]) })))
      assert.equal(400, (call("PUT", LISTS .. "/" .. id .. "/memberships/add", { recordIds = array(ids) })))
    end)

    it("are removed", function()
      local id, ids = new_list().listId, people(3)
      add(id, ids)
      local changed = must("PUT", LISTS .. "/" .. id .. "/memberships/remove", array { ids[2] })
      assert.same({ recordsIdsAdded = {}, recordIdsRemoved = { ids[2] }, recordIdsMissing = {} }, changed)
      assert.same({ ids[1], ids[3] }, members(id))
      changed = must(
        "PUT",
        LISTS .. "/" .. id .. "/memberships/add-and-remove",
        { recordIdsToAdd = array { ids[2] }, recordIdsToRemove = array { ids[1] } }
      )
      assert.same({ recordsIdsAdded = { ids[2] }, recordIdsRemoved = { ids[1] }, recordIdsMissing = {} }, changed)
      assert.same({ ids[2], ids[3] }, members(id))
      assert.equal(204, (call("DELETE", LISTS .. "/" .. id .. "/memberships")))
      assert.same({}, members(id))
    end)

    it("are added from another list", function()
      local source, target, ids = new_list({ name = "S" }).listId, new_list({ name = "T" }).listId, people(3)
      add(source, ids)
      assert.equal(204, (call("PUT", LISTS .. "/" .. target .. "/memberships/add-from/" .. source)))
      assert.same(ids, members(target))
    end)

    it("of a dynamic list can't be changed by hand", function()
      local id = new_list({ filterBranch = city_is "Lyon" }).listId
      for _, request in ipairs {
        { "PUT", "/add", array { "1" } },
        { "PUT", "/remove", array { "1" } },
        { "PUT", "/add-from/" .. id },
        { "PUT", "/add-and-remove", { recordIdsToAdd = array { "1" } } },
        { "DELETE", "" },
      } do
        local status, body = call(request[1], LISTS .. "/" .. id .. "/memberships" .. request[2], request[3])
        assert.equal(400, status)
        assert.matches("DYNAMIC", body.message)
      end
    end)

    for path, name in pairs { ["/memberships"] = "id", ["/memberships/join-order"] = "time of joining" } do
      it("are paged by " .. name .. ", ascending after a cursor and descending before one", function()
        local id, ids = new_list().listId, people(7)
        -- Joining in another order than that of the ids tells the two routes apart.
        local order = { ids[5], ids[1], ids[7], ids[2], ids[6], ids[3], ids[4] }
        for _, contact in ipairs(order) do
          wire.portal:advance(1)
          add(id, { contact })
        end
        local expected = name == "id" and ids or order
        local function page(query)
          local body = must("GET", LISTS .. "/" .. id .. path .. "?limit=3" .. query)
          assert.equal(7, body.total)
          return body, ids_of(body.results, "recordId")
        end
        local function cursor(text)
          return (text:gsub("[^%w]", function(char) return string.format("%%%02X", char:byte()) end))
        end
        local seen, query, last = {}, ""
        repeat
          local body, found = page(query)
          for _, record in ipairs(found) do
            seen[#seen + 1] = record
          end
          last = body
          query = body.paging.next and "&after=" .. cursor(body.paging.next.after)
        until not query
        assert.same(expected, seen)
        local back = { expected[7] }
        query = "&before=" .. cursor(last.paging.prev.before)
        repeat
          local body, found = page(query)
          for _, record in ipairs(found) do
            back[#back + 1] = record
          end
          query = body.paging and body.paging.prev and "&before=" .. cursor(body.paging.prev.before)
        until not query
        assert.same(reversed(expected), back)
        -- `after` wins where both are given.
        local _, both =
          page("&before=" .. cursor(last.paging.prev.before) .. "&after=" .. cursor(page("").paging.next.after))
        assert.same({ expected[4], expected[5], expected[6] }, both)
        assert.equal(400, (call("GET", LISTS .. "/" .. id .. path .. "?after=" .. ids[1])))
      end)
    end

    it("come 100 in a page, and 250 at most", function()
      wire = portal.new { contacts = 300 }
      call, must = wire.call, wire.must
      local ids, after = {}, ""
      repeat
        local page = must("GET", "/crm/objects/2026-09/contacts?limit=100" .. after)
        for _, contact in ipairs(page.results) do
          ids[#ids + 1] = contact.id
        end
        after = page.paging and "&after=" .. page.paging.next.after
      until not after
      local id = new_list().listId
      add(id, reversed(ids))
      assert.equal(100, #members(id))
      assert.equal(250, #members(id, "?limit=250"))
      assert.equal(ids[1], members(id)[1])
      assert.equal(400, (call("GET", LISTS .. "/" .. id .. "/memberships?limit=251")))
    end)

    it("have the time of joining", function()
      local id, ids = new_list().listId, people(1)
      add(id, ids)
      local first = must("GET", LISTS .. "/" .. id .. "/memberships").results[1].membershipTimestamp
      must("PUT", LISTS .. "/" .. id .. "/memberships/remove", array(ids))
      wire.portal:advance(60)
      add(id, ids)
      local second = must("GET", LISTS .. "/" .. id .. "/memberships").results[1].membershipTimestamp
      assert.is_true(second > first)
      local membership = must("GET", LISTS .. "/records/0-1/" .. ids[1] .. "/memberships").results[1]
      assert.equal(first, membership.firstAddedTimestamp)
      assert.equal(second, membership.lastAddedTimestamp)
      assert.equal(id, membership.listId)
    end)

    it("are told by record, in batches too", function()
      local a, b, ids = new_list({ name = "A" }).listId, new_list({ name = "B" }).listId, people(2)
      add(a, { ids[1] })
      add(b, { ids[1] })
      assert.same({ a, b }, ids_of(must("GET", LISTS .. "/records/0-1/" .. ids[1] .. "/memberships").results, "listId"))
      local answer = must("POST", LISTS .. "/records/memberships/batch/read", {
        inputs = array {
          { objectTypeId = "0-1", recordId = ids[1] },
          { objectTypeId = "0-1", recordId = ids[2] },
        },
      })
      assert.equal("COMPLETE", answer.status)
      assert.equal(ids[1], answer.results[1].recordId)
      assert.same({ a, b }, ids_of(answer.results[1].recordListMemberships, "listId"))
      assert.is_false(answer.results[1].recordListMemberships[1].isPublicList)
      assert.same({}, answer.results[2].recordListMemberships)
    end)

    it("leave with the contact, or go over to the one that it is merged into", function()
      local id, ids = new_list().listId, people(3)
      add(id, { ids[1], ids[2] })
      must("DELETE", "/crm/objects/2026-09/contacts/" .. ids[1])
      assert.same({ ids[2] }, members(id))
      local merge = { primaryObjectId = ids[3], objectIdToMerge = ids[2] }
      local merged = must("POST", "/crm/objects/2026-09/contacts/merge", merge).id
      assert.same({ merged }, members(id))
    end)

    it("stay in order through many changes", function()
      wire = portal.new { contacts = 900 }
      call, must = wire.call, wire.must
      local id, all, expected = new_list().listId, {}, {}
      for number, contact in ipairs(wire.portal.contacts.live:all()) do
        all[number] = tostring(contact)
      end
      add(id, reversed(all))
      local removed = {}
      for number = 1, 900 do
        local list = number % 3 == 0 and expected or removed
        list[#list + 1] = all[number]
      end
      must("PUT", LISTS .. "/" .. id .. "/memberships/remove", array(removed))
      local seen, after = {}, ""
      repeat
        local page = must("GET", LISTS .. "/" .. id .. "/memberships?limit=250" .. after)
        for _, row in ipairs(page.results) do
          seen[#seen + 1] = row.recordId
        end
        after = page.paging
          and page.paging.next
          and "&after=" .. page.paging.next.after:gsub("%+", "%%2B"):gsub("=", "%%3D")
      until not after
      assert.same(expected, seen)
      add(id, { removed[1] })
      assert.equal(removed[1], members(id, "?limit=1")[1])
    end)
  end)

  describe("that are dynamic", function()
    it("follow their contacts", function()
      local a = wire.create { firstname = "A", city = "Lyon" }
      local b = wire.create { firstname = "B", city = "Pune" }
      local id = new_list({ filterBranch = city_is "lyon" }).listId
      assert.same({ a }, members(id))
      must("PATCH", "/crm/objects/2026-09/contacts/" .. b, { properties = { city = "Lyon" } })
      local c = wire.create { firstname = "C", city = "Lyon" }
      assert.same({ a, b, c }, members(id))
      must("PATCH", "/crm/objects/2026-09/contacts/" .. a, { properties = { city = "" } })
      must("DELETE", "/crm/objects/2026-09/contacts/" .. c)
      assert.same({ b }, members(id))
      assert.equal(1, must("GET", LISTS .. "/" .. id).list.size)
    end)

    it("follow other filters", function()
      wire.create { firstname = "A", city = "Lyon" }
      local b = wire.create { firstname = "B", city = "Pune" }
      local id = new_list({ filterBranch = city_is "Lyon" }).listId
      local changed = must("PUT", LISTS .. "/" .. id .. "/update-list-filters", { filterBranch = city_is "Pune" })
      assert.same({ "Pune" }, changed.updatedList.filterBranch.filterBranches[1].filters[1].operation.values)
      assert.same({ b }, members(id))
      assert.equal(400, (call("PUT", LISTS .. "/" .. id .. "/update-list-filters", { filterBranch = {} })))
      local manual = new_list({ name = "M" }).listId
      assert.equal(
        400,
        (call("PUT", LISTS .. "/" .. manual .. "/update-list-filters", { filterBranch = city_is "Lyon" }))
      )
    end)

    it("are frozen as snapshots, which can be changed by hand", function()
      local a = wire.create { firstname = "A", city = "Lyon" }
      local id = new_list({ processingType = "SNAPSHOT", filterBranch = city_is "Lyon" }).listId
      wire.create { firstname = "B", city = "Lyon" }
      assert.same({ a }, members(id))
      local c = wire.create { firstname = "C" }
      assert.same({ c }, add(id, { c }).recordsIdsAdded)
    end)

    it("know HubSpot's operators", function()
      wire.create {
        firstname = "A",
        city = "Lyon",
        lead_score = 5,
        lead_tier = "a",
        newsletter_consent = "true",
        interests = "newsletter;training",
        contract_start = "2026-01-01",
      }
      wire.create {
        firstname = "B",
        city = "New York",
        lead_score = 50,
        lead_tier = "b",
        newsletter_consent = "false",
        interests = "webinars",
        contract_start = "2026-06-01",
      }
      wire.create { firstname = "C" }
      local function text(operator, ...)
        return { operationType = "MULTISTRING", operator = operator, values = array { ... } }
      end
      local function number(operator, value) return { operationType = "NUMBER", operator = operator, value = value } end
      local function option(operator, ...)
        return { operationType = "ENUMERATION", operator = operator, values = array { ... } }
      end
      local january = { timeType = "DATE", year = 2026, month = 1, day = 1, zoneId = "UTC" }
      for index, case in ipairs {
        { "city", text("IS_EQUAL_TO", "LYON"), "A" },
        { "city", text("IS_NOT_EQUAL_TO", "Lyon"), "B" },
        { "city", text("CONTAINS", "yo"), "AB" },
        { "city", text("DOES_NOT_CONTAIN", "new"), "A" },
        { "city", text("STARTS_WITH", "ly"), "A" },
        { "city", text("ENDS_WITH", "york", "x"), "B" },
        { "city", { operationType = "STRING", operator = "CONTAINS", value = "new" }, "B" },
        {
          "city",
          {
            operationType = "MULTISTRING",
            operator = "IS_NOT_EQUAL_TO",
            values = array { "Lyon" },
            includeObjectsWithNoValueSet = true,
          },
          "BC",
        },
        { "city", { operationType = "ALL_PROPERTY", operator = "IS_KNOWN" }, "AB" },
        { "city", { operationType = "ALL_PROPERTY", operator = "IS_UNKNOWN" }, "C" },
        { "lead_score", number("IS_EQUAL_TO", 5), "A" },
        { "lead_score", number("IS_NOT_EQUAL_TO", 5), "B" },
        { "lead_score", number("IS_GREATER_THAN", 5), "B" },
        { "lead_score", number("IS_GREATER_THAN_OR_EQUAL_TO", 5), "AB" },
        { "lead_score", number("IS_LESS_THAN", 50), "A" },
        { "lead_score", number("IS_LESS_THAN_OR_EQUAL_TO", 50), "AB" },
        {
          "lead_score",
          { operationType = "NUMBER_RANGED", operator = "IS_BETWEEN", lowerBound = 6, upperBound = 60 },
          "B",
        },
        { "lead_tier", option("IS_ANY_OF", "a", "c"), "A" },
        { "lead_tier", option("IS_NONE_OF", "a"), "B" },
        { "interests", option("CONTAINS_ALL", "training", "newsletter"), "A" },
        { "interests", option("IS_EXACTLY", "newsletter"), "" },
        { "interests", option("IS_EXACTLY", "webinars"), "B" },
        { "interests", option("DOES_NOT_CONTAIN_ALL", "training"), "B" },
        { "newsletter_consent", { operationType = "BOOL", operator = "IS_EQUAL_TO", value = true }, "A" },
        { "newsletter_consent", { operationType = "BOOL", operator = "IS_NOT_EQUAL_TO", value = true }, "B" },
        { "contract_start", { operationType = "TIME_POINT", operator = "IS_AFTER", timePoint = january }, "B" },
        { "contract_start", { operationType = "TIME_POINT", operator = "IS_BEFORE", timePoint = january }, "" },
      } do
        local id = new_list({ name = "Case " .. index, filterBranch = branch(case[1], case[2]) }).listId
        local names = {}
        for position, record in ipairs(members(id)) do
          names[position] = wire.property(record, "firstname")
        end
        assert.equal(case[1] .. case[2].operator .. case[3], case[1] .. case[2].operator .. table.concat(names))
      end
    end)

    it("join several branches", function()
      local a = wire.create { firstname = "A", city = "Lyon", lead_tier = "a" }
      wire.create { firstname = "B", city = "Lyon", lead_tier = "b" }
      local c = wire.create { firstname = "C", city = "Pune" }
      local both, other = city_is "Lyon", city_is "Pune"
      table.insert(both.filterBranches[1].filters, {
        filterType = "PROPERTY",
        property = "lead_tier",
        operation = { operationType = "ENUMERATION", operator = "IS_ANY_OF", values = array { "a" } },
      })
      table.insert(both.filterBranches, other.filterBranches[1])
      assert.same({ a, c }, members(new_list({ filterBranch = both }).listId))
    end)
  end)
end)
