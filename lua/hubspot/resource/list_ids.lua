-- Ids of lists, and the legacy ones of v1: the same number can name two different lists.

local batch = require "hubspot.batch"
local check = require "hubspot.check"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local list_shape = require "hubspot.shape.list"
local number = require "hubspot.number"

-- The id of a list, or `{ legacy = id }` for one of the v1 lists: the same number can name two different lists.
local list_id_type = {
  description = "a list id such as 61, or { legacy = 321 } for a v1 id",
  luacats = "string|integer|{ legacy: string|integer }",
  check = function(value, place)
    if type(value) ~= "table" then return check.id.check(value, place) end
    local id, message = check.id.check(value.legacy, place .. ".legacy")
    if not id then return nil, message end
    for key in pairs(value) do
      if key ~= "legacy" then return nil, ("%s has an unknown field %s"):format(place, number.shown(key)) end
    end
    return { legacy = id }
  end,
}

local translate_route = {
  method = "POST",
  path = "/crm/lists/{api_version}/idmapping",
  body = { { from = "legacy_ids", encode = core.array } },
  read = true,
  idempotent = true,
  answer = list_shape.id_mapping,
  limit = 10000,
}

-- A map from legacy ids to list ids, and the legacy ids that have none.
local function translate(call, legacy_ids)
  local answers, err = batch.read(
    legacy_ids,
    translate_route.limit,
    function(chunk) return call:read(translate_route, { legacy_ids = chunk }) end,
    call.client.loop_for_background
  )
  if not answers then return nil, err end
  local map, missing = {}, {}
  for _, answer in ipairs(answers) do
    for _, pair in ipairs(answer.pairs) do
      map[pair.legacyListId] = pair.listId
    end
    for _, legacy_id in ipairs(answer.missing) do
      missing[#missing + 1] = legacy_id
    end
  end
  return map, missing
end

local function unknown_legacy_id(legacy_id)
  return errors.new {
    kind = "api",
    status = 404,
    category = "OBJECT_NOT_FOUND",
    message = ("HubSpot knows no list with the legacy id %s"):format(legacy_id),
  }
end

local function legacy_ids_in(list_ids)
  local legacy_ids = {}
  for _, list_id in ipairs(list_ids) do
    if type(list_id) == "table" then legacy_ids[#legacy_ids + 1] = list_id.legacy end
  end
  return legacy_ids
end

-- List ids in which legacy ones are replaced by what they are now, nil where there is no such list. On v1 they are ids
-- as they are.
local function resolve(call, list_ids)
  local legacy_ids, map = legacy_ids_in(list_ids), {}
  if #legacy_ids > 0 and call.route_name ~= "v1" then
    local err
    map, err = translate(call, legacy_ids)
    if not map then return nil, err end
  end
  local resolved = {}
  for index, list_id in ipairs(list_ids) do
    local legacy_id = type(list_id) == "table" and list_id.legacy
    resolved[index] = not legacy_id and list_id or call.route_name == "v1" and legacy_id or map[legacy_id]
  end
  return resolved
end

local function resolve_id(call)
  local list_id = call.values.id
  local resolved, err = resolve(call, { list_id })
  if not resolved then return nil, err end
  if not resolved[1] then return nil, unknown_legacy_id(list_id.legacy) end
  call.values.id = resolved[1]
  return true
end

local function resolve_ids(call)
  local list_ids, known = call.values.ids, {}
  local resolved, err = resolve(call, list_ids)
  if not resolved then return nil, err end
  for index = 1, #list_ids do
    known[#known + 1] = resolved[index]
  end
  call.values.ids = known
  return true
end

return {
  type = list_id_type,
  argument = { name = "id", type = list_id_type, description = "the list's id" },
  list = check.list_of(list_id_type, "list ids"),
  --- The `before` of an operation with a list's id.
  before_one = {
    is_needed = function(values) return type(values.id) == "table" end,
    run = resolve_id,
  },

  --- The same for an operation with several.
  before_many = {
    is_needed = function(values) return #legacy_ids_in(values.ids) > 0 end,
    run = resolve_ids,
  },
  operations = {
    translate_ids = {
      summary = "Translates ids of v1 lists: the same number can name two different lists.",
      arguments = { { name = "legacy_ids", type = check.ids, description = "ids of v1 lists" } },
      returns = { map = { "legacy id", "list id" } },
      current = {
        run = function(call) return translate(call, call.values.legacy_ids) end,
        requests = { translate_route },
        documentation = "api-reference/2026-03/crm/lists/id-mapping/translate-id-batch",
      },
    },
  },
}
