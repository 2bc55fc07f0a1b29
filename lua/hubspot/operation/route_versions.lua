-- Routes that differ by the date of HubSpot's API.

local merge = require "hubspot.merge"

-- Routes by date, by the route that declares `versions`.
local made = setmetatable({}, { __mode = "k" })

local function make(route, date)
  local whole = merge { route, route.versions[date] or {} }
  whole.versions = nil
  made[route] = made[route] or {}
  made[route][date] = whole
  return whole
end

--- Returns a route as it is at a date: with what its `versions` say of that one.
-- @tparam table route
-- @tparam string date
-- @treturn table
return function(route, date)
  if not route.versions then return route end
  return made[route] and made[route][date] or make(route, date)
end
