-- An export that was stopped, however it was stopped, is resumed by another process, and its file is byte for byte that
-- of one which nothing disturbed.

local command = require "spec.support.command"
local exporting = require "spec.support.exporting"
local hubspot = require "hubspot"
local part_file = require "hubspot.command.export.part_file"
local people = require "hubspot.sandbox.people"
local sandbox = require "spec.support.sandbox"
local scratch = require "spec.support.scratch"
local script = require "spec.support.script"
local socket = require "socket"

local read = exporting.read

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

describe("hubspot-lua export, in processes that are stopped,", function()
  local CONTACTS = 4000
  local server, path
  setup(function() server = sandbox.start { contacts = CONTACTS, companies = 40, latency = 2 } end)
  teardown(function() server:stop() end)
  before_each(function()
    server:clear_faults()
    path = scratch.path "c.csv"
  end)
  after_each(function() scratch.remove_folder_of(path) end)

  local function run(...) return command.run { env = command.against(server), ... } end

  -- An export of contacts into the file.
  local function arguments_of(...) return { "export", "contacts", "-o", path, ... } end

  local function undisturbed(...)
    local result = run("export", "contacts", ...)
    assert.equal(0, result.status, result.stderr)
    return result.stdout
  end

  local function resume(...)
    local arguments = arguments_of(...)
    arguments[#arguments + 1] = "--resume"
    return command.run { env = command.against(server), (table.unpack or unpack)(arguments) } -- luacheck: ignore
  end

  it("killed with SIGKILL twenty times, writes the same file", function()
    local whole = undisturbed "--associations=companies"
    local random = people.random(tonumber(os.getenv "SEED" or 7))
    local kills, ends = 0, 0
    while kills < 20 do
      local process = exporting.start(server, arguments_of("--associations=companies", "--resume"))
      socket.sleep(0.05 + random(200) / 1000)
      process.kill "KILL"
      if read(path) then
        ends = ends + 1
        assert.is_true(whole == read(path))
        os.remove(path)
      else
        kills = kills + 1
        local part = read(path .. ".part") or ""
        assert.is_true(part == whole:sub(1, #part), "the part is not the beginning")
      end
    end
    local result = resume "--associations=companies"
    assert.equal(0, result.status, result.stderr)
    assert.is_true(whole == read(path))
    assert.is_true(ends < 20, "no process was killed in its middle")
  end)

  it("interrupted by Ctrl-C, ends with 130 and can be resumed", function()
    server:fault { kind = "slow", seconds = 20, after = 3, path = "/crm/objects/2026-09/contacts$" }
    local line = command.line { env = command.against(server), (table.unpack or unpack)(arguments_of "--parallel=1") } -- luacheck: ignore
    local result = script.run_shell(
      ("sh -c '%s & pid=$!; while kill -0 $pid && [ $(cat %s.part.state 2>/dev/null | wc -l) -lt 5 ]; do sleep 0.02; done; kill -INT $pid; wait $pid'"):format(
        line:gsub("'", [['"'"']]),
        path
      )
    )
    assert.equal(130, result.code, result.err)
    assert.truthy(
      result.err:find("300 rows are in " .. path .. ".part: run the same with --resume", 1, true),
      result.err
    )
    assert.is_nil(read(path))
    server:clear_faults()
    assert.equal(0, resume().status)
    assert.is_true(undisturbed() == read(path))
  end)

  it("on a full disk, ends with 7 and can be resumed", function()
    local arguments = arguments_of "-q"
    arguments.env, arguments.before = command.against(server), "trap '' XFSZ; ulimit -f 200"
    local result = command.run(arguments)
    assert.equal(7, result.status, result.stderr)
    assert.equal(("hubspot-lua export: %s.part: File too large\n"):format(path), result.stderr)
    assert.is_nil(read(path))
    assert.equal(0, resume().status)
    assert.is_true(undisturbed() == read(path))
  end)

  it("whose reader closes the pipe, ends without a word", function()
    local result = command.shell("{ $command export contacts; echo $? >&2; } | head -1", command.against(server))
    assert.equal("id,created_at,", result.stdout:sub(1, 14))
    assert.equal("141\n", result.stderr)
  end)

  it("tells by its exit code whose fault it is", function()
    server:fault { kind = "rate_limit", policy = "DAILY", times = 1000 }
    local result = run("export", "contacts", "-o", path)
    assert.equal(5, result.status)
    assert.truthy(result.stderr:find("DAILY", 1, true) or result.stderr:find("daily", 1, true), result.stderr)
    server:clear_faults()
    server:fault { kind = "status", status = 401, times = 1000 }
    assert.equal(4, run("export", "contacts").status)
    server:clear_faults()
    server:reset { contacts = 10, scopes = { "crm.objects.companies.read" } }
    result = run("export", "contacts")
    assert.equal(4, result.status)
    assert.truthy(result.stderr:find("crm.objects.contacts.read", 1, true), result.stderr)
    assert.is_nil(result.stderr:find(command.TOKEN, 1, true))
    server:reset { contacts = CONTACTS, companies = 40 }
  end)

  it("beside another one with the same limiter, keeps to one quota", function()
    local strict = sandbox.start { contacts = 2000, quota = "24/1" }
    local variables = command.against(strict)
    local limiter = "--limiter=file:" .. path .. ".limiter"
    local export = ("$command export contacts -q %s -o %s"):format(limiter, path)
    local result = command.shell(
      ("%s.1 & first=$!; %s.2; second=$?; wait $first; echo $? $second"):format(export, export),
      variables
    )
    assert.equal("0 0\n", result.stdout, result.stderr)
    local refused = 0
    for _, request in ipairs(strict:requests()) do
      if request.status == 429 then refused = refused + 1 end
    end
    strict:stop()
    assert.equal(0, refused)
    assert.is_true(read(path .. ".1") == read(path .. ".2"))
  end)
end)

describe("an export that a fault stops", function()
  local portal, path, whole
  local function new_client()
    return hubspot.new {
      token = script.TOKEN,
      transport = portal,
      limiter = false,
      retry = { base_delay = 0.001, max_delay = 0.002 },
    }
  end

  local ARGUMENTS = { "contacts", "--properties", "email,city", "--associations", "companies" }

  local function export(...)
    local arguments = { ... }
    for index = #ARGUMENTS, 1, -1 do
      table.insert(arguments, 1, ARGUMENTS[index])
    end
    local client = new_client()
    local result = exporting.run(client, arguments)
    client:close()
    return result
  end

  setup(function()
    portal = require("hubspot.sandbox").new { contacts = 220, companies = 20 }
    whole = export().text
  end)
  before_each(function() path = scratch.path "c.csv" end)
  after_each(function() scratch.remove_folder_of(path) end)

  it("is not resumed with other options, or other ids", function()
    script.with_file("4127\n4158\n", function(ids)
      portal:fault { kind = "status", status = 500, after = 3, times = 1000 }
      assert.equal(5, export("-o", path, "--parallel", "1").code)
      portal:clear_faults()
      for how, more in pairs {
        ["with --format csv"] = { "--format", "tsv" },
        ["without --max"] = { "--max", "5" },
        ["without --labels"] = { "--labels" },
        ["without --ids"] = { "--ids", ids },
        ["with another --associations"] = { "--associations", "deals" },
        ["with --api-version 2026-09"] = { "--api-version", "2026-03" },
      } do
        local result = export("-o", path, "--resume", (table.unpack or unpack)(more)) -- luacheck: ignore
        assert.equal(2, result.code, how)
        assert.equal(
          ("%s.part was begun %s: use the same options, or begin anew without --resume"):format(path, how),
          result.message
        )
      end
      local result = exporting.run(new_client(), { "companies", "-o", path, "--resume" })
      assert.truthy(result.message:find("was begun with another OBJECT", 1, true))
      assert.equal(0, export("-o", path, "--resume").code)
      assert.is_true(whole == read(path))
    end)
  end)

  it("is not resumed with the token of another account", function()
    portal:fault { kind = "status", status = 500, after = 3, times = 1000 }
    assert.equal(5, export("-o", path).code)
    portal:clear_faults()
    local before = read(path .. ".part")
    local other = hubspot.new {
      token = script.TOKEN,
      transport = require("hubspot.sandbox").new { portal_id = 77 },
      limiter = false,
    }
    local result = exporting.run(other, { "contacts", "-o", path, "--resume", (table.unpack or unpack)(ARGUMENTS, 2) }) -- luacheck: ignore
    other:close()
    assert.equal(4, result.code)
    assert.truthy(result.message:find("and the token is of account 77", 1, true), result.message)
    assert.equal(before, read(path .. ".part"))
  end)

  it("tells of halves of surrogate pairs that were written before", function()
    local client = new_client()
    local function export_cities(...)
      return exporting.run(client, { "contacts", "--properties", "city", "-o", path, ... })
    end
    local id = whole:match "\n(%d+),"
    assert(client.contacts:update(id, { city = "Lyon \237\160\189" }))
    portal:fault { kind = "status", status = 500, after = 2, times = 1000, path = "/contacts$" }
    local stopped = export_cities()
    assert.equal(5, stopped.code)
    assert.is_nil(stopped.notes:find("surrogate", 1, true))
    portal:clear_faults()
    assert.truthy(read(path .. ".part"):find("Lyon \237\160\189", 1, true))
    local resumed = export_cities "--resume"
    assert.equal(0, resumed.code)
    assert.truthy(resumed.notes:find("some texts hold half of a surrogate pair", 1, true), resumed.notes)
    portal:reset { contacts = 220, companies = 20 }
    assert.is_nil(export_cities().notes:find("surrogate", 1, true))
    client:close()
  end)

  it("tells of all ids that no record has, and reads none twice, however often it was stopped", function()
    local ids = { "999999998" }
    for id in whole:gmatch "\n(%d+)," do
      ids[#ids + 1] = id
    end
    local count = #ids - 1
    for index = 2, 150 do
      ids[#ids + 1] = "00" .. ids[index]
    end
    ids[#ids + 1] = "999999999"
    script.with_file(table.concat(ids, "\n"), function(file)
      local client = new_client()
      local function by_ids(...)
        return exporting.run(client, { "contacts", "--ids", file, "--parallel", "1", "-o", path, ... })
      end
      portal:fault { kind = "status", status = 500, after = 3, times = 1000 }
      assert.equal(5, by_ids().code)
      portal:clear_faults()
      local result = by_ids "--resume"
      assert.same({ 0, count, 2 }, { result.code, result.summary.rows, result.summary.missing })
      assert.equal(
        ("2 of the ids are not there; the first is 999999998\n%d rows in %s"):format(count, path),
        result.notes
      )
      assert.equal(count + 1, select(2, read(path):gsub("\n", "")))
      client:close()
    end)
  end)

  it("leaves nothing where nothing was written and no other run will do better", function()
    local client = new_client()
    local result = exporting.run(client, { "contacts", "--list", "99", "-o", path })
    assert.same({ 1, "" }, { result.code, result.notes })
    for _, ending in ipairs { "", ".part", ".part.state" } do
      assert.is_nil(read(path .. ending))
    end
    client:close()
  end)

  it("by ids is resumed with the same file only", function()
    local ids = {}
    for id in whole:gmatch "\n(%d+)," do
      ids[#ids + 1] = id
    end
    local text = table.concat(ids, "\n")
    script.with_file(text, function(file)
      local function by_ids(...)
        local client = new_client()
        local result = exporting.run(client, { "contacts", "--ids", file, "--parallel", "1", "-o", path, ... })
        client:close()
        return result
      end
      portal:fault { kind = "status", status = 500, after = 3, times = 1000 }
      assert.equal(5, by_ids().code)
      portal:clear_faults()
      for _, other in ipairs { table.concat(ids, "\n", 2), table.concat(ids, "\n", 1, 150), "" } do
        write(file, other)
        local result = by_ids "--resume"
        assert.equal(7, result.code)
        assert.equal(file .. " is another file than the one that the export began with", result.message)
      end
      write(file, text)
      assert.equal(0, by_ids("--resume").code)
      local resumed = read(path)
      assert.equal(0, by_ids().code)
      assert.is_true(resumed == read(path))
      assert.equal(220, #exporting.rows(resumed))
    end)
  end)
end)

describe("the state of a part", function()
  local path
  before_each(function() path = scratch.path "c.csv" end)
  after_each(function() scratch.remove_folder_of(path) end)

  -- A part with two pieces, left as a process that ends does.
  local function begin()
    local file = part_file.begin(path, { of = "spec" })
    file:append("head\n", { records = 0 })
    file:append("one\n", { records = 1, cursor = "a" })
    file:append("two\n", { records = 2, cursor = "b" })
    return file
  end

  local function resume_at(records, text)
    local state = assert(part_file.read_state(path))
    assert.same({ of = "spec" }, state.head)
    assert.equal(records, state.checkpoint.records)
    local file = part_file.resume(path, state)
    file:append("three\n", { records = records + 1, is_end = true })
    assert.is_true(part_file.read_state(path).checkpoint.is_end)
    file:finish()
    assert.equal(text .. "three\n", read(path))
    assert.is_nil(read(path .. ".part"))
    assert.is_nil(read(path .. ".part.state"))
  end

  it("resumes after the last piece", function()
    begin()
    assert.is_nil(read(path))
    resume_at(2, "head\none\ntwo\n")
  end)

  it("drops half a line, and a whole one without a checkpoint", function()
    begin()
    write(path .. ".part", read(path .. ".part") .. "three and ha")
    resume_at(2, "head\none\ntwo\n")
    begin()
    write(path .. ".part", read(path .. ".part") .. "a line that is longer than the one that comes\nx")
    resume_at(2, "head\none\ntwo\n")
  end)

  it("makes the part shorter where it is, without room for another", function()
    begin()
    write(path .. ".part", read(path .. ".part") .. "three and ha")
    assert(os.execute(("ln %s.part %s.link"):format(script.quote(path), script.quote(path))))
    part_file.resume(path, part_file.read_state(path))
    assert.equal("head\none\ntwo\n", read(path .. ".part"))
    assert.equal("head\none\ntwo\n", read(path .. ".link"))
  end)

  it("goes back to an earlier piece where the part lost bytes, or has zeros for them", function()
    begin()
    write(path .. ".part", "head\none\nt")
    resume_at(1, "head\none\n")
    begin()
    write(path .. ".part", "head\none\n\0\0\0\0")
    resume_at(1, "head\none\n")
    begin()
    write(path .. ".part", "")
    assert.is_nil(part_file.read_state(path))
  end)

  -- Makes the state one of a machine that was started again.
  local function lose_power()
    local text, count = read(path .. ".part.state"):gsub('"uptime":"[^"]+"', '"uptime":"an earlier one"')
    assert.equal(1, count)
    write(path .. ".part.state", text)
  end

  it("goes back to what was on the disk for sure after a loss of power", function()
    begin()
    lose_power()
    assert.is_nil(part_file.read_state(path))
    local file = begin()
    -- As if the disk had had nothing for long.
    file.synced_at = file.synced_at - 3600
    file:append("three\n", { records = 3, cursor = "c" })
    file:append("four\n", { records = 4, cursor = "d" })
    assert.equal(4, part_file.read_state(path).checkpoint.records)
    lose_power()
    resume_at(3, "head\none\ntwo\nthree\n")
    begin()
    part_file.resume(path, part_file.read_state(path)):append("three\n", { records = 3, cursor = "c" })
    lose_power()
    resume_at(2, "head\none\ntwo\n")
  end)

  it("is not misled by half a checkpoint", function()
    begin()
    local state = read(path .. ".part.state")
    write(path .. ".part.state", state:sub(1, -5))
    resume_at(1, "head\none\n")
    begin()
    write(path .. ".part.state", "")
    assert.is_nil(part_file.read_state(path))
    os.remove(path .. ".part.state")
    assert.is_nil(part_file.read_state(path))
  end)

  it("is not taken from another version, whose part stays as it is", function()
    begin()
    local part, state = read(path .. ".part"), read(path .. ".part.state")
    write(path .. ".part.state", (state:gsub('"v":%d+', '"v":99', 1)))
    local finished, failure = pcall(part_file.read_state, path)
    assert.is_false(finished)
    assert.equal(
      path .. ".part.state is of another version of hubspot-lua: begin anew without --resume",
      failure.message
    )
    assert.equal(part, read(path .. ".part"))
  end)

  it("keeps its state where the part can't be written", function()
    begin()
    os.remove(path .. ".part")
    assert(os.execute("mkdir " .. script.quote(path .. ".part")))
    local state = read(path .. ".part.state")
    local finished, failure = pcall(part_file.begin, path, {})
    assert.same({ false, 7, path .. ".part: Is a directory" }, { finished, failure.code, failure.message })
    assert.equal(state, read(path .. ".part.state"))
  end)

  it("stays small, however many pieces there are", function()
    local file = begin()
    local cursor = ("c"):rep(1000)
    for index = 3, 1000 do
      file:append("row\n", { records = index, cursor = cursor .. index })
    end
    assert.is_true(#read(path .. ".part.state") < 400000)
    local state = part_file.read_state(path)
    assert.same({ 1000, cursor .. 1000 }, { state.checkpoint.records, state.checkpoint.cursor })
    file:finish()
    assert.equal("head\none\ntwo\n" .. ("row\n"):rep(998), read(path))
  end)
end)
