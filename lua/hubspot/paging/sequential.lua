--- The rest of a scan, one page after the other by HubSpot's own cursors, where parallel reading can't be relied on:
-- all records come by, and those whose ids are in the ranges left are given.
-- @module hubspot.paging.sequential

local ranges = require "hubspot.paging.ranges"

local Sequential = {}
Sequential.__index = Sequential

--- Makes a reader.
-- @tparam table options `fetch`, function(position, size) that gives a page; `left`, ranges; `given`, nil or the set of
--   ids that were given within them
function Sequential.new(options)
  return setmetatable({ fetch = options.fetch, left = options.left, given = options.given }, Sequential)
end

function Sequential:is_to_be_given(item, given)
  local id = ranges.to_number(item.id)
  -- Others were not read in parallel.
  if not id then return true end
  return ranges.have(self.left, id) and not given[id]
end

-- Returns the items' ids that were given.
function Sequential:given_among(items)
  if not self.given then return {} end
  local lowest, highest = math.huge, 0
  for _, item in ipairs(items) do
    local id = ranges.to_number(item.id)
    if id then
      lowest, highest = math.min(lowest, id), math.max(highest, id)
    end
  end
  return self.given:between(lowest, highest)
end

--- The position of a page.
-- @tparam table at the page's own position
function Sequential:position_at(at) return { sequential = at, ranges = ranges.to_position(self.left) } end

--- Reads a page.
-- @tparam table at its own position
-- @tparam ?integer size
-- @treturn ?table a page as `hubspot.paging.pager` takes it, or nil and an error
function Sequential:read(at, size)
  local page, err = self.fetch(at, size)
  if not page then return nil, err end
  local given, items = self:given_among(page.items), {}
  for _, item in ipairs(page.items) do
    if self:is_to_be_given(item, given) then items[#items + 1] = item end
  end
  return {
    items = items,
    size = page.size,
    by_id = page.by_id,
    again = self:position_at(at),
    following = page.following and self:position_at(page.following),
  }
end

return Sequential
