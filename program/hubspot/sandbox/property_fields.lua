--- The fields of a property's definition that say how HubSpot's pages show it, and how it is calculated.
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"

local property_fields = {}

local NUMBER_HINTS =
  { unformatted = true, formatted = true, currency = true, percentage = true, duration = true, probability = true }

local function boolean(value, name)
  if type(value) ~= "boolean" then reply.invalid("Invalid input JSON: " .. name .. " must be a boolean") end
  return value
end

local function text(value, name)
  if type(value) ~= "string" then reply.invalid("Invalid input JSON: " .. name .. " must be a string") end
  return value
end

local function order(value, name)
  return read.integer(value) or reply.invalid("Invalid input JSON: " .. name .. " must be an integer")
end

local function number_hint(value, name)
  if not NUMBER_HINTS[value] then reply.invalid("Invalid " .. name .. ": " .. tostring(value)) end
  return value
end

-- HubSpot keeps formulas in a form of its own.
local function formula(value, name)
  if text(value, name):find "%f[%w_]if%s*%(" or value:find "[][]" then
    reply.invalid("The formula can't be parsed: " .. value)
  end
  return (value:gsub("%s+", ""))
end

local READERS = {
  displayOrder = order,
  hidden = boolean,
  formField = boolean,
  externalOptions = boolean,
  referencedObjectType = text,
  numberDisplayHint = number_hint,
  textDisplayHint = text,
  showCurrencySymbol = boolean,
  currencyPropertyName = text,
  calculationFormula = formula,
}
-- A change of these is accepted, and nothing happens.
local FIXED = { referencedObjectType = true }

--- Reads the fields that a body gives; those that it leaves out, or has as null, stay as `kept` has them.
function property_fields.read(body, kept)
  local fields = {}
  for name, reader in pairs(READERS) do
    local value = read.given(body[name])
    if kept and (value == nil or FIXED[name]) then
      fields[name] = kept[name]
    elseif value ~= nil then
      fields[name] = reader(value, name)
    end
  end
  if kept and kept.currencyPropertyName and kept.showCurrencySymbol then fields.showCurrencySymbol = true end
  return fields
end

local function each_name(formula_text, visit)
  for name, follower in formula_text:gmatch "([%a_][%w_]*)(%(?)" do
    if follower == "" then visit(name) end
  end
end

--- The first property that a formula names and the records do not have, or nil.
function property_fields.missing_in_formula(store, fields)
  local missing
  each_name(fields.calculationFormula or "", function(name)
    if not store.definitions[name] then missing = missing or name end
  end)
  return missing
end

--- Returns whether a formula names a property.
function property_fields.is_in_formula(fields, property)
  local found = false
  each_name(fields.calculationFormula or "", function(name) found = found or name == property end)
  return found
end

return property_fields
