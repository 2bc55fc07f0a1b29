-- What a sweep says that the windows had missed.

local support = require "spec.support.mirror"

-- 2026-01-02T03:04:05Z
local START = 1767323045000

support.on_each(function(address_of)
  local mirror

  after_each(function() mirror:close() end)

  it("calls nothing missed that search may still tell of", function()
    mirror = support.start(address_of(), { clock = START, contacts = 5 }, { objects = { "contacts" } })
    mirror:run()
    local ids = {}
    for contact in mirror.client.contacts:all() do
      ids[#ids + 1] = contact.id
    end
    mirror.portal:advance(60)
    mirror.portal:set_search_lag(60)
    assert(mirror.client.contacts:merge(ids[1], ids[2]))
    mirror.portal:advance(20)
    mirror:run { sweep = "now" }
    assert.same({}, mirror:differences())
    assert.equal(0, mirror:count "SELECT missed FROM mirror_state")
  end)
end)
