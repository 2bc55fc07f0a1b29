-- Adds members to lists, and removes them.

local append = require "hubspot.append"
local batch = require "hubspot.batch"
local check = require "hubspot.check"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local fold = require("hubspot.text").fold
local id_numbers = require("hubspot.id").numbers
local list_ids = require "hubspot.resource.list_ids"
local list_shape = require "hubspot.shape.list"
local list_types = require "hubspot.resource.list_types"
local list_v1 = require "hubspot.shape.list_v1"
local keyed = require "hubspot.operation.keyed"
local object_keys = require "hubspot.object.keys"
local types = require "hubspot.object.types"

local members_type = check.refined(
  check.fields("a table { ids = {…}, emails = {…} }", {
    ids = { type = check.list_of(check.id, "ids", true), description = "ids of records" },
    emails = {
      type = check.list_of(check.email, "e-mail addresses", true),
      description = "contacts by address, in a list of contacts",
    },
  }, "hubspot.ListMembers"),
  function(members, place)
    members.ids, members.emails = members.ids or {}, members.emails or {}
    if #members.ids + #members.emails == 0 then return nil, place .. " must name at least one record" end
    return members
  end
)

local function v1_change_route(path, done)
  return {
    method = "POST",
    path = path,
    removed = list_v1.REMOVED,
    body = {
      { "vids", from = "ids", encode = id_numbers },
      { "emails", from = "emails", encode = core.array },
    },
    idempotent = true,
    answer = list_v1.membership_change(done),
    limit = 500,
  }
end

-- Lists after each other, each value once; e-mail addresses are one in any case.
local function distinct(...)
  local all, seen = {}, {}
  for _, list in ipairs { ... } do
    for _, value in ipairs(list) do
      local folded = fold(value)
      if not seen[folded] then all[#all + 1] = value end
      seen[folded] = true
    end
  end
  return all
end

-- A request takes at most `limit` ids and addresses, together.
local function v1_chunks(members, limit)
  local named = {}
  for _, id in ipairs(distinct(members.ids)) do
    named[#named + 1] = { "ids", id }
  end
  for _, address in ipairs(distinct(members.emails)) do
    named[#named + 1] = { "emails", address }
  end
  local chunks = {}
  for index, chunk in ipairs(batch.chunks(named, limit)) do
    chunks[index] = { ids = {}, emails = {} }
    for _, pair in ipairs(chunk) do
      table.insert(chunks[index][pair[1]], pair[2])
    end
  end
  return chunks
end

local function empty_outcome(done, missing_emails)
  return { [done] = {}, unchanged = {}, missing_ids = {}, missing_emails = missing_emails or {} }
end

-- Sends the chunks of a change, and adds their answers to an outcome, which says whether one failed. If none succeeded,
-- nothing has changed and there is no outcome. Returns the chunks that were not done, too.
local function send_changes(call, route, chunks, outcome)
  local answers, err = batch.each(chunks, function(chunk)
    local changed, change_err = call:send(route, { id = call.values.id, ids = chunk.ids, emails = chunk.emails })
    if not changed then return nil, change_err end
    if not changed.is_empty then return changed.value end
    return nil,
      errors.new {
        kind = "decode",
        ambiguous = true,
        message = "HubSpot answered a change of a list with an empty body: it may have been made or not",
      }
  end, call.client.loop_for_background)
  if err and next(answers) == nil then return nil, err end
  local undone = {}
  for index, chunk in ipairs(chunks) do
    if not answers[index] then undone[#undone + 1] = chunk end
    for name, list in pairs(answers[index] or {}) do
      append(outcome[name], list)
    end
  end
  outcome.stopped_by = err
  return outcome, undone
end

local function change_members_v1(route, done)
  return function(call)
    local outcome, undone = send_changes(call, route, v1_chunks(call.values.members, route.limit), empty_outcome(done))
    if not outcome then return nil, undone end
    if not outcome.stopped_by then return outcome end
    outcome.failed_ids, outcome.failed_emails = {}, {}
    for _, chunk in ipairs(undone) do
      append(outcome.failed_ids, chunk.ids)
      append(outcome.failed_emails, chunk.emails)
    end
    return outcome
  end
end

local addresses_of = object_keys.reader(types.rows.contacts, "email")

-- The contacts that have one of the addresses, by address; the addresses without one; the contacts without any, which
-- HubSpot found by another spelling than theirs.
local function owners_among(contacts, emails)
  local owner, ids, missing, named, strays = {}, {}, {}, {}, {}
  for _, contact in ipairs(contacts) do
    for _, address in ipairs(addresses_of(contact)) do
      owner[address] = contact.id
    end
  end
  for _, address in ipairs(emails) do
    local id = owner[fold(address)]
    ids[address] = id
    if id then
      named[id] = true
    else
      missing[#missing + 1] = address
    end
  end
  for _, contact in ipairs(contacts) do
    if not named[contact.id] then strays[#strays + 1] = contact.id end
  end
  return { ids = ids, missing = missing, strays = strays }
end

-- The list API takes ids only. Returns those of the addresses, by address, and the addresses that no contact has. A
-- contact that came under another spelling belongs to the address without one; where there are several of these, they
-- are read in halves.
local function ids_of_emails(call, emails)
  if #emails == 0 then return {}, {} end
  local reading = call:another("contacts", "get_many_by_email", { emails = emails }, { properties = { "email" } })
  local contacts, err = keyed.run(reading)
  if not contacts then return nil, err end
  local found = owners_among(contacts, emails)
  if #found.strays == 0 or #found.missing == 0 then return found.ids, found.missing end
  if #found.missing == 1 then
    found.ids[found.missing[1]] = found.strays[1]
    return found.ids, {}
  end
  local missing = {}
  for _, half in ipairs(batch.chunks(found.missing, math.ceil(#found.missing / 2))) do
    local ids, none = ids_of_emails(call, half)
    if not ids then return nil, none end
    for address, id in pairs(ids) do
      found.ids[address] = id
    end
    append(missing, none)
  end
  return found.ids, missing
end

local function change_route(path, done)
  return {
    method = "PUT",
    path = path,
    body = { { from = "ids", encode = core.array } },
    idempotent = true,
    answer = list_shape.membership_change(done),
    limit = 10000,
  }
end

-- Names the records of the chunks that were not done, as the caller did.
local function name_failed(outcome, undone, members, id_of_email)
  local failed = {}
  for _, chunk in ipairs(undone) do
    for _, contact_id in ipairs(chunk.ids) do
      failed[contact_id] = true
    end
  end
  outcome.failed_ids, outcome.failed_emails = {}, {}
  for _, contact_id in ipairs(distinct(members.ids)) do
    if failed[contact_id] then table.insert(outcome.failed_ids, contact_id) end
  end
  for _, address in ipairs(distinct(members.emails)) do
    if failed[id_of_email[address]] then table.insert(outcome.failed_emails, address) end
  end
end

local function change_members_dated(route, done)
  return function(call)
    local members = call.values.members
    local id_of_email, missing_emails = ids_of_emails(call, members.emails)
    if not id_of_email then return nil, missing_emails end
    -- An id of a contact may be that of another record in a list of another type.
    if next(id_of_email) ~= nil then
      local are_contacts, err = list_types.check_contacts(call)
      if not are_contacts then return nil, err end
    end
    local found = {}
    for _, address in ipairs(members.emails) do
      found[#found + 1] = id_of_email[address]
    end
    local chunks = {}
    for index, ids in ipairs(batch.chunks(distinct(members.ids, found), route.limit)) do
      chunks[index] = { ids = ids }
    end
    local outcome, undone = send_changes(call, route, chunks, empty_outcome(done, missing_emails))
    if not outcome then return nil, undone end
    if outcome.stopped_by then name_failed(outcome, undone, members, id_of_email) end
    return outcome
  end
end

local v1_add_route = v1_change_route("/contacts/v1/lists/{id}/add", "added")
local v1_remove_route = v1_change_route("/contacts/v1/lists/{id}/remove", "removed")
local add_route = change_route("/crm/lists/{api_version}/{id}/memberships/add", "added")
local remove_route = change_route("/crm/lists/{api_version}/{id}/memberships/remove", "removed")

-- Operations ------------------------------------------------------------------------------------------------------

return {
  add = {
    number = 1,
    summary = "Adds records to a list, by id, or contacts by e-mail address. Not for lists whose filters decide.",
    arguments = { list_ids.argument, { name = "members", type = members_type, description = "the records to add" } },
    before = list_ids.before_one,
    returns = { record = "membership change", with = { "added" } },
    v1 = {
      run = change_members_v1(v1_add_route, "added"),
      requests = { v1_add_route },
      documentation = "https://legacydocs.hubspot.com/docs/methods/lists/add_contact_to_list",
    },
    current = {
      run = change_members_dated(add_route, "added"),
      requests = { add_route },
      documentation = "api-reference/latest/crm/lists/memberships/add-to-list",
    },
  },

  remove = {
    summary = "Removes records from a list, by id, or contacts by e-mail address. Not for lists whose filters decide.",
    arguments = { list_ids.argument, { name = "members", type = members_type, description = "the records to remove" } },
    before = list_ids.before_one,
    returns = { record = "membership change", with = { "removed" } },
    v1 = {
      run = change_members_v1(v1_remove_route, "removed"),
      requests = { v1_remove_route },
      documentation = "https://legacydocs.hubspot.com/docs/methods/lists/remove_contact_from_list",
    },
    current = {
      run = change_members_dated(remove_route, "removed"),
      requests = { remove_route },
      documentation = "api-reference/latest/crm/lists/guide",
    },
  },
}
