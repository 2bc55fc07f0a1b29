--- Events as v3 and the date versions write them, which differ in how they name the type and the values.
local core = require "hubspot.core"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local time = require "hubspot.sandbox.time"
local timeline_event = require "hubspot.sandbox.timeline_event"

local timeline_event_body = {}

local array, given = core.array, read.given
local MOST_EVENTS = 100

local function read_frame(value)
  if value == nil then return nil end
  local frame = read.is_object(value)
    and timeline_event.frame {
      link = value.linkLabel,
      header = value.headerLabel,
      url = value.url,
      width = value.width,
      height = value.height,
    }
  if not frame then return nil, "timelineIFrame needs linkLabel, headerLabel, url, width and height" end
  return frame
end

local function read_input(portal, body, values_name, id_required)
  local values, extra_data = given(body[values_name]), given(body.extraData)
  if not read.is_object(values) then return nil, values_name .. " is required, and must be an object" end
  local kept = {}
  for name, value in pairs(values) do
    kept[name] = given(value)
  end
  if extra_data ~= nil and not read.is_object(extra_data) then return nil, "extraData must be an object" end
  local moment, frame, problem
  if given(body.timestamp) ~= nil then
    moment = timeline_event.moment(body.timestamp)
    if not moment then return nil, "timestamp must be a date-time, got " .. tostring(body.timestamp) end
  end
  frame, problem = read_frame(given(body.timelineIFrame))
  if problem then return nil, problem end
  return {
    id = given(body.id) or (not id_required and timeline_event.new_id(portal)) or nil,
    object_id = given(body.objectId),
    email = given(body.email),
    utk = given(body.utk),
    domain = given(body.domain),
    timestamp = moment,
    properties = kept,
    extra_data = extra_data,
    frame = frame,
  }
end

local function frame_object(frame)
  if not frame then return nil end
  return {
    linkLabel = frame.link,
    headerLabel = frame.header,
    url = frame.url,
    width = frame.width,
    height = frame.height,
  }
end

--- The members of an event that both versions answer; each adds its own name of the type and of the values.
function timeline_event_body.members(event)
  return {
    id = event.id,
    objectId = event.object_id and string.format("%.0f", event.object_id),
    email = event.email,
    utk = event.utk,
    domain = event.domain,
    timestamp = time.iso(event.timestamp),
    extraData = event.extra_data,
    timelineIFrame = frame_object(event.frame),
  }
end

-- A version is `{ find = function(portal, body) → type | nil, problem, values = name, id_required = boolean, object =
-- function(type, event) → table }`.

local function plan_event(portal, body, version)
  if not read.is_object(body) then return nil, { message = "Invalid input JSON: every event must be an object" } end
  local event_type, input, plan, problem
  event_type, problem = version.find(portal, body)
  if not event_type then return nil, { message = problem } end
  input, problem = read_input(portal, body, version.values, version.id_required)
  if not input then return nil, { message = problem } end
  plan, problem = timeline_event.check(portal, event_type, input)
  if not plan then return nil, problem end
  return { event_type = event_type, plan = plan }
end

local function carry_out(portal, planned, version)
  local event = timeline_event.save(portal, planned.event_type, planned.plan)
  return version.object(planned.event_type, event)
end

local function category(problem) return problem.conflict and "CONFLICT" or "VALIDATION_ERROR" end

local function fail(problem)
  reply.fail(problem.conflict and 409 or 400, problem.message, { category = category(problem) })
end

--- The handler that makes one event.
function timeline_event_body.create(version)
  return function(portal, req)
    local planned, problem = plan_event(portal, request.object(req), version)
    if not planned then fail(problem) end
    return reply.json(201, carry_out(portal, planned, version))
  end
end

local function batch_answer(portal, results)
  local now = time.iso(portal.clock.now())
  return { status = "COMPLETE", results = array(results), startedAt = now, completedAt = now }
end

--- The handler of v3 that makes several events, each by itself.
function timeline_event_body.create_each(version)
  return function(portal, req)
    local results, errors = {}, {}
    for _, body in ipairs(read.inputs(request.object(req), MOST_EVENTS)) do
      local planned, problem = plan_event(portal, body, version)
      if planned then
        results[#results + 1] = carry_out(portal, planned, version)
      else
        local id = type(body) == "table" and given(body.id)
        errors[#errors + 1] = {
          status = "error",
          category = category(problem),
          message = problem.message,
          context = { ids = array { id and tostring(id) or nil } },
          errors = array {},
          links = {},
        }
      end
    end
    local answer = batch_answer(portal, results)
    if #errors > 0 then
      answer.numErrors, answer.errors = #errors, array(errors)
    end
    return reply.json(#errors > 0 and 207 or 201, answer)
  end
end

local INVALID = "One or more occurrences have a validation error; none were accepted: "
local KNOWN = "One or more occurrences in the batch already exist; none were accepted"

-- Of a batch that is refused HubSpot tells no ids.
local function plan_all(portal, inputs, version)
  local plans, seen, known = {}, {}, false
  for index, body in ipairs(inputs) do
    local planned, problem = plan_event(portal, body, version)
    if problem and not problem.conflict then fail { message = INVALID .. problem.message } end
    local key = planned and planned.event_type.name .. ":" .. planned.plan.input.id
    known = known or not planned or seen[key]
    if planned then seen[key] = true end
    plans[index] = planned
  end
  if known then fail { message = KNOWN, conflict = true } end
  return plans
end

--- The handler of the date versions that makes all of several events or none.
function timeline_event_body.create_all(version)
  return function(portal, req)
    local results = {}
    for index, planned in ipairs(plan_all(portal, read.inputs(request.object(req), MOST_EVENTS), version)) do
      results[index] = carry_out(portal, planned, version)
    end
    return reply.json(200, batch_answer(portal, results))
  end
end

return timeline_event_body
