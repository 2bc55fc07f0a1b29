-- Values that HubSpot reads as texts, as they are on the wire: digits and a point, never an exponent.

local hubspot = require "hubspot"
local sandbox = require "spec.support.sandbox"
local wire = require "spec.support.wire"

local server
local clients = {}

setup(function()
  server = sandbox.start { v1_lists = true }
  for _, version in ipairs { "2026-09", "v1" } do
    clients[version] = wire.client(server, { api_version = version, application_id = 6543, developer_key = "a-key" })
  end
end)

teardown(function()
  for _, client in pairs(clients) do
    client:close()
  end
  server:stop()
end)

local TINY, HUGE = 5.55e-17, 1.5e16
local TINY_TEXT, HUGE_TEXT = "0.0000000000000000555", "15000000000000000"
local values = { tiny = TINY, huge = HUGE }

local WRITES = {
  ["contacts:create"] = function(client) return client.contacts:create(values) end,
  ["contacts:update"] = function(client) return client.contacts:update(1, values) end,
  ["contacts:update_by_email"] = function(client) return client.contacts:update_by_email("a@example.org", values) end,
  ["contacts:upsert"] = function(client) return client.contacts:upsert("a@example.org", values) end,
  ["contacts:upsert_many by email"] = function(client)
    return client.contacts:upsert_many { { email = "a@example.org", properties = values } }
  end,
  ["contacts:upsert_many by id"] = function(client)
    return client.contacts:upsert_many { { id = 1, properties = values } }
  end,
  ["timeline:upsert_event"] = function(client)
    return client.timeline:upsert_event(
      nil,
      { id = "1", eventTypeId = 1, email = "a@example.org", properties = values }
    )
  end,
  ["timeline:upsert_events"] = function(client)
    return client.timeline:upsert_events(
      nil,
      { { id = "1", eventTypeId = 1, email = "a@example.org", properties = values } }
    )
  end,
  ["transactional:send"] = function(client)
    return client.transactional:send { emailId = 1, message = { to = "a@example.org" }, contactProperties = values }
  end,
  ["transactional:send, for the template"] = function(client)
    return client.transactional:send { emailId = 1, message = { to = "a@example.org" }, customProperties = values }
  end,
  ["client:request's query"] = function(client)
    return client:request { method = "GET", path = "/crm/objects/2026-09/contacts", query = values }
  end,
}

local CURRENT_WRITES = {
  ["timeline:upsert_event by a type's name"] = function(client)
    return client.timeline:upsert_event(
      nil,
      { id = "1", eventTypeName = "x", email = "a@example.org", properties = values }
    )
  end,
  ["timeline:upsert_events by a type's name"] = function(client)
    return client.timeline:upsert_events(
      nil,
      { { id = "1", eventTypeName = "x", email = "a@example.org", properties = values } }
    )
  end,
  ["lists:create"] = function(client) return client.lists:create { name = "L", customProperties = values } end,
  ["contacts:search"] = function(client)
    return client.contacts
      :search("", {
        filter_groups = {
          {
            filters = {
              { propertyName = "annualrevenue", operator = "BETWEEN", value = TINY, highValue = HUGE },
            },
          },
        },
      })
      :next()
  end,
  ["contacts:search for several values"] = function(client)
    return client.contacts
      :search("", {
        filter_groups = {
          {
            filters = {
              { propertyName = "annualrevenue", operator = "IN", values = { TINY, HUGE } },
            },
          },
        },
      })
      :next()
  end,
}

local V1_WRITES = {
  ["lists:create"] = function(client)
    return client.lists:create {
      name = "L",
      dynamic = true,
      filters = {
        {
          { property = "annualrevenue", operator = "GT", type = "number", value = TINY },
          { property = "annualrevenue", operator = "LT", type = "number", value = HUGE },
        },
      },
    }
  end,
}

-- The outcome of the call is HubSpot's; the request is what counts.
local function sends_digits(client, call)
  server:clear_requests()
  call(client)
  local lines = wire.take(server)
  assert.truthy(#lines > 0)
  local line = lines[1]
  local function find(text) return line:find('"' .. text .. '"', 1, true) or line:find("=" .. text, 1, true) end
  assert.truthy(find(TINY_TEXT), line)
  assert.truthy(find(HUGE_TEXT), line)
end

for version, own in pairs { ["2026-09"] = CURRENT_WRITES, v1 = V1_WRITES } do
  describe("numbers in digits, with " .. version .. ":", function()
    for _, calls in ipairs { WRITES, own } do
      for name, call in pairs(calls) do
        it(name, function() sends_digits(clients[version], call) end)
      end
    end
  end)
end

describe("a number without digits", function()
  local NAN = 0 / 0
  local CALLS = {
    ["properties.n must be a finite number"] = function(client) client.contacts:create { n = NAN } end,
    ["event.properties.n must be a finite number"] = function(client)
      client.timeline:upsert_event(nil, { id = "1", eventTypeId = 1, email = "a@b.c", properties = { n = NAN } })
    end,
    ["definition.customProperties.n must be a finite number"] = function(client)
      client.lists:create { name = "L", customProperties = { n = NAN } }
    end,
    ["filter_groups[1].filters[1].value: NaN"] = function(client)
      client.contacts:search("", {
        filter_groups = {
          { filters = {
            { propertyName = "n", operator = "EQ", value = NAN },
          } },
        },
      })
    end,
    ["query.n must be a string, a finite number"] = function(client)
      client:request { method = "GET", path = "/x", query = { n = NAN } }
    end,
    ["customProperties.n: NaN"] = function(client)
      client.transactional:send { emailId = 1, message = { to = "a@b.c" }, customProperties = { n = NAN } }
    end,
  }

  for expected, call in pairs(CALLS) do
    it("is refused by its name: " .. expected, function()
      server:clear_requests()
      local succeeded, message = pcall(call, clients["2026-09"])
      assert.is_false(succeeded)
      assert.truthy(message:find(expected, 1, true), message)
      assert.same({}, wire.take(server))
    end)
  end
end)

describe("values of a template", function()
  it("stay what they are where JSON needs no exponent", function()
    server:clear_requests()
    clients["2026-09"].transactional:send {
      emailId = 1,
      message = { to = "a@example.org" },
      customProperties = { count = 3, total = 7.5, gift = true, note = hubspot.null, lines = { 1 } },
    }
    assert.truthy(
      wire
        .take(server)[1]
        :find('"customProperties":{"count":3,"gift":true,"lines":[1],"note":null,"total":7.5}', 1, true)
    )
  end)
end)

describe("a list of values", function()
  it("is the value of a multi-select", function()
    server:clear_requests()
    clients["2026-09"].contacts:update(1, { hobbies = { "chess", "tea" } })
    assert.truthy(wire.take(server)[1]:find('{"hobbies":"chess;tea"}', 1, true))
  end)
end)
