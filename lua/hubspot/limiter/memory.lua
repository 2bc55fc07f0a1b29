--- A limiter in this process: sends no more than HubSpot's quota takes. The default of a client. A limiter is a table
-- of three functions:
--
-- * `acquire(bucket, patience, ticket)` takes a permit of the bucket ("general", "search", or "exempt" for what HubSpot
--   exempts from the general quota) and returns 0; or returns the seconds to wait before asking again, and a ticket
--   to ask with, which reserves a place in line. A wait of more than `patience` seconds comes without a ticket and
--   reserves nothing. Where the limiter fails, it returns nil and a message.
-- * `observe(bucket, headers)` learns from the headers of an answer.
-- * `refused(bucket, seconds)` closes a bucket for a while after a 429.
--
-- It knows nothing of loops: its caller does the waiting.
-- @module hubspot.limiter.memory

local core = require "hubspot.core"
local interface = require "hubspot.limiter.interface"
local window = require "hubspot.limiter.window"

local memory = {}

local methods = {}

local metatable = { __name = "hubspot.limiter.Memory", __index = methods }

--- Makes a limiter with buckets of its own.
-- @tparam[opt=core.now] function clock seconds, monotonic
-- @treturn limiter
function memory.new(clock)
  local limiter = setmetatable({ clock = clock or core.now, buckets = window.new_buckets() }, metatable)
  return interface.bind(limiter, methods)
end

function methods:acquire(name, patience, ticket)
  return window.acquire(self.buckets[name], self.clock(), patience, ticket)
end

function methods:observe(name, headers)
  window.observe(self.buckets[name], self.clock(), window.read_headers(name, headers))
end

function methods:refused(name, seconds) window.refuse(self.buckets[name], self.clock(), seconds) end

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
