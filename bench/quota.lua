-- Measures how much of HubSpot's quota several processes get that share a token, and how often they are refused: over a
-- file, over nginx's shared dictionary, over Redis. Against a sandbox with a quota of 190 requests in 10 seconds and 5
-- searches a second, from 4 processes that want more of each. All of them count the answers within the same seconds,
-- and refusals later too.
--
--   lua5.4 bench/quota.lua [seconds] [file] [nginx] [redis] [memory]
--
-- "memory" is there to compare: then each process keeps to the quota by itself and knows of the others by the answers
-- only.

local root = (arg[0]:match "^(.*)/" or ".") .. "/.."
local build = rawget(_G, "jit") and "luajit" or _VERSION:lower():gsub(" ", "")
package.path = ("ROOT/lua/?.lua;ROOT/lua/?/init.lua;ROOT/program/?.lua;ROOT/program/?/init.lua;ROOT/?.lua;"):gsub(
  "ROOT",
  root
) .. package.path
package.cpath = ("%s/build/%s/?.so;%s"):format(root, build, package.cpath)

local core = require "hubspot.core"
local socket = require "socket"

local PROCESSES = 4

-- Requests that each process has in flight, or waiting, at once.
local TASKS = 4

local LATENCY_MILLISECONDS = 20

-- After which all processes are there, and begin together.
local STARTING_SECONDS = 2

-- Between the end of one kind of limiter and the next one's beginning.
local LONGEST_WINDOW = 11

local QUOTAS = { { name = "general", a_second = 19 }, { name = "search", a_second = 5 } }

local NGINX_WORKER = [[
  local core = require "hubspot.core"
  local limiter = require("hubspot.limiter.nginx").new { dict = "limits" }
  local REQUESTS = {
    general = "GET /crm/objects/2026-09/contacts?limit=1 HTTP/1.1\r\nHost: sandbox\r\n"
      .. "Authorization: Bearer any\r\n\r\n",
    search = "POST /crm/objects/2026-09/contacts/search HTTP/1.1\r\nHost: sandbox\r\nAuthorization: Bearer any\r\n"
      .. "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
  }

  local function send(connection, bucket)
    assert(connection:send(REQUESTS[bucket]))
    local status = tonumber(assert(connection:receive()):match " (%d+)")
    local headers = {}
    while true do
      local line = assert(connection:receive())
      if line == "" then break end
      local name, value = line:match "^(.-):%s*(.*)$"
      headers[name:lower()] = value
    end
    assert(connection:receive(tonumber(headers["content-length"])))
    return status, headers
  end

  local function wait_for_permit(bucket, ends)
    local ticket
    while true do
      local seconds, given = limiter.acquire(bucket, ends - core.now(), ticket)
      assert(seconds, given)
      if seconds <= 0 then return true end
      if not given and seconds > ends - core.now() then return false end
      ticket = given
      ngx.sleep(seconds)
    end
  end

  local function run(premature, bucket)
    if premature then return end
    local connection = ngx.socket.tcp()
    assert(connection:connect("127.0.0.1", %(port)))
    ngx.sleep(%(begins) - core.now())
    local ends = %(begins) + %(seconds)
    while wait_for_permit(bucket, ends) do
      local status, headers = send(connection, bucket)
      if status == 429 or core.now() <= ends then ngx.shared.results:incr(bucket .. " " .. status, 1, 0) end
      limiter.observe(bucket, headers)
      if status == 429 then limiter.refused(bucket, 1) end
    end
    ngx.shared.results:incr("ended", 1, 0)
  end

  for _ = 1, %(tasks) do
    assert(ngx.timer.at(0, run, "general"))
    assert(ngx.timer.at(0, run, "search"))
  end
]]

local function new_limiter(kind, place)
  if kind == "file" then return require("hubspot.limiter.file").new { path = place } end
  if kind == "redis" then
    return require("hubspot.limiter.redis").new { client = require("spec.support.redis").command(tonumber(place)) }
  end
end

-- One of the processes: sends until time is up, and counts the answers by status. Each call is one request: all records
-- fit on a page, so that no prefetch leaves an abandoned place in the limiter's queue when the process ends.
local function work(kind, place, url, bucket, begins, seconds)
  local hubspot = require "hubspot"
  local counts, ends = {}, begins + seconds
  local client = hubspot.new {
    token = "any",
    base_url = url,
    retry = false,
    limiter = new_limiter(kind, place),
    on = {
      response = function(event)
        local status = event.status or event.error.message
        if status ~= 429 and core.now() > ends then return end
        counts[status] = (counts[status] or 0) + 1
      end,
    },
  }
  socket.sleep(math.max(0, begins - core.now()))
  local tasks = {}
  for index = 1, TASKS do
    tasks[index] = index
  end
  local _, failures = client:map(tasks, function()
    while core.now() < ends do
      local options = { deadline = ends - core.now() + 1 }
      local pages = bucket == "search" and client.contacts:search("x", options) or client.contacts:all(options)
      local _, err = pages:next()
      -- The quota gives no permit in time.
      if err and err.kind == "timeout" then return end
    end
  end)
  for _, failure in pairs(failures) do
    print(failure, 1)
  end
  for status, count in pairs(counts) do
    print(status, count)
  end
end

local function fill(template, values)
  return (template:gsub("%%%((%w+)%)", function(name) return tostring(values[name]) end))
end

local function count_processes(kind, place, url, begins, seconds)
  local counts, pipes = { general = {}, search = {} }, {}
  for _, quota in ipairs(QUOTAS) do
    for _ = 1, PROCESSES do
      local command = ("%s %s --work %s %s %s %s %.6f %s"):format(
        arg[-1],
        arg[0],
        kind,
        place,
        url,
        quota.name,
        begins,
        seconds
      )
      pipes[#pipes + 1] = { quota = quota.name, pipe = assert(io.popen(command)) }
    end
  end
  for _, worker in ipairs(pipes) do
    local count = counts[worker.quota]
    for line in worker.pipe:lines() do
      local status, number = line:match "^(.*)\t(%d+)$"
      count[status] = (count[status] or 0) + tonumber(number)
    end
    worker.pipe:close()
  end
  return counts
end

local function count_nginx(url, begins, seconds)
  local values = { port = url:match ":(%d+)$", begins = begins, seconds = seconds, tasks = TASKS }
  local server = require("spec.support.nginx").start {
    workers = PROCESSES,
    http = ("lua_shared_dict limits 1m; lua_shared_dict results 1m; init_worker_by_lua_block { %s }"):format(
      fill(NGINX_WORKER, values)
    ),
    server = [[location / { content_by_lua_block {
      for _, key in ipairs(ngx.shared.results:get_keys()) do ngx.say(key, "\t", ngx.shared.results:get(key)) end
    } }]],
  }
  socket.sleep(seconds)
  local counts, ended
  repeat
    socket.sleep(0.1)
    counts = { general = {}, search = {} }
    for key, number in server:get("/"):gmatch "([^\n]*)\t(%d+)" do
      local quota, status = key:match "^(%a+) (%d+)$"
      if quota then
        counts[quota][status] = tonumber(number)
      else
        ended = tonumber(number)
      end
    end
  until ended == PROCESSES * TASKS * #QUOTAS or server:error_log():find("[error]", 1, true)
  io.write(server:error_log():match "[^\n]*%[error%][^\n]*" or "")
  server:stop()
  return counts
end

local function report(kind, counts, seconds)
  for _, quota in ipairs(QUOTAS) do
    local count, others = counts[quota.name], {}
    for status, number in pairs(count) do
      if status ~= "200" and status ~= "429" then others[#others + 1] = ("%d x %s"):format(number, status) end
    end
    print(
      ("%-7s %-8s %4d requests  %5.1f %% of the quota  %d refused  %s"):format(
        kind,
        quota.name,
        count["200"] or 0,
        100 * (count["200"] or 0) / (quota.a_second * seconds),
        count["429"] or 0,
        table.concat(others, ", ")
      )
    )
  end
end

local function measure(kind, url, seconds)
  local begins = core.now() + STARTING_SECONDS
  if kind == "nginx" then return count_nginx(url, begins, seconds) end
  if kind == "redis" then
    local server = require("spec.support.redis").start()
    local counts = count_processes(kind, server.port, url, begins, seconds)
    server:stop()
    return counts
  end
  local path = os.tmpname()
  local counts = count_processes(kind, path, url, begins, seconds)
  os.remove(path)
  return counts
end

if arg[1] == "--work" then
  work(arg[2], arg[3], arg[4], arg[5], tonumber(arg[6]), tonumber(arg[7]))
  return
end

local seconds, kinds = 30, {}
for _, argument in ipairs(arg) do
  if tonumber(argument) then
    seconds = tonumber(argument)
  else
    kinds[#kinds + 1] = argument
  end
end
if #kinds == 0 then kinds = { "file", "nginx", "redis" } end
local sandbox = require("spec.support.sandbox").start {
  quota = "190/10",
  search_quota = "5/1",
  contacts = 10,
  latency = LATENCY_MILLISECONDS,
}
for index, kind in ipairs(kinds) do
  if index > 1 then socket.sleep(LONGEST_WINDOW) end
  report(kind, measure(kind, sandbox.url, seconds), seconds)
end
sandbox:stop()
