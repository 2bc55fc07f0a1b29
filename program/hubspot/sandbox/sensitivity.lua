--- Sensitive properties: the scopes that they take.
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"

local sensitivity = {}

--- The sensitivity of all other properties.
sensitivity.NONE = "non_sensitive"

local LEVELS = { non_sensitive = true, sensitive = true, highly_sensitive = true }

--- The sensitivity that a request names, nil for none. Answers 400 to what is no sensitivity.
function sensitivity.read(level)
  level = read.given(level)
  if level == nil then return nil end
  if not LEVELS[level] then reply.invalid("Invalid dataSensitivity: " .. tostring(level)) end
  return level ~= sensitivity.NONE and level or nil
end

local function kind_of(type) return type.fully_qualified_name and "custom" or type.name end

-- The scope that a verb takes with the values of a property, nil where that of the records is enough.
local function scope_of(store, definition, verb)
  if not definition.sensitivity then return verb == "read" and definition.read_scope or nil end
  return ("crm.objects.%s.%s.%s.v2"):format(kind_of(store.type), definition.sensitivity, verb)
end

--- Returns whether a property of the records is there and its values may be read.
function sensitivity.sees(store, name)
  local definition = store.definitions[name]
  if not definition then return false end
  if not definition.sensitivity and not definition.read_scope then return true end
  return store.is_granted(scope_of(store, definition, "read"))
end

--- The scopes that are missing to write these values, sorted; empty where none is.
function sensitivity.missing_to_write(store, values)
  local missing = {}
  for name in pairs(values) do
    local scope = scope_of(store, store.definitions[name], "write")
    if scope and not store.is_granted(scope) then missing[scope] = true end
  end
  local scopes = {}
  for scope in pairs(missing) do
    scopes[#scopes + 1] = scope
  end
  table.sort(scopes)
  return scopes
end

--- The scope that is missing to define a property, or nil; HubSpot calls it by a name of its own.
function sensitivity.missing_to_define(store, definition)
  local level = definition.sensitivity
  local scope = level and ("crm.schemas.%s.%s.write"):format(kind_of(store.type), level)
  if not scope or store.is_granted(scope) or store.is_granted(scope .. ".v2") then return nil end
  return "sensitive-data-property-create"
end

return sensitivity
