-- Takes the credentials of a request, and those of the proxy, out of errors and answers.

local redaction = require "hubspot.redaction"

local redact = {}

--- A text without secrets.
-- @tparam client client
-- @tparam table request
-- @tparam string text
-- @treturn string
function redact.text(client, request, text) return client.proxy.redact(redaction.of_text(text, request.state.secrets)) end

--- A value of an answer, whose texts get rid of secrets.
-- @tparam client client
-- @tparam table request
-- @param value a table is changed
-- @return the value
function redact.value(client, request, value)
  return redaction.of_value(value, function(text) return redact.text(client, request, text) end)
end

--- Makes an error tell about its request, and no secret. The error of a request for a token tells of that one.
-- @tparam client client
-- @tparam table err
-- @tparam table request
-- @treturn table `err`
function redact.complete(client, err, request)
  if not err.method then
    err.method, err.path, err.attempts = request.method, request.path, request.state.attempts
  end
  return request.state.secrets and redact.value(client, request, err) or err
end

return redact
