--- The type of objects that a path names.
local reply = require "hubspot.sandbox.reply"

local object_path = {}

--- The type with a name or an id. Answers 400 where there is none.
function object_path.named(portal, name)
  return portal.objects:get(name) or reply.invalid("Unable to infer object type from: " .. tostring(name))
end

--- The type that a parameter of the path names. Answers 400 where there is none.
function object_path.type(portal, req, parameter)
  return object_path.named(portal, req.params[parameter or "objectType"])
end

--- The records of that type.
function object_path.store(portal, req, parameter) return portal.objects:store(object_path.type(portal, req, parameter)) end

local function refuse(type)
  reply.fail(405, "Records of type " .. type.name .. " can't be written so by the API", {
    category = "METHOD_NOT_ALLOWED",
  })
end

--- The records of that type, for a request that writes them. Answers 405 where the API can't.
function object_path.writable(portal, req)
  local store = object_path.store(portal, req)
  if store.type.read_only then refuse(store.type) end
  return store
end

--- The same for a request that makes or archives them.
function object_path.creatable(portal, req)
  local store = object_path.writable(portal, req)
  if store.type.only_changes then refuse(store.type) end
  return store
end

--- The scopes that reading records of that type takes; for the `scopes` of a route.
function object_path.read_scopes(portal, req) return object_path.type(portal, req).read end

--- The scopes that writing them takes.
function object_path.write_scopes(portal, req) return object_path.type(portal, req).write end

--- The scopes that writing the definitions of that type takes: its properties, its pipelines.
function object_path.schema_scopes(portal, req)
  local type = object_path.type(portal, req)
  local name = type.fully_qualified_name and "custom" or type.name
  return { "crm.schemas." .. name .. ".write" }
end

return object_path
