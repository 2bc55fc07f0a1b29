-- Imports that are killed, interrupted, or meet faults: what is resumed ends as if nothing had happened, and nothing is
-- created twice.

local command = require "spec.support.command"
local fixture = require "spec.support.fixture"
local importing = require "spec.support.importing"
local script = require "spec.support.script"
local socket = require "socket"

local here = fixture.new { start = { latency = 15 }, clients = { current = {} }, reset = {} }
local server, clients = here.server, here.clients

local files

before_each(function() files = importing.new(server) end)
after_each(function() files:remove() end)

-- Lines of a file of people: with addresses, or names that tell them apart.
local function people(count, has_addresses)
  local lines = { has_addresses and "email,firstname,lead_score" or "firstname,lead_score" }
  for number = 1, count do
    local name = ("N%d,%d"):format(number, number % 100)
    lines[number + 1] = has_addresses and ("p%d@example.org,%s"):format(number, name) or name
  end
  return lines
end

-- How many contacts have each first name.
local function count_names()
  local found, total = {}, 0
  for contact in clients.current.contacts:all { properties = { "firstname" }, parallel = 4 } do
    local name = contact.properties.firstname
    found[name] = (found[name] or 0) + 1
    total = total + 1
  end
  return found, total
end

local function words(...)
  return { "--write", "--errors", "@bad.csv", "--results", "@results.csv", "--parallel", "4", ... }
end

-- Runs an import that a signal ends after some seconds, where it has not ended before.
local function run_and_signal(signal, seconds, name, options)
  local line = command.line(files:invocation("contacts", name, options))
  return script.run_shell(
    ("{ %s & pid=$!; sleep %.3f; kill -%s $pid 2>/dev/null; wait $pid; }"):format(line, seconds, signal)
  )
end

local function has_journal(name) return files:read(name .. ".journal") ~= nil end

local KILLED = 137

-- Kills an import and resumes it until it ends by itself. Gives how it ended, and how often it was killed.
local function kill_and_resume(name, mode, ...)
  math.randomseed(os.time())
  local kills = 0
  while true do
    local options = words("--mode", mode, ...)
    options[#options + 1] = has_journal(name) and "--resume" or nil
    -- Later kills come later, so that each process gets further than the last one.
    local result = run_and_signal("KILL", 0.1 + kills * 0.05 + math.random() * 0.2, name, options)
    -- One that has told its counts, and has no journal any more, is done.
    local is_done = result.code ~= KILLED or (result.out ~= "" and not has_journal(name))
    local status = result.code ~= KILLED and result.code or 0
    if is_done then return { status = status, stdout = result.out, stderr = result.err }, kills end
    kills = kills + 1
  end
end

-- The lines of the results file by what they say was done.
local function results_by_word()
  local by_word, count = {}, 0
  for line, did in files:read("results.csv"):gmatch "\n(%d+),[^,\n]*,(%l+),[^\n]*" do
    by_word[did] = by_word[did] or {}
    by_word[did][tonumber(line)] = true
    count = count + 1
  end
  return by_word, count
end

describe("an import that is killed at random", function()
  it("ends as an undisturbed one where it upserts", function()
    files:write("a.csv", people(4000, true))
    local result, kills = kill_and_resume("a.csv", "upsert")
    assert.truthy(kills > 0)
    assert.equal(0, result.status, result.stderr)
    local found, total = count_names()
    assert.equal(4000, total)
    for number = 1, 4000 do
      assert.equal(1, found["N" .. number])
    end
    local _, count = results_by_word()
    assert.equal(4000, count)
    assert.is_nil(files:read "a.csv.journal")
    assert.is_nil(files:read "results.csv.part")
  end)

  it("makes no record twice where it creates, and lists those whose fate is unknown", function()
    files:write("a.csv", people(4000, false))
    local result, kills = kill_and_resume("a.csv", "create")
    assert.truthy(kills > 0)
    assert.truthy(result.status == 3 or result.status == 0, result.stderr)
    local found = count_names()
    local by_word, count = results_by_word()
    assert.equal(4000, count)
    for number = 1, 4000 do
      local line, times = number + 1, found["N" .. number] or 0
      local is_unknown = by_word.unknown and by_word.unknown[line] or false
      assert.truthy(times == 1 or (times == 0 and is_unknown), ("line %d: %d times"):format(line, times))
      assert.equal(not is_unknown, by_word.created[line] or false)
    end
    if by_word.unknown then
      assert.truthy(result.stderr:find("may have been created or not", 1, true))
      local _, listed = files:read("bad.csv"):gsub(",unknown,", "")
      assert.equal(importing.counts(result).unknown, listed)
      -- To import the list again as it is creates none of them.
      local again = files:run("contacts", "bad.csv", { "--write", "--mode", "create" })
      assert.same({ created = 0, updated = 0, refused = listed }, importing.counts(again))
    end
  end)
end)

describe("an import that links records, killed at random", function()
  it("leaves none without its list and its association", function()
    local company = assert(clients.current.companies:create { name = "C" }).id
    local list = assert(clients.current.lists:create { name = "Fair", processingType = "MANUAL", objectTypeId = "0-1" })
    local lines = { "email,company_id" }
    for number = 1, 2500 do
      lines[number + 1] = ("p%d@example.org,%s"):format(number, number % 50 == 0 and company or "")
    end
    files:write("a.csv", lines)
    local result, kills =
      kill_and_resume("a.csv", "upsert", "--associate", "companies:company_id", "--add-to-list", list.listId)
    assert.equal(0, result.status, result.stderr)
    assert.truthy(kills > 0)
    assert.equal("2500", tostring(assert(clients.current.lists:get(list.listId)).size))
    local count = 0
    for _ in clients.current.associations:all("companies", company, "contacts") do
      count = count + 1
    end
    assert.equal(50, count)
  end)
end)

describe("an import that is interrupted", function()
  it("exits with 130, waits for what is in flight, and is resumed", function()
    files:write("a.csv", people(4000, false))
    local options = words("--mode", "create")
    local line = command.line(files:invocation("contacts", "a.csv", options))
    local pipe =
      assert(io.popen(("bash -c 'set -m; %s & echo $!; wait $!; echo code $?' 2>&1"):format(line:gsub("'", "'\\''"))))
    local pid = pipe:read "*l"
    local deadline = socket.gettime() + 20
    while not (files:read "a.csv.journal" or ""):find('"ended"', 1, true) do
      assert(socket.gettime() < deadline, "no batch has ended")
      socket.sleep(0.01)
    end
    os.execute("kill -INT " .. pid)
    local shown = pipe:read "*a"
    pipe:close()
    assert.truthy(shown:find("code 130\n", 1, true), shown)
    assert.truthy(shown:find("interrupted", 1, true), shown)
    local done = shown:match "\n?(%d+) of 4000 rows are done: run the same with %-%-resume to continue\n"
    local _, ended = files:read("a.csv.journal"):gsub('"line":', "")
    assert.equal(ended, tonumber(done), shown)
    assert.truthy(ended > 0)
    local result = files:run("contacts", "a.csv", words("--mode", "create", "--resume"))
    assert.equal(0, result.status, result.stdout)
    assert.equal(4000, select(2, count_names()))
  end)
end)

describe("an import that can't be resumed", function()
  it("is one of a file that changed, or with other options", function()
    files:write("a.csv", people(400, true))
    server:fault { kind = "rate_limit", policy = "DAILY", path = "/batch/upsert", after = 2, times = 1000 }
    local options = words("--parallel", "1")
    local result = files:run("contacts", "a.csv", options)
    assert.equal(5, result.status, result.stderr)
    assert.truthy(result.stderr:find("200 of 400 rows are done: --resume resumes it", 1, true), result.stderr)
    server:clear_faults()
    local refused = files:run("contacts", "a.csv", options)
    assert.equal(2, refused.status)
    assert.truthy(refused.stderr:find("an import of this file was interrupted: --resume resumes it", 1, true))
    refused = files:run("contacts", "a.csv", words("--resume", "--empty", "clear"))
    assert.equal(2, refused.status)
    assert.truthy(refused.stderr:find("the import that was interrupted had other options", 1, true), refused.stderr)
    local lines = people(400, true)
    files:write("b.csv", lines)
    lines[300] = lines[300] .. "1"
    files:write("a.csv", lines)
    refused = files:run("contacts", "a.csv", words "--resume")
    assert.equal(7, refused.status)
    assert.truthy(refused.stderr:find("the file was changed since that import began", 1, true), refused.stderr)
    os.rename(files:path "b.csv", files:path "a.csv")
    local done = files:run("contacts", "a.csv", words "--resume")
    assert.equal(0, done.status, done.stderr)
    assert.equal(400, select(2, count_names()))
  end)

  it("stops for more errors than --max-errors, and shows no token", function()
    files:write("a.csv", people(4100, true))
    for _ = 1, 41 do
      server:fault { kind = "multi_status", path = "/batch/upsert" }
    end
    local result = files:run("contacts", "a.csv", words("--max-errors", "5"))
    assert.equal(1, result.status)
    local refused, done =
      result.stderr:match "(%d+) rows were refused, more than %-%-max%-errors; (%d+) of 4100 rows are done"
    assert.truthy(refused, result.stderr)
    assert.truthy(tonumber(refused) > 5 and tonumber(done) < 4100)
    for _, name in ipairs { "bad.csv.part", "results.csv.part", "a.csv.journal" } do
      assert.is_nil(files:read(name):find(command.TOKEN, 1, true))
    end
    assert.is_nil((result.stdout .. result.stderr):find(command.TOKEN, 1, true))
  end)
end)

-- Faults that strike one request, over a socket, with the exit codes that an upsert may end with; `creates` where a
-- creation does not do as an upsert, and `begins` where the first request of all is struck, too. All kinds of faults at
-- each request are in `import_faults_spec.lua`.
local FAULTS = {
  {
    name = "the daily limit",
    spec = { kind = "rate_limit", policy = "DAILY" },
    codes = { 5 },
    begins = 5,
  },
  { name = "an expired token", spec = { kind = "expired" }, codes = { 4 }, begins = 4 },
  { name = "a lost answer", spec = { kind = "reset_after" }, codes = { 0 }, creates = true },
  { name = "half an answer", spec = { kind = "cut" }, codes = { 0 }, creates = true },
}

local function is_among(code, codes)
  for _, one in ipairs(codes) do
    if one == code then return true end
  end
  return false
end

local function strike(spec, path, after)
  local fault = { path = path, after = after }
  for name, value in pairs(spec) do
    fault[name] = value
  end
  server:fault(fault)
end

for _, row in ipairs(FAULTS) do
  describe("an import that meets " .. row.name, function()
    it("ends, or is resumed, and all rows are there", function()
      files:write("a.csv", people(250, true))
      strike(row.spec, "/batch/upsert", 1)
      local result = files:run("contacts", "a.csv", words())
      assert.truthy(is_among(result.status, row.codes), result.status .. result.stderr)
      if result.status ~= 0 then result = files:run("contacts", "a.csv", words "--resume") end
      assert.equal(0, result.status, result.stderr)
      local found, total = count_names()
      assert.equal(250, total)
      assert.equal(1, found.N250)
    end)

    if row.creates then
      it("creates nothing twice", function()
        files:write("a.csv", people(250, false))
        strike(row.spec, "/batch/create", 1)
        local result = files:run("contacts", "a.csv", words("--mode", "create"))
        if has_journal "a.csv" then result = files:run("contacts", "a.csv", words("--mode", "create", "--resume")) end
        assert.truthy(result.status == 0 or result.status == 3, result.stderr)
        local found = count_names()
        local by_word = results_by_word()
        for number = 1, 250 do
          local is_unknown = by_word.unknown and by_word.unknown[number + 1] or false
          local times = found["N" .. number] or 0
          assert.truthy(times == 1 or (times == 0 and is_unknown))
        end
      end)
    end

    if row.begins then
      it("writes nothing where it is before the first write", function()
        files:write("a.csv", people(250, true))
        strike(row.spec, "/crm/properties", 0)
        local result = files:run("contacts", "a.csv", words())
        assert.equal(row.begins, result.status)
        assert.same({}, script.writes_among(server:requests()))
        assert.equal(0, files:run("contacts", "a.csv", words()).status)
      end)
    end
  end)
end
