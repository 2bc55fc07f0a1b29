--- A set of ids that come in rising pages, in some two bytes an id.
-- @module hubspot.paging.id_set

local id_set = {}

local methods = {}
local metatable = { __index = methods }

-- The differences between rising numbers, in groups of seven bits; a group with the eighth bit is not the last one.
local function pack(ids)
  local bytes = {}
  for index = 2, #ids do
    local difference = ids[index] - ids[index - 1]
    while difference >= 128 do
      bytes[#bytes + 1] = string.char(difference % 128 + 128)
      difference = math.floor(difference / 128)
    end
    bytes[#bytes + 1] = string.char(difference)
  end
  return table.concat(bytes)
end

local function unpack_into(found, page)
  local id, difference, factor = page.first, 0, 1
  found[id] = true
  for place = 1, #page.differences do
    local byte = page.differences:byte(place)
    difference = difference + byte % 128 * factor
    factor = factor * 128
    if byte < 128 then
      id = id + difference
      found[id] = true
      difference, factor = 0, 1
    end
  end
end

--- Adds ids.
-- @tparam table ids numbers, integral and rising
function methods:add(ids)
  if #ids == 0 then return end
  self.count = self.count + #ids
  self.pages[#self.pages + 1] = { first = ids[1], last = ids[#ids], differences = pack(ids) }
end

--- Returns the ids from `first` to `last` that are in the set.
-- @tparam number first
-- @tparam number last
-- @treturn table true by id; it may hold others, too
function methods:between(first, last)
  local found = {}
  for _, page in ipairs(self.pages) do
    if page.last >= first and page.first <= last then unpack_into(found, page) end
  end
  return found
end

--- Makes an empty set; its `count` tells how many ids were added.
function id_set.new() return setmetatable({ pages = {}, count = 0 }, metatable) end

return id_set
