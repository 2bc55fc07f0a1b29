rockspec_format = "3.0"
package = "hubspot-lua"
version = "scm-1"

source = {
  -- Set when a release is made; `luarocks make` in a clone does not use it.
  url = "git+https://example.org/hubspot.git",
}

description = {
  summary = "The command hubspot-lua: moves HubSpot's data, and starts a sandbox",
  detailed = [[
Exports, imports and looks at HubSpot's data from a shell, and starts an in-memory HubSpot to try and test against.]],
  license = "MIT",
}

-- A rock of its own: the library depends on nothing, and a web server that has it needs no parser of command lines. The
-- command's modules are in the library's rock nevertheless, since LuaRocks installs all of a folder `lua`.
dependencies = {
  "lua >= 5.1",
  "hubspot",
  "argparse >= 0.7.1",
  "luasocket >= 3.0",
}

build = {
  type = "none",
  install = {
    bin = { "bin/hubspot-lua" },
  },
  copy_directories = { "man" },
}
