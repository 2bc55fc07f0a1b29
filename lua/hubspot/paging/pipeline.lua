--- Pages of records from a listing that only names them. The names are cut into batches as large as HubSpot takes,
-- whatever pages they came on, and several batches are in flight while further pages of names are read.
--
-- As many batches are prefetched as were given out already, at most six: a caller that stops at the first record
-- caused one request more than without prefetching, and later never more than twice the requests of what it took.
-- Names wait for at most five batches more. A batch whose prefetch failed is requested again when it is wanted.
-- @module hubspot.paging.pipeline

local cursor = require "hubspot.paging.cursor"
local marks = require "hubspot.paging.marks"
local pager = require "hubspot.paging.pager"
local position_fields = require "hubspot.paging.position"

local pipeline = {}

local MOST_AHEAD = 6

-- A position is a place in the listing; the first page's is empty.
local function to_position(place) return place.position and { listed = place } or nil end

local function to_place(position) return position.listed or { position = {} } end

--- Returns whether a table that came with a cursor is a position of such pages.
-- @tparam table position
-- @tparam function is_listed function(position) that tells whether a table is a position of the listing
-- @treturn boolean
function pipeline.is_position(position, is_listed)
  return position_fields.has_only(
    { listed = function(place) return type(place) == "table" and cursor.is_place(place, is_listed) end },
    position
  )
end

-- A stream begins at a position: its `batches` are cut and not given out, the first of which is `at` this position, and
-- its `names` were taken from the listing for the next one, with the `stretches` of the listing's pages that they are.
local function new_stream(options, position)
  local stream = { at = position, batches = {}, names = {}, stretches = {}, given = 0, seen = {}, seen_before = {} }
  stream.listing = pager.new {
    label = options.label,
    place = to_place(position),
    loop = options.turning_loop,
    patience = options.patience,
    fetch = function(page_position, size) return options.list(page_position, size, stream.in_one_attempt) end,
  }
  return stream
end

-- Names for the next batch that the caller has room for.
local function next_size(self, stream)
  if not self.max then return self.size end
  local left = self.max - self.delivered
  for _, batch in ipairs(stream.batches) do
    left = left - #batch.names
  end
  return math.min(self.size, left)
end

-- Notes which page of the listing the latest name is on.
local function note_stretch(stream)
  local listing, stretches = stream.listing, stream.stretches
  local latest = stretches[#stretches]
  if latest and latest.here.page == listing.page then return end
  stretches[#stretches + 1] = { first = #stream.names, index = listing.index, here = pager.here(listing) }
end

-- Returns the position right after a name of a batch; before the first one where `index` is 0.
local function position_after(batch, index)
  local stretch = batch.stretches[1]
  for _, one in ipairs(batch.stretches) do
    if one.first <= index then stretch = one end
  end
  return to_position(pager.place_after(stretch.here, stretch.index + index - stretch.first))
end

-- Cuts the next batch. When the listing fails, the names that it gave before are kept until it is asked again.
local function cut(stream, size, in_one_attempt)
  stream.in_one_attempt = in_one_attempt
  while #stream.names < size do
    local name, err = stream.listing:next()
    if err then return nil, err end
    if not name then break end
    table.insert(stream.names, name)
    note_stretch(stream)
  end
  local following = to_position(pager.place_of(stream.listing))
  local batch = { names = stream.names, stretches = stream.stretches, following = following }
  stream.names, stream.stretches, stream.has_ended = {}, {}, following == nil
  table.insert(stream.batches, batch)
  return true
end

-- Ahead ------------------------------------------------------------------------------------------------------------

local function count_ahead(stream) return math.min(stream.given, MOST_AHEAD) end

local function may_cut(self, stream)
  return not stream.has_ended and #stream.batches < 2 * count_ahead(stream) - 1 and next_size(self, stream) > 0
end

local function begin(self, batch)
  batch.waiter = self.loop:waiter()
  self.loop:spawn(function() batch.records = self.read(batch.names, true) end, function() batch.waiter:wake() end)
end

local function begin_batches(self, stream)
  for index = 1, math.min(count_ahead(stream), #stream.batches) do
    local batch = stream.batches[index]
    if not batch.waiter then begin(self, batch) end
  end
end

-- Reads further pages of names.
local function list_ahead(self, stream)
  local cutting = self.loop:waiter()
  stream.cutting = cutting
  self.loop:spawn(function()
    while may_cut(self, stream) and cut(stream, next_size(self, stream), true) do
      begin_batches(self, stream)
    end
  end, function()
    if stream.cutting == cutting then stream.cutting = nil end
    cutting:wake()
  end)
end

local function read_ahead(self, stream)
  if not self.loop then return end
  if not stream.cutting then
    while may_cut(self, stream) and #stream.names + pager.count_read(stream.listing) >= next_size(self, stream) do
      cut(stream, next_size(self, stream), true)
    end
  end
  begin_batches(self, stream)
  if not stream.cutting and may_cut(self, stream) then list_ahead(self, stream) end
end

-- Wanted pages -----------------------------------------------------------------------------------------------------

local function patience_of(self) return self.span and self.span:left() or self.patience end

local function first_batch(self, stream)
  while not stream.batches[1] and stream.cutting and self.loop:can_wait() do
    if not stream.cutting:wait(patience_of(self)) then stream.cutting = nil end
  end
  if not stream.batches[1] then
    local succeeded, err = cut(stream, math.max(1, next_size(self, stream)))
    if not succeeded then return nil, err end
  end
  return stream.batches[1]
end

local function records_of(self, batch)
  if batch.waiter and self.loop:can_wait() then batch.waiter:wait(patience_of(self)) end
  if batch.records then return batch.records end
  return self.read(batch.names)
end

-- Two names that HubSpot merged since they were listed lead to one record. It comes once, unless many batches are
-- between them.
local function without_seen(stream, records)
  if stream.given % MOST_AHEAD == 0 then
    stream.seen, stream.seen_before = {}, stream.seen
  end
  local left = {}
  for _, record in ipairs(records) do
    if not stream.seen[record.id] and not stream.seen_before[record.id] then left[#left + 1] = record end
    stream.seen[record.id] = true
  end
  return left
end

-- The indexes of the names that records answer to: their own, or one that was merged into them.
local function indexes_of(names, records)
  local by_name, indexes = {}, {}
  for index, name in ipairs(marks.of(names)) do
    by_name[name] = index
  end
  for place, record in ipairs(records) do
    local index = by_name[record.id]
    for _, merged_id in ipairs(record.mergedIds or {}) do
      index = index or by_name[merged_id]
    end
    indexes[place] = index or indexes[place - 1] or 0
  end
  return indexes
end

local function give(stream, batch, records)
  table.remove(stream.batches, 1)
  stream.at = batch.following
  local items = without_seen(stream, records)
  stream.given = stream.given + 1
  local indexes = indexes_of(batch.names, items) -- now: whoever gets a record may change it
  return {
    items = items,
    following = batch.following,
    position_after = function(index) return position_after(batch, indexes[index]) end,
  }
end

--- Makes a function that reads pages of records as `hubspot.pager` takes it.
-- @tparam table options `label`; `list`, a function(position, size, in_one_attempt) that returns a page of names, or
--   nil and an error; `read`, a function(names, in_one_attempt) that returns the records of a batch in their order, or
--   nil and an error; `size`, of a batch; `max`, records that are wanted; `loop`, on which it reads ahead; `patience`,
--   seconds after which what is read ahead is read anew, since a host may have dropped who did it, or the `span` of the
--   iterator's step; `turning_loop`, on which those wait who share the listing
-- @treturn function
function pipeline.new(options)
  local self, stream = { delivered = 0 }, nil
  for name, value in pairs(options) do
    self[name] = value
  end
  return function(position, _, ahead)
    -- The batches after this page are in flight already.
    if ahead then return nil end
    if not stream or stream.at ~= position then stream = new_stream(options, position) end
    local reading = stream
    local batch, err = first_batch(self, reading)
    if not batch then return nil, err end
    local records, read_err = records_of(self, batch)
    if not records then return nil, read_err end
    local page = give(reading, batch, records)
    self.delivered = self.delivered + #page.items
    read_ahead(self, reading)
    return page
  end
end

return pipeline
