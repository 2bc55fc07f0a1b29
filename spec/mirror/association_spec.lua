-- Associations of more records than a run reads those of: of records that changed, and of all after a sweep.

local core = require "hubspot.core"
local support = require "spec.support.mirror"

local OBJECTS = { "contacts", "companies" }

support.on_each(function(start_mirror)
  local mirror, client, portal
  local contacts, companies

  local function start()
    mirror = start_mirror(
      { contacts = 8, companies = 4, contacts_changed_at = support.START - 86400000 },
      { objects = OBJECTS, association_requests = 0 }
    )
    client, portal = mirror.client, mirror.portal
    contacts, companies = mirror:ids "contacts", {}
    for index = 1, 3 do
      companies[index] = assert(client.companies:create { name = "Made " .. index }).id
    end
  end

  local function fail_at_associations()
    portal:advance(60)
    portal:fault { kind = "status", status = 500, path = "/associations/", times = 100 }
    assert.is_false((pcall(mirror.run, mirror)))
    portal:clear_faults()
  end

  local function reads_of_associations()
    local count = 0
    for _, request in ipairs(portal:requests()) do
      if request.path:find "/associations/" then count = count + 1 end
    end
    return count
  end

  it("reads those of records that changed, on either side", function()
    start()
    mirror:run()
    assert.same({}, mirror:differences())
    portal:clear_requests()
    mirror:settle()
    assert.equal(0, reads_of_associations())
    client.associations:create("contacts", contacts[1], "companies", companies[1])
    assert(client.companies:update(companies[1], { city = "Hel" }))
    client.associations:create("contacts", contacts[2], "companies", companies[2])
    assert(client.contacts:update(contacts[2], { city = "Hel" }))
    mirror:settle()
    assert.same({}, mirror:differences())
    client.associations:delete("contacts", contacts[1], "companies", companies[1])
    assert(client.contacts:update(contacts[1], { city = "Gdynia" }))
    client.associations:delete("contacts", contacts[2], "companies", companies[2])
    assert(client.companies:update(companies[2], { city = "Gdynia" }))
    mirror:settle()
    assert.same({}, mirror:differences())
  end)

  it("stands a record that changed and has none, nor had any", function()
    start()
    for _, company in ipairs(mirror:ids "companies") do
      client.associations:delete("contacts", contacts[5], "companies", company)
    end
    mirror:run()
    assert(client.contacts:update(contacts[5], { city = "Hel" }))
    mirror:settle()
    assert.same({}, mirror:differences())
  end)

  it("logs each once where both sides changed", function()
    start()
    client.associations:create("contacts", contacts[1], "companies", companies[1])
    client.associations:create("contacts", contacts[1], "companies", companies[2])
    mirror:run()
    local line = "dissociate companies " .. companies[1]
    client.associations:delete("contacts", contacts[1], "companies", companies[1])
    for _, id in ipairs { companies[1], companies[2] } do
      assert(client.companies:update(id, { city = "Hel" }))
    end
    assert(client.contacts:update(contacts[1], { city = "Hel" }))
    mirror:settle()
    local count = 0
    for _, logged in ipairs(mirror:log()) do
      if logged == line then count = count + 1 end
    end
    assert.equal(1, count)
  end)

  it("takes up that many get another label, and stops where many are gone", function()
    mirror = start_mirror({ contacts = 60, companies = 1 }, { objects = OBJECTS })
    client = mirror.client
    local company = mirror:ids("companies")[1]
    local function associate(label)
      for _, contact in ipairs(mirror:ids "contacts") do
        client.associations:delete("contacts", contact, "companies", company)
        assert(client.associations:create("contacts", contact, "companies", company, { labels = { label } }))
      end
    end
    for _, name in ipairs { "former", "current" } do
      assert(client.associations:create_label("contacts", "companies", { name = name, label = name }))
    end
    associate "former"
    mirror:run()
    associate "current"
    mirror:settle()
    assert.same({}, mirror:differences())
    for _, contact in ipairs(mirror:ids "contacts") do
      client.associations:delete("contacts", contact, "companies", company)
    end
    assert.is_false((pcall(mirror.settle, mirror)))
    assert.equal(120, mirror:count "SELECT count(*) FROM associations")
  end)

  it("reads fewer records at a time where these have many", function()
    mirror = start_mirror(
      { contacts = 100, companies = 60, contacts_changed_at = support.START - 86400000 },
      { objects = OBJECTS, properties = { "email" } }
    )
    client, portal = mirror.client, mirror.portal
    contacts, companies = mirror:ids "contacts", mirror:ids "companies"
    local inputs = {}
    for _, company in ipairs(companies) do
      for _, contact in ipairs(contacts) do
        inputs[#inputs + 1] = { from = contact, to = company }
      end
    end
    assert(client.associations:create_many("contacts", "companies", inputs))
    local function sizes_of_reads()
      local sizes = {}
      for _, request in ipairs(portal:requests()) do
        if request.path:find "/associations/.*/batch/read$" then
          sizes[#sizes + 1] = #core.decode(request.body).inputs
        end
      end
      portal:clear_requests()
      return sizes
    end
    portal:clear_requests()
    mirror:run()
    -- HubSpot has 100 of each record, and the mirror none: the first are read to learn that.
    assert.same({ 20, 40 }, sizes_of_reads())
    assert.equal(#inputs, mirror:count "SELECT count(DISTINCT from_id * 1000000 + to_id) FROM associations")
    mirror:settle()
    assert.same({ 50, 10 }, sizes_of_reads())
    mirror:settle { association_requests = 1 }
    assert.same({}, sizes_of_reads())
    assert.equal(0, mirror:count "SELECT count(*) FROM changes")
  end)

  it("finds by a sweep those of records that did not change", function()
    start()
    mirror:run()
    client.associations:create("contacts", contacts[3], "companies", companies[3])
    mirror:settle()
    assert.equal(1, #mirror:differences())
    mirror:settle { sweep = "now" }
    assert.same({}, mirror:differences())
  end)

  it("reads them after a run that ended before it did: a first copy, changes, and a sweep", function()
    start()
    client.associations:create("contacts", contacts[1], "companies", companies[1])
    fail_at_associations()
    mirror:settle()
    assert.same({}, mirror:differences())
    assert.same({}, mirror:log())
    client.associations:create("contacts", contacts[2], "companies", companies[2])
    assert(client.companies:update(companies[2], { city = "Hel" }))
    fail_at_associations()
    mirror:settle()
    assert.same({}, mirror:differences())
    client.associations:create("contacts", contacts[3], "companies", companies[3])
    mirror.options.sweep = "now"
    fail_at_associations()
    mirror.options.sweep = "never"
    mirror:settle()
    assert.same({}, mirror:differences())
  end)

  it("reads them of a pair that a run left out, or that no run had", function()
    start()
    mirror:run { associations = "none" }
    mirror:settle()
    assert.same({}, mirror:differences())
    client.associations:create("contacts", contacts[2], "companies", companies[2])
    assert(client.contacts:update(contacts[2], { city = "Hel" }))
    mirror:settle { objects = { "contacts" } }
    mirror:settle()
    assert.same({}, mirror:differences())
    assert.equal(0, mirror:count "SELECT count(*) FROM mirror_touched")
  end)
end)
