-- Calls a function with ids as SQL lists them, some at a time.
-- @tparam table ids texts
-- @tparam function fn function(list)

local IDS_A_STATEMENT = 500

return function(ids, fn)
  for first = 1, #ids, IDS_A_STATEMENT do
    local part = {}
    for index = first, math.min(first + IDS_A_STATEMENT - 1, #ids) do
      part[#part + 1] = ids[index]
    end
    fn(table.concat(part, ","))
  end
end
