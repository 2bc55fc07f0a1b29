-- Runs calls whose answers come in pages: makes their iterators.

local answer = require "hubspot.operation.answer"
local build = require "hubspot.operation.build"
local call = require "hubspot.operation.call"
local core = require "hubspot.core"
local cursor = require "hubspot.paging.cursor"
local digest_of = require("hubspot.digest").of
local errors = require "hubspot.error"
local id_order = require "hubspot.paging.search_filters"
local id_text = require("hubspot.id").text
local keyed = require "hubspot.operation.keyed"
local pager = require "hubspot.paging.pager"
local paging = require "hubspot.paging"
local pipeline = require "hubspot.paging.pipeline"
local scan = require "hubspot.paging.scan"

local listing = {}

-- Pages --------------------------------------------------------------------------------------------------------------

local function build_page(self, position, size)
  return build.first(
    self,
    self.route,
    self.values,
    function(query, body) return paging.request(self.route, query, body, position, size, self.values) end
  )
end

local function ids_of(items)
  local ids = {}
  for index = 1, #items do
    ids[index] = items[index].id or false
  end
  return ids
end

-- The ids that a page listed, and for each its record in `items`, false where it went between listing and details.
local function listed(ids, items, places)
  if not places then return { ids = ids, items = items } end
  local by_place = {}
  for place = 1, #ids do
    by_place[place] = false
  end
  for index, item in ipairs(items) do
    by_place[places[index]] = item
  end
  return { ids = ids, items = by_place }
end

-- Returns whether a record that others were merged into has no place of its own ahead: its id is after the last one of
-- the last page.
local function is_after_all(page, listed_ids, id)
  local last = listed_ids[#listed_ids]
  return page.by_id and not page.following and last and id_order.is_less(last, id)
end

-- Reads the records of a page by their ids; returns the places of those that are there among those that were listed.
-- One that was merged into another since it was listed comes in that one's place, on this page or on another.
local function add_details(self, page)
  local listed_ids = ids_of(page.items)
  local records, places = keyed.add_details(self, page.items)
  if not records then return nil, places end
  local items, kept = {}, {}
  for index, record in ipairs(records) do
    local place = places[index]
    if record.id == listed_ids[place] or is_after_all(page, listed_ids, record.id) then
      items[#items + 1], kept[#kept + 1] = record, place
    end
  end
  local position_after = page.position_after
  page.position_after = position_after and function(index) return position_after(kept[index]) end
  page.items = items
  return kept
end

local function decode_error(request, message)
  return errors.new { kind = "decode", method = request.method, path = request.path, message = message }
end

local function items_of(self, given)
  local items = given.value
  if self.options.raw then items = given.decoded[self.route.items] end
  return type(items) == "table" and items or {}
end

local function read_page(self, request, given, position)
  local page, message = paging.read(self.route, given.decoded, items_of(self, given), position, self.values)
  if not page then return nil, decode_error(request, message) end
  local listed_ids, places = self.is_scan and ids_of(page.items), nil
  if request.is_lean then
    local details_err
    places, details_err = add_details(self, page)
    if not places then return nil, details_err end
  end
  local items, err = self:complete(page.items)
  if not items then return nil, err end
  page.items = items
  page.listed = listed_ids and listed(listed_ids, items, places)
  return page
end

local function fetch_page(self, position, wanted_size)
  if self.route.read_page then
    return self.route.read_page(self, position, paging.size(self.route, self.values, wanted_size))
  end
  local prepared, prepare_err = self:prepare()
  if not prepared then return nil, prepare_err end
  local size = paging.size(self.route, self.values, wanted_size)
  local request, message = build_page(self, position, size)
  if not request then return nil, call.invalid(message) end
  local given, err = answer.exchange_as_wanted(self, self.route, request, self.values)
  if not given then
    if err.status == 400 then err.hint = err.hint or paging.hint(self.route, position, self.values) end
    return nil, err
  end
  local page, page_err = read_page(self, request, given, position)
  if not page then return nil, page_err end
  page.size = size
  return page
end

-- Iterators ----------------------------------------------------------------------------------------------------------

-- Identifies the query of a cursor: the same position in another query is another record. An option that does not
-- decide which records come, and in which order, may differ.
local function owner_of(self)
  local declaration, values, deciding = self.declaration, self.values, {}
  for _, argument in ipairs(declaration.arguments or {}) do
    deciding[argument.name] = values[argument.name]
  end
  for name, option in pairs(declaration.options or {}) do
    if option.decides ~= false then deciding[name] = values[name] end
  end
  local text, message = core.encode(deciding)
  if not text then return nil, message end
  return { label = ("%s/%s"):format(self.name, self.route_name), digest = digest_of(text) }
end

-- Counts the records in a range of ids; nil where HubSpot can't tell.
local function count(self, first, last)
  if self.values.archived then return nil end
  local counted = self:send(self.declaration.count, { first = id_text(first), last = id_text(last) })
  local total = counted and counted.value
  return type(total) == "number" and total or nil
end

local function scan_of(self)
  local client, route = self.client, self.route
  self.is_scan = true
  local unhurried = self:without_span()
  local size = paging.size(route, { page_size = self.options.page_size })
  return scan.new {
    loop = client.loop,
    parallel = self.options.parallel or 1,
    ordered = self.options.ordered,
    page_size = size,
    fetch = function(position, wanted_size, ahead)
      return fetch_page(ahead and unhurried or self, position, wanted_size or size)
    end,
    position_at = function(id) return paging.position_at(route, id) end,
    id_at = function(position) return paging.id_at(route, position) end,
    count = function(first, last) return count(self, first, last) end,
    on_fallback = function(reason) client:tell("fallback", { operation = self.name, reason = reason }) end,
    patience = self:patience(),
    span = self.span,
  }
end

-- Pages of names, and batches of the records that these name.
local function pipeline_of(self, label, list)
  local names = self.route.names
  local largest = self.values.with_history and names.history_size or names.size
  return pipeline.new {
    label = label,
    list = list,
    read = function(ids, ahead) return names.read(ahead and self:in_one_attempt() or self, ids) end,
    size = math.min(largest, self.options.page_size or largest),
    max = self.options.max,
    loop = self.client.loop_for_background,
    turning_loop = self.client.loop,
    patience = self:patience(),
    span = self.span,
  }
end

local function is_piped(self) return self.route.names ~= nil and not self.options.raw end

-- A function that tells whether a table which came with a cursor is a position of this call.
local function positions_of(self)
  local function is_listed(position) return paging.is_position(self.route, self.values, position) end
  if self.declaration.count then
    return function(position) return scan.is_position(position, is_listed) end
  end
  if is_piped(self) then
    return function(position) return pipeline.is_position(position, is_listed) end
  end
  return is_listed
end

-- A function that reads the pages of a call, as the pager takes it.
local function reader_of(self, label, place)
  if self.declaration.count and ((self.options.parallel or 1) > 1 or place.position.ranges) then
    return scan_of(self)
  end
  local function fetch(position, size, ahead) return fetch_page(ahead and self:in_one_attempt() or self, position, size) end
  return is_piped(self) and pipeline_of(self, label, fetch) or fetch
end

--- Makes the iterator of a call.
-- @tparam table self a call whose route has `paging`
-- @treturn ?table nil and a message where the cursor is not one of this call, or a value can't be sent
function listing.iterate(self)
  local owner, encode_message = owner_of(self)
  if not owner then return nil, encode_message end
  local place, message = cursor.read(self.options.cursor, owner, positions_of(self))
  if not place then return nil, message end
  if not self:needs_preparation() and not self.route.read_page then
    -- Builds the first page's request to throw at the caller's line when a value fits in no request.
    local request, build_message = build_page(self, {}, paging.size(self.route, self.values))
    if not request then return nil, build_message end
  end
  local fetch = reader_of(self, owner.label, place)
  return pager.new {
    label = owner.label,
    digest = owner.digest,
    place = place,
    max = self.options.max,
    fetch = fetch,
    loop = self.client.loop,
    reads_ahead = self.client.loop_for_background and not self.is_scan and not self.route.read_page or false,
    patience = self:patience(),
    span = self.span,
  }
end

return listing
