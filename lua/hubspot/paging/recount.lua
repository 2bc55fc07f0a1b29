--- Looks for records that a scan did not give, although a search counts them: where there are fewer than it counts, the
-- ids are halved until the rest fits on a page, and that page is read again. A search may still count deleted records.
-- @module hubspot.paging.recount

local ranges = require "hubspot.paging.ranges"

local Recount = {}
Recount.__index = Recount

-- More requests are not worth it.
local MOST_REQUESTS = 60

--- Makes a recount of the ids up to the last one that was given.
-- @tparam table options `count`, function(first, last) that gives how many records there are with ids after `first` up
--   to `last`, or nil; `read`, function(first) that gives what a page listed and HubSpot's cursor, or nil and an error;
--   `given`, a set of ids; `last`; `page_size`
function Recount.new(options)
  return setmetatable({
    count = options.count,
    read = options.read,
    given = options.given,
    page_size = options.page_size,
    stack = { { first = 0, last = options.last } },
    found = {},
    requests = 0,
  }, Recount)
end

-- Reads a range again; records that were not given are found.
function Recount:read_again(range)
  local known = self.given:between(range.first, range.last)
  local found, cursor = {}, range.first
  repeat
    local before = cursor
    self.requests = self.requests + 1
    local listed, following = self.read(cursor)
    if not listed then return nil, following end
    for index, listed_id in ipairs(listed.ids) do
      local id, item = ranges.to_number(listed_id), listed.items[index]
      if id and id > cursor then cursor = id end
      if id and id <= range.last and id > range.first and not known[id] and item then
        found[#found + 1] = { id = id, item = item }
      end
    end
  until not following or cursor >= range.last or cursor == before
  for _, row in ipairs(found) do
    self.found[#self.found + 1] = row
  end
  return true
end

--- Goes through all ranges that are left.
-- @treturn ?boolean true when everything was looked at; false where that would take too many requests, `expected` and
--   `actual` say of what; nil and an error, after which it can be called again
function Recount:run()
  while #self.stack > 0 do
    if self.requests >= MOST_REQUESTS then return false end
    local range = self.stack[#self.stack]
    local actual = self.given:count_between(range.first, range.last)
    self.requests = self.requests + 1
    local expected = self.count(range.first, range.last)
    self.expected, self.actual = self.expected or expected, self.actual or actual
    if not expected or expected <= actual then
      table.remove(self.stack)
    elseif actual <= self.page_size then
      local done, err = self:read_again(range)
      if not done then return nil, err end
      table.remove(self.stack)
    else
      table.remove(self.stack)
      local middle = self.given:middle_between(range.first, range.last)
      self.stack[#self.stack + 1] = { first = middle, last = range.last }
      self.stack[#self.stack + 1] = { first = range.first, last = middle }
    end
  end
  return true
end

return Recount
