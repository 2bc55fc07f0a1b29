--- Positions that an iterator went through, to tell when they go round. Comparing with the latest one, and with one
-- that is remembered, renewed at the powers of two, finds a circle of any length without remembering them all.
-- @module hubspot.paging.circle

local circle = {}

local methods = {}
local metatable = { __name = "hubspot.Circle", __index = methods }

--- Returns whether a position leads back.
-- @tparam string position
-- @treturn boolean
function methods:leads_back(position) return position == self.latest or position == self.landmark end

--- Notes that a position is gone to.
-- @tparam string position
function methods:note(position)
  self.latest = position
  self.count = self.count + 1
  if self.count >= self.renewed_at then
    self.landmark, self.renewed_at = position, self.renewed_at * 2
  end
end

--- Begins at a position.
-- @tparam ?string position nil where the beginning has none
-- @treturn table
function circle.new(position)
  return setmetatable({ latest = position, landmark = position, count = 0, renewed_at = 1 }, metatable)
end

return circle
