--- The one guard around the code that interprets an answer. HubSpot, or what is on the way to it, may send any shape,
-- and code that takes a shape apart throws where a part is another one: that is an answer that can't be read, no bug
-- of the caller's.
-- @module hubspot.interpret

local interrupt = require "hubspot.interrupt"

local ODD_SHAPE = "HubSpot's answer has another shape than it should: %s"

--- Runs a function on what was answered.
-- @tparam function fn returns a value, or nil and a message or an error. It sends nothing: on Lua 5.1 no coroutine can
--   wait inside of this guard
-- @param ... its arguments
-- @return what it returned; nil and a message where it threw
return function(fn, ...)
  local succeeded, value, problem = interrupt.pcall(fn, ...)
  if not succeeded then return nil, ODD_SHAPE:format(tostring(value)) end
  if value == nil and problem == nil then problem = ODD_SHAPE:format "it has no value" end
  return value, problem
end
