--- Whether a failed request is sent again, and after how long.
-- @module hubspot.retry

local retry = {}

local DEFAULTS = { max_attempts = 5, base_delay = 0.5, max_delay = 20 }

-- What HubSpot's own clients wait where a 429 does not say how long.
local POLICY_DELAYS = { TEN_SECONDLY_ROLLING = 10, SECONDLY = 1 }

-- Answers that refuse a request without carrying it out: any request may follow them again.
local REFUSALS = { [423] = true, [429] = true, [477] = true }

-- Answers behind which the request may have been carried out.
local AMBIGUOUS = { [500] = true, [502] = true, [503] = true, [504] = true, [520] = true, [521] = true, [522] = true,
  [523] = true, [524] = true, [525] = true, [526] = true }

local LOCKED_RECORD_DELAY = 2

--- Settings, or false: those given, else those of `base`, else the defaults.
function retry.settings(given, base)
  if given == nil then given = base end
  if given == false then return false end
  local settings = {}
  for name, default in pairs(DEFAULTS) do
    settings[name] = given and given[name] or base and base[name] or default
  end
  return settings
end

--- Whether the request behind an error was certainly not carried out.
function retry.certainly_not_done(err)
  if not err.status then return err.sent == false end
  return err.status < 500
end

local function may_repeat(err, request)
  if err.kind == "cancelled" or err.kind == "decode" then return false end
  if not err.status then return err.sent == false or (request.idempotent and err.kind ~= "auth") end
  if err.policy_name == "DAILY" then return false end
  return REFUSALS[err.status] or (AMBIGUOUS[err.status] and request.idempotent) or false
end

-- Full jitter: clients that failed together do not come back together.
local function backoff(settings, attempt)
  local ceiling = math.min(settings.max_delay, settings.base_delay * 2 ^ (attempt - 1))
  return math.random() * ceiling
end

--- Seconds that HubSpot wants to be left alone for, or nil when it does not say.
-- @tparam table err
-- @treturn ?number
function retry.refusal_delay(err)
  return err.retry_after or (err.status == 429 and POLICY_DELAYS[err.policy_name]) or nil
end

--- Seconds to wait before the next attempt, or nil when there is to be none.
-- @tparam table|boolean settings from `retry.settings`
-- @tparam table err the error of the attempt
-- @tparam table request `idempotent` says whether it may be carried out twice
-- @tparam integer attempt how many were made
-- @treturn ?number
function retry.delay(settings, err, request, attempt)
  if not settings or attempt >= settings.max_attempts or not may_repeat(err, request) then return nil end
  local wanted = retry.refusal_delay(err)
  if wanted then return wanted + math.random() * 0.1 end
  local delay = backoff(settings, attempt)
  return err.status == 423 and math.max(delay, LOCKED_RECORD_DELAY) or delay
end

return retry
