-- The members of lists over real sockets: what goes over the wire is compared with HubSpot's documentation of it, not
-- with the client's own tables.

local fixture = require "spec.support.fixture"
local list_fixture = require "spec.support.list_fixture"
local paging_examples = require "spec.support.paging_examples"
local wire = require "spec.support.wire"

local take, ids_of, collect, reversed = wire.take, wire.ids, wire.collect, wire.reversed

local ISO = "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$"
local UNKNOWN_ID = "999999"
local ROUTE_OF_V1 = 'api_version = "v1"'

local BRANCH = list_fixture.BRANCH

local here = fixture.new { reset = { v1_lists = true } }
local server, clients = here.server, here.clients

local function people(...) return here:create_contacts { ... } end

local function list_named(...) return list_fixture.create(here, ...) end

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

local function refuses(client, ...) return here:refuses_option("option %s", client.lists, ...) end

local function throws(...) return here:refuses(...) end

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
      ("GET /crm/lists/2026-09/%s"):format(id),
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
      assert.equal(3, #lines)
      assert.truthy(lines[1]:find('{"id":"\208\152\208\146\208\144\208\157@Example.org"}', 1, true), lines[1])
      assert.truthy(lines[3]:find('["71","72"]', 1, true), lines[3])
    end)

    it("where one was asked for and one came", function()
      local list_id = answering { { { "71", "a@example.org" }, { "72", "other@example.org" } } }
      local outcome = assert(clients.current.lists:add(list_id, { emails = { "a@example.org", "alias@example.org" } }))
      assert.same({ { "71", "72" }, {} }, { outcome.added, outcome.missing_emails })
      assert.equal(3, #take(server))
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
    assert.equal(('PUT /crm/lists/2026-09/%s/memberships/add ["%s","%s"]'):format(id, ids[1], ids[2]), lines[3])
    assert.equal(
      ('POST /contacts/v1/lists/%s/remove {"emails":["b@example.org"],"vids":[%s]}'):format(v1_id, ids[1]),
      lines[4]
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
      throws("members must name at least one record", function() client.lists:add("61", {}) end)
      throws("members must name at least one record", function() client.lists:add("61", { ids = {}, emails = {} }) end)
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
