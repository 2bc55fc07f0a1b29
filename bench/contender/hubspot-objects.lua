-- This library: all companies in parallel, while others come and go. Prints how many never came of those that were
-- there throughout, and how many came twice.
local core = require "hubspot.core"
local http = require "socket.http"
local hubspot = require "hubspot"

local base_url, properties, wanted = arg[1], arg[2], tonumber(arg[3])
local client = hubspot.new { token = "pat-bench", base_url = base_url }

local names = {}
for name in properties:gmatch "[^,]+" do
  names[#names + 1] = name
end

local seen, twice = {}, 0
for company in client.companies:all { properties = names, parallel = 8 } do
  local id = tonumber(company.id)
  if seen[id] then twice = twice + 1 end
  seen[id] = true
end

local removed = {}
for _, id in ipairs(core.decode((http.request(base_url .. "/_bench/removed"))).ids) do
  removed[id] = true
end
local missing = 0
for place = 1, wanted do
  local id = 51 + 50 * (place - 1)
  if not seen[id] and not removed[id] then missing = missing + 1 end
end
print(missing, twice)
