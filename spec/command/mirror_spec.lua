-- hubspot-lua mirror and hubspot-lua changes, as processes against a sandbox.

local command = require "spec.support.command"
local core = require "hubspot.core"
local fixture = require "spec.support.fixture"
local script = require "spec.support.script"
local support = require "spec.support.mirror"

local unpack = table.unpack or unpack -- luacheck: ignore

describe("hubspot-lua mirror", function()
  local on = fixture.new { clients = { current = {} }, reset = { contacts = 40, companies = 5 } }
  local file, db

  before_each(function()
    file = support.sqlite_file()
    db = file.address
  end)

  after_each(function() file.remove() end)

  local function run(...) return command.run { env = command.against(on.server), ... } end

  local function lines_of(text)
    local lines = {}
    for line in text:gmatch "[^\n]+" do
      lines[#lines + 1] = core.decode(line)
    end
    return lines
  end

  local function sql(statement)
    return (script.run_shell(("sqlite3 %s %s"):format(file.path, script.quote(statement))).out:gsub("%s+$", ""))
  end

  it("copies, tells how far it is, and compares", function()
    local result = run("mirror", "--db", db, "--objects", "contacts,companies")
    assert.same({ 0, "" }, { result.status, result.stdout })
    assert.matches("^%d+ rows written in [%d.]+ s\n$", result.stderr)
    assert.equal("40", sql "SELECT count(*) FROM contacts_live")
    local status = lines_of(run("mirror", "status", "--db", db).stdout)
    assert.equal(2, #status)
    assert.same({ "companies", 5, "up to date" }, { status[1].object, status[1].live, status[1].phase })
    local verified = run("mirror", "verify", "--db", db, "--objects", "contacts,companies")
    assert.equal(0, verified.status)
    assert.same({ 45, 0, 0 }, {
      lines_of(verified.stdout)[1].compared,
      lines_of(verified.stdout)[1].different,
      lines_of(verified.stdout)[1].associations,
    })
    sql "UPDATE contacts SET city = 'nowhere' WHERE id = (SELECT min(id) FROM contacts)"
    local differing = run("mirror", "verify", "--db", db, "--objects", "contacts,companies")
    assert.equal(6, differing.status)
    assert.equal(1, lines_of(differing.stdout)[1].different)
    assert.equal(6, run("mirror", "verify", "--sample", "100", "--db", db, "--objects", "contacts").status)
    assert.equal(0, run("mirror", "--db", db, "--objects", "contacts,companies", "--sweep", "now").status)
    assert.equal(0, run("mirror", "verify", "--db", db).status)
  end)

  it("compares the properties that it keeps, and no others", function()
    assert.equal(0, run("mirror", "--db", db, "--objects", "contacts", "--properties", "email,city").status)
    local verified = run("mirror", "verify", "--db", db)
    assert.same({ 0, 40 }, { verified.status, lines_of(verified.stdout)[1].compared })
  end)

  it("compares the associations that its runs read, and no others, unless they are named", function()
    local function verify(...) return lines_of(run("mirror", "verify", "--db", db, ...).stdout)[1].associations end
    assert.equal(0, run("mirror", "--db", db, "--objects", "contacts,companies", "--associations", "none").status)
    assert.equal(0, verify())
    assert.equal(40, verify("--associations", "contacts-companies"))
    assert.equal(0, run("mirror", "--db", db, "--objects", "contacts,companies").status)
    assert.equal(0, verify())
    sql "DELETE FROM associations"
    assert.equal(40, verify())
    assert.equal(0, verify("--objects", "contacts"))
  end)

  it("prints the statements that its tables are made with, which SQLite takes", function()
    local result = run("mirror", "schema", "--db", db, "--objects", "contacts,deals")
    assert.equal(0, result.status)
    assert.truthy(result.stdout:find('CREATE TABLE "deals" ("id" integer PRIMARY KEY', 1, true))
    local other = support.sqlite_file()
    local loaded = script.with_file(
      result.stdout,
      function(path) return script.run_shell(("sqlite3 -bail %s '.read %s'"):format(other.path, path)) end
    )
    assert.same({ 0, "" }, { loaded.code, loaded.err })
    other.remove()
  end)

  it("prints them as a run makes the tables, and makes nothing", function()
    local chosen = { "--objects", "contact,contacts", "--properties", "email,city" }
    local result = run("mirror", "schema", "--db", db, unpack(chosen))
    assert.is_nil(io.open(file.path))
    assert.equal(0, run("mirror", "--db", db, unpack(chosen)).status)
    local columns = sql "SELECT group_concat(name) FROM pragma_table_info('contacts')"
    local printed = {}
    for name in result.stdout:match('CREATE TABLE "contacts" (%b())'):gmatch '"([%w_]+)" %l' do
      printed[#printed + 1] = name
    end
    assert.equal(columns, table.concat(printed, ","))
    local elsewhere =
      run("mirror", "schema", "--db", "postgresql://nowhere.example/crm", "--schema", 'a"b', unpack(chosen))
    local expected = 'CREATE SCHEMA IF NOT EXISTS "a""b";\nSET search_path = "a""b";\n'
    assert.equal(expected, elsewhere.stdout:sub(1, #expected))
  end)

  it("tells where there is no mirror", function()
    sql "CREATE TABLE t (a)"
    for _, words in ipairs { { "mirror", "status" }, { "mirror", "verify" }, { "changes" } } do
      words[#words + 1], words[#words + 2] = "--db", db
      local result = run(unpack(words))
      assert.equal(7, result.status)
      assert.truthy(result.stderr:find("there is no mirror in this database", 1, true), result.stderr)
    end
  end)

  it("tells of names that it was given and HubSpot does not have", function()
    local result = run("mirror", "--db", db, "--properties", "email,emial,name", "--lists", "4127")
    assert.equal(0, result.status)
    assert.truthy(
      result.stderr:find("no type of the mirror has a property emial; did you mean email?", 1, true),
      result.stderr
    )
    assert.truthy(result.stderr:find("no type of the mirror has a list 4127", 1, true), result.stderr)
    local _, count = result.stderr:gsub("\n", "")
    assert.equal(3, count, result.stderr)
  end)

  it("writes the log of changes, and what comes after a line or a time", function()
    assert.equal(0, run("mirror", "--db", db, "--objects", "contacts").status)
    assert.equal("", run("changes", "--db", db).stdout)
    on.server:advance(60)
    local client = on.clients.current
    local ids = {}
    for contact in client.contacts:all { max = 2 } do
      ids[#ids + 1] = contact.id
    end
    assert(client.contacts:update(ids[1], { city = "Łódź" }))
    assert(client.contacts:delete(ids[2]))
    on.server:advance(60)
    assert.equal(0, run("mirror", "--db", db, "--objects", "contacts").status)
    local lines = lines_of(run("changes", "contacts", "--db", db, "--diff").stdout)
    assert.equal(2, #lines)
    assert.same({ "update", ids[1], "contacts", "Łódź" }, {
      lines[1].op,
      lines[1].id,
      lines[1].object,
      lines[1].changed.city[2],
    })
    assert.same({ "archive", ids[2] }, { lines[2].op, lines[2].id })
    assert.is_nil(lines_of(run("changes", "--db", db).stdout)[1].changed)
    assert.equal(1, #lines_of(run("changes", "--db", db, "--since", ("%d"):format(lines[1].seq)).stdout))
    assert.equal(2, #lines_of(run("changes", "contact", "--db", db).stdout))
    for name, says in pairs {
      deals = "deals is not in this mirror: contacts",
      contatcs = "contatcs is not in this mirror; did you mean contacts?",
    } do
      local refused = run("changes", name, "--db", db, "--follow")
      assert.same(
        { 2, "", ("hubspot-lua changes: %s\n"):format(says) },
        { refused.status, refused.stdout, refused.stderr }
      )
    end
    assert.equal(2, #lines_of(run("changes", "--db", db, "--since", "2026-01-01").stdout))
    assert.equal(0, #lines_of(run("changes", "--db", db, "--since", "2999-01-01").stdout))
  end)

  it("tells where lines may be missing from the log, and keeps the newest one", function()
    assert.equal(0, run("mirror", "--db", db, "--objects", "contacts").status)
    for seq = 1, 3 do
      sql(
        ("INSERT INTO changes (seq, at, op, object, id) VALUES (%d, '2020-01-0%d', 'update', 'contacts', 1)"):format(
          seq,
          seq
        )
      )
    end
    assert.equal(0, run("mirror", "--db", db, "--objects", "contacts", "--log-changes", "1d").status)
    assert.equal("3", sql "SELECT group_concat(seq) FROM changes")
    local function since(seq)
      local result = run("changes", "--db", db, "--since", seq)
      return { result.status, #lines_of(result.stdout), result.stderr:match "the log no longer has line %d" }
    end
    assert.same({ 0, 0 }, since "3")
    assert.same({ 0, 1, "the log no longer has line 2" }, since "2")
    assert.same({ 0, 1 }, since "0")
  end)

  it("follows the log until it is ended", function()
    assert.equal(0, run("mirror", "--db", db, "--objects", "contacts").status)
    local followed = script.with_file("", function(out)
      local line = command.line { "changes", "--db", db, "--follow", env = command.against(on.server) }
      local pipe = io.popen(("%s >%s 2>/dev/null & echo $!; wait"):format(line, out))
      local pid = pipe:read "*l"
      on.server:advance(60)
      local id = on.clients.current.contacts:create({ email = "new@example.org" }).id
      on.server:advance(60)
      assert.equal(0, run("mirror", "--db", db, "--objects", "contacts").status)
      local text = ""
      for _ = 1, 200 do
        text = script.read_file(out)
        if text:find("\n", 1, true) then break end
        require("socket").sleep(0.05)
      end
      os.execute("kill " .. pid)
      pipe:close()
      return { id = id, line = lines_of(text)[1] }
    end)
    assert.same({ "create", followed.id }, { followed.line.op, followed.line.id })
  end)

  it("tells of changes without a database, each once", function()
    local state = file.path .. ".state"
    local function changes()
      local result = run("changes", "contacts", "--state", state)
      assert.equal(0, result.status, result.stderr)
      return lines_of(result.stdout)
    end
    assert.equal(0, #changes())
    local client = on.clients.current
    local id = assert(client.contacts:create { email = "new@example.org" }).id
    local other = client.contacts:all():next().id
    on.server:advance(60)
    local first = changes()
    assert.same({ 1, "upsert", id }, { #first, first[1].op, first[1].id })
    assert.equal("new@example.org", first[1].record.properties.email)
    assert(client.contacts:delete(other))
    on.server:advance(60)
    local second = changes()
    assert.same({ 1, "archive", other }, { #second, second[1].op, second[1].id })
    assert.equal(0, #changes())
    os.remove(state)
  end)

  it("follows changes without a database, through a failure that passes", function()
    local state, notes = file.path .. ".state", file.path .. ".notes"
    local ops = script.with_file("", function(out)
      local words = { "changes", "contacts", "--state", state, "--follow", "--every", "1s" }
      words.env = command.against(on.server)
      local pipe = io.popen(("%s >%s 2>%s & echo $!; wait"):format(command.line(words), out, notes))
      local pid = pipe:read "*l"
      local function wait_for(path, lines)
        for _ = 1, 400 do
          local _, count = script.read_file(path):gsub("\n", "")
          if count >= lines then return end
          require("socket").sleep(0.05)
        end
      end
      local client = on.clients.current
      local id = assert(client.contacts:create { email = "new@example.org" }).id
      on.server:advance(60)
      wait_for(out, 1)
      -- No attempt follows within the same run.
      on.server:fault { kind = "rate_limit", policy = "DAILY", path = "/search", times = 100 }
      assert(client.contacts:delete(id))
      on.server:advance(60)
      wait_for(notes, 1)
      on.server:clear_faults()
      wait_for(out, 2)
      os.execute("kill " .. pid)
      pipe:close()
      local found = {}
      for index, line in ipairs(lines_of(script.read_file(out))) do
        found[index] = { line.op, line.id == id }
      end
      return found
    end)
    assert.truthy(script.read_file(notes):find("asking again in 1 s", 1, true))
    os.remove(state)
    os.remove(notes)
    assert.same({ { "upsert", true }, { "archive", true } }, ops)
  end)

  it("refuses a second writer, and what is no database or no option", function()
    local opened = require("hubspot.mirror.database").open(db)
    assert.is_true(opened:lock())
    local refused = run("mirror", "--db", db)
    assert.same({ 7, "hubspot-lua mirror: another process writes to this mirror\n" }, {
      refused.status,
      refused.stderr,
    })
    opened:close()
    assert.equal(2, run("mirror").status)
    assert.equal(2, run("mirror", "--db", "mysql:x").status)
    assert.equal(2, run("mirror", "--db", db, "--max-deletes", "many").status)
    assert.equal(2, run("mirror", "--db", db, "--every", "soon").status)
    assert.equal(2, run("changes").status)
    for says, words in pairs {
      ["changes: --db and --state don't go together: a mirror has its own place"] = { "changes", "--state", "x" },
      ["mirror: --objects names types of records; their owners come along"] = { "mirror", "--objects", "deals,owners" },
    } do
      local usage = run(words[1], "--db", db, words[2], words[3])
      assert.same({ 2, ("hubspot-lua %s\n"):format(says) }, { usage.status, usage.stderr })
    end
    assert.equal(2, run("changes", "--state", "x", "--every", "1s").status)
    assert.equal(7, run("mirror", "status", "--db", "sqlite:/nonexistent/x.db").status)
    assert.equal(7, run("mirror", "--db", "sqlite:/nonexistent/x.db").status)
    local unknown = run("mirror", "--db", db, "--objects", "contacts", "--associations", "contacts-deals")
    assert.equal(1, unknown.status)
    assert.truthy(unknown.stderr:find("associations of deals need it among the objects", 1, true))
  end)

  it("runs again and again, through a failure that passes", function()
    local line = command.line {
      "mirror",
      "--db",
      db,
      "--objects",
      "contacts",
      "--every",
      "1s",
      env = command.against(on.server),
    }
    on.server:fault { kind = "status", status = 500, path = "/properties/", times = 100 }
    local pipe = io.popen(("%s >/dev/null 2>&1 & echo $!; wait"):format(line))
    local pid = pipe:read "*l"
    require("socket").sleep(0.5)
    on.server:clear_faults()
    local count = ""
    for _ = 1, 400 do
      count = sql "SELECT count(*) FROM mirror_runs WHERE outcome = 'done'"
      if (tonumber(count) or 0) >= 2 then break end
      require("socket").sleep(0.05)
    end
    os.execute("kill " .. pid)
    pipe:close()
    assert.is_true((tonumber(count) or 0) >= 2)
    assert.equal("40", sql "SELECT count(*) FROM contacts_live")
  end)

  it("ends with 4 for a token without a scope", function()
    on.server:fault { kind = "status", status = 403, path = "/properties/", times = 10 }
    assert.equal(4, run("mirror", "--db", db, "--objects", "contacts").status)
  end)
end)
