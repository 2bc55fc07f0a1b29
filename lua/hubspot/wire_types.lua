--- Types of what goes out as HubSpot spells it: checked for what would be another thing there, and not more.
-- @module hubspot.wire_types

local wire_types = {}

local FILTER_GROUPS = "a list of groups, such as "
  .. '{ { filters = { { propertyName = "city", operator = "EQ", value = "Lyon" } } } }'

local function is_list_of_tables(value)
  if type(value) ~= "table" or (next(value) ~= nil and value[1] == nil) then return false end
  for _, item in ipairs(value) do
    if type(item) ~= "table" then return false end
  end
  return true
end

local function are_filter_groups(value)
  if not is_list_of_tables(value) then return false end
  for _, group in ipairs(value) do
    if not is_list_of_tables(group.filters) then return false end
  end
  return true
end

--- The filter groups of a search.
wire_types.filter_groups = {
  description = FILTER_GROUPS,
  luacats = "hubspot.FilterGroup[]",
  check = function(value, place)
    if are_filter_groups(value) then return value end
    return nil, ("%s must be %s"):format(place, FILTER_GROUPS)
  end,
}

--- A value that goes out as JSON. A text that is JSON already would become a JSON string.
wire_types.json = {
  description = "a value that JSON can hold",
  luacats = "any",
  check = function(value, place)
    if type(value) ~= "string" or not value:find "^%s*[{%[]" then return value end
    return nil, ("%s must be a table, which the client writes as JSON; this text is JSON already"):format(place)
  end,
}

return wire_types
