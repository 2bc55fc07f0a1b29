--- Columns of records in files that are no properties, and what a property of such a name is called there.
-- @module hubspot.command.record_columns

local types = require "hubspot.object.types"

local record_columns = {}

--- The columns of an export that come before the properties.
record_columns.OWN = { "id", "created_at", "updated_at", "archived_at" }

local SUFFIX = "_property"

local is_own = {}
for _, name in ipairs(record_columns.OWN) do
  is_own[name] = true
end

--- Returns whether a column of that name is one of an export's own.
-- @tparam string name
-- @treturn boolean
function record_columns.is_own(name) return is_own[name] == true end

--- The columns of properties.
-- @tparam table names of the properties
-- @tparam table others names of columns that come after them, as keys
-- @treturn table a list
function record_columns.of_properties(names, others)
  local taken, columns = {}, {}
  for _, name in ipairs(names) do
    taken[name] = true
  end
  for index, name in ipairs(names) do
    local column = name
    if is_own[name] or others[name] then
      repeat
        column = column .. SUFFIX
      until not taken[column] and not others[column]
      taken[column] = true
    end
    columns[index] = column
  end
  return columns
end

--- The property that a column is of which was called otherwise for another column's sake.
-- @tparam string column
-- @treturn ?string nil where the column is called as what it is of
function record_columns.property_of(column)
  local name = column:sub(1, -#SUFFIX - 1)
  local is_renamed = column:sub(-#SUFFIX) == SUFFIX and (is_own[name] or types.find(name) ~= nil)
  return is_renamed and name or nil
end

return record_columns
