--- The loop of a plain script: a call blocks until its answer is there. Concurrent tasks, such as those of
-- `client:map`, run meanwhile, and a call inside of a task suspends it. A coroutine of the caller's own blocks: only
-- its owner knows what its yields mean.
-- @module hubspot.loop.plain

local base = require "hubspot.loop.base"
local core = require "hubspot.core"
local scheduler = require "hubspot.loop.scheduler"

local plain = {}

local methods = { now = core.now }

function methods.can_wait() return true end

function methods.may_suspend(is_task) return is_task end

-- A blocking call asks the engine anew before each wait.
function methods.kick() end

local class = base.class("hubspot.loop.Plain", scheduler.methods, methods)

--- Makes a loop.
-- @treturn loop
function plain.new() return scheduler.attach(base.new(class), { strict = true }) end

return plain
