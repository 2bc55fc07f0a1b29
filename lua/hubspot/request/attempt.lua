-- One attempt at a request: a credential, a permit, the transfer, and what its answer says.

local errors = require "hubspot.error"
local failure = require "hubspot.request.failure"
local hooks = require "hubspot.request.hooks"
local permit = require "hubspot.request.permit"
local redact = require "hubspot.request.redact"
local retry = require "hubspot.retry"
local wire = require "hubspot.request.wire"

local attempt = {}

-- HubSpot's answers where it had a route: each of them says of the request itself what it says of the route.
local ANSWERS_OF_REMOVED = { [400] = true, [403] = true, [404] = true, [410] = true }

local DEVELOPER_KEY_HINT = "Check developer_key and user_id: the key is the API key of the developer account that "
  .. "owns the application"

--- The error where there is no token to send. A failed request for a token says nothing of the request that needs it.
-- @tparam table err
-- @treturn table
function attempt.no_credential(err)
  local own = errors.copy(err)
  own.sent = false
  return own
end

-- The request's credential: a bearer token in its headers or, for event types, a developer key in its URL. A request
-- for tokens has its secrets in its body. Or nil and a failure.
local function credential_of(client, request, deadline)
  if request.credential == "developer_key" then return client.developer.credential() end
  if request.credential == "none" then return { secrets = request.secrets } end
  local token, err = client.auth:token(client, deadline)
  if err then return nil, failure.not_made(attempt.no_credential(err)) end
  return client.bearer.credential(token)
end

-- The credential, and a permit to send at once; or nil and a failure. The token is there first, so that the permit does
-- not get old; it may expire while the permit is waited for.
local function prepare(client, request, deadline)
  local credential, failed = credential_of(client, request, deadline)
  if not credential then return nil, failed end
  local given
  given, failed = permit.wait(client, request, deadline)
  if not given then return nil, failed end
  if given.has_waited then return credential_of(client, request, deadline) end
  return credential
end

-- Returns the reason why an attempt can't begin: a failure, or nil.
local function obstacle_to(client, deadline)
  if client.closed then return failure.closed() end
  local can_wait, message = client.loop:can_wait()
  if not can_wait then return failure.not_made(errors.new { kind = "misuse", message = message, sent = false }) end
  if client.loop:now() >= deadline then return failure.out_of_time "the call's deadline passed before it was sent" end
end

local function hint_of(client, request, err)
  if request.removed_hint and ANSWERS_OF_REMOVED[err.status] then return request.removed_hint end
  if err.status == 400 then return require("hubspot.object.unknown_type").hint(err) end
  if err.status ~= 401 then return nil end
  return request.credential == "developer_key" and DEVELOPER_KEY_HINT or client.auth.refused_hint
end

-- The error of what a transport returned, where it is no success. The body is redacted before it is cut: a piece of a
-- token shows too much already.
local function error_of(client, request, response, problem)
  if not response then
    return redact.complete(client, errors.from_transport(problem, client.connection.ca_file), request)
  end
  local body = redact.text(client, request, response.body or "")
  local err =
    errors.from_response({ status = response.status, headers = response.headers, body = body }, client.base_url)
  err.hint = hint_of(client, request, err) or err.hint
  return redact.complete(client, err, request)
end

-- The transfer. Returns the response, or nil and a failure. Notes whether the request may have been carried out.
local function transfer(client, request, credential, deadline)
  local started = client.loop:now()
  if client.hooks.request then
    hooks.tell(client, "request", request)
    started = client.loop:now()
  end
  local response, problem = client.transport(wire.request(client, request, credential, deadline - started))
  local seconds = client.hooks.response and client.loop:now() - started
  local is_success = response and response.status >= 200 and response.status < 300
  local err = not is_success and error_of(client, request, response, problem) or nil
  if response then permit.learn(client, request, response, err) end
  local state = request.state
  state.uncertain = state.uncertain or (err ~= nil and not retry.certainly_not_done(err))
  -- Each request passes here, and few clients have hooks.
  if client.hooks.response then
    hooks.tell(client, "response", request, { seconds = seconds, status = response and response.status, error = err })
  end
  if err then return nil, failure.new { err = err, token = credential.token } end
  return response
end

--- Makes one attempt.
-- @tparam client client
-- @tparam table request
-- @tparam number deadline on the loop's clock
-- @treturn ?table the response, or nil and a failure
function attempt.make(client, request, deadline)
  local failed, credential = obstacle_to(client, deadline), nil
  if not failed then
    credential, failed = prepare(client, request, deadline)
  end
  if credential then
    request.state.secrets = credential.secrets
    -- A token function, or a permit, may have taken time.
    if client.closed or client.loop:now() >= deadline then failed = obstacle_to(client, deadline) end
  end
  if failed then
    redact.complete(client, failed.err, request)
    return nil, failed
  end
  return transfer(client, request, credential, deadline)
end

return attempt
