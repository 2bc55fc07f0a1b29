-- Programs that have an interpreter of their own, as the specs start them.

local core = require "hubspot.core"

local host = {}

-- Ends what hangs.
local SECONDS = 60

local function quote(text) return "'" .. tostring(text):gsub("'", "'\\''") .. "'" end

--- Returns why a host's specs are left to another run of the suite; nil where they are not. A host's own interpreter
-- runs the client, whichever runs the specs.
function host.left_out(name)
  if _VERSION == "Lua 5.4" then return nil end
  return ("%s has an interpreter of its own, so that Lua 5.4's run of the specs tells all"):format(name)
end

local function yields_through_pcall()
  local routine = coroutine.create(function() pcall(coroutine.yield) end)
  coroutine.resume(routine)
  return coroutine.status(routine) == "suspended"
end

--- True where coroutines can yield nearly everywhere. Those of PUC Lua 5.1 can't, through pcall and for loops.
host.yields_through_pcall = yields_through_pcall()

--- The folder of the C core of the 5.1 ABI, by `CORE_FOR_LUAJIT`.
function host.core_folder()
  local folder = os.getenv "CORE_FOR_LUAJIT"
  return folder and folder ~= "" and folder or "build/lua5.1"
end

--- Directives by which nginx finds this repository's modules, and those of a folder.
function host.nginx_paths(folder)
  local pipe = assert(io.popen "pwd")
  local root = pipe:read "*l"
  pipe:close()
  return (
    ([[lua_package_path "{root}/lua/?.lua;{root}/lua/?/init.lua;{root}/program/?.lua;{root}/program/?/init.lua;{root}/{folder}/?.lua;;";
    lua_package_cpath "{root}/{core}/?.so;;";]]):gsub(
      "{(%l+)}",
      { root = root, folder = folder, core = host.core_folder() }
    )
  )
end

--- Runs a command with LuaJIT inside, which can require this repository's modules.
-- @tparam table words of the command
-- @tparam table variables for its environment
-- @treturn string what it printed
function host.run(words, variables)
  local parts = {
    "timeout",
    SECONDS,
    "env",
    "LUA_PATH=" .. quote "lua/?.lua;lua/?/init.lua;program/?.lua;program/?/init.lua;./?.lua;;",
    "LUA_CPATH=" .. quote(host.core_folder() .. "/?.so;;"),
  }
  for name, value in pairs(variables) do
    parts[#parts + 1] = name .. "=" .. quote(value)
  end
  for _, word in ipairs(words) do
    parts[#parts + 1] = quote(word)
  end
  local pipe = assert(io.popen(table.concat(parts, " ") .. " 2>&1 </dev/null"))
  local printed = pipe:read "*a"
  pipe:close()
  return printed
end

--- Runs a command as `run` does, with one more variable: `OUTPUT`, a file for its result as JSON.
-- @tparam table words
-- @tparam table variables
-- @treturn ?table the result
-- @treturn string what it printed
function host.run_for_result(words, variables)
  local path = os.tmpname()
  local all = { OUTPUT = path }
  for name, value in pairs(variables) do
    all[name] = value
  end
  local printed = host.run(words, all)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  os.remove(path)
  return core.decode(text), printed
end

return host
