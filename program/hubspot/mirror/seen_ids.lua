--- The ids that a listing gave, in some two bytes each: tells which of the mirror's it did not give.
-- @module hubspot.mirror.seen_ids

local id_set = require "hubspot.paging.id_set"

local seen_ids = {}

local methods = {}
local metatable = { __name = "hubspot.mirror.SeenIds", __index = methods }

local function rising(ids)
  local numbers = {}
  for index, id in ipairs(ids) do
    numbers[index] = tonumber(id)
  end
  table.sort(numbers)
  return numbers
end

--- Notes ids.
-- @tparam table ids texts
function methods:add(ids) self.set:add(rising(ids)) end

--- Returns whether none was noted.
function methods:is_empty() return self.set.count == 0 end

--- Those of some ids that were not noted.
-- @tparam table ids texts
-- @treturn table texts
function methods:unseen(ids)
  local numbers, unseen = rising(ids), {}
  if #numbers == 0 then return unseen end
  local seen = self.set:between(numbers[1], numbers[#numbers])
  for _, id in ipairs(ids) do
    if not seen[tonumber(id)] then unseen[#unseen + 1] = id end
  end
  return unseen
end

--- Makes an empty set.
function seen_ids.new() return setmetatable({ set = id_set.new() }, metatable) end

return seen_ids
