--- The records that have the values of a type's unique properties, whatever the case of the letters.
local unique_values = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.UniqueValues", __index = methods }

function unique_values.new() return setmetatable({ ids = {} }, metatable) end

--- The id of the record that has a value, or nil.
function methods:get(name, value)
  local ids = self.ids[name]
  return ids and ids[value:lower()]
end

--- Gives a value to the record with this id.
function methods:set(name, value, id)
  self.ids[name] = self.ids[name] or {}
  self.ids[name][value:lower()] = id
end

--- Frees a value that is the record's.
function methods:free(name, value, id)
  if self:get(name, value) == id then self.ids[name][value:lower()] = nil end
end

return unique_values
