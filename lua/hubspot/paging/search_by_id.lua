--- A search in the order of ids. HubSpot gives the first 10,000 records of a query, and records that come and go move
-- the others across the edges of pages: so each page is a query of its own, of the ids after the last one.
--
-- HubSpot's filters compare ids as numbers. It may sort them as texts, "10000" before "9998": among ids of one length
-- both orders are the same. Until a page shows that they are sorted as numbers, a page gives the ids of one length
-- only, and ids that HubSpot may have sorted elsewhere, shorter ones at first, are requested `later`.
--
-- A position has `after`, the id before its query's first; `to`, the last; `later`, the ranges to be read when it has
-- ended; `numeric`, true once ids are known to be sorted as numbers; and `offset` in the query where its page was
-- empty. Downwards `after` is the higher end.
-- @module hubspot.paging.search_by_id

local core = require "hubspot.core"
local position = require "hubspot.paging.position"
local search_filters = require "hubspot.paging.search_filters"

local is_less = search_filters.is_less

local WHY_EMPTY = " of a query, and none of them has an id after which another one could begin"

local UNORDERED = "HubSpot answered a search in the order of ids with ids in another order"

local range_fields = { after = "id", to = "id" }

local search_by_id = {}

search_by_id.fields = {
  after = "id",
  to = "id",
  numeric = "flag",
  offset = "count",
  later = position.list_of(range_fields),
}

local function precedes(a, b, descending)
  if descending then return is_less(b, a) end
  return is_less(a, b)
end

-- Positions --------------------------------------------------------------------------------------------------------

local function at_range(range, later, numeric)
  return { after = range.after, to = range.to, later = later and #later > 0 and later or nil, numeric = numeric }
end

local function at_next_range(from)
  local later = from.later
  if not later or #later == 0 then return nil end
  local rest = {}
  for index = 2, #later do
    rest[#rest + 1] = later[index]
  end
  return at_range(later[1], rest)
end

local function at_offset(from, offset)
  return { after = from.after, to = from.to, later = from.later, numeric = from.numeric, offset = offset }
end

-- Requests ---------------------------------------------------------------------------------------------------------

-- Between two ends HubSpot gives both of them.
local function add_range(fields, range, descending)
  local after, to = range.after, range.to
  if after and to then
    fields.limit = math.max(fields.limit, 2)
    search_filters.add_id(fields, "BETWEEN", descending and to or after, descending and after or to)
  elseif after then
    search_filters.add_id(fields, descending and "LT" or "GT", after)
  elseif to then
    search_filters.add_id(fields, descending and "GTE" or "LTE", to)
  end
end

--- Adds a page to the fields of a search.
-- @tparam table fields
-- @tparam table from the position
-- @tparam boolean descending
-- @treturn ?string a message where HubSpot has no such page
function search_by_id.request(fields, from, descending)
  fields.sorts = core.array { descending and "-hs_object_id" or "hs_object_id" }
  add_range(fields, from, descending)
  return search_filters.add_offset(fields, from.offset, WHY_EMPTY)
end

-- Answers ----------------------------------------------------------------------------------------------------------

-- Returns the ids of a page and their items without the id that the query follows.
local function rows_of(items, from, descending)
  local all, message = search_filters.ids_of(items)
  if not all then return nil, message end
  local ids, kept = {}, {}
  for index, id in ipairs(all) do
    if id ~= from.after then
      if from.after and not precedes(from.after, id, descending) then
        return nil, ("HubSpot answered a search for ids after %s with the id %s"):format(from.after, id)
      end
      ids[#ids + 1], kept[#kept + 1] = id, items[index]
    end
  end
  return { ids = ids, items = kept }
end

local function is_in_order(ids, descending)
  for index = 2, #ids do
    if not precedes(ids[index - 1], ids[index], descending) then return false end
  end
  return true
end

-- Returns whether the ids' numeric order differs from their order as texts.
local function are_sorted_as_numbers(ids, descending)
  for index = 2, #ids do
    local before, id = ids[index - 1], ids[index]
    if descending then
      before, id = id, before
    end
    if before > id then return true end
  end
  return false
end

local function of_length(rows, length)
  local ids, items = {}, {}
  for index, id in ipairs(rows.ids) do
    if #id == length then
      ids[#ids + 1], items[#items + 1] = id, rows.items[index]
    end
  end
  return { ids = ids, items = items }
end

-- The ids between `after` and those of a length, which would come first in numeric order; nil where there can be none.
local function skipped(from, length, descending)
  local after, to = from.after
  if descending then
    if after and #after <= length then return nil end
    to = "1" .. ("0"):rep(length)
  else
    if length == 1 or after and #after >= length then return nil end
    to = ("9"):rep(length - 1)
  end
  if after == to then return nil end
  return { after = after, to = to }
end

local function with_skipped(from, length, descending)
  local later = {}
  for index, range in ipairs(from.later or {}) do
    later[index] = range
  end
  later[#later + 1] = skipped(from, length, descending)
  return later
end

--- Reads an answer.
-- @tparam table answer
-- @tparam table items its records
-- @tparam table from the position
-- @tparam boolean descending
-- @treturn ?table a page as `hubspot.paging.pager` takes it; nil and a message where it can't be relied on
function search_by_id.read(answer, items, from, descending)
  local more, cursor_message = search_filters.offset_of(answer)
  if cursor_message then return nil, cursor_message end
  local rows, message = rows_of(items, from, descending)
  if not rows then return nil, message end
  if #rows.ids == 0 then return { items = {}, following = more and at_offset(from, more) or at_next_range(from) } end
  local in_order = is_in_order(rows.ids, descending)
  local numeric = in_order and (from.numeric or are_sorted_as_numbers(rows.ids, descending)) or nil
  local length, is_whole = #rows.ids[1], in_order and (numeric or not more)
  local given = is_whole and rows or of_length(rows, length)
  if not is_whole and (from.numeric or not is_in_order(given.ids, descending)) then return nil, UNORDERED end
  local later = nil
  if is_whole and not numeric then
    later = from.later
  elseif not numeric then
    later = with_skipped(from, length, descending)
  end
  local function position_after(index) return at_range({ after = given.ids[index], to = from.to }, later, numeric) end
  local has_ended = not more and #given.ids == #rows.ids
  return {
    items = given.items,
    by_id = not descending,
    position_after = position_after,
    following = not has_ended and position_after(#given.ids) or at_next_range { later = later },
  }
end

search_by_id.kind = {
  size = "limit",
  fields = search_by_id.fields,
  request = function(fields, from, values) return search_by_id.request(fields, from, values.order == "desc") end,
  read = function(answer, items, from, values) return search_by_id.read(answer, items, from, values.order == "desc") end,
}

return search_by_id
