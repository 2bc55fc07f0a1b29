-- Reads of one record, of many, and of all of a type.

local check = require "hubspot.check"
local core = require "hubspot.core"
local keys = require "hubspot.object.keys"
local merge = require "hubspot.merge"
local merged = require "hubspot.object.merged"
local option_set = require("hubspot.object.options").set
local shape = require "hubspot.shape.object"

local reads = {}

local SIZES = { over = "ids", size = 100, history_size = 50 }

--- The most records of one batch read, as a route's `batch` has them.
reads.SIZES = SIZES

local function check_coalesce(values)
  for _, name in ipairs { "associations", "raw" } do
    if values.coalesce and values[name] then return ("options coalesce and %s exclude each other"):format(name) end
  end
end

local function check_scan(values)
  if (values.parallel or 1) > 1 and values.raw then return "options parallel and raw exclude each other" end
end

local function ids_of(record)
  local ids = { record.id }
  for _, merged_id in ipairs(record.mergedIds or {}) do
    ids[#ids + 1] = merged_id
  end
  return ids
end

local function batch_read(api, fields)
  return merge {
    {
      method = "POST",
      path = api.base .. "/batch/read",
      query = { { "archived", from = "archived" } },
      idempotent = true,
      documentation = api.documentation,
    },
    fields,
  }
end

--- The route that reads records by their ids, after any other read has found these.
-- @tparam table api as `hubspot.object` makes it
-- @treturn table
function reads.by_id(api)
  local naming = batch_read(api, { body = shape.batch_read_body, answer = shape.records, read = true })
  return batch_read(api, {
    body = shape.batch_read_body,
    batch = SIZES,
    answer = shape.records_by_id,
    resolve_merged = merged(naming),
  })
end

local function get(api, path, query)
  return {
    method = "GET",
    path = path,
    query = query,
    options = { "list_memberships", "coalesce" },
    read_by_id = api.by_id,
    idempotent = true,
    answer = shape.record,
    complete = api.complete,
    documentation = api.documentation,
  }
end

-- The reads of one record and of many by a key that the caller names, or by one that is `fixed`. `key` has its words:
-- `of_one` and `of_many`, arguments of one value and of several, and `many`, the name of the read of several.
local function by_key(api, key)
  local kind, over = api.kind, key.of_many.name
  local field = key.fixed and { "idProperty", value = key.fixed } or { "idProperty", from = "property" }
  local function named(values) return key.fixed or values.property end
  local function names_of(values) return keys.names(kind, named(values)) end
  local one, many = { key.of_one }, { key.of_many }
  if not key.fixed then
    table.insert(one, 1, api.arguments.property)
    table.insert(many, 1, api.arguments.property)
  end
  local single = {
    summary = ("Reads one %s by %s."):format(kind.record, key.words),
    arguments = one,
    options = option_set { "properties", "with_history", "associations", "archived", "list_memberships", "coalesce" },
    coalesce = {
      many = key.many,
      keys = function(record, values) return keys.reader(kind, named(values))(record) end,
      properties = names_of,
      spelling = function(values) return keys.spelling(kind, named(values)) end,
    },
    validate = check_coalesce,
    returns = { record = kind.record },
    current = get(api, ("%s/{%s}"):format(api.base, key.of_one.name), shape.query_by(field)),
  }
  return single,
    {
      summary = ("Reads any number of %s by %s. Unknown ones are left out."):format(kind.records, key.words_of_many),
      arguments = many,
      options = option_set { "properties", "with_history", "archived", "list_memberships" },
      returns = { list = kind.record },
      current = batch_read(api, {
        body = shape.batch_read_by_body(over, field, names_of),
        options = { "list_memberships" },
        batch = {
          over = over,
          size = SIZES.size,
          history_size = SIZES.history_size,
          spelling = function(values) return keys.spelling(kind, named(values)) end,
        },
        answer = shape.records_by_key(over, function(values) return keys.reader(kind, named(values)) end),
        complete = api.complete,
      }),
    }
end

--- The reads by one key of HubSpot's own.
-- @tparam table api
-- @tparam table key `fixed`, the property; `of_one` and `of_many`, arguments; `words` and `words_of_many`; `many`, the
--   name of the read of many
-- @treturn table the declaration of the read of one
-- @treturn table that of the read of many
reads.by_own_key = by_key

local function id_filter(operator, value) return { propertyName = "hs_object_id", operator = operator, value = value } end

local function id_range(first, values)
  return core.array { { filters = { id_filter("GT", first), id_filter("LTE", values.last) } } }
end

-- Counts the records with ids after `first` up to `last`.
local function count_route(api)
  return {
    method = "POST",
    path = api.base .. "/search",
    body = { { "filterGroups", from = "first", encode = id_range }, { "limit", value = 1 } },
    read = true,
    idempotent = true,
    answer = shape.total,
  }
end

local function all(api)
  local kind = api.kind
  return {
    summary = ("Iterates over all %s, in the order of their ids; with `parallel`, by parts unless `ordered`."):format(
      kind.records
    ),
    options = option_set {
      "properties",
      "with_history",
      "associations",
      "archived",
      "list_memberships",
      "parallel",
      "ordered",
    },
    validate = check_scan,
    count = count_route(api),
    returns = { iterator = kind.record },
    current = {
      method = "GET",
      path = api.base,
      query = shape.query,
      options = { "list_memberships", "parallel", "ordered" },
      read_by_id = api.by_id,
      idempotent = true,
      answer = shape.records,
      items = "results",
      paging = "after",
      page_size = SIZES.size,
      history_page_size = SIZES.history_size,
      complete = api.complete,
      documentation = api.documentation,
    },
  }
end

--- The declarations by the names of their methods.
-- @tparam table api
-- @treturn table
function reads.declare(api)
  local kind = api.kind
  local get_by, get_many_by = by_key(api, {
    of_one = { name = "value", type = keys.value, description = "its value" },
    of_many = { name = "values", type = check.list_of(keys.value, "values"), description = "its values" },
    words = "the value of a unique property",
    words_of_many = "their values of a unique property",
    many = "get_many_by",
  })
  local get_many = reads.by_id(api)
  get_many.options, get_many.complete = { "list_memberships" }, api.complete
  return {
    get = {
      summary = ("Reads one %s by its id."):format(kind.record),
      arguments = { api.arguments.id },
      coalesce = { many = "get_many", keys = ids_of },
      options = option_set {
        "properties",
        "with_history",
        "associations",
        "archived",
        "list_memberships",
        "coalesce",
      },
      validate = check_coalesce,
      returns = { record = kind.record },
      current = get(api, api.base .. "/{id}", shape.query),
    },
    get_by = get_by,
    get_many = {
      summary = ("Reads any number of %s by their ids. Unknown ones are left out."):format(kind.records),
      arguments = { { name = "ids", type = check.ids, description = ("ids of %s"):format(kind.records) } },
      options = option_set { "properties", "with_history", "archived", "list_memberships" },
      returns = { list = kind.record },
      current = get_many,
    },
    get_many_by = get_many_by,
    all = all(api),
  }
end

return reads
