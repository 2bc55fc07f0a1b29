--- Marks tell the items of a page apart, so that a place among them is found again when the page is read anew.
-- @module hubspot.paging.marks

local core = require "hubspot.core"
local digest_of = require("hubspot.digest").of
local id_text = require("hubspot.id").text

local marks = {}

--- Items next to a place whose marks are noted: some of them may go or move meanwhile.
marks.COUNT = 4

local function mark_of(item)
  local id = id_text(type(item) == "table" and (item.id or item.listId or item.recordId or item.vid))
  if type(id) == "string" then return id end
  return digest_of(core.encode(item) or "")
end

--- The marks of items, made before the caller gets these and may change them.
-- @tparam table items
-- @treturn table
function marks.of(items)
  local all = {}
  for index = 1, #items do
    local item = items[index]
    local id = type(item) == "table" and item.id
    -- Fast path: nearly every item has a string id.
    all[index] = type(id) == "string" and id or mark_of(item)
  end
  return all
end

--- The marks of the items up to `index`, the last one first; of those after `first`, where that is given.
function marks.before(all, index, first)
  local last = {}
  for place = index, math.max((first or 0) + 1, index - marks.COUNT + 1), -1 do
    last[#last + 1] = all[place]
  end
  return core.array(last)
end

--- The marks of the items after `index`.
function marks.after(all, index)
  local next_ones = {}
  for place = index + 1, math.min(#all, index + marks.COUNT) do
    next_ones[#next_ones + 1] = all[place]
  end
  return core.array(next_ones)
end

local MOST_DIGITS = 15

local function number_of(mark) return #mark <= MOST_DIGITS and mark:find "^%d+$" and tonumber(mark) or nil end

-- Counts the items up to `mark` where all ids rise; nil where they don't.
local function count_up_to(all, mark)
  local limit, previous, count = number_of(mark), -1, 0
  if not limit then return nil end
  for _, one in ipairs(all) do
    local id = number_of(one)
    if not id or id <= previous then return nil end
    previous = id
    if id <= limit then count = count + 1 end
  end
  return count
end

local function is_falling(list)
  for index = 2, #list do
    local before, id = number_of(list[index - 1]), number_of(list[index])
    if not before or not id or id >= before then return false end
  end
  return true
end

--- Counts the items of a page that were given before: up to one of those given `last`, or before one of the `coming`.
-- @tparam table all marks of the page
-- @tparam table last the latest first
-- @tparam ?table coming
-- @tparam ?boolean by_id whether the items are in the order of their ids, if these rise
-- @treturn integer 0 where none of it is known: an item given twice is better than one never given
-- @treturn ?boolean whether the place may be on a page further on, since ids came in before it and fill this page
function marks.count_given(all, last, coming, by_id)
  local indexes = {}
  for index = #all, 1, -1 do
    indexes[all[index]] = index
  end
  if last[1] and indexes[last[1]] then return indexes[last[1]] end
  local rising = by_id and last[1] and is_falling(last) and count_up_to(all, last[1])
  if rising then return rising, rising == #all end
  for _, mark in ipairs(last) do
    if indexes[mark] then return indexes[mark] end
  end
  for _, mark in ipairs(coming or {}) do
    if indexes[mark] then return indexes[mark] - 1 end
  end
  return 0
end

return marks
