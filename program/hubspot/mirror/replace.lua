--- Brings rows of a table in line with what HubSpot has, and leaves alone those that are.
-- @module hubspot.mirror.replace

local sorted_keys = require("hubspot.check").sorted_keys
local tables = require "hubspot.mirror.tables"
local value = require "hubspot.mirror.value"

local function key_of(one, cells)
  local parts = {}
  for index, place in ipairs(one.key_places) do
    parts[index] = tostring(cells[place])
  end
  return table.concat(parts, "\0")
end

-- Places of the columns of a key.
local function with_places(one)
  if one.key_places then return one end
  one.key_places = {}
  for _, name in ipairs(one.key) do
    for place, column in ipairs(one.columns) do
      if column.name == name then table.insert(one.key_places, place) end
    end
  end
  return one
end

local function shown_cells(one, stored)
  local cells = {}
  for place, column in ipairs(one.columns) do
    cells[place] = value.shown(column.kind, stored[column.name])
  end
  return cells
end

local function differs(one, before, after)
  for place, column in ipairs(one.columns) do
    if not column.is_noted and before[place] ~= after[place] then return true end
  end
  return false
end

local function stored_row(one, cells)
  local row = {}
  for place, column in ipairs(one.columns) do
    row[place] = value.stored(column.kind, cells[place])
  end
  return row
end

local function delete(database, one, cells)
  local conditions = {}
  for index, place in ipairs(one.key_places) do
    conditions[index] = ("%s = %s"):format(
      database:quote(one.key[index]),
      database:literal(value.stored(one.columns[place].kind, cells[place]))
    )
  end
  database:execute(("DELETE FROM %s WHERE %s"):format(database:quote(one.name), table.concat(conditions, " AND ")))
end

-- Rows of different keys, the last of each: a listing by pages gives one twice where another came meanwhile.
local function unique(one, rows)
  local by_key, keys = {}, {}
  for _, cells in ipairs(rows) do
    local key = key_of(one, cells)
    if not by_key[key] then keys[#keys + 1] = key end
    by_key[key] = cells
  end
  return by_key, keys
end

--- Finds out what to write and to delete.
-- @tparam table database
-- @tparam string name of a table
-- @tparam ?string condition in SQL, of the rows that are compared; all when left out
-- @tparam table rows normal texts in the order of the table's columns; of two with one key the last one counts
-- @treturn table `written` and `deleted`, lists of rows; `count`, how many there were
local function compare(database, name, condition, rows)
  local one = with_places(tables.by_name[name])
  local stored = {}
  local found = { written = {}, deleted = {}, count = 0 }
  local statement = ("SELECT * FROM %s%s"):format(database:quote(name), condition and " WHERE " .. condition or "")
  for _, row in ipairs(database:query(statement)) do
    local cells = shown_cells(one, row)
    stored[key_of(one, cells)] = cells
    found.count = found.count + 1
  end
  local by_key, keys = unique(one, rows)
  for _, key in ipairs(keys) do
    local cells = by_key[key]
    if not stored[key] or differs(one, stored[key], cells) then table.insert(found.written, cells) end
    stored[key] = nil
  end
  for _, key in ipairs(sorted_keys(stored)) do
    table.insert(found.deleted, stored[key])
  end
  return found
end

local replace = { compare = compare }

--- Writes what `compare` found.
-- @tparam table database
-- @tparam string name
-- @tparam table found
function replace.apply(database, name, found)
  local one = with_places(tables.by_name[name])
  local rows = {}
  for index, cells in ipairs(found.written) do
    rows[index] = stored_row(one, cells)
  end
  database:upsert(one.into, rows)
  for _, cells in ipairs(found.deleted) do
    delete(database, one, cells)
  end
end

--- Both, in one transaction.
-- @treturn boolean whether anything was written
function replace.all(database, name, condition, rows)
  return database:transaction(function()
    local found = compare(database, name, condition, rows)
    replace.apply(database, name, found)
    return #found.written + #found.deleted > 0
  end)
end

return replace
