-- Reads the lists that records are in, from a route of their own.

local batch = require "hubspot.batch"
local core = require "hubspot.core"
local list_shape = require "hubspot.shape.list"

local memberships = {}

local routes = {}

--- The route that reads the lists of records of a type.
-- @tparam table kind a row of `hubspot.object.types` with an id
-- @treturn table
function memberships.route(kind)
  if routes[kind] then return routes[kind] end
  routes[kind] = {
    method = "POST",
    path = "/crm/lists/{api_version}/records/memberships/batch/read",
    body = {
      {
        "inputs",
        from = "ids",
        encode = function(ids)
          local inputs = {}
          for index, record_id in ipairs(ids) do
            inputs[index] = { objectTypeId = kind.id, recordId = record_id }
          end
          return core.array(inputs)
        end,
      },
    },
    read = true,
    idempotent = true,
    answer = list_shape.memberships,
    limit = 100,
  }
  return routes[kind]
end

local function read(call, route, records)
  local by_id, ids = {}, {}
  for index, record in ipairs(records) do
    by_id[record.id], ids[index] = record, record.id
    record.listMemberships = {}
  end
  local found, err = batch.read(
    ids,
    route.limit,
    function(chunk) return call:read(route, { ids = chunk }) end,
    call.client.loop_for_background
  )
  if not found then return nil, err end
  for _, membership in ipairs(found) do
    local record = by_id[membership.recordId]
    if record then record.listMemberships = membership.recordListMemberships or {} end
  end
  return records
end

--- Makes the reader of records' `listMemberships`, for calls that ask for them.
-- @tparam table kind
-- @treturn ?function(call, records); nil where the id of the type is not known, which HubSpot wants
function memberships.reader(kind)
  if not kind.id then return nil end
  local route = memberships.route(kind)
  -- Apart from the reading, since LuaJIT compiles no return from a function that has closures.
  return function(call, records)
    if not call.options.list_memberships or #records == 0 then return records end
    return read(call, route, records)
  end
end

return memberships
