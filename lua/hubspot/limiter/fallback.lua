-- A limiter, and for as long as it fails one in this process.

local core = require "hubspot.core"
local interface = require "hubspot.limiter.interface"
local window = require "hubspot.limiter.window"

local fallback = {}

-- Seconds in which a limiter that failed is not asked again: that may take as long as connecting does.
local PAUSE = 1

local methods = {}

local metatable = { __name = "hubspot.limiter.Fallback", __index = methods }

--- Wraps a limiter.
-- @tparam limiter primary
-- @treturn limiter whose `acquire` never fails
function fallback.new(primary)
  local limiter = setmetatable({ primary = primary, buckets = window.new_buckets(), failed_at = -PAUSE }, metatable)
  return interface.bind(limiter, methods)
end

local function is_paused(self, now) return now - self.failed_at < PAUSE end

-- Requests through the primary are counted in these buckets, too: when it fails they know what this process sent.
local function note(bucket, now) bucket:record(bucket:claim(), now) end

-- Ties a ticket to the limiter that gave it; the other one can't use it.
local function ticket_of(owner, ticket) return ticket and { owner = owner, ticket = ticket } or nil end

-- Opaque to callers: the ticket of one of the two limiters.
local function ticket_for(owner, ticket) return ticket and ticket.owner == owner and ticket.ticket or nil end

function methods:acquire(name, patience, ticket)
  local primary, bucket = self.primary, self.buckets[name]
  if not is_paused(self, core.now()) then
    local seconds, given = primary.acquire(name, patience, ticket_for(primary, ticket))
    if seconds then
      if seconds <= 0 then note(bucket, core.now()) end
      return seconds, ticket_of(primary, given)
    end
    self.failed_at = core.now()
  end
  local seconds, given = window.acquire(bucket, core.now(), patience, ticket_for(bucket, ticket))
  return seconds, ticket_of(bucket, given)
end

function methods:observe(name, headers)
  local now = core.now()
  window.observe(self.buckets[name], now, window.read_headers(name, headers))
  if not is_paused(self, now) then self.primary.observe(name, headers) end
end

function methods:refused(name, seconds)
  local now = core.now()
  window.refuse(self.buckets[name], now, seconds)
  if not is_paused(self, now) then self.primary.refused(name, seconds) end
end

return fallback
