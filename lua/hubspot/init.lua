--- HubSpot for Lua.
-- `hubspot.new{ token = … }` gives a client; its resources (`client.contacts`, `client.lists`,
-- `client.properties`) hold the methods.
-- @module hubspot

local check = require "hubspot.check"
local client = require "hubspot.client"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local version = require "hubspot.version"

local hubspot = {
  _VERSION = "hubspot " .. version,

  --- JSON null, the same value as `cjson.null`.
  null = core.null,
}

-- Throws where a function of this module was called with a colon, which passes the module first.
local function needs_dot(first, call)
  if first == hubspot then error(("hubspot: call it with a dot: hubspot.%s"):format(call), 3) end
end

--- Marks a table as a JSON array, so that an empty one is sent as `[]`.
-- @tparam[opt] table t the table to mark; a fresh one when left out
-- @treturn table `t`
function hubspot.array(t)
  needs_dot(t, "array(t)")
  return core.array(t)
end

-- From here on numbers are milliseconds: as seconds they would be of after the year 5000.
local LARGEST_SECONDS = 10 ^ 11

--- The time that HubSpot takes, in milliseconds since 1970, for options such as `since`, for events, and for properties
-- of the type datetime.
-- @tparam number seconds since 1970, such as `os.time()` gives, or with a fraction
-- @treturn integer
-- @raise when it is no number, negative, or in milliseconds already
function hubspot.time(seconds)
  needs_dot(seconds, "time(seconds)")
  if type(seconds) ~= "number" or not (seconds >= 0 and seconds < math.huge) then
    error("hubspot.time: seconds must be a number such as os.time() gives, got " .. check.describe(seconds), 2)
  end
  if seconds >= LARGEST_SECONDS then
    error(
      ("hubspot.time: seconds must be seconds since 1970, got %s, which are milliseconds already"):format(
        check.describe(seconds)
      ),
      2
    )
  end
  return math.floor(seconds * 1000 + 0.5)
end

-- Lua 5.1's own interpreter and nginx show nothing of an uncaught error that is a table.
local SHOWS_ONLY_TEXT = rawget(_G, "ngx") ~= nil or (_VERSION == "Lua 5.1" and rawget(_G, "jit") == nil)

--- Works as `assert` for this library's results, on every Lua: returns a call's values, or throws its error with the
-- caller's place. Lua 5.1 and nginx show uncaught errors only as texts: there it throws the error's text.
-- @param value the first result of a call
-- @param err its second result, the error after nil
-- @param ... its other results
-- @return all of them, where `value` is neither nil nor false
-- @raise the error
function hubspot.check(value, err, ...)
  needs_dot(value, "check(value, err)")
  if value then return value, err, ... end
  if not errors.is_error(err) then error(err == nil and "hubspot.check: there is no value, and no error" or err, 2) end
  err = errors.copy(err)
  if SHOWS_ONLY_TEXT then error(tostring(err), 2) end
  errors.throw(err, 2)
end

--- Makes a client. Nothing is sent before its first call.
-- @tparam table options those that `hubspot.client_options` lists, with what each means and what it is when left out
-- @treturn client
-- @raise when an option is wrong or unknown, or token and oauth are missing
function hubspot.new(options)
  needs_dot(options, "new{ … }")
  local made, message = client.new(options)
  if not made then error("hubspot.new: " .. message, 2) end
  return made
end

--- Verifies that a request to your server comes from HubSpot: a webhook, a card, a workflow action.
--
-- A request with a signature of v3 is judged by that alone, and refused where it was made more than five minutes ago
-- or ahead. Signatures are compared in constant time.
-- @tparam table request
-- @tparam string request.client_secret of the app
-- @tparam string request.method such as `"POST"`
-- @tparam string request.url the full URL that HubSpot called, with scheme, host and query
-- @tparam table request.headers values by name, in any case
-- @tparam[opt=""] string request.body byte for byte
-- @tparam[opt] table request.versions of signatures to accept: `{ "v3" }` refuses what could be sent again at any time
-- @tparam[opt] integer|string request.now milliseconds since 1970 or ISO 8601; by default the system's time
-- @tparam[opt] table request.crypto functions `hmac_sha256(key, text)` and `sha256(text)`; by default of luaossl,
--   lua-resty-openssl or OpenResty's resty.sha256
-- @treturn ?boolean true; or nil and an error of the kind "signature", whose `reason` is `"missing_header"`,
--   `"missing_body"` (there is one by the headers, and none was passed), `"bad_header"`, `"unknown_version"`,
--   `"version_not_accepted"`, `"bad_timestamp"`, `"too_old"`, `"too_new"` or `"mismatch"`
-- @raise when an argument is wrong, unknown or missing, or no crypto library is installed
function hubspot.verify_request(request)
  needs_dot(request, "verify_request{ … }")
  -- Loaded here, since most programs have no use for it.
  local signature = require "hubspot.signature"
  local checked, message = signature.check(request)
  if not checked then error("hubspot.verify_request: " .. message, 2) end
  return signature.verify(checked)
end

return hubspot
