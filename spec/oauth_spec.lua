-- OAuth over real sockets: renewing, one renewal for many calls, the first exchange.

local core = require "hubspot.core"
local hubspot = require "hubspot"
local oauth = require "hubspot.oauth"
local sandbox = require "spec.support.sandbox"
local throws = require("spec.support.misuse").throws

local APP = {
  client_id = "the-app",
  client_secret = "the-secret-of-the-app",
  refresh_token = "the-refresh-token",
  code = "the-code-of-the-user",
  redirect_uri = "https://example.org/back",
}
local SECRETS = { APP.client_secret, APP.refresh_token, APP.code }

local server, client

setup(function() server = sandbox.start {} end)

teardown(function() server:stop() end)

local function start(expires_in)
  local app = { expires_in = expires_in }
  for name, value in pairs(APP) do
    app[name] = value
  end
  server:reset { contacts = 5, oauth = app }
  server:clear_faults()
  server:clear_requests()
end

before_each(function() start() end)

after_each(function()
  if client then client:close() end
  client = nil
end)

local function new_client(more, options)
  local settings = { client_id = APP.client_id, client_secret = APP.client_secret, refresh_token = APP.refresh_token }
  for name, value in pairs(more or {}) do
    settings[name] = value
  end
  local all = { oauth = settings, base_url = server.url, limiter = false }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  client = hubspot.new(all)
  return client
end

local function renewals()
  local list = {}
  for _, request in ipairs(server:requests()) do
    if request.path:find("/oauth/", 1, true) then list[#list + 1] = request end
  end
  return list
end

local function shows_no_secret(value)
  local text = type(value) == "table" and core.encode(value) or tostring(value)
  for _, secret in ipairs(SECRETS) do
    assert.is_nil((text .. tostring(value)):find(secret, 1, true))
  end
end

local function first_page(one)
  local iterator = one.contacts:all { max = 1 }
  local contact, err = iterator:next()
  return contact and contact.id, err
end

local function many(count)
  local items = {}
  for index = 1, count do
    items[index] = index
  end
  local results, failures = client:map(items, function() return first_page(client) end, { concurrency = count })
  assert.same({}, failures)
  return #results
end

describe("a client with oauth", function()
  it("gets its first access token with its first call", function()
    local stored
    new_client { on_refresh = function(tokens) stored = tokens end }
    assert.same({}, renewals())
    assert.truthy(first_page(client))
    assert.truthy(first_page(client))
    local list = renewals()
    assert.equal(1, #list)
    assert.same({ "POST", "/oauth/2026-09/token" }, { list[1].method, list[1].path })
    assert.equal("application/x-www-form-urlencoded", list[1].headers["content-type"])
    assert.is_nil(list[1].headers.authorization)
    assert.equal(
      "client_id=the-app&client_secret=[hidden]&grant_type=refresh_token&refresh_token=[hidden]",
      list[1].body
    )
    assert.equal(1800, stored.expires_in)
    assert.is_true(math.abs(stored.expires_at - os.time() - 1800) < 60)
    assert.equal(APP.refresh_token, stored.refresh_token)
    assert.is_true(#stored.access_token > 100)
  end)

  it("uses the access token that it was given until it ends", function()
    local stored
    new_client { on_refresh = function(tokens) stored = tokens end }
    first_page(client)
    client:close()
    server:clear_requests()
    new_client { access_token = stored.access_token, expires_at = stored.expires_at }
    assert.truthy(first_page(client))
    assert.same({}, renewals())
    client:close()
    new_client { access_token = stored.access_token, expires_at = os.time() + 5 }
    assert.truthy(first_page(client))
    assert.equal(1, #renewals())
  end)

  it("renews once after a 401, and repeats the calls", function()
    new_client()
    many(1)
    server:advance(3600)
    server:clear_requests()
    assert.equal(50, many(50))
    assert.equal(1, #renewals())
  end)

  it("renews before the token ends, once for all calls", function()
    start(1)
    local tokens, asked, refused = {}, 0, 0
    new_client({ on_refresh = function(got) tokens[#tokens + 1] = got.access_token end }, {
      on = {
        response = function(event)
          if event.operation == "oauth" then asked = asked + 1 end
          -- A request that took longer than the tenth may have begun before the end.
          if event.status == 401 and event.seconds < 0.1 then refused = refused + 1 end
        end,
      },
    })
    local began = core.now()
    repeat
      assert.equal(50, many(50))
    until #tokens >= 4
    assert.equal(#tokens, asked)
    -- No more than one in each life of a token, which is renewed a tenth before its end.
    assert.is_true(#tokens <= (core.now() - began) / 0.9 + 1)
    assert.equal(0, refused)
  end)

  it("renews once for calls that begin together", function()
    new_client()
    assert.equal(50, many(50))
    assert.equal(1, #renewals())
  end)

  it("tells what to do where HubSpot does not take the refresh token", function()
    new_client { refresh_token = "the-refresh-token-of-another-app" }
    local _, err = first_page(client)
    assert.equal("auth", err.kind)
    assert.equal(400, err.status)
    assert.truthy(tostring(err):find("Let the user install the app again", 1, true))
    shows_no_secret(err)
    assert.equal(1, #renewals())
  end)

  it("repeats a renewal that failed on the way", function()
    server:fault { kind = "status", status = 503, path = "/oauth/", times = 1 }
    new_client(nil, { retry = { base_delay = 0.01 } })
    assert.equal(10, many(10))
    assert.equal(2, #renewals())
  end)

  it("gives the error of a renewal to all calls that waited for it", function()
    server:fault { kind = "reset", path = "/oauth/", times = 100 }
    new_client(nil, { retry = false })
    local results, failures = client:map({ 1, 2, 3 }, function() return first_page(client) end)
    assert.same({}, results)
    for index = 1, 3 do
      assert.equal("network", failures[index].kind)
      shows_no_secret(failures[index])
    end
    assert.not_equal(failures[1], failures[2])
  end)

  it("does not let a call with little time fail those with more", function()
    server:fault { kind = "slow", seconds = 0.3, path = "/oauth/", times = 1 }
    new_client()
    local results, failures = client:map({ 0.1, 10 }, function(deadline)
      local contact, err = client.contacts:all({ max = 1, deadline = deadline }):next()
      return contact and contact.id, err
    end)
    assert.equal("timeout", failures[1].kind)
    assert.truthy(results[2])
  end)

  it("shows no secret in what is printed of it", function()
    new_client()
    local seen = {}
    local function look(value)
      if type(value) == "string" then return shows_no_secret(value) end
      if type(value) ~= "table" or seen[value] then return end
      seen[value] = true
      for key, item in pairs(value) do
        look(key)
        look(item)
      end
    end
    first_page(client)
    look(client)
    shows_no_secret(client)
  end)

  it("shows no token of an answer that it can't read", function()
    server:fault { kind = "garbage", path = "/oauth/", times = 1 }
    new_client(nil, { retry = false })
    local _, err = first_page(client)
    assert.is_nil(err.body)
  end)

  it("lets several clients share one renewal", function()
    local stored, lock, count = nil, nil, { read = 0, written = 0 }
    local function share_of(name)
      return {
        read = function()
          count.read = count.read + 1
          return stored
        end,
        lock = function()
          if lock then return false end
          lock = name
          return name
        end,
        extend = function() end,
        write = function(tokens)
          stored, count.written = tokens, count.written + 1
          return true
        end,
        unlock = function(held)
          if lock == held then lock = nil end
        end,
      }
    end
    local loop = require("hubspot.loop.plain").new()
    local one = new_client({ share = share_of "one" }, { loop = loop })
    local two = new_client({ share = share_of "two" }, { loop = loop })
    local results = one:map({ one, two, one, two }, function(each) return first_page(each) end)
    assert.equal(4, #results)
    assert.equal(1, #renewals())
    assert.equal(1, count.written)
    assert.is_nil(lock)
    one:close()
  end)

  it("refuses settings that can't be right", function()
    throws("hubspot.new: oauth.client_id is missing", function() hubspot.new { oauth = {} } end)
    throws("hubspot.new: oauth has an unknown field secret", function() hubspot.new { oauth = { secret = "x" } } end)
    throws(
      "hubspot.new: token and oauth exclude each other",
      function()
        hubspot.new { token = "any-token", oauth = { client_id = "a", client_secret = "b", refresh_token = "c" } }
      end
    )
    throws(
      "hubspot.new: oauth.share.lock must be a function",
      function()
        hubspot.new { oauth = { client_id = "a", client_secret = "b", refresh_token = "c", share = { read = print } } }
      end
    )
  end)
end)

describe("oauth.authorize_url", function()
  it("names the app and what it asks for", function()
    assert.equal(
      "https://app.hubspot.com/oauth/authorize?client_id=the-app"
        .. "&redirect_uri=https%3A%2F%2Fexample.org%2Fback%3Fa%3D1&scope=oauth%20crm.objects.contacts.read"
        .. "&optional_scope=timeline&state=a%20b",
      oauth.authorize_url {
        client_id = "the-app",
        redirect_uri = "https://example.org/back?a=1",
        scopes = { "oauth", "crm.objects.contacts.read" },
        optional_scopes = { "timeline" },
        state = "a b",
      }
    )
    assert.truthy(
      oauth
        .authorize_url({ client_id = "a", redirect_uri = "b", scopes = { "oauth" }, base_url = "https://app-eu1.hubspot.com/" })
        :find("https://app-eu1.hubspot.com/oauth/authorize?", 1, true)
    )
  end)

  it("refuses what is missing or unknown", function()
    throws(
      "oauth.authorize_url: option redirect_uri is missing",
      function() oauth.authorize_url { client_id = "a", scopes = { "oauth" } } end
    )
    throws(
      "oauth.authorize_url: unknown option scope; did you mean scopes?",
      function() oauth.authorize_url { client_id = "a", redirect_uri = "b", scope = "oauth" } end
    )
    throws("oauth.authorize_url: takes a table", function() oauth.authorize_url() end)
  end)
end)

-- A client whose access token has ended, and whose renewal meets a fault.
local function renew_with(fault, options)
  new_client(nil, options)
  assert(first_page(client))
  server:advance(3600)
  server:fault(fault)
  return first_page(client)
end

describe("a renewal that fails after HubSpot refused the access token", function()
  local function fails_with(expected, fault, options)
    local id, err = renew_with(fault, options or { retry = false })
    assert.is_nil(id)
    assert.same(expected, { kind = err.kind, status = err.status, category = err.category, path = err.path })
    assert.is_nil(tostring(err):find("Service Keys", 1, true))
    assert.is_false(err.sent)
    assert.is_nil(err.ambiguous)
    shows_no_secret(err)
    return err
  end

  local PATH = "/oauth/2026-09/token"

  it("tells that the refresh token was refused", function()
    local err = fails_with({ kind = "auth", status = 400, category = "invalid_grant", path = PATH }, {
      kind = "status",
      status = 400,
      path = "/oauth/",
      body = '{"error":"invalid_grant","status":"BAD_REFRESH_TOKEN",'
        .. '"message":"refresh token is invalid, expired or revoked"}',
    })
    assert.truthy(tostring(err):find("Let the user install the app again", 1, true))
  end)

  it("tells that the app was refused", function()
    local err = fails_with(
      { kind = "auth", status = 401, category = "invalid_client", path = PATH },
      { kind = "status", status = 401, path = "/oauth/", body = '{"error":"invalid_client","status":"BAD_CLIENT_ID"}' }
    )
    assert.truthy(tostring(err):find("Check client_id and client_secret", 1, true))
  end)

  it("asks to look at the app where HubSpot forbids it to renew", function()
    local err = fails_with(
      { kind = "auth", status = 403, path = PATH },
      { kind = "status", status = 403, path = "/oauth/", body = '{"message":"blocked"}' }
    )
    assert.truthy(tostring(err):find("Check client_id and client_secret", 1, true))
    assert.is_nil(tostring(err):find("scope", 1, true))
  end)

  it("tells that HubSpot has a failure", function()
    local err = fails_with({ kind = "api", status = 503, path = PATH, category = "SERVICE_UNAVAILABLE" }, {
      kind = "status",
      status = 503,
      path = "/oauth/",
      body = '{"category":"SERVICE_UNAVAILABLE","message":"Service Unavailable"}',
    })
    assert.equal("Service Unavailable", err.message)
  end)

  it("tells that HubSpot wants to be left alone", function()
    local err = fails_with(
      { kind = "rate_limit", status = 429, path = PATH, category = "RATE_LIMITS" },
      { kind = "rate_limit", path = "/oauth/", retry_after = 31 }
    )
    assert.equal(31, err.retry_after)
  end)

  it("tells that it took too long", function()
    local err = fails_with(
      { kind = "timeout", path = PATH },
      { kind = "hang", path = "/oauth/" },
      { retry = false, timeout = 0.3 }
    )
    assert.is_nil(err.status)
  end)

  it(
    "tells that the connection was lost",
    function() fails_with({ kind = "network", path = PATH }, { kind = "reset", path = "/oauth/", times = 100 }) end
  )

  it(
    "tells that the answer has no token",
    function()
      fails_with(
        { kind = "decode", status = 200, path = PATH },
        { kind = "status", status = 200, path = "/oauth/", body = '{"expires_in":1800}' }
      )
    end
  )

  it("advises no service key where the token that it gave is refused, too", function()
    new_client(nil, { retry = false })
    server:fault { kind = "expired", path = "/crm/", times = 10 }
    local _, err = first_page(client)
    assert.equal(401, err.status)
    assert.is_nil(tostring(err):find("Service Keys", 1, true))
    assert.truthy(tostring(err):find("let the user install it again", 1, true))
  end)

  it("ends a write of many rows, and blames none of them", function()
    new_client(nil, { retry = false })
    assert(first_page(client))
    server:advance(3600)
    server:fault { kind = "status", status = 400, path = "/oauth/", times = 1000, body = '{"error":"invalid_grant"}' }
    server:clear_requests()
    local rows = {}
    for index = 1, 100 do
      rows[index] = { email = ("a%d@example.org"):format(index), properties = { phone = "1" } }
    end
    local outcome, err = client.contacts:upsert_many(rows)
    assert.is_nil(outcome)
    assert.same({ "auth", 400, "invalid_grant" }, { err.kind, err.status, err.category })
    assert.equal(1, #renewals())
  end)

  it("leaves an earlier write ambiguous that may have been carried out", function()
    new_client(nil, { retry = { base_delay = 0.01 } })
    assert(first_page(client))
    server:fault { kind = "status", status = 502, path = "/crm/", times = 1 }
    server:fault { kind = "expired", path = "/crm/", times = 1 }
    server:fault { kind = "status", status = 400, path = "/oauth/", body = '{"error":"invalid_grant"}' }
    local deleted, err = client.contacts:delete(1)
    assert.is_nil(deleted)
    assert.same({ "auth", "invalid_grant", true }, { err.kind, err.category, err.ambiguous })
  end)
end)

describe("a renewal", function()
  -- A client on a clock of its own, whose requests for a token get the answers one after another.
  local function client_with(answers, options)
    local loop, asked = require("spec.support.fake_loop").new(), 0
    local all = {
      loop = loop,
      limiter = false,
      oauth = { client_id = APP.client_id, client_secret = APP.client_secret, refresh_token = APP.refresh_token },
      transport = function(request)
        if not request.url:find("/oauth/", 1, true) then return { status = 200, headers = {}, body = '{"id":"1"}' } end
        asked = asked + 1
        return answers[asked]
          or { status = 200, headers = {}, body = '{"access_token":"the-access-token","expires_in":1800}' }
      end,
    }
    for name, value in pairs(options or {}) do
      all[name] = value
    end
    client = hubspot.new(all)
    return client, loop
  end

  local function refusal(seconds)
    return {
      status = 429,
      headers = { ["retry-after"] = tostring(seconds) },
      body = '{"message":"You have reached your rate limit."}',
    }
  end

  it("has the time of the call that needs it", function()
    local one, loop = client_with { refusal(31) }
    assert.equal("1", assert(one.contacts:get(1)).id)
    assert.is_true(loop:now() >= 1031 and loop:now() < 1033)
  end)

  it("fails at once where HubSpot asks for more than that", function()
    local one, loop = client_with { refusal(31) }
    local _, err = one.contacts:get(1, { deadline = 20 })
    assert.same({ "rate_limit", 429, 31 }, { err.kind, err.status, err.retry_after })
    assert.truthy(tostring(err):find("31 s of rest, which end after the call's deadline", 1, true))
    assert.equal(1000, loop:now())
  end)

  it("keeps its lock over a pause", function()
    local pauses, unlocked = {}, 0
    local share = {
      read = function() end,
      lock = function() return "mine" end,
      extend = function(lock, seconds) pauses[#pauses + 1] = { lock, math.floor(seconds) } end,
      write = function() return true end,
      unlock = function() unlocked = unlocked + 1 end,
    }
    local one = client_with({ refusal(31) }, {
      oauth = {
        client_id = APP.client_id,
        client_secret = APP.client_secret,
        refresh_token = APP.refresh_token,
        share = share,
      },
    })
    assert.equal("1", assert(one.contacts:get(1)).id)
    assert.same({ { "mine", 31 } }, pauses)
    assert.equal(1, unlocked)
  end)

  it("is waited for over its pauses by calls that have the time, and not by those that don't", function()
    server:fault { kind = "rate_limit", path = "/oauth/", retry_after = 1, times = 1 }
    new_client()
    local results, failures = client:map({ 0.5, 10, 20 }, function(deadline)
      local contact, err = client.contacts:all({ max = 1, deadline = deadline }):next()
      return contact and contact.id, err
    end)
    assert.equal("rate_limit", failures[1].kind)
    assert.truthy(results[2])
    assert.truthy(results[3])
  end)
end)

it("leaves time to ask again where a request for a token gets no answer", function()
  local fake_loop = require "spec.support.fake_loop"
  local loop, timeouts = fake_loop.new(), {}
  local one = hubspot.new {
    loop = loop,
    limiter = false,
    transport = function(request)
      if not request.url:find("/oauth/", 1, true) then return { status = 200, headers = {}, body = '{"id":"1"}' } end
      timeouts[#timeouts + 1] = request.timeout
      loop:pass(request.timeout)
      if #timeouts == 1 then return nil, { kind = "timeout", message = "no answer", sent = true } end
      return { status = 200, headers = {}, body = '{"access_token":"the-access-token","expires_in":1800}' }
    end,
    oauth = { client_id = APP.client_id, client_secret = APP.client_secret, refresh_token = APP.refresh_token },
  }
  assert.equal("1", assert(one.contacts:get(1)).id)
  assert.equal(2, #timeouts)
end)

describe("oauth.exchange_code", function()
  local function exchange()
    return oauth.exchange_code {
      client_id = APP.client_id,
      client_secret = APP.client_secret,
      code = APP.code,
      redirect_uri = APP.redirect_uri,
      base_url = server.url,
    }
  end

  it("gives what a client takes, once", function()
    local tokens = assert(exchange())
    assert.equal(99001, tokens.hub_id)
    new_client {
      access_token = tokens.access_token,
      refresh_token = tokens.refresh_token,
      expires_at = tokens.expires_at,
    }
    assert.truthy(first_page(client))
    assert.equal(1, #renewals())
    local again, err = exchange()
    assert.is_nil(again)
    assert.equal("auth", err.kind)
    shows_no_secret(err)
  end)

  it("is not repeated where the code may be used up", function()
    server:fault { kind = "status", status = 502, path = "/oauth/", times = 1 }
    local tokens, err = exchange()
    assert.is_nil(tokens)
    assert.equal(502, err.status)
    assert.equal(1, #renewals())
  end)

  it("refuses what is missing or unknown", function()
    throws(
      "oauth.exchange_code: option code is missing",
      function() oauth.exchange_code { client_id = "a", client_secret = "b", redirect_uri = "c" } end
    )
    throws(
      "oauth.exchange_code: unknown option clientid",
      function()
        oauth.exchange_code { client_id = "a", client_secret = "b", redirect_uri = "c", code = "d", clientid = "x" }
      end
    )
    throws("oauth.exchange_code: takes a table", function() oauth.exchange_code() end)
  end)
end)
