--- The columns of the properties of a type: once given, a column stays, and `mirror_columns` has the map.
-- @module hubspot.mirror.columns

local digest = require("hubspot.digest").of
local value = require "hubspot.mirror.value"

local columns = {}

--- The columns of every table of records, with the kind of each.
columns.OWN = {
  { name = "id", kind = "id" },
  { name = "created_at", kind = "time" },
  { name = "updated_at", kind = "time" },
  { name = "archived_at", kind = "time" },
  { name = "merged_into", kind = "id" },
  { name = "gone_at", kind = "time" },
  { name = "read_at", kind = "time" },
  { name = "extra", kind = "json" },
}

--- PostgreSQL takes 1,600 columns, and counts dropped ones.
columns.MOST = 1500

-- PostgreSQL cuts names at 63 bytes in silence.
local LONGEST, KEPT = 60, 51

local RESERVED = {}
for _, name in ipairs { "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid", "oid", "rowid", "_rowid_" } do
  RESERVED[name] = true
end
for _, own in ipairs(columns.OWN) do
  RESERVED[own.name] = true
end

local function shortened(name, whole) return name:sub(1, KEPT) .. "_" .. digest(whole):sub(1, 8) end

--- A name that a database takes as it is: a longer one is cut, and ends with a digest of the whole.
-- @tparam string name
-- @treturn string
function columns.fitting(name) return #name > LONGEST and shortened(name, name) or name end

--- A name for the column of a property.
-- @tparam string property
-- @tparam string kind
-- @tparam table taken a set of names in lower case: names that differ in case only are one to SQLite
-- @treturn string
function columns.name(property, kind, taken)
  local candidates = {
    property,
    property .. "_" .. (RESERVED[property:lower()] and "property" or kind),
    property .. "_property_" .. kind,
  }
  for _, candidate in ipairs(candidates) do
    local name = columns.fitting(candidate)
    if not RESERVED[name:lower()] and not taken[name:lower()] then return name end
  end
  local number = 1
  local name
  repeat
    name = shortened(property, ("%s %s %d"):format(property, kind, number))
    number = number + 1
  until not taken[name:lower()]
  return name
end

-- Puts what people enter before what HubSpot calculates, for where not all have a column.
local function in_order(definitions)
  local list = {}
  for index, definition in ipairs(definitions) do
    list[index] = definition
  end
  table.sort(list, function(a, b)
    local first, second = a.calculated == true, b.calculated == true
    if first ~= second then return second end
    return a.name < b.name
  end)
  return list
end

--- Gives each property a column, as far as there are any.
-- @tparam table known a list of `{ property =, kind =, name = }`
-- @tparam table definitions of properties, as HubSpot has them
-- @treturn table a list of the columns to add, alike
function columns.missing(known, definitions)
  local taken, has = {}, {}
  for _, column in ipairs(known) do
    taken[column.name:lower()] = true
    has[column.property .. "\0" .. column.kind] = true
  end
  local added, count = {}, #known
  for _, definition in ipairs(in_order(definitions)) do
    local kind = value.kind(definition.type)
    if count < columns.MOST and not has[definition.name .. "\0" .. kind] then
      local name = columns.name(definition.name, kind, taken)
      taken[name:lower()] = true
      added[#added + 1] = { property = definition.name, kind = kind, name = name }
      count = count + 1
    end
  end
  return added
end

return columns
