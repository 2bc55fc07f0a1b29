-- What a mirror could miss where two things happen between two looks at HubSpot.

local hubspot = require "hubspot"
local support = require "spec.support.mirror"

local OBJECTS = { "contacts", "companies" }

support.on_each(function(start_mirror)
  local mirror, client, portal

  local function start(portal_options, objects)
    mirror = start_mirror(portal_options, { objects = objects or { "contacts" } })
    client, portal = mirror.client, mirror.portal
  end

  -- Calls a function once, in the middle of a request whose answer has a text.
  local function once_at(text, fn)
    mirror.rewrite = function(body)
      if body:find(text, 1, true) then
        mirror.rewrite = nil
        fn()
      end
      return body
    end
  end

  it("has merges that happen within the first copy", function()
    start { contacts = 350, contacts_changed_at = support.START - 86400000 }
    local ids = mirror:ids "contacts"
    local other = hubspot.new { transport = portal, token = "any", limiter = false }
    portal:advance(60)
    once_at('"id":"' .. ids[250] .. '"', function() assert(other.contacts:merge(ids[2], ids[1])) end)
    mirror:run { parallel = 1 }
    mirror:settle()
    assert.same({}, mirror:differences())
    mirror:settle()
    mirror:run { sweep = "now" }
    assert.same({}, mirror:differences())
  end)

  it("has the latest values of a record that was archived, and when", function()
    start { contacts = 5 }
    mirror:run()
    local id = mirror:ids("contacts")[1]
    portal:advance(60)
    assert(client.contacts:update(id, { city = "Sopot" }))
    assert(client.contacts:delete(id))
    mirror:settle()
    assert.equal("Sopot", mirror:value("SELECT city FROM contacts WHERE id = %s", id))
    local first = mirror:value("SELECT archived_at FROM contacts WHERE id = %s", id)
    portal:advance(60)
    portal:restore { type = "contacts", id = id }
    assert(client.contacts:update(id, { city = "Hel" }))
    assert(client.contacts:delete(id))
    mirror:settle()
    assert.not_equal(first, mirror:value("SELECT archived_at FROM contacts WHERE id = %s", id))
    assert.equal("Hel", mirror:value("SELECT city FROM contacts WHERE id = %s", id))
    mirror:log()
    assert.equal(0, mirror:settle().written)
    assert.same({}, mirror:log())
  end)

  it("reads a list again whose members change and whose size does not", function()
    start { contacts = 10 }
    local ids = mirror:ids "contacts"
    local list = assert(client.lists:create { name = "Fair", processingType = "MANUAL" }).listId
    assert(client.lists:add(list, { ids = { ids[1], ids[2] } }))
    mirror:run()
    portal:advance(60)
    local merged = assert(client.contacts:merge(ids[1], ids[3])).id
    mirror:settle()
    local members = {}
    for member in client.lists:contacts(list, { raw = true }) do
      members[#members + 1] = tostring(member.recordId)
    end
    local stored = {}
    for _, row in ipairs(mirror.database:query "SELECT record_id FROM list_members ORDER BY record_id") do
      stored[#stored + 1] = tostring(row.record_id)
    end
    table.sort(members)
    assert.truthy(merged)
    assert.same(members, stored)
  end)

  it("mends by a sweep whatever differs, even from a later time", function()
    start { contacts = 5 }
    mirror:run()
    local id = mirror:ids("contacts")[1]
    local time_of = ("SELECT updated_at FROM contacts WHERE id = %s"):format(id)
    local before = mirror:value(time_of)
    local spoiled = "UPDATE contacts SET city = 'x', updated_at = '2031-01-01T00:00:00.000Z' WHERE id = %s"
    mirror.database:execute(spoiled:format(id))
    mirror:run { sweep = "now" }
    assert.same({}, mirror:differences())
    assert.equal(before, mirror:value(time_of))
  end)

  local function verify()
    local report = assert(require("hubspot.mirror").verify(client, mirror.database, mirror.options))
    return { report.different, report.associations, report.members, report.pending }
  end

  it("verifies values, times, rows, associations and members of lists", function()
    start({ contacts = 6, companies = 4 }, OBJECTS)
    local ids = mirror:ids "contacts"
    local list = assert(client.lists:create { name = "Fair", processingType = "MANUAL" }).listId
    assert(client.lists:add(list, { ids = { ids[1], ids[2] } }))
    mirror:run()
    portal:advance(7200)
    mirror:run()
    assert.same({ 0, 0, 0, 0 }, verify())
    local differing = { { 0, 0, 0, 0 } }
    local found = { verify() }
    for _, change in ipairs {
      { "UPDATE contacts SET city = 'x' WHERE id = " .. ids[1], 1 },
      { "UPDATE contacts SET updated_at = '2020-01-01T00:00:00.000Z' WHERE id = " .. ids[2], 1 },
      { "UPDATE contacts SET archived_at = '2020-01-01T00:00:00.000Z' WHERE id = " .. ids[3], 1 },
      { "DELETE FROM contacts WHERE id = " .. ids[4], 1 },
      { "INSERT INTO contacts (id) VALUES (99999999)", 1 },
      { "DELETE FROM associations WHERE to_id = " .. ids[5], 2 },
      { "DELETE FROM list_members WHERE record_id = " .. ids[1], 3 },
      { ("INSERT INTO list_members (list_id, object, record_id) VALUES (%s, 'contacts', %s)"):format(list, ids[6]), 3 },
    } do
      local last = differing[#differing]
      local touched = mirror.database:execute(change[1])
      local one = { last[1], last[2], last[3], last[4] }
      one[change[2]] = one[change[2]] + touched
      differing[#differing + 1], found[#found + 1] = one, verify()
    end
    assert.same(differing, found)
    mirror:run { sweep = "now" }
    assert.same({ 0, 0, 0, 0 }, verify())
    assert(client.lists:add(list, { ids = { ids[6] } }))
    assert.same({ 0, 0, 0, 1 }, verify())
  end)

  it("verifies what was archived and merged since, which the next run takes up, and what is gone", function()
    start { contacts = 6 }
    mirror:run()
    portal:advance(7200)
    mirror:run()
    local ids = mirror:ids "contacts"
    assert(client.contacts:delete(ids[1]))
    assert(client.contacts:merge(ids[2], ids[3]))
    -- The archived one, and of the merge both old ids and the one that is left.
    assert.same({ 0, 0, 0, 4 }, verify())
    portal:purge { type = "contacts", id = ids[4] }
    assert.same({ 1, 0, 0, 4 }, verify())
    mirror:settle()
    assert.same({ 1, 0, 0, 0 }, verify())
  end)

  it("deletes nothing where the archive is suddenly empty, and old in part", function()
    start { contacts = 6 }
    mirror:run()
    for _, id in ipairs(mirror:ids "contacts") do
      assert(client.contacts:delete(id))
    end
    mirror:settle()
    mirror.database:execute "UPDATE contacts SET archived_at = '2020-01-01T00:00:00.000Z' WHERE id = (SELECT min(id) FROM contacts)"
    portal:reset { clock = support.START + 600000 }
    assert.is_false((pcall(mirror.run, mirror)))
    assert.equal(0, mirror:count "SELECT count(*) FROM contacts WHERE gone_at IS NOT NULL")
  end)

  it("gives all lines of the log since a time, even if the clock was put back", function()
    start { contacts = 1 }
    mirror:run()
    local change_log = require "hubspot.mirror.change_log"
    for _, at in ipairs { "10:00", "12:00", "11:30", "12:30" } do
      local statement =
        "INSERT INTO changes (at, op, object, id) VALUES ('2026-01-02T%s:00.000Z', 'update', 'contacts', 1)"
      mirror.database:execute(statement:format(at))
    end
    local first = change_log.before(mirror.database, "2026-01-02T09:00:00.000Z")
    assert.equal(first + 1, change_log.before(mirror.database, "2026-01-02T11:45:00.000Z"))
    assert.equal(first + 4, change_log.before(mirror.database, "2026-01-02T13:00:00.000Z"))
  end)

  it("deletes not even one where none may be deleted", function()
    start { contacts = 30 }
    mirror:run()
    portal:purge { type = "contacts", id = mirror:ids("contacts")[1] }
    assert.is_false((pcall(mirror.run, mirror, { sweep = "now", max_deletes = { fraction = 0 } })))
    assert.equal(30, mirror:count "SELECT count(*) FROM contacts_live")
    mirror:run { sweep = "now" }
    assert.equal(29, mirror:count "SELECT count(*) FROM contacts_live")
  end)

  it("has the lists of all its types, and their members", function()
    start({ contacts = 3, companies = 5 }, OBJECTS)
    local ids = mirror:ids "companies"
    local list = assert(client.lists:create { name = "C", processingType = "MANUAL", object_type = "companies" }).listId
    assert(client.lists:add(list, { ids = { ids[1], ids[2] } }))
    mirror:run()
    local members = "SELECT count(*) FROM list_members WHERE object = 'companies' AND record_id IN (%s, %s)"
    assert.equal(2, mirror:count(members, ids[1], ids[2]))
    portal:advance(60)
    assert(client.lists:remove(list, { ids = { ids[1] } }))
    assert(client.lists:add(list, { ids = { ids[3] } }))
    mirror:run()
    assert.equal(2, mirror:count(members, ids[2], ids[3]))
    assert.same({ 0, 0, 0, 0 }, verify())
    mirror:run { objects = { "contacts" } }
    assert.equal(1, mirror:count "SELECT count(*) FROM lists")
  end)

  it("goes on, and keeps what it has, where HubSpot has no lists of a type", function()
    start({ contacts = 3, companies = 2 }, { "companies", "contacts" })
    for _, name in ipairs { "companies", "contacts" } do
      assert(client.lists:create { name = name, processingType = "MANUAL", object_type = name })
    end
    mirror:run()
    assert.equal(2, mirror:count "SELECT count(*) FROM lists")
    portal:advance(60)
    assert(client.lists:create { name = "more", processingType = "MANUAL" })
    portal:fault { kind = "status", status = 400, path = "/crm/lists/*/search" }
    mirror:run()
    assert.same({}, portal:waiting_faults())
    assert.equal(3, mirror:count "SELECT count(*) FROM lists")
  end)

  it("verifies what it keeps where properties have no room, and where a choice is made later", function()
    local columns = require "hubspot.mirror.columns"
    local most = columns.MOST
    finally(function() columns.MOST = most end)
    columns.MOST = 10
    start { contacts = 5 }
    mirror:run()
    assert.same({ 0, 0, 0, 0 }, verify())
    mirror.database:execute("UPDATE contacts SET extra = NULL WHERE id = " .. mirror:ids("contacts")[1])
    assert.same({ 1, 0, 0, 0 }, verify())
    local kept = mirror:value "SELECT min(property) FROM mirror_columns"
    for _, properties in ipairs { { kept }, { "of another type" } } do
      mirror:run { properties = properties, sweep = "now" }
      assert.same({ 0, 0, 0, 0 }, verify())
    end
  end)
end)
