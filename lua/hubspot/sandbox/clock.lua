--- The portal's clock: it runs with real time, and ahead of it by as much as it was advanced.
local clock = {}

local has_socket, socket = pcall(require, "socket")

-- Without LuaSocket the clock moves in whole seconds.
local function real_ms()
  if has_socket then return math.floor(socket.gettime() * 1000) end
  return os.time() * 1000
end

--- A clock that shows `start` (ms; nil: the real time) now.
function clock.new(start)
  local offset = start and start - real_ms() or 0
  local last = 0
  local made = {}

  --- The time in ms; it never runs backwards, even where the machine's clock is set back.
  function made.now()
    last = math.max(last, real_ms() + offset)
    return last
  end

  function made.advance(seconds) offset = offset + math.floor(seconds * 1000) end

  return made
end

return clock
