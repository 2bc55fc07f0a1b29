-- The resources of a client, and which file declares each one's operations. A file is loaded when one of its methods is
-- first asked for: a program uses one or two of them, and all together they take longer to load than everything else.

local NAMES =
  { "campaigns", "contacts", "email_events", "lists", "properties", "subscriptions", "timeline", "transactional" }

local function metatable_of(name)
  local metatable = { __name = "hubspot." .. name }
  function metatable.__index(_, key)
    local operation = require "hubspot.operation"
    metatable.__index = operation.methods(name, require("hubspot.resource." .. name))
    return metatable.__index[key]
  end
  return metatable
end

local metatables = {}
for _, name in ipairs(NAMES) do
  metatables[name] = metatable_of(name)
end

--- Gives a client its resources.
local function attach(client)
  for name, metatable in pairs(metatables) do
    client[name] = setmetatable({ client = client }, metatable)
  end
end

return { attach = attach }
