--- Schemas of custom types of objects: `/crm-object-schemas/{D}/schemas…`
local core = require "hubspot.core"
local object_path = require "hubspot.sandbox.object_path"
local property_definition = require "hubspot.sandbox.property_definition"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local sequence = require "hubspot.sandbox.sequence"
local time = require "hubspot.sandbox.time"

local array = core.array

local READ, WRITE = { "crm.schemas.custom.read" }, { "crm.schemas.custom.write" }
local LONGEST_NAME = 50
local MOST_SECONDARY = 2

-- Answers -------------------------------------------------------------------------------------------------------

local function shown_properties(store)
  return array(
    sequence.map(
      sequence.names(store.definitions),
      function(name) return property_definition.shown(store.definitions[name]) end
    )
  )
end

local function shown_association(definition, name, schema)
  return {
    id = string.format("%d", definition.id),
    fromObjectTypeId = definition.from,
    toObjectTypeId = definition.to,
    name = definition.name or (name .. "_to_" .. definition.to:gsub("-", "_")),
    createdAt = schema and time.iso(schema.created),
    updatedAt = schema and time.iso(schema.updated),
  }
end

local function shown_associations(portal, schema)
  return array(
    sequence.map(
      portal.objects.associations.definitions:from(schema.type.id),
      function(definition) return shown_association(definition, schema.name, schema) end
    )
  )
end

-- `fields` are those of the schema, or those that it had.
local function shown_definition(schema, fields)
  return {
    id = schema.type.id:match "^%d+%-(%d+)$",
    objectTypeId = schema.type.id,
    fullyQualifiedName = schema.type.fully_qualified_name,
    name = schema.name,
    labels = fields.labels,
    description = fields.description,
    primaryDisplayProperty = fields.primary,
    secondaryDisplayProperties = array(fields.secondary),
    requiredProperties = array(fields.required),
    searchableProperties = array(fields.searchable),
    allowsSensitiveProperties = false,
    archived = schema.archived_at ~= nil,
    createdAt = time.iso(schema.created),
    updatedAt = time.iso(schema.updated),
  }
end

local function shown(portal, schema, fields)
  local answer = shown_definition(schema, fields or schema)
  answer.properties = shown_properties(portal.objects:store(schema.type))
  answer.associations = shown_associations(portal, schema)
  return answer
end

-- The labels of HubSpot's own types come into their schemas late, in ms.
local LATENESS = 120000

-- One of HubSpot's own types: there is nothing to change of it.
local function shown_standard(portal, type)
  local associations, known = {}, portal.clock.now() - LATENESS
  for _, definition in ipairs(portal.objects.associations.definitions:from(type.id)) do
    if (definition.created or 0) <= known then
      associations[#associations + 1] = shown_association(definition, type.singular)
    end
  end
  return {
    id = type.id:match "^%d+%-(%d+)$",
    objectTypeId = type.id,
    fullyQualifiedName = type.singular:upper(),
    name = type.singular:upper(),
    labels = { singular = type.singular, plural = type.plural },
    secondaryDisplayProperties = array {},
    requiredProperties = array {},
    searchableProperties = array(type.searched),
    allowsSensitiveProperties = true,
    properties = shown_properties(portal.objects:store(type)),
    associations = array(associations),
    archived = false,
  }
end

-- Input ---------------------------------------------------------------------------------------------------------

local function read_name(body)
  local name = read.required_text(body, "name")
  if #name > LONGEST_NAME or not name:find "^%a[%w_]*$" then
    reply.invalid("The name of an object must start with a letter and hold at most 50 letters, digits and _: " .. name)
  end
  return name
end

local function read_labels(body)
  local labels = read.given(body.labels)
  if not read.is_object(labels) then reply.invalid "Invalid input JSON: labels must be an object" end
  return { singular = read.text(labels, "singular"), plural = read.text(labels, "plural") }
end

local function read_properties(body, name, now)
  local definitions, known = {}, { hs_object_id = true, hs_createdate = true, hs_lastmodifieddate = true }
  for index, item in ipairs(read.list(body, "properties")) do
    if not read.is_object(item) then reply.invalid "Invalid input JSON: every property must be an object" end
    if read.given(item.groupName) == nil then item.groupName = name .. "_information" end
    definitions[index] = property_definition.read(item, now)
    known[definitions[index].name] = true
  end
  return definitions, known
end

local function check_known(known, field, names)
  for _, name in ipairs(names) do
    if not known[name] then
      reply.invalid(field .. " names a property that does not exist: " .. name, {
        errors = array { { message = "Property " .. name .. " does not exist", code = "PROPERTY_DOESNT_EXIST" } },
      })
    end
  end
end

local LISTS = {
  secondaryDisplayProperties = "secondary",
  requiredProperties = "required",
  searchableProperties = "searchable",
}

-- Reads the lists of names that are given into `target`.
local function read_lists(body, known, target)
  for field, key in pairs(LISTS) do
    if read.given(body[field]) ~= nil then
      target[key] = read.texts(body, field)
      check_known(known, field, target[key])
    end
  end
  if target.secondary and #target.secondary > MOST_SECONDARY then
    reply.invalid "At most 2 secondaryDisplayProperties are allowed"
  end
  return target
end

local function read_primary(body, known)
  local primary = read.text(body, "primaryDisplayProperty")
  if not primary then
    reply.invalid("primaryDisplayProperty is required", {
      errors = array { { message = "primaryDisplayProperty is required", code = "PRIMARY_DISPLAY_PROPERTY_REQUIRED" } },
    })
  end
  check_known(known, "primaryDisplayProperty", { primary })
  return primary
end

local function read_associated(portal, body)
  return sequence.map(
    read.texts(body, "associatedObjects"),
    function(name) return object_path.named(portal, name).id end
  )
end

-- Handlers ------------------------------------------------------------------------------------------------------

local function find(portal, req, archived)
  local schema = portal.schemas:get(req.params.objectType, archived)
  return schema or reply.not_found("Unable to find the schema " .. req.params.objectType)
end

local function list(portal, req)
  local schemas = portal.schemas:all(request.boolean(req, "archived"))
  return reply.results(schemas, function(schema) return shown(portal, schema) end)
end

local function get(portal, req)
  local type = portal.objects:get(req.params.objectType)
  if type and not type.fully_qualified_name then return reply.json(200, shown_standard(portal, type)) end
  local schema = find(portal, req)
  return reply.json(200, shown(portal, schema, portal.schemas:read_alone(schema)))
end

local function purge(portal, schema)
  portal.schemas:purge(schema)
  portal.lists:forget_type(schema.type.id)
end

local function create(portal, req)
  local body, now = request.object(req), portal.clock.now()
  local name = read_name(body)
  if portal.schemas:get(name) then
    reply.fail(409, "An object named " .. name .. " already exists", { category = "OBJECT_ALREADY_EXISTS" })
  end
  local given = { name = name, labels = read_labels(body), description = read.text(body, "description") }
  local known
  given.properties, known = read_properties(body, name, now)
  given.primary, given.associated = read_primary(body, known), read_associated(portal, body)
  given.secondary, given.required, given.searchable = {}, {}, {}
  read_lists(body, known, given)
  local archived = portal.schemas:get(name, true)
  if archived then purge(portal, archived) end
  return reply.json(201, shown(portal, portal.schemas:create(given)))
end

local function update(portal, req)
  local schema, body = find(portal, req), request.object(req)
  local known = portal.objects:store(schema.type).definitions
  local changes = read_lists(body, known, {})
  if read.given(body.labels) ~= nil then changes.labels = read_labels(body) end
  if read.given(body.description) ~= nil then changes.description = read.text(body, "description") end
  if read.given(body.primaryDisplayProperty) ~= nil then changes.primary = read_primary(body, known) end
  portal.schemas:update(schema, changes)
  return reply.json(200, shown_definition(schema, schema))
end

local function delete(portal, req)
  if request.boolean(req, "archived") then
    purge(portal, find(portal, req, true))
    return reply.empty(204)
  end
  local schema = find(portal, req)
  if portal.objects:store(schema.type).live.count > 0 then
    reply.invalid("The object " .. schema.name .. " has records", {
      errors = array { { message = "The object has records", code = "EXISTING_OBJECT_RECORDS" } },
    })
  end
  portal.schemas:archive(schema)
  return reply.empty(204)
end

local function batch_read(portal, req)
  local results = {}
  for _, name in ipairs(read.texts(request.object(req), "inputs")) do
    local schema = portal.schemas:get(name)
    if schema then results[#results + 1] = shown(portal, schema) end
  end
  return reply.results(results)
end

local function create_association(portal, req)
  local schema, body = find(portal, req), request.object(req)
  local to = object_path.named(portal, read.required_text(body, "toObjectTypeId"))
  local definitions, name = portal.objects.associations.definitions, read.text(body, "name")
  local definition = definitions:default(schema.type.id, to.id)
  definition.name = definition.name or name
  return reply.json(201, shown_association(definition, schema.name, schema))
end

local function delete_association(portal, req)
  local schema, associations = find(portal, req), portal.objects.associations
  for _, definition in ipairs(associations.definitions:from(schema.type.id)) do
    if string.format("%d", definition.id) == req.params.associationIdentifier then
      associations:drop(definition)
      associations.definitions:remove(definition)
      return reply.empty(204)
    end
  end
  return reply.not_found "The association does not exist"
end

local function read_scopes(portal, req)
  local type = portal.objects:get(req.params.objectType)
  return type and not type.fully_qualified_name and type.read or READ
end

local BASE = "/crm-object-schemas/{D}/schemas"
local NAMED = BASE .. "/{objectType}"

return {
  { method = "GET", path = BASE, handler = list, scopes = READ },
  { method = "POST", path = BASE, handler = create, scopes = WRITE },
  { method = "POST", path = BASE .. "/batch/read", handler = batch_read, scopes = READ },
  { method = "GET", path = NAMED, handler = get, scopes = read_scopes },
  { method = "PATCH", path = NAMED, handler = update, scopes = WRITE },
  { method = "DELETE", path = NAMED, handler = delete, scopes = WRITE },
  { method = "POST", path = NAMED .. "/associations", handler = create_association, scopes = WRITE },
  {
    method = "DELETE",
    path = NAMED .. "/associations/{associationIdentifier}",
    handler = delete_association,
    scopes = WRITE,
  },
}
