-- Mistakes of programmers who know other clients, or HubSpot's documentation: each throws at the line of the mistake,
-- and says what to write instead.

local hubspot = require "hubspot"
local sandbox = require "hubspot.sandbox"
local throws = require("spec.support.misuse").throws

local client

before_each(function() client = hubspot.new { transport = sandbox.new { contacts = 7 } } end)

describe("a value of another kind", function()
  it("says what the value is to be", function()
    throws("email must be an e-mail address, got 4127", function() client.contacts:get_by_email(4127) end)
    throws(
      "timeout must be a positive number of seconds, at most 3600 (an hour), got 30000",
      function() client.contacts:get(1, { timeout = 30000 }) end
    )
    throws(
      "deadline must be a positive number of seconds",
      function() hubspot.new { token = "x", deadline = 120000 } end
    )
    throws('token is a string that begins with "Bearer"', function() hubspot.new { token = "Bearer pat-na1-1" } end)
    throws(
      "body must be a table, which the client writes as JSON; this text is JSON already",
      function() client:request { method = "POST", path = "/a", body = ' {"a":1}' } end
    )
  end)

  it("says how filter groups are nested", function()
    local filter = { propertyName = "city", operator = "EQ", value = "Lyon" }
    local expected = "filter_groups must be a list of groups, such as { { filters = { { propertyName"
    for _, groups in ipairs { filter, { filter }, { filters = { filter } }, { { filters = filter } }, { "city" }, "x" } do
      throws(expected, function() client.contacts:search("", { filter_groups = groups }) end)
    end
    assert(client.contacts:search("", { filter_groups = { { filters = { filter } } } }))
    assert(client.contacts:search("", { filter_groups = {} }))
  end)
end)

describe("a name that is not there", function()
  it("says which one was meant, where it was asked for", function()
    throws("hubspot: a client has no contact; did you mean contacts?", function() return client.contact end)
    throws("hubspot: a client has no getContact", function() return client.getContact end)
    throws(
      "client.contacts has no method getByEmail; did you mean get_by_email?",
      function() return client.contacts:getByEmail "ada@example.org" end
    )
    throws("did you mean get?", function() return client.contacts:getById(1) end)
    throws("did you mean delete?", function() return client.contacts:archive(1) end)
    assert(client.lists.get)
    throws("client.lists has no method getAll", function() return client.lists.getAll() end)
    throws("client.lists has no method 1", function() return client.lists[1] end)
  end)

  it("knows what other clients call it", function()
    throws("unknown option api_key; did you mean token?", function() hubspot.new { api_key = "x" } end)
    throws("unknown option access_token; did you mean token?", function() hubspot.new { access_token = "x" } end)
    throws(
      "did you mean page_size (records a request) or max (stop after that many)?",
      function() client.contacts:all { limit = 10 } end
    )
    throws("unknown option after; did you mean cursor?", function() client.contacts:all { after = "1" } end)
    throws(
      "unknown option filters; did you mean filter_groups?",
      function() client.contacts:search("", { filters = {} }) end
    )
  end)

  it("leaves nil what a client has not", function() assert.is_nil(client[1]) end)

  it("is told on a module that is called with a colon", function()
    throws("call it with a dot: hubspot.new{ … }", function() hubspot:new { token = "x" } end)
    throws("call it with a dot: hubspot.array(t)", function() hubspot:array {} end)
    throws("call it with a dot: hubspot.check(value, err)", function() hubspot:check(1) end)
  end)
end)

-- Lua 5.1, and LuaJIT unless it was built for more, asks no metatable here.
local ASKS = #setmetatable({}, { __len = function() return 1 end }) == 1

describe("an iterator", function()
  local iterator

  before_each(function() iterator = client.contacts:all { page_size = 3 } end)

  it("that is taken for a list says that it is none", function()
    throws("an iterator is no list", function() return iterator[1] end)
    if not ASKS then return end
    throws("an iterator is no list", function() return #iterator end)
    throws("an iterator is no list", function()
      for _ in ipairs(iterator) do
        error "ipairs gave something"
      end
    end)
    throws("an iterator is no list", function()
      for _ in pairs(iterator) do
        error "pairs gave something"
      end
    end)
  end)

  it("says what the second variable of a for is", function()
    throws("an iterator gives one value at a time", function()
      for _, contact in iterator do
        print(contact.id)
      end
    end)
    throws("an iterator gives one value at a time", function()
      for _, contact in iterator do
        print("contact " .. contact)
      end
    end)
    throws("an iterator gives one value at a time", function()
      for _, page in iterator:pages() do
        print(#page.items)
      end
    end)
    local list = {}
    table.insert(list, iterator())
    assert.truthy(list[1].id)
  end)

  it("says that its methods take a colon", function()
    for _, name in ipairs { "next", "pages", "cursor" } do
      throws(("call it with a colon: iterator:%s()"):format(name), function() iterator[name]() end)
    end
  end)

  it("is mapped as its items come", function()
    local results, failures = client:map(iterator, function(contact)
      if contact.id == "4158" then error "boom" end
      return contact.id
    end, { concurrency = 2 })
    local all = {}
    for contact in client.contacts:all() do
      all[#all + 1] = contact.id
    end
    assert.equal(7, #all)
    for index, id in ipairs(all) do
      assert.equal(id ~= "4158" and id or nil, results[index])
      assert.equal(id == "4158", failures[index] ~= nil)
    end
    assert.is_nil(failures.stopped_by)
  end)

  it("that fails while it is mapped says so beside what was done", function()
    local portal = sandbox.new { contacts = 7 }
    local failing = hubspot.new { transport = portal, retry = false }
    portal:fault { kind = "status", status = 500, after = 1, times = 9 }
    local results, failures = failing:map(
      failing.contacts:all { page_size = 3 },
      function(contact) return contact.id end
    )
    assert.equal(3, #results)
    assert.equal(500, failures.stopped_by.status)
  end)
end)

describe("an error", function()
  local function fails()
    local portal = sandbox.new { contacts = 1 }
    portal:fault { kind = "status", status = 404, times = 9 }
    return hubspot.new { transport = portal }
  end

  it("comes after a text", function()
    local _, err = fails().contacts:get(1)
    assert.equal("could not read it: " .. tostring(err), "could not read it: " .. err)
    assert.equal(tostring(err) .. "!", err .. "!")
  end)

  it("that a for throws has the place of the for", function()
    throws("HTTP 404", function()
      local succeeded, err = pcall(function()
        for contact in fails().contacts:all() do
          print(contact.id)
        end
      end)
      assert.is_false(succeeded)
      assert.equal(404, err.status)
      error(tostring(err), 0)
    end)
    throws("HTTP 404", function()
      local _, err = pcall(function()
        for page in fails().contacts:all():pages() do
          print(#page)
        end
      end)
      error(tostring(err), 0)
    end)
  end)

  it("is thrown by hubspot.check with the place of who calls it", function()
    assert.same({ 1, 2, 3 }, { hubspot.check(1, 2, 3) })
    local client_that_fails = fails()
    throws("HTTP 404", function()
      local _, err = pcall(function()
        local contact = hubspot.check(client_that_fails.contacts:get(1))
        return contact
      end)
      error(tostring(err), 0)
    end)
    throws("no such thing", function() hubspot.check(nil, "no such thing") end)
    throws("there is no value, and no error", function() hubspot.check(nil) end)
    -- The error itself stays as it was.
    local _, err = client_that_fails.contacts:get(1)
    pcall(hubspot.check, nil, err)
    assert.is_nil(err.place)
  end)
end)
