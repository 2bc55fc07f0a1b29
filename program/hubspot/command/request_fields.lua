--- The fields of a request's body, as `-f KEY=TEXT` and `-F KEY=JSON` name them: `properties[email]=ada@example.org`
-- and `inputs[][id]=4127` reach into objects and lists.

local core = require "hubspot.core"
local fail = require "hubspot.command.fail"

local request_fields = {}

--- Splits KEY=VALUE.
-- @tparam string text
-- @treturn ?table `key` and `value`; or nil and a message
function request_fields.read(text)
  local key, value = text:match "^([^=]+)=(.*)$"
  if not key then return nil, ("must look like KEY=VALUE, got %s"):format(text) end
  return { key = key, value = value }
end

-- Integers of fewer digits are exact in every Lua.
local EXACT_DIGITS = 15

--- Finds an integer that this Lua can't hold, and would send as another one.
-- @tparam string text valid JSON
-- @treturn ?string the first one
function request_fields.inexact_integer(text)
  local without_texts = text:gsub("\\.", ""):gsub('%b""', "")
  for token in without_texts:gmatch "[%d.eE+-]+" do
    local is_integer = not token:find "[.eE]" and #token > EXACT_DIGITS
    if is_integer and core.encode(core.decode(token)) ~= token then return token end
  end
end

--- Splits KEY=JSON.
-- @tparam string text
-- @treturn ?table `key` and `value`; or nil and a message
function request_fields.read_json(text)
  local field, message = request_fields.read(text)
  if not field then return nil, message end
  local value, problem = core.decode(field.value, true)
  if value == nil then
    return nil, ("must look like KEY=JSON, and the value of %s is none: %s"):format(field.key, problem)
  end
  local inexact = request_fields.inexact_integer(field.value)
  if inexact then return nil, ("%s: %s can't be sent exactly: put it in quotes"):format(field.key, inexact) end
  return { key = field.key, value = value }
end

-- The steps of a key: "a[b][]" is a, then b, then the next place of a list.
local function steps_of(key)
  local first, rest = key:match "^([^%[%]]+)(.*)$"
  if not first then return nil end
  local steps = { first }
  while rest ~= "" do
    local step, left = rest:match "^%[([^%[%]]*)%](.*)$"
    if not step then return nil end
    steps[#steps + 1], rest = step, left
  end
  return steps
end

-- Returns whether a table can take what the steps from an index on lead to, beside all that it has.
local function has_room(node, steps, index)
  local step = steps[index]
  if step == "" or type(node) ~= "table" then return step == "" end
  if node[step] == nil then return true end
  return index < #steps and has_room(node[step], steps, index + 1)
end

-- The place that a step names in a table: "" stands for the next one of a list. An object in a list takes fields until
-- one comes that it has, as in `inputs[][id]=1 inputs[][id]=2`; lists in it take any number.
local function place_of(node, steps, index)
  if steps[index] ~= "" then return steps[index] end
  local last, following = node[#node], steps[index + 1]
  local continues = following and following ~= "" and type(last) == "table" and has_room(last, steps, index + 1)
  return continues and #node or #node + 1
end

local function set(body, field)
  local steps = steps_of(field.key) or fail.usage(("the key %s must look like a, a[b] or a[]"):format(field.key))
  local node = body
  for index = 1, #steps - 1 do
    local place = place_of(node, steps, index)
    if node[place] == nil then node[place] = {} end
    node = node[place]
    if type(node) ~= "table" then fail.usage(("the key %s leads into a value"):format(field.key)) end
  end
  node[place_of(node, steps, #steps)] = field.value
end

--- Makes a body.
-- @tparam table ... lists of fields
-- @treturn ?table nil where there is no field
function request_fields.body(...)
  local body
  for _, fields in ipairs { ... } do
    for _, field in ipairs(fields) do
      body = body or {}
      set(body, field)
    end
  end
  return body
end

return request_fields
