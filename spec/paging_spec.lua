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

-- What an answer (as JSON) gives: the ids, and the next position.
local function read(route, json, position, values)
  local answer = assert(core.decode(json))
  local items, following = paging.read(route, answer, answer[route.items] or {}, position or {}, values or {})
  local ids = {}
  for index, item in ipairs(items) do ids[index] = item.id or item.vid end
  return ids, following
end

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
    assert.same({ { "1" }, { after = "7" } },
      { read(route, '{"results":[{"id":"1"}],"paging":{"next":{"after":"7","link":"?after=7"}}}') })
    assert.same({ { "1" }, { after = "900719925474099" } },
      { read(route, '{"results":[{"id":"1"}],"paging":{"next":{"after":900719925474099}}}') })
    assert.same({ {}, { after = "7" } }, { read(route, '{"results":[],"paging":{"next":{"after":"7"}}}') })
  end)

  it("ends where there is no cursor", function()
    for _, tail in ipairs { "", ',"paging":{}', ',"paging":{"prev":{"before":"1"}}', ',"paging":{"next":{}}',
      ',"paging":{"next":{"after":""}}', ',"paging":null', ',"paging":{"next":null}' } do
      assert.same({ { "1" } }, { read(route, '{"results":[{"id":"1"}]' .. tail .. "}") })
    end
    local answer = core.decode('{"results":[],"paging":null}', true)
    assert.same({ {} }, { paging.read(route, answer, {}, {}, {}) })
  end)
end)

describe("the paging of v1's contacts", function()
  local route = { paging = "vid_offset", items = "contacts", page_size = 100 }

  it("asks for and reads a page", function()
    assert.equal("count=2", query_of(route, {}))
    assert.equal("count=2&vidOffset=4127", query_of(route, { vidOffset = 4127 }))
    assert.same({ { 1 }, { vidOffset = 4127 } },
      { read(route, '{"contacts":[{"vid":1}],"has-more":true,"vid-offset":4127}') })
    assert.same({ {}, { vidOffset = 4127 } }, { read(route, '{"contacts":[],"has-more":true,"vid-offset":4127}') })
    assert.same({ { 1 } }, { read(route, '{"contacts":[{"vid":1}],"has-more":false,"vid-offset":4127}') })
  end)
end)

describe("the paging of v1's newest contacts", function()
  local route = { paging = "vid_and_time_offset", items = "contacts", page_size = 100 }
  local page = '{"contacts":[{"vid":3,"addedAt":30},{"vid":2,"addedAt":20}],"has-more":%s,"vid-offset":2,'
    .. '"time-offset":20}'

  it("asks with both offsets", function()
    assert.equal("count=2", query_of(route, {}))
    assert.equal("count=2&timeOffset=1764000000000&vidOffset=2",
      query_of(route, { vidOffset = 2, timeOffset = 1764000000000 }))
    assert.same({ { 3, 2 }, { vidOffset = 2, timeOffset = 20 } }, { read(route, page:format "true") })
    assert.same({ { 3, 2 } }, { read(route, page:format "false") })
  end)

  it("ends at the earliest time that is wanted", function()
    assert.same({ { 3, 2 }, { vidOffset = 2, timeOffset = 20 } },
      { read(route, page:format "true", {}, { since = 20 }) })
    assert.same({ { 3 } }, { read(route, page:format "true", {}, { since = 21 }) })
    assert.same({ {} }, { read(route, page:format "true", {}, { since = 31 }) })
  end)
end)

describe("the paging of v1's lists and searches", function()
  local route = { paging = "offset", items = "lists", page_size = 250 }

  it("asks for and reads a page, in the spelling of either generation", function()
    assert.equal("count=2", query_of(route, {}))
    assert.equal("count=2&offset=20", query_of(route, { offset = 20 }))
    assert.equal('{"count":2,"offset":20}', body_of(route, { offset = 20 }))
    assert.same({ { "1" }, { offset = 20 } }, { read(route, '{"lists":[{"id":"1"}],"offset":20,"has-more":true}') })
    assert.same({ { "1" }, { offset = 20 } }, { read(route, '{"lists":[{"id":"1"}],"offset":20,"hasMore":true}') })
    assert.same({ { "1" } }, { read(route, '{"lists":[{"id":"1"}],"offset":20,"hasMore":false}') })
    assert.same({ { "1" } }, { read(route, '{"lists":[{"id":"1"}]}') })
  end)
end)

describe("the paging of v1's e-mail APIs", function()
  local route = { paging = "opaque_offset", items = "events", page_size = 1000 }

  it("hands the offset back as it came", function()
    assert.equal("limit=2", query_of(route, {}))
    assert.equal("limit=2&offset=Ci%2F%3D", query_of(route, { offset = "Ci/=" }))
    assert.same({ { "1" }, { offset = "Ci/=" } },
      { read(route, '{"events":[{"id":"1"}],"hasMore":true,"offset":"Ci/="}') })
    assert.same({ { "1" } }, { read(route, '{"events":[{"id":"1"}],"hasMore":false,"offset":"Ci/="}') })
  end)
end)

describe("the paging backwards", function()
  local route = { paging = "after_backwards", items = "results", page_size = 100 }

  -- Reads from the beginning to the end; gives the ids and the cursors with which pages were asked for.
  local function walk(pages)
    local ids, asked, position = {}, {}, {}
    for _ = 1, 20 do
      asked[#asked + 1] = position.after or "-"
      local found
      found, position = read(route, pages[position.after or "-"], position)
      for _, id in ipairs(found) do ids[#ids + 1] = id end
      if not position then return ids, asked end
    end
    return ids, asked, true
  end

  local function page(ids, after)
    local rows = {}
    for index, id in ipairs(ids) do rows[index] = ('{"id":"%s"}'):format(id) end
    local tail = after and (',"paging":{"next":{"after":"%s"}}'):format(after) or ""
    return '{"results":[' .. table.concat(rows, ",") .. "]" .. tail .. "}"
  end

  it("goes forwards to the end, and back along the cursors", function()
    local ids, asked = walk { ["-"] = page({ "1", "2" }, "a"), a = page({ "3", "4" }, "b"), b = page { "5" } }
    assert.same({ "5", "4", "3", "2", "1" }, ids)
    assert.same({ "-", "a", "b", "a", "-" }, asked)
    assert.same({ { "2", "1" }, { "-" } }, { walk { ["-"] = page { "1", "2" } } })
    assert.same({ {}, { "-" } }, { walk { ["-"] = page {} } })
  end)

  it("comes to the same position again where the cursors do, so that it can be seen", function()
    local circle = { ["-"] = page({ "1" }, "a"), a = page({ "2" }, "b"), b = page({ "3" }, "c"),
      c = page({ "4" }, "b") }
    local positions, position = {}, {}
    for _ = 1, 12 do
      local _, following = read(route, circle[position.after or "-"], position)
      position = following
      positions[#positions + 1] = core.encode(position)
    end
    assert.equal(positions[10], positions[12])
    assert.not_equal(positions[11], positions[12])
  end)
end)

describe("the paging of a search by id", function()
  local route = { paging = "search_by_id", items = "results", page_size = 200 }

  it("asks for what is behind the last id", function()
    assert.equal('{"limit":2,"sorts":["hs_object_id"]}', body_of(route, {}))
    assert.equal('{"filterGroups":[{"filters":[{"operator":"GT","propertyName":"hs_object_id","value":"7"}]}],'
      .. '"limit":2,"sorts":["hs_object_id"]}', body_of(route, { id = "7" }))
    assert.equal('{"filterGroups":[{"filters":[{"operator":"LT","propertyName":"hs_object_id","value":"7"}]}],'
      .. '"limit":2,"sorts":["-hs_object_id"]}', body_of(route, { id = "7" }, { order = "desc" }))
  end)

  it("reads a page, and goes on behind an empty one", function()
    local tail = ',"paging":{"next":{"after":"2"}}}'
    assert.same({ { "1", "7" }, { id = "7" } }, { read(route, '{"results":[{"id":"1"},{"id":"7"}]' .. tail) })
    assert.same({ { "1" } }, { read(route, '{"results":[{"id":"1"}]}') })
    local _, following = read(route, '{"results":[]' .. tail, { id = "7" })
    assert.same({ id = "7", after = "2" }, following)
    assert.truthy(body_of(route, following):find('"after":"2"', 1, true))
  end)
end)

describe("the paging of a search in an order of one's own", function()
  local route = { paging = "search_by_id", items = "results", page_size = 200 }
  local values = { sort = "lastname" }

  it("asks with the cursor", function()
    assert.equal('{"limit":2,"sorts":["lastname"]}', body_of(route, {}, values))
    assert.equal('{"after":"2","limit":2,"sorts":["-lastname"]}',
      body_of(route, { after = "2" }, { sort = "lastname", order = "desc" }))
    assert.same({ { "1" }, { after = "2" } },
      { read(route, '{"results":[{"id":"1"}],"paging":{"next":{"after":"2"}}}', {}, values) })
  end)

  it("says that it ends at 10,000", function()
    assert.is_nil(paging.request(route, {}, {}, { after = "9999" }, 2, values))
    local message = paging.request(route, {}, {}, { after = "10000" }, 2, values)
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
    assert.equal("{" .. filters { "GTE", "createdate", "10" } .. ',"limit":2,"sorts":["-createdate"]}',
      body_of(route, {}, { since = 10 }))
    assert.equal("{" .. filters({ "LTE", "createdate", "1764000000000" }, { "GTE", "createdate", "10" })
      .. ',"limit":2,"sorts":["-createdate"]}', body_of(route, { up_to = 1764000000000 }, { since = 10 }))
    assert.equal("{" .. filters { "LT", "createdate", "30" } .. ',"limit":2,"sorts":["-createdate"]}',
      body_of(route, { below = 30 }))
    assert.equal("{" .. filters({ "EQ", "createdate", "30" }, { "GT", "hs_object_id", "7" })
      .. ',"limit":2,"sorts":["hs_object_id"]}', body_of(route, { tie = 30, id = "7" }, { since = 10 }))
  end)

  local function page(rows, has_more)
    local parts = {}
    for index, row in ipairs(rows) do
      parts[index] = ('{"id":"%s","properties":{"createdate":"%s"}}'):format(row[1], row[2])
    end
    return '{"results":[' .. table.concat(parts, ",") .. "]" .. (has_more and ',"paging":{"next":{"after":"2"}}' or "")
      .. "}"
  end

  it("keeps back the records of a page's last time, which may go on behind it", function()
    local rows = { { "9", "50" }, { "8", "40" }, { "7", "30" }, { "6", "30" } }
    assert.same({ { "9", "8" }, { up_to = 30 } }, { read(route, page(rows, true)) })
    assert.same({ { "9", "8", "7", "6" } }, { read(route, page(rows, false)) })
  end)

  it("reads ISO 8601", function()
    assert.same({ { "9" }, { up_to = 1764000000000 } }, { read(route, page({ { "9", "2025-11-24T16:00:00.001Z" },
      { "8", "2025-11-24T16:00:00Z" } }, true)) })
  end)

  it("reads by id where a page holds one time only, and then goes on below it", function()
    local rows = { { "7", "30" }, { "6", "30" } }
    assert.same({ {}, { tie = 30 } }, { read(route, page(rows, true), { up_to = 30 }) })
    assert.same({ { "7", "6" }, { tie = 30, id = "6" } }, { read(route, page(rows, true), { tie = 30 }) })
    assert.same({ { "7", "6" }, { below = 30 } }, { read(route, page(rows, false), { tie = 30, id = "5" }) })
    assert.same({ {}, { below = 30 } }, { read(route, page({}, false), { tie = 30, id = "5" }) })
  end)

  it("goes on behind an empty page that has a cursor, wherever it is", function()
    for _, position in ipairs { {}, { up_to = 30 }, { below = 30 }, { tie = 30 }, { tie = 30, id = "7" } } do
      local ids, following = read(route, page({}, true), position)
      assert.same({}, ids)
      assert.equal("2", following.after)
      following.after = nil
      assert.same(position, following)
    end
    assert.truthy(body_of(route, { up_to = 30, after = "2" }):find('"after":"2"', 1, true))
    assert.same({ {} }, { read(route, page({}, false), { up_to = 30 }) })
  end)
end)

describe("paging.request", function()
  it("leaves the groups that the caller passed as they are", function()
    local groups = { { filters = { { propertyName = "a", operator = "EQ", value = "1" } } } }
    body_of({ paging = "search_by_id", items = "results" }, { id = "7" }, {}, 2, { filterGroups = groups })
    assert.same({ { filters = { { propertyName = "a", operator = "EQ", value = "1" } } } }, groups)
  end)
end)
