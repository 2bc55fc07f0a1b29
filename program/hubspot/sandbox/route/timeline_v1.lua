--- `/integrations/v1/{applicationId}/timeline/…`
local core = require "hubspot.core"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local timeline_definition = require "hubspot.sandbox.timeline_definition"
local timeline_event = require "hubspot.sandbox.timeline_event"
local timeline_store = require "hubspot.sandbox.timeline_store"

local array, given = core.array, read.given

local EVENTS = { "timeline" }
local MOST_TYPES, MOST_EVENTS = 750, 100
local KINDS = { Date = "date", Enumeration = "enumeration", Numeric = "number", String = "string" }
local KIND_NAMES = { date = "Date", enumeration = "Enumeration", number = "Numeric", string = "String" }
local OBJECT_TYPES = { CONTACT = true, COMPANY = true, DEAL = true }
-- The members of an event that are no properties.
local MEMBERS = {
  id = true,
  eventTypeId = true,
  objectId = true,
  email = true,
  utk = true,
  domain = true,
  timestamp = true,
  extraData = true,
  timelineIFrame = true,
}

-- Event types ---------------------------------------------------------------------------------------------------

local function type_object(event_type)
  return {
    id = event_type.id,
    name = event_type.name,
    headerTemplate = event_type.header or core.null,
    detailTemplate = event_type.detail or core.null,
    objectType = event_type.object_type,
    applicationId = event_type.app_id,
  }
end

local function path_type(portal, req)
  local app_id, id = request.path_integer(req, "applicationId"), request.path_integer(req, "eventTypeId")
  local event_type = portal.timeline.types[id]
  if not event_type or event_type.app_id ~= app_id then
    reply.fail(404, string.format("No event type with the id %.0f exists for the application %.0f", id, app_id))
  end
  return event_type
end

local function check_user(req)
  if not request.integer(req, "userId") then reply.invalid "Required query parameter userId is missing" end
end

-- A number of the body that must be the one of the path.
local function check_same(body, name, expected, is_required)
  local value = given(body[name])
  if value == nil and not is_required then return end
  if read.integer(value) ~= expected then
    reply.invalid(string.format("%s must be %.0f, as in the path", name, expected))
  end
end

local function list_types(portal, req)
  check_user(req)
  local types = {}
  for index, event_type in ipairs(portal.timeline:types_of(request.path_integer(req, "applicationId"))) do
    types[index] = type_object(event_type)
  end
  return reply.json(200, array(types))
end

local function create_type(portal, req)
  check_user(req)
  local app_id, body = request.path_integer(req, "applicationId"), request.object(req)
  check_same(body, "applicationId", app_id, true)
  local object_type = given(body.objectType) or "CONTACT"
  if not OBJECT_TYPES[object_type] then
    reply.invalid("objectType must be CONTACT, COMPANY or DEAL, got " .. tostring(object_type))
  end
  local fields = timeline_definition.read_fields(body, { app_id = app_id, object_type = object_type })
  if #portal.timeline:types_of(app_id) >= MOST_TYPES then
    reply.invalid(string.format("An application can have at most %d event types", MOST_TYPES))
  end
  return reply.json(200, type_object(portal.timeline:create(fields)))
end

local function update_type(portal, req)
  local event_type, body = path_type(portal, req), request.object(req)
  check_same(body, "applicationId", event_type.app_id, true)
  check_same(body, "id", event_type.id)
  local name = read.required_text(body, "name")
  local object_type = given(body.objectType)
  if object_type and object_type ~= event_type.object_type then
    reply.invalid "The objectType of an event type can't be changed"
  end
  local header, detail = read.text(body, "headerTemplate"), read.text(body, "detailTemplate")
  event_type.name = name
  event_type.header, event_type.detail = header or event_type.header, detail or event_type.detail
  event_type.updated = portal.clock.now()
  return reply.json(200, type_object(event_type))
end

local function delete_type(portal, req)
  portal.timeline:delete(path_type(portal, req))
  return reply.empty(204)
end

-- Properties ----------------------------------------------------------------------------------------------------

local function property_object(event_type, property)
  local options
  if property.kind == "enumeration" then
    options = {}
    for index, option in ipairs(property.options) do
      options[index] = { propertyId = property.id, label = option.label, value = option.value }
    end
  end
  return {
    id = property.id,
    eventTypeId = event_type.id,
    name = property.name,
    label = property.label,
    propertyType = KIND_NAMES[property.kind],
    options = options and array(options) or core.null,
    objectProperty = property.object_property,
  }
end

local function list_properties(portal, req)
  local event_type, list = path_type(portal, req), {}
  for index, property in ipairs(event_type.properties) do
    list[index] = property_object(event_type, property)
  end
  return reply.json(200, array(list))
end

local function read_kind(body)
  local kind = KINDS[given(body.propertyType) or ""]
  if not kind then
    reply.invalid("propertyType must be Date, Enumeration, Numeric or String, got " .. tostring(body.propertyType))
  end
  return kind
end

local function create_property(portal, req)
  local event_type, body = path_type(portal, req), request.object(req)
  check_same(body, "eventTypeId", event_type.id)
  local name = timeline_definition.read_name(body)
  if timeline_store.property(event_type, name) then
    reply.invalid("The event type already has a property named " .. name)
  end
  local property = portal.timeline:add_property(event_type, {
    name = name,
    label = read.required_text(body, "label"),
    kind = read_kind(body),
    options = timeline_definition.read_options(body),
    object_property = timeline_definition.read_object_property(portal, event_type, body, "objectProperty"),
  })
  return reply.json(200, property_object(event_type, property))
end

local function find_property(event_type, id)
  for _, property in ipairs(event_type.properties) do
    if property.id == id then return property end
  end
  return nil
end

local function update_property(portal, req)
  local event_type, body = path_type(portal, req), request.object(req)
  check_same(body, "eventTypeId", event_type.id, true)
  local id = read.integer(body.id)
  if not id then reply.invalid "Invalid input JSON: id is required" end
  local property = find_property(event_type, id)
  if not property then
    reply.fail(
      404,
      string.format("No property with the id %s exists for the event type %d", tostring(body.id), event_type.id)
    )
  end
  local name = given(body.name)
  if name ~= nil and name ~= property.name then reply.invalid "The name of a property can't be changed" end
  local label = read.text(body, "label") or property.label
  local kind = given(body.propertyType) ~= nil and read_kind(body) or property.kind
  local options = given(body.options) ~= nil and timeline_definition.read_options(body) or property.options
  local object_property = timeline_definition.read_object_property(portal, event_type, body, "objectProperty")
    or property.object_property
  property.label, property.kind, property.options = label, kind, options
  property.object_property, property.updated = object_property, portal.clock.now()
  return reply.json(200, property_object(event_type, property))
end

-- Events --------------------------------------------------------------------------------------------------------

local function read_frame(value)
  value = given(value)
  if value == nil then return nil end
  local frame = read.is_object(value)
    and timeline_event.frame {
      link = value.linkLabel,
      header = value.iframeLabel,
      url = value.iframeUri,
      width = value.width,
      height = value.height,
    }
  if not frame then reply.invalid "timelineIFrame needs linkLabel, iframeLabel, iframeUri, width and height" end
  return frame
end

local function read_moment(value)
  if value == nil then return nil end
  local moment = (type(value) == "number" or tostring(value):match "^%d+$") and timeline_event.moment(value)
  if not moment then reply.invalid("timestamp must be milliseconds, got " .. tostring(value)) end
  return moment
end

-- The event type that a body names, and its event as the store takes it.
local function read_event(portal, req, body)
  if type(body) ~= "table" then reply.invalid "Invalid input JSON: every event must be an object" end
  local type_id, app_id = read.integer(body.eventTypeId), request.path_integer(req, "applicationId")
  local event_type = type_id and portal.timeline.types[type_id]
  if not event_type or event_type.app_id ~= app_id then
    reply.invalid(
      string.format("No event type with the id %s exists for the application %.0f", tostring(body.eventTypeId), app_id)
    )
  end
  local values = {}
  for name, value in pairs(body) do
    if not MEMBERS[name] and value ~= core.null then values[name] = value end
  end
  local extra_data = given(body.extraData)
  if extra_data ~= nil and type(extra_data) ~= "table" then reply.invalid "extraData must be an object" end
  return event_type,
    {
      id = given(body.id),
      object_id = given(body.objectId),
      email = given(body.email),
      utk = given(body.utk),
      domain = given(body.domain),
      timestamp = read_moment(given(body.timestamp)),
      properties = values,
      extra_data = extra_data,
      frame = read_frame(body.timelineIFrame),
    }
end

local function plan_event(portal, req, body)
  local event_type, input = read_event(portal, req, body)
  local plan, problem = timeline_event.check(portal, event_type, input)
  if not plan then reply.invalid(problem.message) end
  return event_type, plan
end

local function create_event(portal, req)
  timeline_event.save(portal, plan_event(portal, req, request.object(req)))
  return reply.empty(204)
end

-- All events or none: HubSpot tells nothing of single ones.
local function create_events(portal, req)
  local wrappers = read.list(request.object(req), "eventWrappers")
  if #wrappers == 0 then reply.invalid "eventWrappers must not be empty" end
  if #wrappers > MOST_EVENTS then
    reply.invalid(string.format("A batch can have at most %d events, got %d", MOST_EVENTS, #wrappers))
  end
  local plans, seen = {}, {}
  for index, body in ipairs(wrappers) do
    local event_type, plan = plan_event(portal, req, body)
    local key = event_type.id .. ":" .. plan.input.id
    if seen[key] then reply.invalid("The batch has two events with the id " .. plan.input.id) end
    seen[key] = true
    plans[index] = { event_type = event_type, plan = plan }
  end
  for _, item in ipairs(plans) do
    timeline_event.save(portal, item.event_type, item.plan)
  end
  return reply.empty(204)
end

local function get_event(portal, req)
  local event_type = path_type(portal, req)
  local event = event_type.events[req.params.eventId]
  if not event then reply.fail(404, "No event with the id " .. req.params.eventId .. " exists") end
  local body = {}
  for name, value in pairs(event.properties) do
    body[name] = value
  end
  body.id, body.applicationId, body.portalId = event.id, event_type.app_id, portal.contacts.portal_id
  body.eventTypeId, body.objectType, body.objectId = event_type.id, event_type.object_type, event.object_id
  body.extraData, body.timestamp = event.extra_data or core.null, event.timestamp
  local frame = event.frame
  if frame then
    body.timelineIFrame = {
      linkLabel = frame.link,
      iframeLabel = frame.header,
      iframeUri = frame.url,
      width = frame.width,
      height = frame.height,
    }
  end
  return reply.json(200, body)
end

local BASE = "/integrations/v1/{applicationId}/timeline"
local TYPES = BASE .. "/event-types"
local TYPE = TYPES .. "/{eventTypeId}"

local function administration(method, path, handler)
  return { method = method, path = path, handler = handler, scopes = {}, auth = "developer_key" }
end

local function event(method, path, handler)
  return { method = method, path = path, handler = handler, scopes = EVENTS, auth = "token_only" }
end

return {
  administration("GET", TYPES, list_types),
  administration("POST", TYPES, create_type),
  administration("PUT", TYPE, update_type),
  administration("DELETE", TYPE, delete_type),
  administration("GET", TYPE .. "/properties", list_properties),
  administration("POST", TYPE .. "/properties", create_property),
  administration("PUT", TYPE .. "/properties", update_property),
  -- PUT is gone since events can't be changed; the router refuses it with 405.
  event("POST", BASE .. "/event", create_event),
  event("POST", BASE .. "/event/batch", create_events),
  event("GET", BASE .. "/event/{eventTypeId}/{eventId}", get_event),
}
