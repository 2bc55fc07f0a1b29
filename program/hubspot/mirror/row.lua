--- Records as rows of a table.
-- @module hubspot.mirror.row

local append = require "hubspot.append"
local core = require "hubspot.core"
local value = require "hubspot.mirror.value"

local row = {}

-- Bytes in a row: of a text or a number, of which PostgreSQL keeps a longer one elsewhere, and of another kind.
local LARGEST_IN_ROW, OTHER_IN_ROW = 24, 16

-- A number takes fewer bytes than digits, and some of its own.
local OF_ITS_OWN = { text = 4, number = 8 }

local function size_of(kind, cell)
  if not cell then return 0 end
  local more = OF_ITS_OWN[kind]
  return more and math.min(#cell + more, LARGEST_IN_ROW) or OTHER_IN_ROW
end

-- Bytes of a row in the columns of properties that the mirror no longer has: these stay as they are.
local function size_of_left(columns, stored)
  local size = 0
  for _, column in ipairs(stored and columns.gone or {}) do
    size = size + size_of(column.kind, stored[column.name])
  end
  return size
end

-- The places of columns in the order in which their cells give way: texts first, which nobody computes with.
local function places_to_leave(columns)
  local texts, others = {}, {}
  for place = #columns, 1, -1 do
    table.insert(columns[place].kind == "text" and texts or others, place)
  end
  append(texts, others)
  return texts
end

-- Moves cells to `extra` until the rest fits in a row.
local function fit(columns, cells, extra, largest)
  local size = 0
  for place, column in ipairs(columns) do
    size = size + size_of(column.kind, cells[place])
  end
  if size <= largest then return end
  for _, place in ipairs(places_to_leave(columns)) do
    local column = columns[place]
    if cells[place] then
      size = size - size_of(column.kind, cells[place])
      extra[column.property], cells[place] = cells[place], nil
    end
    if size <= largest then return end
  end
end

--- The cells of a record's properties: normal texts by the places of their columns.
-- @tparam table columns of the present types of properties, as `hubspot.mirror.schema` has them: `list` and
--   `by_property`, and `is_wanted`, the names of the properties that the mirror keeps as a set
-- @tparam table properties texts by name
-- @tparam table dialect of the database
-- @tparam ?table stored the row that is there, as the database gave it
-- @treturn table cells
-- @treturn ?string what has no cell, as JSON; nil where all has
-- @treturn integer how many values did not fit the type of their column
function row.cells(columns, properties, dialect, stored)
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
  if dialect.largest_row < math.huge then
    fit(columns.list, cells, extra, dialect.largest_row - size_of_left(columns, stored))
  end
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
