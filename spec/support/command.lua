-- Runs bin/hubspot-lua as a process, as a shell would.

local sandbox = require "spec.support.sandbox"
local script = require "spec.support.script"

local command = {}

--- A token that a sandbox takes, in the form of an account's.
command.TOKEN = script.TOKEN

local quote = script.quote

-- The environment's words: of the command's variables only those that are given are set.
local function environment(variables)
  local words = { "env -u HUBSPOT_TOKEN -u HUBSPOT_BASE_URL -u NO_COLOR -u COLUMNS" }
  local all = { LUA = sandbox.interpreter() }
  for name, value in pairs(variables or {}) do
    all[name] = value
  end
  for name, value in pairs(all) do
    words[#words + 1] = ("%s=%s"):format(name, quote(value))
  end
  return table.concat(words, " ")
end

--- The shell's line that runs the command.
-- @tparam table invocation the arguments, and `env`, a table of variables
-- @treturn string
function command.line(invocation)
  local words = { environment(invocation.env), quote(invocation.binary or "bin/hubspot-lua") }
  for _, argument in ipairs(invocation) do
    words[#words + 1] = quote(argument)
  end
  return table.concat(words, " ")
end

--- Variables that make a sandbox server the command's HubSpot.
-- @tparam table server as `spec.support.sandbox` started it
-- @tparam[opt] table more variables
-- @treturn table
function command.against(server, more)
  local variables = { HUBSPOT_TOKEN = command.TOKEN, HUBSPOT_BASE_URL = server.url }
  for name, value in pairs(more or {}) do
    variables[name] = value
  end
  return variables
end

--- Runs the command to its end.
-- @tparam table invocation the arguments; `stdin`, a text (default: none); `env`, variables (see `command.against`);
--   `before`, shell commands that run first in the same shell
-- @treturn table `status`, `stdout` and `stderr`
function command.run(invocation)
  return script.with_file(invocation.stdin or "", function(input)
    local line = ("{ %s %s <%s; }"):format(
      invocation.before and invocation.before .. "; " or "",
      command.line(invocation),
      quote(input)
    )
    local result = script.run_shell(line)
    return { status = result.code, stdout = result.out, stderr = result.err }
  end)
end

--- Runs a line of a shell in which `$command` stands for the command, such as "$command get … | head -1".
-- @tparam string line
-- @tparam[opt] table variables of its environment
-- @treturn table `status`, `stdout` and `stderr`
function command.shell(line, variables)
  local result = script.run_shell(
    ("{ %s; }"):format((line:gsub("%$command", function() return command.line { env = variables } end)))
  )
  return { status = result.code, stdout = result.out, stderr = result.err }
end

return command
