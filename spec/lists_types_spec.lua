-- Lists of records of any type, over real sockets.

local fixture = require "spec.support.fixture"
local paging_examples = require "spec.support.paging_examples"
local wire = require "spec.support.wire"

local take, ids_of, collect, reversed = wire.take, wire.ids, wire.collect, wire.reversed

local here = fixture.new { reset = { v1_lists = true } }
local server, clients = here.server, here.clients

local MACHINES = {
  name = "machines",
  labels = { singular = "Machine", plural = "Machines" },
  primaryDisplayProperty = "model",
  requiredProperties = { "model" },
  properties = { { name = "model", label = "Model", type = "string", fieldType = "text" } },
}

-- Makes a list of some new companies; returns its id, and theirs in the order of their ids and in that of joining.
local function list_of_companies(count)
  local client, ids, joined = clients.current, {}, {}
  for number = 1, count do
    ids[number] = assert(client.companies:create { name = "C" .. number }).id
  end
  local list = assert(client.lists:create { name = "Companies", object_type = "companies" })
  for number = count, 1, -1 do
    joined[#joined + 1] = ids[number]
    assert(client.lists:add(list.listId, { ids = { ids[number] } }))
    server:advance(1)
  end
  server:clear_requests()
  return list.listId, ids, joined
end

local function machine(model) return assert(clients.current:objects("p99001_machines"):create { model = model }).id end

describe("a list of companies", function()
  it("is created by the name of their type, or by its id", function()
    local lists = clients.current.lists
    local list = assert(lists:create { name = "A", object_type = "companies" })
    assert.equal("0-2", list.objectTypeId)
    assert.equal("0-2", assert(clients.march.lists:create { name = "B", object_type = "0-2" }).objectTypeId)
    assert.equal("0-2", assert(lists:create { name = "C", objectTypeId = "0-2" }).objectTypeId)
    assert.same({
      'POST /crm/lists/2026-09 {"name":"A","objectTypeId":"0-2","processingType":"MANUAL"}',
      'POST /crm/lists/2026-03 {"name":"B","objectTypeId":"0-2","processingType":"MANUAL"}',
      'POST /crm/lists/2026-09 {"name":"C","objectTypeId":"0-2","processingType":"MANUAL"}',
    }, take(server))
    here:refuses(
      "has both object_type and objectTypeId",
      function() lists:create { name = "D", object_type = "companies", objectTypeId = "0-2" } end
    )
    here:refuses(
      "unknown field object_type",
      function() clients.v1.lists:create { name = "D", object_type = "companies" } end
    )
  end)

  it("is found among those of its type", function()
    local id = list_of_companies(1)
    assert(clients.current.lists:create { name = "Contacts" })
    server:clear_requests()
    local lists = clients.current.lists
    assert.same({ id }, ids_of(collect(lists:all { object_type = "companies" })))
    assert.same({ id }, ids_of(collect(lists:static { object_type = "company", query = "Comp" })))
    assert.same({}, collect(lists:dynamic { object_type = "companies" }))
    assert.equal("Contacts", lists:all():next().name)
    for index, line in ipairs(take(server)) do
      assert.truthy(line:find(index < 4 and '"objectTypeId":"0-2"' or '"objectTypeId":"0-1"', 1, true), line)
    end
  end)

  it("follows its filters", function()
    local filter = { filterType = "PROPERTY", property = "name" }
    filter.operation = { operationType = "MULTISTRING", operator = "IS_EQUAL_TO", values = { "Acme" } }
    local branch = {
      filterBranchType = "OR",
      filterBranches = { { filterBranchType = "AND", filters = { filter }, filterBranches = {} } },
      filters = {},
    }
    local list = assert(clients.current.lists:create {
      name = "Acmes",
      object_type = "companies",
      processingType = "DYNAMIC",
      filterBranch = branch,
    })
    local acme = assert(clients.current.companies:create { name = "Acme" }).id
    assert(clients.current.companies:create { name = "Other" })
    assert(clients.current.contacts:create { firstname = "Acme" })
    assert.same({ acme }, ids_of(collect(clients.current.lists:records(list.listId))))
  end)

  it("takes and loses companies by their ids", function()
    local id, ids = list_of_companies(2)
    local person = here:create_contacts({ { email = "ada@example.org" } })[1]
    local lists = clients.current.lists
    local outcome = assert(lists:add(id, { ids = { ids[1], person } }))
    assert.same({ {}, { ids[1] }, { person } }, { outcome.added, outcome.unchanged, outcome.missing_ids })
    assert.same({ ids[1] }, assert(lists:remove(id, { ids = { ids[1] } })).removed)
    take(server)
    local changed, err = lists:add(id, { emails = { "ada@example.org" } })
    assert.is_nil(changed)
    assert.truthy(tostring(err):find("the list holds companies, which have no e-mail addresses: pass ids", 1, true))
    assert.equal(("GET /crm/lists/2026-09/%s"):format(id), take(server)[2])
    assert.same({ ids[2] }, ids_of(collect(lists:records(id))))
  end)

  it("keeps the place of a company that was merged into another one", function()
    local id, ids = list_of_companies(2)
    local winner = assert(clients.current.companies:create { name = "Winner" }).id
    local merged = assert(clients.current.companies:merge(winner, ids[1])).id
    local found = ids_of(collect(clients.current.lists:records(id)))
    table.sort(found)
    local expected = { ids[2], merged }
    table.sort(expected)
    assert.same(expected, found)
    assert(clients.current.companies:delete(ids[2]))
    assert.same({ merged }, ids_of(collect(clients.current.lists:records(id))))
  end)

  it("tells which lists companies are in", function()
    local id, ids = list_of_companies(1)
    local company = assert(clients.current.companies:get(ids[1], { list_memberships = true }))
    assert.equal(id, company.listMemberships[1].listId)
    assert.equal(
      'POST /crm/lists/2026-09/records/memberships/batch/read {"inputs":[{"objectTypeId":"0-2","recordId":"'
        .. ids[1]
        .. '"}]}',
      take(server)[2]
    )
  end)
end)

for method, order in pairs {
  records = function(ids) return ids end,
  recent_records = function(_, joined) return reversed(joined) end,
} do
  describe("lists:" .. method, function()
    for _, version in ipairs { "2026-09", "v1" } do
      describe("on " .. version, function()
        paging_examples(it, function()
          local id, ids, joined = list_of_companies(7)
          return {
            server = server,
            expected = order(ids, joined),
            open = function(options)
              local lists = wire.client(server, { api_version = version }).lists
              return lists[method](lists, id, options)
            end,
          }
        end)
      end)
    end

    it("asks for the type of the list, and reads its records in batches", function()
      local id, ids, joined = list_of_companies(3)
      local lists = clients.current.lists
      local options = { properties = { "name" }, list_memberships = true }
      local companies = collect(lists[method](lists, id, options))
      local in_order = order(ids, joined)
      assert.same(in_order, ids_of(companies))
      assert.truthy(companies[1].properties.name:find "^C%d$")
      assert.truthy(companies[1].membershipTimestamp)
      assert.equal(id, companies[1].listMemberships[1].listId)
      local lines = take(server)
      assert.equal(("GET /crm/lists/2026-09/%s"):format(id), lines[1])
      local path = method == "records" and "memberships" or "memberships/join-order"
      assert.truthy(lines[2]:find(("GET /crm/lists/2026-09/%s/%s?"):format(id, path), 1, true), lines[2])
      assert.equal(
        ('POST /crm/objects/2026-09/companies/batch/read {"inputs":[{"id":"%s"},{"id":"%s"},{"id":"%s"}],'):format(
          in_order[1],
          in_order[2],
          in_order[3]
        ) .. '"properties":["name"],"propertiesWithHistory":[]}',
        lines[3]
      )
    end)

    it("gives contacts of a list of contacts, by a legacy id too", function()
      local ids = here:create_contacts { { firstname = "Ada" }, { firstname = "Eve" } }
      local list = assert(clients.current.lists:create { name = "People" })
      assert(clients.current.lists:add(list.listId, { ids = ids }))
      local legacy
      for one in clients.v1.lists:all() do
        if one.name == "People" then legacy = one.listId end
      end
      local lists = clients.current.lists
      local found = ids_of(collect(lists[method](lists, { legacy = legacy }, { properties = { "firstname" } })))
      table.sort(found)
      assert.same(ids, found)
    end)

    it("has the error of a list that is not there", function()
      local lists = clients.current.lists
      local record, err = lists[method](lists, 999999):next()
      assert.is_nil(record)
      assert.equal(404, err.status)
    end)
  end)
end

describe("a list of a type that the account made", function()
  before_each(function()
    assert(clients.current.schemas:create(MACHINES))
    take(server)
  end)

  it("is created, filled and read by the name of the type", function()
    local client = here:new_client()
    local first, second = machine "A", machine "B"
    take(server)
    local list = assert(client.lists:create { name = "Machines", object_type = "p99001_machines" })
    local type_id = list.objectTypeId
    assert.truthy(type_id:find "^2%-")
    assert.same({
      "GET /crm-object-schemas/2026-09/schemas/p99001_machines",
      ('POST /crm/lists/2026-09 {"name":"Machines","objectTypeId":"%s","processingType":"MANUAL"}'):format(type_id),
    }, take(server))
    assert.same({ first, second }, assert(client.lists:add(list.listId, { ids = { first, second } })).added)
    local machines = collect(client.lists:records(list.listId, { properties = { "model" } }))
    assert.same({ "A", "B" }, { machines[1].properties.model, machines[2].properties.model })
    assert.same({ list.listId }, ids_of(collect(client.lists:all { object_type = "p99001_machines" })))
    for _, line in ipairs(take(server)) do
      assert.is_nil(line:find("schemas", 1, true), "the id of a type was asked for again")
    end
  end)

  it("is among the lists of its records", function()
    local client = here:new_client()
    local id = machine "A"
    local list = assert(client.lists:create { name = "Machines", object_type = "p99001_machines" })
    assert(client.lists:add(list.listId, { ids = { id } }))
    for _, name in ipairs { "p99001_machines", list.objectTypeId } do
      local found = assert(client:objects(name):get(id, { list_memberships = true }))
      assert.equal(list.listId, found.listMemberships[1].listId)
    end
    local none, err = client:objects("p99001_nothing"):get(id, { list_memberships = true })
    assert.is_nil(none)
    assert.equal(400, err.status)
  end)

  it("goes with it", function()
    local client = here:new_client()
    local list = assert(client.lists:create { name = "Machines", object_type = "p99001_machines" })
    assert(client.schemas:delete(list.objectTypeId))
    server:clear_requests()
    assert(client.schemas:create(MACHINES, { purge = true }))
    local found, err = client.lists:get(list.listId)
    assert.is_nil(found)
    assert.equal(404, err.status)
  end)
end)
