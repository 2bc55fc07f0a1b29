-- client.deal_splits, over a socket.

local hubspot = require "hubspot"
local misuse = require "spec.support.misuse"
local sandbox = require "spec.support.sandbox"
local wire = require "spec.support.wire"

local ANN, BEN, GONE = "41629779", "41629780", "41629782"

local server, client, deals

setup(function()
  server = sandbox.start { contacts = 0 }
  client = wire.client(server)
end)

teardown(function() server:stop() end)

before_each(function()
  server:reset { contacts = 0 }
  deals = {}
  for index = 1, 3 do
    local properties =
      { dealname = "D" .. index, dealstage = "closedwon", hubspot_owner_id = index == 1 and ANN or nil }
    deals[index] = assert(client.deals:create(properties)).id
  end
  wire.take(server)
end)

local function shares_of(deal)
  local shares = {}
  for _, split in ipairs(deal.splits) do
    shares[split.properties.hubspot_owner_id] = split.properties.hs_deal_split_percentage
  end
  return shares
end

local function halves(first, second)
  return { { ownerId = first, percentage = 0.5 }, { ownerId = second, percentage = 0.5 } }
end

describe("deal_splits:upsert_many", function()
  it("splits deals among owners, and replaces what they had", function()
    local outcome = assert(client.deal_splits:upsert_many {
      {
        id = deals[1],
        splits = { { ownerId = ANN, percentage = 0.12345678 }, { ownerId = BEN, percentage = 0.87654322 } },
      },
      { id = tonumber(deals[2]), splits = { { ownerId = tonumber(BEN), percentage = 1 } } },
    })
    assert.same({ 2, 0 }, { #outcome.results, #outcome.errors })
    assert.same({ 1, 2 }, { outcome.results[1].index, outcome.results[2].index })
    assert.equal(deals[1], outcome.results[1].id)
    assert.same({ [ANN] = "0.12345678", [BEN] = "0.87654322" }, shares_of(outcome.results[1]))
    assert.same({
      ('POST /deal-splits/2026-09/batch/upsert {"inputs":[{"id":%s,"splits":[{"ownerId":%s,"percentage":0.12345678},'):format(
        deals[1],
        ANN
      )
        .. ('{"ownerId":%s,"percentage":0.87654322}]},{"id":%s,"splits":[{"ownerId":%s,"percentage":1}]}]}'):format(
          BEN,
          deals[2],
          BEN
        ),
    }, wire.take(server))

    assert(client.deal_splits:upsert_many { { id = deals[1], splits = halves(ANN, BEN) } })
    assert.same({ [ANN] = "0.5", [BEN] = "0.5" }, shares_of(client.deal_splits:get_many({ deals[1] })[1]))
  end)

  it("fails alone for each deal that HubSpot refuses", function()
    local ben = { { ownerId = BEN, percentage = 1 } }
    local refused = {
      { id = deals[2], splits = { { ownerId = BEN, percentage = 0.9 } } },
      { id = deals[2], splits = halves(BEN, GONE) },
      {
        id = deals[2],
        splits = { { ownerId = BEN, percentage = 0.123456789 }, { ownerId = ANN, percentage = 0.876543211 } },
      },
      { id = deals[1], splits = ben },
      { id = "999999999", splits = ben },
    }
    for _, record in ipairs(refused) do
      local outcome = assert(client.deal_splits:upsert_many { record, { id = deals[3], splits = ben } })
      assert.same({ 1, 1 }, { #outcome.results, #outcome.errors })
      assert.same({ 2, 1 }, { outcome.results[1].index, outcome.errors[1].index })
    end
    for _, deal in ipairs(client.deal_splits:get_many { deals[1], deals[2] }) do
      assert.same({}, deal.splits)
    end
  end)

  it("sends 100 deals a request, and a deal that comes twice in its order", function()
    local records = {}
    for index = 1, 101 do
      records[index] = { id = deals[1], splits = halves(ANN, BEN) }
      if index < 101 then
        records[index].id = assert(client.deals:create { dealname = "D", dealstage = "closedwon" }).id
      end
    end
    records[102] = { id = records[1].id, splits = { { ownerId = ANN, percentage = 1 } } }
    wire.take(server)
    local outcome = assert(client.deal_splits:upsert_many(records))
    assert.same({ 102, 0 }, { #outcome.results, #outcome.errors })
    local sizes = {}
    for index, line in ipairs(wire.take(server)) do
      sizes[index] = select(2, line:gsub('"splits"', ""))
    end
    table.sort(sizes)
    assert.same({ 1, 1, 100 }, sizes)
    assert.same({ [ANN] = "1" }, shares_of(client.deal_splits:get_many({ records[1].id })[1]))
  end)

  it("is sent again where its answer got lost", function()
    server:fault { kind = "reset_after", path = "/deal-splits/" }
    local outcome = assert(client.deal_splits:upsert_many { { id = deals[1], splits = halves(ANN, BEN) } })
    assert.same({ 1, 0 }, { #outcome.results, #outcome.errors })
    assert.equal(2, #wire.take(server))
  end)

  it("refuses what is no split before anything is sent", function()
    local function refuses(message, records)
      misuse.throws("deal_splits:upsert_many: " .. message, function() client.deal_splits:upsert_many(records) end)
    end
    refuses("records[1].splits[1].percentage must be a number from 0 to 1, got 50", {
      { id = 1, splits = { { ownerId = 1, percentage = 50 } } },
    })
    refuses("records[1].splits[1].ownerId is missing", { { id = 1, splits = { { percentage = 1 } } } })
    refuses("records[1].splits is missing", { { id = 1 } })
    refuses("records[1] has an unknown field split; did you mean splits?", { { id = 1, split = {} } })
    assert.same({}, wire.take(server))
  end)
end)

describe("deal_splits:get_many", function()
  it("reads the splits of deals in the order of the ids, without those of unknown deals", function()
    assert(client.deal_splits:upsert_many { { id = deals[1], splits = halves(ANN, BEN) } })
    wire.take(server)
    local found = assert(client.deal_splits:get_many { deals[2], 999999999, deals[1], deals[2] })
    assert.same({ deals[2], deals[1] }, wire.ids(found))
    assert.same({}, found[1].splits)
    assert.same({ [ANN] = "0.5", [BEN] = "0.5" }, shares_of(found[2]))
    assert.equal("string", type(found[2].splits[1].id))
    assert.same({
      ('POST /deal-splits/2026-09/batch/read {"inputs":[{"id":"%s"},{"id":"999999999"},{"id":"%s"}]}'):format(
        deals[2],
        deals[1]
      ),
    }, wire.take(server))
  end)

  it("gives any other failure of a batch as an error", function()
    local one = hubspot.new {
      token = "any-token",
      limiter = false,
      transport = function()
        local body = '{"results":[],"errors":[{"category":"VALIDATION_ERROR","message":"no deal splits here"}]}'
        return { status = 207, headers = {}, body = body }
      end,
    }
    local found, err = one.deal_splits:get_many { 1 }
    assert.is_nil(found)
    assert.truthy(tostring(err):find("no deal splits here", 1, true))
  end)
end)
