--- How each kind of HubSpot's paging is asked for and read. A route names its kind in `paging`, the field of its
-- answer that holds the records in `items`, and the most records that a page takes in `page_size`.
--
-- A position is a table; the first page's is empty. A kind has `size`, the wire name of the page size; `request`,
-- a function(fields, position, values, route) that adds a position to the fields of a query or body, or returns a
-- message where HubSpot has no such page; and `read`,
-- a function(answer, items, position, values, route) that returns the items to give out, and the position of the
-- next page or nil. `whole_pages` is set where fewer records than a page must not be asked for.
-- @module hubspot.paging

local check = require "hubspot.check"
local core = require "hubspot.core"
local time = require "hubspot.time"

local paging = {}

local kinds = {}

local function copy_position(fields, position)
  for name, value in pairs(position) do fields[name] = value end
end

local function field(value, name)
  return type(value) == "table" and value[name] or nil
end

-- The cursor that an answer of the dated API gives, `paging.next.after`: a string or a number.
local function cursor_of(answer)
  local following = field(field(field(answer, "paging"), "next"), "after")
  if type(following) == "number" then return ("%.0f"):format(following) end
  return type(following) == "string" and following ~= "" and following or nil
end

-- The dated API. An empty page with a cursor goes on.
kinds.after = {
  size = "limit",
  request = copy_position,
  read = function(answer, items)
    local following = cursor_of(answer)
    return items, following and { after = following }
  end,
}

local function reversed(items)
  local backwards = {}
  for index = #items, 1, -1 do backwards[#backwards + 1] = items[index] end
  return backwards
end

-- The page before the one that the last cursor of a trail names.
local function page_before(trail)
  if #trail == 0 then return nil end
  local shorter = {}
  for index = 1, #trail - 1 do shorter[index] = trail[index] end
  local after = trail[#trail]
  return { after = after ~= "" and after or nil, trail = shorter, backwards = true }
end

local function contains(list, value)
  for _, item in ipairs(list) do
    if item == value then return true end
  end
  return false
end

-- A trail longer by the cursor of the page at `position`. Not where that page was read before: then the positions
-- come again too, by which the iterator sees that it goes round.
local function longer_trail(trail, position)
  local cursor = position.after or ""
  if contains(trail, cursor) then return trail end
  local longer = {}
  for index, earlier in ipairs(trail) do longer[index] = earlier end
  longer[#longer + 1] = cursor
  return longer
end

-- Pages that only go forwards, read backwards: first to their end, remembering the cursors, then back along them.
kinds.after_backwards = {
  size = "limit",
  whole_pages = true,
  request = function(fields, position) fields.after = position.after end,
  read = function(answer, items, position)
    local trail, following = position.trail or {}, cursor_of(answer)
    if position.backwards or not following then return reversed(items), page_before(trail) end
    return {}, { after = following, trail = longer_trail(trail, position) }
  end,
}

kinds.vid_offset = {
  size = "count",
  request = copy_position,
  read = function(answer, items)
    if not answer["has-more"] then return items end
    return items, { vidOffset = answer["vid-offset"] }
  end,
}

local function items_since(items, since)
  for index, item in ipairs(items) do
    if since and item.addedAt and item.addedAt < since then
      local kept = {}
      for place = 1, index - 1 do kept[place] = items[place] end
      return kept, true
    end
  end
  return items, false
end

-- v1's newest-first lists. They take no earliest time, so the iterator ends at it.
kinds.vid_and_time_offset = {
  size = "count",
  request = copy_position,
  read = function(answer, items, _, values)
    local kept, reached = items_since(items, values.since)
    if reached or not answer["has-more"] then return kept end
    return kept, { vidOffset = answer["vid-offset"], timeOffset = answer["time-offset"] }
  end,
}

-- v1 lists and search. Where an answer has no `has-more`, it held everything.
kinds.offset = {
  size = "count",
  request = copy_position,
  read = function(answer, items)
    if not (answer["has-more"] or answer.hasMore) then return items end
    return items, { offset = answer.offset }
  end,
}

local function add_filter(fields, filter)
  local groups = {}
  for index, group in ipairs(fields.filterGroups or {}) do
    local filters = {}
    for place, given in ipairs(group.filters or {}) do filters[place] = given end
    filters[#filters + 1] = filter
    groups[index] = { filters = filters }
  end
  if #groups == 0 then groups[1] = { filters = { filter } } end
  fields.filterGroups = core.array(groups)
end

-- Search ends at 10,000 records a query. Ordered by id, each page is a query of its own behind the last id, and
-- there is no end; nor do records that come and go meanwhile move the others across a page's edge. Only behind an
-- empty page, which has no last id, the query goes on with the answer's cursor.
kinds.search_by_id = {
  size = "limit",
  request = function(fields, position, values)
    local descending = values.order == "desc"
    fields.sorts = core.array { descending and "-hs_object_id" or "hs_object_id" }
    if position.id then
      add_filter(fields, { propertyName = "hs_object_id", operator = descending and "LT" or "GT", value = position.id })
    end
    fields.after = position.after
  end,
  read = function(answer, items, position)
    local following = cursor_of(answer)
    if not following then return items end
    if #items == 0 then return items, { id = position.id, after = following } end
    return items, { id = items[#items].id }
  end,
}

-- The e-mail APIs of v1: the offset is a token that is only handed back.
kinds.opaque_offset = {
  size = "limit",
  request = copy_position,
  read = function(answer, items)
    if not answer.hasMore then return items end
    return items, { offset = answer.offset }
  end,
}

local SEARCH_CEILING = 10000

-- Search in an order that the caller chose.
kinds.search_in_order = {
  size = "limit",
  request = function(fields, position, values)
    if position.after and tonumber(position.after) >= SEARCH_CEILING then
      return ("HubSpot's search ends after %d records in the order of a property; without the option sort it "
        .. "gives all of them, by id"):format(SEARCH_CEILING)
    end
    fields.sorts = core.array { (values.order == "desc" and "-" or "") .. values.sort }
    fields.after = position.after
  end,
  read = kinds.after.read,
}

local function milliseconds_of(item, property)
  local value = item.properties and item.properties[property]
  return value and (tonumber(value) or time.from_iso(value))
end

-- The items that are newer than the page's last one, and its time. Those that share it may go on behind the page.
local function split_tail(items, property)
  local last = milliseconds_of(items[#items], property)
  local newer = {}
  for index, item in ipairs(items) do
    if milliseconds_of(item, property) == last then break end
    newer[index] = item
  end
  return newer, last
end

-- Newest first by a time property. Each page is a query of its own from the last time downwards, so that the
-- 10,000 that search gives a query are no limit. Records of one and the same time can be more than any page: then
-- they are read by id, and the pages go on below that time.
kinds.search_newest_first = {
  size = "limit",
  whole_pages = true,
  request = function(fields, position, values, route)
    local property = route.newest_by
    fields.after = position.after
    if position.tie then
      fields.sorts = core.array { "hs_object_id" }
      add_filter(fields, { propertyName = property, operator = "EQ", value = ("%.0f"):format(position.tie) })
      if position.id then
        add_filter(fields, { propertyName = "hs_object_id", operator = "GT", value = position.id })
      end
      return
    end
    fields.sorts = core.array { "-" .. property }
    local from = position.up_to or position.below
    if from then
      add_filter(fields, { propertyName = property, operator = position.below and "LT" or "LTE",
        value = ("%.0f"):format(from) })
    end
    if values.since then
      add_filter(fields, { propertyName = property, operator = "GTE", value = ("%.0f"):format(values.since) })
    end
  end,
  read = function(answer, items, position, _, route)
    local following = cursor_of(answer)
    if following and #items == 0 then
      return items, { tie = position.tie, id = position.id, up_to = position.up_to, below = position.below,
        after = following }
    end
    if position.tie then
      if following then return items, { tie = position.tie, id = items[#items].id } end
      return items, { below = position.tie }
    end
    if not following then return items end
    local newer, last = split_tail(items, route.newest_by)
    if #newer == 0 then return {}, { tie = last } end
    return newer, { up_to = last }
  end,
}

local function kind_of(route, values)
  local kind = route.paging
  if kind == "search_by_id" and values.sort then kind = "search_in_order" end
  return kinds[kind]
end

--- Adds a page to a request.
-- @tparam table route
-- @tparam table query flat list of names and values
-- @tparam ?table body the page goes into it where the route has one
-- @tparam table position
-- @tparam ?integer size
-- @tparam table values of the call
-- @treturn ?string a message where HubSpot has no such page
function paging.request(route, query, body, position, size, values)
  local kind = kind_of(route, values)
  local fields = body or {}
  fields[kind.size] = size
  local message = kind.request(fields, position, values, route)
  if body or message then return message end
  for _, name in ipairs(check.sorted_keys(fields)) do
    query[#query + 1] = name
    query[#query + 1] = fields[name]
  end
end

--- The most records that one request of a call may ask for.
function paging.largest_page(route, values)
  return values.with_history and route.history_page_size or route.page_size
end

--- The page size of a call.
function paging.size(route, values)
  local size = values.page_size or paging.largest_page(route, values)
  if values.max and not kind_of(route, values).whole_pages then size = math.min(size, values.max) end
  return size
end

--- What an answer holds, and where the next page is.
-- @tparam table route
-- @tparam table answer
-- @tparam table items the answer's records
-- @tparam table position of this page
-- @tparam table values of the call
-- @treturn table items
-- @treturn ?table position of the next page, nil at the end
function paging.read(route, answer, items, position, values)
  return kind_of(route, values).read(answer, items, position, values, route)
end

return paging
