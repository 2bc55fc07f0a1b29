-- client.associations over a socket.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local misuse = require "spec.support.misuse"
local sandbox = require "spec.support.sandbox"
local wire = require "spec.support.wire"

local server, client, contact, companies

setup(function()
  server = sandbox.start { contacts = 0 }
  client = wire.client(server)
end)

teardown(function() server:stop() end)

local function create_companies(count)
  local list, ids = {}, {}
  for index = 1, count do
    list[index] = { properties = { name = "C" .. index } }
  end
  local outcome = client.companies:create_many(list)
  assert.same({}, outcome.errors)
  for _, result in ipairs(outcome.results) do
    ids[result.index] = result.id
  end
  return ids
end

before_each(function()
  server:reset { contacts = 0 }
  contact = assert(client.contacts:create { email = "ada@example.org" }).id
  companies = create_companies(3)
  wire.take(server)
end)

local function ids_to_companies(id) return wire.ids(wire.collect(client.associations:all("contacts", id, "companies"))) end

describe("associations", function()
  it("end where the cursors of a record go round", function()
    local requests = 0
    local own = hubspot.new {
      token = "x",
      limiter = false,
      transport = function()
        requests = requests + 1
        local body = '{"results":[{"from":{"id":"1"},"to":[],"paging":{"next":{"after":"%s"}}}]}'
        return { status = 200, headers = {}, body = body:format(requests % 3) }
      end,
    }
    local records, err = own.associations:get_many("contacts", { "1" }, "companies")
    assert.is_nil(records)
    assert.equal("decode", err.kind)
    assert.matches("a cursor of the associations of 1 that it had given before", err.message, 1, true)
    assert.is_true(requests < 20)
  end)

  it("are made, read and removed", function()
    local associations = client.associations
    assert.is_true(associations:create("contact", contact, "0-2", companies[1]))
    assert.is_true(associations:create("contacts", contact, "companies", tonumber(companies[2])))
    local path = "/crm/objects/2026-09/contacts/" .. contact .. "/associations/"
    assert.same({
      "PUT " .. path .. "default/companies/" .. companies[1],
      "PUT " .. path .. "default/companies/" .. companies[2],
    }, wire.take(server))
    local first = associations:all("contacts", contact, "companies"):next()
    assert.equal(companies[1], first.id)
    assert.equal("HUBSPOT_DEFINED", first.types[1].category)
    assert.same({ companies[1], companies[2] }, ids_to_companies(contact))
    assert.same({ contact }, wire.ids(wire.collect(associations:all("companies", companies[2], "contacts"))))
    wire.take(server)
    assert.is_true(associations:delete("contacts", contact, "companies", companies[1]))
    assert.same({ "DELETE " .. path .. "companies/" .. companies[1] }, wire.take(server))
    assert.same({ companies[2] }, ids_to_companies(contact))
  end)

  it("have labels, which are types of the account's own", function()
    local associations = client.associations
    local made = associations:create_label("contacts", "companies", { name = "billing", label = "Billing" })
    assert.equal(2, #made)
    assert(associations:create_label("contacts", "companies", { name = "owner", label = "Owner" }))
    wire.take(server)
    assert.is_true(associations:create("contacts", contact, "companies", companies[1], { labels = { "Owner" } }))
    local requests = wire.take(server)
    assert.equal("GET /crm/associations/2026-09/contacts/companies/labels", requests[1])
    assert.truthy(
      requests[2]:find(
        ("PUT /crm/objects/2026-09/contacts/%s/associations/companies/%s [{"):format(contact, companies[1]),
        1,
        true
      )
    )
    local function labels_of(id)
      local labels = {}
      for _, one in ipairs(associations:all("contacts", id, "companies"):next().types) do
        if one.label and one.category == "USER_DEFINED" then labels[#labels + 1] = one.label end
      end
      table.sort(labels)
      return labels
    end
    assert.same({ "Owner" }, labels_of(contact))
    local by_label = {}
    for _, one in ipairs(associations:labels("contacts", "companies")) do
      by_label[one.label or ""] = one
    end
    local billing = by_label.Billing
    assert(associations:create("contacts", contact, "companies", companies[1], {
      types = { { category = billing.category, typeId = billing.typeId } },
      labels = { "Owner" },
    }))
    assert.same({ "Billing", "Owner" }, labels_of(contact))
    local changed = { label = "Pays", inverseLabel = "Is paid by" }
    assert.is_true(associations:update_label("contacts", "companies", billing.typeId, changed))
    assert.same({ "Owner", "Pays" }, labels_of(contact))
    local pair = { from = contact, to = companies[1], labels = { "Owner" } }
    assert.equal(1, associations:delete_labels("contacts", "companies", { pair }).results[1].index)
    assert.same({ "Pays" }, labels_of(contact))
    assert.is_true(associations:delete_label("contacts", "companies", billing.typeId))
    assert.same({}, labels_of(contact))
    local created, err = associations:create("contacts", contact, "companies", companies[1], { labels = { "Pays" } })
    assert.is_nil(created)
    assert.truthy(tostring(err):find('no label "Pays" of associations from contacts to companies', 1, true))
    assert.same({}, associations:limits("contacts", "companies"))
  end)

  it("are made and removed many at a time, of which a bad one fails alone", function()
    local associations = client.associations
    assert(associations:create_label("contacts", "companies", { name = "billing", label = "Billing" }))
    wire.take(server)
    local outcome = associations:create_many("contacts", "companies", {
      { from = contact, to = companies[1] },
      { from = contact, to = "999999999" },
      { from = tonumber(contact), to = companies[2], labels = { "Billing" } },
      { from = contact, to = companies[3] },
    })
    assert.same({ 3, 1, 2 }, { #outcome.results, #outcome.errors, outcome.errors[1].index })
    assert.same({ from = contact, to = companies[1], index = 1 }, outcome.results[1])
    local requests = wire.take(server)
    assert.equal(3, #requests)
    assert.truthy(requests[2]:find("/contacts/companies/batch/associate/default", 1, true))
    assert.truthy(requests[3]:find("/contacts/companies/batch/create", 1, true))
    assert.same(companies, ids_to_companies(contact))
    local pairs_to_go = { { from = contact, to = companies[1] }, { from = contact, to = companies[3] } }
    outcome = associations:delete_many("contacts", "companies", pairs_to_go)
    assert.same({ 2, 0 }, { #outcome.results, #outcome.errors })
    assert.same({ companies[2] }, ids_to_companies(contact))
  end)

  it("are made by ids of records that were merged, which HubSpot answers with other ids", function()
    local others = create_companies(1)
    local bob = assert(client.contacts:create { email = "bob@example.org" }).id
    local whole = assert(client.companies:merge(companies[1], companies[2])).id
    assert(client.companies:delete(companies[3]))
    local outcome = assert(client.associations:create_many("contacts", "companies", {
      { from = contact, to = companies[3] },
      { from = contact, to = companies[1] },
      { from = contact, to = whole },
      { from = bob, to = companies[2] },
      { from = bob, to = others[1] },
    }))
    local made = {}
    for _, result in ipairs(outcome.results) do
      made[result.index] = result.to
    end
    assert.same({ nil, whole, whole, whole, others[1] }, made)
    assert.same({ 1, 404 }, { outcome.errors[1].index, outcome.errors[1].status })
    assert.equal(1, #outcome.errors)
  end)

  it("are read of many records, all of each, in the order of the ids", function()
    local other = assert(client.contacts:create { email = "bob@example.org" }).id
    local none = assert(client.contacts:create { email = "eve@example.org" }).id
    local many, list = create_companies(1203), {}
    for index, id in ipairs(many) do
      list[index] = { from = contact, to = id }
    end
    list[#list + 1] = { from = other, to = many[1] }
    assert.same({}, client.associations:create_many("contacts", "companies", list).errors)
    wire.take(server)
    local records = client.associations:get_many("contacts", { other, none, contact, other }, "companies")
    assert.same({ other, none, contact }, wire.ids(records))
    assert.same({ many[1] }, wire.ids(records[1].to))
    assert.same({}, records[2].to)
    assert.equal(1203, #records[3].to)
    local seen = {}
    for _, one in ipairs(records[3].to) do
      assert.is_nil(seen[one.id])
      seen[one.id] = true
    end
    local requests = wire.take(server)
    assert.equal(3, #requests)
    assert.is_nil(requests[2]:find(other, 1, true))
    assert.equal(1203, #ids_to_companies(contact))
    assert.equal(3, #wire.take(server))
  end)

  it("are refused where they name nothing", function()
    local associations = client.associations
    misuse.throws(
      "associations:create: from_type must be the name or id of a type",
      function() associations:create("a/b", 1, "companies", 2) end
    )
    misuse.throws("associations:all: id must be an id", function() associations:all("contacts", "x", "companies") end)
    misuse.throws(
      "associations:create_many: pairs[1].to is missing",
      function() associations:create_many("contacts", "companies", { { from = 1 } }) end
    )
    misuse.throws(
      "associations:delete_labels: pairs[1] needs labels or types",
      function() associations:delete_labels("contacts", "companies", { { from = 1, to = 2 } }) end
    )
    misuse.throws(
      "associations:create: types[1].typeId is missing",
      function() associations:create("contacts", 1, "companies", 2, { types = { { category = "USER_DEFINED" } } }) end
    )
    assert.same({}, wire.take(server))
  end)
end)

describe("limits of associations", function()
  local world = fixture.new { start = {}, clients = { client = {} }, reset = {} }
  local CONFIGURATIONS = "/crm/associations/2026-09/definitions/configurations/"
  local PLAIN = { category = "HUBSPOT_DEFINED", typeId = 279 }
  local PRIMARY = { category = "HUBSPOT_DEFINED", typeId = 1 }

  local function at_most(type, most) return { category = type.category, typeId = type.typeId, maxToObjectIds = most } end

  it("are made, changed, read and taken away", function()
    local associations = world.clients.client.associations
    local outcome = assert(associations:create_limits("contacts", "companies", {
      at_most(PLAIN, 3),
      { category = "USER_DEFINED", typeId = 77, maxToObjectIds = 2 },
      at_most(PRIMARY, 1),
    }))
    assert.same({ 2, 1, 2 }, { #outcome.results, #outcome.errors, outcome.errors[1].index })
    assert.equal(
      "POST "
        .. CONFIGURATIONS
        .. 'contacts/companies/batch/create {"inputs":[{"category":"HUBSPOT_DEFINED","maxToObjectIds":3,"typeId":279},'
        .. '{"category":"USER_DEFINED","maxToObjectIds":2,"typeId":77},'
        .. '{"category":"HUBSPOT_DEFINED","maxToObjectIds":1,"typeId":1}]}',
      wire.take(world.server)[1]
    )
    outcome = assert(associations:update_limits("contacts", "companies", { at_most(PLAIN, 5) }))
    assert.same({ 279, 5, 1 }, {
      outcome.results[1].typeId,
      outcome.results[1].userEnforcedMaxToObjectIds,
      outcome.results[1].index,
    })
    local of_pair = assert(associations:limits("contacts", "companies"))
    assert.equal(2, #of_pair)
    local everywhere = assert(associations:all_limits())
    table.sort(everywhere, function(a, b) return a.typeId > b.typeId end)
    assert.same(of_pair, everywhere)
    assert.same({}, assert(associations:limits("deals", "companies")))
    outcome = assert(associations:delete_limits("contacts", "companies", { PLAIN, PRIMARY }))
    assert.same({ 279, 2 }, { outcome.results[1].typeId, #outcome.results })
    assert.same({}, assert(associations:all_limits()))
    local purge = 'contacts/companies/batch/purge {"inputs":[{"category":"HUBSPOT_DEFINED","typeId":279},'
      .. '{"category":"HUBSPOT_DEFINED","typeId":1}]}'
    assert.same({
      "POST "
        .. CONFIGURATIONS
        .. 'contacts/companies/batch/update {"inputs":[{"category":"HUBSPOT_DEFINED","maxToObjectIds":5,"typeId":279}]}',
      "GET " .. CONFIGURATIONS .. "contacts/companies",
      "GET " .. CONFIGURATIONS .. "all",
      "GET " .. CONFIGURATIONS .. "deals/companies",
      "POST " .. CONFIGURATIONS .. purge,
      "GET " .. CONFIGURATIONS .. "all",
    }, wire.take(world.server))
  end)

  it("are refused where they limit nothing", function()
    local associations = world.clients.client.associations
    world:refuses(
      "limits[1].maxToObjectIds is missing",
      function() associations:create_limits("contacts", "companies", { PLAIN }) end
    )
    world:refuses(
      "limits[1].maxToObjectIds must be an integer from 1",
      function() associations:update_limits("contacts", "companies", { at_most(PLAIN, 0) }) end
    )
    world:refuses("limits must not be empty", function() associations:delete_limits("contacts", "companies", {}) end)
  end)
end)
