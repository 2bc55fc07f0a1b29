--- The methods that a client needs of a loop, which are checked when a client is made.
-- @module hubspot.loop.interface

local check = require "hubspot.check"

local interface = {}

local PASS = "pass the name of a loop, what its module's new() returned, or an object of a class that "
  .. 'require("hubspot.loop.base").class made'

--- The methods of a loop by their names, with what they are for.
interface.METHODS = {
  now = "seconds of a clock that never goes back",
  can_wait = "true, or nil and a message where nothing can wait, nor block",
  waiter = "something to wait for once",
  start = "starts a transfer of a request",
  await = "returns when a transfer has ended, or a waiter was woken",
  collect = "moves the transfers that are ready",
  engine = "the engine of libcurl's transfers",
  spawn = "runs a function beside the caller",
  each = "runs a function for each of many indexes, some at once",
  sleep = "returns after some seconds",
  close = "ends all transfers",
}

--- Returns whether a client can use a loop.
-- @tparam table loop
-- @treturn ?boolean true, or nil and a message that names what is missing
function interface.check(loop)
  local missing = check.missing_method(loop, interface.METHODS)
  if not missing then return true end
  return nil, ("loop has no method %s (%s): %s"):format(missing, interface.METHODS[missing], PASS)
end

return interface
