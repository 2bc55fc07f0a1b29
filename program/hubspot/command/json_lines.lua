--- Reads and writes JSON Lines: a JSON value on each line.
-- @module hubspot.command.json_lines

local core = require "hubspot.core"
local lines = require "hubspot.command.lines"

local json_lines = {}

-- Numbers below this one have the digits of their line, whatever they are kept as.
local EXACT = 2 ^ 53

--- Returns whether a number that was read has all the digits of its whole part.
-- @tparam number value
-- @treturn boolean
function json_lines.has_all_digits(value)
  return math.abs(value) < EXACT or (math.type ~= nil and math.type(value) == "integer")
end

local reader_methods = {}

local reader_metatable = { __name = "hubspot.command.JsonLinesReader", __index = reader_methods }

--- The next value, in which null is `hubspot.null`. Empty lines are skipped.
-- @treturn ?table `line`, its number; its `text`; and `value`, or `problem` where that is no JSON. Nil at the end of
--   the text, and nil and a message where it can't be read
function reader_methods:next()
  local line, message
  repeat
    line, message = self.lines:next()
    if not line then return nil, message end
  until line:find "%S"
  local value, problem = core.decode(line, true)
  local record = { line = self.lines.number, value = value, text = (line:gsub("\r?\n$", "")) }
  if value == nil then record.problem = "no JSON: " .. tostring(problem) end
  return record
end

function reader_metatable.__call(self)
  local record, message = self:next()
  if message then error(message, 0) end
  return record
end

--- Makes a reader, which a generic for takes, too: it throws where the text can't be read.
-- @tparam function read_chunk returns the next piece of the text, nil at its end, or nil and a message
-- @treturn table
function json_lines.reader(read_chunk) return setmetatable({ lines = lines.reader(read_chunk) }, reader_metatable) end

local writer_methods = {}

local writer_metatable = { __name = "hubspot.command.JsonLinesWriter", __index = writer_methods }

--- Writes a value: the keys of its objects are in order, so the same value is always the same line.
-- @param value
-- @return the results of the writer's function
function writer_methods:write(value) return self.send(assert(core.encode(value)) .. "\n") end

--- Makes a writer.
-- @tparam function write function(text), called once a value
-- @treturn table
function json_lines.writer(write) return setmetatable({ send = write }, writer_metatable) end

return json_lines
