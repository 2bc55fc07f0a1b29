-- The methods that a client needs of a limiter, which are checked when a client is made.

local check = require "hubspot.check"

local interface = {}

--- The functions of a limiter by their names, with what they are for.
interface.FUNCTIONS = {
  acquire = "takes a permit, or tells how long to wait for one",
  observe = "learns from the headers of an answer",
  refused = "closes a bucket after a 429",
}

--- Gives an object its methods as functions, which are called without it: a client takes any table of these.
-- @tparam table object
-- @tparam table methods of it
-- @treturn table `object`
function interface.bind(object, methods)
  for name in pairs(interface.FUNCTIONS) do
    local method = methods[name]
    object[name] = function(...) return method(object, ...) end
  end
  return object
end

--- Returns whether a client can use a limiter.
-- @tparam table limiter
-- @treturn ?boolean true, or nil and a message that names what is missing
function interface.check(limiter)
  local missing = check.missing_method(limiter, interface.FUNCTIONS)
  if not missing then return true end
  return nil, ("limiter has no function %s (%s)"):format(missing, interface.FUNCTIONS[missing])
end

return interface
