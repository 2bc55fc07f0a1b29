-- Definitions of properties, of any type of records.

local archived_property = require "hubspot.resource.archived_property"
local check = require "hubspot.check"
local definitions = require "hubspot.resource.property_definitions"
local merge = require "hubspot.merge"
local property_batches = require "hubspot.resource.property_batches"
local property_groups = require "hubspot.resource.property_groups"
local property_routes = require "hubspot.resource.property_routes"
local v1 = require "hubspot.shape.v1"

local BASE, NAMED = property_routes.BASE, property_routes.BASE .. "/{name}"

local name = { name = "name", type = check.segment, description = "the property's internal name" }
local object_type = property_routes.object_type

local list_route = property_routes.new("GET", BASE, "get-properties", {
  query = {
    { "archived", from = "archived" },
    { "dataSensitivity", from = "sensitivity" },
    { "locale", from = "locale" },
  },
  answer = property_routes.list,
})

local function all(call)
  local options, properties, seen = call.options, {}, {}
  for index, sensitivity in ipairs(property_routes.SENSITIVITIES) do
    local list, err = call:read(list_route, {
      object_type = options.object_type,
      archived = options.archived,
      locale = options.locale,
      sensitivity = sensitivity,
    })
    if not list and (index == 1 or not property_routes.is_out_of_sight(err)) then return nil, err end
    for _, one in ipairs(list or {}) do
      if not seen[one.name] then properties[#properties + 1] = one end
      seen[one.name] = true
    end
  end
  return properties
end

local look_route = property_routes.new("GET", NAMED, "get-property", {
  query = { { "archived", value = true } },
  answer = v1.property,
})

local create_route = property_routes.new("POST", BASE, "create-property", {
  body = { { from = "definition" } },
  idempotent = false,
  answer = v1.property,
})

-- Makes sure that no archived property has the name.
local function is_free(call)
  local wanted = call.values.definition.name
  local found, err = call:read(look_route, { object_type = call.options.object_type, name = wanted })
  if found and found.archived then return nil, archived_property.conflict(wanted) end
  if found or err.status == 404 then return true end
  return nil, archived_property.unknown(err)
end

local function create(call)
  if not call.options.restore then
    local free, err = is_free(call)
    if not free then return nil, err end
  end
  local made, err =
    call:send(create_route, { object_type = call.options.object_type, definition = call.values.definition })
  if not made then return nil, err end
  return made:result()
end

local operations = {
  get = {
    number = 23,
    summary = "Reads the definition of a property.",
    arguments = { name },
    options = {
      object_type = object_type,
      archived = { type = check.boolean, description = "true reads an archived property" },
      locale = property_routes.locale,
    },
    returns = { record = "property" },
    v1 = {
      method = "GET",
      path = "/properties/v1/contacts/properties/named/{name}",
      idempotent = true,
      answer = v1.property,
      documentation = "api-reference/legacy/crm/properties/v1/contact-properties/get-properties-v1-contacts-properties-named-propertyname",
    },
    current = property_routes.new("GET", NAMED, "get-property", {
      query = { { "archived", from = "archived" }, { "locale", from = "locale" } },
      answer = v1.property,
    }),
  },

  all = {
    summary = "Reads the definitions of all properties of a type, of every sensitivity that the token may see.",
    options = {
      object_type = object_type,
      archived = { type = check.boolean, description = "true reads the archived ones, and no others" },
      locale = property_routes.locale,
    },
    returns = { list = "property" },
    current = {
      run = all,
      options = { "object_type", "archived", "locale" },
      requests = { list_route },
      documentation = list_route.documentation,
    },
  },

  create = {
    summary = "Creates a property. Where an archived one has its name, HubSpot would restore that one, with the values of "
      .. "its records: without `restore`, this is looked for first, and is an error.",
    arguments = { { name = "definition", type = definitions.definition, description = "what it is to be" } },
    options = {
      object_type = object_type,
      restore = { type = check.boolean, description = "true restores an archived property of this name" },
    },
    returns = { record = "property" },
    current = {
      run = create,
      options = { "object_type", "restore" },
      requests = { look_route, create_route },
      documentation = create_route.documentation,
    },
  },

  update = {
    summary = "Changes the definition of a property. `options` replace all that there were.",
    arguments = { name, { name = "changes", type = definitions.changes, description = "the fields to change" } },
    options = { object_type = object_type },
    returns = { record = "property" },
    current = property_routes.new("PATCH", NAMED, "update-property", {
      body = { { from = "changes" } },
      answer = v1.property,
    }),
  },

  delete = {
    summary = "Archives a property. For 90 days, creating one of its name restores it.",
    arguments = { name },
    options = { object_type = object_type },
    returns = { done = true },
    current = property_routes.new("DELETE", NAMED, "delete-property"),
  },
}

return merge { operations, property_batches, property_groups }
