local hubspot = require "hubspot"
local interface = require "hubspot.limiter.interface"
local memory = require "hubspot.limiter.memory"

-- A limiter on a clock that stands still until `pass` moves it.
local function new_limiter()
  local now = 1000
  local limiter = memory.new(function() return now end)
  return limiter, function(seconds) now = now + seconds end, function() return now end
end

-- Takes permits until there is none; gives how many, and the wait for the next.
local function take_all(limiter, bucket)
  for taken = 0, 10000 do
    local wait = limiter.acquire(bucket, 0)
    if wait > 0 then return taken, wait end
  end
end

local function headers(limit, interval)
  return {
    ["x-hubspot-ratelimit-max"] = tostring(limit),
    ["x-hubspot-ratelimit-interval-milliseconds"] = interval and tostring(interval),
  }
end

describe("the limiter in memory", function()
  it("lets half of the smallest quota pass at once, and search by itself", function()
    local limiter = new_limiter()
    assert.equal(50, (take_all(limiter, "general")))
    assert.equal(2, (take_all(limiter, "search")))
  end)

  it("counts apart what HubSpot exempts, and learns nothing of it", function()
    local limiter = new_limiter()
    take_all(limiter, "general")
    limiter.refused("general", 60)
    limiter.observe("exempt", headers(190, 10000))
    assert.equal(50, (take_all(limiter, "exempt")))
    limiter = new_limiter()
    take_all(limiter, "exempt")
    limiter.refused("exempt", 60)
    assert.equal(50, (take_all(limiter, "general")))
  end)

  it("spreads the other half over the window", function()
    local limiter, pass = new_limiter()
    take_all(limiter, "general")
    local passed = 0
    for _ = 1, 1000 do
      pass(0.01)
      local wait, ticket = limiter.acquire("general", 0.05)
      if ticket then
        pass(wait)
        wait = limiter.acquire("general", 0, ticket)
      end
      if wait == 0 then passed = passed + 1 end
    end
    assert.is_true(passed > 50, tostring(passed))
  end)

  -- Whatever the callers do: they wait as told, come late, come early, or don't come back.
  it("never lets more pass in any window", function()
    for seed = 1, 6 do
      math.randomseed(seed)
      local limiter, pass, clock = new_limiter()
      local quota = { limit = 100, interval = 10 }
      local later = seed % 2 == 0 and { limit = 20, interval = 0.2, milliseconds = 200 }
        or { limit = 40, interval = 5, milliseconds = 5000 }
      local moments, waiting = {}, {}
      for step = 1, 20000 do
        if step == 7000 then limiter.observe("general", headers(later.limit, later.milliseconds)) end
        pass(quota.interval / 250 * (math.random() < 0.001 and 1500 or 1) * math.random())
        local place = math.random(1, 30)
        local ticket = waiting[place] and (waiting[place].ticket or nil)
        if not waiting[place] or waiting[place].at <= clock() or math.random() < 0.05 then
          local wait, given = limiter.acquire("general", 20, ticket)
          waiting[place] = wait > 0 and math.random() < 0.97 and { at = clock() + wait, ticket = given } or nil
          if wait == 0 then moments[#moments + 1] = clock() end
        end
        if step == 7000 then
          quota, moments = later, {}
        end
      end
      assert.is_true(#moments > 5 * quota.limit)
      for index = quota.limit + 1, #moments do
        assert.is_true(moments[index] - moments[index - quota.limit] >= quota.interval)
      end
    end
  end)

  it("gives all of the quota to many who wait, at an even pace and in turn", function()
    local limiter, pass, clock = new_limiter()
    local waiting = {}
    for place = 1, 300 do
      local wait, ticket = limiter.acquire "general"
      waiting[place] = { at = clock() + wait, ticket = ticket, passed = wait == 0 }
    end
    -- By the moments that they were told, all who wait come when it is their turn. Those whom the window makes wait
    -- longer keep their order.
    local order, passed = {}, 50
    while passed < 300 do
      local next_place
      for place, who in ipairs(waiting) do
        if not who.passed and (not next_place or who.at < waiting[next_place].at) then next_place = place end
      end
      local who = waiting[next_place]
      pass(math.max(0, who.at - clock()))
      local wait = limiter.acquire("general", nil, who.ticket)
      who.asked = (who.asked or 0) + 1
      who.at, who.passed = clock() + wait, wait == 0
      if who.passed then
        passed = passed + 1
        order[#order + 1] = next_place
      end
    end
    for index, place in ipairs(order) do
      assert.equal(50 + index, place)
      assert.is_true(waiting[place].asked <= 4)
    end
    -- Three windows' worth, in two windows and what the last permit takes.
    assert.is_true(clock() - 1000 < 32, tostring(clock() - 1000))
  end)

  -- As many processes do over a connection: each wakes a little late, and asks again when it has its answer.
  it("gives nearly all of the search quota to who wakes a little late, and not more in any window", function()
    math.randomseed(1)
    local limiter, pass, clock = new_limiter()
    local waiting, moments = {}, {}
    for place = 1, 16 do
      waiting[place] = { at = clock() }
    end
    while true do
      local who = waiting[1]
      for _, other in ipairs(waiting) do
        if other.at < who.at then who = other end
      end
      if who.at >= 1030 then break end
      pass(math.max(0, who.at - clock()))
      local wait, ticket = limiter.acquire("search", nil, who.ticket)
      if wait == 0 then moments[#moments + 1] = clock() end
      who.ticket = ticket
      who.at = clock() + (wait == 0 and 0.02 or wait + 0.001 + 0.001 * math.random())
    end
    assert.is_true(#moments >= 145, tostring(#moments))
    -- A request may arrive that much later than the one that comes a quota later.
    for index = 6, #moments do
      assert.is_true(moments[index] - moments[index - 5] >= 1.03)
    end
  end)

  it("tells how long to wait, after which there is a permit", function()
    local limiter, pass = new_limiter()
    take_all(limiter, "search")
    local limits = {}
    for _ = 1, 20 do
      local wait, ticket = limiter.acquire "search"
      assert.is_true(wait > 0)
      pass(wait / 2)
      local rest = limiter.acquire("search", nil, ticket)
      assert.is_true(math.abs(rest - wait / 2) < 1e-6)
      pass(rest)
      assert.equal(0, limiter.acquire("search", nil, ticket))
      limits[#limits + 1] = wait
    end
    for index = 10, 20 do
      assert.is_true(limits[index] < 0.25, tostring(limits[index]))
    end
  end)

  it("keeps no place for who would not wait so long", function()
    local limiter = new_limiter()
    take_all(limiter, "search")
    local longer, ticket = limiter.acquire("search", 0.01)
    assert.is_true(longer > 0.01)
    assert.is_nil(ticket)
    local wait
    wait, ticket = limiter.acquire("search", 60)
    assert.is_true(math.abs(wait - longer) < 1e-6)
    assert.is_number(ticket)
    assert.is_true((limiter.acquire("search", 60)) > wait)
    assert.is_true((limiter.acquire("search", -1)) > wait)
  end)

  it("gives the place of who does not come to others", function()
    local limiter, pass = new_limiter()
    take_all(limiter, "general")
    for _ = 1, 500 do
      limiter.acquire "general"
    end
    pass(11)
    assert.equal(50, (take_all(limiter, "general")))
  end)

  it("learns the account's own quota from an answer", function()
    local limiter, pass = new_limiter()
    limiter.observe("general", headers(190, 10000))
    assert.equal(95, (take_all(limiter, "general")))
    pass(20)
    limiter.observe("general", headers(10, 2000))
    local taken, wait = take_all(limiter, "general")
    assert.equal(5, taken)
    assert.is_true(wait > 0.2 and wait < 0.5, tostring(wait))
    assert.equal(2, (take_all(limiter, "search")))
  end)

  it("learns nothing of search from an answer: what headers there might be are about the general quota", function()
    local limiter = new_limiter()
    limiter.observe("search", headers(190, 10000))
    assert.equal(2, (take_all(limiter, "search")))
  end)

  it("keeps to a quota that became smaller than what was sent already", function()
    local limiter, pass = new_limiter()
    for _ = 1, 50 do
      limiter.acquire "general"
    end
    pass(5)
    limiter.observe("general", headers(10))
    local wait, ticket = limiter.acquire "general"
    pass(wait)
    wait = limiter.acquire("general", nil, ticket)
    assert.is_true(wait == 0 or wait > 1, tostring(wait))
    pass(wait)
    assert.is_true(wait + 5 < 11)
  end)

  it("counts with what others send, as the answers tell", function()
    local limiter = new_limiter()
    local taken = 0
    for remaining = 80, 0, -2 do
      if limiter.acquire("general", 0) == 0 then taken = taken + 1 end
      limiter.observe(
        "general",
        { ["x-hubspot-ratelimit-max"] = "100", ["x-hubspot-ratelimit-remaining"] = tostring(remaining) }
      )
    end
    assert.is_true(taken >= 24 and taken <= 26, tostring(taken))
  end)

  it("believes no more than half of answers that say there is nothing left", function()
    local limiter, pass, clock = new_limiter()
    local taken = 0
    while clock() < 1103 do
      local wait, ticket = limiter.acquire "general"
      while wait > 0 do
        pass(wait)
        wait, ticket = limiter.acquire("general", nil, ticket)
      end
      taken = taken + 1
      limiter.observe("general", { ["x-hubspot-ratelimit-max"] = "100", ["x-hubspot-ratelimit-remaining"] = "0" })
    end
    assert.is_true(taken > 450, tostring(taken))
  end)

  it("learns nothing from headers that are missing or nonsense", function()
    local nonsense =
      { "", "x", "0", "-5", "nan", "inf", "-inf", "1e9", "0x10", "1.5", " 7", "99999999999999999999", "501" }
    local limiter = new_limiter()
    limiter.observe("general", {})
    for _, one in ipairs(nonsense) do
      for _, other in ipairs(nonsense) do
        limiter.observe("general", { ["x-hubspot-ratelimit-max"] = one, ["x-hubspot-ratelimit-remaining"] = other })
        limiter.observe("general", {
          ["x-hubspot-ratelimit-interval-milliseconds"] = one == "501" and "86400000" or one,
          ["x-hubspot-ratelimit-max"] = other,
          ["x-hubspot-ratelimit-remaining"] = one,
        })
      end
      limiter.observe("general", {
        ["x-hubspot-ratelimit-daily"] = one,
        ["x-hubspot-ratelimit-daily-remaining"] = one,
        ["x-hubspot-ratelimit-secondly"] = one,
        ["x-hubspot-ratelimit-secondly-remaining"] = one,
      })
    end
    limiter.observe("general", { ["x-hubspot-ratelimit-max"] = 100, ["x-hubspot-ratelimit-remaining"] = {} })
    assert.equal(50, (take_all(limiter, "general")))
    assert.equal(2, (take_all(limiter, "search")))
  end)

  it("does not wait for the day's limit", function()
    local limiter = new_limiter()
    limiter.observe("general", {
      ["x-hubspot-ratelimit-max"] = "100",
      ["x-hubspot-ratelimit-daily"] = "250000",
      ["x-hubspot-ratelimit-remaining"] = "99",
      ["x-hubspot-ratelimit-daily-remaining"] = "0",
    })
    assert.equal(0, limiter.acquire "general")
  end)

  it("lets nothing pass for a while after a refusal, of that bucket, and then no burst", function()
    local limiter, pass = new_limiter()
    limiter.refused("general", 7)
    local wait, ticket = limiter.acquire "general"
    assert.is_true(wait >= 7 and wait < 7.2)
    assert.equal(0, limiter.acquire "search")
    pass(3)
    limiter.refused("general", 1)
    assert.is_true(math.abs(limiter.acquire("general", nil, ticket) - (wait - 3)) < 1e-6)
    pass(wait - 3)
    assert.equal(0, limiter.acquire("general", nil, ticket))
    assert.equal(0, (take_all(limiter, "general")))
    pass(20)
    assert.equal(50, (take_all(limiter, "general")))
  end)

  it("moves a waiting caller to a later place after a refusal", function()
    local limiter, pass = new_limiter()
    take_all(limiter, "search")
    local wait, ticket = limiter.acquire "search"
    limiter.refused("search", 5)
    pass(wait)
    local rest
    rest, ticket = limiter.acquire("search", nil, ticket)
    assert.is_true(rest + wait >= 5)
    pass(rest)
    assert.equal(0, limiter.acquire("search", nil, ticket))
  end)

  it("does not take just any time for the length of a refusal", function()
    local limiter, pass = new_limiter()
    for _, seconds in ipairs { 0, -5, 0 / 0, -math.huge } do
      limiter.refused("general", seconds)
    end
    assert.equal(0, limiter.acquire "general")
    limiter.refused("general", math.huge)
    pass(3601)
    assert.is_true(limiter.acquire "general" < 1)
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
    assert.equal(0, (memory.shared("a token of no client").acquire "general"))
  end)
end)

describe("the option limiter", function()
  for name in pairs(interface.FUNCTIONS) do
    it("refuses a table without " .. name .. " by name", function()
      local limiter = { acquire = print, observe = print, refused = print }
      limiter[name] = nil
      local made, message = pcall(hubspot.new, { token = "any-token", limiter = limiter })
      assert.is_false(made)
      assert.truthy(message:find("hubspot.new: limiter has no function " .. name .. " (", 1, true), message)
    end)
  end

  it("refuses what is no table", function()
    local made, message = pcall(hubspot.new, { token = "any-token", limiter = true })
    assert.is_false(made)
    assert.truthy(message:find("hubspot.new: limiter must be a limiter such as", 1, true), message)
  end)
end)
