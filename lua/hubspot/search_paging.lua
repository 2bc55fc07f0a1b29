--- How HubSpot's search is read to its end: it gives the first 10,000 records of a query, so that what goes on behind
-- them is another query, of what comes behind the last record. The kinds are as `hubspot.paging` takes them.
-- @module hubspot.search_paging

local core = require "hubspot.core"
local id_text = require("hubspot.id").text
local number = require "hubspot.number"
local time = require "hubspot.time"

local CEILING = 10000

-- HubSpot's pages disagree; these are the smallest numbers.
local FILTERS_A_GROUP, FILTERS_A_SEARCH = 6, 18

local kinds = {}

-- Ids -------------------------------------------------------------------------------------------------------------

-- An id as digits without leading zeros, which compare at any length: no double holds them all.
local function normal_id(value)
  value = id_text(value)
  if type(value) ~= "string" or not value:find "^%d+$" then return nil end
  return (value:gsub("^0+(%d)", "%1"))
end

local function is_less(a, b)
  if #a ~= #b then return #a < #b end
  return a < b
end

local function precedes(a, b, descending)
  if descending then return is_less(b, a) end
  return is_less(a, b)
end

local function ids_of(items)
  local ids = {}
  for index, item in ipairs(items) do
    local id = normal_id(type(item) == "table" and item.id)
    if not id then return nil, "HubSpot answered a search with a record whose id is no number" end
    ids[index] = id
  end
  return ids
end

-- Whether ids rise, or fall.
local function is_in_order(ids, descending)
  for index = 2, #ids do
    if not precedes(ids[index - 1], ids[index], descending) then return false end
  end
  return true
end

-- Filters ---------------------------------------------------------------------------------------------------------

local function copy_of(value)
  local copy = {}
  for key, item in pairs(value) do
    copy[key] = item
  end
  return copy
end

local function add_filter(fields, filter)
  local groups = {}
  for index, given in ipairs(fields.filterGroups or {}) do
    local group = copy_of(given)
    group.filters = copy_of(given.filters or {})
    group.filters[#group.filters + 1] = filter
    groups[index] = group
  end
  if #groups == 0 then groups[1] = { filters = { filter } } end
  fields.filterGroups = core.array(groups)
end

local function add_id_filter(fields, operator, id)
  add_filter(fields, { propertyName = "hs_object_id", operator = operator, value = id })
end

-- Whether each group of the caller's takes one filter more.
local function has_room(groups)
  local count = 0
  for _, group in ipairs(groups or {}) do
    local filters = #(group.filters or {}) + 1
    if filters > FILTERS_A_GROUP then return false end
    count = count + filters
  end
  return count <= FILTERS_A_SEARCH
end

-- Offsets ---------------------------------------------------------------------------------------------------------

local function field(value, name) return type(value) == "table" and value[name] or nil end

-- The cursor that an answer of the dated API gives, `paging.next.after`: a string or a number.
local function cursor_of(answer)
  local following = field(field(field(answer, "paging"), "next"), "after")
  following = id_text(following)
  return type(following) == "string" and following ~= "" and following or nil
end

-- The last page before the ceiling may be a smaller one: HubSpot refuses a page that goes over it.
local function request_offset(fields, after, why_it_ends)
  local offset = tonumber(after)
  if offset and offset >= CEILING then
    return ("HubSpot's search ends after %d records%s"):format(CEILING, why_it_ends)
  end
  if offset then fields.limit = math.min(fields.limit, CEILING - offset) end
  fields.after = after
end

-- By id -----------------------------------------------------------------------------------------------------------

-- Ordered by id, each page is a query of its own behind the last id: there is no end, nor do records that come and go
-- meanwhile move the others across a page's edge. A position has `id`, behind which its query begins, and
-- * `after`, a cursor in that query, where there is no later id to begin behind, because the last page was empty, no
--   filter can be added or the ids are unordered
-- * `last`, the last id that was given, where no filter can be added. Records that come or go move the others across
--   the edge of a page, so the next one is asked for from the last record on: it must be there
-- * `unordered`, where HubSpot sorts the ids in another order than its filters compare them in
-- * `given`, how many records came from the first one up to `id`
-- * `back`, where the page up to `id` may have passed over ids, as it does where HubSpot sorts them as texts. Among
--   ids of one length that order is the same, so a page has it only where their length changes: `left`, how many
--   records were to come behind `id`, and the position at which the query of that page goes on
-- * `counting`, to count the records up to `id` where fewer came behind it than were left
local WHY_UNORDERED = ": it gave ids in another order than that of their numbers, in which alone it goes on"
local WHY_EMPTY = " of a query, and there was none among them behind which it could go on"

-- How many records before the cursor a page is asked for from.
local function overlap_of(position)
  local offset = position.last and not position.unordered and tonumber(position.after)
  return offset and offset > 0 and 1 or 0
end

local function request_by_id(fields, position, descending)
  fields.sorts = core.array { descending and "-hs_object_id" or "hs_object_id" }
  if position.counting then
    fields.limit = 1
    add_id_filter(fields, descending and "GTE" or "LTE", position.id)
    return nil
  end
  if position.id then add_id_filter(fields, descending and "LT" or "GT", position.id) end
  local after = position.after
  if overlap_of(position) > 0 then
    after = ("%d"):format(after - 1)
    fields.limit = math.max(fields.limit, 2)
  end
  return request_offset(fields, after, position.unordered and WHY_UNORDERED or WHY_EMPTY)
end

local function read_count(answer, position)
  if answer.total and answer.total > position.given then
    return { items = {}, following = { id = position.back.id, after = position.back.after, unordered = true } }
  end
  return { items = {}, following = { id = position.id, given = answer.total } }
end

-- The position behind the id that ends at `index` on a page. `after` is the cursor of the same place.
local function behind_id(answer, ids, position, index, after)
  local id, given = ids[index], position.given
  if not position.id and not position.after then given = 0 end
  local following = { id = id, given = given and given + index }
  if given and answer.total and not position.after and #id ~= #(position.id or "") then
    following.back = { id = position.id, after = after, left = answer.total - index }
  end
  return following
end

-- Where the query of a page goes on by HubSpot's cursor.
local function by_offset(position, after, last, unordered)
  return { id = position.id, after = after, last = last, unordered = unordered or nil }
end

-- How many records of a page that overlaps the one before were given before.
local function count_given(ids, last, ordered, descending)
  local given = 0
  for index, id in ipairs(ids) do
    if id == last or ordered and precedes(id, last, descending) then given = index end
  end
  return given
end

local function items_behind(items, index)
  local rest = {}
  for place = index + 1, #items do
    rest[#rest + 1] = items[place]
  end
  return rest
end

-- Where no filter can be added. Behind the ceiling it is tried all the same: not all of HubSpot's pages give the
-- smallest limits.
local function read_by_offset(answer, ids, items, position, descending)
  local ordered, last, after = is_in_order(ids, descending), position.last, cursor_of(answer)
  local overlap, given = overlap_of(position), 0
  if overlap > 0 then
    given = count_given(ids, last, ordered, descending)
    if given == 0 and #ids > 0 and ordered and tonumber(position.after) > 1 then
      return { items = {}, following = by_offset(position, ("%d"):format(math.max(1, position.after - #ids)), last) }
    end
  end
  local page = { items = items_behind(items, given) }
  if ordered then
    local offset = (tonumber(position.after) or 0) - overlap + given
    page.behind = function(index) return by_offset(position, ("%d"):format(offset + index), ids[given + index]) end
  end
  if not after then return page end
  if given < #ids then last = ids[#ids] end
  if last and ordered and tonumber(after) and tonumber(after) >= CEILING then
    page.following = { id = last }
  else
    -- Behind an empty page the last record stands elsewhere than before the cursor.
    page.following = by_offset(position, after, #ids > 0 and last or nil, not ordered)
  end
  return page
end

local function read_by_id(answer, items, position, descending, room)
  if position.counting then return read_count(answer, position) end
  local back = position.back
  if back and answer.total and answer.total < back.left then
    return { items = {}, following = { id = position.id, given = position.given, back = back, counting = true } }
  end
  local ids, message = ids_of(items)
  if not ids then return nil, message end
  for _, id in ipairs(ids) do
    if position.id and not precedes(position.id, id, descending) then
      return nil, ("HubSpot answered a search for ids behind %s with the id %s"):format(position.id, id)
    end
  end
  if not room and not position.unordered then return read_by_offset(answer, ids, items, position, descending) end
  local page, after = { items = items }, cursor_of(answer)
  local unordered = position.unordered or not is_in_order(ids, descending)
  if not unordered then
    page.behind = function(index) return behind_id(answer, ids, position, index, ("%d"):format(index)) end
  end
  if not after then return page end
  if #ids == 0 or unordered then
    page.following = by_offset(position, after, nil, unordered)
  else
    page.following = behind_id(answer, ids, position, #ids, after)
  end
  return page
end

kinds.search_by_id = {
  size = "limit",
  request = function(fields, position, values) return request_by_id(fields, position, values.order == "desc") end,
  read = function(answer, items, position, values)
    return read_by_id(answer, items, position, values.order == "desc", has_room(values.filter_groups))
  end,
  hint = function(position, values)
    if not position.id or has_room(values.filter_groups) then return nil end
    return (
      "HubSpot's search gives %d records of a query. It goes on with a filter on the id in each of the "
      .. "filter_groups, and these leave no room for it: HubSpot takes %d filters in a group and %d in all"
    ):format(CEILING, FILTERS_A_GROUP, FILTERS_A_SEARCH)
  end,
}

-- In an order of the caller's -----

kinds.search_in_order = {
  size = "limit",
  request = function(fields, position, values)
    fields.sorts = core.array { (values.order == "desc" and "-" or "") .. values.sort }
    return request_offset(
      fields,
      position.after,
      " in the order of a property; without the option sort it gives all of them, by id"
    )
  end,
  read = function(answer, items)
    local after = cursor_of(answer)
    return { items = items, following = after and { after = after } }
  end,
}

-- Newest first -----

local function milliseconds_of(item, property)
  local value = field(field(item, "properties"), property)
  if type(value) == "string" then return number.parse(value) or time.from_iso(value) end
  return type(value) == "number" and value or nil
end

-- The records of a page with their times and ids, newest first and those of one time by id. HubSpot leaves the order
-- of one time open; a place in it must mean the same whenever it is asked.
local function rows_of(items, property, latest)
  local ids, message = ids_of(items)
  if not ids then return nil, message end
  local rows = {}
  for index, item in ipairs(items) do
    local at = milliseconds_of(item, property)
    if not at then return nil, ("HubSpot answered a search with a record without %s"):format(property) end
    -- Changed since it was indexed: it stands where it was found.
    if latest and at > latest then at = latest end
    rows[index] = { item = item, at = at, id = ids[index] }
  end
  table.sort(rows, function(a, b)
    if a.at ~= b.at then return a.at > b.at end
    return is_less(a.id, b.id)
  end)
  return rows
end

local function with_tie(position, tie)
  position.tie = tie
  return position
end

local function read_tie(answer, items, position)
  local page, message = read_by_id(answer, items, position, false, true)
  if not page then return nil, message end
  local behind = page.behind
  page.behind = behind and function(index) return with_tie(behind(index), position.tie) end
  page.following = page.following and with_tie(page.following, position.tie) or { below = position.tie }
  return page
end

-- Those that come behind the position and are newer than `oldest`.
local function rows_to_give(rows, position, oldest)
  local kept = {}
  for _, row in ipairs(rows) do
    local given = position.past and row.at == position.up_to and not is_less(position.past, row.id)
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
    behind = function(index) return { up_to = rows[index].at, past = rows[index].id } end,
  }
end

-- Each page is a query of its own from the last time downwards (`up_to`, there behind the id `past`; or `below`).
-- Records of one and the same time can be more than any page: then they are read by id (`tie` and a position among
-- ids), and the pages go on below that time.
kinds.search_newest_first = {
  size = "limit",
  whole_pages = true,
  request = function(fields, position, values, route)
    local property = route.newest_by
    local function filter(operator, ms)
      add_filter(fields, { propertyName = property, operator = operator, value = ("%.0f"):format(ms) })
    end
    if position.tie then
      filter("EQ", position.tie)
      return request_by_id(fields, position, false)
    end
    fields.sorts = core.array { "-" .. property }
    if position.below then filter("LT", position.below) end
    if position.up_to then filter("LTE", position.up_to) end
    if values.since then filter("GTE", values.since) end
    return request_offset(fields, position.after, WHY_EMPTY)
  end,
  read = function(answer, items, position, _, route)
    if position.tie then return read_tie(answer, items, position) end
    local after = cursor_of(answer)
    if after and #items == 0 then
      local following = copy_of(position)
      following.after = after
      return { items = items, following = following }
    end
    local rows, message = rows_of(items, route.newest_by, position.up_to or position.below)
    if not rows then return nil, message end
    if not after then return page_of(rows_to_give(rows, position, -math.huge)) end
    local first, last = rows[1].at, rows[#rows].at
    if first == last then
      return { items = {}, following = { tie = last, id = last == position.up_to and position.past or nil } }
    end
    -- Those of the page's last time may go on behind it.
    return page_of(rows_to_give(rows, position, last), { up_to = last })
  end,
}

return { kinds = kinds, cursor_of = cursor_of }
