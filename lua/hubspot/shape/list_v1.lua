--- Spells lists as HubSpot's v1 API does.
-- @module hubspot.shape.list_v1

local core = require "hubspot.core"
local id = require "hubspot.id"
local must = require "hubspot.shape.must"
local number_text = require("hubspot.number").text
local v1 = require "hubspot.shape.v1"

local shape = {
  --- The date from which HubSpot answers 404 to its v1 lists.
  REMOVED = "2026-04-30",
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

--- The definition of a list: filters are arrays of arrays, also where they are empty.
function shape.definition(definition, values)
  return {
    name = definition.name,
    dynamic = definition.dynamic,
    portalId = id.number(values.portal_id),
    filters = definition.filters and array_of(definition.filters, list_filters),
  }
end

--- A list of v1. Its `listId` is the v1 id.
function shape.record(list)
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
    createdAt = v1.iso(list.createdAt),
    updatedAt = v1.iso(list.updatedAt),
    filters = list.filters,
  }
end

--- Lists of a page or batch.
function shape.records(answer)
  local lists = {}
  for index, list in ipairs(answer.lists or {}) do
    lists[index] = shape.record(list)
  end
  return lists
end

--- Reads the answer to adding to a list, or removing from it.
-- @tparam string done "added" or "removed"
function shape.membership_change(done)
  return function(answer)
    return {
      [done] = id.texts(answer.updated or {}),
      unchanged = id.texts(answer.discarded or {}),
      missing_ids = id.texts(answer.invalidVids or {}),
      missing_emails = must.texts(answer.invalidEmails, "invalidEmails"),
    }
  end
end

return shape
