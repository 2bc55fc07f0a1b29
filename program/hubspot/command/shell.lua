--- Asks the system's shell for what Lua does not tell.
-- @module hubspot.command.shell

local shell = {}

--- Returns whether a command of the shell succeeds.
-- @tparam string command
-- @treturn boolean
function shell.succeeds(command)
  -- Lua 5.1 returns the exit status, later ones whether it is 0.
  local result = os.execute(command)
  return result == true or result == 0
end

--- A text as one word of the shell.
-- @tparam string text
-- @treturn string
function shell.quote(text) return "'" .. text:gsub("'", [['\'']]) .. "'" end

--- Returns whether two paths lead to one file, as ./a.csv, links, and other spellings of its folder do.
-- @tparam string one
-- @tparam string other
-- @treturn boolean
function shell.is_one_file(one, other)
  return one == other or shell.succeeds(("test %s -ef %s"):format(shell.quote(one), shell.quote(other)))
end

return shell
