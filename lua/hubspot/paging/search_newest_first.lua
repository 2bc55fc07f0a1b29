--- A search for the latest records first. Each page is a query of its own, of the times up to the last one given:
-- HubSpot gives the first 10,000 records of a query, and a record that is changed meanwhile moves to the top.
--
-- A position has `up_to`, the latest time that is left, of which the records up to the id `past` were given; or
-- `below`, a time that is done. Records of one and the same time can be more than any page: those of the time `tie`
-- are read in the order of ids, from the position `among` these on. `wide` asks for the largest page, and `offset` is
-- one in the query, where a page has no time after which the next one could begin.
-- @module hubspot.paging.search_newest_first

local core = require "hubspot.core"
local position = require "hubspot.paging.position"
local search_by_id = require "hubspot.paging.search_by_id"
local search_filters = require "hubspot.paging.search_filters"
local time = require "hubspot.time"

local WHY_EMPTY = " of a query, and none of them has an id after which another one could begin"

-- Positions --------------------------------------------------------------------------------------------------------

local function up_to(at, past) return { up_to = at, past = past } end

local function below(at) return { below = at } end

local function within_tie(at, among) return { tie = at, among = among } end

local function at_offset(from, offset)
  return { up_to = from.up_to, past = from.past, below = from.below, wide = true, offset = offset }
end

-- Rows -------------------------------------------------------------------------------------------------------------

local function milliseconds_of(item, property)
  local value = type(item.properties) == "table" and item.properties[property]
  if type(value) == "string" then return tonumber(value) or time.from_iso(value) end
  return type(value) == "number" and value or nil
end

-- The records of a page with their times and ids, newest first and those of one time by id. HubSpot leaves the order
-- of one time open; a place in it must mean the same whenever it is asked.
local function rows_of(items, property, latest)
  local ids, message = search_filters.ids_of(items)
  if not ids then return nil, message end
  local rows = {}
  for index, item in ipairs(items) do
    local at = milliseconds_of(item, property)
    if not position.is_time(at) then
      return nil, ("HubSpot answered a search with a record without %s"):format(property)
    end
    -- Changed since it was indexed: it stands where it was found.
    local is_late = latest and at > latest
    rows[index] = { item = item, at = is_late and latest or at, id = ids[index], is_late = is_late }
  end
  table.sort(rows, function(a, b)
    if a.at ~= b.at then return a.at > b.at end
    return search_filters.is_less(a.id, b.id)
  end)
  return rows
end

-- Keeps the records that come after the position and are newer than `oldest`.
local function rows_to_give(rows, from, oldest)
  local kept = {}
  for _, row in ipairs(rows) do
    local given = from.past and row.at == from.up_to and not search_filters.is_less(from.past, row.id)
    if not given and row.at > oldest then kept[#kept + 1] = row end
  end
  return kept
end

local function page_of(rows, following)
  local items = {}
  for index, row in ipairs(rows) do
    items[index] = row.item
  end
  return {
    items = items,
    following = following,
    position_after = function(index) return up_to(rows[index].at, rows[index].id) end,
  }
end

local function are_late(rows)
  for _, row in ipairs(rows) do
    if not row.is_late then return false end
  end
  return true
end

local function read_tie(answer, items, from)
  local page, message = search_by_id.read(answer, items, from.among, false)
  if not page then return nil, message end
  local position_after = page.position_after
  page.position_after = position_after and function(index) return within_tie(from.tie, position_after(index)) end
  page.following = page.following and within_tie(from.tie, page.following) or below(from.tie)
  return page
end

local function read_times(answer, items, from, property)
  local more, message = search_filters.offset_of(answer)
  if message then return nil, message end
  if more and #items == 0 then return { items = {}, following = at_offset(from, more) } end
  local rows, row_message = rows_of(items, property, from.up_to or from.below)
  if not rows then return nil, row_message end
  if not more then return page_of(rows_to_give(rows, from, -math.huge)) end
  local first, last = rows[1].at, rows[#rows].at
  if are_late(rows) then
    if not from.wide then return { items = {}, following = at_offset(from, 0) } end
    return page_of(rows_to_give(rows, from, -math.huge), at_offset(from, more))
  end
  if first == last then
    return { items = {}, following = within_tie(last, { after = last == from.up_to and from.past or nil }) }
  end
  -- There may be more of the page's last time.
  return page_of(rows_to_give(rows, from, last), up_to(last))
end

return {
  kind = {
    size = "limit",
    whole_pages = true,
    fields = {
      up_to = "time",
      past = "id",
      below = "time",
      tie = "time",
      offset = "count",
      wide = "flag",
      among = position.table_of(search_by_id.fields),
    },
    is_position = function(from) return (from.tie == nil) == (from.among == nil) end,
    request = function(fields, from, values, route)
      local property = route.newest_by
      local function filter(operator, ms)
        search_filters.add(fields, { propertyName = property, operator = operator, value = ("%.0f"):format(ms) })
      end
      if from.tie then
        filter("EQ", from.tie)
        return search_by_id.request(fields, from.among, false)
      end
      fields.sorts = core.array { "-" .. property }
      if from.below then filter("LT", from.below) end
      if from.up_to then filter("LTE", from.up_to) end
      if values.since then filter("GTE", values.since) end
      if from.wide then fields.limit = route.page_size end
      return search_filters.add_offset(fields, from.offset, WHY_EMPTY)
    end,
    read = function(answer, items, from, _, route)
      if from.tie then return read_tie(answer, items, from) end
      return read_times(answer, items, from, route.newest_by)
    end,
  },
}
