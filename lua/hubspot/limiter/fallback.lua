-- A limiter, and for as long as it fails one in this process.

local core = require "hubspot.core"
local window = require "hubspot.limiter.window"

local fallback = {}

-- Seconds in which a limiter that failed is not asked again: that may take as long as connecting does.
local PAUSE = 1

--- Wraps a limiter.
-- @tparam limiter primary
-- @treturn limiter whose `acquire` never fails
function fallback.new(primary)
  local buckets = window.new_buckets()
  local failed_at = -PAUSE
  local limiter = {}

  local function is_paused(now) return now - failed_at < PAUSE end

  -- What goes by the primary is in these buckets, too: when it fails they know what this process sent.
  local function note(bucket, now) bucket:record(bucket:claim(), now) end

  -- A ticket is worth something to who gave it only.
  local function ticket_of(owner, ticket) return ticket and { owner = owner, ticket = ticket } or nil end

  function limiter.acquire(name, patience, ticket)
    local bucket = buckets[name]
    ticket = ticket or {}
    if not is_paused(core.now()) then
      local seconds, given = primary.acquire(name, patience, ticket.owner == primary and ticket.ticket or nil)
      if seconds then
        if seconds <= 0 then note(bucket, core.now()) end
        return seconds, ticket_of(primary, given)
      end
      failed_at = core.now()
    end
    local seconds, given = window.acquire(bucket, core.now(), patience, ticket.owner == bucket and ticket.ticket or nil)
    return seconds, ticket_of(bucket, given)
  end

  function limiter.observe(name, headers)
    local now = core.now()
    window.observe(buckets[name], now, window.read_headers(name, headers))
    if not is_paused(now) then primary.observe(name, headers) end
  end

  function limiter.refused(name, seconds)
    local now = core.now()
    window.refuse(buckets[name], now, seconds)
    if not is_paused(now) then primary.refused(name, seconds) end
  end

  return limiter
end

return fallback
