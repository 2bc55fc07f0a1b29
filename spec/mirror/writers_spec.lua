-- While people work in HubSpot, whose search tells of it late, a mirror follows; and once they rest it has all, and a
-- sweep finds nothing that it had missed.

local random_writer = require "spec.support.random_writer"
local support = require "spec.support.mirror"

-- 2026-01-02T03:04:05Z
local START = 1767323045000

-- More of them are `make bench-mirror`'s.
local ROUNDS = tonumber(os.getenv "MIRROR_ROUNDS") or 12

local FAULTS = {
  { kind = "status", status = 500 },
  { kind = "status", status = 502 },
  { kind = "rate_limit", retry_after = 0 },
  { kind = "reset" },
  { kind = "reset_after" },
  { kind = "cut" },
  { kind = "garbage" },
  { kind = "repeat_cursor", path = "/crm/objects" },
  { kind = "empty", path = "/search" },
}

support.on_each(function(address_of)
  local mirror

  after_each(function() mirror:close() end)

  local function follow(portal_options, faults)
    local seed = tonumber(os.getenv "SEED") or os.time()
    math.randomseed(seed)
    portal_options.clock = START
    portal_options.contacts, portal_options.companies = 60, 20
    mirror = support.start(
      address_of(),
      portal_options,
      { objects = { "contacts", "companies" }, max_deletes = { count = 1000 }, sweep = "never" }
    )
    local portal = mirror.portal
    local writer = random_writer.new { portal = portal, client = mirror.client, random = math.random }
    mirror:run()
    for _ = 1, ROUNDS do
      writer:work(20)
      for _ = 1, faults and math.random(0, 6) or 0 do
        local fault = { times = math.random(4), after = math.random(0, 20) }
        for name, value in pairs(FAULTS[math.random(#FAULTS)]) do
          fault[name] = value
        end
        portal:fault(fault)
      end
      local succeeded, problem = pcall(mirror.run, mirror)
      if succeeded then
        writer:note_run()
      elseif not faults then
        error(problem, 0)
      end
    end
    portal:clear_faults()
    portal:set_search_lag(0)
    portal:advance(100)
    mirror:run()
    portal:advance(3700)
    mirror:run()
    assert.same({}, mirror:differences(), "SEED " .. seed)
    mirror:log()
    mirror:run { sweep = "now" }
    assert.same({}, mirror:log(), "SEED " .. seed)
    for _, object in ipairs(mirror.options.objects) do
      assert.equal(0, mirror:count("SELECT missed FROM mirror_state WHERE object = '%s'", object), "SEED " .. seed)
    end
  end

  it("has all where a merge gives a new id", function() follow { keeps_primary_id = false } end)

  it("has all where a merge keeps the primary id", function() follow { keeps_primary_id = true } end)

  it("has all where requests fail", function() follow({ keeps_primary_id = false }, "faults") end)
end)
