--- A set of ids that come in rising pages, in some two bytes an id. Several pages make a block.
-- @module hubspot.paging.id_set

local id_set = {}

local methods = {}
local metatable = { __index = methods }

-- Ids that a block holds in one piece. Fewer would cost more for the tables than for the ids.
local IDS_A_BLOCK = 5000

-- Blocks to which pages may be added.
local MOST_OPEN = 32

-- A byte as a text: a table gives it sooner than string.char.
local BYTES = {}
for byte = 0, 255 do
  BYTES[byte] = string.char(byte)
end

-- The differences between rising numbers, in groups of seven bits; a group with the eighth bit is not the last one.
local function pack(ids, previous)
  local bytes, count = {}, 0
  for index = 1, #ids do
    local difference = ids[index] - previous
    while difference >= 128 do
      local low = difference % 128
      count = count + 1
      bytes[count] = BYTES[low + 128]
      difference = (difference - low) / 128
    end
    count = count + 1
    bytes[count] = BYTES[difference]
    previous = ids[index]
  end
  return table.concat(bytes)
end

local function unpack_into(found, block)
  local id, difference, factor = block.start, 0, 1
  for _, piece in ipairs(block.pieces) do
    for place = 1, #piece do
      local byte = piece:byte(place)
      difference = difference + byte % 128 * factor
      factor = factor * 128
      if byte < 128 then
        id = id + difference
        found[id] = true
        difference, factor = 0, 1
      end
    end
  end
end

-- Returns the open block that a page continues, and its place: the one that ends no further before it than the page is
-- long. Pages that are read in parallel continue several.
local function block_before(self, ids)
  local first = ids[1]
  local nearest = 2 * first - ids[#ids] - #ids
  for index, block in ipairs(self.open) do
    if block.last < first and block.last >= nearest then return block, index end
  end
end

local function close(self, place)
  local block = table.remove(self.open, place)
  block.pieces = { table.concat(block.pieces) }
end

local function new_block(self, first)
  local block = { start = first - 1, first = first, last = first - 1, count = 0, pieces = {} }
  self.blocks[#self.blocks + 1] = block
  self.open[#self.open + 1] = block
  if #self.open > MOST_OPEN then close(self, 1) end
  return block, #self.open
end

--- Adds ids.
-- @tparam table ids numbers, integral and rising
function methods:add(ids)
  if #ids == 0 then return end
  self.count = self.count + #ids
  local block, place = block_before(self, ids)
  if not block then
    block, place = new_block(self, ids[1])
  end
  block.pieces[#block.pieces + 1] = pack(ids, block.last)
  block.last, block.count = ids[#ids], block.count + #ids
  if block.count >= IDS_A_BLOCK then close(self, place) end
end

-- Returns the ids of a block that are after `first`, up to `last`, in order.
local function ids_within(block, first, last)
  local found, ids = {}, {}
  unpack_into(found, block)
  for id in pairs(found) do
    if id > first and id <= last then ids[#ids + 1] = id end
  end
  table.sort(ids)
  return ids
end

local function is_within(block, first, last) return block.first > first and block.last <= last end

local function meets(block, first, last) return block.last > first and block.first <= last end

--- Counts the ids after `first`, up to `last`.
-- @tparam number first
-- @tparam number last
-- @treturn integer
function methods:count_between(first, last)
  local count = 0
  for _, block in ipairs(self.blocks) do
    if is_within(block, first, last) then
      count = count + block.count
    elseif meets(block, first, last) then
      count = count + #ids_within(block, first, last)
    end
  end
  return count
end

--- Returns an id in the middle of those after `first`, up to `last`: about as many are larger as are not.
-- @tparam number first
-- @tparam number last
-- @treturn ?number
function methods:middle_between(first, last)
  local blocks, left = {}, math.floor(self:count_between(first, last) / 2)
  for _, block in ipairs(self.blocks) do
    if meets(block, first, last) then blocks[#blocks + 1] = block end
  end
  table.sort(blocks, function(a, b) return a.first < b.first end)
  for _, block in ipairs(blocks) do
    if left <= block.count then
      local ids = ids_within(block, first, last)
      if left <= #ids then return ids[math.max(1, left)] end
      left = left - #ids
    else
      left = left - (is_within(block, first, last) and block.count or #ids_within(block, first, last))
    end
  end
end

--- Returns the ids from `first` to `last` that are in the set.
-- @tparam number first
-- @tparam number last
-- @treturn table true by id; it may hold others, too
function methods:between(first, last)
  local found = {}
  for _, block in ipairs(self.blocks) do
    if block.last >= first and block.first <= last then unpack_into(found, block) end
  end
  return found
end

--- Makes an empty set; its `count` tells how many ids were added.
function id_set.new() return setmetatable({ blocks = {}, open = {}, count = 0 }, metatable) end

return id_set
