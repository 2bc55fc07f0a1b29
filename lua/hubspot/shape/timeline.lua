--- Spells timeline events and their types as HubSpot does, in its three generations: v1, v3 and the date versions.
-- @module hubspot.shape.timeline

local check = require "hubspot.check"
local core = require "hubspot.core"
local id = require "hubspot.id"
local merge = require "hubspot.merge"
local time = require "hubspot.time"

local timeline = {}

--- Body field of a batch: each row's event, spelled by `spell`.
function timeline.rows_of(spell)
  return function(rows)
    local events = {}
    for place, row in ipairs(rows) do
      events[place] = spell(row.input)
    end
    return core.array(events)
  end
end

local function mapped(list, convert)
  local records = {}
  for index, item in ipairs(list or {}) do
    records[index] = convert(item)
  end
  return records
end

-- Event types ----------------------------------------------------------------------------------------------------

local V1_OBJECT_TYPES = { contacts = "CONTACT", companies = "COMPANY", deals = "DEAL", tickets = "TICKET" }
local OBJECT_TYPES = { CONTACT = "contacts", COMPANY = "companies", DEAL = "deals", TICKET = "tickets" }

local function object_type(name) return OBJECT_TYPES[name] or name end

--- An event type of v1, or of v3, which calls it a template.
function timeline.event_type(answer)
  return {
    id = id.text(answer.id),
    name = answer.name,
    objectType = object_type(answer.objectType),
    headerTemplate = answer.headerTemplate,
    detailTemplate = answer.detailTemplate,
  }
end

--- Event types of v1, which come as a bare list.
function timeline.v1_event_types(answer) return mapped(answer, timeline.event_type) end

--- Event types of v3.
function timeline.event_types(answer) return mapped(answer.results, timeline.event_type) end

--- Body of v1's event type. It names the application, which has to be the one in the path.
function timeline.v1_event_type_body(definition, values)
  return {
    name = definition.name,
    headerTemplate = definition.headerTemplate,
    detailTemplate = definition.detailTemplate,
    objectType = V1_OBJECT_TYPES[definition.objectType] or definition.objectType,
    applicationId = id.number(values.application_id),
  }
end

--- Body of v3's template, without tokens yet.
function timeline.template_body(definition)
  return {
    name = definition.name,
    headerTemplate = definition.headerTemplate,
    detailTemplate = definition.detailTemplate,
    objectType = object_type(definition.objectType) or "contacts",
    tokens = core.array {},
  }
end

--- A template as it is, with what is to be different.
function timeline.changed_template(template, definition)
  return {
    id = template.id,
    name = definition.name or template.name,
    headerTemplate = definition.headerTemplate or template.headerTemplate,
    detailTemplate = definition.detailTemplate or template.detailTemplate,
    tokens = core.array(mapped(
      template.tokens,
      function(token)
        return {
          name = token.name,
          label = token.label,
          type = token.type,
          objectPropertyName = token.objectPropertyName,
          options = token.options and core.array(token.options),
        }
      end
    )),
  }
end

-- Properties of event types --------------------------------------------------------------------------------------

local V1_PROPERTY_TYPES = { string = "String", number = "Numeric", date = "Date", enumeration = "Enumeration" }
local PROPERTY_TYPES = { String = "string", Numeric = "number", Date = "date", Enumeration = "enumeration" }

local function label_and_value(option) return { label = option.label, value = option.value } end

-- Only an enumeration has options; for the others HubSpot says null, or an empty list.
local function options_of(property_type, options)
  return property_type == "enumeration" and mapped(options, label_and_value) or nil
end

--- A property of v1.
function timeline.v1_property(property)
  local property_type = PROPERTY_TYPES[property.propertyType] or property.propertyType
  return {
    id = id.text(property.id),
    name = property.name,
    label = property.label,
    type = property_type,
    options = options_of(property_type, property.options),
    objectPropertyName = property.objectProperty,
  }
end

--- Properties of v1, which come as a bare list.
function timeline.v1_properties(answer) return mapped(answer, timeline.v1_property) end

--- A property of v3, which calls it a token and knows it by its name.
function timeline.token(token)
  return {
    id = token.name,
    name = token.name,
    label = token.label,
    type = token.type,
    options = options_of(token.type, token.options),
    objectPropertyName = token.objectPropertyName,
  }
end

--- The properties in a template of v3.
function timeline.tokens(template) return mapped(template.tokens, timeline.token) end

--- Body of v1's property.
function timeline.v1_property_body(definition)
  return {
    name = definition.name,
    label = definition.label,
    propertyType = V1_PROPERTY_TYPES[definition.type] or definition.type,
    objectProperty = definition.objectPropertyName,
    options = definition.options and core.array(mapped(definition.options, label_and_value)),
  }
end

--- Body of a change of v1's property. It names its event type, which has to be the one in the path.
function timeline.v1_changed_property_body(definition, values)
  local body = timeline.v1_property_body(definition)
  body.id = id.number(definition.id)
  body.eventTypeId = id.number(values.type_id)
  return body
end

--- Body of v3's token.
function timeline.token_body(definition)
  return {
    name = definition.name,
    label = definition.label,
    type = definition.type,
    objectPropertyName = definition.objectPropertyName,
    options = definition.options and core.array(mapped(definition.options, label_and_value)),
  }
end

--- Body of a change of v3's token, which wants the options also where there are none.
function timeline.changed_token_body(definition)
  return {
    label = definition.label,
    objectPropertyName = definition.objectPropertyName,
    options = core.array(mapped(definition.options, label_and_value)),
  }
end

-- Events ---------------------------------------------------------------------------------------------------------

-- v1's names of the frame's fields, by the current ones.
local V1_FRAME_FIELDS = { headerLabel = "iframeLabel", url = "iframeUri" }
local FRAME_FIELDS = { iframeLabel = "headerLabel", iframeUri = "url" }

local function renamed(fields, names)
  if type(fields) ~= "table" then return nil end
  local copy = {}
  for name, value in pairs(fields) do
    copy[names[name] or name] = value
  end
  return copy
end

--- An event as v1 takes it, with the properties beside its own fields.
function timeline.v1_event(event)
  local wire = {}
  for name, value in pairs(event.properties or {}) do
    wire[name] = value
  end
  wire.id, wire.email, wire.utk = event.id, event.email, event.utk
  wire.eventTypeId = id.number(event.eventTypeId)
  wire.objectId = event.objectId and id.number(event.objectId)
  wire.timestamp = event.timestamp
  wire.extraData = event.extraData
  wire.timelineIFrame = renamed(event.timelineIFrame, V1_FRAME_FIELDS)
  return wire
end

local function common_event(event)
  return {
    id = event.id,
    email = event.email,
    utk = event.utk,
    objectId = event.objectId,
    domain = event.domain,
    timestamp = event.timestamp and time.to_iso(event.timestamp),
    extraData = event.extraData,
    timelineIFrame = renamed(event.timelineIFrame, FRAME_FIELDS),
  }
end

--- An event as v3 takes it.
function timeline.v3_event(event)
  local wire = common_event(event)
  wire.eventTemplateId = event.eventTypeId
  wire.tokens = event.properties or {}
  return wire
end

--- An event as the date versions take it.
function timeline.dated_event(event)
  local wire = common_event(event)
  wire.eventTypeName = event.eventTypeName
  wire.properties = event.properties or {}
  return wire
end

--- An event that HubSpot took without answering one, as a record.
function timeline.accepted_event(event)
  local record = {}
  for name, value in pairs(event) do
    record[name] = value
  end
  record.properties = event.properties and merge { event.properties }
  record.timestamp = event.timestamp and time.to_iso(event.timestamp)
  record.timelineIFrame = renamed(event.timelineIFrame, FRAME_FIELDS)
  return record
end

-- Fields that v1 itself puts into an event; all others are its properties.
local V1_EVENT_FIELDS = {
  id = true,
  applicationId = true,
  portalId = true,
  eventTypeId = true,
  objectType = true,
  objectId = true,
  email = true,
  utk = true,
  extraData = true,
  timestamp = true,
  timelineIFrame = true,
}

--- A property that v1 can't tell from the event's own fields, or nil.
function timeline.v1_own_field(properties)
  for _, name in ipairs(check.sorted_keys(properties or {})) do
    if V1_EVENT_FIELDS[name] then return name end
  end
end

--- An event of v1.
function timeline.v1_event_record(answer)
  local properties = {}
  for name, value in pairs(answer) do
    if not V1_EVENT_FIELDS[name] then properties[name] = value end
  end
  return {
    id = id.text(answer.id),
    eventTypeId = id.text(answer.eventTypeId),
    objectType = object_type(answer.objectType),
    objectId = id.text(answer.objectId),
    email = answer.email,
    utk = answer.utk,
    timestamp = answer.timestamp and time.to_iso(answer.timestamp),
    properties = properties,
    extraData = answer.extraData,
    timelineIFrame = renamed(answer.timelineIFrame, FRAME_FIELDS),
  }
end

local function event_record(answer)
  return {
    id = id.text(answer.id),
    objectType = object_type(answer.objectType),
    objectId = id.text(answer.objectId),
    email = answer.email,
    utk = answer.utk,
    domain = answer.domain,
    timestamp = answer.timestamp,
    createdAt = answer.createdAt,
    extraData = answer.extraData,
    timelineIFrame = answer.timelineIFrame,
  }
end

--- An event of v3.
function timeline.v3_event_record(answer)
  local record = event_record(answer)
  record.eventTypeId = id.text(answer.eventTemplateId)
  record.properties = answer.tokens or {}
  return record
end

--- An event of the date versions.
function timeline.dated_event_record(answer)
  local record = event_record(answer)
  record.eventTypeName = answer.eventTypeName
  record.properties = answer.properties or {}
  return record
end

return timeline
