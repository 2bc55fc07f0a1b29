-- Reads the lists that records are in, from a route of their own.

local batch = require "hubspot.batch"
local core = require "hubspot.core"
local list_shape = require "hubspot.shape.list"
local type_ids = require "hubspot.object.type_ids"

local memberships = {}

--- The route that reads the lists of records of a type.
memberships.route = {
  method = "POST",
  path = "/crm/lists/{api_version}/records/memberships/batch/read",
  body = {
    {
      "inputs",
      from = "ids",
      uses = { "ids", "object_type_id" },
      encode = function(ids, values)
        local inputs = {}
        for index, record_id in ipairs(ids) do
          inputs[index] = { objectTypeId = values.object_type_id, recordId = record_id }
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

local function read(call, records, object_type_id)
  local by_id, ids = {}, {}
  for index, record in ipairs(records) do
    by_id[record.id], ids[index] = record, record.id
    record.listMemberships = {}
  end
  local found, err = batch.read(
    ids,
    memberships.route.limit,
    function(chunk) return call:read(memberships.route, { ids = chunk, object_type_id = object_type_id }) end,
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
-- @tparam table kind a row of `hubspot.object.types`
-- @treturn table as routes have it as `complete`
function memberships.reader(kind)
  return {
    option = "list_memberships",
    run = function(call, records)
      local id, err = type_ids.find(call, kind.name)
      if not id then return nil, err end
      return read(call, records, id)
    end,
  }
end

return memberships
