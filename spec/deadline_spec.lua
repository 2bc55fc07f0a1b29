-- Bounds of `deadline`: the client's bounds each request with its retries and waits, the option of a call the whole
-- call, of an iterator each step. On a clock of the specs' own, where each request takes a second; parallel reads are
-- in the loops' specs.

local fake_loop = require "spec.support.fake_loop"
local hubspot = require "hubspot"
local portal = require "hubspot.sandbox"
local sandbox = require "spec.support.sandbox"
local wire = require "spec.support.wire"

local loop, requests, account, client, seconds_a_request

-- Answers as the sandbox does, a second later; or not at all, if there is less time.
local function slow(request)
  requests[#requests + 1] = request.method .. " " .. request.url:match "^https://[^/]*([^?]*)"
  if request.timeout < seconds_a_request then
    loop:pass(request.timeout)
    return nil, { kind = "timeout", message = "no answer in time", sent = true }
  end
  loop:pass(seconds_a_request)
  return account(request)
end

local function new_client(options)
  local all = { token = "any-token", loop = loop, transport = slow, limiter = false, retry = false }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  client = hubspot.new(all)
  return client
end

before_each(function()
  loop, requests, seconds_a_request = fake_loop.new(), {}, 1
  account = portal.new { contacts = 1000 }
end)

local function seconds() return loop:now() - 1000 end

-- Checks that a call was ended by its deadline, after some seconds and requests.
local function ended(value, err, after, count)
  assert.is_nil(value)
  assert.equal("timeout", err.kind)
  assert.equal(after, seconds())
  assert.equal(count, #requests)
  return err
end

local function ids(count)
  local list = {}
  local one = hubspot.new { transport = account, limiter = false }
  for contact in one.contacts:all { max = count } do
    list[#list + 1] = contact.id
  end
  return list
end

local function rows(count)
  local list = {}
  for index = 1, count do
    list[index] = { email = ("deadline-%d@example.org"):format(index), properties = { phone = "1" } }
  end
  return list
end

describe("the deadline of a client", function()
  it("bounds each request with its retries and waits", function()
    account = function() return { status = 503, headers = {}, body = "" } end
    new_client { deadline = 5, retry = { max_attempts = 100, base_delay = 0.5 } }
    local _, err = client.contacts:get(1)
    -- The last attempt may have had too little time.
    assert.is_true(err.status == 503 or err.kind == "timeout")
    assert.is_true(seconds() <= 5 and #requests > 2)
  end)

  it("bounds no call of several requests", function()
    new_client { deadline = 2.5 }
    assert.equal(1000, #assert(client.contacts:get_many(ids(1000))))
    assert.equal(10, seconds())
  end)

  it("bounds no step of an iterator that takes several requests", function()
    new_client { deadline = 1.5 }
    local list = assert(client.lists:create { name = "A list" })
    assert(client.lists:add(list.listId, { ids = ids(10) }))
    assert.equal(10, #wire.collect(client.lists:contacts(list.listId)))
  end)

  it("gives way to that of a call, which may be longer", function()
    new_client { deadline = 0.5 }
    assert.truthy(client.contacts:all({ deadline = 1.5 }):next())
    assert.truthy(client.contacts:get(ids(1)[1], { deadline = 1.5 }))
    local _, err = client.contacts:get(1)
    assert.equal("timeout", err.kind)
  end)
end)

describe("the deadline of a call", function()
  it("bounds one of a single request", function()
    new_client()
    local value, err = client.contacts:get(1, { deadline = 0.5 })
    ended(value, err, 0.5, 1)
  end)

  it("bounds client:request", function()
    new_client()
    local value, err = client:request { method = "GET", path = "/crm/objects/2026-09/contacts", deadline = 0.25 }
    ended(value, err, 0.25, 1)
  end)

  it("bounds a read in several requests", function()
    new_client()
    local value, err = client.contacts:get_many(ids(1000), { deadline = 3.5 })
    ended(value, err, 3.5, 4)
  end)

  it("bounds a read of more properties than one request can name", function()
    local names = {}
    for index = 1, 400 do
      names[index] = ("a_property_with_a_name_as_long_as_some_have_%d"):format(index)
    end
    new_client()
    local value, err = client.contacts:get(ids(1)[1], { properties = names, deadline = 1.5 })
    ended(value, err, 1.5, 2)
  end)

  it("bounds a write in several requests, and tells what was written", function()
    new_client()
    local outcome = assert(client.contacts:upsert_many(rows(1000), { deadline = 3.5 }))
    assert.same({ 300, 700 }, { #outcome.results, #outcome.errors })
    assert.equal("timeout", outcome.stopped_by.kind)
    assert.equal(3.5, seconds())
    -- The request in flight may have been carried out; those after it were not sent.
    assert.is_true(outcome.errors[1].ambiguous)
    assert.equal(4, #requests)
  end)

  it("bounds a write that looks for the rows at fault", function()
    local refused = rows(100)
    refused[77].properties = { no_such_property = "1" }
    new_client()
    local outcome = assert(client.contacts:upsert_many(refused, { deadline = 4.5 }))
    assert.equal("timeout", outcome.stopped_by.kind)
    assert.equal(4.5, seconds())
  end)

  it("bounds what looks addresses up before it changes a list", function()
    new_client()
    local list = assert(client.lists:create { name = "A list" })
    local made = assert(client.contacts:create { email = "ada@example.org" })
    requests, loop = {}, fake_loop.new()
    client = new_client()
    local value, err = client.lists:add(list.listId, { emails = { "ada@example.org" } }, { deadline = 1.5 })
    ended(value, err, 1.5, 2)
    assert.same({ made.id }, assert(client.lists:add(list.listId, { emails = { "ada@example.org" } })).added)
  end)

  it("bounds one that translates a list's id first", function()
    new_client()
    local value, err = client.lists:get({ legacy = 1 }, { deadline = 0.5 })
    ended(value, err, 0.5, 1)
  end)

  it("bounds a change of two requests", function()
    new_client()
    local list = assert(client.lists:create { name = "A list" })
    requests, loop = {}, fake_loop.new()
    client = new_client()
    local value, err = client.lists:update(
      list.listId,
      { name = "Another", filterBranch = { filterBranchType = "OR", filterBranches = {} } },
      { deadline = 0.5 }
    )
    ended(value, err, 0.5, 1)
  end)

  it("bounds its retries and what HubSpot asks for", function()
    account = function() return { status = 429, headers = { ["retry-after"] = "2" }, body = "{}" } end
    new_client { retry = { max_attempts = 10 } }
    local _, err = client.contacts:get_many({ 1, 2, 3 }, { deadline = 8 })
    assert.is_true(err.status == 429 or err.kind == "timeout")
    assert.is_true(seconds() <= 8 and #requests > 1)
  end)

  it("bounds each call of client:map, not their sum", function()
    new_client()
    local results, failures = client:map(ids(5), function(id) return client.contacts:get(id, { deadline = 1.5 }) end)
    assert.same({}, failures)
    assert.equal(5, #results)
    assert.equal(5, seconds())
  end)
end)

describe("the deadline of an iterator", function()
  it("bounds each step, not all of them", function()
    new_client()
    assert.equal(1000, #wire.collect(client.contacts:all { page_size = 100, deadline = 1.5 }))
    assert.equal(10, seconds())
    local pages = 0
    for _ in client.contacts:all({ page_size = 100, deadline = 1.5 }):pages() do
      pages = pages + 1
    end
    assert.equal(10, pages)
  end)

  it("begins with the step, whenever the iterator was made", function()
    new_client()
    local iterator = client.contacts:all { page_size = 100, deadline = 1.5 }
    loop:pass(100)
    assert.truthy(iterator:next())
  end)

  it("ends next() with an error, after which the same page is asked for again", function()
    new_client()
    local iterator = client.contacts:all { page_size = 100, deadline = 0.5 }
    local item, err = iterator:next()
    ended(item, err, 0.5, 1)
    seconds_a_request = 0.1
    assert.truthy(iterator:next())
    assert.equal(requests[1], requests[2])
  end)

  it("ends a turn of a loop by throwing it", function()
    new_client()
    local _, err = pcall(function()
      for _ in client.contacts:all { deadline = 0.5 } do
        error "there is none"
      end
    end)
    ended(nil, err, 0.5, 1)
    _, err = pcall(client.contacts:all({ deadline = 0.5 }):pages())
    ended(nil, err, 1, 2)
  end)

  it("bounds a step of several requests", function()
    new_client()
    local list = assert(client.lists:create { name = "A list" })
    assert(client.lists:add(list.listId, { ids = ids(10) }))
    requests, loop = {}, fake_loop.new()
    client = new_client()
    local item, err = client.lists:contacts(list.listId, { deadline = 1.5 }):next()
    ended(item, err, 1.5, 2)
    assert.equal("POST /crm/objects/2026-09/contacts/batch/read", requests[2])
    assert.equal(10, #wire.collect(client.lists:contacts(list.listId, { deadline = 2.5 })))
  end)

  it("bounds a step of a search", function()
    new_client()
    local item, err = client.contacts:search("", { deadline = 0.5 }):next()
    ended(item, err, 0.5, 1)
  end)
end)

describe("over sockets, the deadline", function()
  local server

  setup(function() server = sandbox.start { contacts = 300 } end)
  teardown(function() server:stop() end)
  before_each(function() server:clear_faults() end)

  it("bounds a step of a parallel iterator, which continues afterwards", function()
    local one = wire.client(server, { retry = false })
    local iterator = one.contacts:all { parallel = 4, page_size = 10, deadline = 0.3 }
    server:fault { kind = "hang", path = "/contacts$", times = 1 }
    local item, err = iterator:next()
    assert.is_nil(item)
    assert.equal("timeout", err.kind)
    assert.equal(300, #wire.collect(iterator))
    one:close()
  end)

  it("bounds a step of an iterator that prefetches, which continues afterwards", function()
    local one = wire.client(server, { retry = false })
    local list = assert(one.lists:create { name = "Members" })
    local members = wire.ids(wire.collect(one.contacts:all {}))
    assert(one.lists:add(list.listId, { ids = members }))
    local iterator = one.lists:contacts(list.listId, { page_size = 50, deadline = 0.5 })
    local got, failures = {}, {}
    server:fault { kind = "hang", path = "/batch/read$", times = 3, after = 1 }
    for _ = 1, 1000 do
      local item, err = iterator:next()
      if item then got[#got + 1] = item.id end
      if err then failures[#failures + 1] = err.kind end
      if not item and not err then break end
    end
    assert.same(members, got)
    for _, kind in ipairs(failures) do
      assert.equal("timeout", kind)
    end
    one:close()
  end)

  it("bounds a read that goes out with others, and then alone", function()
    local one = wire.client(server, { retry = false })
    server:fault { kind = "slow", seconds = 0.4, path = "/batch/read$", times = 10 }
    server:fault { kind = "hang", path = "/contacts/999999999$", times = 10 }
    local contact, err = one.contacts:get(999999999, { coalesce = true, deadline = 0.8 })
    assert.is_nil(contact)
    assert.equal("timeout", err.kind)
    one:close()
  end)
end)
