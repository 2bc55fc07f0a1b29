--- `/crm/lists/{D}…`
local core = require "hubspot.core"
local list_path = require "hubspot.sandbox.list_path"
local object_path = require "hubspot.sandbox.object_path"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local sorted_ids = require "hubspot.sandbox.sorted_ids"
local time = require "hubspot.sandbox.time"

local array, given = core.array, read.given
local id_text, numbered, path_list = list_path.id_text, list_path.number, list_path.list

local READ = { "crm.lists.read" }
local WRITE = { "crm.lists.read", "crm.lists.write" }
local PROCESSING_TYPES = { MANUAL = true, DYNAMIC = true, SNAPSHOT = true }
local SEARCH_PAGE, LARGEST_SEARCH_PAGE, SEARCH_CEILING = 20, 500, 10000
local MOST_MAPPED = 10000

local function moment(ms) return ms and time.iso(ms) or nil end

-- Lists ---------------------------------------------------------------------------------------------------------

-- A list as a search answers it; the other answers have more members.
local function found_list(list)
  return {
    listId = id_text(list.id),
    listVersion = list.version,
    name = list.name,
    objectTypeId = list.type_id,
    processingType = list.processing_type,
    processingStatus = "COMPLETE",
    createdAt = moment(list.created),
    updatedAt = moment(list.updated),
    filtersUpdatedAt = moment(list.filters_updated),
    deletedAt = moment(list.deleted),
    createdById = "1001",
    updatedById = "1001",
  }
end

local function list_object(store, list)
  local object = found_list(list)
  object.size = store:size(list)
  object.listPermissions = { usersWithEditAccess = array {}, teamsWithEditAccess = array {} }
  object.membershipSettings = {}
  return object
end

local function list_with_filters(store, list)
  local object = list_object(store, list)
  object.filterBranch = list.branch
  return object
end

-- A list with its filters where the request asks for them.
local function asked_list(portal, req, list)
  local make = request.boolean(req, "includeFilters") and list_with_filters or list_object
  return make(portal.lists, list)
end

local function check_name(portal, name, own)
  if type(name) ~= "string" or not name:find "%S" then reply.invalid "Every list must have a name." end
  local other = portal.lists:find_by_name(name)
  if other and other ~= own then
    reply.invalid(
      "A list named '" .. name .. "' already exists.",
      { subCategory = "ListError.DUPLICATE_LIST_NAME", context = { listName = array { name } } }
    )
  end
end

local function create(portal, req)
  local body = request.object(req)
  check_name(portal, given(body.name))
  if given(body.objectTypeId) == nil then reply.invalid "Invalid input JSON: objectTypeId is required" end
  local type = object_path.named(portal, body.objectTypeId)
  local kind, branch = given(body.processingType), given(body.filterBranch)
  if not PROCESSING_TYPES[kind or ""] then
    reply.invalid "Invalid input JSON: processingType must be MANUAL, DYNAMIC or SNAPSHOT"
  end
  if kind == "DYNAMIC" and not branch then reply.invalid "A DYNAMIC list must have a filterBranch" end
  if kind == "MANUAL" and branch then reply.invalid "A MANUAL list must not have a filterBranch" end
  local list = portal.lists:create { type_id = type.id, name = body.name, processing_type = kind, branch = branch }
  return reply.json(200, { list = list_with_filters(portal.lists, list) })
end

-- A deleted list is still there, with the moment at which it was deleted.
local function get(portal, req)
  local list = portal.lists:find_even_deleted(request.path_integer(req, "listId"))
  if not list then list_path.fail_unknown(req.params.listId) end
  return reply.json(200, { list = asked_list(portal, req, list) })
end

local function get_by_name(portal, req)
  local name = req.params.listName
  local list = portal.lists:find_by_name(name)
  if not list or list.type_id ~= req.params.objectTypeId then
    reply.fail(
      404,
      "List does not exist with name " .. name .. " and object type ID " .. req.params.objectTypeId .. ".",
      { category = "OBJECT_NOT_FOUND", context = { listName = array { name } } }
    )
  end
  return reply.json(200, { list = asked_list(portal, req, list) })
end

local function get_several(portal, req)
  local wanted, lists = sorted_ids.new(), {}
  for _, text in ipairs(request.names(req, "listIds")) do
    if not numbered(text) then reply.invalid("Could not parse number from listIds: " .. text) end
    wanted:add(numbered(text))
  end
  for _, id in ipairs(wanted:all()) do
    local list = portal.lists:get(id)
    if list then lists[#lists + 1] = asked_list(portal, req, list) end
  end
  return reply.json(200, { lists = array(lists) })
end

local function rename(portal, req)
  local list = path_list(portal, req)
  check_name(portal, request.text(req, "listName"), list)
  portal.lists:rename(list, request.text(req, "listName"))
  return reply.json(200, { updatedList = asked_list(portal, req, list) })
end

local function change_filters(portal, req)
  local list = path_list(portal, req)
  local branch = request.object(req).filterBranch
  if list.processing_type ~= "DYNAMIC" then
    reply.invalid("The filters of a " .. list.processing_type .. " list can't be changed")
  end
  portal.lists:change_filters(list, branch)
  return reply.json(200, { updatedList = list_with_filters(portal.lists, list) })
end

local function delete(portal, req)
  portal.lists:delete(path_list(portal, req))
  return reply.empty(204)
end

local function restore(portal, req)
  local id = request.path_integer(req, "listId")
  local deleted = portal.lists.lists[id]
  local namesake = deleted and portal.lists:find_by_name(deleted.name)
  if namesake and namesake ~= deleted then check_name(portal, deleted.name, deleted) end
  if not portal.lists:restore(id) then list_path.fail_unknown(req.params.listId) end
  return reply.empty(204)
end

-- Search --------------------------------------------------------------------------------------------------------

local function set_of(values)
  local set = {}
  for _, value in ipairs(values) do
    set[tostring(value)] = true
  end
  return set
end

local SORTS = {
  HS_LIST_ID = function(list) return list.id end,
  HS_LIST_NAME = function(list) return list.name:lower() end,
  HS_CREATED_AT = function(list) return list.created end,
  HS_UPDATED_AT = function(list) return list.updated end,
}

local function sort_lists(lists, sort)
  local minus, name = (sort or "HS_LIST_ID"):match "^(%-?)(.*)$"
  local key = SORTS[name]
  if not key then reply.invalid("Invalid sort: " .. sort) end
  table.sort(lists, function(a, b)
    local left, right = key(a), key(b)
    if left == right then return a.id < b.id end
    if minus == "-" then return left > right end
    return left < right
  end)
end

local function additional_properties(store, list)
  return {
    hs_list_size = id_text(store:size(list)),
    hs_folder_name = "",
    hs_last_record_added_at = list.last_added and id_text(list.last_added) or "",
    hs_list_reference_count = "0",
  }
end

-- From 2026-09 on, HubSpot's description of the body requires these.
local function check_required(req, body)
  if req.params.D ~= "2026-09" then return end
  for _, name in ipairs { "listIds", "processingTypes", "offset", "additionalProperties" } do
    if body[name] == nil then reply.invalid("Invalid input JSON: " .. name .. " is required") end
  end
end

local function search(portal, req)
  local body = request.object(req)
  check_required(req, body)
  local count = read.count(body, "count", SEARCH_PAGE)
  local offset = read.count(body, "offset", 0)
  if count > LARGEST_SEARCH_PAGE then reply.invalid("count must be at most " .. LARGEST_SEARCH_PAGE) end
  if offset > SEARCH_CEILING then reply.invalid("offset must be at most " .. SEARCH_CEILING) end
  local text = (read.text(body, "query") or ""):lower()
  local ids = set_of(read.list(body, "listIds"))
  local kinds = set_of(read.list(body, "processingTypes"))
  read.list(body, "additionalProperties")
  local type_id = read.text(body, "objectTypeId")
  local found = {}
  for _, list in ipairs(portal.lists:all()) do
    if
      list.name:lower():find(text, 1, true)
      and (next(ids) == nil or ids[id_text(list.id)])
      and (next(kinds) == nil or kinds[list.processing_type])
      and (not type_id or list.type_id == type_id)
    then
      found[#found + 1] = list
    end
  end
  sort_lists(found, read.text(body, "sort"))
  local lists = {}
  for position = offset + 1, math.min(offset + count, #found) do
    local list = found_list(found[position])
    list.additionalProperties = additional_properties(portal.lists, found[position])
    lists[#lists + 1] = list
  end
  return reply.json(200, {
    lists = array(lists),
    offset = offset + #lists,
    hasMore = offset + #lists < #found,
    total = #found,
  })
end

-- Ids of v1 -----------------------------------------------------------------------------------------------------

local function map_one(portal, req)
  local legacy_id = request.integer(req, "legacyListId")
  if not legacy_id then reply.invalid "legacyListId is required" end
  local list = portal.lists:find_legacy(legacy_id)
  if not list then
    reply.fail(
      404,
      "No list found for legacy list ID " .. id_text(legacy_id) .. ".",
      { category = "OBJECT_NOT_FOUND", context = { legacyListId = array { id_text(legacy_id) } } }
    )
  end
  return reply.json(200, { listId = id_text(list.id), legacyListId = id_text(list.legacy_id) })
end

local function map_several(portal, req)
  local wanted = request.array(req)
  if #wanted > MOST_MAPPED then reply.invalid("At most " .. MOST_MAPPED .. " ids can be mapped at once") end
  local mapped, missing = {}, {}
  for _, value in ipairs(wanted) do
    local legacy_id = type(value) == "string" and numbered(value)
    if not legacy_id then reply.invalid "Invalid input JSON: an array of numeric strings is expected" end
    local list = portal.lists:find_legacy(legacy_id)
    if list then
      mapped[#mapped + 1] = { listId = id_text(list.id), legacyListId = value }
    else
      missing[#missing + 1] = value
    end
  end
  return reply.json(200, { legacyListIdsToIdsMapping = array(mapped), missingLegacyListIds = array(missing) })
end

local BASE = "/crm/lists/{D}"
local LIST = BASE .. "/{listId}"

return {
  { method = "POST", path = BASE, handler = create, scopes = WRITE },
  { method = "GET", path = BASE, handler = get_several, scopes = READ },
  { method = "POST", path = BASE .. "/search", handler = search, scopes = READ },
  { method = "GET", path = BASE .. "/idmapping", handler = map_one, scopes = READ },
  { method = "POST", path = BASE .. "/idmapping", handler = map_several, scopes = READ },
  {
    method = "GET",
    path = BASE .. "/object-type-id/{objectTypeId}/name/{listName}",
    handler = get_by_name,
    scopes = READ,
  },
  { method = "GET", path = LIST, handler = get, scopes = READ },
  { method = "DELETE", path = LIST, handler = delete, scopes = WRITE },
  { method = "PUT", path = LIST .. "/restore", handler = restore, scopes = WRITE },
  { method = "PUT", path = LIST .. "/update-list-name", handler = rename, scopes = WRITE },
  { method = "PUT", path = LIST .. "/update-list-filters", handler = change_filters, scopes = WRITE },
}
