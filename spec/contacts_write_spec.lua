-- client.contacts over real sockets: what goes over the wire is compared with HubSpot's documentation of it, not with
-- the client's own tables.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local wire = require "spec.support.wire"

local take, ids_of, collect = wire.take, wire.ids, wire.collect

local UNKNOWN_ID = "999999"

local here = fixture.new { reset = { v1_lists = true } }
local server, clients = here.server, here.clients

-- Makes contacts; forgets the requests that this took.
local function people(...) return here:create_contacts { ... } end

-- Checks that an option without a place in a route throws where it is passed, naming the route that has one.
local function refuses(client, ...)
  return here:refuses_option("option %s works only with api_version", client.contacts, ...)
end

describe("contacts:create", function()
  it("creates a contact, whose values are sent as the strings that HubSpot keeps", function()
    local contact = assert(clients.current.contacts:create {
      email = "ada@example.org",
      lead_score = 42,
      newsletter_consent = true,
      phone = hubspot.null,
      zip = 1.5,
    })
    assert.same({
      'POST /crm/objects/2026-09/contacts {"properties":{"email":"ada@example.org","lead_score":"42",'
        .. '"newsletter_consent":"true","phone":"","zip":"1.5"}}',
    }, take(server))
    assert.equal("ada@example.org", contact.properties.email)
    assert.equal(
      "42",
      assert(clients.current.contacts:get(contact.id, { properties = { "lead_score" } })).properties.lead_score
    )
  end)

  it("creates one on v1", function()
    local contact = assert(clients.v1.contacts:create { firstname = "Ada", email = "ada@example.org" })
    assert.same({
      'POST /contacts/v1/contact/ {"properties":[{"property":"email","value":"ada@example.org"},'
        .. '{"property":"firstname","value":"Ada"}]}',
    }, take(server))
    assert.equal("ada@example.org", contact.properties.email)
    assert.equal(contact.id, assert(clients.current.contacts:get_by_email "ada@example.org").id)
    assert.is_nil(contact.propertiesWithHistory)
  end)

  it("creates one on 2026-03", function()
    assert.truthy(assert(clients.march.contacts:create { firstname = "Ada" }).id)
    assert.same({ 'POST /crm/objects/2026-03/contacts {"properties":{"firstname":"Ada"}}' }, take(server))
  end)

  it("sends associations", function()
    local company = assert(clients.current:request {
      method = "POST",
      path = "/crm/objects/2026-09/companies",
      body = { properties = { name = "Acme" } },
    })
    take(server)
    assert(clients.current.contacts:create({ firstname = "Ada" }, {
      associations = {
        { to = { id = company.id }, types = { { associationCategory = "HUBSPOT_DEFINED", associationTypeId = 279 } } },
      },
    }))
    assert.same({
      'POST /crm/objects/2026-09/contacts {"associations":[{"to":{"id":"'
        .. company.id
        .. '"},"types":[{'
        .. '"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}]}],"properties":{"firstname":"Ada"}}',
    }, take(server))
    refuses(clients.v1, "create", "associations", { {} }, { firstname = "Ada" })
  end)
end)

describe("contacts:update", function()
  it("updates a contact, and clears with an empty value", function()
    local id = people({ email = "ada@example.org", phone = "1" })[1]
    local contact = assert(clients.current.contacts:update(id, { firstname = "Ada", phone = "" }))
    assert.same(
      { ('PATCH /crm/objects/2026-09/contacts/%s {"properties":{"firstname":"Ada","phone":""}}'):format(id) },
      take(server)
    )
    assert.same({ id, "Ada" }, { contact.id, contact.properties.firstname })
    assert.is_nil(assert(clients.current.contacts:get(id, { properties = { "phone" } })).properties.phone)
  end)

  it("gives true on v1, which answers nothing", function()
    local id = people({ email = "ada@example.org" })[1]
    assert.is_true(clients.v1.contacts:update(tonumber(id), { firstname = "Ada" }))
    assert.same({
      ('POST /contacts/v1/contact/vid/%s/profile {"properties":[{"property":"firstname","value":"Ada"}]}'):format(id),
    }, take(server))
    assert.equal("Ada", assert(clients.current.contacts:get(id)).properties.firstname)
  end)

  it("updates one on 2026-03", function()
    local id = people({ email = "ada@example.org" })[1]
    assert(clients.march.contacts:update(id, { firstname = "Ada" }))
    assert.same(
      { ('PATCH /crm/objects/2026-03/contacts/%s {"properties":{"firstname":"Ada"}}'):format(id) },
      take(server)
    )
  end)
end)

describe("contacts:update_by_email", function()
  it("updates a contact on each route", function()
    local id = people({ email = "ada+1@example.org" })[1]
    local contact = assert(clients.current.contacts:update_by_email("ada+1@example.org", { firstname = "Ada" }))
    assert.same({ id, "Ada" }, { contact.id, contact.properties.firstname })
    assert.is_true(clients.v1.contacts:update_by_email("ada+1@example.org", { firstname = "Eve" }))
    assert.same({
      'PATCH /crm/objects/2026-09/contacts/ada%2B1%40example.org?idProperty=email {"properties":{"firstname":"Ada"}}',
      "POST /contacts/v1/contact/email/ada%2B1%40example.org/profile "
        .. '{"properties":[{"property":"firstname","value":"Eve"}]}',
    }, take(server))
    assert.equal("Eve", assert(clients.current.contacts:get(id)).properties.firstname)
  end)
end)

describe("contacts:upsert", function()
  it("creates, then updates", function()
    local made = assert(clients.current.contacts:upsert("ada@example.org", { firstname = "Ada" }))
    assert.is_true(made.new)
    assert.equal("Ada", made.properties.firstname)
    local updated = assert(clients.current.contacts:upsert("ada@example.org", { firstname = "Eve" }))
    assert.same({ made.id, false, "Eve" }, { updated.id, updated.new, updated.properties.firstname })
    assert.same({
      'POST /crm/objects/2026-09/contacts/batch/upsert {"inputs":[{"id":"ada@example.org","idProperty":"email",'
        .. '"properties":{"firstname":"Ada"}}]}',
      'POST /crm/objects/2026-09/contacts/batch/upsert {"inputs":[{"id":"ada@example.org","idProperty":"email",'
        .. '"properties":{"firstname":"Eve"}}]}',
    }, take(server))
  end)

  it("creates, then updates, on v1", function()
    local made = assert(clients.v1.contacts:upsert("ada@example.org", { firstname = "Ada" }))
    local updated = assert(clients.v1.contacts:upsert("ada@example.org", { firstname = "Eve" }))
    assert.same({ { id = made.id, new = true }, { id = made.id, new = false } }, { made, updated })
    assert.same({
      "POST /contacts/v1/contact/createOrUpdate/email/ada%40example.org/ "
        .. '{"properties":[{"property":"firstname","value":"Ada"}]}',
      "POST /contacts/v1/contact/createOrUpdate/email/ada%40example.org/ "
        .. '{"properties":[{"property":"firstname","value":"Eve"}]}',
    }, take(server))
  end)

  it("gives the error of a 207", function()
    server:fault { kind = "multi_status" }
    local contact, err = clients.current.contacts:upsert("ada@example.org", { firstname = "Ada" })
    assert.is_nil(contact)
    assert.equal("VALIDATION_ERROR", err.category)
    assert.truthy(tostring(err):find("The input failed", 1, true))
    assert.truthy(tostring(err):find("POST /crm/objects/2026-09/contacts/batch/upsert", 1, true))
  end)

  it("is retried after a failure that may have carried it out", function()
    server:fault { kind = "reset_after" }
    local contact = assert(clients.current.contacts:upsert("ada@example.org", { firstname = "Ada" }))
    assert.equal("Ada", contact.properties.firstname)
    assert.equal(2, #take(server))
    assert.equal(1, #collect(clients.current.contacts:all()))
  end)
end)

describe("contacts:delete", function()
  it("deletes a contact on each route", function()
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" }, { email = "c@example.org" })
    assert.is_true(clients.current.contacts:delete(ids[1]))
    assert.is_true(clients.march.contacts:delete(ids[2]))
    assert.is_true(clients.v1.contacts:delete(ids[3]))
    assert.same({
      "DELETE /crm/objects/2026-09/contacts/" .. ids[1],
      "DELETE /crm/objects/2026-03/contacts/" .. ids[2],
      "DELETE /contacts/v1/contact/vid/" .. ids[3],
    }, take(server))
    assert.same({}, collect(clients.current.contacts:all()))
  end)

  it("succeeds when the answer to the first attempt was lost, and the second finds nothing any more", function()
    local id = people({ email = "a@example.org" })[1]
    server:fault { kind = "reset_after" }
    assert.is_true(clients.v1.contacts:delete(id))
    assert.equal(2, #take(server))
  end)

  it("fails when there was nothing to delete, also where HubSpot first refused to look", function()
    server:fault { kind = "rate_limit", policy = "SECONDLY", retry_after = 0 }
    local deleted, err = clients.v1.contacts:delete(UNKNOWN_ID)
    assert.is_nil(deleted)
    assert.equal(404, err.status)
    assert.equal(2, #take(server))
  end)
end)

describe("contacts:merge", function()
  it("merges, and both ids lead to the one that is left", function()
    local ids = people({ email = "a@example.org" }, { email = "b@example.org", phone = "1" })
    local left = assert(clients.current.contacts:merge(ids[1], ids[2])).id
    assert.not_equal(ids[1], left)
    assert.same({
      ('POST /crm/objects/2026-09/contacts/merge {"objectIdToMerge":"%s","primaryObjectId":"%s"}'):format(
        ids[2],
        ids[1]
      ),
    }, take(server))
    for _, client in pairs(clients) do
      assert.equal(left, assert(client.contacts:get(ids[2])).id)
      -- The record of a merged id has another id; it must not be lost, nor come twice.
      assert.same({ left }, ids_of(assert(client.contacts:get_many { ids[2], ids[1] })))
      assert.same({ left }, ids_of(assert(client.contacts:get_many { ids[2] })))
    end
    assert.same({ ids[2], ids[1] }, assert(clients.v1.contacts:get(ids[1])).mergedIds)
  end)

  it("gives the primary's id where the account keeps it", function()
    server:reset { keeps_primary_id = true }
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" })
    assert.equal(ids[1], assert(clients.current.contacts:merge(ids[1], ids[2])).id)
    assert.equal(ids[1], assert(clients.current.contacts:get(ids[2])).id)
  end)

  it("gives true on v1, whose answer is the bare word SUCCESS", function()
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" })
    assert.is_true(clients.v1.contacts:merge(ids[1], tonumber(ids[2])))
    assert.same({ ('POST /contacts/v1/contact/merge-vids/%s/ {"vidToMerge":%s}'):format(ids[1], ids[2]) }, take(server))
    assert.equal(assert(clients.current.contacts:get(ids[1])).id, assert(clients.current.contacts:get(ids[2])).id)
  end)
end)

describe("a request that creates", function()
  -- A connection that was used before: there it is HTTP's custom to repeat a request that got no answer.
  local function warmed_up(client)
    collect(client.contacts:all())
    server:clear_requests()
  end

  for _, route in ipairs { "current", "v1" } do
    it("is not retried after a reset that may have carried it out, on " .. route, function()
      warmed_up(clients[route])
      server:fault { kind = "reset_after", method = "POST" }
      local contact, err = clients[route].contacts:create { firstname = "Once" }
      assert.is_nil(contact)
      assert.equal("network", err.kind)
      assert.equal(1, #take(server))
      assert.equal(1, #collect(clients.current.contacts:all()))
    end)

    it("is not repeated after a 502, on " .. route, function()
      server:fault { kind = "html", status = 502, method = "POST" }
      local contact, err = clients[route].contacts:create { firstname = "Once" }
      assert.is_nil(contact)
      assert.equal(502, err.status)
      assert.equal(1, err.attempts)
      assert.equal(1, #take(server))
    end)

    it("is repeated after a 429, which certainly did not carry it out, on " .. route, function()
      server:fault { kind = "rate_limit", policy = "SECONDLY", retry_after = 0, method = "POST" }
      assert(clients[route].contacts:create { firstname = "Once" })
      assert.equal(2, #take(server))
      assert.equal(1, #collect(clients.current.contacts:all()))
    end)
  end
end)
