-- client.lists over real sockets: what goes over the wire is compared with HubSpot's documentation of it, not with the
-- client's own tables.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local paging_examples = require "spec.support.paging_examples"
local wire = require "spec.support.wire"

local take, ids_of, collect = wire.take, wire.ids, wire.collect
local unpack = table.unpack or unpack

local ISO = "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$"
local UNKNOWN_ID = "999999"
local ROUTE_OF_V1 = 'api_version = "v1"'
local ROUTE_OF_CURRENT = 'api_version = "2026-09"'

local BRANCH = {
  filterBranchType = "OR",
  filterBranchOperator = "OR",
  filters = {},
  filterBranches = {
    {
      filterBranchType = "AND",
      filterBranchOperator = "AND",
      filterBranches = {},
      filters = {
        {
          filterType = "PROPERTY",
          property = "firstname",
          operation = {
            operationType = "MULTISTRING",
            operator = "IS_EQUAL_TO",
            values = { "Ada" },
            includeObjectsWithNoValueSet = false,
          },
        },
      },
    },
  },
}

local BRANCH_JSON = '{"filterBranchOperator":"OR","filterBranchType":"OR","filterBranches":[{"filterBranchOperator":'
  .. '"AND","filterBranchType":"AND","filterBranches":[],"filters":[{"filterType":"PROPERTY","operation":{'
  .. '"includeObjectsWithNoValueSet":false,"operationType":"MULTISTRING","operator":"IS_EQUAL_TO","values":["Ada"]},'
  .. '"property":"firstname"}]}],"filters":[]}'

local V1_FILTERS = { { { operator = "EQ", property = "firstname", value = "Ada", type = "string" } } }
local V1_FILTERS_JSON = '[[{"operator":"EQ","property":"firstname","type":"string","value":"Ada"}]]'

local here = fixture.new { reset = { v1_lists = true } }
local server, clients = here.server, here.clients

local function people(...) return here:create_contacts { ... } end

-- Makes a list; gives its current id and its v1 id, which is another list's current one.
local function list_named(name, definition)
  definition = definition or {}
  definition.name = name
  local id = assert(clients.current.lists:create(definition)).listId
  for list in clients.v1.lists:all() do
    if list.name == name then
      server:clear_requests()
      return id, list.listId
    end
  end
end

-- Makes a list with some members, one a second; returns the ids of both kinds, and the members' in the order of
-- joining, which is not that of their ids.
local function list_with_members(count)
  local ids = {}
  for number = 1, count do
    ids[number] = people({ firstname = "M" .. number })[1]
  end
  local joined = {}
  for number = 2, count, 2 do
    joined[#joined + 1] = ids[number]
  end
  for number = 1, count, 2 do
    joined[#joined + 1] = ids[number]
  end
  local id, v1_id = list_named "Members"
  for _, member in ipairs(joined) do
    assert(clients.current.lists:add(id, { ids = { member } }))
    server:advance(1)
  end
  server:clear_requests()
  return id, v1_id, ids, joined
end

local function reversed(list)
  local backwards = {}
  for index = #list, 1, -1 do
    backwards[#backwards + 1] = list[index]
  end
  return backwards
end

local function refuses(client, method, option, value, ...)
  local arguments = { ... }
  arguments[#arguments + 1] = { [option] = value }
  local succeeded, message = pcall(client.lists[method], client.lists, unpack(arguments))
  assert.is_false(succeeded, ("%s took %s"):format(method, option))
  assert.truthy(message:find(("lists:%s: option %s"):format(method, option), 1, true), message)
  assert.same({}, take(server))
  return message
end

local function throws(expected, fn)
  local succeeded, message = pcall(fn)
  assert.is_false(succeeded)
  assert.truthy(tostring(message):find(expected, 1, true), message)
  assert.same({}, take(server))
end

-- The lists themselves ---------------------------------------------------------------------------------------------

describe("lists:create", function()
  it("creates a list kept by hand, of contacts", function()
    local list = assert(clients.current.lists:create { name = "By hand" })
    assert.same(
      { 'POST /crm/lists/2026-09 {"name":"By hand","objectTypeId":"0-1","processingType":"MANUAL"}' },
      take(server)
    )
    assert.same({ "By hand", "MANUAL", "0-1", 0 }, { list.name, list.processingType, list.objectTypeId, list.size })
    assert.equal("string", type(list.listId))
    assert.truthy(list.createdAt:find(ISO))
    assert.truthy(list.updatedAt:find(ISO))
  end)

  it("creates one whose filters decide, with every array of the filters as an array", function()
    people({ firstname = "Ada" }, { firstname = "Eve" })
    local list = assert(clients.current.lists:create {
      name = "Adas",
      processingType = "DYNAMIC",
      filterBranch = BRANCH,
    })
    assert.same({
      'POST /crm/lists/2026-09 {"filterBranch":'
        .. BRANCH_JSON
        .. ',"name":"Adas","objectTypeId":"0-1","processingType":"DYNAMIC"}',
    }, take(server))
    assert.same({ "DYNAMIC", 1 }, { list.processingType, list.size })
    assert.equal("firstname", list.filterBranch.filterBranches[1].filters[1].property)
  end)

  it("fills in what HubSpot requires of each branch and the caller left out", function()
    local branch = {
      filterBranchType = "OR",
      filterBranchOperator = "OR",
      filterBranches = {
        { filterBranchType = "AND", filterBranchOperator = "AND", filters = BRANCH.filterBranches[1].filters },
      },
    }
    assert(clients.current.lists:create { name = "Adas", processingType = "SNAPSHOT", filterBranch = branch })
    assert.same({
      'POST /crm/lists/2026-09 {"filterBranch":'
        .. BRANCH_JSON
        .. ',"name":"Adas","objectTypeId":"0-1","processingType":"SNAPSHOT"}',
    }, take(server))
    assert.is_nil(branch.filters)
  end)

  it("sends whatever else HubSpot takes", function()
    server:fault { kind = "status", status = 200, body = '{"list":{"listId":"61"}}' }
    assert(clients.march.lists:create {
      name = "L",
      objectTypeId = "0-2",
      listFolderId = 5,
      customProperties = { colour = "red" },
      listPermissions = { usersWithEditAccess = hubspot.array { 1 }, teamsWithEditAccess = hubspot.array {} },
      membershipSettings = { membershipTeamId = 3, includeUnassigned = true },
    })
    assert.same({
      'POST /crm/lists/2026-03 {"customProperties":{"colour":"red"},"listFolderId":5,"listPermissions":{'
        .. '"teamsWithEditAccess":[],"usersWithEditAccess":[1]},"membershipSettings":{"includeUnassigned":true,'
        .. '"membershipTeamId":3},"name":"L","objectTypeId":"0-2","processingType":"MANUAL"}',
    }, take(server))
  end)

  it("creates a list on v1", function()
    local list = assert(clients.v1.lists:create { name = "By hand" })
    assert.same({ 'POST /contacts/v1/lists {"name":"By hand"}' }, take(server))
    assert.same(
      { "By hand", "MANUAL", "0-1", 0, {} },
      { list.name, list.processingType, list.objectTypeId, list.size, list.filters }
    )
    assert.equal("string", type(list.listId))
    assert.equal(list.listId, list.legacyListId)
    assert.truthy(list.createdAt:find(ISO))

    list = assert(clients.v1.lists:create { name = "Adas", dynamic = true, filters = V1_FILTERS })
    assert.same(
      { 'POST /contacts/v1/lists {"dynamic":true,"filters":' .. V1_FILTERS_JSON .. ',"name":"Adas"}' },
      take(server)
    )
    assert.same({ "DYNAMIC", "Ada" }, { list.processingType, list.filters[1][1].value })

    list = assert(clients.v1.lists:create { name = "Adas of today", filters = V1_FILTERS })
    assert.equal("SNAPSHOT", list.processingType)
    take(server)
    assert(clients.v1.lists:create { name = "Empty", filters = {} })
    assert.same({ 'POST /contacts/v1/lists {"filters":[],"name":"Empty"}' }, take(server))
  end)

  it("sends the portal's id where v1 takes it", function()
    local client = wire.client(server, { api_version = "v1", portal_id = 99001 })
    assert(client.lists:create { name = "L" })
    assert.same({ 'POST /contacts/v1/lists {"name":"L","portalId":99001}' }, take(server))
  end)

  it("refuses a definition of the other route, or one that can't be right", function()
    throws(
      "definition has an unknown field filters",
      function() clients.current.lists:create { name = "L", filters = {} } end
    )
    throws("did you mean dynamic?", function() clients.v1.lists:create { name = "L", dynamik = true } end)
    throws(
      "definition has an unknown field processingType",
      function() clients.v1.lists:create { name = "L", processingType = "MANUAL" } end
    )
    throws("definition needs a name", function() clients.current.lists:create {} end)
    throws("definition needs a name", function() clients.v1.lists:create {} end)
    throws(
      'processingType = "DYNAMIC"',
      function() clients.current.lists:create { name = "L", filterBranch = BRANCH } end
    )
    throws(
      'definition.processingType must be one of "MANUAL", "DYNAMIC", "SNAPSHOT"',
      function() clients.current.lists:create { name = "L", processingType = "STATIC" } end
    )
    throws("definition must be", function() clients.current.lists:create "L" end)
  end)
end)

describe("lists:get", function()
  it("reads a list", function()
    local id = list_named "L"
    local list = assert(clients.current.lists:get(id))
    assert.equal(id, assert(clients.march.lists:get(tonumber(id))).listId)
    assert.same({ "GET /crm/lists/2026-09/" .. id, "GET /crm/lists/2026-03/" .. id }, take(server))
    assert.same(
      { id, "L", "MANUAL", "0-1", 0 },
      { list.listId, list.name, list.processingType, list.objectTypeId, list.size }
    )
    assert.is_nil(list.filterBranch)
  end)

  it("reads its filters", function()
    local id = list_named("L", { processingType = "DYNAMIC", filterBranch = BRANCH })
    local list = assert(clients.current.lists:get(id, { include_filters = true }))
    assert.same({ "GET /crm/lists/2026-09/" .. id .. "?includeFilters=true" }, take(server))
    assert.equal("OR", list.filterBranch.filterBranchType)
    local message = refuses(clients.v1, "get", "include_filters", true, id)
    assert.truthy(message:find(ROUTE_OF_CURRENT, 1, true))
  end)

  it("reads a list of v1 by its id there", function()
    local id, v1_id = list_named "L"
    list_named "Another, whose id is the first one's of v1"
    local list = assert(clients.v1.lists:get(v1_id))
    assert.same({ "GET /contacts/v1/lists/" .. v1_id }, take(server))
    assert.same({ v1_id, v1_id, "L" }, { list.listId, list.legacyListId, list.name })
    assert.equal("L", assert(clients.v1.lists:get { legacy = tonumber(v1_id) }).name)
    assert.same({ "GET /contacts/v1/lists/" .. v1_id }, take(server))

    list = assert(clients.current.lists:get { legacy = v1_id })
    assert.same({ id, "L" }, { list.listId, list.name })
    assert.same(
      { ('POST /crm/lists/2026-09/idmapping ["%s"]'):format(v1_id), "GET /crm/lists/2026-09/" .. id },
      take(server)
    )
  end)

  it("knows no list of an unknown legacy id", function()
    local list, err = clients.current.lists:get { legacy = UNKNOWN_ID }
    assert.is_nil(list)
    assert.same({ 404, "OBJECT_NOT_FOUND" }, { err.status, err.category })
    assert.truthy(tostring(err):find("legacy id " .. UNKNOWN_ID, 1, true))
    assert.equal(1, #take(server))
  end)

  it("gives the decoded answer untouched with raw", function()
    local id, v1_id = list_named "L"
    assert.equal("L", assert(clients.current.lists:get(id, { raw = true })).list.name)
    assert.equal(tonumber(v1_id), assert(clients.v1.lists:get(v1_id, { raw = true })).listId)
  end)
end)

describe("lists:get_many", function()
  it("reads lists, without the unknown ones", function()
    local first, v1_first = list_named "One"
    local second, v1_second = list_named "Two"
    local lists = assert(clients.current.lists:get_many { first, UNKNOWN_ID, tonumber(second), first })
    assert.same({ "One", "Two" }, { lists[1].name, lists[2].name })
    assert.equal(2, #lists)
    lists = assert(clients.v1.lists:get_many { v1_first, UNKNOWN_ID, v1_second })
    assert.same({ v1_first, v1_second }, ids_of(lists))
    assert.same({
      ("GET /crm/lists/2026-09?listIds=%s&listIds=%s&listIds=%s"):format(first, UNKNOWN_ID, second),
      ("GET /contacts/v1/lists/batch?listId=%s&listId=%s&listId=%s"):format(v1_first, UNKNOWN_ID, v1_second),
    }, take(server))
  end)

  it("translates the legacy ids among them, and leaves out those that mean no list", function()
    local first, v1_first = list_named "One"
    local second = list_named "Two"
    local lists = assert(clients.current.lists:get_many { { legacy = v1_first }, second, { legacy = UNKNOWN_ID } })
    assert.same({ first, second }, ids_of(lists))
    assert.same({
      ('POST /crm/lists/2026-09/idmapping ["%s","%s"]'):format(v1_first, UNKNOWN_ID),
      ("GET /crm/lists/2026-09?listIds=%s&listIds=%s"):format(first, second),
    }, take(server))
    assert.same({}, assert(clients.current.lists:get_many { { legacy = UNKNOWN_ID } }))
    assert.equal(1, #take(server))
  end)

  it("reads their filters", function()
    local id = list_named("L", { processingType = "DYNAMIC", filterBranch = BRANCH })
    local lists = assert(clients.current.lists:get_many({ id }, { include_filters = true }))
    assert.same({ "GET /crm/lists/2026-09?includeFilters=true&listIds=" .. id }, take(server))
    assert.equal("OR", lists[1].filterBranch.filterBranchType)
    refuses(clients.v1, "get_many", "include_filters", true, { id })
  end)

  it("asks for 100 at a time", function()
    local ids = {}
    for number = 1, 150 do
      ids[number] = 5000 + number
    end
    for _, route in ipairs { "current", "v1" } do
      assert.same({}, assert(clients[route].lists:get_many(ids)))
      local counts = {}
      for index, line in ipairs(take(server)) do
        counts[index] = select(2, line:gsub("listIds?=", ""))
      end
      table.sort(counts)
      assert.same({ 50, 100 }, counts)
    end
  end)
end)

describe("lists:update", function()
  it("changes the name", function()
    local id = list_named "Old"
    local list = assert(clients.current.lists:update(id, { name = "New & better" }))
    assert.same(
      { "PUT /crm/lists/2026-09/" .. id .. "/update-list-name?includeFilters=true&listName=New%20%26%20better" },
      take(server)
    )
    assert.same({ id, "New & better" }, { list.listId, list.name })
  end)

  it("changes the filters", function()
    local id = list_named("L", { processingType = "DYNAMIC", filterBranch = BRANCH })
    local list = assert(clients.march.lists:update(id, { filterBranch = BRANCH }))
    assert.same(
      { "PUT /crm/lists/2026-03/" .. id .. '/update-list-filters {"filterBranch":' .. BRANCH_JSON .. "}" },
      take(server)
    )
    assert.equal(id, list.listId)
  end)

  it("changes both, the filters first", function()
    local id = list_named("L", { processingType = "DYNAMIC", filterBranch = BRANCH })
    local list = assert(clients.current.lists:update(id, { name = "M", filterBranch = BRANCH }))
    assert.same({
      "PUT /crm/lists/2026-09/" .. id .. '/update-list-filters {"filterBranch":' .. BRANCH_JSON .. "}",
      "PUT /crm/lists/2026-09/" .. id .. "/update-list-name?includeFilters=true&listName=M",
    }, take(server))
    assert.equal("M", list.name)
  end)

  it("changes nothing where the filters are refused, and says so where the name is", function()
    local id = list_named("L", { processingType = "DYNAMIC", filterBranch = BRANCH })
    list_named "Taken"
    server:fault { kind = "status", status = 400, path = "filters$" }
    local list, err = clients.current.lists:update(id, { name = "M", filterBranch = BRANCH })
    assert.same({ nil, 400, nil }, { list, err.status, err.ambiguous })
    assert.equal("L", assert(clients.current.lists:get(id)).name)
    list, err = clients.current.lists:update(id, { name = "Taken", filterBranch = BRANCH })
    assert.is_nil(list)
    assert.is_true(err.ambiguous)
    assert.truthy(tostring(err):find("the filters were changed, the name was not", 1, true))
  end)

  it("changes a list on v1", function()
    local _, v1_id = list_named "Old"
    local list = assert(clients.v1.lists:update(v1_id, { name = "New", dynamic = true, filters = V1_FILTERS }))
    assert.same(
      { "POST /contacts/v1/lists/" .. v1_id .. ' {"dynamic":true,"filters":' .. V1_FILTERS_JSON .. ',"name":"New"}' },
      take(server)
    )
    assert.same({ v1_id, "New", "DYNAMIC" }, { list.listId, list.name, list.processingType })
  end)

  it("changes a list by its legacy id", function()
    local id, v1_id = list_named "Old"
    assert.equal(id, assert(clients.current.lists:update({ legacy = v1_id }, { name = "New" })).listId)
    assert.equal("New", assert(clients.v1.lists:update({ legacy = v1_id }, { dynamic = false })).name)
    assert.same({
      ('POST /crm/lists/2026-09/idmapping ["%s"]'):format(v1_id),
      "PUT /crm/lists/2026-09/" .. id .. "/update-list-name?includeFilters=true&listName=New",
      "POST /contacts/v1/lists/" .. v1_id .. ' {"dynamic":false}',
    }, take(server))
  end)

  it("refuses changes that are none, or of the other route", function()
    throws("changes must name what to change", function() clients.current.lists:update("61", {}) end)
    throws("changes must name what to change", function() clients.v1.lists:update("61", {}) end)
    throws(
      "changes has an unknown field dynamic",
      function() clients.current.lists:update("61", { dynamic = true }) end
    )
    throws(
      "changes has an unknown field processingType",
      function() clients.current.lists:update("61", { processingType = "DYNAMIC" }) end
    )
  end)
end)

describe("lists:delete", function()
  it("deletes a list on each route", function()
    local first = list_named "One"
    local second, v1_second = list_named "Two"
    local _, v1_third = list_named "Three"
    local fourth = list_named "Four"
    assert.is_true(clients.current.lists:delete(first))
    assert.is_true(clients.current.lists:delete { legacy = v1_second })
    assert.is_true(clients.v1.lists:delete(v1_third))
    assert.is_true(clients.march.lists:delete(fourth))
    assert.same({
      "DELETE /crm/lists/2026-09/" .. first,
      ('POST /crm/lists/2026-09/idmapping ["%s"]'):format(v1_second),
      "DELETE /crm/lists/2026-09/" .. second,
      "DELETE /contacts/v1/lists/" .. v1_third,
      "DELETE /crm/lists/2026-03/" .. fourth,
    }, take(server))
    assert.same({}, collect(clients.current.lists:all()))
  end)

  it("fails for a list that there is none of", function()
    for _, client in pairs(clients) do
      local deleted, err = client.lists:delete(UNKNOWN_ID)
      assert.same({ nil, 404 }, { deleted, err.status })
    end
  end)
end)

-- Enumerating ------------------------------------------------------------------------------------------------------

local function some_lists()
  local ids, v1_ids = {}, {}
  for number = 1, 7 do
    ids[number], v1_ids[number] = list_named("List " .. number)
  end
  return ids, v1_ids
end

local function search_body(fields)
  return (
    'POST /crm/lists/%s/search {"additionalProperties":["hs_list_size"],"count":%d,"listIds":[],'
    .. '"objectTypeId":"0-1","offset":%d,"processingTypes":[%s],"query":"%s"}'
  ):format(
    fields.version or "2026-09",
    fields.count or 500,
    fields.offset or 0,
    fields.types or "",
    fields.query or ""
  )
end

describe("lists:all", function()
  describe("on the current route", function()
    paging_examples(it, function()
      return {
        server = server,
        expected = some_lists(),
        open = function(options) return wire.client(server).lists:all(options) end,
      }
    end)
  end)

  describe("on v1", function()
    paging_examples(it, function()
      local _, v1_ids = some_lists()
      return {
        server = server,
        expected = v1_ids,
        open = function(options) return wire.client(server, { api_version = "v1" }).lists:all(options) end,
      }
    end)
  end)

  it("asks for the largest pages, and for the next one from the last list on", function()
    local ids = some_lists()
    local lists = collect(clients.current.lists:all { page_size = 5 })
    assert.same(ids, ids_of(lists))
    assert.same({ "List 1", "MANUAL", 0 }, { lists[1].name, lists[1].processingType, lists[1].size })
    collect(clients.march.lists:all())
    collect(clients.v1.lists:all { page_size = 5 })
    collect(clients.v1.lists:all())
    assert.same({
      search_body { count = 5 },
      search_body { count = 6, offset = 4 },
      search_body { version = "2026-03" },
      "GET /contacts/v1/lists?count=5",
      "GET /contacts/v1/lists?count=6&offset=4",
      "GET /contacts/v1/lists?count=250",
    }, take(server))
  end)

  it("gives the size, which a search only tells in another place", function()
    server:fault {
      kind = "status",
      status = 200,
      body = '{"lists":[{"listId":"61","name":"L","additionalProperties":{"hs_list_size":"12"}}],"hasMore":false}',
    }
    assert.equal(12, assert(clients.current.lists:all():next()).size)
  end)

  it("takes an answer without has-more for all that there is, as v1 gave it", function()
    server:fault { kind = "status", status = 200, body = '{"lists":[{"listId":1,"name":"L"},{"listId":2,"name":"M"}]}' }
    assert.same({ "1", "2" }, ids_of(collect(clients.v1.lists:all())))
    assert.equal(1, #take(server))
  end)

  it("looks for a text in the name", function()
    list_named "Red"
    local id = list_named "Blue"
    assert.same({ id }, ids_of(collect(clients.current.lists:all { query = "lue" })))
    assert.same({ search_body { query = "lue" } }, take(server))
    assert.truthy(refuses(clients.v1, "all", "query", "lue"):find(ROUTE_OF_CURRENT, 1, true))
  end)

  it("refuses a page that is larger than HubSpot's", function()
    throws("page_size must be at most 500", function() clients.current.lists:all { page_size = 501 } end)
    throws("page_size must be at most 250", function() clients.v1.lists:all { page_size = 251 } end)
  end)
end)

describe("lists:static and lists:dynamic", function()
  it("give the lists of their kind", function()
    local by_hand, v1_by_hand = list_named "By hand"
    local dynamic, v1_dynamic = list_named("Dynamic", { processingType = "DYNAMIC", filterBranch = BRANCH })
    local found_once, v1_found_once = list_named("Snapshot", { processingType = "SNAPSHOT", filterBranch = BRANCH })
    assert.same({ by_hand, found_once }, ids_of(collect(clients.current.lists:static())))
    assert.same({ dynamic }, ids_of(collect(clients.current.lists:dynamic { query = "dyn" })))
    assert.same({ v1_by_hand, v1_found_once }, ids_of(collect(clients.v1.lists:static())))
    local lists = collect(clients.v1.lists:dynamic())
    assert.same({ v1_dynamic }, ids_of(lists))
    assert.equal("DYNAMIC", lists[1].processingType)
    assert.same({
      search_body { types = '"MANUAL","SNAPSHOT"' },
      search_body { types = '"DYNAMIC"', query = "dyn" },
      "GET /contacts/v1/lists/static?count=250",
      "GET /contacts/v1/lists/dynamic?count=250",
    }, take(server))
    refuses(clients.v1, "static", "query", "x")
    refuses(clients.v1, "dynamic", "query", "x")
  end)
end)

-- Members ----------------------------------------------------------------------------------------------------------

local function batch_read(ids, properties)
  local inputs = {}
  for index, id in ipairs(ids) do
    inputs[index] = ('{"id":"%s"}'):format(id)
  end
  return ('POST /crm/objects/2026-09/contacts/batch/read {"inputs":[%s],"properties":[%s],"propertiesWithHistory":[]}'):format(
    table.concat(inputs, ","),
    properties or ""
  )
end

local MEMBER_READS = {
  contacts = { order = function(ids) return ids end, path = "memberships", v1_path = "contacts/all" },
  recent_contacts = {
    order = function(_, joined) return reversed(joined) end,
    path = "memberships/join-order",
    v1_path = "contacts/recent",
  },
}

for method, known in pairs(MEMBER_READS) do
  describe("lists:" .. method, function()
    for _, version in ipairs { "2026-09", "v1" } do
      describe("on " .. version, function()
        paging_examples(it, function()
          local id, v1_id, ids, joined = list_with_members(7)
          return {
            server = server,
            expected = known.order(ids, joined),
            open = function(options)
              local lists = wire.client(server, { api_version = version }).lists
              return lists[method](lists, version == "v1" and v1_id or id, options)
            end,
          }
        end)
      end)
    end

    it("gives each contact with the time of its joining, whatever the route", function()
      local id, v1_id, _, joined = list_with_members(3)
      local options = { properties = { "firstname" } }
      local current = collect(clients.current.lists[method](clients.current.lists, id, options))
      local v1 = collect(clients.v1.lists[method](clients.v1.lists, v1_id, options))
      local times = {}
      for index, contact in ipairs(current) do
        assert.truthy(contact.membershipTimestamp:find(ISO))
        assert.truthy(contact.properties.firstname:find "^M%d$")
        assert.same(
          { contact.id, contact.membershipTimestamp, contact.properties.firstname },
          { v1[index].id, v1[index].membershipTimestamp, v1[index].properties.firstname }
        )
        times[contact.id] = contact.membershipTimestamp
      end
      assert.is_true(times[joined[1]] < times[joined[2]] and times[joined[2]] < times[joined[3]])
    end)

    it("takes a legacy id, and translates it once", function()
      local id, v1_id, ids, joined = list_with_members(3)
      local lists = clients.current.lists
      local found = ids_of(collect(lists[method](lists, { legacy = v1_id }, { page_size = 2 })))
      assert.same(known.order(ids, joined), found)
      local translations = 0
      for _, line in ipairs(take(server)) do
        if line:find("idmapping", 1, true) then translations = translations + 1 end
      end
      assert.equal(1, translations)
      assert.same(found, ids_of(collect(clients.v1.lists[method](clients.v1.lists, { legacy = v1_id }))))
      assert.same(
        { ("GET /contacts/v1/lists/%s/%s?count=100&propertyMode=value_only"):format(v1_id, known.v1_path) },
        take(server)
      )
      assert.equal(id, assert(clients.current.lists:get { legacy = v1_id }).listId)
    end)

    it("takes no cursor of another list", function()
      local id, v1_id = list_with_members(3)
      for route, list_id in pairs { current = id, v1 = v1_id } do
        local lists = clients[route].lists
        -- Nothing is prefetched after the last of `max` items.
        local iterator = lists[method](lists, list_id, { max = 1 })
        assert(iterator:next())
        local cursor = iterator:cursor()
        take(server)
        for _, other in ipairs { "4711", { legacy = list_id } } do
          throws("with other arguments or options", function() lists[method](lists, other, { cursor = cursor }) end)
        end
        local rest = lists[method](lists, tonumber(list_id), { cursor = cursor, properties = { "email" } })
        assert.equal(2, #collect(rest))
      end
    end)

    it("honours the read options", function()
      local id, v1_id, ids = list_with_members(1)
      local lists = clients.current.lists
      local contact = assert(
        lists
          [method](lists, id, { properties = { "firstname" }, with_history = { "firstname" }, list_memberships = true })
          :next()
      )
      assert.same({
        ("GET /crm/lists/2026-09/%s/%s?limit=250"):format(id, known.path),
        (
          'POST /crm/objects/2026-09/contacts/batch/read {"inputs":[{"id":"%s"}],"properties":["firstname"],'
          .. '"propertiesWithHistory":["firstname"]}'
        ):format(ids[1]),
        'POST /crm/lists/2026-09/records/memberships/batch/read {"inputs":[{"objectTypeId":"0-1","recordId":"'
          .. ids[1]
          .. '"}]}',
      }, take(server))
      assert.same({ "M1", id }, { contact.propertiesWithHistory.firstname[1].value, contact.listMemberships[1].listId })

      lists = clients.v1.lists
      contact = assert(
        lists
          [method](
            lists,
            v1_id,
            { properties = { "firstname" }, with_history = true, form_submissions = "none", list_memberships = false }
          )
          :next()
      )
      assert.same({
        (
          "GET /contacts/v1/lists/%s/%s?count=100&formSubmissionMode=none&property=firstname"
          .. "&propertyMode=value_and_history&showListMemberships=false"
        ):format(v1_id, known.v1_path),
      }, take(server))
      assert.equal("M1", contact.propertiesWithHistory.firstname[1].value)
      assert.truthy(refuses(clients.current, method, "form_submissions", "all", id):find(ROUTE_OF_V1, 1, true))
    end)

    it("refuses with_history = true without properties where it is called", function()
      local lists = clients.current.lists
      throws(
        "with_history = true needs the option properties",
        function() lists[method](lists, "61", { with_history = true }) end
      )
    end)

    it("gives nothing of an empty list", function()
      local id, v1_id = list_named "Empty"
      assert.same({}, collect(clients.current.lists[method](clients.current.lists, id)))
      assert.same({}, collect(clients.v1.lists[method](clients.v1.lists, v1_id)))
      assert.same({
        ("GET /crm/lists/2026-09/%s/%s?limit=250"):format(id, known.path),
        ("GET /contacts/v1/lists/%s/%s?count=100&propertyMode=value_only"):format(v1_id, known.v1_path),
      }, take(server))
    end)

    it("gives HubSpot's answer with raw", function()
      local id, v1_id, ids = list_with_members(1)
      local member = assert(clients.current.lists[method](clients.current.lists, id, { raw = true }):next())
      assert.equal(ids[1], member.recordId)
      member = assert(clients.v1.lists[method](clients.v1.lists, v1_id, { raw = true }):next())
      assert.equal(tonumber(ids[1]), member.vid)
    end)
  end)
end

describe("lists:contacts", function()
  it("reads the ids, then their contacts, page by page", function()
    local id, _, ids = list_with_members(3)
    assert.same(ids, ids_of(collect(clients.current.lists:contacts(id, { page_size = 2, properties = { "email" } }))))
    local requests = take(server)
    assert.equal(4, #requests)
    assert.equal(("GET /crm/lists/2026-09/%s/memberships?limit=2"):format(id), requests[1])
    assert.equal(batch_read({ ids[1], ids[2] }, '"email"'), requests[2])
    -- The cursor has a + and = in it.
    local pattern = "^GET /crm/lists/2026%-09/" .. id .. "/memberships%?after=Nj%%2B%x+%%3D%%3D&limit=2$"
    assert.truthy(requests[3]:find(pattern), requests[3])
    assert.equal(batch_read({ ids[3] }, '"email"'), requests[4])
  end)

  it("gives a contact once that was merged with another member while the page was read", function()
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" }, { email = "c@example.org" })
    local left = assert(clients.current.contacts:merge(ids[3], ids[1])).id
    server:clear_requests()
    local members = {}
    for index, id in ipairs(ids) do
      members[index] = ('{"recordId":"%s","membershipTimestamp":"2026-01-0%dT00:00:00.000Z"}'):format(id, index)
    end
    for _, case in ipairs {
      { members, { left, ids[2] }, 1 },
      { { members[2], members[1] }, { ids[2], left }, 2 },
    } do
      server:fault {
        kind = "status",
        status = 200,
        path = "/memberships$",
        body = '{"results":[' .. table.concat(case[1], ",") .. "]}",
      }
      local found = collect(clients.current.lists:contacts("61", { properties = { "email" } }))
      assert.same(case[2], ids_of(found))
      assert.equal("2026-01-01T00:00:00.000Z", found[case[3]].membershipTimestamp)
      assert.equal("c@example.org", found[case[3]].properties.email)
    end
  end)

  it("gives a contact in its own place that a member was merged into while the list was read", function()
    server:reset { contacts = 250, v1_lists = true, keeps_primary_id = true }
    local members = ids_of(collect(clients.current.contacts:all()))
    local id = list_named "All"
    assert(clients.current.lists:add(id, { ids = members }))
    local iterator = clients.current.lists:contacts(id, { properties = { "email" }, page_size = 50 })
    local got = {}
    for _ = 1, 60 do
      got[#got + 1] = assert(iterator:next()).id
    end
    -- Neither was read yet, or the one that stays was.
    assert(clients.current.contacts:merge(members[240], members[230]))
    assert(clients.current.contacts:merge(members[10], members[235]))
    local cursor = iterator:cursor()
    for contact in clients.current.lists:contacts(id, { properties = { "email" }, page_size = 50, cursor = cursor }) do
      got[#got + 1] = contact.id
    end
    table.remove(members, 235)
    table.remove(members, 230)
    assert.same(members, got)
  end)

  it("reads the contacts of a large page in batches of 100", function()
    server:reset { contacts = 250, v1_lists = true }
    local members = ids_of(collect(clients.current.contacts:all()))
    local id = list_named "All"
    assert.same(members, assert(clients.current.lists:add(id, { ids = members })).added)
    server:clear_requests()
    assert.same(members, ids_of(collect(clients.current.lists:contacts(id))))
    assert.equal(1 + 3, #take(server))
  end)
end)

describe("lists:recent_contacts", function()
  it("asks v1 with both offsets", function()
    local _, v1_id, _, joined = list_with_members(3)
    local contacts = collect(clients.v1.lists:recent_contacts(v1_id, { page_size = 2 }))
    assert.same({
      ("GET /contacts/v1/lists/%s/contacts/recent?count=2&propertyMode=value_only"):format(v1_id),
      ("GET /contacts/v1/lists/%s/contacts/recent?count=2&propertyMode=value_only&timeOffset=%d&vidOffset=%s"):format(
        v1_id,
        contacts[2].addedAt,
        joined[2]
      ),
    }, take(server))
  end)

  it("turns HubSpot's order around", function()
    local id, _, _, joined = list_with_members(5)
    assert.same(reversed(joined), ids_of(collect(clients.current.lists:recent_contacts(id, { page_size = 2 }))))
    local pages, reads = 0, 0
    for _, line in ipairs(take(server)) do
      if line:find("join-order", 1, true) then pages = pages + 1 end
      if line:find("batch/read", 1, true) then reads = reads + 1 end
    end
    -- Three pages forwards, two of them again on the way back; the contacts of each page once.
    assert.same({ 5, 3 }, { pages, reads })
  end)
end)

describe("lists:add", function()
  it("adds by id and by address, and tells what became of each", function()
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" }, { email = "c@example.org" })
    local id = list_named "L"
    assert(clients.current.lists:add(id, { ids = { ids[1] } }))
    server:clear_requests()
    local outcome = assert(clients.current.lists:add(id, {
      ids = { ids[1], tonumber(ids[2]), UNKNOWN_ID },
      emails = { "C@example.org", "nobody@example.org", "b@example.org" },
    }))
    assert.same({
      added = { ids[2], ids[3] },
      unchanged = { ids[1] },
      missing_ids = { UNKNOWN_ID },
      missing_emails = { "nobody@example.org" },
    }, outcome)
    assert.same({
      'POST /crm/objects/2026-09/contacts/batch/read {"idProperty":"email","inputs":[{"id":"C@example.org"},'
        .. '{"id":"nobody@example.org"},{"id":"b@example.org"}],"properties":["email","hs_additional_emails"],'
        .. '"propertiesWithHistory":[]}',
      ('PUT /crm/lists/2026-09/%s/memberships/add ["%s","%s","%s","%s"]'):format(
        id,
        ids[1],
        ids[2],
        UNKNOWN_ID,
        ids[3]
      ),
    }, take(server))
  end)

  describe("by addresses in other spellings than HubSpot's,", function()
    -- Contacts by the address that HubSpot gives, as batch reads find them: in any case, however it folds one.
    local function answering(found)
      local list_id = list_named "L"
      server:clear_requests()
      for _, contacts in ipairs(found) do
        local results = {}
        for index, contact in ipairs(contacts) do
          results[index] = ('{"id":"%s","properties":{"email":"%s"}}'):format(contact[1], contact[2])
        end
        server:fault {
          kind = "status",
          status = 200,
          path = "/batch/read$",
          body = '{"status":"COMPLETE","results":[' .. table.concat(results, ",") .. "]}",
        }
      end
      server:fault { kind = "status", status = 200, path = "/memberships/add$", body = '{"recordsIdsAdded":["71","72"]}' }
      return list_id
    end

    it("whatever the letters of their words are", function()
      local list_id =
        answering { { { "71", "\195\169mile@example.org" }, { "72", "\208\184\208\178\208\176\208\189@example.org" } } }
      local outcome = assert(clients.current.lists:add(list_id, {
        emails = { "\195\137mile@example.org", " \208\152\208\146\208\144\208\157@Example.org\n" },
      }))
      assert.same({ { "71", "72" }, {} }, { outcome.added, outcome.missing_emails })
      local lines = take(server)
      assert.equal(2, #lines)
      assert.truthy(lines[1]:find('{"id":"\208\152\208\146\208\144\208\157@Example.org"}', 1, true), lines[1])
      assert.truthy(lines[2]:find('["71","72"]', 1, true), lines[2])
    end)

    it("where one was asked for and one came", function()
      local list_id = answering { { { "71", "a@example.org" }, { "72", "other@example.org" } } }
      local outcome = assert(clients.current.lists:add(list_id, { emails = { "a@example.org", "alias@example.org" } }))
      assert.same({ { "71", "72" }, {} }, { outcome.added, outcome.missing_emails })
      assert.equal(2, #take(server))
    end)

    it("where several were asked for and fewer came", function()
      local list_id = answering {
        { { "71", "one@example.org" }, { "72", "two@example.org" } },
        { { "71", "one@example.org" } },
        { { "71", "one@example.org" } },
        {},
        { { "72", "two@example.org" } },
      }
      local outcome = assert(
        clients.current.lists:add(
          list_id,
          { emails = { "alias1@example.org", "nobody@example.org", "alias2@example.org" } }
        )
      )
      assert.same({ "nobody@example.org" }, outcome.missing_emails)
      local lines = take(server)
      assert.truthy(lines[#lines]:find('["71","72"]', 1, true), lines[#lines])
    end)
  end)

  it("adds by ids alone in one request", function()
    local ids = people { email = "a@example.org" }
    local id = list_named "L"
    assert.same(ids, assert(clients.march.lists:add(id, { ids = ids })).added)
    assert.same({ ('PUT /crm/lists/2026-03/%s/memberships/add ["%s"]'):format(id, ids[1]) }, take(server))
  end)

  it("asks HubSpot to add nobody where it knows none of the addresses", function()
    local id = list_named "L"
    local outcome = assert(clients.current.lists:add(id, { emails = { "nobody@example.org" } }))
    assert.same({ added = {}, unchanged = {}, missing_ids = {}, missing_emails = { "nobody@example.org" } }, outcome)
    assert.equal(1, #take(server))
  end)

  it("adds on v1", function()
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" }, { email = "c@example.org" })
    local _, v1_id = list_named "L"
    assert(clients.v1.lists:add(v1_id, { ids = { ids[1] } }))
    local outcome = assert(
      clients.v1.lists:add(
        v1_id,
        { ids = { ids[1], ids[2], UNKNOWN_ID }, emails = { "c@example.org", "nobody@example.org" } }
      )
    )
    assert.same({
      added = { ids[2], ids[3] },
      unchanged = { ids[1] },
      missing_ids = { UNKNOWN_ID },
      missing_emails = { "nobody@example.org" },
    }, outcome)
    assert.same({
      ('POST /contacts/v1/lists/%s/add {"emails":[],"vids":[%s]}'):format(v1_id, ids[1]),
      ('POST /contacts/v1/lists/%s/add {"emails":["c@example.org","nobody@example.org"],"vids":[%s,%s,%s]}'):format(
        v1_id,
        ids[1],
        ids[2],
        UNKNOWN_ID
      ),
    }, take(server))
  end)

  it("splits what is more than v1 takes, ids and addresses together", function()
    local _, v1_id = list_named "L"
    local ids, emails = {}, {}
    for number = 1, 700 do
      ids[number] = 900000 + number
    end
    for number = 1, 400 do
      emails[number] = ("n%d@example.org"):format(number)
    end
    local outcome = assert(clients.v1.lists:add(v1_id, { ids = ids, emails = emails }))
    assert.same({ 700, 400 }, { #outcome.missing_ids, #outcome.missing_emails })
    local counts = {}
    for index, line in ipairs(take(server)) do
      local sent_ids, sent_emails = select(2, line:gsub("900%d%d%d", "")), select(2, line:gsub("@", ""))
      counts[index] = ("%03d ids, %03d addresses"):format(sent_ids, sent_emails)
    end
    table.sort(counts)
    assert.same({ "000 ids, 100 addresses", "200 ids, 300 addresses", "500 ids, 000 addresses" }, counts)
  end)

  it("names a contact once, however often the caller does", function()
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" })
    local id, v1_id = list_named "L"
    local twice = { ids = { ids[1], tonumber(ids[1]) }, emails = { "b@example.org", "B@example.org" } }
    assert.same(ids, assert(clients.current.lists:add(id, twice)).added)
    assert.same(ids, assert(clients.v1.lists:remove(v1_id, twice)).removed)
    local lines = take(server)
    assert.equal(('PUT /crm/lists/2026-09/%s/memberships/add ["%s","%s"]'):format(id, ids[1], ids[2]), lines[2])
    assert.equal(
      ('POST /contacts/v1/lists/%s/remove {"emails":["b@example.org"],"vids":[%s]}'):format(v1_id, ids[1]),
      lines[3]
    )
  end)

  it("tells what was done before a later request failed, and whom that kept out, on v1", function()
    local known = people { email = "a@example.org" }
    local _, v1_id = list_named "L"
    local ids, emails = { known[1] }, {}
    for number = 1, 500 do
      ids[number + 1] = tostring(900000 + number)
    end
    for number = 1, 700 do
      emails[number] = ("n%d@example.org"):format(number)
    end
    server:fault { kind = "status", status = 403, after = 1, times = 100 }
    local outcome = assert(clients.v1.lists:add(v1_id, { ids = ids, emails = emails }))
    -- Of the three requests one was answered, whichever; it is the one whose contacts did not fail.
    local failed = {}
    for _, name in ipairs(outcome.failed_ids) do
      failed[name] = true
    end
    for _, name in ipairs(outcome.failed_emails) do
      failed[name] = true
    end
    local done = {}
    for _, list in ipairs { ids, emails } do
      for _, name in ipairs(list) do
        if not failed[name] then done[#done + 1] = name end
      end
    end
    local answered = {}
    for _, list in ipairs { outcome.added, outcome.missing_ids, outcome.missing_emails } do
      for _, name in ipairs(list) do
        answered[#answered + 1] = name
      end
    end
    assert.same(done, answered)
    assert.is_true(#done == 500 or #done == 201)
    assert.equal(403, outcome.stopped_by.status)
    assert.equal(1201, #done + #outcome.failed_ids + #outcome.failed_emails)
    local nothing, err = clients.v1.lists:remove(v1_id, { ids = ids })
    assert.same({ nil, 403 }, { nothing, err.status })
  end)

  it("tells what was done before a later request failed, and whom that kept out", function()
    local known = people({ email = "a@example.org" }, { email = "b@example.org" })
    local id = list_named "L"
    local ids = {}
    for number = 1, 9999 do
      ids[number] = tostring(900000 + number)
    end
    ids[#ids + 1] = known[1]
    ids[#ids + 1] = "999999"
    local members = { ids = ids, emails = { "b@example.org", "A@example.org", "nobody@example.org" } }
    server:fault { kind = "status", status = 403, method = "PUT", after = 1 }
    local outcome = assert(clients.current.lists:add(id, members))
    assert.equal(403, outcome.stopped_by.status)
    assert.same({ "nobody@example.org" }, outcome.missing_emails)
    -- The rest can be handed to the next call as it is.
    local rest = assert(clients.current.lists:add(id, { ids = outcome.failed_ids, emails = outcome.failed_emails }))
    assert.is_nil(rest.stopped_by)
    -- Of the two requests one was answered, whichever.
    if #outcome.missing_ids < #rest.missing_ids then
      outcome, rest = rest, outcome
    end
    assert.same({ { known[1] }, 9999 }, { outcome.added, #outcome.missing_ids })
    assert.same({ { known[2] }, { "999999" } }, { rest.added, rest.missing_ids })
    server:fault { kind = "status", status = 403, method = "PUT", times = 2 }
    local nothing, err = clients.current.lists:remove(id, members)
    assert.same({ nil, 403 }, { nothing, err.status })
  end)

  it("takes a legacy id", function()
    local ids = people { email = "a@example.org" }
    local id, v1_id = list_named "L"
    assert.same(ids, assert(clients.current.lists:add({ legacy = v1_id }, { ids = ids })).added)
    assert.same(ids, assert(clients.v1.lists:add({ legacy = v1_id }, { ids = ids })).unchanged)
    assert.same({
      ('POST /crm/lists/2026-09/idmapping ["%s"]'):format(v1_id),
      ('PUT /crm/lists/2026-09/%s/memberships/add ["%s"]'):format(id, ids[1]),
      ('POST /contacts/v1/lists/%s/add {"emails":[],"vids":[%s]}'):format(v1_id, ids[1]),
    }, take(server))
  end)

  it("fails for a list whose filters decide", function()
    local ids = people { email = "a@example.org" }
    local id, v1_id = list_named("L", { processingType = "DYNAMIC", filterBranch = BRANCH })
    local outcome, err = clients.current.lists:add(id, { ids = ids })
    assert.same({ nil, 400 }, { outcome, err.status })
    outcome, err = clients.v1.lists:add(v1_id, { ids = ids })
    assert.same({ nil, 400 }, { outcome, err.status })
    assert.truthy(tostring(err):find("Can not operate manually on a dynamic list", 1, true))
  end)

  it("refuses nobody, and what is no list of members", function()
    for _, client in pairs { clients.current, clients.v1 } do
      throws("members must name at least one contact", function() client.lists:add("61", {}) end)
      throws("members must name at least one contact", function() client.lists:add("61", { ids = {}, emails = {} }) end)
      throws("members.ids[1] must be an id", function() client.lists:add("61", { ids = { "x" } }) end)
      throws(
        "members.emails[2] must be an e-mail address",
        function() client.lists:add("61", { emails = { "a@b.c", 5 } }) end
      )
      throws("did you mean emails?", function() client.lists:add("61", { email = { "a@b.c" } }) end)
      throws("members must be a table", function() client.lists:add("61", "4127") end)
    end
  end)
end)

describe("lists:remove", function()
  it("removes by id and by address, and tells what became of each", function()
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" }, { email = "c@example.org" })
    local id, v1_id = list_named "L"
    assert(clients.current.lists:add(id, { ids = { ids[1], ids[2] } }))
    server:clear_requests()
    assert.same(
      {
        removed = { ids[1] },
        unchanged = { ids[3] },
        missing_ids = { UNKNOWN_ID },
        missing_emails = { "nobody@example.org" },
      },
      assert(
        clients.current.lists:remove(id, { ids = { ids[1], ids[3], UNKNOWN_ID }, emails = { "nobody@example.org" } })
      )
    )
    assert.same(
      {
        removed = { ids[2] },
        unchanged = { ids[3] },
        missing_ids = { UNKNOWN_ID },
        missing_emails = { "nobody@example.org" },
      },
      assert(
        clients.v1.lists:remove(
          v1_id,
          { ids = { ids[3], UNKNOWN_ID }, emails = { "b@example.org", "nobody@example.org" } }
        )
      )
    )
    assert.same({
      'POST /crm/objects/2026-09/contacts/batch/read {"idProperty":"email","inputs":[{"id":"nobody@example.org"}],'
        .. '"properties":["email","hs_additional_emails"],"propertiesWithHistory":[]}',
      ('PUT /crm/lists/2026-09/%s/memberships/remove ["%s","%s","%s"]'):format(id, ids[1], ids[3], UNKNOWN_ID),
      ('POST /contacts/v1/lists/%s/remove {"emails":["b@example.org","nobody@example.org"],"vids":[%s,%s]}'):format(
        v1_id,
        ids[3],
        UNKNOWN_ID
      ),
    }, take(server))
    assert.same({}, collect(clients.current.lists:contacts(id)))
  end)
end)

describe("lists:translate_ids", function()
  it("maps the ids of v1 to the current ones, and names those that have none", function()
    local first, v1_first = list_named "One"
    local second, v1_second = list_named "Two"
    for version, client in pairs { ["2026-09"] = clients.current, ["2026-03"] = clients.march } do
      local map, missing = client.lists:translate_ids { v1_first, UNKNOWN_ID, tonumber(v1_second) }
      assert.same({ [v1_first] = first, [v1_second] = second }, map)
      assert.same({ UNKNOWN_ID }, missing)
      assert.same(
        { ('POST /crm/lists/%s/idmapping ["%s","%s","%s"]'):format(version, v1_first, UNKNOWN_ID, v1_second) },
        take(server)
      )
    end
  end)

  it("takes the current route for a client of v1 too, which has none", function()
    local id, v1_id = list_named "One"
    assert.same({ [v1_id] = id }, (clients.v1.lists:translate_ids { v1_id }))
    assert.same({ ('POST /crm/lists/2026-09/idmapping ["%s"]'):format(v1_id) }, take(server))
  end)

  it("sends 10,000 at a time", function()
    local ids = {}
    for number = 1, 10001 do
      ids[number] = 500000 + number
    end
    local map, missing = clients.current.lists:translate_ids(ids)
    assert.same({}, map)
    assert.equal(10001, #missing)
    assert.equal(2, #take(server))
  end)
end)

describe("lists of v1 after HubSpot removed them", function()
  local calls = {
    create = { { name = "L" } },
    get = { "321" },
    get_many = { { "321" } },
    update = { "321", { name = "M" } },
    delete = { "321" },
    all = {},
    static = {},
    dynamic = {},
    contacts = { "321" },
    recent_contacts = { "321" },
    add = { "321", { ids = { "1" } } },
    remove = { "321", { ids = { "1" } } },
  }
  for method, arguments in pairs(calls) do
    it(("say so, and what to use instead, in lists:%s"):format(method), function()
      server:reset { v1_lists = false }
      local lists = clients.v1.lists
      local value, err = lists[method](lists, unpack(arguments))
      if value then
        value, err = value:next()
      end
      assert.is_nil(value)
      assert.equal(404, err.status)
      local text = tostring(err)
      assert.truthy(text:find("2026-04-30", 1, true), text)
      assert.truthy(text:find("lists:" .. method, 1, true), text)
      assert.truthy(text:find('api_version = "2026-09"', 1, true), text)
      assert.equal(1, #take(server))
    end)
  end

  for _, status in ipairs { 400, 403, 410 } do
    it(("say so where HubSpot answers %d in place of 404, and not what else that means"):format(status), function()
      server:reset { v1_lists = false }
      for method, arguments in pairs(calls) do
        server:fault {
          kind = "status",
          status = status,
          body = '{"status":"error","message":"no","errors":[{"message":"no",'
            .. '"context":{"requiredGranularScopes":["crm.lists.read"]}}]}',
        }
        local lists = clients.v1.lists
        local value, err = lists[method](lists, unpack(arguments))
        if value then
          value, err = value:next()
        end
        assert.same({ nil, status }, { value, err.status })
        assert.truthy(err.hint:find("HubSpot removed this call", 1, true), err.hint)
        assert.is_nil(err.hint:find("scope", 1, true), err.hint)
      end
    end)
  end

  it("say so also where the first attempt was refused", function()
    server:reset { v1_lists = false }
    server:fault { kind = "rate_limit", policy = "SECONDLY", retry_after = 0 }
    local deleted, err = clients.v1.lists:delete "321"
    assert.is_nil(deleted)
    assert.truthy(tostring(err):find("2026-04-30", 1, true))
  end)
end)
