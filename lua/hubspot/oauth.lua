--- OAuth: access tokens that are renewed before they end, the URL where a user installs an app, and what its code is
-- exchanged for.
-- @module hubspot.oauth

local api_version = require "hubspot.api_version"
local check = require "hubspot.check"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local number = require "hubspot.number"
local texts = require "hubspot.text"

local request = require "hubspot.request"
local send = require "hubspot.request.send"

local oauth = {}

local TOKEN_PATH = ("/oauth/%s/token"):format(api_version.DEFAULT)

-- An access token is renewed so many seconds before it ends, or a tenth of its life before it, where that is less: the
-- requests under way must still arrive.
local SECONDS_BEFORE_END = 60

-- Nobody waits longer for a sign of life from a renewal that somebody else began, and may never end: nginx drops
-- coroutines of requests that are aborted. A renewal gives one before each of its pauses.
local LONGEST_SILENCE = 30

-- A request for a token is given up so much earlier, so that it can be sent again.
local LONGEST_REQUEST = 10

-- How often to look whether another process has renewed the token.
local SHARE_INTERVAL = 0.05

local NEEDS_NEW_CONSENT = "HubSpot does not take the refresh token: the app was uninstalled, or the token belongs to "
  .. "another app. Let the user install the app again and exchange the new code"

local NEEDS_NEW_CODE = "A code is good once, for some minutes, with the redirect_uri that it was asked for with: send "
  .. "the user to the URL of oauth.authorize_url again"

local CHECK_APP = "Check client_id and client_secret: they are on the page of the app, in the developer account or "
  .. "project that it belongs to"

local ACCESS_REFUSED = "HubSpot does not accept the access token that the refresh token gave: look whether the app is "
  .. "installed in the account still, else let the user install it again"

local function callable_fields(names)
  return function(value, place)
    if type(value) ~= "table" then return nil, place .. " must be a table of functions" end
    for _, name in ipairs(names) do
      if not check.callable.check(value[name], place) then
        return nil, ("%s.%s must be a function"):format(place, name)
      end
    end
    return value
  end
end

local SETTINGS = {
  client_id = { type = check.string, required = true },
  client_secret = { type = check.string, required = true },
  refresh_token = { type = check.string, required = true },
  access_token = { type = check.string },
  expires_at = { type = check.unix_time },
  on_refresh = { type = check.callable },
  share = {
    type = {
      description = "a share such as hubspot.oauth.redis gives",
      check = callable_fields { "read", "lock", "extend", "write", "unlock" },
    },
  },
}

--- What the option `oauth` of a client takes.
oauth.settings = check.fields("a table { client_id =, client_secret =, refresh_token =, … }", SETTINGS)

local function form_fields(fields)
  local list = {}
  for _, name in ipairs(check.sorted_keys(fields)) do
    list[#list + 1] = name
    list[#list + 1] = fields[name]
  end
  return list
end

-- HubSpot's answer, checked. Its body holds tokens and goes into no error.
local function read_tokens(response)
  local answer = core.decode(response.body or "")
  if type(answer) == "table" and type(answer.access_token) == "string" and answer.access_token ~= "" then
    local lifetime = number.parse(answer.expires_in)
    answer.expires_in = lifetime and lifetime > 0 and lifetime or 1800
    answer.expires_at = os.time() + answer.expires_in
    return answer
  end
  return nil,
    errors.new {
      kind = "decode",
      status = response.status,
      message = "HubSpot's answer to a token request has no access token",
      method = "POST",
      path = TOKEN_PATH,
    }
end

local REFUSALS_OF_A_GRANT = { invalid_grant = true, BAD_REFRESH_TOKEN = true, BAD_AUTH_CODE = true }

-- What HubSpot refused: the app, or what the app shows of its user. Its answer may quote tokens.
local function refusal(err, fields)
  err.body = nil
  if err.status ~= 400 and err.status ~= 401 then return err end
  err.kind = "auth"
  local what_is_granted = fields.code and NEEDS_NEW_CODE or NEEDS_NEW_CONSENT
  err.hint = REFUSALS_OF_A_GRANT[err.category] and what_is_granted or CHECK_APP
  return err
end

-- The request for tokens that a refresh token gives. It may be repeated and changes nothing: the refresh token stays
-- what it is.
local function refresh_request(client, seconds, before_pause)
  return {
    read = true,
    idempotent = true,
    timeout = math.min(client.timeout, LONGEST_REQUEST),
    deadline = seconds,
    before_pause = before_pause,
  }
end

-- Sends a request for tokens, completed.
local function request_tokens(client, own, fields)
  local secrets = {}
  for _, name in ipairs { "client_secret", "refresh_token", "code" } do
    secrets[#secrets + 1] = fields[name]
  end
  own.method, own.path, own.query = "POST", TOKEN_PATH, {}
  own.text = core.query(form_fields(fields))
  own.headers = { ["content-type"] = "application/x-www-form-urlencoded" }
  own.operation, own.credential, own.secrets = "oauth", "none", secrets
  local response, err = send(client, request.new(own))
  if not response then return nil, refusal(err, fields) end
  return read_tokens(response)
end

-- Tokens that several processes share: one of them renews, the others take over what it got. What was stored is read
-- again behind the lock: it may have been held by one who renewed. `renew` is a function(before_pause).
local function renew_together(client, share, refused, renew, deadline)
  local lock
  while client.loop:now() < deadline and not client.closed do
    local stored, read_err = share.read()
    if read_err then
      if lock then share.unlock(lock) end
      return nil, read_err
    end
    if stored and stored.access_token ~= refused then
      if lock then share.unlock(lock) end
      return stored
    end
    if lock then
      local tokens, err = renew(function(seconds) share.extend(lock, seconds) end)
      local _, write_err
      if tokens then
        _, write_err = share.write(tokens)
      end
      share.unlock(lock)
      if write_err then return nil, write_err end
      return tokens, err
    end
    local lock_err
    lock, lock_err = share.lock(deadline - client.loop:now())
    if lock_err then return nil, lock_err end
    if not lock then client:pause(SHARE_INTERVAL) end
  end
  if lock then share.unlock(lock) end
  return nil,
    errors.new {
      kind = "timeout",
      message = "another process holds the renewal of the access token, and " .. "did not end within the deadline",
      sent = false,
    }
end

local function renew_in(lifetime) return lifetime - math.min(SECONDS_BEFORE_END, lifetime / 10) end

--- The source of a client's tokens.
-- @tparam table settings as `oauth.settings` checked them
-- @treturn table as `auth.new` gives it
function oauth.source(settings)
  local access_token, refresh_token = settings.access_token, settings.refresh_token
  local renew_at -- on the loop's clock; nil as long as the end of the token is unknown
  local flight -- the renewal under way
  local source = { refused_hint = ACCESS_REFUSED }

  -- What was given tells its end by the time of day; the loop's clock, which nobody sets, is asked only now and then.
  local function note_given_end(now)
    if not settings.expires_at then return end
    local left = settings.expires_at - os.time()
    renew_at = now + math.max(0, left - SECONDS_BEFORE_END)
    settings.expires_at = nil
  end

  local function is_good(now) return access_token ~= nil and (renew_at == nil or now < renew_at) end

  -- Asks HubSpot, in the name of `mine`.
  local function request_refresh(client, mine, before_pause)
    local began = client.loop:now()
    local own = refresh_request(client, mine.deadline - began, function(seconds)
      mine.silent_until = client.loop:now() + seconds + LONGEST_SILENCE
      if before_pause then before_pause(seconds) end
    end)
    local tokens, err = request_tokens(client, own, {
      grant_type = "refresh_token",
      client_id = settings.client_id,
      client_secret = settings.client_secret,
      refresh_token = refresh_token,
    })
    -- Its life began before its answer came here.
    if tokens then tokens.renew_in = math.max(0, renew_in(tokens.expires_in) - (client.loop:now() - began)) end
    mine.was_short_of_time = own.state.was_short_of_time
    return tokens, err
  end

  local function get_tokens(client, mine, refused)
    if not settings.share then return request_refresh(client, mine) end
    return renew_together(
      client,
      settings.share,
      refused,
      function(before_pause) return request_refresh(client, mine, before_pause) end,
      mine.deadline
    )
  end

  local function adopt(tokens, now)
    access_token = tokens.access_token
    refresh_token = tokens.refresh_token or refresh_token
    renew_at = now + tokens.renew_in
  end

  local function end_flight(mine, err)
    if flight == mine then flight = nil end
    mine.err = err
    for waiter in pairs(mine.waiters) do
      waiter:wake()
    end
  end

  -- Renews on behalf of all who wait.
  local function fly(client, refused, deadline)
    local mine = { waiters = {}, deadline = deadline, silent_until = client.loop:now() + LONGEST_SILENCE }
    flight = mine
    local tokens, err = get_tokens(client, mine, refused)
    if tokens then adopt(tokens, client.loop:now()) end
    end_flight(mine, err)
    if not tokens then return nil, err end
    -- Those of another process are its to store.
    if settings.on_refresh and tokens.expires_at then
      settings.on_refresh {
        access_token = access_token,
        refresh_token = refresh_token,
        expires_at = tokens.expires_at,
        expires_in = tokens.expires_in,
      }
    end
    return tokens.access_token
  end

  -- Whether somebody with more time may do better than a renewal that failed.
  local function may_do_better(failed, now, deadline)
    local err = failed.err
    if err.kind == "timeout" or err.kind == "cancelled" then return true end
    return failed.was_short_of_time and deadline > failed.deadline and (err.retry_after or 0) < deadline - now
  end

  -- The error of a renewal that somebody else made, or nil where one's own attempt may do better.
  local function await_flight(client, deadline)
    local awaited, waiter = flight, client.loop:waiter()
    awaited.waiters[waiter] = true
    client:wait(waiter, math.min(awaited.silent_until, deadline) - client.loop:now())
    awaited.waiters[waiter] = nil
    local now = client.loop:now()
    if flight == awaited and now >= awaited.silent_until then flight = nil end
    if awaited.err and not may_do_better(awaited, now, deadline) then return errors.copy(awaited.err) end
  end

  --- The access token, renewed where it is due.
  -- @tparam client client that wants it
  -- @tparam number deadline on its loop's clock
  -- @tparam[opt] string refused a token that HubSpot does not take any more
  -- @treturn ?string nil and an error
  function source.token(client, deadline, refused)
    while true do
      local now = client.loop:now()
      note_given_end(now)
      if is_good(now) and access_token ~= refused then return access_token end
      if client.closed then return nil, errors.new { kind = "cancelled", message = "the client is closed" } end
      if now >= deadline then
        return nil,
          errors.new {
            kind = "timeout",
            sent = false,
            message = "the access token was not renewed within the deadline",
          }
      end
      if not flight then return fly(client, refused or access_token, deadline) end
      local err = await_flight(client, deadline)
      if err then return nil, err end
    end
  end

  --- What stands for the token's quota, however often it is renewed.
  function source.key() return settings.refresh_token end

  --- Another token than the one that HubSpot refused, or nil and an error.
  function source.renewed(client, deadline, refused) return source.token(client, deadline, refused) end

  return source
end

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

-- What asks for the first tokens has none to show.
local function no_token() return nil, "it is being asked for" end

--- Exchanges the code that HubSpot sent a user back with for tokens. A code is good once.
-- @tparam table options `client_id`, `client_secret`, `redirect_uri` (the same as in the URL), `code`, and what
--   `hubspot.new` takes of `base_url`, `loop`, `transport`, `timeout`, `deadline`, `proxy`, `ca_file`, …
-- @treturn ?table `access_token`, `refresh_token`, `expires_at` (seconds since 1970), `expires_in` (seconds), which
--   the option `oauth` of `hubspot.new` takes besides the app's id and secret, and `hub_id`; or nil and an error
-- @raise when an option is wrong, unknown or missing
function oauth.exchange_code(options)
  if type(options) ~= "table" then error("hubspot: oauth.exchange_code: takes a table of options", 2) end
  local own, client_options = {}, { limiter = false, token = no_token }
  for name, value in pairs(options) do
    local target = EXCHANGE_OPTIONS[name] and own or client_options
    target[name] = value
  end
  local fields, message = check.options(own, EXCHANGE_OPTIONS)
  if not fields then error("hubspot: oauth.exchange_code: " .. message, 2) end
  local client, client_message = require("hubspot.client").new(client_options)
  if not client then error("hubspot: oauth.exchange_code: " .. client_message, 2) end
  fields.grant_type = "authorization_code"
  local tokens, err = request_tokens(client, { read = false, idempotent = false }, fields)
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

return oauth
