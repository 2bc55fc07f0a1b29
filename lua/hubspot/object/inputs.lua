-- The records that writes of many take.

local associations = require "hubspot.object.associations"
local check = require "hubspot.check"
local keys = require "hubspot.object.keys"

local inputs = {}

local properties = { type = check.properties_or_none, required = true, description = "values by name" }

local created = check.fields("a record { properties = { … } }", {
  properties = properties,
  associations = { type = associations.type, description = "records to associate it with" },
}, "hubspot.ObjectToCreate")

local updated = check.fields("a record { id = …, properties = { … } }", {
  id = { type = check.id, required = true, description = "of a record that exists" },
  properties = properties,
}, "hubspot.ObjectToUpdate")

--- The argument of `create_many`.
inputs.to_create = {
  name = "records",
  type = check.list_of(created, "records"),
  description = "`{ properties = { … } }` each",
}

--- The argument of `update_many`.
inputs.to_update = {
  name = "records",
  type = check.list_of(updated, "records"),
  description = "`{ id =, properties = { … } }` each",
}

local UPSERTED =
  "a record { order_number = …, properties = { … } }, by the name of its key, or { id = …, properties = { … } }"

-- The name and the value of a record's key; or nil and a message.
local function key_of(value, place)
  local name
  for field in pairs(value) do
    if type(field) ~= "string" then return nil, ("%s must be %s"):format(place, UPSERTED) end
    if field ~= "properties" then
      if name then return nil, ("%s needs one key, and has %s and %s"):format(place, name, field) end
      name = field
    end
  end
  if not name then return nil, ("%s needs an id, or the value of a unique property"):format(place) end
  local checked, message = check.field(name == "id" and check.id or keys.value, value, name, place)
  if checked == nil then return nil, message end
  return name, checked
end

local upserted = {
  description = UPSERTED,
  luacats = "hubspot.ObjectToUpsert",
  check = function(value, place)
    if type(value) ~= "table" then
      return nil, ("%s must be %s, got %s"):format(place, UPSERTED, check.describe(value))
    end
    local written, message = check.field(check.properties_or_none, value, "properties", place)
    if not written then return nil, message end
    local name, given = key_of(value, place)
    if not name then return nil, given end
    -- Most records are as they have to be. One with a metatable might tell more of itself later.
    if not getmetatable(value) and given == value[name] and written == value.properties then return value end
    return { [name] = given, properties = written }
  end,
}

--- The argument of `upsert_many`.
inputs.to_upsert = {
  name = "records",
  type = check.list_of(upserted, "records"),
  description = "`{ order_number =, properties = { … } }` each, with the key that `by` names, or "
    .. "`{ id =, properties = { … } }` of one that exists",
}

--- A message where records have another key than the option `by` names.
-- @tparam table values
-- @treturn ?string
function inputs.check_keys(values)
  for index, record in ipairs(values.records) do
    if not record.id then
      if not values.by then return "the option by is missing: it names the key of records without an id" end
      if record[values.by] == nil then
        return ("records[%d] must have %s, the key that the option by names, or an id"):format(index, values.by)
      end
    end
  end
end

return inputs
