-- The tokens of a client with the option `oauth`: they are renewed before they expire.

local errors = require "hubspot.error"
local renew_together = require "hubspot.oauth.renew_together"
local token_request = require "hubspot.oauth.token_request"

-- Seconds before its end at which an access token is renewed, or a tenth of its life, where that is less: the requests
-- in flight must still arrive.
local SECONDS_BEFORE_END = 60

-- Seconds that a caller waits for a sign of life from another one's renewal, which may never end: nginx drops
-- coroutines of requests that are aborted. A renewal gives one before each of its pauses.
local LONGEST_SILENCE = 30

local ACCESS_REFUSED = "HubSpot does not accept the access token that the refresh token gave: look whether the app is "
  .. "installed in the account still, else let the user install it again"

local methods = {}
local metatable = { __name = "hubspot.oauth.TokenSource", __index = methods }

-- By source, so that no table which a user may print holds them: `client_id`, `client_secret`, `refresh_token`,
-- `access_token`.
local secrets_of = setmetatable({}, { __mode = "k" })

-- A renewal in flight: `waiters` for its end, its `deadline`, `silent_until`, the moment at which it counts as dropped,
-- and, once it has failed, `err` and `was_short_of_time`.
local function new_renewal(client, deadline)
  return { waiters = {}, deadline = deadline, silent_until = client.loop:now() + LONGEST_SILENCE }
end

local function end_renewal(self, renewal, err)
  if self.renewal == renewal then self.renewal = nil end
  renewal.err = err
  for waiter in pairs(renewal.waiters) do
    waiter:wake()
  end
end

-- Given tokens have their end by the time of day; the loop's clock, which is never set, is compared only now and then.
local function note_given_end(self, now)
  if not self.given_end then return end
  self.renew_at = now + math.max(0, self.given_end - os.time() - SECONDS_BEFORE_END)
  self.given_end = nil
end

local function is_good(self, now)
  return secrets_of[self].access_token ~= nil and (self.renew_at == nil or now < self.renew_at)
end

local function seconds_to_renewal(lifetime) return lifetime - math.min(SECONDS_BEFORE_END, lifetime / 10) end

-- Asks HubSpot, for a renewal.
local function request_refresh(self, client, renewal, before_pause)
  local began, secrets = client.loop:now(), secrets_of[self]
  local own = token_request.refresh(client, renewal.deadline - began, function(seconds)
    renewal.silent_until = client.loop:now() + seconds + LONGEST_SILENCE
    if before_pause then before_pause(seconds) end
  end)
  local tokens, err = token_request.send(client, own, {
    grant_type = "refresh_token",
    client_id = secrets.client_id,
    client_secret = secrets.client_secret,
    refresh_token = secrets.refresh_token,
  })
  -- Its life began before its answer arrived.
  if tokens then tokens.renew_in = math.max(0, seconds_to_renewal(tokens.expires_in) - (client.loop:now() - began)) end
  renewal.was_short_of_time = own.state.was_short_of_time
  return tokens, err
end

local function get_tokens(self, client, renewal, refused)
  if not self.share then return request_refresh(self, client, renewal) end
  return renew_together(
    client,
    self.share,
    refused,
    function(before_pause) return request_refresh(self, client, renewal, before_pause) end,
    renewal.deadline
  )
end

local function adopt(self, tokens, now)
  local secrets = secrets_of[self]
  secrets.access_token = tokens.access_token
  secrets.refresh_token = tokens.refresh_token or secrets.refresh_token
  self.renew_at = now + tokens.renew_in
end

-- Renews on behalf of all waiters. Returns the access token, or nil and an error.
local function renew(self, client, refused, deadline)
  local renewal = new_renewal(client, deadline)
  self.renewal = renewal
  local tokens, err = get_tokens(self, client, renewal, refused)
  if tokens then adopt(self, tokens, client.loop:now()) end
  end_renewal(self, renewal, err)
  if not tokens then return nil, err end
  -- Tokens of another process are stored by that process.
  if self.on_refresh and tokens.expires_at then
    self.on_refresh {
      access_token = tokens.access_token,
      refresh_token = secrets_of[self].refresh_token,
      expires_at = tokens.expires_at,
      expires_in = tokens.expires_in,
    }
  end
  return tokens.access_token
end

-- Returns whether a caller with more time may do better than a renewal that failed.
local function may_do_better(renewal, now, deadline)
  local err = renewal.err
  if err.kind == "timeout" or err.kind == "cancelled" then return true end
  return renewal.was_short_of_time and deadline > renewal.deadline and (err.retry_after or 0) < deadline - now
end

-- Waits for another caller's renewal. Returns its error, or nil where one's own attempt may do better.
local function await_renewal(self, client, deadline)
  local awaited, waiter = self.renewal, client.loop:waiter()
  awaited.waiters[waiter] = true
  client:wait(waiter, math.min(awaited.silent_until, deadline) - client.loop:now())
  awaited.waiters[waiter] = nil
  local now = client.loop:now()
  if self.renewal == awaited and now >= awaited.silent_until then self.renewal = nil end
  if awaited.err and not may_do_better(awaited, now, deadline) then return errors.copy(awaited.err) end
end

local function late_error()
  return errors.new {
    kind = "timeout",
    sent = false,
    message = "the access token was not renewed within the deadline",
  }
end

--- The access token, renewed where it is due.
-- @tparam client client that wants it
-- @tparam number deadline on its loop's clock
-- @tparam[opt] string refused a token that HubSpot does not take any more
-- @treturn ?string nil and an error
function methods:token(client, deadline, refused)
  while true do
    local now = client.loop:now()
    note_given_end(self, now)
    local access_token = secrets_of[self].access_token
    if is_good(self, now) and access_token ~= refused then return access_token end
    if client.closed then return nil, errors.new { kind = "cancelled", message = "the client is closed" } end
    if now >= deadline then return nil, late_error() end
    if not self.renewal then return renew(self, client, refused or access_token, deadline) end
    local err = await_renewal(self, client, deadline)
    if err then return nil, err end
  end
end

--- The key of the token's quota, the same after each renewal.
function methods:key() return secrets_of[self].key end

--- The app's `client_id` and `client_secret`.
function methods:app()
  local secrets = secrets_of[self]
  return { client_id = secrets.client_id, client_secret = secrets.client_secret }
end

--- Another token than the one that HubSpot refused, or nil and an error.
methods.renewed = methods.token

local token_source = {}

--- Makes a source.
-- @tparam table settings as `hubspot.oauth.settings` checked them
-- @treturn table as `hubspot.auth` makes one
function token_source.new(settings)
  local self = setmetatable({
    refused_hint = ACCESS_REFUSED,
    share = settings.share,
    on_refresh = settings.on_refresh,
    given_end = settings.expires_at,
    renew_at = nil, -- on the loop's clock; nil as long as the end of the token is unknown
    renewal = nil, -- in flight
  }, metatable)
  secrets_of[self] = {
    client_id = settings.client_id,
    client_secret = settings.client_secret,
    access_token = settings.access_token,
    refresh_token = settings.refresh_token,
    key = settings.refresh_token,
  }
  return self
end

return token_source
