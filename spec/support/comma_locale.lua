-- A locale with a decimal comma, in a process of its own: setlocale acts on the whole process.

local sandbox = require "spec.support.sandbox"

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

--- Runs a script under the locale.
-- @tparam string script what it writes is its result
-- @treturn ?string nil where the machine has no such locale, nor the sources of one
function comma_locale.run(script)
  local directory, path = os.tmpname(), os.tmpname()
  os.remove(directory)
  os.execute(("mkdir %s; localedef -c -i de_DE -f UTF-8 %s/test_comma >/dev/null 2>&1"):format(directory, directory))
  local file = assert(io.open(path, "w"))
  file:write(PROLOGUE:format(package.path, package.cpath), script)
  file:close()
  -- A set LOCPATH hides the machine's own locales.
  local made = io.open(directory .. "/test_comma/LC_NUMERIC")
  if made then made:close() end
  local pipe = io.popen(("%s %s %s 2>&1"):format(made and "LOCPATH=" .. directory or "", sandbox.interpreter(), path))
  local result = pipe:read "*a"
  pipe:close()
  os.execute("rm -r " .. directory .. " " .. path)
  if result == "no locale" then return nil end
  return result
end

return comma_locale
