-- This library: each contact is read by a call of its own, as many at once as `map` allows.
local hubspot = require "hubspot"

local base_url, properties, wanted = arg[1], arg[2], tonumber(arg[3])
local client = hubspot.new { token = "pat-bench", base_url = base_url }

local names = {}
for name in properties:gmatch "[^,]+" do
  names[#names + 1] = name
end

local ids = {}
for index = 1, wanted do
  ids[index] = 51 + 50 * (index - 1)
end

local contacts, errors = client:map(
  ids,
  function(id) return client.contacts:get(id, { properties = names, coalesce = true }) end,
  { concurrency = 1000 }
)

for _, err in pairs(errors) do
  error(err, 0)
end
local count, length = 0, 0
for _, contact in ipairs(contacts) do
  count = count + 1
  length = length + #contact.properties.email
end
print(count, length)
