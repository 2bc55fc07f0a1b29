-- client.contacts over real sockets: what goes over the wire is compared with HubSpot's documentation of it, not with
-- the client's own tables.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local wire = require "spec.support.wire"

local take, ids_of, collect = wire.take, wire.ids, wire.collect

local ISO = "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$"
local UNKNOWN_ID = "999999"

local here = fixture.new { reset = { v1_lists = true } }
local server, clients = here.server, here.clients

-- Makes contacts; forgets the requests that this took.
local function people(...) return here:create_contacts { ... } end

-- Checks that an option without a place in a route throws where it is passed, naming the route that has one.
local function refuses(client, ...)
  return here:refuses_option("option %s works only with api_version", client.contacts, ...)
end

-- An option of other methods.
local function does_not_know(client, ...) return here:refuses_option("unknown option %s", client.contacts, ...) end

local function utk_of(id)
  local contact = assert(clients.v1.contacts:get(id))
  server:clear_requests()
  for _, identity in ipairs(contact.identityProfiles[1].identities) do
    if identity.type == "LEAD_GUID" then return identity.value end
  end
end

local ROUTE_OF_V1 = 'api_version = "v1"'
local ROUTE_OF_CURRENT = 'api_version = "2026-09"'

-- Reading one ----------------------------------------------------------------------------------------------------

describe("contacts:get", function()
  it("reads a contact", function()
    local id = people({ email = "ada@example.org", firstname = "Ada" })[1]
    local contact = assert(clients.current.contacts:get(id))
    assert.same({ "GET /crm/objects/2026-09/contacts/" .. id }, take(server))
    assert.equal(id, contact.id)
    assert.equal("ada@example.org", contact.properties.email)
    assert.equal("Ada", contact.properties.firstname)
    assert.truthy(contact.createdAt:find(ISO))
    assert.truthy(contact.updatedAt:find(ISO))
    assert.is_false(contact.archived)
    assert.truthy(contact.url:find(id, 1, true))
  end)

  it("has no key for a property that is null", function()
    local id = people({ email = "ada@example.org" })[1]
    local contact = assert(clients.current.contacts:get(id, { properties = { "email", "phone" } }))
    assert.is_nil(contact.properties.phone)
    for name in pairs(contact.properties) do
      assert.not_equal("phone", name)
    end
  end)

  it("reads it on 2026-03", function()
    local id = people({ email = "ada@example.org" })[1]
    assert.equal(id, assert(clients.march.contacts:get(id)).id)
    assert.same({ "GET /crm/objects/2026-03/contacts/" .. id }, take(server))
  end)

  it("reads it on v1, without the history that nobody asked for", function()
    local id = people({ email = "ada@example.org", firstname = "Ada", phone = "1" })[1]
    local contact = assert(clients.v1.contacts:get(id))
    assert.same({ "GET /contacts/v1/contact/vid/" .. id .. "/profile?propertyMode=value_only" }, take(server))
    assert.equal(id, contact.id)
    assert.equal("ada@example.org", contact.properties.email)
    assert.equal("1", contact.properties.phone)
    assert.is_nil(contact.propertiesWithHistory)
    assert.truthy(contact.createdAt:find(ISO))
    assert.truthy(contact.updatedAt:find(ISO))
    assert.is_false(contact.archived)
    assert.is_true(contact.isContact)
    assert.same({}, contact.mergedIds)
    assert.same({}, contact.formSubmissions)
    assert.same({}, contact.listMemberships)
    local identity = contact.identityProfiles[1].identities[1]
    assert.same({ "EMAIL", "ada@example.org", true }, { identity.type, identity.value, identity.isPrimary })
  end)

  it("honours each read option", function()
    local id = people({ email = "ada@example.org", phone = "1", associatedcompanyid = "881" })[1]
    assert(clients.current.contacts:update(id, { phone = "2" }))
    local list = assert(clients.current.lists:create { name = "Members" })
    assert(clients.current.lists:add(list.listId, { ids = { id } }))
    server:clear_requests()

    local contact = assert(clients.current.contacts:get(id, {
      properties = { "email", "phone" },
      with_history = { "phone" },
      associations = { "companies" },
      archived = false,
      list_memberships = true,
    }))
    assert.same({
      "GET /crm/objects/2026-09/contacts/"
        .. id
        .. "?archived=false&associations=companies"
        .. "&properties=email%2Cphone&propertiesWithHistory=phone",
      'POST /crm/lists/2026-09/records/memberships/batch/read {"inputs":[{"objectTypeId":"0-1","recordId":"'
        .. id
        .. '"}]}',
    }, take(server))
    assert.equal("2", contact.properties.phone)
    assert.same(
      { "2", "1" },
      { contact.propertiesWithHistory.phone[1].value, contact.propertiesWithHistory.phone[2].value }
    )
    assert.truthy(contact.propertiesWithHistory.phone[1].timestamp:find(ISO))
    assert.equal("881", contact.associations.companies[1].id)
    assert.equal(list.listId, contact.listMemberships[1].listId)
  end)

  it("takes with_history = true for the properties that are read", function()
    local id = people({ email = "ada@example.org", phone = "1" })[1]
    local contact = assert(clients.current.contacts:get(id, { properties = { "phone" }, with_history = true }))
    assert.same(
      { "GET /crm/objects/2026-09/contacts/" .. id .. "?properties=phone&propertiesWithHistory=phone" },
      take(server)
    )
    assert.equal("1", contact.propertiesWithHistory.phone[1].value)
    assert.has_error(function() clients.current.contacts:get(id, { with_history = true }) end)
    assert.same({}, take(server))
  end)

  it("reads a deleted contact with archived", function()
    local id = people({ email = "ada@example.org" })[1]
    assert(clients.current.contacts:delete(id))
    server:clear_requests()
    local contact = assert(clients.current.contacts:get(id, { archived = true }))
    assert.same({ "GET /crm/objects/2026-09/contacts/" .. id .. "?archived=true" }, take(server))
    assert.is_true(contact.archived)
    assert.truthy(contact.archivedAt:find(ISO))
  end)

  it("honours each read option of v1", function()
    local id = people({ email = "ada@example.org", phone = "1" })[1]
    assert(clients.v1.contacts:update(id, { phone = "2" }))
    server:clear_requests()
    local contact = assert(clients.v1.contacts:get(id, {
      properties = { "email" },
      with_history = { "phone" },
      form_submissions = "newest",
      list_memberships = true,
    }))
    assert.same({
      "GET /contacts/v1/contact/vid/"
        .. id
        .. "/profile?formSubmissionMode=newest&property=email"
        .. "&property=phone&propertyMode=value_and_history&showListMemberships=true",
    }, take(server))
    assert.equal("ada@example.org", contact.properties.email)
    assert.is_nil(contact.propertiesWithHistory.email)
    local history = contact.propertiesWithHistory.phone
    assert.same({ "2", "1" }, { history[1].value, history[2].value })
    assert.equal("API", history[1].sourceType)
    assert.truthy(history[1].timestamp:find(ISO))
  end)

  it("gives the history of all properties on v1", function()
    local id = people({ email = "ada@example.org", phone = "1" })[1]
    local contact = assert(clients.v1.contacts:get(id, { with_history = true }))
    assert.same({ "GET /contacts/v1/contact/vid/" .. id .. "/profile?propertyMode=value_and_history" }, take(server))
    assert.equal("ada@example.org", contact.propertiesWithHistory.email[1].value)
    assert.equal("1", contact.propertiesWithHistory.phone[1].value)
  end)

  for _, mode in ipairs { "all", "none", "newest", "oldest" } do
    it(("sends form_submissions = %q"):format(mode), function()
      local id = people({ email = "ada@example.org" })[1]
      assert(clients.v1.contacts:get(id, { form_submissions = mode }))
      assert.same(
        { ("GET /contacts/v1/contact/vid/%s/profile?formSubmissionMode=%s&propertyMode=value_only"):format(id, mode) },
        take(server)
      )
    end)
  end

  it("refuses options of the other route", function()
    for _, method in ipairs { "get", "get_by_email" } do
      local message = refuses(clients.current, method, "form_submissions", "all", "4127")
      assert.truthy(message:find(ROUTE_OF_V1, 1, true))
      for option, value in pairs { archived = true, associations = { "companies" } } do
        message = refuses(clients.v1, method, option, value, "4127")
        assert.truthy(message:find(ROUTE_OF_CURRENT, 1, true))
      end
    end
  end)

  it("gives the decoded answer untouched with raw", function()
    local id = people({ email = "ada@example.org" })[1]
    local answer = assert(clients.v1.contacts:get(id, { raw = true }))
    assert.equal(tonumber(id), answer.vid)
    assert.equal("ada@example.org", answer.properties.email.value)
    answer = assert(clients.current.contacts:get(id, { raw = true, properties = { "phone" } }))
    assert.equal(hubspot.null, answer.properties.phone)
  end)
end)

describe("contacts:get_by_email", function()
  it("reads a contact by its address", function()
    local id = people({ email = "ada+news@example.org" })[1]
    assert.equal(id, assert(clients.current.contacts:get_by_email "ada+news@example.org").id)
    assert.equal(id, assert(clients.march.contacts:get_by_email "ada+news@example.org").id)
    assert.equal(id, assert(clients.v1.contacts:get_by_email "ada+news@example.org").id)
    assert.same({
      "GET /crm/objects/2026-09/contacts/ada%2Bnews%40example.org?idProperty=email",
      "GET /crm/objects/2026-03/contacts/ada%2Bnews%40example.org?idProperty=email",
      "GET /contacts/v1/contact/email/ada%2Bnews%40example.org/profile?propertyMode=value_only",
    }, take(server))
  end)

  it("takes the read options", function()
    local id = people({ email = "ada@example.org", phone = "1" })[1]
    local contact = assert(clients.current.contacts:get_by_email("ada@example.org", {
      properties = { "phone" },
      with_history = true,
      associations = { "companies" },
      archived = false,
      list_memberships = true,
    }))
    assert.same({ id, "1", {} }, { contact.id, contact.properties.phone, contact.listMemberships })
    assert(
      clients.v1.contacts:get_by_email(
        "ada@example.org",
        { properties = { "phone", "email" }, with_history = true, form_submissions = "none", list_memberships = false }
      )
    )
    assert.same({
      "GET /crm/objects/2026-09/contacts/ada%40example.org?archived=false&associations=companies&idProperty=email"
        .. "&properties=phone&propertiesWithHistory=phone",
      'POST /crm/lists/2026-09/records/memberships/batch/read {"inputs":[{"objectTypeId":"0-1","recordId":"'
        .. id
        .. '"}]}',
      "GET /contacts/v1/contact/email/ada%40example.org/profile?formSubmissionMode=none&property=phone"
        .. "&property=email&propertyMode=value_and_history&showListMemberships=false",
    }, take(server))
  end)
end)

describe("contacts:get_by_utk", function()
  it("takes v1 whatever the API version, since HubSpot has no newer form", function()
    local id = people({ email = "ada@example.org" })[1]
    local utk = utk_of(id)
    for _, client in pairs(clients) do
      assert.equal(id, assert(client.contacts:get_by_utk(utk)).id)
      assert.same({ ("GET /contacts/v1/contact/utk/%s/profile?propertyMode=value_only"):format(utk) }, take(server))
    end
  end)

  it("takes the options of v1", function()
    local id = people({ email = "ada@example.org" })[1]
    local utk = utk_of(id)
    local contact = assert(
      clients.current.contacts:get_by_utk(
        utk,
        { properties = { "email" }, with_history = true, form_submissions = "all", list_memberships = true }
      )
    )
    assert.equal("ada@example.org", contact.propertiesWithHistory.email[1].value)
    assert.same({
      (
        "GET /contacts/v1/contact/utk/%s/profile?formSubmissionMode=all&property=email"
        .. "&propertyMode=value_and_history&showListMemberships=true"
      ):format(utk),
    }, take(server))
    does_not_know(clients.current, "get_by_utk", "archived", true, utk)
    does_not_know(clients.current, "get_by_utk", "associations", { "companies" }, utk)
  end)
end)

-- Reading many ---------------------------------------------------------------------------------------------------

local function inputs_of(keys)
  local inputs = {}
  for index, key in ipairs(keys) do
    inputs[index] = ('{"id":"%s"}'):format(key)
  end
  return table.concat(inputs, ",")
end

local function slice(list, first, last)
  local part = {}
  for index = first, math.min(last, #list) do
    part[#part + 1] = list[index]
  end
  return part
end

describe("contacts:get_many", function()
  -- 250 ids: all the contacts that there are, backwards, and unknown ones between them.
  local function many_ids(known)
    local ids, expected = {}, {}
    for index = #known, 1, -1 do
      ids[#ids + 1] = known[index]
      expected[#expected + 1] = known[index]
      if index % 4 == 0 then ids[#ids + 1] = tonumber(UNKNOWN_ID) + index end
    end
    assert.equal(250, #ids)
    return ids, expected
  end

  local function known_ids()
    server:reset { contacts = 200, v1_lists = true }
    local known = ids_of(collect(clients.current.contacts:all()))
    server:clear_requests()
    return known
  end

  it("reads 250 ids in three requests, in the order of the ids, without the unknown ones", function()
    local known = known_ids()
    local ids, expected = many_ids(known)
    assert.same(expected, ids_of(assert(clients.current.contacts:get_many(ids))))
    local texts = {}
    for index, id in ipairs(ids) do
      texts[index] = ("%d"):format(id)
    end
    local requests = {}
    for chunk = 1, 3 do
      requests[chunk] = (
        'POST /crm/objects/2026-09/contacts/batch/read {"inputs":[%s],"properties":[],'
        .. '"propertiesWithHistory":[]}'
      ):format(inputs_of(slice(texts, chunk * 100 - 99, chunk * 100)))
    end
    table.sort(requests)
    assert.same(requests, wire.take_sorted(server))
  end)

  it("does so on v1", function()
    local known = known_ids()
    local ids, expected = many_ids(known)
    local contacts = assert(clients.v1.contacts:get_many(ids))
    assert.same(expected, ids_of(contacts))
    assert.equal("table", type(contacts[1].properties))
    local requests = {}
    for chunk = 1, 3 do
      local vids = {}
      for index, id in ipairs(slice(ids, chunk * 100 - 99, chunk * 100)) do
        vids[index] = ("vid=%d"):format(id)
      end
      requests[chunk] = "GET /contacts/v1/contact/vids/batch/?propertyMode=value_only&" .. table.concat(vids, "&")
    end
    table.sort(requests)
    assert.same(requests, wire.take_sorted(server))
  end)

  it("asks for an id once, however often it is named", function()
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" })
    local named = { ids[2], ids[1], ids[2], tonumber(ids[2]) }
    assert.same({ ids[2], ids[1] }, ids_of(assert(clients.current.contacts:get_many(named))))
    assert.same({ ids[2], ids[1] }, ids_of(assert(clients.v1.contacts:get_many(named))))
    assert.same({
      ('POST /crm/objects/2026-09/contacts/batch/read {"inputs":[%s],"properties":[],"propertiesWithHistory":[]}'):format(
        inputs_of { ids[2], ids[1] }
      ),
      ("GET /contacts/v1/contact/vids/batch/?propertyMode=value_only&vid=%s&vid=%s"):format(ids[2], ids[1]),
    }, take(server))
  end)

  for _, route in ipairs { "current", "v1" } do
    it("gives a contact once that two ids lead to, neither of which is its own, on " .. route, function()
      local ids = people({ email = "a@example.org" }, { email = "b@example.org" }, { email = "c@example.org" })
      local left = assert(clients.current.contacts:merge(ids[1], ids[3])).id
      local contacts = clients[route].contacts
      for _, case in ipairs {
        { { ids[3], ids[2], ids[1] }, { left, ids[2] } },
        { { ids[2], ids[3] }, { ids[2], left } },
        { { ids[1], left, ids[2] }, { left, ids[2] } },
      } do
        assert.same(case[2], ids_of(assert(contacts:get_many(case[1], { properties = { "email" } }))))
      end
    end)

    it("gives a contact once that several of the ids lead to, on " .. route, function()
      server:reset { v1_lists = true, keeps_primary_id = true }
      local ids = people({ email = "a@example.org" }, { email = "b@example.org" }, { email = "c@example.org" })
      assert(clients.current.contacts:merge(ids[1], ids[3]))
      local contacts = clients[route].contacts
      for _, case in ipairs {
        -- At the place of its own id; without that, at the place of the other one.
        { { ids[3], ids[2], ids[1] }, { ids[2], ids[1] } },
        { { ids[2], ids[3] }, { ids[2], ids[1] } },
        { { ids[1], UNKNOWN_ID, ids[3], ids[2] }, { ids[1], ids[2] } },
        { { ids[3], ids[2] }, { ids[1], ids[2] } },
      } do
        assert.same(case[2], ids_of(assert(contacts:get_many(case[1], { properties = { "email" } }))))
      end
      -- In requests of their own, too.
      local many = { ids[3] }
      for number = 1, 120 do
        many[#many + 1] = tostring(900000 + number)
      end
      many[#many + 1], many[#many + 2] = ids[2], ids[1]
      local found = assert(contacts:get_many(many))
      assert.same({ ids[1], ids[2] }, ids_of(found))
      found = assert(contacts:get_many_by_email { "c@example.org", "b@example.org", "a@example.org", "A@example.org" })
      assert.same({ ids[1], ids[2] }, ids_of(found))
    end)
  end

  it("gives nothing where it knows none of the ids", function()
    assert.same({}, assert(clients.current.contacts:get_many { UNKNOWN_ID }))
    assert.same({}, assert(clients.v1.contacts:get_many { UNKNOWN_ID }))
  end)

  it("honours each read option", function()
    local id = people({ email = "ada@example.org", phone = "1" })[1]
    local contacts = assert(
      clients.current.contacts:get_many(
        { id },
        { properties = { "email" }, with_history = { "phone" }, archived = false, list_memberships = true }
      )
    )
    assert.same({
      (
        'POST /crm/objects/2026-09/contacts/batch/read?archived=false {"inputs":[{"id":"%s"}],"properties":["email"],'
        .. '"propertiesWithHistory":["phone"]}'
      ):format(id),
      'POST /crm/lists/2026-09/records/memberships/batch/read {"inputs":[{"objectTypeId":"0-1","recordId":"'
        .. id
        .. '"}]}',
    }, take(server))
    assert.equal("1", contacts[1].propertiesWithHistory.phone[1].value)
    assert.same({}, contacts[1].listMemberships)

    contacts = assert(clients.v1.contacts:get_many({ id }, {
      properties = { "email" },
      with_history = { "phone" },
      form_submissions = "oldest",
      list_memberships = true,
      include_deleted = true,
    }))
    assert.same({
      "GET /contacts/v1/contact/vids/batch/?formSubmissionMode=oldest&includeDeletes=true&property=email"
        .. "&property=phone&propertyMode=value_and_history&showListMemberships=true&vid="
        .. id,
    }, take(server))
    assert.equal("1", contacts[1].propertiesWithHistory.phone[1].value)
  end)

  it("asks for 50 at a time where it reads history", function()
    local ids = known_ids()
    local contacts =
      assert(clients.current.contacts:get_many(slice(ids, 1, 60), { properties = { "email" }, with_history = true }))
    assert.same(slice(ids, 1, 60), ids_of(contacts))
    local requests = take(server)
    assert.equal(2, #requests)
    assert.truthy(requests[1]:find(inputs_of(slice(ids, 1, 50)) .. "]", 1, true))
    assert.truthy(requests[2]:find("[" .. inputs_of(slice(ids, 51, 60)), 1, true))
  end)

  it("refuses with_history = true without properties where it is called", function()
    local _, message = pcall(function() clients.current.contacts:get_many({ "4127" }, { with_history = true }) end)
    assert.truthy(tostring(message):find "spec/contacts_get_spec.lua:%d+: hubspot: contacts:get_many: with_history")
    assert.same({}, take(server))
  end)

  it("reads deleted contacts", function()
    local id = people({ email = "ada@example.org" })[1]
    assert(clients.current.contacts:delete(id))
    assert.same({ id }, ids_of(assert(clients.current.contacts:get_many({ id }, { archived = true }))))
    assert.same({ id }, ids_of(assert(clients.v1.contacts:get_many({ id }, { include_deleted = true }))))
    assert.same({}, assert(clients.v1.contacts:get_many { id }))
  end)

  it("refuses options of the other route", function()
    for method, keys in pairs { get_many = { "1" }, get_many_by_email = { "a@example.org" } } do
      refuses(clients.current, method, "form_submissions", "all", keys)
      refuses(clients.current, method, "include_deleted", true, keys)
      refuses(clients.v1, method, "archived", true, keys)
      does_not_know(clients.v1, method, "associations", { "companies" }, keys)
    end
  end)

  it("gives the answers of its requests with raw", function()
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" })
    local answers = assert(clients.current.contacts:get_many(ids, { raw = true }))
    assert.equal(1, #answers)
    assert.equal("COMPLETE", answers[1].status)
    assert.equal(2, #answers[1].results)
  end)

  it("reports an answer that leaves a contact out for another reason than that there is none", function()
    local id = people({ email = "ada@example.org" })[1]
    server:fault { kind = "multi_status", path = "/batch/read$" }
    local contacts, err = clients.current.contacts:get_many { id }
    assert.is_nil(contacts)
    assert.truthy(tostring(err):find("The input failed", 1, true))
  end)

  it("gives the error of a request in the middle", function()
    local ids = known_ids()
    server:fault { kind = "status", status = 403, after = 1 }
    local contacts, err = clients.current.contacts:get_many(ids)
    assert.is_nil(contacts)
    assert.equal(403, err.status)
    assert.equal(2, #take(server))
  end)
end)

describe("contacts:get_many_by_email", function()
  it("reads contacts in the order of the addresses, whatever their case, without the unknown ones", function()
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" }, { email = "c@example.org" })
    local emails = { "C@example.org", "nobody@example.org", "a@example.org", "c@example.org" }
    assert.same({ ids[3], ids[1] }, ids_of(assert(clients.current.contacts:get_many_by_email(emails))))
    assert.same({ ids[3], ids[1] }, ids_of(assert(clients.v1.contacts:get_many_by_email(emails))))
    assert.same({
      'POST /crm/objects/2026-09/contacts/batch/read {"idProperty":"email","inputs":[{"id":"C@example.org"},'
        .. '{"id":"nobody@example.org"},{"id":"a@example.org"}],"properties":["email","hs_additional_emails"],'
        .. '"propertiesWithHistory":[]}',
      "GET /contacts/v1/contact/emails/batch/?email=C%40example.org&email=nobody%40example.org&email=a%40example.org"
        .. "&propertyMode=value_only",
    }, take(server))
  end)

  it("knows a contact by its other addresses", function()
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" }, { email = "c@example.org" })
    local left = assert(clients.current.contacts:merge(ids[1], ids[2])).id
    local emails = { "c@example.org", "b@example.org" }
    for _, client in pairs { clients.current, clients.v1 } do
      assert.same({ ids[3], left }, ids_of(assert(client.contacts:get_many_by_email(emails))))
    end
  end)

  it("honours the read options", function()
    people { email = "ada@example.org", phone = "1" }
    assert(
      clients.current.contacts:get_many_by_email(
        { "ada@example.org" },
        { properties = { "phone", "email" }, with_history = { "phone" }, archived = false }
      )
    )
    local contacts = assert(clients.v1.contacts:get_many_by_email({ "ada@example.org" }, {
      properties = { "phone" },
      form_submissions = "none",
      include_deleted = true,
      with_history = true,
      list_memberships = false,
    }))
    assert.equal("1", contacts[1].properties.phone)
    assert.same({
      'POST /crm/objects/2026-09/contacts/batch/read?archived=false {"idProperty":"email",'
        .. '"inputs":[{"id":"ada@example.org"}],"properties":["phone","email","hs_additional_emails"],'
        .. '"propertiesWithHistory":["phone"]}',
      "GET /contacts/v1/contact/emails/batch/?email=ada%40example.org&formSubmissionMode=none&includeDeletes=true"
        .. "&property=phone&propertyMode=value_and_history&showListMemberships=false",
    }, take(server))
  end)
end)

describe("contacts:get_many_by_utk", function()
  it("takes v1 whatever the API version, and keeps the order", function()
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" })
    local utks = { utk_of(ids[2]), "00000000000000000000000000000000", utk_of(ids[1]) }
    for _, client in pairs(clients) do
      assert.same({ ids[2], ids[1] }, ids_of(assert(client.contacts:get_many_by_utk(utks))))
      assert.same({
        ("GET /contacts/v1/contact/utks/batch/?propertyMode=value_only&utk=%s&utk=%s&utk=%s"):format(
          utks[1],
          utks[2],
          utks[3]
        ),
      }, take(server))
    end
  end)

  it("takes the options of v1", function()
    local utk = utk_of(people({ email = "a@example.org" })[1])
    assert(clients.current.contacts:get_many_by_utk({ utk }, {
      properties = { "email" },
      include_deleted = true,
      form_submissions = "all",
      list_memberships = true,
      with_history = true,
    }))
    assert.same({
      "GET /contacts/v1/contact/utks/batch/?formSubmissionMode=all&includeDeletes=true&property=email"
        .. "&propertyMode=value_and_history&showListMemberships=true&utk="
        .. utk,
    }, take(server))
    does_not_know(clients.current, "get_many_by_utk", "archived", true, { utk })
  end)
end)
