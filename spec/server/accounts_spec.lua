local core = require "hubspot.core"
local http = require "socket.http"
local ltn12 = require "ltn12"
local portal = require "spec.support.portal"
local sandbox = require "spec.support.sandbox"
local scratch = require "spec.support.scratch"
local script = require "spec.support.script"

local CONTACTS = "/crm/objects/2026-09/contacts"
local DEALS = "/crm/objects/2026-09/deals"
local READ = "crm.objects.contacts.read"

describe("tokens of a sandbox", function()
  local function status(wire, token, method, path, body)
    return wire.portal({
      method = method,
      url = path,
      headers = { authorization = "Bearer " .. token, ["content-type"] = "application/json" },
      body = body and core.encode(body) or "",
    }).status
  end

  it("have scopes of their own", function()
    local wire = portal.new {
      contacts = 1,
      tokens = { { token = "reader", scopes = { READ } }, { token = "all" } },
    }
    assert.equal(200, status(wire, "reader", "GET", CONTACTS))
    assert.equal(403, status(wire, "reader", "GET", DEALS))
    assert.equal(403, status(wire, "reader", "PATCH", CONTACTS .. "/4127", { properties = { city = "Oslo" } }))
    assert.equal(200, status(wire, "all", "GET", DEALS))
    assert.equal(401, status(wire, "other", "GET", CONTACTS))
    local answer = wire.portal {
      method = "POST",
      url = "/oauth/v2/private-apps/get/access-token-info",
      headers = { ["content-type"] = "application/json" },
      body = '{"tokenKey":"reader"}',
    }
    assert.same({ READ }, core.decode(answer.body).scopes)
  end)

  it("are what they must be", function()
    assert.error_matches(function() portal.new { tokens = { "a" } } end, "every one of tokens needs a token")
    assert.error_matches(function() portal.new { oauth_apps = { { client_id = "a" } } } end, "needs a client_id")
  end)
end)

describe("several OAuth apps of a sandbox", function()
  it("get tokens for any code, each with its own secret", function()
    local wire = portal.new {
      oauth_apps = { { client_id = "a", client_secret = "1" }, { client_id = "b", client_secret = "2" } },
    }
    local function exchange(form)
      local answer = wire.portal {
        method = "POST",
        url = "/oauth/v1/token",
        headers = { ["content-type"] = "application/x-www-form-urlencoded" },
        body = form,
      }
      return answer.status, core.decode(answer.body)
    end
    local form = "grant_type=authorization_code&client_id=%s&client_secret=%s&code=%s&redirect_uri=http://x/"
    local code, issued = exchange(form:format("b", "2", "any"))
    assert.equal(200, code)
    assert.equal(400, (exchange(form:format("b", "2", "any"))))
    local _, wrong = exchange(form:format("a", "2", "other"))
    assert.equal("BAD_CLIENT_SECRET", wrong.status)
    _, wrong = exchange(form:format("c", "2", "other"))
    assert.equal("BAD_CLIENT_ID", wrong.status)
    local refresh = "grant_type=refresh_token&client_id=b&client_secret=2&refresh_token="
    assert.equal(200, (exchange(refresh .. issued.refresh_token)))
    assert.equal(400, (exchange(refresh .. "made-up")))
  end)
end)

describe("a sandbox server", function()
  local running

  after_each(function() running:stop() end)

  local function call(method, path, token, form)
    local answer = {}
    local headers = { authorization = token and "Bearer " .. token }
    if form then
      headers["content-type"], headers["content-length"] = "application/x-www-form-urlencoded", #form
    end
    local _, status = http.request {
      method = method,
      url = running.url .. path,
      headers = headers,
      source = form and ltn12.source.string(form),
      sink = ltn12.sink.table(answer),
    }
    return status, core.decode(table.concat(answer))
  end

  local function account_of(token)
    local status, details = call("GET", "/account-info/2026-09/details", token)
    return status == 200 and details.portalId or status
  end

  it("has several accounts, told by their tokens", function()
    running = sandbox.start {
      contacts = 5,
      arguments = { "--portal", "11", "--portal", "22", "--token", "first", "--token", "22/second:" .. READ },
    }
    assert.same({ 11, 22, 401 }, { account_of "first", account_of "second", account_of "third" })
    assert.equal(403, (call("GET", DEALS, "second")))
    local _, one = call("GET", CONTACTS .. "/4127?properties=email", "first")
    local _, other = call("GET", CONTACTS .. "/4127?properties=email", "second")
    assert.not_equal(one.properties.email, other.properties.email)
    local _, ids = call("GET", "/_sandbox/portals")
    assert.same({ "11", "22" }, ids)
    local _, of_first = call("GET", "/_sandbox/requests")
    local _, of_second = call("GET", "/_sandbox/requests?portal=22")
    assert.same({ 3, 3 }, { #of_first, #of_second })
    assert.equal(404, (call("GET", "/_sandbox/requests?portal=33")))
  end)

  it("has OAuth apps whose codes are of an account", function()
    running = sandbox.start { arguments = { "--portal", "11", "--portal", "22", "--oauth-app", "app:secret" } }
    local form = "grant_type=authorization_code&client_id=app&client_secret=secret&redirect_uri=http://x/&code="
    local _, first = call("POST", "/oauth/2026-09/token", nil, form .. "some-code")
    local _, second = call("POST", "/oauth/2026-09/token", nil, form .. "22-some-code")
    assert.same({ 11, 22 }, { account_of(first.access_token), account_of(second.access_token) })
    local refresh = "grant_type=refresh_token&client_id=app&client_secret=secret&refresh_token="
    _, second = call("POST", "/oauth/2026-09/token", nil, refresh .. second.refresh_token)
    assert.equal(22, account_of(second.access_token))
  end)

  it("logs each request, without keys", function()
    running = sandbox.start { contacts = 1, arguments = { "--verbose" } }
    call("GET", CONTACTS .. "/4127?hapikey=my-key&x=1", "my-token")
    call("GET", "/oauth/v1/access-tokens/my-token")
    running:fault { kind = "html" }
    call("GET", CONTACTS, "my-token")
    local text = script.read_file(running.output)
    assert.matches("GET " .. CONTACTS:gsub("%-", "%%-") .. "/4127%?hapikey=%[hidden%]&x=1 %d+ [%d.]+ ms\n", text)
    assert.matches("GET /oauth/v1/access%-tokens/%[hidden%] 200 [%d.]+ ms\n", text)
    assert.matches(" 502 [%d.]+ ms fault html\n", text)
    assert.is_nil(text:find("my-", 1, true))
  end)

  it("speaks TLS with a certificate of its own, which it keeps", function()
    local folder = scratch.path "certificate"
    local pages = {}
    for index = 1, 2 do
      running = sandbox.start { contacts = 3, arguments = { "--tls", folder } }
      assert.matches("^https://127%.0%.0%.1:%d+$", running.url)
      local curl = "curl -s --cacert %s/certificate.pem -H 'Authorization: Bearer x' %s%s"
      pages[index] = core.decode(script.run_shell(curl:format(folder, running.url, CONTACTS)).out)
      -- A client that speaks no TLS is none of its business.
      script.run_shell("curl -s -m 5 " .. running.url:gsub("^https", "http"))
      local origin =
        "curl -s -o /dev/null -w '%%{http_code}' --cacert %s/certificate.pem -H 'Origin: %s' %s/_sandbox/faults"
      local host = running.url
      assert.equal("200", script.run_shell(origin:format(folder, host, host)).out)
      assert.equal("403", script.run_shell(origin:format(folder, (host:gsub("https", "http")), host)).out)
      running:stop()
    end
    assert.equal(3, #pages[1].results)
    assert.equal(#pages[1].results, #pages[2].results)
    local mode = script.run_shell("stat -c %a " .. folder .. "/key.pem").out
    assert.equal("600\n", mode)
    scratch.remove_folder_of(folder)
  end)

  it("refuses tokens of an account that it does not have", function()
    running = { stop = function() end }
    local result = script.run_shell(
      sandbox.interpreter() .. " bin/hubspot-lua sandbox --portal 11 --token 33/a --exit-with-stdin </dev/null"
    )
    assert.same({ 2, "" }, { result.code, result.out })
    assert.matches("there is no account 33", result.err)
  end)
end)
