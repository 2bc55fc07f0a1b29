-- Messages where the C core, or a module that a loop needs, is missing or does not fit.

local sandbox = require "spec.support.sandbox"

local VERSION = _VERSION:match "%d+%.%d+"
local ABI = rawget(_G, "jit") and "lua5.1" or "lua" .. VERSION
local OTHER_ABI = ABI == "lua5.1" and "lua5.4" or "lua5.1"

-- Returns the output of the program where C modules are found by one path alone.
local function run(program, cpath)
  local script = os.tmpname()
  local file = assert(io.open(script, "w"))
  file:write(program)
  file:close()
  local pipe = assert(
    io.popen(
      ("LUA_PATH='lua/?.lua;lua/?/init.lua;program/?.lua;program/?/init.lua' LUA_CPATH='%s' %s %s 2>&1"):format(
        cpath,
        sandbox.interpreter(),
        script
      )
    )
  )
  local printed = pipe:read "*a"
  pipe:close()
  os.remove(script)
  return printed
end

local function assert_says(printed, ...)
  for _, words in ipairs { ... } do
    assert.truthy(printed:find(words, 1, true), printed)
  end
end

local ENTRIES = { "hubspot", "hubspot.sandbox", "hubspot.oauth", "hubspot.limiter.memory", "hubspot.loop.plain" }

describe("when the C core", function()
  for _, entry in ipairs(ENTRIES) do
    it("is missing, " .. entry .. " says which Lua this is and how to build for it", function()
      local printed = run(("print(select(2, pcall(require, %q)))"):format(entry), "/nowhere/?.so")
      assert_says(
        printed,
        "hubspot: hubspot.native, its part in C, is not installed for this Lua (",
        _VERSION .. "): run `luarocks --lua-version " .. VERSION .. " make hubspot-scm-1.rockspec`"
      )
      assert.is_nil(printed:find("no file", 1, true), printed)
    end)

    it("is built for another Lua, " .. entry .. " says so and how to build for this one", function()
      local other = io.open("build/" .. OTHER_ABI .. "/hubspot/native.so")
      if not other then return pending("no build for " .. OTHER_ABI .. " here") end
      other:close()
      local printed = run(("print(select(2, pcall(require, %q)))"):format(entry), "build/" .. OTHER_ABI .. "/?.so")
      assert_says(
        printed,
        "hubspot: hubspot.native, its part in C, does not fit this Lua (",
        _VERSION .. "): ",
        "native.so",
        "To build it for this one, run `luarocks --lua-version " .. VERSION .. " make hubspot-scm-1.rockspec`"
      )
    end)
  end

  it("lacks libcurl, the first request says what to install", function()
    local printed = run(
      [[
      package.preload["hubspot.engine"] = function()
        error("error loading module 'hubspot.engine' from file 'engine.so': libcurl.so.4: cannot open shared object "
          .. "file: No such file or directory")
      end
      local client = require("hubspot").new { token = "any-token" }
      print(select(2, pcall(client.contacts.get, client.contacts, 1)))]],
      package.cpath
    )
    assert_says(printed, "libcurl is not installed, which hubspot.engine needs (on Debian: `apt-get install libcurl4`)")
  end)
end)

describe("a loop whose host", function()
  for name, package in pairs { cqueues = "lua-cqueues", luv = "lua-luv" } do
    it("is missing says how to install " .. name, function()
      local printed = run(
        ([[print(select(2, pcall(require("hubspot").new, { token = "any-token", loop = %q })))]]):format(name),
        "build/" .. ABI .. "/?.so"
      )
      assert_says(
        printed,
        ("hubspot.new: the loop %s needs the module %s, which is not installed for this Lua ("):format(name, name),
        ("run `luarocks --lua-version %s install %s`, or `apt-get install %s`"):format(VERSION, name, package)
      )
    end)
  end

  it("can't be loaded says why", function()
    local printed = run(
      [[
      package.preload.cqueues = function() error "version `GLIBC_9.99' not found" end
      print(select(2, pcall(require("hubspot").new, { token = "any-token", loop = "cqueues" })))]],
      package.cpath
    )
    assert_says(printed, "the module cqueues, which can't be loaded: ", "version `GLIBC_9.99' not found")
  end)

  it("is nginx runs there only", function()
    local made, problem = require("hubspot.loop.ngx").new()
    assert.is_nil(made)
    assert.matches("runs in nginx", problem)
  end)
end)
