--- The route that a path that the sandbox lacks may have meant.
local did_you_mean = require "hubspot.did_you_mean"

local nearest_route = {}

-- A segment that is missing or too much, a parameter, and another method.
local MISSING, PARAMETER, OTHER_METHOD = 1, 0.2, 0.3

local function segments_of(path)
  local segments = {}
  for segment in path:gmatch "[^/]+" do
    segments[#segments + 1] = segment
  end
  return segments
end

local function segment_cost(asked, known)
  if known:sub(1, 1) == "{" then return PARAMETER end
  local _, distance = did_you_mean.nearest(asked, { [known] = true })
  return math.min(1, distance / math.max(#known, 1))
end

local function cost_of(asked, known)
  local cost = math.abs(#asked - #known) * MISSING
  for index = 1, math.min(#asked, #known) do
    cost = cost + segment_cost(asked[index], known[index])
  end
  return cost
end

--- The one of `routes` (each with `method` and `path`) that is nearest to a method and a path.
function nearest_route.find(routes, method, path)
  local asked, best, best_cost = segments_of(path), nil, math.huge
  for _, route in ipairs(routes) do
    local cost = cost_of(asked, segments_of(route.path)) + (route.method == method and 0 or OTHER_METHOD)
    if cost < best_cost then
      best, best_cost = route, cost
    end
  end
  return best and { method = best.method, path = best.path }
end

return nearest_route
