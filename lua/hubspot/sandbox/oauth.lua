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

--- The app of a portal whose time in ms `now` gives.
function oauth.new(now, options)
  local app = setmetatable({
    now = now,
    strict = options ~= nil,
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
  local number = string.format("%s%08d", kind, app.count)
  return "C" .. number .. ("KuQxMtZhBiQAAcMAAAD" .. number):rep(11) .. "FJsYgBBA"
end

local function holds(app, set, text)
  return text ~= nil and not app.revoked[text] and (not app.strict or set[text] == true)
end

--- Returns whether a refresh token is good.
function methods:is_refresh_token(text) return holds(self, self.refresh_tokens, text) end

--- Returns whether a code is good; each is good once.
function methods:take_code(text)
  if not holds(self, self.codes, text) then return false end
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
