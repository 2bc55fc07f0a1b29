--- `/oauth/{D}/token…` and `/oauth/v1/token`
local authorization = require "hubspot.sandbox.authorization"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local APP_ID, USER_ID = 6543, 1001
local USER, HUB_DOMAIN = "dev@example.org", "sandbox.example.com"

-- OAuth's error object together with HubSpot's own.
local function fail(status, error_name, message)
  reply.fail(400, message, { error = error_name, error_description = message, status = status })
end

local function required(form, name)
  local value = form[name]
  if not value then fail("BAD_REQUEST", "invalid_request", "missing or unknown value for " .. name) end
  return value
end

local function check_client(app, form)
  local id, secret = required(form, "client_id"), required(form, "client_secret")
  local wrong = app:wrong_field(id, secret)
  if wrong == "client_id" then fail("BAD_CLIENT_ID", "invalid_client", "missing or unknown client id") end
  if wrong == "client_secret" then fail("BAD_CLIENT_SECRET", "invalid_client", "missing or invalid client secret") end
end

local grants = {}

function grants.refresh_token(app, form)
  local token = required(form, "refresh_token")
  if not app:is_refresh_token(token) then
    fail("BAD_REFRESH_TOKEN", "invalid_grant", "refresh token is invalid, expired or revoked")
  end
  return app:issue(token)
end

function grants.authorization_code(app, form)
  local code, redirect_uri = required(form, "code"), required(form, "redirect_uri")
  if app.redirect_uri and redirect_uri ~= app.redirect_uri then
    fail("MISMATCH_REDIRECT_URI_AUTH_CODE", "invalid_grant", "redirect_uri doesn't match the authorization code")
  end
  if not app:take_code(code) then fail("BAD_AUTH_CODE", "invalid_grant", "missing or unknown auth code") end
  return app:issue()
end

local function grant(portal, req)
  local form = request.form(req)
  local kind = required(form, "grant_type")
  if not grants[kind] then
    fail("BAD_GRANT_TYPE", "unsupported_grant_type", "missing or unknown grant_type: " .. kind)
  end
  check_client(portal.oauth, form)
  local issued = grants[kind](portal.oauth, form)
  issued.token_type = "bearer"
  return issued
end

local function token(portal, req)
  local issued = grant(portal, req)
  issued.hub_id, issued.user_id = portal.contacts.portal_id, USER_ID
  issued.scopes, issued.token_use = authorization.scopes_told(portal), "access_token"
  return reply.json(200, issued)
end

-- Describes the account, the app and the user of a token.
local function describe(portal, form, ends)
  local portal_id = portal.contacts.portal_id
  return {
    active = true,
    token = form.token,
    token_type = "bearer",
    client_id = form.client_id,
    app_id = APP_ID,
    hub_id = portal_id,
    hub_domain = HUB_DOMAIN,
    user = USER,
    user_id = USER_ID,
    scopes = authorization.scopes_told(portal),
    is_private_distribution = true,
    signed_access_token = ends and {
      expiresAt = ends,
      hubId = portal_id,
      userId = USER_ID,
      appId = APP_ID,
      hublet = "na1",
      isUserLevel = false,
      isPrivateDistribution = true,
    } or nil,
  }
end

local function introspect(portal, req)
  local form, app = request.form(req), portal.oauth
  check_client(app, form)
  local text = required(form, "token")
  local answer = { active = false }
  if app:state(text) == "active" then
    local ends = app:ends(text)
    answer = describe(portal, form, ends)
    answer.token_use, answer.expires_in = "access_token", math.floor((ends - app.now()) / 1000)
  elseif app.refresh_tokens[text] and app:is_refresh_token(text) then
    answer = describe(portal, form)
    answer.token_use = "refresh_token"
  end
  return reply.json(200, answer)
end

local function revoke(portal, req)
  local form = request.form(req)
  check_client(portal.oauth, form)
  portal.oauth:revoke(required(form, "token"))
  return reply.empty(204)
end

return {
  { method = "POST", path = "/oauth/v1/token", handler = token, scopes = {}, auth = "none" },
  { method = "POST", path = "/oauth/{D}/token", handler = token, scopes = {}, auth = "none" },
  { method = "POST", path = "/oauth/{D}/token/introspect", handler = introspect, scopes = {}, auth = "none" },
  { method = "POST", path = "/oauth/{D}/token/revoke", handler = revoke, scopes = {}, auth = "none" },
}
