--- Lines of a text that comes in pieces.
-- @module hubspot.command.lines

local lines = {}

lines.BOM = "\239\187\191"

--- A text without the BOM that programs of Windows put before it.
-- @tparam string text
-- @treturn string
function lines.without_bom(text) return text:sub(1, #lines.BOM) == lines.BOM and text:sub(#lines.BOM + 1) or text end

local metatable = { __name = "hubspot.command.Lines", __index = {} }

local methods = metatable.__index

-- Joins pieces until one has the end of the line. A line may be of any length, so they are joined once.
local function read_to_end(self)
  local pieces = { self.buffer:sub(self.position) }
  self.buffer, self.position = "", 1
  while true do
    local piece, message = self.read()
    if message then return nil, message end
    if not piece then break end
    local stop = piece:find("\n", 1, true)
    if stop then
      pieces[#pieces + 1] = piece:sub(1, stop)
      self.buffer, self.position = piece, stop + 1
      return table.concat(pieces)
    end
    pieces[#pieces + 1] = piece
  end
  local rest = table.concat(pieces)
  return rest ~= "" and rest or nil
end

local function next_line(self)
  local position = self.position
  local stop = self.buffer:find("\n", position, true)
  if not stop then return read_to_end(self) end
  local line = self.buffer:sub(position, stop)
  self.position = stop + 1
  return line
end

--- The next line with its end; without a BOM where it is the first one.
-- @treturn ?string nil at the end of the text, and nil and a message where it can't be read
function methods:next()
  local line, message
  if #self.given_back > 0 then
    line = table.remove(self.given_back)
  else
    line, message = next_line(self)
  end
  if not line then return nil, message end
  self.number = self.number + 1
  return self.number == 1 and lines.without_bom(line) or line
end

--- Takes lines back: they come again.
-- @tparam table list those that came last, in their order
function methods:give_back(list)
  for index = #list, 1, -1 do
    self.given_back[#self.given_back + 1] = list[index]
  end
  self.number = self.number - #list
end

--- Makes a reader of lines. Its `number` is that of the line that came last.
-- @tparam function read returns the next piece of the text, nil at its end, or nil and a message
-- @treturn table
function lines.reader(read)
  return setmetatable({ read = read, buffer = "", position = 1, number = 0, given_back = {} }, metatable)
end

--- A function that reads a file in pieces, as `reader` takes it.
-- @tparam file file
-- @treturn function
function lines.pieces_of(file)
  return function() return file:read(65536) end
end

return lines
