--- Events: whom they belong to, which values they take, and what they change at the contact.
local decimal = require "hubspot.sandbox.decimal"
local properties = require "hubspot.sandbox.properties"
local texts = require "hubspot.sandbox.text"
local time = require "hubspot.sandbox.time"
local user_token = require "hubspot.sandbox.user_token"
local uuid = require "hubspot.sandbox.uuid"

local timeline_event = {}

local UUID_SALT = 11
-- The end of the year 9999.
local LATEST = 253402300799999

local function invalid(message) return nil, { message = message } end

--- A moment in ms for a number, its digits or ISO 8601; nil where it is neither, or beyond what a date can be.
function timeline_event.moment(value)
  local moment = value
  if type(value) == "string" then moment = value:match "^%-?%d+$" and tonumber(value) or time.parse(value) end
  if type(moment) ~= "number" or moment % 1 ~= 0 or math.abs(moment) > LATEST then return nil end
  return moment
end

local function is_size(value) return type(value) == "number" and value % 1 == 0 and math.abs(value) < 2 ^ 31 end

--- The frame where its `link`, `header` and `url` are texts and its `width` and `height` whole numbers, else nil.
function timeline_event.frame(frame)
  for _, name in ipairs { "link", "header", "url" } do
    if type(frame[name]) ~= "string" then return nil end
  end
  return is_size(frame.width) and is_size(frame.height) and frame or nil
end

local check_kind = {}

function check_kind.string() return nil end

function check_kind.number(_, text)
  if not decimal.parse(text) then return "must be a number, got " .. text end
  return nil
end

function check_kind.date(_, text)
  if not timeline_event.moment(text) then return "must be a date, got " .. text end
  return nil
end

function check_kind.enumeration(property, text)
  for _, option in ipairs(property.options) do
    if option.value == text then return nil end
  end
  return "has no option " .. text
end

local function property_of(event_type, name)
  for _, property in ipairs(event_type.properties) do
    if property.name == name then return property end
  end
  return nil
end

local function check_values(event_type, values)
  for name, value in pairs(values) do
    if type(value) ~= "string" then return invalid("The value of the property " .. name .. " must be a string") end
    local property = event_type.properties and property_of(event_type, name)
    if event_type.properties and not property then return invalid("The event type has no property " .. name) end
    local problem = property and check_kind[property.kind](property, value)
    if problem then return invalid("The property " .. name .. " " .. problem) end
  end
  return true
end

local function check_email(input)
  if input.email == nil then return true end
  local email = type(input.email) == "string" and texts.trim(input.email):lower()
  if not email or not properties.is_email(email) then
    return invalid("Email address " .. tostring(input.email) .. " is invalid")
  end
  return true, email
end

local function numeric_id(value) return tostring(value):match "^%d+$" and tonumber(value) end

local function identify_contact(store, input, email)
  local contact
  if input.object_id ~= nil then
    local id = numeric_id(input.object_id)
    contact = id and store:get(id)
    if not contact then return invalid("There is no contact with the objectId " .. tostring(input.object_id)) end
  elseif input.utk ~= nil then
    local id = user_token.id(tostring(input.utk))
    contact = id and store:get(id)
    if not contact and not email then return invalid("There is no contact with the utk " .. tostring(input.utk)) end
  elseif not email then
    return invalid "At least one of objectId, email and utk is required"
  end
  return { contact = contact, email = email }
end

-- Only contacts are looked up: the sandbox believes what it is told of others.
local function identify_other(input)
  if input.object_id == nil and input.domain == nil then return invalid "objectId or domain is required" end
  local id = input.object_id ~= nil and numeric_id(input.object_id)
  if input.object_id ~= nil and not id then return invalid("Invalid objectId: " .. tostring(input.object_id)) end
  return { object_id = id or nil }
end

--- Checks an event: `id`, `object_id`, `email`, `utk`, `domain`, `timestamp` (ms), `properties` (name → text),
-- `extra_data`, `frame`. Gives a plan to carry out, or nil and the problem: `{ message=, conflict= }`.
function timeline_event.check(portal, event_type, input)
  if type(input.id) ~= "string" or input.id == "" then return invalid "Every event needs an id, which is a string" end
  if event_type.events[input.id] then
    return nil, { message = "An event with the id " .. input.id .. " already exists", conflict = true }
  end
  for _, name in ipairs { "utk", "domain" } do
    if input[name] ~= nil and type(input[name]) ~= "string" then return invalid(name .. " must be a string") end
  end
  local fine, problem = check_values(event_type, input.properties)
  if not fine then return nil, problem end
  local email
  fine, email = check_email(input)
  if not fine then return nil, email end
  local plan
  if event_type.object_type == "CONTACT" then
    plan, problem = identify_contact(portal.contacts, input, email)
  else
    plan, problem = identify_other(input)
  end
  if not plan then return nil, problem end
  plan.input = input
  return plan
end

-- An address that another contact has stays where it is.
local function owner_of(store, plan)
  local contact, email = plan.contact, plan.email
  if not contact then
    contact = store:find_by("email", email)
    return contact or store:create { email = email }
  end
  if email and not store:find_by("email", email) then store:update(contact, { email = email }) end
  return contact
end

local function set_contact_properties(store, event_type, contact, values)
  for _, property in ipairs(event_type.properties or {}) do
    local value = property.object_property and values[property.name]
    local stored = value and properties.check(store.definitions, { [property.object_property] = value })
    if stored then store:update(contact, stored) end
  end
end

--- Carries out a plan and gives the event.
function timeline_event.save(portal, event_type, plan)
  local input, object_id = plan.input, plan.object_id
  if event_type.object_type == "CONTACT" then
    local contact = owner_of(portal.contacts, plan)
    set_contact_properties(portal.contacts, event_type, contact, input.properties)
    object_id = contact.id
  end
  local now = portal.clock.now()
  local event = {
    id = input.id,
    object_id = object_id,
    email = plan.email,
    utk = input.utk,
    domain = input.domain,
    timestamp = input.timestamp or now,
    created = now,
    properties = input.properties,
    extra_data = input.extra_data,
    frame = input.frame,
  }
  event_type.events[event.id] = event
  return event
end

--- An id for an event that came without one.
function timeline_event.new_id(portal)
  portal.timeline.last_event = portal.timeline.last_event + 1
  return uuid.of(UUID_SALT, portal.timeline.last_event)
end

return timeline_event
