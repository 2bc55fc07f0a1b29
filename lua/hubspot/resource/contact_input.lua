-- The records of a write of many contacts.

local check = require "hubspot.check"
local inputs = require "hubspot.object.inputs"
local merge = require "hubspot.merge"

local known = check.refined(
  check.fields("a record { email = … or id = …, properties = { … } }", {
    email = { type = check.email, description = "either this" },
    id = { type = check.id, description = "or this, of a contact that exists" },
    properties = { type = check.properties_or_none, required = true, description = "values by name" },
  }, "hubspot.ContactInput"),
  function(value, place)
    if (value.email == nil) == (value.id == nil) then return nil, ("%s needs either email or id"):format(place) end
    return value
  end
)

local keyed = inputs.to_upsert.type.element

local FIELDS = { email = true, id = true, properties = true }

local function has_other_key(record)
  for name in pairs(type(record) == "table" and record or {}) do
    if not FIELDS[name] then return true end
  end
  return false
end

-- A record that has an address or an id can't have a key besides.
local function type_of(record)
  if not has_other_key(record) or record.email ~= nil or record.id ~= nil then return known end
  return keyed
end

local contact_input = {}

--- Contacts to write: `{ email = or id =, properties = { … } }` each, or with the key that the option `by` names.
contact_input.records = check.list_of(
  merge {
    known,
    {
      luacats = known.luacats .. "|" .. keyed.luacats,
      check = function(value, place) return type_of(value).check(value, place) end,
    },
  },
  "records"
)

--- A message where records have another key than they need.
-- @tparam table values
-- @treturn ?string
function contact_input.check_keys(values)
  if values.by then return inputs.check_keys(values) end
  for index, record in ipairs(values.records) do
    if has_other_key(record) then
      local _, message = known.check(record, ("records[%d]"):format(index))
      return message
    end
  end
end

return contact_input
