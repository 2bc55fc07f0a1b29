-- client.email_events over real sockets: what goes over the wire is compared with HubSpot's documentation of it, not
-- with the client's own tables.

local fixture = require "spec.support.fixture"
local paging_examples = require "spec.support.paging_examples"
local wire = require "spec.support.wire"

local take, ids_of, collect = wire.take, wire.ids, wire.collect

local PATH = "/email/public/v1/events"
local NOW = 1764000000000
local TYPES = {
  "SENT",
  "DROPPED",
  "PROCESSED",
  "DELIVERED",
  "DEFERRED",
  "BOUNCE",
  "OPEN",
  "CLICK",
  "PRINT",
  "FORWARD",
  "STATUSCHANGE",
  "SPAMREPORT",
  "UNBOUNCE",
  "SUPPRESSED",
}

local function portal_of(count) return { clock = NOW, campaigns = 2, email_events = count } end

local here = fixture.new { reset = portal_of(80) }
local server, clients = here.server, here.clients

local function refuses(...) return here:refuses(...) end

-- All events, as HubSpot writes them, the latest first.
local function logged_events()
  local answer = assert(clients.current:request { method = "GET", path = PATH, query = { limit = 1000 } })
  server:clear_requests()
  return answer.events
end

-- The ids of those events for which `accepts` says yes.
local function ids_where(accepts)
  local ids = {}
  for _, event in ipairs(logged_events()) do
    if accepts(event) then ids[#ids + 1] = event.id end
  end
  return ids
end

local function always() return true end

-- Checks the events of a filter, and the query that goes over the wire.
local function gives(expected, query, filter)
  assert.same(expected, ids_of(collect(clients.current.email_events:all(filter))))
  assert.same({ "GET " .. PATH .. "?" .. query }, take(server))
end

describe("email_events:all", function()
  describe("as an iterator", function()
    paging_examples(it, function()
      server:reset(portal_of(9))
      return {
        server = server,
        expected = ids_where(always),
        open = function(options) return wire.client(server).email_events:all(options) end,
      }
    end)
  end)

  it("takes v1 whatever the API version, since HubSpot has no newer form", function()
    local ids = ids_where(always)
    assert.equal(80, #ids)
    for _, client in pairs(clients) do
      assert.same(ids, ids_of(collect(client.email_events:all())))
      assert.same({ "GET " .. PATH .. "?limit=1000" }, take(server))
    end
  end)

  it("gives ids as texts, and all else as it came", function()
    local events, logged = collect(clients.current.email_events:all()), logged_events()
    for index, event in ipairs(events) do
      local row = logged[index]
      assert.same(
        { row.id, row.created, row.type, row.recipient, row.filteredEvent },
        { event.id, event.created, event.type, event.recipient, event.filteredEvent }
      )
      assert.equal(row.appId and ("%d"):format(row.appId), event.appId)
      assert.equal(row.emailCampaignId and ("%d"):format(row.emailCampaignId), event.emailCampaignId)
      assert.same(
        { row.sentBy, row.causedBy, row.obsoletedBy, row.browser, row.location, row.replyTo },
        { event.sentBy, event.causedBy, event.obsoletedBy, event.browser, event.location, event.replyTo }
      )
    end
  end)

  it("filters by recipient", function()
    local recipient = logged_events()[3].recipient
    local ids = ids_where(function(event) return event.recipient == recipient end)
    assert.is_true(#ids > 0 and #ids < 80)
    gives(ids, "limit=1000&recipient=" .. recipient:gsub("@", "%%40"):gsub("%+", "%%2B"), { recipient = recipient })
  end)

  it("filters by application and campaign together", function()
    local sent = logged_events()[1]
    local ids = ids_where(function(event) return event.emailCampaignId == sent.emailCampaignId end)
    assert.is_true(#ids > 0 and #ids < 80)
    local query = ("appId=%d&campaignId=%d&limit=1000"):format(sent.appId, sent.emailCampaignId)
    gives(ids, query, { app_id = sent.appId, campaign_id = sent.emailCampaignId })
    gives(ids, query, { app_id = ("%d"):format(sent.appId), campaign_id = ("%d"):format(sent.emailCampaignId) })
  end)

  it("filters by time, in milliseconds or ISO 8601, both ends included", function()
    local logged = logged_events()
    local from, to = logged[60].created, logged[20].created
    local ids = ids_where(function(event) return event.created >= from and event.created <= to end)
    assert.is_true(#ids >= 41 and #ids < 80)
    gives(ids, ("endTimestamp=%d&limit=1000&startTimestamp=%d"):format(to, from), { from = from, to = to })
    gives(
      ids_where(function(event) return event.created >= from end),
      ("limit=1000&startTimestamp=%d"):format(from),
      { from = from + 0.0 }
    )
    gives(
      ids_where(function(event) return event.created <= to end),
      ("endTimestamp=%d&limit=1000"):format(to),
      { to = to }
    )
    gives(ids_where(always), "endTimestamp=1764000000000&limit=1000", { to = "2025-11-24T18:00:00+02:00" })
    gives({}, "limit=1000&startTimestamp=1764000000001", { from = "2025-11-24T16:00:00.001Z" })
    gives({}, "endTimestamp=100000000000&limit=1000&startTimestamp=100000000000", { from = 1e11, to = 1e11 })
  end)

  for _, event_type in ipairs(TYPES) do
    it("filters by the type " .. event_type, function()
      local ids = ids_where(function(event) return event.type == event_type end)
      assert.is_true(#ids > 0)
      gives(ids, "eventType=" .. event_type .. "&limit=1000", { event_type = event_type })
    end)
  end

  it("filters by the types that HubSpot has besides, and may add", function()
    for name in
      ("REPLY UNSUBSCRIBED CLICK_ON_IDENTIFIED_LINK SELECTED OPT_IN_CHANGE ERROR MTA_DROPPED READ_ALOUD"):gmatch "%S+"
    do
      server:fault { kind = "status", status = 200, body = '{"hasMore":false,"events":[]}' }
      clients.current.email_events:all({ event_type = name }):next()
      assert.same({ "GET " .. PATH .. "?eventType=" .. name .. "&limit=1000" }, take(server))
    end
  end)

  it("leaves out what the account's settings filter", function()
    local ids = ids_where(function(event) return not event.filteredEvent end)
    assert.is_true(#ids > 0 and #ids < 80)
    gives(ids, "excludeFilteredEvents=true&limit=1000", { exclude_filtered = true })
    gives(ids_where(always), "excludeFilteredEvents=false&limit=1000", { exclude_filtered = false })
  end)

  it("repeats the whole filter with every page", function()
    local sent = logged_events()[1]
    local answer = assert(clients.current:request {
      method = "GET",
      path = PATH,
      query = {
        limit = 1,
        appId = sent.appId,
        campaignId = sent.emailCampaignId,
        eventType = "SENT",
        startTimestamp = 0,
        endTimestamp = NOW,
        excludeFilteredEvents = true,
      },
    })
    server:clear_requests()
    local iterator = clients.v1.email_events:all {
      app_id = sent.appId,
      campaign_id = sent.emailCampaignId,
      event_type = "SENT",
      from = 0,
      to = NOW,
      exclude_filtered = true,
      page_size = 1,
      max = 2,
    }
    assert(iterator:next())
    assert(iterator:next())
    local query = (
      "appId=%d&campaignId=%d&endTimestamp=1764000000000&eventType=SENT&excludeFilteredEvents=true" .. "&limit=1"
    ):format(sent.appId, sent.emailCampaignId)
    assert.same({
      "GET " .. PATH .. "?" .. query .. "&startTimestamp=0",
      "GET " .. PATH .. "?" .. query .. "&offset=" .. answer.offset .. "&startTimestamp=0",
    }, take(server))
  end)

  it("reads more than a page of a thousand", function()
    server:reset(portal_of(1500))
    assert.equal(1500, #collect(clients.current.email_events:all()))
    assert.equal(2, #take(server))
  end)

  it("is repeated", function()
    server:fault { kind = "status", status = 503 }
    assert.equal(80, #collect(clients.current.email_events:all()))
    assert.equal(2, #take(server))
  end)

  it(
    "gives the records untouched with raw",
    function() assert.same(logged_events(), collect(clients.current.email_events:all { raw = true, page_size = 30 })) end
  )

  it("refuses a filter that HubSpot has none of", function()
    local events = clients.current.email_events
    local label = "email_events:all: "
    refuses(label .. "option campaign_id needs the option app_id", function() events:all { campaign_id = 1 } end)
    refuses(label .. "option app_id needs the option campaign_id", function() events:all { app_id = 1 } end)
    refuses(label .. "app_id must be an id", function() events:all { app_id = "Batch", campaign_id = 1 } end)
    refuses(label .. "campaign_id must be an id", function() events:all { app_id = 1, campaign_id = -1 } end)
    refuses(label .. "recipient must be a string that is not empty", function() events:all { recipient = "" } end)
    refuses(label .. "event_type must be one of", function() events:all { event_type = "deleted" } end)
    refuses("did you mean DELIVERED?", function() events:all { event_type = "DELIVRED" } end)
    refuses("did you mean OPEN?", function() events:all { event_type = "open" } end)
    refuses(label .. "from must be a time", function() events:all { from = "yesterday" } end)
    refuses(label .. "to must be a time", function() events:all { to = -1 } end)
    refuses(label .. "option from must not be after option to", function() events:all { from = 2e12, to = 1e12 } end)
    refuses(label .. "exclude_filtered must be true or false", function() events:all { exclude_filtered = "true" } end)
    refuses(label .. "page_size must be at most 1000", function() events:all { page_size = 1001 } end)
    refuses(
      label .. "unknown option eventType; did you mean event_type?",
      function() events:all { eventType = "OPEN" } end
    )
    refuses(label .. "unknown option emailCampaignId", function() events:all { emailCampaignId = 1 } end)
  end)
end)

describe("email_events:get", function()
  it("reads an event by its time and id, on v1 whatever the API version", function()
    local listed = collect(clients.current.email_events:all { event_type = "CLICK" })[1]
    server:clear_requests()
    local iso = "2025-11-24T16:00:00.000Z"
    for _, client in pairs(clients) do
      local event = assert(client.email_events:get(listed.created, listed.id))
      assert.same({ ("GET %s/%d/%s"):format(PATH, listed.created, listed.id) }, take(server))
      assert.same(listed, event)
    end
    assert(clients.current.email_events:get(listed.created + 0.0, listed.id))
    assert.is_nil((clients.current.email_events:get(iso, listed.id)))
    assert.same(
      { ("GET %s/%d/%s"):format(PATH, listed.created, listed.id), ("GET %s/1764000000000/%s"):format(PATH, listed.id) },
      take(server)
    )
  end)

  it("reads the event that another one names", function()
    local listed = collect(clients.current.email_events:all { event_type = "CLICK" })[1]
    local sent = assert(clients.current.email_events:get(listed.sentBy.created, listed.sentBy.id))
    assert.same({ listed.sentBy.id, "SENT", listed.recipient }, { sent.id, sent.type, sent.recipient })
  end)

  it("fails for an unknown event", function()
    local event, err = clients.current.email_events:get(NOW, "00000000-0000-4000-8000-000000000000")
    assert.same({ nil, 404 }, { event, err.status })
  end)

  it("escapes the id", function()
    clients.current.email_events:get(NOW, "a/b?c d")
    assert.same({ "GET " .. PATH .. "/1764000000000/a%2Fb%3Fc%20d" }, take(server))
  end)

  it("is repeated", function()
    local listed = logged_events()[1]
    server:fault { kind = "status", status = 503 }
    assert(clients.current.email_events:get(listed.created, listed.id))
    assert.equal(2, #take(server))
  end)

  it("gives the decoded answer untouched with raw", function()
    local listed = logged_events()[1]
    assert.same(listed, assert(clients.current.email_events:get(listed.created, listed.id, { raw = true })))
  end)

  it("refuses what are no time and id", function()
    local events = clients.current.email_events
    refuses("email_events:get: created must be a time", function() events:get("created", "x") end)
    refuses("email_events:get: created must be a time", function() events:get(nil, "x") end)
    refuses("email_events:get: id must be a string that is not empty", function() events:get(NOW, "") end)
    refuses("email_events:get: id must be a string", function() events:get(NOW, "..") end)
    refuses(
      "email_events:get: unknown option rawe; did you mean raw?",
      function() events:get(NOW, "x", { rawe = true }) end
    )
  end)
end)
