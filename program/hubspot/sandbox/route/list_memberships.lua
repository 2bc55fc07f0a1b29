--- `/crm/lists/{D}/…/memberships…`
local core = require "hubspot.core"
local list_path = require "hubspot.sandbox.list_path"
local object_path = require "hubspot.sandbox.object_path"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local sequence = require "hubspot.sandbox.sequence"
local time = require "hubspot.sandbox.time"

local array = core.array
local id_text, numbered, path_list = list_path.id_text, list_path.number, list_path.list

local READ = { "crm.lists.read" }
local WRITE = { "crm.lists.read", "crm.lists.write" }
local MEMBERS_PAGE, LARGEST_MEMBERS_PAGE = 100, 250
local MOST_MEMBERS = 100000

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

-- The ids of records that exist, and the texts of those that don't.
local function record_ids(records, values)
  if #values > MOST_MEMBERS then reply.invalid("At most " .. MOST_MEMBERS .. " records can be changed at once") end
  local ids, missing = {}, {}
  for _, value in ipairs(values) do
    local id = type(value) == "string" and numbered(value)
    if not id then reply.invalid "Invalid input JSON: an array of record ids (numeric strings) is expected" end
    local record = records:get(id)
    if record then
      ids[#ids + 1] = record.id
    else
      missing[#missing + 1] = value
    end
  end
  return ids, missing
end

local function id_texts(ids) return array(sequence.map(ids, id_text)) end

local function change_members(portal, list, add, remove)
  local records = portal.lists:records(list)
  local to_add, missing = record_ids(records, add)
  local to_remove, missing_too = record_ids(records, remove)
  for _, text in ipairs(missing_too) do
    missing[#missing + 1] = text
  end
  local added = portal.lists:add(list, to_add)
  local removed = portal.lists:remove(list, to_remove)
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
  return change_members(portal, list, read.list(body, "recordIdsToAdd"), read.list(body, "recordIdsToRemove"))
end

local function add_members_from(portal, req)
  local list, source = manual_list(portal, req), path_list(portal, req, "sourceListId")
  local members = portal.lists:members(source)
  if members.count >= MOST_MEMBERS then
    reply.invalid("The source list has too many members, it must have fewer than " .. MOST_MEMBERS)
  end
  portal.lists:add(list, members:all())
  return reply.empty(204)
end

local function remove_all_members(portal, req)
  local list = manual_list(portal, req)
  if portal.lists:size(list) >= MOST_MEMBERS then
    reply.invalid("The list has too many members, it must have fewer than " .. MOST_MEMBERS)
  end
  portal.lists:clear(list)
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
    page, more = set:before(before, limit)
  else
    page, more = set:after(after, limit)
  end
  local first, last = page[1], page[#page]
  local paging = {}
  if backwards and first then
    local _, follows = set:after(first, 0)
    paging.next = follows and page_reference(req, "after", first) or nil
    paging.prev = more and page_reference(req, "before", last) or nil
  elseif first then
    local _, precedes = set:before(first, 0)
    paging.next = more and page_reference(req, "after", last) or nil
    paging.prev = precedes and page_reference(req, "before", first) or nil
  end
  local results = {}
  for index, item in ipairs(page) do
    local id = record_of(item)
    results[index] = { recordId = id_text(id), membershipTimestamp = time.iso(list.memberships[id].last) }
  end
  return reply.json(200, { results = array(results), total = set.count, paging = next(paging) and paging or nil })
end

local function members(portal, req)
  local list = path_list(portal, req)
  return members_page(req, list, portal.lists:members(list), function(id) return id end)
end

local function members_by_join(portal, req)
  local list = path_list(portal, req)
  return members_page(req, list, portal.lists:places(list), function(place) return list.by_place[place] end)
end

local function membership_objects(portal, type, record_id)
  local memberships, id = {}, numbered(record_id)
  local record = id and portal.objects:store(type):get(id)
  for index, item in ipairs(record and portal.lists:of_record(type.id, record.id) or {}) do
    memberships[index] = {
      listId = id_text(item.list.id),
      listVersion = item.list.version,
      isPublicList = false,
      firstAddedTimestamp = time.iso(item.membership.first),
      lastAddedTimestamp = time.iso(item.membership.last),
    }
  end
  return array(memberships)
end

local function lists_of_record(portal, req)
  local type = object_path.named(portal, req.params.objectTypeId)
  request.path_integer(req, "recordId")
  local results = membership_objects(portal, type, req.params.recordId)
  return reply.json(200, { results = results, total = #results })
end

local function lists_of_records(portal, req)
  local started, results = time.iso(portal.clock.now()), {}
  for index, input in ipairs(read.list(request.object(req), "inputs")) do
    if type(input) ~= "table" or type(input.recordId) ~= "string" then
      reply.invalid "Invalid input JSON: every input needs objectTypeId and recordId"
    end
    local kind = object_path.named(portal, input.objectTypeId)
    results[index] = {
      objectTypeId = kind.id,
      recordId = input.recordId,
      recordListMemberships = membership_objects(portal, kind, input.recordId),
    }
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
  {
    method = "GET",
    path = BASE .. "/records/{objectTypeId}/{recordId}/memberships",
    handler = lists_of_record,
    scopes = READ,
  },
  { method = "POST", path = BASE .. "/records/memberships/batch/read", handler = lists_of_records, scopes = READ },
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
