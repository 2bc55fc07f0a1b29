--- The check of a whole file, before anything is sent.
-- @module hubspot.command.import.file_check

local core = require "hubspot.core"
local fail = require "hubspot.command.fail"
local record_columns = require "hubspot.command.record_columns"
local trim = require("hubspot.text").trim

local file_check = {}

-- Problems of columns that are told at once, a line each.
local MOST_TOLD = 10

-- The first problems.
local function told(problems)
  local texts = {}
  for index, problem in ipairs(problems) do
    if index > MOST_TOLD then
      texts[index] = ("and %d more"):format(#problems - MOST_TOLD)
      break
    end
    texts[index] = problem
  end
  return texts
end

-- Fails where a header shows that the file is spelled otherwise than it is read: each row would be wrong.
local function check_spelling(raw, mapping)
  local text = table.concat(raw.cells, ",")
  if text:find("\0", 1, true) then fail.file "the file is UTF-16, or no text: save it as CSV in UTF-8" end
  if not core.encode(text) then fail.file "the header is not valid UTF-8: save the file in that encoding" end
  if text:find "\r[^\n]" then fail.file "the lines of the file end in CR alone: save it with LF, or CR and LF" end
  local delimiter = #raw.cells == 1 and not mapping:target(text) and text:match "[;\t|,]"
  if delimiter then
    local shown = delimiter == "\t" and "\\t" or delimiter
    fail.usage(("the header is one column, %s: --delimiter '%s' parts its cells"):format(text, shown))
  end
end

--- Fails where the first line of a JSON Lines file shows that it is spelled otherwise: each row would be wrong.
-- @tparam table source of the rows
function file_check.lines(source)
  local raw, message = source:next()
  if message then fail.file(message) end
  local text = raw and trim(raw.text) or ""
  if text:find("\0", 1, true) then fail.file "the file is UTF-16, or no text: save it as JSON Lines in UTF-8" end
  if text:sub(1, 1) == "[" then
    fail.file "the file is an array, and each line must be an object: jq -c '.[]' makes such a file of it"
  end
  if text == "{" then
    fail.file "an object of the file takes several lines, and must take one: jq -c . makes such a file of it"
  end
end

local function check_key(columns, key, needs_key)
  if not needs_key then return end
  for _, column in ipairs(columns) do
    if column.target.is_key then return end
  end
  fail.usage(("the file has no column for the key %s: --map 'COLUMN=%s' names it"):format(key, key))
end

-- The target of a column. One that is called as a property, and as a column of every export, is that of an export where
-- the property has a column of its own; else an option has to say it: a record's times must not get into a property.
local function target_of(header, headers, mapping)
  local target, problem = mapping:target(header)
  local name = trim(header)
  local is_unclear = target and target.kind == "property" and record_columns.is_own(name) and not mapping.map[name]
  if not is_unclear then return target, problem end
  for _, other in ipairs(headers) do
    if record_columns.property_of(trim(other)) == name then return { kind = "ignored" } end
  end
  local advice = "%s is a property, and a column of every export: --map '%s=%s' imports it, --ignore '%s' leaves it out"
  return nil, advice:format(name, header, name, header)
end

--- Reads the header of a CSV file. Fails where a column has no place in HubSpot, or two have one.
-- @tparam table source of the rows
-- @tparam table mapping
-- @tparam boolean needs_key
-- @treturn table list of `{ header =, target = }`
function file_check.columns(source, mapping, needs_key)
  local raw, message = source:next()
  if message then fail.file(message) end
  if not raw then fail.file "the file is empty: its first line must name the columns" end
  if raw.problem then fail.file("the header: " .. raw.problem) end
  check_spelling(raw, mapping)
  local columns, problems, header_of = {}, {}, {}
  for index, header in ipairs(raw.cells) do
    local target, problem = target_of(header, raw.cells, mapping)
    columns[index] = { header = header, target = target }
    problems[#problems + 1] = problem
    local name = target and target.kind == "property" and target.name
    if name and header_of[name] then
      problems[#problems + 1] = ("the columns %s and %s are both for %s"):format(header_of[name], header, name)
    end
    if name then header_of[name] = header end
  end
  local missing = mapping:missing(raw.cells)
  if missing then
    problems[#problems + 1] = ("an option names the column %s, which the file does not have"):format(missing)
  end
  if #problems > 0 then fail.usages(told(problems)) end
  check_key(columns, mapping.key, needs_key)
  return columns
end

--- Reads all rows.
-- @tparam table rows as `row_reader` makes them
-- @tparam function on_row called with each
-- @treturn table `rows` and `refused`, how many
function file_check.count(rows, on_row)
  local counted = { rows = 0, refused = 0 }
  while true do
    local row, message = rows:next()
    if message then fail.file(message) end
    if not row then return counted end
    counted.rows = counted.rows + 1
    if row.problem then counted.refused = counted.refused + 1 end
    on_row(row)
  end
end

return file_check
