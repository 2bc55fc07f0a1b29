-- The declared operations, for what is made of them outside of the library.

local declaration = require "hubspot.operation.declaration"
local merge = require "hubspot.merge"
local object = require "hubspot.object"
local record_kinds = require "tools.record_kinds"
local types = require "hubspot.object.types"

local declarations = {}

-- The resources of all types of records are one, "objects": it is documented once.
local RESOURCES = {
  "contacts",
  "objects",
  "deal_splits",
  "associations",
  "properties",
  "pipelines",
  "owners",
  "schemas",
  "account",
  "lists",
  "timeline",
  "campaigns",
  "email_events",
  "subscriptions",
  "transactional",
}

local function sorted_names(t)
  local names = {}
  for name in pairs(t) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

declarations.sorted_names = sorted_names

-- The routes of an operation with the requests that each makes, v1 first.
local function routes_of(declared)
  local routes = {}
  for _, name in ipairs { "v1", "current" } do
    local route = declared[name]
    if route then routes[#routes + 1] = { name = name, route = route, requests = route.requests or { route } } end
  end
  return routes
end

-- A type of records that has every method.
local function any_type()
  local row = types.custom "{object_type}"
  row.id, row.writes = "{object_type_id}", types.EVERY_WRITE
  return object.operations(object.api(row))
end

local function declared_by(resource)
  return resource == "objects" and any_type() or require("hubspot.resource." .. resource)
end

--- The methods of a type of records, in words.
function declarations.methods_of(row)
  local own, has, lacks = object.operations(object.api(row)), {}, {}
  local reads = object.operations(object.api(merge { row, { writes = {} } }))
  for _, name in ipairs(sorted_names(any_type())) do
    if not reads[name] then table.insert(own[name] and has or lacks, ("`%s`"):format(name)) end
  end
  if #lacks == 0 then return "all" end
  if #has >= #lacks then return "all but " .. table.concat(lacks, ", ") end
  table.insert(has, 1, "reads")
  return table.concat(has, ", ")
end

--- The types of records that have resources of their own and no file, by name.
function declarations.types()
  local rows = {}
  for _, name in ipairs(sorted_names(types.rows)) do
    local row = types.rows[name]
    if name ~= "contacts" then rows[#rows + 1] = row end
  end
  return rows
end

--- Names of the resources, in the order in which they are documented.
declarations.resources = RESOURCES

--- The operations of a resource by name: `{ name =, label =, declaration =, routes = }` each.
function declarations.of(resource)
  local operations = {}
  local declared = declared_by(resource)
  for index, name in ipairs(sorted_names(declared)) do
    operations[index] = {
      resource = resource,
      name = name,
      label = ("%s:%s"):format(resource, name),
      called = ("client.%s:%s"):format(resource == "objects" and "companies" or resource, name),
      declaration = declared[name],
      siblings = declared,
      placeholders = resource == "objects" and { "object_type" } or nil,
      routes = routes_of(declared[name]),
    }
  end
  return operations
end

--- All operations.
function declarations.all()
  local operations = {}
  for _, resource in ipairs(RESOURCES) do
    for _, operation in ipairs(declarations.of(resource)) do
      operations[#operations + 1] = operation
    end
  end
  return operations
end

--- The faults of all operations, a list of sentences.
function declarations.problems()
  local problems = {}
  for _, one in ipairs(declarations.all()) do
    local found = declaration.problems(one.label, one.declaration, record_kinds.fields, one.placeholders, one.siblings)
    for _, problem in ipairs(found) do
      problems[#problems + 1] = problem
    end
  end
  return problems
end

return declarations
