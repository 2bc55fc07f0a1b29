-- The routes that read contacts by their ids, whatever found these, and what is read besides.

local batch = require "hubspot.batch"
local contact_shape = require "hubspot.shape.contact"
local contact_v1 = require "hubspot.shape.contact_v1"
local core = require "hubspot.core"
local list_shape = require "hubspot.shape.list"
local order = require "hubspot.shape.order"

local merged_route = {
  read = true,
  method = "POST",
  path = "/crm/objects/{api_version}/contacts/batch/read",
  query = { { "archived", from = "archived" } },
  body = contact_shape.batch_read_body,
  idempotent = true,
  answer = contact_shape.records,
}

local function membership_inputs(ids)
  local inputs = {}
  for index, contact_id in ipairs(ids) do
    inputs[index] = { objectTypeId = "0-1", recordId = contact_id }
  end
  return core.array(inputs)
end

-- Which lists contacts are in.
local memberships_route = {
  method = "POST",
  path = "/crm/lists/{api_version}/records/memberships/batch/read",
  body = { { "inputs", from = "ids", encode = membership_inputs } },
  read = true,
  idempotent = true,
  answer = list_shape.memberships,
}

-- A contact that was merged answers to its old id too, which it does not tell unless asked.
local function name_merged(call, values, contacts)
  local asked, strays, by_id = {}, {}, {}
  for _, id in ipairs(values.ids) do
    asked[id] = true
  end
  for _, contact in ipairs(contacts) do
    if not asked[contact.id] and not by_id[contact.id] then strays[#strays + 1] = contact.id end
    by_id[contact.id] = contact
  end
  if #strays == 0 then return contacts end
  local found, err =
    call:read(merged_route, { ids = strays, archived = values.archived, properties = { "hs_merged_object_ids" } })
  if not found then return nil, err end
  for _, record in ipairs(found) do
    local contact, merged = by_id[record.id], (record.properties or {}).hs_merged_object_ids
    if contact and type(merged) == "string" then
      contact.mergedIds = {}
      for id in merged:gmatch "%d+" do
        table.insert(contact.mergedIds, id)
      end
    end
  end
  return order.by_ids(values.ids, contacts)
end

local function read_list_memberships(call, contacts)
  local by_id, ids = {}, {}
  for index, contact in ipairs(contacts) do
    by_id[contact.id], ids[index] = contact, contact.id
    contact.listMemberships = {}
  end
  local found, err = batch.read(
    ids,
    100,
    function(piece) return call:read(memberships_route, { ids = piece }) end,
    call.client.loop_for_background
  )
  if not found then return nil, err end
  for _, record in ipairs(found) do
    local contact = by_id[record.recordId]
    if contact then contact.listMemberships = record.recordListMemberships or {} end
  end
  return contacts
end

-- Gives contacts their `listMemberships`, where the caller asked for them. Apart from the reading, since LuaJIT
-- compiles no return from a function that has closures.
local function add_list_memberships(call, contacts)
  if not call.options.list_memberships or #contacts == 0 then return contacts end
  return read_list_memberships(call, contacts)
end

return {
  add_list_memberships = add_list_memberships,
  memberships = memberships_route,
  v1 = {
    method = "GET",
    path = "/contacts/v1/contact/vids/batch/",
    query = contact_v1.extend(
      contact_v1.query,
      { "vid", from = "ids" },
      { "includeDeletes", from = "include_deleted" }
    ),
    batch = { over = "ids", size = 100 },
    in_parts = "property",
    idempotent = true,
    answer = contact_v1.records_by_id,
    documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm-contacts-v1/get-contacts-v1-contactvids-batch",
  },
  current = {
    method = "POST",
    path = "/crm/objects/{api_version}/contacts/batch/read",
    query = { { "archived", from = "archived" } },
    body = contact_shape.batch_read_body,
    batch = { over = "ids", size = 100, history_size = 50 },
    idempotent = true,
    answer = contact_shape.records_by_id,
    resolve_merged = name_merged,
    documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/batch/get-contacts",
  },
}
