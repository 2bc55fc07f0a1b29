-- Files that the command continues from: they are on the disk before it does what can't be done twice. Where a disk
-- that fails ends it shows when they are put there.

local command = require "spec.support.command"
local fixture = require "spec.support.fixture"
local importing = require "spec.support.importing"
local script = require "spec.support.script"

local site = fixture.new { start = { contacts = 30 }, clients = { current = {} }, reset = { contacts = 30 } }

local files, library

local function writes()
  local count = 0
  for _, request in ipairs(site.server:requests()) do
    if request.path:find("batch/create", 1, true) or request.path:find("batch/upsert", 1, true) then
      count = count + 1
    end
  end
  return count
end

local function run(variables, words)
  words.env = command.against(site.server, variables)
  return command.run(words)
end

-- Runs the command where the disk fails for the files of a name.
local function run_on_bad_disk(name, words) return run({ LD_PRELOAD = library, FAILING_FSYNC = name }, words) end

local function assert_disk_failure(name, result)
  assert.equal(7, result.status)
  assert.truthy(result.stderr:find(files:path(name) .. ": Input/output error", 1, true), result.stderr)
end

describe("a disk that fails", function()
  setup(function()
    files = importing.new(site.server)
    library = files:path "failing_fsync.so"
    assert(os.execute(("cc -shared -fPIC -o %s spec/support/failing_fsync.c -ldl"):format(script.quote(library))))
  end)
  teardown(function() files:remove() end)

  for _, mode in ipairs { "create", "upsert" } do
    it("ends an import before its rows are sent: " .. mode, function()
      local path = files:write("a.csv", { "email", "one@example.org", "two@example.org" })
      local words = { "import", "contacts", path, "--mode", mode, "--write" }
      assert_disk_failure("a.csv.journal", run_on_bad_disk("a.csv.journal", words))
      assert.equal(0, writes())
      os.remove(path .. ".journal")
      assert.equal(0, run({}, words).status)
      assert.equal(1, writes())
    end)
  end

  it("leaves the journal of an import whose errors file is not on the disk", function()
    local path = files:write("a.csv", { "email", "one@example.org", "no address" })
    local words = { "import", "contacts", path, "--write", "--errors", files:path "bad.csv" }
    assert_disk_failure("bad.csv.part", run_on_bad_disk("bad.csv.part", words))
    assert.truthy(files:read "a.csv.journal")
    words[#words + 1] = "--resume"
    assert.equal(3, run({}, words).status)
    assert.truthy(files:read("bad.csv"):find("no address", 1, true))
    assert.equal(1, writes())
  end)

  it("ends an export with the rows before it, and --resume continues", function()
    local words = { "export", "contacts", "-o", files:path "c.csv" }
    assert_disk_failure("c.csv.part", run_on_bad_disk("c.csv.part", words))
    assert.is_nil(files:read "c.csv")
    words[#words + 1] = "--resume"
    assert.equal(0, run({}, words).status)
    local whole = run({}, { "export", "contacts" })
    assert.equal(whole.stdout, files:read "c.csv")
  end)
end)
