--- The ids of types of records, which some of HubSpot's APIs want in place of names.
-- @module hubspot.object.type_ids

local must = require "hubspot.shape.must"
local types = require "hubspot.object.types"

local type_ids = {}

--- The route that tells the id of a type by its name.
type_ids.route = {
  method = "GET",
  path = "/crm-object-schemas/{api_version}/schemas/{object_type}",
  idempotent = true,
  answer = function(answer) return must.type_id(answer.objectTypeId, "a type's id") end,
  documentation = "api-reference/latest/crm/objects/schemas/get-schema",
}

--- The id of a type, as far as it is known without a request.
-- @tparam string name its name or id
-- @treturn ?string
function type_ids.known(name)
  local row = types.find(name)
  if row then return row.id end
  return name:find "^%d+%-%d+$" and name or nil
end

-- By client, ids by name: an account's own types keep theirs.
local found_by = setmetatable({}, { __mode = "k" })

--- The id of a type; HubSpot is asked where it is not known.
-- @tparam table call
-- @tparam string name its name or id
-- @treturn ?string nil and an error
function type_ids.find(call, name)
  local known = type_ids.known(name)
  if known then return known end
  local found = found_by[call.client]
  if not found then
    found = {}
    found_by[call.client] = found
  end
  if found[name] then return found[name] end
  local id, err = call:read(type_ids.route, { object_type = name })
  if not id then return nil, err end
  found[name] = id
  return id
end

return type_ids
