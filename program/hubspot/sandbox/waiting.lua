--- Sockets inside a coroutine of the server: what is not ready yields what it waits for, "read", "write" or "wake", and
-- a moment of LuaSocket's clock at which it is resumed at the latest.
local socket = require "socket"

local waiting = {}

local CHUNK = 65536

-- LuaSec may have to write in order to read.
local WANTED = { wantread = "read", wantwrite = "write" }

-- Waits for the socket. Gives false where that can't help, or the deadline is over.
local function wait_for(what, problem, deadline)
  local wanted = problem == "timeout" and what or WANTED[problem]
  if not wanted or (deadline and socket.gettime() >= deadline) then return false end
  coroutine.yield(wanted, deadline)
  return true
end

--- Lets others run for some seconds.
function waiting.sleep(seconds) coroutine.yield("wake", socket.gettime() + seconds) end

--- The next bytes; nil where the peer is gone, or the moment `deadline` is over.
function waiting.receive(client, deadline)
  while true do
    local bytes, problem, partial = client:receive(CHUNK)
    bytes = bytes or partial
    if bytes and #bytes > 0 then return bytes end
    if not wait_for("read", problem, deadline) then return nil end
  end
end

--- Sends bytes. Gives whether all are sent.
function waiting.send(client, bytes, deadline)
  local from = 1
  while from <= #bytes do
    local last, problem, partial = client:send(bytes, from)
    if not last and not wait_for("write", problem, deadline) then return false end
    from = (last or partial) + 1
  end
  return true
end

--- Connects a socket that has begun to. Gives whether it is.
function waiting.connect(client, parts, deadline)
  while true do
    local connected, problem = client:connect(parts.host, parts.port)
    if connected or problem == "already connected" then return true end
    if problem == "Operation already in progress" then problem = "timeout" end
    if not wait_for("write", problem, deadline) then return false end
  end
end

--- Shakes hands on a socket of LuaSec. Gives whether both agree.
function waiting.shake_hands(client, deadline)
  while true do
    local agreed, problem = client:dohandshake()
    if agreed then return true end
    if not wait_for("read", problem, deadline) then return false end
  end
end

return waiting
