-- One table with the fields of several: a field of a later one takes the place of an earlier one's.
-- @tparam table tables
-- @treturn table
local function merge(tables)
  local all = {}
  for _, one in ipairs(tables) do
    for name, value in pairs(one) do
      all[name] = value
    end
  end
  return all
end

return merge
