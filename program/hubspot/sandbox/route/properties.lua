--- Definitions of properties: `/crm/properties/{D}/{objectType}…`
local object_path = require "hubspot.sandbox.object_path"
local property_definition = require "hubspot.sandbox.property_definition"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local sequence = require "hubspot.sandbox.sequence"
local sensitivity = require "hubspot.sandbox.sensitivity"

local function fail_to_find(name) reply.not_found("Couldn't find a Property with the given name '" .. name .. "'") end

local function find(portal, req)
  local name = req.params.propertyName
  local store = object_path.store(portal, req)
  local set = request.boolean(req, "archived") and store.archived_definitions or store.definitions
  if not set[name] then fail_to_find(name) end
  return set[name], store
end

-- Definitions of one sensitivity are told at a time.
local function asked_sensitivity(req) return sensitivity.read(request.text(req, "dataSensitivity")) end

local function get(portal, req)
  local definition = find(portal, req)
  if definition.sensitivity ~= asked_sensitivity(req) then fail_to_find(definition.name) end
  return reply.json(200, property_definition.shown(definition))
end

local function list(portal, req)
  local store, shown = object_path.store(portal, req), {}
  local set = request.boolean(req, "archived") and store.archived_definitions or store.definitions
  local level = asked_sensitivity(req)
  for _, name in ipairs(sequence.names(set)) do
    if set[name].sensitivity == level then shown[#shown + 1] = property_definition.shown(set[name]) end
  end
  return reply.results(shown)
end

local function create(portal, req)
  local store = object_path.store(portal, req)
  local definition = property_definition.read(request.object(req), portal.clock.now())
  property_definition.add(store, definition)
  return reply.json(201, property_definition.shown(definition))
end

local function update(portal, req)
  local definition, store = find(portal, req)
  property_definition.change(store, definition, request.object(req), portal.clock.now())
  return reply.json(200, property_definition.shown(definition))
end

local function delete(portal, req)
  local definition, store = find(portal, req)
  property_definition.archive(portal, store, definition)
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
