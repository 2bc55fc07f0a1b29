--- A limiter for the workers of one nginx (OpenResty): its buckets live in a shared dictionary.
--
--    http {
--      lua_shared_dict hubspot_limits 1m;
--
--    local limiter = require("hubspot.limiter.nginx").new { dict = "hubspot_limits", name = "main account" }
--    local client = hubspot.new { token = token, limiter = limiter }
--
-- All workers that name the dictionary and the name share one quota. The requests counted outlive a reload. The
-- dictionary should hold nothing else and have 512k for each account: one that runs full makes calls wait longer, or
-- fail.
-- @module hubspot.limiter.nginx

local check = require "hubspot.check"
local core = require "hubspot.core"
local fallback = require "hubspot.limiter.fallback"
local interface = require "hubspot.limiter.interface"
local window = require "hubspot.limiter.window"

local nginx = {}

-- Seconds after which a worker with an index that has noted no moment is taken for dead; noting takes microseconds.
local PATIENCE_WITH_OTHERS = 0.001

-- Permits whose moments are kept. A slow worker must still find those that it needs.
local KEPT = 2 * window.LARGEST_LIMIT

local OPTIONS = {
  dict = { type = check.string, required = true },
  name = { type = check.string },
  fallback = { type = check.boolean },
}

-- A bucket in the dictionary. It has no transactions, but `incr`, which gives each index to one worker only, and
-- `safe_add`, by which one moment only is kept for an index. An index whose owner says nothing gets the present moment,
-- which is the latest that it can be: the owner then finds that its claim came to nothing. So each permit that is used
-- was worked out from the final moments of those before it, and none is given too early, whatever the order in which
-- workers run, are stopped or die.
local bucket = {}

local bucket_metatable = { __name = "hubspot.limiter.NginxBucket", __index = bucket }

function bucket:latest() return self.dict:get(self.latest_key) or 0 end

local function stamp_key(self, index) return ("%s%.0f"):format(self.stamp_prefix, index) end

function bucket:stamp(index)
  -- Older ones are deleted.
  if index < 1 or index <= self:latest() - KEPT then return nil end
  local key = stamp_key(self, index)
  local give_up = core.now() + PATIENCE_WITH_OTHERS
  repeat
    local moment = self.dict:get(key)
    if moment then return moment end
  until core.now() > give_up
  self.dict:safe_add(key, core.now())
  return self.dict:get(key) or core.now()
end

function bucket:claim()
  local index, problem = self.dict:incr(self.latest_key, 1)
  if not index then return nil, "the shared dictionary: " .. problem end
  self.dict:delete(stamp_key(self, index - KEPT))
  return index
end

function bucket:record(index, moment)
  local recorded, problem = self.dict:safe_add(stamp_key(self, index), moment)
  if recorded then
    -- This worker may have been suspended since it read the clock, while others sent.
    return core.now() - self.now <= window.length(self) - self.interval
  end
  if problem == "exists" then return false end
  return nil, "the shared dictionary: " .. problem
end

function bucket:learn(limit, interval)
  self.dict:safe_set(self.limit_key, limit)
  self.dict:safe_set(self.interval_key, interval)
end

function bucket:close(moment)
  if moment > self.closed_until then self.dict:safe_set(self.closed_key, moment) end
end

function bucket:queue(moment) self.dict:safe_set(self.queue_key, moment) end

function bucket:hold(seconds) self.dict:incr(self.held_key, seconds) end

local function new_bucket(dict, prefix, quota)
  return setmetatable({
    dict = dict,
    quota = quota,
    latest_key = prefix .. "latest",
    stamp_prefix = prefix,
    limit_key = prefix .. "limit",
    interval_key = prefix .. "interval",
    closed_key = prefix .. "closed",
    queue_key = prefix .. "queue",
    held_key = prefix .. "held",
    born_key = prefix .. "born",
  }, bucket_metatable)
end

-- A worker that used the bucket before knows that the dictionary was emptied, and with it the requests sent until the
-- bucket was begun anew.
local function note_birth(self)
  self.dict:safe_add(self.born_key, self.now)
  local born = self.dict:get(self.born_key)
  if self.born and born and born ~= self.born then
    window.forget(self, born)
    self.closed_until = self.dict:get(self.closed_key) or window.NEVER
  end
  self.born = born or self.born
end

-- The bucket with what the workers know by now.
local function refresh(self)
  local dict = self.dict
  dict:safe_add(self.latest_key, 0)
  dict:safe_add(self.held_key, 0)
  self.limit = dict:get(self.limit_key) or self.quota.limit
  self.interval = dict:get(self.interval_key) or self.quota.interval
  self.closed_until = dict:get(self.closed_key) or window.NEVER
  self.queue_end = dict:get(self.queue_key) or window.NEVER
  self.held = dict:get(self.held_key) or 0
  self.now = core.now()
  note_birth(self)
  return self, self.now
end

local methods = {}

local metatable = { __name = "hubspot.limiter.Nginx", __index = methods }

--- Makes a limiter.
-- @tparam table options
-- @tparam string options.dict the name of a `lua_shared_dict`
-- @tparam[opt="default"] string options.name of the account and app whose quota it is; not its token
-- @tparam[opt=false] boolean options.fallback whether, while the dictionary is full, a limiter in each worker takes its
--   place; otherwise calls return an error then
-- @treturn limiter see `hubspot.limiter.memory`
function nginx.new(options)
  local checked, message = check.options(type(options) == "table" and options or {}, OPTIONS)
  if not checked then error("hubspot.limiter.nginx.new: " .. message, 2) end
  local host = rawget(_G, "ngx")
  if not host then error("hubspot.limiter.nginx.new: only nginx with Lua has shared dictionaries", 2) end
  local dict = host.shared[checked.dict]
  if not dict then
    error(
      ("hubspot.limiter.nginx.new: there is no dictionary %s; put `lua_shared_dict %s 1m;` into the http block"):format(
        checked.dict,
        checked.dict
      ),
      2
    )
  end
  local buckets = {}
  for name, quota in pairs(window.QUOTAS) do
    buckets[name] = new_bucket(dict, ("%s\n%s\n"):format(checked.name or "default", name), quota)
  end
  local limiter = setmetatable({ buckets = buckets }, metatable)
  interface.bind(limiter, methods)
  return checked.fallback and fallback.new(limiter) or limiter
end

function methods:acquire(name, patience, ticket)
  local shared, now = refresh(self.buckets[name])
  return window.acquire(shared, now, patience, ticket)
end

function methods:observe(name, headers)
  local shared, now = refresh(self.buckets[name])
  window.observe(shared, now, window.read_headers(name, headers))
end

function methods:refused(name, seconds)
  local shared, now = refresh(self.buckets[name])
  window.refuse(shared, now, seconds)
end

return nginx
