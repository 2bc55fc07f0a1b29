--- The files that tell how the rows of an import did: the errors file, which has the refused rows as they were, and can
-- be imported again when they are mended; and the results file, which has a line for each row.
-- @module hubspot.command.import.row_files

local core = require "hubspot.core"
local csv = require "hubspot.command.csv"
local durable = require "hubspot.durable"
local fail = require "hubspot.command.fail"
local json_lines = require "hubspot.command.json_lines"
local mapping = require "hubspot.command.import.mapping"
local number = require "hubspot.number"

local row_files = {}

local RESULTS = { "line", "key", "did", "id", "status", "error", "property" }

local methods = {}
local metatable = { __name = "hubspot.command.RowFile", __index = methods }

local function text_of(value) return value == nil and "" or number.shown(value) end

-- The values of the columns that an errors file adds, by their names.
local function notes_of(outcome)
  return {
    _line = outcome.line,
    _status = outcome.status,
    _error = outcome.error,
    _property = outcome.property,
  }
end

-- Formats ------------------------------------------------------------------------------------------------------------

-- The columns of the file that are not those of an errors file: places and names.
local function own_columns(headers)
  local is_added, places, names = {}, {}, {}
  for _, name in ipairs(mapping.OF_ERRORS) do
    is_added[name] = true
  end
  for index, header in ipairs(headers) do
    if not is_added[header] then
      places[#places + 1] = index
      names[#names + 1] = header
    end
  end
  return places, names
end

-- The cells of a row. A line that is no row is one cell, and cells for which there is no column stay in the last one.
local function cells_of(raw, places, layout)
  local cells, given = {}, raw.cells or { raw.text or "" }
  for index, place in ipairs(places) do
    cells[index] = given[place] or ""
  end
  local width = #layout.headers
  if #given > width then
    local rest = table.concat(given, layout.delimiter, width + 1)
    cells[#cells] = cells[#cells] .. layout.delimiter .. rest
  end
  return cells
end

local function csv_errors(send, layout)
  local writer = csv.writer(send, { delimiter = layout.delimiter })
  local places, names = own_columns(layout.headers)
  for _, name in ipairs(mapping.OF_ERRORS) do
    names[#names + 1] = name
  end
  writer:begin(names)
  return function(row, outcome)
    local cells, notes = cells_of(row.raw, places, layout), notes_of(outcome)
    for _, name in ipairs(mapping.OF_ERRORS) do
      cells[#cells + 1] = text_of(notes[name])
    end
    writer:write(cells)
  end
end

-- The text in UTF-8, as JSON must be: U+FFFD stands for each byte of what is none.
local function readable(text)
  return (
    text:gsub(
      "[\128-\255]+",
      function(run) return not core.encode(run) and run:gsub("[\128-\255]", "\239\191\189") or nil end
    )
  )
end

-- Returns whether the numbers of a value that was read can be written as they were.
local function keeps_numbers(value)
  if type(value) == "number" then return json_lines.has_all_digits(value) end
  for _, one in pairs(type(value) == "table" and value or {}) do
    if not keeps_numbers(one) then return false end
  end
  return true
end

local function json_errors(send)
  local writer = json_lines.writer(send)
  return function(row, outcome)
    local value, shown = row.raw.value, {}
    local is_object = type(value) == "table" and value[1] == nil and keeps_numbers(value) and core.encode(value) ~= nil
    if not is_object then value = { _text = readable(row.raw.text) } end
    for name, field in pairs(value) do
      shown[name] = field
    end
    for name, note in pairs(notes_of(outcome)) do
      shown[name] = note
    end
    writer:write(shown)
  end
end

local function csv_results(send)
  local writer = csv.writer(send)
  writer:begin(RESULTS)
  return function(row, outcome)
    local cells = {}
    for index, name in ipairs(RESULTS) do
      cells[index] = text_of(outcome[name])
    end
    cells[2] = row.key_text or ""
    writer:write(cells)
  end
end

-- Files --------------------------------------------------------------------------------------------------------------

--- Writes a row.
-- @tparam table row as `row_reader` makes it
-- @tparam table outcome as `outcomes` describes it
function methods:write(row, outcome) self.write_row(row, outcome) end

--- Writes what is held back, so that a kill leaves it in the file.
function methods:flush()
  local flushed, message = self.file:flush()
  if not flushed then fail.file(("%s: %s"):format(self.part, message)) end
end

--- Closes the file and gives it its name.
function methods:finish()
  local closed, message = self.file:close()
  if closed then
    closed, message = durable.rename(self.part, self.path)
  end
  if not closed then fail.file(("%s: %s"):format(self.path, message)) end
end

-- A file has another name until it is whole.
local function open(path, make_writer, layout)
  local part = path .. ".part"
  local file, message = io.open(part, "wb")
  if not file then fail.file(message) end
  local self = setmetatable({ path = path, part = part, file = file }, metatable)
  self.write_row = make_writer(function(text)
    local written, problem = file:write(text)
    if not written then fail.file(("%s: %s"):format(part, problem)) end
    return true
  end, layout)
  return self
end

--- Opens an errors file.
-- @tparam string path
-- @tparam table layout of the file that is imported: `format`; of CSV `headers` and `delimiter`
-- @treturn table
function row_files.errors(path, layout)
  return open(path, layout.format == "jsonl" and json_errors or csv_errors, layout)
end

--- Opens a results file.
-- @tparam string path
-- @treturn table
function row_files.results(path) return open(path, csv_results) end

return row_files
