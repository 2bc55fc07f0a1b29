-- The resources of a client, and which file declares each one's operations. A file is loaded when one of its methods is
-- first asked for: a program uses one or two of them, and all together they take longer to load than everything else.

local check = require "hubspot.check"

local NAMES =
  { "campaigns", "contacts", "email_events", "lists", "properties", "subscriptions", "timeline", "transactional" }

local function missing(name, methods, key)
  local hint = type(key) == "string" and check.did_you_mean(key, methods) or ""
  return ("hubspot: client.%s has no method %s%s"):format(name, tostring(key), hint)
end

local function declarations_of(name) return require("hubspot.resource." .. name) end

local function load_methods(name)
  local operation = require "hubspot.operation"
  local methods = operation.methods(name, declarations_of)
  return setmetatable(methods, { __index = function(_, key) error(missing(name, methods, key), 2) end })
end

local function metatable_of(name)
  local metatable = { __name = "hubspot." .. name }
  function metatable.__index(_, key)
    local methods = load_methods(name)
    metatable.__index = methods
    local method = rawget(methods, key)
    if not method then error(missing(name, methods, key), 2) end
    return method
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

local METHODS_OF_CLIENTS = { "close", "map", "request" }

-- Fields that the library reads of clients and that not every client has.
local OPTIONAL = { ca_file = true, portal_id = true, application_id = true }
OPTIONAL.loop_for_background = true

local known = {}
for _, names in ipairs { NAMES, METHODS_OF_CLIENTS } do
  for _, name in ipairs(names) do
    known[name] = true
  end
end

--- Makes a client say so where it is asked for what it has not, at the line that asks.
-- @tparam table methods of clients
local function refuse_unknown(methods)
  setmetatable(methods, {
    __index = function(_, key)
      if OPTIONAL[key] or type(key) ~= "string" then return nil end
      error(("hubspot: a client has no %s%s"):format(key, check.did_you_mean(key, known)), 2)
    end,
  })
end

return { attach = attach, refuse_unknown = refuse_unknown }
