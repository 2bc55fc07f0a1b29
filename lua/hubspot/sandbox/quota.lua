--- HubSpot's rate limits: what counts, what is refused, and the headers that tell.
local reply = require "hubspot.sandbox.reply"

local quota = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.Quota", __index = methods }

local DAY_SECONDS = 86400
local DAILY_LIMIT = 1000000
local SHOWN = { limit = 190, seconds = 10 }

local function policy_of(seconds)
  if seconds >= DAY_SECONDS then
    return "DAILY"
  elseif seconds <= 1 then
    return "SECONDLY"
  end
  return "TEN_SECONDLY_ROLLING"
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
    search = search and new_window(search, true),
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
  if window.enforced and used(window) >= window.limit then return quota.refusal(window.policy) end
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
  if bucket == "search" then return self.search and count(self.search, now) end
  return count(self.general, now)
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
