-- Measures what a call costs in each host, against a server that answers after 50 ms, beside that server's own time, a
-- blocking call and, where there is one, the host's own client. All ratios are of one run.
--
--    bench/hosts.lua [--quick] [nginx] [loops] [frame]
--
-- `--quick` is a smoke run: its numbers mean little. It ends with 1 where a point does not hold, or is not decided.
-- `make bench-hosts` installs and builds what it needs.

local nginx = require "spec.support.nginx"
local socket = require "socket"

local TOKEN = "bench-token"
local AT_ONCE = 50

local function arguments()
  local given, parts = { quick = false }, {}
  for _, word in ipairs(arg) do
    if word == "--quick" then
      given.quick = true
    else
      parts[word] = true
    end
  end
  given.parts = next(parts) and parts or { nginx = true, loops = true, frame = true }
  return given
end

local given = arguments()
local ROUNDS = given.quick and 1 or 7
local SECONDS = given.quick and 1 or 3
local CALLS = given.quick and 200 or 1000
local RAW_CALLS = given.quick and 20 or 60
local FRAMES = given.quick and 60 or 600

-- Numbers ----------------------------------------------------------------------------------------------------------

local function percentile(values, share)
  local sorted = {}
  for index, value in ipairs(values) do
    sorted[index] = value
  end
  table.sort(sorted)
  return sorted[math.max(1, math.ceil(#sorted * share))]
end

local function median(values) return percentile(values, 0.5) end

local function largest(values) return percentile(values, 1) end

-- Returns the values that a list of tables has under a name.
local function column(rows, name)
  local values = {}
  for index, row in ipairs(rows) do
    values[index] = row[name]
  end
  return values
end

-- The report -------------------------------------------------------------------------------------------------------

local rows, holds_all = {}, true

-- `limit` is an upper bound of `value`, or nil for rows that are only shown. If `without_client`, the same without this
-- library, goes beyond it, too, a value that does so says nothing of the library.
local function report(name, measured, value, limit, without_client)
  local verdict = ""
  if limit then
    local holds = value <= limit
    holds_all = holds_all and holds
    verdict = holds and "holds" or "DOES NOT HOLD"
    if not holds and without_client and without_client > limit then verdict = "UNDECIDED: so it is without it" end
  end
  rows[#rows + 1] =
    { name, measured, value and ("%.2f"):format(value) or "", limit and ("%.2f"):format(limit) or "", verdict }
end

local function milliseconds(seconds) return ("%.2f ms"):format(seconds * 1000) end

-- Counts the rounds, each with a maximum of its own, that stayed within the limit.
local function rounds_within(slowest, limit)
  local count = 0
  for _, seconds in ipairs(slowest) do
    count = count + (seconds * 1000 <= limit and 1 or 0)
  end
  return ("%d of %d rounds within %g, median %s"):format(count, #slowest, limit, milliseconds(median(slowest)))
end

local function print_report()
  table.insert(rows, 1, { "what", "measured", "value", "limit", "" })
  local widths = {}
  for _, row in ipairs(rows) do
    for index, cell in ipairs(row) do
      widths[index] = math.max(widths[index] or 0, #cell)
    end
  end
  for _, row in ipairs(rows) do
    local cells = {}
    for index, cell in ipairs(row) do
      local space = (" "):rep(widths[index] - #cell)
      cells[index] = (index == 3 or index == 4) and space .. cell or cell .. space
    end
    print((table.concat(cells, "  "):gsub("%s+$", "")))
  end
end

-- Processes --------------------------------------------------------------------------------------------------------

local function read_file(path)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  return text
end

-- Starts a command, and gives its output line by line when asked.
local function start(command) return assert(io.popen(command)) end

-- LuaJIT loads what was built for 5.1.
local ABI = { luajit = "lua5.1", ["lua5.4"] = "lua5.4" }

local function lua(interpreter, script, words)
  return start(
    ("LUA_PATH='lua/?.lua;lua/?/init.lua;program/?.lua;program/?/init.lua;./?.lua;;' LUA_CPATH='build/%s/?.so;;' %s bench/hosts/%s %s"):format(
      ABI[interpreter],
      interpreter,
      script,
      table.concat(words, " ")
    )
  )
end

-- All numbers of each line that a process prints.
local function numbers_of(pipe)
  local lines = {}
  for line in pipe:lines() do
    local numbers = {}
    for number in line:gmatch "%S+" do
      numbers[#numbers + 1] = assert(tonumber(number), line)
    end
    lines[#lines + 1] = numbers
  end
  pipe:close()
  assert(#lines > 0, "a process printed nothing")
  return lines
end

-- `scheduled` is a command that wrk is run by.
local function start_wrk(url, connections, pause, scheduled)
  return start(
    ("%s %s wrk -t1 -c%d -d%ds --timeout 10s -s bench/hosts/wrk.lua %s 2>&1"):format(
      pause and "PAUSE=" .. pause or "env -u PAUSE",
      scheduled or "",
      connections,
      SECONDS,
      url
    )
  )
end

local function wrk_result(pipe, site)
  local text = pipe:read "*a"
  pipe:close()
  local p50, p99, max, requests, failed = text:match "measured (%d+) (%d+) (%d+) (%d+) (%d+)"
  assert(p50, text)
  if failed ~= "0" then error(text .. (site and site:error_log():sub(-2000) or "")) end
  return { p50 = p50 / 1e6, p99 = p99 / 1e6, max = max / 1e6, requests = tonumber(requests) }
end

-- Seconds of the processor that a process used.
local function cpu_seconds(pid) return read_file(("/proc/%d/schedstat"):format(pid)):match "^%d+" / 1e9 end

-- Counts the times that a process woke up by itself.
local function wakeups(pid)
  return tonumber(read_file(("/proc/%d/status"):format(pid)):match "\nvoluntary_ctxt_switches:%s*(%d+)")
end

-- nginx ------------------------------------------------------------------------------------------------------------

local SHARED = "keepalive_requests 100000000; keepalive_timeout 600;"

local function start_upstream()
  return nginx.start {
    http = SHARED,
    log_level = "error",
    server = "location / { content_by_lua_block { require('bench.hosts.upstream').answer() } }",
  }
end

-- The site: one worker with the same page made by the client, which takes nginx's sockets for it, by the client over
-- libcurl, by a cosocket and by a blocking call; and what it does for visitors without any of them.
local function start_site(port)
  return nginx.start {
    log_level = "error",
    http = SHARED .. ([[
      init_by_lua_block {
        PROPERTIES = { "email", "firstname", "lastname", "company" }
        client = require("hubspot").new { token = "%s", base_url = "http://127.0.0.1:%d", limiter = false }
        cosocket = require "bench.hosts.cosocket"
        SECONDS = require("bench.hosts.upstream").SECONDS
      }]]):format(TOKEN, port),
    server = ([[
      location /noop { content_by_lua_block { ngx.print "nothing" } }
      location /wait { content_by_lua_block { ngx.sleep(SECONDS) ngx.print "nothing" } }
      location /client { content_by_lua_block {
        local contact, err = client.contacts:get(4127, { properties = PROPERTIES })
        if not contact then
          ngx.log(ngx.ERR, tostring(err))
          return ngx.exit(500)
        end
        ngx.print(contact.properties.email)
      } }
      location /libcurl { content_by_lua_block {
        local contact, err = client:request { method = "GET", path = "/crm/objects/2026-09/contacts/4127",
          query = { properties = "email,firstname,lastname,company" } }
        if not contact then
          ngx.log(ngx.ERR, tostring(err))
          return ngx.exit(500)
        end
        ngx.print(contact.properties.email)
      } }
      location /cosocket { content_by_lua_block {
        local contact, err = cosocket.get("127.0.0.1", %d, "%s", 4127, PROPERTIES)
        if not contact then
          ngx.log(ngx.ERR, err)
          return ngx.exit(500)
        end
        ngx.print(contact.properties.email)
      } }
      location /blocking { content_by_lua_block {
        blocking = blocking or require("bench.hosts.raw").new("127.0.0.1", %d)
        ngx.print(require("cjson").decode(blocking()).properties.email)
      } }]]):format(port, TOKEN, port),
  }
end

-- The limit of what a visitor waits who asks for nothing.
local NOOP_MS = 5

local PAGES = { "client", "libcurl", "cosocket" }

-- One load on a page of the site, with the worker's share of it.
local function load_page(site, worker, page)
  local before = cpu_seconds(worker)
  local result = wrk_result(start_wrk(("%s/%s"):format(site.url, page), AT_ONCE), site)
  result.cpu = (cpu_seconds(worker) - before) / result.requests
  return result
end

-- The slowest answer of a page that waits for nothing, before, when and while a load comes. Its connection is there
-- first: nginx takes one connection in a turn, and its place after 50 others is not the client's doing. The load takes
-- the worker's processor only where that is free: visitors are elsewhere.
local function noop_beside(site, path)
  local noop = start_wrk(site.url .. "/noop", 1, 5)
  socket.sleep(SECONDS / 10)
  local load = start_wrk(site.url .. path, AT_ONCE, nil, "chrt --batch 0")
  local beside = wrk_result(noop)
  wrk_result(load)
  return beside
end

local function idle(worker)
  socket.sleep(1)
  local cpu_before, wakeups_before = cpu_seconds(worker), wakeups(worker)
  socket.sleep(given.quick and 1 or 5)
  return cpu_seconds(worker) - cpu_before, wakeups(worker) - wakeups_before
end

local function bench_nginx(upstream)
  local site = start_site(upstream.port)
  local worker = site:workers()[1]
  for _, page in ipairs(PAGES) do
    load_page(site, worker, page)
  end
  local results =
    { upstream = {}, client = {}, libcurl = {}, cosocket = {}, wait_noop = {}, client_noop = {}, cosocket_noop = {} }
  local function add(name, result) table.insert(results[name], result) end
  for round = 1, ROUNDS do
    add("upstream", wrk_result(start_wrk(upstream.url .. "/crm/objects/2026-09/contacts/4127", AT_ONCE)))
    -- The first page finds the worker cold, so each comes first in turn.
    for turn = 1, #PAGES do
      local page = PAGES[(round + turn) % #PAGES + 1]
      add(page, load_page(site, worker, page))
    end
    add("wait_noop", noop_beside(site, "/wait"))
    add("client_noop", noop_beside(site, "/client"))
    add("cosocket_noop", noop_beside(site, "/cosocket"))
  end
  local idle_cpu, idle_wakeups = idle(worker)
  local blocking = wrk_result(start_wrk(site.url .. "/blocking", given.quick and 10 or AT_ONCE), site)
  site:stop()

  -- Each round against its own neighbours.
  local function ratios(name, of, field)
    local values = {}
    for index, result in ipairs(results[name]) do
      values[index] = result[field] / results[of][index][field]
    end
    return values
  end
  local function middle(name, field) return median(column(results[name], field)) end
  report("nginx: upstream alone, p50", milliseconds(middle("upstream", "p50")))
  report("nginx: upstream alone, p99", milliseconds(middle("upstream", "p99")))
  for _, field in ipairs { "p50", "p99" } do
    report(
      "nginx: client, " .. field,
      milliseconds(middle("client", field)),
      median(ratios("client", "upstream", field)),
      field == "p50" and 1.05 or 1.15
    )
    for _, name in ipairs { "libcurl", "cosocket" } do
      report(
        ("nginx: %s, %s"):format(name, field),
        milliseconds(middle(name, field)),
        median(ratios(name, "upstream", field))
      )
    end
  end
  report("nginx: a blocking call, p50", milliseconds(blocking.p50), blocking.p50 / middle("upstream", "p50"))
  report(
    "nginx: CPU a request, client to cosocket",
    ("%.3f to %.3f ms"):format(middle("client", "cpu") * 1000, middle("cosocket", "cpu") * 1000),
    median(ratios("client", "cosocket", "cpu")),
    1.6
  )
  local function slowest_noop(name) return column(results[name], "max") end
  local function report_noop(what, name, limit)
    report(
      ("nginx: slowest /noop beside %s, ms"):format(what),
      rounds_within(slowest_noop(name), NOOP_MS),
      largest(slowest_noop(name)) * 1000,
      limit,
      math.max(largest(slowest_noop "wait_noop"), largest(slowest_noop "cosocket_noop")) * 1000
    )
  end
  report(
    "nginx: CPU a request, libcurl to cosocket",
    milliseconds(middle("libcurl", "cpu")),
    median(ratios("libcurl", "cosocket", "cpu"))
  )
  report_noop("pages that wait", "wait_noop")
  report_noop("cosocket", "cosocket_noop")
  report_noop("client", "client_noop", NOOP_MS)
  report("nginx: idle, ms of CPU", ("%d wake-ups"):format(idle_wakeups), idle_cpu * 1000, 0)
end

-- Loops ------------------------------------------------------------------------------------------------------------

local LOOPS = { "plain", "cqueues", "luv", "lua-http" }

-- Debian has lua-http only for 5.1 and 5.2, and so for LuaJIT.
local LUAJIT_ONLY = { ["lua-http"] = true }

local function bench_loops(upstream)
  local function run(host, calls)
    local seconds = {}
    local interpreter = LUAJIT_ONLY[host] and "luajit" or "lua5.4"
    local words = { host, "127.0.0.1", upstream.port, calls, AT_ONCE }
    for index, numbers in ipairs(numbers_of(lua(interpreter, "calls.lua", words))) do
      seconds[index] = numbers[1]
    end
    return { p50 = percentile(seconds, 0.5), p99 = percentile(seconds, 0.99) }
  end
  local results, ratios = { raw = {} }, {}
  for _, host in ipairs(LOOPS) do
    results[host], ratios[host] = {}, {}
  end
  for round = 1, ROUNDS do
    results.raw[round] = run("raw", RAW_CALLS)
    for _, host in ipairs(LOOPS) do
      results[host][round] = run(host, CALLS)
      ratios[host][round] = results[host][round].p50 / results.raw[round].p50
    end
  end
  report("a blocking call at a time, p50", milliseconds(median(column(results.raw, "p50"))))
  for _, host in ipairs(LOOPS) do
    report(
      host .. ": 50 at once, p50 (p99)",
      ("%s (%s)"):format(
        milliseconds(median(column(results[host], "p50"))),
        milliseconds(median(column(results[host], "p99")))
      ),
      median(ratios[host]),
      host ~= "lua-http" and 1.05 or nil
    )
  end
end

-- Frames -----------------------------------------------------------------------------------------------------------

-- The limit of what a step takes.
local STEP_MS = 3

local function bench_frame(upstream)
  local latest = 0
  local function run(results, script)
    local slowest, words = 0, { "127.0.0.1", upstream.port, FRAMES, 20 }
    for _, numbers in ipairs(numbers_of(lua("luajit", script, words))) do
      table.insert(results.wall, numbers[1])
      slowest, latest = math.max(slowest, numbers[1]), math.max(latest, numbers[2])
    end
    table.insert(results.slowest, slowest)
  end
  local client, luasocket = { wall = {}, slowest = {} }, { wall = {}, slowest = {} }
  for _ = 1, ROUNDS do
    run(client, "frame.lua")
    run(luasocket, "frame_luasocket.lua")
  end

  local function report_steps(what, results, limit, without_client)
    report(
      ("frame: a step %s, p50 (p99)"):format(what),
      ("%s (%s)"):format(milliseconds(percentile(results.wall, 0.5)), milliseconds(percentile(results.wall, 0.99)))
    )
    report(
      ("frame: the slowest step %s, ms"):format(what),
      rounds_within(results.slowest, STEP_MS),
      largest(results.wall) * 1000,
      limit,
      without_client
    )
  end
  report("frame: the latest end of a loop that does nothing, ms", "", latest * 1000)
  report_steps("of LuaSocket", luasocket)
  report_steps("of the client", client, STEP_MS, math.max(latest, largest(luasocket.wall)) * 1000)
end

-- --------------------------------------------------------------------------------------------------------------------

local function load_average() return read_file("/proc/loadavg"):match "^%S+" end

local began = load_average()
local upstream = start_upstream()
local parts = { nginx = bench_nginx, loops = bench_loops, frame = bench_frame }
for _, name in ipairs { "nginx", "loops", "frame" } do
  if given.parts[name] then parts[name](upstream) end
end
upstream:stop()
print_report()
print(
  (
    "%d round%s; load average %s before, %s after; values are medians over the rounds, of ratios within a round; of "
    .. "what is slowest the largest"
  ):format(ROUNDS, ROUNDS == 1 and "" or "s", began, load_average())
)
if not holds_all and not given.quick then os.exit(1) end
