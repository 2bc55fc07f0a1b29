-- Coroutines that wait, for hosts that do not schedule coroutines themselves. The host calls `run` when something may
-- have become ready, and no later than `due` says.

local can_yield = require "hubspot.loop.can_yield"
local core = require "hubspot.core"

local scheduler = {}

-- An upper bound for one blocking wait; nothing depends on it.
local LONGEST_WAIT = 60

local NOBODY_WAKES = "hubspot: nothing is under way that could end this wait"

local YIELDED_BY_ITSELF = "hubspot: the function yielded by itself, and nothing is there to resume it"

--- Gives a loop `waiter` and `spawn`.
-- @tparam table loop its `kick()` is called, too, when a coroutine became ready or begins to wait for a moment
-- @tparam table options `may_suspend`: function(is_task) that tells whether the running coroutine, begun by `spawn` or
--   not, is suspended where it waits: it blocks otherwise; `strict`: a task that yields without waiting for anything
--   of this loop fails
-- @treturn table functions `run(until_moment)` and `due()`
function scheduler.attach(loop, options)
  local tasks = {} -- what to call at the end of each coroutine that spawn began
  local suspended = {} -- coroutines that wait for this loop
  local sleeping = {} -- waiters that wait for a moment, too
  local ready, first, last = {}, 1, 0 -- what has coroutines to resume, in order
  local resuming = false
  local scheduled, methods = {}, {}
  local waiter_metatable = { __index = methods }

  local function push(entry)
    last = last + 1
    ready[last] = entry
  end

  local function pop()
    local entry = ready[first]
    ready[first] = nil
    first = first + 1
    return entry.routine
  end

  -- The running coroutine, where it may be suspended.
  local function suspendable()
    local running, is_main = coroutine.running()
    if not running or is_main or not options.may_suspend(tasks[running] ~= nil) then return nil end
    return can_yield.here() and running or nil
  end

  -- The failure of a coroutine that spawn did not begin is shown to the host: nobody else would see it.
  local function after_resume(routine, succeeded, failure)
    local ended = tasks[routine]
    if coroutine.status(routine) == "dead" then
      tasks[routine] = nil
      if succeeded then return ended and ended() end
      if ended then return ended(failure == nil and "nil" or failure) end
      error(failure, 0)
    end
    if options.strict and ended and not suspended[routine] then
      tasks[routine] = nil
      ended(YIELDED_BY_ITSELF)
    end
  end

  local function resume(routine)
    local outer = resuming
    suspended[routine] = nil
    resuming = true
    local succeeded, failure = coroutine.resume(routine)
    resuming = outer
    after_resume(routine, succeeded, failure)
  end

  -- Resumes those that are ready when it begins, until the moment, where one is given, has come.
  local function resume_ready(until_moment)
    local stop = last
    while first <= stop do
      local routine = pop()
      if routine then resume(routine) end
      if until_moment and core.now() >= until_moment then return end
    end
  end

  -- Takes a waiter out of what is waited for, and makes its coroutine ready.
  local function release(waiter)
    sleeping[waiter] = nil
    if waiter.released then return end
    waiter.released = true
    push(waiter)
  end

  -- Releases those whose moment has come, the earliest first.
  local function wake_sleepers()
    local now, due = core.now(), {}
    for waiter in pairs(sleeping) do
      if waiter.moment <= now then due[#due + 1] = waiter end
    end
    table.sort(due, function(a, b) return a.moment < b.moment end)
    for _, waiter in ipairs(due) do
      release(waiter)
    end
  end

  --- Moves transfers and resumes what is ready; what the moment, where one is given, leaves over comes first next time.
  function scheduled.run(until_moment)
    -- Half of the time is for those who wait.
    loop.collect(until_moment and math.max(0, (until_moment - core.now()) / 2))
    wake_sleepers()
    resume_ready(until_moment)
  end

  --- Seconds until `run` must be called even if the engine's descriptor isn't ready; nil when nobody waits.
  function scheduled.due()
    if first <= last then return 0 end
    local nearest = loop.due()
    for waiter in pairs(sleeping) do
      nearest = math.min(nearest or math.huge, math.max(0, waiter.moment - core.now()))
    end
    return nearest
  end

  -- For what can't be suspended: everything else goes on meanwhile.
  local function block(waiter)
    while true do
      scheduled.run()
      if waiter.woken or (waiter.moment and core.now() >= waiter.moment) then return end
      local due = scheduled.due()
      if waiter.moment then due = math.min(due or math.huge, waiter.moment - core.now()) end
      if not due then error(NOBODY_WAKES, 0) end
      loop.engine():wait(math.min(math.max(due, 0), LONGEST_WAIT))
    end
  end

  function methods:wait(seconds)
    if self.woken then return true end
    self.moment = seconds and core.now() + seconds
    local routine = suspendable()
    if not routine then
      block(self)
      -- The host may wait for what has been moved meanwhile.
      loop.kick()
      return self.woken
    end
    self.routine = routine
    if self.moment then
      sleeping[self] = true
      loop.kick()
    end
    -- Others may resume it, too, such as a game that resumes all its coroutines in each frame.
    repeat
      suspended[routine] = true
      coroutine.yield()
    until self.released
    self.routine, suspended[routine] = nil, nil
    return self.woken
  end

  function methods:wake()
    if self.woken then return end
    self.woken = true
    if not self.routine then return end
    release(self)
    loop.kick()
  end

  function loop.waiter() return setmetatable({ woken = false }, waiter_metatable) end

  -- It begins at once, so that what it sends is under way while the caller goes on; inside of other coroutines of this
  -- loop it is their turn first, or each would begin the next one on top of its own stack.
  function loop.spawn(body, ended)
    local routine = coroutine.create(body)
    tasks[routine] = ended
    push { routine = routine }
    if not resuming then return resume_ready() end
    loop.kick()
  end

  return scheduled
end

return scheduler
