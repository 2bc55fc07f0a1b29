-- Measures hubspot-lua: records a second under HubSpot's quota, CPU and memory. From the root of the source tree:
-- `make bench-command`, or one scenario, with another number of rows:
--
--   make bench-command SCENARIOS="import=20000 import-memory"

local sandbox = require "spec.support.sandbox"

local FOLDER = os.tmpname()
os.remove(FOLDER)
assert(os.execute("mkdir " .. FOLDER))

local MOST_SECONDS = 3600

-- Runs the command and gives `seconds`, `cpu`, `kilobytes` and `code`. Its memory is its own: Lua would pass on its own
-- resident set across fork.
local function measure(server, arguments)
  local line = ("HUBSPOT_TOKEN=any HUBSPOT_BASE_URL=%s LUA=lua5.4 build/bench/measure %d bin/hubspot-lua %s 2>&1"):format(
    server.url,
    MOST_SECONDS,
    arguments
  )
  local pipe = assert(io.popen(line))
  local text = pipe:read "a"
  pipe:close()
  local seconds, user, system, kilobytes, code = text:match "([%d.]+) ([%d.]+) ([%d.]+) (%d+) (%-?%d+)%s*$"
  assert(seconds, text)
  assert(code == "0", text)
  return {
    seconds = tonumber(seconds),
    cpu = tonumber(user) + tonumber(system),
    kilobytes = tonumber(kilobytes),
  }
end

local function show(name, rows, result)
  print(
    ("%-24s %8d rows  %7.1f s  %6.0f rows/s  %5.0f µs CPU a row  %5.1f MB"):format(
      name,
      rows,
      result.seconds,
      rows / result.seconds,
      result.cpu * 1e6 / rows,
      result.kilobytes / 1024
    )
  )
end

local HEADER = "email,firstname,lastname,phone,company,website,jobtitle,address,city,state,zip,country,lead_score,"
  .. "lead_tier,interests,newsletter_consent,contract_start,salutation,mobilephone,fax"

local ROW = "person%d@example.org,First %d,Last %d,+49 30 %07d,Company %d,https://example.org/%d,Engineer,Street %d,"
  .. "City %d,Land,%05d,Germany,%d,a,newsletter;webinars,true,2026-02-28,Dr.,+49 171 %07d,+49 30 %07d\n"

-- A file of contacts with 20 properties.
local function people(count)
  local path = FOLDER .. "/people.csv"
  local file = assert(io.open(path, "w"))
  file:write(HEADER, "\n")
  for n = 1, count do
    file:write(ROW:format(n, n, n, n, n % 5000, n, n % 300, n % 900, n % 100000, n % 100, n, n))
  end
  file:close()
  return path
end

local scenarios = {}

-- An import of new contacts at 80 ms under 190 requests in 10 s.
scenarios["import"] = {
  rows = 100000,
  run = function(rows)
    local server = sandbox.start { latency = 80, quota = "190/10" }
    local result = measure(server, ("import contacts %s --write"):format(people(rows)))
    server:stop()
    return result
  end,
}

-- The same without latency and quota: what the command itself takes.
scenarios["import-memory"] = {
  rows = 1000000,
  run = function(rows)
    local server = sandbox.start {}
    local result = measure(server, ("import contacts %s --write"):format(people(rows)))
    server:stop()
    return result
  end,
}

-- The check of a file and the comparison with what is there.
scenarios["import-dry"] = {
  rows = 100000,
  run = function(rows)
    local server = sandbox.start {}
    local result = measure(server, ("import contacts %s"):format(people(rows)))
    server:stop()
    return result
  end,
}

-- The pace that the command and the sandbox reach together, where no quota holds them back.
scenarios["import-unlimited"] = {
  rows = 100000,
  run = function(rows)
    local server = sandbox.start { latency = 80 }
    local result = measure(server, ("import contacts %s --write"):format(people(rows)))
    server:stop()
    return result
  end,
}

local NAMES = { "import", "import-unlimited", "import-dry", "import-memory" }

local wanted = #arg > 0 and arg or NAMES
for _, word in ipairs(wanted) do
  local name, rows = word:match "^([%w-]+)=?(%d*)$"
  local scenario = scenarios[name] or error("no scenario " .. word)
  rows = tonumber(rows) or scenario.rows
  show(name, rows, scenario.run(rows))
end
os.execute("rm -r " .. FOLDER)
