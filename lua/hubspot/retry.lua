--- Decides whether a failed request is retried, and after which backoff.
-- @module hubspot.retry

local core = require "hubspot.core"

local retry = {}

local DEFAULTS = { max_attempts = 5, base_delay = 0.5, max_delay = 20 }

local DEFAULT_BUDGET = 50

-- The cost of a retry. A success without one earns one, and a success after some earns the cost of the last: there are
-- many retries for requests that fail now and then, and few in an outage.
local COST = 10

-- The backoff of HubSpot's own clients after a 429 that names none.
local POLICY_DELAYS = { TEN_SECONDLY_ROLLING = 10, SECONDLY = 1 }

-- Answers that refuse a request without carrying it out: any request may follow them again.
local REFUSALS = { [423] = true, [429] = true, [477] = true }

-- Statuses after which the request may have been carried out.
local AMBIGUOUS = {
  [500] = true,
  [502] = true,
  [503] = true,
  [504] = true,
  [520] = true,
  [521] = true,
  [522] = true,
  [523] = true,
  [524] = true,
  [525] = true,
  [526] = true,
}

local LOCKED_RECORD_DELAY = 2

-- A limiter's bucket is closed no longer: an answer that says more is about one request, or odd, and the next refusal
-- closes the bucket again.
local LONGEST_CLOSING = 60

local NOT_IN_TIME = "HubSpot asks for %.0f s of rest, which end after the call's deadline: make the call again then, "
  .. "or pass a longer deadline, in seconds"

local NO_BUDGET = "It was not sent again, since too many requests failed lately, as in an outage: make the call again "
  .. "later. The option retry.budget of hubspot.new tells how many repeats such failures may cost"

--- The obstacle where no time is left.
retry.NO_TIME = "The call's deadline leaves no time for another attempt: pass a longer deadline, in seconds"

--- Settings, or false: those given, else those of `base`, which are settings already, else the defaults.
function retry.settings(given, base)
  if given == nil and base ~= nil then return base end
  if given == false then return false end
  local settings = {}
  for name, default in pairs(DEFAULTS) do
    settings[name] = given and given[name] or base and base[name] or default
  end
  return settings
end

--- The budget of a client's retries, so that all its calls together do not hammer a server that is down.
-- @tparam ?integer capacity repeats that failures may cost when none of late succeeded
-- @treturn table `take()`, which returns false where nothing is left, and `earn(repeated)`, to be called when a
--   request was answered, with whether it had to be repeated
function retry.budget(capacity)
  capacity = capacity or DEFAULT_BUDGET
  local largest = capacity * COST
  local left = largest

  local function take()
    if left < COST then return false end
    left = left - COST
    return true
  end

  local function earn(repeated) left = math.min(largest, left + (repeated and COST or 1)) end

  return { take = take, earn = earn }
end

--- Returns whether the failed request was certainly not carried out.
function retry.certainly_not_done(err)
  if not err.status then return err.sent == false end
  return err.status < 500
end

local function may_repeat(err, safe)
  if err.kind == "cancelled" or err.kind == "decode" or err.policy_name == "DAILY" then return false end
  if not err.status then return err.kind ~= "auth" and (safe or err.sent == false) end
  return REFUSALS[err.status] or (AMBIGUOUS[err.status] and safe)
end

-- Full jitter: clients that failed together do not come back together.
local function backoff(settings, attempt)
  return core.random() * math.min(settings.max_delay, settings.base_delay * 2 ^ (attempt - 1))
end

-- Seconds that HubSpot wants to be left alone for, or nil when it does not say.
local function wanted_delay(err)
  return err.retry_after
    or (err.status == 429 and POLICY_DELAYS[err.policy_name])
    or (err.status == 423 and LOCKED_RECORD_DELAY)
    or nil
end

--- Seconds for which a refusal closes the bucket of its limiter.
-- @tparam table err
-- @treturn number
function retry.closing_time(err) return math.min(wanted_delay(err) or 1, LONGEST_CLOSING) end

--- Seconds to wait before the next attempt, or nil when there is to be none.
-- @tparam table|boolean settings from `retry.settings`
-- @tparam table err the error of the attempt
-- @tparam integer attempt how many were made
-- @tparam boolean safe whether to send the request again can't do it twice
-- @tparam number time_left seconds until the call's deadline
-- @tparam table budget from `retry.budget`; refusals, which only a server that works gives, cost nothing
-- @treturn ?number
-- @treturn ?string what forbids the repeat that the error would allow, and what to do
function retry.delay(settings, err, attempt, safe, time_left, budget)
  if not settings or attempt >= settings.max_attempts or not may_repeat(err, safe) then return nil end
  local wanted = wanted_delay(err)
  local delay = (wanted or 0) + backoff(settings, attempt)
  if wanted and wanted >= time_left then return nil, NOT_IN_TIME:format(wanted) end
  if delay >= time_left then return nil, retry.NO_TIME end
  if not REFUSALS[err.status] and not budget.take() then return nil, NO_BUDGET end
  return delay
end

--- Returns whether an obstacle from `retry.delay` is that there is too little time.
-- @tparam ?string obstacle
-- @treturn boolean
function retry.is_want_of_time(obstacle) return obstacle ~= nil and obstacle ~= NO_BUDGET end

return retry
