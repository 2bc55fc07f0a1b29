-- Definitions of properties and of their groups, as calls pass them.

local changes_of = require "hubspot.resource.changes"
local check = require "hubspot.check"
local core = require "hubspot.core"
local merge = require "hubspot.merge"

local LONGEST_NAME = 100

local option = check.fields("an option { label = …, value = … }", {
  label = { type = check.text, required = true, description = "shown for it" },
  value = { type = check.text, required = true, description = "kept for it" },
  description = { type = check.text, description = "" },
  displayOrder = { type = check.integer(-1, 2 ^ 31), description = "its place; that in the list when left out" },
  hidden = { type = check.boolean, description = "whether forms leave it out; false when left out" },
}, "hubspot.PropertyOption")

-- HubSpot wants each option whole.
local options_type = check.refined(check.list_of(option, "options", true), function(list)
  for index, one in ipairs(list) do
    if one.displayOrder == nil then one.displayOrder = index - 1 end
    if one.hidden == nil then one.hidden = false end
  end
  return core.array(list)
end)

local name_type = check.refined(check.segment, function(name, place)
  if #name <= LONGEST_NAME and name:find "^%l[%l%d_]*$" then return name end
  return nil,
    ("%s must be a name of at most %d small letters, digits and underscores that begins with a letter, got %s"):format(
      place,
      LONGEST_NAME,
      check.describe(name)
    )
end)

local changeable = {
  label = { type = check.text, description = "shown for it" },
  groupName = { type = check.segment, description = "name of its group" },
  type = {
    type = check.word({ "string", "number", "bool", "enumeration", "date", "datetime", "phone_number" }, check.is_name),
    description = "of its values",
  },
  fieldType = {
    type = check.word({
      "text",
      "textarea",
      "html",
      "file",
      "phonenumber",
      "number",
      "booleancheckbox",
      "select",
      "radio",
      "checkbox",
      "date",
      "calculation_equation",
    }, check.is_name),
    description = "of the field that shows it",
  },
  options = { type = options_type, description = "of an enumeration; an update replaces them all" },
  description = { type = check.text, description = "" },
  displayOrder = { type = check.integer(-1, 2 ^ 31), description = "its place in the group; -1 is the last" },
  hidden = { type = check.boolean, description = "whether HubSpot hides it" },
  formField = { type = check.boolean, description = "whether forms may have it" },
  calculationFormula = { type = check.string, description = "of a calculated one" },
  externalOptions = { type = check.boolean, description = "whether its options are HubSpot's" },
  numberDisplayHint = { type = check.string, description = "how a number is shown" },
  textDisplayHint = { type = check.string, description = "how a text is shown" },
  showCurrencySymbol = { type = check.boolean, description = "whether it is shown with the account's currency" },
  currencyPropertyName = { type = check.segment, description = "the property that has its currency" },
}

local settled = {
  name = { type = name_type, required = true, description = "its internal name, for good" },
  hasUniqueValue = { type = check.boolean, description = "whether no two records may have one value, for good" },
  referencedObjectType = { type = check.string, description = '"OWNER", for good' },
  dataSensitivity = {
    type = check.word { "non_sensitive", "sensitive", "highly_sensitive" },
    description = "for good",
  },
}

local function required(fields, names)
  local all = merge { fields }
  for _, name in ipairs(names) do
    all[name] = merge { fields[name], { required = true } }
  end
  return all
end

local definition = check.fields(
  "a table { name = …, label = …, groupName = …, type = …, fieldType = … }",
  required(merge { changeable, settled }, { "label", "groupName", "type", "fieldType" }),
  "hubspot.PropertyDefinition"
)

local changes = changes_of("a table { label = …, options = … }", changeable, "hubspot.PropertyChanges")

local group_fields = {
  label = { type = check.text, description = "shown for it" },
  displayOrder = { type = check.integer(-1, 2 ^ 31), description = "its place among the groups; -1 is the last" },
}

local group = check.fields(
  "a table { name = …, label = … }",
  required(
    merge { group_fields, { name = { type = check.segment, required = true, description = "its internal name" } } },
    {
      "label",
    }
  ),
  "hubspot.PropertyGroupDefinition"
)

local group_changes = changes_of("a table { label = … }", group_fields, "hubspot.PropertyGroupChanges")

return { definition = definition, changes = changes, group = group, group_changes = group_changes }
