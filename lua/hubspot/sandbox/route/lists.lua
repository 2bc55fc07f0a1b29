--- `/crm/lists/{D}…`
local contact_store = require "hubspot.sandbox.contact_store"
local core = require "hubspot.core"
local list_filter = require "hubspot.sandbox.list_filter"
local list_store = require "hubspot.sandbox.list_store"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local sorted_ids = require "hubspot.sandbox.sorted_ids"
local time = require "hubspot.sandbox.time"

local array = core.array

local READ = { "crm.lists.read" }
local WRITE = { "crm.lists.read", "crm.lists.write" }
local CONTACTS = "0-1"
local PROCESSING_TYPES = { MANUAL = true, DYNAMIC = true, SNAPSHOT = true }
local SEARCH_PAGE, LARGEST_SEARCH_PAGE, SEARCH_CEILING = 20, 500, 10000
local MEMBERS_PAGE, LARGEST_MEMBERS_PAGE = 100, 250
local MOST_MEMBERS = 100000
local MOST_MAPPED = 10000

local function id_text(id) return string.format("%d", id) end

local function moment(ms) return ms and time.iso(ms) or nil end

-- Lists ---------------------------------------------------------------------------------------------------------

local function list_object(store, list, with_filters)
  return {
    listId = id_text(list.id),
    listVersion = list.version,
    name = list.name,
    objectTypeId = CONTACTS,
    processingType = list.processing_type,
    processingStatus = "COMPLETE",
    createdAt = moment(list.created),
    updatedAt = moment(list.updated),
    filtersUpdatedAt = moment(list.filters_updated),
    deletedAt = moment(list.deleted),
    createdById = "1001",
    updatedById = "1001",
    size = list_store.size(store, list),
    filterBranch = with_filters and list.branch or nil,
    listPermissions = { usersWithEditAccess = array {}, teamsWithEditAccess = array {} },
    membershipSettings = { membershipTeamId = core.null, includeUnassigned = core.null },
  }
end

local function fail_unknown(id)
  reply.fail(
    404,
    "List does not exist with ID " .. id .. ".",
    { category = "OBJECT_NOT_FOUND", subCategory = "ListError.LIST_NOT_FOUND", context = { listId = array { id } } }
  )
end

local function numbered(text) return text:match "^%d+$" and tonumber(text) end

local function path_list(portal, req, name)
  name = name or "listId"
  request.path_integer(req, name)
  local list = list_store.find(portal.lists, numbered(req.params[name]))
  if not list then fail_unknown(req.params[name]) end
  return list
end

local function check_name(portal, name, own)
  if type(name) ~= "string" or not name:find "%S" then reply.invalid "Every list must have a name." end
  local other = list_store.find_by_name(portal.lists, name)
  if other and other ~= own then
    reply.invalid(
      "A list named '" .. name .. "' already exists.",
      { subCategory = "ListError.DUPLICATE_LIST_NAME", context = { listName = array { name } } }
    )
  end
end

local function given(value)
  if value == core.null then return nil end
  return value
end

local function create(portal, req)
  local body = request.object(req)
  check_name(portal, given(body.name))
  if given(body.objectTypeId) == nil then reply.invalid "Invalid input JSON: objectTypeId is required" end
  if body.objectTypeId ~= CONTACTS then
    reply.invalid("The sandbox has lists of contacts (0-1) only, got objectTypeId " .. tostring(body.objectTypeId))
  end
  local kind, branch = given(body.processingType), given(body.filterBranch)
  if not PROCESSING_TYPES[kind or ""] then
    reply.invalid "Invalid input JSON: processingType must be MANUAL, DYNAMIC or SNAPSHOT"
  end
  if kind == "DYNAMIC" and not branch then reply.invalid "A DYNAMIC list must have a filterBranch" end
  if kind == "MANUAL" and branch then reply.invalid "A MANUAL list must not have a filterBranch" end
  local list = list_store.create(portal.lists, { name = body.name, processing_type = kind, branch = branch })
  return reply.json(200, { list = list_object(portal.lists, list, true) })
end

local function get(portal, req)
  local list = path_list(portal, req)
  return reply.json(200, { list = list_object(portal.lists, list, request.boolean(req, "includeFilters")) })
end

local function get_by_name(portal, req)
  local name = req.params.listName
  local list = req.params.objectTypeId == CONTACTS and list_store.find_by_name(portal.lists, name)
  if not list then
    reply.fail(
      404,
      "List does not exist with name " .. name .. " and object type ID " .. req.params.objectTypeId .. ".",
      { category = "OBJECT_NOT_FOUND", context = { listName = array { name } } }
    )
  end
  return reply.json(200, { list = list_object(portal.lists, list, request.boolean(req, "includeFilters")) })
end

local function get_several(portal, req)
  local wanted, lists = sorted_ids.new(), {}
  for _, text in ipairs(request.names(req, "listIds")) do
    if not numbered(text) then reply.invalid("Could not parse number from listIds: " .. text) end
    sorted_ids.add(wanted, numbered(text))
  end
  for _, id in ipairs(sorted_ids.all(wanted)) do
    local list = list_store.find(portal.lists, id)
    if list then lists[#lists + 1] = list_object(portal.lists, list, request.boolean(req, "includeFilters")) end
  end
  return reply.json(200, { lists = array(lists) })
end

local function rename(portal, req)
  local list = path_list(portal, req)
  check_name(portal, request.text(req, "listName"), list)
  list_store.rename(portal.lists, list, request.text(req, "listName"))
  return reply.json(200, { updatedList = list_object(portal.lists, list, request.boolean(req, "includeFilters")) })
end

local function change_filters(portal, req)
  local list = path_list(portal, req)
  local branch = request.object(req).filterBranch
  if list.processing_type ~= "DYNAMIC" then
    reply.invalid("The filters of a " .. list.processing_type .. " list can't be changed")
  end
  list_filter.compile(portal.contacts.definitions, branch)
  list_store.change_filters(portal.lists, list, branch)
  return reply.json(200, { updatedList = list_object(portal.lists, list, true) })
end

local function delete(portal, req)
  list_store.delete(portal.lists, path_list(portal, req))
  return reply.empty(204)
end

local function restore(portal, req)
  local id = request.path_integer(req, "listId")
  local deleted = portal.lists.lists[id]
  local namesake = deleted and list_store.find_by_name(portal.lists, deleted.name)
  if namesake and namesake ~= deleted then check_name(portal, deleted.name, deleted) end
  if not list_store.restore(portal.lists, id) then fail_unknown(req.params.listId) end
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

local function search_integer(body, name, default)
  local value = given(body[name])
  if value == nil then return default end
  if type(value) ~= "number" or value < 0 or value ~= math.floor(value) then
    reply.invalid("Invalid input JSON: " .. name .. " must be an integer")
  end
  return value
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
    hs_list_size = id_text(list_store.size(store, list)),
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
  local count = search_integer(body, "count", SEARCH_PAGE)
  local offset = search_integer(body, "offset", 0)
  if count > LARGEST_SEARCH_PAGE then reply.invalid("count must be at most " .. LARGEST_SEARCH_PAGE) end
  if offset > SEARCH_CEILING then reply.invalid("offset must be at most " .. SEARCH_CEILING) end
  local text = (given(body.query) or ""):lower()
  local ids = set_of(request.list_of(body, "listIds"))
  local kinds = set_of(request.list_of(body, "processingTypes"))
  request.list_of(body, "additionalProperties")
  local found = {}
  for _, list in ipairs(list_store.all(portal.lists)) do
    if
      list.name:lower():find(text, 1, true)
      and (next(ids) == nil or ids[id_text(list.id)])
      and (next(kinds) == nil or kinds[list.processing_type])
    then
      found[#found + 1] = list
    end
  end
  sort_lists(found, given(body.sort))
  local lists = {}
  for position = offset + 1, math.min(offset + count, #found) do
    local list = list_object(portal.lists, found[position])
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
  local list = list_store.find_legacy(portal.lists, legacy_id)
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
    local list = list_store.find_legacy(portal.lists, legacy_id)
    if list then
      mapped[#mapped + 1] = { listId = id_text(list.id), legacyListId = value }
    else
      missing[#missing + 1] = value
    end
  end
  return reply.json(200, { legacyListIdsToIdsMapping = array(mapped), missingLegacyListIds = array(missing) })
end

-- Memberships ---------------------------------------------------------------------------------------------------

local function manual_list(portal, req)
  local list = path_list(portal, req)
  if list.processing_type == "DYNAMIC" then
    reply.invalid(
      "List " .. id_text(list.id) .. " is DYNAMIC: its memberships can't be changed by hand",
      { subCategory = "ListError.INVALID_PROCESSING_TYPE", context = { listId = array { id_text(list.id) } } }
    )
  end
  return list
end

-- The ids of contacts that exist, and the texts of those that don't.
local function record_ids(portal, values)
  if #values > MOST_MEMBERS then reply.invalid("At most " .. MOST_MEMBERS .. " records can be changed at once") end
  local ids, missing = {}, {}
  for _, value in ipairs(values) do
    local id = type(value) == "string" and numbered(value)
    if not id then reply.invalid "Invalid input JSON: an array of record ids (numeric strings) is expected" end
    local contact = contact_store.find(portal.contacts, id)
    if contact then
      ids[#ids + 1] = contact.id
    else
      missing[#missing + 1] = value
    end
  end
  return ids, missing
end

local function id_texts(ids)
  local texts = {}
  for index, id in ipairs(ids) do
    texts[index] = id_text(id)
  end
  return array(texts)
end

local function change_members(portal, list, add, remove)
  local to_add, missing = record_ids(portal, add)
  local to_remove, missing_too = record_ids(portal, remove)
  for _, text in ipairs(missing_too) do
    missing[#missing + 1] = text
  end
  local added = list_store.add(portal.lists, list, to_add)
  local removed = list_store.remove(portal.lists, list, to_remove)
  -- The odd spelling of the first member is HubSpot's.
  return reply.json(200, {
    recordsIdsAdded = id_texts(added),
    recordIdsRemoved = id_texts(removed),
    recordIdsMissing = array(missing),
  })
end

local function add_members(portal, req)
  local list = manual_list(portal, req)
  return change_members(portal, list, request.array(req), {})
end

local function remove_members(portal, req)
  local list = manual_list(portal, req)
  return change_members(portal, list, {}, request.array(req))
end

local function add_and_remove_members(portal, req)
  local list, body = manual_list(portal, req), request.object(req)
  return change_members(
    portal,
    list,
    request.list_of(body, "recordIdsToAdd"),
    request.list_of(body, "recordIdsToRemove")
  )
end

local function add_members_from(portal, req)
  local list, source = manual_list(portal, req), path_list(portal, req, "sourceListId")
  local members = list_store.members(portal.lists, source)
  if members.count >= MOST_MEMBERS then
    reply.invalid("The source list has too many members, it must have fewer than " .. MOST_MEMBERS)
  end
  list_store.add(portal.lists, list, sorted_ids.all(members))
  return reply.empty(204)
end

local function remove_all_members(portal, req)
  local list = manual_list(portal, req)
  if list_store.size(portal.lists, list) >= MOST_MEMBERS then
    reply.invalid("The list has too many members, it must have fewer than " .. MOST_MEMBERS)
  end
  list_store.clear(portal.lists, list)
  return reply.empty(204)
end

-- Cursors look like base64, so they must be percent-encoded like base64.
local function cursor_text(value) return string.format("Nj+%x==", value) end

local function cursor_value(req, name)
  local text = request.text(req, name)
  if not text then return nil end
  local digits = text:match "^Nj%+(%x+)==$"
  if not digits then reply.invalid("Unable to parse value for query parameter: " .. name) end
  return tonumber(digits, 16)
end

local function page_link(req, name, cursor)
  return "https://api.hubapi.com"
    .. req.path
    .. "?"
    .. name
    .. "="
    .. cursor:gsub("[^%w]", function(char) return string.format("%%%02X", char:byte()) end)
end

local function page_reference(req, name, value)
  local cursor = cursor_text(value)
  return { [name] = cursor, link = page_link(req, name, cursor) }
end

-- A page of a sorted set whose items are record ids, or places that `record_of` turns into them.
local function members_page(req, list, set, record_of)
  local limit = request.integer(req, "limit") or MEMBERS_PAGE
  if limit < 1 or limit > LARGEST_MEMBERS_PAGE then
    reply.invalid("limit must be between 1 and " .. LARGEST_MEMBERS_PAGE)
  end
  local after, before = cursor_value(req, "after"), cursor_value(req, "before")
  local backwards = before and not after
  local page, more
  if backwards then
    page, more = sorted_ids.before(set, before, limit)
  else
    page, more = sorted_ids.after(set, after, limit)
  end
  local first, last = page[1], page[#page]
  local paging = {}
  if backwards and first then
    local _, follows = sorted_ids.after(set, first, 0)
    paging.next = follows and page_reference(req, "after", first) or nil
    paging.prev = more and page_reference(req, "before", last) or nil
  elseif first then
    local _, precedes = sorted_ids.before(set, first, 0)
    paging.next = more and page_reference(req, "after", last) or nil
    paging.prev = precedes and page_reference(req, "before", first) or nil
  end
  local results = {}
  for index, item in ipairs(page) do
    local id = record_of(item)
    results[index] = { recordId = id_text(id), membershipTimestamp = moment(list.memberships[id].last) }
  end
  return reply.json(200, { results = array(results), total = set.count, paging = next(paging) and paging or nil })
end

local function members(portal, req)
  local list = path_list(portal, req)
  return members_page(req, list, list_store.members(portal.lists, list), function(id) return id end)
end

local function members_by_join(portal, req)
  local list = path_list(portal, req)
  return members_page(req, list, list_store.places(portal.lists, list), function(place) return list.by_place[place] end)
end

local function check_object_type(text)
  if text ~= CONTACTS and text ~= "contacts" then
    reply.invalid("The sandbox has lists of contacts (0-1) only, got objectTypeId " .. tostring(text))
  end
end

local function memberships_of(portal, text)
  local contact = numbered(text) and contact_store.find(portal.contacts, numbered(text))
  if not contact then return {} end
  return list_store.of_contact(portal.lists, contact.id)
end

local function lists_of_record(portal, req)
  check_object_type(req.params.objectTypeId)
  request.path_integer(req, "recordId")
  local results = {}
  for index, item in ipairs(memberships_of(portal, req.params.recordId)) do
    results[index] = {
      listId = id_text(item.list.id),
      listVersion = item.list.version,
      isPublicList = false,
      firstAddedTimestamp = moment(item.membership.first),
      lastAddedTimestamp = moment(item.membership.last),
    }
  end
  return reply.json(200, { results = array(results), total = #results })
end

local function lists_of_records(portal, req)
  local started, results = time.iso(portal.clock.now()), {}
  for index, input in ipairs(request.list_of(request.object(req), "inputs")) do
    if type(input) ~= "table" or type(input.recordId) ~= "string" then
      reply.invalid "Invalid input JSON: every input needs objectTypeId and recordId"
    end
    check_object_type(input.objectTypeId)
    local memberships = {}
    for position, item in ipairs(memberships_of(portal, input.recordId)) do
      memberships[position] = {
        listId = item.list.id,
        listVersion = item.list.version,
        firstAddedTimestamp = moment(item.membership.first),
        lastAddedTimestamp = moment(item.membership.last),
      }
    end
    results[index] = { objectTypeId = CONTACTS, recordId = input.recordId, recordListMemberships = array(memberships) }
  end
  return reply.json(200, {
    status = "COMPLETE",
    results = array(results),
    startedAt = started,
    completedAt = time.iso(portal.clock.now()),
  })
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
  {
    method = "GET",
    path = BASE .. "/records/{objectTypeId}/{recordId}/memberships",
    handler = lists_of_record,
    scopes = READ,
  },
  { method = "POST", path = BASE .. "/records/memberships/batch/read", handler = lists_of_records, scopes = READ },
  { method = "GET", path = LIST, handler = get, scopes = READ },
  { method = "DELETE", path = LIST, handler = delete, scopes = WRITE },
  { method = "PUT", path = LIST .. "/restore", handler = restore, scopes = WRITE },
  { method = "PUT", path = LIST .. "/update-list-name", handler = rename, scopes = WRITE },
  { method = "PUT", path = LIST .. "/update-list-filters", handler = change_filters, scopes = WRITE },
  { method = "GET", path = LIST .. "/memberships", handler = members, scopes = READ },
  { method = "DELETE", path = LIST .. "/memberships", handler = remove_all_members, scopes = WRITE },
  { method = "GET", path = LIST .. "/memberships/join-order", handler = members_by_join, scopes = READ },
  { method = "PUT", path = LIST .. "/memberships/add", handler = add_members, scopes = WRITE },
  { method = "PUT", path = LIST .. "/memberships/remove", handler = remove_members, scopes = WRITE },
  { method = "PUT", path = LIST .. "/memberships/add-and-remove", handler = add_and_remove_members, scopes = WRITE },
  {
    method = "PUT",
    path = LIST .. "/memberships/add-from/{sourceListId}",
    handler = add_members_from,
    scopes = WRITE,
  },
}
