-- Members of lists.

local contact_options = require "hubspot.resource.contact_options"
local contact_v1 = require "hubspot.shape.contact_v1"
local contact_v1_routes = require "hubspot.resource.contact_v1_routes"
local keyed = require "hubspot.operation.keyed"
local list_ids = require "hubspot.resource.list_ids"
local list_shape = require "hubspot.shape.list"
local list_types = require "hubspot.resource.list_types"
local list_v1 = require "hubspot.shape.list_v1"
local memberships = require "hubspot.object.memberships"
local object_shape = require "hubspot.shape.object"
local option_sets = require "hubspot.object.options"
local reads = require "hubspot.object.reads"

-- Returns the records, of some, that are in the list.
local function members_among(call, ids)
  local found, err =
    call:read(memberships.route, { ids = ids, object_type_id = call.values.object_type_id or list_types.CONTACTS })
  if not found then return nil, err end
  local members = {}
  for _, record in ipairs(found) do
    for _, membership in ipairs(record.recordListMemberships or {}) do
      if membership.listId == call.values.id then members[record.recordId] = true end
    end
  end
  return members
end

-- A member that was merged into another record answers as that one. It stands for it, unless that one is a member
-- itself: then it comes in its own place, on this page or on another.
local function without_members_elsewhere(call, records, listed)
  local strays, kept = {}, {}
  for _, record in ipairs(records) do
    if not listed[record.id] then strays[#strays + 1] = record.id end
  end
  if #strays == 0 then return records end
  local members, err = members_among(call, strays)
  if not members then return nil, err end
  for _, record in ipairs(records) do
    if listed[record.id] or not members[record.id] then kept[#kept + 1] = record end
  end
  return kept
end

-- A page of memberships holds ids: their records are read in batches.
local function read_members(call, members)
  local resource = call.values.object_type_id or "contacts"
  if #members == 0 then return members end
  local ids, joined = {}, {}
  for index, member in ipairs(members) do
    ids[index], joined[member.recordId] = member.recordId, member.membershipTimestamp
  end
  local options = {
    properties = call.options.properties,
    with_history = call.options.with_history,
    list_memberships = call.options.list_memberships,
  }
  local records, err = keyed.run(call:another(resource, "get_many", { ids = ids }, options))
  if not records then return nil, err end
  for _, record in ipairs(records) do
    record.membershipTimestamp = joined[record.id]
    for _, merged_id in ipairs(record.mergedIds or {}) do
      record.membershipTimestamp = record.membershipTimestamp or joined[merged_id]
    end
  end
  return without_members_elsewhere(call, records, joined)
end

local function members_route(path, kind, documentation)
  return {
    method = "GET",
    path = path,
    query = { object_shape.history_check },
    options = { "properties", "with_history", "list_memberships" },
    idempotent = true,
    answer = list_shape.memberships,
    items = "results",
    paging = kind,
    page_size = 250,
    names = { read = read_members, size = reads.SIZES.size, history_size = reads.SIZES.history_size },
    documentation = documentation,
  }
end

local function v1_members_route(path, kind, documentation)
  return {
    method = "GET",
    path = path,
    query = contact_v1.query,
    removed = list_v1.REMOVED,
    read_by_id = contact_v1_routes.by_id,
    idempotent = true,
    answer = contact_v1.members,
    items = "contacts",
    paging = kind,
    page_size = 100,
    documentation = documentation,
  }
end

-- Operations ------------------------------------------------------------------------------------------------------

local by_id = members_route(
  "/crm/lists/{api_version}/{id}/memberships",
  "after",
  "api-reference/latest/crm/lists/memberships/get-memberships-by-id"
)

local by_joining = members_route(
  "/crm/lists/{api_version}/{id}/memberships/join-order",
  "after_backwards",
  "api-reference/latest/crm/lists/memberships/get-memberships-by-added-date"
)

local RECORD_OPTIONS = option_sets.set { "properties", "with_history", "list_memberships" }

return {
  records = {
    summary = "Iterates over the records in a list, of whatever type it is, in the order of their ids.",
    arguments = { list_ids.argument },
    options = RECORD_OPTIONS,
    before = list_types.before_records,
    returns = { iterator = "record", with = { "membershipTimestamp" } },
    current = by_id,
  },

  recent_records = {
    summary = "Iterates over the records in a list, of whatever type it is, the latest to join first. HubSpot counts from "
      .. "the first to join, so the ids of all members are paged through before the first record comes.",
    arguments = { list_ids.argument },
    options = RECORD_OPTIONS,
    before = list_types.before_records,
    returns = { iterator = "record", with = { "membershipTimestamp" } },
    current = by_joining,
  },

  contacts = {
    number = 35,
    summary = "Iterates over the contacts in a list, in the order of their ids.",
    arguments = { list_ids.argument },
    options = contact_options.V1,
    before = list_ids.before_one,
    returns = { iterator = "contact", with = { "membershipTimestamp" } },
    v1 = v1_members_route(
      "/contacts/v1/lists/{id}/contacts/all",
      "vid_offset",
      "https://legacydocs.hubspot.com/docs/methods/lists/get_list_contacts"
    ),
    current = by_id,
  },

  recent_contacts = {
    number = 38,
    summary = "Iterates over the contacts in a list, the latest to join first. HubSpot's current API counts from the "
      .. "first to join, so the ids of all members are paged through before the first contact comes.",
    arguments = { list_ids.argument },
    options = contact_options.V1,
    before = list_ids.before_one,
    returns = { iterator = "contact", with = { "membershipTimestamp" } },
    v1 = v1_members_route(
      "/contacts/v1/lists/{id}/contacts/recent",
      "vid_and_time_offset",
      "https://legacydocs.hubspot.com/docs/methods/lists/get_list_contacts_recent"
    ),
    current = by_joining,
  },
}
