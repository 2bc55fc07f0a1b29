-- Types of the records that lists hold.

local errors = require "hubspot.error"
local list_ids = require "hubspot.resource.list_ids"
local list_shape = require "hubspot.shape.list"
local must = require "hubspot.shape.must"
local type_ids = require "hubspot.object.type_ids"
local types = require "hubspot.object.types"

local list_types = {}

--- The id of the type that a list has whose maker says none.
list_types.CONTACTS = types.rows.contacts.id

local list_route = {
  method = "GET",
  path = "/crm/lists/{api_version}/{id}",
  idempotent = true,
  answer = function(answer) return must.type_id(list_shape.record(answer).objectTypeId, "a list's objectTypeId") end,
}

local function find_type(call)
  if list_ids.before_one.is_needed(call.values) then
    local resolved, err = list_ids.before_one.run(call)
    if not resolved then return nil, err end
  end
  local object_type_id, err = call:read(list_route, { id = call.values.id })
  if not object_type_id then return nil, err end
  call.values.object_type_id = object_type_id
  return true
end

--- The `before` of an operation on the records of a list: finds their type, as `object_type_id` among the values.
list_types.before_records = {
  is_needed = function(values) return values.object_type_id == nil end,
  run = find_type,
}

--- Makes sure that a list holds contacts, for a call that names some by their addresses.
-- @tparam table call
-- @treturn ?boolean true, or nil and an error
function list_types.check_contacts(call)
  local object_type_id, err = call:read(list_route, { id = call.values.id })
  if not object_type_id then return nil, err end
  if object_type_id == list_types.CONTACTS then return true end
  local row = types.find(object_type_id)
  return nil,
    errors.new {
      kind = "api",
      category = "VALIDATION_ERROR",
      message = ("the list holds %s, which have no e-mail addresses: pass ids"):format(
        row and row.records or "records of the type " .. object_type_id
      ),
    }
end

--- Finds the id of the type that a call names where that is not known. `named` is a function(values) that gives the
-- table which holds it, as `object_type`.
-- @tparam function named
-- @treturn table a `before`
function list_types.before_named(named)
  local function of(values)
    local held = named(values)
    return held.object_type and not type_ids.known(held.object_type) and held or nil
  end
  return {
    is_needed = function(values) return of(values) ~= nil end,
    run = function(call)
      local held = of(call.values)
      local id, err = type_ids.find(call, held.object_type)
      if not id then return nil, err end
      held.object_type = id
      return true
    end,
  }
end

--- The id of a type that a call named, where it is known by now; that of contacts where it named none.
-- @tparam ?string object_type
-- @treturn ?string
function list_types.id_of(object_type) return object_type and type_ids.known(object_type) or list_types.CONTACTS end

return list_types
