--- Search over records: free text, filters by property, orders, and remembered results.
local object_values = require "hubspot.sandbox.object_values"
local core = require "hubspot.core"
local decimal = require "hubspot.sandbox.decimal"
local properties = require "hubspot.sandbox.properties"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local sensitivity = require "hubspot.sandbox.sensitivity"
local texts = require "hubspot.sandbox.text"

local object_search = {}

-- HubSpot's own pages disagree about these; what keeps to the smallest of each works whichever is right.
local MAX_GROUPS, MAX_FILTERS_IN_GROUP, MAX_FILTERS = 5, 6, 18
local MAX_QUERY = 3000
local REMEMBERED = 8

local value_of = object_values.value

-- A record holds its id and its times as numbers, which become texts only when they are shown.
local function comparable_of(record, name)
  local field = record.traits.numbers[name]
  if field then return record[field] end
  return value_of(record, name)
end

local function tokens_of(text)
  local tokens = {}
  for token in text:lower():gmatch "[%w\128-\255]+" do
    tokens[#tokens + 1] = token
    tokens[token] = true
  end
  return tokens
end

-- Returns whether a property holds all tokens of the wanted text; `*` stands for anything.
local function token_test(wanted)
  if wanted:find("*", 1, true) then
    local is_match = texts.wildcard(wanted:lower())
    return function(text)
      if is_match(text:lower()) then return true end
      for _, token in ipairs(tokens_of(text)) do
        if is_match(token) then return true end
      end
      return false
    end
  end
  local wanted_tokens = tokens_of(wanted)
  return function(text)
    local tokens = tokens_of(text)
    for _, token in ipairs(wanted_tokens) do
      if not tokens[token] then return false end
    end
    return true
  end
end

-- Normalizes a property's values for comparison: numbers and moments to numbers, texts to lower case.
local function normalizer(definition)
  if definition.type == "number" or definition.type == "date" or definition.type == "datetime" then
    return function(value) return type(value) == "number" and value or properties.comparable(definition, value) end
  elseif definition.type == "enumeration" then
    return function(text) return text end
  end
  return string.lower
end

local function single(filter, name)
  local value = filter[name]
  if value == nil or value == core.null or type(value) == "table" then
    reply.invalid("operator " .. filter.operator .. " requires a " .. name)
  end
  return type(value) == "number" and decimal.text(value) or tostring(value)
end

local function several(filter)
  if type(filter.values) ~= "table" or #filter.values == 0 then
    reply.invalid("operator " .. filter.operator .. " requires values")
  end
  local values = {}
  for index, value in ipairs(filter.values) do
    values[index] = type(value) == "number" and decimal.text(value) or tostring(value)
  end
  return values
end

local function operand(filter, name, definition)
  local text = single(filter, name)
  local value = normalizer(definition)(text)
  if value == nil then
    reply.invalid("Invalid " .. definition.type .. " value for " .. definition.name .. ": " .. text)
  end
  return value
end

local function comparison(compare)
  return function(filter, definition)
    local wanted, normal = operand(filter, "value", definition), normalizer(definition)
    return function(text)
      local value = normal(text)
      return value ~= nil and compare(value, wanted)
    end
  end
end

local function membership(expected)
  return function(filter, definition)
    local normal, wanted = normalizer(definition), {}
    for _, text in ipairs(several(filter)) do
      -- Texts must be given in lower case, as HubSpot requires of IN and NOT_IN.
      local value = definition.type == "string" and text or normal(text)
      if value ~= nil then wanted[value] = true end
    end
    return function(text) return (wanted[normal(text)] or false) == expected end
  end
end

local operators = {
  EQ = comparison(function(a, b) return a == b end),
  NEQ = comparison(function(a, b) return a ~= b end),
  LT = comparison(function(a, b) return a < b end),
  LTE = comparison(function(a, b) return a <= b end),
  GT = comparison(function(a, b) return a > b end),
  GTE = comparison(function(a, b) return a >= b end),
  IN = membership(true),
  NOT_IN = membership(false),
}

function operators.BETWEEN(filter, definition)
  local low, high = operand(filter, "value", definition), operand(filter, "highValue", definition)
  local normal = normalizer(definition)
  return function(text)
    local value = normal(text)
    return value ~= nil and value >= low and value <= high
  end
end

function operators.CONTAINS_TOKEN(filter) return token_test(single(filter, "value")) end

function operators.NOT_CONTAINS_TOKEN(filter)
  local contains = token_test(single(filter, "value"))
  return function(text) return not contains(text) end
end

local TEXT_OPERATORS = { CONTAINS_TOKEN = true, NOT_CONTAINS_TOKEN = true }

-- A filter by what a record is associated with; not for custom types.
local function compile_link(store, filter, name)
  local type = store.objects:get(name)
  if not type or type.fully_qualified_name then reply.invalid("Unable to infer object type from: " .. name) end
  local wanted = filter.operator == "EQ" and { single(filter, "value") }
    or filter.operator == "IN" and several(filter)
    or reply.invalid("Invalid operator: " .. tostring(filter.operator))
  return function(record)
    for _, text in ipairs(wanted) do
      local to = { type = type.id, id = tonumber(text) or 0 }
      if #store.objects.associations:types({ type = store.type.id, id = record.id }, to) > 0 then return true end
    end
    return false
  end
end

local function compile_filter(store, filter)
  if type(filter) ~= "table" then reply.invalid "Invalid input JSON: a filter must be an object" end
  local name, operator = filter.propertyName, filter.operator
  local linked = type(name) == "string" and name:match "^associations%.(.+)$"
  if linked then return compile_link(store, filter, linked) end
  local definition = type(name) == "string" and sensitivity.sees(store, name) and store.definitions[name]
  if not definition then
    reply.invalid('There was a problem with the request: property "' .. tostring(name) .. '" does not exist', {
      errors = core.array {
        {
          message = 'Property "' .. tostring(name) .. '" does not exist',
          code = "PROPERTY_DOESNT_EXIST",
          context = { propertyName = core.array { tostring(name) } },
        },
      },
    })
  end
  if operator == "HAS_PROPERTY" or operator == "NOT_HAS_PROPERTY" then
    local expected = operator == "HAS_PROPERTY"
    return function(record) return (value_of(record, name) ~= nil) == expected end
  end
  local make = type(operator) == "string" and operators[operator]
  if not make then reply.invalid("Invalid operator: " .. tostring(operator)) end
  local test = make(filter, definition)
  local value_in = TEXT_OPERATORS[operator] and value_of or comparable_of
  return function(record)
    local value = value_in(record, name)
    return value ~= nil and test(value)
  end
end

local function any_of(tests)
  return function(record)
    for _, test in ipairs(tests) do
      if test(record) then return true end
    end
    return false
  end
end

local function all_of(tests)
  return function(record)
    for _, test in ipairs(tests) do
      if not test(record) then return false end
    end
    return true
  end
end

-- nil where nothing is filtered.
local function compile_groups(store, groups)
  if #groups == 0 then return nil end
  if #groups > MAX_GROUPS then
    reply.invalid(string.format("too many filterGroups: %d, at most %d", #groups, MAX_GROUPS))
  end
  local alternatives, total = {}, 0
  for index, group in ipairs(groups) do
    if type(group) ~= "table" then reply.invalid "Invalid input JSON: a filterGroup must be an object" end
    local tests = {}
    local filters = read.list(group, "filters")
    if #filters == 0 then reply.invalid "a filterGroup must have filters" end
    total = total + #filters
    if #filters > MAX_FILTERS_IN_GROUP or total > MAX_FILTERS then
      reply.invalid(
        string.format("too many filters: at most %d in a group and %d in all", MAX_FILTERS_IN_GROUP, MAX_FILTERS)
      )
    end
    for position, filter in ipairs(filters) do
      tests[position] = compile_filter(store, filter)
    end
    alternatives[index] = all_of(tests)
  end
  return any_of(alternatives)
end

local function digits_of(text) return (text:gsub("%D", "")) end

-- Every word must occur somewhere in the properties that free text looks into.
local function compile_text(store, text)
  local words = {}
  for word in text:lower():gmatch "%S+" do
    words[#words + 1] = word
  end
  if #words == 0 then return nil end
  local whole_digits = text:match "^[%d%s()+.-]+$" and digits_of(text)
  return function(record)
    local values = {}
    for _, name in ipairs(store.type.searched) do
      values[#values + 1] = value_of(record, name)
    end
    if whole_digits and #whole_digits > 2 then
      for _, name in ipairs { "phone", "mobilephone" } do
        local phone = value_of(record, name)
        if phone and digits_of(phone):find(whole_digits, 1, true) then return true end
      end
    end
    local haystack = table.concat(values, "\n"):lower()
    for _, word in ipairs(words) do
      if not haystack:find(word, 1, true) then return false end
    end
    return true
  end
end

local function parse_sort(sort)
  local name, descending
  if type(sort) == "string" then
    local minus
    minus, name = sort:match "^(%-?)(.*)$"
    descending = minus == "-"
  elseif type(sort) == "table" then
    name = sort.propertyName
    local direction = sort.direction
    if direction ~= nil and direction ~= core.null and direction ~= "ASCENDING" and direction ~= "DESCENDING" then
      reply.invalid("Invalid sort direction: " .. tostring(direction))
    end
    descending = direction == "DESCENDING"
  end
  return name, descending
end

local function compile_sorts(store, sorts)
  local keys = {}
  for index, sort in ipairs(sorts) do
    local name, descending = parse_sort(sort)
    local definition = type(name) == "string" and store.definitions[name]
    if not definition then reply.invalid('Unable to sort by "' .. tostring(name) .. '": property does not exist') end
    keys[index] = { name = name, descending = descending, normal = normalizer(definition) }
    if name == "hs_object_id" and store.ids_sorted_as_texts then
      keys[index].normal = function(id) return string.format("%d", id) end
    end
  end
  return keys
end

local function sort_rows(rows, keys)
  table.sort(rows, function(a, b)
    for index, key in ipairs(keys) do
      local left, right = a[index], b[index]
      if left ~= right then
        -- Records without a value come last, whatever the direction.
        if left == false or right == false then return right == false end
        if key.descending then return left > right end
        return left < right
      end
    end
    return a.id < b.id
  end)
end

-- Ids rise with creation: without a sort, and in the order of ids, the rows are sorted already.
local function needs_sorting(store, keys)
  local first = keys[1]
  return first ~= nil and (first.name ~= "hs_object_id" or first.descending or store.ids_sorted_as_texts)
end

local function run(store, test, keys)
  if not needs_sorting(store, keys) then keys = {} end
  local rows, search = {}, store:searcher()
  for _, id in ipairs(store:searched_ids()) do
    local record = search(id)
    if record and (not test or test(record)) then
      local row = { id = id }
      for index, key in ipairs(keys) do
        local value = comparable_of(record, key.name)
        value = value and key.normal(value)
        if value == nil then value = false end
        row[index] = value
      end
      rows[#rows + 1] = row
    end
  end
  if #keys > 0 then sort_rows(rows, keys) end
  local ids = {}
  for index, row in ipairs(rows) do
    ids[index] = row.id
  end
  return ids
end

-- Paging asks the same question again and again; the answer holds until a record changes or the index catches up.
local function remembered(store, key, compute)
  if store.index.settled_at > store.now() then return compute() end
  local memory = store.search_memory
  if
    not memory
    or memory.version ~= store.version
    or memory.links ~= store.objects.associations.version
    or #memory.keys >= REMEMBERED
  then
    memory = { version = store.version, links = store.objects.associations.version, keys = {}, found = {} }
    store.search_memory = memory
  end
  if not memory.found[key] then
    memory.found[key] = compute()
    memory.keys[#memory.keys + 1] = key
  end
  return memory.found[key]
end

--- The ids that a search finds, in its order. `query` has `query`, `filterGroups` and `sorts`, as HubSpot's body has.
function object_search.find(store, query)
  local text = read.given(query.query) or ""
  if type(text) ~= "string" or #text > MAX_QUERY then
    reply.invalid("query must be a text of at most " .. MAX_QUERY .. " characters")
  end
  local groups, sorts = read.list(query, "filterGroups"), read.list(query, "sorts")
  local keys = compile_sorts(store, sorts)
  local tests = { compile_text(store, text) }
  tests[#tests + 1] = compile_groups(store, groups)
  local key = core.encode { text, core.array(groups), core.array(sorts) }
  return remembered(store, key, function() return run(store, #tests > 0 and all_of(tests) or nil, keys) end)
end

--- The ids of all records, newest first by creation ("created") or last change ("modified").
function object_search.recent(store, field)
  local memory = store.recent_memory
  if not memory or memory.version ~= store.version then
    memory = { version = store.version }
    store.recent_memory = memory
  end
  if not memory[field] then
    local ids = {}
    for index, id in ipairs(store.live:all()) do
      ids[index] = id
    end
    table.sort(ids, function(a, b)
      local left, right = store.records[a][field], store.records[b][field]
      if left ~= right then return left > right end
      return a > b
    end)
    memory[field] = ids
  end
  return memory[field]
end

return object_search
