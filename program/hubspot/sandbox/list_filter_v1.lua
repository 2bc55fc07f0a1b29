--- The filters of v1's lists as filter branches.
local core = require "hubspot.core"
local decimal = require "hubspot.sandbox.decimal"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local time = require "hubspot.sandbox.time"

local list_filter_v1 = {}

local array = core.array

local OPERATORS = {
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
OPERATORS.datetime = OPERATORS.date

local OPERATION_TYPES = {
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

function set_operand.NUMBER(operation, value)
  operation.value = decimal.parse(value)
  if not operation.value then reply.fail(400, value .. " is no number") end
end

function set_operand.BOOL(operation, value) operation.value = value == "true" end

function set_operand.TIME_POINT(operation, value)
  local year, month, day = time.date(tonumber(value) or 0):match "^(%d+)-(%d+)-(%d+)$"
  operation.timePoint =
    { timeType = "DATE", zoneId = "UTC", year = tonumber(year), month = tonumber(month), day = tonumber(day) }
end

local function convert(definitions, filter)
  local definition = type(filter) == "table" and definitions[filter.property]
  if not definition then
    reply.fail(400, "Filter has no known property: " .. tostring(type(filter) == "table" and filter.property))
  end
  local operation
  if filter.operator == "IS_EMPTY" or filter.operator == "IS_NOT_EMPTY" then
    operation =
      { operationType = "ALL_PROPERTY", operator = filter.operator == "IS_EMPTY" and "IS_UNKNOWN" or "IS_KNOWN" }
  else
    local operator = OPERATORS[definition.type][filter.operator]
    if not operator then
      reply.fail(400, "Operator " .. tostring(filter.operator) .. " can't be used with property " .. definition.name)
    end
    if read.given(filter.value) == nil then reply.fail(400, "Filter on " .. definition.name .. " has no value") end
    operation = { operationType = OPERATION_TYPES[definition.type], operator = operator }
    set_operand[operation.operationType](operation, tostring(filter.value))
  end
  operation.includeObjectsWithNoValueSet = false
  return { filterType = "PROPERTY", property = definition.name, operation = operation }
end

--- The filter branch for v1's array of arrays of filters.
function list_filter_v1.branch(definitions, alternatives)
  local branches = {}
  for index, filters in ipairs(alternatives) do
    if not read.is_array(filters) then reply.fail(400, "filters must be an array of arrays") end
    local converted = {}
    for position, filter in ipairs(filters) do
      converted[position] = convert(definitions, filter)
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

return list_filter_v1
