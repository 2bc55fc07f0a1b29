--- The progress of a run, on stderr: a line on a terminal that is written anew, JSON Lines for programs, or nothing.
--
-- `progress:begin{ title = "contacts", total = 100000 }`, `:advance(count)`, `:wait(reason, seconds)`, `:request()` and
-- `:finish()`. Between `finish` and the next `begin` nothing is shown.

local core = require "hubspot.core"
local progress_line = require "hubspot.command.progress_line"
local terminal = require "hubspot.command.terminal"

local progress = {}

-- Seconds between two lines.
local ON_TERMINAL, AS_JSON = 0.1, 1
-- Seconds after which the terminal may have got another width: to ask for it takes a process.
local OF_A_WIDTH = 0.3
-- Shorter waits are the pace of the limiter, not worth a word.
local SHORTEST_WAIT = 0.5

local ERASE = "\r\27[K"

local methods = {}
local metatable = { __name = "hubspot.command.Progress", __index = methods }

local function whole(value) return math.floor(value + 0.5) end

-- The figures of this moment.
local function figures(self)
  local seconds = core.now() - self.began
  local rate = seconds > 0 and self.done / seconds or 0
  local left = self.total and rate > 0 and math.max(0, self.total - self.done) / rate or nil
  return {
    title = self.title,
    done = self.done,
    total = self.total,
    rate = whole(rate),
    requests = self.requests,
    seconds_left = left and whole(left),
    waiting = self.waiting,
  }
end

-- The columns of the terminal, which people make narrower: a line that is longer can't be taken off again.
local function columns_of(self)
  local now = core.now()
  if now - self.measured_at >= OF_A_WIDTH then
    self.columns, self.measured_at = terminal.columns(), now
  end
  return self.columns
end

local function show(self)
  self.shown_at = core.now()
  if self.mode == "json" then
    io.stderr:write(core.encode(figures(self)), "\n")
    return
  end
  self.is_on_screen = true
  io.stderr:write(ERASE, progress_line(figures(self), columns_of(self)))
end

-- Shows the figures where some time has passed since the last ones.
local function show_if_due(self)
  if not self.title or self.mode == "never" then return end
  if core.now() - self.shown_at >= (self.mode == "json" and AS_JSON or ON_TERMINAL) then show(self) end
end

--- Begins a piece of work.
-- @tparam table work
-- @tparam string work.title
-- @tparam[opt] integer work.total where it is known
-- @tparam[opt=0] integer work.done where an earlier run did a part
function methods:begin(work)
  self.title, self.total, self.done = work.title, work.total, work.done or 0
  self.began, self.waiting, self.shown_at = core.now(), nil, 0
  show_if_due(self)
end

--- Counts what was done.
-- @tparam integer count
function methods:advance(count)
  if not self.title then return end
  self.done = self.done + count
  self.waiting = nil
  show_if_due(self)
end

--- Corrects the total, where it turns out while the work is done.
-- @tparam integer total
function methods:expect(total) self.total = total end

--- Counts a request.
function methods:request() self.requests = self.requests + 1 end

--- Says that the work stands still for some time.
-- @tparam string reason such as "rate limit"
-- @tparam number seconds
function methods:wait(reason, seconds)
  if seconds < SHORTEST_WAIT or not self.title or self.mode == "never" then return end
  self.waiting = ("waits %d s: %s"):format(math.ceil(seconds), reason)
  show(self)
end

--- Takes the line off the terminal, so that another text can stand there.
function methods:clear()
  if not self.is_on_screen then return end
  io.stderr:write(ERASE)
  self.is_on_screen = false
end

--- Ends the piece of work.
function methods:finish()
  if self.title and self.mode == "json" then show(self) end
  self:clear()
  self.title = nil
end

--- Makes one.
-- @tparam string mode "auto" (a line where stderr is a terminal that can erase it), "always", "never" or "json"
-- @treturn progress
function progress.new(mode)
  if mode == "auto" then mode = terminal.is(2) and not terminal.is_dumb() and "always" or "never" end
  return setmetatable({
    mode = mode,
    requests = 0,
    done = 0,
    shown_at = 0,
    measured_at = -OF_A_WIDTH,
    is_on_screen = false,
  }, metatable)
end

return progress
