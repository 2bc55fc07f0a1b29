--- Writes CSV (RFC 4180), and reads it record by record, in as much memory as one record takes.
--
--     local file = assert(io.open("contacts.csv", "rb"))
--     for line, cells, problem in csv.records(function() return file:read(4096) end) do
--       if cells then … else print(line, problem) end
--     end
--
-- Cells may be quoted, with commas, line breaks and doubled quotes inside; lines end in LF or CRLF; a BOM is skipped,
-- and so are empty lines. `line` is the number of the line on which the record starts.
--
-- An invalid record (a quoted cell that never ends, text after a closing quote, bytes that are not UTF-8) comes as a
-- nil and its problem. When the quotes are wrong, reading resumes at the next line: an open quote would otherwise take
-- every row below with it.

local csv = {}

-- Bytes within which an open quote must be closed. HubSpot takes 65,536 characters in a property.
local LARGEST_RECORD = 1024 * 1024

local BOM = "\239\187\191"

-- The sequences of well-formed UTF-8 that are longer than a byte: none too long, no surrogates, nothing past U+10FFFF.
local SEQUENCES = {
  "[\194-\223][\128-\191]",
  "\224[\160-\191][\128-\191]",
  "[\225-\236\238\239][\128-\191][\128-\191]",
  "\237[\128-\159][\128-\191]",
  "\240[\144-\191][\128-\191][\128-\191]",
  "[\241-\243][\128-\191][\128-\191][\128-\191]",
  "\244[\128-\143][\128-\191][\128-\191]",
}

local function is_utf8(text)
  if not text:find "[\128-\255]" then return true end
  for _, sequence in ipairs(SEQUENCES) do
    text = text:gsub(sequence, " ")
  end
  return not text:find "[\128-\255]"
end

-- A function that gives the next line with its end, or nil, from one that gives pieces of the text.
local function line_reader(read)
  local buffer, position = "", 1
  return function()
    local stop = buffer:find("\n", position, true)
    while not stop do
      local piece, message = read()
      if message then error(message, 0) end
      local rest = buffer:sub(position)
      if not piece then
        buffer, position = "", 1
        return rest ~= "" and rest or nil
      end
      buffer, position = rest .. piece, 1
      stop = buffer:find("\n", #rest + 1, true)
    end
    local line = buffer:sub(position, stop)
    position = stop + 1
    return line
  end
end

-- The content of a quoted cell whose first quote is before `start`; the line on which it ends, and the place after its
-- last quote. `next_line` gives the lines below.
local function quoted_cell(line, start, next_line)
  local parts = {}
  while true do
    local quote = line:find('"', start, true)
    if not quote then
      parts[#parts + 1] = line:sub(start)
      line, start = next_line(), 1
      if not line then return nil end
    elseif line:sub(quote + 1, quote + 1) == '"' then
      parts[#parts + 1] = line:sub(start, quote)
      start = quote + 2
    else
      parts[#parts + 1] = line:sub(start, quote - 1)
      return table.concat(parts), line, quote + 1
    end
  end
end

-- The cells of a record that starts with this line, or nil and what is wrong with it.
local function parse_record(line, next_line)
  local cells, start = {}, 1
  while true do
    local cell, stop
    if line:sub(start, start) == '"' then
      cell, line, stop = quoted_cell(line, start + 1, next_line)
      if not cell then return nil, "a quoted cell that never ends" end
    else
      stop = line:find(",", start, true) or line:find("\r?\n?$", start)
      cell = line:sub(start, stop - 1)
    end
    cells[#cells + 1] = cell
    if line:find("^\r?\n?$", stop) then return cells end
    if line:sub(stop, stop) ~= "," then return nil, "text after the closing quote of a cell" end
    start = stop + 1
  end
end

--- A record as a line, without its end.
-- @tparam table cells strings or numbers; `cells.n` of them where some are nil, which are empty cells
-- @treturn string
function csv.line(cells)
  local texts = {}
  for index = 1, cells.n or #cells do
    local text = tostring(cells[index] == nil and "" or cells[index])
    if text:find '[",\r\n]' then text = '"' .. text:gsub('"', '""') .. '"' end
    texts[index] = text
  end
  return table.concat(texts, ",")
end

-- Excel and others run a cell that begins so as a formula: = + - @ and their wide forms, tab and CR.
local FORMULA_STARTS = { "=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠" }

--- A cell that no spreadsheet takes for a formula: where it begins like one, with an apostrophe before it.
-- @param value a string, a number, or nil for an empty cell
-- @treturn string
function csv.as_text(value)
  local text = value == nil and "" or tostring(value)
  if type(value) == "number" then return text end
  for _, start in ipairs(FORMULA_STARTS) do
    if text:sub(1, #start) == start then return "'" .. text end
  end
  return text
end

local function is_empty(line) return line:find "^\r?\n?$" ~= nil end

--- Iterates over records.
-- @tparam function read returns the next piece of the text, or nil at its end; nil and a message throws the message
-- @treturn function for a generic for: gives the line number and the cells, or the line number, nil and a problem
function csv.records(read)
  local read_line = line_reader(read)
  local given_back, number = {}, 0

  local function take_line()
    local line = table.remove(given_back) or read_line()
    if line then number = number + 1 end
    return line
  end

  local function give_back(lines)
    for index = #lines, 2, -1 do
      given_back[#given_back + 1] = lines[index]
    end
    number = number - #lines + 1
  end

  local function first_line()
    local line = take_line()
    if line and number == 1 and line:sub(1, #BOM) == BOM then line = line:sub(#BOM + 1) end
    while line and is_empty(line) do
      line = take_line()
    end
    return line
  end

  return function()
    local line = first_line()
    if not line then return nil end
    local first, taken, size = number, { line }, #line
    local cells, problem = parse_record(line, function()
      local following = size <= LARGEST_RECORD and take_line() or nil
      if following then
        taken[#taken + 1] = following
        size = size + #following
      end
      return following
    end)
    if not cells then
      give_back(taken)
    elseif not is_utf8(table.concat(taken)) then
      cells, problem = nil, "not valid UTF-8"
    end
    return first, cells, problem
  end
end

return csv
