local core = require "hubspot.core"
local portal = require "spec.support.portal"

local NOW, DAY = portal.NOW, portal.DAY
local PATH = "/contacts/search/v1/external/lifecyclestages"

describe("lifecycle stages", function()
  local wire

  before_each(function() wire = portal.new() end)

  local function window(from, to, more)
    return string.format("%s?fromTimestamp=%.0f&toTimestamp=%.0f%s", PATH, from, to, more or "")
  end

  local function counts(rows)
    local map = {}
    for _, row in ipairs(rows) do
      map[row.lifecycleStage] = row.count
    end
    return map
  end

  it("count who entered each stage, as contacts change", function()
    local id = wire.create { email = "a@example.org", lifecyclestage = "lead" }
    wire.create { email = "b@example.org", lifecyclestage = "lead" }
    wire.create { email = "c@example.org", lifecyclestage = "other" }
    wire.must("PATCH", "/crm/objects/2026-09/contacts/" .. id, { properties = { lifecyclestage = "customer" } })
    local rows = wire.must("GET", window(NOW - DAY, NOW + DAY))
    assert.same(
      { hs_lifecyclestage_lead_date = 2, hs_lifecyclestage_customer_date = 1, hs_lifecyclestage_other_date = 1 },
      counts(rows)
    )
    assert.is_nil(rows[1].aggregation)
  end)

  it("leave out who entered outside the window, or is deleted", function()
    wire.create { email = "a@example.org", lifecyclestage = "lead" }
    wire.portal:advance(86400)
    local id = wire.create { email = "b@example.org", lifecyclestage = "lead" }
    assert.same({ hs_lifecyclestage_lead_date = 2 }, counts(wire.must("GET", window(NOW, NOW + 2 * DAY))))
    assert.same({ hs_lifecyclestage_lead_date = 1 }, counts(wire.must("GET", window(NOW, NOW + DAY / 2))))
    assert.same({ hs_lifecyclestage_lead_date = 1 }, counts(wire.must("GET", window(NOW + DAY / 2, NOW + 2 * DAY))))
    wire.must("DELETE", "/contacts/v1/contact/vid/" .. id)
    assert.same({}, wire.must("GET", window(NOW + DAY / 2, NOW + 2 * DAY)))
  end)

  it("aggregate by an enumerated property", function()
    for number, tier in ipairs { "b", "a", "b" } do
      wire.create { email = number .. "@example.org", lifecyclestage = "lead", lead_tier = tier }
    end
    wire.create { email = "none@example.org", lifecyclestage = "lead" }
    local rows = wire.must("GET", window(NOW - DAY, NOW + DAY, "&aggregationProperty=lead_tier"))
    assert.equal(4, rows[1].count)
    assert.same(
      { count = 4, aggregations = { lead_tier = { { key = "b", count = 2 }, { key = "a", count = 1 } } } },
      rows[1].aggregation
    )
  end)

  it("are known of made-up contacts, whose stages follow each other", function()
    wire = portal.new { contacts = 300 }
    local year = counts(wire.must("GET", window(NOW - 365 * DAY, NOW)))
    local two = counts(wire.must("GET", window(NOW - 730 * DAY, NOW)))
    assert.is_true(two.hs_lifecyclestage_lead_date > year.hs_lifecyclestage_lead_date)
    for _, stage in ipairs { "subscriber", "lead", "marketingqualifiedlead", "opportunity", "customer", "other" } do
      assert.is_true(two["hs_lifecyclestage_" .. stage .. "_date"] > 0)
    end
    local page = wire.must(
      "GET",
      "/crm/objects/2026-09/contacts?limit=100&properties=lifecyclestage"
        .. "&properties=hs_lifecyclestage_lead_date&properties=hs_lifecyclestage_customer_date"
    )
    local journeys = 0
    for _, contact in ipairs(page.results) do
      local values = contact.properties
      local lead, customer = values.hs_lifecyclestage_lead_date, values.hs_lifecyclestage_customer_date
      assert.equal(values.lifecyclestage == "customer", customer ~= core.null)
      if lead ~= core.null and customer ~= core.null then
        assert.is_true(lead <= customer and customer <= contact.updatedAt)
        journeys = journeys + 1
      end
    end
    assert.is_true(journeys > 0)
  end)

  it("need a window of at most two years", function()
    for path, message in pairs {
      [PATH .. "?toTimestamp=1"] = "fromTimestamp is missing",
      [PATH .. "?fromTimestamp=1"] = "toTimestamp is missing",
      [PATH .. "?fromTimestamp=x&toTimestamp=1"] = "Unable to parse value for query parameter: fromTimestamp",
      [window(NOW - 732 * DAY, NOW)] = "2 years",
      [window(NOW, NOW - 1)] = "must not be after",
    } do
      local status, body = wire.call("GET", path)
      assert.equal(400, status)
      assert.matches(message, body.message, 1, true)
    end
    assert.equal(200, (wire.call("GET", window(NOW - 731 * DAY, NOW))))
  end)

  it("refuse to aggregate by what is not enumerated, or has too many options", function()
    local function define(name, count)
      local options = core.array {}
      for number = 1, count do
        options[number] = { label = "Option " .. number, value = "o" .. number }
      end
      wire.must("POST", "/crm/properties/2026-09/contacts", {
        name = name,
        label = name,
        type = "enumeration",
        fieldType = "select",
        groupName = "contactinformation",
        options = options,
      })
    end
    define("twenty", 20)
    define("more", 21)
    for name, expected in pairs { firstname = 400, nope = 400, more = 400, twenty = 200 } do
      assert.equal(expected, (wire.call("GET", window(NOW - DAY, NOW, "&aggregationProperty=" .. name))))
    end
  end)

  it("want the scope that reads contacts", function()
    wire = portal.new { scopes = { "content" } }
    local status, body = wire.call("GET", window(NOW - DAY, NOW))
    assert.equal(403, status)
    assert.same({ "crm.objects.contacts.read" }, body.errors[1].context.requiredGranularScopes)
  end)
end)
