-- This library: a consumer that stops after the first record.
local hubspot = require "hubspot"

local client = hubspot.new { token = "pat-bench", base_url = arg[1] }
for contact in client.contacts:all { properties = { "email" } } do -- luacheck: ignore 512
  print(1, #contact.properties.email)
  break
end
