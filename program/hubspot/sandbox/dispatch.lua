--- From a request to the route that answers it, and what is checked on the way: its length, its credential, the quota.
local authorization = require "hubspot.sandbox.authorization"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local dispatch = {}

-- HubSpot itself takes some 16,000 characters; what stands before it, often 8,192 for the whole request line.
local LONGEST_TARGET = 8192 - #"GET  HTTP/1.1"
local DATES = { ["2025-09"] = true, ["2026-03"] = true, ["2026-09"] = true }

-- `/crm/v3/objects/contacts` is `/crm/objects/v3/contacts` to the routes, as are the paths of marketing; the schemas of
-- v3 have a path of their own.
local function routed_segments(req)
  local segments = req.segments
  if segments[1] ~= "crm" and segments[1] ~= "marketing" then return segments end
  local moved = {}
  for index, segment in ipairs(segments) do
    moved[index] = segment
  end
  if moved[2] == "v3" and moved[3] == "schemas" then
    moved[1] = "crm-object-schemas"
    return moved
  end
  if moved[2] == "v3" or moved[2] == "v4" then
    moved[2], moved[3] = moved[3], moved[2]
  end
  return moved
end

-- v4 has associations only, and all of them; what is new in the date versions is not in v3.
local function has_version(route, version)
  if version == "v4" then return route.in_v4 or false end
  if version == "v3" then return not route.only_dated end
  return DATES[version] or false
end

-- Searches have a bucket of their own, and batches and labels of associations are outside of all but the day's.
local function bucket_of(route)
  if route and route.is_search then return "search" end
  return route and route.is_exempt and "exempt" or "general"
end

local function handle(portal, req)
  if #req.path + #req.query_text + 1 > LONGEST_TARGET then return reply.html(414) end
  request.check_target(req)
  local route, params = portal.routes:route(req.method, routed_segments(req))
  if not route and not params then
    -- At HubSpot, too, the lists of v1 are gone, and there is nothing at the root.
    local is_there_nowhere = #req.segments == 0 or portal.removed:route(req.method, req.segments)
    return is_there_nowhere and reply.html(404) or reply.unknown_here(req)
  end
  if route and route.elsewhere then return reply.unknown_here(req) end
  if route and params.D and not has_version(route, params.D) then return reply.html(404) end
  req.bucket = bucket_of(route)
  authorization.check(portal, route, req)
  portal.granted = req.granted or portal.scopes
  -- A request for a token has none yet to count against.
  local refusal = not (route and route.auth == "none") and portal.quota:count(req.bucket, portal.clock.now())
  if refusal then return refusal end
  if not route then return reply.empty(405, { allow = table.concat(params, ",") }) end
  req.params = params
  authorization.check_scopes(portal, route, req)
  return route.handler(portal, req)
end

--- Carries out a request of `request.parse`, and gives its answer. A handler ends early by throwing its answer;
-- anything else thrown is a bug and is rethrown.
function dispatch.carry_out(portal, req)
  local fine, answer = pcall(handle, portal, req)
  if not fine then
    if type(answer) ~= "table" or not answer.reply then error(answer, 0) end
    answer = answer.reply
  end
  if req.bucket ~= "search" and req.bucket ~= "exempt" then
    portal.quota:set_headers(answer.headers, portal.clock.now(), req.is_oauth)
  end
  return answer
end

--- Returns whether the portal has a path, with this method or another one.
function dispatch.is_known(portal, method, path)
  local route, verbs = portal.routes:route(method, routed_segments(request.parse { method = method, url = path }))
  if route then return not route.elsewhere end
  return verbs ~= nil
end

return dispatch
