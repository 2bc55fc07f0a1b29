-- How owners share deals, as the sandbox has it.

local core = require "hubspot.core"
local portal = require "spec.support.portal"

local array = core.array

local DEALS = "/crm/objects/2026-09/deals"
local PATHS = {
  "/deal-splits/2026-09/batch/",
  "/deal-splits/2026-03/batch/",
  "/crm/objects/v3/deals/splits/batch/",
  "/crm/v3/objects/deals/splits/batch/",
}
local ANN, BEN = 41629779, 41629780

local wire, deal

before_each(function()
  wire = portal.new()
  deal = wire.must("POST", DEALS, { properties = { dealname = "D", dealstage = "closedwon" } }).id
end)

local function ids(...)
  local inputs = {}
  for index, id in ipairs { ... } do
    inputs[index] = { id = id }
  end
  return { inputs = array(inputs) }
end

local function split(...)
  local splits = {}
  for index, pair in ipairs { ... } do
    splits[index] = { ownerId = pair[1], percentage = pair[2] }
  end
  return { inputs = array { { id = tonumber(deal), splits = array(splits) } } }
end

local function shares()
  local found = {}
  for _, one in ipairs(wire.must("POST", PATHS[1] .. "read", ids(deal)).results[1].splits) do
    found[tonumber(one.properties.hubspot_owner_id)] = one.properties.hs_deal_split_percentage
  end
  return found
end

describe("deal splits", function()
  it("are written and read by every path that HubSpot has for them", function()
    for _, path in ipairs(PATHS) do
      local written = wire.must("POST", path .. "upsert", split({ ANN, 0.6 }, { BEN, 0.4 }))
      local read = wire.must("POST", path .. "read", ids(deal))
      assert.same({ "COMPLETE", deal, 2 }, { written.status, written.results[1].id, #written.results[1].splits })
      assert.same(written.results, read.results)
      assert.same({ [ANN] = "0.6", [BEN] = "0.4" }, shares())
    end
    assert.equal(404, (wire.call("POST", "/deal-splits/v3/batch/read", ids(deal))))
  end)

  it("are replaced, by others with other ids", function()
    local first = wire.must("POST", PATHS[1] .. "upsert", split({ ANN, 0.6 }, { BEN, 0.4 })).results[1].splits
    local second = wire.must("POST", PATHS[1] .. "upsert", split { BEN, 1 }).results[1].splits
    assert.same({ [BEN] = "1" }, shares())
    assert.is_true(second[1].id ~= first[1].id and second[1].id ~= first[2].id)
  end)

  it("are none of a deal that has none, and of one that there is not an error", function()
    local read, status = wire.must("POST", PATHS[1] .. "read", ids(deal, "999999999"))
    assert.equal(207, status)
    assert.same({ { id = deal, splits = array {} } }, read.results)
    assert.same({ "OBJECT_NOT_FOUND", { "999999999" } }, { read.errors[1].category, read.errors[1].context.ids })
  end)

  it("are refused as a whole batch", function()
    wire.must("PATCH", DEALS .. "/" .. deal, { properties = { hubspot_owner_id = tostring(ANN) } })
    for message, body in pairs {
      ["must add up"] = split({ ANN, 0.5 }, { BEN, 0.4 }),
      ["above 0"] = split({ ANN, 1 }, { BEN, 0 }),
      ["at most 8 decimal places"] = split({ ANN, 0.123456789 }, { BEN, 0.876543211 }),
      ["no owner 5"] = split({ ANN, 0.5 }, { 5, 0.5 }),
      ["owner of a deal"] = split { BEN, 1 },
    } do
      local status, problem = wire.call("POST", PATHS[1] .. "upsert", body)
      assert.equal(400, status)
      assert.truthy(problem.message:find(message, 1, true), problem.message)
    end
    local two = split { ANN, 1 }
    two.inputs[2] = { id = 999999999, splits = two.inputs[1].splits }
    assert.equal(404, (wire.call("POST", PATHS[1] .. "upsert", two)))
    assert.same({}, shares())
  end)

  it("take a scope of their own", function()
    local other = portal.new { scopes = { "crm.objects.deals.read", "crm.objects.deals.write" } }
    assert.equal(403, (other.call("POST", PATHS[1] .. "read", ids(deal))))
  end)

  it("are in an export", function()
    wire.must("POST", PATHS[1] .. "upsert", split({ ANN, 0.6 }, { BEN, 0.4 }))
    local before = wire.must("POST", PATHS[1] .. "read", ids(deal)).results
    wire = portal.new { fixtures = core.decode(assert(core.encode(wire.portal:export()))) }
    assert.same(before, wire.must("POST", PATHS[1] .. "read", ids(deal)).results)
    assert.is_true(
      wire.must("POST", PATHS[1] .. "upsert", split { BEN, 1 }).results[1].splits[1].id > before[1].splits[2].id
    )
  end)
end)
