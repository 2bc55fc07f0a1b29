--- One field of each table of a list, in their order.
-- @module hubspot.field_of_each

--- @tparam table list tables that all have the field
-- @tparam string name of the field
-- @treturn table
return function(list, name)
  local values = {}
  for index, one in ipairs(list) do
    values[index] = one[name]
  end
  return values
end
