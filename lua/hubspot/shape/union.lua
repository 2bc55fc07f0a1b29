-- Lists after each other, each of their values once.
-- @tparam table lists
-- @treturn table
local function union(lists)
  local all, seen = {}, {}
  for _, list in ipairs(lists) do
    for _, value in ipairs(list) do
      if not seen[value] then all[#all + 1] = value end
      seen[value] = true
    end
  end
  return all
end

return union
