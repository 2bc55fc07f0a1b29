--- The portal's clock: it runs with real time, and ahead of it by as much as it was advanced.
local clock = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.Clock", __index = methods }

local has_socket, socket = pcall(require, "socket")

-- Without LuaSocket the clock moves in whole seconds.
local function real_ms()
  if has_socket then return math.floor(socket.gettime() * 1000) end
  return os.time() * 1000
end

--- Seconds, to measure how long something takes.
function clock.seconds() return has_socket and socket.gettime() or os.clock() end

--- A clock that shows `start` (ms; nil: the real time) now.
function clock.new(start)
  local made = setmetatable({ offset = start and start - real_ms() or 0, last = 0 }, metatable)
  --- The same as the method: stores take the function.
  made.now = function() return made:time() end
  return made
end

--- The time in ms; it never runs backwards, even where the machine's clock is set back.
function methods:time()
  self.last = math.max(self.last, real_ms() + self.offset)
  return self.last
end

--- Moves the clock ahead by some seconds.
function methods:advance(seconds) self.offset = self.offset + math.floor(seconds * 1000) end

return clock
