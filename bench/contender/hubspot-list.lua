-- This library: the contacts of a list.
local hubspot = require "hubspot"

local base_url, properties = arg[1], arg[2]
local client = hubspot.new { token = "pat-bench", base_url = base_url }

local names = {}
for name in properties:gmatch "[^,]+" do
  names[#names + 1] = name
end

local count, length = 0, 0
for contact in client.lists:contacts(61, { properties = names }) do
  count = count + 1
  length = length + #contact.properties.email
end
print(count, length)
