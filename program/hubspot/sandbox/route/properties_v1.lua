--- Definitions of contact properties: `/properties/v1/…` and its v2 alias
local core = require "hubspot.core"
local reply = require "hubspot.sandbox.reply"

local array = core.array

local READ = { "crm.objects.contacts.read" }

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

local function get(portal, req)
  local definition = portal.contacts.definitions[req.params.propertyName]
  if not definition then
    reply.fail(404, "Couldn't find a Property with the given name '" .. req.params.propertyName .. "'")
  end
  return reply.json(200, v1_property(definition))
end

return {
  { method = "GET", path = "/properties/v1/contacts/properties/named/{propertyName}", handler = get, scopes = READ },
  { method = "GET", path = "/contacts/v2/properties/named/{propertyName}", handler = get, scopes = READ },
}
