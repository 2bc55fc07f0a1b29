--- The filters of lists: filter branches of the current API as tests of a contact, and v1 filters as filter branches.
local contact_store = require "hubspot.sandbox.contact_store"
local core = require "hubspot.core"
local decimal = require "hubspot.sandbox.decimal"
local reply = require "hubspot.sandbox.reply"
local time = require "hubspot.sandbox.time"

local list_filter = {}

local array = core.array

-- Operations by type --------------------------------------------------------------------------------------------

-- Every operator is a function(text, operation) → boolean for a contact that has a value.
local operations = {}

local function wanted_texts(operation)
  if type(operation.values) == "table" then return operation.values end
  return { operation.value }
end

local function any_text(compare)
  return function(text, operation)
    for _, wanted in ipairs(wanted_texts(operation)) do
      if compare(text:lower(), tostring(wanted):lower()) then return true end
    end
    return false
  end
end

local function negate(test)
  return function(text, operation) return not test(text, operation) end
end

local is_text = any_text(function(text, wanted) return text == wanted end)
local contains = any_text(function(text, wanted) return text:find(wanted, 1, true) ~= nil end)

operations.STRING = {
  IS_EQUAL_TO = is_text,
  IS_NOT_EQUAL_TO = negate(is_text),
  CONTAINS = contains,
  DOES_NOT_CONTAIN = negate(contains),
  STARTS_WITH = any_text(function(text, wanted) return text:sub(1, #wanted) == wanted end),
  ENDS_WITH = any_text(function(text, wanted) return wanted == "" or text:sub(-#wanted) == wanted end),
}
operations.MULTISTRING = operations.STRING

local function options_of(text)
  local options, count = {}, 0
  for value in text:gmatch "[^;]+" do
    options[value] = true
    count = count + 1
  end
  return options, count
end

local function has_any(text, operation)
  local options = options_of(text)
  for _, wanted in ipairs(wanted_texts(operation)) do
    if options[tostring(wanted)] then return true end
  end
  return false
end

local function has_all(text, operation)
  local options = options_of(text)
  for _, wanted in ipairs(wanted_texts(operation)) do
    if not options[tostring(wanted)] then return false end
  end
  return true
end

local function is_exactly(text, operation)
  local _, count = options_of(text)
  return count == #wanted_texts(operation) and has_all(text, operation)
end

operations.ENUMERATION = {
  IS_ANY_OF = has_any,
  IS_NONE_OF = negate(has_any),
  CONTAINS_ALL = has_all,
  DOES_NOT_CONTAIN_ALL = negate(has_all),
  IS_EXACTLY = is_exactly,
  IS_NOT_EXACTLY = negate(is_exactly),
}

local function number(compare)
  return function(text, operation)
    local left = decimal.parse(text)
    return left ~= nil and compare(left, operation.value)
  end
end

local function is_between(text, operation)
  local value = decimal.parse(text)
  return value ~= nil and value >= operation.lowerBound and value <= operation.upperBound
end

operations.NUMBER = {
  IS_EQUAL_TO = number(function(a, b) return a == b end),
  IS_NOT_EQUAL_TO = number(function(a, b) return a ~= b end),
  IS_GREATER_THAN = number(function(a, b) return a > b end),
  IS_GREATER_THAN_OR_EQUAL_TO = number(function(a, b) return a >= b end),
  IS_LESS_THAN = number(function(a, b) return a < b end),
  IS_LESS_THAN_OR_EQUAL_TO = number(function(a, b) return a <= b end),
  IS_BETWEEN = is_between,
  IS_NOT_BETWEEN = negate(is_between),
}

local function is_bool(text, operation) return text == tostring(operation.value) end

operations.BOOL = { IS_EQUAL_TO = is_bool, IS_NOT_EQUAL_TO = negate(is_bool) }

local function start_of(operation)
  local point = operation.timePoint
  if type(point) ~= "table" or not (point.year and point.month and point.day) then
    reply.invalid "Invalid filterBranch: TIME_POINT needs a timePoint with year, month and day"
  end
  return time.parse(string.format("%04d-%02d-%02d", point.year, point.month, point.day)) or 0
end

operations.TIME_POINT = {
  IS_BEFORE = function(text, operation) return tonumber(text) < start_of(operation) end,
  IS_AFTER = function(text, operation) return tonumber(text) >= start_of(operation) + time.DAY end,
}

operations.ALL_PROPERTY = { IS_KNOWN = true, IS_UNKNOWN = true }

-- Compiling a branch --------------------------------------------------------------------------------------------

local function fail(message) reply.invalid("Invalid filterBranch: " .. message) end

local function compile_property(definitions, filter)
  local name, operation = filter.property, filter.operation
  if type(name) ~= "string" or not definitions[name] then fail('property "' .. tostring(name) .. '" does not exist') end
  if type(operation) ~= "table" then fail "a PROPERTY filter needs an operation" end
  local kinds = operations[operation.operationType]
  local test = kinds and kinds[operation.operator]
  if not test then
    fail(
      "operator "
        .. tostring(operation.operator)
        .. " is not known for operationType "
        .. tostring(operation.operationType)
    )
  end
  if operation.operationType == "TIME_POINT" then start_of(operation) end
  if operation.operator == "IS_KNOWN" or operation.operator == "IS_UNKNOWN" then
    local known = operation.operator == "IS_KNOWN"
    return function(contact) return (contact_store.value(contact, name) ~= nil) == known end
  end
  local without_value = operation.includeObjectsWithNoValueSet == true
  return function(contact)
    local text = contact_store.value(contact, name)
    if text == nil then return without_value end
    return test(text, operation)
  end
end

local function is_list(value) return type(value) == "table" and (next(value) == nil or value[1] ~= nil) end

local function check_branch(branch)
  if type(branch) ~= "table" then fail "a branch must be an object" end
  for _, name in ipairs { "filterBranchType", "filterBranchOperator" } do
    if branch[name] ~= "OR" and branch[name] ~= "AND" then fail(name .. " must be OR or AND") end
  end
  for _, name in ipairs { "filters", "filterBranches" } do
    if not is_list(branch[name]) then fail(name .. " must be an array") end
  end
end

local function compile(definitions, branch)
  check_branch(branch)
  local tests = {}
  for _, filter in ipairs(branch.filters) do
    if type(filter) ~= "table" or filter.filterType ~= "PROPERTY" then
      fail "only filters of filterType PROPERTY are known to the sandbox"
    end
    tests[#tests + 1] = compile_property(definitions, filter)
  end
  for _, child in ipairs(branch.filterBranches) do
    tests[#tests + 1] = compile(definitions, child)
  end
  local stops_at = branch.filterBranchOperator == "OR"
  return function(contact)
    for _, test in ipairs(tests) do
      if test(contact) == stops_at then return stops_at end
    end
    return not stops_at
  end
end

--- A test of contacts for a filter branch; answers 400 where the branch is not right. The root must be an OR of ANDs.
function list_filter.compile(definitions, branch)
  check_branch(branch)
  if branch.filterBranchType ~= "OR" or #branch.filters > 0 then
    fail "the root must be an OR branch without filters of its own"
  end
  for _, child in ipairs(branch.filterBranches) do
    if type(child) ~= "table" or child.filterBranchType ~= "AND" then
      fail "the branches under the root must be AND branches"
    end
  end
  return compile(definitions, branch)
end

-- From v1 -------------------------------------------------------------------------------------------------------

local V1_OPERATORS = {
  string = {
    EQ = "IS_EQUAL_TO",
    NEQ = "IS_NOT_EQUAL_TO",
    CONTAINS = "CONTAINS",
    NCONTAIN = "DOES_NOT_CONTAIN",
    STR_STARTS_WITH = "STARTS_WITH",
    STR_ENDS_WITH = "ENDS_WITH",
  },
  number = {
    EQ = "IS_EQUAL_TO",
    NEQ = "IS_NOT_EQUAL_TO",
    GT = "IS_GREATER_THAN",
    GTE = "IS_GREATER_THAN_OR_EQUAL_TO",
    LT = "IS_LESS_THAN",
    LTE = "IS_LESS_THAN_OR_EQUAL_TO",
  },
  enumeration = {
    EQ = "IS_ANY_OF",
    NEQ = "IS_NONE_OF",
    SET_ANY = "IS_ANY_OF",
    SET_NOT_ANY = "IS_NONE_OF",
    SET_ALL = "CONTAINS_ALL",
    SET_EQ = "IS_EXACTLY",
  },
  bool = { EQ = "IS_EQUAL_TO", NEQ = "IS_NOT_EQUAL_TO" },
  date = { LT = "IS_BEFORE", GT = "IS_AFTER" },
}
V1_OPERATORS.datetime = V1_OPERATORS.date

local V1_OPERATION_TYPES = {
  string = "MULTISTRING",
  number = "NUMBER",
  enumeration = "ENUMERATION",
  bool = "BOOL",
  date = "TIME_POINT",
  datetime = "TIME_POINT",
}

local set_operand = {}

function set_operand.MULTISTRING(operation, value) operation.values = array { value } end

function set_operand.ENUMERATION(operation, value)
  operation.values = array {}
  for part in value:gmatch "[^;]+" do
    table.insert(operation.values, part)
  end
end

function set_operand.NUMBER(operation, value) operation.value = decimal.parse(value) end

function set_operand.BOOL(operation, value) operation.value = value == "true" end

function set_operand.TIME_POINT(operation, value)
  local year, month, day = time.date(tonumber(value) or 0):match "^(%d+)-(%d+)-(%d+)$"
  operation.timePoint =
    { timeType = "DATE", zoneId = "UTC", year = tonumber(year), month = tonumber(month), day = tonumber(day) }
end

local function from_v1_filter(definitions, filter)
  local definition = type(filter) == "table" and definitions[filter.property]
  if not definition then
    reply.fail(400, "Filter has no known property: " .. tostring(type(filter) == "table" and filter.property))
  end
  local operation
  if filter.operator == "IS_EMPTY" or filter.operator == "IS_NOT_EMPTY" then
    operation =
      { operationType = "ALL_PROPERTY", operator = filter.operator == "IS_EMPTY" and "IS_UNKNOWN" or "IS_KNOWN" }
  else
    local operator = V1_OPERATORS[definition.type][filter.operator]
    if not operator then
      reply.fail(400, "Operator " .. tostring(filter.operator) .. " can't be used with property " .. definition.name)
    end
    if filter.value == nil or filter.value == core.null then
      reply.fail(400, "Filter on " .. definition.name .. " has no value")
    end
    operation = { operationType = V1_OPERATION_TYPES[definition.type], operator = operator }
    set_operand[operation.operationType](operation, tostring(filter.value))
  end
  operation.includeObjectsWithNoValueSet = false
  return { filterType = "PROPERTY", property = definition.name, operation = operation }
end

--- The filter branch for v1's array of arrays of filters.
function list_filter.from_v1(definitions, alternatives)
  local branches = {}
  for index, filters in ipairs(alternatives) do
    if not is_list(filters) then reply.fail(400, "filters must be an array of arrays") end
    local converted = {}
    for position, filter in ipairs(filters) do
      converted[position] = from_v1_filter(definitions, filter)
    end
    branches[index] = {
      filterBranchType = "AND",
      filterBranchOperator = "AND",
      filterBranches = array {},
      filters = array(converted),
    }
  end
  return { filterBranchType = "OR", filterBranchOperator = "OR", filters = array {}, filterBranches = array(branches) }
end

return list_filter
