--- Reads and writes CSV (RFC 4180), record by record: memory is that of one record.
--
--     local reader = csv.reader(lines.pieces_of(file), { delimiter = ";" })
--     for record in reader do
--       if record.problem then print(record.line, record.problem) else … record.cells … end
--     end
--
-- Cells may be quoted, with delimiters, line breaks and doubled quotes inside, and of any length; lines end in LF or
-- CRLF; a BOM and empty lines are skipped.
-- @module hubspot.command.csv

local core = require "hubspot.core"
local lines = require "hubspot.command.lines"

local find, sub = string.find, string.sub

local csv = {}

-- Bytes within which a quote must be closed: one that never is would take all of the file into memory.
local LARGEST_RECORD = 16 * 1024 * 1024

-- Reading ----------------------------------------------------------------------------------------------------------

local reader_methods = {}

local reader_metatable = { __name = "hubspot.command.CsvReader", __index = reader_methods }

local function without_end(line)
  local last = #line
  if line:byte(last) == 10 then last = last - 1 end
  if line:byte(last) == 13 then last = last - 1 end
  return line:sub(1, last)
end

local function split(text, delimiter)
  local cells, count, start = {}, 1, 1
  local stop = find(text, delimiter, 1, true)
  while stop do
    cells[count] = sub(text, start, stop - 1)
    count, start = count + 1, stop + 1
    stop = find(text, delimiter, start, true)
  end
  cells[count] = sub(text, start)
  return cells
end

-- Reads a record with quotes. `text` is the line that it stands in, `at` the place in it, and `taken` the lines.
local Record = {}
Record.__index = Record

-- Takes the next line as a part of the record.
function Record:take_line()
  if self.size > self.largest then return nil end
  local line, message = self.lines:next()
  if not line then
    self.failure = message
    return nil
  end
  self.taken[#self.taken + 1] = line
  self.size = self.size + #line
  self.text, self.at = line, 1
  return line
end

-- Returns the content of the quoted cell that begins at this place, or nil where it has no end.
function Record:read_quoted()
  local parts = {}
  self.at = self.at + 1
  while true do
    local text = self.text
    local quote = text:find('"', self.at, true)
    if not quote then
      parts[#parts + 1] = text:sub(self.at)
      if not self:take_line() then return nil end
    elseif text:byte(quote + 1) == 34 then
      parts[#parts + 1] = text:sub(self.at, quote)
      self.at = quote + 2
    else
      parts[#parts + 1] = text:sub(self.at, quote - 1)
      self.at = quote + 1
      return table.concat(parts)
    end
  end
end

function Record:is_at_end() return self.text:find("^\r?\n?$", self.at) ~= nil end

-- Returns the cells, or nil and the problem.
function Record:read()
  local cells, delimiter = {}, self.delimiter
  while true do
    if self.text:byte(self.at) == 34 then
      local cell = self:read_quoted()
      if not cell then return nil, ("the quote of line %d is never closed"):format(self.line) end
      cells[#cells + 1] = cell
    else
      local at = self.at
      local stop = self.text:find(delimiter, at, true)
      cells[#cells + 1] = stop and self.text:sub(at, stop - 1) or without_end(self.text:sub(at))
      if not stop then return cells end
      self.at = stop
    end
    if self:is_at_end() then return cells end
    if self.text:sub(self.at, self.at) ~= delimiter then
      return nil, ("line %d has text after the closing quote of a cell"):format(self.lines.number)
    end
    self.at = self.at + 1
  end
end

local function read_quoted_record(self, first)
  local source = self.lines
  local record = setmetatable({
    lines = source,
    line = source.number,
    delimiter = self.delimiter,
    largest = self.largest,
    text = first,
    at = 1,
    taken = {},
    size = #first,
  }, Record)
  local cells, problem = record:read()
  if record.failure then return nil, record.failure end
  if cells then return { line = record.line, cells = cells } end
  source:give_back(record.taken)
  return { line = record.line, problem = problem, text = without_end(first) }
end

--- The next record.
--
-- A record whose quotes are wrong has a `problem` and the `text` of its first line in place of `cells`; the next one
-- begins on the line below it, since an open quote would take all rows below with it.
-- @treturn ?table `line`, the number of the line on which it begins, and `cells`, strings; nil at the end of the text,
--   and nil and a message where it can't be read
function reader_methods:next()
  local line, message
  repeat
    line, message = self.lines:next()
    if not line then return nil, message end
  until line ~= "\n" and line ~= "\r\n" and line ~= ""
  if line:find('"', 1, true) then return read_quoted_record(self, line) end
  return { line = self.lines.number, cells = split(without_end(line), self.delimiter) }
end

function reader_metatable.__call(self)
  local record, message = self:next()
  if message then error(message, 0) end
  return record
end

--- Makes a reader, which a generic for takes, too: it throws where the text can't be read.
-- @tparam function read_chunk returns the next piece of the text, nil at its end, or nil and a message
-- @tparam ?table options `delimiter`, a character, by default a comma; `largest_record`, bytes within which a quote
--   must be closed
-- @treturn table
function csv.reader(read_chunk, options)
  options = options or {}
  return setmetatable({
    lines = lines.reader(read_chunk),
    delimiter = options.delimiter or ",",
    largest = options.largest_record or LARGEST_RECORD,
  }, reader_metatable)
end

-- Writing ----------------------------------------------------------------------------------------------------------

local writer_methods = {}

local writer_metatable = { __name = "hubspot.command.CsvWriter", __index = writer_methods }

-- Characters that a spreadsheet may take for the beginning of a formula, the wide ones too.
local FORMULA_STARTS = { "=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠" }

-- Their first bytes.
local FORMULA_BYTES = "^[=+%-@\t\r\239]"

local function is_number(text) return text:find "^%-%d+$" ~= nil or text:find "^%-%d+%.%d+$" ~= nil end

--- A cell that no spreadsheet takes for a formula: with an apostrophe before it where it begins like one. A negative
-- number is none.
-- @tparam string text
-- @treturn string
function csv.guarded(text)
  if not find(text, FORMULA_BYTES) then return text end
  for _, start in ipairs(FORMULA_STARTS) do
    if text:sub(1, #start) == start then return is_number(text) and text or "'" .. text end
  end
  return text
end

-- A copy of a row for a spreadsheet, which reads a file only as far as it is UTF-8: U+FFFD stands for half of a
-- surrogate pair.
local function guarded_row(cells)
  local guarded = {}
  for index, text in ipairs(cells) do
    if find(text, "\237", 1, true) then text = text:gsub("\237[\160-\191][\128-\191]", "\239\191\189") end
    guarded[index] = csv.guarded(text)
  end
  return guarded
end

-- Returns the lines of records.
local function lines_of(self, rows)
  if not self.is_for_excel then return core.csv_lines(rows, self.delimiter) end
  local guarded = {}
  for index, cells in ipairs(rows) do
    guarded[index] = guarded_row(cells)
  end
  return core.csv_lines(guarded, self.delimiter)
end

--- Writes a record.
-- @tparam table cells strings, "" for an empty one
-- @return the results of the writer's function
function writer_methods:write(cells) return self.send(lines_of(self, { cells })) end

--- Writes records.
-- @tparam table rows lists of cells
-- @return the results of the writer's function
function writer_methods:write_all(rows) return self.send(lines_of(self, rows)) end

--- Writes the names of the columns, which begin a file; for Excel after a BOM, without which it takes UTF-8 for another
-- encoding.
-- @tparam table names
-- @return the results of the writer's function
function writer_methods:begin(names)
  return self.send((self.is_for_excel and lines.BOM or "") .. lines_of(self, { names }))
end

--- Makes a writer.
-- @tparam function write function(text), called with whole lines
-- @tparam ?table options `delimiter`, a character, by default a comma; `excel`, true for spreadsheets: with a BOM, all
--   of it UTF-8, and no cell is a formula
-- @treturn table
function csv.writer(write, options)
  options = options or {}
  return setmetatable({
    send = write,
    delimiter = options.delimiter or ",",
    is_for_excel = options.excel or false,
  }, writer_metatable)
end

return csv
