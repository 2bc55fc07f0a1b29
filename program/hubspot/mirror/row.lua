--- Records as rows of a table.
-- @module hubspot.mirror.row

local core = require "hubspot.core"
local value = require "hubspot.mirror.value"

local row = {}

-- Bytes that PostgreSQL leaves in a row of a text that it keeps elsewhere, and of a column of another kind.
local LARGEST_IN_ROW, OTHER_IN_ROW = 24, 16

-- Moves the last texts to `extra` until the rest fits in a row.
local function fit(columns, cells, extra, largest)
  local size = 0
  for index, column in ipairs(columns) do
    local cell = cells[index]
    if cell then size = size + (column.kind == "text" and math.min(#cell + 4, LARGEST_IN_ROW) or OTHER_IN_ROW) end
  end
  local index = #columns
  while size > largest and index > 0 do
    local cell = cells[index]
    if cell and columns[index].kind == "text" then
      size = size - math.min(#cell + 4, LARGEST_IN_ROW)
      extra[columns[index].property], cells[index] = cell, nil
    end
    index = index - 1
  end
end

--- The cells of a record's properties: normal texts by the places of their columns.
-- @tparam table columns of the present types of properties, as `hubspot.mirror.schema` has them: `list` and
--   `by_property`, and `is_wanted`, the names of the properties that the mirror keeps as a set
-- @tparam table properties texts by name
-- @tparam table dialect of the database
-- @treturn table cells
-- @treturn ?string what has no cell, as JSON; nil where all has
-- @treturn integer how many values did not fit the type of their column
function row.cells(columns, properties, dialect)
  local cells, extra, misfits = {}, {}, 0
  local places = columns.by_property
  local is_wanted, are_plain = columns.is_wanted, value.are_plain(properties)
  for name, text in pairs(properties) do
    if text ~= "" and is_wanted[name] then
      local place = places[name]
      local kind = place and columns.list[place].kind
      local is_as_given = kind == "text" and are_plain
      local cell = is_as_given and text or kind and value.normal(kind, text, dialect)
      if cell then
        cells[place] = cell
      else
        extra[name] = text
        if place then misfits = misfits + 1 end
      end
    end
  end
  if dialect.largest_row < math.huge then fit(columns.list, cells, extra, dialect.largest_row) end
  return cells, next(extra) ~= nil and value.json(extra) or nil, misfits
end

--- The cells of a row that a database gave.
-- @tparam table columns
-- @tparam table stored by names of columns
-- @treturn table
function row.stored_cells(columns, stored)
  local cells = {}
  for place, column in ipairs(columns.list) do
    cells[place] = value.shown(column.kind, stored[column.name])
  end
  return cells
end

local function by_property(columns, cells, extra)
  local texts = extra and core.decode(extra) or {}
  for place, column in ipairs(columns.list) do
    if cells[place] then texts[column.property] = cells[place] end
  end
  return texts
end

--- The difference of two rows, by property `{ before, after }`; nil where there is none. An absent value is JSON's
-- null.
function row.difference(columns, before, after)
  local old, new = by_property(columns, before.cells, before.extra), by_property(columns, after.cells, after.extra)
  local found = {}
  for name, text in pairs(new) do
    if old[name] ~= text then found[name] = core.array { old[name] or core.null, text } end
  end
  for name, text in pairs(old) do
    if new[name] == nil then found[name] = core.array { text, core.null } end
  end
  return next(found) ~= nil and found or nil
end

--- Returns whether two rows hold the same.
function row.is_same(columns, before, after)
  if before.extra ~= after.extra then return false end
  for place = 1, #columns.list do
    if before.cells[place] ~= after.cells[place] then return false end
  end
  return true
end

return row
