--- The OAuth app of a portal: who it is, the refresh token and the codes that it holds, and the access tokens it got.
--
-- Without an app in the options any client id, secret, code and refresh token is accepted.
local oauth = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.OAuth", __index = methods }

local LIFETIME = 1800
local NAMES = {
  client_id = "string",
  client_secret = "string",
  refresh_token = "string",
  code = "string",
  redirect_uri = "string",
  expires_in = "number",
}

--- Returns the problem of the option `oauth` of a portal, or nil.
function oauth.problem(options)
  for name, value in pairs(options) do
    if not NAMES[name] then return "unknown option oauth." .. tostring(name) end
    if type(value) ~= NAMES[name] then
      return string.format("oauth.%s must be a %s, got %s", name, NAMES[name], type(value))
    end
  end
  return nil
end

--- Returns the problem of the option `oauth_apps` of a portal, or nil.
function oauth.apps_problem(apps)
  for _, app in ipairs(apps) do
    if type(app) ~= "table" or type(app.client_id) ~= "string" or type(app.client_secret) ~= "string" then
      return "every app of oauth_apps needs a client_id and a client_secret"
    end
  end
  return nil
end

-- The client secrets by client ids; false where any secret is right.
local function secrets_of(options, apps)
  local secrets = {}
  if options and options.client_id then secrets[options.client_id] = options.client_secret or false end
  for _, app in ipairs(apps or {}) do
    secrets[app.client_id] = app.client_secret
  end
  return secrets
end

--- The app of a portal: `now` gives the portal's time in ms, `portal_id` is its id, `app` and `apps` are the options
-- `oauth` and `oauth_apps`. Users of `apps` grant any code.
function oauth.new(given)
  local options, apps = given.app, given.apps
  local app = setmetatable({
    now = given.now,
    portal_id = given.portal_id,
    strict = options ~= nil or apps ~= nil,
    secrets = secrets_of(options, apps),
    takes_any_code = apps ~= nil,
    issued = {},
    refresh_tokens = {},
    codes = {},
    revoked = {},
    count = 0,
  }, metatable)
  for name, value in pairs(options or {}) do
    app[name] = value
  end
  app.expires_in = app.expires_in or LIFETIME
  if app.refresh_token then app.refresh_tokens[app.refresh_token] = true end
  if app.code then app.codes[app.code] = true end
  return app
end

-- HubSpot's tokens are long, and get longer; code that cuts them is to be found out.
local function new_token(app, kind)
  app.count = app.count + 1
  local number = string.format("%s%d%08d", kind, app.portal_id, app.count)
  return "C" .. number .. ("KuQxMtZhBiQAAcMAAAD" .. number):rep(11) .. "FJsYgBBA"
end

local function holds(app, set, text)
  return text ~= nil and not app.revoked[text] and (not app.strict or set[text] == true)
end

--- Returns whether a refresh token is good.
function methods:is_refresh_token(text) return holds(self, self.refresh_tokens, text) end

--- The field of a client that is wrong, "client_id" or "client_secret", or nil.
function methods:wrong_field(id, secret)
  local right = self.secrets[id]
  if right == nil and next(self.secrets) then return "client_id" end
  right = right or self.client_secret
  return right and right ~= secret and "client_secret" or nil
end

--- Returns whether a code is good; each is good once.
function methods:take_code(text)
  local is_good = holds(self, self.codes, text) or (self.takes_any_code and not self.revoked[text])
  if not is_good then return false end
  self.revoked[text] = true
  return true
end

--- Issues an access token for a refresh token (nil: with a new one).
function methods:issue(refresh_token)
  refresh_token = refresh_token or self.refresh_token or new_token(self, "R")
  self.refresh_tokens[refresh_token] = true
  local token = new_token(self, "A")
  self.issued[token] = self.now() + self.expires_in * 1000
  return { access_token = token, refresh_token = refresh_token, expires_in = self.expires_in }
end

--- "active", "expired" or "revoked" for an access token that was issued or revoked here, else nil.
function methods:state(token)
  if self.revoked[token] then return "revoked" end
  local ends = self.issued[token]
  if not ends then return nil end
  return self.now() < ends and "active" or "expired"
end

--- When an access token ends, in ms.
function methods:ends(token) return self.issued[token] end

function methods:revoke(token) self.revoked[token] = true end

return oauth
