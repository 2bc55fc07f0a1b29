--- The filters of lists: filter branches as HubSpot completes them, and as tests of a contact.
local object_values = require "hubspot.sandbox.object_values"
local core = require "hubspot.core"
local decimal = require "hubspot.sandbox.decimal"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local time = require "hubspot.sandbox.time"

local list_filter = {}

local array = core.array

local function fail(message, fields) reply.invalid("Invalid filterBranch: " .. message, fields) end

-- Operations by type --------------------------------------------------------------------------------------------

local is_operand = {}

function is_operand.string(value) return type(value) == "string" end

function is_operand.number(value) return type(value) == "number" end

function is_operand.integer(value) return type(value) == "number" and value % 1 == 0 end

function is_operand.boolean(value) return type(value) == "boolean" end

is_operand.object = read.is_object

function is_operand.texts(value)
  for _, text in ipairs(read.is_array(value) and value or {}) do
    if type(text) ~= "string" then return false end
  end
  return read.is_array(value)
end

-- Each type of operation says of which types its property may be, what its operands are (name → kind), and has its
-- operators: function(text, operation) → boolean for a contact that has a value.
local operations = {}

local function negate(test)
  return function(text, operation) return not test(text, operation) end
end

local function is_same(text, wanted) return text == wanted end
local function has_part(text, wanted) return text:find(wanted, 1, true) ~= nil end
local function has_start(text, wanted) return text:sub(1, #wanted) == wanted end
local function has_end(text, wanted) return wanted == "" or text:sub(-#wanted) == wanted end

-- Operators over texts without case; `any(compare)` makes one of a comparison.
local function text_operators(any)
  return {
    IS_EQUAL_TO = any(is_same),
    IS_NOT_EQUAL_TO = negate(any(is_same)),
    CONTAINS = any(has_part),
    DOES_NOT_CONTAIN = negate(any(has_part)),
    STARTS_WITH = any(has_start),
    ENDS_WITH = any(has_end),
  }
end

operations.STRING = {
  of = { string = true },
  operands = { value = "string" },
  operators = text_operators(function(compare)
    return function(text, operation) return compare(text:lower(), operation.value:lower()) end
  end),
}

operations.MULTISTRING = {
  of = { string = true },
  operands = { values = "texts" },
  operators = text_operators(function(compare)
    return function(text, operation)
      for _, wanted in ipairs(operation.values) do
        if compare(text:lower(), wanted:lower()) then return true end
      end
      return false
    end
  end),
}

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
  for _, wanted in ipairs(operation.values) do
    if options[wanted] then return true end
  end
  return false
end

local function has_all(text, operation)
  local options = options_of(text)
  for _, wanted in ipairs(operation.values) do
    if not options[wanted] then return false end
  end
  return true
end

local function is_exactly(text, operation)
  local _, count = options_of(text)
  return count == #operation.values and has_all(text, operation)
end

operations.ENUMERATION = {
  of = { enumeration = true },
  operands = { values = "texts" },
  operators = {
    IS_ANY_OF = has_any,
    IS_NONE_OF = negate(has_any),
    CONTAINS_ALL = has_all,
    DOES_NOT_CONTAIN_ALL = negate(has_all),
    IS_EXACTLY = is_exactly,
    IS_NOT_EXACTLY = negate(is_exactly),
  },
}

local function number(compare)
  return function(text, operation)
    local value = decimal.parse(text)
    return value ~= nil and compare(value, operation.value)
  end
end

operations.NUMBER = {
  of = { number = true },
  operands = { value = "number" },
  operators = {
    IS_EQUAL_TO = number(function(a, b) return a == b end),
    IS_NOT_EQUAL_TO = number(function(a, b) return a ~= b end),
    IS_GREATER_THAN = number(function(a, b) return a > b end),
    IS_GREATER_THAN_OR_EQUAL_TO = number(function(a, b) return a >= b end),
    IS_LESS_THAN = number(function(a, b) return a < b end),
    IS_LESS_THAN_OR_EQUAL_TO = number(function(a, b) return a <= b end),
  },
}

local function is_between(text, operation)
  local value = decimal.parse(text)
  return value ~= nil and value >= operation.lowerBound and value <= operation.upperBound
end

operations.NUMBER_RANGED = {
  of = { number = true },
  operands = { lowerBound = "integer", upperBound = "integer" },
  operators = { IS_BETWEEN = is_between, IS_NOT_BETWEEN = negate(is_between) },
}

local function is_bool(text, operation) return text == tostring(operation.value) end

operations.BOOL = {
  of = { bool = true },
  operands = { value = "boolean" },
  operators = { IS_EQUAL_TO = is_bool, IS_NOT_EQUAL_TO = negate(is_bool) },
}

local function start_of(operation)
  local point = operation.timePoint
  return time.parse(string.format("%04d-%02d-%02d", point.year, point.month, point.day))
end

local function is_part_of_date(value) return type(value) == "number" and value % 1 == 0 and value > 0 and value < 10000 end

local function check_time_point(operation)
  local point = operation.timePoint
  local is_date = is_part_of_date(point.year) and is_part_of_date(point.month) and is_part_of_date(point.day)
  if point.timeType ~= "DATE" or type(point.zoneId) ~= "string" or not is_date or not start_of(operation) then
    fail "TIME_POINT needs a timePoint of timeType DATE, with zoneId, year, month and day"
  end
end

operations.TIME_POINT = {
  of = { date = true, datetime = true },
  operands = { timePoint = "object" },
  operators = {
    IS_BEFORE = function(text, operation) return tonumber(text) < start_of(operation) end,
    IS_AFTER = function(text, operation) return tonumber(text) >= start_of(operation) + time.DAY end,
  },
  check = check_time_point,
}

local ANY_TYPE = { string = true, enumeration = true, number = true, bool = true, date = true, datetime = true }

operations.ALL_PROPERTY = { of = ANY_TYPE, operands = {}, operators = { IS_KNOWN = true, IS_UNKNOWN = true } }

-- Reading a branch ----------------------------------------------------------------------------------------------

local function copy(object)
  local copied = {}
  for name, value in pairs(object) do
    copied[name] = value
  end
  return copied
end

-- An operation with what HubSpot adds to it, and its kind.
local function complete_operation(definition, operation)
  if type(operation) ~= "table" then fail "a PROPERTY filter needs an operation" end
  local kind = operations[operation.operationType]
  if not kind or not kind.operators[operation.operator] then
    fail(
      string.format(
        "operator %s is not known for operationType %s",
        tostring(operation.operator),
        tostring(operation.operationType)
      ),
      { subCategory = "ListError.INVALID_FILTER_OPERATOR" }
    )
  end
  if not kind.of[definition.type] then
    fail(
      string.format(
        "operationType %s can't be used with property %s, which is of type %s",
        operation.operationType,
        definition.name,
        definition.type
      )
    )
  end
  for name, expected in pairs(kind.operands) do
    if not is_operand[expected](operation[name]) then
      fail(string.format("operationType %s needs %s", operation.operationType, name))
    end
  end
  if kind.check then kind.check(operation) end
  local completed = copy(operation)
  completed.includeObjectsWithNoValueSet = operation.includeObjectsWithNoValueSet == true
  if kind.operands.values then completed.values = array(copy(operation.values)) end
  if operation.operationType == "TIME_POINT" then completed.type = operation.type or "TIME_POINT" end
  return completed, kind
end

local function property_test(name, operation, kind)
  if kind == operations.ALL_PROPERTY then
    local known = operation.operator == "IS_KNOWN"
    return function(contact) return (object_values.value(contact, name) ~= nil) == known end
  end
  local test = kind.operators[operation.operator]
  return function(contact)
    local text = object_values.value(contact, name)
    if text == nil then return operation.includeObjectsWithNoValueSet end
    return test(text, operation)
  end
end

local function read_filter(definitions, filter)
  if type(filter) ~= "table" or filter.filterType ~= "PROPERTY" then
    fail "only filters of filterType PROPERTY are known to the sandbox"
  end
  local definition = type(filter.property) == "string" and definitions[filter.property]
  if not definition then fail('property "' .. tostring(filter.property) .. '" does not exist') end
  local operation, kind = complete_operation(definition, filter.operation)
  local completed = copy(filter)
  completed.operation = operation
  return completed, property_test(definition.name, operation, kind)
end

local function check_type(branch, name, expected)
  local value = read.given(branch[name])
  if value ~= nil and value ~= expected then fail(name .. " must be " .. expected .. ", got " .. tostring(value)) end
end

local function all_of(tests, contact)
  for _, test in ipairs(tests) do
    if not test(contact) then return false end
  end
  return true
end

local function any_of(tests, contact)
  for _, test in ipairs(tests) do
    if test(contact) then return true end
  end
  return false
end

local CHILD = { OR = "AND", AND = "OR" }

-- A branch with what HubSpot adds to it (its operator and empty arrays), and its test.
local function read_branch(definitions, branch, kind)
  if type(branch) ~= "table" then fail "a branch must be an object" end
  if branch.filterBranchType ~= kind then
    fail("filterBranchType must be " .. kind .. " here, got " .. tostring(branch.filterBranchType))
  end
  check_type(branch, "filterBranchOperator", kind)
  local completed, tests = copy(branch), {}
  completed.filterBranchOperator, completed.filters, completed.filterBranches = kind, array {}, array {}
  for index, filter in ipairs(read.list(branch, "filters")) do
    completed.filters[index], tests[#tests + 1] = read_filter(definitions, filter)
  end
  for index, child in ipairs(read.list(branch, "filterBranches")) do
    completed.filterBranches[index], tests[#tests + 1] = read_branch(definitions, child, CHILD[kind])
  end
  local combine = kind == "OR" and any_of or all_of
  return completed, function(contact) return combine(tests, contact) end
end

--- Reads a filter branch: as HubSpot answers it, and a test of contacts. The root must be an OR of ANDs. Answers 400
-- where the branch is not right.
-- @treturn table `{ branch =, test = }`
function list_filter.read(definitions, branch)
  local completed, test = read_branch(definitions, branch, "OR")
  if #completed.filters > 0 then fail "the root must be an OR branch without filters of its own" end
  return { branch = completed, test = test }
end

return list_filter
