-- Says what a mirror of many records asks of HubSpot: counts requests of real runs against a sandbox in this process,
-- at two sizes, and continues the line through them. Prints Markdown. No time is measured: a quota decides it.
--
--   lua5.4 bench/mirror_growth.lua [small] [large]     2,000 and 20,000 contacts when left out

local root = (arg[0]:match "^(.*)/" or ".") .. "/.."
package.path = ("ROOT/lua/?.lua;ROOT/lua/?/init.lua;ROOT/program/?.lua;ROOT/program/?/init.lua;ROOT/?.lua;"):gsub(
  "ROOT",
  root
) .. package.path
package.cpath = ("%s/build/lua5.4/?.so;%s"):format(root, package.cpath)
-- What the specs' support asks of busted is of no use here.
package.preload.busted = function() return {} end

local scratch = require "spec.support.scratch"
local support = require "spec.support.mirror"

local SMALL, LARGE = tonumber(arg[1]) or 2000, tonumber(arg[2]) or 20000

-- Contacts that change before the last run at each size: some, and so many that each costs its share of a request.
local SOME, MANY = 20, LARGE / 10

local QUOTAS = {
  { name = "100 in 10 s, 250,000 a day", a_second = 10, a_day = 250000 },
  { name = "190 in 10 s, 625,000 a day", a_second = 19, a_day = 625000 },
  { name = "190 in 10 s, 1,000,000 a day", a_second = 19, a_day = 1000000 },
}

local RUNS_A_DAY = 288

-- Counting -----------------------------------------------------------------------------------------------------------

local function counted(mirror, options)
  local count = 0
  mirror.rewrite = function(body)
    count = count + 1
    return body
  end
  mirror:run(options)
  mirror.rewrite = nil
  return count
end

local function change_some(mirror, count)
  local inputs, changed = {}, 0
  for record in mirror.client.contacts:all { max = count } do
    inputs[#inputs + 1] = { id = record.id, properties = { city = "Hel" } }
    changed = changed + 1
  end
  assert(mirror.client.contacts:update_many(inputs))
  return changed
end

-- The requests of a first copy, of a run without changes and of one with some, of contacts and a fifth as many
-- companies, with their associations.
local function measure(contacts, changed, association_requests)
  local file = support.sqlite_file(scratch.folder_on_disk())
  local mirror = support.start(
    file.address,
    { contacts = contacts, companies = contacts / 5, contacts_changed_at = support.START - 30 * 86400000 },
    { objects = { "contacts", "companies" }, association_requests = association_requests, sweep = "never" }
  )
  local found = { records = contacts + contacts / 5 }
  found.first = counted(mirror)
  -- Made-up records changed within the last hour, too: let them settle.
  mirror.portal:advance(7200)
  mirror:run()
  mirror.portal:advance(300)
  found.quiet = counted(mirror)
  found.changed = change_some(mirror, changed)
  mirror.portal:advance(60)
  found.busy = counted(mirror)
  mirror:close()
  file.remove()
  return found
end

-- Continuing ---------------------------------------------------------------------------------------------------------

-- A line through two counts.
local function line(small, large, name)
  local slope = (large[name] - small[name]) / (large.records - small.records)
  return function(count) return math.max(0, large[name] + slope * (count - large.records)) end
end

local function shown(number)
  local text = ("%.0f"):format(number):reverse():gsub("(%d%d%d)", "%1,"):reverse()
  return (text:gsub("^,", ""))
end

local function span(seconds)
  if seconds < 7200 then return ("%.0f minutes"):format(seconds / 60) end
  if seconds < 2 * 86400 then return ("%.1f hours"):format(seconds / 3600) end
  return ("%.1f days"):format(seconds / 86400)
end

-- Seconds that a quota lets requests take: a day's first requests go at its pace, the rest waits for the next day.
local function duration(requests, quota)
  local days = math.floor(requests / quota.a_day)
  return days * 86400 + (requests - days * quota.a_day) / quota.a_second
end

local function print_row(cells) print("| " .. table.concat(cells, " | ") .. " |") end

local function print_head(cells)
  print_row(cells)
  print("|" .. ("---|"):rep(#cells))
end

local function print_counts(title, found)
  for _, one in ipairs(found) do
    print_row { title, shown(one.records), shown(one.first), shown(one.quiet), shown(one.changed), shown(one.busy) }
  end
end

-- Small accounts read all associations in each run; large ones those of records that changed.
local whole = { measure(SMALL, SOME, 1e9), measure(LARGE, MANY, 1e9) }
local touched = { measure(SMALL, SOME, 0), measure(LARGE, MANY, 0) }

print_head { "associations", "records", "first copy", "run without changes", "changed", "run with these" }
print_counts("all in each run", whole)
print_counts("of what changed", touched)
print()

local columns = { "records", "requests of a first copy" }
for _, quota in ipairs(QUOTAS) do
  columns[#columns + 1] = quota.name
end
columns[#columns + 1] = "requests of a quiet day, each 5 minutes"
columns[#columns + 1] = "of one on which 1% changes"
print_head(columns)
local first, quiet = line(touched[1], touched[2], "first"), line(touched[1], touched[2], "quiet")

-- The requests that some changed records add to a run.
local function added(changed)
  local least = touched[1].busy - touched[1].quiet
  return math.max(least, (touched[2].busy - touched[2].quiet) / touched[2].changed * changed)
end

for _, records in ipairs { 1e6, 1e7, 1e8 } do
  local row = { shown(records), shown(first(records)) }
  for _, quota in ipairs(QUOTAS) do
    row[#row + 1] = span(duration(first(records), quota))
  end
  row[#row + 1] = shown(quiet(records) * RUNS_A_DAY)
  row[#row + 1] = shown((quiet(records) + added(records / 100 / RUNS_A_DAY)) * RUNS_A_DAY)
  print_row(row)
end
