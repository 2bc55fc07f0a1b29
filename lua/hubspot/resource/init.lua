-- The resources of a client, and which file declares each one's operations.

local operation = require "hubspot.operation"

local resources = {
  contacts = operation.methods("contacts", require "hubspot.resource.contacts"),
  lists = operation.methods("lists", require "hubspot.resource.lists"),
  properties = operation.methods("properties", require "hubspot.resource.properties"),
}

--- Gives a client its resources.
local function attach(client)
  for name, methods in pairs(resources) do
    client[name] = setmetatable({ client = client }, methods)
  end
end

return { attach = attach }
