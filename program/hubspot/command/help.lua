--- The text of `--help`, made of the declarations.

local exit_codes = require "hubspot.command.exit_codes"
local options = require "hubspot.command.options"

local help = {}

local WIDTH = 80
-- The column at which descriptions begin.
local COLUMN = 30

-- A text in lines of a width; all but the first begin with an indentation.
local function wrap(text, width, indentation)
  local lines, line = {}, ""
  for word in text:gmatch "%S+" do
    if line ~= "" and #line + 1 + #word > width then
      lines[#lines + 1], line = line, ""
    end
    line = line == "" and word or line .. " " .. word
  end
  lines[#lines + 1] = line
  return table.concat(lines, "\n" .. indentation)
end

local function row(left, about)
  local description = wrap(about, WIDTH - COLUMN, (" "):rep(COLUMN))
  if #left > COLUMN - 2 then return ("%s\n%s%s"):format(left, (" "):rep(COLUMN), description) end
  return left .. (" "):rep(COLUMN - #left) .. description
end

local function spelled(argument)
  local word = argument.takes .. (argument.many and "..." or "")
  return argument.optional and "[" .. word .. "]" or word
end

--- The usage of a subcommand.
-- @tparam table declaration
-- @treturn string
function help.usage(declaration)
  local words = { "hubspot-lua", declaration.name }
  for _, argument in ipairs(declaration.arguments or {}) do
    words[#words + 1] = spelled(argument)
  end
  words[#words + 1] = "[options]"
  return table.concat(words, " ")
end

--- The flags of an option with the name of its value.
-- @tparam table option
-- @treturn string
function help.flags(option)
  local flags = (option.short and option.short .. ", " or "") .. options.flag(option)
  return option.takes and flags .. " " .. option.takes or flags
end

local function option_rows(list, lines)
  for _, option in ipairs(list) do
    if not option.is_rare then lines[#lines + 1] = row("  " .. help.flags(option), option.about) end
  end
end

-- The flags of options that are seldom needed, in one sentence, or nil.
local function rare_line(list)
  local flags = {}
  for _, option in ipairs(list) do
    if option.is_rare then flags[#flags + 1] = help.flags(option) end
  end
  return flags[1] and ("Seldom needed: %s. `man hubspot-lua` tells of them."):format(table.concat(flags, ", "))
end

local function exit_line(entries)
  local parts = {}
  for index, entry in ipairs(entries) do
    parts[index] = ("%d %s"):format(entry.code, entry.about)
  end
  return "Exit codes: " .. table.concat(parts, ", ") .. "."
end

local COMMON = "Common: %s. `man hubspot-lua` tells of them."

local function common_line(declaration)
  if declaration.without_client then return nil end
  local flags, own = {}, {}
  for _, option in ipairs(declaration.options or {}) do
    own[option.name] = true
  end
  for _, option in ipairs(options.COMMON) do
    if not own[option.name] then flags[#flags + 1] = help.flags(option):gsub("^%-%a, ", "") end
  end
  return COMMON:format(table.concat(flags, ", "))
end

--- The help of a subcommand.
-- @tparam table declaration
-- @treturn string
function help.of(declaration)
  local lines = { "Usage: " .. help.usage(declaration), wrap(declaration.summary, WIDTH, "") }
  for _, argument in ipairs(declaration.arguments or {}) do
    lines[#lines + 1] = row("  " .. spelled(argument), argument.about)
  end
  option_rows(declaration.options or {}, lines)
  local rare = rare_line(declaration.options or {})
  if rare then lines[#lines + 1] = wrap(rare, WIDTH - 2, "  ") end
  local common = common_line(declaration)
  if common then lines[#lines + 1] = wrap(common, WIDTH - 2, "  ") end
  for _, example in ipairs(declaration.examples or {}) do
    lines[#lines + 1] = ("  %s\n      %s"):format(example[1], example[2])
  end
  lines[#lines + 1] = wrap(exit_line(exit_codes.of(declaration)), WIDTH - 2, "  ")
  return table.concat(lines, "\n") .. "\n"
end

--- The help of the command itself.
-- @tparam table declarations of all subcommands
-- @treturn string
function help.overview(declarations)
  local lines =
    { "Usage: hubspot-lua SUBCOMMAND [options]", "Moves HubSpot's data. Data goes to stdout, all else to stderr.", "" }
  for _, declaration in ipairs(declarations) do
    lines[#lines + 1] = row("  " .. declaration.name, declaration.summary)
  end
  lines[#lines + 1] = "\nOptions of all that work with HubSpot; the token is that of HUBSPOT_TOKEN:"
  option_rows(options.COMMON, lines)
  lines[#lines + 1] = "\n" .. wrap(exit_line(exit_codes.list), WIDTH - 2, "  ")
  return table.concat(lines, "\n") .. "\n"
end

return help
