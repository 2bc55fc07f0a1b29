-- Loads the optional parts: the C core of this Lua, and modules of other libraries. When one is missing, the message
-- says what to run.

local interrupt = require "hubspot.interrupt"

local needs = {}

local LUA_VERSION = _VERSION:match "^Lua (%d+%.%d+)"

-- Debian's packages of modules that LuaRocks has under their own names.
local DEBIAN_PACKAGES = { cqueues = "lua-cqueues", luv = "lua-luv" }

local function this_lua()
  local jit = rawget(_G, "jit")
  if type(jit) ~= "table" or not jit.version then return _VERSION end
  return ("%s, which takes what is built for %s"):format(jit.version, _VERSION)
end

local function luarocks(words) return ("luarocks --lua-version %s %s"):format(LUA_VERSION, words) end

-- Returns whether require found no file, rather than one that it could not load.
local function is_missing(problem)
  local first_line = problem:match "^[^\n]*"
  local from = first_line:find("module '", 1, true)
  return from ~= nil and first_line:find("' not found", from, true) ~= nil
end

-- The name of a library that the system's loader did not find, or nil: "… libcurl.so.4: cannot open shared object …".
local function missing_library(problem)
  local at = problem:find(": cannot open shared object", 1, true)
  local last = ""
  for word in problem:sub(1, (at or 0) - 1):gmatch "%S+" do
    last = word
  end
  return at and last:match "^(lib[%w_+-]+)%.so%.%d"
end

local BUILD = "run `" .. luarocks "make hubspot-scm-1.rockspec" .. "` in the folder of its sources"

local function native_message(name, problem)
  if is_missing(problem) then
    return ("hubspot: %s, its part in C, is not installed for this Lua (%s): %s, or add its folder to package.cpath"):format(
      name,
      this_lua(),
      BUILD
    )
  end
  local library = missing_library(problem)
  if library then
    return ("hubspot: %s is not installed, which %s needs (on Debian: `apt-get install libcurl4`): %s"):format(
      library,
      name,
      problem
    )
  end
  return ("hubspot: %s, its part in C, does not fit this Lua (%s): %s. To build it for this one, %s"):format(
    name,
    this_lua(),
    problem,
    BUILD
  )
end

--- Loads a module of the C core.
-- @tparam string name
-- @return the module
-- @raise what to do where it is missing, or built for another Lua
function needs.native(name)
  local loaded, module = interrupt.pcall(require, name)
  if not loaded then error(native_message(name, tostring(module)), 0) end
  return module
end

--- Loads a module of another library.
-- @tparam string name such as `"cqueues"`
-- @tparam string purpose its use, such as `"the loop cqueues"`
-- @return the module, or nil and a message that says how to install it
function needs.find(name, purpose)
  local loaded, module = interrupt.pcall(require, name)
  if loaded then return module end
  local problem = tostring(module)
  local package = DEBIAN_PACKAGES[name]
  return nil,
    ("%s needs the module %s, which %s (%s): run `%s`%s"):format(
      purpose,
      name,
      is_missing(problem) and "is not installed for this Lua" or "can't be loaded: " .. problem,
      this_lua(),
      luarocks("install " .. name),
      package and (", or `apt-get install %s`"):format(package) or ""
    )
end

return needs
