--- Reads the members of JSON bodies; JSON null counts as not given.
local core = require "hubspot.core"
local reply = require "hubspot.sandbox.reply"

local body = {}

--- The value itself, or nil for null.
function body.given(value)
  if value == core.null then return nil end
  return value
end

local given = body.given

--- Returns whether a value is a JSON object.
function body.is_object(value) return type(value) == "table" and value[1] == nil and getmetatable(value) == nil end

--- Returns whether a value is a JSON array.
function body.is_array(value) return type(value) == "table" and (next(value) == nil or value[1] ~= nil) end

--- A text, or nil where it is not given. Answers 400 to anything else.
function body.text(object, name)
  local value = given(object[name])
  if value ~= nil and type(value) ~= "string" then
    reply.invalid("Invalid input JSON: " .. name .. " must be a string")
  end
  return value
end

--- A text that is not blank. Answers 400 to anything else.
function body.required_text(object, name)
  local value = body.text(object, name)
  if not value or not value:find "%S" then reply.invalid("Invalid input JSON: " .. name .. " must be a string") end
  return value
end

--- The whole number that a value is or spells in digits, else nil.
function body.integer(value)
  if type(value) == "string" then value = value:find "^%-?%d+$" and tonumber(value) end
  return type(value) == "number" and value % 1 == 0 and value or nil
end

--- A whole number from 0 on, as a number or in digits; `default` where it is not given or empty. Answers 400 to
-- anything else.
function body.count(object, name, default)
  local value = given(object[name])
  if value == nil or value == "" then return default end
  local number = body.integer(value)
  if not number or number < 0 then reply.invalid("Invalid input JSON: " .. name .. " must be an integer") end
  return number
end

--- An array, empty where it is not given. Answers 400 to anything else.
function body.list(object, name)
  local value = given(object[name])
  if value == nil then return {} end
  if not body.is_array(value) then reply.invalid("Invalid input JSON: " .. name .. " must be an array") end
  return value
end

--- An array of texts, empty where it is not given. Answers 400 to anything else.
function body.texts(object, name)
  local list = body.list(object, name)
  for _, value in ipairs(list) do
    if type(value) ~= "string" then reply.invalid("Invalid input JSON: " .. name .. " must be an array of strings") end
  end
  return list
end

--- The inputs of a batch: at least one, at most `most`. Answers 400 to anything else.
function body.inputs(object, most)
  local inputs = body.list(object, "inputs")
  if #inputs == 0 then reply.invalid "Invalid input JSON: inputs must not be empty" end
  if #inputs > most then
    reply.invalid(
      string.format("The maximum number of inputs supported in a batch request is %d. Received %d.", most, #inputs)
    )
  end
  return inputs
end

--- The same of a batch whose inputs are objects.
function body.object_inputs(object, most)
  local inputs = body.inputs(object, most)
  for _, input in ipairs(inputs) do
    if not body.is_object(input) then reply.invalid "Invalid input JSON: every input must be an object" end
  end
  return inputs
end

return body
