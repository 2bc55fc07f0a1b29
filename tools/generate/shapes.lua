-- The classes of the tables that calls take, by what the checks know of them.

local check = require "hubspot.check"
local declarations = require "tools.declarations"
local operation_text = require "tools.generate.operation_text"
local signature = require "hubspot.signature"

local shapes = {}

-- A class that both routes have is one, whose fields say which route they are for.
local function note(found, class, fields, place)
  local shape = found.by_class[class]
  if not shape then
    shape = { class = class, resource = place.resource, by_name = {}, variants = {} }
    found.by_class[class] = shape
    found[#found + 1] = shape
  end
  local variant = place.route or "all"
  if shape.variants[variant] then return end
  shape.variants[variant] = true
  for name, field in pairs(fields) do
    local known = shape.by_name[name] or { field = field, routes = {}, required = true }
    known.routes[variant] = true
    known.required = known.required and field.required
    shape.by_name[name] = known
  end
end

local function collect(found, value_type, place)
  while value_type.element do
    value_type = value_type.element
  end
  if not value_type.fields then return end
  for _, name in ipairs(check.sorted_keys(value_type.fields)) do
    collect(found, value_type.fields[name].type, place)
  end
  local class = value_type.luacats:match "^hubspot%.%w+"
  if class then note(found, class, value_type.fields, place) end
end

local function route_note(shape, known)
  local variants = 0
  for _ in pairs(shape.variants) do
    variants = variants + 1
  end
  local routes = check.sorted_keys(known.routes)
  if #routes == variants then return "" end
  return (" (only on %s)"):format(table.concat(routes, ", "))
end

-- As records are: `{ class =, resource =, fields = { { name, LuaCATS type, description }, … } }`.
local function as_record(shape)
  local fields = {}
  for index, name in ipairs(check.sorted_keys(shape.by_name)) do
    local known = shape.by_name[name]
    fields[index] = {
      name .. (known.required and "" or "?"),
      known.field.type.luacats,
      (known.field.description or "") .. route_note(shape, known),
    }
  end
  return { class = shape.class, resource = shape.resource, fields = fields }
end

--- All of them, in the order in which operations name them.
function shapes.all()
  local found = { by_class = {} }
  for _, one in ipairs(declarations.all()) do
    for _, argument in ipairs(one.declaration.arguments or {}) do
      for _, variant in ipairs(operation_text.types_of(argument)) do
        collect(found, variant.type, { resource = one.resource, route = variant.route })
      end
    end
  end
  collect(found, check.retry, { resource = "client" })
  collect(found, check.client_retry, { resource = "client" })
  collect(found, { luacats = "hubspot.RequestToVerify", fields = signature.options }, { resource = "client" })
  local all = {}
  for index, shape in ipairs(found) do
    all[index] = as_record(shape)
  end
  return all
end

return shapes
