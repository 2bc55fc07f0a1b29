--- The loop of a game, or of any host that calls a function again and again: the host calls `loop:step()` once a frame.
--
--    local loop = require("hubspot.loop.frame").new()
--    local client = hubspot.new { token = …, loop = loop }
--    function love.update() loop:step() end
--
-- Calls are made in coroutines, such as `coroutine.wrap(function() … end)()`, which are resumed in a later `step`. On
-- PUC Lua 5.1 a call blocks where its coroutine can't yield: inside of pcall, and in the iterator of a for loop.
-- @module hubspot.loop.frame

local base = require "hubspot.loop.base"
local core = require "hubspot.core"
local in_coroutine = require "hubspot.loop.in_coroutine"
local scheduler = require "hubspot.loop.scheduler"

local frame = {}

-- Answers beyond this are left for the next frame, so that many at once don't make one frame late.
local SECONDS_A_STEP = 0.0005

local methods = { now = core.now }

function methods.can_wait() return in_coroutine "the frame loop resumes it in loop:step()" end

function methods.may_suspend() return true end

-- Every step looks at everything.
function methods.kick() end

local class = base.class("hubspot.loop.Frame", scheduler.methods, methods)

--- Makes a loop.
-- @treturn loop with a function `step()`
function frame.new()
  local loop = scheduler.attach(base.new(class))
  -- Loaded with the first request, it would make that frame late.
  loop:engine()

  --- Moves what is ready, without waiting. It throws what a coroutine that it resumed threw. `loop.step`, as it is, can
  -- be a callback of the host.
  function loop.step() loop:run(core.now() + SECONDS_A_STEP) end

  return loop
end

return frame
