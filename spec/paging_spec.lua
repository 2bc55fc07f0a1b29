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

-- Returns the ids of an answer (as JSON), the next position, and the page.
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

describe("a cursor that leads to the beginning", function()
  it("is the position of the first page, where HubSpot counts from 0", function()
    assert.same(
      {},
      select(
        2,
        read({ paging = "vid_offset", items = "contacts" }, '{"contacts":[{"vid":1}],"has-more":true,"vid-offset":0}')
      )
    )
    assert.same(
      {},
      select(
        2,
        read(
          { paging = "vid_and_time_offset", items = "contacts" },
          '{"contacts":[{"vid":1}],"has-more":true,"vid-offset":0,"time-offset":0}'
        )
      )
    )
  end)
end)

describe("a position that came with a cursor", function()
  local function is_position(kind, position, values)
    return paging.is_position({ paging = kind, page_size = 100 }, values or {}, position)
  end

  local POSITIONS = {
    after = { {}, { after = "x" } },
    after_backwards = { {}, { after = "x", full = "" }, { before = "x" }, { after = "x", full = "w", turning = true } },
    vid_offset = { {}, { vidOffset = 7 } },
    vid_and_time_offset = { {}, { vidOffset = 7, timeOffset = 1764000000000 } },
    offset = { {}, { offset = 20, last = { "7", "6" } }, { offset = 20, last = { "7" }, looking = true } },
    opaque_offset = { {}, { offset = "Ci/=" }, { offset = 25 } },
    search_by_id = {
      {},
      { after = "7" },
      { after = "7", to = "99", later = { { to = "9" }, { after = "1", to = "5" } } },
      { after = "90071992547409930", numeric = true, offset = 200 },
    },
    search_newest_first = {
      {},
      { up_to = 5, past = "7" },
      { below = 5 },
      { tie = 5, among = {} },
      { tie = 5, among = { after = "7" } },
      { up_to = 5, offset = 0, wide = true },
    },
  }

  it("is one where its fields are the kind's", function()
    for kind, positions in pairs(POSITIONS) do
      for _, position in ipairs(positions) do
        assert.is_true(is_position(kind, position), kind .. " " .. core.encode(position))
      end
    end
    assert.is_true(is_position("search_by_id", { offset = 20, last = { "7" } }, { sort = "lastname" }))
  end)

  local WRONG = {
    { properties = "email" },
    { archived = "true" },
    { after = 7 },
    { after = {} },
    { after = true },
    { vidOffset = "7" },
    { vidOffset = -1 },
    { vidOffset = 1.5 },
    { vidOffset = 1e300 },
    { offset = {} },
    { offset = -1 },
    { after = "7 OR 1" },
    { later = {}, to = "x" },
    { later = { { id = "1" } } },
    { later = { "1" } },
    { up_to = "5" },
    { past = 7 },
    { tie = 5 },
    { among = {} },
    { tie = 5, among = { after = {} } },
    { turning = 1 },
    { last = { 7 } },
    { last = { a = "7" } },
    { numeric = "yes" },
    { "x" },
    "x",
    5,
  }

  it("is refused where it has a field that the kind has not, or of another type", function()
    for kind in pairs(POSITIONS) do
      for _, position in ipairs(WRONG) do
        -- HubSpot's own cursors are whatever text it likes, and its numbers where it has numbers.
        local is_text = type(position) == "table"
          and (position.after == "7 OR 1" and kind:find "^after" or position.offset == -1 and kind == "opaque_offset")
        if not is_text then
          assert.is_false(is_position(kind, position), kind .. " " .. tostring(core.encode(position)))
        end
      end
    end
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
    assert.same({ items = {}, by_id = true }, paging.read(route, answer, {}, {}, {}))
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
    assert.same(
      { { "1" }, { offset = 20, last = { "1" } } },
      found(route, '{"lists":[{"id":"1"}],"offset":20,"has-more":true}')
    )
    assert.same(
      { { "1" }, { offset = 20, last = { "1" } } },
      found(route, '{"lists":[{"id":"1"}],"offset":20,"hasMore":true}')
    )
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

  it("turns at the last page that has records where the one after it is empty", function()
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

  it("resumes in the middle of the page where it turned, although there is another one after it by then", function()
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

describe("paging.request", function()
  it("leaves the groups that the caller passed as they are", function()
    local groups = { { filters = { { propertyName = "a", operator = "EQ", value = "1" } } } }
    body_of({ paging = "search_by_id", items = "results" }, { after = "7" }, {}, 2, { filterGroups = groups })
    assert.same({ { filters = { { propertyName = "a", operator = "EQ", value = "1" } } } }, groups)
  end)
end)
