-- The declared operations, for what is made of them outside of the library.

local declarations = {}

local RESOURCES =
  { "contacts", "properties", "lists", "timeline", "campaigns", "email_events", "subscriptions", "transactional" }

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
local function routes_of(declaration)
  local routes = {}
  for _, name in ipairs { "v1", "current" } do
    local route = declaration[name]
    if route then routes[#routes + 1] = { name = name, route = route, requests = route.requests or { route } } end
  end
  return routes
end

--- Names of the resources, in the order in which they are documented.
declarations.resources = RESOURCES

--- The operations of a resource by name: `{ name =, label =, declaration =, routes = }` each.
function declarations.of(resource)
  local operations = {}
  local declared = require("hubspot.resource." .. resource)
  for index, name in ipairs(sorted_names(declared)) do
    operations[index] = {
      resource = resource,
      name = name,
      label = ("%s:%s"):format(resource, name),
      declaration = declared[name],
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

return declarations
