--- Values of HubSpot's answers as the texts of cells.
-- @module hubspot.command.export.texts

local core = require "hubspot.core"

local texts = {}

local function is_list_of_scalars(value)
  for _, item in ipairs(value) do
    if type(item) == "table" then return false end
  end
  return #value > 0
end

--- A value as a text: nothing is guessed or rounded. Lists come joined by semicolons, other tables as JSON.
-- @param value
-- @treturn string
function texts.of(value)
  if value == nil then return "" end
  if type(value) == "string" then return value end
  if type(value) ~= "table" or not is_list_of_scalars(value) then return assert(core.encode(value)) end
  local list = {}
  for index, item in ipairs(value) do
    list[index] = texts.of(item)
  end
  return table.concat(list, ";")
end

--- Marks a list as one, also where it is empty.
texts.array = core.array

return texts
