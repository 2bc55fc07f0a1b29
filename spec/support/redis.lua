-- A real Redis server on a free port of loopback, that keeps nothing on disk.
--
--   local server = redis.start()
--   server.port, server.pid
--   server:command() -> a function command(name, …) -> reply, or nil and a message; it connects when it must
--   server:kill()    -- -9
--   server:restart() -- with nothing in it, on the same port
--   server:stop()
--
-- It ends with the process that starts it, however that ends.

local socket = require "socket"

local redis = {}

local START_SECONDS = 30

-- Another process may take the port between finding and using it.
local ATTEMPTS = 5

local function free_port()
  local listener = assert(socket.bind("127.0.0.1", 0))
  local _, port = listener:getsockname()
  listener:close()
  return tonumber(port)
end

local function read_reply(connection)
  local line, problem = connection:receive "*l"
  if not line then return nil, problem end
  local kind, rest = line:sub(1, 1), line:sub(2)
  if kind == "-" then return nil, rest end
  if kind == "+" then return rest end
  if kind == ":" then return tonumber(rest) end
  local length = tonumber(rest)
  if length < 0 then return false end
  if kind == "$" then
    local text
    text, problem = connection:receive(length + 2)
    return text and text:sub(1, length), problem
  end
  local list = {}
  for index = 1, length do
    list[index], problem = read_reply(connection)
    if list[index] == nil then return nil, problem end
  end
  return list
end

local function request(...)
  local parts = { ("*%d\r\n"):format(select("#", ...)) }
  for _, argument in ipairs { ... } do
    local text = tostring(argument)
    parts[#parts + 1] = ("$%d\r\n%s\r\n"):format(#text, text)
  end
  return table.concat(parts)
end

--- Sends commands to a port of loopback; connects when it must.
function redis.command(port)
  local connection
  return function(...)
    local problem
    if not connection then
      connection, problem = socket.connect("127.0.0.1", port)
      if not connection then return nil, problem end
      connection:setoption("tcp-nodelay", true)
      connection:settimeout(START_SECONDS)
    end
    local sent
    sent, problem = connection:send(request(...))
    local reply
    if sent then
      reply, problem = read_reply(connection)
    end
    if reply == nil and (problem == "closed" or problem == "timeout") then
      connection:close()
      connection = nil
    end
    return reply, problem
  end
end

local server = {}

function server:command() return redis.command(self.port) end

local function read_all(path)
  local file = io.open(path)
  local text = file and file:read "*a" or ""
  if file then file:close() end
  return text
end

-- Starts it, and waits until it answers; false where it does not.
local function run(self)
  local pid_file = os.tmpname()
  self.pipe = assert(io.popen(
    ([[
    folder=$(mktemp -d)
    redis-server --port %d --bind 127.0.0.1 --save '' --appendonly no --dir "$folder" \
      </dev/null >/dev/null 2>&1 &
    pid=$!
    echo $pid >%s
    cat >/dev/null
    kill -9 $pid 2>/dev/null
    wait
    rm -rf "$folder"
  ]]):format(self.port, pid_file),
    "w"
  ))
  local command, deadline = self:command(), socket.gettime() + START_SECONDS
  repeat
    local info = command("info", "server")
    -- Another server may have got the port first.
    self.pid = info and info:match "process_id:(%d+)"
    if info and self.pid == read_all(pid_file):match "%d+" then
      os.remove(pid_file)
      return true
    end
    socket.sleep(0.01)
  until info or socket.gettime() > deadline
  os.remove(pid_file)
  return false
end

function server:kill()
  os.execute("kill -9 " .. self.pid)
  while self:command() "ping" do
    socket.sleep(0.01)
  end
end

function server:stop()
  if not self.pipe then return end
  self.pipe:close()
  self.pipe = nil
end

function server:restart()
  self:stop()
  assert(run(self), "redis-server did not start again")
end

--- Starts one; throws where it does not start.
function redis.start()
  for _ = 1, ATTEMPTS do
    local self = setmetatable({ port = free_port() }, { __index = server })
    if run(self) then return self end
    self:stop()
  end
  error("redis-server did not start", 2)
end

return redis
