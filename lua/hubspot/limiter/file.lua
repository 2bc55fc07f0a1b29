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
-- where there is none, readable by its owner only, and holds times and limits, no token. A process that reads and
-- rewrites it holds a lock for some microseconds; the kernel releases that when a process is killed. A file that was
-- cut off is begun anew, and nothing is sent for one window, since the requests before are unknown; a process that
-- used the file before does the same where it was emptied or removed. A file that is something else is left as it is,
-- and then calls return an error. The file must be on a local disk.
-- @module hubspot.limiter.file

local check = require "hubspot.check"
local core = require "hubspot.core"
local fallback = require "hubspot.limiter.fallback"
local interface = require "hubspot.limiter.interface"
local window = require "hubspot.limiter.window"

local file = {}

local MAGIC = "hubspot limiter 2\n"

-- Tolerance in comparing the times of day at which clocks began, which tell boots apart where the system does not name
-- them: adjusting the clock moves it by less.
local BOOT_TOLERANCE = 60

local NAME_OF_BOOT = "/proc/sys/kernel/random/boot_id"

local NO_NAME = "-"

local MICROSECOND = 1e-6

local NOT_OURS = "%s is not the file of a limiter; name another one"

local OPTIONS = {
  path = { type = check.string, required = true },
  fallback = { type = check.boolean },
}

-- Changes only with another boot of this machine, as far as the system tells.
local function name_of_boot()
  local handle = io.open(NAME_OF_BOOT, "rb")
  local name = handle and handle:read(64)
  if handle then handle:close() end
  return name and name:match "^[%w-]+" or NO_NAME
end

-- The time of day at which the machine's clock began.
local function boot_time(now) return os.time() - now end

local function is_another_boot(boot, at, began)
  if boot ~= NO_NAME and at.boot ~= NO_NAME then return boot ~= at.boot end
  return math.abs(tonumber(began) - boot_time(at.now)) > BOOT_TOLERANCE
end

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
  if not numbers or #numbers < 5 then return false end
  bucket.limit, bucket.interval = numbers[1], numbers[2] * MICROSECOND
  if not window.is_limit(bucket.limit) or not window.is_interval(bucket.interval) then return false end
  bucket.closed_until = numbers[3] * MICROSECOND
  bucket.queue_end = numbers[4] * MICROSECOND
  bucket.held = numbers[5] * MICROSECOND
  for index = 6, #numbers do
    bucket.stamps[index - 5] = numbers[index] * MICROSECOND
  end
  bucket.last = #numbers - 5
  return true
end

-- Fills buckets from a line for each; false where one can't be one.
local function read_buckets(buckets, lines)
  local next_line = lines:gmatch "[^\n]+"
  for _, name in ipairs(window.NAMES) do
    if not read_bucket(buckets[name], next_line()) then return false end
  end
  return next_line() == nil
end

local function forget_times(bucket, now)
  bucket.stamps, bucket.first, bucket.last = {}, 1, 0
  bucket.closed_until, bucket.queue_end, bucket.held = window.NEVER, window.NEVER, 0
  window.forget(bucket, now)
end

local function microseconds(seconds) return ("%.0f"):format(seconds / MICROSECOND) end

-- A state is the `buckets`, and as `born` when they were begun, in microseconds of this boot's clock.
local function begin_state(now) return { buckets = window.new_buckets(), born = microseconds(now) } end

-- The same, where there were others before that can't be read.
local function begin_state_anew(now)
  local state = begin_state(now)
  for _, bucket in pairs(state.buckets) do
    window.forget(bucket, now)
  end
  return state
end

-- Parses the content of a file; `at` is the reader's `boot` and time.
local function read_state(content, at)
  local now = at.now
  if content == "" then return begin_state(now) end
  local buckets = window.new_buckets()
  local boot, began, born, lines = content:match("^" .. MAGIC .. "(%S+) (%-?%d+) (%-?%d+)\n(.-)end\n")
  if not (boot and read_buckets(buckets, lines)) then return begin_state_anew(now) end
  local from_another_boot = is_another_boot(boot, at, began)
  for _, bucket in pairs(buckets) do
    if from_another_boot or not window.is_of_this_time(bucket, now) then forget_times(bucket, now) end
  end
  return { buckets = buckets, born = from_another_boot and microseconds(now) or born }
end

-- Forgets the requests of other buckets that this process used before: others lost that file, and with it the requests
-- sent until these buckets were begun.
local function note_birth(state, known)
  if known == nil or known == state.born then return end
  for _, bucket in pairs(state.buckets) do
    window.forget(bucket, tonumber(state.born) * MICROSECOND)
  end
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

local function write_state(state, at)
  local lines = { ("%s%s %.0f %s"):format(MAGIC, at.boot, boot_time(at.now), state.born) }
  for _, name in ipairs(window.NAMES) do
    lines[#lines + 1] = bucket_line(state.buckets[name])
  end
  lines[#lines + 1] = "end\n"
  return table.concat(lines, "\n")
end

-- Returns whether a limiter may write there: an empty file, its own, the rest of its own, or the zeros that some file
-- systems leave after a power failure.
local function is_ours(content)
  local start = content:sub(1, #MAGIC)
  return start == MAGIC:sub(1, #start) or not content:find "[^%z]"
end

local methods = {}

local metatable = { __name = "hubspot.limiter.File", __index = methods }

--- Makes a limiter.
-- @tparam table options
-- @tparam string options.path of the file; its folder must exist
-- @tparam[opt=false] boolean options.fallback whether, while the file can't be used, a limiter in this process takes
--   its place; otherwise calls return an error then
-- @treturn limiter see `hubspot.limiter.memory`
function file.new(options)
  local checked, message = check.options(type(options) == "table" and options or {}, OPTIONS)
  if not checked then error("hubspot.limiter.file.new: " .. message, 2) end
  local limiter = setmetatable({
    path = checked.path,
    boot = name_of_boot(),
    born = nil, -- of the buckets that were used last
  }, metatable)
  interface.bind(limiter, methods)
  return checked.fallback and fallback.new(limiter) or limiter
end

--- Returns whether a limiter can use a file. It is made where there is none.
-- @tparam string path
-- @treturn ?boolean true, or nil and a message
function file.check(path)
  local usable, message, busy = core.update_file(path, function(content)
    if is_ours(content) then return nil, true end
    return nil, nil, NOT_OURS:format(path)
  end)
  if usable or busy then return true end
  return nil, message
end

-- Calls change(buckets, now) while no other process uses the file, and returns what it returns.
local function update(self, change)
  return core.update_file(self.path, function(content)
    if not is_ours(content) then return nil, nil, NOT_OURS:format(self.path) end
    local at = { boot = self.boot, now = core.now() }
    local state = read_state(content, at)
    note_birth(state, self.born)
    self.born = state.born
    local seconds, rest = change(state.buckets, at.now)
    return write_state(state, at), seconds, rest
  end)
end

function methods:acquire(name, patience, ticket)
  local seconds, rest, busy = update(
    self,
    function(buckets, now) return window.acquire(buckets[name], now, patience, ticket) end
  )
  -- The holder of the lock has stopped. Jitter keeps its waiters from coming back at once.
  if busy then return 0.002 + math.random() * 0.006, ticket end
  return seconds, rest
end

function methods:observe(name, headers)
  local seen = window.read_headers(name, headers)
  if next(seen) then update(self, function(buckets, now) window.observe(buckets[name], now, seen) end) end
end

function methods:refused(name, seconds)
  update(self, function(buckets, now) window.refuse(buckets[name], now, seconds) end)
end

return file
