-- Measures as `frame.lua` does a game that makes its calls over LuaSocket, which LÖVE has, with connections that do not
-- block: as little Lua as it takes.
--
--    frame_luasocket.lua ADDRESS PORT FRAMES AT_ONCE

local cjson = require "cjson"
local frames = require "bench.hosts.frames"
local socket = require "socket"

local ADDRESS, PORT, FRAMES, AT_ONCE = arg[1], arg[2], tonumber(arg[3]), tonumber(arg[4])
local REQUEST = (
  "GET /crm/objects/2026-09/contacts/4127?properties=email%%2Cfirstname HTTP/1.1\r\nHost: %s:%s\r\n"
  .. "Authorization: Bearer bench-token\r\nAccept: application/json\r\n\r\n"
):format(ADDRESS, PORT)

-- The connections, and the bytes that each has received.
local connections, received = {}, {}

local function send(connection)
  received[connection] = ""
  assert(connection:send(REQUEST))
end

local function receive(connection)
  local whole, problem, part = connection:receive(65536)
  assert(whole or problem == "timeout", problem)
  local text = received[connection] .. (whole or part)
  received[connection] = text
  local _, head_end = text:find("\r\n\r\n", 1, true)
  local length = head_end and tonumber(text:match "[Cc]ontent%-[Ll]ength: (%d+)")
  if not length or #text < head_end + length then return end
  assert(cjson.decode(text:sub(head_end + 1)).properties.email)
  send(connection)
end

for index = 1, AT_ONCE do
  local connection = assert(socket.connect(ADDRESS, PORT))
  connection:setoption("tcp-nodelay", true)
  connection:settimeout(0)
  connections[index] = connection
  send(connection)
end

frames.run(FRAMES, function()
  for _, connection in ipairs((socket.select(connections, nil, 0))) do
    receive(connection)
  end
end)
