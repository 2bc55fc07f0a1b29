-- The rockspecs list every module, so that what luarocks installs is whole.

local LIBRARY, COMMAND = "hubspot-scm-1.rockspec", "hubspot-lua-scm-1.rockspec"

local function read(rockspec)
  local environment = {}
  local file = assert(io.open(rockspec))
  local source = file:read "*a"
  file:close()
  if setfenv then -- luacheck: ignore
    setfenv(assert(loadstring(source)), environment)() -- luacheck: ignore
  else
    assert(load(source, rockspec, "t", environment))()
  end
  return environment
end

-- The rocks by the folder that each installs.
local function modules_of(folder)
  if folder == "lua" then return read(LIBRARY).build.modules end
  return read(COMMAND).build.install.lua
end

-- The files below a directory that end in an extension, by name.
local function files_in(directory, extension)
  local files = {}
  local pipe = assert(io.popen(("find %s -name '*.%s'"):format(directory, extension)))
  for path in pipe:lines() do
    files[path] = true
  end
  pipe:close()
  return files
end

local function name_of(path) return (path:gsub("^%l+/", ""):gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", ".")) end

local function sorted(set)
  local list = {}
  for item in pairs(set) do
    list[#list + 1] = item
  end
  table.sort(list)
  return list
end

describe("a rockspec", function()
  for _, folder in ipairs { "lua", "program" } do
    it("lists each Lua file of " .. folder .. " under the name that it is required by", function()
      local expected, listed = {}, {}
      for path in pairs(files_in(folder, "lua")) do
        expected[("%s = %s"):format(name_of(path), path)] = true
      end
      for name, module in pairs(modules_of(folder)) do
        if type(module) == "string" then listed[("%s = %s"):format(name, module)] = true end
      end
      assert.same(sorted(expected), sorted(listed))
    end)
  end
end)

describe("the rockspec of the library", function()
  it("lists each C file", function()
    local listed = {}
    for _, module in pairs(modules_of "lua") do
      for _, source in ipairs(type(module) == "table" and module.sources or {}) do
        listed[source] = true
      end
    end
    assert.same(sorted(files_in("csrc", "c")), sorted(listed))
  end)

  it("depends on Lua alone", function() assert.same({ "lua >= 5.1" }, read(LIBRARY).dependencies) end)
end)

describe("the rockspec of the command", function()
  it("installs the program and its man page, and what they need", function()
    local rockspec = read(COMMAND)
    assert.same({ "bin/hubspot-lua" }, rockspec.build.install.bin)
    assert.same({ "doc", "man" }, rockspec.build.copy_directories)
    local names = {}
    for index, dependency in ipairs(rockspec.dependencies) do
      names[index] = dependency:match "^%S+"
    end
    assert.same({ "lua", "hubspot", "argparse", "luasocket" }, names)
  end)
end)
