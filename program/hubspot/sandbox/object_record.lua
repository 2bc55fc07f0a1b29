--- A record as the date versions write it.
local associated = require "hubspot.sandbox.associated"
local core = require "hubspot.core"
local object_values = require "hubspot.sandbox.object_values"
local properties = require "hubspot.sandbox.properties"
local sensitivity = require "hubspot.sandbox.sensitivity"
local time = require "hubspot.sandbox.time"

local object_record = {}

local array = core.array
local value_of = object_values.value

local function histories_of(store, record, names)
  local histories = {}
  for _, name in ipairs(names) do
    if sensitivity.sees(store, name) then
      local versions = {}
      for index, version in ipairs(object_values.versions(record, name)) do
        local text = version.value
        if text ~= "" then text = properties.dated_text(store.definitions, name, text) end
        versions[index] = { value = text, timestamp = time.iso(version.timestamp), sourceType = version.source }
      end
      if #versions > 0 then histories[name] = array(versions) end
    end
  end
  return histories
end

local function properties_of(store, record, names, empty)
  local shown = {}
  for _, name in ipairs(names) do
    if sensitivity.sees(store, name) then
      local text = value_of(record, name)
      shown[name] = text and properties.dated_text(store.definitions, name, text) or empty
    end
  end
  return shown
end

local function names_of(store, asked)
  if not asked or #asked == 0 then return store.type.defaults end
  local names = {}
  for _, list in ipairs { asked, store.type.always } do
    for _, name in ipairs(list) do
      names[#names + 1] = name
    end
  end
  return names
end

--- The record of a date version. `options`: `properties` (names; nil: the default set), `history` (names),
-- `associations` (types), `without_nulls` (true: properties without a value are left out).
function object_record.dated(store, record, options)
  local names = names_of(store, options.properties)
  local answer = {
    id = string.format("%d", record.id),
    properties = properties_of(store, record, names, not options.without_nulls and core.null or nil),
    createdAt = time.iso(record.created),
    updatedAt = time.iso(record.modified),
    archived = record.archived_at ~= nil,
    archivedAt = record.archived_at and time.iso(record.archived_at) or nil,
    url = string.format("https://app.hubspot.com/contacts/%d/record/%s/%d", store.portal_id, store.type.id, record.id),
  }
  if options.history and #options.history > 0 then
    answer.propertiesWithHistory = histories_of(store, record, options.history)
  end
  if options.associations then answer.associations = associated.lists(store, record, options.associations) end
  return answer
end

return object_record
