--- Spellings that the records of HubSpot's v1 API have in common.
-- @module hubspot.shape.v1

local core = require "hubspot.core"
local id = require "hubspot.id"
local time = require "hubspot.time"

local v1 = {}

--- A time in milliseconds, which may be a text, in ISO 8601; nil for what is none.
function v1.iso(ms)
  ms = tonumber(ms)
  return ms and time.to_iso(ms) or nil
end

local function camel_case(name) return (name:gsub("[-_](%w)", string.upper)) end

--- A copy of a value with the current API's spelling of its keys: v1 writes form-id where that writes formId.
function v1.camel_case_keys(value)
  if type(value) ~= "table" then return value end
  local renamed = {}
  for key, item in pairs(value) do
    renamed[type(key) == "string" and camel_case(key) or key] = v1.camel_case_keys(item)
  end
  return core.like(renamed, value)
end

--- A property as it is: its fields have one spelling in both generations.
v1.property = id.in_record

return v1
