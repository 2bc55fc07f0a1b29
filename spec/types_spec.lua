-- The types for editors, which `make generate` writes: they are Lua, they name only classes that are there, and nothing
-- of the library is missing.

local declarations = require "tools.declarations"
local library = require "tools.library"
local portals = require "hubspot.sandbox"
local script = require "spec.support.script"

local function paths_of(folder)
  local paths, pipe = {}, assert(io.popen(("find %s -name '*.lua' | sort"):format(folder)))
  for path in pipe:lines() do
    paths[#paths + 1] = path
  end
  pipe:close()
  return paths
end

local texts = {}
for _, path in ipairs(paths_of "types") do
  texts[path] = script.read_file(path)
end
local all = {}
for _, text in pairs(texts) do
  all[#all + 1] = text
end
all = table.concat(all, "\n")

-- Names of the functions that a module exports.
local function public_functions(name)
  local names = {}
  for key, value in pairs(require(name)) do
    if type(value) == "function" then names[key] = true end
  end
  return names
end

describe("types", function()
  it("are Lua", function()
    for path in pairs(texts) do
      assert.is_truthy(loadfile(path), path)
    end
  end)

  it("name only classes that are defined, each once", function()
    local defined = {}
    for class in all:gmatch "%-%-%-@class (hubspot[%w_.]*)" do
      assert.is_nil(defined[class], class)
      defined[class] = true
    end
    for line in all:gmatch "[^\n]+" do
      if line:find "^%-%-%-@%l+" and not line:find "^%-%-%-@meta" then
        local declared = line:gsub("`[^`]*`", ""):gsub("^(%-%-%-@field [%w_?]+ [^ ]+).*", "%1")
        for class in declared:gmatch "hubspot%.%u[%w_.]*%w" do
          assert.is_true(defined[class], line)
        end
      end
    end
  end)

  it("give an iterator of each kind that a for loop can call", function()
    for one in all:gmatch "%-%-%-@return (hubspot%.%w+Iterator)" do
      local item = one:match "^(.*)Iterator$"
      assert.is_truthy(all:find(("---@class %s\n---@overload fun(): %s?\n"):format(one, item), 1, true), one)
    end
    assert.is_nil(all:find("Iterator<", 1, true))
  end)

  it("say what is in each table", function()
    for line in all:gmatch "[^\n]+" do
      local plain = line:find "^%-%-%-@%l+ [%w_?]+ table[%s%[]" or line:find "^%-%-%-@%l+ [%w_?]+ table$"
      -- Filters of v1, which HubSpot removed.
      assert.is_true(not plain or line:find("table[][]", 1, true) ~= nil, line)
    end
  end)

  it("know the functions of every module that programs load", function()
    for name, module in pairs(library.modules) do
      if name ~= "hubspot.loop.ngx" and name ~= "hubspot.limiter.nginx" then
        local public = public_functions(name)
        for _, called in ipairs(module.functions) do
          local key = called.name:sub(2)
          assert.is_true(public[key], name .. called.name .. " is not there")
          public[key] = nil
        end
        for key in pairs(public) do
          error(("%s.%s is not in tools/library"):format(name, key))
        end
      end
    end
  end)

  it("know the methods of a client, an iterator and a portal", function()
    local portal = portals.new { contacts = 1 }
    local client = require("hubspot").new { transport = portal }
    for _, resource in ipairs(declarations.resources) do
      assert.is_truthy(client[resource], resource)
    end
    for _, method in ipairs(library.client_methods) do
      assert.is_function(client[method.name:sub(2)], method.name)
    end
    local iterator = client.contacts:all()
    for _, method in ipairs(library.iterator_methods "T") do
      assert.is_function(iterator[method.name:sub(2)], method.name)
    end
    for _, page in ipairs(library.pages) do
      for _, class in ipairs(page.classes or {}) do
        for _, method in ipairs(class.class == "hubspot.Portal" and class.methods or {}) do
          assert.is_function(portal[method.name:sub(2)], method.name)
        end
      end
    end
  end)

  it("know the options of a portal and of a client", function()
    local function options_of(class)
      local names, found = {}, all:match("%-%-%-@class " .. class:gsub("%p", "%%%0") .. "\n(.-)\n\n")
      for name in found:gmatch "%-%-%-@field ([%w_]+)" do
        names[name] = true
      end
      return names
    end
    local portal = options_of "hubspot.PortalOptions"
    for _, option in ipairs(require("hubspot.sandbox.portal_options").list) do
      assert.is_true(portal[option.name], option.name)
    end
    local client = options_of "hubspot.ClientOptions"
    for _, option in ipairs(require("hubspot.client_options").list) do
      assert.is_true(client[option.name], option.name)
    end
  end)
end)

describe("reference", function()
  it("has the right article before each noun", function()
    local pipe = assert(io.popen "cat doc/reference/*.md")
    for line in pipe:lines() do
      local article, noun = line:match "^(An?) ([%w-]+)"
      assert.is_true(not article or (article == "An") == (noun:find "^[aeiouS]" ~= nil), line)
    end
    pipe:close()
  end)
end)
