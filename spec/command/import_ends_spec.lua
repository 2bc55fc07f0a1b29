-- Imports that end before all is done: they say what is done, and how the rest can be.

local command = require "spec.support.command"
local fixture = require "spec.support.fixture"
local importing = require "spec.support.importing"

local here = fixture.new { clients = { current = {} }, reset = {} }
local server = here.server

local files

before_each(function() files = importing.new(server) end)
after_each(function() files:remove() end)

local function people(count)
  local lines = { "email,firstname" }
  for number = 1, count do
    lines[number + 1] = ("p%d@example.org,N%d"):format(number, number)
  end
  return lines
end

local function text_of(lines) return table.concat(lines, "\n") .. "\n" end

local function words(...) return { "--write", "--parallel", "1", ... } end

local function run(name, ...) return files:run("contacts", name, words(...)) end

local function run_stdin(...)
  local options = words(...)
  options.stdin = text_of(people(250))
  return files:run("contacts", "-", options)
end

local function count_contacts()
  local count = 0
  for _ in here.clients.current.contacts:all() do
    count = count + 1
  end
  return count
end

local function has(text, part) assert.truthy(text:find(part, 1, true), text) end

local function has_no(text, part) assert.is_nil(text:find(part, 1, true), text) end

local DAILY = { kind = "rate_limit", policy = "DAILY", times = 1000 }

local function daily_limit(path, after)
  server:fault { kind = DAILY.kind, policy = DAILY.policy, times = DAILY.times, path = path, after = after }
end

describe("an import of the standard input that ends early", function()
  it("tells which creations not to repeat, by a code after which nothing is run again", function()
    server:fault { kind = "reset_after", path = "/batch/create", after = 1 }
    local result = run_stdin("--mode", "create")
    assert.equal(1, result.status, result.stderr)
    assert.equal(200, count_contacts())
    has(
      result.stderr,
      "; 100 of 250 rows are in HubSpot: leave those out before you import the rest (lines 2-101); "
        .. "100 of 250 rows may be in HubSpot: look for them before you import the rest (lines 102-201)\n"
    )
    has_no(result.stderr, "un the same again")
    has_no(result.stderr, "may be done twice")
  end)

  it("tells so at the daily limit, and for more errors than --max-errors", function()
    daily_limit("/batch/create", 2)
    local result = run_stdin("--mode", "create")
    assert.equal(1, result.status, result.stderr)
    has(result.stderr, "; 200 of 250 rows are in HubSpot: leave those out before you import the rest (lines 2-201)\n")
    has_no(result.stderr, "un the same again")
    has_no(result.stderr, "may be in HubSpot")
    server:clear_faults()
    server:reset {}
    server:fault { kind = "multi_status", path = "/batch/create", indexes = { 1, 2 } }
    result = run_stdin("--mode", "create", "--max-errors", "1")
    assert.equal(1, result.status, result.stderr)
    has(result.stderr, "2 rows were refused, more than --max-errors; 98 of 250 rows are in HubSpot: leave those out")
    has(result.stderr, "(lines 4-101)\n")
  end)

  it("may be run again where it created nothing, or upserts", function()
    daily_limit("/batch/", 0)
    local result = run_stdin("--mode", "create")
    assert.equal(5, result.status, result.stderr)
    has(result.stderr, ". Run the same again when the day is over in the account's time zone\n")
    server:clear_faults()
    daily_limit("/batch/upsert", 1)
    result = run_stdin()
    assert.equal(5, result.status, result.stderr)
    assert.equal(100, count_contacts())
    has(result.stderr, ". Run the same again when the day is over in the account's time zone\n")
  end)
end)

describe("an import of a file that ends early", function()
  it("is resumed, and not told to be run again", function()
    files:write("a.csv", people(250))
    daily_limit("/batch/create", 1)
    local result = run("a.csv", "--mode", "create", "--errors", "@bad.csv")
    assert.equal(5, result.status, result.stderr)
    has(
      result.stderr,
      "; 100 of 250 rows are done: --resume resumes it when the day is over in the account's time zone\n"
    )
    has_no(result.stderr, "un the same again")
    has_no(result.stderr, "bad.csv.part has the rows")
    server:clear_faults()
    local anew = ("remove %s to begin anew, which creates the rows that are done a second time\n"):format(
      files:path "a.csv.journal"
    )
    result = run("a.csv", "--mode", "create", "--errors", "@bad.csv")
    assert.equal(2, result.status)
    has(result.stderr, "an import of this file was interrupted: --resume resumes it, or " .. anew)
    result = run("a.csv", "--mode", "create", "--empty", "clear", "--resume")
    assert.equal(2, result.status)
    has(result.stderr, "): use the same options, or " .. anew)
    assert.equal(0, run("a.csv", "--mode", "create", "--resume").status)
    assert.equal(250, count_contacts())
  end)

  it("tells of its errors file where that has rows", function()
    local lines = people(250)
    lines[2] = "no address,N"
    files:write("a.csv", lines)
    daily_limit("/batch/upsert", 1)
    local result = run("a.csv", "--errors", "@bad.csv")
    assert.equal(5, result.status, result.stderr)
    has(result.stderr, "bad.csv.part has the rows that were refused so far\n")
    -- An upsert changes nothing where it is done again.
    has(run("a.csv").stderr, "remove " .. files:path "a.csv.journal" .. " to begin anew\n")
  end)

  it("says what is done where the disk is full, and is resumed", function()
    files:write("a.csv", people(1000))
    local invocation = files:invocation("contacts", "a.csv", words())
    invocation.before = "trap '' XFSZ; ulimit -f 20"
    local result = command.run(invocation)
    assert.equal(7, result.status, result.stderr)
    has(result.stderr, files:path "a.csv.journal" .. ": File too large\n")
    local done = result.stderr:match "\n?(%d+) of 1000 rows are done: run the same with %-%-resume to continue\n"
    assert.truthy(done and tonumber(done) > 0 and tonumber(done) < 1000, result.stderr)
    -- The journal has no place for the last batch that was sent.
    assert.equal(count_contacts(), done + 100)
    assert.equal(0, run("a.csv", "--resume").status)
    assert.equal(1000, count_contacts())
  end)
end)
