#!/usr/bin/env lua5.4
-- Runs the bench: every scenario, or those that are named. Contenders take turns, run by run, so that what else the
-- machine does meets them all. Run it from the project's root, after `make bench-build`.

package.path = "bench/?.lua;" .. package.path

local argparse = require "argparse"
local contenders = require "contenders"
local report = require "report"
local results = require "results"
local scenarios = require "scenarios"
local server = require "server"

local PROPERTIES = "address,annualrevenue,city,company,country,createdate,email,fax,firstname,hs_analytics_source,"
  .. "hs_lead_status,hs_object_id,jobtitle,lastmodifieddate,lastname,lifecyclestage,notes_last_contacted,phone,"
  .. "website,zip"

-- Seconds after which a contender is ended.
local LONGEST_RUN = 900

local function output_of(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "a"
  pipe:close()
  return text
end

local function quoted(words)
  local list = {}
  for index, word in ipairs(words) do
    list[index] = "'" .. word .. "'"
  end
  return table.concat(list, " ")
end

-- The output of a contender that has read this many contacts: their number, and the summed length of their addresses.
local function expected_output(records)
  local length = 0
  for place = 1, records do
    length = length + #("contact%d@example.com"):format(51 + 50 * (place - 1))
  end
  return records, length
end

local function check_output(entry, text)
  local first, second = text:match "(%d+)%s+(%d+)%s*$"
  local wanted_first, wanted_second = table.unpack(entry.prints or { expected_output(entry.records or entry.contacts) })
  if tonumber(first) == wanted_first and tonumber(second) == wanted_second then return true end
  return nil, ("it printed %q, not %d and %d"):format(text, wanted_first, wanted_second)
end

-- Runs a command and returns what was measured and what it printed; or nil and what it wrote to stderr.
local function measure(environment, command)
  local complaints = os.tmpname()
  local text = output_of(("%s build/bench/measure %d %s 2>%s"):format(environment, LONGEST_RUN, command, complaints))
  local file = assert(io.open(complaints))
  local complaint = file:read "a"
  file:close()
  os.remove(complaints)
  local printed, wall, user, system, memory, code = text:match "^(.-)measured (%S+) (%S+) (%S+) (%d+) (%d+)\n$"
  if not printed then error(("no measurement of %s: %s%s"):format(command, text, complaint), 0) end
  if code ~= "0" then return nil, ("exit code %s: %s"):format(code, complaint) end
  return {
    wall = tonumber(wall),
    user = tonumber(user),
    system = tonumber(system),
    memory_kb = tonumber(memory),
  },
    printed
end

-- The interpreter alone is measured right before, while the machine is as busy.
local function measure_load(contender)
  local bare, bare_complaint = measure("", contender.bare)
  if not bare then return nil, bare_complaint end
  local run, complaint = measure(contender.environment, contender.command)
  if not run then return nil, complaint end
  run.bare_wall = bare.wall
  return run
end

local function run_entry(portal, scenario, entry)
  local contender = contenders[entry.contender]
  if scenario.load then return measure_load(contender) end
  portal:set {
    contacts = entry.contacts,
    members = entry.members,
    changes = entry.changes,
    latency = scenario.latency,
    quota = scenario.quota,
  }
  local words = { portal.url, PROPERTIES, table.unpack(entry.arguments or {}) }
  local environment = contender.environment .. (scenario.quota and "" or "UNLIMITED=1 ")
  local run, printed = measure(environment, contender.command .. " " .. quoted(words))
  if not run then return nil, printed end
  local right, complaint = check_output(entry, printed)
  if not right then return nil, complaint end
  local counts = portal:counts()
  for name, count in pairs(counts) do
    run[name] = count
  end
  run.contacts, run.records = entry.contacts, entry.records or entry.contacts
  run.latency, run.quota = scenario.latency, scenario.quota
  return run
end

-- Why an entry cannot run at all, or nil.
local function obstacle(entry)
  local contender = contenders[entry.contender]
  if contender.needs and not os.execute(contender.needs .. " >/dev/null") then return contender.missing end
  return nil
end

local function skip(scenario, entry, reason)
  io.stderr:write(("skipped: %s, %s: %s\n"):format(scenario.name, entry.label, reason))
end

local function entries_of(scenario, quick)
  local list = {}
  for _, entry in ipairs(scenario.entries) do
    local copy = {}
    for name, value in pairs(entry) do
      copy[name] = value
    end
    for name, value in pairs(quick and entry.quick or {}) do
      copy[name] = value
    end
    local reason = obstacle(entry)
    if reason then
      skip(scenario, entry, reason)
    else
      list[#list + 1] = copy
    end
  end
  return list
end

-- Why an entry did not run: this build does not have what it asks for, or it failed.
local function tell_complaint(scenario, entry, complaint)
  local option = complaint:match "unknown option ([%w_]+)"
  if option then
    skip(scenario, entry, ("this build has no option %s"):format(option))
    return true
  end
  io.stderr:write(("FAILED: %s, %s: %s\n"):format(scenario.name, entry.label, complaint))
  return false
end

-- Returns whether nothing failed. An entry that did not run once is not tried again.
local function run_scenario(portal, scenario, options, collected)
  local entries = entries_of(scenario, options.quick)
  local given_up, succeeded = {}, true
  for turn = 1, options.runs or options.quick and 1 or scenario.runs do
    io.stderr:write(("%s, run %d\n"):format(scenario.name, turn))
    for _, entry in ipairs(entries) do
      local run, complaint
      if not given_up[entry] and turn <= (entry.runs or turn) then
        run, complaint = run_entry(portal, scenario, entry)
      end
      if run then
        run.scenario, run.contender, run.label, run.turn = scenario.name, entry.contender, entry.label, turn
        collected[#collected + 1] = run
      elseif complaint then
        given_up[entry] = true
        succeeded = tell_complaint(scenario, entry, complaint) and succeeded
      end
    end
  end
  return succeeded
end

local function sizes()
  local list = {}
  for _, entry in ipairs(scenarios.readers) do
    if not obstacle(entry) then
      list[entry.contender] = assert(tonumber(output_of(contenders[entry.contender].size)), "size of " .. entry.label)
    end
  end
  list.with_command = assert(tonumber(output_of(contenders.hubspot.size_of_all)), "size of the rocks")
  return list
end

local function machine()
  local function first_line(command) return (output_of(command .. " 2>&1"):match "[^\n]*") end
  return {
    processor = first_line "sed -n 's/^model name.*: //p' /proc/cpuinfo",
    cores = tonumber((first_line "nproc")),
    kernel = first_line "uname -sr",
    lua = first_line "lua5.4 -v",
    node = first_line((os.getenv "NODE" or "node") .. " --version"),
    libcurl = first_line "pkg-config --modversion libcurl",
    nginx = first_line "PATH=$PATH:/usr/sbin nginx -v",
  }
end

local function chosen_scenarios(names)
  if #names == 0 then return scenarios end
  local by_name, known, list = {}, {}, {}
  for index, scenario in ipairs(scenarios) do
    by_name[scenario.name] = scenario
    known[index] = scenario.name
  end
  for index, name in ipairs(names) do
    list[index] = by_name[name] or error(("no scenario %s; there are %s"):format(name, table.concat(known, ", ")), 0)
  end
  return list
end

local parser = argparse("bench/run.lua", "Measures this library against what else reads HubSpot's contacts.")
parser:argument("scenario", "which to run; all of them when none is named"):args "*"
parser:flag("--quick", "few contacts, one run: tells whether the bench works, not how fast anything is")
parser:option("--runs", "how often each is run, instead of its own number"):convert(tonumber)
parser:option("--output", "where the raw numbers go, as JSON")
parser:option("--show", "prints the tables of such a file, and runs nothing")
local options = parser:parse()

local function main()
  if options.show then
    report.print(results.read(options.show))
    return true
  end
  local list = chosen_scenarios(options.scenario)
  local whole = #options.scenario == 0 and not options.quick and not options.runs
  local collected = {}
  local portal = server.start "bench/server"
  local complete = true
  local ended, failure = pcall(function()
    for _, scenario in ipairs(list) do
      complete = run_scenario(portal, scenario, options, collected) and complete
    end
  end)
  portal:close()
  if not ended then error(failure, 0) end
  local measured = { machine = machine(), sizes = sizes(), runs = collected }
  results.write(options.output or whole and "bench/results.json" or "build/bench/results.json", measured)
  report.print(measured)
  if options.quick then print "A quick run: it tells that the bench works, and of its numbers none." end
  return complete
end

local ended, outcome = pcall(main)
if not ended then io.stderr:write("bench: ", tostring(outcome), "\n") end
os.exit(ended and outcome)
