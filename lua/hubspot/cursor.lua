--- What a cursor holds: a place in the pages of one call, as a small string that another process goes on from. What
-- the call asked for is in it as a digest only, so a cursor may be stored where personal data may not.
-- @module hubspot.cursor

local core = require "hubspot.core"

local cursor = {}

local VERSION = 2

-- Two remainders of 31 bits. Their factors keep every product below 2^53, where a double is exact, so that all Luas
-- count alike.
local LANES = { { factor = 1000003, modulus = 2147483647 }, { factor = 1299709, modulus = 2147483629 } }

--- A digest of a text, the same in every process and every Lua.
-- @tparam string text
-- @treturn string 16 hexadecimal digits
function cursor.digest(text)
  local parts = {}
  for index, lane in ipairs(LANES) do
    local sum = 0
    for place = 1, #text do
      sum = (sum * lane.factor + text:byte(place) + 1) % lane.modulus
    end
    parts[index] = ("%08x"):format(sum)
  end
  return table.concat(parts)
end

--- Makes a cursor.
-- @tparam table owner `label` (which operation and route) and `digest` (of what decides the records and their order)
-- @tparam table place `position` of a page; where that page is to be gone on with in its middle also `size`, in which
--   it was asked for, and `marks` of the items given last
-- @treturn string
function cursor.write(owner, place)
  return (
    assert(core.encode {
      v = VERSION,
      of = owner.label,
      options = owner.digest,
      at = place.position,
      size = place.size,
      marks = place.marks,
    })
  )
end

local function is_list_of_texts(value)
  if type(value) ~= "table" then return false end
  for _, item in ipairs(value) do
    if type(item) ~= "string" then return false end
  end
  return true
end

local function is_whole(value) return type(value) == "number" and value >= 1 and value % 1 == 0 end

local function is_place(place)
  if type(place.position) ~= "table" then return false end
  return place.marks == nil and place.size == nil or is_list_of_texts(place.marks) and is_whole(place.size)
end

--- The place that a cursor stands for; the beginning where there is none.
-- @tparam ?string text
-- @tparam table owner the call that is to go on, as for `write`
-- @treturn ?table nil and a message when the cursor is not one of this call's
function cursor.read(text, owner)
  if not text then return { position = {} } end
  local decoded = core.decode(text)
  if type(decoded) ~= "table" or type(decoded.of) ~= "string" then
    return nil, "cursor must be a string that it:cursor() gave"
  end
  if decoded.v ~= VERSION then
    return nil, "cursor is one of another version of this library: begin again without it"
  end
  if decoded.of ~= owner.label then return nil, ("cursor is one of %s, not of %s"):format(decoded.of, owner.label) end
  if decoded.options ~= owner.digest then
    return nil,
      (
        "cursor is one of a call of %s with other arguments or options: it goes on only with those that it "
        .. "came from"
      ):format(owner.label)
  end
  local place = { position = decoded.at, size = decoded.size, marks = decoded.marks }
  if not is_place(place) then return nil, "cursor must be a string that it:cursor() gave" end
  return place
end

return cursor
