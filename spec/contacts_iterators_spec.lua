-- client.contacts over real sockets: what goes over the wire is compared with HubSpot's documentation of it, not with
-- the client's own tables.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local paging_examples = require "spec.support.paging_examples"
local portal = require "hubspot.sandbox"
local wire = require "spec.support.wire"

local take, ids_of, collect, reversed = wire.take, wire.ids, wire.collect, wire.reversed
local unpack = table.unpack or unpack

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

-- Checks that an option without a place in a route throws where it is passed, naming the route that has one.
local function refuses(client, ...)
  return here:refuses_option("option %s works only with api_version", client.contacts, ...)
end

-- An option of other methods.
local function does_not_know(client, ...) return here:refuses_option("unknown option %s", client.contacts, ...) end

local ROUTE_OF_CURRENT = 'api_version = "2026-09"'

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
