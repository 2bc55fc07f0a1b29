local core = require "hubspot.core"
local sandbox = require "hubspot.sandbox"

local APP = {
  client_id = "app-1",
  client_secret = "secret-1",
  refresh_token = "refresh-1",
  code = "code-1",
  redirect_uri = "https://example.org/back",
  expires_in = 60,
}
local CONTACTS = "/crm/objects/2026-09/contacts"

describe("OAuth of the sandbox", function()
  local portal

  local function with(app, more)
    local options = { clock = 1764000000000, oauth = app }
    for name, value in pairs(more or {}) do
      options[name] = value
    end
    portal = sandbox.new(options)
  end

  before_each(function() with(APP) end)

  local function encode(fields)
    local parts = {}
    for name, value in pairs(fields) do
      parts[#parts + 1] = name
        .. "="
        .. value:gsub("[^%w-]", function(letter) return string.format("%%%02X", letter:byte()) end)
    end
    return table.concat(parts, "&")
  end

  local function post(path, fields, content_type)
    local answer = portal {
      method = "POST",
      url = path,
      body = encode(fields),
      headers = { ["content-type"] = content_type or "application/x-www-form-urlencoded" },
    }
    return answer.status, answer.body ~= "" and core.decode(answer.body) or nil, answer
  end

  -- The fields of a refresh, with some changed; `false` leaves one out.
  local function refresh(changes)
    local fields = {
      grant_type = "refresh_token",
      client_id = "app-1",
      client_secret = "secret-1",
      refresh_token = "refresh-1",
    }
    for name, value in pairs(changes or {}) do
      fields[name] = value or nil
    end
    return fields
  end

  local function exchange(changes)
    local fields = {
      grant_type = "authorization_code",
      client_id = "app-1",
      client_secret = "secret-1",
      code = "code-1",
      redirect_uri = "https://example.org/back",
    }
    for name, value in pairs(changes or {}) do
      fields[name] = value or nil
    end
    return fields
  end

  local function ask(token)
    local answer = portal { method = "GET", url = CONTACTS, headers = { authorization = "Bearer " .. token } }
    return answer.status, core.decode(answer.body), answer
  end

  for _, version in ipairs { "v1", "v3", "2026-03", "2026-09" } do
    it("refreshes by /oauth/" .. version .. "/token, and the API takes the token until it expires", function()
      local status, tokens = post("/oauth/" .. version .. "/token", refresh())
      assert.equal(200, status)
      assert.equal("bearer", tokens.token_type)
      assert.equal("refresh-1", tokens.refresh_token)
      assert.equal(60, tokens.expires_in)
      assert.is_true(#tokens.access_token > 300)
      assert.same({ 99001, "access_token" }, { tokens.hub_id, tokens.token_use })
      assert.equal(200, (ask(tokens.access_token)))
      portal:advance(58)
      assert.equal(200, (ask(tokens.access_token)))
      portal:advance(3)
      local refused, body = ask(tokens.access_token)
      assert.equal(401, refused)
      assert.equal("EXPIRED_AUTHENTICATION", body.category)
      local _, again = post("/oauth/" .. version .. "/token", refresh())
      assert.not_equal(tokens.access_token, again.access_token)
      assert.equal(200, (ask(again.access_token)))
    end)
  end

  it("has no such token endpoint in other versions", function()
    assert.equal(404, portal({ method = "POST", url = "/oauth/2025-01/token", headers = {}, body = "" }).status)
    assert.equal(404, portal({ method = "POST", url = "/oauth/v1/token/revoke", headers = {}, body = "" }).status)
  end)

  it("exchanges a code once", function()
    local status, tokens = post("/oauth/2026-09/token", exchange())
    assert.equal(200, status)
    assert.equal("refresh-1", tokens.refresh_token)
    assert.equal(200, (ask(tokens.access_token)))
    local refused, body = post("/oauth/2026-09/token", exchange())
    assert.equal(400, refused)
    assert.equal("BAD_AUTH_CODE", body.status)
    assert.equal("invalid_grant", body.error)
  end)

  it("refuses what is wrong or missing with OAuth's errors", function()
    for _, case in ipairs {
      { refresh { refresh_token = "other" }, "BAD_REFRESH_TOKEN", "invalid_grant" },
      { refresh { client_id = "other" }, "BAD_CLIENT_ID", "invalid_client" },
      { refresh { client_secret = "other" }, "BAD_CLIENT_SECRET", "invalid_client" },
      { refresh { refresh_token = false }, "BAD_REQUEST", "invalid_request" },
      { refresh { client_id = false }, "BAD_REQUEST", "invalid_request" },
      { refresh { grant_type = false }, "BAD_REQUEST", "invalid_request" },
      { refresh { grant_type = "password" }, "BAD_GRANT_TYPE", "unsupported_grant_type" },
      { exchange { code = "other" }, "BAD_AUTH_CODE", "invalid_grant" },
      { exchange { redirect_uri = "https://example.org/" }, "MISMATCH_REDIRECT_URI_AUTH_CODE", "invalid_grant" },
    } do
      for _, version in ipairs { "v1", "2026-09" } do
        local status, body = post("/oauth/" .. version .. "/token", case[1])
        assert.equal(400, status)
        assert.equal(case[2], body.status)
        assert.equal(case[3], body.error)
        assert.equal(body.message, body.error_description)
      end
    end
    local _, body = post("/oauth/v1/token", refresh { refresh_token = "other" })
    assert.equal("refresh token is invalid, expired or revoked", body.message)
  end)

  it("wants a form in the body", function()
    assert.equal(415, (post("/oauth/2026-09/token", refresh(), "application/json")))
    local answer = portal {
      method = "POST",
      url = "/oauth/2026-09/token?" .. encode(refresh()),
      headers = { ["content-type"] = "application/x-www-form-urlencoded" },
    }
    assert.equal(400, answer.status)
  end)

  it("takes only tokens that it issued, and that of the portal", function()
    local status, body = ask "made-up"
    assert.equal(401, status)
    assert.equal("INVALID_AUTHENTICATION", body.category)
    with(APP, { token = "pat-1" })
    assert.equal(200, (ask "pat-1"))
    assert.equal(401, (ask "made-up"))
    with(nil)
    assert.equal(200, (ask "made-up"))
  end)

  it("lets any app refresh where the portal was told of none, and those tokens expire too", function()
    with(nil)
    local _, tokens = post("/oauth/2026-09/token", refresh { client_id = "any", refresh_token = "any" })
    assert.equal(1800, tokens.expires_in)
    assert.equal("any", tokens.refresh_token)
    assert.equal(200, (ask(tokens.access_token)))
    portal:advance(1801)
    assert.equal(401, (ask(tokens.access_token)))
  end)

  it("tells and revokes tokens", function()
    local app = { client_id = "app-1", client_secret = "secret-1" }
    local function introspect(token)
      app.token = token
      return select(2, post("/oauth/2026-09/token/introspect", app))
    end
    local function revoke(token)
      app.token = token
      return (post("/oauth/2026-09/token/revoke", app))
    end
    local _, tokens = post("/oauth/2026-09/token", refresh())
    local told = introspect(tokens.access_token)
    assert.is_true(told.active)
    assert.equal("access_token", told.token_use)
    assert.equal(99001, told.hub_id)
    assert.is_true(told.expires_in > 50 and told.expires_in <= 60)
    for name, kind in pairs {
      token = "string",
      token_type = "string",
      client_id = "string",
      app_id = "number",
      hub_id = "number",
      hub_domain = "string",
      user = "string",
      user_id = "number",
      scopes = "table",
      is_private_distribution = "boolean",
      signed_access_token = "table",
    } do
      assert.equal(kind, type(told[name]), name)
    end
    assert.equal("refresh_token", introspect("refresh-1").token_use)
    assert.same({ active = false }, introspect "made-up")
    assert.equal(204, revoke(tokens.access_token))
    assert.is_false(introspect(tokens.access_token).active)
    assert.equal(401, (ask(tokens.access_token)))
    assert.equal(204, revoke "refresh-1")
    assert.is_false(introspect("refresh-1").active)
    local status, body = post("/oauth/2026-09/token", refresh())
    assert.equal(400, status)
    assert.equal("BAD_REFRESH_TOKEN", body.status)
    assert.equal(400, (post("/oauth/2026-09/token/introspect", { client_id = "x", client_secret = "y", token = "z" })))
  end)

  it("refuses a revoked token where the portal was told of no app, too", function()
    with(nil)
    local _, tokens = post("/oauth/2026-09/token", refresh())
    assert.equal(
      204,
      (post("/oauth/2026-09/token/revoke", { client_id = "a", client_secret = "b", token = tokens.access_token }))
    )
    assert.equal(401, (ask(tokens.access_token)))
    assert.equal(200, (ask "another"))
  end)

  it("says expired tokens are inactive", function()
    local _, tokens = post("/oauth/2026-09/token", refresh())
    portal:advance(61)
    local _, told = post(
      "/oauth/2026-09/token/introspect",
      { client_id = "app-1", client_secret = "secret-1", token = tokens.access_token }
    )
    assert.is_false(told.active)
  end)

  it("has no daily limit, and asking for a token counts against none", function()
    with(APP, { quota = { limit = 1, seconds = 10 } })
    local _, tokens = post("/oauth/2026-09/token", refresh())
    local status, _, answer = ask(tokens.access_token)
    assert.equal(200, status)
    assert.is_nil(answer.headers["x-hubspot-ratelimit-daily"])
    assert.equal("1", answer.headers["x-hubspot-ratelimit-max"])
    assert.equal(429, (ask(tokens.access_token)))
    assert.equal(200, (post("/oauth/2026-09/token", refresh())))
  end)

  it("refuses options that it does not know", function()
    assert.error_matches(function() sandbox.new { oauth = { secret = "x" } } end, "unknown option oauth.secret")
    assert.error_matches(function() sandbox.new { oauth = { expires_in = "60" } } end, "expires_in must be a number")
  end)
end)
