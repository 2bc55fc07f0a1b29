--- Ranges of ids, as positions hold them and as a scan counts with them. A range has `first`, the id before its first
-- one, and `last`, its end, or nil where it has none.
-- @module hubspot.paging.ranges

local id_text = require("hubspot.id").text
local position = require "hubspot.paging.position"

local ranges = {}

local find, tonumber, type = string.find, tonumber, type

-- Digits of the integers that every double holds.
local LONGEST_ID = 15

ranges.LONGEST_ID = LONGEST_ID

--- An id as a number; nil where it is none that a scan can count with.
function ranges.to_number(id)
  if type(id) ~= "string" or #id > LONGEST_ID or not find(id, "^%d+$") then return nil end
  return tonumber(id)
end

local function is_end(value) return ranges.to_number(value) ~= nil end

--- The type of the result of `to_position`.
ranges.are_valid = position.list_of { after = is_end, to = is_end }

--- Ranges as a position holds them.
-- @tparam table list
-- @treturn table
function ranges.to_position(list)
  local made = {}
  for index, range in ipairs(list) do
    made[index] = { after = range.first > 0 and id_text(range.first) or nil, to = range.last and id_text(range.last) }
  end
  return made
end

--- The ranges that a position holds.
-- @tparam table made
-- @treturn table
function ranges.from_position(made)
  local list = {}
  for index, range in ipairs(made) do
    list[index] = { first = tonumber(range.after or 0), last = tonumber(range.to) }
  end
  return list
end

--- Appends a range to a list; neighbours become one.
-- @tparam table list
-- @tparam number first
-- @tparam ?number last
function ranges.add(list, first, last)
  if last and last <= first then return end
  local previous = list[#list]
  if previous and previous.last == first then
    previous.last = last
  else
    list[#list + 1] = { first = first, last = last }
  end
end

--- Returns whether one of the ranges has the number.
function ranges.have(list, number)
  for _, range in ipairs(list) do
    if number > range.first and (not range.last or number <= range.last) then return true end
  end
  return false
end

return ranges
