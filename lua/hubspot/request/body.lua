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

--- Returns whether the engine keeps the body of a response. Transports of a host's own may have fields of that name.
-- @tparam table response
-- @treturn boolean
function body.has_content(response) return type(rawget(response, "content")) == "userdata" end

--- Returns whether a response has no body.
-- @tparam table response
-- @treturn boolean
function body.is_empty(response) return not body.has_content(response) and (response.body == nil or response.body == "") end

--- The value of a body that is not empty. `body.release` must follow, since errors may show the text until then.
-- @tparam client client
-- @tparam table request
-- @tparam table response
-- @tparam boolean keep_nulls whether null stays in objects
-- @return the value, or nil and an error
function body.decode(client, request, response, keep_nulls)
  local value, message
  if body.has_content(response) then
    value, message = response.content:decode(keep_nulls)
  else
    value, message = core.decode(response.body, keep_nulls)
  end
  if value ~= nil then return value end
  return nil, body.error(client, request, response, ("HubSpot's answer is not JSON: %s"):format(message))
end

--- Frees the body of a response that nothing is asked of any more. Lua's collector does not know of its memory.
-- @tparam table response
function body.release(response)
  if body.has_content(response) then response.content = response.content:drop() end
end

return body
