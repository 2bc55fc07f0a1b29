local circle = require "hubspot.paging.circle"

-- The steps until a walk over these positions, which begins again at `back` after the last, is seen to go round.
local function steps_until_seen(positions, back, first)
  local seen = circle.new(first)
  local at, steps = 1, 0
  while steps < 100000 do
    if seen:leads_back(positions[at]) then return steps end
    seen:note(positions[at])
    steps = steps + 1
    at = at < #positions and at + 1 or back
  end
end

local function positions_of(count)
  local list = {}
  for index = 1, count do
    list[index] = "p" .. index
  end
  return list
end

describe("a circle of positions", function()
  it("is seen whatever its length, and whatever leads to it", function()
    for _, length in ipairs { 1, 2, 3, 7, 64, 500 } do
      for _, before in ipairs { 0, 1, 2, 33 } do
        local steps = steps_until_seen(positions_of(before + length), before + 1)
        assert.is_true(steps ~= nil and steps >= length and steps <= 4 * (before + length) + 4)
      end
    end
  end)

  it("is seen where it leads to the beginning", function()
    assert.equal(0, steps_until_seen({ "a" }, 1, "a"))
    assert.is_true(steps_until_seen({ "b", "a" }, 1, "a") < 4)
  end)

  it("is none where each position comes once", function()
    local seen = circle.new()
    for _, position in ipairs(positions_of(1000)) do
      assert.is_false(seen:leads_back(position))
      seen:note(position)
    end
  end)
end)
