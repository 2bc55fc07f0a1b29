--- Groups of properties, and batches of definitions: `/crm/properties/{D}/{objectType}/groups…`, `…/batch/…`
local batch_reply = require "hubspot.sandbox.batch_reply"
local core = require "hubspot.core"
local object_path = require "hubspot.sandbox.object_path"
local property_definition = require "hubspot.sandbox.property_definition"
local problems = require "hubspot.sandbox.problem"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local sequence = require "hubspot.sandbox.sequence"
local sensitivity = require "hubspot.sandbox.sensitivity"

local array = core.array

local LARGEST_BATCH = 100

-- Groups --------------------------------------------------------------------------------------------------------

-- The groups of a type: those that were made, and those that its properties name.
local function groups_of(store)
  store.groups = store.groups or {}
  for _, definition in pairs(store.definitions) do
    local name = definition.group
    store.groups[name] = store.groups[name] or { name = name, label = name, displayOrder = -1, archived = false }
  end
  return store.groups
end

local function find(portal, req)
  local store = object_path.store(portal, req)
  local group = groups_of(store)[req.params.groupName]
  if not group then reply.not_found() end
  return group, store
end

local function list(portal, req)
  local groups = groups_of(object_path.store(portal, req))
  return reply.results(sequence.names(groups), function(name) return groups[name] end)
end

local function get(portal, req) return reply.json(200, (find(portal, req))) end

local function create(portal, req)
  local groups, body = groups_of(object_path.store(portal, req)), request.object(req)
  local name = read.required_text(body, "name")
  if groups[name] then
    reply.fail(409, "A group named " .. name .. " already exists.", { category = "OBJECT_ALREADY_EXISTS" })
  end
  groups[name] = {
    name = name,
    label = read.required_text(body, "label"),
    displayOrder = read.integer(read.given(body.displayOrder)) or -1,
    archived = false,
  }
  return reply.json(201, groups[name])
end

local function update(portal, req)
  local group, body = find(portal, req), request.object(req)
  group.label = read.text(body, "label") or group.label
  group.displayOrder = read.integer(read.given(body.displayOrder)) or group.displayOrder
  return reply.json(200, group)
end

local function delete(portal, req)
  local group, store = find(portal, req)
  for _, definition in pairs(store.definitions) do
    if definition.group == group.name then
      reply.invalid("The group " .. group.name .. " has properties", {
        subCategory = "PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES",
      })
    end
  end
  store.groups[group.name] = nil
  return reply.empty(204)
end

-- Batches -------------------------------------------------------------------------------------------------------

local function batch_create(portal, req)
  local store, results, errors = object_path.store(portal, req), {}, {}
  for _, input in ipairs(read.object_inputs(request.object(req), LARGEST_BATCH)) do
    local result, problem = problems.attempt(function()
      local definition = property_definition.read(input, portal.clock.now())
      property_definition.add(store, definition)
      return property_definition.shown(definition)
    end)
    results[#results + 1] = result
    if problem then errors[#errors + 1] = batch_reply.error(problem, { name = array { tostring(input.name) } }) end
  end
  return batch_reply.json(portal, 201, results, errors)
end

local function batch_read(portal, req)
  local store, results, errors = object_path.store(portal, req), {}, {}
  local body = request.object(req)
  local set = body.archived == true and store.archived_definitions or store.definitions
  local level = sensitivity.read(body.dataSensitivity)
  for _, input in ipairs(read.object_inputs(body, LARGEST_BATCH)) do
    local name = read.required_text(input, "name")
    if set[name] and set[name].sensitivity == level then
      results[#results + 1] = property_definition.shown(set[name])
    else
      local message = "Couldn't find a Property with the given name '" .. name .. "'"
      local problem = { message = message, fields = { category = "OBJECT_NOT_FOUND" } }
      errors[#errors + 1] = batch_reply.error(problem, { name = array { name } })
    end
  end
  return batch_reply.json(portal, 200, results, errors)
end

local function batch_archive(portal, req)
  local store = object_path.store(portal, req)
  for _, input in ipairs(read.object_inputs(request.object(req), LARGEST_BATCH)) do
    local definition = store.definitions[read.required_text(input, "name")]
    if definition then property_definition.archive(portal, store, definition) end
  end
  return reply.empty(204)
end

local BASE = "/crm/properties/{D}/{objectType}"
local GROUP = BASE .. "/groups/{groupName}"
local READ, WRITE = object_path.read_scopes, object_path.schema_scopes

return {
  { method = "GET", path = BASE .. "/groups", handler = list, scopes = READ },
  { method = "POST", path = BASE .. "/groups", handler = create, scopes = WRITE },
  { method = "GET", path = GROUP, handler = get, scopes = READ },
  { method = "PATCH", path = GROUP, handler = update, scopes = WRITE },
  { method = "DELETE", path = GROUP, handler = delete, scopes = WRITE },
  { method = "POST", path = BASE .. "/batch/create", handler = batch_create, scopes = WRITE },
  { method = "POST", path = BASE .. "/batch/read", handler = batch_read, scopes = READ },
  { method = "POST", path = BASE .. "/batch/archive", handler = batch_archive, scopes = WRITE },
}
