local command = require "spec.support.command"
local core = require "hubspot.core"
local fixture = require "spec.support.fixture"
local raw_server = require "spec.support.raw_server"
local sandbox = require "spec.support.sandbox"
local scratch = require "spec.support.scratch"
local script = require "spec.support.script"

local SCOPES = { "oauth", "crm.objects.contacts.read", "crm.lists.read" }

local site = fixture.new { start = {}, clients = {}, reset = { portal_id = 77, scopes = SCOPES } }

local function run(invocation)
  invocation.env = command.against(site.server, invocation.env)
  return command.run(invocation)
end

-- The findings of a check in `--json`.
local function findings_of(result, check)
  local found = {}
  for _, finding in ipairs(assert(core.decode(result.stdout), result.stdout .. result.stderr).findings) do
    if finding.check == check then found[#found + 1] = finding end
  end
  return found
end

local function messages_of(result, check)
  local messages = {}
  for index, finding in ipairs(findings_of(result, check)) do
    messages[index] = finding.message
  end
  return messages
end

describe("hubspot-lua doctor", function()
  it("tells of the machine, the way to HubSpot, the token, the account and the quotas", function()
    local result = run { "doctor" }
    assert.same({ 0, "" }, { result.status, result.stderr })
    for _, line in ipairs {
      "ok       hubspot%-lua  %d[%d.]* on Lua",
      "ok       libcurl      libcurl/%d[%d.]* %S+",
      "ok       certificates /",
      "ok       module       socket, for sandbox",
      "ok       token        a service key's or a private app's, from HUBSPOT_TOKEN",
      "ok       connection   http://127.0.0.1:%d+ answers in %d+ ms, in clear text",
      "ok       clock        agrees with HubSpot's",
      "ok       account      77, SANDBOX, time zone UTC, currency USD",
      "ok       quota        190 requests in 10 s;",
      "ok       day          %d+ requests of the day's 1000000, by sandbox, counted anew",
    } do
      assert.matches("\n" .. line, "\n" .. result.stdout)
    end
    assert.is_nil(result.stdout:find(command.TOKEN, 1, true))
    assert.is_nil(result.stdout:find("\27", 1, true))
  end)

  it("tells what each subcommand lacks, and ends with 4 where it was named", function()
    local result = run { "doctor", "--json" }
    assert.equal(0, result.status)
    local messages = messages_of(result, "scopes")
    assert.same({ "export: lists, contacts" }, { messages[1] })
    assert.matches("^export lacks crm.objects.owners.read %(owners%), content %(email%-events%)", messages[2])
    for _, finding in ipairs(findings_of(result, "scopes")) do
      assert.equal(finding.message:find " lacks " ~= nil, finding.status == "warning")
      assert.equal(finding.status == "warning", finding.advice ~= nil)
    end
    result = run { "doctor", "--json", "--for", "import" }
    assert.equal(4, result.status)
    local problems = {}
    for _, finding in ipairs(findings_of(result, "scopes")) do
      if finding.status == "problem" then problems[#problems + 1] = finding.message:match "^%S+" end
    end
    assert.same({ "import" }, problems)
  end)

  it("ends with 4 for a token that HubSpot refuses, or that is none", function()
    site.server:reset { token = "another" }
    local result = run { "doctor", "--json" }
    assert.equal(4, result.status)
    local token = findings_of(result, "token")
    assert.same({ "ok", "problem" }, { token[1].status, token[2].status })
    assert.matches("Check the token", token[2].advice)
    result = command.run { "doctor", "--json", env = { HUBSPOT_BASE_URL = site.server.url } }
    assert.equal(4, result.status)
    token = findings_of(result, "token")[1]
    assert.matches("^no token: set HUBSPOT_TOKEN, [^.]*$", token.message)
    assert.matches("^A service key is made in HubSpot", token.advice)
    result = run { "doctor", "--json", env = { HUBSPOT_TOKEN = "01234567-89ab-cdef-0123-456789abcdef" } }
    assert.equal(4, result.status)
    assert.matches("looks like an API key", messages_of(result, "token")[1])
  end)

  it("ends with 4 for another account than --portal names", function()
    local result = run { "doctor", "--json", "--portal", "78" }
    assert.equal(4, result.status)
    assert.equal("the token is of account 77, and --portal asks for 78", messages_of(result, "account")[1])
    -- Where HubSpot can't be reached, it is the way there that is looked at.
    result = run { "doctor", "--json", "--portal", "78", "--base-url", "http://127.0.0.1:9" }
    assert.equal(5, result.status)
    assert.same({ 1, 0 }, { #messages_of(result, "connection"), #messages_of(result, "account") })
  end)

  it("says of each option that can't be used what to do", function()
    for _, case in ipairs {
      {
        { HUBSPOT_BASE_URL = "ftp://x" },
        2,
        "address",
        "^HUBSPOT_BASE_URL must be a URL such as",
        "^check %-%-base%-url",
      },
      { { HUBSPOT_BASE_URL = "http://example.org" }, 2, "address", "reads the token$", "^check %-%-base%-url" },
      { { SSL_CERT_FILE = "/nowhere" }, 7, "certificates", "^SSL_CERT_FILE: /nowhere: No such file", "^name another" },
      { { HUBSPOT_TOKEN = "a b" }, 4, "token", "with a space or line break in it$", "^check HUBSPOT_TOKEN" },
    } do
      local result = run { "doctor", "--json", env = case[1] }
      local finding = findings_of(result, case[3])[1]
      assert.same({ case[2], "problem" }, { result.status, finding.status })
      assert.matches(case[4], finding.message)
      assert.matches(case[5], finding.advice)
    end
    local result = run { "get", "contacts", "1", env = { SSL_CERT_FILE = "/nowhere" } }
    assert.same(
      { 7, "hubspot-lua get: SSL_CERT_FILE: /nowhere: No such file or directory\n" },
      { result.status, result.stderr }
    )
  end)

  it("takes the token from a pipe", function()
    local line = "echo %s | $command doctor --token-file /dev/stdin"
    local result = command.shell(line:format(command.TOKEN), { HUBSPOT_BASE_URL = site.server.url })
    assert.same({ 0, "" }, { result.status, result.stderr })
    assert.matches("\nok       token        [^\n]*, from /dev/stdin\n", result.stdout)
  end)

  it("ends with 5 where nothing answers, and where the name is not found", function()
    local result = run { "doctor", "--json", "--base-url", "http://127.0.0.1:9" }
    assert.equal(5, result.status)
    local connection = findings_of(result, "connection")[1]
    assert.equal("problem", connection.status)
    assert.equal("Nothing answers there: check --base-url, https_proxy and the firewall", connection.advice)
    result = run { "doctor", "--json", "--base-url", "https://api.invalid" }
    assert.equal(5, result.status)
    assert.same({ "api.invalid is not found" }, messages_of(result, "DNS"))
  end)

  it("trusts the certificates that SSL_CERT_FILE names, and says so where one is not trusted", function()
    local folder = scratch.folder()
    local server = sandbox.start { tls = folder }
    finally(function()
      server:stop()
      scratch.remove(folder)
    end)
    local result = run { "doctor", "--json", "--base-url", server.url }
    assert.equal(5, result.status)
    assert.matches("name the file of its certificate in SSL_CERT_FILE", findings_of(result, "connection")[1].advice)
    local trusted = folder .. "/certificate.pem"
    result = run { "doctor", "--json", "--base-url", server.url, env = { SSL_CERT_FILE = trusted } }
    assert.equal(0, result.status)
    assert.matches("over verified TLS$", messages_of(result, "connection")[1])
    assert.same({ trusted }, messages_of(result, "certificates"))
  end)

  it("notices a clock that is wrong", function()
    local server = raw_server.start [[
      local client = ...
      while client:request() do
        client:answer('{"portalId":77}', "Date: Fri, 31 Jan 2020 12:00:00 GMT\r\n")
      end
    ]]
    finally(server.stop)
    local result = run { "doctor", "--json", "--base-url", server.url }
    local clock = findings_of(result, "clock")[1]
    assert.equal("warning", clock.status)
    assert.matches("^this machine's is %d+ s ahead of HubSpot's$", clock.message)
    assert.matches("timedatectl", clock.advice)
  end)

  it("tells of a shared limiter, and of one that can't be used", function()
    script.with_file("", function(path)
      os.remove(path)
      local result = run { "doctor", "--json", "--limiter", "file:" .. path }
      assert.same({ 0, { "file " .. path } }, { result.status, messages_of(result, "limiter") })
    end)
    local result = run { "doctor", "--json", "--limiter", "file:/nowhere/limiter" }
    assert.equal(2, result.status)
    assert.same(
      { "file /nowhere/limiter: can't open /nowhere/limiter: No such file or directory" },
      messages_of(result, "limiter")
    )
    -- The rest is checked all the same.
    assert.equal(1, #messages_of(result, "account"))
  end)

  it("tells of a proxy without its password, and of other programs of its name and HubSpot's", function()
    local folder = scratch.folder()
    os.execute(
      ("mkdir -p %s/bin/hubspot-lua && cd %s && ln -s bin sbin && touch bin/hubspot && chmod +x bin/hubspot"):format(
        folder,
        folder
      )
    )
    finally(function() scratch.remove(folder) end)
    local function programs(...)
      local path = os.getenv "PATH"
      for _, name in ipairs { ... } do
        path = ("%s:%s/%s"):format(path, folder, name)
      end
      local result = run {
        "doctor",
        "--json",
        env = { https_proxy = "http://ada:secret@proxy.example:3128", PATH = path },
      }
      assert.same({ "https_proxy=http://proxy.example:3128" }, messages_of(result, "proxy"))
      assert.is_nil(result.stdout:find("secret", 1, true))
      return messages_of(result, "program")
    end
    -- A folder of that name is no program.
    local other = ("%s/bin/hubspot is another program, such as HubSpot's Agent CLI"):format(folder)
    assert.same({ other }, programs "bin")
    os.execute(("cd %s/bin && rmdir hubspot-lua && cp hubspot hubspot-lua"):format(folder))
    assert.same({ other }, programs("bin", "bin", "sbin"))
    os.execute(("mkdir %s/own && cp %s/bin/hubspot-lua %s/own"):format(folder, folder, folder))
    assert.equal(
      ("there are two: %s/bin/hubspot-lua and %s/own/hubspot-lua"):format(folder, folder),
      programs("bin", "bin", "own")[2]
    )
  end)

  it("looks into the database of a mirror", function()
    local folder = scratch.folder()
    finally(function() scratch.remove(folder) end)
    local file = folder .. "/crm.db"
    local function database_of(address)
      local result = run { "doctor", "--json", "--db", address }
      return result.status, messages_of(result, "database")[1]
    end
    assert.same({ 0, ("sqlite:%s is not there yet; mirror makes it"):format(file) }, { database_of("sqlite:" .. file) })
    assert(os.execute(("sqlite3 %s 'create table notes (id)'"):format(file)))
    assert.same({ 0, ("sqlite:%s holds no mirror yet"):format(file) }, { database_of("sqlite:" .. file) })
    os.execute(
      ("sqlite3 %s 'create table mirror_state (object); insert into mirror_state values (1), (2)'"):format(file)
    )
    assert.same(
      { 0, ("sqlite:%s holds a mirror of 2 types of records"):format(file) },
      { database_of("sqlite:" .. file) }
    )
    local status, message = database_of "postgresql://ada:secret@127.0.0.1:9/crm"
    assert.equal(7, status)
    assert.matches("^postgresql://127.0.0.1:9/crm: ", message)
    assert.is_nil(message:find("secret", 1, true))
  end)

  it("refuses a subcommand that it does not know", function()
    local result = run { "doctor", "--for", "export,sing" }
    assert.equal(2, result.status)
    assert.equal("hubspot-lua doctor: --for must be of export, import and mirror, got sing\n", result.stderr)
  end)
end)
