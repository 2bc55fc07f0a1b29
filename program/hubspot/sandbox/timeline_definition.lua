--- Reads the definitions of event types and their properties, which are the same in v1 and v3.
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"

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

--- Adds what a body says of an event type to its fields.
function timeline_definition.read_fields(body, fields)
  fields.name = read.required_text(body, "name")
  fields.header, fields.detail = read.text(body, "headerTemplate"), read.text(body, "detailTemplate")
  return fields
end

--- The name of a property in a body. Answers 400 where it is none.
function timeline_definition.read_name(body)
  local name = read.given(body.name)
  if type(name) ~= "string" or not name:match "^[%w._-]+$" then
    reply.invalid "The name of a property must consist of letters, digits, periods, dashes and underscores"
  end
  if RESERVED[name] then reply.invalid("The name " .. name .. " is reserved") end
  return name
end

--- The options of a body as they are stored. Answers 400 where one is wrong.
function timeline_definition.read_options(body)
  local options, seen = {}, {}
  for index, option in ipairs(read.list(body, "options")) do
    if type(option) ~= "table" or type(option.label) ~= "string" or type(option.value) ~= "string" then
      reply.invalid "Every option needs a label and a value"
    end
    if seen[option.value] then reply.invalid("The option " .. option.value .. " is there twice") end
    seen[option.value] = true
    options[index] = { label = option.label, value = option.value }
  end
  return options
end

--- The contact property that a property of events sets, nil where none is given as `member`. Answers 400 where the
-- account has no such property.
function timeline_definition.read_object_property(portal, event_type, body, member)
  local name = read.given(body[member])
  if name == nil or event_type.object_type ~= "CONTACT" then return nil end
  if type(name) ~= "string" or not portal.contacts.definitions[name] then
    reply.invalid("There is no contact property " .. tostring(name))
  end
  return name
end

return timeline_definition
