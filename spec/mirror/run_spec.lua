-- A mirror holds what HubSpot has, whatever happened to the records.

local support = require "spec.support.mirror"

-- `make bench-mirror` takes 25,000, of which HubSpot's search gives 10,000.
local CHANGES = tonumber(os.getenv "MIRROR_CHANGES") or 1000
local CEILING = CHANGES * 0.4

support.on_each(function(start_mirror)
  local mirror

  local function start(...)
    mirror = start_mirror(...)
    return mirror.client, mirror.portal
  end

  it("copies all records, and what belongs to them", function()
    start { contacts = 250, companies = 30, deals = 40 }
    mirror:run()
    assert.same({}, mirror:differences())
    assert.equal(250, mirror:count "SELECT count(*) FROM contacts_live")
    assert.is_true(mirror:count "SELECT count(*) FROM associations" > 0)
    assert.is_true(mirror:count "SELECT count(*) FROM companies_contacts" > 0)
    assert.equal(4, mirror:count "SELECT count(*) FROM owners")
    assert.is_true(mirror:count "SELECT count(*) FROM stages WHERE object = 'deals'" > 0)
    assert.same({}, mirror:log())
  end)

  local TABLES = {
    "contacts",
    "companies",
    "deals",
    "associations",
    "owners",
    "pipelines",
    "stages",
    "properties",
    "property_options",
    "changes",
  }

  -- Lets SQLite refuse whatever is written to the tables from here on; of PostgreSQL's rows gives who wrote them.
  local function guard_rows()
    local writers = {}
    for _, name in ipairs(TABLES) do
      if mirror.database.dialect.driver == "luasql.postgres" then
        local statement = "SELECT coalesce(sum(xmin::text::bigint), 0)::text || ' ' || count(*)::text AS n FROM %s"
        writers[name] = mirror:value(statement, name)
      else
        for _, action in ipairs { "INSERT", "UPDATE", "DELETE" } do
          mirror.database:execute(
            ("CREATE TRIGGER IF NOT EXISTS %s_%s BEFORE %s ON %s BEGIN SELECT RAISE(ABORT, 'written'); END"):format(
              name,
              action,
              action,
              name
            )
          )
        end
      end
    end
    return writers
  end

  it("writes no row where nothing changed, in at most 5 requests a type", function()
    start { contacts = 150, companies = 20, deals = 20 }
    mirror:run()
    -- The second run re-reads the changes of the hour before the first.
    mirror.portal:advance(7200)
    mirror:run()
    local writers = guard_rows()
    mirror.portal:clear_requests()
    assert.equal(0, mirror:run().written)
    assert.same(writers, guard_rows())
    local counts = { contacts = 0, companies = 0, deals = 0 }
    for _, request in ipairs(mirror.portal:requests()) do
      local is_exempt = request.path:find "associations" or (request.query or ""):find "archived=true"
      for name in pairs(counts) do
        if not is_exempt and request.path:find("/" .. name, 1, true) then counts[name] = counts[name] + 1 end
      end
    end
    for name, count in pairs(counts) do
      assert.is_true(count > 0 and count <= 5, ("%s: %d requests"):format(name, count))
    end
  end)

  it("takes up what was created, changed, archived, restored, purged and merged, a line each", function()
    local client, portal = start { contacts = 20 }
    mirror:run()
    local ids = mirror:ids "contacts"
    portal:advance(7200)
    local created = assert(client.contacts:create { email = "new@example.org" }).id
    assert(client.contacts:update(ids[1], { city = 'Łódź; "it\'s"' }))
    assert(client.contacts:delete(ids[2]))
    assert(client.contacts:delete(ids[3]))
    mirror:settle()
    assert.same({}, mirror:differences())
    assert.same({
      "update contacts " .. ids[1],
      "create contacts " .. created,
      "archive contacts " .. ids[2],
      "archive contacts " .. ids[3],
    }, mirror:log())
    assert.equal(2, mirror:count "SELECT count(*) FROM contacts WHERE archived_at IS NOT NULL")

    portal:restore { type = "contacts", id = ids[2] }
    portal:purge { type = "contacts", id = ids[3] }
    mirror:settle()
    assert.same({}, mirror:differences())
    assert.same({ "restore contacts " .. ids[2], "gone contacts " .. ids[3] }, mirror:log())
    assert.truthy(mirror:value("SELECT gone_at FROM contacts WHERE id = %s", ids[3]))

    local merged = assert(client.contacts:merge(ids[4], ids[5])).id
    mirror:settle()
    assert.same({}, mirror:differences())
    local lines = mirror:log()
    table.sort(lines)
    assert.same({
      "create contacts " .. merged,
      ("merge contacts %s %s"):format(ids[4], merged),
      ("merge contacts %s %s"):format(ids[5], merged),
    }, lines)
    mirror:settle()
    assert.same({}, mirror:log())
  end)

  for _, keeps_primary_id in ipairs { true, false } do
    local kind = keeps_primary_id and "the primary record's id" or "an id of its own"
    it("makes chains of merges flat that leave " .. kind, function()
      local client = start({ contacts = 10, keeps_primary_id = keeps_primary_id }, { objects = { "contacts" } })
      mirror:run()
      local ids = mirror:ids "contacts"
      mirror.portal:advance(60)
      local last = ids[1]
      for index = 2, 4 do
        last = assert(client.contacts:merge(ids[index], last)).id
        if index == 3 then mirror:settle() end
      end
      mirror:settle()
      assert.same({}, mirror:differences())
      for index = 1, 4 do
        if ids[index] ~= last then
          local id, into = ids[index], tonumber(last)
          assert.equal(into, mirror:count("SELECT merged_into FROM contacts WHERE id = %s", id))
          assert.equal(into, mirror:count("SELECT id FROM merges WHERE object = 'contacts' AND old_id = %s", id))
        end
      end
    end)
  end

  it("finds what the windows can't by a sweep, and says what they missed", function()
    local _, portal = start({ contacts = 30 }, { objects = { "contacts" } })
    mirror:run()
    local ids = mirror:ids "contacts"
    portal:advance(60)
    portal:purge { type = "contacts", id = ids[1] }
    mirror:settle()
    assert.same({ "contacts " .. ids[1] .. " is too much" }, mirror:differences())
    mirror:run { sweep = "now" }
    assert.same({}, mirror:differences())
    assert.same({ "gone contacts " .. ids[1] }, mirror:log())
    assert.equal(0, mirror:count "SELECT missed FROM mirror_state WHERE object = 'contacts'")
    mirror.database:execute(("UPDATE contacts SET city = 'nowhere' WHERE id = %s"):format(ids[2]))
    mirror:run { sweep = "now" }
    assert.same({ "update contacts " .. ids[2] }, mirror:log())
  end)

  it("deletes the rows themselves where that is asked for", function()
    local client, portal = start({ contacts = 5 }, { objects = { "contacts" }, hard_deletes = true })
    mirror:run()
    local id = client.contacts:all():next().id
    portal:purge { type = "contacts", id = id }
    mirror:run { sweep = "now" }
    assert.equal(4, mirror:count "SELECT count(*) FROM contacts")
  end)

  it("deletes nothing for an account that suddenly answers with nothing", function()
    for _, count in ipairs { 3, 40 } do
      start { contacts = count, companies = 3, deals = 3 }
      mirror:run()
      local before = mirror:count "SELECT count(*) FROM contacts_live"
      local associations = mirror:count "SELECT count(*) FROM associations"
      mirror.portal:reset { clock = support.START + 60000 }
      for _, sweep in ipairs { "never", "now" } do
        local succeeded, problem = pcall(mirror.run, mirror, { sweep = sweep })
        assert.is_false(succeeded)
        assert.truthy(tostring(problem):find("nothing was deleted", 1, true), tostring(problem))
      end
      assert.equal(before, mirror:count "SELECT count(*) FROM contacts_live")
      assert.equal(associations, mirror:count "SELECT count(*) FROM associations")
    end
  end)

  it("stops where more is gone than may be, and goes on where that is allowed", function()
    local client = start({ contacts = 60 }, { objects = { "contacts" } })
    mirror:run()
    for contact in client.contacts:all { max = 21 } do
      mirror.portal:purge { type = "contacts", id = contact.id }
    end
    assert.is_false((pcall(mirror.run, mirror, { sweep = "now" })))
    assert.equal(60, mirror:count "SELECT count(*) FROM contacts_live")
    mirror:run { sweep = "now", max_deletes = { fraction = 0.5 } }
    assert.equal(39, mirror:count "SELECT count(*) FROM contacts_live")
  end)

  it("deletes all where all may be deleted", function()
    start({ contacts = 5 }, { objects = { "contacts" } })
    mirror:run()
    for _, id in ipairs(mirror:ids "contacts") do
      mirror.portal:purge { type = "contacts", id = id }
    end
    assert.is_false((pcall(mirror.run, mirror, { sweep = "now", max_deletes = { fraction = 0.99 } })))
    mirror:run { sweep = "now", max_deletes = { fraction = 1 } }
    assert.equal(0, mirror:count "SELECT count(*) FROM contacts_live")
  end)

  it("has an association that was added, relabelled or removed, nothing else touched", function()
    local client = start({ contacts = 5, companies = 3 }, { objects = { "contacts", "companies" } })
    local label =
      assert(client.associations:create_label("contacts", "companies", { name = "billing", label = "Billing" }))
    assert.truthy(label)
    mirror:run()
    local contact, company = client.contacts:all():next().id, client.companies:all():next().id
    local one = ("SELECT count(*) FROM associations WHERE from_id = %s AND to_id = %s"):format(company, contact)
    client.associations:delete("contacts", contact, "companies", company)
    mirror:settle()
    mirror:log()
    assert.equal(0, mirror:count(one))
    assert(client.associations:create("contacts", contact, "companies", company))
    mirror:settle()
    assert.equal(1, mirror:count(one))
    assert(client.associations:create("contacts", contact, "companies", company, { labels = { "Billing" } }))
    mirror:settle()
    assert.equal(1, mirror:count(one .. " AND label = 'Billing'"))
    assert(client.associations:delete("contacts", contact, "companies", company))
    mirror:settle()
    assert.equal(0, mirror:count(one))
    local ops = {}
    for _, line in ipairs(mirror:log()) do
      ops[#ops + 1] = line:match "^%S+"
    end
    assert.same({ "associate", "associate", "dissociate", "dissociate" }, ops)
  end)

  it("reads members of lists that changed", function()
    local client = start({ contacts = 10 }, { objects = { "contacts" } })
    local list = assert(client.lists:create { name = "Fair", processingType = "MANUAL" }).listId
    local ids = mirror:ids "contacts"
    assert(client.lists:add(list, { ids = { ids[1], ids[2] } }))
    mirror:run()
    assert.equal(2, mirror:count("SELECT count(*) FROM list_members WHERE list_id = %s", list))
    assert(client.lists:add(list, { ids = { ids[3] } }))
    mirror:run()
    assert.equal(3, mirror:count("SELECT count(*) FROM list_members WHERE list_id = %s", list))
    assert(client.lists:remove(list, { ids = { ids[1], ids[2] } }))
    mirror:run()
    assert.same({
      "associate contacts " .. ids[3],
      "dissociate contacts " .. ids[1],
      "dissociate contacts " .. ids[2],
    }, mirror:log())
    assert.equal(tonumber(ids[3]), mirror:count("SELECT record_id FROM list_members WHERE list_id = %s", list))
    assert(client.lists:delete(list))
    mirror:run()
    assert.same({ "dissociate contacts " .. ids[3] }, mirror:log())
    local changed = mirror:value "SELECT changed FROM changes WHERE seq = (SELECT max(seq) FROM changes)"
    assert.equal(('{"to":"lists","to_id":"%s"}'):format(list), changed)
    assert.equal(0, mirror:count "SELECT count(*) FROM list_members")
    assert.equal(0, mirror:count "SELECT count(*) FROM lists")
  end)

  it("reads e-mail events from the newest on", function()
    start({ campaigns = 2, email_events = 120, contacts = 5 }, { objects = { "contacts" }, email_events = true })
    mirror:run()
    local count = mirror:count "SELECT count(*) FROM email_events"
    assert.equal(120, count)
    assert.equal(0, mirror:run().written)
  end)

  it("takes up more records of one millisecond than a search pages through, each once", function()
    start({
      contacts = CHANGES,
      contacts_changed_at = support.START - 600000,
      search_ceiling = CEILING,
    }, { objects = { "contacts" }, properties = { "email" }, sweep = "never" })
    -- As if the first copy had been before all that.
    mirror:run()
    mirror.database:execute "DELETE FROM contacts"
    mirror.portal:clear_requests()
    mirror:run()
    assert.equal(CHANGES, mirror:count "SELECT count(*) FROM contacts_live")
    assert.equal(CHANGES, #mirror:log())
    for _, request in ipairs(mirror.portal:requests()) do
      local offset = request.path:find "/search$" and (request.body or ""):match '"after":"(%d+)"'
      assert.is_true(tonumber(offset or 0) < CEILING)
    end
  end)

  it("learns of merges into a record that it finds by an id of an archived one", function()
    local client, portal = start({ contacts = 5 }, { objects = { "contacts" } })
    mirror:run()
    local ids = mirror:ids "contacts"
    assert(client.contacts:delete(ids[1]))
    mirror:settle()
    mirror:log()
    portal:set_search_lag(1000)
    portal:restore { type = "contacts", id = ids[1] }
    local last = assert(client.contacts:merge(ids[2], ids[1])).id
    mirror:settle()
    assert.same({}, mirror:differences())
    local lines = mirror:log()
    table.sort(lines)
    assert.same({
      "create contacts " .. last,
      ("merge contacts %s %s"):format(ids[1], last),
      ("merge contacts %s %s"):format(ids[2], last),
    }, lines)
  end)

  it("sweeps after a first copy in the middle of which a property came", function()
    local client, portal = start({ contacts = 2500 }, { objects = { "contacts" }, parallel = 1 })
    portal:fault { kind = "status", status = 500, path = "/objects/2026-09/contacts$", times = 40, after = 16 }
    assert.is_false((pcall(mirror.run, mirror)))
    portal:clear_faults()
    assert.equal("copy", mirror:value "SELECT phase FROM mirror_state")
    assert.is_true(mirror:count "SELECT count(*) FROM contacts" >= 1000)
    local id = client.contacts:all():next().id
    assert(client.properties:create {
      name = "late",
      label = "Late",
      groupName = "contactinformation",
      type = "string",
      fieldType = "text",
    })
    -- As HubSpot fills in what it calculates: no time changes.
    local store = portal.objects:store(portal.objects:get "contacts")
    store:get(tonumber(id)).values.late = "filled in"
    mirror:run()
    mirror:run()
    assert.same({}, mirror:differences())
    assert.equal("filled in", mirror:value("SELECT late FROM contacts_live WHERE id = %s", id))
  end)

  it("resumes a window that a failure ended", function()
    local client, portal = start(
      { contacts = 500, contacts_changed_at = support.START - 86400000 },
      { objects = { "contacts" } }
    )
    mirror:run()
    portal:advance(7200)
    for contact in client.contacts:all() do
      assert(client.contacts:update(contact.id, { city = "Gdynia" }))
    end
    portal:advance(60)
    portal:fault { kind = "status", status = 500, path = "/batch/read", times = 40, after = 3 }
    assert.is_false((pcall(mirror.run, mirror)))
    portal:clear_faults()
    mirror:run()
    assert.same({}, mirror:differences())
    assert.equal(500, #mirror:log())
  end)
end)
