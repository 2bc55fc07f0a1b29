--- Events as v3 and the date versions write them, which differ in how they name the type and the values.
local core = require "hubspot.core"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local time = require "hubspot.sandbox.time"
local timeline_event = require "hubspot.sandbox.timeline_event"

local timeline_event_body = {}

local array = core.array
local MOST_EVENTS = 100

local function given(value)
  if value == core.null then
    return nil
  end
  return value
end

local function read_frame(value)
  if value == nil then
    return nil
  end
  if type(value) ~= "table" or type(value.url) ~= "string" then
    return nil, "timelineIFrame needs linkLabel, headerLabel, url, width and height"
  end
  return { link = given(value.linkLabel), header = given(value.headerLabel), url = value.url,
    width = given(value.width), height = given(value.height) }
end

-- JSON objects only: an array is none, unless it is empty and can't be told.
local function is_object(value)
  return type(value) == "table" and value[1] == nil
end

local function read_input(portal, body, values_name, id_required)
  local values, extra_data = given(body[values_name]), given(body.extraData)
  if not is_object(values) then
    return nil, values_name .. " is required, and must be an object"
  end
  local kept = {}
  for name, value in pairs(values) do
    kept[name] = given(value)
  end
  if extra_data ~= nil and not is_object(extra_data) then
    return nil, "extraData must be an object"
  end
  local moment, frame, problem
  if given(body.timestamp) ~= nil then
    moment = timeline_event.moment(body.timestamp)
    if not moment then
      return nil, "timestamp must be a date-time, got " .. tostring(body.timestamp)
    end
  end
  frame, problem = read_frame(given(body.timelineIFrame))
  if problem then
    return nil, problem
  end
  return {
    id = given(body.id) or (not id_required and timeline_event.new_id(portal)) or nil,
    object_id = given(body.objectId), email = given(body.email), utk = given(body.utk), domain = given(body.domain),
    timestamp = moment, properties = kept, extra_data = extra_data, frame = frame,
  }
end

--- An event as these versions answer it; `naming` says the type and holds the values under their name.
function timeline_event_body.object(event_type, event, naming)
  local body = {
    id = event.id, objectType = event_type.object_type,
    objectId = event.object_id and string.format("%.0f", event.object_id), email = event.email, utk = event.utk,
    domain = event.domain, timestamp = time.iso(event.timestamp), createdAt = time.iso(event.created),
    extraData = event.extra_data,
  }
  local frame = event.frame
  if frame then
    body.timelineIFrame = { linkLabel = frame.link, headerLabel = frame.header, url = frame.url, width = frame.width,
      height = frame.height }
  end
  for name, value in pairs(naming) do
    body[name] = value
  end
  return body
end

-- A version is `{ find = function(portal, body) → type | nil, problem, values = name, id_required = boolean, naming =
-- function(type, event) → table }`.

local function create_one(portal, body, version)
  if not is_object(body) then
    return nil, { message = "Invalid input JSON: every event must be an object" }
  end
  local event_type, input, plan, problem
  event_type, problem = version.find(portal, body)
  if not event_type then
    return nil, { message = problem }
  end
  input, problem = read_input(portal, body, version.values, version.id_required)
  if not input then
    return nil, { message = problem }
  end
  plan, problem = timeline_event.check(portal, event_type, input)
  if not plan then
    return nil, problem
  end
  local event = timeline_event.save(portal, event_type, plan)
  return timeline_event_body.object(event_type, event, version.naming(event_type, event))
end

local function category(problem)
  return problem.conflict and "CONFLICT" or "VALIDATION_ERROR"
end

--- The handler that makes one event.
function timeline_event_body.create(version)
  return function(portal, req)
    local made, problem = create_one(portal, request.object(req), version)
    if not made then
      reply.fail(problem.conflict and 409 or 400, problem.message, { category = category(problem) })
    end
    return reply.json(201, made)
  end
end

--- The handler that makes several, each by itself.
function timeline_event_body.create_batch(version)
  return function(portal, req)
    local inputs = request.list_of(request.object(req), "inputs")
    if #inputs == 0 then
      reply.invalid "Invalid input JSON: inputs must not be empty"
    end
    if #inputs > MOST_EVENTS then
      reply.invalid(string.format("The maximum number of inputs supported in a batch request is %d. Received %d.",
        MOST_EVENTS, #inputs))
    end
    local results, errors = {}, {}
    for _, body in ipairs(inputs) do
      local made, problem = create_one(portal, body, version)
      if made then
        results[#results + 1] = made
      else
        local id = type(body) == "table" and given(body.id)
        errors[#errors + 1] = { status = "error", category = category(problem), message = problem.message,
          context = { ids = array { id and tostring(id) or nil } } }
      end
    end
    local now = time.iso(portal.clock.now())
    local answer = { status = "COMPLETE", results = array(results), startedAt = now, completedAt = now }
    if #errors > 0 then
      answer.numErrors, answer.errors = #errors, array(errors)
    end
    return reply.json(#errors > 0 and 207 or 201, answer)
  end
end

return timeline_event_body
