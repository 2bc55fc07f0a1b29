-- Tells the caller's hooks of requests.

local hooks = {}

--- Tells a hook, where there is one, of a request.
-- @tparam client client
-- @tparam string name
-- @tparam table request
-- @tparam ?table more fields of the event
function hooks.tell(client, name, request, more)
  if not client.hooks[name] then return end
  local event = {
    operation = request.operation,
    route = request.route,
    method = request.method,
    path = request.path,
    attempt = request.state.attempts,
  }
  for field, value in pairs(more or {}) do
    event[field] = value
  end
  client:tell(name, event)
end

return hooks
