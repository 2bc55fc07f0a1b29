--- Asks the system's shell for what Lua does not tell.
-- @module hubspot.command.shell

local shell = {}

--- Returns whether a command of the shell succeeds. Unlike in os.execute, an interrupt that comes meanwhile is for this
-- process, too.
-- @tparam string command that writes nothing to its standard output, which is no terminal
-- @treturn boolean
function shell.succeeds(command)
  local pipe = io.popen(("{ %s; } && echo yes"):format(command))
  if not pipe then return false end
  local line = pipe:read "*l"
  pipe:close()
  return line == "yes"
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

--- The output of a command of the shell, without the line break at its end.
-- @tparam string command
-- @treturn ?string nil where the system starts no commands
function shell.output(command)
  local pipe = io.popen(command)
  if not pipe then return nil end
  local text = pipe:read "*a"
  pipe:close()
  return text and (text:gsub("\n$", ""))
end

--- The path that a link leads to; the same path where it is none.
-- @tparam string path
-- @treturn string
function shell.target(path)
  local quoted = shell.quote(path)
  local target = shell.output(("test -h %s && readlink -f -- %s"):format(quoted, quoted))
  return target and target ~= "" and target or path
end

return shell
