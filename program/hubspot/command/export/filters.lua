--- Reads `--filter 'PROPERTY OPERATOR VALUE'`: the operators of HubSpot's search, as people write them.
-- @module hubspot.command.export.filters

local fold = require("hubspot.text").fold
local time = require "hubspot.time"
local trim = require("hubspot.text").trim

local filters = {}

-- The operators, each with HubSpot's name and the number of its values: nil for a list of them. One that another begins
-- with comes after it.
local OPERATORS = {
  { words = "=", operator = "EQ", values = 1 },
  { words = "!=", operator = "NEQ", values = 1 },
  { words = "<=", operator = "LTE", values = 1 },
  { words = "<", operator = "LT", values = 1 },
  { words = ">=", operator = "GTE", values = 1 },
  { words = ">", operator = "GT", values = 1 },
  { words = "between", operator = "BETWEEN", values = 2 },
  { words = "in", operator = "IN" },
  { words = "not in", operator = "NOT_IN" },
  { words = "contains", operator = "CONTAINS_TOKEN", values = 1 },
  { words = "not contains", operator = "NOT_CONTAINS_TOKEN", values = 1 },
  { words = "is known", operator = "HAS_PROPERTY", values = 0 },
  { words = "is unknown", operator = "NOT_HAS_PROPERTY", values = 0 },
}

local function all_words()
  local list = {}
  for index, one in ipairs(OPERATORS) do
    list[index] = one.words
  end
  return table.concat(list, ", ")
end

--- The operators, for help.
filters.OPERATORS = all_words()

local FORM = "must be a property, an operator and a value, such as 'city = Lyon'; the operators are "
  .. filters.OPERATORS

-- Returns the operator that a text begins with, and the rest of it. A word ends at a blank.
local function split_operator(text)
  for _, one in ipairs(OPERATORS) do
    local words = one.words
    local rest = text:sub(#words + 1)
    local is_whole = words:find "^%p" or rest == "" or rest:find "^%s"
    if text:sub(1, #words):lower() == words and is_whole then return one, trim(rest) end
  end
end

local function list_of(text)
  local list = {}
  for item in text:gmatch "[^,]+" do
    list[#list + 1] = trim(item)
  end
  return list
end

-- Returns the fields of a filter that have its values; nil where there are not as many as its operator takes.
local function values_of(one, text)
  if one.values == 0 then return text == "" and {} or nil end
  if text == "" then return nil end
  if one.values == 1 then return { value = text } end
  if not one.values then return { values = list_of(text) } end
  local from, to = text:find(" and ", 1, true)
  if not from then return nil end
  return { value = trim(text:sub(1, from - 1)), highValue = trim(text:sub(to + 1)) }
end

--- Reads one.
-- @tparam string text
-- @treturn ?table a filter as HubSpot's search takes it; nil and what is wrong
function filters.read(text)
  local property, rest = trim(text):match "^([%w_]+)(.*)$"
  if not property then return nil, FORM end
  local one, value = split_operator(trim(rest))
  local filter = one and values_of(one, value)
  if not filter then return nil, FORM end
  filter.propertyName, filter.operator = property, one.operator
  return filter
end

local function looks_like_time(text) return type(text) == "string" and text:find "^%d%d%d%d%-%d%d%-%d%d" ~= nil end

local function milliseconds(text)
  local ms = text and time.from_iso(text)
  return ms and ("%.0f"):format(ms) or text
end

local function folded(values)
  local list = {}
  for index, value in ipairs(values) do
    list[index] = fold(value)
  end
  return list
end

--- Returns a filter as HubSpot's search wants it: times in milliseconds; and of a list of texts it finds only those in
-- small letters, though of options only their values as they are.
-- @tparam table filter as `read` made it
-- @tparam ?table definition of its property; nil where HubSpot does not tell it
-- @treturn table
function filters.spelled(filter, definition)
  if not filter.values and not looks_like_time(filter.value) then return filter end
  local property_type = definition and definition.type
  local is_time = property_type == "date" or property_type == "datetime"
  return {
    propertyName = filter.propertyName,
    operator = filter.operator,
    value = is_time and milliseconds(filter.value) or filter.value,
    highValue = is_time and milliseconds(filter.highValue) or filter.highValue,
    values = filter.values and property_type == "string" and folded(filter.values) or filter.values,
  }
end

return filters
