--- Requests and reads the pages of each kind of HubSpot's paging. A route names its kind in `paging`, the field of its
-- answer that holds the records in `items`, and the most records that a page takes in `page_size`.
--
-- A position is a table; the first page's is empty. A kind has `size`, the wire name of the page size; `fields`, those
-- that its positions have (see `hubspot.paging.position`), and `is_position`, a function(position) that tells whether
-- they go together; `request`, a function(fields, position, values, route) that adds a position to the fields of a
-- query or body, or returns a message where HubSpot has no such page; and `read`, a function(answer, items, position,
-- values, route) that returns a page as `hubspot.paging.pager` takes it, or nil and a message where the answer can't
-- be relied on. `start` is a position that means the first page, too. `whole_pages` is set where fewer records than a
-- page must not be asked for. `hint` is a function(position, values) that tells what to do where HubSpot refused a
-- page.
-- @module hubspot.paging

local check = require "hubspot.check"
local core = require "hubspot.core"
local id_text = require("hubspot.id").text
local interpret = require "hubspot.interpret"
local must = require "hubspot.shape.must"
local overlap = require "hubspot.paging.overlap"
local position_fields = require "hubspot.paging.position"
local search_by_id = require "hubspot.paging.search_by_id"
local search_filters = require "hubspot.paging.search_filters"
local search_in_order = require "hubspot.paging.search_in_order"
local search_newest_first = require "hubspot.paging.search_newest_first"
local windows = require "hubspot.paging.windows"

local paging = {}

local kinds = {
  search_by_id = search_by_id.kind,
  search_by_id_numbered = search_in_order.by_id,
  search_in_order = search_in_order.by_property,
  search_newest_first = search_newest_first.kind,
  windows = windows.kind,
}

local cursor_of = search_filters.cursor_of

-- The field of the next page's position; without it the pages would begin anew.
local function number_at(offset) return must.number(tonumber(must.offset(offset)), "the offset") end

local function copy_position(fields, position)
  for name, value in pairs(position) do
    fields[name] = value
  end
end

-- The dated API. An empty page with a cursor has a next one.
kinds.after = {
  size = "limit",
  fields = { after = "text" },
  request = copy_position,
  read = function(answer, items)
    local following = cursor_of(answer)
    return { items = items, following = following and { after = following }, by_id = true }
  end,
}

local function reversed(items)
  local backwards = {}
  for index = #items, 1, -1 do
    backwards[#backwards + 1] = items[index]
  end
  return backwards
end

-- The cursor of the page that comes before an answer's records, `paging.prev.before`.
local function cursor_before(answer)
  local previous = type(answer.paging) == "table" and answer.paging.prev
  local before = type(previous) == "table" and previous.before
  before = id_text(before)
  return type(before) == "string" and before ~= "" and before or nil
end

local NO_WAY_BACK = "HubSpot named no page before the last one"

-- The last page, from which the way back begins. If it is empty, that is the last one that was not.
local function read_last(answer, items, position)
  if #items == 0 and position.full then
    return { items = {}, following = { after = position.full ~= "" and position.full or nil, turning = true } }
  end
  local before = cursor_before(answer)
  if not before and position.after then return nil, NO_WAY_BACK end
  return {
    items = reversed(items),
    following = before and { before = before },
    again = { after = position.after, full = position.full, turning = true },
  }
end

-- Pages that begin with the oldest, read from the newest on: forwards to their end (`full` is the cursor of the last
-- page that had records), then back page by page, which HubSpot gives newest first.
kinds.after_backwards = {
  size = "limit",
  fields = { after = "text", before = "text", full = "text", turning = "flag" },
  whole_pages = true,
  request = function(fields, position)
    fields.after, fields.before = position.after, position.before
  end,
  read = function(answer, items, position)
    if position.before then
      local before = cursor_before(answer)
      return { items = items, following = before and { before = before } }
    end
    local following = cursor_of(answer)
    if position.turning or not following then return read_last(answer, items, position) end
    local full = #items > 0 and (position.after or "") or position.full
    return { items = {}, following = { after = following, full = full } }
  end,
}

kinds.vid_offset = {
  size = "count",
  fields = { vidOffset = "count" },
  start = { vidOffset = 0 },
  request = copy_position,
  read = function(answer, items)
    return {
      items = items,
      by_id = true,
      following = answer["has-more"] and { vidOffset = number_at(answer["vid-offset"]) } or nil,
    }
  end,
}

local function items_since(items, since)
  for index, item in ipairs(items) do
    if since and item.addedAt and item.addedAt < since then
      local kept = {}
      for place = 1, index - 1 do
        kept[place] = items[place]
      end
      return kept, true
    end
  end
  return items, false
end

-- v1's newest-first lists. They take no earliest time, so the iterator ends at it.
kinds.vid_and_time_offset = {
  size = "count",
  fields = { vidOffset = "count", timeOffset = "count" },
  start = { vidOffset = 0, timeOffset = 0 },
  request = copy_position,
  read = function(answer, items, _, values)
    local kept, reached = items_since(items, values.since)
    if reached or not answer["has-more"] then return { items = kept } end
    return {
      items = kept,
      following = { vidOffset = number_at(answer["vid-offset"]), timeOffset = number_at(answer["time-offset"]) },
    }
  end,
}

-- v1 lists and search. An answer without `has-more` is the last one.
kinds.offset = {
  size = "count",
  fields = overlap.fields,
  start = { offset = 0 },
  request = function(fields, position, _, route)
    local offset
    offset, fields.count = overlap.request(position, fields.count, route.page_size)
    if offset then fields.offset = offset end
  end,
  read = function(answer, items, position)
    local more = answer["has-more"] or answer.hasMore
    return overlap.read(items, position, more and number_at(answer.offset) or nil, {})
  end,
}

-- The e-mail APIs of v1: the offset is a token that is only handed back.
kinds.opaque_offset = {
  size = "limit",
  fields = { offset = "token" },
  request = copy_position,
  read = function(answer, items)
    return { items = items, following = answer.hasMore and { offset = must.offset(answer.offset) } or nil }
  end,
}

local function kind_of(route, values)
  local name = route.paging
  if name == "search_by_id" then
    if values.sort then
      name = "search_in_order"
    elseif not search_filters.have_room(values.filter_groups) then
      name = "search_by_id_numbered"
    end
  end
  return kinds[name]
end

--- Returns whether a table that came with a cursor is a position of a call.
-- @tparam table route
-- @tparam table values of the call
-- @tparam table position
-- @treturn boolean
function paging.is_position(route, values, position)
  local kind = kind_of(route, values)
  return position_fields.has_only(kind.fields, position) and (not kind.is_position or kind.is_position(position))
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

-- Fields of the positions that are the id of the last record, by kind. HubSpot documents that of none.
local ID_FIELDS = { after = "after", vid_offset = "vidOffset" }

--- Returns the position of the records after an id, of the first ones where it is nil.
function paging.position_at(route, id)
  local field = ID_FIELDS[route.paging]
  return { [field] = field == "vidOffset" and tonumber(id) or id }
end

--- The id that a position stands for, as text.
function paging.id_at(route, position) return id_text(position[ID_FIELDS[route.paging]]) end

--- The most records that one request of a call may ask for.
function paging.largest_page(route, values) return values.with_history and route.history_page_size or route.page_size end

--- The page size of a call.
-- @tparam table route
-- @tparam table values of the call
-- @tparam ?integer wanted the size that a page has to have, as far as HubSpot takes it
function paging.size(route, values, wanted)
  local largest = paging.largest_page(route, values)
  if wanted then return math.min(wanted, largest) end
  local size = values.page_size or largest
  if values.max and not kind_of(route, values).whole_pages then size = math.min(size, values.max) end
  return size
end

--- Reads a page: the records of an answer, and the position of the next page.
-- @tparam table route
-- @tparam table answer
-- @tparam table items the answer's records
-- @tparam table position of this page
-- @tparam table values of the call
-- @treturn ?table a page as `hubspot.pager` takes it; nil and a message where the answer can't be relied on
function paging.read(route, answer, items, position, values)
  local kind = kind_of(route, values)
  local page, message = interpret(kind.read, answer, items, position, values, route)
  if not page then return nil, message end
  -- The beginning has one position, by which it is known when HubSpot leads back to it.
  if page.following and kind.start and core.encode(page.following) == core.encode(kind.start) then
    page.following = {}
  end
  return page
end

--- Returns the hint for a page that HubSpot refused, if there is one.
-- @tparam table route
-- @tparam table position of the page
-- @tparam table values of the call
-- @treturn ?string
function paging.hint(route, position, values)
  local hint = kind_of(route, values).hint
  return hint and hint(position, values)
end

return paging
