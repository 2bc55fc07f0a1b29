--- Definitions of properties as the date versions read and write them.
local core = require "hubspot.core"
local problems = require "hubspot.sandbox.problem"
local properties = require "hubspot.sandbox.properties"
local property_fields = require "hubspot.sandbox.property_fields"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local sensitivity = require "hubspot.sandbox.sensitivity"
local sequence = require "hubspot.sandbox.sequence"
local time = require "hubspot.sandbox.time"

local property_definition = {}

local array = core.array

local LONGEST_NAME = 100

local MOST_CUSTOM, MOST_UNIQUE = 1000, 10
local CALCULATED = "calculation_equation"

local TYPES = {
  string = true,
  number = true,
  date = true,
  datetime = true,
  enumeration = true,
  bool = true,
  phone_number = true,
}
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

-- The types whose values each kind of field can hold.
local TYPES_OF_FIELDS = {
  text = { string = true },
  textarea = { string = true },
  html = { string = true },
  file = { string = true },
  phonenumber = { string = true, phone_number = true },
  number = { number = true },
  date = { date = true, datetime = true },
  select = { enumeration = true },
  radio = { enumeration = true },
  checkbox = { enumeration = true },
  booleancheckbox = { bool = true, enumeration = true },
}

local function given_or(value, default)
  if value == nil then return default end
  return value
end

--- A definition as answers show it.
function property_definition.shown(definition)
  local fields = definition.fields or {}
  local options = sequence.map(
    definition.options,
    function(option)
      return {
        label = option.label,
        value = option.value,
        displayOrder = option.displayOrder,
        hidden = option.hidden,
        description = option.description,
      }
    end
  )
  return {
    name = definition.name,
    label = definition.label,
    description = definition.description,
    groupName = definition.group,
    type = definition.type,
    fieldType = definition.field_type,
    hidden = fields.hidden or false,
    options = array(options),
    displayOrder = fields.displayOrder or -1,
    formField = given_or(fields.formField, not definition.read_only),
    calculated = fields.calculationFormula ~= nil,
    calculationFormula = fields.calculationFormula,
    externalOptions = fields.externalOptions or false,
    referencedObjectType = fields.referencedObjectType,
    numberDisplayHint = fields.numberDisplayHint,
    textDisplayHint = fields.textDisplayHint,
    showCurrencySymbol = fields.showCurrencySymbol,
    currencyPropertyName = fields.currencyPropertyName,
    hasUniqueValue = definition.unique,
    hubspotDefined = definition.built_in,
    archived = definition.archived_at ~= nil,
    archivedAt = definition.archived_at and time.iso(definition.archived_at) or nil,
    createdAt = time.iso(definition.created),
    updatedAt = time.iso(definition.updated),
    dataSensitivity = definition.sensitivity or sensitivity.NONE,
    modificationMetadata = {
      archivable = not definition.built_in,
      readOnlyDefinition = definition.built_in,
      readOnlyValue = definition.read_only,
    },
  }
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

local function check_name(name)
  if not name:match "^%l[%l%d_]*$" then
    reply.invalid("Property name " .. name .. " must start with a letter and hold lower-case letters, digits and _")
  end
  if #name > LONGEST_NAME or name:find "^hs_" or name:find "^a%d+_" then
    reply.invalid("Property name " .. name .. " must not start with hs_ or a<number>_, and have at most 100 characters")
  end
end

local function check_options(kind, options)
  if kind == "enumeration" and #options == 0 then reply.invalid "An enumeration needs options" end
  if kind ~= "bool" then return end
  local values = {}
  for _, option in ipairs(options) do
    values[option.value] = true
  end
  if #options ~= 2 or not values["true"] or not values["false"] then
    reply.invalid("A bool needs the options true and false", {
      errors = array { { message = "A bool needs the options true and false", code = "INVALID_BOOLEAN_OPTION" } },
    })
  end
end

local function check_kind(kind, field_type)
  if not TYPES[kind] then reply.invalid("Invalid property type: " .. kind) end
  if not FIELD_TYPES[field_type] then reply.invalid("Invalid fieldType: " .. field_type) end
  local kinds = TYPES_OF_FIELDS[field_type]
  if kinds and not kinds[kind] then
    reply.invalid("A property of type " .. kind .. " can't have the fieldType " .. field_type)
  end
end

--- Reads a new definition. Answers 400 to what HubSpot does not take.
function property_definition.read(body, now)
  local name = required(body, "name")
  check_name(name)
  local fields = property_fields.read(body)
  local kind, field_type = required(body, "type"), required(body, "fieldType")
  if fields.calculationFormula then field_type = CALCULATED end
  check_kind(kind, field_type)
  local options = read_options(body)
  check_options(kind, options)
  return {
    name = name,
    label = required(body, "label"),
    type = kind,
    field_type = field_type,
    group = required(body, "groupName"),
    description = read.text(body, "description") or "",
    options = options,
    fields = fields,
    read_only = fields.calculationFormula ~= nil,
    built_in = false,
    unique = body.hasUniqueValue == true,
    sensitivity = sensitivity.read(body.dataSensitivity),
    created = now,
    updated = now,
  }
end

local function check_formula(store, fields)
  local missing = property_fields.missing_in_formula(store, fields)
  if missing then
    reply.fail(404, "The property " .. missing .. " of the formula does not exist", { category = "OBJECT_NOT_FOUND" })
  end
end

-- The properties of an account's own, and those of them that are unique, have limits.
local function check_room(store, definition)
  local custom, unique = 0, 0
  for _, other in pairs(store.definitions) do
    if not other.built_in then
      custom, unique = custom + 1, unique + (other.unique and 1 or 0)
    end
  end
  if custom >= MOST_CUSTOM then reply.invalid("The limit of " .. MOST_CUSTOM .. " custom properties is reached") end
  if definition.unique and unique >= MOST_UNIQUE then
    reply.invalid("The limit of " .. MOST_UNIQUE .. " properties with unique values is reached")
  end
end

--- Adds a definition to the records of a type; one that was archived comes back with its values. Answers 409 where
-- there is one of the name.
function property_definition.add(store, definition)
  local missing = sensitivity.missing_to_define(store, definition)
  if missing then problems.fail(problems.missing_scopes { missing }) end
  if store.definitions[definition.name] then
    reply.fail(409, "A property named '" .. definition.name .. "' already exists.", {
      category = "OBJECT_ALREADY_EXISTS",
      subCategory = "Properties.PROPERTY_WITH_NAME_EXISTS",
    })
  end
  check_formula(store, definition.fields)
  check_room(store, definition)
  properties.define(store.definitions, definition)
  store.archived_definitions[definition.name] = nil
end

-- Returns whether a filter, or one inside of it, is by a property.
local function names(filter, property)
  if type(filter) ~= "table" then return false end
  if filter.property == property then return true end
  for _, part in pairs(filter) do
    if names(part, property) then return true end
  end
  return false
end

-- The calculated properties and the lists that a property is used in.
local function uses_of(portal, store, definition)
  local uses = {}
  for name, other in pairs(store.definitions) do
    if property_fields.is_in_formula(other.fields or {}, definition.name) then
      uses[#uses + 1] = { parentType = "CALCULATED_PROPERTY", parentName = name }
    end
  end
  for _, list in ipairs(portal.lists:all()) do
    if list.type_id == store.type.id and names(list.branch, definition.name) then
      uses[#uses + 1] = { parentType = "LIST", parentName = list.name }
    end
  end
  return uses
end

local function check_unused(portal, store, definition)
  local errors = sequence.map(
    uses_of(portal, store, definition),
    function(use)
      return {
        message = "The property is used by " .. use.parentName,
        context = { parentType = array { use.parentType }, parentName = array { use.parentName } },
      }
    end
  )
  if #errors == 0 then return end
  reply.invalid("The property " .. definition.name .. " is in use", {
    subCategory = "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE",
    errors = array(errors),
  })
end

--- Archives a definition, whose values the records keep. Answers 400 where it is HubSpot's own, or in use.
function property_definition.archive(portal, store, definition)
  if definition.built_in then
    reply.invalid("The property " .. definition.name .. " is HubSpot's, and can't be archived")
  end
  check_unused(portal, store, definition)
  definition.archived_at = portal.clock.now()
  store.definitions[definition.name] = nil
  store.archived_definitions[definition.name] = definition
end

--- Changes a definition; what is not given stays, and so does whether its values are unique.
function property_definition.change(store, definition, body, now)
  local fields = property_fields.read(body, definition.fields or {})
  check_formula(store, fields)
  local kind, field_type =
    read.text(body, "type") or definition.type, read.text(body, "fieldType") or definition.field_type
  check_kind(kind, field_type)
  local options = read.given(body.options) and read_options(body) or definition.options
  check_options(kind, options)
  definition.fields = fields
  definition.type, definition.field_type, definition.options = kind, field_type, options
  definition.label = read.text(body, "label") or definition.label
  definition.group = read.text(body, "groupName") or definition.group
  definition.description = read.text(body, "description") or definition.description
  definition.updated = now
end

return property_definition
