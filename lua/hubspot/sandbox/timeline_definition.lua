--- What event types and their properties may be; the same for v1 and v3.
local request = require "hubspot.sandbox.request"

local timeline_definition = {}

local OBJECT_TYPES = {
  CONTACT = "CONTACT",
  CONTACTS = "CONTACT",
  COMPANY = "COMPANY",
  COMPANIES = "COMPANY",
  DEAL = "DEAL",
  DEALS = "DEAL",
  TICKET = "TICKET",
  TICKETS = "TICKET",
}
-- Names of helpers that templates can call.
local RESERVED = { log = true, lookup = true }

--- The type of object that a text names, or nil.
function timeline_definition.object_type(text) return type(text) == "string" and OBJECT_TYPES[text:upper()] or nil end

--- What is wrong with the name of a property, or nil.
function timeline_definition.name_problem(name)
  if type(name) ~= "string" or not name:match "^[%w._-]+$" then
    return "The name of a property must consist of letters, digits, periods, dashes and underscores"
  end
  if RESERVED[name] then return "The name " .. name .. " is reserved" end
  return nil
end

--- The options of a body as they are stored, or nil and what is wrong.
function timeline_definition.options(body)
  local options, seen = {}, {}
  for index, option in ipairs(request.list_of(body, "options")) do
    if type(option) ~= "table" or type(option.label) ~= "string" or type(option.value) ~= "string" then
      return nil, "Every option needs a label and a value"
    end
    if seen[option.value] then return nil, "The option " .. option.value .. " is there twice" end
    seen[option.value] = true
    options[index] = { label = option.label, value = option.value }
  end
  return options
end

--- What is wrong with the contact property that a property of events shall set, or nil.
function timeline_definition.object_property_problem(portal, event_type, name)
  if name == nil or event_type.object_type ~= "CONTACT" then return nil end
  if type(name) ~= "string" or not portal.contacts.definitions[name] then
    return "There is no contact property " .. tostring(name)
  end
  return nil
end

return timeline_definition
