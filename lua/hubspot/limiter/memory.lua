--- A limiter in this process: sends no more than HubSpot's quota takes.
-- A limiter is a table of `acquire(bucket)`, which takes a permit and returns 0, or returns the seconds to wait
-- before asking again; `observe(bucket, headers)`, which learns from an answer; and `refused(bucket, seconds)`,
-- which closes a bucket after a 429. It knows nothing of loops: who asks is who waits.
-- @module hubspot.limiter.memory

local core = require "hubspot.core"

local memory = {}

-- The smallest quota that HubSpot sells, until an answer tells the account's own. HubSpot counts search apart,
-- and its answers carry no headers to learn from.
local QUOTAS = {
  general = { limit = 100, interval = 10 },
  search = { limit = 5, interval = 1 },
}

-- HubSpot counts when a request arrives, this limiter when it leaves: requests that a slow connection delays meet
-- later ones, and the window must be a little longer than HubSpot's.
local WINDOW_MARGIN = 1.02

local function new_bucket(quota)
  return { limit = quota.limit, interval = quota.interval, times = {}, first = 1, last = 0, closed_until = 0 }
end

local function forget_before(bucket, moment)
  while bucket.first <= bucket.last and bucket.times[bucket.first] <= moment do
    bucket.times[bucket.first] = nil
    bucket.first = bucket.first + 1
  end
end

local function acquire(bucket, now)
  if now < bucket.closed_until then return bucket.closed_until - now end
  local window = bucket.interval * WINDOW_MARGIN
  forget_before(bucket, now - window)
  if bucket.last - bucket.first + 1 >= bucket.limit then
    return bucket.times[bucket.last - bucket.limit + 1] + window - now
  end
  bucket.last = bucket.last + 1
  bucket.times[bucket.last] = now
  return 0
end

--- Makes a limiter with buckets of its own.
-- @tparam[opt=core.now] function clock seconds, monotonic
-- @treturn limiter
function memory.new(clock)
  clock = clock or core.now
  local buckets = {}
  for name, quota in pairs(QUOTAS) do buckets[name] = new_bucket(quota) end
  local limiter = {}

  function limiter.acquire(name)
    return acquire(buckets[name], clock())
  end

  function limiter.observe(name, headers)
    local limit = tonumber(headers["x-hubspot-ratelimit-max"])
    local interval = tonumber(headers["x-hubspot-ratelimit-interval-milliseconds"])
    if limit and limit >= 1 then buckets[name].limit = limit end
    if interval and interval > 0 then buckets[name].interval = interval / 1000 end
  end

  function limiter.refused(name, seconds)
    local bucket = buckets[name]
    bucket.closed_until = math.max(bucket.closed_until, clock() + seconds)
  end

  return limiter
end

-- Clients with the same token draw on one quota, so they share its buckets while any of them lives.
local shared = setmetatable({}, { __mode = "v" })

--- The limiter of a token in this process.
-- @param key the token, or what stands for it
-- @treturn limiter
function memory.shared(key)
  local limiter = shared[key]
  if not limiter then
    limiter = memory.new()
    shared[key] = limiter
  end
  return limiter
end

return memory
