--- Searches whose pages are numbered: in an order of the caller's, and in that of ids where the filters leave no room
-- for one on the id. They end at HubSpot's ceiling.
-- @module hubspot.paging.search_in_order

local core = require "hubspot.core"
local merge = require "hubspot.merge"
local overlap = require "hubspot.paging.overlap"
local search_filters = require "hubspot.paging.search_filters"

local WHY_SORTED = " in the order of a property; without the option sort it gives all of them, by id"

local search_in_order = {}

local function add_page(fields, from, largest, why_it_ends)
  local offset, limit = overlap.request(from, fields.limit, largest)
  fields.limit = limit
  -- The page before the ceiling's may be requested anew, to look for its last record; the next one may not.
  if (from.offset or 0) >= search_filters.CEILING then offset = from.offset end
  return search_filters.add_offset(fields, offset, why_it_ends)
end

local function read(answer, items, from, kept)
  local more, message = search_filters.offset_of(answer)
  if message then return nil, message end
  return overlap.read(items, from, more, kept)
end

search_in_order.by_property = {
  size = "limit",
  fields = overlap.fields,
  request = function(fields, from, values, route)
    fields.sorts = core.array { (values.order == "desc" and "-" or "") .. values.sort }
    return add_page(fields, from, route.page_size, WHY_SORTED)
  end,
  read = function(answer, items, from) return read(answer, items, from, {}) end,
}

local id_fields = merge { overlap.fields }
id_fields.after_id = "id"

-- After the ceiling a filter on the id (`after_id`) is tried all the same: not all of HubSpot's pages state the
-- smallest limits.
search_in_order.by_id = {
  size = "limit",
  fields = id_fields,
  request = function(fields, from, values, route)
    local descending = values.order == "desc"
    fields.sorts = core.array { descending and "-hs_object_id" or "hs_object_id" }
    if from.after_id then search_filters.add_id(fields, descending and "LT" or "GT", from.after_id) end
    return add_page(fields, from, route.page_size, "")
  end,
  read = function(answer, items, from)
    local page, message = read(answer, items, from, { after_id = from.after_id })
    local following = page and page.following
    if following and following.offset >= search_filters.CEILING then
      local ids, id_message = search_filters.ids_of(items)
      if not ids then return nil, id_message end
      page.following = { after_id = ids[#ids] }
    end
    return page, message
  end,
  hint = function(from) return from.after_id and search_filters.NO_ROOM or nil end,
}

return search_in_order
