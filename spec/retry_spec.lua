local core = require "hubspot.core"
local errors = require "hubspot.error"
local retry = require "hubspot.retry"
local sandbox = require "spec.support.sandbox"

local READ, CREATE = true, false
local SETTINGS = retry.settings()

local function err_of(fields)
  fields.message = "failed"
  fields.kind = fields.kind or "api"
  return errors.new(fields)
end

local function delay_of(fields, safe, attempt, settings, time_left, budget)
  return retry.delay(settings, err_of(fields), attempt, safe, time_left or 1e9, budget or retry.budget())
end

local function is_repeated(fields, safe, attempt, settings)
  if settings == nil then settings = SETTINGS end
  return delay_of(fields, safe, attempt or 1, settings) ~= nil
end

describe("retry.settings", function()
  it("has defaults, of which some may be given", function()
    assert.same({ max_attempts = 5, base_delay = 0.5, max_delay = 20 }, retry.settings())
    assert.same({ max_attempts = 2, base_delay = 0.5, max_delay = 20 }, retry.settings { max_attempts = 2 })
    assert.is_false(retry.settings(false))
  end)

  it("of a call come before those of the client", function()
    local of_client = retry.settings { max_attempts = 2, base_delay = 3 }
    assert.same(of_client, retry.settings(nil, of_client))
    assert.same({ max_attempts = 9, base_delay = 3, max_delay = 20 }, retry.settings({ max_attempts = 9 }, of_client))
    assert.is_false(retry.settings(false, of_client))
    assert.is_false(retry.settings(nil, false))
    assert.same({ max_attempts = 9, base_delay = 0.5, max_delay = 20 }, retry.settings({ max_attempts = 9 }, false))
  end)
end)

describe("retry.delay", function()
  it("repeats any request that was refused without being carried out", function()
    for _, fields in ipairs {
      { status = 423 },
      { status = 477 },
      { status = 429, kind = "rate_limit" },
      { status = 429, kind = "rate_limit", policy_name = "SECONDLY" },
      { kind = "network", sent = false },
      { kind = "timeout", sent = false },
    } do
      assert.is_true(is_repeated(fields, READ))
      assert.is_true(is_repeated(fields, CREATE))
    end
  end)

  it("repeats a request that may have been carried out only where that is safe", function()
    for _, status in ipairs { 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526 } do
      assert.is_true(is_repeated({ status = status }, READ), status)
      assert.is_false(is_repeated({ status = status }, CREATE), status)
    end
    for _, kind in ipairs { "network", "timeout" } do
      assert.is_true(is_repeated({ kind = kind, sent = true }, READ))
      assert.is_false(is_repeated({ kind = kind, sent = true }, CREATE))
      assert.is_true(is_repeated({ kind = kind }, READ))
      assert.is_false(is_repeated({ kind = kind }, CREATE))
    end
  end)

  it("does not repeat what would fail again", function()
    for _, status in ipairs { 400, 401, 403, 404, 405, 409, 414, 415, 501, 505 } do
      assert.is_false(is_repeated({ status = status }, READ), status)
    end
    assert.is_false(is_repeated({ status = 429, kind = "rate_limit", policy_name = "DAILY" }, READ))
    assert.is_false(is_repeated({ status = 429, kind = "rate_limit", policy_name = "DAILY", retry_after = 1 }, READ))
    for _, kind in ipairs { "cancelled", "decode", "auth" } do
      assert.is_false(is_repeated({ kind = kind }, READ))
    end
  end)

  it("ends after max_attempts, and makes only one attempt without settings", function()
    for attempt = 1, 4 do
      assert.is_true(is_repeated({ status = 500 }, READ, attempt))
    end
    assert.is_false(is_repeated({ status = 500 }, READ, 5))
    assert.is_false(is_repeated({ status = 500 }, READ, 1, false))
    assert.is_false(is_repeated({ status = 500 }, READ, 1, retry.settings { max_attempts = 1 }))
  end)

  -- The smallest and the largest of many.
  local function range_of(fields, attempt, settings)
    local smallest, largest = math.huge, 0
    for _ = 1, 300 do
      local delay = delay_of(fields, READ, attempt, settings or SETTINGS)
      smallest, largest = math.min(smallest, delay), math.max(largest, delay)
    end
    return smallest, largest
  end

  it("waits for a random time below a bound that doubles, up to the largest", function()
    for attempt, bound in ipairs { 0.5, 1, 2, 4, 8, 16, 20, 20 } do
      local smallest, largest = range_of({ status = 500 }, attempt, retry.settings { max_attempts = 50 })
      assert.is_true(smallest >= 0 and largest <= bound)
      -- Of 300 throws none is below a tenth, or above nine tenths: once in 10^13.
      assert.is_true(smallest < bound / 10 and largest > bound * 0.9)
    end
  end)

  -- Checks the backoff: HubSpot's seconds, and full jitter on top, which grows as ever.
  local function waits(seconds, fields)
    for attempt, bound in ipairs { 0.5, 1, 2 } do
      local smallest, largest = range_of(fields, attempt)
      assert.is_true(smallest >= seconds and smallest < seconds + bound / 10, smallest)
      assert.is_true(largest <= seconds + bound and largest > seconds + bound * 0.9, largest)
    end
  end

  it("waits as long as HubSpot says", function()
    waits(7, { status = 429, retry_after = 7, policy_name = "TEN_SECONDLY_ROLLING" })
    waits(3600, { status = 477, retry_after = 3600 })
    waits(0, { status = 503, retry_after = 0 })
  end)

  it("waits until the quota of a policy is there again where HubSpot says nothing", function()
    waits(10, { status = 429, policy_name = "TEN_SECONDLY_ROLLING" })
    waits(1, { status = 429, policy_name = "SECONDLY" })
  end)

  it("leaves a locked record at least two seconds", function() waits(2, { status = 423 }) end)

  it("does not wait for what comes after the deadline, and says so", function()
    local delay, obstacle = delay_of({ status = 477, retry_after = 3600 }, READ, 1, SETTINGS, 60)
    assert.is_nil(delay)
    assert.truthy(obstacle:find("3600 s", 1, true))
    assert.truthy(obstacle:find("deadline", 1, true))
    delay, obstacle = delay_of({ status = 500 }, READ, 1, SETTINGS, 0)
    assert.same({ nil, retry.NO_TIME }, { delay, obstacle })
    -- Requests that are not retried anyway have no such obstacle.
    assert.same({}, { delay_of({ status = 404, retry_after = 3600 }, READ, 1, SETTINGS, 60) })
    assert.same({}, { delay_of({ status = 500 }, READ, 5, SETTINGS, 0) })
  end)

  it("leaves the host's random numbers alone", function()
    math.randomseed(42)
    local expected = { math.random(), math.random() }
    math.randomseed(42)
    local first = math.random()
    delay_of({ status = 500 }, READ, 1, SETTINGS)
    assert.same(expected, { first, math.random() })
  end)
end)

describe("the random numbers", function()
  local LINE = [[%s -e 'print(("%%.17g"):format(require("hubspot.core").random()))']]

  it("differ between processes that start together", function()
    local pipes, seen = {}, {}
    for index = 1, 4 do
      pipes[index] = assert(io.popen(LINE:format(sandbox.interpreter())))
    end
    for _, pipe in ipairs(pipes) do
      local text = assert(pipe:read "*l")
      pipe:close()
      local number = tonumber(text)
      assert.is_true(number >= 0 and number < 1)
      assert.is_nil(seen[text])
      seen[text] = true
    end
  end)

  it("differ between a process and its child", function()
    local found, posix = pcall(require, "posix")
    if not found then return pending "needs lua-posix" end
    local reading, writing = posix.pipe()
    core.random()
    local pid = assert(posix.fork())
    if pid == 0 then
      posix.write(writing, ("%.17g"):format(core.random()))
      posix.execp("sh", "-c", "exit 0")
      posix._exit(98)
    end
    local own = ("%.17g"):format(core.random())
    posix.wait(pid)
    assert.not_equal(own, posix.read(reading, 100))
    posix.close(reading)
    posix.close(writing)
  end)
end)

describe("the budget of retries", function()
  local function is_afforded(fields, budget) return (delay_of(fields, READ, 1, SETTINGS, nil, budget)) ~= nil end

  it("is used up by failures, which are then told to have been too many", function()
    local budget = retry.budget(3)
    for _, fields in ipairs { { status = 503 }, { kind = "network", sent = false }, { kind = "timeout" } } do
      assert.is_true(is_afforded(fields, budget))
    end
    local delay, obstacle = delay_of({ status = 503 }, READ, 1, SETTINGS, nil, budget)
    assert.is_nil(delay)
    assert.truthy(obstacle:find("retry.budget", 1, true))
    assert.is_false(is_afforded({ status = 503 }, retry.budget(0)))
  end)

  it("is not touched by refusals, nor by what is not repeated", function()
    local budget = retry.budget(1)
    for _, status in ipairs { 429, 423, 477 } do
      assert.is_true(is_afforded({ status = status }, budget))
      assert.is_true(is_afforded({ status = status }, retry.budget(0)))
    end
    is_afforded({ status = 404 }, budget)
    delay_of({ status = 503 }, CREATE, 1, SETTINGS, nil, budget)
    delay_of({ status = 503 }, READ, 5, SETTINGS, nil, budget)
    delay_of({ status = 503 }, READ, 1, SETTINGS, 0, budget)
    assert.is_true(is_afforded({ status = 503 }, budget))
    assert.is_false(is_afforded({ status = 503 }, budget))
  end)

  it("comes back by successes, up to what it was", function()
    local budget = retry.budget(2)
    for _ = 1, 100 do
      budget.earn(true)
    end
    assert.same({ true, true, false }, { budget.take(), budget.take(), budget.take() })
    budget.earn(true)
    assert.same({ true, false }, { budget.take(), budget.take() })
    for _ = 1, 9 do
      budget.earn(false)
    end
    assert.is_false(budget.take())
    budget.earn(false)
    assert.same({ true, false }, { budget.take(), budget.take() })
  end)

  it("holds fifty repeats unless told otherwise", function()
    local budget, count = retry.budget(), 0
    while budget.take() do
      count = count + 1
    end
    assert.equal(50, count)
  end)
end)

describe("retry.closing_time", function()
  it("is what the refusal asks for, but no longer than the quotas count", function()
    assert.equal(7, retry.closing_time(err_of { status = 429, retry_after = 7, policy_name = "SECONDLY" }))
    assert.equal(10, retry.closing_time(err_of { status = 429, policy_name = "TEN_SECONDLY_ROLLING" }))
    assert.equal(1, retry.closing_time(err_of { status = 429 }))
    assert.equal(60, retry.closing_time(err_of { status = 429, retry_after = 315360000 }))
  end)
end)

describe("retry.certainly_not_done", function()
  it("knows the errors after which a request can't have been carried out", function()
    for _, status in ipairs { 400, 401, 404, 423, 429, 477 } do
      assert.is_true(retry.certainly_not_done(err_of { status = status }))
    end
    for _, status in ipairs { 500, 502, 503, 504, 524 } do
      assert.is_false(retry.certainly_not_done(err_of { status = status }))
    end
    assert.is_true(retry.certainly_not_done(err_of { kind = "network", sent = false }))
    assert.is_false(retry.certainly_not_done(err_of { kind = "network", sent = true }))
    assert.is_false(retry.certainly_not_done(err_of { kind = "timeout" }))
  end)
end)
