-- This library: the companies of contacts, 10,000 contacts a call.
local hubspot = require "hubspot"

local base_url, wanted = arg[1], tonumber(arg[3])
local client = hubspot.new { token = "pat-bench", base_url = base_url }

local CONTACTS_A_CALL = 10000

local function ids_from(place)
  local ids = {}
  for index = place, math.min(place + CONTACTS_A_CALL - 1, wanted) do
    ids[#ids + 1] = ("%d"):format(51 + 50 * (index - 1))
  end
  return ids
end

local contacts, companies = 0, 0
for place = 1, wanted, CONTACTS_A_CALL do
  for _, contact in ipairs(assert(client.associations:get_many("contacts", ids_from(place), "companies"))) do
    contacts = contacts + 1
    companies = companies + #contact.to
  end
end
print(contacts, companies)
