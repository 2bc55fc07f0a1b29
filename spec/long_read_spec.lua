-- Reads of more properties than a request can name, over real sockets: the sandbox answers 414 to a URL that what
-- stands before HubSpot does not take, and 400 to a search that HubSpot does not take.

local fixture = require "spec.support.fixture"
local long_read = require "hubspot.operation.long_read"
local wire = require "spec.support.wire"

local ids_of, collect = wire.ids, wire.collect

local here = fixture.new { start = { v1_lists = true } }
local server, clients = here.server, here.clients

local SHORT = { "firstname", "lastname", "phone", "email" }

-- The same, far apart among some hundred others that no contact has.
local function long_names(fillers)
  local names = {}
  for place, name in ipairs(SHORT) do
    names[#names + 1] = name
    for number = 1, place < #SHORT and (fillers or 300) or 0 do
      names[#names + 1] = ("a_property_with_a_long_name_%d_%03d"):format(place, number)
    end
  end
  return names
end

local LONG = long_names()

-- Three contacts, an archived one, and a list of the three.
local function set_up()
  server:reset { v1_lists = true }
  local portal = { ids = {}, emails = {}, utks = {} }
  for number = 1, 3 do
    portal.emails[number] = ("p+%d/x@example.org"):format(number)
    local contact = assert(clients.current.contacts:create {
      email = portal.emails[number],
      firstname = "F" .. number,
      lastname = "L" .. number,
      phone = tostring(number),
    })
    portal.ids[number] = contact.id
    assert(clients.current.contacts:update(contact.id, { phone = "+" .. number }))
    server:advance(1)
    local profile = assert(clients.v1.contacts:get(contact.id))
    for _, identity in ipairs(profile.identityProfiles[1].identities) do
      if identity.type == "LEAD_GUID" then portal.utks[number] = identity.value end
    end
  end
  portal.list = assert(clients.current.lists:create { name = "L" }).listId
  assert(clients.current.lists:add(portal.list, { ids = portal.ids }))
  portal.v1_list = collect(clients.v1.lists:all())[1].listId
  server:clear_requests()
  return portal
end

-- The requests that were made: how many, and none of them too long.
local function count_requests()
  local requests = server:requests()
  for _, request in ipairs(requests) do
    assert.is_true(#request.path + #(request.query or "") < 8000, request.path)
    if request.path:find "/search$" and request.body then assert.is_true(#request.body <= 3000) end
  end
  server:clear_requests()
  return #requests
end

local function with(options, more)
  local all = {}
  for name, value in pairs(options) do
    all[name] = value
  end
  for name, value in pairs(more or {}) do
    all[name] = value
  end
  return all
end

-- The calls of each read: function(client, portal, options) that returns a list of records.
local READS = {
  ["contacts:get"] = function(client, portal, options) return { assert(client.contacts:get(portal.ids[2], options)) } end,
  ["contacts:get_by_email"] = function(client, portal, options)
    return { assert(client.contacts:get_by_email(portal.emails[2]:upper(), options)) }
  end,
  ["contacts:get_by_utk"] = function(client, portal, options)
    return { assert(client.contacts:get_by_utk(portal.utks[2], options)) }
  end,
  ["contacts:get_many"] = function(client, portal, options)
    return assert(client.contacts:get_many({ portal.ids[3], "999999", portal.ids[1], portal.ids[3] }, options))
  end,
  ["contacts:get_many_by_email"] = function(client, portal, options)
    return assert(client.contacts:get_many_by_email({ portal.emails[3], "x@example.org", portal.emails[1] }, options))
  end,
  ["contacts:get_many_by_utk"] = function(client, portal, options)
    return assert(client.contacts:get_many_by_utk({ portal.utks[3], portal.utks[1] }, options))
  end,
  ["contacts:all"] = function(client, _, options) return collect(client.contacts:all(with(options, { page_size = 2 }))) end,
  ["contacts:recently_created"] = function(client, _, options)
    return collect(client.contacts:recently_created(with(options, { page_size = 2 })))
  end,
  ["contacts:recently_updated"] = function(client, _, options)
    return collect(client.contacts:recently_updated(with(options, { page_size = 2 })))
  end,
  ["contacts:search"] = function(client, _, options)
    return collect(client.contacts:search("example.org", with(options, { page_size = 2 })))
  end,
  ["lists:contacts"] = function(client, portal, options)
    local list = client.api_version == "v1" and portal.v1_list or portal.list
    return collect(client.lists:contacts(list, with(options, { page_size = 2 })))
  end,
  ["lists:recent_contacts"] = function(client, portal, options)
    local list = client.api_version == "v1" and portal.v1_list or portal.list
    return collect(client.lists:recent_contacts(list, with(options, { page_size = 2 })))
  end,
}

local WITHOUT_HISTORY = {
  ["contacts:search"] = true,
  ["contacts:recently_created current"] = true,
  ["contacts:recently_updated current"] = true,
}

for read, call in pairs(READS) do
  for _, route in ipairs { "current", "v1" } do
    describe(("%s of many properties, on %s,"):format(read, route), function()
      it("gives what it gives of few", function()
        local portal = set_up()
        local few = call(clients[route], portal, { properties = SHORT })
        assert.is_true(#few >= 1)
        for _, record in ipairs(few) do
          assert.truthy(record.properties.phone:find "^%+%d$")
        end
        count_requests()
        local many = call(clients[route], portal, { properties = LONG })
        assert.same(few, many)
        assert.is_true(count_requests() > 0)
      end)

      if not WITHOUT_HISTORY[read] and not WITHOUT_HISTORY[read .. " " .. route] then
        it("gives the history of those that it is asked for", function()
          local portal = set_up()
          for _, with_history in ipairs { { "phone", "lastname" }, true } do
            local few = call(clients[route], portal, { properties = SHORT, with_history = with_history })
            assert.equal(2, #few[1].propertiesWithHistory.phone)
            assert.same(few, call(clients[route], portal, { properties = LONG, with_history = with_history }))
          end
          local few = call(clients[route], portal, { properties = { "firstname" }, with_history = { "phone" } })
          local many = call(clients[route], portal, { properties = { "firstname" }, with_history = LONG })
          assert.same(few[1].propertiesWithHistory.phone, many[1].propertiesWithHistory.phone)
          count_requests()
        end)
      end
    end)
  end
end

describe("contacts that go between listing and details", function()
  -- A client before whose first read of details `change` is done.
  local function changing(options, change)
    local is_done = false
    options.on = {
      request = function(event)
        if not is_done and event.path:find "/batch" then
          is_done = true
          change()
        end
      end,
    }
    return wire.client(server, options)
  end

  for _, route in ipairs { "current", "v1" } do
    it("move no place on the page, on " .. route, function()
      for stop = 1, 8 do
        server:reset { contacts = 12, v1_lists = true }
        local expected = ids_of(collect(clients.current.contacts:all()))
        for _, read in ipairs { "all", "search", "recently_created" } do
          local function open(client, options)
            options.properties, options.page_size = LONG, 6
            if read == "search" then return client.contacts:search("", options) end
            return client.contacts[read](client.contacts, options)
          end
          if not (route == "v1" and read == "recently_created") then
            local whole = ids_of(collect(open(clients[route], {})))
            local gone = whole[3]
            local client = changing(
              { api_version = route == "v1" and "v1" or nil },
              function() assert(clients.current.contacts:delete(gone)) end
            )
            local iterator, got = open(client, {}), {}
            for _ = 1, math.min(stop, #whole - 2) do
              got[#got + 1] = assert(iterator:next()).id
            end
            for contact in open(clients[route], { cursor = iterator:cursor() }) do
              got[#got + 1] = contact.id
            end
            table.remove(whole, 3)
            assert.same(whole, got)
            client:close()
          end
        end
        assert.equal(12, #expected)
      end
    end)

    it("come once where they were merged into one that is listed elsewhere, on " .. route, function()
      server:reset { contacts = 20, keeps_primary_id = true }
      local expected = ids_of(collect(clients.current.contacts:all()))
      local client = changing(
        { api_version = route == "v1" and "v1" or nil },
        function() assert(clients.current.contacts:merge(expected[15], expected[2])) end
      )
      local got = ids_of(collect(client.contacts:all { properties = LONG, page_size = 6 }))
      table.remove(expected, 2)
      assert.same(expected, got)
      client:close()
    end)
  end
end)

describe("a read of many properties", function()
  it("takes one more request on the current route, whatever their number", function()
    local portal = set_up()
    for _, fillers in ipairs { 300, 3000 } do
      local properties = long_names(fillers)
      assert(clients.current.contacts:get(portal.ids[1], { properties = properties }))
      assert.equal(2, count_requests())
      assert.equal(3, #collect(clients.current.contacts:all { properties = properties }))
      assert.equal(2, count_requests())
      assert.equal(3, #collect(clients.current.contacts:search("example.org", { properties = properties })))
      assert.equal(2, count_requests())
      assert.equal(3, #assert(clients.current.contacts:get_many(portal.ids, { properties = properties })))
      assert.equal(1, count_requests())
    end
  end)

  it("is as it is of few where they fit", function()
    local portal = set_up()
    local properties = { "email", ("x"):rep(3500), ("y"):rep(3500) }
    for _, client in pairs(clients) do
      assert(client.contacts:get(portal.ids[1], { properties = properties }))
      assert.equal(1, count_requests())
    end
  end)

  it("reads the whole of a large page", function()
    server:reset { contacts = 230, v1_lists = true }
    local known = ids_of(collect(clients.current.contacts:all()))
    for _, client in pairs(clients) do
      local found = collect(client.contacts:all { properties = LONG })
      assert.same(known, ids_of(found))
      for _, contact in ipairs(found) do
        assert.truthy(contact.properties.lastname)
      end
      assert.same(known, ids_of(assert(client.contacts:get_many(known, { properties = LONG }))))
    end
    assert.same(known, ids_of(collect(clients.current.contacts:search("", { properties = LONG }))))
    count_requests()
  end)

  it("keeps what else was asked for", function()
    local portal = set_up()
    local few, many = { properties = SHORT }, { properties = LONG }
    for _, more in ipairs { { list_memberships = true }, { associations = { "companies" } } } do
      local expected = assert(clients.current.contacts:get(portal.ids[1], with(few, more)))
      assert.same(expected, assert(clients.current.contacts:get(portal.ids[1], with(many, more))))
      expected = collect(clients.current.contacts:all(with(few, more)))
      assert.same(expected, collect(clients.current.contacts:all(with(many, more))))
    end
    for _, more in ipairs { { list_memberships = true }, { form_submissions = "all" } } do
      local expected = assert(clients.v1.contacts:get(portal.ids[1], with(few, more)))
      assert.same(expected, assert(clients.v1.contacts:get(portal.ids[1], with(many, more))))
      expected = collect(clients.v1.contacts:all(with(few, more)))
      assert.same(expected, collect(clients.v1.contacts:all(with(many, more))))
    end
    assert(clients.current.contacts:delete(portal.ids[1]))
    for _, options in ipairs { few, many } do
      local archived = with(options, { archived = true })
      assert.equal("F1", assert(clients.current.contacts:get(portal.ids[1], archived)).properties.firstname)
      local all = collect(clients.current.contacts:all(archived))
      assert.same({ { portal.ids[1] }, "+1" }, { ids_of(all), all[1].properties.phone })
    end
  end)

  it("resumes from a cursor", function()
    local portal = set_up()
    for _, client in pairs(clients) do
      local iterator = client.contacts:all { properties = LONG, page_size = 2 }
      assert.equal(portal.ids[1], assert(iterator:next()).id)
      assert.equal(portal.ids[2], assert(iterator:next()).id)
      local rest = collect(client.contacts:all { properties = LONG, page_size = 2, cursor = iterator:cursor() })
      assert.same({ portal.ids[3] }, ids_of(rest))
    end
  end)

  it("fails as one of few does where there is nothing to read", function()
    set_up()
    for _, client in pairs(clients) do
      local contact, err = client.contacts:get("999999", { properties = LONG })
      assert.same({ nil, 404 }, { contact, err.status })
      assert.same({}, client.contacts:get_many({ "999999" }, { properties = LONG }))
    end
  end)

  it("fails where one of its requests does", function()
    local portal = set_up()
    for name, client in pairs(clients) do
      server:fault { kind = "status", status = 403, path = name == "v1" and "vids/batch" or "batch/read" }
      local contact, err = client.contacts:get(portal.ids[1], { properties = LONG })
      assert.same({ nil, 403 }, { contact, err.status })
      server:fault { kind = "status", status = 403, path = name == "v1" and "vids/batch" or "batch/read" }
      local iterator = client.contacts:all { properties = LONG }
      contact, err = iterator:next()
      assert.same({ nil, 403 }, { contact, err.status })
      -- Nothing of the page was given: it is read again as a whole.
      assert.same(portal.ids, ids_of(collect(iterator)))
    end
  end)

  it("with raw, which is one answer, is refused where it is called", function()
    for _, client in pairs(clients) do
      for _, call in ipairs {
        function() client.contacts:get("1", { properties = LONG, raw = true }) end,
        function() client.contacts:all { properties = LONG, raw = true } end,
      } do
        local fine, message = pcall(call)
        assert.is_false(fine)
        assert.truthy(message:find("more properties than one request can name", 1, true), message)
      end
    end
    local fine, message = pcall(function() clients.v1.contacts:get_many({ "1" }, { properties = LONG, raw = true }) end)
    assert.is_false(fine)
    assert.truthy(message:find("leave raw out", 1, true), message)
    assert.truthy(clients.current.contacts:get_many({ "1" }, { properties = LONG, raw = true }))
  end)
end)

describe("a contact that changes between the requests of a read", function()
  -- A client at whose response number `at` something happens to the contacts.
  local function meddled(route, at, change)
    local count = 0
    return wire.client(server, {
      api_version = route == "v1" and "v1" or nil,
      on = {
        response = function()
          count = count + 1
          if count == at then change() end
        end,
      },
    })
  end

  for _, route in ipairs { "current", "v1" } do
    it("is left out where it was deleted, on " .. route, function()
      for at = 1, route == "v1" and 4 or 1 do
        local portal = set_up()
        local client = meddled(route, at, function() assert(clients.current.contacts:delete(portal.ids[2])) end)
        local found = collect(client.contacts:all { properties = LONG })
        local expected = { portal.ids[1], portal.ids[3] }
        -- After the last part it had been read whole.
        local whole = #found == 3
        assert.same(whole and portal.ids or expected, ids_of(found))
        for _, contact in ipairs(found) do
          assert.truthy(contact.properties.phone and contact.properties.email and contact.properties.firstname)
        end
        if at == 1 then assert.is_false(whole) end
        client:close()
        set_up()
        client = meddled(route, 1, function() assert(clients.current.contacts:delete(portal.ids[2])) end)
        local contact, err = client.contacts:get(portal.ids[2], { properties = LONG })
        assert.same({ nil, 404, "OBJECT_NOT_FOUND" }, { contact, err.status, err.category })
        client:close()
      end
    end)

    it("is the one that it was merged into, once, on " .. route, function()
      for at = 1, route == "v1" and 3 or 1 do
        local portal, left = set_up(), nil
        local client = meddled(
          route,
          at,
          function() left = assert(clients.current.contacts:merge(portal.ids[3], portal.ids[2])).id end
        )
        local found = collect(client.contacts:all { properties = LONG })
        assert.same({ portal.ids[1], left }, ids_of(found))
        for _, contact in ipairs(found) do
          assert.truthy(contact.properties.phone and contact.properties.email)
        end
        client:close()
        portal = set_up()
        client = meddled(
          route,
          at,
          function() left = assert(clients.current.contacts:merge(portal.ids[3], portal.ids[2])).id end
        )
        local contact = assert(client.contacts:get(portal.ids[2], { properties = LONG }))
        assert.same({ left, "F3", "+3" }, { contact.id, contact.properties.firstname, contact.properties.phone })
        client:close()
      end
    end)
  end

  it("is asked for again where the read by id left it out without a word", function()
    local portal = set_up()
    for name, client in pairs(clients) do
      local path = name == "v1" and "vids/batch" or "batch/read"
      client.contacts:get_many(portal.ids, { properties = LONG })
      server:fault { kind = "drop_rows", path = path, indexes = { 2 }, times = count_requests() }
      local found = collect(client.contacts:all { properties = LONG })
      assert.same(portal.ids, ids_of(found))
      assert.same({ "F2", "+2" }, { found[2].properties.firstname, found[2].properties.phone })
    end
  end)

  it("is read again where a part of v1 left it out, and is whole then", function()
    local portal = set_up()
    local few = collect(clients.v1.contacts:all { properties = SHORT })
    for after = 0, 2 do
      server:fault { kind = "drop_rows", path = "vids/batch", indexes = { 2 }, after = after }
      assert.same(few, collect(clients.v1.contacts:all { properties = LONG }))
      server:fault { kind = "drop_rows", path = "vids/batch", indexes = { 1 }, after = after }
      assert.same(
        { few[2], few[1] },
        (function()
          local found = assert(clients.v1.contacts:get_many({ portal.ids[2], portal.ids[1] }, { properties = LONG }))
          for index, contact in ipairs(found) do
            contact.addedAt = few[3 - index].addedAt
          end
          return found
        end)()
      )
    end
  end)

  it("is never given in part: when parts still disagree, the page is an error", function()
    local portal = set_up()
    clients.v1.contacts:get_many(portal.ids, { properties = LONG })
    local parts = count_requests()
    server:fault { kind = "drop_rows", path = "vids/batch", indexes = { 2 } }
    server:fault { kind = "drop_rows", path = "vids/batch", indexes = { 1 }, after = parts - 1 }
    local iterator = clients.v1.contacts:all { properties = LONG }
    local contact, err = iterator:next()
    assert.same({ nil, "decode" }, { contact, err and err.kind })
    assert.truthy(tostring(err):find(portal.ids[2], 1, true))
    assert.same(portal.ids, ids_of(collect(iterator)))
  end)
end)

describe("keys too long for one URL", function()
  it("go in smaller requests on v1", function()
    set_up()
    local emails, ids = {}, {}
    for number = 1, 100 do
      emails[number] = ("p%03d.%s@example.org"):format(number, ("x"):rep(200))
      ids[number] = assert(clients.current.contacts:create { email = emails[number], firstname = "E" }).id
    end
    server:clear_requests()
    for _, properties in ipairs { { "firstname" }, LONG } do
      local found = assert(clients.v1.contacts:get_many_by_email(emails, { properties = properties }))
      assert.same(ids, ids_of(found))
      assert.equal("E", found[100].properties.firstname)
      count_requests()
    end
  end)
end)

describe("long_read.join", function()
  it("keeps what was read first, and tells which records not every part gave", function()
    local complete, torn = long_read.join {
      { { id = "1", updatedAt = "a", properties = { x = "1", m = "old" } }, { id = "2", properties = {} } },
      { { id = "1", updatedAt = "b", properties = { y = "2", m = "new" } }, { id = "3", properties = {} } },
    }
    assert.same({ { id = "1", updatedAt = "a", properties = { x = "1", y = "2", m = "old" } } }, complete)
    assert.same({ "2", "3" }, torn)
  end)
end)
