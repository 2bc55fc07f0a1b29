local errors = require "hubspot.error"
local retry = require "hubspot.retry"

local READ, CREATE = { idempotent = true }, { idempotent = false }
local SETTINGS = retry.settings()

local function err_of(fields)
  fields.message = "failed"
  fields.kind = fields.kind or "api"
  return errors.new(fields)
end

local function is_repeated(fields, request, attempt, settings)
  if settings == nil then settings = SETTINGS end
  return retry.delay(settings, err_of(fields), request, attempt or 1) ~= nil
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
    for _, fields in ipairs { { status = 423 }, { status = 477 }, { status = 429, kind = "rate_limit" },
      { status = 429, kind = "rate_limit", policy_name = "SECONDLY" }, { kind = "network", sent = false },
      { kind = "timeout", sent = false } } do
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
    for _, kind in ipairs { "cancelled", "decode", "auth" } do assert.is_false(is_repeated({ kind = kind }, READ)) end
  end)

  it("ends after so many attempts, and makes only one where there are no settings", function()
    for attempt = 1, 4 do assert.is_true(is_repeated({ status = 500 }, READ, attempt)) end
    assert.is_false(is_repeated({ status = 500 }, READ, 5))
    assert.is_false(is_repeated({ status = 500 }, READ, 1, false))
    assert.is_false(is_repeated({ status = 500 }, READ, 1, retry.settings { max_attempts = 1 }))
  end)

  -- The smallest and the largest of many.
  local function range_of(fields, attempt, settings)
    local smallest, largest = math.huge, 0
    for _ = 1, 300 do
      local delay = retry.delay(settings or SETTINGS, err_of(fields), READ, attempt)
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

  local function waits(seconds, fields)
    local smallest, largest = range_of(fields, 1)
    assert.is_true(smallest >= seconds and largest <= seconds + 0.1, ("%g to %g s"):format(smallest, largest))
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

  it("leaves a locked record at least two seconds", function()
    local smallest = range_of({ status = 423 }, 1)
    assert.is_true(smallest >= 2)
  end)
end)

describe("retry.certainly_not_done", function()
  it("knows behind which errors a request can't have been carried out", function()
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
