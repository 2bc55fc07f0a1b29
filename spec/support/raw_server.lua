-- A real server on loopback, in a process of its own, that answers as scripted: for everything that no
-- well-behaved server does.
--
--   local server = raw_server.start [[
--     local client, number, shared = ...
--     client:request()
--     client:send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
--   ]]
--   server.url, server.port, server.stop()
--
-- The source runs once for each connection, as a coroutine: with the connection, its number, and a table that
-- all connections share. The connection is closed when the source returns. Its methods:
--   receive(pattern), send(data), sleep(seconds), wait(predicate), close(), reset()
--   request() -> the whole request as text, or nil at the end of the connection
--   answer(body, headers) -> sends a 200
--
-- The process ends when stop is called, when the process that started it ends, and after a minute in which nothing
-- happened.

local socket = require "socket"

local raw_server = {}

local child_source = [==[
local socket = require "socket"
local handler_path = ...
local IDLE_LIMIT = 60

local listener = assert(socket.bind("127.0.0.1", 0, 128))
local control_listener = assert(socket.bind("127.0.0.1", 0))
io.write(select(2, listener:getsockname()), " ", select(2, control_listener:getsockname()), "\n")
io.flush()
control_listener:settimeout(10)
local control = assert(control_listener:accept())
listener:settimeout(0)

local tasks, shared, connections = {}, {}, 0
local client = {}
client.__index = client

-- The condition that a task waits for: { read = socket } or { write = socket } or { at = time }.
local function wait_for(what)
  coroutine.yield(what)
end

function client:receive(pattern)
  local partial = ""
  while true do
    local data, problem
    data, problem, partial = self.socket:receive(pattern or "*l", partial)
    if data then return data end
    if problem ~= "timeout" then return nil, problem, partial end
    wait_for { read = self.socket }
  end
end

function client:send(data)
  local sent = 0
  while sent < #data do
    local last, problem, partial = self.socket:send(data, sent + 1)
    sent = last or partial
    if not last and problem ~= "timeout" then return nil, problem end
    if not last then wait_for { write = self.socket } end
  end
  return true
end

function client:sleep(seconds)
  wait_for { at = socket.gettime() + seconds }
end

function client:wait(predicate)
  while not predicate() do self:sleep(0.005) end
end

function client:close()
  self.socket:close()
end

function client:reset()
  self.socket:setoption("linger", { on = true, timeout = 0 })
  self.socket:close()
end

function client:request()
  local lines, length = {}, 0
  repeat
    local line = self:receive("*l")
    if not line then return nil end
    lines[#lines + 1] = line
    length = tonumber(line:lower():match("^content%-length:%s*(%d+)$")) or length
  until line == ""
  local body = length > 0 and self:receive(length) or ""
  return table.concat(lines, "\r\n") .. "\r\n" .. body
end

function client:answer(body, headers)
  return self:send("HTTP/1.1 200 OK\r\n" .. (headers or "") .. "Content-Length: " .. #body .. "\r\n\r\n" .. body)
end

local function accept()
  local connection = listener:accept()
  if not connection then return end
  connection:settimeout(0)
  connections = connections + 1
  local self = setmetatable({ socket = connection }, client)
  local number = connections
  local handler = assert(loadfile(handler_path))
  tasks[#tasks + 1] = { want = {}, routine = coroutine.create(function()
    handler(self, number, shared)
    connection:close()
  end) }
end

local function is_due(want, readable, writable)
  return want.read and readable[want.read] or want.write and writable[want.write]
    or want.at and want.at <= socket.gettime() or not (want.read or want.write or want.at)
end

local function resume(index)
  local task = tasks[index]
  local ok, want = coroutine.resume(task.routine)
  if not ok then io.stderr:write("raw_server: ", tostring(want), "\n") end
  if coroutine.status(task.routine) == "dead" then
    table.remove(tasks, index)
  else
    task.want = want
  end
end

local idle_since = socket.gettime()
while socket.gettime() - idle_since < IDLE_LIMIT do
  local reads, writes, timeout = { listener, control }, {}, 1
  for _, task in ipairs(tasks) do
    local want = task.want
    if want.read then reads[#reads + 1] = want.read end
    if want.write then writes[#writes + 1] = want.write end
    if not (want.read or want.write) then
      timeout = math.max(0, math.min(timeout, (want.at or 0) - socket.gettime()))
    end
  end
  local readable, writable = socket.select(reads, writes, timeout)
  if readable[control] then break end
  if readable[listener] then accept() end
  for index = #tasks, 1, -1 do
    if is_due(tasks[index].want, readable, writable) then
      idle_since = socket.gettime()
      resume(index)
    end
  end
end
os.exit(0)
]==]

local function write_file(text)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
  return path
end

-- The interpreter that runs this, without the sanitizers of LUA: they are for the process under test.
local function interpreter()
  local lowest = 0
  while arg and arg[lowest - 1] do
    lowest = lowest - 1
  end
  local name = arg and arg[lowest]
  return type(name) == "string" and name:find "lua" and name or "lua"
end

function raw_server.start(source)
  local child_path, handler_path = write_file(child_source), write_file(source)
  local pipe = assert(io.popen(("%s %s %s"):format(interpreter(), child_path, handler_path)))
  local port, control_port = (pipe:read "*l" or ""):match "^(%d+) (%d+)$"
  assert(port, "raw_server: the child process didn't start")
  local control = assert(socket.connect("127.0.0.1", tonumber(control_port)))

  local server = { port = tonumber(port), url = "http://127.0.0.1:" .. port }
  function server.stop()
    if not control then return end
    -- Closing alone doesn't do: processes started since may have the connection open, too.
    control:send "stop\n"
    control:close()
    control = nil
    pipe:close()
    os.remove(child_path)
    os.remove(handler_path)
  end
  return server
end

return raw_server
