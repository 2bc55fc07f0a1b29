-- Waits for the limiter, and tells it of answers.

local errors = require "hubspot.error"
local failure = require "hubspot.request.failure"
local hooks = require "hubspot.request.hooks"
local retry = require "hubspot.retry"
local window = require "hubspot.limiter.window"

local permit = {}

local AT_ONCE, AFTER_A_WAIT = { has_waited = false }, { has_waited = true }

local function limiter_failure(problem)
  return failure.not_made(errors.new {
    kind = "network",
    sent = false,
    message = "the limiter failed: " .. tostring(problem),
    hint = "Let its `fallback = true` keep to the quota within this process meanwhile",
  })
end

--- Waits until a request may be sent.
-- @tparam client client
-- @tparam table request
-- @tparam number deadline on the loop's clock
-- @treturn ?table a permit, with `has_waited`; or nil and a failure
function permit.wait(client, request, deadline)
  local limiter = client.limiter
  if not limiter or not request.bucket then return AT_ONCE end
  if client.sends_over_loop and not client.has_engine then
    client.loop:engine()
    client.has_engine = true
  end
  local given, ticket = AT_ONCE, nil
  while true do
    local patience = deadline - client.loop:now()
    local seconds, answer = limiter.acquire(request.bucket, patience, ticket)
    if not seconds then return nil, limiter_failure(answer) end
    if seconds <= 0 then return given end
    if seconds > patience then
      return nil, failure.out_of_time "the rate limit lets the request pass only after the call's deadline"
    end
    hooks.tell(client, "throttle", request, { bucket = request.bucket, wait = seconds })
    ticket = answer
    client:pause(seconds)
    if client.closed then return nil, failure.closed() end
    given = AFTER_A_WAIT
  end
end

--- Tells the limiter what an answer says of the quota.
-- @tparam client client
-- @tparam table request
-- @tparam table response
-- @tparam ?table err
function permit.learn(client, request, response, err)
  local limiter = client.limiter
  if not limiter or not request.bucket then return end
  local headers = response.headers or {}
  if request.bucket == "general" and window.is_exempt(headers) then
    if request.route_facts then request.route_facts.bucket = "exempt" end
  else
    limiter.observe(request.bucket, headers)
  end
  if response.status == 429 and err.policy_name ~= "DAILY" then
    limiter.refused(request.bucket, retry.closing_time(err))
  end
end

return permit
