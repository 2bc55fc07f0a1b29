-- The time that a caller grants a call, or a step of an iterator, with all the requests in it.

local span = {}

local methods = {}
local metatable = { __index = methods }

-- Seconds in which nothing can be sent.
local NOTHING = 1e-6

--- The moment at which an action that begins now has to end, on the loop's clock.
function methods:end_from_here() return self.loop:now() + self.seconds end

--- Seconds that are left, never none at all.
function methods:left() return math.max(NOTHING, self.ends - self.loop:now()) end

--- Makes a span, which begins at once.
-- @tparam table loop
-- @tparam number seconds
-- @treturn table with `ends`, which a step that begins sets to its own end
function span.new(loop, seconds)
  local self = setmetatable({ loop = loop, seconds = seconds }, metatable)
  self.ends = self:end_from_here()
  return self
end

return span
