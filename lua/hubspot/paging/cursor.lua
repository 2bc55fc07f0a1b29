--- A cursor is a small string that holds a position of one call, from which another process resumes. It identifies the
-- call's query by a digest only, so a cursor may be stored where personal data may not.
-- @module hubspot.paging.cursor

local core = require "hubspot.core"
local position = require "hubspot.paging.position"

local cursor = {}

local VERSION = 3

local UNKNOWN = "cursor must be a string that it:cursor() gave"

--- Makes a cursor.
-- @tparam table owner `label` (which operation and route) and `digest` (of what decides the records and their order)
-- @tparam table place `position` of a page; where that page is to be resumed in its middle also `size`, in which it was
--   asked for, and the marks of the items around the place, `last` and `coming`
-- @treturn string
function cursor.write(owner, place)
  return (
    assert(core.encode {
      v = VERSION,
      of = owner.label,
      options = owner.digest,
      at = place.position,
      size = place.size,
      last = place.last,
      coming = place.coming,
    })
  )
end

local mark_fields = { size = "count", last = position.list_of "text", coming = position.list_of "text" }

-- The middle of a page has a size and marks on both sides.
local function is_middle(place)
  local count = 0
  for name in pairs(mark_fields) do
    count = count + (place[name] ~= nil and 1 or 0)
  end
  return count == 0 or count == 3 and place.size > 0
end

--- Returns whether a table is a position of a call, as far as a cursor may say.
-- @tparam table place
-- @tparam function is_position function(position)
-- @treturn boolean
function cursor.is_place(place, is_position)
  local fields = { position = is_position }
  for name, field in pairs(mark_fields) do
    fields[name] = field
  end
  return place.position ~= nil and position.has_only(fields, place) and is_middle(place)
end

--- The place that a cursor stands for; the beginning where there is none.
-- @tparam ?string text
-- @tparam table owner the call that is to be resumed, as for `write`
-- @tparam function is_position function(position) that tells whether a table is one of the call's
-- @treturn ?table nil and a message when the cursor is not one of this call's
function cursor.read(text, owner, is_position)
  if not text then return { position = {} } end
  local decoded = core.decode(text)
  if type(decoded) ~= "table" or type(decoded.of) ~= "string" then return nil, UNKNOWN end
  if decoded.v ~= VERSION then
    return nil, "cursor is one of another version of this library: begin again without it"
  end
  if decoded.of ~= owner.label then return nil, ("cursor is one of %s, not of %s"):format(decoded.of, owner.label) end
  if decoded.options ~= owner.digest then
    return nil,
      ("cursor is one of a call of %s with other arguments or options: it resumes only those that it " .. "came from"):format(
        owner.label
      )
  end
  local place = { position = decoded.at, size = decoded.size, last = decoded.last, coming = decoded.coming }
  if not cursor.is_place(place, is_position) then return nil, UNKNOWN end
  return place
end

return cursor
