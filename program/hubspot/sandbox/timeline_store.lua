--- The event types of timelines and the events of each.
--
-- An event type of v1 and a template of v3 are one thing, an app's and known by a number. The types of the date
-- versions come from projects and are known by a name.
local timeline_store = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.TimelineStore", __index = methods }

local FIRST_TYPE, FIRST_PROPERTY = 260, 4
local KINDS = { string = true, number = true, date = true, enumeration = true }

--- Returns the problem of a name of a date version, or nil.
function timeline_store.name_problem(name)
  if type(name) ~= "string" or not name:match "^%l%l%d+_[%w_]+$" then
    return "event types have names like pe99001_webinar, got " .. tostring(name)
  end
  return nil
end

local function property_problem(property)
  if type(property) ~= "table" or type(property.name) ~= "string" then
    return "every property of event_types needs a name"
  end
  if property.type ~= nil and not KINDS[property.type] then
    return "unknown type of a property of event_types: " .. tostring(property.type)
  end
  return nil
end

--- Returns the problem of the option `event_types` of a portal, or nil.
function timeline_store.problem(event_types)
  for _, item in ipairs(event_types) do
    local name = type(item) == "table" and item.name or item
    local problem = timeline_store.name_problem(name)
    for _, property in ipairs(type(item) == "table" and item.properties or {}) do
      problem = problem or property_problem(property)
    end
    if problem then return problem end
  end
  return nil
end

--- A store. `event_types` are names, or tables of `name`, `objectType` and `properties`.
function timeline_store.new(now, portal_id, event_types)
  local store = setmetatable({
    now = now,
    portal_id = portal_id,
    types = {},
    named = {},
    last_type = FIRST_TYPE - 1,
    last_property = FIRST_PROPERTY - 1,
    last_event = 0,
  }, metatable)
  for _, item in ipairs(event_types or {}) do
    local given = type(item) == "table" and item or { name = item }
    store:register(given.name, given)
  end
  return store
end

--- Makes a named type known.
function methods:register(name, fields)
  local properties
  if fields and fields.properties then
    properties = {}
    for index, property in ipairs(fields.properties) do
      properties[index] = { name = property.name, kind = property.type or "string", options = property.options or {} }
    end
  end
  self.named[name] = self.named[name]
    or { name = name, object_type = fields and fields.objectType or "CONTACT", properties = properties, events = {} }
  return self.named[name]
end

--- The types of an app, by rising id.
function methods:types_of(app_id)
  local types = {}
  for _, event_type in pairs(self.types) do
    if event_type.app_id == app_id then types[#types + 1] = event_type end
  end
  table.sort(types, function(a, b) return a.id < b.id end)
  return types
end

--- Makes a type of checked fields (`app_id`, `name`, `object_type`, `header`, `detail`).
function methods:create(fields)
  self.last_type = self.last_type + 1
  local now = self.now()
  local event_type = { id = self.last_type, properties = {}, events = {}, created = now, updated = now }
  for name, value in pairs(fields) do
    event_type[name] = value
  end
  self.types[event_type.id] = event_type
  return event_type
end

--- Removes a type with its events.
function methods:delete(event_type) self.types[event_type.id] = nil end

--- A property of a type by its name, and where it is.
function timeline_store.property(event_type, name)
  for index, property in ipairs(event_type.properties) do
    if property.name == name then return property, index end
  end
  return nil
end

--- Adds a property of checked fields (`name`, `label`, `kind`, `options`, `object_property`).
function methods:add_property(event_type, fields)
  self.last_property = self.last_property + 1
  local now = self.now()
  local property = { id = self.last_property, created = now, updated = now }
  for name, value in pairs(fields) do
    property[name] = value
  end
  table.insert(event_type.properties, property)
  event_type.updated = now
  return property
end

return timeline_store
