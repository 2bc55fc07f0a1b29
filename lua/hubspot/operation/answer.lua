--- The answer to a request of a route.
-- @module hubspot.operation.answer

local body = require "hubspot.request.body"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local interpret = require "hubspot.interpret"
local redact = require "hubspot.request.redact"
local send = require "hubspot.request.send"
local time = require "hubspot.time"

local answer = {}

local methods = {}
local metatable = { __name = "hubspot.Answer", __index = methods }

--- Makes an answer.
-- @tparam table fields
-- @param fields.value as the route shapes it; nil where HubSpot had nothing to tell
-- @tparam ?table fields.decoded as HubSpot sent it
-- @tparam boolean fields.uncertain whether an earlier sending of the request may have been carried out
-- @tparam ?string fields.date when HubSpot answered, by its own clock, as its header writes it
-- @tparam boolean fields.is_empty whether HubSpot had nothing to tell
-- @treturn table
function answer.new(fields) return setmetatable(fields, metatable) end

--- The value, or true where HubSpot had nothing to tell, as the caller of an operation gets it.
function methods:result()
  if self.is_empty then return true end
  return self.value
end

--- When HubSpot answered, by its own clock, in milliseconds since 1970; nil where it did not tell.
function methods:moment() return self.date and time.from_http(self.date) end

-- Returns whether HubSpot gave a valid empty answer: no body, JSON, or on v1 a bare word. Anything else comes from a
-- proxy on the way, or was cut off.
local function is_acknowledgement(response)
  return body.is_empty(response) or response.body:find "^%a*$" ~= nil or core.decode(response.body) ~= nil
end

local function empty_answer(request) return answer.new { is_empty = true, uncertain = request.state.uncertain } end

local function acknowledged(call, request, response)
  if is_acknowledgement(response) then return empty_answer(request) end
  return nil, body.error(call.client, request, response, "HubSpot's answer is not JSON")
end

-- The response to a request whose answer has a body: `response`, and its body `decoded`, an object or a list; or an
-- `answer` without a body. Or nil and an error.
local function receive(call, route, request, keeps_nulls)
  local client = call.client
  local response, err = send(client, request)
  if not response then return nil, err end
  if not route.answer then
    local empty, empty_err = acknowledged(call, request, response)
    return empty and { answer = empty }, empty_err
  end
  if body.is_empty(response) then
    if not request.read then return { answer = empty_answer(request) } end
    return nil, body.error(client, request, response, "HubSpot answered a read with an empty body")
  end
  local decoded, decode_err = body.decode(client, request, response, keeps_nulls)
  if decoded == nil then return nil, decode_err end
  if type(decoded) == "table" then return { response = response, decoded = decoded } end
  return nil, body.error(client, request, response, "HubSpot's answer is not an object")
end

--- Sends a request and shapes its answer as the route says.
-- @tparam table call
-- @tparam table route
-- @tparam table request
-- @tparam table values that the request was made of
-- @treturn ?table an answer, or nil and an error
function answer.exchange(call, route, request, values)
  local received, err = receive(call, route, request)
  if not received then return nil, err end
  if received.answer then return received.answer end
  local client, decoded, uncertain = call.client, received.decoded, request.state.uncertain
  -- Failures among the results become errors, too.
  if decoded.errors ~= nil then
    errors.complete_failures(decoded.errors, received.response)
    redact.value(client, request, decoded.errors)
  end
  local value, message = interpret(route.answer, decoded, values, uncertain)
  if value ~= nil then
    local headers = received.response.headers
    body.release(received.response)
    return answer.new { value = value, decoded = decoded, uncertain = uncertain, date = headers and headers.date }
  end
  if errors.is_error(message) then
    body.release(received.response)
    return nil, redact.complete(client, message, request)
  end
  return nil, body.error(client, request, received.response, message)
end

--- The same, and where the caller wants the answer raw it stays as HubSpot sent it.
function answer.exchange_as_wanted(call, route, request, values)
  if not call.options.raw then return answer.exchange(call, route, request, values) end
  local received, err = receive(call, route, request, true)
  if not received then return nil, err end
  if received.answer then return received.answer end
  body.release(received.response)
  return answer.new { value = received.decoded, decoded = received.decoded }
end

return answer
