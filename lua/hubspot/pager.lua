--- Iterators over paged answers. They know pages and positions, nothing of HTTP.
-- @module hubspot.pager

local core = require "hubspot.core"
local errors = require "hubspot.error"

local pager = {}

local CURSOR_VERSION = 1

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

-- Reads the page at `self.following`. An error leaves the iterator where it is, so that it can be asked again.
local function turn_page(self)
  local items, following = self.fetch(self.following)
  if not items then return nil, following end
  if following and repeats(self, following) then
    return nil, errors.new { kind = "decode",
      message = ("%s: HubSpot gave a cursor that it had given before, the pages would go round"):format(self.label) }
  end
  self.page, self.index = items, 0
  self.position, self.following = self.following, following
  return true
end

local function has_given_enough(self)
  return self.max ~= nil and self.count >= self.max
end

--- The next item.
-- @return the item; nil at the end; or nil and an error, after which the same page is asked for again
function methods:next()
  if has_given_enough(self) then return nil end
  while self.index == #self.page do
    if not self.following then return nil end
    local turned, err = turn_page(self)
    if not turned then return nil, err end
  end
  self.index = self.index + 1
  self.count = self.count + 1
  return self.page[self.index]
end

-- What is left of the page under way, at most as many items as `max` allows.
local function rest_of_page(self)
  local last = #self.page
  if self.max then last = math.min(last, self.index + self.max - self.count) end
  local rest = {}
  for index = self.index + 1, last do rest[#rest + 1] = self.page[index] end
  self.count = self.count + #rest
  self.index = last
  return rest
end

--- Iterates over pages, each a list of items. It throws when a page fails, as the iterator itself does.
-- @treturn function for a generic for
function methods:pages()
  return function()
    if has_given_enough(self) then return nil end
    while self.index == #self.page do
      if not self.following then return nil end
      local turned, err = turn_page(self)
      if not turned then error(err, 0) end
    end
    return rest_of_page(self)
  end
end

--- A string from which the option `cursor` goes on, in another process too. A page that is not read to its end is
-- read again from its beginning.
-- @treturn ?string nil when nothing is left
function methods:cursor()
  local position = self.following
  if self.index < #self.page then position = self.position end
  if not position then return nil end
  return core.encode { v = CURSOR_VERSION, of = self.label, at = position }
end

local metatable = { __name = "hubspot.Iterator", __index = methods }

function metatable.__call(self)
  local item, err = self:next()
  if err then error(err, 0) end
  return item
end

function metatable.__tostring(self)
  return ("hubspot.Iterator(%s, %d read)"):format(self.label, self.count)
end

--- Makes an iterator.
-- @tparam table options `label` (which operation and route), `position` (of the first page), `fetch`
--   (function(position) that returns a list of items and the next position or nil, or nil and an error), `max`
function pager.new(options)
  return setmetatable({
    label = options.label, fetch = options.fetch, max = options.max,
    following = options.position, page = {}, index = 0, count = 0,
    landmark = core.encode(options.position), pages_read = 0, next_landmark = 1,
  }, metatable)
end

--- The position that a cursor stands for; the beginning where there is none.
-- @tparam string label of the iterator that is to go on
-- @tparam ?string cursor
-- @treturn ?table nil and a message when the cursor is not one of this call's
function pager.position(label, cursor)
  if not cursor then return {} end
  local decoded = core.decode(cursor)
  if type(decoded) ~= "table" or type(decoded.at) ~= "table" then
    return nil, "cursor must be a string that it:cursor() gave"
  end
  if decoded.v ~= CURSOR_VERSION or decoded.of ~= label then
    return nil, ("cursor is one of %s, not of %s"):format(tostring(decoded.of), label)
  end
  return decoded.at
end

return pager
