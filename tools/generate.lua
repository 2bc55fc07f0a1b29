-- Writes what is made of the declarations: types/ (LuaCATS, for lua-language-server), doc/reference/ and the man page;
-- and of what the specs of faults check, doc/faults.md. Usage: generate.lua FOLDER, in which it writes them.

local declarations = require "tools.declarations"
local fault_lines = require "tools.faults"
local man_page = require "tools.generate.man_page"
local reference = require "tools.generate.reference"
local types = require "tools.generate.types"

local function write(name, text)
  os.execute(("mkdir -p '%s'"):format(name:match "^(.*)/"))
  local file = assert(io.open(name, "w"))
  file:write(text)
  file:close()
end

for _, problem in ipairs(declarations.problems()) do
  error(problem, 0)
end

-- Pages of what is no longer there.
os.execute(("rm -rf '%s/doc/reference'"):format(arg[1]))
for _, files in ipairs { types.files(), reference.files() } do
  for name, text in pairs(files) do
    write(arg[1] .. "/" .. name, text)
  end
end
write(arg[1] .. "/doc/faults.md", (table.concat(fault_lines(), "\n"):gsub("%s*$", "\n")))
write(arg[1] .. "/man/man1/hubspot-lua.1", man_page.text())
