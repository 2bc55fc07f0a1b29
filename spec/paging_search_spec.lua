-- Requests and reads single pages of searches. Whole searches, of portals that change meanwhile too, are in
-- search_paging_spec and in bench/simulate.lua.

local core = require "hubspot.core"
local paging = require "hubspot.paging"

local function body_of(route, position, values, size)
  local body = {}
  assert.is_nil(paging.request(route, {}, body, position, size or 2, values or {}))
  return core.encode(body)
end

-- Returns the ids of an answer (as JSON), the next position, and the page.
local function read(route, json, position, values)
  local answer = assert(core.decode(json))
  local page = assert(paging.read(route, answer, answer.results, position or {}, values or {}))
  local ids = {}
  for index, item in ipairs(page.items) do
    ids[index] = item.id
  end
  return ids, page.following, page
end

local function found(...)
  local ids, following = read(...)
  return { ids, following }
end

local function complaint(route, json, position, values)
  local answer = assert(core.decode(json))
  local page, message = paging.read(route, answer, answer.results, position or {}, values or {})
  assert.is_nil(page)
  return message
end

local function page(ids, more)
  local rows = {}
  for index, id in ipairs(ids) do
    rows[index] = ('{"id":"%s"}'):format(id)
  end
  return ('{"results":[%s]'):format(table.concat(rows, ","))
    .. (more and (',"paging":{"next":{"after":"%s"}}}'):format(tostring(more)) or "}")
end

local function groups(...)
  local list = {}
  for index, count in ipairs { ... } do
    list[index] = { filters = {} }
    for number = 1, count do
      list[index].filters[number] = { propertyName = "p" .. number }
    end
  end
  return { filter_groups = list }
end

describe("the paging of a search by id", function()
  local route = { paging = "search_by_id", items = "results", page_size = 200 }
  local DESCENDING = { order = "desc" }

  local function filter(operator, value, high_value)
    return ('"filterGroups":[{"filters":[{%s"operator":"%s","propertyName":"hs_object_id","value":"%s"}]}]'):format(
      high_value and ('"highValue":"%s",'):format(high_value) or "",
      operator,
      value
    )
  end

  it("asks for the ids after the last one, or in a range", function()
    assert.equal('{"limit":2,"sorts":["hs_object_id"]}', body_of(route, {}))
    assert.equal("{" .. filter("GT", "7") .. ',"limit":2,"sorts":["hs_object_id"]}', body_of(route, { after = "7" }))
    assert.equal(
      "{" .. filter("LT", "7") .. ',"limit":2,"sorts":["-hs_object_id"]}',
      body_of(route, { after = "7" }, DESCENDING)
    )
    assert.equal("{" .. filter("LTE", "999") .. ',"limit":2,"sorts":["hs_object_id"]}', body_of(route, { to = "999" }))
    assert.equal(
      "{" .. filter("GTE", "1000") .. ',"limit":2,"sorts":["-hs_object_id"]}',
      body_of(route, { to = "1000" }, DESCENDING)
    )
    -- Both ends are within it: one alone would be no step ahead.
    assert.equal(
      "{" .. filter("BETWEEN", "7", "999") .. ',"limit":2,"sorts":["hs_object_id"]}',
      body_of(route, { after = "7", to = "999" }, {}, 1)
    )
    assert.equal(
      "{" .. filter("BETWEEN", "7", "999") .. ',"limit":2,"sorts":["-hs_object_id"]}',
      body_of(route, { after = "999", to = "7" }, DESCENDING, 1)
    )
  end)

  it(
    "goes to the next page after the last id, and at the end to shorter ones that HubSpot may have elsewhere",
    function()
      local _, following = read(route, page({ "4127", "4130" }, 2))
      assert.same({ after = "4130", later = { { to = "999" } } }, following)
      assert.same({ { "4140" }, { to = "999" } }, found(route, page { "4140" }, following))
      assert.same({ {} }, found(route, page {}, { to = "999" }))
      assert.same({ { "5", "6" } }, found(route, page { "5", "6" }, { to = "999" }))
      assert.same({ { "1" } }, found(route, page { "1" }))
      assert.same({ { "4127", "4130" } }, found(route, page { "4127", "4130" }))
      assert.same({ after = "7" }, select(2, read(route, page({ "1", "7" }, 2))))
      assert.same(
        { after = "4127", later = { { to = "10000" } } },
        select(2, read(route, page({ "4130", "4127" }, 2), {}, DESCENDING))
      )
    end
  )

  it("knows numbers by an order that texts have not, and then leaves nothing for later", function()
    assert.same(
      { { "998", "1004" }, { after = "1004", numeric = true } },
      found(route, page({ "998", "1004" }, 2), { after = "900", later = { { to = "99" } } })
    )
    assert.same(
      { { "1004", "998" }, { after = "998", numeric = true } },
      found(route, page({ "1004", "998" }, 2), {}, DESCENDING)
    )
    assert.same(
      { { "1998", "20004" }, { after = "20004", numeric = true } },
      found(route, page({ "1998", "20004" }, 2), { after = "998", numeric = true })
    )
  end)

  it("gives ids of one length where they may be sorted as texts", function()
    -- In numbers and in texts alike: 199 may still come after 1004.
    assert.same({ { "100" }, { after = "100", later = { { to = "99" } } } }, found(route, page({ "100", "1004" }, 2)))
    local ids, following, whole = read(route, page({ "1000", "1004", "101", "1013" }, 4), { after = "99" })
    assert.same({ "1000", "1004", "1013" }, ids)
    assert.same({ after = "1013", later = { { after = "99", to = "999" } } }, following)
    assert.same({ after = "1000", later = { { after = "99", to = "999" } } }, whole.position_after(1))
    -- The end of a query is not the end where it had ids of several lengths.
    assert.same(
      { { "1000", "1004" }, { after = "1004", later = { { after = "99", to = "999" } } } },
      found(route, page { "1000", "1004", "101" }, { after = "99" })
    )
    assert.same(
      { { "99", "98" }, { after = "98", later = { { after = "1200", to = "100" } } } },
      found(route, page({ "99", "989", "98" }, 3), { after = "1200" }, DESCENDING)
    )
  end)

  it("reads a range to its end, without the id that it follows", function()
    local position = { after = "99", to = "999", later = { { to = "9" } } }
    assert.same(
      { { "101", "102" }, { after = "102", to = "999", later = { { to = "9" } } } },
      found(route, page({ "99", "101", "102" }, 3), position)
    )
    assert.same({ { "101" }, { to = "9" } }, found(route, page { "99", "101" }, position))
    assert.same({ {}, { to = "9" } }, found(route, page { "99" }, position))
  end)

  it("continues by the offset after an empty page", function()
    assert.same({ after = "7", offset = 2 }, select(2, read(route, page({}, 2), { after = "7" })))
    assert.truthy(body_of(route, { after = "7", offset = 2 }):find('"after":"2"', 1, true))
    assert.same({ after = "9" }, select(2, read(route, page({ "8", "9" }, 4), { after = "7", offset = 2 })))
    assert.truthy(
      paging.request(route, {}, {}, { offset = 10000 }, 2, {}):find("search ends after 10000 records", 1, true)
    )
  end)

  it("resumes after any record of a page", function()
    local _, _, whole = read(route, page({ "4", "7", "9" }, 3), { after = "3" })
    assert.same({ after = "7" }, whole.position_after(2))
    _, _, whole = read(route, page { "4", "7", "19" }, { after = "3" })
    assert.same({ after = "7", numeric = true }, whole.position_after(2))
  end)

  it("compares ids as numbers of any length, with or without zeros before them", function()
    local big = "90071992547409930"
    assert.equal(
      "90071992547409931",
      select(2, read(route, page({ "9007199254740993", big, "90071992547409931" }, 3), { numeric = true })).after
    )
    assert.equal("10", select(2, read(route, page({ "007", "10" }, 2), { after = "6" })).after)
    assert.equal("HubSpot answered a search with a record whose id is no number", complaint(route, page { "7", "x" }))
  end)

  it("does not trust what can't be", function()
    assert.equal(
      "HubSpot answered a search for ids after 7 with the id 6",
      complaint(route, page({ "6", "8" }, 2), { after = "7" })
    )
    assert.equal(
      "HubSpot answered a search for ids after 10 with the id 11",
      complaint(route, page({ "11" }, 1), { after = "10" }, DESCENDING)
    )
    local UNORDERED = "HubSpot answered a search in the order of ids with ids in another order"
    assert.equal(UNORDERED, complaint(route, page({ "13", "12" }, 2)))
    assert.equal(UNORDERED, complaint(route, page({ "12", "12" }, 2)))
    assert.equal(UNORDERED, complaint(route, page({ "100", "11" }, 2), { numeric = true }))
    assert.equal("HubSpot answered a search with a cursor that is no offset", complaint(route, page({ "1" }, "x")))
  end)

  describe("with filter groups that leave no room for another filter", function()
    it("is numbered", function()
      for _, values in ipairs { groups(6), groups(1, 6), groups(5, 5, 5, 1), groups(4, 4, 4, 4) } do
        assert.same({ offset = 2, last = { "7", "1" } }, select(2, read(route, page({ "1", "7" }, 2), {}, values)))
      end
      for _, values in ipairs { {}, groups(5), groups(5, 5, 5), groups(3, 3, 3, 3), groups(3, 3, 3, 3, 1) } do
        assert.equal("7", select(2, read(route, page({ "1", "7" }, 2), {}, values)).after)
      end
    end)

    it("tries the filter all the same after the 10,000th record, and says why it may be refused", function()
      local _, following = read(route, page({ "6", "7" }, 10000), { offset = 9999, last = { "6" } }, groups(6))
      assert.same({ after_id = "7" }, following)
      assert.truthy(body_of(route, following, groups(6)):find(filter("GT", "7"), 1, true))
      assert.truthy(paging.hint(route, following, groups(6)):find("6 filters in a group and 18 in all", 1, true))
      assert.is_nil(paging.hint(route, following, groups(5)))
      assert.is_nil(paging.hint(route, { offset = 9999 }, groups(6)))
      assert.is_nil(paging.hint({ paging = "after" }, {}, {}))
      assert.same(
        { offset = 2, last = { "9", "8" }, after_id = "7" },
        select(2, read(route, page({ "8", "9" }, 2), following, groups(6)))
      )
    end)
  end)
end)

describe("the paging of a search in an order of one's own", function()
  local route = { paging = "search_by_id", items = "results", page_size = 200 }
  local values = { sort = "lastname" }

  it("asks from the last record on, which tells whether others moved", function()
    assert.equal('{"limit":2,"sorts":["lastname"]}', body_of(route, {}, values))
    assert.equal(
      '{"after":"19","limit":3,"sorts":["-lastname"]}',
      body_of(route, { offset = 20, last = { "12" } }, { sort = "lastname", order = "desc" })
    )
    assert.equal(
      '{"after":"9899","limit":101,"sorts":["lastname"]}',
      body_of(route, { offset = 9900, last = { "12" } }, values, 200)
    )
    local from = { offset = 20, last = { "12", "15", "11" } }
    assert.same(
      { { "3", "44" }, { offset = 22, last = { "44", "3", "12", "15" } } },
      found(route, page({ "12", "3", "44" }, 22), from, values)
    )
    -- Records came before it: its offset is higher.
    assert.same(
      { { "3" }, { offset = 22, last = { "3", "12", "15", "11" } } },
      found(route, page({ "15", "12", "3" }, 22), from, values)
    )
    assert.same(
      { {}, { offset = 22, last = { "12", "15", "11" } } },
      found(route, page({ "70", "11", "15" }, 22), from, values)
    )
    local _, _, whole = read(route, page({ "15", "12", "3", "9" }, 23), from, values)
    assert.same({ offset = 22, last = { "3", "12", "15", "11" } }, whole.position_after(1))
  end)

  it("looks around for it where it is not, and takes the place as it is where it is nowhere", function()
    local from = { offset = 220, last = { "12", "11" } }
    assert.same(
      { {}, { offset = 220, last = { "12", "11" }, looking = true } },
      found(route, page({ "5", "6", "7" }, 222), from, values)
    )
    from.looking = true
    assert.equal('{"after":"120","limit":200,"sorts":["lastname"]}', body_of(route, from, values))
    assert.same(
      { { "3" }, { offset = 123, last = { "3", "12", "11" } } },
      found(route, page({ "11", "12", "3" }, 123), from, values)
    )
    local ids = {}
    for number = 1, 102 do
      ids[number] = tostring(number + 1000)
    end
    assert.same(
      { { "1099", "1100", "1101", "1102" }, { offset = 222, last = { "1102", "1101", "1100", "1099" } } },
      found(route, page(ids, 222), from, values)
    )
  end)

  it("says that it ends at 10,000", function()
    assert.is_nil(paging.request(route, {}, {}, { offset = 9999, last = { "1" } }, 2, values))
    local message = paging.request(route, {}, {}, { offset = 10000, last = { "1" } }, 2, values)
    assert.truthy(message:find("ends after 10000 records", 1, true))
  end)
end)

describe("the paging of a search newest first", function()
  local route = { paging = "search_newest_first", items = "results", page_size = 200, newest_by = "createdate" }

  local function filters(...)
    local parts = {}
    for index, filter in ipairs { ... } do
      parts[index] = ('{"operator":"%s","propertyName":"%s","value":"%s"}'):format(filter[1], filter[2], filter[3])
    end
    return '"filterGroups":[{"filters":[' .. table.concat(parts, ",") .. "]}]"
  end

  it("asks from a time downwards, and for no earlier than is wanted", function()
    assert.equal('{"limit":2,"sorts":["-createdate"]}', body_of(route, {}))
    assert.equal(
      "{" .. filters { "GTE", "createdate", "10" } .. ',"limit":2,"sorts":["-createdate"]}',
      body_of(route, {}, { since = 10 })
    )
    assert.equal(
      "{"
        .. filters({ "LTE", "createdate", "1764000000000" }, { "GTE", "createdate", "10" })
        .. ',"limit":2,"sorts":["-createdate"]}',
      body_of(route, { up_to = 1764000000000 }, { since = 10 })
    )
    assert.equal(
      "{" .. filters { "LT", "createdate", "30" } .. ',"limit":2,"sorts":["-createdate"]}',
      body_of(route, { below = 30 })
    )
    assert.equal(
      "{"
        .. filters({ "EQ", "createdate", "30" }, { "GT", "hs_object_id", "7" })
        .. ',"limit":2,"sorts":["hs_object_id"]}',
      body_of(route, { tie = 30, among = { after = "7" } }, { since = 10 })
    )
  end)

  local function page(rows, has_more) -- luacheck: ignore 431
    local parts = {}
    for index, row in ipairs(rows) do
      parts[index] = ('{"id":"%s","properties":{"createdate":"%s"}}'):format(row[1], row[2])
    end
    return '{"results":['
      .. table.concat(parts, ",")
      .. "]"
      .. (has_more and ',"paging":{"next":{"after":"2"}}' or "")
      .. "}"
  end

  it("keeps back the records of a page's last time, which may continue after it", function()
    local rows = { { "9", "50" }, { "8", "40" }, { "7", "30" }, { "6", "30" } }
    assert.same({ { "9", "8" }, { up_to = 30 } }, found(route, page(rows, true)))
    -- Those of one time come by id, so that a place among them means the same when they are asked for again.
    assert.same({ { "9", "8", "6", "7" } }, found(route, page(rows, false)))
  end)

  it("resumes after any record of a page, whatever came or went meanwhile", function()
    local rows = { { "9", "50" }, { "8", "40" }, { "6", "40" }, { "10", "40" }, { "5", "30" } }
    local ids, _, whole = read(route, page(rows, false))
    assert.same({ "9", "6", "8", "10", "5" }, ids)
    assert.same({ up_to = 40, past = "6" }, whole.position_after(2))
    -- 6 went, 7 came, and 8 stands elsewhere.
    local changed = { { "10", "40" }, { "8", "40" }, { "7", "40" }, { "5", "30" }, { "4", "20" } }
    assert.same({ { "7", "8", "10", "5", "4" } }, found(route, page(changed, false), whole.position_after(2)))
    assert.same({ { "5", "4" } }, found(route, page(changed, false), { up_to = 40, past = "10" }))
  end)

  it(
    "reads ISO 8601",
    function()
      assert.same(
        { { "9" }, { up_to = 1764000000000 } },
        found(route, page({ { "9", "2025-11-24T16:00:00.001Z" }, { "8", "2025-11-24T16:00:00Z" } }, true))
      )
    end
  )

  it("reads by id where a page holds one time only, and then continues below it", function()
    local rows = { { "6", "30" }, { "7", "30" } }
    assert.same({ {}, { tie = 30, among = {} } }, found(route, page(rows, true), { up_to = 30 }))
    assert.same(
      { {}, { tie = 30, among = { after = "5" } } },
      found(route, page(rows, true), { up_to = 30, past = "5" })
    )
    assert.same(
      { { "6", "7" }, { tie = 30, among = { after = "7" } } },
      found(route, page(rows, true), { tie = 30, among = { after = "5" } })
    )
    assert.same(
      { { "6", "7" }, { tie = 30, among = { after = "7" } } },
      found(route, page(rows, true), { tie = 30, among = {} })
    )
    assert.same({ { "6", "7" }, { below = 30 } }, found(route, page(rows), { tie = 30, among = { after = "5" } }))
    assert.same({ {}, { below = 30 } }, found(route, page {}, { tie = 30, among = { after = "5" } }))
    local _, _, whole = read(route, page(rows, true), { tie = 30, among = {} })
    assert.same({ tie = 30, among = { after = "6" } }, whole.position_after(1))
  end)

  it("takes a record that is newer than what was asked for as one of the latest", function()
    -- Changed since it was indexed: resuming from its own time would go back.
    local rows = { { "9", "20" }, { "8", "90" } }
    assert.same({ { "8" }, { up_to = 20 } }, found(route, page(rows, true), { up_to = 30 }))
    assert.same(
      { {}, { tie = 30, among = {} } },
      found(route, page({ { "9", "30" }, { "8", "90" } }, true), { up_to = 30 })
    )
  end)

  it("asks for the largest page, and then by the offset, where a page holds only those", function()
    local late = page({ { "9", "80" }, { "8", "90" } }, true)
    assert.same({ {}, { up_to = 30, wide = true, offset = 0 } }, found(route, late, { up_to = 30 }))
    assert.truthy(body_of(route, { up_to = 30, wide = true, offset = 0 }):find('"limit":200', 1, true))
    assert.same(
      { { "8", "9" }, { up_to = 30, wide = true, offset = 2 } },
      found(route, late, { up_to = 30, wide = true, offset = 0 })
    )
  end)

  it(
    "needs the time of each record",
    function()
      assert.equal(
        "HubSpot answered a search with a record without createdate",
        complaint(route, '{"results":[{"id":"1","properties":{}}],"paging":{"next":{"after":"2"}}}')
      )
    end
  )

  it("continues after an empty page that has a cursor, wherever it is", function()
    for _, position in ipairs { {}, { up_to = 30 }, { below = 30 } } do
      local ids, following = read(route, page({}, true), position)
      assert.same({}, ids)
      assert.equal(2, following.offset)
      following.offset, following.wide = nil, nil
      assert.same(position, following)
    end
    assert.same(
      { tie = 30, among = { after = "7", offset = 2 } },
      select(2, read(route, page({}, true), { tie = 30, among = { after = "7" } }))
    )
    assert.truthy(body_of(route, { up_to = 30, offset = 2 }):find('"after":"2"', 1, true))
    assert.same({ {} }, found(route, page({}, false), { up_to = 30 }))
  end)
end)
