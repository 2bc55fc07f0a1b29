--- Reads a command line, by argparse, as the declarations say.

local argparse = require "argparse"
local did_you_mean = require("hubspot.did_you_mean").hint
local fail = require "hubspot.command.fail"
local options = require "hubspot.command.options"
local subcommands = require "hubspot.command.subcommands"

local parser = {}

local function add_argument(command, argument)
  local added = command:argument(argument.name, argument.about)
  if argument.many then
    added:args(argument.optional and "*" or "+")
  elseif argument.optional then
    added:args "?"
  end
  if argument.choices then added:choices(argument.choices) end
end

local function add_option(command, option)
  local flags = (option.short and option.short .. " " or "") .. options.flag(option)
  if not option.takes then
    command:flag(flags, option.about):target(option.name)
    return
  end
  local added = command:option(flags, option.about):target(option.name):argname(option.takes)
  if option.choices then added:choices(option.choices) end
  if option.each then added:count "*" end
end

local function fill(command, declaration)
  for _, argument in ipairs(declaration.arguments or {}) do
    add_argument(command, argument)
  end
  for _, option in ipairs(options.of(declaration)) do
    add_option(command, option)
  end
end

--- Makes argparse's parser.
-- @tparam table declarations of the subcommands by their names; the others have a name and nothing else
-- @tparam[opt] function on_request called with "help" or "version" where that is asked for
-- @treturn table
function parser.make(declarations, on_request)
  local root = argparse("hubspot-lua", "Moves HubSpot's data."):add_help(false)
  root:require_command(true):command_target "subcommand"
  local function asks_for(what)
    return function()
      if on_request then on_request(what) end
    end
  end
  local function add_help(command) command:flag("-h --help", "show help"):action(asks_for "help") end
  add_help(root)
  root:flag("--version", "show the version"):action(asks_for "version")
  for _, name in ipairs(subcommands.NAMES) do
    local command = root:command(name, (declarations[name] or {}).summary):add_help(false)
    add_help(command)
    if declarations[name] then fill(command, declarations[name]) end
  end
  return root
end

-- The values of texts, as `read` of their declarations makes them.
local function read_value(declared, label, text)
  if not declared.read or text == nil then return text end
  local value, problem = declared.read(text)
  if value == nil then fail.usage(("%s %s"):format(label, problem)) end
  return value
end

local function read_values(declared, label, given)
  if type(given) ~= "table" then
    if given == nil then return declared.default end
    return read_value(declared, label, given)
  end
  local values = {}
  for index, text in ipairs(given) do
    values[index] = read_value(declared, label, text)
  end
  return values
end

local function read_all(declaration, given)
  local read = { name = declaration.name, declaration = declaration, arguments = {}, options = {} }
  for _, argument in ipairs(declaration.arguments or {}) do
    read.arguments[argument.name] = read_values(argument, argument.takes, given[argument.name])
  end
  for _, option in ipairs(options.of(declaration)) do
    read.options[option.name] = read_values(option, options.flag(option), given[option.name])
  end
  return read
end

-- argparse's message in one line, with the option or the subcommand that may be meant.
local function explain(message, declaration)
  local first = message:match("^[^\n]*"):gsub("^(%l+) command", { a = "a subcommand", unknown = "unknown subcommand" })
  local unknown = first:match "^unknown %l+ '(.*)'"
  if not unknown then return first end
  local known = {}
  for _, name in ipairs(declaration and {} or subcommands.NAMES) do
    known[name] = true
  end
  for _, option in ipairs(declaration and options.of(declaration) or {}) do
    known[options.flag(option)] = true
  end
  return first .. did_you_mean(unknown, known)
end

--- Reads a command line.
-- @tparam table arguments
-- @treturn table `name`, `declaration`, `arguments` and `options`; or `shows`, "help" or "version", with the
--   declaration where there is one; wrong ones fail
function parser.parse(arguments)
  local name = arguments[1]
  local declaration = name and subcommands.has(name) and subcommands.load(name) or nil
  local wanted
  local declarations = declaration and { [name] = declaration } or {}
  local root = parser.make(declarations, function(what) wanted = wanted or what end)
  local fine, given = root:pparse(arguments)
  if wanted then return { shows = wanted, declaration = declaration } end
  if not fine then
    fail.usage(
      ("%s (`hubspot-lua%s --help` tells more)"):format(explain(given, declaration), declaration and " " .. name or "")
    )
  end
  return read_all(declaration, given)
end

return parser
