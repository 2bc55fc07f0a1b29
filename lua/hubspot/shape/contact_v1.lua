--- Spells the requests for contacts, and reads their records, as HubSpot's v1 API does.
-- @module hubspot.shape.contact_v1

local check = require "hubspot.check"
local core = require "hubspot.core"
local fold = require("hubspot.text").fold
local id = require "hubspot.id"
local must = require "hubspot.shape.must"
local order = require "hubspot.shape.order"
local union = require "hubspot.shape.union"
local v1 = require "hubspot.shape.v1"

local shape = {}

local function property_names(properties, values)
  if not properties or type(values.with_history) ~= "table" then return properties end
  return union { properties, values.with_history }
end

local function property_mode(with_history) return with_history and "value_and_history" or "value_only" end

--- Query of what reads contacts.
shape.query = {
  { "property", from = "properties", uses = { "properties", "with_history" }, encode = property_names },
  { "propertyMode", from = "with_history", encode = property_mode },
  { "formSubmissionMode", from = "form_submissions" },
  { "showListMemberships", from = "list_memberships" },
}

--- A query of `fields` and what more is given.
function shape.extend(fields, ...)
  local extended = { ... }
  for _, field in ipairs(fields) do
    extended[#extended + 1] = field
  end
  return extended
end

--- `[{ "property": …, "value": … }]` in the order of the names.
function shape.property_list(properties)
  local list = {}
  for index, name in ipairs(check.sorted_keys(properties)) do
    list[index] = { property = name, value = properties[name] }
  end
  return core.array(list)
end

--- Body of what writes one contact.
shape.properties_body = {
  { "properties", from = "properties", encode = shape.property_list },
}

local function history_of(versions)
  local history = {}
  for index, version in ipairs(versions or {}) do
    history[index] = {
      value = version.value,
      timestamp = v1.iso(version.timestamp),
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
      lastAddedTimestamp = v1.iso(membership.timestamp),
    }
  end
  return memberships
end

--- A contact of a v1 profile.
function shape.record(profile, values)
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
    createdAt = v1.iso(properties.createdate),
    updatedAt = v1.iso(properties.lastmodifieddate),
    archived = profile["is-deleted"] or profile.deleted or false,
    url = profile["profile-url"],
    addedAt = profile.addedAt,
    isContact = profile["is-contact"],
    mergedIds = id.texts(profile["merged-vids"]),
    formSubmissions = id.in_record(v1.camel_case_keys(profile["form-submissions"])),
    identityProfiles = id.in_record(v1.camel_case_keys(profile["identity-profiles"])),
    listMemberships = memberships_of(profile["list-memberships"]),
    associatedCompany = id.in_record(v1.camel_case_keys(profile["associated-company"])),
  }
end

--- Contacts of a page.
function shape.records(answer, values)
  local contacts = {}
  for index, profile in ipairs(answer.contacts or {}) do
    contacts[index] = shape.record(profile, values)
  end
  return contacts
end

--- Members of a list: when they joined is what v1 calls `addedAt` there.
function shape.members(answer, values)
  local members = shape.records(answer, values)
  for _, member in ipairs(members) do
    member.membershipTimestamp = v1.iso(member.addedAt)
  end
  return members
end

-- Contacts of a batch read. v1 answers with an object, keyed by vid.
local function contacts_of_batch(answer, values)
  local contacts = {}
  for index, vid in ipairs(check.sorted_keys(answer)) do
    contacts[index] = shape.record(answer[vid], values)
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
function shape.records_by_id(answer, values) return order.by_ids(values.ids, contacts_of_batch(answer, values)) end

shape.records_by_email = contacts_by("emails", function(contact) return identities_of(contact, "EMAIL") end)
shape.records_by_utk = contacts_by("utks", function(contact) return identities_of(contact, "LEAD_GUID") end)

--- Reads the answer of createOrUpdate.
function shape.upserted(answer) return { id = id.text(answer.vid), new = answer.isNew } end

return shape
