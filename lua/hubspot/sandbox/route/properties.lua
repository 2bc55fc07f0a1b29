--- Definitions of contact properties: `/properties/v1/…`, its v2 alias, and `/crm/properties/{D}/contacts…`
local core = require "hubspot.core"
local properties = require "hubspot.sandbox.properties"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local time = require "hubspot.sandbox.time"

local array = core.array

local READ = { "crm.objects.contacts.read" }
local WRITE = { "crm.schemas.contacts.write" }

local TYPES = { string = true, number = true, date = true, datetime = true, enumeration = true, bool = true }
local FIELD_TYPES = {
  text = true,
  textarea = true,
  select = true,
  radio = true,
  checkbox = true,
  booleancheckbox = true,
  number = true,
  date = true,
  file = true,
  phonenumber = true,
  html = true,
  calculation_equation = true,
}

local function v1_property(definition)
  local options = {}
  for index, option in ipairs(definition.options) do
    options[index] = {
      label = option.label,
      value = option.value,
      displayOrder = option.displayOrder,
      hidden = option.hidden,
      description = core.null,
      readOnly = false,
      doubleData = 0,
    }
  end
  return {
    name = definition.name,
    label = definition.label,
    description = definition.description,
    groupName = definition.group,
    type = definition.type,
    fieldType = definition.field_type,
    hidden = false,
    options = array(options),
    deleted = false,
    displayOrder = -1,
    formField = not definition.read_only,
    readOnlyValue = definition.read_only,
    readOnlyDefinition = definition.built_in,
    mutableDefinitionNotDeletable = definition.built_in,
    calculated = false,
    externalOptions = false,
    displayMode = "current_value",
    updatedUserId = core.null,
  }
end

local function dated_property(definition)
  local options = {}
  for index, option in ipairs(definition.options) do
    options[index] = {
      label = option.label,
      value = option.value,
      displayOrder = option.displayOrder,
      hidden = option.hidden,
      description = option.description,
    }
  end
  return {
    name = definition.name,
    label = definition.label,
    description = definition.description,
    groupName = definition.group,
    type = definition.type,
    fieldType = definition.field_type,
    hidden = false,
    options = array(options),
    displayOrder = -1,
    formField = not definition.read_only,
    calculated = false,
    externalOptions = false,
    hasUniqueValue = definition.unique,
    hubspotDefined = definition.built_in,
    archived = false,
    createdAt = time.iso(definition.created),
    updatedAt = time.iso(definition.updated),
    dataSensitivity = "non_sensitive",
    modificationMetadata = {
      archivable = not definition.built_in,
      readOnlyDefinition = definition.built_in,
      readOnlyValue = definition.read_only,
    },
  }
end

local function find(portal, req, category)
  local definition = portal.contacts.definitions[req.params.propertyName]
  if not definition then
    reply.fail(
      404,
      "Couldn't find a Property with the given name '" .. req.params.propertyName .. "'",
      { category = category }
    )
  end
  return definition
end

local function get_v1(portal, req) return reply.json(200, v1_property(find(portal, req))) end

local function get(portal, req) return reply.json(200, dated_property(find(portal, req, "OBJECT_NOT_FOUND"))) end

local function list(portal)
  local names, results = {}, {}
  for name in pairs(portal.contacts.definitions) do
    names[#names + 1] = name
  end
  table.sort(names)
  for index, name in ipairs(names) do
    results[index] = dated_property(portal.contacts.definitions[name])
  end
  return reply.json(200, { results = array(results) })
end

local function required(body, name)
  local value = body[name]
  if type(value) ~= "string" or value == "" then reply.invalid("Invalid input JSON: " .. name .. " is required") end
  return value
end

local function read_options(body)
  local options = {}
  for index, option in ipairs(read.list(body, "options")) do
    if type(option) ~= "table" or type(option.value) ~= "string" or type(option.label) ~= "string" then
      reply.invalid "Invalid input JSON: every option needs a label and a value"
    end
    options[index] = {
      label = option.label,
      value = option.value,
      displayOrder = index - 1,
      hidden = option.hidden == true,
      description = type(option.description) == "string" and option.description or "",
    }
  end
  return options
end

local function create(portal, req)
  local body = request.object(req)
  local name = required(body, "name")
  if not name:match "^%l[%l%d_]*$" then
    reply.invalid("Property name " .. name .. " must start with a letter and hold lower-case letters, digits and _")
  end
  if portal.contacts.definitions[name] then
    reply.fail(409, "A property named '" .. name .. "' already exists.", { category = "OBJECT_ALREADY_EXISTS" })
  end
  local kind, field_type = required(body, "type"), required(body, "fieldType")
  if not TYPES[kind] then reply.invalid("Invalid property type: " .. kind) end
  if not FIELD_TYPES[field_type] then reply.invalid("Invalid fieldType: " .. field_type) end
  local now = portal.clock.now()
  local definition = {
    name = name,
    label = required(body, "label"),
    type = kind,
    field_type = field_type,
    group = required(body, "groupName"),
    description = type(body.description) == "string" and body.description or "",
    options = read_options(body),
    read_only = false,
    built_in = false,
    unique = body.hasUniqueValue == true,
    created = now,
    updated = now,
  }
  properties.define(portal.contacts.definitions, definition)
  return reply.json(201, dated_property(definition))
end

return {
  { method = "GET", path = "/properties/v1/contacts/properties/named/{propertyName}", handler = get_v1, scopes = READ },
  { method = "GET", path = "/contacts/v2/properties/named/{propertyName}", handler = get_v1, scopes = READ },
  { method = "GET", path = "/crm/properties/{D}/contacts", handler = list, scopes = READ },
  { method = "POST", path = "/crm/properties/{D}/contacts", handler = create, scopes = WRITE },
  { method = "GET", path = "/crm/properties/{D}/contacts/{propertyName}", handler = get, scopes = READ },
}
