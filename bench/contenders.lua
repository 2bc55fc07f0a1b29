-- The contenders: how each is started, and what its installation holds. `command` takes the arguments of the scenario;
-- with none, it loads and makes its client. `bare` is its interpreter alone. `size` tells the bytes of the files that
-- it needs beside the interpreter and the shared libraries of the system.

local LUA =
  "LUA_PATH='lua/?.lua;lua/?/init.lua;program/?.lua;program/?/init.lua;;' LUA_CPATH='build/bench/?.so;build/lua5.4/?.so;;' "

local function files_of(packages, lua_version)
  return ("dpkg -L %s | grep '/lua/%s/' | sort -u"):format(packages, lua_version)
end

-- The sum of what a command lists; links count as what they lead to.
local function size_of(listing)
  return ("(%s) | xargs stat -L -c '%%F %%s' | awk '/^regular/ { sum += $NF } END { print sum }'"):format(listing)
end

-- Debug symbols stay out, as LuaRocks builds without them.
local STRIPPED = "strip -o build/bench/%s.stripped %s && echo build/bench/%s.stripped"

-- Our rocks' files, without those of some modules.
local function size_of_rocks(left_out)
  return size_of(
    ("lua5.4 bench/rock_files.lua %s; "):format(left_out)
      .. STRIPPED:format("native", "build/lua5.4/hubspot/native.so", "native")
      .. "; "
      .. STRIPPED:format("engine", "build/lua5.4/hubspot/engine.so", "engine")
  )
end

local function own(file)
  return {
    environment = LUA,
    command = "lua5.4 bench/contender/" .. file,
    bare = "lua5.4 -e ''",
    size = size_of_rocks "hubspot.command hubspot.sandbox hubspot.mirror",
    size_of_all = size_of_rocks "",
  }
end

-- HubSpot's client asks for Node 22; where that is not the one in the path, NODE names it.
local NODE = os.getenv "NODE" or "node"

local function node(folder, file)
  local path = "bench/contender/" .. folder
  return {
    environment = "",
    command = ("%s %s/%s"):format(NODE, path, file),
    bare = NODE .. " -e ''",
    needs = ("{ command -v %s && test -d %s/node_modules; }"):format(NODE, path),
    missing = "Node, or what npm installs, is not there",
    size = size_of(("find %s/node_modules -type f"):format(path)),
  }
end

return {
  hubspot = own "hubspot.lua",
  hubspot_list = own "hubspot-list.lua",
  hubspot_single = own "hubspot-single.lua",
  hubspot_first = own "hubspot-first.lua",
  hubspot_objects = own "hubspot-objects.lua",
  hubspot_associations = own "hubspot-associations.lua",
  hubspot_write = own "hubspot-write.lua",
  luasocket = {
    environment = "",
    command = "lua5.4 bench/contender/luasocket.lua",
    bare = "lua5.4 -e ''",
    size = size_of(files_of("lua-socket lua-cjson", "5.4")),
  },
  -- Debian puts what of it is pure Lua where only older Luas look.
  lua_http = {
    environment = "LUA_PATH=';;/usr/share/lua/5.3/?.lua;/usr/share/lua/5.2/?.lua' ",
    command = "lua5.4 bench/contender/lua-http.lua",
    bare = "lua5.4 -e ''",
    size = size_of(table.concat({
      files_of("lua-http lua-binaryheap", "5.3"),
      files_of("lua-lpeg-patterns lua-basexx lua-fifo", "5.2"),
      files_of("lua-cqueues lua-luaossl lua-lpeg lua-cjson", "5.4"),
    }, "; ")),
  },
  api_client = node("hubspot-api-client", "read.js"),
  api_client_write = node("hubspot-api-client", "write.js"),
  madkudu = node("madkudu-hubspot", "read.js"),
  floor = {
    environment = LUA,
    command = "lua5.4 bench/contender/floor.lua",
    bare = "lua5.4 -e ''",
    size = size_of(
      STRIPPED:format("fetch", "build/bench/bench_fetch.so", "fetch") .. "; " .. files_of("lua-cjson", "5.4")
    ),
  },
  floor_write = { environment = LUA, command = "lua5.4 bench/contender/floor-write.lua", bare = "lua5.4 -e ''" },
  libcurl = {
    environment = "",
    command = "build/bench/libcurl",
    bare = "true",
    size = size_of(STRIPPED:format("libcurl", "build/bench/libcurl", "libcurl")),
  },
}
