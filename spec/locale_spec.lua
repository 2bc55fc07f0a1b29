-- A process with a decimal comma must send, store and read numbers with a dot.

local comma_locale = require "spec.support.comma_locale"
local host = require "spec.support.host"
local redis = require "spec.support.redis"
local sandbox = require "spec.support.sandbox"

-- Each program fails by throwing, and prints "checked" else.
local function check_with_comma(program)
  local output = comma_locale.run(program .. '\nio.write "checked"')
  if not output then return pending "no locale with a decimal comma here" end
  assert.equal("checked", output)
end

describe("with a decimal comma", function()
  it(
    "times have fractions of a second",
    function()
      check_with_comma [[
      local time = require "hubspot.time"
      assert(time.from_iso "1970-01-01T00:00:00.500Z" == 500)
      assert(time.to_iso(500) == "1970-01-01T00:00:00.500Z")
    ]]
    end
  )

  it(
    "Retry-After has fractions of a second, and messages have points",
    function()
      check_with_comma [[
      local errors = require "hubspot.error"
      local function answer(headers, body)
        return errors.from_response { status = 429, headers = headers, body = body or "{}" }
      end
      assert(answer { ["retry-after"] = "0.4" }.retry_after == 4 / 10)
      assert(answer({}, '{"message":0.5}').message == "0.5")
      local _, message = require("hubspot.check").seconds.check(-1 / 2, "timeout")
      assert(message:find("got -0.5", 1, true), message)
    ]]
    end
  )

  it("the quota is shared by Redis", function()
    local left_out = host.left_out "redis"
    if left_out then return pending(left_out) end
    local server = redis.start()
    local output = comma_locale.run(([[
      local server = require("spec.support.redis").command(%d)
      local limiter = require("hubspot.limiter.redis").new { name = "comma", client = server }
      limiter.observe("search", { ["x-hubspot-ratelimit-secondly"] = "5" })
      for _ = 1, 3 do
        local seconds, problem = limiter.acquire("search", 1.25)
        assert(seconds and seconds >= 0 and seconds < 1.25, problem or seconds)
      end
      io.write "checked"
    ]]):format(server.port))
    server:stop()
    if not output then return pending "no locale with a decimal comma here" end
    assert.equal("checked", output)
  end)

  it(
    "the sandbox stores, compares and shows fractions",
    function()
      check_with_comma [[
      local client = require("hubspot").new { transport = require("hubspot.sandbox").new {} }
      local id = assert(client.contacts:create { email = "half@example.org", lead_score = 2.5 }).id
      assert(client.contacts:get(id, { properties = { "lead_score" } }).properties.lead_score == "2.5")
      local function count(value)
        return client.contacts:search("", { filter_groups = { { filters = {
          { propertyName = "lead_score", operator = "LT", value = value } } } } }):next() and 1 or 0
      end
      assert(count(2.75) == 1 and count "2.75" == 1 and count "2.25" == 0)
    ]]
    end
  )

  it("a record is found by a fraction, and a call's times hold", function()
    local server = sandbox.start {}
    local output = comma_locale.run(([[
      local hubspot = require "hubspot"
      local client = hubspot.new { token = "any-token", base_url = %q, timeout = 7.5, deadline = 20.5 }
      assert(client.contacts:create { email = "half@example.org", lead_score = 2.5 })
      local found
      repeat
        client:pause(0.05)
        found = client.contacts:search("", { properties = { "lead_score" }, filter_groups = { { filters = {
          { propertyName = "lead_score", operator = "LT", value = 2.75 },
          { propertyName = "lead_score", operator = "GT", value = "2.25" } } } } }):next()
      until found
      assert(found.properties.lead_score == "2.5", found.properties.lead_score)
      io.write "checked"
    ]]):format(server.url))
    server:stop()
    if not output then return pending "no locale with a decimal comma here" end
    assert.equal("checked", output)
  end)
end)

describe("the sources", function()
  it("leave no number to the locale", function()
    local pattern = [=[%[0-9]*(\.[1-9][0-9]*)?[eg]["s ]|%[0-9]*\.[1-9][0-9]*[efg]]=]
    local pipe = io.popen(("grep -rnE '%s' lua program --include=*.lua"):format(pattern))
    local found = {}
    for line in pipe:lines() do
      -- A script in Redis has the server's locale, which is C's.
      local is_elsewhere = line:find "^lua/hubspot/limiter/redis.lua:%d+:local function text"
      if not is_elsewhere then found[#found + 1] = line end
    end
    pipe:close()
    assert.same({}, found)
  end)
end)
