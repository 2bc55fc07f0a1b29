--- From a path to its route. Literal segments win over parameters; what matches nothing is HubSpot's HTML 404.
local router = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.Router", __index = methods }

function router.new() return setmetatable({ children = {}, verbs = {} }, metatable) end

--- Adds a route: `method`, a `path` like `/crm/lists/{D}/{listId}`, and whatever its dispatcher wants to know.
function methods:add(route)
  local node = self
  for segment in route.path:gmatch "[^/]+" do
    local name = segment:match "^{(.*)}$"
    local key = name and "{}" or segment
    if not node.children[key] then node.children[key] = { children = {}, verbs = {} } end
    node = node.children[key]
  end
  node.verbs[route.method] = route
end

local function find(node, segments, position, values)
  local segment = segments[position]
  if segment == nil then return next(node.verbs) and node end
  local literal = node.children[segment]
  local found = literal and find(literal, segments, position + 1, values)
  if found then return found end
  local parameter = node.children["{}"]
  if not parameter then return nil end
  local mark = #values
  values[mark + 1] = segment
  found = find(parameter, segments, position + 1, values)
  if not found then
    for index = #values, mark + 1, -1 do
      values[index] = nil
    end
  end
  return found
end

local function name_values(path, values)
  local params, index = {}, 0
  for name in path:gmatch "{([^{}]*)}" do
    index = index + 1
    params[name] = values[index]
  end
  return params
end

--- The route and its parameters; or nil and the list of verbs that the path does take; or nil alone.
function methods:route(method, segments)
  local values = {}
  local node = find(self, segments, 1, values)
  if not node then return nil end
  local route = node.verbs[method] or (method == "HEAD" and node.verbs.GET)
  if route then return route, name_values(route.path, values) end
  local verbs = { "OPTIONS" }
  for verb in pairs(node.verbs) do
    verbs[#verbs + 1] = verb
  end
  if node.verbs.GET then verbs[#verbs + 1] = "HEAD" end
  table.sort(verbs)
  return nil, verbs
end

--- Calls `visit` with each route, in no order.
function methods:each(visit)
  for _, route in pairs(self.verbs) do
    visit(route)
  end
  for _, child in pairs(self.children) do
    methods.each(child, visit)
  end
end

return router
