-- The options that all subcommands share.

local command = require "spec.support.command"
local context = require "hubspot.command.context"
local core = require "hubspot.core"
local fixture = require "spec.support.fixture"
local parser = require "hubspot.command.parser"
local redis = require "spec.support.redis"
local script = require "spec.support.script"

local CONTACTS = "/crm/objects/2026-09/contacts"

local site = fixture.new { start = {}, clients = {}, reset = { contacts = 3, portal_id = 77, token = command.TOKEN } }

local function run(invocation)
  invocation.env = command.against(site.server, invocation.env)
  return command.run(invocation)
end

local function paths()
  local list = {}
  for index, request in ipairs(site.server:requests()) do
    list[index] = request.path
  end
  return list
end

describe("the token", function()
  it("comes from a file", function()
    for _, bom in ipairs { "", "\239\187\191" } do
      script.with_file(bom .. command.TOKEN .. "\r\n", function(path)
        local result = run { "get", "contacts", "4127", "--token-file", path, env = { HUBSPOT_TOKEN = "another" } }
        assert.same({ 0, "" }, { result.status, result.stderr })
      end)
    end
    local result = run { "get", "contacts", "4127", "--token-file", "/nowhere/token" }
    assert.same(
      { 7, "hubspot-lua get: --token-file: /nowhere/token: No such file or directory\n" },
      { result.status, result.stderr }
    )
  end)

  it("is needed: without one it ends with 4, and says how to get it", function()
    local result = command.run { "get", "contacts", "4127", env = { HUBSPOT_TOKEN = "" } }
    assert.same({ 4, "" }, { result.status, result.stdout })
    assert.matches(
      "^hubspot%-lua get: no token: set HUBSPOT_TOKEN, or name a file in %-%-token%-file%. [^\n]*\n$",
      result.stderr
    )
    script.with_file("\n", function(path)
      local empty = run { "get", "contacts", "4127", "--token-file", path }
      assert.equal(4, empty.status)
      assert.matches(("hubspot-lua get: %s holds no token\n"):format(path), empty.stderr, 1, true)
    end)
  end)

  it("is refused in another form than a token has, and not shown", function()
    local result = run { "get", "contacts", "4127", env = { HUBSPOT_TOKEN = "Bearer secret" } }
    assert.same({
      4,
      'hubspot-lua get: the token of HUBSPOT_TOKEN is a string that begins with "Bearer": pass what comes after it\n',
    }, { result.status, result.stderr })
    script.with_file("'secret'\n", function(path)
      local quoted = run { "get", "contacts", "4127", "--token-file", path }
      assert.same({
        4,
        ("hubspot-lua get: the token of %s is a string with quotation marks: pass what is between them\n"):format(path),
      }, { quoted.status, quoted.stderr })
    end)
  end)

  it("is in no output, with -v neither, whatever happens", function()
    for _, kind in ipairs { "reset", "expired", "garbage", "html", "cut" } do
      site.server:fault { kind = kind }
      local result = run { "get", "contacts", "4127", "-v" }
      assert.is_nil((result.stdout .. result.stderr):find(command.TOKEN, 1, true), kind)
      assert.matches("POST /crm", result.stderr, 1, true)
    end
  end)
end)

describe("--portal", function()
  it("refuses another account, before anything else is sent", function()
    local result = run { "get", "contacts", "4127", "--portal", "78" }
    assert.same({ 4, "" }, { result.status, result.stdout })
    assert.equal("hubspot-lua get: the token is of account 77, and --portal asks for 78\n", result.stderr)
    assert.same({ "/account-info/2026-09/details" }, paths())
    assert.equal(0, run({ "get", "contacts", "4127", "--portal", "77" }).status)
  end)
end)

describe("--api-version", function()
  it("names the version that paths have", function()
    run { "get", "contacts", "4127", "--api-version", "2026-03" }
    assert.same({ "/crm/objects/2026-03/contacts/batch/read" }, paths())
  end)
end)

describe("--base-url", function()
  it("goes before HUBSPOT_BASE_URL", function()
    local result = run {
      "get",
      "contacts",
      "4127",
      "--base-url",
      site.server.url,
      env = { HUBSPOT_BASE_URL = "http://127.0.0.1:9" },
    }
    assert.equal(0, result.status)
  end)

  it("is refused where the token would go in clear text", function()
    local result = run { "get", "contacts", "4127", "--base-url", "http://example.org" }
    assert.equal(2, result.status)
    assert.matches("^hubspot%-lua get: %-%-base%-url must begin with https://[^;]*\n$", result.stderr)
  end)

  it("is refused by the name of the variable where it comes from there", function()
    local result = run { "get", "contacts", "4127", env = { HUBSPOT_BASE_URL = "127.0.0.1:8080" } }
    assert.equal(2, result.status)
    assert.matches("^hubspot%-lua get: HUBSPOT_BASE_URL must be a URL such as ", result.stderr)
  end)
end)

describe("--verbose and --quiet", function()
  it("tell of each request, and of nothing", function()
    local result = run { "request", "GET", CONTACTS, "-v" }
    assert.matches("^GET " .. CONTACTS:gsub("%-", "%%-") .. ": 200, %d+ ms\n$", result.stderr)
    result = run { "request", "GET", CONTACTS, "--quiet", "--progress", "always" }
    assert.equal("", result.stderr)
  end)

  it("tell of the attempts that failed", function()
    site.server:fault { kind = "rate_limit", retry_after = 0 }
    local result = run { "get", "contacts", "4127", "-v" }
    assert.equal(0, result.status)
    assert.matches("attempt 1 failed, the next in [%d.]+ s: ", result.stderr)
  end)
end)

describe("--summary", function()
  it("writes what was done, also where it failed", function()
    script.with_file("", function(path)
      run { "get", "contacts", "4127", "999", "--summary", path }
      local summary = assert(core.decode(script.read_file(path)))
      assert.is_number(summary.seconds)
      summary.seconds = nil
      assert.same({ command = "get", exit_code = 1, records = 1, unknown = 1, requests = 1 }, summary)
      site.server:fault { kind = "rate_limit", policy = "DAILY" }
      run { "get", "contacts", "4127", "--summary", path }
      assert.equal(5, assert(core.decode(script.read_file(path))).exit_code)
    end)
  end)

  it("is whole where another run has written its own meanwhile", function()
    script.with_file("", function(path)
      local one = context.new(parser.parse { "get", "contacts", "4127", "--summary", path })
      one:open_summary()
      local other = assert(io.open(path, "wb"))
      other:write(core.encode { command = "another", text = ("x"):rep(500) }, "\n")
      other:close()
      one:write_summary(0)
      local summary = assert(core.decode(script.read_file(path)))
      assert.same({ "get", 0 }, { summary.command, summary.exit_code })
    end)
    local result = command.shell("$command get contacts 4127 --summary /dev/stderr", command.against(site.server))
    assert.matches('^{"command":"get".*}\n$', result.stderr)
  end)

  it("is refused where its file can't be written, before anything is sent", function()
    local result = run { "get", "contacts", "4127", "--summary", "/nowhere/run.json" }
    assert.same({ 7, "", {} }, { result.status, result.stdout, site.server:requests() })
    assert.equal("hubspot-lua get: --summary: /nowhere/run.json: No such file or directory\n", result.stderr)
  end)
end)

describe("--limiter", function()
  -- Two runs that together want more than the quota, at once. The sandbox refuses what is too much.
  local function run_two(limiter)
    site.server:reset { contacts = 40, quota = { limit = 19, seconds = 1 } }
    site.server:clear_requests()
    local one = ("$command request GET '%s?limit=3' --paginate --limiter %s -v --progress never"):format(
      CONTACTS,
      limiter
    )
    local result = command.shell(
      ("(%s >/dev/null; echo $? >&2) & (%s >/dev/null; echo $? >&2) & wait"):format(one, one),
      command.against(site.server, { LUA_PATH = "/usr/share/lua/5.3/?.lua;;" })
    )
    local refused = select(2, result.stderr:gsub(": 429", ""))
    local answered = select(2, result.stderr:gsub(": 200", ""))
    local done = select(2, ("\n" .. result.stderr):gsub("\n0%f[\n]", ""))
    return { done = done, answered = answered, refused = refused }, result.stderr
  end

  it("shares a quota among runs, in a file", function()
    script.with_file("", function(path)
      os.remove(path)
      local outcome, stderr = run_two("file:" .. path)
      assert.same({ done = 2, answered = 28, refused = 0 }, outcome, stderr)
    end)
  end)

  it("shares a quota among runs, in Redis", function()
    local server = redis.start()
    finally(function() server:stop() end)
    local outcome, stderr = run_two(("redis:127.0.0.1:%d/main"):format(server.port))
    assert.same({ done = 2, answered = 28, refused = 0 }, outcome, stderr)
  end)

  it("is refused where its file can't be one, before anything is sent", function()
    local function refusal(path)
      local result = run { "get", "contacts", "4127", "--limiter", "file:" .. path }
      assert.same({ 2, {} }, { result.status, site.server:requests() })
      return result.stderr
    end
    assert.equal(
      "hubspot-lua get: --limiter: can't open /nowhere/limiter: No such file or directory\n",
      refusal "/nowhere/limiter"
    )
    assert.equal("hubspot-lua get: --limiter: can't open /tmp: Is a directory\n", refusal "/tmp")
    script.with_file("email\n", function(path)
      assert.equal(
        ("hubspot-lua get: --limiter: %s is not the file of a limiter; name another one\n"):format(path),
        refusal(path)
      )
      assert.equal("email\n", script.read_file(path))
    end)
  end)

  it("says where its server can't be reached", function()
    local result = run {
      "get",
      "contacts",
      "4127",
      "--limiter",
      "redis:127.0.0.1:9",
      env = { LUA_PATH = "/usr/share/lua/5.3/?.lua;;" },
    }
    assert.equal(5, result.status)
    assert.matches("Check --limiter", result.stderr, 1, true)
    assert.same({}, site.server:requests())
  end)
end)
