--- The account: `/account-info/{D}/…`, and who has a token: `/oauth/v1/access-tokens/…`, `/oauth/v2/private-apps/…`
local authorization = require "hubspot.sandbox.authorization"
local core = require "hubspot.core"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local time = require "hubspot.sandbox.time"

local array = core.array

local APP_ID, USER_ID, USER, HUB_DOMAIN = 6543, 1001, "dev@example.org", "sandbox.example.com"
local DAILY_LIMIT = 1000000
local DAY = 86400000

local function details(portal)
  return reply.json(200, {
    portalId = portal.contacts.portal_id,
    accountType = "SANDBOX",
    timeZone = "UTC",
    companyCurrency = "USD",
    additionalCurrencies = array { "EUR" },
    utcOffset = "+00:00",
    utcOffsetMilliseconds = 0,
    uiDomain = "app.hubspot.com",
    dataHostingLocation = "na1",
  })
end

local function usage(portal)
  local now = portal.clock.now()
  return reply.json(200, {
    results = array {
      {
        name = "sandbox",
        usageLimit = DAILY_LIMIT,
        currentUsage = portal.quota.day_count,
        collectedAt = time.iso(now),
        fetchStatus = "SUCCESS",
        resetsAt = time.iso((math.floor(now / DAY) + 1) * DAY),
      },
    },
  })
end

local function access_token(portal, req)
  local token = req.params.token
  if not authorization.accepts(portal, token) then reply.not_found "The access token was not found" end
  local ends = portal.oauth:state(token) == "active" and portal.oauth:ends(token)
  return reply.json(200, {
    token = token,
    user = USER,
    hub_domain = HUB_DOMAIN,
    scopes = authorization.scopes_told(portal, token),
    hub_id = portal.contacts.portal_id,
    app_id = APP_ID,
    expires_in = ends and math.floor((ends - portal.clock.now()) / 1000) or 1800,
    user_id = USER_ID,
    token_type = "access",
  })
end

local function token_info(portal, req)
  local token = read.required_text(request.object(req), "tokenKey")
  if not authorization.accepts(portal, token) then reply.not_found "The token was not found" end
  return reply.json(200, {
    userId = USER_ID,
    hubId = portal.contacts.portal_id,
    appId = APP_ID,
    scopes = authorization.scopes_told(portal, token),
  })
end

return {
  { method = "GET", path = "/account-info/{D}/details", handler = details, scopes = {} },
  { method = "GET", path = "/account-info/{D}/api-usage/daily/private-apps", handler = usage, scopes = {} },
  { method = "GET", path = "/oauth/v1/access-tokens/{token}", handler = access_token, scopes = {}, auth = "none" },
  {
    method = "POST",
    path = "/oauth/v2/private-apps/get/access-token-info",
    handler = token_info,
    scopes = {},
    auth = "none",
  },
}
