--- Parts that an answer must have, since the library works with them. Each function throws where one is of another
-- type, of which `hubspot.interpret` makes an error of the call.
-- @module hubspot.shape.must

local check = require "hubspot.check"
local id = require "hubspot.id"

local must = {}

local function missing(name, value) error(("%s is %s"):format(name, type(value)), 0) end

--- An id, as text.
function must.id(value, name)
  if type(value) == "string" then return value end
  local text = id.text(value)
  if type(text) ~= "string" then missing(name, value) end
  return text
end

--- An id that goes into further requests: digits, as text.
function must.numeric_id(value, name)
  local text = must.id(value, name)
  if not text:find "^%d+$" then error(("%s is no number"):format(name), 0) end
  return text
end

--- The id of a type of records, which goes into further requests.
function must.type_id(value, name)
  local text = must.text(value, name)
  if not check.is_name(text) then error(("%s is no id of a type"):format(name), 0) end
  return text
end

--- A table, which an answer may leave out.
function must.table(value, name)
  if value == nil then return {} end
  if type(value) ~= "table" then missing(name, value) end
  return value
end

--- A text.
function must.text(value, name)
  if type(value) ~= "string" then missing(name, value) end
  return value
end

--- A number.
function must.number(value, name)
  if type(value) ~= "number" then missing(name, value) end
  return value
end

--- The position of the next page, which an answer may leave out.
function must.offset(value)
  if value ~= nil and type(value) ~= "string" and type(value) ~= "number" then missing("the offset", value) end
  return value
end

--- Texts.
function must.texts(values, name)
  for _, value in ipairs(must.table(values, name)) do
    must.text(value, name)
  end
  return values or {}
end

return must
