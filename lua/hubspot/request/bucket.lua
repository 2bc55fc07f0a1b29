-- Finds the quota of HubSpot that a request counts in.

local function is_search(path)
  return path:find "^/crm/objects/[^/]+/[^/]+/search$" or path:find "^/crm/v3/objects/[^/]+/search$"
end

-- Associations of many records, their labels and limits: HubSpot does not count them among the requests of ten seconds.
local function is_exempt(path) return path:find "^/crm/associations/" or path:find "^/crm/v4/associations/" end

--- The name of a limiter's bucket.
-- @tparam string path with or without values in it
-- @treturn string "general", "search" or "exempt"
return function(path)
  if is_search(path) then return "search" end
  return is_exempt(path) and "exempt" or "general"
end
