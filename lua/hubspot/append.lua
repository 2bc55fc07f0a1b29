-- Adds items to the end of a list.
-- @tparam table list
-- @tparam table items
local function append(list, items)
  for _, item in ipairs(items) do
    list[#list + 1] = item
  end
end

return append
