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

local function check(cell, expected)
  assert.equal(expected, cell.outcome, tostring(cell.err))
  assert.is_nil(invariants.problem(cell))
  assert.is_truthy(cell.after.value, tostring(cell.after.err))
end

for _, row in ipairs(faults) do
  for _, case in ipairs { "once", "always" } do
    if row[case] then
      describe(("%s, %s"):format(row.name, case), function()
        local results

        setup(function()
          place.clients = row.oauth and { current = clients.oauth_current, v1 = clients.oauth_v1 } or clients
          results = strike.all(place, row, case, clean_requests)
        end)

        strike.each(function(key, class)
          local expected = faults.expected(row, case, class, key)
          if not expected then return end
          it(("%s: %s"):format(key, expected), function() check(results[key], expected) end)
        end)
      end)
    end
  end
end
