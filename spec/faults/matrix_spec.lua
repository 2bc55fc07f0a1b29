-- Each fault that the sandbox can produce, on each kind of operation: the required outcome is in `spec.faults.faults`,
-- the invariants of every outcome are in `spec.faults.invariants`.

local faults = require "spec.faults.faults"
local invariants = require "spec.faults.invariants"
local strike = require "spec.faults.strike"
local world = require "spec.faults.world"

local place, clean_requests
local clients = {}

setup(function()
  place = world.start()
  for _, name in ipairs { "current", "v1" } do
    local api_version = name == "v1" and "v1" or nil
    clients[name] = place:client { api_version = api_version }
    clients["oauth_" .. name] = place:oauth_client { api_version = api_version }
  end
  place.clients = clients
  clean_requests = strike.clean_requests(place)
end)

teardown(function()
  for _, client in pairs(clients) do
    client:close()
  end
  place:stop()
end)

local function problem_of(cell, expected)
  if cell.outcome ~= expected then return ("%s, not %s: %s"):format(cell.outcome, expected, tostring(cell.err)) end
  local problem = invariants.problem(cell)
  if problem then return problem end
  if not cell.after.value then return "once the fault was over: " .. tostring(cell.after.err) end
end

local function problems_of(row, case, results)
  local problems, count = {}, 0
  strike.each(function(key, class)
    local expected = faults.expected(row, case, class, key)
    if not expected then return end
    count = count + 1
    local problem = problem_of(results[key], expected)
    if problem then problems[#problems + 1] = ("%s: %s"):format(key, problem) end
  end)
  assert(count > 0, "nothing was struck")
  return problems
end

-- An example for each operation would take longer than to strike it.
describe("each operation ends as it must at", function()
  for _, row in ipairs(faults) do
    for _, case in ipairs { "once", "always" } do
      if row[case] then
        it(("%s, %s"):format(row.name, case), function()
          place.clients = row.oauth and { current = clients.oauth_current, v1 = clients.oauth_v1 } or clients
          assert.same({}, problems_of(row, case, strike.all(place, row, case, clean_requests)))
        end)
      end
    end
  end
end)
