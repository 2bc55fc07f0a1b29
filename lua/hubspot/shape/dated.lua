--- How HubSpot's date-versioned API spells options, bodies and records. The records need next to nothing: theirs is
-- the shape that every route gives.
-- @module hubspot.shape.dated

local core = require "hubspot.core"
local fold = require("hubspot.text").fold
local id = require "hubspot.id"
local must = require "hubspot.shape.must"
local number = require "hubspot.number"
local order = require "hubspot.shape.order"
local union = require "hubspot.shape.union"

local dated = {}

-- Fields -----------------------------------------------------------------------------------------------------

local function joined(names) return names and table.concat(names, ",") end

local function history_names(with_history, values)
  if with_history ~= true then return with_history or nil end
  if values.properties then return values.properties end
  return nil, "with_history = true needs the option properties here; or give with_history the names"
end

local function joined_history(with_history, values)
  local names, message = history_names(with_history, values)
  if message then return nil, message end
  return joined(names)
end

--- A field that is never sent: where the contacts are read by a later request, it lets a call with wrong options fail
-- before its first one.
dated.history_check = {
  "propertiesWithHistory",
  from = "with_history",
  encode = function(with_history, values)
    local _, message = history_names(with_history, values)
    return nil, message
  end,
}

--- Query of what reads contacts.
dated.contact_query = {
  { "properties", from = "properties", encode = joined },
  { "propertiesWithHistory", from = "with_history", encode = joined_history },
  { "associations", from = "associations", encode = joined },
  { "archived", from = "archived" },
}

--- Query of what reads one contact by its e-mail address.
dated.contact_by_email_query = {
  { "idProperty", value = "email" },
  dated.contact_query[1],
  dated.contact_query[2],
  dated.contact_query[3],
  dated.contact_query[4],
}

local function inputs(keys)
  local list = {}
  for index, key in ipairs(keys) do
    list[index] = { id = key }
  end
  return core.array(list)
end

local function array_or_empty(names) return core.array(names or {}) end

local function history_array(with_history, values)
  local names, message = history_names(with_history, values)
  if message then return nil, message end
  return core.array(names or {})
end

--- Body of a batch read by id.
dated.batch_read_body = {
  { "inputs", from = "ids", encode = inputs },
  { "properties", from = "properties", encode = array_or_empty },
  { "propertiesWithHistory", from = "with_history", encode = history_array },
}

local function names_with(added)
  return function(names) return core.array(names and union { names, added } or {}) end
end

local EMAIL_PROPERTIES = { "email", "hs_additional_emails" }

--- Body of a batch read by e-mail address. The addresses are read too: they tell which answer is whose.
dated.batch_read_by_email_body = {
  { "inputs", from = "emails", encode = inputs },
  { "idProperty", value = "email" },
  {
    "properties",
    from = "properties",
    encode = function(names) return names_with(EMAIL_PROPERTIES)(names or EMAIL_PROPERTIES) end,
  },
  { "propertiesWithHistory", from = "with_history", encode = history_array },
}

--- Body of a search that is read newest first by a property, which has to be among those read.
-- @tparam string property
function dated.newest_first_body(property)
  return {
    { "properties", from = "properties", encode = names_with { property } },
  }
end

--- The text of a search, left out where it is empty.
function dated.search_text(text) return text ~= "" and text or nil end

local ARRAYS = { filterGroups = true, filterBranches = true, filters = true, values = true }

-- A copy in which the fields that are arrays are arrays, also where they are empty, and so is what was read as one.
local function with_arrays(value, name)
  if type(value) ~= "table" then return value end
  local copy = {}
  for key, item in pairs(value) do
    copy[key] = with_arrays(item, key)
  end
  return ARRAYS[name] and core.array(copy) or core.like(copy, value)
end

-- The value of a filter as the text that HubSpot reads, or nil and a message.
local function filter_text(value, place)
  if type(value) == "boolean" then return tostring(value) end
  if type(value) ~= "number" then return value end
  local text = number.text(value)
  if not text then return nil, ("%s must be a finite number"):format(place) end
  return text
end

-- Makes the values of a filter texts. Returns a message where one has none.
local function spell_values(filter, place)
  for _, name in ipairs { "value", "highValue" } do
    local message
    filter[name], message = filter_text(filter[name], ("%s.%s"):format(place, name))
    if message then return message end
  end
  for index, value in ipairs(type(filter.values) == "table" and filter.values or {}) do
    local message
    filter.values[index], message = filter_text(value, ("%s.values[%d]"):format(place, index))
    if message then return message end
  end
end

--- The filter groups of a search, or nil and a message.
function dated.filter_groups(groups)
  local copy = with_arrays(groups, "filterGroups")
  for group_index, group in ipairs(copy or {}) do
    for index, filter in ipairs(type(group) == "table" and type(group.filters) == "table" and group.filters or {}) do
      local message = type(filter) == "table"
        and spell_values(filter, ("filter_groups[%d].filters[%d]"):format(group_index, index))
      if message then return nil, message end
    end
  end
  return copy
end

--- A filter branch, in which HubSpot wants each of its four fields, and empty arrays for what is not there.
function dated.filter_branch(branch)
  local copy = with_arrays(branch)
  local function fill(place)
    place.filters = place.filters or core.array {}
    place.filterBranches = place.filterBranches or core.array {}
    for _, inner in ipairs(place.filterBranches) do
      fill(inner)
    end
  end
  fill(copy)
  return copy
end

--- What a list is to be.
function dated.list_definition(definition)
  local wire = {}
  for name, value in pairs(definition) do
    wire[name] = value
  end
  wire.objectTypeId = definition.objectTypeId or "0-1"
  wire.processingType = definition.processingType or "MANUAL"
  wire.filterBranch = definition.filterBranch and dated.filter_branch(definition.filterBranch)
  wire.listFolderId = id.number(definition.listFolderId)
  return wire
end

-- Records ----------------------------------------------------------------------------------------------------

--- A contact. Its properties are texts, so only what stands beside them may have ids that are numbers.
function dated.contact(contact)
  contact.id = must.id(contact.id, "a contact's id")
  contact.properties = must.table(contact.properties, "a contact's properties")
  if contact.associations then id.in_record(contact.associations) end
  return contact
end

--- The contacts of a page or batch.
function dated.contacts(answer)
  local contacts = answer.results or {}
  for index = 1, #contacts do
    dated.contact(contacts[index])
  end
  return contacts
end

--- What an answer to a write of contacts tells, of those that failed, too.
function dated.written_contacts(answer)
  dated.contacts(answer)
  return answer
end

--- The memberships of a page or batch.
function dated.memberships(answer)
  local memberships = id.in_record(must.table(answer.results, "results"))
  for _, membership in ipairs(memberships) do
    must.numeric_id(membership.recordId, "a membership's recordId")
  end
  return memberships
end

-- A batch read names what it did not find among its errors. Anything else there is a failure.
local function failure_in(answer)
  for _, failure in ipairs(answer.errors or {}) do
    if failure.category ~= "OBJECT_NOT_FOUND" then
      return ("HubSpot left contacts out of a batch read: %s"):format(tostring(failure.message))
    end
  end
end

local function text_or_none(value) return type(value) == "string" and value or nil end

--- The addresses of a contact, folded.
function dated.keys_of_emails(contact)
  local email, more = text_or_none(contact.properties.email), text_or_none(contact.properties.hs_additional_emails)
  local keys = { email and fold(email) }
  for address in (more or ""):gmatch "[^;]+" do
    keys[#keys + 1] = fold(address)
  end
  return keys
end

--- The contacts of a batch read by id.
function dated.contacts_by_id(answer, values)
  local message = failure_in(answer)
  if message then return nil, message end
  return order.by_ids(values.ids, dated.contacts(answer))
end

--- The contacts of a batch read by e-mail address.
function dated.contacts_by_email(answer, values)
  local message = failure_in(answer)
  if message then return nil, message end
  return order.by_keys(values.emails, dated.contacts(answer), dated.keys_of_emails)
end

--- What adding to a list, or removing from it, answers.
-- @tparam string done "added" or "removed"
function dated.membership_change(done)
  return function(answer, values)
    -- HubSpot spells the first one recordsIdsAdded.
    local changed = answer.recordsIdsAdded or answer.recordIdsAdded or {}
    if done == "removed" then changed = answer.recordIdsRemoved or answer.recordsIdsRemoved or {} end
    local missing = answer.recordIdsMissing or answer.recordsIdsMissing or {}
    changed, missing = id.texts(changed), id.texts(missing)
    local accounted, unchanged = {}, {}
    for _, ids in ipairs { changed, missing } do
      for _, told in ipairs(ids) do
        accounted[told] = true
      end
    end
    for _, asked in ipairs(values.ids) do
      if not accounted[asked] then unchanged[#unchanged + 1] = asked end
    end
    return { [done] = changed, unchanged = unchanged, missing_ids = missing }
  end
end

--- Which lists the legacy ids of an id mapping are, `{ { legacyListId =, listId = }, … }`, and those that are none.
function dated.id_mapping(answer)
  local pairs = id.in_record(must.table(answer.legacyListIdsToIdsMapping, "legacyListIdsToIdsMapping"))
  for _, pair in ipairs(pairs) do
    must.numeric_id(pair.legacyListId, "a legacyListId")
    must.numeric_id(pair.listId, "a listId")
  end
  return {
    {
      pairs = pairs,
      missing = id.texts(answer.missingLegacyListIds or {}),
    },
  }
end

--- A list, as it comes alone (in `list` or `updatedList`) or among others.
function dated.list(answer)
  -- The filters are HubSpot's, and sent back as they came.
  local list = id.in_fields(answer.list or answer.updatedList or answer)
  local additional = list.additionalProperties
  if list.size == nil and additional and additional.hs_list_size then list.size = tonumber(additional.hs_list_size) end
  return list
end

--- Lists of a page or batch.
function dated.lists(answer)
  local lists = {}
  for index, list in ipairs(answer.lists or {}) do
    lists[index] = dated.list(list)
  end
  return lists
end

return dated
