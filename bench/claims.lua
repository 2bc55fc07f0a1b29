--- The claims that must hold, computed from the measurements of one bench.

local results = require "results"

local claims = {}

local function median(spread) return spread and spread.median end

local function ratio(a, b) return a and b and a / b end

local function of_label(measured, scenario, label, value_of, records)
  return median(
    results.spread(results.select(measured, { scenario = scenario, label = label, records = records }), value_of)
  )
end

local function pace(run) return run.records / run.wall end
local function requests(run) return run.requests end
local function refused(run) return run.refused end
local function megabytes(run) return run.memory_kb / 1024 end

-- The larger one of the Node client's, with its own limiter and without.
local function node_pace(measured, scenario)
  local own = of_label(measured, scenario, "@hubspot/api-client (Node)", pace)
  local lifted = of_label(measured, scenario, "@hubspot/api-client, its limiter lifted", pace)
  return own and lifted and math.max(own, lifted)
end

local function besides_further(run) return run.requests - run.further end
local function twice(run) return run.twice end

-- Companies that come and go, associations, and writes of many rows.
local function add_objects(measured, at_least, at_most)
  local changing = "this library, parallel = 8"
  at_least("companies a second while some come and go", 1700, of_label(measured, "objects-80", changing, pace))
  at_most("429s reading companies", 0, of_label(measured, "objects-80", changing, refused))

  local function of_associations(value_of, contacts)
    return of_label(measured, "associations-80", "this library", value_of, contacts)
  end
  at_most("requests of 100,000 contacts' associations", 110, of_associations(besides_further, 100000))
  at_most(
    "memory of associations, of 100,000 contacts to 20,000",
    1.1,
    ratio(of_associations(megabytes, 100000), of_associations(megabytes, 20000))
  )

  for _, kind in ipairs { "create", "upsert" } do
    local method = kind .. "_many"
    local label = "this library, " .. method
    at_least(("rows of %s a second, 1 %% bad"):format(method), 1700, of_label(measured, "write-80", label, pace))
    at_most("429s of " .. method, 0, of_label(measured, "write-80", label, refused))
    at_most("rows written twice by " .. method, 0, of_label(measured, "write-80", label, twice))
    at_most(
      ("CPU a row of %s, of the Node client's batch call"):format(method),
      0.25,
      ratio(
        median(results.cpu_a_row(measured, label)),
        median(results.cpu_a_row(measured, "@hubspot/api-client, batchApi." .. kind))
      )
    )
  end
end

--- Each claim: `text`, `bound`, `value` (nil where it was not measured), `holds`.
function claims.of(measured)
  local list = {}
  local function at_most(text, bound, value)
    list[#list + 1] = { text = text, bound = ("≤ %g"):format(bound), value = value, holds = value and value <= bound }
  end
  local function at_least(text, bound, value)
    list[#list + 1] = { text = text, bound = ("≥ %g"):format(bound), value = value, holds = value and value >= bound }
  end

  local ours, socket = results.of(measured, "hubspot"), results.of(measured, "luasocket")
  local node = results.of(measured, "api_client")
  at_most("CPU a record, of the LuaSocket loop's", 0.7, ratio(median(ours.cpu), median(socket.cpu)))
  at_most("CPU a record, of the Node client's", 0.25, ratio(median(ours.cpu), median(node.cpu)))
  at_most("load, ms more than bare lua5.4", 10, median(ours.load))
  at_most("load, of the Node client's", 0.25, ratio(median(ours.load), median(node.load)))
  at_most("installed, kB", 1024, ours.size)

  local most_memory, least_memory
  for _, run in ipairs(results.select(measured, { scenario = "memory" })) do
    most_memory = math.max(most_memory or 0, megabytes(run))
    least_memory = math.min(least_memory or math.huge, megabytes(run))
  end
  at_most("peak memory up to 1,000,000 contacts, MB", 16, most_memory)
  at_most("peak memory, most contacts to fewest", 1.1, ratio(most_memory, least_memory))

  local parallel = "this library, parallel = 8"
  for _, place in ipairs { { "quota-80", "80 ms", 1.3 }, { "quota-250", "250 ms", 4 } } do
    local scenario, text, factor = place[1], place[2], place[3]
    local own_pace = of_label(measured, scenario, parallel, pace)
    at_least("contacts a second under quota, " .. text, 1700, own_pace)
    at_most("429s, " .. text, 0, of_label(measured, scenario, parallel, refused))
    at_least("pace, times the Node client's, " .. text, factor, ratio(own_pace, node_pace(measured, scenario)))
  end
  at_least("contacts of a list a second, 80 ms", 1200, of_label(measured, "list-80", "this library", pace))
  at_most("429s reading a list", 0, of_label(measured, "list-80", "this library", refused))
  at_most("requests of 10,000 gets, coalesced", 101, of_label(measured, "single", "this library", requests, 10000))
  at_most("requests where one record is read", 2, of_label(measured, "first", "this library", requests))
  add_objects(measured, at_least, at_most)
  return list
end

return claims
