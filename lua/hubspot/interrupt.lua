--- Interrupts, as Lua's own handler of SIGINT throws them: at any instruction of the main coroutine, as an error like
-- any other. Code that takes errors for answers must let them through, or Ctrl-C ends something else than the program.
-- @module hubspot.interrupt

local interrupt = {}

--- Returns whether a thrown value is an interrupt.
-- @param thrown
-- @treturn boolean
function interrupt.is(thrown) return type(thrown) == "string" and thrown:find("interrupted!", 1, true) ~= nil end

local function pass(succeeded, ...)
  if not succeeded and interrupt.is((...)) then error((...), 0) end
  return succeeded, ...
end

--- Calls a function as pcall does, and lets an interrupt through.
-- @tparam function fn
-- @param ... its arguments
-- @return as pcall
function interrupt.pcall(fn, ...) return pass(pcall(fn, ...)) end

--- Calls a function that no interrupt breaks off: one that comes meanwhile strikes when it has ended.
-- @tparam function fn that returns nothing
function interrupt.shield(fn)
  local finished, thrown = coroutine.resume(coroutine.create(fn))
  if not finished then error(thrown, 0) end
end

return interrupt
