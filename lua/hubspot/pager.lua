--- Iterators over paged answers. They know pages and places in them, nothing of HTTP.
--
-- A page is a table: `items`; `following`, the position of the next page, or nil at the end; and where it can be gone
-- on with in its middle other than by reading the same page again, `behind`, a function(index) that returns the
-- position right behind an item, or `again`, the position from which this page is read again.
--
-- While the items of a page are given out, the next page is under way, where the iterator has a loop.
-- @module hubspot.pager

local core = require "hubspot.core"
local cursor = require "hubspot.cursor"
local errors = require "hubspot.error"
local id = require "hubspot.id"

local pager = {}

-- A page that is read again is looked through for so many of the items that were given last: some of them may have
-- gone or moved meanwhile.
local MARKS = 3

-- A coroutine that turns a page may throw: those who wait for it look again.
local SECONDS_TO_LOOK_AGAIN = 1

local methods = {}

-- A cursor that comes again would go round for ever. Comparing with one remembered position, renewed at the powers
-- of two, finds a circle of any length without remembering them all.
local function repeats(self, position)
  local text = core.encode(position)
  if text == self.landmark then return true end
  self.pages_read = self.pages_read + 1
  if self.pages_read >= self.next_landmark then
    self.landmark, self.next_landmark = text, self.next_landmark * 2
  end
  return false
end

-- What tells an item from the others on its page.
local function mark_of(item)
  local named = id.text(type(item) == "table" and (item.id or item.listId or item.recordId or item.vid))
  if type(named) == "string" then return named end
  return cursor.digest(core.encode(item) or "")
end

-- Made before the items are given out, since whoever gets one may change it.
local function marks_of(items)
  local marks = {}
  for index = 1, #items do
    local item = items[index]
    local named = type(item) == "table" and item.id
    -- What nearly all have is not worth a call for each.
    marks[index] = type(named) == "string" and named or mark_of(item)
  end
  return marks
end

local function last_marks(marks, index)
  local last = {}
  for place = index, math.max(1, index - MARKS + 1), -1 do
    last[#last + 1] = marks[place]
  end
  return core.array(last)
end

-- How many items of a page were given before it was read again. None where it holds no item that is known to have
-- been: what comes twice is better than what never comes.
local function count_given(marks, last)
  local indexes = {}
  for index = #marks, 1, -1 do
    indexes[marks[index]] = index
  end
  for _, mark in ipairs(last) do
    if indexes[mark] then return indexes[mark] end
  end
  return 0
end

local function has_given_enough(self) return self.max ~= nil and self.count >= self.max end

-- Begins to read the page at `following`, in one attempt: whoever stops here caused no more than one request.
local function read_ahead(self)
  if not self.loop or not self.following then return end
  if self.max and self.count + #self.page.items - self.index >= self.max then return end
  local ahead = { waiter = self.loop:waiter() }
  self.ahead = ahead
  local position = self.following
  self.loop:spawn(function() ahead.page = self.fetch(position, nil, true) end, function() ahead.waiter:wake() end)
end

-- The page at `following`. One that could not be had ahead, for whatever reason, is asked for once more.
local function read_page(self, size)
  local ahead = self.ahead
  self.ahead = nil
  if ahead then
    ahead.waiter:wait(self.span and self.span:left() or self.patience)
    if ahead.page then return ahead.page end
  end
  return self.fetch(self.following, size)
end

-- Makes the page at `following` the one under way. An error leaves the iterator where it is, so that it can be asked
-- again.
local function turn_page(self)
  local resumed = self.resumed
  -- All its items were given: the next ones need not find them in memory.
  self.page, self.index, self.marks = { items = {} }, 0, nil
  local page, err = read_page(self, resumed and resumed.size)
  if not page then return nil, err end
  if page.following and repeats(self, page.following) then
    return nil,
      errors.new {
        kind = "decode",
        message = ("%s: HubSpot gave a cursor that it had given before, the pages would go round"):format(self.label),
      }
  end
  self.page, self.position, self.following = page, self.following, page.following
  self.marks = not page.behind and marks_of(page.items) or nil
  self.index = resumed and count_given(self.marks or {}, resumed.marks) or 0
  self.resumed = nil
  read_ahead(self)
  return true
end

-- Whether another coroutine is turning the page. One that threw in the middle of it is not, nor one that its host
-- dropped: that shows only in the time that it takes.
local function is_turned_by_another(self)
  local by = self.turned_by
  if by == nil or by == (coroutine.running() or false) or self.loop:now() >= self.turned_until then return false end
  return by == false or coroutine.status(by) ~= "dead"
end

-- For iterators that several coroutines share: one turns the page, the others wait for it. The step that turns it has
-- to end at `ends`.
local function turn_page_once(self, ends)
  if self.loop and is_turned_by_another(self) then
    self.turn_waiters = self.turn_waiters or {}
    local waiter = self.loop:waiter()
    self.turn_waiters[#self.turn_waiters + 1] = waiter
    waiter:wait(SECONDS_TO_LOOK_AGAIN)
    return true
  end
  if self.span then self.span.ends = ends end
  if not self.loop then return turn_page(self) end
  self.turned_by, self.turned_until = coroutine.running() or false, self.loop:now() + self.patience
  local turned, err = turn_page(self)
  self.turned_by = nil
  local waiters = self.turn_waiters or {}
  self.turn_waiters = nil
  for _, waiter in ipairs(waiters) do
    waiter:wake()
  end
  return turned, err
end

-- Turns pages until there is an item to give. False at the end; nil and an error where a page failed.
local function advance(self)
  if has_given_enough(self) then return false end
  local ends
  while self.index == #self.page.items do
    if not self.following then return false end
    ends = ends or self.span and self.span:end_from_here()
    local turned, err = turn_page_once(self, ends)
    if not turned then return nil, err end
    if has_given_enough(self) then return false end
  end
  return true
end

local function next_item(self)
  local index = self.index + 1
  local item = self.page.items[index]
  if item == nil or self.max then
    local found, err = advance(self)
    if not found then return nil, err end
    index = self.index + 1
    item = self.page.items[index]
  end
  self.index = index
  self.count = self.count + 1
  return item
end

--- The next item.
-- @return the item; nil at the end; or nil and an error, after which the same page is asked for again
methods.next = next_item

-- What is left of the page under way, at most as many items as `max` allows.
local function rest_of_page(self)
  local items = self.page.items
  local last = #items
  if self.max then last = math.min(last, self.index + self.max - self.count) end
  local rest = {}
  for index = self.index + 1, last do
    rest[#rest + 1] = items[index]
  end
  self.count = self.count + #rest
  self.index = last
  return rest
end

--- Iterates over pages, each a list of items. It throws when a page fails, as the iterator itself does.
-- @treturn function for a generic for
function methods:pages()
  return function()
    local found, err = advance(self)
    if err then error(err, 0) end
    return found and rest_of_page(self) or nil
  end
end

--- Where an iterator is to go on: at its next page or in the middle of this one.
-- @tparam table self
-- @treturn table as `pager.new` takes it, without a `position` at the end
function pager.place_of(self)
  local page, index = self.page, self.index
  if index == #page.items then
    if self.resumed then return { position = self.following, size = self.resumed.size, marks = self.resumed.marks } end
    return { position = self.following }
  end
  local position = page.again or self.position
  if index == 0 then return { position = position } end
  if page.behind then return { position = page.behind(index) } end
  return { position = position, size = page.size, marks = last_marks(self.marks, index) }
end

--- A small string from which the option `cursor` goes on, in another process too, right behind the last item that was
-- given. Where HubSpot gives no position in the middle of a page, that page is read again, and the items that it gave
-- are left out as far as they are still there.
-- @treturn ?string nil when nothing is left
function methods:cursor()
  local place = pager.place_of(self)
  return place.position and cursor.write(self.owner, place) or nil
end

--- How many items an iterator can give of the page that it has.
-- @tparam table self
-- @treturn integer
function pager.count_read(self) return #self.page.items - self.index end

local metatable = { __name = "hubspot.Iterator", __index = methods }

function metatable.__call(self)
  local item, err = next_item(self)
  if err then error(err, 0) end
  return item
end

function metatable.__tostring(self) return ("hubspot.Iterator(%s, %d read)"):format(self.label, self.count) end

--- Makes an iterator.
-- @tparam table options `label` (which operation and route), `digest` (of what decides the records and their order),
--   `place` (where it begins, as `cursor.read` gives it; by default with the first page), `max`, and `fetch`
--   (function(position, size, ahead) that returns a page, or nil and an error; `size` is nil unless a page has to have
--   the size that it had in another process; `ahead` is true where nobody waits for the page yet, and one attempt is
--   enough), `loop`, on which pages are read ahead, and
--   `patience`, seconds after which a page that is read ahead is read anew, since a host may have dropped who did it;
--   `span`, whose `ends` each step sets, where it bounds what `fetch` does (see `hubspot.span`)
function pager.new(options)
  local place = options.place or { position = {} }
  return setmetatable({
    label = options.label,
    owner = { label = options.label, digest = options.digest },
    fetch = options.fetch,
    max = options.max,
    count = 0,
    loop = options.loop,
    patience = options.patience,
    span = options.span,
    page = { items = {} },
    index = 0,
    position = nil,
    following = place.position,
    resumed = place.marks and { size = place.size, marks = place.marks } or nil,
    landmark = core.encode(place.position),
    pages_read = 0,
    next_landmark = 1,
  }, metatable)
end

return pager
