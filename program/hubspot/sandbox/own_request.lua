--- Requests that a portal makes to itself: its routes answer them without a credential, a quota, a fault or a log.
local core = require "hubspot.core"
local request = require "hubspot.sandbox.request"

local own_request = {}

--- Carries out a request; `url` is a path of a date version with its query, `body` a table.
-- @treturn table the answer, with its body decoded as `value`
-- @raise what the route throws: `{ reply = answer }` where HubSpot would refuse the request
function own_request.send(portal, method, url, body)
  local text, message
  if body then
    text, message = core.encode(body)
    if not text then error("hubspot.sandbox: " .. message, 0) end
  end
  local req = request.parse { method = method, url = url, body = text }
  local route, params = portal.routes:route(method, req.segments)
  req.params, portal.granted = params, nil
  local answer = route.handler(portal, req)
  return { status = answer.status, value = answer.body ~= "" and core.decode(answer.body, true) or nil }
end

return own_request
