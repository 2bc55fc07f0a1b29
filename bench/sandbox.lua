-- Measures the sandbox's server: its start, its memory, and the processor's time of each request, which depends little
-- on the rest of the machine's work. `make bench-sandbox` runs it; it exits with 1 where a goal is missed.
local core = require "hubspot.core"
local sandbox = require "spec.support.sandbox"
local socket = require "socket"

local MANY = 100000
local PATH = "/crm/objects/2026-09/contacts"
local CONNECTIONS = 8

local function read_file(path)
  local file = assert(io.open(path))
  local text = file:read "a"
  file:close()
  return text
end

-- Seconds of the processor that a process used so far, in steps of 10 ms.
local function cpu_seconds(pid)
  local fields = {}
  for field in read_file(("/proc/%d/stat"):format(pid)):gsub("^%d+ %b() ", ""):gmatch "%S+" do
    fields[#fields + 1] = tonumber(field) or field
  end
  return (fields[12] + fields[13]) / 100
end

local function resident_bytes(pid)
  return tonumber(read_file(("/proc/%d/status"):format(pid)):match "VmRSS:%s+(%d+) kB") * 1024
end

local function connect(server)
  local connection = assert(socket.connect("127.0.0.1", tonumber(server.url:match "%d+$")))
  connection:settimeout(30)
  connection:setoption("tcp-nodelay", true)
  return connection
end

local function read_answer(connection)
  local line = assert(connection:receive "*l")
  local length = 0
  repeat
    local header = assert(connection:receive "*l")
    length = tonumber(header:match "^content%-length: (%d+)") or length
  until header == ""
  assert(line:find("200", 1, true), line)
  return connection:receive(length)
end

local function request(method, path, body)
  return ("%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\n"):format(
    method,
    path
  ) .. (body and "Content-Length: " .. #body .. "\r\n" or "") .. "\r\n" .. (body or "")
end

-- Sends `count` requests that `make(number)` gives over some connections. Gives the server's seconds, and the clock's.
local function load(server, count, connections, make)
  local began, cpu = socket.gettime(), cpu_seconds(server.pid)
  for number = 1, count, #connections do
    for index, connection in ipairs(connections) do
      assert(connection:send(make(number + index)))
    end
    for _, connection in ipairs(connections) do
      read_answer(connection)
    end
  end
  return cpu_seconds(server.pid) - cpu, socket.gettime() - began
end

local function connections_to(server, count)
  local list = {}
  for index = 1, count do
    list[index] = connect(server)
  end
  return list
end

local function close_all(list)
  for _, connection in ipairs(list) do
    connection:close()
  end
end

-- The ids of some contacts, and the bytes of their values.
local function sample(server)
  local connection, ids, bytes = connect(server), {}, 0
  local after = "0"
  for _ = 1, 20 do
    connection:send(request("GET", "/_sandbox/records/contacts?limit=50&after=" .. after))
    local page = core.decode(read_answer(connection))
    for _, record in ipairs(page.results) do
      ids[#ids + 1] = record.id
      connection:send(request("GET", "/_sandbox/records/contacts/" .. record.id))
      for name, value in pairs(core.decode(read_answer(connection)).properties) do
        bytes = bytes + (name:find "date$" and 13 or #value)
      end
    end
    after = page.after
  end
  connection:close()
  return ids, bytes / #ids
end

local missed = false

local function report(what, figure, goal, is_met)
  missed = missed or not is_met
  print(("%-46s %14s   goal %-12s %s"):format(what, figure, goal, is_met and "met" or "MISSED"))
end

local function start(contacts)
  local began = socket.gettime()
  local server = sandbox.start { contacts = contacts }
  return server, socket.gettime() - began
end

local empty = start(0)
local resident = resident_bytes(empty.pid)
empty:stop()
local server, seconds = start(MANY)
local cpu = cpu_seconds(server.pid)
report("start with 100,000 contacts, s of processor", ("%.2f"):format(cpu), "1", cpu <= 1)
print(("%-46s %14s"):format("  by the clock", ("%.2f s"):format(seconds)))
local each = (resident_bytes(server.pid) - resident) / MANY
local ids, values = sample(server)
report(
  "memory of a contact beyond its values",
  ("%.0f bytes"):format(each - values),
  "1200 bytes",
  each - values <= 1200
)

local connections = connections_to(server, CONNECTIONS)
local used, elapsed = load(
  server,
  12000,
  connections,
  function(number) return request("GET", PATH .. "/" .. ids[number % #ids + 1]) end
)
report("single reads a second on a core", ("%.0f"):format(12000 / used), "3000", 12000 / used >= 3000)
print(("%-46s %14s"):format("  by the clock", ("%.0f"):format(12000 / elapsed)))

local inputs = {}
for index = 1, 100 do
  inputs[index] = { id = ids[index] }
end
local body = core.encode { inputs = inputs, properties = { "email", "firstname", "lastname", "city" } }
used, elapsed = load(server, 1200, connections, function() return request("POST", PATH .. "/batch/read", body) end)
report("batch reads of 100 a second on a core", ("%.0f"):format(1200 / used), "300", 1200 / used >= 300)
print(("%-46s %14s"):format("  by the clock", ("%.0f"):format(1200 / elapsed)))
close_all(connections)

connections = connections_to(server, 1000)
used = load(
  server,
  10000,
  connections,
  function(number) return request("GET", PATH .. "/" .. ids[number % #ids + 1]) end
)
report("single reads a second of 1,000 connections", ("%.0f"):format(10000 / used), "3000", 10000 / used >= 3000)
local slowest = 0
for _ = 1, 50 do
  local began = socket.gettime()
  local other = connect(server)
  other:send(request("GET", PATH .. "/" .. ids[1]))
  read_answer(other)
  slowest = math.max(slowest, socket.gettime() - began)
  other:close()
end
report("slowest answer beside 1,000 idle connections", ("%.1f ms"):format(slowest * 1000), "100 ms", slowest <= 0.1)
close_all(connections)
server:stop()
os.exit(missed and 1 or 0)
