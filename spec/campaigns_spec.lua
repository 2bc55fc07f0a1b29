-- client.campaigns over real sockets: what goes over the wire is compared with HubSpot's documentation of it, not with
-- the client's own tables.

local fixture = require "spec.support.fixture"
local paging_examples = require "spec.support.paging_examples"
local wire = require "spec.support.wire"

local take, ids_of, collect = wire.take, wire.ids, wire.collect

local BASE = "/email/public/v1/campaigns"
local PATHS = { recent = BASE, all = BASE .. "/by-id" }
local UNKNOWN_ID = "999999"

local here = fixture.new { reset = { campaigns = 7 } }
local server, clients = here.server, here.clients

local function refuses(...) return here:refuses(...) end

-- All rows of a listing, as HubSpot writes them.
local function rows_of(path)
  local answer = assert(clients.current:request { method = "GET", path = path, query = { limit = 1000 } })
  server:clear_requests()
  return answer.campaigns
end

local function known_ids(path)
  local ids = {}
  for index, row in ipairs(rows_of(path)) do
    ids[index] = ("%d"):format(row.id)
  end
  return ids
end

for method, path in pairs(PATHS) do
  describe("campaigns:" .. method, function()
    paging_examples(it, function()
      return {
        server = server,
        expected = known_ids(path),
        open = function(options)
          local campaigns = wire.client(server).campaigns
          return campaigns[method](campaigns, options)
        end,
      }
    end)

    it("takes v1 whatever the API version, since HubSpot has no newer form", function()
      for _, client in pairs(clients) do
        assert.same(known_ids(path), ids_of(collect(client.campaigns[method](client.campaigns))))
        assert.same({ "GET " .. path .. "?limit=500" }, take(server))
      end
    end)

    it("hands the offset back as it came, to the end and not further", function()
      local offsets = {}
      local answer
      repeat
        answer = assert(clients.current:request {
          method = "GET",
          path = path,
          query = { limit = 3, offset = answer and answer.offset },
        })
        offsets[#offsets + 1] = answer.offset
      until not answer.hasMore
      server:clear_requests()
      assert.same(
        known_ids(path),
        ids_of(collect(clients.v1.campaigns[method](clients.v1.campaigns, { page_size = 3 })))
      )
      assert.same({
        "GET " .. path .. "?limit=3",
        "GET " .. path .. "?limit=3&offset=" .. offsets[1],
        "GET " .. path .. "?limit=3&offset=" .. offsets[2],
      }, take(server))
    end)

    it("escapes an offset, and ends where there is no more, whatever else the page has", function()
      for _, body in ipairs {
        '{"hasMore":true,"offset":"Ci+/=&?","campaigns":[{"id":1}]}',
        '{"hasMore":false,"offset":"Cx","campaigns":[{"id":2}]}',
      } do
        server:fault { kind = "status", status = 200, body = body }
      end
      assert.same({ "1", "2" }, ids_of(collect(clients.current.campaigns[method](clients.current.campaigns))))
      assert.same(
        { "GET " .. path .. "?limit=500", "GET " .. path .. "?limit=500&offset=Ci%2B%2F%3D%26%3F" },
        take(server)
      )
    end)

    it("reports more without an offset, which would be the first page again", function()
      server:fault { kind = "status", status = 200, body = '{"hasMore":true,"campaigns":[{"id":1}]}', times = 10 }
      local fine, err = pcall(collect, clients.current.campaigns[method](clients.current.campaigns))
      assert.is_false(fine)
      assert.equal("decode", err.kind)
      assert.equal(1, #take(server))
    end)

    it("is repeated", function()
      server:fault { kind = "status", status = 503 }
      assert.equal(7, #collect(clients.current.campaigns[method](clients.current.campaigns)))
      assert.equal(2, #take(server))
    end)

    it("gives the records untouched with raw", function()
      local rows = collect(clients.current.campaigns[method](clients.current.campaigns, { raw = true, page_size = 3 }))
      assert.same(rows_of(path), rows)
      assert.equal("number", type(rows[1].id))
    end)

    it("refuses a page that is larger than those which HubSpot is known to give, and unknown options", function()
      local campaigns = clients.current.campaigns
      refuses(
        ("campaigns:%s: page_size must be at most 500"):format(method),
        function() campaigns[method](campaigns, { page_size = 501 }) end
      )
      refuses(
        ("campaigns:%s: page_size must be an integer"):format(method),
        function() campaigns[method](campaigns, { page_size = 0 }) end
      )
      refuses(
        ("campaigns:%s: unknown option limit"):format(method),
        function() campaigns[method](campaigns, { limit = 5 }) end
      )
      refuses("did you mean max?", function() campaigns[method](campaigns, { maxx = 5 }) end)
      refuses(("campaigns:%s: options must be a table"):format(method), function() campaigns[method](campaigns, 5) end)
    end)
  end)
end

describe("campaigns:recent", function()
  it("gives records with ids as texts and the time of the last activity, the latest first", function()
    local campaigns, rows = collect(clients.current.campaigns:recent()), rows_of(BASE)
    assert.equal(7, #campaigns)
    for index, campaign in ipairs(campaigns) do
      local row = rows[index]
      assert.same({
        id = ("%d"):format(row.id),
        appId = ("%d"):format(row.appId),
        appName = row.appName,
        lastUpdatedTime = row.lastUpdatedTime,
      }, campaign)
      assert.is_true(index == 1 or campaign.lastUpdatedTime <= campaigns[index - 1].lastUpdatedTime)
    end
  end)
end)

describe("campaigns:all", function()
  it("gives records without that time, which HubSpot does not tell there", function()
    local campaigns, rows = collect(clients.current.campaigns:all()), rows_of(BASE .. "/by-id")
    assert.equal(7, #campaigns)
    for index, campaign in ipairs(campaigns) do
      assert.same(
        { id = ("%d"):format(rows[index].id), appId = ("%d"):format(rows[index].appId), appName = rows[index].appName },
        campaign
      )
    end
  end)
end)

describe("campaigns:get", function()
  it("reads a campaign with its counters, on v1 whatever the API version", function()
    server:reset { campaigns = 2, email_events = 60 }
    local listed = collect(clients.current.campaigns:all())[1]
    server:clear_requests()
    for _, client in pairs(clients) do
      local campaign = assert(client.campaigns:get(listed.id, { app_id = listed.appId }))
      assert.same({ "GET " .. BASE .. "/" .. listed.id .. "?appId=" .. listed.appId }, take(server))
      assert.same(
        { listed.id, listed.appId, listed.appName, "Newsletter 1", "News no. 1", 0 },
        { campaign.id, campaign.appId, campaign.appName, campaign.name, campaign.subject, campaign.numQueued }
      )
      assert.equal("string", type(campaign.contentId))
      assert.is_true(campaign.counters.sent > 0)
      assert.is_true(campaign.counters.delivered > 0)
      assert.is_true(campaign.numIncluded >= campaign.counters.sent)
    end
  end)

  it("does not need the application's id", function()
    local id = known_ids(BASE)[1]
    assert.equal(id, assert(clients.v1.campaigns:get(tonumber(id))).id)
    assert.same({ "GET " .. BASE .. "/" .. id }, take(server))
    assert.equal(id, assert(clients.current.campaigns:get(id, { app_id = tonumber(rows_of(BASE)[1].appId) })).id)
  end)

  it("keeps counters that HubSpot may add, and what it leaves out", function()
    server:fault {
      kind = "status",
      status = 200,
      body = '{"id":34567,"appId":2286,"type":"BATCH_EMAIL",'
        .. '"scheduledAt":1764000000000,"counters":{"sent":120,"mta_dropped":2}}',
    }
    assert.same({
      id = "34567",
      appId = "2286",
      type = "BATCH_EMAIL",
      scheduledAt = 1764000000000,
      counters = { sent = 120, mta_dropped = 2 },
    }, assert(clients.current.campaigns:get "34567"))
  end)

  it("fails for an unknown campaign", function()
    for _, client in pairs(clients) do
      local campaign, err = client.campaigns:get(UNKNOWN_ID)
      assert.same({ nil, 404 }, { campaign, err.status })
    end
  end)

  it("is repeated", function()
    local id = known_ids(BASE)[1]
    server:fault { kind = "status", status = 503 }
    assert(clients.current.campaigns:get(id))
    assert.equal(2, #take(server))
  end)

  it("gives the decoded answer untouched with raw", function()
    local id = known_ids(BASE)[1]
    local answer = assert(clients.current.campaigns:get(id, { raw = true }))
    assert.equal(tonumber(id), answer.id)
    assert.equal("number", type(answer.appId))
  end)

  it("refuses what are no ids", function()
    local campaigns = clients.current.campaigns
    refuses("campaigns:get: id must be an id", function() campaigns:get "by-id" end)
    refuses("campaigns:get: id must be an id", function() campaigns:get() end)
    refuses("campaigns:get: app_id must be an id", function() campaigns:get("1", { app_id = "Batch" }) end)
    refuses(
      "campaigns:get: unknown option appId; did you mean app_id?",
      function() campaigns:get("1", { appId = 2286 }) end
    )
    refuses("campaigns:get: takes 1 argument and a table of options", function() campaigns:get("1", {}, "2") end)
  end)
end)
