-- client.lists over real sockets: what goes over the wire is compared with HubSpot's documentation of it, not with the
-- client's own tables.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local list_fixture = require "spec.support.list_fixture"
local paging_examples = require "spec.support.paging_examples"
local wire = require "spec.support.wire"

local take, ids_of, collect = wire.take, wire.ids, wire.collect
local unpack = table.unpack or unpack

local ISO = "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$"
local UNKNOWN_ID = "999999"
local ROUTE_OF_CURRENT = 'api_version = "2026-09"'

local BRANCH = list_fixture.BRANCH

local BRANCH_JSON = '{"filterBranchOperator":"OR","filterBranchType":"OR","filterBranches":[{"filterBranchOperator":'
  .. '"AND","filterBranchType":"AND","filterBranches":[],"filters":[{"filterType":"PROPERTY","operation":{'
  .. '"includeObjectsWithNoValueSet":false,"operationType":"MULTISTRING","operator":"IS_EQUAL_TO","values":["Ada"]},'
  .. '"property":"firstname"}]}],"filters":[]}'

local V1_FILTERS = { { { operator = "EQ", property = "firstname", value = "Ada", type = "string" } } }
local V1_FILTERS_JSON = '[[{"operator":"EQ","property":"firstname","type":"string","value":"Ada"}]]'

local here = fixture.new { reset = { v1_lists = true } }
local server, clients = here.server, here.clients

local function people(...) return here:create_contacts { ... } end

local function list_named(...) return list_fixture.create(here, ...) end

local function refuses(client, ...) return here:refuses_option("option %s", client.lists, ...) end

local function throws(...) return here:refuses(...) end

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
