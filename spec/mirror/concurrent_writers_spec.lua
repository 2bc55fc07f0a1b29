-- Somebody works in HubSpot while mirrors follow, each in a process of its own: what changes comes between their
-- requests. Once the overlap has passed, they have all, and a sweep finds nothing that they had missed.

local followed_portal = require "spec.support.followed_portal"
local postgresql = require "spec.support.postgresql"
local sandbox = require "spec.support.sandbox"
local support = require "spec.support.mirror"

-- `make check-writers` works for minutes, in all examples, with a mirror in PostgreSQL beside that in SQLite.
local SECONDS = tonumber(os.getenv "WRITERS_SECONDS")
local SHORT_SECONDS = 3

describe("mirrors of a portal in which somebody works", function()
  local server, postgres, file, portal, seed

  setup(function()
    server = sandbox.start()
    if SECONDS then postgres = postgresql.start() end
  end)

  teardown(function()
    server:stop()
    if postgres then postgres:stop() end
  end)

  before_each(function()
    seed = tonumber(os.getenv "SEED") or os.time()
    math.randomseed(seed)
    file = support.sqlite_file()
    if postgres then support.empty(postgres.address) end
  end)

  after_each(function()
    portal:close()
    file.remove()
  end)

  local function assert_whole(one)
    local told = ("SEED %d, %s"):format(seed, portal:summary())
    assert.same({}, portal:missed(one), told)
    assert.same({}, one.reader:differences(), told)
    assert.same({}, one.reader:differences_of_ended(), told)
    assert.equal(0, portal:sweep(one), told)
    assert.same({}, one.reader:log(), told)
    local verified = portal:verify(one)
    assert.same({ 0, 0 }, { verified.status, verified.report.pending }, told)
  end

  local function follow(options)
    server:reset { contacts = options.contacts or 300, companies = 100, keeps_primary_id = options.keeps_primary_id }
    portal = followed_portal.new {
      server = server,
      addresses = { file.address, postgres and postgres.address },
      random = math.random,
      is_disturbed = options.is_disturbed,
    }
    portal:work(SECONDS or SHORT_SECONDS)
    portal:rest()
    if SECONDS then print(portal:summary()) end
    for _, one in ipairs(portal.mirrors) do
      assert.is_true(one.reader:count "SELECT count(*) FROM changes" > 0)
      assert_whole(one)
    end
  end

  it("are whole where a merge gives a new id, requests fail, and they are killed", function()
    follow { keeps_primary_id = false, is_disturbed = true }
    assert.is_true(portal.faults > 0)
  end)

  if not SECONDS then return end

  it("are whole where a merge keeps the primary id, requests fail, and they are killed", function()
    follow { keeps_primary_id = true, is_disturbed = true, contacts = 3000 }
    assert.is_true(portal.faults > 0 and portal.kills > 0)
  end)

  it("are whole where a merge gives a new id", function() follow { keeps_primary_id = false } end)

  it("are whole where a merge keeps the primary id", function() follow { keeps_primary_id = true } end)
end)
