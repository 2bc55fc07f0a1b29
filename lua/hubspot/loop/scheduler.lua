-- Waiting coroutines, for hosts that do not schedule coroutines themselves: the methods `waiter` and `spawn` of a loop.
-- The host calls `run` when something may have become ready, and no later than `due_to_run` says.

local can_yield = require "hubspot.loop.can_yield"
local core = require "hubspot.core"

local scheduler = {}

-- An upper bound for one blocking wait; nothing depends on it.
local LONGEST_WAIT = 60

local NOBODY_WAKES = "hubspot: nothing is in flight that could end this wait"

local YIELDED_BY_ITSELF = "hubspot: the function yielded by itself, and nothing is there to resume it"

local methods = {}

--- The methods, for `base.class`.
scheduler.methods = methods

--- Gives a loop what these methods need. Its `kick()` is called, too, when a coroutine became ready or begins to wait
-- for a moment; its `may_suspend(is_task)` tells whether the running coroutine, begun by `spawn` or not, is suspended
-- where it waits: it blocks otherwise.
-- @tparam table loop
-- @tparam[opt] table options `strict`: a task that yields without waiting for anything of this loop fails
-- @treturn table `loop`
function scheduler.attach(loop, options)
  loop.tasks = {} -- called at the end of each coroutine that spawn began
  loop.suspended = {} -- coroutines that wait for this loop
  loop.sleeping = {} -- waiters that wait for a moment, too
  loop.ready, loop.first, loop.last = {}, 1, 0 -- waiters with coroutines to resume, in order
  loop.begun = 0 -- the place among them of the task that spawn began last
  loop.is_resuming = false
  loop.caller = nil -- the coroutine that calls on behalf of the main one
  loop.is_strict = options ~= nil and options.strict == true
  return loop
end

local function push(self, entry)
  self.last = self.last + 1
  self.ready[self.last] = entry
end

local function pop(self)
  local entry = self.ready[self.first]
  self.ready[self.first] = nil
  self.first = self.first + 1
  return entry.routine
end

-- Suspending and resuming ------------------------------------------------------------------------------------------

-- The running coroutine, where it may be suspended.
local function suspendable(self)
  local running, is_main = coroutine.running()
  if not running or is_main or running == self.caller then return nil end
  if not self.may_suspend(self.tasks[running] ~= nil) then return nil end
  return can_yield.here() and running or nil
end

-- Ends a task that is dead, or fails one that nothing will resume.
local function end_task(self, routine, ended, succeeded, failure)
  if coroutine.status(routine) == "dead" then
    self.tasks[routine] = nil
    if succeeded then return ended() end
    ended(failure == nil and "nil" or failure)
  elseif self.is_strict and not self.suspended[routine] then
    self.tasks[routine] = nil
    ended(YIELDED_BY_ITSELF)
  end
end

-- Tasks that the end of a task begins are queued: each of many that fail at once can't have its place on the stack. The
-- failure of a coroutine that spawn did not begin is shown to the host, since it would be lost otherwise.
local function resume(self, routine)
  local outer = self.is_resuming
  self.suspended[routine] = nil
  self.is_resuming = true
  local succeeded, failure = coroutine.resume(routine)
  local ended = self.tasks[routine]
  if ended then end_task(self, routine, ended, succeeded, failure) end
  self.is_resuming = outer
  if not succeeded and not ended then error(failure, 0) end
end

-- Resumes those that are ready when it begins, and tasks that these begin, until the moment, where one is given, has
-- come.
local function resume_ready(self, until_moment)
  local stop = self.last
  while self.first <= math.max(stop, self.begun) do
    local routine = pop(self)
    if routine then resume(self, routine) end
    if until_moment and core.now() >= until_moment then return end
  end
end

-- Interrupts -------------------------------------------------------------------------------------------------------

-- Calls the function that it is resumed with. An error in that ends it.
local function call_each(fn, self)
  while true do
    fn(self)
    fn, self = coroutine.yield()
  end
end

-- Calls a function of the loop. Lua's own handler of SIGINT throws at any instruction of the main coroutine, and in no
-- other: there, a transfer that was taken and not handed on yet would be lost, and with it the task that waits for it.
local function call_whole(self, fn)
  local running, is_main = coroutine.running()
  if running and not is_main then return fn(self) end
  local status = self.caller and coroutine.status(self.caller) or "dead"
  -- A task may run its host's loop, as libuv's, whose callbacks are called in the main coroutine.
  if status == "normal" then return fn(self) end
  if status == "dead" then self.caller = coroutine.create(call_each) end
  local succeeded, failure = coroutine.resume(self.caller, fn, self)
  if not succeeded then error(failure, 0) end
end

-- Waiters ----------------------------------------------------------------------------------------------------------

local waiter_methods = {}

local waiter_metatable = { __name = "hubspot.loop.Waiter", __index = waiter_methods }

--- Makes a waiter.
function methods:waiter() return setmetatable({ loop = self, woken = false }, waiter_metatable) end

-- Takes a waiter off the list, and makes its coroutine ready.
local function release(self, waiter)
  self.sleeping[waiter] = nil
  if waiter.released then return end
  waiter.released = true
  push(self, waiter)
end

-- Releases those whose moment has come, the earliest first.
local function wake_sleepers(self)
  local now, due = core.now(), {}
  for waiter in pairs(self.sleeping) do
    if waiter.moment <= now then due[#due + 1] = waiter end
  end
  table.sort(due, function(a, b) return a.moment < b.moment end)
  for _, waiter in ipairs(due) do
    release(self, waiter)
  end
end

-- Blocks in code that can't be suspended, and runs everything else meanwhile.
local function block(self, waiter)
  while true do
    call_whole(self, self.run)
    if waiter.woken or (waiter.moment and core.now() >= waiter.moment) then return end
    local due = self:due_to_run()
    if waiter.moment then due = math.min(due or math.huge, waiter.moment - core.now()) end
    if not due then error(NOBODY_WAKES, 0) end
    local engine = self.own_engine or self:engine()
    engine:wait(math.min(math.max(due, 0), LONGEST_WAIT))
  end
end

local function suspend(self, waiter, routine)
  waiter.routine = routine
  if waiter.moment then
    self.sleeping[waiter] = true
    self:kick()
  end
  -- Others may resume it, too, such as a game that resumes all its coroutines in each frame.
  repeat
    self.suspended[routine] = true
    coroutine.yield()
  until waiter.released
  waiter.routine, self.suspended[routine] = nil, nil
end

function waiter_methods:wait(seconds)
  if self.woken then return true end
  local loop = self.loop
  self.moment = seconds and core.now() + seconds
  local routine = suspendable(loop)
  if routine then
    suspend(loop, self, routine)
  else
    block(loop, self)
    -- The host may wait for what has been moved meanwhile.
    loop:kick()
  end
  return self.woken
end

function waiter_methods:wake()
  if self.woken then return end
  self.woken = true
  if not self.routine then return end
  release(self.loop, self)
  self.loop:kick()
end

-- Tasks ------------------------------------------------------------------------------------------------------------

--- Runs a body concurrently with the caller. Starts at once, so its request is in flight while the caller continues.
-- Inside a task it is queued instead: tasks must not nest on each other's stacks.
-- @tparam function body
-- @tparam function ended called at its end with what it threw, or nil
function methods:spawn(body, ended)
  local routine = coroutine.create(body)
  self.tasks[routine] = ended
  push(self, { routine = routine })
  self.begun = self.last
  if not self.is_resuming then return call_whole(self, resume_ready) end
  self:kick()
end

--- Moves transfers and resumes ready coroutines; those left when the moment, if one is given, has come are first next
-- time.
-- @tparam[opt] number until_moment by `now()`
function methods:run(until_moment)
  -- Half of the time is for the waiting coroutines.
  self:collect(until_moment and math.max(0, (until_moment - core.now()) / 2))
  if next(self.sleeping) then wake_sleepers(self) end
  if self.first <= self.last then resume_ready(self, until_moment) end
end

--- Returns the seconds until `run` must be called even if the engine's descriptor isn't ready; nil when no coroutine
-- waits.
function methods:due_to_run()
  if self.first <= self.last then return 0 end
  local nearest = self:due()
  for waiter in pairs(self.sleeping) do
    nearest = math.min(nearest or math.huge, math.max(0, waiter.moment - core.now()))
  end
  return nearest
end

return scheduler
