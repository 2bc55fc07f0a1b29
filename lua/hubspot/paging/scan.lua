--- Reads all records in parallel: the range of ids is cut into parts, and several of them are read at once.
--
-- HubSpot's cursor of a list of records is the id of the last one, as observed; it is documented nowhere. So its
-- consequences are checked: that the ids of a page rise above the cursor, that HubSpot's own cursor is the last id,
-- that a part begins with the record that the part before it saw after its end, and that no fewer records came than a
-- search counts. The account changes meanwhile: a seam or a count that is not right is checked again. When a check
-- fails for good, the rest is read by HubSpot's cursors, one page after the other.
--
-- A position is one of the pages that HubSpot's cursors lead to, or has `ranges`, of the ids not given yet; and
-- `sequential`, HubSpot's own position, where these are read one page after the other.
-- @module hubspot.paging.scan

local Part = require "hubspot.paging.part"
local Recount = require "hubspot.paging.recount"
local Sequential = require "hubspot.paging.sequential"
local errors = require "hubspot.error"
local id_set = require "hubspot.paging.id_set"
local position_fields = require "hubspot.paging.position"
local ranges = require "hubspot.paging.ranges"

local to_id = require("hubspot.id").text

local Scan = {}
Scan.__index = Scan

-- Pages of a part, as far as the ids of the last page let expect, and the limit of those waiting for the caller. The
-- last page of a part holds records of the next one, too: longer parts read fewer records twice. Where the order
-- counts, parts wait for those before them.
--
-- In order, a part is a little shorter than its pages: where ids have gaps of all sizes, it rarely takes one more page
-- for a few records, and memory is that of three pages for each reader.
local ORDERED = { pages_a_part = 2.85, pages_ahead = 3 }
local UNORDERED = { pages_a_part = 32, pages_ahead = 2 }

-- Less than that is not worth another part.
local FEWEST_PAGES_TO_CUT = 4

-- A record may come or go while both sides of a seam are looked at.
local LOOKS_AT_A_SEAM = 3

-- Parts ------------------------------------------------------------------------------------------------------------

function Scan:insert_after(index, part) table.insert(self.parts, index + 1, part) end

-- Cuts the part with the most pages left, so that no reader is idle; returns whether there was one.
function Scan:cut_longest()
  local longest, from, most = nil, nil, FEWEST_PAGES_TO_CUT * self.ids_a_page
  for index, part in ipairs(self.parts) do
    if part.to and not part.ended then
      -- The page that is being read stays on this side.
      local unread = part.cursor + (part.reading and self.ids_a_page or 0)
      if part.to - unread > most then
        longest, from, most = index, unread, part.to - unread
      end
    end
  end
  if not longest then return false end
  -- Full pages on this side, where ids have no gaps.
  local pages = math.floor(most / 2 / self.ids_a_page)
  self:insert_after(longest, self.parts[longest]:cut(math.floor(from + pages * self.ids_a_page)))
  return true
end

-- The first part of which a page can be read.
function Scan:find_readable()
  for index, part in ipairs(self.parts) do
    local has_failed = part.err or part.thrown
    if not part.reading and not part.ended and not has_failed and #part.pages < self.sizes.pages_ahead then
      return part, index
    end
  end
end

-- A part that was given out is kept as long as one of its seams is to be checked.
function Scan:drop_given_parts()
  local parts = {}
  for index, part in ipairs(self.parts) do
    local following = self.parts[index + 1]
    local is_needed = index > 1 and not part.is_joined or following and not following.is_joined
    if not part:is_given() or is_needed then parts[#parts + 1] = part end
  end
  self.parts = parts
end

function Scan:count_open_parts()
  local count = 0
  for _, part in ipairs(self.parts) do
    if not part:is_given() then count = count + 1 end
  end
  return count
end

-- The part to read next, or nil. The open end is cut into parts as it is reached.
function Scan:next_part()
  local part, index = self:find_readable()
  local may_cut = self.ids_a_page and self:count_open_parts() < self.parallel
  if not part and may_cut and not self.ordered and self:cut_longest() then
    part, index = self:find_readable()
  end
  if part and not part.to and self.ids_a_page then
    if self:count_open_parts() > self.parallel then return nil end
    local length = math.max(1, math.floor(self.ids_a_page * self.sizes.pages_a_part))
    self:insert_after(index, part:cut(part.cursor + length))
  end
  return part
end

-- The last record seen before a part, or what is as good a cursor.
function Scan:record_before(index)
  local before
  repeat
    index = index - 1
    before = self.parts[index]
  until before.last_id or before.is_joined or index == 1
  return before.last_id or before.start
end

-- Gives the id after which the ids left of a part begin. An id at which a part was begun may be no cursor, and no seam
-- is checked after a resumption: until its own is, a part's ids begin at a record.
function Scan:beginning_of(index, left)
  local part = self.parts[index]
  if index == 1 or part.is_joined then return part.start end
  local previous = left[#left]
  return math.max(self:record_before(index), previous and previous.last or 0)
end

-- The ids not given out yet, and those that may have been passed over at unchecked seams.
function Scan:remaining()
  local left = {}
  for index, part in ipairs(self.parts) do
    local start, rest = self:beginning_of(index, left), part:rest_begins_at()
    local is_open_seam = index > 1 and not part.is_joined and part.first_id
    local is_begun = part.first_id and rest > part.start
    if is_open_seam and (part:is_given() or is_begun) then ranges.add(left, start, part:seam_ends_at(part.first_id)) end
    if not part:is_given() then ranges.add(left, is_begun and rest or math.min(start, rest), part.to) end
  end
  return left
end

-- Seams ------------------------------------------------------------------------------------------------------------

-- Between the end of a part and the record seen after it there is none, and none after the end of the data: parts not
-- begun there are not read. One whose seam is not checked is read from its start, which is a record's: others might
-- begin too late.
function Scan:skip_gap(part)
  local seen = part.next_id
  if not seen then return end
  for _, other in ipairs(self.parts) do
    if other:is_untouched() and other.start >= (part.to or math.huge) then
      if (other.to or math.huge) < seen or seen == math.huge then
        other:end_empty(seen, part.read_from)
      elseif other.cursor < seen and not other.is_joined then
        other.cursor = seen - 1
      end
    end
  end
end

-- Returns the first seam at which two parts don't fit together, as the index of the later part.
function Scan:find_torn_seam()
  for index = 2, #self.parts do
    local before, part = self.parts[index - 1], self.parts[index]
    if not part.is_joined and before.next_id and part.first_id then
      if before.next_id ~= part.first_id then return index end
      -- A part without records begins at one when it is joined itself.
      local record = before.last_id or before.is_joined and before.start
      if record then part:join(record) end
    elseif before.ended and not before.next_id then
      -- It ended with a record, whose id is HubSpot's own cursor.
      part.is_joined = true
    end
  end
end

-- Finds the first record after a seam, from a record on; math.huge where there is none.
function Scan:look_after(seam, from)
  while true do
    local listed, following = self.read(from)
    if not listed then return nil, following end
    local last = from
    for _, listed_id in ipairs(listed.ids) do
      local id = ranges.to_number(listed_id)
      if id and id > seam then return id end
      last = id or last
    end
    if not following or last == from then return math.huge end
    from = last
  end
end

local function name_of(id) return id == math.huge and "none" or to_id(id) end

-- Reads both sides of a seam again: a record that is there from one side and not from the other may have come or gone
-- between their first readings, and what is found from both sides is read.
function Scan:look_at_seam(index)
  local before, part = self.parts[index - 1], self.parts[index]
  local seen, found
  for _ = 1, LOOKS_AT_A_SEAM do
    local err
    seen, err = self:look_after(part.start, before.read_from)
    if not seen then return nil, err end
    found, err = self:look_after(part.start, part.start)
    if not found then return nil, err end
    if seen == found then
      part.is_joined = true
      if found < part.first_id then
        self:insert_after(index - 1, Part.new(part.start, part:seam_ends_at(part.first_id), true))
      end
      return true
    end
  end
  self:fall_back(
    ("after %s comes the record %s, but %s where it was read from there"):format(
      to_id(part.start),
      name_of(seen),
      name_of(found)
    )
  )
  return true
end

-- Reading ----------------------------------------------------------------------------------------------------------

-- Reads the rest by HubSpot's own cursors: from the last record before it that was given, or from where the scan began,
-- since an id at which a part was begun may be no cursor.
function Scan:fall_back(reason, left, given)
  if self.sequential then return end
  left = left or self:remaining()
  local part = self.parts[1]
  local is_given_up_to = part and not given and part.first_id and part:rest_begins_at() > part.start
  self.sequential_at = is_given_up_to and self.position_at(to_id(part:rest_begins_at())) or self.origin
  self.sequential = Sequential.new { fetch = self.fetch, left = left, given = given }
  self.on_fallback(reason)
end

-- Takes a page into its part.
function Scan:take_page(part, listed, following)
  local ids, problem = part:check(listed.ids, following)
  if not ids then return self:fall_back(problem) end
  if #ids > 1 then self.ids_a_page = (ids[#ids] - ids[1]) / (#ids - 1) * self.page_size end
  part:take(listed.items, ids, not following)
  self:skip_gap(part)
end

function Scan:read_page(part)
  part.reading = true
  self.reading = self.reading + 1
  local generation = self.generation
  self.loop:spawn(function()
    local listed, following = self.read(part.cursor, true)
    if self.sequential or self.generation ~= generation then return end
    part.reading = false
    if not listed then
      part.err = following
    else
      self:take_page(part, listed, following)
    end
  end, function(failure)
    if self.generation ~= generation then return end
    self.reading = self.reading - 1
    part.reading = false
    if failure ~= nil then part.thrown = { value = failure } end
    if failure == nil then self:read_ahead() end
    if self.waiter then self.waiter:wake() end
  end)
end

-- Starts what may be read at this time.
function Scan:read_ahead()
  while not self.sequential and self.reading < self.parallel do
    local part = self:next_part()
    if not part then return end
    self:read_page(part)
  end
end

-- The consumer's side ----------------------------------------------------------------------------------------------

-- A part with a page to give out; in order, only the first one may.
function Scan:part_to_give()
  for _, part in ipairs(self.parts) do
    if #part.pages > 0 then return part end
    if self.ordered and not part.ended then return nil end
  end
end

local function ranges_position(list) return #list > 0 and { ranges = ranges.to_position(list) } or nil end

-- Returns the position after an item of a page that was given out, and before everything else that was not.
function Scan:position_after(page, index)
  local left, placed = {}, false
  local first, last = page.item_ids[index], page.ids[#page.ids]
  for _, range in ipairs(self:remaining()) do
    if not placed and range.first >= last then
      ranges.add(left, first, last)
      placed = true
    end
    ranges.add(left, range.first, range.last)
  end
  if not placed then ranges.add(left, first, last) end
  return ranges_position(left)
end

function Scan:give_page(part)
  local page = table.remove(part.pages, 1)
  self.given:add(page.ids)
  self.last_given = math.max(self.last_given, page.ids[#page.ids])
  self:drop_given_parts()
  return {
    items = page.items,
    -- Pages before the end don't end the scan: the count is still to be checked.
    following = ranges_position(self:remaining()) or { ranges = {} },
    position_after = function(index) return self:position_after(page, index) end,
  }
end

function Scan:take_failure()
  for _, part in ipairs(self.parts) do
    local err, thrown = part.err, part.thrown
    part.err, part.thrown = nil, nil
    if thrown then error(thrown.value, 0) end
    if err then return err end
  end
end

-- Records that were found again, as a page.
local function page_of_found(found)
  local items = {}
  for index, row in ipairs(found) do
    items[index] = row.item
  end
  return {
    items = items,
    position_after = function(index)
      local left = {}
      for place = index + 1, #found do
        ranges.add(left, found[place].id - 1, found[place].id)
      end
      return ranges_position(left)
    end,
  }
end

-- Fewer records than a search counts, among those up to the last one, are too few. A search that fails tells nothing.
function Scan:finish()
  if self.last_given == 0 or not self.is_whole then return { items = {} } end
  self.recount = self.recount
    or Recount.new {
      count = self.count,
      read = self.read,
      given = self.given,
      last = self.last_given,
      page_size = self.page_size,
    }
  local recount = self.recount
  local done, err = recount:run()
  if done then return page_of_found(recount.found) end
  if err then return nil, err end
  self:fall_back(
    ("%d records were read, and a search counts %d"):format(recount.actual, recount.expected),
    { { first = 0, last = self.last_given } },
    self.given
  )
  return nil
end

-- A host may have dropped the reading coroutines: their parts can be read anew.
function Scan:forget_reading()
  self.generation, self.reading = self.generation + 1, 0
  for _, part in ipairs(self.parts) do
    part.reading = false
  end
  return errors.new { kind = "timeout", message = "no page came within the deadline" }
end

function Scan:wait_for_page()
  self.waiter = self.loop:waiter()
  local was_woken = self.waiter:wait(self.span and self.span:left() or self.patience)
  self.waiter = nil
  return was_woken or nil, not was_woken and self:forget_reading() or nil
end

-- One step towards the next page; gives it where it is there, or nil and an error, or nil.
function Scan:step()
  -- A transport that blocks reads at once, so seams are looked at after that.
  self:read_ahead()
  if self.sequential then return nil end
  local torn = self:find_torn_seam()
  if torn then
    local _, err = self:look_at_seam(torn)
    return nil, err
  end
  local part = self:part_to_give()
  if part then return self:give_page(part) end
  local err = self:take_failure()
  if err then return nil, err end
  if self:count_open_parts() == 0 then
    if self:find_torn_seam() then return nil end
    return self:finish()
  end
  if self.reading == 0 then return nil end
  local _, wait_err = self:wait_for_page()
  return nil, wait_err
end

-- The next page, whichever part it is of.
function Scan:next_page(size)
  while not self.sequential do
    local page, err = self:step()
    if page or err then return page, err end
  end
  local page, err = self.sequential:read(self.sequential_at, size)
  if not page then return nil, err end
  self.sequential_at = page.following and page.following.sequential
  return page
end

-- Positions --------------------------------------------------------------------------------------------------------

local function new_scan(options, position)
  local self = setmetatable({
    sizes = options.ordered and ORDERED or UNORDERED,
    parts = {},
    -- A count is one of all records.
    is_whole = next(position) == nil,
    origin = position.ranges and {} or position,
    given = id_set.new(),
    last_given = 0,
    reading = 0,
    generation = 0, -- of the reading coroutines
    at = position,
  }, Scan)
  for name, value in pairs(options) do
    self[name] = value
  end
  if position.sequential then
    self.sequential = Sequential.new { fetch = self.fetch, left = ranges.from_position(position.ranges) }
    self.sequential_at = position.sequential
    return self
  end
  local list = position.ranges and ranges.from_position(position.ranges)
    or { { first = ranges.to_number(self.id_at(position) or "0") } }
  if not list[1] or not list[1].first then
    if not position.ranges then self:fall_back("its beginning is no number", { { first = 0 } }) end
    return self
  end
  for index, range in ipairs(list) do
    self.parts[index] = Part.new(range.first, range.last, true)
  end
  return self
end

local scan = {}

--- Returns whether a table that came with a cursor is a position of a scan.
-- @tparam table position
-- @tparam function is_listed function(position) that tells whether a table is one of HubSpot's own
-- @treturn boolean
function scan.is_position(position, is_listed)
  return is_listed(position)
    or type(position) == "table"
      and position.ranges ~= nil
      and position_fields.has_only({ ranges = ranges.are_valid, sequential = is_listed }, position)
end

--- Makes a function that reads the pages of a scan, as `hubspot.paging.pager` takes it.
-- @tparam table options `loop`; `parallel`, the number of pages read at once; `ordered`, whether records come in the
--   order of their ids; `page_size`; `fetch`, function(position, size, ahead) that gives a page by HubSpot's own
--   positions, with what it `listed`: `ids`, and for each its record in `items`, false where that is gone (`ahead` is
--   true for a prefetch); `position_at`, function(id) that gives the one after an id, of the beginning where it is nil;
--   `id_at`, function(position), its inverse; `count`, function(first, last) that counts the records with ids after
--   `first` up to `last`, or returns nil; `on_fallback`, function(reason); `patience`, seconds in which a page must
--   come, or the `span` of the iterator's step
-- @treturn function
function scan.new(options)
  -- Gives what a page listed, and HubSpot's cursor as an id.
  options.read = function(after, ahead)
    local page, err = options.fetch(options.position_at(after > 0 and to_id(after) or nil), nil, ahead)
    if not page then return nil, err end
    return page.listed, page.following and options.id_at(page.following)
  end
  local current
  return function(position, size)
    -- The middle of a page by HubSpot's cursors.
    if size and not position.ranges then return options.fetch(position, size) end
    if not current or current.at ~= position then current = new_scan(options, position) end
    local page, err = current:next_page(size)
    if not page then return nil, err end
    current.at = page.following
    return page
  end
end

return scan
