--- The rule of all limiters: when the next request may be sent, and what answers say of the quota. A bucket holds the
-- moments of the permits that it gave, in order, with an index for each. A permit comes a whole window after the one
-- that is a quota of permits before it, so that no window of HubSpot's, wherever it begins, holds more.
--
-- Half of the quota may be sent as a burst. The rest is spread over the window: each waiting caller gets a moment of
-- its own to ask again, evenly after those of the other callers. So processes that wait for one bucket neither ask nor
-- send all at once when a window begins, and a request that is late meets few others. A place in that queue is no
-- permit: an abandoned one keeps no other caller from sending, and a caller that comes late sends at once. Where the
-- rule makes the first one wait longer than until the next one's turn, the whole queue is held up by that.
--
-- Each limiter keeps its buckets in its own way. A bucket has the fields `limit`, `interval` (seconds),
-- `closed_until`, `held` (by how much the queue was held up) and `queue_end` (the last moment given to a caller, less
-- that), and these methods:
--
--    latest()            the index of the latest permit; 0 where there is none
--    stamp(index)        its moment; nil where it is not known any more, and had no part in any window
--    claim()             an index that no other caller gets, or nil and a message
--    record(index, at)   keeps the moment of a claimed one: true; or false where the claim came to nothing; or nil and
--                        a message
--    learn(limit, interval), close(at), queue(at), hold(seconds)
--
-- @module hubspot.limiter.window

local window = {}

-- The smallest quota that HubSpot sells, until an answer tells the account's own. HubSpot counts search apart, and so
-- it does what it exempts from the quota of ten seconds, associations above all; headers in their answers, where there
-- are any, are about the general quota.
window.QUOTAS = {
  general = { limit = 100, interval = 10, learns = true },
  search = { limit = 5, interval = 1, learns = false },
  exempt = { limit = 100, interval = 10, learns = false },
}

--- Their names, in the order in which they are written.
window.NAMES = { "general", "search", "exempt" }

local EXEMPTIONS = "x-hubspot-rate-limit-exemptions"

--- Returns whether an answer says that HubSpot does not count its request in the general quota.
-- @tparam table headers by lower-case name
-- @treturn boolean
function window.is_exempt(headers)
  local exemptions = headers[EXEMPTIONS]
  return exemptions ~= nil and exemptions:find("ten-secondly", 1, true) ~= nil
end

-- HubSpot counts when a request arrives, a limiter when it leaves: requests that a slow connection delays meet later
-- ones, and the window must be a little longer than HubSpot's: by a part of it, and by some seconds. So a search may be
-- on its way for 30 milliseconds longer than the one that comes a whole quota later, another request for 165.
window.MARGIN = 1.015
window.MARGIN_SECONDS = 0.015

-- Lengthens the window over which waiting callers are spread, by the seconds that sleepers wake late, so that they
-- seldom delay others once more. More than this is taken from the quota.
window.PACE_MARGIN_SECONDS = 0.003

-- Seconds that a request without a wait may need to connect: it may arrive that much later.
window.CONNECTING = 0.2

-- The part of the quota that may be sent at once.
window.BURST = 0.5

-- Factor of the window during which a request counts as known when an answer says how many HubSpot counted: the answer
-- may be that late.
window.LATENESS = 1.1

-- HubSpot's largest quota is 250. A larger one than this, learned from an answer, is not believed.
window.LARGEST_LIMIT = 500

-- Longer windows are not worth waiting for: a day's limit would be one.
local LONGEST_INTERVAL = 60

local SHORTEST_INTERVAL = 0.001

local LONGEST_REFUSAL = 3600

-- No place in a bucket's queue is further ahead.
local LONGEST_QUEUE = 86400

-- Rounding of moments that were written as text.
local ROUNDING = 0.001

-- Seconds after which to ask again where a claim came to nothing.
local ANOTHER_TRY = 0.001

--- The moment of an event that never happened.
window.NEVER = -1e9

--- Returns the length of a window in seconds.
function window.length(bucket) return bucket.interval * window.MARGIN + window.MARGIN_SECONDS end

-- Seconds between two waiting callers.
local function pace_of(bucket) return (window.length(bucket) + window.PACE_MARGIN_SECONDS) / bucket.limit end

-- The first moment at which the permit with this index does not break the rule.
local function earliest(bucket, index, now)
  local leaving = bucket:stamp(index - bucket.limit)
  return math.max(now, bucket.closed_until, leaving and leaving + window.length(bucket) or now)
end

-- Returns the moment of a caller that is not queued yet: when half of the quota is used, after the queue and at its
-- pace. A delay of the first caller delays the whole queue, and is not added here.
local function after_queue(bucket, index, now)
  local moment = earliest(bucket, index, now)
  local half = bucket:stamp(index - math.max(1, math.floor(bucket.limit * window.BURST)))
  local is_busy = half and half + window.length(bucket) > moment
  -- A refusal tells that HubSpot counted more than this bucket: no bursts for a while.
  if not is_busy and moment >= bucket.closed_until + window.length(bucket) then return moment end
  local last_turn = bucket.queue_end + bucket.held
  if last_turn > now then return last_turn + pace_of(bucket) end
  return math.max(moment, math.max(last_turn, bucket:stamp(index - 1) or window.NEVER) + pace_of(bucket))
end

local function take(bucket, expected, now, arrival)
  local index, problem = bucket:claim()
  if not index then return nil, problem end
  -- Another process may have taken the last permit first. Then this permit is given to no caller.
  local moment = index == expected and now or earliest(bucket, index, now)
  local recorded
  recorded, problem = bucket:record(index, moment + arrival)
  if recorded == nil then return nil, problem end
  return recorded and moment <= now and 0 or math.max(ANOTHER_TRY, moment - now)
end

-- Waits until `moment`, in the queue after other callers unless there is a ticket already.
local function wait(bucket, now, moment, patience, ticket)
  local seconds = moment - now
  if seconds > patience then return seconds end
  if ticket then return seconds, ticket end
  ticket = moment - bucket.held
  bucket:queue(ticket)
  return seconds, ticket
end

local function take_after_queue(bucket, now, patience)
  local index = bucket:latest() + 1
  local moment = after_queue(bucket, index, now)
  if moment > now then return wait(bucket, now, moment, patience) end
  return take(bucket, index, now, window.CONNECTING)
end

local function take_in_turn(bucket, now, patience, ticket)
  local turn = ticket + bucket.held
  if turn > now then return wait(bucket, now, turn, patience, ticket) end
  local index = bucket:latest() + 1
  local moment = earliest(bucket, index, now)
  if moment <= now then return take(bucket, index, now, 0) end
  -- Shorter delays are over before the next turn. Held up by them, the queue would lose the time for good.
  if moment - now > pace_of(bucket) then bucket:hold(moment - now) end
  return wait(bucket, now, moment, patience, ticket)
end

--- Takes a permit.
-- @tparam table bucket
-- @tparam number now
-- @tparam[opt] number patience seconds that the caller would wait; without a limit when left out
-- @tparam[opt] number ticket what an earlier call returned
-- @treturn ?number 0: the request may be sent. Or the seconds to wait before asking again, with the ticket for that;
--   without a ticket where it is more than `patience`. Or nil and a message
-- @treturn ?number|string
function window.acquire(bucket, now, patience, ticket)
  patience = patience or math.huge
  -- A later ticket than the queue's end was given by a bucket that is no more. Times may have been rounded.
  if ticket and ticket <= bucket.queue_end + 0.001 then return take_in_turn(bucket, now, patience, ticket) end
  return take_after_queue(bucket, now, patience)
end

--- Returns for how many seconds a refusal closes a bucket; nil where `seconds` is no time.
function window.refusal(seconds)
  -- NaN is not larger, either.
  return seconds > 0 and math.min(seconds, LONGEST_REFUSAL) or nil
end

--- Closes a bucket after a refusal.
function window.refuse(bucket, now, seconds)
  local duration = window.refusal(seconds)
  if duration then bucket:close(now + duration) end
end

--- Returns whether a quota may have this many requests.
function window.is_limit(limit) return limit >= 1 and limit <= window.LARGEST_LIMIT end

--- Returns whether the window of a quota may have this many seconds.
function window.is_interval(interval) return interval >= SHORTEST_INTERVAL and interval <= LONGEST_INTERVAL end

--- Returns whether a bucket holds only moments that a process can have put there by this clock.
-- @tparam table bucket
-- @tparam number now
-- @treturn boolean
function window.is_of_this_time(bucket, now)
  local latest = bucket:stamp(bucket:latest()) or window.NEVER
  local soon = now + ROUNDING
  return bucket.closed_until <= soon + LONGEST_REFUSAL
    and latest <= soon + window.CONNECTING
    and bucket.queue_end + bucket.held <= soon + LONGEST_QUEUE
end

--- Closes a bucket until a whole window after a moment: the requests sent before are unknown.
function window.forget(bucket, moment) bucket:close(moment + window.length(bucket)) end

local function whole_number(text) return type(text) == "string" and text:find "^%d+$" and tonumber(text) or nil end

-- A pure function of two texts, which are the same in nearly every answer: the latest result is kept.
local latest_quota = {}

local function read_quota(max, milliseconds_text)
  if latest_quota.max == max and latest_quota.milliseconds_text == milliseconds_text then return latest_quota end
  local limit, milliseconds = whole_number(max), whole_number(milliseconds_text)
  local interval = milliseconds and milliseconds / 1000
  latest_quota = {
    max = max,
    milliseconds_text = milliseconds_text,
    limit = limit and window.is_limit(limit) and limit or nil,
    interval = interval and window.is_interval(interval) and interval or nil,
  }
  return latest_quota
end

--- Reads a bucket's quota from the headers of an answer: `limit`, `interval` (seconds) and `used` (requests that
-- HubSpot counts), each nil where the headers say nothing credible. The headers about a second are left aside: HubSpot
-- sends them and does not enforce them. So are those about the day, which no waiting helps.
-- @tparam string name of the quota
-- @tparam table headers by lower-case name
-- @treturn table
function window.read_headers(name, headers)
  if not window.QUOTAS[name].learns then return {} end
  local quota = read_quota(headers["x-hubspot-ratelimit-max"], headers["x-hubspot-ratelimit-interval-milliseconds"])
  local limit, remaining = quota.limit, whole_number(headers["x-hubspot-ratelimit-remaining"])
  return {
    limit = limit,
    interval = quota.interval,
    used = limit and remaining and remaining <= limit and limit - remaining or nil,
  }
end

--- Learns from an answer. Where HubSpot counted more requests than the bucket knows of, others use the same quota, and
-- for each answer that shows it one more request is counted here.
-- @tparam table bucket
-- @tparam number now
-- @tparam table seen from `read_headers`
function window.observe(bucket, now, seen)
  local limit, interval = seen.limit or bucket.limit, seen.interval or bucket.interval
  if limit ~= bucket.limit or interval ~= bucket.interval then bucket:learn(limit, interval) end
  if not seen.used or seen.used == 0 then return end
  local latest = bucket:latest()
  local known = bucket:stamp(latest - seen.used + 1)
  if known and known > now - window.length(bucket) * window.LATENESS then return end
  local index = bucket:claim()
  if index then bucket:record(index, now) end
end

local log = {}
log.__index = log

function log:latest() return self.last end

function log:stamp(index) return self.stamps[index] end

function log:claim() return self.last + 1 end

function log:record(index, moment)
  -- The moment of a request that may have to connect lies ahead.
  local since = moment - window.CONNECTING - window.length(self) * window.LATENESS
  while self.first <= self.last and self.stamps[self.first] < since do
    self.stamps[self.first] = nil
    self.first = self.first + 1
  end
  self.stamps[index] = moment
  self.last = index
  return true
end

function log:learn(limit, interval)
  self.limit, self.interval = limit, interval
end

function log:queue(moment) self.queue_end = moment end

function log:hold(seconds) self.held = self.held + seconds end

function log:close(moment) self.closed_until = math.max(self.closed_until, moment) end

--- A bucket in this process for each quota, by its name.
-- @treturn table
function window.new_buckets()
  local buckets = {}
  for name, quota in pairs(window.QUOTAS) do
    buckets[name] = setmetatable({
      limit = quota.limit,
      interval = quota.interval,
      closed_until = window.NEVER,
      queue_end = window.NEVER,
      held = 0,
      first = 1,
      last = 0,
      stamps = {},
    }, log)
  end
  return buckets
end

return window
