--- The standard output: data and nothing else.

local fail = require "hubspot.command.fail"
local terminal = require "hubspot.command.terminal"

local output = {}

local BUFFER = 65536

local methods = {}
local metatable = { __name = "hubspot.command.Output", __index = methods }

-- EPIPE, whose number POSIX leaves open, is 32 wherever Lua runs.
local EPIPE = 32

local function check(written, message, number)
  if written then return end
  if number == EPIPE then fail.closed_pipe() end
  fail.file("can't write to the standard output: " .. tostring(message))
end

--- Writes a text as it is.
function methods:write(text)
  if self.is_terminal then self.before_write() end
  check(io.stdout:write(text))
end

--- Writes all that is held back. Throws where that does not work, as on a full disk.
function methods.flush() check(io.stdout:flush()) end

--- Makes the writer.
-- @tparam function before_write called before something is written on a terminal
function output.new(before_write)
  local is_terminal = terminal.is(1)
  if not is_terminal then io.stdout:setvbuf("full", BUFFER) end
  return setmetatable({ is_terminal = is_terminal, before_write = before_write }, metatable)
end

return output
