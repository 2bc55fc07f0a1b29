--- The class of all loops: an engine, the waiters of its transfers, and concurrent tasks.
--
-- A loop is an object. Each host's file gives the methods that only the host can know:
--
-- * `now()`: seconds of a clock that never goes back.
-- * `can_wait()`: true, or nil and a message where the host can't wait, nor block, at this place.
-- * `waiter()`: an object to wait on once. `waiter:wait(seconds)` returns true when `waiter:wake()` is called or was
--   called before, and false after `seconds`; without a number it waits without end.
-- * `spawn(body, ended)`: runs `body()` concurrently with the caller, then `ended(failure)` with its error, or nil.
-- * `kick()`: a transfer was added. A sleeper that waits for the engine's next moment must ask for it again.
-- * `release()`: the engine's descriptor is going to be closed.
--
-- `base.class` adds `engine`, `start`, `descriptor`, `collect`, `due`, `await`, `sleep`, `each` and `close`, and so
-- makes loops that a client takes. Clients that are given one loop share its engine and its connections.
-- @module hubspot.loop.base

local needs = require "hubspot.needs"

local base = {}

-- Without a descriptor that tells when something is ready, a loop looks so often.
local TICK = 0.001

--- Runs a task, and tells how it ended: for hosts whose coroutines may yield through pcall.
-- @tparam function body
-- @tparam function ended
function base.run(body, ended)
  local succeeded, failure = pcall(body)
  if succeeded then return ended() end
  ended(failure == nil and "nil" or failure)
end

local methods = {}

--- The methods of all loops, for those of a host that add to them.
base.methods = methods

--- Makes the metatable of a host's loops.
-- @tparam string name such as `"hubspot.loop.Plain"`
-- @tparam table ... tables of methods, of which a later one's take the place of an earlier one's
-- @treturn table
function base.class(name, ...)
  local index = {}
  for _, source in ipairs { methods, ... } do
    for method, body in pairs(source) do
      index[method] = body
    end
  end
  return { __name = name, __index = index }
end

--- Makes a loop.
-- @tparam table class see `base.class`
-- @treturn loop
function base.new(class)
  return setmetatable({
    own_engine = nil, -- made when it is needed
    is_closed = false,
    -- Waiters by transfer. Weak, since a host may drop a coroutine that waits, and with it the transfer.
    waiting = setmetatable({}, { __mode = "kv" }),
  }, class)
end

--- The engine. It is made on first use: to load libcurl, and the libraries that it needs, takes longer than all the
-- rest.
function methods:engine()
  if not self.own_engine then
    self.own_engine = needs.native("hubspot.engine").new()
    if self.is_closed then self.own_engine:close() end
  end
  return self.own_engine
end

--- Starts a transfer. A host with sockets of its own has a method in place of this one.
-- @tparam table request see `hubspot.new`
-- @treturn ?transfer with `done()`, `cancel()` and `response()`, or nil and what is wrong with the request. When the
--   failure of its response has `is_left_to_libcurl`, nothing was sent, and it must be started again with this field
function methods:start(request) return (self.own_engine or self:engine()):add(request) end

--- The descriptor that tells when a transfer can be moved; nil where there is none, or nothing was sent yet.
function methods:descriptor() return self.own_engine and self.own_engine:fd() end

--- Moves the transfers that are ready, and wakes the waiters of those that ended.
-- @tparam[opt] number seconds what can't be moved within them is left for the next time
function methods:collect(seconds)
  local engine = self.own_engine
  if not engine then return end
  for _, transfer in ipairs(engine:step(seconds) or {}) do
    local waiter = self.waiting[transfer]
    self.waiting[transfer] = nil
    if waiter then waiter:wake() end
  end
end

--- Seconds until `collect` must be called even if the descriptor isn't ready; nil when nothing is in flight.
function methods:due()
  local engine = self.own_engine
  if not engine then return nil end
  local timeout = engine:timeout()
  if timeout == 0 then return 0 end
  if engine:pending() == 0 then return nil end
  if engine:fd() then return timeout or math.huge end
  return math.min(timeout or TICK, TICK)
end

--- Returns when the transfer is done, or the waiter was woken.
function methods:await(transfer, waiter)
  self.waiting[transfer] = waiter
  self:kick()
  waiter:wait()
  self.waiting[transfer] = nil
end

--- Sleeps for a number of seconds.
function methods:sleep(seconds)
  if seconds > 0 then self:waiter():wait(seconds) end
end

-- Starts a task that runs bodies until none is left; where one throws, another task takes its place.
local function start_worker(run)
  local index
  run.loop:spawn(function()
    while run.started < run.count do
      run.started = run.started + 1
      index = run.started
      run.body(index, run.failures)
    end
  end, function(failure)
    if failure ~= nil then
      run.failures[index] = failure
      return start_worker(run)
    end
    run.workers = run.workers - 1
    if run.workers == 0 then run.all_ended:wake() end
  end)
end

--- Runs `body(1)` to `body(count)`, at most `concurrency` of them at once, and returns when all have ended. A body
-- gets what others threw before it began, too, by their indexes.
-- @treturn table what was thrown, by index
function methods:each(count, concurrency, body)
  local workers = math.min(count, concurrency)
  local run = {
    loop = self,
    count = count,
    body = body,
    started = 0,
    workers = workers,
    failures = {},
    all_ended = self:waiter(),
  }
  for _ = 1, workers do
    start_worker(run)
  end
  if count > 0 then run.all_ended:wait() end
  return run.failures
end

--- Has nothing to do where a host has not noted the descriptor.
function methods.release() end

--- Ends all transfers and closes the connections.
function methods:close()
  self.is_closed = true
  if not self.own_engine then return end
  self:release()
  self.own_engine:close()
  self:collect()
end

return base
