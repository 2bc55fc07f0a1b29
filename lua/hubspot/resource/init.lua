-- The resources of a client, and which file declares each one's operations.

local operation = require "hubspot.operation"

local NAMES = { "campaigns", "contacts", "email_events", "lists", "properties", "subscriptions", "timeline",
  "transactional" }

local resources = {}
for _, name in ipairs(NAMES) do
  resources[name] = operation.methods(name, require("hubspot.resource." .. name))
end

--- Gives a client its resources.
local function attach(client)
  for name, methods in pairs(resources) do
    client[name] = setmetatable({ client = client }, methods)
  end
end

return { attach = attach }
