--- A limiter for several machines: its buckets live in Redis.
--
--    local redis = require "redis"  -- lua-redis
--    local limiter = require("hubspot.limiter.redis").new {
--      connect = function() return redis.connect("10.0.0.5", 6379) end, name = "main account",
--    }
--    local client = hubspot.new { token = os.getenv "HUBSPOT_TOKEN", limiter = limiter }
--
-- All machines that name the same server and the same name share one quota. A script on the server takes the permits,
-- one at a time and by the server's clock. Two keys are used for each bucket, "hubspot:{name}:…"; they expire, and
-- hold times and limits, no token. When the server lost them, nothing is sent for one window. It needs Redis 5 or
-- later (or Valkey), and works in a cluster.
--
-- See `hubspot.redis_command` for how commands are sent, in nginx too.
-- @module hubspot.limiter.redis

local check = require "hubspot.check"
local core = require "hubspot.core"
local fallback = require "hubspot.limiter.fallback"
local number = require "hubspot.number"
local redis_command = require "hubspot.redis_command"
local interface = require "hubspot.limiter.interface"
local window = require "hubspot.limiter.window"

local redis = {}

-- The rules are those of `hubspot.limiter.window`, which explains them.
redis.SCRIPT = [[
local stamps, settings = KEYS[1], KEYS[2]
local operation, first, second = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local default_limit, default_interval = tonumber(ARGV[4]), tonumber(ARGV[5])
local margin, margin_seconds, pace_margin_seconds = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local burst, lateness, connecting = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local known_birth = ARGV[12]
local never = -1e9
local DAY = 86400

-- Redis before 7 needs to be told that what is written depends on the time.
if redis.replicate_commands then redis.replicate_commands() end
local time = redis.call("TIME")
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6

local function text(number) return string.format("%.6f", number) end

local values = redis.call("HMGET", settings, "limit", "interval", "closed", "queue", "held", "clock",
  "born", "last")
local limit = tonumber(values[1] or default_limit)
local interval = tonumber(values[2] or default_interval)
local closed = tonumber(values[3] or never)
local queue_end = tonumber(values[4] or never)
local held = tonumber(values[5] or 0)
local clock = tonumber(values[6] or now)
local born = values[7] or text(now)
local last = tonumber(values[8] or never)
local length = interval * margin + margin_seconds
local pace = (length + pace_margin_seconds) / limit

local function set(name, number)
  redis.call("HSET", settings, name, text(number))
end

local function stamp(back)
  local moment = redis.call("LINDEX", stamps, -back)
  return moment and tonumber(moment)
end

local function record(moment)
  local since = now - length * lateness
  local oldest = stamp(redis.call("LLEN", stamps))
  while oldest and oldest < since do
    redis.call("LPOP", stamps)
    oldest = stamp(redis.call("LLEN", stamps))
  end
  redis.call("RPUSH", stamps, text(moment))
  set("last", moment)
  redis.call("PEXPIRE", stamps, math.ceil((moment - now + length * lateness + 1) * 1000))
end

local function earliest()
  local leaving = stamp(limit)
  return math.max(now, closed, leaving and leaving + length or now)
end

local function after_queue()
  local moment = earliest()
  local half = stamp(math.max(1, math.floor(limit * burst)))
  local is_busy = half and half + length > moment
  if not is_busy and moment >= closed + length then return moment end
  local last_turn = queue_end + held
  if last_turn > now then return last_turn + pace end
  return math.max(moment, math.max(last_turn, stamp(1) or never) + pace)
end

local function wait(moment, patience, ticket)
  if moment - now > patience then return moment - now, never end
  if not ticket then
    ticket = moment - held
    set("queue", ticket)
  end
  return moment - now, ticket
end

local function take_after_queue(patience)
  local moment = after_queue()
  if moment > now then return wait(moment, patience) end
  record(now + connecting)
  return 0, never
end

local function take_in_turn(patience, ticket)
  if ticket + held > now then return wait(ticket + held, patience, ticket) end
  local moment = earliest()
  if moment > now then
    if moment - now > pace then set("held", held + moment - now) end
    return wait(moment, patience, ticket)
  end
  record(now)
  return 0, never
end

local function acquire(patience, ticket)
  if ticket > never and ticket <= queue_end + 0.001 then return take_in_turn(patience, ticket) end
  return take_after_queue(patience)
end

-- A clock that was put back makes moments wrong: requests sent before are unknown, so nothing is sent for one window.
if now < clock - 1 then
  redis.call("DEL", stamps)
  closed = now + length
  queue_end = never
  set("closed", closed)
  set("queue", queue_end)
end

-- Requests sent before this moment are unknown: nothing is sent for one window from it.
local function forget(moment)
  if moment + length <= math.max(now, closed) then return end
  closed = moment + length
  set("closed", closed)
end

-- Forgets the settings that this process used before: they were lost, and with them the requests sent until these were
-- begun, and the learned quota. Permits may be lost alone, where the server runs out of memory.
if not values[7] then
  redis.call("HSET", settings, "born", born)
  if known_birth ~= "" then
    set("limit", limit)
    set("interval", interval)
  end
end
if known_birth ~= "" and known_birth ~= born then forget(tonumber(born)) end
if redis.call("LLEN", stamps) == 0 then forget(last) end
set("clock", now)
redis.call("EXPIRE", settings, DAY)

if operation == "acquire" then
  local wait, ticket = acquire(first, second)
  return { text(wait), text(ticket), text(limit), text(interval), text(redis.call("LLEN", stamps)),
    born }
elseif operation == "learn" then
  set("limit", first)
  set("interval", second)
elseif operation == "observe" then
  local known = stamp(first)
  if not known or known <= now - length * lateness then record(now) end
elseif operation == "refuse" then
  set("closed", math.max(closed, now + first))
end
return { "0" }
]]

-- The script's name on the server, its digest.
redis.SHA1 = "da6a3d5986a6ca70853943503bf855ae607ecc1c"

local LONGEST_PATIENCE = 1e6

-- Settings expire a day after their last use; then nothing is lost.
local KEPT = 86400

local OPTIONS = {
  connect = redis_command.OPTIONS.connect,
  client = redis_command.OPTIONS.client,
  name = { type = check.string },
  fallback = { type = check.boolean },
}

local function lacks_script(problem) return tostring(problem):find("NOSCRIPT", 1, true) ~= nil end

-- Runs the script by its digest, and where the server does not have it as it is.
local function evaluate(command, ...)
  local reply, problem = command("evalsha", redis.SHA1, 2, ...)
  if not reply and lacks_script(problem) then
    reply, problem = command("eval", redis.SCRIPT, 2, ...)
  end
  if type(reply) == "table" then return reply end
  return nil, "Redis: " .. tostring(problem or "a reply that is no list")
end

local function new_bucket(name, bucket_name, quota)
  local prefix = ("hubspot:{%s}:%s:"):format(name, bucket_name)
  return {
    stamps_key = prefix .. "permits",
    settings_key = prefix .. "settings",
    limit = quota.limit,
    interval = quota.interval,
    count = 0,
  }
end

-- The birth of the settings that the bucket used last; empty where it used none, or these have expired.
local function known_birth(bucket) return bucket.born and core.now() - bucket.used < KEPT and bucket.born or "" end

local methods = {}

local metatable = { __name = "hubspot.limiter.Redis", __index = methods }

--- Makes a limiter.
-- @tparam table options
-- @tparam[opt] function options.connect makes a connection, see above
-- @param[opt] options.client how to send a command, see above; one of these two is needed
-- @tparam[opt="default"] string options.name of the account and app whose quota it is; not its token
-- @tparam[opt=false] boolean options.fallback whether, while Redis can't be reached, a limiter in this process takes
--   its place; otherwise calls return an error then
-- @treturn limiter see `hubspot.limiter.memory`
function redis.new(options)
  local checked, message = check.options(type(options) == "table" and options or {}, OPTIONS)
  if not checked then error("hubspot.limiter.redis.new: " .. message, 2) end
  local command, command_message = redis_command.new(checked)
  if not command then error("hubspot.limiter.redis.new: " .. command_message, 2) end
  local buckets = {}
  for name, quota in pairs(window.QUOTAS) do
    buckets[name] = new_bucket(checked.name or "default", name, quota)
  end
  local limiter = setmetatable({ command = command, buckets = buckets }, metatable)
  interface.bind(limiter, methods)
  return checked.fallback and fallback.new(limiter) or limiter
end

local function run(self, bucket, operation, first, second)
  return evaluate(
    self.command,
    bucket.stamps_key,
    bucket.settings_key,
    operation,
    number.text(first),
    number.text(second or 0),
    number.text(bucket.limit),
    number.text(bucket.interval),
    number.text(window.MARGIN),
    number.text(window.MARGIN_SECONDS),
    number.text(window.PACE_MARGIN_SECONDS),
    number.text(window.BURST),
    number.text(window.LATENESS),
    number.text(window.CONNECTING),
    known_birth(bucket)
  )
end

function methods:acquire(name, patience, ticket)
  local bucket = self.buckets[name]
  local reply, problem =
    run(self, bucket, "acquire", math.min(patience or LONGEST_PATIENCE, LONGEST_PATIENCE), ticket or window.NEVER)
  if not reply then return nil, problem end
  local wait = number.parse(reply[1])
  ticket = number.parse(reply[2])
  bucket.limit, bucket.interval = number.parse(reply[3]), number.parse(reply[4])
  bucket.count = number.parse(reply[5])
  bucket.born, bucket.used = reply[6], core.now()
  return wait, wait > 0 and ticket > window.NEVER and ticket or nil
end

function methods:observe(name, headers)
  local bucket, seen = self.buckets[name], window.read_headers(name, headers)
  local limit, interval = seen.limit or bucket.limit, seen.interval or bucket.interval
  if limit ~= bucket.limit or interval ~= bucket.interval then
    if run(self, bucket, "learn", limit, interval) then
      bucket.limit, bucket.interval = limit, interval
    end
  end
  -- Redis has counted at least as much as at the last permit.
  if seen.used and seen.used > bucket.count then run(self, bucket, "observe", seen.used) end
end

function methods:refused(name, seconds)
  local allowed = window.refusal(seconds)
  if allowed then run(self, self.buckets[name], "refuse", allowed) end
end

return redis
