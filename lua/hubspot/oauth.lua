--- OAuth: the URL where a user installs an app, and the exchange of its code for tokens. The option `oauth` of a client
-- keeps its access tokens renewed.
-- @module hubspot.oauth

local check = require "hubspot.check"
local clients = require "hubspot.client"
local core = require "hubspot.core"
local texts = require "hubspot.text"
local token_request = require "hubspot.oauth.token_request"
local token_status = require "hubspot.oauth.token_status"

local oauth = {}

local URL_OPTIONS = {
  client_id = { type = check.string, required = true },
  redirect_uri = { type = check.string, required = true },
  scopes = { type = check.names, required = true },
  optional_scopes = { type = check.names },
  state = { type = check.string },
  base_url = { type = check.string },
}

--- The URL to which a user is sent to install an app.
-- @tparam table options
-- @tparam string options.client_id
-- @tparam string options.redirect_uri where HubSpot sends the user back, with `code` (and `state`) in the query
-- @tparam table options.scopes list of names
-- @tparam[opt] table options.optional_scopes asked for where the account has them
-- @tparam[opt] string options.state comes back untouched: compare it, so that nobody can bring in a code of their own
-- @tparam[opt="https://app.hubspot.com"] string options.base_url
-- @treturn string
-- @raise when an option is wrong, unknown or missing
function oauth.authorize_url(options)
  if type(options) ~= "table" then error("hubspot: oauth.authorize_url: takes a table of options", 2) end
  local given, message = check.options(options, URL_OPTIONS)
  if not given then error("hubspot: oauth.authorize_url: " .. message, 2) end
  local query =
    { "client_id", given.client_id, "redirect_uri", given.redirect_uri, "scope", table.concat(given.scopes, " ") }
  if given.optional_scopes then
    query[#query + 1] = "optional_scope"
    query[#query + 1] = table.concat(given.optional_scopes, " ")
  end
  if given.state then
    query[#query + 1] = "state"
    query[#query + 1] = given.state
  end
  local site = texts.without_ending(given.base_url or "https://app.hubspot.com", "/")
  return site .. "/oauth/authorize?" .. core.query(query)
end

local EXCHANGE_OPTIONS = {
  client_id = { type = check.string, required = true },
  client_secret = { type = check.string, required = true },
  redirect_uri = { type = check.string, required = true },
  code = { type = check.string, required = true },
  code_verifier = { type = check.string },
}

-- The requests of these functions have no credential but those in their bodies.
local function no_token() return nil, "it is being asked for" end

-- The client for one request, and the function's own options; or nil and a message.
local function client_for(options, known)
  if type(options) ~= "table" then return nil, "takes a table of options" end
  local own, client_options = {}, { limiter = false, token = no_token }
  for key, value in pairs(options) do
    local target = known[key] and own or client_options
    target[key] = value
  end
  local fields, message = check.options(own, known)
  if not fields then return nil, message end
  local client, client_message = clients.new(client_options)
  if not client then return nil, client_message end
  return client, fields
end

--- Exchanges the code that HubSpot sent a user back with for tokens. A code is good once.
-- @tparam table options `client_id`, `client_secret`, `redirect_uri` (the same as in the URL), `code`, and what
--   `hubspot.new` takes of `base_url`, `loop`, `transport`, `timeout`, `deadline`, `proxy`, `ca_file`, …
-- @treturn ?table `access_token`, `refresh_token`, `expires_at` (seconds since 1970), `expires_in` (seconds), which
--   the option `oauth` of `hubspot.new` takes besides the app's id and secret, and `hub_id`; or nil and an error
-- @raise when an option is wrong, unknown or missing
function oauth.exchange_code(options)
  local client, fields = client_for(options, EXCHANGE_OPTIONS)
  if not client then error("hubspot: oauth.exchange_code: " .. fields, 2) end
  fields.grant_type = "authorization_code"
  local tokens, err = token_request.send(client, token_request.exchange(), fields)
  client:close()
  if not tokens then return nil, err end
  return {
    access_token = tokens.access_token,
    refresh_token = tokens.refresh_token,
    expires_at = tokens.expires_at,
    expires_in = tokens.expires_in,
    hub_id = tokens.hub_id,
  }
end

local TOKEN_OPTIONS = {
  client_id = { type = check.string, required = true },
  client_secret = { type = check.string, required = true },
  token = { type = check.string, required = true },
  token_type = { type = check.one_of { "access_token", "refresh_token" } },
}

local function about_token(client, given, ask)
  local answer, err = ask(client, { operation = "oauth" }, {
    client_id = given.client_id,
    client_secret = given.client_secret,
    token = given.token,
    token_type_hint = given.token_type,
  })
  client:close()
  if not answer then return nil, err end
  return answer
end

--- Asks HubSpot whether a token is good still, and for its account, user, app and scopes.
-- @tparam table options `client_id`, `client_secret`, `token`, `token_type` ("access_token" or "refresh_token"), and
--   what `hubspot.new` takes, as `oauth.exchange_code` does
-- @treturn ?table `active`, and where that is true `hub_id`, `user_id`, `app_id`, `scopes`, `expires_in` (seconds) and
--   what else HubSpot says; or nil and an error
-- @raise when an option is wrong, unknown or missing
function oauth.introspect(options)
  local client, given = client_for(options, TOKEN_OPTIONS)
  if not client then error("hubspot: oauth.introspect: " .. given, 2) end
  return about_token(client, given, token_status.introspect)
end

--- Ends a token: a refresh token takes the account's access with it, until a user installs the app again.
-- @tparam table options as `oauth.introspect` takes them
-- @treturn ?boolean true; or nil and an error
-- @raise when an option is wrong, unknown or missing
function oauth.revoke(options)
  local client, given = client_for(options, TOKEN_OPTIONS)
  if not client then error("hubspot: oauth.revoke: " .. given, 2) end
  return about_token(client, given, token_status.revoke)
end

return oauth
