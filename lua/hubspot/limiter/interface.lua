-- What a client takes of a limiter: the one list of it, which is checked when a client is made.

local check = require "hubspot.check"

local interface = {}

--- The methods of a limiter by their names, with what they are for.
interface.METHODS = {
  acquire = "takes a permit, or tells how long to wait for one",
  observe = "learns from the headers of an answer",
  refused = "closes a bucket after a 429",
}

--- Whether a client can use a limiter.
-- @tparam table limiter
-- @treturn ?boolean true, or nil and a message that names what is missing
function interface.check(limiter)
  local missing = check.missing_method(limiter, interface.METHODS)
  if not missing then return true end
  return nil, ("limiter has no method %s (%s)"):format(missing, interface.METHODS[missing])
end

return interface
