-- Routes of properties, by the type of records that has them.

local check = require "hubspot.check"
local id = require "hubspot.id"
local merge = require "hubspot.merge"
local must = require "hubspot.shape.must"
local type_name = require "hubspot.object.type_name"

local property_routes = {}

local PAGES = "api-reference/latest/crm/properties/"

--- The path of all properties of a type.
property_routes.BASE = "/crm/properties/{api_version}/{object_type}"

--- HubSpot lists the properties of one sensitivity at a time.
property_routes.SENSITIVITIES = { "non_sensitive", "sensitive", "highly_sensitive" }

--- The option that names the type.
property_routes.object_type = {
  type = type_name,
  description = 'the type of records that has it; "contacts" when left out',
}

--- The option that names a language.
property_routes.locale = { type = check.string, description = 'the language of labels, such as "de"' }

local function with_type(values) return merge { values, { object_type = values.object_type or "contacts" } } end

--- Makes a route.
-- @tparam string method
-- @tparam string path
-- @tparam string page of HubSpot's documentation on properties
-- @tparam[opt] table fields that are otherwise
-- @treturn table
function property_routes.new(method, path, page, fields)
  return merge {
    {
      method = method,
      path = path,
      path_values = with_type,
      options = { "object_type" },
      idempotent = true,
      documentation = PAGES .. page,
    },
    fields or {},
  }
end

--- The properties of an answer.
function property_routes.list(answer)
  local list = must.table(answer.results, "the properties")
  for _, one in ipairs(list) do
    must.text(must.table(one, "a property").name, "a property's name")
    id.in_record(one)
  end
  return list
end

--- Returns whether an error says that the token, or the account, has no properties of a sensitivity.
-- @tparam table err
-- @treturn boolean
function property_routes.is_out_of_sight(err)
  return err.status == 403 or (err.status == 400 and tostring(err.category):find("SENSITIVE", 1, true) ~= nil)
end

return property_routes
