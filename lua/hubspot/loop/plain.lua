--- The loop of a plain script: a call blocks until its answer is there.
-- Inside `each` (that is, inside `client:map`) calls suspend their task instead, and many are under way at once. A
-- loop belongs to one client. It is a table of `await(engine, transfer)`, `sleep(seconds)`, `now()` and
-- `each(count, concurrency, body)`.
-- @module hubspot.loop.plain

local can_yield = require "hubspot.loop.can_yield"
local core = require "hubspot.core"

local plain = {}

-- An upper bound for one wait; nothing depends on it.
local LONGEST_WAIT = 60

local NOBODY_WAKES = "hubspot: client:map: fn yielded by itself, and nothing is there to resume it"

--- Makes a loop.
-- @treturn loop
function plain.new()
  local tasks = {}    -- coroutines that this loop resumes, as keys
  local ready = {}    -- tasks to resume, in order
  local sleeping = {} -- tasks by the moment to wake them
  local awaiting = {} -- transfers by the task that waits
  local engine        -- the one that is waited on, made by the first wait where no transfer brought it
  local loop = { now = core.now }

  local function current_task()
    local running = coroutine.running()
    return running and tasks[running] and can_yield() and running
  end

  local function wake(finished)
    for _, transfer in ipairs(finished or {}) do
      local task = awaiting[transfer]
      if task then
        awaiting[transfer] = nil
        ready[#ready + 1] = task
      end
    end
  end

  local function wait(seconds)
    engine = engine or core.engine()
    engine:wait(math.max(0, math.min(seconds, LONGEST_WAIT)))
    wake(engine:step())
  end

  --- Returns when the transfer is done.
  function loop.await(transfer_engine, transfer)
    engine = transfer_engine
    local task = current_task()
    while not transfer:done() do
      if task then
        awaiting[transfer] = task
        coroutine.yield()
      else
        wait(LONGEST_WAIT)
      end
    end
  end

  --- Returns after so many seconds.
  function loop.sleep(seconds)
    local moment = core.now() + seconds
    local task = current_task()
    if task then
      sleeping[task] = moment
      return coroutine.yield()
    end
    while core.now() < moment do wait(moment - core.now()) end
  end

  -- Makes ready whose moment has come, the earliest first; returns the next moment.
  local function wake_sleepers(now)
    local due, nearest = {}, nil
    for task, moment in pairs(sleeping) do
      if moment <= now then
        due[#due + 1] = task
      elseif not nearest or moment < nearest then
        nearest = moment
      end
    end
    table.sort(due, function(a, b) return sleeping[a] < sleeping[b] end)
    for _, task in ipairs(due) do
      sleeping[task] = nil
      ready[#ready + 1] = task
    end
    return nearest
  end

  local function resume_ready(ended)
    local batch = ready
    ready = {}
    for _, task in ipairs(batch) do
      local succeeded, failure = coroutine.resume(task)
      if coroutine.status(task) == "dead" then
        local notify = tasks[task]
        tasks[task] = nil
        if succeeded then notify() else notify(failure == nil and "nil" or failure) end
      end
    end
    return ended()
  end

  local function drive(ended)
    while not resume_ready(ended) do
      local nearest = wake_sleepers(core.now())
      if #ready == 0 then
        if not nearest and not next(awaiting) then error(NOBODY_WAKES, 0) end
        wait(nearest and nearest - core.now() or LONGEST_WAIT)
      end
    end
  end

  --- Runs `body(1)` to `body(count)`, at most `concurrency` of them at once, and returns when all have ended.
  -- @treturn table what was thrown, by index
  function loop.each(count, concurrency, body)
    local failures, started, ended = {}, 0, 0
    local waiter = current_task()

    local function start_next()
      if started == count then return end
      started = started + 1
      local index = started
      local task = coroutine.create(function() body(index) end)
      tasks[task] = function(failure)
        failures[index] = failure
        ended = ended + 1
        start_next()
        if ended == count and waiter then ready[#ready + 1] = waiter end
      end
      ready[#ready + 1] = task
    end

    for _ = 1, concurrency do start_next() end
    local function all_ended() return ended == count end
    if not waiter then
      drive(all_ended)
    elseif not all_ended() then
      coroutine.yield()
    end
    return failures
  end

  return loop
end

return plain
