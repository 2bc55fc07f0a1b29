-- Lists of records.

local check = require "hubspot.check"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local filters = require "hubspot.shape.filters"
local list_ids = require "hubspot.resource.list_ids"
local list_changes = require "hubspot.resource.list_changes"
local list_members = require "hubspot.resource.list_members"
local list_shape = require "hubspot.shape.list"
local list_types = require "hubspot.resource.list_types"
local list_v1 = require "hubspot.shape.list_v1"
local merge = require "hubspot.merge"
local type_name = require "hubspot.object.type_name"

-- Definitions ---------------------------------------------------------------------------------------------------

local v1_fields = {
  name = { type = check.string, description = "unique among the account's lists" },
  dynamic = { type = check.boolean, description = "whether filters decide who is in it" },
  filters = { type = check.documented "table[][]", description = "a list (or) of lists (and) of filters" },
}

local processing_type = check.one_of { "MANUAL", "DYNAMIC", "SNAPSHOT" }

local current_fields = {
  name = { type = check.string, description = "unique among the account's lists" },
  processingType = { type = processing_type, description = "MANUAL where there is no filterBranch" },
  filterBranch = {
    type = check.documented "hubspot.FilterBranch",
    description = "the filters, as HubSpot's documentation spells them",
  },
  object_type = { type = type_name, description = "the type of its records; contacts when left out" },
  objectTypeId = { type = check.string, description = 'the id of that type, in its place: "0-1" is contacts' },
  listFolderId = { type = check.id, description = "the folder to put it in" },
  customProperties = { type = check.properties_or_none, description = "properties of the list by name" },
  listPermissions = { type = check.documented "table<string, any>", description = "who may edit it" },
  membershipSettings = { type = check.documented "table<string, any>", description = "team of its members" },
}

-- A table with these fields, of which `complaint(definition)` finds none wrong.
local function definition_type(class, description, fields, complaint)
  return check.refined(check.fields(description, fields, class), function(definition, place)
    local wrong = complaint(definition)
    if wrong then return nil, ("%s %s"):format(place, wrong) end
    return definition
  end)
end

local function needs_a_name(definition) return not definition.name and "needs a name" or nil end

local function needs_name_and_type(definition)
  if definition.object_type and definition.objectTypeId then return "has both object_type and objectTypeId" end
  if definition.filterBranch and not definition.processingType then
    return 'with a filterBranch needs processingType = "DYNAMIC" or "SNAPSHOT"'
  end
  return needs_a_name(definition)
end

local creation = {
  v1 = definition_type("hubspot.ListDefinition", "a table { name =, dynamic =, filters = }", v1_fields, needs_a_name),
  current = definition_type(
    "hubspot.ListDefinition",
    "a table { name =, processingType =, filterBranch = }",
    current_fields,
    needs_name_and_type
  ),
}

local function must_change_something(definition) return next(definition) == nil and "must name what to change" or nil end

local changes = {
  v1 = definition_type(
    "hubspot.ListChanges",
    "a table { name =, dynamic =, filters = }",
    v1_fields,
    must_change_something
  ),
  current = definition_type(
    "hubspot.ListChanges",
    "a table { name =, filterBranch = }",
    { name = current_fields.name, filterBranch = current_fields.filterBranch },
    must_change_something
  ),
}

local function spelled(definition)
  local object_type_id = definition.objectTypeId or list_types.id_of(definition.object_type)
  return list_shape.definition(merge { definition, { objectTypeId = object_type_id } })
end

-- Changing a list -----------------------------------------------------------------------------------------------

local filters_route = {
  method = "PUT",
  path = "/crm/lists/{api_version}/{id}/update-list-filters",
  body = { { "filterBranch", from = "filterBranch", encode = filters.branch } },
  idempotent = true,
  answer = list_shape.record,
}

local name_route = {
  method = "PUT",
  path = "/crm/lists/{api_version}/{id}/update-list-name",
  query = { { "listName", from = "name" }, { "includeFilters", value = true } },
  idempotent = true,
  answer = list_shape.record,
}

-- The filters first: they are what HubSpot refuses most, and then nothing has changed.
local function update_dated(call)
  local id, wanted = call.values.id, call.values.changes
  local refiltered, renamed, err
  if wanted.filterBranch then
    refiltered, err = call:send(filters_route, { id = id, filterBranch = wanted.filterBranch })
    if not refiltered then return nil, err end
  end
  if not wanted.name then return refiltered:result() end
  renamed, err = call:send(name_route, { id = id, name = wanted.name })
  if renamed then return renamed:result() end
  return nil, refiltered and errors.after_write(err, "the filters were changed, the name was not") or err
end

-- Enumerating ---------------------------------------------------------------------------------------------------

local function v1_lists_route(path, documentation)
  return {
    method = "GET",
    path = path,
    removed = list_v1.REMOVED,
    idempotent = true,
    answer = list_v1.records,
    items = "lists",
    paging = "offset",
    page_size = 250,
    documentation = documentation,
  }
end

local function search_route(processing_types)
  return {
    method = "POST",
    path = "/crm/lists/{api_version}/search",
    body = {
      { "query", from = "query", encode = function(text) return text or "" end },
      { "processingTypes", value = core.array(processing_types) },
      { "listIds", value = core.array {} },
      { "additionalProperties", value = core.array { "hs_list_size" } },
      { "objectTypeId", from = "object_type", encode = list_types.id_of },
      { "offset", value = 0 },
    },
    idempotent = true,
    answer = list_shape.records,
    items = "lists",
    paging = "offset",
    page_size = 500,
    documentation = "api-reference/latest/crm/lists/search/search-lists",
  }
end

local enumeration_options = {
  query = { type = check.string, description = "only lists with this in their name" },
  object_type = { type = type_name, description = "lists of records of this type; contacts when left out" },
}

local before_enumerating = list_types.before_named(function(values) return values end)

-- Operations ------------------------------------------------------------------------------------------------------

local include_filters = { type = check.boolean, description = "true reads the filterBranch too" }

local operations = {
  create = {
    number = 5,
    summary = "Creates a list.",
    arguments = { { name = "definition", type = creation, description = "the list's fields" } },
    before = list_types.before_named(function(values) return values.definition end),
    returns = { record = "list" },
    v1 = {
      method = "POST",
      path = "/contacts/v1/lists",
      removed = list_v1.REMOVED,
      body = { { from = "definition", encode = list_v1.definition } },
      idempotent = false,
      answer = list_v1.record,
      documentation = "api-reference/legacy/crm/lists/v1/post-contacts-v1-lists",
    },
    current = {
      method = "POST",
      path = "/crm/lists/{api_version}",
      body = { { from = "definition", encode = spelled } },
      idempotent = false,
      answer = list_shape.record,
      documentation = "api-reference/latest/crm/lists/create-list",
    },
  },

  get = {
    number = 22,
    summary = "Reads one list, without its members.",
    arguments = { list_ids.argument },
    options = { include_filters = include_filters },
    before = list_ids.before_one,
    returns = { record = "list" },
    v1 = {
      method = "GET",
      path = "/contacts/v1/lists/{id}",
      removed = list_v1.REMOVED,
      idempotent = true,
      answer = list_v1.record,
      documentation = "https://legacydocs.hubspot.com/docs/methods/lists/get_list",
    },
    current = {
      method = "GET",
      path = "/crm/lists/{api_version}/{id}",
      query = { { "includeFilters", from = "include_filters" } },
      idempotent = true,
      answer = list_shape.record,
      documentation = "api-reference/latest/crm/lists/get-list-listId",
    },
  },

  get_many = {
    number = 17,
    summary = "Reads any number of lists by their ids. Unknown ones are left out.",
    arguments = { { name = "ids", type = list_ids.list, description = "the lists' ids" } },
    options = { include_filters = include_filters },
    before = list_ids.before_many,
    returns = { list = "list" },
    v1 = {
      method = "GET",
      path = "/contacts/v1/lists/batch",
      removed = list_v1.REMOVED,
      query = { { "listId", from = "ids" } },
      batch = { over = "ids", size = 100 },
      idempotent = true,
      answer = list_v1.records,
      documentation = "api-reference/legacy/crm/lists/v1/get-contacts-v1-lists-batch",
    },
    current = {
      method = "GET",
      path = "/crm/lists/{api_version}",
      query = { { "listIds", from = "ids" }, { "includeFilters", from = "include_filters" } },
      batch = { over = "ids", size = 100 },
      idempotent = true,
      answer = list_shape.records,
      documentation = "api-reference/2026-03/crm/lists/get-lists",
    },
  },

  update = {
    number = 51,
    summary = "Changes a list's name or filters.",
    arguments = { list_ids.argument, { name = "changes", type = changes, description = "what is to be different" } },
    before = list_ids.before_one,
    returns = { record = "list" },
    v1 = {
      method = "POST",
      path = "/contacts/v1/lists/{id}",
      removed = list_v1.REMOVED,
      body = { { from = "changes", encode = list_v1.definition } },
      idempotent = true,
      answer = list_v1.record,
      documentation = "https://legacydocs.hubspot.com/docs/methods/lists/update_list",
    },
    current = {
      run = update_dated,
      requests = { filters_route, name_route },
      documentation = "api-reference/latest/crm/lists/guide",
    },
  },

  delete = {
    number = 12,
    summary = "Deletes a list, not its contacts.",
    irreversible = "On v1 it can't be undone; on the current route HubSpot can restore it for 90 days.",
    arguments = { list_ids.argument },
    before = list_ids.before_one,
    returns = { done = true },
    v1 = {
      method = "DELETE",
      path = "/contacts/v1/lists/{id}",
      removed = list_v1.REMOVED,
      idempotent = true,
      documentation = "api-reference/legacy/crm/lists/v1/delete-contacts-v1-lists-list-id",
    },
    current = {
      method = "DELETE",
      path = "/crm/lists/{api_version}/{id}",
      idempotent = true,
      documentation = "api-reference/latest/crm/lists/delete-list",
    },
  },

  all = {
    number = 29,
    summary = "Iterates over all lists of records of one type.",
    options = enumeration_options,
    before = before_enumerating,
    returns = { iterator = "list" },
    v1 = v1_lists_route("/contacts/v1/lists", "api-reference/legacy/crm/lists/v1/get-contacts-v1-lists"),
    current = search_route {},
  },

  static = {
    number = 34,
    summary = "Iterates over the lists whose members are added by hand or were found once.",
    options = enumeration_options,
    before = before_enumerating,
    returns = { iterator = "list" },
    v1 = v1_lists_route("/contacts/v1/lists/static", "api-reference/legacy/crm/lists/v1/get-contacts-v1-lists-static"),
    current = search_route { "MANUAL", "SNAPSHOT" },
  },

  dynamic = {
    number = 33,
    summary = "Iterates over the lists whose filters decide who is in them.",
    options = enumeration_options,
    before = before_enumerating,
    returns = { iterator = "list" },
    v1 = v1_lists_route(
      "/contacts/v1/lists/dynamic",
      "api-reference/legacy/crm/lists/v1/get-contacts-v1-lists-dynamic"
    ),
    current = search_route { "DYNAMIC" },
  },
}

return merge { operations, list_members, list_changes, list_ids.operations }
