--- A set of numbers that is read in order, a page at a time.
--
-- Numbers that arrive in rising order, as new ids do, are appended; others wait unsorted at the end until somebody
-- reads. Removed numbers stay as tombstones until there are enough of them to be worth one sweep. So adding and
-- removing cost next to nothing, and a page costs a binary search and its own length.
local sorted_ids = {}

local SWEEP = 256
local FEW = 32

function sorted_ids.new()
  -- `present[id]` is true for a member, false for a tombstone, nil for a number that is not in `items`.
  return { items = {}, length = 0, sorted = 0, present = {}, count = 0 }
end

function sorted_ids.has(set, id) return set.present[id] == true end

function sorted_ids.add(set, id)
  local present = set.present[id]
  if present then return false end
  set.present[id] = true
  set.count = set.count + 1
  if present == false then return true end
  local length = set.length
  if set.sorted == length and (length == 0 or id > set.items[length]) then set.sorted = length + 1 end
  set.length = length + 1
  set.items[length + 1] = id
  return true
end

function sorted_ids.remove(set, id)
  if not set.present[id] then return false end
  set.present[id] = false
  set.count = set.count - 1
  return true
end

-- The first position in the sorted part whose item is greater than id.
local function position_after(set, id)
  local items, low, high = set.items, 1, set.sorted + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    if items[middle] > id then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

local function sort_tail(set)
  local items, waiting = set.items, set.length - set.sorted
  if waiting == 0 then return end
  if waiting > FEW then
    table.sort(items)
    set.sorted = set.length
    return
  end
  while set.sorted < set.length do
    local id = table.remove(items, set.sorted + 1)
    table.insert(items, position_after(set, id), id)
    set.sorted = set.sorted + 1
  end
end

local function sweep(set)
  local dead = set.length - set.count
  if dead < SWEEP or dead < set.count / 4 then return end
  local kept = {}
  for _, id in ipairs(set.items) do
    if set.present[id] then
      kept[#kept + 1] = id
    else
      set.present[id] = nil
    end
  end
  set.items, set.length, set.sorted = kept, #kept, #kept
end

local function settle(set)
  sort_tail(set)
  sweep(set)
end

local function walk(set, from, to, step, wanted)
  local items, present, page = set.items, set.present, {}
  for position = from, to, step do
    local id = items[position]
    if present[id] then
      if #page == wanted then return page, true end
      page[#page + 1] = id
    end
  end
  return page, false
end

--- Up to `wanted` members greater than `id` (nil: from the start), ascending, and whether there are more.
function sorted_ids.after(set, id, wanted)
  settle(set)
  return walk(set, id and position_after(set, id) or 1, set.length, 1, wanted)
end

--- Up to `wanted` members smaller than `id` (nil: from the end), descending, and whether there are more.
function sorted_ids.before(set, id, wanted)
  settle(set)
  local from = set.length
  if id then
    from = position_after(set, id) - 1
    if set.items[from] == id then from = from - 1 end
  end
  return walk(set, from, 1, -1, wanted)
end

--- All members, ascending.
function sorted_ids.all(set) return (sorted_ids.after(set, nil, set.count)) end

return sorted_ids
