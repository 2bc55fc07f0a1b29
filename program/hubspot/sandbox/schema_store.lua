--- The schemas of a portal's custom types of objects.
--
-- A schema: `{ type = the type, name =, labels =, description =, primary =, secondary =, required =, searchable =,
-- associations = { definition, … }, created =, updated =, archived_at =, before = these before the last change }`.
local schema_store = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.SchemaStore", __index = methods }

-- The activities to which every custom type leads.
local ACTIVITIES = { "0-18", "0-27", "0-46", "0-47", "0-48", "0-49", "0-116" }

-- The time until a change is known everywhere, in ms.
local SETTLING = 60000

function schema_store.new(now, objects) return setmetatable({ now = now, objects = objects, schemas = {} }, metatable) end

--- All schemas, the archived ones where `with_archived` says so, in the order in which they were made.
function methods:all(with_archived)
  local list = {}
  for _, schema in ipairs(self.schemas) do
    if with_archived or not schema.archived_at then list[#list + 1] = schema end
  end
  return list
end

--- The schema that a path names: by its type's id, its full name, or its own name.
function methods:get(name, archived)
  for _, schema in ipairs(self.schemas) do
    local type = schema.type
    local is_it = name == type.id
      or name:lower() == type.fully_qualified_name:lower()
      or name:lower() == schema.name:lower()
    if is_it and (schema.archived_at ~= nil) == (archived or false) then return schema end
  end
  return nil
end

local function copy(list)
  local copied = {}
  for index, value in ipairs(list or {}) do
    copied[index] = value
  end
  return copied
end

-- The type searches and requires what its schema says.
local function follow(schema)
  schema.type.required, schema.type.searched = copy(schema.required), copy(schema.searchable)
end

--- Makes a custom type of what was read: `name`, `labels`, `primary`, `secondary`, `required`, `searchable`,
-- `description`, `properties` (definitions) and `associated` (ids of types).
function methods:create(given)
  local objects, now = self.objects, self.now()
  local type = objects:add {
    name = given.name,
    singular = given.name,
    fully_qualified_name = string.format("p%d_%s", objects.options.portal_id, given.name),
    group = given.name .. "_information",
    merges = true,
    scope = "custom",
  }
  local store = objects:store(type)
  for _, definition in ipairs(given.properties) do
    store.definitions[definition.name] = definition
  end
  local schema = {
    type = type,
    name = given.name,
    labels = given.labels,
    description = given.description,
    primary = given.primary,
    secondary = given.secondary,
    required = given.required,
    searchable = given.searchable,
    created = now,
    updated = now,
  }
  follow(schema)
  self.schemas[#self.schemas + 1] = schema
  for _, list in ipairs { ACTIVITIES, given.associated } do
    for _, id in ipairs(list) do
      if objects:by_id(id) then objects.associations.definitions:default(type.id, id) end
    end
  end
  return schema
end

local FIELDS = { "labels", "description", "primary", "secondary", "required", "searchable" }

local function fields_of(schema)
  local fields = {}
  for _, name in ipairs(FIELDS) do
    fields[name] = schema[name]
  end
  return fields
end

-- The fields before the last change, where it is not yet known everywhere.
local function stale_fields(self, schema)
  return schema.before and self.now() < schema.updated + SETTLING and schema.before or nil
end

--- Changes what is given of a schema. The rest stays, unless the schema was changed a moment ago: then it may become
-- again what it was before.
function methods:update(schema, changes)
  local stale = stale_fields(self, schema) or schema
  schema.before = fields_of(schema)
  for _, name in ipairs(FIELDS) do
    if changes[name] ~= nil then
      schema[name] = changes[name]
    else
      schema[name] = stale[name]
    end
  end
  schema.updated = self.now()
  follow(schema)
end

--- The fields of a schema as a read of it alone finds them: for a while after a change, the old ones each other time.
function methods:read_alone(schema)
  local stale = stale_fields(self, schema)
  if not stale then return schema end
  schema.flickers = not schema.flickers
  return schema.flickers and stale or schema
end

--- Archives a schema: its type is known no longer.
function methods:archive(schema)
  schema.archived_at, schema.type.archived = self.now(), true
end

--- Forgets an archived schema and all records of its type.
function methods:purge(schema)
  self.objects:remove(schema.type)
  for index, other in ipairs(self.schemas) do
    if other == schema then table.remove(self.schemas, index) end
  end
end

return schema_store
