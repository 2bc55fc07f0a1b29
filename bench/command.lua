-- Measures hubspot-lua: records a second under HubSpot's quota, CPU and memory. From the root of the source tree:
-- `make bench-command`, or one scenario, with another number of rows:
--
--   make bench-command SCENARIOS="import=20000 import-memory"

package.path = "bench/?.lua;" .. package.path

local sandbox = require "spec.support.sandbox"
local server_of_pages = require "server"

local FOLDER = os.tmpname()
os.remove(FOLDER)
assert(os.execute("mkdir " .. FOLDER))

local MOST_SECONDS = 3600

-- Runs the command and gives `seconds`, `cpu`, `kilobytes` and `code`. Its memory is its own: Lua would pass on its own
-- resident set across fork.
local function measure_program(server, program)
  local line = ("HUBSPOT_TOKEN=any HUBSPOT_BASE_URL=%s LUA=lua5.4 build/bench/measure %d %s 2>&1"):format(
    server.url,
    MOST_SECONDS,
    program
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

local function measure(server, arguments) return measure_program(server, "bin/hubspot-lua " .. arguments) end

local function show(name, rows, result)
  print(
    ("%-24s %8d rows  %7.1f s  %6.0f rows/s  %5.1f µs CPU a row  %5.1f MB%s"):format(
      name,
      rows,
      result.seconds,
      rows / result.seconds,
      result.cpu * 1e6 / rows,
      result.kilobytes / 1024,
      result.refused and ("  %d requests, %d of them refused"):format(result.requests, result.refused) or ""
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

local PROPERTIES = "address,annualrevenue,city,company,country,createdate,email,fax,firstname,hs_analytics_source,"
  .. "hs_lead_status,hs_object_id,jobtitle,lastmodifieddate,lastname,lifecyclestage,notes_last_contacted,phone,"
  .. "website,zip"

-- Runs a program against nginx with prepared contacts of 20 properties, `settings` of the portal.
local function read_pages(settings, program)
  local portal = server_of_pages.start "bench/server"
  portal:set(settings)
  local result = measure_program(portal, program:gsub("URL", portal.url))
  local counts = portal:counts()
  result.requests, result.refused = counts.requests, counts.refused
  portal:close()
  return result
end

local function export_to(name)
  return ("bin/hubspot-lua export contacts --properties %s -o %s/%s"):format(PROPERTIES, FOLDER, name)
end

-- Settings of a portal that is 80 ms away and has HubSpot's quota.
local function at_80_ms(rows) return { contacts = rows, latency = 0.08, quota = 190 } end

-- An export of contacts with 20 properties at 80 ms under 190 requests in 10 s.
scenarios["export"] = {
  rows = 100000,
  run = function(rows) return read_pages(at_80_ms(rows), export_to "c.csv") end,
}

-- The same contacts at the same pace by the library alone, in a loop that looks at one property.
scenarios["export-plain-loop"] = {
  rows = 100000,
  run = function(rows)
    return read_pages(at_80_ms(rows), ("lua5.4 bench/contender/hubspot.lua URL %s"):format(PROPERTIES))
  end,
}

-- The highest that a client believes.
local HIGH_QUOTA = 500

for name, file in pairs { ["export-memory"] = "c.csv", ["export-jsonl"] = "c.jsonl" } do
  scenarios[name] = {
    rows = name == "export-memory" and 1000000 or 100000,
    run = function(rows) return read_pages({ contacts = rows, quota = HIGH_QUOTA }, export_to(file)) end,
  }
end

-- The contacts by the library alone, as an export reads them, without latency.
scenarios["export-loop"] = {
  rows = 100000,
  run = function(rows)
    return read_pages(
      { contacts = rows, quota = HIGH_QUOTA },
      ("lua5.4 bench/contender/hubspot.lua URL %s 8"):format(PROPERTIES)
    )
  end,
}

local NAMES = {
  "export",
  "export-memory",
  "export-jsonl",
  "export-loop",
  "export-plain-loop",
  "import",
  "import-unlimited",
  "import-dry",
  "import-memory",
}

-- Tells how much CPU an export takes of that of the plain loop over the same properties, where both were measured.
local function show_ratio(cpu_a_row)
  local export, loop = cpu_a_row["export"], cpu_a_row["export-plain-loop"]
  if export and loop then print(("export, CPU a row: %.2f of the plain loop's, at most 2.5"):format(export / loop)) end
end

local wanted, cpu_a_row = #arg > 0 and arg or NAMES, {}
for _, word in ipairs(wanted) do
  local name, rows = word:match "^([%w-]+)=?(%d*)$"
  local scenario = scenarios[name] or error("no scenario " .. word)
  rows = tonumber(rows) or scenario.rows
  local result = scenario.run(rows)
  show(name, rows, result)
  cpu_a_row[name] = result.cpu / rows
end
show_ratio(cpu_a_row)
os.execute("rm -r " .. FOLDER)
