--- Reads `--filter 'PROPERTY OPERATOR VALUE'`: the operators of HubSpot's search, as people write them.
-- @module hubspot.command.export.filters

local fold = require("hubspot.text").fold
local labels = require "hubspot.command.export.labels"
local time = require "hubspot.time"
local trim = require("hubspot.text").trim

local filters = {}

-- The operators, each with HubSpot's name and the number of its values: nil for a list of them.
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

-- Returns the operator that a text begins with, and the rest of it. A word ends at a blank, and signs where other
-- characters begin: "=>" is no "=".
local function split_operator(text)
  local signs = text:match "^[=!<>~]+"
  for _, one in ipairs(OPERATORS) do
    local words = one.words
    local rest = text:sub(#words + 1)
    local is_whole = signs == words or (not signs and (rest == "" or rest:find "^%s"))
    if is_whole and text:sub(1, #words):lower() == words then return one, trim(rest) end
  end
end

-- Returns the values of a list; nil where there is none.
local function list_of(text)
  local list = {}
  for item in text:gmatch "[^,]+" do
    item = trim(item)
    if item ~= "" then list[#list + 1] = item end
  end
  return list[1] and list
end

-- Returns the fields of a filter that have its values; nil where there are not as many as its operator takes.
local function values_of(one, text)
  if one.values == 0 then return text == "" and {} or nil end
  if text == "" then return nil end
  if one.values == 1 then return { value = text } end
  if not one.values then
    local list = list_of(text)
    return list and { values = list }
  end
  local from, to = text:lower():find(" and ", 1, true)
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

-- Makes the values of a filter anew. `respell` returns a value as it is to be; nil where it stays.
local function with_values(filter, respell)
  local values = filter.values and {}
  for index, value in ipairs(filter.values or {}) do
    values[index] = respell(value) or value
  end
  return {
    propertyName = filter.propertyName,
    operator = filter.operator,
    value = filter.value and respell(filter.value) or filter.value,
    highValue = filter.highValue and respell(filter.highValue) or filter.highValue,
    values = values,
  }
end

local OF_TIMES = { date = true, datetime = true }

local function milliseconds(text)
  local ms = time.from_iso(text)
  return ms and ("%.0f"):format(ms)
end

--- Returns a filter as HubSpot's search wants it: times in milliseconds; and of a list of texts it finds only those in
-- small letters, though of options only their values as they are.
-- @tparam table filter as `read` made it
-- @tparam ?table definition of its property; nil where HubSpot does not tell it
-- @treturn table
function filters.spelled(filter, definition)
  local property_type = definition and definition.type
  if OF_TIMES[property_type] then return with_values(filter, milliseconds) end
  if property_type == "string" and filter.values then return with_values(filter, fold) end
  return filter
end

-- Problems of values -------------------------------------------------------------------------------------------------

local NO_TIME = "%s is a time, which %q is not: write 2026-01-31, 2026-01-31T12:00:00Z or milliseconds since 1970"

local function time_problem(definition, value)
  if value:find "^%-?%d+$" or time.from_iso(value) then return nil end
  return NO_TIME:format(definition.name, value)
end

-- Returns the problem of a value that no option has, where it is one in another case, or its label. Others may be those
-- of an option that was deleted since.
local function option_problem(definition, value)
  local meant
  for _, option in ipairs(definition.options or {}) do
    if option.value == value then return nil end
    local is_meant = fold(option.value) == fold(value) or fold(option.label or "") == fold(value)
    meant = meant or (is_meant and option.value)
  end
  return meant and ("%s has no option %q; did you mean %s?"):format(definition.name, value, meant) or nil
end

local function bool_problem(definition, value)
  if value == "true" or value == "false" then return nil end
  return ("%s is true or false, which %q is not"):format(definition.name, value)
end

local NO_OWNER = "%s has the ids of owners, which %q is none of: `hubspot-lua export owners` tells them"

local function owner_problem(definition, value)
  return not value:find "^%d+$" and NO_OWNER:format(definition.name, value) or nil
end

local OF_TYPE = { bool = bool_problem, date = time_problem, datetime = time_problem, enumeration = option_problem }

local function problem_finder(definition)
  return labels.are_owners(definition) and owner_problem or OF_TYPE[definition.type]
end

-- Operators that compare words, not values.
local OF_WORDS = { CONTAINS_TOKEN = true, NOT_CONTAINS_TOKEN = true }

--- Tells what is wrong with a filter's values.
-- @tparam table filter as `read` made it
-- @tparam ?table definition of its property; nil where HubSpot does not tell it
-- @treturn ?string
function filters.problem(filter, definition)
  local problem_of = definition and not OF_WORDS[filter.operator] and problem_finder(definition)
  if not problem_of then return nil end
  for _, list in ipairs { filter.values or {}, { filter.value, filter.highValue } } do
    for _, value in ipairs(list) do
      local problem = problem_of(definition, value)
      if problem then return problem end
    end
  end
end

return filters
