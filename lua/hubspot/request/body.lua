-- Reads the bodies of successful responses.

local core = require "hubspot.core"
local errors = require "hubspot.error"
local redact = require "hubspot.request.redact"

local body = {}

--- The error of a response that is a success and still not what it should be.
-- @tparam client client
-- @tparam table request that was sent
-- @tparam table response
-- @tparam string message
-- @treturn table
function body.error(client, request, response, message)
  local text = redact.text(client, request, response.body or "")
  local err = redact.complete(
    client,
    errors.new { kind = "decode", status = response.status, message = message, body = text:sub(1, errors.BODY_LIMIT) },
    request
  )
  if not request.read then errors.mark_ambiguous(err, request.idempotent) end
  return err
end

--- Returns whether a response has no body.
-- @tparam table response
-- @treturn boolean
function body.is_empty(response) return response.body == nil or response.body == "" end

--- The value of a body that is not empty.
-- @tparam client client
-- @tparam table request
-- @tparam table response
-- @tparam boolean keep_nulls whether null stays in objects
-- @return the value, or nil and an error
function body.decode(client, request, response, keep_nulls)
  local value, message = core.decode(response.body, keep_nulls)
  if value ~= nil then return value end
  return nil, body.error(client, request, response, ("HubSpot's answer is not JSON: %s"):format(message))
end

return body
