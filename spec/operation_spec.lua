-- From a method's arguments to a request: what reaches HubSpot is what was meant, and what can't be meant throws where
-- it was written.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local throws = require("spec.support.misuse").throws
local wire = require "spec.support.wire"

local take = wire.take

local tointeger = math.tointeger -- luacheck: ignore 143

local here = fixture.new {
  start = { v1_lists = true },
  clients = { current = { retry = false }, v1 = { api_version = "v1", retry = false } },
}
local server = here.server
local current, v1

setup(function()
  current, v1 = here.clients.current, here.clients.v1
end)

-- Bytes that mean something in a URL, or nothing at all in one.
local HOSTILE = {
  ["a+b/c#d?e%f@x.com"] = "a%2Bb%2Fc%23d%3Fe%25f%40x.com",
  ["../../../crm/v3"] = "..%2F..%2F..%2Fcrm%2Fv3",
  ["..;/x"] = "..%3B%2Fx",
  ["..."] = "...",
  ["a b"] = "a%20b",
  ["x\r\nHost: evil.example\r\n\r\nx"] = "x%0D%0AHost%3A%20evil.example%0D%0A%0D%0Ax",
  ["x\0y"] = "x%00y",
  ["%2e%2e"] = "%252e%252e",
  ["zo\195\171@example.org"] = "zo%C3%AB%40example.org",
  ["\255"] = "%FF",
  ["~a-b_c.d"] = "~a-b_c.d",
  ["{email}"] = "%7Bemail%7D",
}

describe("a text in a path", function()
  for text, encoded in pairs(HOSTILE) do
    it(("reaches HubSpot as it is: %q"):format(text:gsub("%c", "?"):gsub("\255", "?")), function()
      current.contacts:get_by_email(text)
      v1.contacts:get_by_email(text)
      current.contacts:get_by_utk(text)
      current.contacts:update_by_email(text, { phone = "1" })
      v1.contacts:update_by_email(text, { phone = "1" })
      v1.contacts:upsert(text, { phone = "1" })
      current.properties:get(text)
      v1.properties:get(text)
      local properties = '{"properties":[{"property":"phone","value":"1"}]}'
      assert.same({
        "GET /crm/objects/2026-09/contacts/" .. encoded .. "?idProperty=email",
        "GET /contacts/v1/contact/email/" .. encoded .. "/profile?propertyMode=value_only",
        "GET /contacts/v1/contact/utk/" .. encoded .. "/profile?propertyMode=value_only",
        "PATCH /crm/objects/2026-09/contacts/" .. encoded .. '?idProperty=email {"properties":{"phone":"1"}}',
        "POST /contacts/v1/contact/email/" .. encoded .. "/profile " .. properties,
        "POST /contacts/v1/contact/createOrUpdate/email/" .. encoded .. "/ " .. properties,
        "GET /crm/properties/2026-09/contacts/" .. encoded,
        "GET /properties/v1/contacts/properties/named/" .. encoded,
      }, take(server))
    end)
  end

  -- Each of these would be another address: the list of all contacts, or the one above.
  for _, text in ipairs { "", ".", ".." } do
    it(("is refused where it would be another address: %q"):format(text), function()
      for _, client in ipairs { current, v1 } do
        throws("hubspot: contacts:get_by_email: email must be", function() client.contacts:get_by_email(text) end)
        throws("hubspot: contacts:get_by_utk: utk must be", function() client.contacts:get_by_utk(text) end)
        throws(
          "hubspot: contacts:update_by_email: email must be",
          function() client.contacts:update_by_email(text, { phone = "1" }) end
        )
        throws("hubspot: contacts:upsert: email must be", function() client.contacts:upsert(text, { phone = "1" }) end)
        throws("hubspot: properties:get: name must be", function() client.properties:get(text) end)
        throws("hubspot: contacts:get: id must be", function() client.contacts:get(text) end)
        throws("hubspot: contacts:delete: id must be", function() client.contacts:delete(text) end)
        throws("hubspot: lists:delete: id must be", function() client.lists:delete(text) end)
        throws("hubspot: lists:contacts: id must be", function() client.lists:contacts(text) end)
        throws("hubspot: lists:get: id.legacy must be", function() client.lists:get { legacy = text } end)
      end
      assert.same({}, take(server))
    end)
  end

  it("must be a text", function()
    for _, value in ipairs { 5, true, {}, print } do
      throws(
        "hubspot: contacts:get_by_email: email must be an e-mail address, got",
        function() current.contacts:get_by_email(value) end
      )
    end
    throws(
      "hubspot: contacts:get_by_email: email must be an e-mail address, got",
      function() current.contacts:get_by_email() end
    )
    throws("hubspot: contacts:get_by_utk: utk must be a string", function() current.contacts:get_by_utk(5) end)
    assert.same({}, take(server))
  end)

  it("goes without the blanks around an e-mail address", function()
    current.contacts:get_by_email " ada@example.org\r\n"
    v1.contacts:upsert("\tada@example.org ", { phone = "1" })
    assert.same({
      "GET /crm/objects/2026-09/contacts/ada%40example.org?idProperty=email",
      "POST /contacts/v1/contact/createOrUpdate/email/ada%40example.org/ "
        .. '{"properties":[{"property":"phone","value":"1"}]}',
    }, take(server))
  end)
end)

describe("an id", function()
  local good = {
    [4127] = "4127",
    ["4127"] = "4127",
    [0] = "0",
    [2 ^ 53 - 1] = "9007199254740991",
    ["9007199254740993"] = "9007199254740993",
    ["99999999999999999999"] = "99999999999999999999",
  }

  for id, text in pairs(good) do
    it(("reaches HubSpot as it is: %s %s"):format(type(id), text), function()
      current.contacts:get(id)
      v1.contacts:get(id)
      current.lists:get(id)
      v1.lists:delete(id)
      assert.same({
        "GET /crm/objects/2026-09/contacts/" .. text,
        "GET /contacts/v1/contact/vid/" .. text .. "/profile?propertyMode=value_only",
        "GET /crm/lists/2026-09/" .. text,
        "DELETE /contacts/v1/lists/" .. text,
      }, take(server))
    end)
  end

  it("may be a float that is an integer", function()
    current.contacts:get(4127.0)
    current.contacts:get(8254 / 2)
    local path = "GET /crm/objects/2026-09/contacts/4127"
    assert.same({ path, path }, take(server))
  end)

  if tointeger then
    it("may be an integer that is larger than a float is exact", function()
      current.contacts:get(tointeger(2 ^ 53) + 1)
      assert.same({ "GET /crm/objects/2026-09/contacts/9007199254740993" }, take(server))
      -- In a body, where it would be rounded as a JSON number in another program, it goes as digits.
      v1.contacts:merge(1, tointeger(2 ^ 53) + 1)
      assert.same({ 'POST /contacts/v1/contact/merge-vids/1/ {"vidToMerge":"9007199254740993"}' }, take(server))
    end)
  end

  local bad = {
    { 2.0 ^ 53, "id is a number too large to be exact; pass it as a string" },
    { -1, 'id must be an id such as 4127 or "4127", got -1' },
    { 1.5, "id must be an id" },
    { "-1", "id must be an id" },
    { "4127x", "id must be an id" },
    { "41 27", "id must be an id" },
    { "0x10", "id must be an id" },
    { "4127\n", "id must be an id" },
    { {}, "id must be an id" },
    { true, "id must be an id" },
    { 0 / 0, "id must be an id" },
    { math.huge, "id must be an id" },
  }

  for _, case in ipairs(bad) do
    it("is refused where it is none: " .. tostring(case[1]):gsub("%c", "?"):gsub("0x%x+", ""), function()
      for _, client in ipairs { current, v1 } do
        throws("hubspot: contacts:get: " .. case[2], function() client.contacts:get(case[1]) end)
        throws("hubspot: contacts:delete: " .. case[2], function() client.contacts:delete(case[1]) end)
        throws("hubspot: contacts:update: " .. case[2], function() client.contacts:update(case[1], { phone = "1" }) end)
        throws("hubspot: contacts:merge: secondary_" .. case[2], function() client.contacts:merge(1, case[1]) end)
        throws("hubspot: contacts:get_many: ids[2]", function() client.contacts:get_many { 1, case[1] } end)
        throws("hubspot: lists:get: id", function() client.lists:get(case[1]) end)
      end
      assert.same({}, take(server))
    end)
  end

  it("is refused where it is missing", function()
    throws("hubspot: contacts:get: id must be an id", function() current.contacts:get() end)
    throws("hubspot: contacts:get: id must be an id", function() current.contacts:get(nil, { raw = true }) end)
    throws("hubspot: contacts:get_many: ids must be a list of ids", function() current.contacts:get_many() end)
    throws("hubspot: lists:get: id.legacy must be an id", function() current.lists:get {} end)
    throws(
      "hubspot: lists:get: id has an unknown field lagacy",
      function() current.lists:get { legacy = 321, lagacy = 1 } end
    )
    assert.same({}, take(server))
  end)
end)

describe("a list of keys", function()
  it("is refused where it is empty, no list, or has a hole", function()
    for _, client in ipairs { current, v1 } do
      throws("hubspot: contacts:get_many: ids must not be empty", function() client.contacts:get_many {} end)
      throws(
        "hubspot: contacts:get_many_by_email: emails must not be empty",
        function() client.contacts:get_many_by_email {} end
      )
      throws("hubspot: contacts:upsert_many: records must not be empty", function() client.contacts:upsert_many {} end)
      throws("hubspot: lists:get_many: ids must not be empty", function() client.lists:get_many {} end)
      throws("hubspot: lists:translate_ids: legacy_ids must not be empty", function() client.lists:translate_ids {} end)
      throws('ids must be a list of ids, got "4127"', function() client.contacts:get_many "4127" end)
      throws(
        "ids must be a list of ids, got a table with the key email",
        function() client.contacts:get_many { email = "ada@example.org" } end
      )
      throws("ids[2] must be an id", function() client.contacts:get_many { 1, nil, 3 } end)
      throws("emails[1] must be an e-mail address", function() client.contacts:get_many_by_email { "" } end)
      throws("records[2] needs either email or id", function()
        local properties = { phone = "1" }
        client.contacts:upsert_many { { email = "a@b.c", properties = properties }, { properties = properties } }
      end)
      throws(
        "records[1] needs either email or id",
        function() client.contacts:upsert_many { { email = "a@b.c", id = 1, properties = { phone = "1" } } } end
      )
      throws("records[1].properties is missing", function() client.contacts:upsert_many { { email = "a@b.c" } } end)
      throws(
        "records[1] has an unknown field firstname",
        function() client.contacts:upsert_many { { email = "a@b.c", firstname = "Ada" } } end
      )
    end
    assert.same({}, take(server))
  end)
end)

describe("properties to write", function()
  it("are refused where they are none", function()
    for _, client in ipairs { current, v1 } do
      throws(
        "hubspot: contacts:create: properties must be a table of property values by name",
        function() client.contacts:create() end
      )
      throws("properties must be a table of property values", function() client.contacts:create {} end)
      throws(
        "properties must be a table of property values by name, without a field properties around them",
        function() client.contacts:create { properties = { email = "ada@example.org" } } end
      )
      throws("properties must be a table of property values", function() client.contacts:create { "email" } end)
      throws("properties must be a table of property values", function() client.contacts:create "email" end)
      throws(
        "properties.tags must be a string, a number, a boolean or a list of strings, got table",
        function() client.contacts:create { tags = { a = "b" } } end
      )
      throws("properties.f must be", function() client.contacts:create { f = print } end)
      throws("properties.n must be", function() client.contacts:create { n = 0 / 0 } end)
      throws("properties.n must be", function() client.contacts:update("1", { n = math.huge }) end)
    end
    assert.same({}, take(server))
  end)
end)

describe("text that is no UTF-8", function()
  it("is refused where it was passed, with its place", function()
    throws(
      "contacts:create: properties.firstname: invalid UTF-8 at byte 3",
      function() current.contacts:create { firstname = "Zo\235" } end
    )
    throws(
      "contacts:create: properties[1].value: invalid UTF-8 at byte 3",
      function() v1.contacts:create { firstname = "Zo\235" } end
    )
    throws(
      "contacts:upsert: inputs[1].properties.firstname: invalid UTF-8",
      function() current.contacts:upsert("a@b.c", { firstname = "\255" }) end
    )
    throws("contacts:search: query: invalid UTF-8", function() current.contacts:search "\255" end)
    throws(
      "contacts:get_many_by_email: inputs[2].id: invalid UTF-8",
      function() current.contacts:get_many_by_email { "a@b.c", "\255" } end
    )
    throws("lists:create: name: invalid UTF-8", function() current.lists:create { name = "\255" } end)
    assert.same({}, take(server))
  end)

  it("fails alone among many records", function()
    server:reset {}
    local outcome = assert(current.contacts:upsert_many {
      { email = "a@example.org", properties = { firstname = "A" } },
      { email = "b@example.org", properties = { firstname = "Zo\235" } },
    })
    assert.same({ 1, 1, 2 }, { #outcome.results, #outcome.errors, outcome.errors[1].index })
    assert.truthy(tostring(outcome.errors[1]):find("invalid UTF-8 at byte 3", 1, true))
  end)
end)

describe("options", function()
  it("that are unknown are refused, with the name that was meant", function()
    throws(
      "hubspot: contacts:get: unknown option property; did you mean properties?",
      function() current.contacts:get(1, { property = { "email" } }) end
    )
    throws(
      "hubspot: contacts:all: unknown option pagesize; did you mean page_size?",
      function() current.contacts:all { pagesize = 5 } end
    )
    throws(
      "hubspot: contacts:get: unknown option with_histroy; did you mean with_history?",
      function() v1.contacts:get(1, { with_histroy = true }) end
    )
    throws("hubspot: contacts:get: unknown option max", function() current.contacts:get(1, { max = 5 }) end)
    throws("hubspot: contacts:get: unknown option 1", function() current.contacts:get(1, { "email" }) end)
    local text = throws(
      "hubspot: contacts:get: unknown option zzzzzzzz",
      function() current.contacts:get(1, { zzzzzzzz = 1 }) end
    )
    assert.is_nil(text:find("did you mean", 1, true))
    assert.same({}, take(server))
  end)

  it("do not suggest a name that has nothing in common with the unknown one", function()
    for _, name in ipairs { "a", "xy", "q" } do
      local text = throws("unknown option " .. name, function() current.contacts:all { [name] = 1 } end)
      assert.is_nil(text:find("did you mean", 1, true), text)
    end
  end)

  it("of a wrong type are refused", function()
    local cases = {
      properties = { "email", {}, { "" }, { 5 }, true },
      with_history = { "email", {}, { 5 } },
      associations = { {}, "companies" },
      archived = { "true", 1 },
      list_memberships = { "yes" },
      timeout = { 0, -1, "5" },
      deadline = { 0, math.huge },
      retry = { true, 5, { attempts = 3 }, { max_attempts = 0 }, { base_delay = -1 } },
      raw = { 1 },
      headers = { "x", { ["a b"] = "x" }, { x = 5 }, { x = "a\r\nb" }, { Authorization = "x" } },
    }
    for name, values in pairs(cases) do
      for _, value in ipairs(values) do
        throws("hubspot: contacts:get: " .. name, function() current.contacts:get(1, { [name] = value }) end)
      end
    end
    cases = { page_size = { 0, 101, 1.5, "5" }, max = { 0, -1, 1.5, "5" }, cursor = { 5, "" } }
    for name, values in pairs(cases) do
      for _, value in ipairs(values) do
        throws("hubspot: contacts:all: " .. name, function() current.contacts:all { [name] = value } end)
      end
    end
    throws(
      'hubspot: contacts:search: order must be one of "asc", "desc"',
      function() current.contacts:search("", { order = "up" }) end
    )
    throws(
      "hubspot: contacts:get: form_submissions must be one of",
      function() v1.contacts:get(1, { form_submissions = "latest" }) end
    )
    throws(
      "hubspot: contacts:recently_created: since must be a time",
      function() current.contacts:recently_created { since = "yesterday" } end
    )
    assert.same({}, take(server))
  end)

  it("must be a table, and nothing may follow them", function()
    throws(
      "hubspot: contacts:get: options must be a table, got string",
      function() current.contacts:get(1, "email") end
    )
    throws(
      "hubspot: contacts:get: takes 1 argument and a table of options, got 3 values",
      function() current.contacts:get(1, {}, {}) end
    )
    throws(
      "hubspot: contacts:merge: takes 2 arguments and a table of options, got 4 values",
      function() current.contacts:merge(1, 2, {}, nil) end
    )
    throws(
      "hubspot: contacts:all: takes 0 arguments and a table of options, got 2 values",
      function() current.contacts:all({}, {}) end
    )
    throws(
      "hubspot: contacts:create: unknown option firstname",
      function() current.contacts:create({ email = "a@b.c" }, { firstname = "Ada" }) end
    )
    assert.same({}, take(server))
  end)

  it("may be left out as nil", function()
    server:reset {}
    local id = assert(current.contacts:create({ firstname = "Ada" }, nil)).id
    assert.equal(id, assert(current.contacts:get(id, nil)).id)
    assert.equal(id, assert(current.contacts:all(nil):next()).id)
  end)

  it("are not changed by the call", function()
    server:reset {}
    local options = { properties = { "email" }, page_size = 5 }
    current.contacts:all(options):next()
    assert.same({ properties = { "email" }, page_size = 5 }, options)
  end)

  it("raw is refused where there is no one answer to leave untouched", function()
    throws(
      "hubspot: contacts:upsert_many: unknown option raw",
      function() current.contacts:upsert_many({ { email = "a@b.c", properties = { phone = "1" } } }, { raw = true }) end
    )
    throws(
      "hubspot: lists:add: unknown option raw",
      function() current.lists:add(1, { ids = { 1 } }, { raw = true }) end
    )
  end)

  it("headers go with each request of the call, in place of the client's own", function()
    server:reset {}
    local id = assert(current.contacts:create({ firstname = "Ada" }, { headers = { ["X-Trace"] = "t1" } })).id
    local list = assert(current.lists:create { name = "L" })
    assert(current.lists:add(list.listId, { ids = { id } }))
    server:clear_requests()
    local options = { headers = { ["X-Trace"] = "t2", ACCEPT = "application/vnd.x+json", ["user-agent"] = "mine" } }
    assert(current.contacts:get(id, { headers = options.headers, list_memberships = true }))
    assert.equal(id, assert(current.lists:contacts(list.listId, options):next()).id)
    local requests = server:requests()
    assert.equal(4, #requests)
    for _, request in ipairs(requests) do
      assert.same(
        { "t2", "application/vnd.x+json", "mine" },
        { request.headers["x-trace"], request.headers.accept, request.headers["user-agent"] }
      )
    end
  end)

  it("timeout ends an attempt", function()
    server:fault { kind = "hang" }
    local contact, err = current.contacts:get(1, { timeout = 0.05 })
    assert.is_nil(contact)
    assert.same({ "timeout", 1 }, { err.kind, err.attempts })
  end)

  it("deadline ends a call with all its attempts", function()
    server:fault { kind = "hang", times = 100 }
    local contact, err =
      current.contacts:get(1, { timeout = 0.05, deadline = 0.2, retry = { max_attempts = 100, base_delay = 0.001 } })
    assert.is_nil(contact)
    assert.equal("timeout", err.kind)
    assert.is_true(err.attempts > 1 and err.attempts < 100, tostring(err.attempts))
  end)

  it("retry says how often one call is tried", function()
    server:fault { kind = "status", status = 500, times = 100 }
    for attempts = 1, 3 do
      local _, err = current.contacts:get(1, { retry = { max_attempts = attempts } })
      assert.equal(attempts, err.attempts)
      assert.equal(attempts, #take(server))
    end
    local patient = wire.client(server)
    local _, err = patient.contacts:get(1, { retry = false })
    assert.equal(1, err.attempts)
    _, err = patient.contacts:get(1, { retry = { max_attempts = 2 } })
    assert.equal(2, err.attempts)
    patient:close()
  end)
end)

describe("a method", function()
  it("called with a dot says that it wants a colon", function()
    throws("hubspot: call it with a colon: client.contacts:get(…)", function() current.contacts.get(1) end)
    throws("hubspot: call it with a colon: client.contacts:get(…)", function() current.contacts.get() end)
    throws(
      "hubspot: call it with a colon: client.contacts:create(…)",
      function() current.contacts.create { email = "a@b.c" } end
    )
    throws("hubspot: call it with a colon: client.lists:all(…)", function() current.lists.all() end)
    throws("hubspot: call it with a colon: client.properties:get(…)", function() current.properties.get "email" end)
    assert.same({}, take(server))
  end)

  it("throws what can't be right inside of client:map too", function()
    local results, errors = current:map({ 1, {} }, function(id)
      local contact, err = current.contacts:get(id)
      return contact, err
    end)
    assert.is_nil(results[2])
    assert.truthy(errors[2]:find "spec/operation_spec.lua:%d+: hubspot: contacts:get: id must be an id")
  end)
end)

describe("an answer", function()
  local function answers(body, status) server:fault { kind = "status", status = status or 200, body = body } end

  it("that is empty is an error to a read, which has nothing to give then", function()
    for _, client in ipairs { current, v1 } do
      answers ""
      local contact, err = client.contacts:get(1)
      assert.is_nil(contact)
      assert.same({ "decode", 200 }, { err.kind, err.status })
      answers ""
      contact, err = client.contacts:get_many { 1 }
      assert.same({ nil, "decode" }, { contact, err.kind })
      answers ""
      contact, err = client.contacts:all():next()
      assert.same({ nil, "decode" }, { contact, err.kind })
      answers ""
      contact, err = client.contacts:search("x"):next()
      assert.same({ nil, "decode" }, { contact, err.kind })
    end
    answers ""
    local map, err = current.lists:translate_ids { 1 }
    assert.same({ nil, "decode" }, { map, err.kind })
    answers '{"id":"1","properties":{}}'
    answers ""
    local contact
    contact, err = current.contacts:get(1, { list_memberships = true })
    assert.same({ nil, "decode" }, { contact, err.kind })
  end)

  it("that is empty is true to a write, which was carried out", function()
    for _, client in ipairs { current, v1 } do
      for _, call in ipairs {
        function() return client.contacts:create { firstname = "A" } end,
        function() return client.contacts:update(1, { firstname = "A" }) end,
        function() return client.contacts:upsert("a@b.c", { firstname = "A" }) end,
        function() return client.contacts:delete(1) end,
        function() return client.contacts:merge(1, 2) end,
        function() return client.lists:create { name = "L" } end,
        function() return client.lists:update(1, { name = "L" }) end,
        function() return client.lists:delete(1) end,
      } do
        answers("", 200)
        assert.is_true(call())
      end
      -- A change of members must say what became of each.
      answers("", 200)
      local outcome, err = client.lists:add(1, { ids = { 5 } })
      assert.same({ nil, "decode", true }, { outcome, err.kind, err.ambiguous })
    end
  end)

  it("that is no object is an error", function()
    for _, body in ipairs { '"SUCCESS"', "5", "true", "null", "SUCCESS", "[", '{"id":"41' } do
      for _, client in ipairs { current, v1 } do
        answers(body)
        local contact, err = client.contacts:get(1)
        assert.is_nil(contact)
        assert.same({ "decode", 200, body, "GET" }, { err.kind, err.status, err.body, err.method })
      end
    end
  end)

  it("may leave out what is empty", function()
    for _, client in ipairs { current, v1 } do
      answers "{}"
      assert.is_nil(client.contacts:all():next())
      answers "{}"
      assert.same({}, client.contacts:get_many { 1 })
      answers "{}"
      assert.is_nil(client.lists:all():next())
      answers "{}"
      assert.same({}, client.lists:get_many { 1 })
    end
    answers '{"results":[]}'
    local _, err = current.contacts:upsert("a@b.c", { firstname = "A" })
    assert.same({ "decode", true }, { err.kind, err.ambiguous })
  end)

  it("may hold null wherever it likes", function()
    answers '{"results":[{"id":"1","properties":{"email":null}}],"paging":null}'
    local contacts = wire.collect(current.contacts:all())
    assert.same({ { id = "1", properties = {} } }, contacts)
    answers '{"results":[{"id":"1","properties":{"email":null}}],"paging":null}'
    contacts = wire.collect(current.contacts:all { raw = true })
    assert.equal(hubspot.null, contacts[1].properties.email)
  end)
end)

describe("the way of a call", function()
  it("passes few functions, so that one can follow it", function()
    local body = '{"id":"4127","properties":{"email":"a@b.c"},"createdAt":"2026-01-01T00:00:00.000Z","archived":false}'
    local client = hubspot.new {
      token = "a-token-for-this-spec",
      transport = function() return { status = 200, headers = { date = "Fri, 31 Dec 1999 23:59:59 GMT" }, body = body } end,
    }
    local function get() return client.contacts:get(4127) end
    assert(get())
    local count = 0
    -- Busted looks up globals by functions of its own.
    local function note()
      local source = debug.getinfo(2, "S").source
      if source:find("lua/hubspot/", 1, true) then count = count + 1 end
    end
    debug.sethook(note, "c")
    get()
    debug.sethook()
    client:close()
    assert.is_true(count > 30 and count <= 80, ("%d functions"):format(count))
  end)
end)
