local time = require "hubspot.time"

local DAY = 86400000

-- Moments by their text in UTC, from other sources than the module.
local KNOWN = {
  ["1970-01-01T00:00:00.000Z"] = 0,
  ["1969-12-31T23:59:59.999Z"] = -1,
  ["2000-02-29T00:00:00.000Z"] = 951782400000,
  ["2001-09-09T01:46:40.000Z"] = 1000000000000,
  ["2025-11-24T16:00:00.000Z"] = 1764000000000,
  ["2026-01-02T03:04:05.678Z"] = 1767323045678,
  ["2038-01-19T03:14:08.000Z"] = 2147483648000,
  ["2100-03-01T00:00:00.000Z"] = 4107542400000,
  ["1900-02-28T23:59:59.000Z"] = -2203891201000,
}

describe("time.to_iso", function()
  for text, ms in pairs(KNOWN) do
    it("writes " .. text, function() assert.equal(text, time.to_iso(ms)) end)
  end

  it(
    "takes floats, and drops what is less than a millisecond",
    function() assert.equal("2025-11-24T16:00:00.001Z", time.to_iso(1764000000001.9)) end
  )
end)

describe("time.from_iso", function()
  for text, ms in pairs(KNOWN) do
    it("reads " .. text, function() assert.equal(ms, time.from_iso(text)) end)
  end

  it(
    "reads a date as its midnight in UTC",
    function() assert.equal(1764000000000 - 16 * 3600000, time.from_iso "2025-11-24") end
  )

  it("reads times with and without fractions and zones", function()
    for _, text in ipairs {
      "2025-11-24T16:00:00Z",
      "2025-11-24T16:00:00",
      "2025-11-24t16:00:00z",
      "2025-11-24 16:00:00Z",
      "2025-11-24T17:00:00+01:00",
      "2025-11-24T10:30:00-0530",
      "2025-11-24T16:00:00.0Z",
      "2025-11-24T16:00:00.000000Z",
      "2025-11-25T06:00:00+14:00",
    } do
      assert.equal(1764000000000, time.from_iso(text), text)
    end
    assert.equal(1764000000500, time.from_iso "2025-11-24T16:00:00.5Z")
    assert.equal(1764000000123, time.from_iso "2025-11-24T16:00:00.1234567Z")
  end)

  it("gives an integer where Lua has them", function()
    if math.type then
      assert.equal("integer", math.type(time.from_iso "2025-11-24T16:00:00.123Z"))
      assert.equal("integer", math.type(time.from_iso "2025-11-24"))
    end
    assert.equal("1764000000123", ("%d"):format(time.from_iso "2025-11-24T16:00:00.123Z"))
  end)

  it("refuses what is no time", function()
    for _, text in ipairs {
      "",
      "now",
      "2025",
      "2025-11",
      "2025-1-24",
      "2025-00-24",
      "2025-13-24",
      "2025-11-00",
      "2025-11-31",
      "2025-02-29",
      "1900-02-29",
      "2025-11-24T",
      "2025-11-24T16",
      "2025-11-24T16:00",
      "2025-11-24T24:00:00Z",
      "2025-11-24T16:60:00Z",
      "2025-11-24T16:00:61Z",
      "2025-11-24T16:00:00X",
      "2025-11-24T16:00:00+1",
      "2025-11-24T16:00:00123Z",
      "2025-11-24T16:00:00.Z",
      "2025-11-24T16:00:00+25:00",
      "2025-11-24T16:00:00+01:60",
      "x2025-11-24",
      "2025-11-24x",
      "1764000000000",
    } do
      assert.is_nil(time.from_iso(text), text)
    end
  end)

  it("reads back every day that it writes, through two centuries", function()
    local day = -DAY * 365 * 70
    for _ = 1, 365 * 200 / 7 do
      day = day + 7 * DAY + 12345
      assert.equal(day, time.from_iso(time.to_iso(day)))
    end
  end)
end)

describe("time.from_http", function()
  it("reads a date as headers have it", function()
    assert.equal(784111777000, time.from_http "Sun, 06 Nov 1994 08:49:37 GMT")
    assert.equal(0, time.from_http "Thu, 01 Jan 1970 00:00:00 GMT")
    assert.equal(1709164800000, time.from_http "Thu, 29 Feb 2024 00:00:00 GMT")
  end)

  it("refuses what is no such date", function()
    for _, text in ipairs {
      "",
      "now",
      "5",
      "Sun, 06 Nov 1994 08:49:37",
      "Sun, 06 Nov 1994 08:49:37 CET",
      "Sun, 06 nov 1994 08:49:37 GMT",
      "Wed, 29 Feb 2023 00:00:00 GMT",
      "Sun, 06 Nov 1994 24:49:37 GMT",
      "Sunday, 06-Nov-94 08:49:37 GMT",
      "1994-11-06T08:49:37Z",
    } do
      assert.is_nil(time.from_http(text), text)
    end
  end)
end)
