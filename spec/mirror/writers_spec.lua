-- While people work in HubSpot, whose search tells of it late, a mirror follows; and once they rest it has all, and a
-- sweep finds nothing that it had missed.

local random_faults = require "spec.support.random_faults"
local random_writer = require "spec.support.random_writer"
local support = require "spec.support.mirror"

-- More of them are `make bench-mirror`'s.
local ROUNDS = tonumber(os.getenv "MIRROR_ROUNDS") or 12

support.on_each(function(start_mirror)
  local mirror, writer, seed

  local function start(portal_options, does)
    seed = tonumber(os.getenv "SEED") or os.time()
    math.randomseed(seed)
    portal_options.contacts, portal_options.companies = 60, 20
    mirror = start_mirror(
      portal_options,
      { objects = { "contacts", "companies" }, max_deletes = { count = 1000 }, sweep = "never" }
    )
    writer = random_writer.new {
      portal = mirror.portal,
      client = mirror.client,
      random = math.random,
      is_known = function(...) return mirror:knows_archived(...) end,
      does = does,
    }
    mirror:run()
  end

  local function follow()
    for _ = 1, ROUNDS do
      writer:work(20)
      mirror:run()
    end
  end

  local function follow_through_faults()
    for _ = 1, ROUNDS do
      writer:work(20)
      random_faults.add(mirror.portal, math.random)
      pcall(mirror.run, mirror)
    end
    mirror.portal:clear_faults()
  end

  local function rest()
    mirror.portal:set_search_lag(0)
    mirror.portal:advance(100)
    mirror:run()
    mirror.portal:advance(3700)
    mirror:run()
    mirror:log()
  end

  local function assert_missed_nothing()
    for _, object in ipairs(mirror.options.objects) do
      assert.equal(0, mirror:count("SELECT missed FROM mirror_state WHERE object = '%s'", object), "SEED " .. seed)
    end
  end

  local function assert_whole()
    rest()
    assert.same({}, mirror:differences(), "SEED " .. seed)
    assert.same({}, mirror:differences_of_ended(), "SEED " .. seed)
    mirror:run { sweep = "now" }
    assert.same({}, mirror:log(), "SEED " .. seed)
    assert_missed_nothing()
  end

  it("has all where a merge gives a new id", function()
    start { keeps_primary_id = false }
    follow()
    assert_whole()
  end)

  it("has all where a merge keeps the primary id", function()
    start { keeps_primary_id = true }
    follow()
    assert_whole()
  end)

  it("has all where requests fail", function()
    start { keeps_primary_id = false }
    follow_through_faults()
    assert_whole()
  end)

  it("has by a sweep what no window tells of", function()
    start({ keeps_primary_id = false }, "all")
    follow()
    mirror:run { sweep = "now" }
    follow()
    rest()
    assert.not_same({}, mirror:differences(), "SEED " .. seed)
    mirror:run { sweep = "now" }
    assert.same({}, mirror:differences(), "SEED " .. seed)
    assert.same({}, mirror:differences_of_ended(), "SEED " .. seed)
    mirror:log()
    mirror:run { sweep = "now" }
    assert.same({}, mirror:log(), "SEED " .. seed)
    assert_missed_nothing()
  end)
end)
