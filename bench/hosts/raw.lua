-- A call that blocks and does nothing else: one request over a kept connection, LuaSocket, as little Lua as it takes.

local socket = require "socket"

local raw = {}

--- Connects.
-- @treturn function() makes a request and returns the body
function raw.new(host, port)
  local connection = assert(socket.connect(host, port))
  connection:setoption("tcp-nodelay", true)
  local request = ("GET /crm/objects/2026-09/contacts/4127 HTTP/1.1\r\nHost: %s:%s\r\n\r\n"):format(host, port)
  return function()
    assert(connection:send(request))
    local length
    local line = assert(connection:receive "*l")
    assert(line:find " 200 ", line)
    while line ~= "" do
      length = length or line:match "^[Cc]ontent%-[Ll]ength: (%d+)"
      line = assert(connection:receive "*l")
    end
    return (assert(connection:receive(tonumber(length))))
  end
end

return raw
