local core = require "hubspot.core"
local portal = require "spec.support.portal"
local sandbox = require "hubspot.sandbox"

local array, ids_of = core.array, portal.ids_of
local NOW = portal.NOW
local V1 = "/email/public/v1/subscriptions"
local DATED = "/communication-preferences/2026-09"
local ADA = "ada@example.org"

describe("subscriptions", function()
  local wire, call, must

  local function set_up(options)
    wire = portal.new(options)
    call, must = wire.call, wire.must
  end

  before_each(function() set_up() end)

  local function put(statuses, more)
    local body = { subscriptionStatuses = array(statuses) }
    for name, value in pairs(more or {}) do
      body[name] = value
    end
    return call("PUT", V1 .. "/" .. ADA, body)
  end

  local function post(fields, email)
    local body = { channel = "EMAIL", statusState = "SUBSCRIBED", subscriptionId = 146 }
    for name, value in pairs(fields or {}) do
      body[name] = value or nil
    end
    return call("POST", DATED .. "/statuses/" .. (email or ADA), body)
  end

  -- The states of a date version by the id of the subscription.
  local function states(email)
    local map = {}
    for _, status in ipairs(must("GET", DATED .. "/statuses/" .. (email or ADA) .. "?channel=EMAIL").results) do
      map[status.subscriptionId] = status.status
    end
    return map
  end

  describe("definitions", function()
    it("are the same in both generations", function()
      local old = must("GET", V1 .. "?portalId=99001").subscriptionDefinitions
      local envelope = must("GET", DATED .. "/definitions")
      assert.equal("COMPLETE", envelope.status)
      assert.is_true(#old > 1)
      assert.same(ids_of(old), ids_of(envelope.results))
      assert.same(ids_of(old, "active"), ids_of(envelope.results, "isActive"))
      assert.equal("number", type(old[1].id))
      assert.equal("string", type(envelope.results[1].id))
      assert.is_nil(envelope.results[1].subscriptionTranslations)
      assert.same({}, must("GET", DATED .. "/definitions?includeTranslations=true").results[1].subscriptionTranslations)
      assert.same({}, must("GET", DATED .. "/definitions?businessUnitId=5").results)
      assert.same(envelope.results, must("GET", "/communication-preferences/2026-03/definitions").results)
      assert.equal(404, (call("GET", "/communication-preferences/v3/statuses/a@example.org?channel=EMAIL")))
    end)

    it("are told by v3, which knows no third status", function()
      local V3 = "/communication-preferences/v3"
      local id = must("GET", V3 .. "/definitions").subscriptionDefinitions[1].id
      local body = { emailAddress = "A@example.org", subscriptionId = id, legalBasis = "NON_GDPR" }
      assert.equal("NOT_SUBSCRIBED", must("GET", V3 .. "/status/email/a@example.org").subscriptionStatuses[1].status)
      assert.same({ id, "SUBSCRIBED" }, { must("POST", V3 .. "/subscribe", body).id, "SUBSCRIBED" })
      local read = must("GET", V3 .. "/status/email/a@example.org")
      assert.same({ "a@example.org", "SUBSCRIBED", "NON_GDPR" }, {
        read.recipient,
        read.subscriptionStatuses[1].status,
        read.subscriptionStatuses[1].legalBasis,
      })
      assert.equal(400, (call("POST", V3 .. "/subscribe", body)))
      assert.equal("NOT_SUBSCRIBED", must("POST", V3 .. "/unsubscribe", body).status)
      local current = must("GET", DATED .. "/statuses/a@example.org?channel=EMAIL").results[1]
      assert.equal("UNSUBSCRIBED", current.status)
      for _, wrong in ipairs {
        { subscriptionId = id },
        { emailAddress = "a@example.org", subscriptionId = "1" },
        { emailAddress = "a@example.org", subscriptionId = id, legalBasis = "WISH" },
      } do
        assert.equal(400, (call("POST", V3 .. "/subscribe", wrong)))
      end
    end)

    it("can be chosen", function()
      set_up { subscription_types = { { id = 9, name = "Offers", description = "Cheap", active = false } } }
      assert.same({
        {
          id = 9,
          name = "Offers",
          description = "Cheap",
          active = false,
          portalId = 99001,
          category = "Marketing",
          channel = "Email",
          internal = false,
          order = 0,
        },
      }, must("GET", V1).subscriptionDefinitions)
      assert.error_matches(function() sandbox.new { subscription_types = { { name = "x" } } } end, "an id and a name")
      assert.error_matches(
        function() sandbox.new { subscription_types = { { id = 1, name = "x", size = 1 } } } end,
        "size"
      )
    end)
  end)

  describe("of v1", function()
    it(
      "say nothing of what was not chosen",
      function()
        assert.same({
          subscribed = true,
          markedAsSpam = false,
          unsubscribeFromPortal = false,
          portalId = 99001,
          bounced = false,
          email = ADA,
          subscriptionStatuses = {},
          status = "subscribed",
        }, must("GET", V1 .. "/Ada%40example.org"))
      end
    )

    it("are set for any address, whether a contact has it or not", function()
      assert.equal(200, (put {
        {
          id = 146,
          subscribed = true,
          optState = "OPT_IN",
          legalBasis = "CONSENT_WITH_NOTICE",
          legalBasisExplanation = "By form",
        },
        { id = 147, subscribed = false },
      }))
      local statuses = must("GET", V1 .. "/" .. ADA).subscriptionStatuses
      assert.same({ "146", "147" }, ids_of(statuses))
      assert.is_true(statuses[1].subscribed)
      assert.equal("OPT_IN", statuses[1].optState)
      assert.equal("CONSENT_WITH_NOTICE", statuses[1].legalBasis)
      assert.equal("By form", statuses[1].legalBasisExplanation)
      assert.is_true(statuses[1].updatedAt >= NOW and statuses[1].updatedAt < NOW + 60000)
      assert.is_false(statuses[2].subscribed)
      assert.equal("OPT_OUT", statuses[2].optState)
      assert.equal(0, must("GET", "/contacts/v1/contacts/statistics").contacts)
      assert.same({}, must("GET", V1 .. "/bob@example.org").subscriptionStatuses)
    end)

    it("can't be taken back once unsubscribed", function()
      put { { id = 146, subscribed = false } }
      local status, body = put { { id = 147, subscribed = true }, { id = 146, subscribed = true } }
      assert.equal(400, status)
      assert.equal("VALIDATION_ERROR", body.category)
      assert.same({ "146" }, ids_of(must("GET", V1 .. "/" .. ADA).subscriptionStatuses))
      assert.equal(200, (put { { id = 147, subscribed = true } }))
      assert.equal(200, (put({}, { unsubscribeFromAll = true })))
      local now = must("GET", V1 .. "/" .. ADA)
      assert.is_false(now.subscribed)
      assert.is_true(now.unsubscribeFromPortal)
      assert.equal("unsubscribed", now.status)
      for _, choice in ipairs(now.subscriptionStatuses) do
        assert.is_false(choice.subscribed)
      end
      assert.equal(400, (put { { id = 147, subscribed = true } }))
      assert.equal(400, (put { { id = 151, subscribed = true } }))
      assert.equal(200, (put({}, { unsubscribeFromAll = true })))
    end)

    it("are refused where they are wrong", function()
      for _, statuses in ipairs {
        { { id = 1, subscribed = true } },
        { { subscribed = true } },
        { { id = 146 } },
        { { id = 146, subscribed = "no" } },
        { { id = 146, subscribed = true, legalBasis = "PROCESS_AND_STORE" } },
        { { id = 146, subscribed = true, legalBasisExplanation = 5 } },
        { { id = 146, subscribed = true, optState = "YES" } },
        { "146" },
        {},
      } do
        assert.equal(400, (put(statuses)))
      end
      assert.equal(400, (put({}, { unsubscribeFromAll = "yes" })))
      assert.equal(400, (put({ { id = 146, subscribed = true } }, { portalSubscriptionLegalBasis = "NO" })))
      assert.equal(400, (call("PUT", V1 .. "/ada", { unsubscribeFromAll = true })))
      assert.equal(400, (call("GET", V1 .. "/ada")))
      assert.same({}, must("GET", V1 .. "/" .. ADA).subscriptionStatuses)
    end)
  end)

  describe("of a date version", function()
    it("are told of every definition", function()
      local none = "NOT_SPECIFIED"
      assert.same({ [146] = none, [147] = none, [151] = none, [152] = none }, states())
      local status, body = post { legalBasis = "PROCESS_AND_STORE", legalBasisExplanation = "By form" }
      assert.equal(200, status)
      local result = body.results[1]
      assert.equal("SUBSCRIBED", result.status)
      assert.equal(146, result.subscriptionId)
      assert.equal("Weekly", result.subscriptionName)
      assert.equal(ADA, result.subscriberIdString)
      assert.equal("PROCESS_AND_STORE", result.legalBasis)
      assert.equal("By form", result.legalBasisExplanation)
      assert.matches("^2025%-11%-24T16:0", result.timestamp)
      assert.same(result, must("GET", DATED .. "/statuses/ADA%40example.org?channel=EMAIL").results[1])
    end)

    it("are one thing with those of v1", function()
      put { { id = 146, subscribed = false }, { id = 147, subscribed = true } }
      local now = states()
      assert.equal("UNSUBSCRIBED", now[146])
      assert.equal("SUBSCRIBED", now[147])
      post { subscriptionId = 151 }
      post { subscriptionId = 147, statusState = "NOT_SPECIFIED" }
      assert.same({ "146", "151" }, ids_of(must("GET", V1 .. "/" .. ADA).subscriptionStatuses))
      assert.equal(400, (put { { id = 146, subscribed = true } }))
    end)

    it("can be taken back", function()
      put { { id = 146, subscribed = false } }
      local _, body = post()
      assert.equal("RESUBSCRIBE_OCCURRED", body.results[1].setStatusSuccessReason)
      assert.equal("SUBSCRIBED", states()[146])
    end)

    it("end all at once", function()
      local path = DATED .. "/statuses/" .. ADA .. "/unsubscribe-all?channel=EMAIL"
      assert.same({}, must("GET", path).results)
      post()
      assert.same({}, must("POST", path).results)
      local wide = must("GET", path).results[1]
      assert.equal("UNSUBSCRIBED", wide.status)
      assert.equal("PORTAL_WIDE", wide.wideStatusType)
      assert.same(
        { [146] = "UNSUBSCRIBED", [147] = "UNSUBSCRIBED", [151] = "UNSUBSCRIBED", [152] = "UNSUBSCRIBED" },
        states()
      )
      assert.is_true(must("GET", V1 .. "/" .. ADA).unsubscribeFromPortal)
      assert.equal(4, #must("POST", path .. "&verbose=true").results)
      post()
      assert.same({}, must("GET", path).results)
      assert.equal(400, (call("POST", DATED .. "/statuses/" .. ADA .. "/unsubscribe-all")))
    end)

    it("are refused where they are wrong", function()
      for _, fields in ipairs {
        { channel = false },
        { channel = "SMS" },
        { statusState = false },
        { statusState = "OPT_IN" },
        { subscriptionId = false },
        { subscriptionId = 1 },
        { legalBasis = "NO" },
        { legalBasisExplanation = true },
      } do
        local status, body = post(fields)
        assert.equal(400, status)
        assert.equal("VALIDATION_ERROR", body.category)
      end
      assert.equal(400, (post({}, "ada")))
      assert.equal(400, (call("GET", DATED .. "/statuses/" .. ADA)))
      assert.equal(400, (call("GET", DATED .. "/statuses/ada?channel=EMAIL")))
      assert.equal("NOT_SPECIFIED", states()[146])
    end)

    it("are read and written in batches", function()
      local function batch(name, inputs, query)
        return must("POST", DATED .. "/statuses/batch/" .. name .. (query or ""), { inputs = array(inputs) })
      end
      local written, status = batch("write", {
        { subscriberIdString = ADA, channel = "EMAIL", statusState = "SUBSCRIBED", subscriptionId = 146 },
        { subscriberIdString = "bob", channel = "EMAIL", statusState = "SUBSCRIBED", subscriptionId = 146 },
        { subscriberIdString = ADA, channel = "EMAIL", statusState = "UNSUBSCRIBED", subscriptionId = 147 },
      })
      assert.equal(200, status)
      assert.same({ "SUBSCRIBED", "UNSUBSCRIBED" }, ids_of(written.results, "status"))
      assert.same({ "bob" }, written.errors[1].context.ids)
      local read, read_status = batch("read", { ADA, "bob@example.org" }, "?channel=EMAIL")
      assert.equal(200, read_status)
      assert.equal("UNSUBSCRIBED", read.results[1].statuses[2].status)
      assert.equal("NOT_SPECIFIED", read.results[2].statuses[1].status)
      batch("unsubscribe-all", { "bob@example.org" }, "?channel=EMAIL")
      local wide = batch("unsubscribe-all/read", { ADA, "bob@example.org" }, "?channel=EMAIL").results
      assert.same({}, wide[1].wideStatuses)
      assert.equal("UNSUBSCRIBED", wide[2].wideStatuses[1].status)
      assert.equal(400, (call("POST", DATED .. "/statuses/batch/read?channel=EMAIL", { inputs = array {} })))
      assert.equal(400, (call("POST", DATED .. "/statuses/batch/read", { inputs = array { ADA } })))
    end)
  end)

  describe("history", function()
    -- All entries, `limit` at a time, and the number of pages.
    local function entries(query, limit)
      local rows, offset, pages = {}, nil, 0
      repeat
        local page = must(
          "GET",
          V1 .. "/timeline?limit=" .. (limit or 2) .. (query or "") .. (offset and "&offset=" .. offset or "")
        )
        for _, row in ipairs(page.timeline) do
          rows[#rows + 1] = row
        end
        offset, pages = page.offset, pages + 1
        assert.is_true(pages < 100)
      until not page.hasMore
      return rows, pages
    end

    it("tells changes of both generations, newest first, to the end", function()
      put { { id = 146, subscribed = true }, { id = 147, subscribed = true } }
      put { { id = 146, subscribed = true } }
      for number = 1, 4 do
        wire.portal:advance(60)
        post({ subscriptionId = 151 }, number .. "@example.org")
      end
      wire.portal:advance(60)
      put({}, { unsubscribeFromAll = true })
      put({}, { unsubscribeFromAll = true })
      local rows, pages = entries()
      assert.equal(3, pages)
      assert.same(
        { ADA, "4@example.org", "3@example.org", "2@example.org", "1@example.org", ADA },
        ids_of(rows, "recipient")
      )
      local first, last = rows[1], rows[6]
      assert.equal("PORTAL_STATUS", first.changes[1].changeType)
      assert.equal("UNSUBSCRIBED", first.changes[1].change)
      assert.is_nil(first.changes[1].subscriptionId)
      assert.same({ "146", "147" }, ids_of(last.changes, "subscriptionId"))
      assert.equal("SUBSCRIPTION_STATUS", last.changes[1].changeType)
      assert.equal(last.timestamp, last.changes[1].timestamp)
      assert.is_nil(last.snapshot)
    end)

    it("is filtered by type and time", function()
      put { { id = 146, subscribed = true } }
      wire.portal:advance(60)
      put({}, { unsubscribeFromAll = true })
      assert.equal(1, #entries "&changeType=PORTAL_STATUS")
      assert.equal("SUBSCRIBED", entries("&changeType=SUBSCRIPTION_STATUS")[1].changes[1].change)
      assert.same({}, (entries "&changeType=PORTAL_BOUNCE"))
      assert.equal(1, #entries("&endTimestamp=" .. NOW + 30000))
      assert.equal("UNSUBSCRIBED", entries("&startTimestamp=" .. NOW + 30000)[1].changes[1].change)
      for _, query in ipairs { "changeType=OTHER", "startTimestamp=soon", "offset=zz" } do
        assert.equal(400, (call("GET", V1 .. "/timeline?" .. query)))
      end
    end)

    it("holds how it was after each change, where asked", function()
      put { { id = 146, subscribed = true } }
      put { { id = 146, subscribed = false } }
      local rows = entries "&includeSnapshots=true"
      assert.is_false(rows[1].snapshot.subscriptionStatuses[1].subscribed)
      assert.is_true(rows[2].snapshot.subscriptionStatuses[1].subscribed)
      assert.equal(ADA, rows[2].snapshot.email)
    end)

    it("names the e-mail events that caused changes", function()
      set_up { email_events = 60 }
      local rows = entries("", 100)
      local seen = {}
      for _, row in ipairs(rows) do
        for _, change in ipairs(row.changes) do
          seen[change.change] = true
          assert.is_nil(change.timestamp)
          local event = must(
            "GET",
            string.format("/email/public/v1/events/%.0f/%s", change.causedByEvent.created, change.causedByEvent.id)
          )
          assert.equal(row.recipient, event.recipient)
        end
      end
      assert.same({ UNSUBSCRIBED = true, BOUNCED = true, UNBOUNCED = true, REPORTED_SPAM = true }, seen)
      local spam = entries("&changeType=PORTAL_SPAM_REPORT")[1]
      assert.is_true(must("GET", V1 .. "/" .. spam.recipient).markedAsSpam)
    end)
  end)

  describe("scopes", function()
    local function missing(method, path)
      local status, body = call(method, path)
      assert.equal(403, status)
      return body.errors[1].context.requiredGranularScopes[1]
    end

    it("are content on v1, and those of communication preferences today", function()
      set_up { scopes = { "timeline" } }
      assert.equal("content", missing("GET", V1))
      assert.equal("content", missing("GET", V1 .. "/timeline"))
      assert.equal("content", missing("GET", V1 .. "/" .. ADA))
      assert.equal("content", missing("PUT", V1 .. "/" .. ADA))
      assert.equal("communication_preferences.read", missing("GET", DATED .. "/definitions"))
      assert.equal("communication_preferences.read", missing("GET", DATED .. "/statuses/" .. ADA))
      local statuses = DATED .. "/statuses/"
      assert.equal("communication_preferences.write", missing("POST", statuses .. ADA))
      assert.equal("communication_preferences.write", missing("POST", statuses .. ADA .. "/unsubscribe-all"))
      assert.equal("communication_preferences.statuses.batch.read", missing("POST", statuses .. "batch/read"))
      assert.equal("communication_preferences.statuses.batch.write", missing("POST", statuses .. "batch/write"))
    end)

    it("can be the one for both reading and writing", function()
      set_up { scopes = { "communication_preferences.read_write" } }
      assert.equal(200, (post()))
      assert.equal(200, (call("GET", DATED .. "/definitions")))
      set_up { scopes = { "communication_preferences.read" } }
      assert.equal(403, (post()))
      assert.equal(200, (call("GET", DATED .. "/definitions")))
    end)
  end)
end)
