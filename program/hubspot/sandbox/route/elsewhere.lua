--- Paths of HubSpot's that the sandbox does not have, where it would read a part of them as an id or a name.
local PATHS = {
  "/crm/lists/{D}/folders",
}
local METHODS = { "GET", "POST", "PUT", "PATCH", "DELETE" }

local routes = {}
for _, path in ipairs(PATHS) do
  for _, method in ipairs(METHODS) do
    routes[#routes + 1] = { method = method, path = path, elsewhere = true, scopes = {} }
  end
end

return routes
