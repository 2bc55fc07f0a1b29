--- Reads the rows of a file: each is checked by itself, and against the keys of those before it.
-- @module hubspot.command.import.row_reader

local core = require "hubspot.core"
local json_lines = require "hubspot.command.json_lines"
local number = require "hubspot.number"
local outcomes = require "hubspot.command.import.outcomes"
local trim = require("hubspot.text").trim

local row_reader = {}

local methods = {}
local metatable = { __name = "hubspot.command.RowReader", __index = methods }

local MAY_BE_THERE = "an import may have created this record: look for it in HubSpot, and empty _status where it is not "
  .. "there"

-- Fields of a record of HubSpot's API, whatever properties there are.
local OF_RECORDS = {
  archived = true,
  archivedAt = true,
  associations = true,
  createdAt = true,
  id = true,
  listMemberships = true,
  new = true,
  objectWriteTraceId = true,
  properties = true,
  propertiesWithHistory = true,
  updatedAt = true,
  url = true,
}

-- Problems -----------------------------------------------------------------------------------------------------------

-- A row keeps all problems of its cells, so that they can be mended at once.
local function add_problem(row, message, property)
  local problem = row.problem
  if not problem then
    row.problem = { status = "invalid", error = message, property = property or "" }
    return
  end
  problem.error = problem.error .. "; " .. message
  if property then problem.property = problem.property == "" and property or problem.property .. ";" .. property end
end

-- Cells --------------------------------------------------------------------------------------------------------------

-- HubSpot's ids have no zeros before them: 04127 and 4127 would pass for two records.
local function is_id(text) return text:find "^[1-9]%d*$" ~= nil end

local function find_target(targets, id)
  for _, one in ipairs(targets) do
    if one.id == id then return one end
  end
end

-- Adds a record to those of a row. One association has all labels that the columns give it.
local function add_target(targets, id, label)
  local target = find_target(targets, id)
  if not target then
    target = { id = id }
    targets[#targets + 1] = target
  end
  if not label then return end
  target.labels = target.labels or {}
  target.labels[#target.labels + 1] = label
end

local function read_ids(row, association, text, header)
  local targets = row.associations[association.object_type] or {}
  for part in text:gmatch "[^;,]+" do
    local id = trim(part)
    if not is_id(id) then return add_problem(row, ("%s: %s is no id of a record"):format(header, id), header) end
    add_target(targets, id, association.label)
  end
  row.associations[association.object_type] = targets
end

local function read_id(row, text, header)
  local id = trim(text)
  if row.id and id ~= "" and id ~= row.id then
    add_problem(row, ("%s: %s, and another column says %s"):format(header, id, row.id), "id")
  elseif is_id(id) then
    row.key, row.key_text, row.id = id, id, id
  elseif id ~= "" then
    add_problem(row, ("id: %s is no id of a record"):format(id), "id")
  end
end

-- Texts that HubSpot would take for another address than the key's.
local NO_KEYS = { ["."] = true, [".."] = true }

local function read_key(self, row, name, value)
  local shown = trim(value)
  if NO_KEYS[shown] then return add_problem(row, ("%s: %s can't be a key"):format(name, shown), name) end
  if shown ~= "" then
    row.key, row.key_text = self.spell_key(shown), shown
  end
end

-- Reads a property: an empty text clears it, unless its column only adds.
local function read_value(self, row, target, text)
  local name = target.name
  if text == "" then
    if not target.is_key and not target.appends then row.properties[name] = "" end
    return
  end
  local value, problem = target.read(text)
  if not value then return add_problem(row, ("%s: %s"):format(name, problem), name) end
  if target.is_key then return read_key(self, row, name, value) end
  row.properties[name] = value
end

local function read_cell(self, row, target, text, header)
  local kind = target.kind
  if kind == "property" then
    read_value(self, row, target, text)
  elseif kind == "note" then
    if target.name == "_status" and text == outcomes.UNKNOWN then row.may_be_there = true end
  elseif kind == "id" then
    read_id(row, text, header)
  elseif kind == "association" then
    read_ids(row, target.to, text, header)
  end
end

local function new_row(line, raw) return { line = line, raw = raw, properties = {}, associations = {} } end

-- CSV ----------------------------------------------------------------------------------------------------------------

local function read_cells(self, raw)
  local row, cells, columns = new_row(raw.line, raw), raw.cells, self.columns
  if raw.problem then
    add_problem(row, raw.problem)
    return row
  end
  if #cells ~= #columns then
    add_problem(row, ("%d cells where the header has %d"):format(#cells, #columns))
    return row
  end
  for index = 1, #columns do
    local column, text = columns[index], cells[index]
    if text ~= "" or self.clears_empty then read_cell(self, row, column.target, text, column.header) end
  end
  return row
end

-- JSON Lines ---------------------------------------------------------------------------------------------------------

local NO_VALUE = "an object is no value"

local INEXACT = "a number of so many digits does not stay as it is: write it in quotes"

-- A number with the digits that it has in the file; nil and the problem where they are more than a number can hold.
local function digits_of(value)
  if not json_lines.has_all_digits(value) then return nil, INEXACT end
  return number.text(value)
end

local function joined(list)
  if next(list) ~= nil and list[1] == nil then return nil, NO_VALUE end
  local texts = {}
  for index, value in ipairs(list) do
    if type(value) == "table" then value = value.id end
    local text, problem = value, NO_VALUE
    if type(value) == "number" then
      text, problem = digits_of(value)
    end
    if type(text) ~= "string" then return nil, problem end
    texts[index] = text
  end
  return table.concat(texts, ";")
end

-- A JSON value as the text of a cell; nil and the problem where it has none.
local function text_of(value)
  if value == core.null then return "" end
  if type(value) == "table" then return joined(value) end
  if type(value) == "number" then return digits_of(value) end
  return tostring(value)
end

-- Notes which property a field fills; gives the field that fills it, too.
local function other_field(filled, target, name)
  if target.kind ~= "property" then return nil end
  local other = filled[target.name]
  filled[target.name] = name
  return other
end

local function read_fields(self, row, fields)
  local names = {}
  for name in pairs(fields) do
    names[#names + 1] = name
  end
  table.sort(names)
  local filled = {}
  for _, name in ipairs(names) do
    local target, problem = self.mapping:target(name)
    if not target then
      add_problem(row, problem, name)
    elseif target.kind ~= "ignored" then
      local text, value_problem = text_of(fields[name])
      local other = other_field(filled, target, name)
      if other then
        add_problem(row, ("%s and %s are both for %s"):format(other, name, target.name), target.name)
      elseif text then
        read_cell(self, row, target, text, name)
      else
        add_problem(row, ("%s: %s"):format(name, value_problem), name)
      end
    end
  end
end

-- Refuses a property that stands beside the others, where nothing would read it.
local function check_strays(self, row, value)
  for name in pairs(value) do
    local target = not OF_RECORDS[name] and self.mapping:target(name)
    if target and target.kind == "property" then
      add_problem(row, ("%s stands beside properties, and must stand in it"):format(name), target.name)
    end
  end
end

-- Reads a record as the API spells it; its other fields are not for writing.
local function read_record(self, row, value)
  check_strays(self, row, value)
  read_fields(self, row, value.properties)
  local others = { id = value.id }
  for header in pairs(self.mapping.associate) do
    local given = type(value.associations) == "table" and value.associations[header] or value[header]
    -- An answer of the API has a page of them.
    others[header] = type(given) == "table" and given.results or given
  end
  for name in pairs(value) do
    local target = name:sub(1, 1) == "_" and self.mapping:target(name)
    if target and target.kind == "note" then others[name] = value[name] end
  end
  read_fields(self, row, others)
end

local function read_json(self, raw)
  local row, value = new_row(raw.line, raw), raw.value
  if raw.problem then
    add_problem(row, raw.problem)
  elseif type(value) ~= "table" or (value[1] ~= nil) then
    add_problem(row, "no JSON object")
  elseif type(value.properties) == "table" then
    read_record(self, row, value)
  else
    read_fields(self, row, value)
  end
  return row
end

-- Rows ---------------------------------------------------------------------------------------------------------------

local function is_utf8(raw) return core.encode(raw.cells or raw.text) ~= nil end

local function check_key(self, row)
  if row.problem or not self.mapping.key then return end
  if not row.key then
    if not self.needs_key then return end
    return add_problem(row, ("no value for the key %s"):format(self.mapping.key), self.mapping.key)
  end
  local first = self.keys:first_line(row.key, row.line)
  if first ~= row.line then
    add_problem(row, ("line %d has the same %s"):format(first, self.mapping.key), self.mapping.key)
  end
end

--- The next row.
-- @treturn ?table `line`; `raw`, as the file's reader gave it; `key`, and `key_text`, as it is written; `properties`;
--   `associations`, lists of `{ id =, labels = }` by type; and `problem`, `{ status =, error =, property = }`, where it
--   can't be written. Nil at the end; nil and a message where the file can't be read
function methods:next()
  local raw, message = self.source:next()
  if not raw then return nil, message end
  if not is_utf8(raw) then
    local row = new_row(raw.line, raw)
    add_problem(row, "not valid UTF-8: save the file in that encoding")
    return row
  end
  local row = raw.value ~= nil and read_json(self, raw) or read_cells(self, raw)
  check_key(self, row)
  if row.may_be_there and self.creates then
    row.problem = { status = outcomes.UNKNOWN, error = MAY_BE_THERE, property = "" }
  end
  return row
end

--- Makes a reader.
-- @tparam table options `source`, which gives the raw rows; `mapping`; `columns`, of a CSV file: a list of `{ header =,
--   target = }`; `clears_empty`, whether empty cells clear; `keys`, as `seen_keys` makes them; `needs_key`, whether a
--   row without one is refused; `creates`, whether records may come twice; `spell_key`, a function(text) that gives one
--   text for keys that mean one record
-- @treturn table
function row_reader.new(options) return setmetatable(options, metatable) end

return row_reader
