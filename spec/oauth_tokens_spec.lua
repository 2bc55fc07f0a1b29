-- oauth.introspect and oauth.revoke over real sockets.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local oauth = require "hubspot.oauth"
local throws = require("spec.support.misuse").throws
local wire = require "spec.support.wire"

local APP = { client_id = "the-app", client_secret = "the-secret-of-the-app", refresh_token = "the-refresh-token" }

local world = fixture.new {
  start = {},
  clients = {},
  reset = { portal_id = 77, scopes = { "oauth", "tickets" }, oauth = APP },
}
local server = world.server

local function options(more)
  local all = { client_id = APP.client_id, client_secret = APP.client_secret, base_url = server.url }
  for name, value in pairs(more) do
    all[name] = value
  end
  return all
end

-- The access token that an app has.
local function access_token()
  local given
  local client = hubspot.new {
    oauth = {
      client_id = APP.client_id,
      client_secret = APP.client_secret,
      refresh_token = APP.refresh_token,
      on_refresh = function(tokens) given = tokens.access_token end,
    },
    base_url = server.url,
    limiter = false,
  }
  assert(client.account:details())
  client:close()
  server:clear_requests()
  return given
end

describe("oauth.introspect", function()
  it("tells whether a token is good, and what it may do", function()
    local token = access_token()
    local status = assert(oauth.introspect(options { token = token, token_type = "access_token" }))
    assert.same({ true, 77, { "oauth", "tickets" }, "access_token" }, {
      status.active,
      status.hub_id,
      status.scopes,
      status.token_use,
    })
    assert.is_true(status.expires_in > 1700)
    assert.same({
      "POST /oauth/2026-09/token/introspect client_id=the-app&client_secret=[hidden]&token=[hidden]"
        .. "&token_type_hint=access_token",
    }, wire.take(server))
    local refresh = assert(oauth.introspect(options { token = APP.refresh_token }))
    assert.same({ true, "refresh_token", nil }, { refresh.active, refresh.token_use, refresh.token })
    assert.same({ active = false }, assert(oauth.introspect(options { token = "another" })))
  end)

  it("shows no secret where HubSpot refuses the app", function()
    local wrong = options { token = "the-token", client_secret = "another-secret" }
    local status, err = oauth.introspect(wrong)
    assert.is_nil(status)
    assert.equal("auth", err.kind)
    assert.truthy(tostring(err):find("Check client_id and client_secret", 1, true))
    server:fault { kind = "status", status = 400, body = '{"message":"no the-token of another-secret"}' }
    status, err = oauth.introspect(wrong)
    assert.is_nil(status)
    assert.is_nil(tostring(err):find("the-token", 1, true))
    assert.is_nil(tostring(err):find("another-secret", 1, true))
  end)

  it("has an error where the answer is none", function()
    for _, body in ipairs { "[]", "x", '{"active":"yes"}' } do
      server:fault { kind = "status", status = 200, body = body }
      local status, err = oauth.introspect(options { token = "the-token" })
      assert.is_nil(status)
      assert.equal("decode", err.kind)
    end
  end)
end)

describe("oauth.revoke", function()
  it("ends a token", function()
    local token = access_token()
    assert.is_true(oauth.revoke(options { token = token, token_type = "access_token" }))
    assert.same({
      "POST /oauth/2026-09/token/revoke client_id=the-app&client_secret=[hidden]&token=[hidden]"
        .. "&token_type_hint=access_token",
    }, wire.take(server))
    assert.is_false(assert(oauth.introspect(options { token = token })).active)
    assert.is_true(oauth.revoke(options { token = APP.refresh_token }))
    assert.is_false(assert(oauth.introspect(options { token = APP.refresh_token })).active)
  end)

  it("may have ended it where its answer is lost", function()
    server:fault { kind = "reset_after", times = 100 }
    local done, err = oauth.revoke(options { token = "the-token", retry = false })
    assert.is_nil(done)
    assert.is_true(err.ambiguous)
  end)
end)

describe("their options", function()
  it("are checked where they are passed", function()
    for name, ask in pairs { introspect = oauth.introspect, revoke = oauth.revoke } do
      local place = ("hubspot: oauth.%s: "):format(name)
      throws(place .. "takes a table of options", function() ask "token" end)
      throws(place .. "option client_id is missing", function() ask {} end)
      throws(place .. "option token is missing", function() ask { client_id = "a", client_secret = "b" } end)
      throws(
        place .. "token_type must be one of",
        function() ask { client_id = "a", client_secret = "b", token = "c", token_type = "bearer" } end
      )
      throws(
        place .. "unknown option",
        function() ask { client_id = "a", client_secret = "b", token = "c", tokens = "d" } end
      )
    end
  end)
end)
