-- Two runs of the command that would write one file: the second is refused, and the first loses nothing.

local command = require "spec.support.command"
local exporting = require "spec.support.exporting"
local fixture = require "spec.support.fixture"
local importing = require "spec.support.importing"
local script = require "spec.support.script"
local socket = require "socket"

local CONTACTS = 450

local site = fixture.new { start = {}, clients = { current = {} }, reset = { contacts = CONTACTS } }
local files

before_each(function() files = importing.new(site.server) end)
after_each(function() files:remove() end)

local function invocation(words)
  words.env = command.against(site.server)
  return words
end

local function run(words) return command.run(invocation(words)) end

local function was_struck()
  for _, request in ipairs(site.server:requests()) do
    if request.fault then return true end
  end
  return false
end

-- Starts a run that a request without an answer holds up, and returns it when that request is there.
local function start_and_hold(words, fault)
  fault.kind = "hang"
  site.server:fault(fault)
  local held = exporting.start(site.server, words)
  local deadline = socket.gettime() + 20
  while not was_struck() do
    assert(socket.gettime() < deadline, "the request never came")
    socket.sleep(0.01)
  end
  site.server:clear_requests()
  return held
end

local function assert_refused(result, path)
  assert.equal(7, result.status, result.stderr)
  assert.equal("", result.stdout)
  assert.truthy(
    result.stderr:find((": %s: another process is at work on it: wait until that has ended\n"):format(path), 1, true),
    result.stderr
  )
  assert.same({}, site.server:requests())
end

describe("an export into a file", function()
  local whole, path
  before_each(function()
    whole = run({ "export", "contacts" }).stdout
    path = files:path "c.csv"
  end)

  local function words(...) return { "export", "contacts", "-o", path, "--parallel", "1", ... } end

  it("is refused while another one writes it, and after a kill it is not", function()
    local held = start_and_hold(words(), { path = "/crm/objects/2026-09/contacts$", after = 2 })
    local part = files:read "c.csv.part"
    assert.is_true(#part > 0 and #part < #whole)
    assert_refused(run(words "--resume"), path .. ".part")
    assert_refused(run(words()), path .. ".part")
    assert.equal(part, files:read "c.csv.part")
    held.kill "KILL"
    local resumed = run(words "--resume")
    assert.equal(0, resumed.status, resumed.stderr)
    assert.is_true(whole == files:read "c.csv")
    assert.is_nil(files:read "c.csv.part.lock")
  end)

  it("beside another one is whole, whichever came first", function()
    local first = { env = command.against(site.server), (table.unpack or unpack)(words "--resume") } -- luacheck: ignore
    local line = command.line(first)
    for _ = 1, 5 do
      local result = script.run_shell(("{ %s & a=$!; %s & wait $!; b=$?; wait $a; echo $? $b; }"):format(line, line))
      assert.truthy(({ ["0 0\n"] = true, ["0 7\n"] = true, ["7 0\n"] = true })[result.out], result.out .. result.err)
      assert.is_true(whole == files:read "c.csv")
      assert.is_nil(files:read "c.csv.part")
    end
  end)

  it("leaves no lock, however it ends", function()
    assert.equal(0, run(words()).status)
    assert.is_nil(files:read "c.csv.part.lock")
    site.server:fault { kind = "rate_limit", policy = "DAILY" }
    assert.equal(5, run(words()).status)
    assert.is_nil(files:read "c.csv.part.lock")
  end)

  it("says where there can be none", function()
    local result = run { "export", "contacts", "-o", "/nowhere/c.csv" }
    assert.equal(7, result.status)
    local reason =
      "can't write /nowhere/c.csv.part: No such file or directory; its folder must be there, and writable\n"
    assert.equal("hubspot-lua export: " .. reason, result.stderr)
  end)
end)

describe("an import of a file", function()
  local function words(...) return { "import", "contacts", files:path "a.csv", "--write", "--parallel", "1", ... } end

  before_each(function()
    local lines = { "email,firstname" }
    for number = 1, 250 do
      lines[number + 1] = ("p%d@example.org,N%d"):format(number, number)
    end
    files:write("a.csv", lines)
  end)

  it("is refused while another one writes its rows, and after a kill it is not", function()
    local held = start_and_hold(words(), { path = "/batch/upsert", after = 1 })
    local journal = files:read "a.csv.journal"
    assert.truthy(journal:find('"ended":1', 1, true))
    assert_refused(run(words "--resume"), files:path "a.csv.journal")
    assert_refused(run(words()), files:path "a.csv.journal")
    assert.equal(journal, files:read "a.csv.journal")
    -- What writes nothing disturbs nobody.
    assert.equal(0, run({ "import", "contacts", files:path "a.csv" }).status)
    held.kill "KILL"
    local resumed = run(words "--resume")
    assert.equal(0, resumed.status, resumed.stderr)
    assert.is_nil(files:read "a.csv.journal")
    assert.is_nil(files:read "a.csv.journal.lock")
    local count = 0
    for _ in site.clients.current.contacts:all() do
      count = count + 1
    end
    assert.equal(CONTACTS + 250, count)
  end)
end)

describe("imports of two files", function()
  it("don't write one file of errors, or of results", function()
    for _, name in ipairs { "a.csv", "b.csv" } do
      files:write(name, { "email,firstname", name:sub(1, 1) .. "@example.org,N" })
    end
    local function words(name, flag)
      return { "import", "contacts", files:path(name), "--write", flag, files:path "rows.csv" }
    end
    for _, flag in ipairs { "--errors", "--results" } do
      local held = start_and_hold(words("a.csv", flag), { path = "/batch/upsert" })
      assert_refused(run(words("b.csv", flag)), files:path "rows.csv.part")
      held.kill "KILL"
      os.remove(files:path "a.csv.journal")
      assert.equal(0, run(words("b.csv", flag)).status)
      assert.is_nil(files:read "rows.csv.part.lock")
    end
  end)
end)

describe("changes with a state", function()
  it("are refused while another process follows them", function()
    local state = files:path "place.json"
    local words = { "changes", "contacts", "--state", state }
    local held = start_and_hold(words, {})
    assert_refused(run(words), state)
    held.kill "KILL"
    site.server:clear_faults()
    assert.equal(0, run(words).status)
    assert.is_nil(files:read "place.json.lock")
  end)
end)
