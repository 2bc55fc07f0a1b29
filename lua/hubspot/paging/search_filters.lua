--- Shared by the kinds of HubSpot's search: filters that are added to the caller's, ids and their order, the answers.
-- @module hubspot.paging.search_filters

local core = require "hubspot.core"
local id_text = require("hubspot.id").text
local merge = require "hubspot.merge"

local search_filters = {}

--- HubSpot gives this many records of a query, and no more.
search_filters.CEILING = 10000

-- HubSpot's pages disagree; these are the smallest numbers.
local FILTERS_A_GROUP, FILTERS_A_SEARCH = 6, 18

search_filters.NO_ROOM = (
  "HubSpot's search gives %d records of a query. The next query needs a filter on the id in "
  .. "each of the filter_groups, and these leave no room for it: HubSpot takes %d filters in a group and %d in all"
):format(search_filters.CEILING, FILTERS_A_GROUP, FILTERS_A_SEARCH)

--- Adds a filter to each group of a search's body.
-- @tparam table fields
-- @tparam table filter
function search_filters.add(fields, filter)
  local groups = {}
  for index, given in ipairs(fields.filterGroups or {}) do
    local group = merge { given }
    group.filters = merge { given.filters or {} }
    group.filters[#group.filters + 1] = filter
    groups[index] = group
  end
  if #groups == 0 then groups[1] = { filters = { filter } } end
  fields.filterGroups = core.array(groups)
end

--- Adds a filter on the id.
-- @tparam table fields
-- @tparam string operator
-- @tparam string value
-- @tparam ?string high_value
function search_filters.add_id(fields, operator, value, high_value)
  search_filters.add(
    fields,
    { propertyName = "hs_object_id", operator = operator, value = value, highValue = high_value }
  )
end

--- Returns whether each group of the caller's has room for one filter more.
-- @tparam ?table groups
-- @treturn boolean
function search_filters.have_room(groups)
  local count = 0
  for _, group in ipairs(groups or {}) do
    local filters = #(group.filters or {}) + 1
    if filters > FILTERS_A_GROUP then return false end
    count = count + filters
  end
  return count <= FILTERS_A_SEARCH
end

--- Asks for the records of a query from an offset on. The last page before the ceiling may be a smaller one: HubSpot
-- refuses a page that goes over it.
-- @tparam table fields
-- @tparam ?integer offset
-- @tparam string why_it_ends
-- @treturn ?string a message where the ceiling is reached
function search_filters.add_offset(fields, offset, why_it_ends)
  if not offset then return nil end
  if offset >= search_filters.CEILING then
    return ("HubSpot's search ends after %d records%s"):format(search_filters.CEILING, why_it_ends)
  end
  fields.limit = math.min(fields.limit, search_filters.CEILING - offset)
  fields.after = ("%d"):format(offset)
  return nil
end

local function field(value, name) return type(value) == "table" and value[name] or nil end

--- The cursor that an answer of the dated API gives, `paging.next.after`: a string or a number.
-- @tparam table answer
-- @treturn ?string
function search_filters.cursor_of(answer)
  local following = id_text(field(field(field(answer, "paging"), "next"), "after"))
  return type(following) == "string" and following ~= "" and following or nil
end

--- The offset at which a query has more records.
-- @tparam table answer
-- @treturn ?integer nil at its end
-- @treturn ?string a message where there is one that is no offset
function search_filters.offset_of(answer)
  local after = search_filters.cursor_of(answer)
  if not after then return nil end
  if not after:find "^%d+$" or #after > 15 then
    return nil, "HubSpot answered a search with a cursor that is no offset"
  end
  return tonumber(after)
end

-- Ids as digits without leading zeros, which compare at any length: no double holds them all.
local function normal_id(value)
  value = id_text(value)
  if type(value) ~= "string" or not value:find "^%d+$" then return nil end
  return (value:gsub("^0+(%d)", "%1"))
end

--- The ids of items.
-- @tparam table items
-- @treturn ?table nil and a message where one has none
function search_filters.ids_of(items)
  local ids = {}
  for index, item in ipairs(items) do
    local id = normal_id(type(item) == "table" and item.id)
    if not id then return nil, "HubSpot answered a search with a record whose id is no number" end
    ids[index] = id
  end
  return ids
end

--- Returns whether an id is less than another one, as numbers.
function search_filters.is_less(a, b)
  if #a ~= #b then return #a < #b end
  return a < b
end

return search_filters
