-- The types for lua-language-server: types/hubspot.lua, and a file for each other module that programs load.

local classes = require "tools.generate.classes"
local declarations = require "tools.declarations"
local library = require "tools.library"
local operation_options = require "hubspot.operation.options"
local operation_text = require "tools.generate.operation_text"
local page = require "tools.generate.page"
local returns = require "tools.generate.returns"

local types = {}

local HEAD = "-- Made from the declarations by `make generate`: change those, not this."

local function camel_case(name) return (("_" .. name):gsub("_(%w)", string.upper)) end

local function snake_case(name) return (name:gsub("(%l)(%u)", "%1_%2"):lower()) end

local function add_field(out, name, luacats, description)
  local line = ("---@field %s %s %s"):format(name, luacats, description):gsub("%s+$", "")
  out:add("%s", line)
end

local function add_function(out, called, owner)
  out:add("--- %s", called.summary)
  for _, generic in ipairs(called.generics or {}) do
    out:add("---@generic %s", generic)
  end
  local names = {}
  for index, parameter in ipairs(called.parameters or {}) do
    names[index] = parameter[1]:gsub("%?$", "")
    out:add("%s", ("---@param %s %s %s"):format(parameter[1], parameter[2], parameter[3]):gsub("%s+$", ""))
  end
  for _, returned in ipairs(called.returns or {}) do
    out:add("%s", ("---@return %s %s"):format(returned[1], returned[2] or ""):gsub("%s+$", ""))
  end
  out:add("function %s%s(%s) end", owner, called.name, table.concat(names, ", "))
  out:add ""
end

local function add_class(out, class)
  out:add("---@class %s%s", class.class, class.parent and " : " .. class.parent or "")
  for _, overload in ipairs(class.overloads or {}) do
    out:add("---@overload %s", overload)
  end
  for _, field in ipairs(class.fields or {}) do
    add_field(out, field[1], field[2], field[3])
  end
  if class.methods then
    local owner = snake_case(class.class:match "(%w+)$")
    out:add("local %s = {}", owner):add ""
    for _, method in ipairs(class.methods) do
      add_function(out, method, owner)
    end
    return
  end
  out:add ""
end

local function add_options(out, class, parent, options, note)
  local fields = {}
  for index, name in ipairs(declarations.sorted_names(options)) do
    local option = options[name]
    fields[index] = {
      name .. (option.required and "" or "?"),
      option.type.luacats,
      (option.description or "") .. (note and note(name) or ""),
    }
  end
  add_class(out, { class = class, parent = parent, fields = fields })
end

-- A class for each kind of item, with an overload: generic classes leave the variable of a for loop unknown.
local function iterator_class(item)
  local record = "hubspot." .. item
  local class =
    { class = ("hubspot.%sIterator"):format(item), overloads = { ("fun(): %s?"):format(record) }, methods = {} }
  for index, method in ipairs(library.iterator_methods(record)) do
    class.methods[index] = method
  end
  return class
end

local function add_operation(out, resource, class, one)
  out:add("--- %s", one.declaration.summary)
  for _, argument in ipairs(one.declaration.arguments or {}) do
    out:add(
      "---@param %s %s %s",
      argument.name .. (argument.client_default and "?" or ""),
      operation_text.luacats_of(argument),
      argument.description
    )
  end
  local iterates = operation_text.is_iterator(one)
  local optional = operation_text.needs_options(one) and "" or "?"
  out:add("---@param options%s %s.%sOptions", optional, class, camel_case(one.name))
  out:add("---@return %s%s", returns.luacats(one), iterates and "" or "?")
  if not iterates then out:add "---@return hubspot.Error?" end
  out:add("function %s:%s(%s) end", resource, one.name, table.concat(operation_text.parameters(one), ", "))
  out:add ""
end

local function add_resource(out, resource)
  local class = "hubspot." .. camel_case(resource)
  local operations = declarations.of(resource)
  for _, one in ipairs(operations) do
    add_options(
      out,
      ("%s.%sOptions"):format(class, camel_case(one.name)),
      operation_text.is_iterator(one) and "hubspot.PagingOptions" or "hubspot.CallOptions",
      one.declaration.options or {},
      function(name) return operation_text.option_note(one, name) end
    )
  end
  out:add("---@class %s", class):add("local %s = {}", resource):add ""
  for _, one in ipairs(operations) do
    add_operation(out, resource, class, one)
  end
end

local function client_class()
  local class = { class = "hubspot.Client", fields = {}, methods = library.client_methods }
  for _, resource in ipairs(declarations.resources) do
    if resource ~= "objects" then table.insert(class.fields, { resource, "hubspot." .. camel_case(resource), "" }) end
  end
  for _, row in ipairs(declarations.types()) do
    if not row.is_hidden then table.insert(class.fields, { row.name, "hubspot.Objects", "" }) end
  end
  return class
end

local function add_module(out, module)
  local owner = module.name:match "(%w+)$"
  out:add("local %s = {}", owner):add ""
  for _, field in ipairs(module.fields or {}) do
    out:add("--- %s", field[3]):add("---@type %s", field[2]):add("%s.%s = nil", owner, field[1]):add ""
  end
  for _, called in ipairs(module.functions) do
    add_function(out, called, owner)
  end
  out:add("return %s", owner)
end

local function main_file()
  local out = page.new()
  out:add("---@meta hubspot"):add(HEAD):add ""
  for _, class in ipairs(classes.list) do
    add_class(out, class)
  end
  for _, item in ipairs(classes.iterators) do
    add_class(out, iterator_class(item))
  end
  add_options(out, "hubspot.CallOptions", nil, operation_options.common)
  add_options(out, "hubspot.PagingOptions", "hubspot.CallOptions", operation_options.of_iterators)
  for _, resource in ipairs(declarations.resources) do
    add_resource(out, resource)
  end
  add_class(out, client_class())
  add_module(out, library.modules.hubspot)
  return out:text()
end

--- The files by their paths.
function types.files()
  local files = { ["types/hubspot.lua"] = main_file() }
  for name, module in pairs(library.modules) do
    if name ~= "hubspot" then
      local out = page.new()
      out:add("---@meta %s", name):add(HEAD):add ""
      add_module(out, module)
      files[("types/%s.lua"):format(name:gsub("%.", "/"))] = out:text()
    end
  end
  return files
end

return types
