-- The history of client.subscriptions over real sockets: what goes over the wire is compared with HubSpot's
-- documentation of it, not with the client's own tables.

local paging_examples = require "spec.support.paging_examples"
local subscription_fixture = require "spec.support.subscription_fixture"
local wire = require "spec.support.wire"

local take, ids_of, collect = wire.take, wire.ids, wire.collect

local NOW, ADA = subscription_fixture.NOW, subscription_fixture.ADA
local ISO = "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$"
local V1 = "/email/public/v1/subscriptions"
-- Ids of subscription types.
local WEEKLY, PRODUCT = "146", "147"

local here = subscription_fixture.new()
local server, clients = here.server, here.clients

local function refuses(...) return here:refuses(...) end

local function set(...) return subscription_fixture.set(here, ...) end

-- An iterator whose entries, which have no ids, can be told apart by their recipients.
local function identified(iterator)
  local function name(entry)
    if entry then entry.id = entry.recipient end
    return entry
  end
  local methods = {}
  function methods.next()
    local entry, err = iterator:next()
    return name(entry), err
  end
  function methods.cursor() return iterator:cursor() end
  function methods.pages()
    local pages = iterator:pages()
    return function()
      local page = pages()
      for _, entry in ipairs(page or {}) do
        name(entry)
      end
      return page
    end
  end
  return setmetatable(methods, { __call = function() return name(iterator()) end })
end

describe("subscriptions:changes", function()
  local PATH = "GET " .. V1 .. "/timeline"

  -- Changes subscriptions of addresses, one a second; returns the addresses, the latest first.
  local function changed(count)
    local emails = {}
    for number = 1, count do
      local email = ("p%d@example.org"):format(number)
      set(email, { id = WEEKLY, subscribed = true })
      table.insert(emails, 1, email)
    end
    return emails
  end

  local function recipients_of(entries)
    local emails = {}
    for index, entry in ipairs(entries) do
      emails[index] = entry.recipient
    end
    return emails
  end

  describe("as an iterator", function()
    paging_examples(it, function()
      return {
        server = server,
        expected = changed(7),
        open = function(options) return identified(wire.client(server).subscriptions:changes(options)) end,
      }
    end)
  end)

  it("takes v1 whatever the API version, since HubSpot has no newer form", function()
    local emails = changed(3)
    for _, client in pairs(clients) do
      assert.same(emails, recipients_of(collect(client.subscriptions:changes())))
      assert.same({ PATH .. "?limit=1000" }, take(server))
    end
  end)

  it("hands the offset back as it came", function()
    local emails = changed(3)
    local answer = assert(clients.current:request { method = "GET", path = V1 .. "/timeline", query = { limit = 2 } })
    server:clear_requests()
    assert.same(emails, recipients_of(collect(clients.v1.subscriptions:changes { page_size = 2 })))
    assert.same({ PATH .. "?limit=2", PATH .. "?limit=2&offset=" .. answer.offset }, take(server))
  end)

  it("gives what changed, with ids as texts", function()
    set(ADA, { id = WEEKLY, subscribed = true })
    local entry = collect(clients.current.subscriptions:changes())[1]
    assert.same({ ADA, "99001" }, { entry.recipient, entry.portalId })
    assert.is_true(entry.timestamp >= NOW)
    assert.is_nil(entry.snapshot)
    assert.same({
      {
        change = "SUBSCRIBED",
        changeType = "SUBSCRIPTION_STATUS",
        subscriptionId = WEEKLY,
        portalId = "99001",
        source = entry.changes[1].source,
        timestamp = entry.timestamp,
      },
    }, entry.changes)
  end)

  it("gives the event that caused a change, in place of its time", function()
    server:reset { clock = NOW, campaigns = 1, email_events = 60 }
    local entries = collect(clients.current.subscriptions:changes { change_type = "PORTAL_BOUNCE" })
    local change = entries[1].changes[1]
    assert.equal("PORTAL_BOUNCE", change.changeType)
    assert.is_nil(change.subscriptionId)
    assert.is_nil(change.timestamp)
    local event = assert(clients.current.email_events:get(change.causedByEvent.created, change.causedByEvent.id))
    assert.equal(entries[1].recipient, event.recipient)
  end)

  it("adds what the address had, in the shape of its status", function()
    set(ADA, { id = WEEKLY, subscribed = true, legalBasis = "NON_GDPR" }, { id = PRODUCT, subscribed = false })
    local entries = collect(clients.current.subscriptions:changes { include_snapshots = true })
    assert.same({ PATH .. "?includeSnapshots=true&limit=1000" }, take(server))
    local latest, first = entries[1].snapshot, entries[2].snapshot
    assert.same({ ADA, "99001", true }, { latest.email, latest.portalId, latest.subscribed })
    assert.same({ WEEKLY, PRODUCT }, ids_of(latest.subscriptionStatuses))
    assert.same({ WEEKLY }, ids_of(first.subscriptionStatuses))
    local weekly = first.subscriptionStatuses[1]
    assert.same({ "SUBSCRIBED", "NON_GDPR" }, { weekly.status, weekly.legalBasis })
    assert.truthy(weekly.timestamp:find(ISO))
    assert.is_nil(collect(clients.v1.subscriptions:changes { include_snapshots = false })[1].snapshot)
    assert.same({ PATH .. "?includeSnapshots=false&limit=1000" }, take(server))
  end)

  it("filters by time, in milliseconds or ISO 8601", function()
    local emails = changed(5)
    local entries = collect(clients.current.subscriptions:changes())
    server:clear_requests()
    local from, to = entries[4].timestamp, entries[2].timestamp
    assert.same(
      { emails[2], emails[3], emails[4] },
      recipients_of(collect(clients.current.subscriptions:changes { from = from, to = to }))
    )
    assert.same(
      emails,
      recipients_of(collect(clients.current.subscriptions:changes {
        from = "2025-11-24T16:00:00Z",
        to = "2025-11-24T20:00:00+01:00",
      }))
    )
    assert.same({
      PATH .. ("?endTimestamp=%d&limit=1000&startTimestamp=%d"):format(to, from),
      PATH .. "?endTimestamp=1764010800000&limit=1000&startTimestamp=1764000000000",
    }, take(server))
  end)

  it("filters by type", function()
    set(ADA, { id = WEEKLY, subscribed = true })
    assert(clients.v1.subscriptions:update("bo@example.org", { unsubscribeFromAll = true }))
    server:clear_requests()
    for change_type, expected in pairs {
      SUBSCRIPTION_STATUS = { ADA },
      PORTAL_STATUS = { "bo@example.org" },
      SUBSCRIPTION_SPAM_REPORT = {},
      PORTAL_SPAM_REPORT = {},
      PORTAL_BOUNCE = {},
    } do
      assert.same(expected, recipients_of(collect(clients.current.subscriptions:changes { change_type = change_type })))
      assert.same({ PATH .. "?changeType=" .. change_type .. "&limit=1000" }, take(server))
    end
  end)

  it("repeats the whole filter with every page", function()
    changed(3)
    local iterator = clients.current.subscriptions:changes {
      change_type = "SUBSCRIPTION_STATUS",
      from = NOW,
      to = "2030-01-01",
      include_snapshots = true,
      page_size = 2,
    }
    for _ = 1, 3 do
      assert(iterator:next())
    end
    local lines = take(server)
    assert.equal(2, #lines)
    for _, line in ipairs(lines) do
      assert.equal(
        PATH
          .. "?changeType=SUBSCRIPTION_STATUS&endTimestamp=1893456000000&includeSnapshots=true&limit=2"
          .. "&startTimestamp=1764000000000",
        (line:gsub("&offset=[^&]+", ""))
      )
    end
    assert.truthy(lines[2]:find("&offset=", 1, true))
  end)

  it("gives the records untouched with raw", function()
    set(ADA, { id = WEEKLY, subscribed = true })
    local entry = collect(clients.current.subscriptions:changes { raw = true })[1]
    assert.same({ 99001, 146 }, { entry.portalId, entry.changes[1].subscriptionId })
  end)

  it("refuses a filter that HubSpot has none of", function()
    local subscriptions = clients.current.subscriptions
    local label = "subscriptions:changes: "
    refuses(label .. "change_type must be one of", function() subscriptions:changes { change_type = "bounce" } end)
    refuses("did you mean PORTAL_STATUS?", function() subscriptions:changes { change_type = "portal_status" } end)
    refuses(label .. "from must be a time", function() subscriptions:changes { from = "yesterday" } end)
    refuses(label .. "to must be a time", function() subscriptions:changes { to = {} } end)
    refuses(
      label .. "option from must not be after option to",
      function() subscriptions:changes { from = 2e12, to = 1e12 } end
    )
    refuses(
      label .. "include_snapshots must be true or false",
      function() subscriptions:changes { include_snapshots = "true" } end
    )
    refuses(label .. "page_size must be at most 1000", function() subscriptions:changes { page_size = 1001 } end)
    refuses(
      label .. "unknown option changeType; did you mean change_type?",
      function() subscriptions:changes { changeType = "PORTAL_STATUS" } end
    )
  end)
end)
