-- What no window tells of: what a sweep says of it, and what is known without one.

local support = require "spec.support.mirror"

support.on_each(function(start)
  local mirror

  before_each(function()
    mirror = start({ contacts = 5 }, { objects = { "contacts" } })
    mirror:run()
  end)

  it("calls nothing missed that search may still tell of", function()
    local ids = mirror:ids "contacts"
    mirror.portal:advance(60)
    mirror.portal:set_search_lag(60)
    assert(mirror.client.contacts:merge(ids[1], ids[2]))
    mirror.portal:advance(20)
    mirror:run { sweep = "now" }
    assert.same({}, mirror:differences())
    assert.equal(0, mirror:count "SELECT missed FROM mirror_state")
  end)

  it("calls nothing missed that was restored while it ran", function()
    local id = mirror.client.contacts:all():next().id
    mirror.portal:advance(7200)
    assert(mirror.client.contacts:delete(id))
    mirror:settle()
    mirror.portal:clear_requests()
    local is_restored = false
    local function restore()
      local requests = mirror.portal:requests()
      if is_restored or not requests[#requests].query:find "archived=true" then return end
      is_restored = true
      mirror.portal:restore { type = "contacts", id = id }
    end
    mirror:run { sweep = "now", on_progress = restore }
    assert.is_true(is_restored)
    assert.same({}, mirror:differences())
    assert.equal(0, mirror:count "SELECT missed FROM mirror_state")
    assert.same({ "archive contacts " .. id, "restore contacts " .. id }, mirror:log())
  end)

  it("has the values of archived records for properties that were chosen, or got another type, since", function()
    local ids = mirror:ids "contacts"
    local store = mirror.portal.objects:store(mirror.portal.objects:get "contacts")
    mirror:run { properties = { "email" } }
    mirror.portal:advance(60)
    for index = 1, 2 do
      assert(mirror.client.contacts:update(ids[index], { city = "Hel", phone = "42" }))
      assert(mirror.client.contacts:delete(ids[index]))
    end
    mirror.portal:advance(60)
    mirror:run { properties = { "email" } }
    store.definitions.phone.type = "number"
    mirror:log()
    local archived_at = mirror:value("SELECT archived_at FROM contacts WHERE id = %s", ids[1])
    mirror:run()
    assert.same({}, mirror:differences_of_ended())
    assert.equal(2, mirror:count "SELECT count(*) FROM contacts WHERE city = 'Hel' AND phone_number = 42")
    assert.equal(archived_at, mirror:value("SELECT archived_at FROM contacts WHERE id = %s", ids[1]))
    assert.equal(0, mirror:run({ sweep = "now" }).written)
  end)

  it("has what HubSpot calculated last of a record that was archived since", function()
    local id = mirror.client.contacts:all():next().id
    mirror.portal:advance(60)
    mirror.portal:set_calculated { type = "contacts", id = id, properties = { num_notes = "7" } }
    assert(mirror.client.contacts:delete(id))
    mirror:settle()
    assert.same({}, mirror:differences_of_ended())
    assert.equal(7, mirror:count("SELECT num_notes FROM contacts WHERE id = %s", id))
  end)
end)
