--- The schema of a mirror: the tables that each has, and a table a type of records with a typed column a property.
-- @module hubspot.mirror.schema

local append = require "hubspot.append"
local columns = require "hubspot.mirror.columns"
local tables = require "hubspot.mirror.tables"
local value = require "hubspot.mirror.value"

local schema = {}

local function column_text(database, column)
  return ("%s %s"):format(database:quote(column.name), database.dialect.types[column.kind])
end

local function quoted(database, names)
  local list = {}
  for index, name in ipairs(names) do
    list[index] = database:quote(name)
  end
  return table.concat(list, ", ")
end

-- DDL ----------------------------------------------------------------------------------------------------------------

local function table_statements(database, one)
  local parts = {}
  if one.sequence then parts[1] = ("%s %s"):format(database:quote(one.sequence), database.dialect.types.sequence) end
  for _, column in ipairs(one.columns) do
    parts[#parts + 1] = column_text(database, column)
  end
  if one.key then parts[#parts + 1] = ("PRIMARY KEY (%s)"):format(quoted(database, one.key)) end
  local statements = {
    ("CREATE TABLE IF NOT EXISTS %s (%s)"):format(database:quote(one.name), table.concat(parts, ", ")),
  }
  for _, names in ipairs(one.indexes or {}) do
    local name = columns.fitting(("%s_by_%s"):format(one.name, table.concat(names, "_")))
    statements[#statements + 1] = ("CREATE INDEX IF NOT EXISTS %s ON %s (%s)"):format(
      database:quote(name),
      database:quote(one.name),
      quoted(database, names)
    )
  end
  return statements
end

--- The statements that make the tables which every mirror has.
-- @tparam table database
-- @treturn table a list of texts
function schema.statements(database)
  local statements = {}
  for _, one in ipairs(tables.list) do
    for _, statement in ipairs(table_statements(database, one)) do
      statements[#statements + 1] = statement
    end
  end
  return statements
end

--- Makes the tables that every mirror has, where they are not there.
function schema.prepare(database)
  database:transaction(function()
    for _, statement in ipairs(schema.statements(database)) do
      database:execute(statement)
    end
  end)
end

-- Tables of records --------------------------------------------------------------------------------------------------

local function is_own_name(object) return tables.by_name[object] ~= nil or object:find "^mirror_" ~= nil end

--- The name of a type's table.
-- @tparam string object its name
-- @treturn string
function schema.table_name(object)
  local name = object:lower():gsub("[^%w_]", "_")
  return columns.fitting(is_own_name(name) and name .. "_records" or name)
end

local function known_columns(database, object)
  local known = {}
  for _, row in
    ipairs(
      database:query(
        ("SELECT property, kind, name, added_at, gone_at FROM mirror_columns WHERE object = %s ORDER BY added_at, name"):format(
          database:literal(object)
        )
      )
    )
  do
    known[#known + 1] = {
      property = row.property,
      kind = row.kind,
      name = row.name,
      added_at = row.added_at,
      is_gone = row.gone_at ~= nil,
    }
  end
  return known
end

-- The statements that make the table of a type.
local function table_of_records(database, name, added)
  local parts = {}
  for _, column in ipairs(columns.OWN) do
    parts[#parts + 1] = column_text(database, column) .. (column.name == "id" and " PRIMARY KEY" or "")
  end
  for _, column in ipairs(added) do
    parts[#parts + 1] = column_text(database, column)
  end
  local statements = { ("CREATE TABLE %s (%s)"):format(database:quote(name), table.concat(parts, ", ")) }
  for _, column in ipairs { "updated_at", "archived_at" } do
    statements[#statements + 1] = ("CREATE INDEX %s ON %s (%s)"):format(
      database:quote(columns.fitting(name .. "_by_" .. column)),
      database:quote(name),
      database:quote(column)
    )
  end
  return statements
end

local function create(database, name, added)
  for _, statement in ipairs(table_of_records(database, name, added)) do
    database:execute(statement)
  end
end

--- Returns whether a database has a mirror.
function schema.is_in(database) return next(database.dialect.columns(database, "mirror_state")) ~= nil end

--- All statements that a mirror of some types is made with, in this database's words.
-- @tparam table database which need not be open
-- @tparam table definitions by the name of a type: those of its properties
-- @treturn table a list of texts
function schema.describe(database, definitions)
  local statements, names = database.dialect.place_statements(database), {}
  append(statements, schema.statements(database))
  for name in pairs(definitions) do
    names[#names + 1] = name
  end
  table.sort(names)
  for _, name in ipairs(names) do
    local added = columns.missing({}, definitions[name])
    for _, statement in ipairs(table_of_records(database, schema.table_name(name), added)) do
      statements[#statements + 1] = statement
    end
  end
  return statements
end

local function add(database, name, added)
  for _, column in ipairs(added) do
    database:execute(("ALTER TABLE %s ADD COLUMN %s"):format(database:quote(name), column_text(database, column)))
  end
end

local INTO_COLUMNS = tables.by_name.mirror_columns.into

local function kinds_of(definitions)
  local kinds = {}
  for _, definition in ipairs(definitions) do
    kinds[definition.name] = value.kind(definition.type)
  end
  return kinds
end

-- Marks the columns whose property is gone or has another type, and those that are back.
local function mark(database, object, known, kinds, now)
  local rows = {}
  for _, column in ipairs(known) do
    local is_gone = kinds[column.property] ~= column.kind
    if is_gone ~= column.is_gone then
      rows[#rows + 1] = { object, column.property, column.kind, column.name, column.added_at, is_gone and now or nil }
    end
  end
  database:upsert(INTO_COLUMNS, rows)
  return #rows > 0
end

--- The columns of a type's properties, as its table has them.
-- @tparam table database
-- @tparam string object
-- @treturn table `list` of `{ property =, kind =, name = }`; `by_property`, their places by property; `gone`, alike, of
--   properties that the mirror no longer has, or has with another type; `left_out`, the kinds of these by property; and
--   `is_full`, whether the table takes no more
function schema.columns(database, object)
  local known = known_columns(database, object)
  local found = { list = {}, by_property = {}, gone = {}, left_out = {}, is_full = #known >= columns.MOST }
  for _, column in ipairs(known) do
    if column.is_gone then
      found.gone[#found.gone + 1] = column
      found.left_out[column.property] = column.kind
    else
      found.list[#found.list + 1] = column
      found.by_property[column.property] = #found.list
    end
  end
  return found
end

-- The columns of present properties that a table does not have: those that come now, and those that were dropped.
local function absent(list, kinds, present)
  local found = {}
  for _, column in ipairs(list) do
    if kinds[column.property] == column.kind and not present[column.name] then found[#found + 1] = column end
  end
  return found
end

--- Brings a type's table in line with the definitions of its properties. A column stays when its property goes.
-- @tparam table database
-- @tparam string object
-- @tparam table definitions as HubSpot has them
-- @tparam string now
-- @treturn boolean whether rows that are there lack values of columns that came now
function schema.adapt(database, object, definitions, now)
  return database:transaction(function()
    local known = known_columns(database, object)
    local added = columns.missing(known, definitions)
    local rows = {}
    for index, column in ipairs(added) do
      rows[index] = { object, column.property, column.kind, column.name, now, nil }
    end
    database:upsert(INTO_COLUMNS, rows)
    local name, kinds, is_first = schema.table_name(object), kinds_of(definitions), #known == 0
    local present = database.dialect.columns(database, name)
    local has_moved = mark(database, object, known, kinds, now)
    append(known, added)
    local missing = absent(known, kinds, present)
    if next(present) then
      add(database, name, missing)
    else
      create(database, name, missing)
    end
    return not is_first and (#missing > 0 or has_moved)
  end)
end

return schema
