--- Looks at the files that a command line names, before the work: one that is written must not be one that is read.
-- @module hubspot.command.paths

local fail = require "hubspot.command.fail"
local options = require "hubspot.command.options"
local shell = require "hubspot.command.shell"

local paths = {}

-- The standard input of what is read, the standard output of what may be written there.
local STREAM = "-"

-- The files of a command line by what is done with them: lists of `{ label =, path = }`.
local function files_of(parsed)
  local files = { read = {}, written = {}, replaced = {} }
  local function add(declared, label, path)
    local list = files[declared.file]
    if not list or not path then return end
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

--- Fails where a file can't be written without harm to another one of the command line.
-- @tparam table parsed as `hubspot.command.parser` read it
function paths.check(parsed)
  local files = files_of(parsed)
  local taken = files.read
  for _, one in ipairs(files.replaced) do
    check_kind(one)
    check_apart(one, taken)
    -- It has another name until it is whole.
    check_apart({ label = one.label, path = one.path .. ".part" }, taken)
    taken[#taken + 1] = one
  end
  for _, one in ipairs(files.written) do
    check_apart(one, taken)
  end
end

return paths
