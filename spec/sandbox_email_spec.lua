local portal = require "spec.support.portal"

local ids_of = portal.ids_of
local NOW = portal.NOW
local CAMPAIGNS = "/email/public/v1/campaigns"
local EVENTS = "/email/public/v1/events"

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

describe("the e-mails of the sandbox", function()
  local wire, call, must

  local function set_up(options)
    wire = portal.new(options)
    call, must = wire.call, wire.must
  end

  -- All rows of a paged listing, and how many pages they came in.
  local function rows_of(path, name)
    local rows, offset, pages = {}, nil, 0
    repeat
      local page = must("GET", path .. (offset and "&offset=" .. offset or ""))
      for _, row in ipairs(page[name]) do
        rows[#rows + 1] = row
      end
      offset, pages = page.offset, pages + 1
      assert.is_true(pages < 1000)
    until not page.hasMore
    return rows, pages
  end

  describe("campaigns", function()
    before_each(function() set_up { campaigns = 23 } end)

    it("are listed by recent activity, to the end", function()
      local rows, pages = rows_of(CAMPAIGNS .. "?limit=5", "campaigns")
      assert.equal(5, pages)
      assert.equal(23, #rows)
      local seen = {}
      for index, row in ipairs(rows) do
        assert.is_nil(seen[row.id])
        seen[row.id] = true
        assert.is_true(index == 1 or row.lastUpdatedTime <= rows[index - 1].lastUpdatedTime)
        assert.equal("number", type(row.appId))
        assert.equal("string", type(row.appName))
      end
    end)

    it("are listed by id without their times", function()
      local rows, pages = rows_of(CAMPAIGNS .. "/by-id?limit=10", "campaigns")
      assert.equal(3, pages)
      assert.equal(23, #rows)
      assert.is_nil(rows[1].lastUpdatedTime)
      local recent = ids_of((rows_of(CAMPAIGNS .. "?limit=1000", "campaigns")))
      assert.not_same(ids_of(rows), recent)
      table.sort(recent)
      assert.same(ids_of(rows), recent)
    end)

    it("come ten at a time, and at most a thousand", function()
      assert.equal(10, #must("GET", CAMPAIGNS).campaigns)
      assert.equal(10, #must("GET", CAMPAIGNS .. "/by-id").campaigns)
      assert.equal(23, #must("GET", CAMPAIGNS .. "?limit=5000").campaigns)
    end)

    it("take only their own offsets", function()
      local offset = must("GET", CAMPAIGNS .. "/by-id").offset
      for _, wrong in ipairs { offset, "10", "abcd", offset:sub(1, -3) } do
        assert.equal(400, (call("GET", CAMPAIGNS .. "?offset=" .. wrong)))
      end
      assert.equal(200, (call("GET", CAMPAIGNS .. "/by-id?offset=" .. offset)))
      assert.equal(400, (call("GET", CAMPAIGNS .. "/by-id?offset=" .. offset:sub(1, -3))))
    end)

    it("are listed once each where many were active at one moment", function()
      for number = 1, 9 do
        must("POST", "/email/public/v1/smtpapi/tokens", { createdBy = "a@example.org", campaignName = "c" .. number })
      end
      local seen, rows = {}, rows_of(CAMPAIGNS .. "?limit=1", "campaigns")
      for _, row in ipairs(rows) do
        seen[row.id] = true
      end
      local count = 0
      for _ in pairs(seen) do
        count = count + 1
      end
      assert.equal(32, #rows)
      assert.equal(32, count)
    end)

    it("are told one by one", function()
      local row = must("GET", CAMPAIGNS .. "/by-id").campaigns[3]
      local campaign = must("GET", CAMPAIGNS .. "/" .. row.id .. "?appId=" .. row.appId)
      assert.equal(row.id, campaign.id)
      assert.equal("Newsletter 3", campaign.name)
      assert.equal("News no. 3", campaign.subject)
      assert.same({}, campaign.counters)
      assert.equal(row.id, must("GET", CAMPAIGNS .. "/" .. row.id).id)
      assert.equal(404, (call("GET", CAMPAIGNS .. "/" .. row.id .. "?appId=1")))
      assert.equal(404, (call("GET", CAMPAIGNS .. "/1")))
      assert.equal(400, (call("GET", CAMPAIGNS .. "/abc")))
    end)

    it("are the same in every portal with the same options", function()
      local function all()
        set_up { campaigns = 4, email_events = 50 }
        return (rows_of(CAMPAIGNS .. "?limit=3", "campaigns")), (rows_of(EVENTS .. "?limit=1000", "events"))
      end
      -- The times depend on the moment at which the portal was made.
      local function told(campaigns, events)
        local lines = ids_of(campaigns)
        for _, event in ipairs(events) do
          lines[#lines + 1] = event.id .. event.type .. event.recipient .. tostring(event.emailCampaignId)
        end
        return lines
      end
      local lines = told(all())
      assert.equal(54, #lines)
      assert.same(lines, told(all()))
    end)

    it("want the scope content", function()
      set_up { scopes = { "timeline" } }
      for _, path in ipairs { CAMPAIGNS, CAMPAIGNS .. "/by-id", CAMPAIGNS .. "/1", EVENTS, EVENTS .. "/1/x" } do
        local status, body = call("GET", path)
        assert.equal(403, status)
        assert.same({ "content" }, body.errors[1].context.requiredGranularScopes)
      end
    end)
  end)

  describe("events", function()
    before_each(function() set_up { campaigns = 3, email_events = 150 } end)

    it("are listed newest first, to the end", function()
      local rows, pages = rows_of(EVENTS .. "?limit=7", "events")
      assert.equal(22, pages)
      assert.equal(150, #rows)
      local seen = {}
      for index, row in ipairs(rows) do
        assert.is_nil(seen[row.id])
        seen[row.id] = true
        assert.is_true(index == 1 or row.created <= rows[index - 1].created)
        assert.is_true(row.created < NOW)
      end
      assert.equal(10, #must("GET", EVENTS).events)
    end)

    it("come a thousand at a time at most", function()
      set_up { email_events = 1003 }
      local rows, pages = rows_of(EVENTS .. "?limit=5000", "events")
      assert.equal(2, pages)
      assert.equal(1003, #rows)
    end)

    it("resume where a page ended when others came in between", function()
      local first = must("GET", EVENTS .. "?limit=5")
      must("POST", "/email/public/v1/singleEmail/send", { emailId = 1, message = { to = "a@example.org" } })
      local second = must("GET", EVENTS .. "?limit=5&offset=" .. first.offset)
      for _, row in ipairs(second.events) do
        assert.is_true(row.created <= first.events[5].created)
        assert.not_equal(first.events[5].id, row.id)
      end
    end)

    it("have every type, with the fields of each", function()
      local fields = {
        SENT = { "subject", "from", "replyTo", "cc", "bcc" },
        DROPPED = { "subject", "dropReason", "dropMessage" },
        DELIVERED = { "response", "smtpId" },
        DEFERRED = { "response", "attempt" },
        BOUNCE = { "category", "response", "status" },
        OPEN = { "browser", "location", "userAgent", "ipAddress", "duration", "deviceType" },
        CLICK = { "browser", "location", "userAgent", "ipAddress", "deviceType", "url", "referer", "linkId" },
        PRINT = { "browser", "location", "userAgent", "ipAddress" },
        FORWARD = { "browser", "location", "userAgent", "ipAddress" },
        STATUSCHANGE = { "source", "portalSubscriptionStatus", "subscriptions", "requestedBy", "bounced" },
        SPAMREPORT = { "userAgent", "ipAddress" },
      }
      for _, kind in ipairs(TYPES) do
        local rows = rows_of(EVENTS .. "?limit=9&eventType=" .. kind, "events")
        assert.is_true(#rows > 0, kind)
        for _, row in ipairs(rows) do
          assert.equal(kind, row.type)
          assert.equal(99001, row.portalId)
          assert.equal(kind ~= "UNBOUNCE", row.emailCampaignId ~= nil)
          for _, name in ipairs(fields[kind] or {}) do
            assert.is_not_nil(row[name], kind .. " " .. name)
          end
        end
      end
      assert.is_nil(must("GET", EVENTS .. "?eventType=CLICK").events[1].duration)
      assert.equal(400, (call("GET", EVENTS .. "?eventType=open")))
    end)

    it("name the events that they come from", function()
      local click = must("GET", EVENTS .. "?eventType=CLICK").events[1]
      local sent = must("GET", EVENTS .. "/" .. click.sentBy.created .. "/" .. click.sentBy.id)
      assert.equal("SENT", sent.type)
      assert.equal(click.recipient, sent.recipient)
      assert.equal("OPEN", must("GET", EVENTS .. "/" .. click.causedBy.created .. "/" .. click.causedBy.id).type)
      local unbounce = must("GET", EVENTS .. "?eventType=UNBOUNCE").events[1]
      local bounces = rows_of(EVENTS .. "?limit=50&eventType=BOUNCE&recipient=" .. unbounce.recipient, "events")
      assert.equal(unbounce.id, bounces[1].obsoletedBy.id)
    end)

    it("are read by their moment and id", function()
      local event = must("GET", EVENTS).events[4]
      assert.same(event, must("GET", EVENTS .. "/" .. event.created .. "/" .. event.id))
      assert.equal(404, (call("GET", EVENTS .. "/" .. event.created + 1 .. "/" .. event.id)))
      assert.equal(404, (call("GET", EVENTS .. "/" .. event.created .. "/00000000-0000-4000-8000-000000000000")))
      local status, body = call("GET", EVENTS .. "/soon/" .. event.id)
      assert.equal(400, status)
      assert.equal("Unable to parse value for path parameter: created", body.message)
    end)

    it("are filtered", function()
      local all = rows_of(EVENTS .. "?limit=1000", "events")
      local function expect(query, keep)
        local wanted = {}
        for _, row in ipairs(all) do
          if keep(row) then wanted[#wanted + 1] = row.id end
        end
        assert.is_true(#wanted > 0 and #wanted < #all)
        assert.same(wanted, ids_of((rows_of(EVENTS .. "?limit=4" .. query, "events"))))
      end
      local one = all[40]
      expect(
        "&recipient=" .. one.recipient:upper():gsub("@", "%%40"),
        function(row) return row.recipient == one.recipient end
      )
      local with_campaign = must("GET", EVENTS .. "?eventType=SENT").events[1]
      local pair = "&appId=" .. with_campaign.appId .. "&campaignId=" .. with_campaign.emailCampaignId
      expect(pair, function(row) return row.emailCampaignId == with_campaign.emailCampaignId end)
      expect(
        pair .. "&eventType=OPEN",
        function(row) return row.emailCampaignId == with_campaign.emailCampaignId and row.type == "OPEN" end
      )
      expect("&startTimestamp=" .. one.created, function(row) return row.created >= one.created end)
      expect("&endTimestamp=" .. one.created, function(row) return row.created <= one.created end)
      expect("&excludeFilteredEvents=true", function(row) return not row.filteredEvent end)
      assert.same({}, must("GET", EVENTS .. "?appId=1&campaignId=" .. with_campaign.emailCampaignId).events)
    end)

    it("can come on pages that are empty, or go in circles, where a fault is asked for", function()
      wire.portal:fault { kind = "empty" }
      local page = must("GET", EVENTS .. "?limit=3")
      assert.same({}, page.events)
      assert.is_true(page.hasMore)
      local first = must("GET", EVENTS .. "?limit=3")
      wire.portal:fault { kind = "repeat_cursor" }
      local second = must("GET", EVENTS .. "?limit=3&offset=" .. first.offset)
      assert.equal(first.offset, second.offset)
      wire.portal:fault { kind = "drop_rows" }
      assert.equal(2, #must("GET", CAMPAIGNS).campaigns)
    end)

    it("refuse half a campaign, and what is no number", function()
      for _, query in ipairs { "appId=113", "campaignId=34567", "startTimestamp=soon", "limit=x", "offset=zz" } do
        assert.equal(400, (call("GET", EVENTS .. "?" .. query)))
      end
    end)

    it("are counted by their campaigns", function()
      local total = 0
      for _, campaign in ipairs(must("GET", CAMPAIGNS .. "/by-id").campaigns) do
        local full = must("GET", CAMPAIGNS .. "/" .. campaign.id)
        local sent = rows_of(
          string.format("%s?limit=100&eventType=SENT&appId=%d&campaignId=%d", EVENTS, campaign.appId, campaign.id),
          "events"
        )
        assert.equal(#sent, full.counters.sent)
        total = total + full.counters.sent
      end
      assert.equal(#rows_of(EVENTS .. "?limit=100&eventType=SENT", "events"), total)
    end)

    it("go to the portal's contacts where there are some", function()
      set_up { contacts = 30, email_events = 20 }
      for _, row in ipairs(must("GET", EVENTS .. "?limit=20").events) do
        assert.equal(200, (call("GET", "/crm/objects/2026-09/contacts/" .. row.recipient .. "?idProperty=email")))
      end
      assert.equal(1, #must("GET", CAMPAIGNS).campaigns)
    end)
  end)
end)
