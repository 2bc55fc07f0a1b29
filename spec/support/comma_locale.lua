-- A locale with a decimal comma, in a process of its own: setlocale acts on the whole process.

local sandbox = require "spec.support.sandbox"
local scratch = require "spec.support.scratch"

local comma_locale = {}

local PROLOGUE = [[
package.path, package.cpath = %q, %q
local function with_comma()
  for _, name in ipairs { "test_comma", "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fr_FR.utf8", "de_DE" } do
    if os.setlocale(name) then return true end
  end
end
if not with_comma() then
  io.write "no locale"
  os.exit(0)
end
]]

-- Only the numbers: to compile a whole language takes seconds.
local SOURCE = [[
LC_CTYPE
copy "POSIX"
END LC_CTYPE
LC_COLLATE
copy "POSIX"
END LC_COLLATE
LC_MONETARY
copy "POSIX"
END LC_MONETARY
LC_MESSAGES
copy "POSIX"
END LC_MESSAGES
LC_TIME
copy "POSIX"
END LC_TIME
LC_NUMERIC
decimal_point ","
thousands_sep "."
grouping 3;3
END LC_NUMERIC
]]

local function write_file(path, text)
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
end

--- Runs a script under the locale.
-- @tparam string script what it writes is its result
-- @treturn ?string nil where the machine has no such locale, and can't compile one
function comma_locale.run(script)
  local directory = scratch.folder()
  local path = directory .. "/script.lua"
  write_file(directory .. "/source", SOURCE)
  os.execute(("localedef -c -i %s/source -f UTF-8 %s/test_comma >/dev/null 2>&1"):format(directory, directory))
  write_file(path, PROLOGUE:format(package.path, package.cpath) .. script)
  -- A set LOCPATH hides the machine's own locales.
  local made = io.open(directory .. "/test_comma/LC_NUMERIC")
  if made then made:close() end
  local pipe = io.popen(("%s %s %s 2>&1"):format(made and "LOCPATH=" .. directory or "", sandbox.interpreter(), path))
  local result = pipe:read "*a"
  pipe:close()
  scratch.remove(directory)
  if result == "no locale" then return nil end
  return result
end

return comma_locale
