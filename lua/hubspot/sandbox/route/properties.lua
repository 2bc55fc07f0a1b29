--- Definitions of properties: `/crm/properties/{D}/{objectType}…`
local core = require "hubspot.core"
local object_path = require "hubspot.sandbox.object_path"
local property_definition = require "hubspot.sandbox.property_definition"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local array = core.array

local function find(portal, req)
  local name = req.params.propertyName
  local store = object_path.store(portal, req)
  local set = request.boolean(req, "archived") and store.archived_definitions or store.definitions
  if not set[name] then
    reply.fail(404, "Couldn't find a Property with the given name '" .. name .. "'", { category = "OBJECT_NOT_FOUND" })
  end
  return set[name], store
end

local function get(portal, req) return reply.json(200, property_definition.shown(find(portal, req))) end

local function list(portal, req)
  local store, names, results = object_path.store(portal, req), {}, {}
  local set = request.boolean(req, "archived") and store.archived_definitions or store.definitions
  for name in pairs(set) do
    names[#names + 1] = name
  end
  table.sort(names)
  for index, name in ipairs(names) do
    results[index] = property_definition.shown(set[name])
  end
  return reply.json(200, { results = array(results) })
end

local function create(portal, req)
  local store = object_path.store(portal, req)
  local definition = property_definition.read(request.object(req), portal.clock.now())
  property_definition.add(store, definition)
  return reply.json(201, property_definition.shown(definition))
end

local function update(portal, req)
  local definition = find(portal, req)
  property_definition.change(definition, request.object(req), portal.clock.now())
  return reply.json(200, property_definition.shown(definition))
end

local function delete(portal, req)
  local definition, store = find(portal, req)
  property_definition.archive(store, definition, portal.clock.now())
  return reply.empty(204)
end

local BASE = "/crm/properties/{D}/{objectType}"
local NAMED = BASE .. "/{propertyName}"
local READ, WRITE = object_path.read_scopes, object_path.schema_scopes

return {
  { method = "GET", path = BASE, handler = list, scopes = READ },
  { method = "POST", path = BASE, handler = create, scopes = WRITE },
  { method = "GET", path = NAMED, handler = get, scopes = READ },
  { method = "PATCH", path = NAMED, handler = update, scopes = WRITE },
  { method = "DELETE", path = NAMED, handler = delete, scopes = WRITE },
}
