--- Terminals, as the system's own programs tell of them: Lua has no isatty.

local shell = require "hubspot.command.shell"

local terminal = {}

local WIDTH, SIGINT = 80, 2

--- Returns whether a descriptor is a terminal.
-- @tparam integer descriptor 1 or 2
function terminal.is(descriptor)
  if descriptor == 2 then return shell.succeeds "test -t 2" end
  -- A pipe would take the place of the standard output. Lua 5.1 returns the status of waitpid, later ones whether the
  -- exit code is 0.
  local result, kind = os.execute(("test -t %d"):format(descriptor))
  -- Ctrl-C ends the command; os.execute keeps it from this process.
  if kind == "signal" or result == SIGINT then error("interrupted!", 0) end
  return result == true or result == 0
end

--- Returns whether the terminal can't erase a line, or show colors.
-- @treturn boolean
function terminal.is_dumb() return os.getenv "TERM" == "dumb" end

--- The columns of the terminal that stderr is; 80 where it does not say.
-- @treturn integer
function terminal.columns()
  local columns = tonumber((shell.output "stty size <&2 2>/dev/null" or ""):match "^%d+ (%d+)$")
  if not columns or columns == 0 then columns = tonumber((os.getenv "COLUMNS" or ""):match "^%d+$") end
  return columns and columns > 0 and columns or WIDTH
end

return terminal
