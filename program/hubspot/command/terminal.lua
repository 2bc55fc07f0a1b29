--- Terminals, as the system's own programs tell of them: Lua has no isatty.

local shell = require "hubspot.command.shell"

local terminal = {}

local WIDTH = 80

--- Returns whether a descriptor is a terminal.
-- @tparam integer descriptor 1 or 2
function terminal.is(descriptor) return shell.succeeds(("test -t %d"):format(descriptor)) end

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
