--- Ids of a file or of the standard input, one a line, each once, as a reader of rows. A first line may be the name of
-- a column: one that begins with a digit, or has an @, is what should have been an id.
--
-- The cursor is the number of the last line that was read and the id in it, by which another file is known.
-- @module hubspot.command.export.id_file

local fail = require "hubspot.command.fail"
local lines = require "hubspot.command.lines"
local seen_keys = require "hubspot.command.seen_keys"
local trim = require("hubspot.text").trim

local id_file = {}

local PAGE = 100

local methods = {}
local metatable = { __name = "hubspot.command.IdFile", __index = methods }

-- Returns whether the id of the last line did not stand in one before.
local function is_first(self, id)
  local number = self.lines.number
  local without_zeros = id:gsub("^0+", "")
  return self.seen:first_line(without_zeros, number) == number
end

-- Fails for a line that is no id, unless it is the name of the column.
local function check_name(self, text)
  local number = self.lines.number
  if text == "" or number == 1 and not text:find "^[\"'+-]*%d" and not text:find("@", 1, true) then return end
  fail.file(("%s, line %d: %q is no id"):format(self.path, number, text:sub(1, 40)))
end

-- Returns the id of the next line that has a further one, or nil at the end.
local function next_id(self)
  while true do
    local line, message = self.lines:next()
    if message then fail.file(("%s: %s"):format(self.path, message)) end
    if not line then return nil end
    local text = trim(line)
    if not text:find "^%d+$" then
      check_name(self, text)
    elseif is_first(self, text) then
      return text
    end
  end
end

--- The next ids.
-- @treturn ?table rows with `id`
function methods:next_page()
  local rows = {}
  while #rows < PAGE do
    local id = next_id(self)
    if not id then
      self.has_ended = true
      break
    end
    rows[#rows + 1], self.last = { id = id }, id
  end
  return #rows > 0 and rows or nil
end

function methods:cursor() return not self.has_ended and ("%d %s"):format(self.lines.number, self.last) or nil end

-- Skips the lines before a cursor.
local function skip_to(self, cursor)
  local number, last = cursor:match "^(%d+) (%d+)$"
  local id
  while number and self.lines.number < tonumber(number) do
    id = next_id(self)
    if not id then break end
  end
  if not id or id ~= last or self.lines.number ~= tonumber(number) then
    fail.file(("%s is another file than the one that the export began with"):format(self.path))
  end
  self.last = last
end

--- Opens one.
-- @tparam string path "-" is the standard input
-- @tparam ?string cursor
-- @treturn table
function id_file.open(path, cursor)
  local file, name = io.stdin, "the standard input"
  if path ~= "-" then
    local opened, message = io.open(path, "rb")
    file, name = opened or fail.file(message), path
  end
  local self = setmetatable({
    path = name,
    lines = lines.reader(lines.pieces_of(file)),
    seen = seen_keys.new(),
  }, metatable)
  if cursor then skip_to(self, cursor) end
  return self
end

return id_file
