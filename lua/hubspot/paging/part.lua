--- A part of a scan: the ids in (start, to], which one reader reads page by page. The last part has no `to` until the
-- end of the data is seen.
--
-- `cursor` is how far it is read; `pages` were read and not given out. `first_id` is the record that its first page
-- began with, `next_id` the one that was seen after its end, each math.huge where there was none: the next part must
-- begin with it (its `seam`). `last_id` is its last record that was read, and `begun_at` the cursor of its first page.
-- @module hubspot.paging.part

local id_text = require("hubspot.id").text
local ranges = require "hubspot.paging.ranges"

local Part = {}
Part.__index = Part

--- Makes a part.
-- @tparam number start
-- @tparam ?number to
-- @tparam boolean is_joined whether nothing can be between it and the part before
function Part.new(start, to, is_joined)
  return setmetatable({ start = start, cursor = start, to = to, pages = {}, is_joined = is_joined }, Part)
end

function Part:is_untouched() return not self.reading and not self.ended and self.first_id == nil end

function Part:is_given() return self.ended and #self.pages == 0 end

-- Ids without a gap below the first page that is to be given out.
function Part:rest_begins_at() return self.pages[1] and self.pages[1].after or self.cursor end

--- The ids of a page as numbers; or nil and what is wrong with them.
-- @tparam table listed_ids
-- @tparam ?string following HubSpot's cursor, as an id
function Part:check(listed_ids, following)
  local to_number, ids, previous = ranges.to_number, {}, self.cursor
  for index = 1, #listed_ids do
    local listed_id = listed_ids[index]
    local id = to_number(listed_id)
    if not id then
      return nil, ("the id %s is no number of at most %d digits"):format(tostring(listed_id), ranges.LONGEST_ID)
    end
    if id <= previous then return nil, ("the record %s came after %s"):format(listed_id, id_text(previous)) end
    ids[index], previous = id, id
  end
  if following and (#ids == 0 or ranges.to_number(following) ~= previous) then
    return nil, ("HubSpot's cursor after the record %s is %s"):format(id_text(previous), tostring(following))
  end
  return ids
end

--- Takes a page of checked ids; those after the part's end belong to the next one.
-- @tparam table listed the record of each, false where it is gone
-- @tparam table ids
-- @tparam boolean is_last whether HubSpot has no more
function Part:take(listed, ids, is_last)
  if self.first_id == nil then
    self.first_id, self.begun_at = ids[1] or math.huge, self.cursor
  end
  local last = self.to or math.huge
  local items, item_ids, own_ids, count = {}, {}, {}, 0
  for index = 1, #ids do
    local id, item = ids[index], listed[index]
    if id > last then
      self.next_id = id
      break
    end
    own_ids[index] = id
    if item then
      count = count + 1
      items[count], item_ids[count] = item, id
    end
  end
  self.read_from = self.cursor
  if #own_ids > 0 then
    self.pages[#self.pages + 1] = { items = items, item_ids = item_ids, ids = own_ids, after = self.cursor }
    self.last_id = own_ids[#own_ids]
    self.cursor = self.last_id
  end
  if is_last and not self.next_id then self.next_id = math.huge end
  self.ended = self.next_id ~= nil or self.cursor == self.to
end

--- Returns the end of the ids that may be between the part before and `first_id` of this one; nil where they have no
-- end.
function Part:seam_ends_at(first_id)
  local last = math.min(first_id - 1, self.to or math.huge)
  return last < math.huge and last or nil
end

--- Ends a part of which it is known that it has no record before `next_id`.
-- @tparam number next_id
-- @tparam number read_from the cursor of the page that showed it
function Part:end_empty(next_id, read_from)
  self.ended, self.first_id, self.next_id, self.read_from = true, next_id, next_id, read_from
end

--- Takes it that nothing is between the part and the last record before it, at which it begins from then on: the ids at
-- which it was cut, and then read, may be no record's, and so no cursors of HubSpot's.
-- @tparam number last_id
function Part:join(last_id)
  local first = self.pages[1]
  if first and first.after == self.begun_at then first.after = last_id end
  self.is_joined, self.start = true, last_id
end

--- Cuts the part; returns the ids after `at` as a part of its own.
function Part:cut(at)
  local rest = Part.new(at, self.to)
  self.to = at
  return rest
end

return Part
