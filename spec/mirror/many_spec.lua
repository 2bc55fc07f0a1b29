-- More archived records, members and gone records than a run holds at a time.

local support = require "spec.support.mirror"

-- A slice has 1,000.
local CONTACTS, MANY = 1050, 1010

support.on_each(function(start)
  local mirror, client, portal, ids

  before_each(function()
    mirror = start(
      { contacts = CONTACTS, contacts_changed_at = support.START - 86400000 },
      { objects = { "contacts" }, properties = { "email" }, max_deletes = { count = CONTACTS } }
    )
    client, portal, ids = mirror.client, mirror.portal, mirror:ids "contacts"
  end)

  local function first_ids(count)
    local first = {}
    for index = 1, count do
      first[index] = ids[index]
    end
    return first
  end

  local function settle(options)
    mirror:settle(options)
    local log = mirror:log()
    table.sort(log)
    return log
  end

  it("finds those that left the archive", function()
    mirror:run()
    assert(client.contacts:delete_many(first_ids(MANY)))
    assert.equal(MANY, #settle())
    for _, index in ipairs { 1, 1000, 1001, MANY } do
      portal:restore { type = "contacts", id = ids[index] }
    end
    portal:purge { type = "contacts", id = ids[2] }
    portal:purge { type = "contacts", id = ids[MANY - 1] }
    local expected = {}
    for _, index in ipairs { 1, 1000, 1001, MANY } do
      expected[#expected + 1] = "restore contacts " .. ids[index]
    end
    for _, index in ipairs { 2, MANY - 1 } do
      expected[#expected + 1] = "gone contacts " .. ids[index]
    end
    table.sort(expected)
    assert.same(expected, settle())
    assert.same({}, settle())
  end)

  it("finds who joined and left a list", function()
    local list = assert(client.lists:create { name = "Fair", processingType = "MANUAL" }).listId
    assert(client.lists:add(list, { ids = first_ids(MANY) }))
    mirror:run()
    assert.equal(MANY, mirror:count "SELECT count(*) FROM list_members")
    assert(client.lists:remove(list, { ids = { ids[1], ids[1000], ids[1001], ids[MANY] } }))
    assert(client.lists:add(list, { ids = { ids[CONTACTS] } }))
    local expected = { "associate contacts " .. ids[CONTACTS] }
    for _, index in ipairs { 1, 1000, 1001, MANY } do
      expected[#expected + 1] = "dissociate contacts " .. ids[index]
    end
    table.sort(expected)
    assert.same(expected, settle())
    local report = assert(require("hubspot.mirror").verify(client, mirror.database, mirror.options))
    assert.same({ 0, 0 }, { report.members, report.pending })
  end)

  it("finds by a sweep those that are gone", function()
    mirror:run()
    for index = 1, MANY do
      portal:purge { type = "contacts", id = ids[index] }
    end
    assert(client.contacts:delete(ids[CONTACTS]))
    local report = assert(require("hubspot.mirror").verify(client, mirror.database, mirror.options))
    assert.same({ MANY, 1 }, { report.different, report.pending })
    assert.equal(MANY + 1, #settle { sweep = "now" })
  end)
end)
