-- A request as the transport takes it.

local core = require "hubspot.core"

local wire = {}

local function headers_of(client, request, authorization)
  local headers = {
    ["user-agent"] = client.user_agent,
    ["accept"] = "application/json",
    ["content-type"] = request.text and "application/json" or nil,
    ["authorization"] = authorization,
  }
  -- None of them is another authorization.
  if request.headers then
    for name, value in pairs(request.headers) do
      headers[name:lower()] = value
    end
  end
  return headers
end

local function query_string(request, credential)
  local query = request.query_text or core.query(request.query)
  if credential.query then query = (query == "" and "" or query .. "&") .. core.query(credential.query) end
  return query == "" and "" or "?" .. query
end

--- Makes the table that a transport is called with.
-- @tparam client client
-- @tparam table request
-- @tparam table credential as `hubspot.auth` makes it
-- @tparam number seconds that are left
-- @treturn table
function wire.request(client, request, credential, seconds)
  local connection = client.connection
  return {
    method = request.method,
    url = client.base_url .. request.path .. query_string(request, credential),
    headers = headers_of(client, request, credential.authorization),
    body = request.text,
    -- curl must not resend a write by itself: we could not tell that the first one may have been carried out.
    send_once = not request.read,
    is_short = request.is_short,
    -- A hook may have taken all the time that was left.
    timeout = math.max(0.001, math.min(request.timeout or client.timeout, seconds)),
    connect_timeout = connection.connect_timeout,
    max_response_bytes = connection.max_response_bytes,
    proxy = client.proxy.url(),
    ca_file = connection.ca_file,
  }
end

return wire
