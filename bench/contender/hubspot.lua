-- This library. A third argument is the option `parallel`. With UNLIMITED in the environment there is no quota to keep:
-- the limiter would keep HubSpot's.
local hubspot = require "hubspot"

local base_url, properties, parallel = arg[1], arg[2], tonumber(arg[3])
local options = { token = "pat-bench", base_url = base_url }
if os.getenv "UNLIMITED" then options.limiter = false end
local client = hubspot.new(options)
if not base_url then return end

local names = {}
for name in properties:gmatch "[^,]+" do
  names[#names + 1] = name
end

local count, length = 0, 0
for contact in client.contacts:all { properties = names, parallel = parallel } do
  count = count + 1
  length = length + #contact.properties.email
end
print(count, length)
