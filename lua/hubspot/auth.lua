-- The token of a client. It lives in a closure, so that no table which a user may print holds it.

local errors = require "hubspot.error"
local redaction = require "hubspot.redaction"

local auth = {}

local HOW_TO_GET_ONE = "make a service key in HubSpot (Settings > Integrations > Service Keys; a private app's "
  .. 'token works too) and pass it, for example hubspot.new{ token = os.getenv "HUBSPOT_TOKEN" }. To try things '
  .. "without an account, run `hubspot-lua sandbox` and pass the base_url that it prints with any token"

local function fault_of(token)
  if type(token) ~= "string" then return ("a %s instead of a string"):format(type(token)) end
  if token == "" then return "an empty string" end
  if token:find "^[Bb]earer%s" then return 'a string that begins with "Bearer": pass what comes after it' end
  if token:find "[%s%c]" then return "a string with a space or line break in it" end
  if token:find "[\"'`]" then return "a string with quotation marks: pass what is between them" end
  if token:find "[\128-\255]" then return "a string with a character that is not ASCII: copy the token again" end
end

local function unescape(text)
  return (text:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

--- The URL of a client's proxy, in a closure, since it may hold a password.
-- @tparam ?string url
-- @treturn table functions `url()`, and `redact(text)`, which takes user and password out of a text
function auth.proxy(url)
  local credentials = url and url:gsub("^%a[%w+.-]*://", ""):match "^(.*)@"
  local password = credentials and credentials:match ":(.*)$"
  local passwords = password and { password, unescape(password) } or {}

  local function redact(text)
    if not credentials then return text end
    local pattern = (credentials .. "@"):gsub("%p", "%%%0")
    return redaction.of_text(text:gsub(pattern, "[credentials]@"), passwords)
  end

  return { url = function() return url end, redact = redact }
end

local function new(read)
  local self = {}
  local faultless -- the latest token in which nothing was wrong

  --- The token to send, or nil and an error.
  function self.token()
    local token, err = read()
    if token ~= nil then
      if token == faultless then return token end
      local fault = fault_of(token)
      if not fault then
        faultless = token
        return token
      end
      err = ("the token function returned %s"):format(fault)
    end
    if errors.is_error(err) then return nil, err end
    local reason = tostring(err or "the token function returned nil")
    return nil, errors.new { kind = "auth", message = "no token: " .. reason }
  end

  return self
end

--- Makes the source of tokens; `hubspot.oauth` makes another kind.
-- @param token a string, or a function that returns one, or nil and an error
-- @tparam boolean optional whether calls without a token make sense (the client has a transport of its own)
-- @tparam boolean deferred whether a client without a token does (it has a developer key): calls that need one fail
-- @treturn ?table nil and a message when the token is no token; else with the methods `token(client, deadline)`;
--   `key()`, what stands for the token's quota; and, where a later token may be another one,
--   `renewed(client, deadline, refused)`, which gives it when there is one, or nil and an error; and `refused_hint`,
--   what to do where HubSpot refuses a token
function auth.new(token, optional, deferred)
  if type(token) == "function" then
    local self = new(token)
    function self.key() return token end
    -- A function may have another token by now than the one that was refused.
    function self.renewed(_, _, _, refused)
      local another, err = self.token()
      if err then return nil, err end
      return another ~= refused and another or nil
    end
    return self
  end
  if token == nil and (optional or deferred) then
    local anonymous = {}
    return {
      token = function()
        if optional then return nil end
        return nil, errors.new { kind = "auth", message = "no token", hint = "To get one, " .. HOW_TO_GET_ONE }
      end,
      key = function() return anonymous end,
    }
  end
  if token == nil then return nil, "no token: " .. HOW_TO_GET_ONE end
  local fault = fault_of(token)
  if fault then return nil, ("token is %s; %s"):format(fault, HOW_TO_GET_ONE) end
  return { token = function() return token end, key = function() return token end }
end

--- Caches the credential of the last token: consecutive requests nearly always use the same.
-- @treturn table `credential(token)` gives it; without a token it is empty
function auth.bearer()
  local latest

  local function credential(token)
    if not latest or latest.token ~= token then
      latest = { authorization = token and "Bearer " .. token, token = token, secrets = { token } }
    end
    return latest
  end

  return { credential = credential }
end

--- The developer key, with which HubSpot lets event types be managed.
-- @tparam ?string key
-- @tparam ?string user_id sent beside it
-- @treturn table `known` tells whether there is one; `credential()` gives a request's credential
function auth.developer(key, user_id)
  local function credential()
    local query = { "hapikey", key }
    if user_id then
      query[3], query[4] = "userId", user_id
    end
    return { query = query, secrets = { key } }
  end
  return { known = key ~= nil, credential = credential }
end

return auth
