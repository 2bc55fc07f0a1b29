-- Writes of one record.

local associations = require "hubspot.object.associations"
local check = require "hubspot.check"
local invalid = require("hubspot.operation.call").invalid
local keys = require "hubspot.object.keys"
local merge_tables = require "hubspot.merge"
local shape = require "hubspot.shape.object"

local PROPERTIES = { "properties", from = "properties" }

local function route(api, fields)
  fields.documentation = api.documentation
  return fields
end

-- The update by a key that the caller names, or by one that is `fixed`.
local function update_by(api, key)
  local field = key.fixed and { "idProperty", value = key.fixed } or { "idProperty", from = "property" }
  local arguments = { key.of_one, api.arguments.properties }
  if not key.fixed then table.insert(arguments, 1, api.arguments.property) end
  return {
    summary = ("Updates one %s by %s. An empty value clears its property."):format(api.kind.record, key.words),
    arguments = arguments,
    returns = { record = api.kind.record },
    current = route(api, {
      method = "PATCH",
      path = ("%s/{%s}"):format(api.base, key.of_one.name),
      query = { field },
      body = { PROPERTIES },
      idempotent = true,
      answer = shape.record,
    }),
  }
end

local function create(api)
  local kind = api.kind
  return {
    summary = ("Creates one %s."):format(kind.record),
    arguments = { api.arguments.properties },
    options = { associations = { type = associations.type, description = "records to associate it with" } },
    before = {
      is_needed = function(values) return associations.are_unknown(kind, values.associations) end,
      run = function(call) return associations.look_up(call, kind, { call.values.associations }, invalid) end,
    },
    returns = { record = kind.record },
    current = route(api, {
      method = "POST",
      path = api.base,
      body = {
        PROPERTIES,
        {
          "associations",
          from = "associations",
          encode = function(value) return associations.spelled(kind, value) end,
        },
      },
      idempotent = false,
      answer = shape.record,
    }),
  }
end

local function update(api)
  return {
    summary = ("Updates one %s by its id. An empty value clears its property."):format(api.kind.record),
    arguments = { api.arguments.id, api.arguments.properties },
    returns = { record = api.kind.record },
    current = route(api, {
      method = "PATCH",
      path = api.base .. "/{id}",
      body = { PROPERTIES },
      idempotent = true,
      answer = shape.record,
    }),
  }
end

local function delete(api)
  return {
    summary = ("Deletes one %s."):format(api.kind.record),
    irreversible = "HubSpot's API can't bring it back; in HubSpot itself it can be restored for 90 days.",
    arguments = { api.arguments.id },
    returns = { done = true },
    current = route(api, { method = "DELETE", path = api.base .. "/{id}", idempotent = true }),
  }
end

local function merge(api)
  local record = api.kind.record
  return {
    summary = ("Merges the second %s into the first. The id of the one that stays may be another than both."):format(
      record
    ),
    irreversible = "It can't be undone.",
    arguments = {
      { name = "primary_id", type = check.id, description = ("the %s that stays"):format(record) },
      { name = "secondary_id", type = check.id, description = ("the %s that goes into it"):format(record) },
    },
    returns = { record = record },
    current = route(api, {
      method = "POST",
      path = api.base .. "/merge",
      body = { { "primaryObjectId", from = "primary_id" }, { "objectIdToMerge", from = "secondary_id" } },
      idempotent = false,
      answer = shape.record,
    }),
  }
end

-- The deletion of a record and all that HubSpot knows of it, by its id or by a key that the caller names.
local function gdpr_delete(api, words, arguments, fields)
  return {
    summary = ("Deletes one %s for good, by %s, as privacy laws want it. HubSpot takes up to 30 days for it."):format(
      api.kind.record,
      words
    ),
    irreversible = "Nothing brings it back.",
    arguments = arguments,
    returns = { done = true },
    current = route(api, {
      method = "POST",
      path = api.base .. "/gdpr-delete",
      body = fields,
      idempotent = true,
      done_when = 404,
    }),
  }
end

local function purges(api)
  local value = { name = "value", type = keys.value, description = "its value" }
  return {
    gdpr_delete = gdpr_delete(api, "its id", { api.arguments.id }, { { "objectId", from = "id" } }),
    gdpr_delete_by = gdpr_delete(
      api,
      "the value of a unique property",
      { api.arguments.property, value },
      { { "objectId", from = "value" }, { "idProperty", from = "property" } }
    ),
  }
end

local writes = {}

--- The update by one key of HubSpot's own.
-- @tparam table api as `hubspot.object` makes it
-- @tparam table key `fixed`, the property; `of_one`, its argument; and `words`
-- @treturn table
writes.update_by_own_key = update_by

--- The declarations by the names of their methods.
-- @tparam table api
-- @treturn table
function writes.declare(api)
  return merge_tables {
    purges(api),
    {
      create = create(api),
      update = update(api),
      update_by = update_by(api, {
        of_one = { name = "value", type = keys.value, description = "its value" },
        words = "the value of a unique property",
      }),
      delete = delete(api),
      merge = merge(api),
    },
  }
end

return writes
