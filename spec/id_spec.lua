-- Ids, which HubSpot writes as JSON numbers here and as texts there: whichever it is, the records are the same.

local core = require "hubspot.core"
local hubspot = require "hubspot"
local id = require "hubspot.id"
local portal = require "spec.support.portal"
local wire = require "spec.support.wire"

local collect = wire.collect
local HAS_INTEGERS = math.type ~= nil

describe("an id", function()
  it("is text, whatever it was", function()
    for _, case in ipairs {
      { 4127, "4127" },
      { 4127.0, "4127" },
      { "4127", "4127" },
      { 0, "0" },
      { 1618065507111, "1618065507111" },
      { 9007199254740991, "9007199254740991" },
      { "0-1", "0-1" },
    } do
      assert.equal(case[2], id.text(case[1]))
    end
  end)

  it("is exact in 64 bits, where Lua has integers", function()
    if not HAS_INTEGERS then return pending "doubles only" end
    for _, digits in ipairs { "9007199254740993", "1618065507111835497", "9223372036854775807" } do
      assert.equal(digits, id.text(core.decode(digits)))
    end
  end)

  it("stays what it is where it is no whole number", function()
    for _, value in ipairs { 41.5, 1 / 0, -1 / 0, true, core.null } do
      assert.equal(value, id.text(value))
    end
    assert.is_nil(id.text(nil))
  end)

  it("is text in fields that hold ids, and in lists of them", function()
    assert.same(
      {
        id = "1",
        listId = "2",
        vid = "3",
        linkedVids = { "4" },
        businessUnitIds = { "5" },
        size = 6,
        paid = 7,
        nested = { appId = "8", { id = "9" } },
      },
      id.in_record {
        id = 1,
        listId = 2,
        vid = 3,
        linkedVids = { 4 },
        businessUnitIds = { 5 },
        size = 6,
        paid = 7,
        nested = { appId = 8, { id = 9 } },
      }
    )
    assert.equal("none", id.in_record "none")
    assert.is_nil(id.in_record(nil))
  end)

  it(
    "leaves what is in a record alone where only its own fields are meant",
    function()
      assert.same(
        { listId = "61", filterBranch = { listId = 7 } },
        id.in_fields { listId = 61, filterBranch = { listId = 7 } }
      )
    end
  )

  it("goes out as a number where a double stands for it", function()
    assert.equal("[4127,0]", core.encode(id.numbers { "4127", "0" }))
    assert.equal('["9007199254740993"]', core.encode(id.numbers { "9007199254740993" }))
    assert.equal("[]", core.encode(id.numbers {}))
    assert.is_nil(id.number(nil))
  end)
end)

-- A decoded answer in which every id that is a text of digits is a number.
local function with_numbers(value, name)
  if type(value) == "table" then
    local is_list = type(name) == "string" and name:lower():find "ids" ~= nil
    for key, item in pairs(value) do
      if key ~= "properties" then value[key] = with_numbers(item, is_list and "id" or key) end
    end
  elseif type(value) == "string" and type(name) == "string" and #value < 16 and value:find "^[1-9]%d*$" then
    if name == "id" or name == "vid" or name == "after" or name:find "Id$" then return tonumber(value) end
  end
  return value
end

local function client_of(rewrite, options)
  local world = portal.new { contacts = 0, v1_lists = true }
  local given = {
    token = wire.TOKEN,
    limiter = false,
    retry = false,
    transport = function(request)
      local response = world.portal(request)
      local decoded = core.decode(response.body or "", true)
      if decoded then response.body = assert(core.encode(rewrite(decoded))) end
      return response
    end,
  }
  for name, value in pairs(options or {}) do
    given[name] = value
  end
  return hubspot.new(given)
end

local function same(value) return value end

-- Calls that find records again by their ids; each gives what is the same whatever the ids were written as.
local CALLS = {
  ["contacts by their ids, in the order of these"] = function(client, ids)
    return client.contacts:get_many { ids[3], ids[1], "999999" }
  end,
  ["a merged contact by its old id"] = function(client, ids)
    assert(client.contacts:merge(ids[1], ids[2]))
    return client.contacts:get_many { ids[2], ids[3] }
  end,
  ["contacts with their lists"] = function(client, ids, list_id)
    assert(client.lists:add(list_id, { ids = ids }))
    return client.contacts:get(ids[2], { list_memberships = true })
  end,
  ["members with the time they joined"] = function(client, ids, list_id)
    assert(client.lists:add(list_id, { ids = ids }))
    return collect(client.lists:contacts(list_id, { page_size = 2 }))
  end,
  ["who was added, and who was in it"] = function(client, ids, list_id)
    assert(client.lists:add(list_id, { ids = { ids[1] } }))
    return client.lists:add(list_id, { ids = { ids[1], ids[2], "999999" }, emails = { "a3@example.org" } })
  end,
  ["a list by its legacy id"] = function(client)
    local translated, missing = client.lists:translate_ids { 1, 2, 3 }
    return { translated, missing }
  end,
  ["all contacts, page by page, and the cursor in the middle"] = function(client)
    local iterator = client.contacts:all { page_size = 3 }
    local first = assert(iterator:next())
    local cursor = iterator:cursor()
    return { first, collect(client.contacts:all { page_size = 3, cursor = cursor }) }
  end,
  ["a search, page by page"] = function(client) return collect(client.contacts:search("a", { page_size = 2 })) end,
  ["rows of a batch, each under its index"] = function(client, ids)
    return client.contacts:upsert_many {
      { id = ids[2], properties = { firstname = "Ada" } },
      { id = "999999", properties = { firstname = "Nobody" } },
      { email = "a1@example.org", properties = { city = "X" } },
    }
  end,
  ["contacts read side by side"] = function(client)
    return collect(client.contacts:all { parallel = 3, ordered = true, page_size = 2 })
  end,
}

-- An outcome without its times, since the portal's clock runs, without the ids of its answers, and without the context
-- of its errors, which is as HubSpot wrote it.
local function text_of(outcome)
  return (
    assert(core.encode(outcome))
      :gsub('"%d+%-%d+%-%d+T[^"]*"', '"then"')
      :gsub('"correlation_id":"[^"]*"', '"correlation_id":""')
      :gsub('"ids":%["?%d+"?%]', '"ids":[]')
  )
end

local function outcome_of(call, rewrite)
  local client = client_of(rewrite)
  local ids = {}
  for index = 1, 8 do
    ids[index] = assert(client.contacts:create { email = ("a%d@example.org"):format(index) }).id
  end
  local list = assert(client.lists:create { name = "Spring", processingType = "MANUAL" })
  local outcome = assert(call(client, ids, list.listId))
  client:close()
  return text_of(outcome)
end

describe("where HubSpot writes ids as numbers, a client gives the same", function()
  for name, call in pairs(CALLS) do
    it(name, function()
      local expected = outcome_of(call, same)
      assert.equal(expected, outcome_of(call, with_numbers))
    end)
  end

  it("reads that go out together", function()
    local function coalesced(rewrite)
      local client = client_of(rewrite)
      local ids = {}
      for index = 1, 3 do
        ids[index] = assert(client.contacts:create { lastname = "L" .. index }).id
      end
      local contacts = client:map(ids, function(one) return assert(client.contacts:get(one, { coalesce = true })) end)
      client:close()
      return text_of(contacts)
    end
    assert.equal(coalesced(same), coalesced(with_numbers))
  end)
end)
