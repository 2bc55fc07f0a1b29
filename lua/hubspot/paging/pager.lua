--- Iterators over paged answers. They know pages and places in them, nothing of HTTP.
--
-- A page is a table: `items`; `following`, the position of the next page, or nil at the end; and where it can be
-- resumed in its middle other than by reading the same page again, `position_after`, a function(index) that returns the
-- position right after an item, or `again`, the position from which this page is read again. A last page may have
-- `rest`, the position from which another iterator resumes later. `by_id` is true where the
-- items are in the order of their ids, if these rise.
--
-- While the items of a page are given out, the next page is prefetched, where the iterator may.
-- @module hubspot.paging.pager

local circle = require "hubspot.paging.circle"
local core = require "hubspot.core"
local cursor = require "hubspot.paging.cursor"
local errors = require "hubspot.error"
local marks = require "hubspot.paging.marks"
local misuse = require "hubspot.paging.misuse"
local number = require "hubspot.number"

local pager = {}

-- A coroutine that turns a page may throw: those that wait for it look again.
local SECONDS_TO_LOOK_AGAIN = 1

local NOTHING = misuse.NOTHING

local methods = {}

local metatable = { __name = "hubspot.Iterator", __index = methods }

misuse.guard(metatable)

-- Returns whether a page leads to where its iterator was before, or to itself, which would be an endless loop.
local function leads_back(self, page)
  local text = page.following and core.encode(page.following)
  if not text then return false end
  return self.circle:leads_back(text) or (page.again ~= nil and text == core.encode(page.again))
end

local function has_given_enough(self) return self.max and self.count >= self.max end

-- Begins to read the page at `following`, in one attempt: a caller that stops here caused no more than one request.
local function read_ahead(self)
  if not self.reads_ahead or not self.following then return end
  if self.max and self.count + #self.page.items - self.index >= self.max then return end
  local ahead = { waiter = self.loop:waiter() }
  self.ahead = ahead
  local position = self.following
  self.loop:spawn(function() ahead.page = self.fetch(position, nil, true) end, function() ahead.waiter:wake() end)
end

-- Returns the page at `following`. One that could not be prefetched, for whatever reason, is requested once more.
local function read_page(self, size)
  local ahead = self.ahead
  self.ahead = nil
  if ahead then
    ahead.waiter:wait(self.span and self.span:left() or self.patience)
    if ahead.page and not leads_back(self, ahead.page) then return ahead.page end
  end
  return self.fetch(self.following, size)
end

-- Makes the page at `following` the current one. An error leaves the iterator where it is, so that the step can be
-- repeated.
local function turn_page(self)
  local resumed = self.resumed
  -- All its items were given: the next ones need not find them in memory.
  self.page, self.index, self.marks = { items = {} }, 0, nil
  local page, err = read_page(self, resumed and resumed.size)
  if not page then return nil, err end
  local all = not page.position_after and marks.of(page.items) or nil
  if leads_back(self, page) then
    return nil,
      errors.new {
        kind = "decode",
        message = ("%s: HubSpot gave a cursor that it had given before, the pages would go round"):format(self.label),
      }
  end
  if page.following then self.circle:note(core.encode(page.following)) end
  self.page, self.position, self.following = page, self.following, page.following
  self.marks = all
  local is_further
  self.index = 0
  if resumed then
    self.index, is_further = marks.count_given(all or marks.of(page.items), resumed.last, resumed.coming, page.by_id)
  end
  self.resumed = is_further and resumed or nil
  read_ahead(self)
  return true
end

-- Returns whether another coroutine is turning the page. One that threw in the middle of it is not, nor one that its
-- host dropped: that shows only in the time that it takes.
local function is_turned_by_another(self)
  local by = self.turned_by
  if by == nil or by == (coroutine.running() or false) or self.loop:now() >= self.turned_until then return false end
  return by == false or coroutine.status(by) ~= "dead"
end

-- For iterators that several coroutines share: one turns the page, the others wait for it. The step that turns it has
-- to end at `ends`.
local function turn_page_once(self, ends)
  if is_turned_by_another(self) then
    self.turn_waiters = self.turn_waiters or {}
    local waiter = self.loop:waiter()
    self.turn_waiters[#self.turn_waiters + 1] = waiter
    waiter:wait(SECONDS_TO_LOOK_AGAIN)
    return true
  end
  if self.span then self.span.ends = ends end
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

local function too_long_error(self)
  return errors.new {
    kind = "timeout",
    message = ("%s: no record came within the deadline of %s s, but pages without any"):format(
      self.label,
      number.seconds(self.patience)
    ),
  }
end

-- Turns pages until there is an item to give. False at the end; nil and an error where a page failed.
local function advance(self)
  if has_given_enough(self) then return false end
  local ends
  while self.index == #self.page.items do
    if not self.following then return false end
    local now = self.loop:now()
    ends = ends or now + self.patience
    if now >= ends then return nil, too_long_error(self) end
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
function methods:next()
  if getmetatable(self) ~= metatable then misuse.needs_colon "next" end
  return next_item(self)
end

-- Returns the rest of the current page, at most as many items as `max` allows.
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
  if getmetatable(self) ~= metatable then misuse.needs_colon "pages" end
  return function(...)
    local found, err = advance(self)
    if err then errors.throw(err, 2) end
    local page = found and rest_of_page(self) or nil
    if page and select("#", ...) == 2 then return page, NOTHING end
    return page
  end
end

--- Returns the state that tells places in the current page, once the iterator left it.
-- @tparam table self
-- @treturn table for `pager.place_after`
function pager.here(self)
  return {
    page = self.page,
    marks = self.marks,
    position = self.position,
    following = self.following,
    resumed = self.resumed,
  }
end

--- Returns the place right after an item of a page.
-- @tparam table here from `pager.here`, or an iterator
-- @tparam integer index of the item; 0 for the place before the first one
-- @treturn table as `pager.new` takes it, without a `position` at the end
function pager.place_after(here, index)
  local page = here.page
  if index == #page.items then
    local resumed = here.resumed or {}
    return { position = here.following or page.rest, size = resumed.size, last = resumed.last, coming = resumed.coming }
  end
  local position = page.again or here.position
  if index == 0 then return { position = position } end
  if page.position_after then return { position = page.position_after(index) } end
  return {
    position = position,
    size = page.size,
    last = marks.before(here.marks, index),
    coming = marks.after(here.marks, index),
  }
end

--- Returns the place to resume an iterator at: its next page or the middle of this one.
-- @tparam table self
-- @treturn table as `pager.new` takes it, without a `position` at the end
function pager.place_of(self) return pager.place_after(self, self.index) end

--- A small string from which the option `cursor` resumes, in another process too, right after the last item that was
-- given. Where HubSpot gives no position in the middle of a page, that page is read again, and the items already given
-- are skipped as far as they are still there.
-- @treturn ?string nil when nothing is left
function methods:cursor()
  if getmetatable(self) ~= metatable then misuse.needs_colon "cursor" end
  local place = pager.place_of(self)
  return place.position and cursor.write(self.owner, place) or nil
end

--- Counts the items that an iterator can give of the page that it has.
-- @tparam table self
-- @treturn integer
function pager.count_read(self) return #self.page.items - self.index end

function metatable.__call(self, ...)
  local item, err = next_item(self)
  if err then errors.throw(err, 2) end
  if item ~= nil and select("#", ...) == 2 then return item, NOTHING end
  return item
end

function metatable.__tostring(self) return ("hubspot.Iterator(%s, %d read)"):format(self.label, self.count) end

--- Makes an iterator.
-- @tparam table options `label` (which operation and route), `digest` (of what decides the records and their order),
--   `place` (where it begins, as `cursor.read` gives it; by default with the first page), `max`, and `fetch`
--   (function(position, size, ahead) that returns a page, or nil and an error; `size` is nil unless a page has to have
--   the size that it had in another process; `ahead` is true for a prefetch, for which one attempt is enough); `loop`,
--   on which coroutines wait that share the iterator, and `reads_ahead`, true where pages are prefetched on it;
--   `patience`, seconds in which there must be an item, and after which a page in prefetch is requested anew, since a
--   host may have dropped its coroutine; `span`, whose `ends` each step sets, where it bounds what `fetch` does (see
--   `hubspot.span`)
function pager.new(options)
  local place = options.place or { position = {} }
  return setmetatable({
    label = options.label,
    owner = { label = options.label, digest = options.digest },
    fetch = options.fetch,
    -- Asked for with each item.
    max = options.max or false,
    count = 0,
    loop = options.loop,
    reads_ahead = options.reads_ahead,
    patience = options.patience,
    span = options.span,
    page = { items = {} },
    index = 0,
    position = nil,
    following = place.position,
    resumed = place.last and place or nil,
    circle = circle.new(core.encode(place.position)),
  }, metatable)
end

return pager
