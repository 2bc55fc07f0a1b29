--- `/contacts/v1/lists…`: the twelve endpoints that HubSpot removed on 2026-04-30.
local contact_record_v1 = require "hubspot.sandbox.contact_record_v1"
local core = require "hubspot.core"
local list_filter_v1 = require "hubspot.sandbox.list_filter_v1"
local read = require "hubspot.sandbox.body"
local read_options = require "hubspot.sandbox.route.read_options_v1"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local array = core.array

local READ = { "crm.lists.read" }
local WRITE = { "crm.lists.read", "crm.lists.write" }
local LISTS_PAGE, LARGEST_LISTS_PAGE = 20, 250
local CONTACTS_PAGE, LARGEST_CONTACTS_PAGE = 20, 100
local MOST_CHANGED = 500
local CONTACTS = "0-1"

local function list_object(portal, list, processing)
  local size = portal.lists:size(list)
  return {
    listId = list.legacy_id,
    internalListId = list.internal_id,
    name = list.name,
    dynamic = list.processing_type == "DYNAMIC",
    listType = list.processing_type == "DYNAMIC" and "DYNAMIC" or "STATIC",
    portalId = portal.contacts.portal_id,
    createdAt = list.created,
    updatedAt = list.updated,
    archived = false,
    deleteable = true,
    parentId = 0,
    filters = list.v1_filters or array {},
    metaData = {
      size = size,
      processing = processing or "DONE",
      error = "",
      lastProcessingStateChangeAt = list.filters_updated,
      lastSizeChangeAt = list.size_changed,
      listReferencesCount = core.null,
    },
  }
end

-- The list of contacts with an id of v1, which has no others.
local function find(portal, legacy_id)
  local list = portal.lists:find_legacy(legacy_id)
  return list and list.type_id == CONTACTS and list or nil
end

local function path_list(portal, req)
  local text = req.params.listId
  local id = text:match "^%-?%d+$" and tonumber(text)
  if not id then reply.fail(400, "Could not parse number from listId: " .. text, { category = "VALIDATION_ERROR" }) end
  local list = find(portal, id)
  if not list then reply.fail(404, "Couldn't find a List with the given id '" .. text .. "'.") end
  return list
end

local function check_name(portal, name, own)
  if type(name) ~= "string" or not name:find "%S" then reply.fail(400, "Every list must have a name.") end
  local other = portal.lists:find_by_name(name)
  if other and other ~= own then reply.fail(400, "A List already exists with name '" .. name .. "'.") end
end

-- `filters` of a body as branch and as spelled, or nothing where there are none.
local function read_filters(portal, body)
  local filters = body.filters
  if type(filters) ~= "table" or next(filters) == nil then return nil end
  if filters[1] == nil then reply.fail(400, "filters must be an array of arrays") end
  return list_filter_v1.branch(portal.contacts.definitions, filters), filters
end

local function processing_type(dynamic, branch)
  if dynamic then return "DYNAMIC" end
  return branch and "SNAPSHOT" or "MANUAL"
end

local function create(portal, req)
  local body = request.object(req)
  check_name(portal, body.name)
  local branch, v1_filters = read_filters(portal, body)
  if body.dynamic == true and not branch then reply.fail(400, "A dynamic list must have filters.") end
  local list = portal.lists:create {
    type_id = CONTACTS,
    name = body.name,
    processing_type = processing_type(body.dynamic == true, branch),
    branch = branch,
    v1_filters = v1_filters,
  }
  return reply.json(200, list_object(portal, list, branch and "INITIALIZING" or "DONE"))
end

local function get(portal, req) return reply.json(200, list_object(portal, path_list(portal, req))) end

local function update(portal, req)
  local list, body = path_list(portal, req), request.object(req)
  if body.name ~= nil then check_name(portal, body.name, list) end
  local branch, v1_filters = read_filters(portal, body)
  local dynamic = body.dynamic
  if type(dynamic) ~= "boolean" then dynamic = list.processing_type == "DYNAMIC" end
  if dynamic and not (branch or list.branch) then reply.fail(400, "A dynamic list must have filters.") end
  if body.name ~= nil then portal.lists:rename(list, body.name) end
  local kind = processing_type(dynamic, branch or list.branch)
  if branch or kind ~= list.processing_type then
    list.processing_type = kind
    portal.lists:change_filters(list, branch or list.branch, v1_filters or list.v1_filters)
  end
  return reply.json(200, list_object(portal, list))
end

local function delete(portal, req)
  portal.lists:delete(path_list(portal, req))
  return reply.empty(204)
end

local function get_several(portal, req)
  local lists = {}
  for _, text in ipairs(request.texts(req, "listId")) do
    local list = text:match "^%d+$" and find(portal, tonumber(text))
    if list then lists[#lists + 1] = list_object(portal, list) end
  end
  return reply.json(200, { lists = array(lists) })
end

-- All lists, or those that are dynamic (true) or not (false).
local function enumerate(dynamic)
  return function(portal, req)
    local count = read_options.count(req, LISTS_PAGE, LARGEST_LISTS_PAGE)
    local offset = math.max(0, request.integer(req, "offset") or 0)
    local chosen, lists = {}, {}
    for _, list in ipairs(portal.lists:all()) do
      local is_wanted = dynamic == nil or (list.processing_type == "DYNAMIC") == dynamic
      if is_wanted and list.type_id == CONTACTS then chosen[#chosen + 1] = list end
    end
    for position = offset + 1, math.min(offset + count, #chosen) do
      lists[#lists + 1] = list_object(portal, chosen[position])
    end
    return reply.json(200, {
      lists = array(lists),
      offset = offset + #lists,
      ["has-more"] = offset + #lists < #chosen,
    })
  end
end

-- Members -------------------------------------------------------------------------------------------------------

local function member_profiles(portal, req, list, ids)
  local options, contacts = read_options.listed(req), {}
  for index, id in ipairs(ids) do
    options.added_at = list.memberships[id].last
    contacts[index] = contact_record_v1.profile(portal.contacts, portal.contacts.records[id], options)
  end
  return array(contacts)
end

local function contacts_all(portal, req)
  local list = path_list(portal, req)
  local after = request.integer(req, "vidOffset")
  local count = read_options.count(req, CONTACTS_PAGE, LARGEST_CONTACTS_PAGE)
  local ids, more = portal.lists:members(list):after(after, count)
  return reply.json(200, {
    contacts = member_profiles(portal, req, list, ids),
    ["has-more"] = more,
    ["vid-offset"] = ids[#ids] or after or 0,
  })
end

-- The place before which a page resumes: that of the member in the cursor, or, where it has left the list, the first of
-- those that joined at the moment in the cursor or later.
local function place_before(list, places, moment, vid)
  local membership = vid and list.members:has(vid) and list.memberships[vid]
  if membership then return membership.place end
  local place
  repeat
    local page = places:before(place, 1)
    if not page[1] then return place end
    local joined = list.memberships[list.by_place[page[1]]].last
    if joined < moment then return place end
    place = page[1]
  until false
end

local function contacts_recent(portal, req)
  local list = path_list(portal, req)
  local places = portal.lists:places(list)
  local moment, vid = request.integer(req, "timeOffset"), request.integer(req, "vidOffset")
  local from = moment and place_before(list, places, moment, vid)
  local page, more = places:before(from, read_options.count(req, CONTACTS_PAGE, LARGEST_CONTACTS_PAGE))
  local ids = {}
  for index, place in ipairs(page) do
    ids[index] = list.by_place[place]
  end
  local last = ids[#ids]
  return reply.json(200, {
    contacts = member_profiles(portal, req, list, ids),
    ["has-more"] = more,
    ["vid-offset"] = last or vid or 0,
    ["time-offset"] = last and list.memberships[last].last or moment or 0,
  })
end

-- The ids that a body means, and its unknown vids and addresses.
local function read_members(portal, body)
  local vids, emails = read.list(body, "vids"), read.list(body, "emails")
  if #vids + #emails > MOST_CHANGED then
    reply.fail(400, "Cannot change more than " .. MOST_CHANGED .. " contacts of a list at once")
  end
  local ids, bad_vids, bad_emails = {}, {}, {}
  for _, vid in ipairs(vids) do
    local contact = tonumber(vid) and portal.contacts:get(tonumber(vid))
    if contact then
      ids[#ids + 1] = contact.id
    else
      bad_vids[#bad_vids + 1] = vid
    end
  end
  for _, email in ipairs(emails) do
    local contact = portal.contacts:find_by("email", tostring(email))
    if contact then
      ids[#ids + 1] = contact.id
    else
      bad_emails[#bad_emails + 1] = email
    end
  end
  return ids, array(bad_vids), array(bad_emails)
end

local function change_members(change)
  return function(portal, req)
    local list = path_list(portal, req)
    if list.processing_type == "DYNAMIC" then reply.fail(400, "Can not operate manually on a dynamic list") end
    local ids, bad_vids, bad_emails = read_members(portal, request.object(req))
    local changed, is_changed, discarded = change(portal.lists, list, ids), {}, {}
    for _, id in ipairs(changed) do
      is_changed[id] = true
    end
    for _, id in ipairs(ids) do
      if not is_changed[id] then discarded[#discarded + 1] = id end
    end
    return reply.json(200, {
      updated = array(changed),
      discarded = array(discarded),
      invalidVids = bad_vids,
      invalidEmails = bad_emails,
    })
  end
end

local BASE = "/contacts/v1/lists"
local LIST = BASE .. "/{listId}"

return {
  { method = "POST", path = BASE, handler = create, scopes = WRITE },
  { method = "GET", path = BASE, handler = enumerate(nil), scopes = READ },
  { method = "GET", path = BASE .. "/static", handler = enumerate(false), scopes = READ },
  { method = "GET", path = BASE .. "/dynamic", handler = enumerate(true), scopes = READ },
  { method = "GET", path = BASE .. "/batch", handler = get_several, scopes = READ },
  { method = "GET", path = LIST, handler = get, scopes = READ },
  { method = "POST", path = LIST, handler = update, scopes = WRITE },
  { method = "DELETE", path = LIST, handler = delete, scopes = WRITE },
  { method = "GET", path = LIST .. "/contacts/all", handler = contacts_all, scopes = READ },
  { method = "GET", path = LIST .. "/contacts/recent", handler = contacts_recent, scopes = READ },
  {
    method = "POST",
    path = LIST .. "/add",
    handler = change_members(function(lists, ...) return lists:add(...) end),
    scopes = WRITE,
  },
  {
    method = "POST",
    path = LIST .. "/remove",
    handler = change_members(function(lists, ...) return lists:remove(...) end),
    scopes = WRITE,
  },
}
