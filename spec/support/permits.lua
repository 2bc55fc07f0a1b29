-- Checks the permits that several processes took of one limiter.

local assert = require "luassert"

local permits = {}

--- Lua code that takes permits of `limiter` as fast as it can for some seconds, as one who waits as told would not, and
-- calls `took(text)` for each: the text says between which moments it was taken.
permits.TAKE = [[
  local core = require "hubspot.core"
  local function take_for(limiter, seconds, took)
    local ends, ticket = core.now() + seconds, nil
    while core.now() < ends do
      local before = core.now()
      local wait, given = limiter.acquire("general", nil, ticket)
      assert(wait, given)
      if wait == 0 then took(("%.6f-%.6f"):format(before, core.now())) end
      ticket = given
    end
  end
]]

--- Headers that tell of a quota.
function permits.headers(limit, milliseconds, remaining)
  return {
    ["x-hubspot-ratelimit-max"] = tostring(limit),
    ["x-hubspot-ratelimit-interval-milliseconds"] = milliseconds and tostring(milliseconds),
    ["x-hubspot-ratelimit-remaining"] = remaining and tostring(remaining),
  }
end

--- Takes permits until there is none; returns how many.
function permits.take_all(limiter, bucket)
  for taken = 0, 10000 do
    local wait, problem = limiter.acquire(bucket, 0)
    assert(wait, problem)
    -- A lock that another one holds for a moment is no refusal.
    if wait > 0.01 then return taken end
  end
end

--- Asserts that a number of permits are there at once. On a machine that stands still for a while more become free
-- meanwhile, but not another burst.
function permits.assert_burst(expected, limiter, bucket)
  local taken = permits.take_all(limiter, bucket)
  assert.is_true(taken >= expected and taken < 2 * expected, ("%d instead of %d"):format(taken, expected))
end

--- The largest number of permits that certainly lay in one window, of texts that `TAKE` made.
function permits.largest_window(texts, seconds)
  local taken, largest = {}, 0
  for index, text in ipairs(texts) do
    local from, to = text:match "^(.*)%-(.*)$"
    taken[index] = { from = tonumber(from), to = tonumber(to) }
  end
  for _, first in ipairs(taken) do
    local count = 0
    for _, one in ipairs(taken) do
      if one.from >= first.from and one.to < first.from + seconds then count = count + 1 end
    end
    largest = math.max(largest, count)
  end
  return largest
end

return permits
