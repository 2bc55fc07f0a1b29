--- The operations that HubSpot's date versions have for the records of every type.
-- @module hubspot.object

local batches = require "hubspot.object.batches"
local changes = require "hubspot.object.changes"
local check = require "hubspot.check"
local keys = require "hubspot.object.keys"
local memberships = require "hubspot.object.memberships"
local merge = require "hubspot.merge"
local reads = require "hubspot.object.reads"
local searches = require "hubspot.object.searches"
local writes = require "hubspot.object.writes"

local object = {}

local GUIDE = "api-reference/latest/crm/using-object-apis"

--- Shared by the declarations of a type.
-- @tparam table kind a row of `hubspot.object.types`
-- @treturn table `kind`; `base`, the path; `arguments` by name; `complete`, what a read does with its records; `by_id`,
--   the route that reads records by their ids; and `documentation`
function object.api(kind)
  local api = {
    kind = kind,
    base = "/crm/objects/{api_version}/" .. kind.path,
    arguments = {
      id = { name = "id", type = check.id, description = ("id of the %s"):format(kind.record) },
      property = {
        name = "property",
        type = keys.property(kind),
        description = "the name of a property whose values are unique",
      },
      properties = { name = "properties", type = check.properties, description = "values by property name" },
    },
    complete = memberships.reader(kind),
    documentation = kind.documentation or GUIDE,
  }
  api.by_id = reads.by_id(api)
  return api
end

-- The methods of each of HubSpot's writes.
local METHODS_OF = {
  create = { "create", "create_many" },
  update = { "update", "update_by", "update_many" },
  upsert = { "upsert_by", "upsert_many" },
  delete = { "delete", "delete_many" },
  merge = { "merge" },
  gdpr_delete = { "gdpr_delete", "gdpr_delete_by" },
}

local function writes_of(api)
  local every, own = merge { writes.declare(api), batches.declare(api) }, {}
  for _, write in ipairs(api.kind.writes) do
    for _, method in ipairs(METHODS_OF[write]) do
      own[method] = every[method]
    end
  end
  return own
end

--- The operations of a type, by the names of their methods.
-- @tparam table api as `object.api` makes it
-- @treturn table
function object.operations(api)
  return merge { reads.declare(api), searches(api), { changes = changes(api) }, writes_of(api) }
end

return object
