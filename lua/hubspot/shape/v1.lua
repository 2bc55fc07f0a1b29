--- How HubSpot's v1 API spells options, bodies and records.
-- @module hubspot.shape.v1

local check = require "hubspot.check"
local core = require "hubspot.core"
local fold = require("hubspot.text").fold
local id = require "hubspot.id"
local must = require "hubspot.shape.must"
local number_text = require("hubspot.number").text
local order = require "hubspot.shape.order"
local time = require "hubspot.time"
local union = require "hubspot.shape.union"

local v1 = {}

local function iso(ms)
  ms = tonumber(ms)
  return ms and time.to_iso(ms) or nil
end

local function camel_case(name) return (name:gsub("[-_](%w)", string.upper)) end

-- v1 writes form-id where the current API writes formId.
local function camel_case_keys(value)
  if type(value) ~= "table" then return value end
  local renamed = {}
  for key, item in pairs(value) do
    renamed[type(key) == "string" and camel_case(key) or key] = camel_case_keys(item)
  end
  return core.like(renamed, value)
end

-- Fields -----------------------------------------------------------------------------------------------------

local function property_names(properties, values)
  if not properties or type(values.with_history) ~= "table" then return properties end
  return union { properties, values.with_history }
end

local function property_mode(with_history) return with_history and "value_and_history" or "value_only" end

--- Query of what reads contacts.
v1.contact_query = {
  { "property", from = "properties", uses = { "properties", "with_history" }, encode = property_names },
  { "propertyMode", from = "with_history", encode = property_mode },
  { "formSubmissionMode", from = "form_submissions" },
  { "showListMemberships", from = "list_memberships" },
}

--- A query of `fields` and what more is given.
function v1.extend(fields, ...)
  local extended = { ... }
  for _, field in ipairs(fields) do
    extended[#extended + 1] = field
  end
  return extended
end

--- `[{ "property": …, "value": … }]` in the order of the names.
function v1.property_list(properties)
  local list = {}
  for index, name in ipairs(check.sorted_keys(properties)) do
    list[index] = { property = name, value = properties[name] }
  end
  return core.array(list)
end

--- Body of what writes one contact.
v1.properties_body = {
  { "properties", from = "properties", encode = v1.property_list },
}

-- A filter, whose value HubSpot reads as a text.
local function list_filter(filter)
  if type(filter) ~= "table" or type(filter.value) ~= "number" then return filter end
  local copy = {}
  for name, value in pairs(filter) do
    copy[name] = value
  end
  -- JSON has no form of the others either, and says where they are.
  copy.value = number_text(filter.value) or filter.value
  return copy
end

-- The caller's tables stay without marks of ours.
local function array_of(list, convert)
  local array = {}
  for index, item in ipairs(list) do
    array[index] = convert and convert(item) or item
  end
  return core.array(array)
end

local function list_filters(group) return array_of(group, list_filter) end

--- What a list is to be: filters are arrays of arrays, also where they are empty.
function v1.list_definition(definition, values)
  return {
    name = definition.name,
    dynamic = definition.dynamic,
    portalId = id.number(values.portal_id),
    filters = definition.filters and array_of(definition.filters, list_filters),
  }
end

-- Records ----------------------------------------------------------------------------------------------------

local function history_of(versions)
  local history = {}
  for index, version in ipairs(versions or {}) do
    history[index] = {
      value = version.value,
      timestamp = iso(version.timestamp),
      sourceType = version["source-type"],
      sourceId = version["source-id"],
      sourceLabel = version["source-label"],
    }
  end
  return history
end

local function history_wanted(with_history)
  if type(with_history) ~= "table" then
    return function() return with_history end
  end
  local wanted = {}
  for _, name in ipairs(with_history) do
    wanted[name] = true
  end
  return function(name) return wanted[name] end
end

local function memberships_of(list)
  if not list then return nil end
  local memberships = {}
  for index, membership in ipairs(list) do
    memberships[index] = {
      listId = id.text(membership["static-list-id"]),
      isMember = membership["is-member"],
      lastAddedTimestamp = iso(membership.timestamp),
    }
  end
  return memberships
end

--- A contact of a v1 profile.
function v1.contact(profile, values)
  local properties, histories = {}, nil
  local wants_history = history_wanted(values.with_history)
  for name, property in pairs(profile.properties or {}) do
    properties[name] = property.value
    if wants_history(name) then
      histories = histories or {}
      histories[name] = history_of(property.versions)
    end
  end
  return {
    id = must.id(profile["canonical-vid"] or profile.vid, "a contact's vid"),
    properties = properties,
    propertiesWithHistory = histories,
    createdAt = iso(properties.createdate),
    updatedAt = iso(properties.lastmodifieddate),
    archived = profile["is-deleted"] or profile.deleted or false,
    url = profile["profile-url"],
    addedAt = profile.addedAt,
    isContact = profile["is-contact"],
    mergedIds = id.texts(profile["merged-vids"]),
    formSubmissions = id.in_record(camel_case_keys(profile["form-submissions"])),
    identityProfiles = id.in_record(camel_case_keys(profile["identity-profiles"])),
    listMemberships = memberships_of(profile["list-memberships"]),
    associatedCompany = id.in_record(camel_case_keys(profile["associated-company"])),
  }
end

--- Contacts of a page.
function v1.contacts(answer, values)
  local contacts = {}
  for index, profile in ipairs(answer.contacts or {}) do
    contacts[index] = v1.contact(profile, values)
  end
  return contacts
end

--- Members of a list: when they joined is what v1 calls `addedAt` there.
function v1.members(answer, values)
  local members = v1.contacts(answer, values)
  for _, member in ipairs(members) do
    member.membershipTimestamp = iso(member.addedAt)
  end
  return members
end

-- Contacts of a batch read. v1 answers with an object, keyed by vid.
local function contacts_of_batch(answer, values)
  local contacts = {}
  for index, vid in ipairs(check.sorted_keys(answer)) do
    contacts[index] = v1.contact(answer[vid], values)
  end
  return contacts
end

local function contacts_by(over, keys_of)
  return function(answer, values) return order.by_keys(values[over], contacts_of_batch(answer, values), keys_of) end
end

local function identities_of(contact, identity_type)
  local keys = {}
  for _, profile in ipairs(contact.identityProfiles or {}) do
    for _, identity in ipairs(profile.identities or {}) do
      if identity.type == identity_type then keys[#keys + 1] = fold(tostring(identity.value)) end
    end
  end
  return keys
end

--- The contacts of a batch read by id.
function v1.contacts_by_id(answer, values) return order.by_ids(values.ids, contacts_of_batch(answer, values)) end

v1.contacts_by_email = contacts_by("emails", function(contact) return identities_of(contact, "EMAIL") end)
v1.contacts_by_utk = contacts_by("utks", function(contact) return identities_of(contact, "LEAD_GUID") end)

--- What createOrUpdate answers.
function v1.upserted(answer) return { id = id.text(answer.vid), new = answer.isNew } end

--- A list of v1. Its `listId` is the v1 id.
function v1.list(list)
  local processing = "MANUAL"
  if list.dynamic or list.listType == "DYNAMIC" then
    processing = "DYNAMIC"
  elseif list.filters and #list.filters > 0 then
    processing = "SNAPSHOT"
  end
  return {
    listId = id.text(list.listId),
    legacyListId = id.text(list.listId),
    name = list.name,
    processingType = processing,
    processingStatus = list.metaData and list.metaData.processing,
    objectTypeId = "0-1",
    size = list.metaData and list.metaData.size,
    createdAt = iso(list.createdAt),
    updatedAt = iso(list.updatedAt),
    filters = list.filters,
  }
end

--- Lists of a page or batch.
function v1.lists(answer)
  local lists = {}
  for index, list in ipairs(answer.lists or {}) do
    lists[index] = v1.list(list)
  end
  return lists
end

--- What adding to a list, or removing from it, answers.
-- @tparam string done "added" or "removed"
function v1.membership_change(done)
  return function(answer)
    return {
      [done] = id.texts(answer.updated or {}),
      unchanged = id.texts(answer.discarded or {}),
      missing_ids = id.texts(answer.invalidVids or {}),
      missing_emails = must.texts(answer.invalidEmails, "invalidEmails"),
    }
  end
end

--- A property as it is: its fields have one spelling in both generations.
v1.property = id.in_record

return v1
