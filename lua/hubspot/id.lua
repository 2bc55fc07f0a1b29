--- Ids. HubSpot writes them as JSON numbers in some answers and as texts in others; here they are texts.
-- @module hubspot.id

local core = require "hubspot.core"

local id = {}

-- From here on doubles stand for more than one integer.
local LARGEST_EXACT_FLOAT = 2 ^ 53

local is_integer = math.type and function(value) return math.type(value) == "integer" end
  or function(value) return value > -LARGEST_EXACT_FLOAT and value < LARGEST_EXACT_FLOAT end

--- An id as text. It is exact where Lua has integers, and below 2^53 everywhere.
-- @param value an id as HubSpot wrote it; what is no whole number comes back as it is
-- @treturn ?string
function id.text(value)
  if type(value) ~= "number" or value % 1 ~= 0 then return value end
  return (is_integer(value) and "%d" or "%.0f"):format(value)
end

local text = id.text

--- A list of ids as texts. Throws where one is no id: that is an answer of another shape.
-- @tparam ?table values
-- @treturn ?table
function id.texts(values)
  if not values then return nil end
  local texts = {}
  for index, value in ipairs(values) do
    texts[index] = text(value)
    if type(texts[index]) ~= "string" then error("an id is a " .. type(value), 0) end
  end
  return core.like(texts, values)
end

local function is_id_field(name)
  return type(name) == "string" and (name == "id" or name == "vid" or name:find "Id$" ~= nil)
end

local function is_list_of_ids(name)
  return type(name) == "string" and (name:find "Ids$" ~= nil or name:find "Vids$" ~= nil)
end

-- Ids in place, so that an empty array stays one.
local function make_texts(list)
  for index = 1, #list do
    list[index] = text(list[index])
  end
end

--- Makes the ids among a record's own fields texts: `id`, `vid`, those whose name ends in "Id", and lists of them such
-- as `linkedVids`.
-- @param record a decoded answer, or a part of one, which is changed
-- @return the same
function id.in_fields(record)
  for name, item in pairs(type(record) == "table" and record or {}) do
    if type(item) == "number" and is_id_field(name) then
      record[name] = text(item)
    elseif type(item) == "table" and is_list_of_ids(name) then
      make_texts(item)
    end
  end
  return record
end

--- The same for the records in it, too.
-- @param record a decoded answer, or a part of one, which is changed
-- @return the same
function id.in_record(record)
  for _, item in pairs(type(id.in_fields(record)) == "table" and record or {}) do
    if type(item) == "table" then id.in_record(item) end
  end
  return record
end

--- An answer function for a page whose records stand in one field.
-- @tparam string field
-- @treturn function
function id.in_records_of(field)
  return function(answer) return id.in_record(answer[field] or {}) end
end

--- An id as a JSON number, for routes that take nothing else; as it is where a double would stand for another one.
-- @tparam ?string value
-- @treturn ?number|string
function id.number(value)
  local number = tonumber(value)
  return number and number < LARGEST_EXACT_FLOAT and number or value
end

--- Ids as a JSON array of numbers.
-- @tparam table values
-- @treturn table
function id.numbers(values)
  local numbers = {}
  for index, value in ipairs(values) do
    numbers[index] = id.number(value)
  end
  return core.array(numbers)
end

return id
