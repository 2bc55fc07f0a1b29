--- Looks at the files that a command line names, before the work: one that is written must not be one that is read.
-- @module hubspot.command.paths

local fail = require "hubspot.command.fail"
local options = require "hubspot.command.options"
local shell = require "hubspot.command.shell"

local paths = {}

-- The standard input of what is read, the standard output of what may be written there.
local STREAM = "-"

-- Endings of the names that a file has, or that stand beside it, until it is whole.
local BESIDE = { ".part", ".part.state", ".part.state.new", ".part.lock" }

-- The files of a command line by what is done with them: lists of `{ label =, path = }`. The value of an option may be
-- a table with the `path`.
local function files_of(parsed)
  local files = { read = {}, written = {}, replaced = {} }
  local function add(declared, label, value)
    local list = files[declared.file]
    local path = type(value) == "table" and value.path or value
    if not list or type(path) ~= "string" then return end
    if path ~= STREAM then
      list[#list + 1] = { label = label, path = path }
    elseif declared.file ~= "read" and not declared.may_be_stdout then
      fail.usage(("%s needs a file, and - is none"):format(label))
    end
  end
  for _, argument in ipairs(parsed.declaration.arguments or {}) do
    add(argument, argument.takes, parsed.arguments[argument.name])
  end
  for _, option in ipairs(options.of(parsed.declaration)) do
    add(option, options.flag(option), parsed.options[option.name])
  end
  return files
end

-- Names that lead to what this process has open look like a file where that is one, as /dev/stdout does.
local function is_device(path) return path:find "^/dev/[^/]*$" or path:find "^/dev/fd/" end

-- To give a file the name of a device would remove the device, and a folder would stop that after all the work.
local function check_kind(one)
  local path = shell.quote(one.path)
  if is_device(one.path) or shell.succeeds(("test -e %s && ! test -f %s"):format(path, path)) then
    fail.file(("%s: %s is a folder or a device, not a file"):format(one.label, one.path))
  end
end

local function check_apart(one, others)
  for _, other in ipairs(others) do
    if shell.is_one_file(one.path, other.path) then
      fail.usage(("%s and %s name one file"):format(other.label, one.label))
    end
  end
end

-- Puts the files that links lead to into the place of these: it is those that are replaced, or the links were lost.
local function follow_links(parsed)
  for _, option in ipairs(options.of(parsed.declaration)) do
    local path = parsed.options[option.name]
    if option.file == "replaced" and path and path ~= STREAM then parsed.options[option.name] = shell.target(path) end
  end
end

--- Fails where a file can't be written without harm to another one of the command line. A link that is to be replaced
-- by a file stands for the file that it leads to from there on.
-- @tparam table parsed as `hubspot.command.parser` read it
function paths.check(parsed)
  follow_links(parsed)
  local files = files_of(parsed)
  local taken = files.read
  for _, one in ipairs(files.replaced) do
    check_kind(one)
    check_apart(one, taken)
    taken[#taken + 1] = one
    for _, ending in ipairs(BESIDE) do
      taken[#taken + 1] = { label = one.label, path = one.path .. ending }
    end
  end
  for _, one in ipairs(files.written) do
    check_apart(one, taken)
  end
end

return paths
