local memory = require "hubspot.limiter.memory"

-- A limiter on a clock that stands still until `pass` moves it.
local function new_limiter()
  local now = 1000
  local limiter = memory.new(function() return now end)
  return limiter, function(seconds) now = now + seconds end
end

-- Takes permits until there is none; gives how many, and the wait for the next.
local function take_all(limiter, bucket)
  for taken = 0, 10000 do
    local wait = limiter.acquire(bucket)
    if wait > 0 then return taken, wait end
  end
end

local function headers(limit, interval)
  return { ["x-hubspot-ratelimit-max"] = tostring(limit),
    ["x-hubspot-ratelimit-interval-milliseconds"] = interval and tostring(interval) }
end

describe("the limiter in memory", function()
  it("lets pass what the smallest quota takes, and search by itself", function()
    local limiter = new_limiter()
    assert.equal(100, (take_all(limiter, "general")))
    assert.equal(5, (take_all(limiter, "search")))
  end)

  it("never lets more pass in any window", function()
    local limiter, pass = new_limiter()
    local moments, now = {}, 0
    for _ = 1, 2000 do
      if limiter.acquire "general" <= 0 then moments[#moments + 1] = now end
      pass(0.07)
      now = now + 0.07
    end
    assert.is_true(#moments > 1300)
    for index = 101, #moments do assert.is_true(moments[index] - moments[index - 100] >= 10) end
  end)

  it("tells how long to wait, after which there is a permit", function()
    local limiter, pass = new_limiter()
    limiter.acquire "general"
    pass(4)
    local taken, wait = take_all(limiter, "general")
    assert.equal(99, taken)
    -- Until the first one is out of the window, which is a little longer than HubSpot's.
    assert.is_true(wait > 6 and wait < 6.5, tostring(wait))
    pass(wait - 0.001)
    assert.is_true(limiter.acquire "general" > 0)
    pass(0.002)
    assert.equal(1, (take_all(limiter, "general")))
  end)

  it("learns the account's own quota from an answer", function()
    local limiter, pass = new_limiter()
    limiter.observe("general", headers(190, 10000))
    assert.equal(190, (take_all(limiter, "general")))
    pass(20)
    limiter.observe("general", headers(10, 2000))
    local taken, wait = take_all(limiter, "general")
    assert.equal(10, taken)
    assert.is_true(wait > 2 and wait < 2.1)
    assert.equal(5, (take_all(limiter, "search")))
  end)

  it("keeps to a quota that became smaller than what was sent already", function()
    local limiter, pass = new_limiter()
    for _ = 1, 50 do limiter.acquire "general" end
    pass(5)
    for _ = 1, 10 do limiter.acquire "general" end
    limiter.observe("general", headers(10))
    local wait = limiter.acquire "general"
    assert.is_true(wait > 10 and wait < 10.5, tostring(wait))
  end)

  it("learns nothing from headers that are missing or nonsense", function()
    local limiter = new_limiter()
    limiter.observe("general", {})
    limiter.observe("general", headers("x", "y"))
    limiter.observe("general", headers(0, 0))
    limiter.observe("general", headers(-5, -5))
    assert.equal(100, (take_all(limiter, "general")))
  end)

  it("lets nothing pass for a while after a refusal, of that bucket", function()
    local limiter, pass = new_limiter()
    limiter.refused("general", 7)
    assert.equal(7, limiter.acquire "general")
    assert.equal(0, limiter.acquire "search")
    pass(3)
    limiter.refused("general", 1)
    assert.equal(4, limiter.acquire "general")
    pass(4)
    assert.equal(0, limiter.acquire "general")
  end)

  it("is one for a token", function()
    local first = memory.shared "token one"
    assert.equal(first, memory.shared "token one")
    assert.not_equal(first, memory.shared "token two")
    local function source() end
    assert.equal(memory.shared(source), memory.shared(source))
  end)

  it("does not outlive the clients that use it", function()
    local limiter = memory.shared "a token of no client"
    limiter.refused("general", 1000)
    limiter = nil -- luacheck: ignore 311
    collectgarbage()
    collectgarbage()
    assert.equal(0, memory.shared("a token of no client").acquire "general")
  end)
end)
