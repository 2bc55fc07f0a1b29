--- The loop of a plain script: a call blocks until its answer is there.
-- What runs beside it, such as the tasks of `client:map`, goes on meanwhile, and a call inside of a task suspends it.
-- A coroutine of the caller's own blocks: only its owner knows what its yields mean.
-- @module hubspot.loop.plain

local base = require "hubspot.loop.base"
local core = require "hubspot.core"
local scheduler = require "hubspot.loop.scheduler"

local plain = {}

local function is_task(spawned) return spawned end

--- Makes a loop.
-- @treturn loop
function plain.new()
  local loop = base.complete {
    now = core.now,
    can_wait = function() return true end,
    -- Whoever blocks looks at the engine before each wait.
    kick = function() end,
  }
  scheduler.attach(loop, { may_suspend = is_task, strict = true })
  return loop
end

return plain
