-- Sends a request, with retries where they help and are safe, until it has an answer or no time.

local attempt = require "hubspot.request.attempt"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local hooks = require "hubspot.request.hooks"
local redact = require "hubspot.request.redact"
local retry = require "hubspot.retry"

local DONE_BEFORE = { status = 204, headers = {}, body = "" }

-- Returns whether HubSpot's refusal says that an earlier attempt, whose answer got lost, was carried out: a DELETE
-- finds nothing any more, an event is there already. A page instead of HubSpot's JSON says nothing of the kind.
local function was_done_before(request, err)
  if not request.state.uncertain or not request.done_when or err.status ~= request.done_when then return false end
  local decoded = core.decode(err.body)
  return type(decoded) == "table" and (decoded.correlationId or decoded.requestId) ~= nil
end

-- The error that a request ends with, and what else there is to know.
local function last_error(request, err, obstacle)
  if obstacle then errors.add_hint(err, obstacle) end
  if request.state.uncertain and not request.read then errors.mark_ambiguous(err, request.idempotent) end
  return err
end

-- Asks for another token, once, where HubSpot refused the one that it was shown. Returns true where there is one; or
-- false, and where its renewal failed the error of that.
local function renew(client, request, sending, failed)
  if failed.err.status ~= 401 or not failed.token or sending.has_renewed or not client.auth.renewed then
    return false
  end
  sending.has_renewed = true
  local another, err = client.auth:renewed(client, sending.deadline, failed.token)
  return another ~= nil, err and redact.complete(client, attempt.no_credential(err), request)
end

-- Decides on a failed attempt: the seconds before another one, or nil and the error that the request ends with.
local function delay_after(client, request, sending, failed)
  local err, state = failed.err, request.state
  -- An attempt that was not made for want of time tells less than the one before.
  if failed.is_late and sending.previous then
    state.was_short_of_time = true
    return nil, last_error(request, sending.previous, retry.NO_TIME)
  end
  if failed.is_final then return nil, last_error(request, err) end
  local is_renewed, renewal_err = renew(client, request, sending, failed)
  if renewal_err then return nil, last_error(request, renewal_err) end
  if is_renewed then return 0 end
  local time_left = sending.deadline - client.loop:now()
  local delay, obstacle =
    retry.delay(sending.settings, err, state.attempts, request.idempotent, time_left, client.retry_budget)
  if delay then return delay end
  state.was_short_of_time = retry.is_want_of_time(obstacle)
  return nil, last_error(request, err, obstacle)
end

--- Sends a request.
-- @tparam client client
-- @tparam table request as `hubspot.request` makes it
-- @treturn ?table the successful response; or nil and an error, `ambiguous` where a write may have been carried out
local function send(client, request)
  local state = request.state
  local deadline = client.loop:now() + (request.deadline or client.deadline)
  if request.ends then deadline = math.min(deadline, request.ends) end
  local settings = client.retry
  if request.retry ~= nil then settings = retry.settings(request.retry, settings) end
  local sending = { deadline = deadline, settings = settings }
  while true do
    state.attempts = state.attempts + 1
    local response, failed = attempt.make(client, request, sending.deadline)
    local err = failed and failed.err
    if response or (err.status and err.status < 500) then client.retry_budget.earn(state.attempts > 1) end
    if response then return response end
    if not failed.is_final and was_done_before(request, err) then return DONE_BEFORE end
    local delay, last = delay_after(client, request, sending, failed)
    if not delay then return nil, last end
    sending.previous = err
    hooks.tell(client, "retry", request, { wait = delay, error = err })
    if request.before_pause then request.before_pause(delay) end
    client:pause(delay)
  end
end

return send
