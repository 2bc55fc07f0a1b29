--- A limiter for several processes on one machine: its buckets live in a file.
--
--    local hubspot = require "hubspot"
--    local file = require "hubspot.limiter.file"
--    local client = hubspot.new {
--      token = os.getenv "HUBSPOT_TOKEN",
--      limiter = file.new { path = "/run/user/1000/hubspot-limiter" },
--    }
--
-- All processes that name the file share one quota, so each account (and each app) needs a file of its own. It is made
-- where there is none, readable by its owner only, and holds times and limits, no token. Who reads and rewrites it
-- holds a lock for some microseconds; the kernel takes that back when a process is killed. A file that was cut off or
-- emptied is begun anew; one that is something else is left as it is, and then calls return an error. The file must
-- be on a local disk.
-- @module hubspot.limiter.file

local check = require "hubspot.check"
local core = require "hubspot.core"
local fallback = require "hubspot.limiter.fallback"
local window = require "hubspot.limiter.window"

local file = {}

local MAGIC = "hubspot limiter 1\n"

-- Where a machine's clock begins changes with each boot. What moves it less is an adjustment of the time of day.
local BOOT_TOLERANCE = 60

-- Nobody waits for a permit that long.
local LONGEST_WAIT = 86400

local MICROSECOND = 1e-6

local OPTIONS = {
  path = { type = check.string, required = true },
  fallback = { type = check.boolean },
}

-- When the machine's clock began, as a time of day.
local function boot_time(now) return os.time() - now end

local function read_numbers(text)
  local numbers = {}
  for word in text:gmatch "%S+" do
    local number = word:find "^%-?%d+$" and tonumber(word)
    if not number then return nil end
    numbers[#numbers + 1] = number
  end
  return numbers
end

-- Fills a bucket from its line; false where that can't be one.
local function read_bucket(bucket, line)
  local numbers = line and read_numbers(line)
  if not numbers or #numbers < 5 or numbers[1] < 1 or numbers[2] < 1 then return false end
  bucket.limit = math.min(numbers[1], window.LARGEST_LIMIT)
  bucket.interval = numbers[2] * MICROSECOND
  bucket.closed_until = numbers[3] * MICROSECOND
  bucket.queue_end = numbers[4] * MICROSECOND
  bucket.held = numbers[5] * MICROSECOND
  for index = 6, #numbers do
    bucket.stamps[index - 5] = numbers[index] * MICROSECOND
  end
  bucket.last = #numbers - 5
  return true
end

local function forget_times(bucket)
  bucket.stamps, bucket.first, bucket.last = {}, 1, 0
  bucket.closed_until, bucket.queue_end, bucket.held = window.NEVER, window.NEVER, 0
end

local function lies_ahead(bucket, now)
  return math.max(bucket.closed_until, bucket.queue_end + bucket.held, bucket.stamps[bucket.last] or now) > now
end

-- The buckets that a file holds. One that was cut off doesn't tell what was sent: nothing is for one window.
local function read_state(content, now)
  local buckets = window.new_buckets()
  if content == "" then return buckets end
  local boot, general, search = content:match("^" .. MAGIC .. "(%-?%d+)\n([^\n]*)\n([^\n]*)\nend\n")
  if not (boot and read_bucket(buckets.general, general) and read_bucket(buckets.search, search)) then
    buckets = window.new_buckets()
    for _, bucket in pairs(buckets) do
      bucket:close(now + window.length(bucket))
    end
    return buckets
  end
  local another_boot = math.abs(tonumber(boot) - boot_time(now)) > BOOT_TOLERANCE
  for _, bucket in pairs(buckets) do
    if lies_ahead(bucket, another_boot and now or now + LONGEST_WAIT) then forget_times(bucket) end
  end
  return buckets
end

local function bucket_line(bucket)
  local words = {
    bucket.limit,
    bucket.interval / MICROSECOND,
    bucket.closed_until / MICROSECOND,
    bucket.queue_end / MICROSECOND,
    bucket.held / MICROSECOND,
  }
  for index = bucket.first, bucket.last do
    words[#words + 1] = bucket.stamps[index] / MICROSECOND
  end
  for index, number in ipairs(words) do
    words[index] = ("%.0f"):format(number)
  end
  return table.concat(words, " ")
end

local function write_state(buckets, now)
  return table.concat {
    MAGIC,
    ("%.0f\n"):format(boot_time(now)),
    bucket_line(buckets.general),
    "\n",
    bucket_line(buckets.search),
    "\nend\n",
  }
end

-- Whether a limiter may write there: an empty file, its own, what is left of its own, or the zeros that some file
-- systems leave after a power failure.
local function is_ours(content)
  local start = content:sub(1, #MAGIC)
  return start == MAGIC:sub(1, #start) or not content:find "[^%z]"
end

--- Makes a limiter.
-- @tparam table options
-- @tparam string options.path of the file; its folder must exist
-- @tparam[opt=false] boolean options.fallback whether, while the file can't be used, a limiter in this process takes
--   its place; otherwise calls return an error then
-- @treturn limiter see `hubspot.limiter.memory`
function file.new(options)
  local checked, message = check.options(type(options) == "table" and options or {}, OPTIONS)
  if not checked then error("hubspot.limiter.file.new: " .. message, 2) end
  local path = checked.path
  local limiter = {}

  -- Calls change(buckets, now) while no other process uses the file, and returns what it returns.
  local function update(change)
    return core.update_file(path, function(content)
      if not is_ours(content) then
        return nil, nil, ("%s is not the file of a limiter; name another one"):format(path)
      end
      local now = core.now()
      local buckets = read_state(content, now)
      local seconds, rest = change(buckets, now)
      return write_state(buckets, now), seconds, rest
    end)
  end

  function limiter.acquire(name, patience, ticket)
    local seconds, rest, busy = update(
      function(buckets, now) return window.acquire(buckets[name], now, patience, ticket) end
    )
    -- Its holder has stopped. Not all who wait come back at once.
    if busy then return 0.002 + math.random() * 0.006, ticket end
    return seconds, rest
  end

  function limiter.observe(name, headers)
    local seen = window.read_headers(name, headers)
    if next(seen) then update(function(buckets, now) window.observe(buckets[name], now, seen) end) end
  end

  function limiter.refused(name, seconds)
    update(function(buckets, now) window.refuse(buckets[name], now, seconds) end)
  end

  return checked.fallback and fallback.new(limiter) or limiter
end

return file
