--- How HubSpot's date-versioned API spells what reads and writes contacts, and their records.
-- @module hubspot.shape.contact

local core = require "hubspot.core"
local fold = require("hubspot.text").fold
local id = require "hubspot.id"
local must = require "hubspot.shape.must"
local order = require "hubspot.shape.order"
local union = require "hubspot.shape.union"

local shape = {}

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
shape.history_check = {
  "propertiesWithHistory",
  from = "with_history",
  encode = function(with_history, values)
    local _, message = history_names(with_history, values)
    return nil, message
  end,
}

--- Query of what reads contacts.
shape.query = {
  { "properties", from = "properties", encode = joined },
  { "propertiesWithHistory", from = "with_history", encode = joined_history },
  { "associations", from = "associations", encode = joined },
  { "archived", from = "archived" },
}

--- Query of what reads one contact by its e-mail address.
shape.query_by_email = {
  { "idProperty", value = "email" },
  shape.query[1],
  shape.query[2],
  shape.query[3],
  shape.query[4],
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
shape.batch_read_body = {
  { "inputs", from = "ids", encode = inputs },
  { "properties", from = "properties", encode = array_or_empty },
  { "propertiesWithHistory", from = "with_history", encode = history_array },
}

local function names_with(added)
  return function(names) return core.array(names and union { names, added } or {}) end
end

local EMAIL_PROPERTIES = { "email", "hs_additional_emails" }

--- Body of a batch read by e-mail address. The addresses are read too: they tell which answer is whose.
shape.batch_read_by_email_body = {
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
function shape.newest_first_body(property)
  return {
    { "properties", from = "properties", encode = names_with { property } },
  }
end

--- A contact. Its properties are texts, so only what stands beside them may have ids that are numbers.
function shape.record(contact)
  contact.id = must.id(contact.id, "a contact's id")
  contact.properties = must.table(contact.properties, "a contact's properties")
  if contact.associations then id.in_record(contact.associations) end
  return contact
end

--- The contacts of a page or batch.
function shape.records(answer)
  local contacts = answer.results or {}
  for index = 1, #contacts do
    shape.record(contacts[index])
  end
  return contacts
end

--- What an answer to a write of contacts tells, of those that failed, too.
function shape.written(answer)
  shape.records(answer)
  return answer
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
function shape.keys_of_emails(contact)
  local email, more = text_or_none(contact.properties.email), text_or_none(contact.properties.hs_additional_emails)
  local keys = { email and fold(email) }
  for address in (more or ""):gmatch "[^;]+" do
    keys[#keys + 1] = fold(address)
  end
  return keys
end

--- The contacts of a batch read by id.
function shape.records_by_id(answer, values)
  local message = failure_in(answer)
  if message then return nil, message end
  return order.by_ids(values.ids, shape.records(answer))
end

--- The contacts of a batch read by e-mail address.
function shape.records_by_email(answer, values)
  local message = failure_in(answer)
  if message then return nil, message end
  return order.by_keys(values.emails, shape.records(answer), shape.keys_of_emails)
end

return shape
