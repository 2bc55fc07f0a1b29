--- The positions of what is read in windows of time, by requests of its own.
--
-- A window goes `from` a time `to` another one; without `to` it has not begun. `at` is a position in the search of what
-- changed within it; `archived` the cursor of a page of archived records, which come after that.
-- @module hubspot.paging.windows

local position = require "hubspot.paging.position"
local search_by_id = require "hubspot.paging.search_by_id"

local windows = {}

local function is_position(place)
  if not place.to then return place.at == nil and place.archived == nil end
  return place.from ~= nil and (place.at == nil or place.archived == nil)
end

windows.kind = {
  fields = { from = "time", to = "time", at = position.table_of(search_by_id.fields), archived = "text" },
  is_position = is_position,
}

return windows
