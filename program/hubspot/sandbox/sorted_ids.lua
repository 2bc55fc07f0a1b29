--- A set of numbers that is read in order, a page at a time.
--
-- Numbers that arrive in rising order, as new ids do, are appended; others wait unsorted at the end until somebody
-- reads. Removed numbers stay as tombstones until there are enough of them to be worth one sweep. So adding and
-- removing cost next to nothing, and a page costs a binary search and its own length.
local sorted_ids = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.SortedIds", __index = methods }

local SWEEP = 256
local FEW = 32

function sorted_ids.new()
  -- `present[id]` is true for a member, false for a tombstone, nil for a number that is not in `items`.
  return setmetatable({ items = {}, length = 0, sorted = 0, present = {}, count = 0 }, metatable)
end

function methods:has(id) return self.present[id] == true end

function methods:add(id)
  local present = self.present[id]
  if present then return false end
  self.present[id] = true
  self.count = self.count + 1
  if present == false then return true end
  local length = self.length
  if self.sorted == length and (length == 0 or id > self.items[length]) then self.sorted = length + 1 end
  self.length = length + 1
  self.items[length + 1] = id
  return true
end

function methods:remove(id)
  if not self.present[id] then return false end
  self.present[id] = false
  self.count = self.count - 1
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
function methods:after(id, wanted)
  settle(self)
  return walk(self, id and position_after(self, id) or 1, self.length, 1, wanted)
end

--- Up to `wanted` members smaller than `id` (nil: from the end), descending, and whether there are more.
function methods:before(id, wanted)
  settle(self)
  local from = self.length
  if id then
    from = position_after(self, id) - 1
    if self.items[from] == id then from = from - 1 end
  end
  return walk(self, from, 1, -1, wanted)
end

--- All members, ascending.
function methods:all() return (self:after(nil, self.count)) end

return sorted_ids
