-- client.contacts:lifecycle_stages over real sockets: what goes over the wire is compared with HubSpot's documentation
-- of it, not with the client's own tables.

local fixture = require "spec.support.fixture"
local wire = require "spec.support.wire"

local take = wire.take

local NOW, DAY = 1764000000000, 86400000
local PATH = "GET /contacts/search/v1/external/lifecyclestages"

local here = fixture.new { reset = { clock = NOW } }
local server, clients = here.server, here.clients

local function refuses(...) return here:refuses(...) end

local function people(...)
  for _, properties in ipairs { ... } do
    properties.firstname = "Ada"
    assert(clients.current.contacts:create(properties))
  end
  server:clear_requests()
end

local function counts_of(rows)
  local counts = {}
  for _, row in ipairs(rows) do
    counts[row.lifecycleStage] = row.count
  end
  return counts
end

describe("contacts:lifecycle_stages", function()
  it("counts who entered each stage, on v1 whatever the API version", function()
    people({ lifecyclestage = "lead" }, { lifecyclestage = "lead" }, { lifecyclestage = "customer" })
    for _, client in pairs(clients) do
      local rows = assert(client.contacts:lifecycle_stages { from = NOW - DAY, to = NOW + DAY })
      assert.same({ PATH .. "?fromTimestamp=1763913600000&toTimestamp=1764086400000" }, take(server))
      assert.same({ hs_lifecyclestage_lead_date = 2, hs_lifecyclestage_customer_date = 1 }, counts_of(rows))
      for _, row in ipairs(rows) do
        assert.is_nil(row.aggregation)
      end
    end
  end)

  it("takes times in milliseconds or ISO 8601", function()
    people { lifecyclestage = "lead" }
    for _, window in ipairs {
      { NOW, NOW + DAY },
      { NOW + 0.0, NOW + DAY + 0.0 },
      { "2025-11-24T16:00:00.000Z", "2025-11-25T16:00:00Z" },
      { "2025-11-24T18:00:00+02:00", "2025-11-25T11:00:00-05:00" },
    } do
      local rows = assert(clients.current.contacts:lifecycle_stages { from = window[1], to = window[2] })
      assert.same({ PATH .. "?fromTimestamp=1764000000000&toTimestamp=1764086400000" }, take(server))
      assert.same({ hs_lifecyclestage_lead_date = 1 }, counts_of(rows))
    end
  end)

  it("counts by another property, too", function()
    people(
      { lifecyclestage = "lead", lead_tier = "b" },
      { lifecyclestage = "lead", lead_tier = "a" },
      { lifecyclestage = "lead", lead_tier = "b" },
      { lifecyclestage = "lead" }
    )
    local rows =
      assert(clients.v1.contacts:lifecycle_stages { from = NOW - DAY, to = NOW + DAY, aggregate_by = "lead_tier" })
    assert.same(
      { PATH .. "?aggregationProperty=lead_tier&fromTimestamp=1763913600000&toTimestamp=1764086400000" },
      take(server)
    )
    assert.same({
      {
        lifecycleStage = "hs_lifecyclestage_lead_date",
        count = 4,
        aggregation = {
          count = 4,
          aggregations = { lead_tier = { { key = "b", count = 2 }, { key = "a", count = 1 } } },
        },
      },
    }, rows)
  end)

  it("gives an empty list where nobody entered any", function()
    people { lifecyclestage = "lead" }
    assert.same({}, assert(clients.current.contacts:lifecycle_stages { from = 0, to = "1970-01-02" }))
    assert.same({ PATH .. "?fromTimestamp=0&toTimestamp=86400000" }, take(server))
    assert.same({}, assert(clients.current.contacts:lifecycle_stages { from = "1970-01-02", to = "1970-01-02" }))
  end)

  it("takes a window of two years, of which one may be a leap year, and no more", function()
    local contacts = clients.current.contacts
    assert(contacts:lifecycle_stages { from = "2023-06-01", to = "2025-06-01" })
    assert(contacts:lifecycle_stages { from = NOW, to = NOW + 731 * DAY })
    assert.equal(2, #take(server))
    refuses(
      "contacts:lifecycle_stages: options from and to must be at most two years apart",
      function() contacts:lifecycle_stages { from = NOW, to = NOW + 731 * DAY + 1 } end
    )
    refuses(
      "contacts:lifecycle_stages: options from and to must be at most two years apart",
      function() clients.v1.contacts:lifecycle_stages { from = "2023-06-01", to = "2025-06-03" } end
    )
  end)

  it("gives HubSpot's refusal of a property that it can't count by", function()
    for _, property in ipairs { "firstname", "no_such_property" } do
      local rows, err =
        clients.current.contacts:lifecycle_stages { from = NOW - DAY, to = NOW, aggregate_by = property }
      assert.same({ nil, 400 }, { rows, err.status })
      assert.truthy(tostring(err):find(property, 1, true))
    end
  end)

  it("is repeated", function()
    server:fault { kind = "status", status = 503 }
    assert.same({}, assert(clients.current.contacts:lifecycle_stages { from = NOW - DAY, to = NOW }))
    assert.equal(2, #take(server))
  end)

  it("refuses what is no window", function()
    local label = "contacts:lifecycle_stages: "
    for _, name in ipairs { "current", "v1" } do
      local contacts = clients[name].contacts
      refuses(label .. "option from is missing", function() contacts:lifecycle_stages { to = NOW } end)
      refuses(label .. "option to is missing", function() contacts:lifecycle_stages { from = NOW } end)
      refuses(label .. "option from is missing", function() contacts:lifecycle_stages() end)
      refuses(label .. "from must be a time", function() contacts:lifecycle_stages { from = "soon", to = NOW } end)
      refuses(label .. "to must be a time", function() contacts:lifecycle_stages { from = NOW, to = -1 } end)
      refuses(
        label .. "option from must not be after option to",
        function() contacts:lifecycle_stages { from = NOW + 1, to = NOW } end
      )
      refuses(
        label .. "aggregate_by must be a string that is not empty",
        function() contacts:lifecycle_stages { from = NOW, to = NOW, aggregate_by = "" } end
      )
      refuses(
        label .. "unknown option aggregation_by; did you mean aggregate_by?",
        function() contacts:lifecycle_stages { from = NOW, to = NOW, aggregation_by = "lead_tier" } end
      )
      refuses(label .. "options must be a table", function() contacts:lifecycle_stages(NOW) end)
      refuses(
        label .. "takes 0 arguments and a table of options",
        function() contacts:lifecycle_stages(NOW, NOW + DAY) end
      )
    end
  end)
end)
