-- The resources of a client, and which file declares each one's operations. A resource is made, and its file loaded,
-- when a program first asks for it: a program uses one or two of them, and all together they take longer to load than
-- everything else.

local check = require "hubspot.check"

local NAMES = {
  "account",
  "associations",
  "campaigns",
  "contacts",
  "deal_splits",
  "email_events",
  "lists",
  "owners",
  "pipelines",
  "properties",
  "schemas",
  "subscriptions",
  "timeline",
  "transactional",
}

local has_file = {}
for _, name in ipairs(NAMES) do
  has_file[name] = true
end

-- Types of records, by the names of their resources.
local function type_of(name)
  local row = require("hubspot.object.types").rows[name]
  return row and not row.is_hidden and row or nil
end

local declared = {}

-- The operations of a resource. Those that have no file are of records: made of the row of their type, which may be
-- named by its id, too.
local function declarations_of(name)
  if declared[name] then return declared[name] end
  if has_file[name] then
    declared[name] = require("hubspot.resource." .. name)
  else
    local object, types = require "hubspot.object", require "hubspot.object.types"
    declared[name] = object.operations(object.api(types.find(name) or types.custom(name)))
  end
  return declared[name]
end

-- Misuse -------------------------------------------------------------------------------------------------------------

-- The types that have a method which another type lacks.
local function types_with(key)
  local names = {}
  for name, row in pairs(require("hubspot.object.types").rows) do
    if not row.is_hidden and declarations_of(name)[key] then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

-- Resources of records are those that read by any key: their types are not loaded for others.
local function missing(place, methods, key)
  local text = ("hubspot: %s has no method %s"):format(place, tostring(key))
  local others = rawget(methods, "get_many_by") and types_with(key) or {}
  if #others > 0 then return ("%s: HubSpot has it for %s"):format(text, table.concat(others, ", ")) end
  return text .. (type(key) == "string" and check.did_you_mean(key, methods) or "")
end

-- Resources ----------------------------------------------------------------------------------------------------------

-- Resources of one name share their methods, which are made when the first one is asked for.
local function metatable_of(name, place, find)
  local metatable = { __name = "hubspot." .. name }
  function metatable.__index(_, key)
    local methods = require("hubspot.operation").methods(name, place, find)
    metatable.__index = setmetatable(methods, {
      __index = function(_, other) error(missing(place, methods, other), 2) end,
    })
    local method = rawget(methods, key)
    if not method then error(missing(place, methods, key), 2) end
    return method
  end
  return metatable
end

local metatables = {}

local function is_resource(name) return has_file[name] or type_of(name) ~= nil end

local function resource_of(client, name)
  local metatable = metatables[name]
  if not metatable then
    metatable = metatable_of(name, "client." .. name, declarations_of)
    metatables[name] = metatable
  end
  return setmetatable({ client = client }, metatable)
end

local custom = {}

-- The metatable of a type that is not in the table, or whose name another resource has. Programs name few of them.
local function metatable_of_custom(name)
  if custom[name] then return custom[name] end
  local object, types = require "hubspot.object", require "hubspot.object.types"
  local label = ("objects(%q)"):format(name)
  local operations = object.operations(object.api(types.find(name) or types.custom(name)))
  local function find(resource_name) return resource_name == label and operations or declarations_of(resource_name) end
  custom[name] = metatable_of(label, "client:" .. label, find)
  return custom[name]
end

local resources = {}

--- The records of a type, by its name or id.
-- @tparam client client
-- @param name
-- @treturn ?table nil and a message where it can't be one
function resources.objects(client, name)
  if type(name) ~= "string" or not check.is_name(name) then
    return nil,
      ('name must be the name or id of a type, such as "companies", "p99001_machines" or "2-3465404", got %s'):format(
        check.describe(name)
      )
  end
  local row = require("hubspot.object.types").find(name)
  if row and not row.is_hidden then return client[row.name] end
  return setmetatable({ client = client }, metatable_of_custom(row and row.name or name))
end

local METHODS_OF_CLIENTS = { "close", "map", "objects", "request" }

local function known_names()
  local known = {}
  for _, names in ipairs { NAMES, METHODS_OF_CLIENTS } do
    for _, name in ipairs(names) do
      known[name] = true
    end
  end
  for name in pairs(require("hubspot.object.types").rows) do
    known[name] = true
  end
  return known
end

--- The `__index` of clients: their methods and, made when a program first asks for one, their resources. Any other name
-- throws at the line that reads it.
-- @tparam table methods of clients
-- @treturn function
function resources.index(methods)
  return function(client, key)
    local method = methods[key]
    if method ~= nil then return method end
    if type(key) ~= "string" then return nil end
    if not is_resource(key) then
      error(("hubspot: a client has no %s%s"):format(key, check.did_you_mean(key, known_names())), 2)
    end
    local resource = resource_of(client, key)
    rawset(client, key, resource)
    return resource
  end
end

return resources
