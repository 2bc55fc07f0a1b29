local core = require "hubspot.core"
local portal = require "spec.support.portal"

local array, ids_of = core.array, portal.ids_of
local V1_SEND = "/email/public/v1/singleEmail/send"
local V1_TOKENS = "/email/public/v1/smtpapi/tokens"
local SEND = "/marketing/transactional/2026-09/single-email/send"
local TOKENS = "/marketing/transactional/2026-09/smtp-tokens"
local EVENTS = "/email/public/v1/events"
local ADA = "ada@example.org"

describe("transactional e-mail", function()
  local wire, call, must

  local function set_up(options)
    wire = portal.new(options)
    call, must = wire.call, wire.must
  end

  before_each(function() set_up() end)

  local function send_v1(message, more)
    local body = { emailId = 123, message = { to = ADA } }
    for name, value in pairs(message or {}) do
      body.message[name] = value
    end
    for name, value in pairs(more or {}) do
      body[name] = value
    end
    return body
  end

  local function contact_value(email, name)
    return must("GET", "/crm/objects/2026-09/contacts/" .. email .. "?idProperty=email&properties=" .. name).properties[name]
  end

  local function event_types(email) return ids_of(must("GET", EVENTS .. "?recipient=" .. email).events, "type") end

  describe("single sends of v1", function()
    it("make the contact, set its properties, and leave events and counters", function()
      local answer, status = must(
        "POST",
        V1_SEND,
        send_v1({
          from = "Shop <shop@example.com>",
          replyTo = "x@example.com",
          replyToList = array { "y@example.com" },
          cc = array { "c@example.com" },
        }, {
          contactProperties = array { { name = "firstname", value = "Ada" } },
          customProperties = array { { name = "order", value = "7" } },
        })
      )
      assert.equal(200, status)
      assert.equal("SENT", answer.sendResult)
      assert.equal("Ada", contact_value(ADA, "firstname"))
      assert.same({ "DELIVERED", "PROCESSED", "SENT" }, event_types(ADA))
      local sent = must("GET", EVENTS .. "/" .. answer.eventId.created .. "/" .. answer.eventId.id)
      assert.equal("SENT", sent.type)
      assert.equal("Shop <shop@example.com>", sent.from)
      assert.same({ "y@example.com", "x@example.com" }, sent.replyTo)
      assert.same({ "c@example.com" }, sent.cc)
      must("POST", V1_SEND, send_v1(nil, { contactProperties = array { { name = "firstname", value = "Augusta" } } }))
      assert.equal("Augusta", contact_value(ADA, "firstname"))
      local campaigns = must("GET", "/email/public/v1/campaigns").campaigns
      assert.equal(1, #campaigns)
      assert.equal(sent.emailCampaignId, campaigns[1].id)
      local campaign = must("GET", "/email/public/v1/campaigns/" .. campaigns[1].id)
      assert.same({ sent = 2, processed = 2, delivered = 2 }, campaign.counters)
      assert.equal(123, campaign.contentId)
      assert.equal(2, campaign.numIncluded)
      assert.equal(1, must("GET", "/contacts/v1/contacts/statistics").contacts)
    end)

    it("go to an address with a name too", function()
      must("POST", V1_SEND, send_v1 { to = "Ada <Ada@Example.org>" })
      assert.equal(3, #event_types(ADA))
    end)

    it("send one mail for one sendId", function()
      local first = must("POST", V1_SEND, send_v1 { sendId = "order-7" })
      local second = must("POST", V1_SEND, send_v1 { sendId = "order-7", to = "bob@example.org" })
      assert.same(first, second)
      assert.same({}, event_types "bob@example.org")
      assert.equal(3, #event_types(ADA))
      assert.not_same(first, must("POST", V1_SEND, send_v1 { sendId = "order-8" }))
    end)

    it("answer 200 with another result where nothing could be sent", function()
      set_up { email_events = 60 }
      local function one(kind)
        return must("GET", "/email/public/v1/subscriptions/timeline?limit=100&changeType=" .. kind).timeline
      end
      local bounced
      for _, entry in ipairs(one "PORTAL_BOUNCE") do
        if must("GET", "/email/public/v1/subscriptions/" .. entry.recipient).bounced then bounced = entry.recipient end
      end
      for _, case in ipairs {
        { send_v1 { to = "nobody" }, "INVALID_TO_ADDRESS" },
        { send_v1 { from = "me" }, "INVALID_FROM_ADDRESS" },
        { send_v1({}, { emailId = 0 }), "MISSING_CONTENT" },
        { send_v1 { to = "a@mail.invalid" }, "BLOCKED_DOMAIN" },
        { send_v1 { to = bounced }, "PREVIOUSLY_BOUNCED", bounced },
        { send_v1 { to = one("PORTAL_SPAM_REPORT")[1].recipient }, "PREVIOUS_SPAM" },
      } do
        local answer, status = must("POST", V1_SEND, case[1])
        assert.equal(200, status)
        assert.equal(case[2], answer.sendResult)
        assert.equal("string", type(answer.message))
      end
      assert.equal("PREVIOUSLY_BOUNCED", must("GET", EVENTS .. "?recipient=" .. bounced).events[1].dropReason)
      assert.equal(0, must("GET", "/contacts/v1/contacts/statistics").contacts)
    end)

    it("may be tried again with the sendId of one that failed", function()
      assert.equal("INVALID_TO_ADDRESS", must("POST", V1_SEND, send_v1 { to = "ada", sendId = "s" }).sendResult)
      assert.equal("SENT", must("POST", V1_SEND, send_v1 { sendId = "s" }).sendResult)
    end)

    it("are refused where the body is malformed", function()
      for _, body in ipairs {
        { message = { to = ADA } },
        { emailId = "123", message = { to = ADA } },
        { emailId = 1.5, message = { to = ADA } },
        { emailId = 123 },
        { emailId = 123, message = {} },
        send_v1 { to = 5 },
        send_v1 { cc = "c@example.com" },
        send_v1 { replyToList = "x" },
        send_v1 { sendId = 7 },
        send_v1(nil, { contactProperties = { firstname = "Ada" } }),
        send_v1(nil, { contactProperties = array { { property = "firstname", value = "Ada" } } }),
        send_v1(nil, { customProperties = { order = "7" } }),
        send_v1(nil, { contactProperties = array { { name = "nope", value = "x" } } }),
      } do
        assert.equal(400, (call("POST", V1_SEND, body)))
      end
      assert.same({}, event_types(ADA))
      assert.equal(0, must("GET", "/contacts/v1/contacts/statistics").contacts)
    end)
  end)

  describe("single sends of a date version", function()
    local function body(message, more)
      local all = send_v1(message, more)
      all.contactProperties = all.contactProperties or {}
      return all
    end

    for _, path in ipairs { SEND, "/marketing/transactional/2026-03/single-email/send" } do
      it("take maps: " .. path, function()
        local answer, status = must(
          "POST",
          path,
          body({ replyTo = array { "x@example.com" } }, {
            contactProperties = { firstname = "Ada" },
            customProperties = { order = { 7 } },
          })
        )
        assert.equal(200, status)
        assert.equal("COMPLETE", answer.status)
        assert.equal("SENT", answer.sendResult)
        assert.equal("string", type(answer.statusId))
        assert.matches("^2025%-11%-24T16:", answer.eventId.created)
        assert.equal("Ada", contact_value(ADA, "firstname"))
        local sent = must("GET", EVENTS .. "?eventType=SENT").events[1]
        assert.equal(answer.eventId.id, sent.id)
        assert.same({ "x@example.com" }, sent.replyTo)
      end)
    end

    it("ignore a sendId that was used, on v1 too", function()
      local first = must("POST", V1_SEND, send_v1 { sendId = "s" })
      local second = must("POST", SEND, body { sendId = "s" })
      assert.equal("IDEMPOTENT_IGNORE", second.sendResult)
      assert.equal(first.eventId.id, second.eventId.id)
      must("POST", SEND, body { sendId = "t" })
      assert.equal("SENT", must("POST", V1_SEND, send_v1 { sendId = "t" }).sendResult)
      assert.equal(6, #event_types(ADA))
    end)

    it(
      "say why nothing was sent",
      function() assert.equal("INVALID_TO_ADDRESS", must("POST", SEND, body { to = "nobody" }).sendResult) end
    )

    it("are refused where the body is malformed, or that of v1", function()
      for _, wrong in ipairs {
        body { replyTo = "x@example.com" },
        { emailId = 123 },
        body { cc = "c@example.com" },
        body(nil, { contactProperties = array { { name = "firstname", value = "Ada" } } }),
        body(nil, { customProperties = array { { name = "order", value = "7" } } }),
        body(nil, { contactProperties = { nope = "x" } }),
      } do
        local status, answer = call("POST", SEND, wrong)
        assert.equal(400, status)
        assert.equal("VALIDATION_ERROR", answer.category)
      end
    end)
  end)

  describe("SMTP tokens", function()
    local function create(name) return must("POST", TOKENS, { campaignName = name, createContact = true }) end

    it("are made on v1, and known today", function()
      local made, status = must("POST", V1_TOKENS, { createdBy = "dev@example.org", campaignName = "receipts" })
      assert.equal(201, status)
      assert.equal("string", type(made.password))
      assert.equal(core.null, made.passwordHash)
      assert.matches("@99001%.smtp%.hubspot%.net$", made.userName)
      local listed = must("GET", V1_TOKENS)
      assert.equal(1, #listed)
      assert.is_nil(listed[1].password)
      assert.equal(made.userName, listed[1].userName)
      assert.is_false(listed[1].deleted)
      local token = must("GET", TOKENS .. "/" .. made.userName:gsub("@", "%%40"))
      assert.equal(made.userName, token.id)
      assert.equal("receipts", token.campaignName)
      assert.equal(tostring(made.emailCampaignId), token.emailCampaignId)
      assert.is_false(token.createContact)
      assert.is_nil(token.password)
      assert.equal("receipts", must("GET", "/email/public/v1/campaigns/" .. made.emailCampaignId).name)
      for _, body in ipairs {
        { createdBy = "dev@example.org" },
        { campaignName = "a" },
        { campaignName = "", createdBy = "b" },
      } do
        assert.equal(400, (call("POST", V1_TOKENS, body)))
      end
    end)

    it("are made today, and known on v1", function()
      local made, status = must("POST", TOKENS, { campaignName = "receipts", createContact = true })
      assert.equal(201, status)
      assert.is_true(made.createContact)
      assert.equal(made.id, must("GET", V1_TOKENS)[1].userName)
      assert.equal(made.id, must("GET", "/marketing/v3/transactional/smtp-tokens").results[1].id)
      assert.equal(made.id, must("GET", "/marketing/transactional/2026-03/smtp-tokens/" .. made.id).id)
      for _, body in ipairs {
        { campaignName = "a" },
        { createContact = true },
        { campaignName = "a", createContact = "x" },
      } do
        assert.equal(400, (call("POST", TOKENS, body)))
      end
    end)

    it("get new passwords", function()
      local made = create "receipts"
      local path = made.id:gsub("@", "%%40") .. "/password-reset"
      local second = must("POST", V1_TOKENS .. "/" .. path)
      local third = must("POST", TOKENS .. "/" .. path)
      assert.equal(made.id, second.userName)
      assert.equal(made.id, third.id)
      assert.not_equal(made.password, second.password)
      assert.not_equal(second.password, third.password)
      assert.is_nil(must("GET", TOKENS .. "/" .. made.id).password)
      assert.equal(404, (call("POST", V1_TOKENS .. "/nobody/password-reset")))
      assert.equal(404, (call("POST", TOKENS .. "/nobody/password-reset")))
    end)

    it("are deleted", function()
      local first, second = create "a", create "b"
      assert.equal(204, (call("DELETE", TOKENS .. "/" .. first.id)))
      assert.equal(404, (call("DELETE", TOKENS .. "/" .. first.id)))
      assert.equal(404, (call("GET", TOKENS .. "/" .. first.id)))
      assert.equal(204, (call("DELETE", V1_TOKENS .. "/" .. second.id)))
      assert.equal(404, (call("DELETE", V1_TOKENS .. "/" .. second.id)))
      assert.same({}, must("GET", V1_TOKENS))
    end)

    it("are listed to the end, whatever is deleted in between", function()
      local ids = {}
      for number = 1, 23 do
        ids[number] = create("c" .. number % 3).id
      end
      local seen, after, pages = {}, nil, 0
      repeat
        local page = must("GET", TOKENS .. "?limit=5" .. (after and "&after=" .. after or ""))
        for _, token in ipairs(page.results) do
          seen[#seen + 1] = token.id
        end
        after, pages = page.paging and page.paging.next.after, pages + 1
        if pages == 1 then must("DELETE", TOKENS .. "/" .. ids[2]) end
      until not after
      assert.equal(5, pages)
      assert.same(ids, seen)
      assert.equal(10, #must("GET", TOKENS).results)
      assert.equal(22, #must("GET", V1_TOKENS))
      assert.equal(400, (call("GET", TOKENS .. "?limit=0")))
      assert.equal(400, (call("GET", TOKENS .. "?limit=101")))
      assert.equal(7, #must("GET", TOKENS .. "?campaignName=c0&limit=100").results)
      local one = must("GET", TOKENS .. "/" .. ids[9])
      assert.same({ one }, must("GET", TOKENS .. "?emailCampaignId=" .. one.emailCampaignId).results)
    end)

    it("end after a year", function()
      create "a"
      wire.portal:advance(364 * 86400)
      assert.equal(1, #must("GET", V1_TOKENS))
      wire.portal:advance(2 * 86400)
      assert.same({}, must("GET", V1_TOKENS))
      assert.same({}, must("GET", TOKENS).results)
    end)
  end)

  it("wants its scope", function()
    set_up { scopes = { "content" } }
    for _, case in ipairs {
      { "POST", V1_SEND },
      { "POST", SEND },
      { "GET", V1_TOKENS },
      { "POST", V1_TOKENS },
      { "DELETE", V1_TOKENS .. "/a" },
      { "POST", V1_TOKENS .. "/a/password-reset" },
      { "GET", TOKENS },
      { "POST", TOKENS },
      { "GET", TOKENS .. "/a" },
      { "DELETE", TOKENS .. "/a" },
      { "POST", TOKENS .. "/a/password-reset" },
    } do
      local status, body = call(case[1], case[2])
      assert.equal(403, status)
      assert.same({ "transactional-email" }, body.errors[1].context.requiredGranularScopes)
    end
  end)
end)
