--- The filters of searches and lists.
-- @module hubspot.shape.filters

local core = require "hubspot.core"
local number = require "hubspot.number"

local shape = {}

--- The text of a search, left out where it is empty.
function shape.search_text(text) return text ~= "" and text or nil end

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
function shape.groups(groups)
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
function shape.branch(branch)
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

return shape
