--- Checks credentials: bearer tokens, developer API keys, and the scopes that a token was granted.
--
-- A route says by `auth` what it takes: nothing (a bearer token), "developer_key" (a developer API key in `hapikey`,
-- and no token), "token_only" (a bearer token, and no key beside it) or "none".
local core = require "hubspot.core"
local problems = require "hubspot.sandbox.problem"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local authorization = {}

local NO_CREDENTIALS = "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can "
  .. "find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"

local function refuse(message, category) reply.fail(401, message, { category = category or "INVALID_AUTHENTICATION" }) end

local function bearer_of(req) return (req.headers.authorization or ""):match "^[Bb]earer%s+(%S+)%s*$" end

--- Returns whether a token is one that the portal was given, or that its app got.
function authorization.knows(portal, token) return portal.tokens[token] ~= nil or portal.oauth:state(token) ~= nil end

--- Returns whether a token is good, as any is where the portal was given neither a token nor an app.
function authorization.accepts(portal, token)
  local state = portal.oauth:state(token)
  if state == "active" or portal.tokens[token] then return true end
  return state == nil and not next(portal.tokens) and not portal.oauth.strict
end

local function check_developer_key(portal, req)
  if bearer_of(req) then
    reply.fail(
      403,
      "This API can't be called using an OAuth access token. A valid developer API key must be provided "
        .. "in the `hapikey` query parameter."
    )
  end
  local key = request.text(req, "hapikey")
  if not key then refuse(NO_CREDENTIALS) end
  local right = portal.options.developer_key
  if right and key ~= right then refuse "The developer API key in `hapikey` is invalid." end
end

local function check_token(portal, req)
  local token = bearer_of(req)
  if not token then refuse(NO_CREDENTIALS) end
  local state, given = portal.oauth:state(token), portal.tokens[token]
  if state == "expired" then refuse("The OAuth token used to make this call expired.", "EXPIRED_AUTHENTICATION") end
  req.is_oauth = state == "active"
  req.granted = given and given.scopes or portal.scopes
  if not req.is_oauth and not authorization.accepts(portal, token) then
    refuse "Authentication credentials are invalid or have expired."
  end
end

--- Throws the refusal of a request whose credentials are missing, wrong or of the wrong kind. `route` is nil where the
-- path has no such verb.
function authorization.check(portal, route, req)
  local auth = route and route.auth
  if auth == "none" then
    return
  elseif auth == "developer_key" then
    return check_developer_key(portal, req)
  elseif not route and request.text(req, "hapikey") then
    return
  elseif auth == "token_only" and request.text(req, "hapikey") then
    refuse "API keys are not accepted here. Use the OAuth access token of the account that installed the app."
  end
  check_token(portal, req)
end

local function is_granted(granted, scope)
  if type(scope) == "string" then return granted[scope] end
  for _, alternative in ipairs(scope) do
    if granted[alternative] then return true end
  end
  return false
end

-- Those that a service key commonly has, told where the portal was given none and so demands none.
local COMMON_SCOPES = {
  "oauth",
  "content",
  "crm.lists.read",
  "crm.lists.write",
  "crm.objects.companies.read",
  "crm.objects.companies.write",
  "crm.objects.contacts.read",
  "crm.objects.contacts.write",
  "crm.objects.deals.read",
  "crm.objects.deals.write",
  "crm.objects.owners.read",
  "tickets",
}

--- The scopes that the portal tells of a token.
function authorization.scopes_told(portal, token)
  local scopes, given = {}, portal.tokens[token]
  for index, scope in ipairs(given and given.listed or portal.options.scopes or COMMON_SCOPES) do
    scopes[index] = scope
  end
  return core.array(scopes)
end

--- Throws the refusal of a request for which scopes are missing. A route's scopes are names, or lists of names of which
-- one is enough, or a function(portal, request) that gives them.
function authorization.check_scopes(portal, route, req)
  local needed = route.scopes
  if type(needed) == "function" then needed = needed(portal, req) end
  local granted = req.granted or portal.scopes
  if not granted then return end
  local missing = {}
  for _, scope in ipairs(needed) do
    if not is_granted(granted, scope) then missing[#missing + 1] = type(scope) == "string" and scope or scope[1] end
  end
  if #missing > 0 then problems.fail(problems.missing_scopes(missing)) end
end

return authorization
