-- Seconds where HubSpot counts milliseconds: told where they are passed, with the cure.

local hubspot = require "hubspot"
local misuse = require "spec.support.misuse"
local time = require "hubspot.time"

describe("hubspot.time", function()
  it("makes milliseconds of seconds, whole ones", function()
    assert.equal("1764000000000", ("%d"):format(hubspot.time(1764000000)))
    assert.equal(0, hubspot.time(0))
    assert.equal(1764000000123, hubspot.time(1764000000.1234))
    local type_of = rawget(math, "type")
    if type_of then assert.equal("integer", type_of(hubspot.time(1764000000.5))) end
  end)

  it("agrees with os.time", function()
    local seconds = os.time()
    assert.equal(os.date("!%Y-%m-%dT%H:%M:%S.000Z", seconds), time.to_iso(hubspot.time(seconds)))
  end)

  it("takes seconds only", function()
    for _, value in ipairs { "1764000000", -1, 0 / 0, 1 / 0, {}, true } do
      misuse.throws(
        "hubspot.time: seconds must be a number such as os.time() gives",
        function() hubspot.time(value) end
      )
    end
    misuse.throws("hubspot.time: seconds must be a number such as os.time() gives", function() hubspot.time() end)
    misuse.throws("1764000000000, which are milliseconds already", function() hubspot.time(1764000000000) end)
  end)
end)

describe("a number of seconds", function()
  local client = hubspot.new {
    token = "a-made-up-token",
    application_id = 1,
    transport = function() error "nothing is to be sent" end,
  }
  local NOW = 1764000000

  local CALLS = {
    ["contacts:recently_created: since"] = function() client.contacts:recently_created { since = NOW } end,
    ["contacts:recently_updated: since"] = function() client.contacts:recently_updated { since = NOW } end,
    ["contacts:lifecycle_stages: from"] = function() client.contacts:lifecycle_stages { from = NOW, to = NOW * 1000 } end,
    ["contacts:lifecycle_stages: to"] = function() client.contacts:lifecycle_stages { from = 0, to = NOW } end,
    ["email_events:all: from"] = function() client.email_events:all { from = NOW } end,
    ["email_events:all: to"] = function() client.email_events:all { to = NOW } end,
    ["email_events:get: created"] = function() client.email_events:get(NOW, "id") end,
    ["subscriptions:changes: from"] = function() client.subscriptions:changes { from = NOW } end,
    ["subscriptions:changes: to"] = function() client.subscriptions:changes { to = NOW } end,
    ["timeline:upsert_event: event.timestamp"] = function()
      client.timeline:upsert_event(nil, { id = "1", eventTypeName = "x", email = "a@b.c", timestamp = NOW })
    end,
  }

  for place, call in pairs(CALLS) do
    it(
      "is refused with its cure: " .. place,
      function()
        misuse.throws(
          place
            .. " must be in milliseconds since 1970, got 1764000000, which are seconds: pass hubspot.time(1764000000)",
          call
        )
      end
    )
  end
end)
