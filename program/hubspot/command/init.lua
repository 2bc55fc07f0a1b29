--- Runs the command hubspot-lua: reads its command line, runs a subcommand, and turns whatever it throws into lines on
-- stderr, most often one, and an exit code.

local core = require "hubspot.core"
local errors = require "hubspot.error"
local exit_codes = require "hubspot.command.exit_codes"
local fail = require "hubspot.command.fail"
local interrupt = require "hubspot.interrupt"

local command = {}

-- A text without line breaks and other control characters, which HubSpot's messages may hold and a terminal obeys.
local function one_line(text) return (text:gsub("%c+", " ")) end

local function complain(name, message)
  io.stderr:write(("hubspot-lua%s: %s\n"):format(name and " " .. name or "", one_line(message)))
end

-- Adds to a bug's message where it was thrown; what is thrown on purpose stays as it is.
local function with_traceback(thrown)
  if fail.is_failure(thrown) or interrupt.is(thrown) then return thrown end
  if errors.is_error(thrown) then return fail.of_error(thrown) end
  return { bug = tostring(thrown), traceback = debug.traceback("", 2) }
end

local LIBRARY = "hubspot: "

-- The message of the library where it refuses an argument, which came from the command line: "contacts:get_many: ids[1]
-- must be …" comes after the place in the source. nil where it is another message.
local function misuse_of(message)
  local _, before = message:find(LIBRARY, 1, true)
  local name_ends = before and message:find(": ", before + 1, true)
  if not name_ends or message:sub(before + 1, name_ends - 1):find "[^%w_.:]" then return nil end
  return message:sub(name_ends + 2)
end

-- An interrupt that comes while the library reads an answer is the text of an error then.
local function was_interrupted(thrown)
  return interrupt.is(thrown) or (fail.is_failure(thrown) and interrupt.is(thrown.message))
end

-- The exit code for what was thrown, after its line on stderr.
local function report(name, thrown, context)
  if was_interrupted(thrown) then
    if context and context.settled_code then return context.settled_code end
    complain(name, "interrupted")
    return exit_codes.INTERRUPTED
  end
  if fail.is_failure(thrown) then
    if thrown.message then complain(name, thrown.message) end
    for _, message in ipairs(thrown.others or {}) do
      complain(name, message)
    end
    return thrown.code
  end
  local misuse = misuse_of(thrown.bug)
  if misuse then
    complain(name, misuse)
    return exit_codes.USAGE
  end
  complain(name, "a bug of hubspot-lua: " .. thrown.bug)
  io.stderr:write(thrown.traceback, "\n")
  return exit_codes.FAILED
end

-- Runs a body, and gives the exit code. A context knows that of work which is done.
local function guarded(name, body, context)
  local finished, result = xpcall(body, with_traceback)
  if finished then return result or exit_codes.DONE end
  return report(name, result, context)
end

-- Writes a text to the standard output. Fails where that takes none.
local function print_text(text)
  local output = require("hubspot.command.output").new(function() end)
  output:write(text)
  output:flush()
end

local show = {}

function show.version() print_text("hubspot-lua " .. require "hubspot.version" .. "\n") end

function show.help(declaration)
  local help = require "hubspot.command.help"
  print_text(declaration and help.of(declaration) or help.overview(require("hubspot.command.subcommands").load_all()))
end

local function run_subcommand(parsed)
  local context = require("hubspot.command.context").new(parsed)
  local code = guarded(parsed.name, function()
    context:open_summary()
    local code = parsed.declaration.run(context)
    context:close()
    return code
  end, context)
  -- The code is known: an interrupt that comes meanwhile is for nobody.
  pcall(interrupt.shield, function()
    context.progress:finish()
    context:release()
    code = guarded(parsed.name, function()
      context:write_summary(code)
      return code
    end)
  end)
  return code
end

--- Runs the command with the arguments of a command line.
-- @tparam table arguments
-- @treturn integer the exit code
function command.run(arguments)
  core.hold_streams()
  local parsed
  local code = guarded(arguments[1] and arguments[1]:match "^%l+$", function()
    parsed = require("hubspot.command.parser").parse(arguments)
    if parsed.shows then return show[parsed.shows](parsed.declaration) end
    require("hubspot.command.paths").check(parsed)
  end)
  if code ~= exit_codes.DONE or parsed.shows then return code end
  return run_subcommand(parsed)
end

return command
