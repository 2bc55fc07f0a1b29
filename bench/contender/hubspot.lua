-- This library. A third argument is the option `parallel`.
local hubspot = require "hubspot"

local base_url, properties, parallel = arg[1], arg[2], tonumber(arg[3])
local client = hubspot.new { token = "pat-bench", base_url = base_url }
if not base_url then return end

local names = {}
for name in properties:gmatch "[^,]+" do names[#names + 1] = name end

local count, length = 0, 0
for contact in client.contacts:all { properties = names, parallel = parallel } do
  count = count + 1
  length = length + #contact.properties.email
end
print(count, length)
