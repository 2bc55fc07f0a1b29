--- HubSpot's rate limits: what counts, what is refused, and the headers that tell.
local reply = require "hubspot.sandbox.reply"

local quota = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.Quota", __index = methods }

local DAY_SECONDS = 86400
local DAILY_LIMIT = 1000000
local SHOWN = { limit = 190, seconds = 10 }
local SHOWN_OF_SEARCH = { limit = 5, seconds = 1 }
local LARGEST, LONGEST = 1e9, 7 * 86400

local function policy_of(seconds)
  if seconds >= DAY_SECONDS then
    return "DAILY"
  elseif seconds <= 1 then
    return "SECONDLY"
  end
  return "TEN_SECONDLY_ROLLING"
end

--- The problem of a quota, named `name`, or nil.
function quota.problem(name, spec)
  local limit, seconds = spec.limit, spec.seconds
  local is_right = type(limit) == "number"
    and type(seconds) == "number"
    and limit >= 1
    and limit <= LARGEST
    and seconds > 0
    and seconds <= LONGEST
  return not is_right and name .. " must have a limit and seconds" or nil
end

--- The problem of what `change` is given, or nil.
function quota.change_problem(given)
  if type(given) ~= "table" then return "quotas must be a table" end
  for name, spec in pairs(given) do
    if name ~= "general" and name ~= "search" then return "unknown quota " .. tostring(name) end
    if spec ~= false and type(spec) ~= "table" then return name .. " must be a table or false" end
    local problem = spec and quota.problem(name, spec)
    if problem then return problem end
  end
  return nil
end

-- The moments of what was let through in the last `seconds`, as a queue.
local function new_window(spec, enforced)
  return {
    limit = spec.limit,
    span = spec.seconds * 1000,
    policy = policy_of(spec.seconds),
    enforced = enforced,
    moments = {},
    first = 1,
    last = 0,
    refused = 0,
  }
end

local function expire(window, now)
  while window.first <= window.last and window.moments[window.first] <= now - window.span do
    window.moments[window.first] = nil
    window.first = window.first + 1
  end
end

local function used(window) return window.last - window.first + 1 end

--- `general` and `search` are `{ limit=, seconds= }` or nil: then nothing is refused, and the headers speak of
-- HubSpot's usual 190 in 10 seconds.
function quota.new(general, search)
  return setmetatable({
    general = new_window(general or SHOWN, general ~= nil),
    search = new_window(search or SHOWN_OF_SEARCH, search ~= nil),
    day = nil,
    day_count = 0,
  }, metatable)
end

--- The 429 of a policy.
function quota.refusal(policy, retry_after)
  local answer = reply.problem(429, "You have reached your " .. policy:lower() .. " limit.", {
    errorType = "RATE_LIMIT",
    category = "RATE_LIMITS",
    policyName = policy,
  })
  if retry_after then answer.headers["retry-after"] = tostring(retry_after) end
  return answer
end

local function count(window, now)
  expire(window, now)
  if window.enforced and used(window) >= window.limit then
    window.refused = window.refused + 1
    return quota.refusal(window.policy)
  end
  window.last = window.last + 1
  window.moments[window.last] = now
  return nil
end

--- Counts a request in the bucket "general", "search", or "exempt", which only the day limits. Gives the 429 where the
-- quota is used up.
function methods:count(bucket, now)
  local day = math.floor(now / (DAY_SECONDS * 1000))
  if self.day ~= day then
    self.day, self.day_count = day, 0
  end
  self.day_count = self.day_count + 1
  if bucket == "exempt" then return nil end
  if bucket == "search" then return count(self.search, now) end
  return count(self.general, now)
end

-- Changes what a window lets through; what it let through stays.
local function change(window, spec, shown)
  local is_given = spec ~= false
  local changed = new_window(is_given and spec or shown, is_given)
  changed.moments, changed.first, changed.last, changed.refused =
    window.moments, window.first, window.last, window.refused
  return changed
end

--- Changes the quotas `general` and `search`, where they are given: `{ limit=, seconds= }`, or false for none.
function methods:change(given)
  if given.general ~= nil then self.general = change(self.general, given.general, SHOWN) end
  if given.search ~= nil then self.search = change(self.search, given.search, SHOWN_OF_SEARCH) end
end

local function window_state(window, now)
  expire(window, now)
  return {
    limit = window.limit,
    seconds = window.span / 1000,
    used = used(window),
    refused = window.refused,
    enforced = window.enforced,
    policy = window.policy,
  }
end

--- The buckets now, and what the day has.
function methods:state(now)
  return {
    general = window_state(self.general, now),
    search = window_state(self.search, now),
    daily = { limit = DAILY_LIMIT, used = self.day_count },
  }
end

--- The headers of an answer of the general bucket.
function methods:set_headers(headers, now, is_oauth)
  local window = self.general
  expire(window, now)
  local left = math.max(0, window.limit - used(window))
  local daily, daily_left = DAILY_LIMIT, math.max(0, DAILY_LIMIT - self.day_count)
  if window.policy == "DAILY" then
    daily, daily_left = window.limit, left
  end
  -- Apps with OAuth have no daily limit.
  if not is_oauth then
    headers["x-hubspot-ratelimit-daily"] = string.format("%d", daily)
    headers["x-hubspot-ratelimit-daily-remaining"] = string.format("%d", daily_left)
  end
  if window.policy ~= "DAILY" then
    headers["x-hubspot-ratelimit-interval-milliseconds"] = string.format("%.0f", window.span)
    headers["x-hubspot-ratelimit-max"] = string.format("%d", window.limit)
    headers["x-hubspot-ratelimit-remaining"] = string.format("%d", left)
    -- HubSpot still sends these two, and enforces them no longer.
    local secondly = string.format("%d", math.max(1, math.floor(window.limit * 1000 / window.span)))
    headers["x-hubspot-ratelimit-secondly"] = secondly
    headers["x-hubspot-ratelimit-secondly-remaining"] = secondly
  end
end

return quota
