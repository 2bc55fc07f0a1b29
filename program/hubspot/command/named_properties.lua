--- The properties that a command line names: without a look at their definitions HubSpot takes a misspelled name, and
-- gives no value of it.
-- @module hubspot.command.named_properties

local did_you_mean = require "hubspot.did_you_mean"
local fail = require "hubspot.command.fail"

local named_properties = {}

-- More names cost more requests than the list of all properties.
local NAMES_OF_ONE_REQUEST = 100

local function by_name(list)
  local definitions = {}
  for _, definition in ipairs(list) do
    definitions[definition.name] = definition
  end
  return definitions
end

local function names_of(uses)
  local names, seen = {}, {}
  for _, use in ipairs(uses) do
    for _, name in ipairs(use.names) do
      if not seen[name] then names[#names + 1] = name end
      seen[name] = true
    end
  end
  return names
end

local function read_definitions(client, object, names)
  if #names <= NAMES_OF_ONE_REQUEST then return client.properties:get_many(names, { object_type = object }) end
  return client.properties:all { object_type = object }
end

-- Of more problems the rest is counted.
local MOST_PROBLEMS = 10

local function problems_of(uses, definitions)
  local problems, left_out = {}, 0
  for _, use in ipairs(uses) do
    for _, name in ipairs(use.names) do
      if not definitions[name] and #problems < MOST_PROBLEMS then
        local hint = did_you_mean.hint(name, definitions)
        problems[#problems + 1] = ("%s: no property is called %s%s"):format(use.flag, name, hint)
      elseif not definitions[name] then
        left_out = left_out + 1
      end
    end
  end
  if left_out > 0 then problems[#problems + 1] = ("and %d other names"):format(left_out) end
  return problems
end

local function has_all(definitions, names)
  for _, name in ipairs(names) do
    if not definitions[name] then return false end
  end
  return true
end

-- Adds those of all other properties: a name may be misspelled, or HubSpot may have left one out of its answer.
local function add_others(client, object, definitions)
  for _, definition in ipairs(client.properties:all { object_type = object } or {}) do
    definitions[definition.name] = definitions[definition.name] or definition
  end
end

--- Reads the definitions of named properties. Fails where there is no property of a name.
-- @tparam table client
-- @tparam string object the type of the records
-- @tparam table uses a list of `{ flag =, names = }`, the options that name them
-- @treturn table definitions by name; none where the token may not read them, or there is no such type
function named_properties.read(client, object, uses)
  local names = names_of(uses)
  if #names == 0 then return {} end
  local list, err = read_definitions(client, object, names)
  -- Records need no definitions; the next request tells what else is wrong with the type.
  if not list and (err.status == 403 or err.status == 404) then return {} end
  if not list then fail.hubspot(err) end
  local definitions = by_name(list)
  if has_all(definitions, names) then return definitions end
  add_others(client, object, definitions)
  local problems = problems_of(uses, definitions)
  if #problems > 0 then fail.usages(problems) end
  return definitions
end

return named_properties
