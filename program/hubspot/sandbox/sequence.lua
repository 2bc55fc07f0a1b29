--- Lists that are made of other lists, and of tables.
local sequence = {}

--- The list of what `make(item, index)` gives for each item.
function sequence.map(list, make)
  local made = {}
  for index, item in ipairs(list) do
    made[index] = make(item, index)
  end
  return made
end

--- The keys of a table of texts, sorted; none where it is nil.
function sequence.names(map)
  local names = {}
  for name in pairs(map or {}) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

return sequence
