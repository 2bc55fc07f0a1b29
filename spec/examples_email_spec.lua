-- The examples that are about e-mail and stages, each in a process of its own against a sandbox server.

local fixture = require "spec.support.fixture"
local script = require "spec.support.script"

local run, run_on_account = script.run, script.run_on_account
local writes_among, has_lines = script.writes_among, script.has_lines
local fails_with, succeeds = script.fails_with, script.succeeds

describe("examples", function()
  local here = fixture.new { clients = {}, reset = { contacts = 1000 } }
  local server = here.server

  local function on_sandbox(arguments) return run(arguments, { HUBSPOT_BASE_URL = server.url }) end

  local function new_client() return here:new_client() end

  describe("campaign_report", function()
    it("prints the campaigns that were active last, with their counters", function()
      server:reset { contacts = 100, campaigns = 6, email_events = 400 }
      local result = run_on_account(server.url, { "examples/campaign_report.lua", "3" })
      succeeds(result)
      local lines = {}
      for line in result.out:gmatch "[^\n]+" do
        lines[#lines + 1] = line
      end
      assert.are.equal(4, #lines)
      assert.are.equal("active          sent delivered   opens          clicks          campaign", lines[1])
      local index = 1
      for campaign in new_client().campaigns:recent { max = 3 } do
        local full = assert(new_client().campaigns:get(campaign.id))
        local counters = full.counters
        local words = {}
        for word in lines[index + 1]:gmatch "%S+" do
          words[#words + 1] = word
        end
        assert.are.same({
          tostring(counters.sent),
          tostring(counters.delivered),
          tostring(counters.open),
          ("%.1f%%"):format(100 * counters.open / counters.delivered),
          tostring(counters.click or 0),
          ("%.1f%%"):format(100 * (counters.click or 0) / counters.delivered),
          "Newsletter",
        }, { words[2], words[3], words[4], words[5], words[6], words[7], words[8] })
        assert.are.equal(full.name, lines[index + 1]:sub(-#full.name))
        index = index + 1
      end
      assert.are.same({}, writes_among(server:requests()))
    end)

    it("shows campaigns of which nothing was sent yet", function()
      server:reset { campaigns = 1 }
      local result = on_sandbox { "examples/campaign_report.lua" }
      succeeds(result)
      assert.is_truthy(result.out:find "\n%d+%-%d+%-%d+ +0 +0 +0 +%- +0 +%-  Newsletter 1\n$")
    end)

    it("says that there are none", function()
      local result = on_sandbox { "examples/campaign_report.lua" }
      succeeds(result)
      assert.are.equal(("No e-mail campaigns in the sandbox at %s.\n"):format(server.url), result.out)
    end)

    it("ends with 1 where one of the campaigns can't be read", function()
      server:reset { campaigns = 3 }
      server:fault { kind = "status", status = 404, path = "^/email/public/v1/campaigns/*" }
      local result = on_sandbox { "examples/campaign_report.lua" }
      assert.are.same({ 1, "" }, { result.code, result.out })
      assert.is_truthy(result.err:find "HTTP 404")
    end)
  end)

  describe("bounces", function()
    it("writes the bounces of the last days, the latest first", function()
      server:reset { contacts = 100, campaigns = 2, email_events = 400 }
      local result = run_on_account(server.url, { "examples/bounces.lua", "20" })
      succeeds(result)
      local expected = {}
      for event in new_client().email_events:all { event_type = "BOUNCE" } do
        if event.created >= (os.time() - 20 * 86400) * 1000 then
          expected[#expected + 1] =
            { event.recipient, "MAILBOX_FULL", "5.2.2", "552 5.2.2 Mailbox full", event.emailCampaignId }
        end
      end
      local records = script.csv_records(result.out, 4096)
      assert.are.same({ 1, "time", "recipient", "category", "status", "response", "campaign" }, records[1])
      assert.is_true(#expected > 3)
      assert.are.equal(#expected, #records - 1)
      local before = "9"
      for index, values in ipairs(expected) do
        local record = records[index + 1]
        assert.is_truthy(record[2]:find "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$")
        assert.is_true(record[2] <= before)
        before = record[2]
        assert.are.same(values, { record[3], record[4], record[5], record[6], record[7] })
      end
      assert.are.same({}, writes_among(server:requests()))
    end)

    it("writes no formula, whatever a mail server answered", function()
      server:fault {
        kind = "status",
        status = 200,
        path = "/events$",
        body = '{"hasMore":false,"events":[{"id":"1",'
          .. '"created":1767225600000,"type":"BOUNCE","recipient":"+1@example.org","response":"=cmd|calc"}]}',
      }
      local result = on_sandbox { "examples/bounces.lua" }
      succeeds(result)
      assert.are.equal("2026-01-01T00:00:00Z,'+1@example.org,,,'=cmd|calc,\n", result.out:match "\n(.*)$")
    end)

    it("writes only the head where nothing bounced", function()
      local result = on_sandbox { "examples/bounces.lua" }
      succeeds(result)
      assert.are.equal("time,recipient,category,status,response,campaign\n", result.out)
    end)

    it("goes back to 1970 at most", function()
      succeeds(on_sandbox { "examples/bounces.lua", "999999" })
      assert.is_truthy(
        server:requests()[1].query:find "startTimestamp=0$" or server:requests()[1].query:find "startTimestamp=0&"
      )
    end)

    it("ends with 1 where a page fails", function()
      server:fault { kind = "status", status = 400, path = "/events$" }
      local result = on_sandbox { "examples/bounces.lua" }
      assert.are.equal(1, result.code)
      assert.is_truthy(result.err:find "HTTP 400")
    end)
  end)

  describe("unsubscribe", function()
    local SHOWN = "ada@example.org\n  146      %-14s Weekly\n  147      not specified  Product updates\n"
      .. "  151      not specified  Events\n  152      not specified  Old newsletter\n"

    it("shows the subscriptions of an address", function()
      local result = run_on_account(server.url, { "examples/unsubscribe.lua", "ada@example.org" })
      succeeds(result)
      assert.are.equal(SHOWN:format "not specified", result.out)
    end)

    it("takes one away, once", function()
      local line = { "examples/unsubscribe.lua", "ada@example.org", "--unsubscribe", "146" }
      local first = on_sandbox(line)
      succeeds(first)
      assert.are.equal(
        SHOWN:format "not specified"
          .. "Unsubscribed ada@example.org from Weekly. Only with its owner's consent may that be undone.\n",
        first.out
      )
      local writes = writes_among(server:requests())
      assert.are.equal(1, #writes)
      assert.is_truthy(writes[1]:find "^POST /communication%-preferences/2026%-09/statuses/ada", writes[1])
      local again = on_sandbox(line)
      succeeds(again)
      assert.are.equal(
        SHOWN:format "unsubscribed" .. "ada@example.org is unsubscribed from Weekly already.\n",
        again.out
      )
      assert.are.equal(1, #writes_among(server:requests()))
    end)

    it("writes nothing to an account without --write", function()
      local line = { "examples/unsubscribe.lua", "--unsubscribe", "146", "ada@example.org" }
      local result = run_on_account(server.url, line)
      succeeds(result)
      has_lines(result.out, {
        "Would unsubscribe ada@example.org from Weekly. Only with its owner's consent could that be undone.",
        "Nothing was written; the flag --write writes.",
      })
      assert.are.same({}, writes_among(server:requests()))
      line[#line + 1] = "--write"
      succeeds(run_on_account(server.url, line))
      assert.are.equal(1, #writes_among(server:requests()))
    end)

    it("tells a wrong id, and a wrong address", function()
      local id = on_sandbox { "examples/unsubscribe.lua", "ada@example.org", "--unsubscribe", "9" }
      assert.are.same({ 1, "There is no subscription 9. The ids are in the first column.\n" }, { id.code, id.err })
      assert.are.equal(SHOWN:format "not specified", id.out)
      local address = on_sandbox { "examples/unsubscribe.lua", "ada", "--unsubscribe", "146" }
      assert.are.same({ 1, "" }, { address.code, address.out })
      assert.is_truthy(address.err:find "^Email address ada is invalid", address.err)
      assert.are.same({}, writes_among(server:requests()))
    end)
  end)

  describe("receipt", function()
    local LINE = { "examples/receipt.lua", "42", "ada@example.org", "1001", "9.90" }

    local function sent_to(address)
      local count = 0
      for _ in new_client().email_events:all { recipient = address, event_type = "SENT" } do
        count = count + 1
      end
      return count
    end

    it("sends the receipt of an order once", function()
      local first = on_sandbox(LINE)
      succeeds(first)
      assert.are.equal("The receipt is sent.\n", first.out)
      local again = on_sandbox(LINE)
      succeeds(again)
      assert.are.equal("The receipt of this order was sent before; nothing was sent now.\n", again.out)
      assert.are.equal(1, sent_to "ada@example.org")
      succeeds(on_sandbox { LINE[1], LINE[2], LINE[3], "1002", "5.00" })
      assert.are.equal(2, sent_to "ada@example.org")
    end)

    it("is sent once, too, where the answer is lost on the way", function()
      server:fault { kind = "cut", path = "/single-email/send$" }
      succeeds(on_sandbox(LINE))
      assert.are.equal(2, #writes_among(server:requests()))
      assert.are.equal(1, sent_to "ada@example.org")
    end)

    it("sends nothing from an account without --write", function()
      local result = run_on_account(server.url, LINE)
      succeeds(result)
      assert.are.equal(
        "E-mail 42 would go to ada@example.org by your HubSpot account, with the sendId receipt-1001.\n"
          .. "Nothing was sent; the flag --write sends.\n",
        result.out
      )
      assert.are.same({}, server:requests())
      local written = run_on_account(server.url, { LINE[1], "--write", LINE[2], LINE[3], LINE[4], LINE[5] })
      succeeds(written)
      assert.are.equal(1, sent_to "ada@example.org")
    end)

    it("says why HubSpot does not send it, and ends with 1", function()
      fails_with("Not sent: The address ada is invalid\n", on_sandbox { LINE[1], "42", "ada", "1001", "9.90" })
      fails_with(
        "Not sent: There is no e-mail with the id 0\n",
        on_sandbox { LINE[1], "0", "ada@example.org", "1001", "9.90" }
      )
    end)
  end)

  describe("lifecycle_report", function()
    it("counts by the account's stages, in their order", function()
      local result = run_on_account(server.url, { "examples/lifecycle_report.lua" })
      succeeds(result)
      local counts = {}
      for _, row in
        ipairs(
          assert(
            new_client().contacts:lifecycle_stages { from = (os.time() - 90 * 86400) * 1000, to = os.time() * 1000 }
          )
        )
      do
        counts[row.lifecycleStage] = row.count
      end
      local expected = {}
      for index, option in ipairs(assert(new_client().properties:get "lifecyclestage").options) do
        expected[index] = ("%8d  %s\n"):format(
          counts[("hs_lifecyclestage_%s_date"):format(option.value)] or 0,
          option.label
        )
      end
      assert.is_true(#expected > 5)
      assert.are.equal(table.concat(expected), result.out:match "^[^\n]*\n(.*)$")
      assert.is_truthy(result.out:find "^Entered between %d+%-%d+%-%d+ and %d+%-%d+%-%d+, in your HubSpot account:\n")
      assert.are.same({}, writes_among(server:requests()))
    end)

    it("says how far back HubSpot counts", function()
      fails_with("HubSpot counts at most 730 days.\n", on_sandbox { "examples/lifecycle_report.lua", "731" })
      succeeds(on_sandbox { "examples/lifecycle_report.lua", "730" })
    end)
  end)
end)
