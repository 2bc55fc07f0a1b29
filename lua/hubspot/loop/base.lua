--- What all loops are made of: an engine, who waits for which of its transfers, and tasks side by side.
--
-- A loop is a table of functions. Each host's file gives those that only the host can know:
--
-- * `now()`: seconds of a clock that never goes back.
-- * `can_wait()`: true, or nil and a message where the host can't wait, nor block, at this place.
-- * `waiter()`: something to wait for once. `waiter:wait(seconds)` returns true when `waiter:wake()` is called or was
--   called before, and false when so many seconds have passed; without a number it waits as long as it takes.
-- * `spawn(body, ended)`: runs `body()` beside the caller, and then `ended(failure)` with what it threw, or nil.
-- * `kick()`: a transfer was added. Whoever sleeps until the engine's next moment must look at it again.
-- * `release()`, optional: the engine's descriptor is going to be closed.
--
-- `base.complete` adds `engine`, `start`, `descriptor`, `collect`, `due`, `await`, `sleep`, `each` and `close`, and so
-- makes it a loop that a client takes. Clients that are given one loop share its engine and its connections.
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

--- Adds to a host's functions what is the same for all hosts.
-- @tparam table loop
-- @treturn table `loop`
function base.complete(loop)
  local engine -- nil until it is needed
  local closed = false
  -- Waiters by transfer. Weak, since a host may drop a coroutine that waits, and with it the transfer.
  local waiting = setmetatable({}, { __mode = "kv" })

  --- The engine. It is made when it is first asked for: to load libcurl, and the libraries that it needs, takes longer
  -- than all the rest.
  function loop.engine()
    if not engine then
      engine = needs.native("hubspot.engine").new()
      if closed then engine:close() end
    end
    return engine
  end

  --- Starts a transfer. A host with sockets of its own has a function in place of this one.
  -- @tparam table request see `hubspot.new`
  -- @treturn ?transfer with `done()`, `cancel()` and `response()`, or nil and what is wrong with the request. Where the
  --   failure of its response has `is_left_to_libcurl`, nothing was sent, and it is to be started again with this field
  function loop.start(request) return loop.engine():add(request) end

  --- The descriptor that tells when a transfer can be moved; nil where there is none, or nothing was sent yet.
  function loop.descriptor() return engine and engine:fd() end

  --- Moves the transfers that are ready, and wakes those who wait for the ones that ended.
  -- @tparam[opt] number seconds what can't be moved within them is left for the next time
  function loop.collect(seconds)
    if not engine then return end
    for _, transfer in ipairs(engine:step(seconds) or {}) do
      local waiter = waiting[transfer]
      waiting[transfer] = nil
      if waiter then waiter:wake() end
    end
  end

  --- Seconds until `collect` must be called even if the descriptor isn't ready; nil when nothing is under way.
  function loop.due()
    if not engine then return nil end
    local timeout = engine:timeout()
    if timeout == 0 then return 0 end
    if engine:pending() == 0 then return nil end
    if engine:fd() then return timeout or math.huge end
    return math.min(timeout or TICK, TICK)
  end

  --- Returns when the transfer is done, or the waiter was woken.
  function loop.await(transfer, waiter)
    waiting[transfer] = waiter
    loop.kick()
    waiter:wait()
    waiting[transfer] = nil
  end

  --- Returns after so many seconds.
  function loop.sleep(seconds)
    if seconds > 0 then loop.waiter():wait(seconds) end
  end

  --- Runs `body(1)` to `body(count)`, at most `concurrency` of them at once, and returns when all have ended. A body
  -- gets what others threw before it began, too, by their indexes.
  -- @treturn table what was thrown, by index
  function loop.each(count, concurrency, body)
    local failures, started, workers = {}, 0, 0
    local all_ended = loop.waiter()

    local function start_worker()
      local index
      loop.spawn(function()
        while started < count do
          started = started + 1
          index = started
          body(index, failures)
        end
      end, function(failure)
        if failure ~= nil then
          failures[index] = failure
          return start_worker()
        end
        workers = workers - 1
        if workers == 0 then all_ended:wake() end
      end)
    end

    workers = math.min(count, concurrency)
    for _ = 1, workers do
      start_worker()
    end
    if count > 0 then all_ended:wait() end
    return failures
  end

  --- Ends all transfers and closes the connections.
  function loop.close()
    closed = true
    if not engine then return end
    if loop.release then loop.release() end
    engine:close()
    loop.collect()
  end

  return loop
end

return base
