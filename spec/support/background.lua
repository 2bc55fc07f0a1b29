-- The command as a process that runs while the specs do other things.

local command = require "spec.support.command"
local script = require "spec.support.script"

local background = {}

local methods = {}
methods.__index = methods

local function signal(self, name)
  return script.run_shell(("{ kill -%s %d 2>/dev/null; }"):format(name, self.pid)).code == 0
end

--- Tells whether it has not ended yet.
function methods:is_running() return signal(self, "0") end

--- Sends it a signal, such as KILL; nothing where it has ended.
function methods:signal(name) signal(self, name) end

--- Waits for its end.
-- @treturn integer its exit code; 128 and the number of the signal that ended it
function methods:finish()
  local code = tonumber((self.pipe:read "*a"):match "ended (%d+)")
  self.pipe:close()
  return code
end

--- Starts it.
-- @tparam table invocation as `command.run` takes it, without `stdin`; `stderr`, a file to which its notes are added
function background.start(invocation)
  local line = "{ %s >/dev/null 2>>%s & echo $!; wait $!; echo ended $?; } 2>/dev/null"
  local notes = script.quote(invocation.stderr or "/dev/null")
  local pipe = assert(io.popen(line:format(command.line(invocation), notes)))
  return setmetatable({ pipe = pipe, pid = assert(tonumber(pipe:read "*l")) }, methods)
end

return background
