local core = require "hubspot.core"
local paging = require "hubspot.paging"

-- The query, or the fields of the body, of a page at a position.
local function query_of(route, position, values, size)
  local query = {}
  assert.is_nil(paging.request(route, query, nil, position, size or 2, values or {}))
  return core.query(query)
end

local function body_of(route, position, values, size, body)
  body = body or {}
  assert.is_nil(paging.request(route, {}, body, position, size or 2, values or {}))
  return core.encode(body)
end

-- What an answer (as JSON) gives: the ids, the next position, and the page.
local function read(route, json, position, values)
  local answer = assert(core.decode(json))
  local page = assert(paging.read(route, answer, answer[route.items] or {}, position or {}, values or {}))
  local ids = {}
  for index, item in ipairs(page.items) do
    ids[index] = item.id or item.vid
  end
  return ids, page.following, page
end

-- The ids and the next position alone.
local function found(...)
  local ids, following = read(...)
  return { ids, following }
end

local function complaint(route, json, position, values)
  local answer = assert(core.decode(json))
  local page, message = paging.read(route, answer, answer[route.items] or {}, position or {}, values or {})
  assert.is_nil(page)
  return message
end

describe("a cursor that is the one that was sent", function()
  local AGAIN = "HubSpot gave the cursor of the page that it was asked for: that page would come again"

  it("is refused on any page", function()
    assert.equal(
      AGAIN,
      complaint(
        { paging = "after", items = "results" },
        '{"results":[{"id":"1"}],"paging":{"next":{"after":"7"}}}',
        { after = "7" }
      )
    )
    assert.equal(
      AGAIN,
      complaint(
        { paging = "opaque_offset", items = "events" },
        '{"events":[{"id":"1"}],"hasMore":true,"offset":"x"}',
        { offset = "x" }
      )
    )
  end)

  it("is refused on the first page, where HubSpot counts from 0", function()
    assert.equal(
      AGAIN,
      complaint(
        { paging = "vid_offset", items = "contacts" },
        '{"contacts":[{"vid":1}],"has-more":true,"vid-offset":0}'
      )
    )
    assert.equal(
      AGAIN,
      complaint(
        { paging = "vid_and_time_offset", items = "contacts" },
        '{"contacts":[{"vid":1}],"has-more":true,"vid-offset":0,"time-offset":0}'
      )
    )
    assert.equal(
      AGAIN,
      complaint({ paging = "offset", items = "contacts" }, '{"contacts":[{"vid":1}],"has-more":true,"offset":0}')
    )
  end)
end)

describe("paging.size", function()
  local route = { paging = "after", page_size = 100, history_page_size = 50 }

  it("is the route's largest, the caller's, or as many as are wanted at all", function()
    assert.equal(100, paging.size(route, {}))
    assert.equal(30, paging.size(route, { page_size = 30 }))
    assert.equal(7, paging.size(route, { max = 7 }))
    assert.equal(7, paging.size(route, { max = 7, page_size = 30 }))
    assert.equal(30, paging.size(route, { max = 70, page_size = 30 }))
    assert.equal(50, paging.size(route, { with_history = true }))
    assert.equal(50, paging.largest_page(route, { with_history = { "email" } }))
  end)

  it("is a whole page where the pages are put together anew", function()
    for _, kind in ipairs { "after_backwards", "search_newest_first" } do
      assert.equal(100, paging.size({ paging = kind, page_size = 100 }, { max = 7 }))
    end
  end)
end)

describe("the paging of the date versions", function()
  local route = { paging = "after", items = "results", page_size = 100 }

  it("asks for a page", function()
    assert.equal("limit=2", query_of(route, {}))
    assert.equal("after=x%2By%3D%3D&limit=2", query_of(route, { after = "x+y==" }))
    assert.equal('{"after":"7","limit":2}', body_of(route, { after = "7" }))
  end)

  it("reads a page, and the cursor as text", function()
    assert.same(
      { { "1" }, { after = "7" } },
      found(route, '{"results":[{"id":"1"}],"paging":{"next":{"after":"7","link":"?after=7"}}}')
    )
    assert.same(
      { { "1" }, { after = "900719925474099" } },
      found(route, '{"results":[{"id":"1"}],"paging":{"next":{"after":900719925474099}}}')
    )
    assert.same({ {}, { after = "7" } }, found(route, '{"results":[],"paging":{"next":{"after":"7"}}}'))
  end)

  it("ends where there is no cursor", function()
    for _, tail in ipairs {
      "",
      ',"paging":{}',
      ',"paging":{"prev":{"before":"1"}}',
      ',"paging":{"next":{}}',
      ',"paging":{"next":{"after":""}}',
      ',"paging":null',
      ',"paging":{"next":null}',
    } do
      assert.same({ { "1" } }, found(route, '{"results":[{"id":"1"}]' .. tail .. "}"))
    end
    local answer = core.decode('{"results":[],"paging":null}', true)
    assert.same({ items = {} }, paging.read(route, answer, {}, {}, {}))
  end)
end)

describe("the paging of v1's contacts", function()
  local route = { paging = "vid_offset", items = "contacts", page_size = 100 }

  it("asks for and reads a page", function()
    assert.equal("count=2", query_of(route, {}))
    assert.equal("count=2&vidOffset=4127", query_of(route, { vidOffset = 4127 }))
    assert.same(
      { { 1 }, { vidOffset = 4127 } },
      found(route, '{"contacts":[{"vid":1}],"has-more":true,"vid-offset":4127}')
    )
    assert.same({ {}, { vidOffset = 4127 } }, found(route, '{"contacts":[],"has-more":true,"vid-offset":4127}'))
    assert.same({ { 1 } }, found(route, '{"contacts":[{"vid":1}],"has-more":false,"vid-offset":4127}'))
  end)
end)

describe("the paging of v1's newest contacts", function()
  local route = { paging = "vid_and_time_offset", items = "contacts", page_size = 100 }
  local page = '{"contacts":[{"vid":3,"addedAt":30},{"vid":2,"addedAt":20}],"has-more":%s,"vid-offset":2,'
    .. '"time-offset":20}'

  it("asks with both offsets", function()
    assert.equal("count=2", query_of(route, {}))
    assert.equal(
      "count=2&timeOffset=1764000000000&vidOffset=2",
      query_of(route, { vidOffset = 2, timeOffset = 1764000000000 })
    )
    assert.same({ { 3, 2 }, { vidOffset = 2, timeOffset = 20 } }, found(route, page:format "true"))
    assert.same({ { 3, 2 } }, found(route, page:format "false"))
  end)

  it("ends at the earliest time that is wanted", function()
    assert.same({ { 3, 2 }, { vidOffset = 2, timeOffset = 20 } }, found(route, page:format "true", {}, { since = 20 }))
    assert.same({ { 3 } }, found(route, page:format "true", {}, { since = 21 }))
    assert.same({ {} }, found(route, page:format "true", {}, { since = 31 }))
  end)
end)

describe("the paging of v1's lists and searches", function()
  local route = { paging = "offset", items = "lists", page_size = 250 }

  it("asks for and reads a page, in the spelling of either generation", function()
    assert.equal("count=2", query_of(route, {}))
    assert.equal("count=2&offset=20", query_of(route, { offset = 20 }))
    assert.equal('{"count":2,"offset":20}', body_of(route, { offset = 20 }))
    assert.same({ { "1" }, { offset = 20 } }, found(route, '{"lists":[{"id":"1"}],"offset":20,"has-more":true}'))
    assert.same({ { "1" }, { offset = 20 } }, found(route, '{"lists":[{"id":"1"}],"offset":20,"hasMore":true}'))
    assert.same({ { "1" } }, found(route, '{"lists":[{"id":"1"}],"offset":20,"hasMore":false}'))
    assert.same({ { "1" } }, found(route, '{"lists":[{"id":"1"}]}'))
  end)
end)

describe("the paging of v1's e-mail APIs", function()
  local route = { paging = "opaque_offset", items = "events", page_size = 1000 }

  it("hands the offset back as it came", function()
    assert.equal("limit=2", query_of(route, {}))
    assert.equal("limit=2&offset=Ci%2F%3D", query_of(route, { offset = "Ci/=" }))
    assert.same(
      { { "1" }, { offset = "Ci/=" } },
      found(route, '{"events":[{"id":"1"}],"hasMore":true,"offset":"Ci/="}')
    )
    assert.same({ { "1" } }, found(route, '{"events":[{"id":"1"}],"hasMore":false,"offset":"Ci/="}'))
  end)
end)

describe("the paging backwards", function()
  local route = { paging = "after_backwards", items = "results", page_size = 100 }

  -- `next` and `prev` are the cursors that the answer names.
  local function page(ids, cursors)
    local rows, paging_of = {}, {}
    for index, id in ipairs(ids) do
      rows[index] = ('{"id":"%s"}'):format(id)
    end
    if cursors.next then paging_of[1] = ('"next":{"after":"%s"}'):format(cursors.next) end
    if cursors.prev then paging_of[#paging_of + 1] = ('"prev":{"before":"%s"}'):format(cursors.prev) end
    return ('{"results":[%s],"paging":{%s}}'):format(table.concat(rows, ","), table.concat(paging_of, ","))
  end

  local function key_of(position) return position.before and "before " .. position.before or position.after or "-" end

  -- Reads from a position to the end; gives the ids and what pages were asked for.
  local function walk(pages, position)
    local ids, asked = {}, {}
    for _ = 1, 20 do
      asked[#asked + 1] = key_of(position)
      local page_ids
      page_ids, position = read(route, pages[key_of(position)], position)
      for _, id in ipairs(page_ids) do
        ids[#ids + 1] = id
      end
      if not position then return ids, asked end
    end
    return ids, asked, true
  end

  local FIVE = {
    ["-"] = page({ "1", "2" }, { next = "a" }),
    a = page({ "3", "4" }, { next = "b", prev = "3" }),
    b = page({ "5" }, { prev = "5" }),
    ["before 5"] = page({ "4", "3" }, { next = "4", prev = "3" }),
    ["before 3"] = page({ "2", "1" }, { next = "2" }),
  }

  it("asks for pages in either direction", function()
    assert.equal("after=x%2B&limit=2", query_of(route, { after = "x+", full = "w" }))
    assert.equal("before=x%2B&limit=2", query_of(route, { before = "x+" }))
  end)

  it("goes forwards to the end, and back by the cursors that HubSpot gives for that", function()
    local ids, asked = walk(FIVE, {})
    assert.same({ "5", "4", "3", "2", "1" }, ids)
    assert.same({ "-", "a", "b", "before 5", "before 3" }, asked)
    assert.same({ { "2", "1" }, { "-" } }, { walk({ ["-"] = page({ "1", "2" }, {}) }, {}) })
    assert.same({ {}, { "-" } }, { walk({ ["-"] = page({}, {}) }, {}) })
  end)

  it("turns at the last page that has records where the one behind it is empty", function()
    local ids, asked = walk({
      ["-"] = FIVE["-"],
      a = page({ "3", "4" }, { next = "b", prev = "3" }),
      b = page({}, { next = "c" }),
      c = page({}, {}),
      ["before 3"] = FIVE["before 3"],
    }, {})
    assert.same({ "4", "3", "2", "1" }, ids)
    assert.same({ "-", "a", "b", "c", "a", "before 3" }, asked)
    ids, asked = walk({ ["-"] = FIVE["-"], a = page({}, {}) }, {})
    assert.same({ "2", "1" }, ids)
    assert.same({ "-", "a", "-" }, asked)
  end)

  it("goes on from its middle at the page where it turned, although there is another one behind it by now", function()
    local _, _, last = read(route, FIVE.b, { after = "b", full = "a" })
    local grown = page({ "5", "6" }, { next = "c", prev = "5" })
    local ids, asked = walk({ b = grown, ["before 5"] = FIVE["before 5"], ["before 3"] = FIVE["before 3"] }, last.again)
    assert.same({ "6", "5", "4", "3", "2", "1" }, ids)
    assert.same({ "b", "before 5", "before 3" }, asked)
  end)

  it("says so where HubSpot names no way back, and does not end silently", function()
    assert.equal("HubSpot named no page before the last one", complaint(route, page({ "5" }, {}), { after = "b" }))
    assert.equal(
      "HubSpot named no page before the last one",
      complaint(route, page({}, {}), { after = "b", turning = true })
    )
  end)

  it("comes to the same position again where the cursors do, so that it can be seen", function()
    local circle = {
      ["-"] = page({ "1" }, { next = "a" }),
      a = page({ "2" }, { next = "b" }),
      b = page({ "3" }, { next = "c" }),
      c = page({ "4" }, { next = "b" }),
    }
    local positions, position = {}, {}
    for _ = 1, 12 do
      local _, following = read(route, circle[position.after or "-"], position)
      position = following
      positions[#positions + 1] = core.encode(position)
    end
    assert.equal(positions[10], positions[12])
    assert.not_equal(positions[11], positions[12])
  end)

  it("has positions that stay small however many pages there are", function()
    local position = {}
    for number = 1, 5000 do
      local _, following = read(route, page({ "1" }, { next = "cursor" .. number }), position)
      position = following
    end
    assert.is_true(#core.encode(position) < 100)
  end)
end)

describe("the paging of a search by id", function()
  local route = { paging = "search_by_id", items = "results", page_size = 200 }

  it("asks for what is behind the last id", function()
    assert.equal('{"limit":2,"sorts":["hs_object_id"]}', body_of(route, {}))
    assert.equal(
      '{"filterGroups":[{"filters":[{"operator":"GT","propertyName":"hs_object_id","value":"7"}]}],'
        .. '"limit":2,"sorts":["hs_object_id"]}',
      body_of(route, { id = "7" })
    )
    assert.equal(
      '{"filterGroups":[{"filters":[{"operator":"LT","propertyName":"hs_object_id","value":"7"}]}],'
        .. '"limit":2,"sorts":["-hs_object_id"]}',
      body_of(route, { id = "7" }, { order = "desc" })
    )
  end)

  local NEXT = ',"paging":{"next":{"after":"2"}}}'

  local function page(total, ids, has_more)
    local rows = {}
    for index, id in ipairs(ids) do
      rows[index] = ('{"id":"%s"}'):format(id)
    end
    return ('{"total":%d,"results":[%s]'):format(total, table.concat(rows, ",")) .. (has_more and NEXT or "}")
  end

  it("reads a page, and goes on behind its last id", function()
    assert.same({ { "1", "7" }, { id = "7", given = 2 } }, found(route, '{"results":[{"id":"1"},{"id":"7"}]' .. NEXT))
    assert.same(
      { { "8", "9" }, { id = "9", given = 4 } },
      found(route, page(5, { "8", "9" }, true), { id = "7", given = 2 })
    )
    assert.same({ { "1" } }, found(route, '{"results":[{"id":"1"}]}'))
  end)

  it("goes on by the cursor behind an empty page", function()
    local _, following = read(route, '{"results":[]' .. NEXT, { id = "7" })
    assert.same({ id = "7", after = "2" }, following)
    assert.truthy(body_of(route, following):find('"after":"2"', 1, true))
  end)

  it("goes on behind any record of a page", function()
    local _, _, whole = read(route, page(9, { "4", "7", "9" }, true), { id = "3", given = 2 })
    assert.same({ id = "7", given = 4 }, whole.behind(2))
  end)

  it("compares ids as numbers of any length, with or without zeros before them", function()
    local big = "90071992547409930"
    local _, following = read(route, page(9, { "9007199254740993", big, "90071992547409931" }, true))
    assert.equal("90071992547409931", following.id)
    assert.is_nil(following.unordered)
    _, following = read(route, page(9, { "007", "10" }, true), { id = "6", given = 0 })
    assert.equal("10", following.id)
    _, following = read(route, page(9, { "100", "99", "098" }, true), nil, { order = "desc" })
    assert.same({ "98", nil }, { following.id, following.unordered })
    assert.equal(
      "HubSpot answered a search with a record whose id is no number",
      complaint(route, page(9, { "7", "x" }, true))
    )
  end)

  it("goes on by the cursor where the ids are in another order than that of numbers", function()
    local ids, following = read(route, page(9, { "10", "9" }, true))
    assert.same({ "10", "9" }, ids)
    assert.same({ after = "2", unordered = true }, following)
    local second = page(9, { "91", "92" }, true):gsub('"after":"2"', '"after":"4"')
    ids, following = read(route, second, following)
    assert.same({ "91", "92" }, ids)
    assert.same({ after = "4", unordered = true }, following)
    local message = paging.request(route, {}, {}, { after = "10000", unordered = true }, 2, {})
    assert.truthy(message:find("search ends after 10000 records", 1, true))
    assert.truthy(message:find("another order than that of their numbers", 1, true))
  end)

  it("does not give a record again where HubSpot does not look at the filter", function()
    assert.equal(
      "HubSpot answered a search for ids behind 7 with the id 7",
      complaint(route, page(9, { "7", "8" }, true), { id = "7" })
    )
    assert.equal(
      "HubSpot answered a search for ids behind 10 with the id 11",
      complaint(route, page(9, { "11" }, true), { id = "10" }, { order = "desc" })
    )
  end)

  it("counts where fewer records are left than there should be, and ids may have been passed over", function()
    -- 2 to 9 come after 12 where ids are sorted as texts; the filter compares them as numbers.
    local _, following = read(route, page(20, { "1", "10", "11", "12" }, true))
    assert.same({ id = "12", given = 4, back = { after = "2", left = 16 } }, following)
    local ids
    ids, following = read(route, page(8, { "13", "14", "15", "16" }, true), following)
    assert.same({ {}, true }, { ids, following.counting })
    assert.equal(
      '{"filterGroups":[{"filters":[{"operator":"LTE","propertyName":"hs_object_id","value":"12"}]}],'
        .. '"limit":1,"sorts":["hs_object_id"]}',
      body_of(route, following)
    )
    -- Passed over: the query of the first page goes on by its cursor.
    assert.same({ {}, { after = "2", unordered = true } }, found(route, page(12, { "1" }, true), following))
    -- Nothing was: they are gone, and it goes on behind the last id.
    assert.same({ {}, { id = "12", given = 4 } }, found(route, page(4, { "1" }, true), following))
    assert.same({ {}, { id = "12", given = 3 } }, found(route, page(3, { "1" }, true), following))
    -- As many as there should be, and where the length of the ids did not change.
    assert.same({ { "13" } }, found(route, page(16, { "13" }), { id = "12", given = 4, back = { left = 16 } }))
    _, following = read(route, page(20, { "13", "14" }, true), { id = "12", given = 4 })
    assert.is_nil(following.back)
  end)

  describe("with filter groups that leave no room for another filter", function()
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

    it("goes on by the cursor", function()
      for _, values in ipairs { groups(6), groups(1, 6), groups(5, 5, 5, 1), groups(4, 4, 4, 4) } do
        local following = select(2, read(route, page(9, { "1", "7" }, true), {}, values))
        assert.same({ after = "2", last = "7" }, following)
      end
      for _, values in ipairs { {}, groups(5), groups(5, 5, 5), groups(3, 3, 3, 3), groups(3, 3, 3, 3, 1) } do
        assert.equal("7", select(2, read(route, page(9, { "1", "7" }, true), {}, values)).id)
      end
    end)

    it("asks for each page from the last record on, which tells whether others moved", function()
      assert.equal(
        '{"after":"199","limit":200,"sorts":["hs_object_id"]}',
        body_of(route, { after = "200", last = "12" }, groups(6), 200)
      )
      assert.equal(
        '{"after":"0","limit":2,"sorts":["hs_object_id"]}',
        body_of(route, { after = "1", last = "12" }, groups(6), 1)
      )
      assert.equal(
        '{"after":"9899","limit":101,"sorts":["hs_object_id"]}',
        body_of(route, { after = "9900", last = "12" }, groups(6), 200)
      )
      local function read_at(position, ids) return found(route, page(99, ids, true), position, groups(6)) end
      local at = { after = "20", last = "12" }
      assert.same({ { "13", "14" }, { after = "2", last = "14" } }, read_at(at, { "12", "13", "14" }))
      -- Others came before it.
      assert.same({ { "13" }, { after = "2", last = "13" } }, read_at(at, { "11", "12", "13" }))
      assert.same({ {}, { after = "2", last = "12" } }, read_at(at, { "10", "11", "12" }))
      -- It went, or others before it did.
      assert.same({ { "13" }, { after = "2", last = "13" } }, read_at(at, { "10", "11", "13" }))
      assert.same({ {}, { after = "17", last = "12" } }, read_at(at, { "15", "16", "17" }))
      assert.same({ {}, { after = "1", last = "12" } }, read_at({ after = "2", last = "12" }, { "15", "16", "17" }))
      assert.same({ { "15" }, { after = "2", last = "15" } }, read_at({ after = "1", last = "12" }, { "15" }))
      local _, _, whole = read(route, page(99, { "11", "12", "13", "14" }, true), at, groups(6))
      assert.same({ after = "22", last = "13" }, whole.behind(1))
      -- The page before the cursor is not the one that it was in.
      assert.same({ {}, { after = "2" } }, read_at(at, {}))
      assert.same({ { "15" }, { after = "2", last = "15" } }, read_at({ after = "20" }, { "15" }))
    end)

    it(
      "sees an order that is not that of numbers from one page to the next",
      function()
        assert.same(
          { { "2", "20" }, { after = "2", last = "20", unordered = true } },
          found(route, page(9, { "12", "2", "20" }, true), { after = "3", last = "12" }, groups(6))
        )
      end
    )

    it("tries the filter all the same behind the 10,000th record, and says why it may be refused", function()
      local _, following = read(
        route,
        '{"total":20000,"results":[{"id":"6"},{"id":"7"}],"paging":{"next":{"after":"10000"}}}',
        { after = "9999", last = "6" },
        groups(6)
      )
      assert.same({ id = "7" }, following)
      assert.truthy(paging.hint(route, following, groups(6)):find("6 filters in a group and 18 in all", 1, true))
      assert.is_nil(paging.hint(route, following, groups(5)))
      assert.is_nil(paging.hint(route, { after = "9999" }, groups(6)))
      assert.is_nil(paging.hint({ paging = "after" }, {}, {}))
    end)
  end)
end)

describe("the paging of a search in an order of one's own", function()
  local route = { paging = "search_by_id", items = "results", page_size = 200 }
  local values = { sort = "lastname" }

  it("asks with the cursor", function()
    assert.equal('{"limit":2,"sorts":["lastname"]}', body_of(route, {}, values))
    assert.equal(
      '{"after":"2","limit":2,"sorts":["-lastname"]}',
      body_of(route, { after = "2" }, { sort = "lastname", order = "desc" })
    )
    assert.same(
      { { "1" }, { after = "2" } },
      found(route, '{"results":[{"id":"1"}],"paging":{"next":{"after":"2"}}}', {}, values)
    )
  end)

  it("says that it ends at 10,000", function()
    assert.is_nil(paging.request(route, {}, {}, { after = "9999" }, 2, values))
    local message = paging.request(route, {}, {}, { after = "10000" }, 2, values)
    assert.truthy(message:find("ends after 10000 records", 1, true))
  end)

  it("asks for no more than what is left up to there", function()
    local body = {}
    assert.is_nil(paging.request(route, {}, body, { after = "9900" }, 150, values))
    assert.same({ "9900", 100 }, { body.after, body.limit })
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
      body_of(route, { tie = 30, id = "7" }, { since = 10 })
    )
  end)

  local function page(rows, has_more)
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

  it("keeps back the records of a page's last time, which may go on behind it", function()
    local rows = { { "9", "50" }, { "8", "40" }, { "7", "30" }, { "6", "30" } }
    assert.same({ { "9", "8" }, { up_to = 30 } }, found(route, page(rows, true)))
    -- Those of one time come by id, so that a place among them means the same when they are asked for again.
    assert.same({ { "9", "8", "6", "7" } }, found(route, page(rows, false)))
  end)

  it("goes on behind any record of a page, whatever came or went meanwhile", function()
    local rows = { { "9", "50" }, { "8", "40" }, { "6", "40" }, { "10", "40" }, { "5", "30" } }
    local ids, _, whole = read(route, page(rows, false))
    assert.same({ "9", "6", "8", "10", "5" }, ids)
    assert.same({ up_to = 40, past = "6" }, whole.behind(2))
    -- 6 went, 7 came, and 8 stands elsewhere.
    local changed = { { "10", "40" }, { "8", "40" }, { "7", "40" }, { "5", "30" }, { "4", "20" } }
    assert.same({ { "7", "8", "10", "5", "4" } }, found(route, page(changed, false), whole.behind(2)))
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

  it("reads by id where a page holds one time only, and then goes on below it", function()
    local rows = { { "6", "30" }, { "7", "30" } }
    assert.same({ {}, { tie = 30 } }, found(route, page(rows, true), { up_to = 30 }))
    assert.same({ {}, { tie = 30, id = "5" } }, found(route, page(rows, true), { up_to = 30, past = "5" }))
    assert.same({ { "6", "7" }, { tie = 30, id = "7" } }, found(route, page(rows, true), { tie = 30, id = "5" }))
    assert.same({ { "6", "7" }, { tie = 30, id = "7", given = 2 } }, found(route, page(rows, true), { tie = 30 }))
    assert.same({ { "6", "7" }, { below = 30 } }, found(route, page(rows, false), { tie = 30, id = "5" }))
    assert.same({ {}, { below = 30 } }, found(route, page({}, false), { tie = 30, id = "5" }))
    local _, _, whole = read(route, page(rows, true), { tie = 30 })
    assert.same({ tie = 30, id = "6", given = 1 }, whole.behind(1))
  end)

  it("takes a record that is newer than what was asked for as one of the latest", function()
    -- Changed since it was indexed: going on from its own time would go back.
    local rows = { { "9", "20" }, { "8", "90" } }
    assert.same({ { "8" }, { up_to = 20 } }, found(route, page(rows, true), { up_to = 30 }))
    assert.same({ {}, { tie = 30 } }, found(route, page({ { "9", "80" }, { "8", "90" } }, true), { up_to = 30 }))
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

  it("goes on behind an empty page that has a cursor, wherever it is", function()
    for _, position in ipairs { {}, { up_to = 30 }, { below = 30 }, { tie = 30 }, { tie = 30, id = "7" } } do
      local ids, following = read(route, page({}, true), position)
      assert.same({}, ids)
      assert.equal("2", following.after)
      following.after = nil
      assert.same(position, following)
    end
    assert.truthy(body_of(route, { up_to = 30, after = "2" }):find('"after":"2"', 1, true))
    assert.same({ {} }, found(route, page({}, false), { up_to = 30 }))
  end)
end)

describe("paging.request", function()
  it("leaves the groups that the caller passed as they are", function()
    local groups = { { filters = { { propertyName = "a", operator = "EQ", value = "1" } } } }
    body_of({ paging = "search_by_id", items = "results" }, { id = "7" }, {}, 2, { filterGroups = groups })
    assert.same({ { filters = { { propertyName = "a", operator = "EQ", value = "1" } } } }, groups)
  end)
end)
