--- Pages that HubSpot numbers by their offset: records that come or go before it move the others across the edges of
-- pages. So each page is requested from the last record given on, which must be there; where it is not, it is looked
-- for around its place.
--
-- A position has `offset`, the number of records before its page, and `last`, marks of the records that were given
-- last, the latest first; `looking` where the page is requested from far before the offset.
-- @module hubspot.paging.overlap

local marks = require "hubspot.paging.marks"
local position = require "hubspot.paging.position"

local overlap = {}

overlap.fields = { offset = "count", last = position.list_of "text", looking = "flag" }

-- Records before a place among which the last one given is looked for.
local REACH = 100

local NO_STEP = "HubSpot gave the cursor of the page that it was asked for: that page would come again"

--- The offset that a page is requested from, and the most records that it has to hold.
-- @tparam table from the position
-- @tparam integer size
-- @tparam integer largest
-- @treturn ?integer nil for the first page
-- @treturn integer
function overlap.request(from, size, largest)
  local offset = from.offset
  if not offset then return nil, size end
  if from.looking then return math.max(0, offset - REACH), largest end
  if not from.last or #from.last == 0 or offset == 0 then return offset, size end
  return offset - 1, math.min(size + 1, largest)
end

local function at(offset, last, more)
  local made = { offset = offset, last = last }
  for name, value in pairs(more) do
    made[name] = value
  end
  return made
end

local function items_after(items, index)
  local rest = {}
  for place = index + 1, #items do
    rest[#rest + 1] = items[place]
  end
  return rest
end

-- Returns the marks of the items given last once those after `given` up to `index` of a page were, those of the pages
-- before included.
local function last_given(all, given, index, before)
  local last, noted = {}, {}
  local function note(list)
    for _, mark in ipairs(list) do
      if not noted[mark] and #last < marks.COUNT then
        last[#last + 1], noted[mark] = mark, true
      end
    end
  end
  note(marks.before(all, index, given))
  note(before or {})
  return last
end

--- Reads a page.
-- @tparam table items
-- @tparam table from the position
-- @tparam ?integer more the offset after the items, nil at the end
-- @tparam table kept the other fields of each following position
-- @treturn ?table a page as `hubspot.paging.pager` takes it; nil and a message where it can't be relied on
function overlap.read(items, from, more, kept)
  local all = marks.of(items)
  local asked, given = overlap.request(from, #items, #items), 0
  if more and more <= (asked or 0) then return nil, NO_STEP end
  if from.last and asked ~= from.offset then
    given = marks.count_given(all, from.last)
    if given == 0 and not from.looking then
      local looking = at(from.offset, from.last, kept)
      looking.looking = true
      return { items = {}, following = looking }
    end
    -- None of them is there any more, and the items after them have moved to their places.
    if given == 0 then given = math.min(#items, math.max(0, from.offset - #from.last - asked)) end
  end
  local offset = asked or 0
  return {
    items = items_after(items, given),
    following = more and at(more, last_given(all, given, #items, from.last), kept) or nil,
    position_after = function(index)
      return at(offset + given + index, last_given(all, given, given + index, from.last), kept)
    end,
  }
end

return overlap
