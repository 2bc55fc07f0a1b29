-- client.contacts over real sockets: what goes over the wire is compared with HubSpot's documentation of it, not with
-- the client's own tables.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local paging_examples = require "spec.support.paging_examples"
local portal = require "hubspot.sandbox"
local wire = require "spec.support.wire"

local take, ids_of, collect = wire.take, wire.ids, wire.collect
local unpack = table.unpack or unpack

local ISO = "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$"
local UNKNOWN_ID = "999999"

local here = fixture.new { reset = { v1_lists = true } }
local server, clients = here.server, here.clients

-- Makes contacts; forgets the requests that this took.
local function people(...) return here:create_contacts { ... } end

-- Makes contacts, one a second: their addresses are p1@example.org, p2@example.org…
local function crowd(count)
  local ids = {}
  for number = 1, count do
    ids[number] = people({ email = ("p%d@example.org"):format(number), firstname = "P" .. number })[1]
    server:advance(1)
  end
  server:clear_requests()
  return ids
end

local function reversed(list)
  local backwards = {}
  for index = #list, 1, -1 do
    backwards[#backwards + 1] = list[index]
  end
  return backwards
end

local function throws_for(expected, client, method, option, value, ...)
  local arguments = { ... }
  arguments[#arguments + 1] = { [option] = value }
  local succeeded, message = pcall(client.contacts[method], client.contacts, unpack(arguments))
  assert.is_false(succeeded, ("%s took %s"):format(method, option))
  assert.truthy(message:find(("contacts:%s: %s"):format(method, expected:format(option)), 1, true), message)
  assert.same({}, take(server))
  return message
end

-- Checks that an option without a place in a route throws where it is passed, naming the route that has one.
local function refuses(...) return throws_for("option %s works only with api_version", ...) end

-- An option of other methods.
local function does_not_know(...) return throws_for("unknown option %s", ...) end

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
    assert.equal("881", contact.associations.companies.results[1].id)
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
    for piece = 1, 3 do
      requests[piece] = (
        'POST /crm/objects/2026-09/contacts/batch/read {"inputs":[%s],"properties":[],'
        .. '"propertiesWithHistory":[]}'
      ):format(inputs_of(slice(texts, piece * 100 - 99, piece * 100)))
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
    for piece = 1, 3 do
      local vids = {}
      for index, id in ipairs(slice(ids, piece * 100 - 99, piece * 100)) do
        vids[index] = ("vid=%d"):format(id)
      end
      requests[piece] = "GET /contacts/v1/contact/vids/batch/?propertyMode=value_only&" .. table.concat(vids, "&")
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
    assert.truthy(tostring(message):find "spec/contacts_spec.lua:%d+: hubspot: contacts:get_many: with_history")
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

-- Writing one ----------------------------------------------------------------------------------------------------

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
    assert(clients.current.contacts:create({ firstname = "Ada" }, {
      associations = {
        { to = { id = "881" }, types = { { associationCategory = "HUBSPOT_DEFINED", associationTypeId = 279 } } },
      },
    }))
    assert.same({
      'POST /crm/objects/2026-09/contacts {"associations":[{"to":{"id":"881"},"types":[{'
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

-- Writing many ---------------------------------------------------------------------------------------------------

local function upsert_input(email, index, properties)
  return ('{"id":"%s","idProperty":"email","objectWriteTraceId":"%d","properties":%s}'):format(email, index, properties)
end

local UPSERT = "POST /crm/objects/2026-09/contacts/batch/upsert "
local UPDATE = "POST /crm/objects/2026-09/contacts/batch/update "

local function emails_of(contacts)
  local emails = {}
  for index, contact in ipairs(contacts) do
    emails[index] = contact.properties.email
  end
  table.sort(emails)
  return emails
end

local function all_emails() return emails_of(collect(clients.current.contacts:all { properties = { "email" } })) end

-- Makes records with the addresses r001@example.org, r002@example.org…
local function records_of(count, poison)
  local records = {}
  for index = 1, count do
    records[index] = { email = ("r%03d@example.org"):format(index), properties = { firstname = "R" } }
  end
  for index, record in pairs(poison or {}) do
    records[index] = record
  end
  return records
end

local function indexes_of(errors)
  local indexes = {}
  for place, err in ipairs(errors) do
    indexes[place] = err.index
  end
  return indexes
end

describe("contacts:upsert_many", function()
  it("says of a row that fails in a repeated request that it may have been written", function()
    server:reset { contacts = 0 }
    server:fault { kind = "reset_after", path = "/batch/upsert$" }
    server:fault { kind = "multi_status", path = "/batch/upsert$", indexes = { 2 } }
    local outcome = assert(clients.current.contacts:upsert_many {
      { email = "a@example.org", properties = { firstname = "A" } },
      { email = "b@example.org", properties = { firstname = "B" } },
    })
    assert.equal(1, #outcome.results)
    assert.equal(2, outcome.errors[1].index)
    assert.is_true(outcome.errors[1].ambiguous)
  end)

  it("upserts by address and updates by id, in requests of their own", function()
    local id = people({ email = "ada@example.org" })[1]
    local outcome = assert(clients.current.contacts:upsert_many {
      { email = "eve@example.org", properties = { firstname = "Eve" } },
      { id = tonumber(id), properties = { firstname = "Ada" } },
      { email = "Ada@example.org", properties = { lastname = "L" } },
    })
    assert.same({
      UPSERT .. '{"inputs":[' .. upsert_input("eve@example.org", 1, '{"firstname":"Eve"}') .. "," .. upsert_input(
        "Ada@example.org",
        3,
        '{"lastname":"L"}'
      ) .. "]}",
      UPDATE .. ('{"inputs":[{"id":"%s","objectWriteTraceId":"2","properties":{"firstname":"Ada"}}]}'):format(id),
    }, take(server))
    assert.same({}, outcome.errors)
    assert.equal(3, #outcome.results)
    assert.same({ true, false }, { outcome.results[1].new, outcome.results[2].new })
    assert.equal("Ada", assert(clients.current.contacts:get(id)).properties.firstname)
  end)

  it("sends them together on v1", function()
    local id = people({ email = "ada@example.org" })[1]
    local outcome = assert(clients.v1.contacts:upsert_many({
      { email = "eve@example.org", properties = { lastname = "E", firstname = "Eve" } },
      { id = id, properties = { firstname = "Ada" } },
    }, { audit_id = "nightly import" }))
    assert.same({
      'POST /contacts/v1/contact/batch/?auditId=nightly%20import [{"email":"eve@example.org","properties":['
        .. '{"property":"firstname","value":"Eve"},{"property":"lastname","value":"E"}]},{"properties":['
        .. '{"property":"firstname","value":"Ada"}],"vid":'
        .. id
        .. "}]",
    }, take(server))
    assert.same({}, outcome.errors)
    assert.equal(2, #outcome.results)
    refuses(clients.current, "upsert_many", "audit_id", "x", { { email = "a@b.c", properties = { firstname = "x" } } })
    assert.same({ "ada@example.org", "eve@example.org" }, all_emails())
  end)

  for _, route in ipairs { "current", "v1" } do
    it("sends 100 at a time, on " .. route, function()
      local outcome = assert(clients[route].contacts:upsert_many(records_of(250)))
      assert.same({ 250, 0 }, { #outcome.results, #outcome.errors })
      local sizes = {}
      for index, line in ipairs(take(server)) do
        sizes[index] = select(2, line:gsub("@example.org", ""))
      end
      table.sort(sizes)
      assert.same({ 50, 100, 100 }, sizes)
      assert.equal(250, #all_emails())
    end)

    it("lets a record that HubSpot refuses fail alone, on " .. route, function()
      local outcome = assert(clients[route].contacts:upsert_many(records_of(130, {
        [7] = { email = "not an address", properties = { firstname = "P" } },
        [105] = { email = "r105@example.org", properties = { lead_score = "many" } },
      })))
      assert.equal(128, #outcome.results)
      assert.same({ 7, 105 }, indexes_of(outcome.errors))
      assert.equal(128, #all_emails())
      assert.equal(400, outcome.errors[1].status)
      assert.truthy(tostring(outcome.errors[1]):find("not an address", 1, true))
      assert.truthy(tostring(outcome.errors[2]):find("lead_score", 1, true))
      assert.equal("lead_score", outcome.errors[2].errors[1].name)
    end)

    it("names the record also when it is the only one, on " .. route, function()
      local outcome = clients[route].contacts:upsert_many { { email = "nonsense", properties = { firstname = "P" } } }
      assert.same({}, outcome.results)
      assert.same({ 1 }, indexes_of(outcome.errors))
      assert.truthy(tostring(outcome.errors[1]):find("nonsense", 1, true))
    end)

    it("writes what has one address in the order in which it was given, on " .. route, function()
      local outcome = assert(clients[route].contacts:upsert_many {
        { email = "ada@example.org", properties = { firstname = "first" } },
        { email = "ADA@example.org", properties = { firstname = "second" } },
        { email = "ada@example.org", properties = { firstname = "third" } },
      })
      assert.same({ 3, 0 }, { #outcome.results, #outcome.errors })
      assert.equal(3, #take(server))
      local contact = assert(clients.current.contacts:get_by_email "ada@example.org")
      assert.equal("third", contact.properties.firstname)
      assert.equal(1, #all_emails())
    end)

    it("reports what was written, and what was not because the network failed, on " .. route, function()
      server:fault { kind = "reset", after = 1, times = 1000 }
      local outcome = assert(clients[route].contacts:upsert_many(records_of(250)))
      server:clear_faults()
      assert.same(250, #outcome.results + #outcome.errors)
      assert.equal("network", outcome.stopped_by.kind)
      local named = {}
      for _, err in ipairs(outcome.errors) do
        assert.equal("network", err.kind)
        named[("r%03d@example.org"):format(err.index)] = true
      end
      -- Of the three requests it was one that arrived, whichever.
      local written = all_emails()
      assert.equal(#outcome.results, #written)
      assert.is_true(#written == 100 or #written == 50)
      for _, address in ipairs(written) do
        assert.is_nil(named[address])
      end
    end)

    it("gives the error alone where nothing was written, on " .. route, function()
      server:fault { kind = "rate_limit", policy = "DAILY", times = 1000 }
      local outcome, err = clients[route].contacts:upsert_many(records_of(950))
      assert.is_nil(outcome)
      assert.same({ "rate_limit", "DAILY" }, { err.kind, err.policy_name })
      -- As many as are in flight at once, and no more.
      assert.is_true(#take(server) <= 6)
    end)

    it("keeps with each record what the error that ended the call told, on " .. route, function()
      server:fault { kind = "rate_limit", policy = "DAILY", retry_after = 3600, times = 1000, after = 1 }
      local outcome = assert(clients[route].contacts:upsert_many(records_of(101)))
      assert.equal(101, #outcome.results + #outcome.errors)
      assert.is_true(#outcome.errors == 1 or #outcome.errors == 100)
      for _, err in ipairs(outcome.errors) do
        assert.same({ "rate_limit", 429, "DAILY", 3600 }, { err.kind, err.status, err.policy_name, err.retry_after })
        assert.equal(#outcome.errors == 1, err.index == 101)
      end
      assert.equal(2, #take(server))
    end)

    it("is retried after a failure that may have carried it out, on " .. route, function()
      server:fault { kind = "reset_after" }
      local outcome = assert(clients[route].contacts:upsert_many(records_of(3)))
      assert.same({ 3, 0 }, { #outcome.results, #outcome.errors })
      assert.equal(2, #take(server))
      assert.equal(3, #all_emails())
    end)
  end

  it("tells an unknown id by its index", function()
    local id = people({ email = "ada@example.org" })[1]
    local records = {
      { id = UNKNOWN_ID, properties = { firstname = "N" } },
      { id = id, properties = { firstname = "Ada" } },
    }
    for _, route in ipairs { "current", "v1" } do
      local outcome = assert(clients[route].contacts:upsert_many(records))
      assert.equal(1, #outcome.results)
      assert.same({ 1 }, indexes_of(outcome.errors))
    end
  end)

  it("takes partial answers: the inputs that failed by their index, the others as written", function()
    server:fault { kind = "multi_status", indexes = { 2, 3 } }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(4)))
    assert.same({ 2, 3 }, indexes_of(outcome.errors))
    assert.same({ "r001@example.org", "r004@example.org" }, emails_of(outcome.results))
    assert.equal("VALIDATION_ERROR", outcome.errors[1].category)
    assert.truthy(tostring(outcome.errors[1]):find("The input failed", 1, true))
    assert.equal(1, #take(server))
    assert.same({ "r001@example.org", "r004@example.org" }, all_emails())
  end)

  it("does not take another record's id for the trace of the one that failed", function()
    server:reset { contacts = 0 }
    -- HubSpot's answer names input 2 by its trace; the first record has that number as its id.
    server:fault {
      kind = "status",
      status = 207,
      path = "/batch/update$",
      body = '{"status":"COMPLETE","results":[{'
        .. '"id":"2","properties":{}}],"numErrors":1,"errors":[{"status":"error","category":"OBJECT_NOT_FOUND",'
        .. '"message":"no such contact","context":{"objectWriteTraceId":["2"]}}]}',
    }
    local outcome = assert(clients.current.contacts:upsert_many {
      { id = "2", properties = { firstname = "A" } },
      { id = "77", properties = { firstname = "B" } },
    })
    assert.same({ 2 }, indexes_of(outcome.errors))
  end)

  describe("a row of a 207 says what a call for its record alone says:", function()
    local INVALID = '"message":"Property values were not valid: [{\\"isValid\\":false,\\"message\\":\\"Email address x is '
      .. 'invalid\\",\\"error\\":\\"INVALID_EMAIL\\",\\"name\\":\\"email\\"}]","category":"VALIDATION_ERROR"'
    local TAKEN = '"message":"Contact already exists. Existing ID: 4127","category":"CONFLICT"'
    local CASES = {
      ["values that are not valid"] = { status = 400, body = INVALID },
      ["a conflict, by its words"] = { status = 409, body = TAKEN },
      ["a conflict, by its context"] = {
        status = 409,
        body = '"message":"There is one","category":"CONFLICT","context":{"existingId":["4127"]}',
        fields = { existing_id = "4127" },
      },
      ["a detail"] = {
        status = 400,
        body = '"message":"Property \\"x\\" does not exist","category":"VALIDATION_ERROR","errors":[{"message":"none",'
          .. '"code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["x"]}}]',
      },
      ["no such record"] = { status = 404, body = '"message":"no such contact","category":"OBJECT_NOT_FOUND"' },
      ["a scope that is missing"] = {
        status = 403,
        body = '"message":"no scope","category":"MISSING_SCOPES","errors":[{"message":"none",'
          .. '"context":{"requiredGranularScopes":["crm.objects.contacts.write"]}}]',
      },
    }

    local function with_trace(body)
      local context, count = body:gsub('("context":{)("existingId")', '%1"objectWriteTraceId":["2"],%2')
      if count > 0 then return context end
      return body .. ',"context":{"objectWriteTraceId":["2"]}'
    end

    for name, case in pairs(CASES) do
      it(name, function()
        server:fault { kind = "status", status = case.status, body = '{"status":"error",' .. case.body .. "}" }
        local _, single = clients.current.contacts:update(1, { x = "y" })
        server:fault {
          kind = "status",
          status = 207,
          body = '{"status":"COMPLETE","results":[{"id":"1","properties":{}}],"numErrors":1,"errors":[{"status":"error",'
            .. with_trace(case.body)
            .. "}]}",
        }
        local outcome = assert(clients.current.contacts:upsert_many {
          { id = 1, properties = { x = "y" } },
          { id = 2, properties = { x = "y" } },
        })
        local row = outcome.errors[1]
        assert.equal(2, row.index)
        for _, field in ipairs { "kind", "status", "message", "category", "existing_id", "hint" } do
          assert.equal(single[field], row[field], field)
        end
        for _, field in ipairs { "message", "code", "name" } do
          local detail = single.errors[1]
          if detail then assert.equal(detail[field], row.errors[1][field], field) end
        end
        for field, value in pairs(case.fields or {}) do
          assert.equal(value, row[field])
        end
        assert.is_nil(row.message:find("[{", 1, true))
      end)
    end

    it("in an upsert of one, too", function()
      server:fault {
        kind = "status",
        status = 207,
        body = '{"results":[],"errors":[{"status":"error",' .. TAKEN .. "}]}",
      }
      local contact, err = clients.current.contacts:upsert("ada@example.org", { phone = "1" })
      assert.same({ nil, 409, "4127" }, { contact, err.status, err.existing_id })
      server:fault {
        kind = "status",
        status = 207,
        body = '{"results":[],"errors":[{"status":"error",' .. INVALID .. "}]}",
      }
      contact, err = clients.current.contacts:upsert("ada@example.org", { phone = "1" })
      assert.same(
        { nil, 400, "INVALID_EMAIL", "email" },
        { contact, err.status, err.errors[1].code, err.errors[1].name }
      )
      assert.equal("Property values were not valid", err.message)
    end)
  end)

  it("finds a record that a 207 names by its address only", function()
    server:fault {
      kind = "status",
      status = 207,
      body = '{"results":[{"id":"1","properties":{}}],"errors":[{'
        .. '"status":"error","category":"CONFLICT","message":"taken","context":{"ids":["R002@example.org"]}}]}',
    }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(2)))
    assert.same({ 2 }, indexes_of(outcome.errors))
    assert.equal("CONFLICT", outcome.errors[1].category)
  end)

  it("halves the records where a 207 does not name the one that failed", function()
    local nameless = '{"status":"COMPLETE","results":[],"errors":[{"status":"error","category":"VALIDATION_ERROR",'
      .. '"message":"something is wrong","context":{}}]}'
    server:fault { kind = "status", status = 207, body = nameless }
    server:fault { kind = "status", status = 207, body = nameless }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(2)))
    assert.equal(1, #outcome.errors)
    -- Both halves are sent at once, and the second fault meets the one that comes first.
    assert.same({ ("r%03d@example.org"):format(3 - outcome.errors[1].index) }, emails_of(outcome.results))
    assert.equal(3, #take(server))
  end)

  it("keeps what a 207 wrote where it does not name what failed, and tries only that again", function()
    server:fault { kind = "multi_status", indexes = { 2, 3 }, nameless = true }
    server:fault { kind = "multi_status", indexes = { 1 }, nameless = true }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(4)))
    assert.equal(1, #outcome.errors)
    local seen = { [outcome.errors[1].index] = "failed" }
    for _, result in ipairs(outcome.results) do
      seen[result.index] = (seen[result.index] or 0) + 1
      assert.is_true(result.new)
    end
    -- Both halves are sent at once, and the second fault meets the one that comes first.
    assert.same(seen[2] == 1 and { 1, 1, "failed", 1 } or { 1, "failed", 1, 1 }, seen)
    assert.equal(3, #take(server))
  end)

  it("charges every record that one error of a 207 names", function()
    server:fault { kind = "multi_status", indexes = { 1, 3, 4 }, together = true }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(5)))
    assert.same({ 1, 3, 4 }, indexes_of(outcome.errors))
    assert.same({ "r002@example.org", "r005@example.org" }, emails_of(outcome.results))
    assert.equal(1, #take(server))
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" }, { email = "c@example.org" })
    server:fault {
      kind = "status",
      status = 207,
      path = "/batch/update$",
      body = '{"status":"COMPLETE","results":[{'
        .. '"id":"'
        .. ids[2]
        .. '","properties":{}}],"numErrors":1,"errors":[{"status":"error",'
        .. '"category":"OBJECT_NOT_FOUND","message":"no such contact","context":{"ids":["'
        .. ids[1]
        .. '","'
        .. ids[3]
        .. '"]}}]}',
    }
    local records = {}
    for index, id in ipairs(ids) do
      records[index] = { id = id, properties = { firstname = "N" } }
    end
    outcome = assert(clients.current.contacts:upsert_many(records))
    assert.same({ 1, 3 }, indexes_of(outcome.errors))
    assert.same({ 2 }, indexes_of(outcome.results))
  end)

  it("names the records that an answer left out without a word", function()
    server:fault { kind = "drop_rows", indexes = { 2, 5 }, path = "/batch/upsert$" }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(100)))
    assert.equal(98, #outcome.results)
    assert.same({ 2, 5 }, indexes_of(outcome.errors))
    assert.same({ true, "decode" }, { outcome.errors[1].ambiguous, outcome.errors[1].kind })
    assert.truthy(tostring(outcome.errors[1]):find("may have been written or not", 1, true))
    assert.is_nil(outcome.stopped_by)
    assert.equal(1, #take(server))
  end)

  it("takes an empty answer, where results are due, for one that left all records out", function()
    for _, status in ipairs { 200, 204 } do
      server:fault { kind = "status", status = status, body = "" }
      local outcome = assert(clients.current.contacts:upsert_many(records_of(101)))
      assert.equal(101, #outcome.results + #outcome.errors)
      assert.is_true(#outcome.errors == 1 or #outcome.errors == 100)
      assert.is_true(outcome.errors[1].ambiguous)
      assert.equal(#outcome.errors == 1, outcome.errors[1].index == 101)
    end
  end)

  it("writes 99 of 100 where one is bad, and those of the other requests first", function()
    local poison = { [37] = { email = "r037@example.org", properties = { lead_score = "many" } } }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(200, poison)))
    assert.same({ 199, { 37 } }, { #outcome.results, indexes_of(outcome.errors) })
    local lines = take(server)
    assert.truthy((lines[1] .. lines[2]):find("r200@example.org", 1, true))
    assert.is_true(#lines <= 16, #lines .. " requests")
  end)

  it("sends what is too large for one request in smaller ones", function()
    server:fault { kind = "status", status = 413 }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(60)))
    assert.same({ 60, 0 }, { #outcome.results, #outcome.errors })
    assert.equal(3, #take(server))
  end)

  it("finds out once that there is no such property", function()
    local poison = {}
    for index = 1, 300 do
      local properties = { firstname = "R", no_such_property = index % 50 ~= 0 and tostring(index) or nil }
      poison[index] = { email = ("r%03d@example.org"):format(index), properties = properties }
    end
    local outcome = assert(clients.current.contacts:upsert_many(records_of(300, poison)))
    assert.same({ 6, 294 }, { #outcome.results, #outcome.errors })
    assert.is_nil(outcome.stopped_by)
    assert.equal("no_such_property", outcome.errors[294].errors[1].name)
    local requests = #take(server)
    assert.is_true(requests <= 30, requests .. " requests")
    assert.equal(6, #all_emails())
  end)

  it("ends its search where every record is bad in a way of its own", function()
    local poison = {}
    for index = 1, 300 do
      poison[index] = { email = ("r%03d@example.org"):format(index), properties = { lead_score = "many " .. index } }
    end
    local outcome = assert(clients.current.contacts:upsert_many(records_of(300, poison)))
    assert.same({ 0, 300 }, { #outcome.results, #outcome.errors })
    assert.truthy(outcome.stopped_by.message:find("search for the inputs at fault ended", 1, true))
    assert.truthy(tostring(outcome.errors[1]):find("many 1 was not a valid long", 1, true))
    local requests = #take(server)
    assert.is_true(requests <= 60, requests .. " requests")
  end)

  it("takes an address with signs and in any case for the one that HubSpot answers with", function()
    local outcome = assert(clients.current.contacts:upsert_many {
      { email = "Ada+Byron/2@Example.org", properties = { firstname = "first" } },
      { email = "ada+byron/2@example.org", properties = { firstname = "second" } },
    })
    assert.same({ 2, 0 }, { #outcome.results, #outcome.errors })
    assert.equal(2, #take(server))
    assert.equal("second", assert(clients.current.contacts:get_by_email "ADA+byron/2@example.org").properties.firstname)
  end)
end)

-- Iterating ------------------------------------------------------------------------------------------------------

local function examples_of(method, route, expected, ...)
  local arguments = { ... }
  paging_examples(it, function()
    local ids = crowd(7)
    return {
      server = server,
      expected = expected(ids),
      open = function(options)
        local contacts = wire.client(server, { api_version = route == "v1" and "v1" or "2026-09" }).contacts
        local all = {}
        for index, argument in ipairs(arguments) do
          all[index] = argument
        end
        all[#all + 1] = options
        return contacts[method](contacts, unpack(all))
      end,
    }
  end)
end

local function same_order(ids) return ids end

describe("contacts:all", function()
  describe("on the current route", function() examples_of("all", "current", same_order) end)
  describe("on v1", function() examples_of("all", "v1", same_order) end)

  it("asks for the largest pages, and for the next one with what the last one gave", function()
    server:reset { contacts = 150, v1_lists = true }
    local ids = ids_of(collect(clients.current.contacts:all()))
    assert.equal(150, #ids)
    assert.same({
      "GET /crm/objects/2026-09/contacts?limit=100",
      "GET /crm/objects/2026-09/contacts?after=" .. ids[100] .. "&limit=100",
    }, take(server))
    assert.same(ids, ids_of(collect(clients.v1.contacts:all())))
    assert.same({
      "GET /contacts/v1/lists/all/contacts/all?count=100&propertyMode=value_only",
      "GET /contacts/v1/lists/all/contacts/all?count=100&propertyMode=value_only&vidOffset=" .. ids[100],
    }, take(server))
    assert.equal(ids[1], assert(clients.march.contacts:all({ max = 100 }):next()).id)
    assert.same({ "GET /crm/objects/2026-03/contacts?limit=100" }, take(server))
  end)

  it("asks for no more than max", function()
    server:reset { contacts = 5 }
    assert.equal(3, #collect(clients.current.contacts:all { max = 3 }))
    assert.same({ "GET /crm/objects/2026-09/contacts?limit=3" }, take(server))
  end)

  it("honours each read option", function()
    local id = people({ email = "ada@example.org", phone = "1" })[1]
    local contact = assert(clients.current.contacts
      :all({
        properties = { "phone" },
        with_history = true,
        associations = { "companies" },
        archived = false,
        list_memberships = true,
      })
      :next())
    assert.same({
      "GET /crm/objects/2026-09/contacts?archived=false&associations=companies&limit=50&properties=phone"
        .. "&propertiesWithHistory=phone",
      'POST /crm/lists/2026-09/records/memberships/batch/read {"inputs":[{"objectTypeId":"0-1","recordId":"'
        .. id
        .. '"}]}',
    }, take(server))
    assert.same({ "1", {} }, { contact.propertiesWithHistory.phone[1].value, contact.listMemberships })

    contact = assert(
      clients.v1.contacts
        :all({ properties = { "phone" }, with_history = true, form_submissions = "none", list_memberships = false })
        :next()
    )
    assert.same({
      "GET /contacts/v1/lists/all/contacts/all?count=100&formSubmissionMode=none&property=phone"
        .. "&propertyMode=value_and_history&showListMemberships=false",
    }, take(server))
    assert.equal("1", contact.propertiesWithHistory.phone[1].value)
    assert.equal("number", type(contact.addedAt))
    refuses(clients.current, "all", "form_submissions", "all")
    refuses(clients.v1, "all", "archived", true)
    refuses(clients.v1, "all", "associations", { "companies" })
  end)

  it("gives deleted contacts with archived", function()
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" })
    assert(clients.current.contacts:delete(ids[1]))
    assert.same({ ids[1] }, ids_of(collect(clients.current.contacts:all { archived = true })))
  end)

  it("takes a cursor that is a number", function()
    server:fault {
      kind = "status",
      status = 200,
      body = '{"results":[{"id":"1","properties":{}}],"paging":{"next":{"after":900719925474099}}}',
    }
    server:fault { kind = "status", status = 200, after = 0, body = '{"results":[{"id":"2","properties":{}}]}' }
    assert.same({ "1", "2" }, ids_of(collect(clients.current.contacts:all())))
    assert.same({
      "GET /crm/objects/2026-09/contacts?limit=100",
      "GET /crm/objects/2026-09/contacts?after=900719925474099&limit=100",
    }, take(server))
  end)

  it("gives what HubSpot answered with raw", function()
    local id = people({ email = "ada@example.org" })[1]
    assert.equal(tonumber(id), assert(clients.v1.contacts:all({ raw = true }):next()).vid)
    assert.equal(
      hubspot.null,
      assert(clients.current.contacts:all({ raw = true, properties = { "phone" } }):next()).properties.phone
    )
  end)

  it("refuses a page that is larger than HubSpot's", function()
    for _, client in pairs { clients.current, clients.v1 } do
      assert.has_error(function() client.contacts:all { page_size = 101 } end)
    end
    assert.has_error(
      function() clients.current.contacts:all { page_size = 51, properties = { "email" }, with_history = true } end
    )
    assert.same({}, take(server))
  end)
end)

describe("contacts:recently_created", function()
  describe("on the current route", function() examples_of("recently_created", "current", reversed) end)
  describe("on v1", function() examples_of("recently_created", "v1", reversed) end)
end)

describe("contacts:recently_updated", function()
  describe("on the current route", function() examples_of("recently_updated", "current", reversed) end)
  describe("on v1", function() examples_of("recently_updated", "v1", reversed) end)
end)

local NEWEST_FIRST = {
  recently_created = { property = "createdate", path = "/contacts/v1/lists/all/contacts/recent" },
  recently_updated = { property = "lastmodifieddate", path = "/contacts/v1/lists/recently_updated/contacts/recent" },
}

for method, known in pairs(NEWEST_FIRST) do
  describe("contacts:" .. method, function()
    it("searches newest first, from the last time downwards", function()
      local ids = crowd(3)
      local contacts = collect(clients.current.contacts[method](clients.current.contacts, { page_size = 2 }))
      assert.same(reversed(ids), ids_of(contacts))
      local requests = take(server)
      assert.equal(
        ('POST /crm/objects/2026-09/contacts/search {"limit":2,"properties":[],"sorts":["-%s"]}'):format(known.property),
        requests[1]
      )
      local pattern = (
        'POST /crm/objects/2026-09/contacts/search {"filterGroups":[{"filters":[{"operator":"LTE",'
        .. '"propertyName":"%s","value":"~"}]}],"limit":2,"properties":[],"sorts":["-%s"]}'
      ):format(known.property, known.property):gsub("%p", "%%%0"):gsub("%%~", "%%d+")
      assert.truthy(requests[2]:find("^" .. pattern .. "$"), requests[2])
    end)

    it("asks v1 with both offsets", function()
      local ids = crowd(3)
      local contacts = collect(clients.v1.contacts[method](clients.v1.contacts, { page_size = 2 }))
      assert.same(reversed(ids), ids_of(contacts))
      assert.same({
        "GET " .. known.path .. "?count=2&propertyMode=value_only",
        ("GET %s?count=2&propertyMode=value_only&timeOffset=%d&vidOffset=%s"):format(
          known.path,
          contacts[2].addedAt,
          ids[2]
        ),
      }, take(server))
    end)

    it("honours the read options", function()
      local id = people({ email = "ada@example.org", phone = "1" })[1]
      local contact = assert(
        clients.current.contacts
          [method](clients.current.contacts, { properties = { "phone" }, list_memberships = true })
          :next()
      )
      assert.same({
        ('POST /crm/objects/2026-09/contacts/search {"limit":200,"properties":["phone","%s"],"sorts":["-%s"]}'):format(
          known.property,
          known.property
        ),
        'POST /crm/lists/2026-09/records/memberships/batch/read {"inputs":[{"objectTypeId":"0-1","recordId":"'
          .. id
          .. '"}]}',
      }, take(server))
      assert.same({ "1", {} }, { contact.properties.phone, contact.listMemberships })
      assert(
        clients.v1.contacts
          [method](
            clients.v1.contacts,
            { properties = { "phone" }, with_history = true, form_submissions = "none", list_memberships = true }
          )
          :next()
      )
      assert.same({
        "GET "
          .. known.path
          .. "?count=100&formSubmissionMode=none&property=phone"
          .. "&propertyMode=value_and_history&showListMemberships=true",
      }, take(server))
      refuses(clients.current, method, "with_history", true)
      does_not_know(clients.current, method, "archived", true)
      does_not_know(clients.current, method, "associations", { "companies" })
      refuses(clients.current, method, "form_submissions", "all")
      does_not_know(clients.v1, method, "archived", true)
      does_not_know(clients.v1, method, "associations", { "companies" })
    end)

    for _, route in ipairs { "current", "v1" } do
      it("ends at since, in milliseconds or ISO 8601, on " .. route, function()
        local ids = crowd(5)
        local third = assert(clients.current.contacts:get(ids[3], { properties = { known.property } }))
        local since = method == "recently_created" and third.createdAt or third.updatedAt
        local contacts = clients[route].contacts
        assert.same(
          { ids[5], ids[4], ids[3] },
          ids_of(collect(contacts[method](contacts, { since = since, page_size = 2 })))
        )
        local ms = assert(clients.v1.contacts:get(ids[3])).properties[known.property]
        assert.same({ ids[5], ids[4], ids[3] }, ids_of(collect(contacts[method](contacts, { since = tonumber(ms) }))))
        assert.same({ ids[5], ids[4] }, ids_of(collect(contacts[method](contacts, { since = tonumber(ms) + 1 }))))
      end)

      it("gives each of the records that share one time, more than a page of them, on " .. route, function()
        -- A second is long enough to make them all in, and the clock stands still meanwhile only in a portal of ours.
        local still = portal.new { contacts = 3, v1_lists = true }
        still.contacts.now = function() return 1795000000000 end
        still.clock.now = still.contacts.now
        local client = hubspot.new {
          token = wire.TOKEN,
          transport = still,
          limiter = false,
          api_version = route == "v1" and "v1" or "2026-09",
        }
        local made = {}
        for number = 1, 7 do
          made[number] = assert(client.contacts:create { firstname = "N" .. number }).id
        end
        local contacts = collect(client.contacts[method](client.contacts, { page_size = 2, max = 7 }))
        local found = ids_of(contacts)
        table.sort(found)
        table.sort(made)
        assert.same(made, found)
        if route == "current" then
          assert.equal(10, #collect(client.contacts[method](client.contacts, { page_size = 2 })))
        end
      end)
    end
  end)
end

it("contacts:recently_updated gives what was changed last first", function()
  local ids = crowd(3)
  assert(clients.current.contacts:update(ids[1], { phone = "1" }))
  for _, client in pairs(clients) do
    assert.same({ ids[1], ids[3], ids[2] }, ids_of(collect(client.contacts:recently_updated())))
    assert.same({ ids[3], ids[2], ids[1] }, ids_of(collect(client.contacts:recently_created())))
  end
end)

describe("contacts:search", function()
  describe("on the current route", function() examples_of("search", "current", same_order, "example.org") end)
  describe("on v1", function() examples_of("search", "v1", same_order, "example.org") end)

  describe("in an order of one's own, on the current route", function()
    paging_examples(it, function()
      local ids = crowd(7)
      return {
        server = server,
        expected = reversed(ids),
        open = function(options)
          options.sort, options.order = "createdate", "desc"
          return wire.client(server).contacts:search("example.org", options)
        end,
      }
    end)
  end)

  it("pages by id, after the last one of each page", function()
    local ids = crowd(3)
    assert.same(ids, ids_of(collect(clients.current.contacts:search("example", { page_size = 2 }))))
    assert.same({
      'POST /crm/objects/2026-09/contacts/search {"limit":2,"query":"example","sorts":["hs_object_id"]}',
      'POST /crm/objects/2026-09/contacts/search {"filterGroups":[{"filters":[{"operator":"GT",'
        .. '"propertyName":"hs_object_id","value":"'
        .. ids[2]
        .. '"}]}],"limit":2,"query":"example","sorts":["hs_object_id"]}',
      -- HubSpot may sort ids as texts, by which shorter ones could come anywhere.
      'POST /crm/objects/2026-09/contacts/search {"filterGroups":[{"filters":[{"operator":"LTE",'
        .. '"propertyName":"hs_object_id","value":"999"}]}],"limit":2,"query":"example","sorts":["hs_object_id"]}',
    }, take(server))
    assert.same(reversed(ids), ids_of(collect(clients.current.contacts:search("", { page_size = 2, order = "desc" }))))
    assert.same({
      'POST /crm/objects/2026-09/contacts/search {"limit":2,"sorts":["-hs_object_id"]}',
      'POST /crm/objects/2026-09/contacts/search {"filterGroups":[{"filters":[{"operator":"LT",'
        .. '"propertyName":"hs_object_id","value":"'
        .. ids[2]
        .. '"}]}],"limit":2,"sorts":["-hs_object_id"]}',
      'POST /crm/objects/2026-09/contacts/search {"filterGroups":[{"filters":[{"operator":"GTE",'
        .. '"propertyName":"hs_object_id","value":"10000"}]}],"limit":2,"sorts":["-hs_object_id"]}',
    }, take(server))
  end)

  it("sorts by a property", function()
    local ids = people({ firstname = "Cy" }, { firstname = "Al" }, { firstname = "Bo" })
    local ascending = { ids[2], ids[3], ids[1] }
    assert.same(ascending, ids_of(collect(clients.current.contacts:search("", { sort = "firstname", page_size = 2 }))))
    assert.same(
      reversed(ascending),
      ids_of(collect(clients.current.contacts:search("", { sort = "firstname", order = "desc" })))
    )
    assert.same({
      'POST /crm/objects/2026-09/contacts/search {"limit":2,"sorts":["firstname"]}',
      'POST /crm/objects/2026-09/contacts/search {"after":"1","limit":3,"sorts":["firstname"]}',
      'POST /crm/objects/2026-09/contacts/search {"limit":200,"sorts":["-firstname"]}',
    }, take(server))
    assert.same(
      ascending,
      ids_of(collect(clients.v1.contacts:search("", { sort = "firstname", order = "asc", page_size = 2 })))
    )
    assert.same({
      "GET /contacts/v1/search/query?count=2&order=asc&q=&sort=firstname",
      "GET /contacts/v1/search/query?count=3&offset=1&order=asc&q=&sort=firstname",
    }, take(server))
  end)

  it("adds the place in the pages to each of one's own filter groups", function()
    local ids = people({ firstname = "Al" }, { firstname = "Bo" }, { firstname = "Cy" }, { firstname = "Al" })
    local groups = {
      { filters = { { propertyName = "firstname", operator = "EQ", value = "Al" } } },
      { filters = { { propertyName = "firstname", operator = "EQ", value = "Cy" } } },
    }
    assert.same(
      { ids[1], ids[3], ids[4] },
      ids_of(collect(clients.current.contacts:search("", { filter_groups = groups, page_size = 2 })))
    )
    local requests = take(server)
    local function filter(operator, name, value)
      return ('{"operator":"%s","propertyName":"%s","value":"%s"}'):format(operator, name, value)
    end
    local behind, shorter = filter("GT", "hs_object_id", ids[3]), filter("LTE", "hs_object_id", "999")
    assert.same({
      (
        'POST /crm/objects/2026-09/contacts/search {"filterGroups":[{"filters":[%s]},{"filters":[%s]}],"limit":2,'
        .. '"sorts":["hs_object_id"]}'
      ):format(filter("EQ", "firstname", "Al"), filter("EQ", "firstname", "Cy")),
      (
        'POST /crm/objects/2026-09/contacts/search {"filterGroups":[{"filters":[%s,%s]},{"filters":[%s,%s]}],"limit":2,'
        .. '"sorts":["hs_object_id"]}'
      ):format(filter("EQ", "firstname", "Al"), behind, filter("EQ", "firstname", "Cy"), behind),
      (
        'POST /crm/objects/2026-09/contacts/search {"filterGroups":[{"filters":[%s,%s]},{"filters":[%s,%s]}],"limit":2,'
        .. '"sorts":["hs_object_id"]}'
      ):format(filter("EQ", "firstname", "Al"), shorter, filter("EQ", "firstname", "Cy"), shorter),
    }, requests)
    -- The caller's own tables are unchanged.
    assert.same({ { propertyName = "firstname", operator = "EQ", value = "Al" } }, groups[1].filters)
    refuses(clients.v1, "search", "filter_groups", groups, "")
  end)

  it("honours the read options", function()
    local id = people({ email = "ada@example.org", phone = "1" })[1]
    local contact =
      assert(clients.current.contacts:search("ada", { properties = { "phone" }, list_memberships = true }):next())
    assert.same({ "1", {} }, { contact.properties.phone, contact.listMemberships })
    contact = assert(clients.v1.contacts:search("ada", { properties = { "phone", "city" } }):next())
    assert.equal("1", contact.properties.phone)
    assert.same({
      'POST /crm/objects/2026-09/contacts/search {"limit":200,"properties":["phone"],"query":"ada",'
        .. '"sorts":["hs_object_id"]}',
      'POST /crm/lists/2026-09/records/memberships/batch/read {"inputs":[{"objectTypeId":"0-1","recordId":"'
        .. id
        .. '"}]}',
      "GET /contacts/v1/search/query?count=100&property=phone&property=city&q=ada",
    }, take(server))
    for option, value in pairs {
      with_history = true,
      archived = true,
      associations = { "companies" },
      form_submissions = "all",
    } do
      for _, client in pairs { clients.current, clients.v1 } do
        -- Neither route has it: the message must not send the reader to the other one.
        does_not_know(client, "search", option, value, "")
      end
    end
    local message = refuses(clients.v1, "search", "list_memberships", true, "")
    assert.truthy(message:find(ROUTE_OF_CURRENT, 1, true))
  end)

  it("sends arrays as arrays, also where they are empty", function()
    people { email = "a@example.org" }
    for _, case in ipairs {
      { {}, '"filterGroups":[]' },
      { { { filters = {} } }, '"filterGroups":[{"filters":[]}]' },
    } do
      clients.current.contacts:search("", { filter_groups = case[1] }):next()
      local line = take(server)[1]
      assert.truthy(line:find(case[2], 1, true), line)
    end
    clients.current.contacts
      :search("", {
        filter_groups = {
          { filters = {
            { propertyName = "email", operator = "IN", values = {} },
          } },
        },
      })
      :next()
    assert.truthy(take(server)[1]:find('"values":[]', 1, true))
    local empty = {}
    assert.equal(1, #collect(clients.current.contacts:search("", { filter_groups = empty })))
    assert.same({}, empty)
  end)

  it("takes no cursor of another order", function()
    crowd(3)
    local iterator = clients.current.contacts:search("", { page_size = 2 })
    iterator:next()
    iterator:next()
    local cursor = iterator:cursor()
    for _, options in ipairs { { sort = "firstname" }, { order = "desc" }, { sort = "firstname", order = "desc" } } do
      options.cursor = cursor
      assert.has_error(function() clients.current.contacts:search("", options) end)
      options.cursor = nil
      local other = clients.current.contacts:search("", options):cursor()
      assert.has_error(function() clients.current.contacts:search("", { cursor = other }) end)
    end
    assert.equal(1, #collect(clients.current.contacts:search("", { cursor = cursor })))
  end)

  it("takes no cursor of another text, and any for other properties or page sizes", function()
    crowd(5)
    local groups = { { filters = { { propertyName = "hs_object_id", operator = "GT", value = "1" } } } }
    local options = { filter_groups = groups, page_size = 2, max = 3, properties = { "email" }, timeout = 5 }
    for _, route in ipairs { "current", "v1" } do
      if route == "v1" then options.filter_groups = nil end
      local iterator = clients[route].contacts:search("example.org", options)
      for _ = 1, 3 do
        assert(iterator:next())
      end
      local cursor = iterator:cursor()
      assert.is_nil(cursor:find("example", 1, true))
      local function refused(text, other)
        other.cursor = cursor
        local succeeded, message = pcall(clients[route].contacts.search, clients[route].contacts, text, other)
        assert.is_false(succeeded)
        assert.truthy(message:find("with other arguments or options", 1, true), message)
      end
      refused("example.com", { filter_groups = options.filter_groups })
      if route == "current" then
        refused("example.org", {})
        refused(
          "example.org",
          { filter_groups = { { filters = { { propertyName = "hs_object_id", operator = "GT", value = "2" } } } } }
        )
      end
      assert.equal(2, #collect(clients[route].contacts:search("example.org", {
        filter_groups = options.filter_groups,
        page_size = 1,
        properties = { "phone" },
        timeout = 7,
        deadline = 9,
        retry = false,
        cursor = cursor,
      })))
    end
  end)

  it("finds nothing", function()
    people { email = "ada@example.org" }
    for _, client in pairs(clients) do
      assert.is_nil(client.contacts:search("nobody of that name"):next())
    end
  end)
end)

describe("more than the 10,000 records to which HubSpot's search is limited", function()
  local COUNT = 10250
  local client

  setup(
    function() client = hubspot.new { token = wire.TOKEN, transport = portal.new { contacts = COUNT }, limiter = false } end
  )

  -- Returns whether the iterator gives each contact once.
  local function gives_all(iterator)
    local seen, count = {}, 0
    for contact in iterator do
      assert.is_nil(seen[contact.id])
      seen[contact.id] = true
      count = count + 1
    end
    return count
  end

  it("all come from a search", function() assert.equal(COUNT, gives_all(client.contacts:search "")) end)

  it("all come newest first", function()
    assert.equal(COUNT, gives_all(client.contacts:recently_created()))
    local last
    local count = 0
    for contact in client.contacts:recently_updated() do
      assert.is_true(not last or contact.updatedAt <= last)
      last, count = contact.updatedAt, count + 1
    end
    assert.equal(COUNT, count)
  end)

  it("in an order of one's own end with an error that says so, and are not cut silently", function()
    local iterator = client.contacts:search("", { sort = "lastname" })
    local count = 0
    local contact, err = iterator:next()
    while contact do
      count = count + 1
      contact, err = iterator:next()
    end
    assert.equal(10000, count)
    assert.truthy(tostring(err):find("10000", 1, true))
    assert.truthy(tostring(err):find("without the option sort", 1, true))
  end)
end)
