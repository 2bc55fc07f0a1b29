-- Definitions of the types of records that an account made.

local changes_of = require "hubspot.resource.changes"
local check = require "hubspot.check"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local id = require "hubspot.id"
local must = require "hubspot.shape.must"
local type_name = require "hubspot.object.type_name"

local PAGES = "api-reference/latest/crm/objects/schemas/"
local BASE = "/crm-object-schemas/{api_version}/schemas"
local NAMED = BASE .. "/{object_type}"

local function schema(answer)
  local found = must.table(answer, "a schema")
  if found.objectTypeId ~= nil then must.type_id(found.objectTypeId, "a schema's id") end
  return id.in_record(found)
end

-- Definitions --------------------------------------------------------------------------------------------------------

local labels = check.fields("a table { singular = …, plural = … }", {
  singular = { type = check.string, required = true, description = "for one record" },
  plural = { type = check.string, required = true, description = "for several" },
}, "hubspot.SchemaLabels")

local name_type = check.refined(check.segment, function(name, place)
  if #name <= 50 and name:find "^%a[%w_]*$" then return name end
  return nil,
    ("%s must be a name of at most 50 letters, digits and underscores that begins with a letter, got %s"):format(
      place,
      check.describe(name)
    )
end)

local names = check.refined(check.list_of(check.segment, "names", true), function(list) return core.array(list) end)

local function fields_of(more)
  local fields = {
    description = { type = check.text, description = "" },
    primaryDisplayProperty = { type = check.segment, description = "the property by which a record is shown" },
    secondaryDisplayProperties = { type = names, description = "at most two that are shown with it" },
    requiredProperties = { type = names, description = "properties that a new record must have" },
    searchableProperties = { type = names, description = "properties that a search by text looks at" },
    labels = { type = labels, description = "what HubSpot calls records of the type" },
  }
  for name, field in pairs(more) do
    fields[name] = field
  end
  return fields
end

local definition = check.fields(
  "a table { name = …, labels = …, primaryDisplayProperty = … }",
  fields_of {
    name = { type = name_type, required = true, description = "for good" },
    labels = { type = labels, required = true, description = "what HubSpot calls records of the type" },
    primaryDisplayProperty = {
      type = check.segment,
      required = true,
      description = "the property by which a record is shown, one of `properties`",
    },
    properties = {
      type = check.documented "hubspot.PropertyDefinition[]",
      description = "definitions of its properties, as `properties:create` takes them",
    },
    associatedObjects = { type = names, description = "types to associate it with" },
  },
  "hubspot.SchemaDefinition"
)

local changes = changes_of("a table { labels = …, requiredProperties = … }", fields_of {}, "hubspot.SchemaChanges")

-- Requests -----------------------------------------------------------------------------------------------------------

local list_route = {
  method = "GET",
  path = BASE,
  query = { { "archived", from = "archived" } },
  idempotent = true,
  answer = function(answer)
    local list = must.table(answer.results, "the schemas")
    for _, one in ipairs(list) do
      schema(one)
    end
    return list
  end,
  documentation = PAGES .. "get-schemas",
}

local get_route =
  { method = "GET", path = NAMED, idempotent = true, answer = schema, documentation = PAGES .. "get-schema" }

local create_route = {
  method = "POST",
  path = BASE,
  body = { { from = "definition" } },
  idempotent = false,
  answer = schema,
  documentation = PAGES .. "create-schema",
}

local update_route = {
  method = "PATCH",
  path = NAMED,
  body = { { from = "changes" } },
  idempotent = true,
  answer = schema,
  documentation = PAGES .. "update-schema",
}

local function find(list, name)
  for _, one in ipairs(list) do
    if one.objectTypeId == name or one.fullyQualifiedName == name or one.name == name then return one end
  end
end

-- HubSpot's list shows a change within seconds; the schema by itself may be minutes old. Types that HubSpot made are
-- not in the list.
local function read(call)
  local list, err = call:read(list_route, {})
  if not list then return nil, err end
  local found = find(list, call.values.object_type)
  if found then return found end
  return call:read(get_route, { object_type = call.values.object_type })
end

-- HubSpot lists archived ones with the others.
local function all(call)
  local list, err = call:read(list_route, { archived = call.options.archived })
  if not list then return nil, err end
  local wanted, kept = call.options.archived or false, {}
  for _, one in ipairs(list) do
    if (one.archived or false) == wanted then kept[#kept + 1] = one end
  end
  return kept
end

local function conflict(message, hint)
  return errors.new { kind = "api", category = "CONFLICT", message = message, hint = hint }
end

-- Tells whether a schema may be created: over one of its name, HubSpot answers with that one, or deletes it.
local function check_name(call)
  local wanted = call.values.definition.name:lower()
  local list, err = call:read(list_route, { archived = true })
  if not list then return nil, err end
  for _, one in ipairs(list) do
    if type(one.name) == "string" and one.name:lower() == wanted then
      if not one.archived then return nil, conflict(("there is a schema %s already"):format(one.name)) end
      if not call.options.purge then
        return nil,
          conflict(
            ("there is an archived schema %s: HubSpot would delete it and its records for good"):format(one.name),
            "Pass purge = true if you want that; else take another name"
          )
      end
    end
  end
  return true
end

local function create(call)
  local free, err = check_name(call)
  if not free then return nil, err end
  local made, create_err = call:send(create_route, { definition = call.values.definition })
  if not made then return nil, create_err end
  return made:result()
end

-- The fields that an update may change.
local KEPT = {
  "description",
  "labels",
  "primaryDisplayProperty",
  "secondaryDisplayProperties",
  "requiredProperties",
  "searchableProperties",
}

-- A partial update can bring back what the other fields were minutes ago.
local function update(call)
  local known, err = read(call)
  if not known then return nil, err end
  local whole = {}
  for _, name in ipairs(KEPT) do
    local value = call.values.changes[name]
    if value == nil then value = known[name] end
    whole[name] = value
  end
  local changed, update_err = call:send(update_route, { object_type = known.objectTypeId, changes = whole })
  if not changed then return nil, update_err end
  return changed:result()
end

-- Operations ---------------------------------------------------------------------------------------------------------

local object_type = { name = "object_type", type = type_name, description = 'such as "p99001_machines" or "2-3465404"' }

local association = check.fields("a table { fromObjectTypeId = …, toObjectTypeId = … }", {
  fromObjectTypeId = { type = check.segment, required = true, description = "id of a type" },
  toObjectTypeId = { type = check.segment, required = true, description = "id of a type" },
  name = { type = check.segment, description = "unique in the account" },
}, "hubspot.SchemaAssociationToCreate")

return {
  all = {
    summary = "Reads the schemas of all types that the account made.",
    options = { archived = { type = check.boolean, description = "true reads the archived ones, and no others" } },
    returns = { list = "schema" },
    current = {
      run = all,
      options = { "archived" },
      requests = { list_route },
      documentation = list_route.documentation,
    },
  },

  get = {
    summary = "Reads the schema of a type.",
    arguments = { object_type },
    returns = { record = "schema" },
    current = { run = read, requests = { list_route, get_route }, documentation = get_route.documentation },
  },

  create = {
    summary = "Creates a type of records. Where an archived one has its name, HubSpot would delete that one and its "
      .. "records for good: without `purge`, this is an error.",
    arguments = { { name = "definition", type = definition, description = "what it is to be" } },
    options = { purge = { type = check.boolean, description = "true deletes an archived type of this name for good" } },
    returns = { record = "schema" },
    current = {
      run = create,
      options = { "purge" },
      requests = { list_route, create_route },
      documentation = create_route.documentation,
    },
  },

  update = {
    summary = "Changes a schema. It is read first and sent whole.",
    arguments = { object_type, { name = "changes", type = changes, description = "the fields to change" } },
    returns = { record = "schema" },
    current = { run = update, requests = { list_route, update_route }, documentation = update_route.documentation },
  },

  delete = {
    summary = "Archives a type, which must have no records.",
    arguments = { object_type },
    options = { archived = { type = check.boolean, description = "true deletes an archived one for good" } },
    returns = { done = true },
    current = {
      method = "DELETE",
      path = NAMED,
      query = { { "archived", from = "archived" } },
      idempotent = true,
      documentation = PAGES .. "delete-schema",
    },
  },

  create_association = {
    summary = "Lets records of the type be associated with those of another.",
    arguments = {
      object_type,
      { name = "association", type = association, description = "the two types" },
    },
    returns = { record = "schema association" },
    current = {
      method = "POST",
      path = NAMED .. "/associations",
      body = { { from = "association" } },
      idempotent = false,
      answer = schema,
      documentation = PAGES .. "create-association",
    },
  },

  delete_association = {
    summary = "Takes an association away from a type.",
    arguments = {
      object_type,
      { name = "association_id", type = check.id, description = "its id, as the schema has it" },
    },
    returns = { done = true },
    current = {
      method = "DELETE",
      path = NAMED .. "/associations/{association_id}",
      idempotent = true,
      documentation = PAGES .. "delete-association",
    },
  },
}
