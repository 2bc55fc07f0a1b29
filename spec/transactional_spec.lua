-- client.transactional over real sockets: what goes over the wire is compared with HubSpot's documentation of it, not
-- with the client's own tables.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local wire = require "spec.support.wire"

local take, ids_of, collect = wire.take, wire.ids, wire.collect

local NOW = 1764000000000
local ISO = "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$"
local UUID = "^%x+%-%x+%-%x+%-%x+%-%x+$"
local ROUTE_OF_CURRENT = 'api_version = "2026-09"'
local V1_SEND = "POST /email/public/v1/singleEmail/send "
local V1_TOKENS = "/email/public/v1/smtpapi/tokens"
local SEND = "POST /marketing/transactional/2026-09/single-email/send "
local TOKENS = "/marketing/transactional/2026-09/smtp-tokens"

local here = fixture.new { reset = { clock = NOW } }
local server, clients = here.server, here.clients

local function refuses(...) return here:refuses(...) end

-- The mails that went out, as the log of e-mail events has them.
local function mails()
  local sent = collect(clients.current.email_events:all { event_type = "SENT" })
  server:clear_requests()
  return sent
end

-- Single sends -----------------------------------------------------------------------------------------------------

describe("transactional:send", function()
  it("sends an e-mail on v1, its properties as lists of names and values", function()
    local result = assert(clients.v1.transactional:send {
      emailId = 4126643121,
      message = {
        to = "ada@example.org",
        from = "Shop <shop@example.com>",
        sendId = "s1",
        cc = { "b@example.org" },
        bcc = { "c@example.org", "d@example.org" },
        replyTo = "help@example.com",
      },
      contactProperties = { lastname = "Lovelace", firstname = "Ada" },
      customProperties = { order = 7, express = true, items = { "Pen", "Ink" }, total = "7.50" },
    })
    assert.same({
      V1_SEND
        .. '{"contactProperties":[{"name":"firstname","value":"Ada"},{"name":"lastname","value":'
        .. '"Lovelace"}],"customProperties":[{"name":"express","value":true},{"name":"items","value":["Pen","Ink"]},'
        .. '{"name":"order","value":7},{"name":"total","value":"7.50"}],"emailId":4126643121,"message":{"bcc":'
        .. '["c@example.org","d@example.org"],"cc":["b@example.org"],"from":"Shop <shop@example.com>","replyTo":'
        .. '"help@example.com","sendId":"s1","to":"ada@example.org"}}',
    }, take(server))
    assert.equal("SENT", result.sendResult)
    assert.truthy(result.eventId.id:find(UUID))
    assert.truthy(result.eventId.created:find(ISO))
    local mail = mails()[1]
    assert.same({
      result.eventId.id,
      "ada@example.org",
      "Shop <shop@example.com>",
      { "b@example.org" },
      { "c@example.org", "d@example.org" },
      { "help@example.com" },
    }, { mail.id, mail.recipient, mail.from, mail.cc, mail.bcc, mail.replyTo })
  end)

  it("sends an e-mail with each date version, its properties as maps", function()
    for version, name in pairs { ["2026-09"] = "current", ["2026-03"] = "march" } do
      local result = assert(clients[name].transactional:send {
        emailId = "4126643121",
        message = {
          to = "ada@example.org",
          from = "Shop <shop@example.com>",
          sendId = name,
          cc = { "b@example.org" },
          bcc = { "c@example.org", "d@example.org" },
          replyTo = "help@example.com",
        },
        contactProperties = { lastname = "Lovelace", firstname = "Ada" },
        customProperties = { order = 7, express = true, items = { "Pen", "Ink" }, total = "7.50" },
      })
      assert.same({
        "POST /marketing/transactional/"
          .. version
          .. '/single-email/send {"contactProperties":'
          .. '{"firstname":"Ada","lastname":"Lovelace"},"customProperties":{"express":true,"items":["Pen","Ink"],'
          .. '"order":7,"total":"7.50"},"emailId":4126643121,"message":{"bcc":["c@example.org","d@example.org"],"cc":'
          .. '["b@example.org"],"from":"Shop <shop@example.com>","replyTo":["help@example.com"],"sendId":"'
          .. name
          .. '","to":"ada@example.org"}}',
      }, take(server))
      assert.same({ "COMPLETE", "SENT" }, { result.status, result.sendResult })
      assert.truthy(result.statusId:find(UUID))
      assert.truthy(result.eventId.id:find(UUID))
      for _, moment in ipairs { result.eventId.created, result.requestedAt, result.startedAt, result.completedAt } do
        assert.truthy(moment:find(ISO))
      end
    end
  end)

  it("sends empty lists and maps on the current route, whose specification asks for them", function()
    assert(clients.current.transactional:send { emailId = 1, message = { to = "ada@example.org" } })
    assert(clients.current.transactional:send {
      emailId = 1,
      message = { to = "ada@example.org" },
      contactProperties = {},
      customProperties = {},
    })
    local bare = SEND
      .. '{"contactProperties":{},"customProperties":{},"emailId":1,"message":{"bcc":[],"cc":[],'
      .. '"replyTo":[],"to":"ada@example.org"}}'
    assert.same({ bare, bare }, take(server))
  end)

  it("sends lists without items on v1", function()
    assert(clients.v1.transactional:send { emailId = 1, message = { to = "ada@example.org" } })
    assert(clients.v1.transactional:send {
      emailId = 1,
      message = { to = "ada@example.org" },
      contactProperties = {},
      customProperties = {},
    })
    local bare = V1_SEND
      .. '{"contactProperties":[],"customProperties":[],"emailId":1,"message":'
      .. '{"to":"ada@example.org"}}'
    assert.same({ bare, bare }, take(server))
  end)

  it("takes one address to reply to, or several, as each route wants them", function()
    for _, case in ipairs {
      { "a@example.com", '"replyTo":"a@example.com"', '"replyTo":["a@example.com"]' },
      { { "a@example.com" }, '"replyTo":"a@example.com"', '"replyTo":["a@example.com"]' },
      {
        { "a@example.com", "b@example.com" },
        '"replyToList":["a@example.com","b@example.com"]',
        '"replyTo":["a@example.com","b@example.com"]',
      },
    } do
      local message = { emailId = 1, message = { to = "ada@example.org", replyTo = case[1] } }
      assert(clients.v1.transactional:send(message))
      assert(clients.current.transactional:send(message))
      local lines = take(server)
      assert.truthy(lines[1]:find('"message":{' .. case[2] .. ',"to":"ada@example.org"}', 1, true), lines[1])
      assert.truthy(
        lines[2]:find('"message":{"bcc":[],"cc":[],' .. case[3] .. ',"to":"ada@example.org"}', 1, true),
        lines[2]
      )
      local expected = type(case[1]) == "table" and case[1] or { case[1] }
      for _, mail in ipairs(mails()) do
        assert.same(expected, mail.replyTo)
      end
      server:reset { clock = NOW }
    end
  end)

  it("takes one address for a copy, or several", function()
    for _, name in ipairs { "v1", "current" } do
      assert(clients[name].transactional:send {
        emailId = 1,
        message = { to = "ada@example.org", cc = "b@example.org", bcc = { "c@example.org", "d@example.org" } },
      })
      local line = take(server)[1]
      assert.truthy(line:find('"bcc":["c@example.org","d@example.org"],"cc":["b@example.org"]', 1, true), line)
    end
  end)

  it("sends the contact's properties as texts, and sets them", function()
    for _, name in ipairs { "v1", "current" } do
      local email = name .. "@example.org"
      assert(clients[name].transactional:send {
        emailId = 1,
        message = { to = email },
        contactProperties = { firstname = "Ada", zip = 1815 },
      })
      local contact = assert(clients.current.contacts:get_by_email(email, { properties = { "firstname", "zip" } }))
      assert.same({ "Ada", "1815" }, { contact.properties.firstname, contact.properties.zip })
      local line = take(server)[1]
      assert.truthy(line:find(name == "v1" and '{"name":"zip","value":"1815"}' or '"zip":"1815"', 1, true), line)
    end
  end)

  it("sends what JSON can hold for the template's own fields", function()
    local message = {
      emailId = 1,
      message = { to = "ada@example.org" },
      customProperties = { a = hubspot.null, b = { c = 1.5 }, d = hubspot.array() },
    }
    assert(clients.v1.transactional:send(message))
    assert(clients.current.transactional:send(message))
    local lines = take(server)
    assert.truthy(
      lines[1]:find(
        '"customProperties":[{"name":"a","value":null},{"name":"b","value":{"c":1.5}},' .. '{"name":"d","value":[]}]',
        1,
        true
      ),
      lines[1]
    )
    assert.truthy(lines[2]:find('"customProperties":{"a":null,"b":{"c":1.5},"d":[]}', 1, true), lines[2])
  end)

  it("gives the result where the e-mail is not sent, which HubSpot answers with success", function()
    for _, name in ipairs { "v1", "current" } do
      local result = assert(clients[name].transactional:send { emailId = 1, message = { to = "nobody" } })
      assert.equal("INVALID_TO_ADDRESS", result.sendResult)
      assert.truthy(result.message:find("nobody", 1, true))
      assert.is_nil(result.eventId)
      result =
        assert(clients[name].transactional:send { emailId = 1, message = { to = "ada@example.org", from = "Shop" } })
      assert.equal("INVALID_FROM_ADDRESS", result.sendResult)
    end
    assert.same({}, mails())
  end)

  it("gives a result that is not there yet", function()
    server:fault {
      kind = "status",
      status = 200,
      body = '{"sendResult":"QUEUED","eventId":{"id":"e","created":' .. "1764000000000}}",
    }
    assert.same(
      { sendResult = "QUEUED", eventId = { id = "e", created = "2025-11-24T16:00:00.000Z" } },
      clients.v1.transactional:send { emailId = 1, message = { to = "ada@example.org" } }
    )
    server:fault { kind = "status", status = 201, body = '{"status":"PENDING","statusId":"x"}' }
    assert.same(
      { status = "PENDING", statusId = "x" },
      clients.current.transactional:send { emailId = 1, message = { to = "ada@example.org" } }
    )
    server:fault { kind = "status", status = 204, body = "" }
    assert.is_true(clients.current.transactional:send { emailId = 1, message = { to = "ada@example.org" } })
  end)

  it("gives the error of a message that HubSpot refuses", function()
    for _, name in ipairs { "v1", "current" } do
      local result, err = clients[name].transactional:send {
        emailId = 1,
        message = { to = "ada@example.org" },
        contactProperties = { no_such_property = "x" },
      }
      assert.same({ nil, 400 }, { result, err.status })
    end
    assert.same({}, mails())
  end)

  it("gives the decoded answer untouched with raw", function()
    local message = { emailId = 1, message = { to = "ada@example.org" } }
    local answer = assert(clients.v1.transactional:send(message, { raw = true }))
    assert.equal("number", type(answer.eventId.created))
    answer = assert(clients.current.transactional:send(message, { raw = true }))
    assert.equal("string", type(answer.eventId.created))
  end)

  for _, name in ipairs { "v1", "current" } do
    it("is not repeated without a sendId where it may have been carried out, on the route " .. name, function()
      for _, fault in ipairs {
        { kind = "reset_after" },
        { kind = "cut" },
        { kind = "status", status = 502 },
        { kind = "status", status = 504 },
      } do
        server:reset { clock = NOW }
        server:fault(fault)
        local result, err = clients[name].transactional:send { emailId = 1, message = { to = "ada@example.org" } }
        assert.is_nil(result)
        assert.equal(1, err.attempts)
        assert.equal(1, #take(server))
        assert.is_true(#mails() <= 1)
      end
    end)

    it("is repeated without a sendId where it was refused for now, on the route " .. name, function()
      server:fault { kind = "status", status = 429, retry_after = 0 }
      assert(clients[name].transactional:send { emailId = 1, message = { to = "ada@example.org" } })
      assert.equal(2, #take(server))
      assert.equal(1, #mails())
    end)

    it("is repeated with a sendId, and one mail goes out, on the route " .. name, function()
      for index, fault in ipairs { { kind = "reset_after" }, { kind = "cut" }, { kind = "status", status = 502 } } do
        server:reset { clock = NOW }
        server:fault(fault)
        local result = assert(clients[name].transactional:send {
          emailId = 1,
          message = { to = "ada@example.org", sendId = "order " .. index },
        })
        local lines = take(server)
        assert.equal(2, #lines)
        assert.equal(lines[1], lines[2])
        assert.equal(1, #mails())
        assert.equal(mails()[1].id, result.eventId.id)
      end
    end)
  end

  it("refuses a message that is none", function()
    local label = "transactional:send: message"
    local ada = { to = "ada@example.org" }
    for _, name in ipairs { "v1", "current" } do
      local transactional = clients[name].transactional
      for _, case in ipairs {
        { " must be a table", "x" },
        { ".emailId is missing", { message = ada } },
        { ".emailId must be an id", { emailId = "welcome", message = ada } },
        { ".message is missing", { emailId = 1 } },
        { ".message must be a table", { emailId = 1, message = "ada@example.org" } },
        { ".message.to is missing", { emailId = 1, message = {} } },
        { ".message.to must be a string", { emailId = 1, message = { to = { "ada@example.org" } } } },
        { ".message.to must be a string that is not empty", { emailId = 1, message = { to = "" } } },
        { ".message.from must be a string", { emailId = 1, message = { to = "a@x.org", from = 1 } } },
        { ".message.sendId must be a string", { emailId = 1, message = { to = "a@x.org", sendId = 7 } } },
        {
          ".message.replyTo must be a list of e-mail addresses",
          { emailId = 1, message = { to = "a@x.org", replyTo = 7 } },
        },
        { ".message.replyTo must not be empty", { emailId = 1, message = { to = "a@x.org", replyTo = {} } } },
        { ".message.cc[2] must be a string", { emailId = 1, message = { to = "a@x.org", cc = { "b@x.org", 1 } } } },
        { ".message.bcc must be a list", { emailId = 1, message = { to = "a@x.org", bcc = { x = "b@x.org" } } } },
        {
          ".message has an unknown field replyToList; did you mean replyTo?",
          { emailId = 1, message = { to = "a@x.org", replyToList = { "b@x.org" } } },
        },
        {
          " has an unknown field contactPropertys; did you mean contactProperties?",
          { emailId = 1, message = ada, contactPropertys = {} },
        },
        {
          ".contactProperties must be a table of property values by name",
          { emailId = 1, message = ada, contactProperties = { { name = "firstname", value = "Ada" } } },
        },
        {
          ".contactProperties.firstname must be a string, a number, a boolean or a list of strings",
          { emailId = 1, message = ada, contactProperties = { firstname = { a = 1 } } },
        },
        { ".customProperties must be a table", { emailId = 1, message = ada, customProperties = "x" } },
        {
          ".customProperties must be a table of values by name, got the key 1",
          { emailId = 1, message = ada, customProperties = { { name = "order", value = "7" } } },
        },
      } do
        refuses(label .. case[1], function() transactional:send(case[2]) end)
      end
      refuses(
        "a function has no JSON form",
        function() transactional:send { emailId = 1, message = ada, customProperties = { f = print } } end
      )
    end
  end)
end)

-- SMTP tokens ------------------------------------------------------------------------------------------------------

describe("transactional:create_token", function()
  it("makes a token on v1, whose id is its user name", function()
    local token =
      assert(clients.v1.transactional:create_token { createdBy = "dev@example.org", campaignName = "receipts" })
    assert.same({ "POST " .. V1_TOKENS .. ' {"campaignName":"receipts","createdBy":"dev@example.org"}' }, take(server))
    assert.truthy(token.id:find("@", 1, true))
    assert.truthy(token.createdAt:find(ISO))
    assert.truthy(token.emailCampaignId:find "^%d+$")
    assert.truthy(token.appId:find "^%d+$")
    assert.truthy(type(token.password) == "string" and #token.password > 0)
    assert.same({ "receipts", "dev@example.org", false }, { token.campaignName, token.createdBy, token.deleted })
  end)

  it("makes a token with each date version", function()
    for version, name in pairs { ["2026-09"] = "current", ["2026-03"] = "march" } do
      local transactional = clients[name].transactional
      local token = assert(transactional:create_token { campaignName = "receipts", createContact = false })
      assert.same({
        "POST /marketing/transactional/" .. version .. '/smtp-tokens {"campaignName":"receipts","createContact":false}',
      }, take(server))
      assert.equal("string", type(token.id))
      assert.truthy(token.createdAt:find(ISO))
      assert.truthy(token.emailCampaignId:find "^%d+$")
      assert.truthy(type(token.password) == "string" and #token.password > 0)
      assert.same({ "receipts", false }, { token.campaignName, token.createContact })
      token = assert(transactional:create_token { campaignName = "r", createContact = true })
      assert.is_true(token.createContact)
      server:clear_requests()
    end
  end)

  it("takes 200 for 201", function()
    server:fault {
      kind = "status",
      status = 200,
      body = '{"userName":"u@99001.smtp.hubspot.net","password":"p",'
        .. '"passwordHash":null,"createdAt":1764000000000,"emailCampaignId":14845842,"portalId":99001}',
    }
    assert.same({
      id = "u@99001.smtp.hubspot.net",
      password = "p",
      createdAt = "2025-11-24T16:00:00.000Z",
      emailCampaignId = "14845842",
    }, clients.v1.transactional:create_token { createdBy = "dev@example.org", campaignName = "receipts" })
    server:fault { kind = "status", status = 200, body = '{"id":"u","password":"p","emailCampaignId":"14845842"}' }
    assert.same(
      { id = "u", password = "p", emailCampaignId = "14845842" },
      clients.current.transactional:create_token { campaignName = "receipts", createContact = true }
    )
  end)

  it("is not repeated where it may have been carried out", function()
    for name, definition in pairs {
      v1 = { createdBy = "dev@example.org", campaignName = "receipts" },
      current = { campaignName = "receipts", createContact = true },
    } do
      server:reset { clock = NOW }
      server:fault { kind = "reset_after" }
      local token, err = clients[name].transactional:create_token(definition)
      assert.same({ nil, "network", 1 }, { token, err.kind, err.attempts })
      assert.equal(1, #take(server))
      assert.equal(1, #assert(clients[name].transactional:tokens()))
    end
  end)

  it("refuses a definition that is none, and a field of the other route", function()
    local label = "transactional:create_token: definition"
    local v1, current = clients.v1.transactional, clients.current.transactional
    refuses(label .. " must be a table", function() v1:create_token "receipts" end)
    refuses(label .. ".campaignName is missing", function() v1:create_token { createdBy = "dev@example.org" } end)
    refuses(label .. ".createdBy is missing", function() v1:create_token { campaignName = "receipts" } end)
    refuses(
      label .. ".createdBy must be a string",
      function() v1:create_token { createdBy = 7, campaignName = "receipts" } end
    )
    refuses(
      label .. " has an unknown field createContact",
      function() v1:create_token { createdBy = "dev@example.org", campaignName = "receipts", createContact = true } end
    )
    refuses(
      label .. ".campaignName must be a string",
      function() v1:create_token { createdBy = "dev@example.org", campaignName = 7 } end
    )
    refuses(
      label .. ".campaignName must be a string that is not empty",
      function() current:create_token { campaignName = "", createContact = true } end
    )
    refuses(label .. ".campaignName is missing", function() current:create_token { createContact = true } end)
    refuses(label .. ".createContact is missing", function() current:create_token { campaignName = "receipts" } end)
    refuses(
      label .. ".createContact must be true or false",
      function() current:create_token { campaignName = "receipts", createContact = "true" } end
    )
    refuses(
      label .. " has an unknown field createdBy",
      function() current:create_token { createdBy = "dev@example.org", campaignName = "receipts", createContact = true } end
    )
    refuses(
      "did you mean campaignName?",
      function() current:create_token { campainName = "receipts", createContact = true } end
    )
  end)
end)

-- Makes tokens; returns their ids. Forgets the requests that this took.
local function make_tokens(count)
  local ids = {}
  for number = 1, count do
    ids[number] =
      assert(clients.current.transactional:create_token { campaignName = "c" .. number % 3, createContact = true }).id
  end
  server:clear_requests()
  return ids
end

describe("transactional:tokens", function()
  it("reads all pages with each date version, without passwords", function()
    local ids = make_tokens(230)
    for version, name in pairs { ["2026-09"] = "current", ["2026-03"] = "march" } do
      local tokens = assert(clients[name].transactional:tokens())
      assert.same(ids, ids_of(tokens))
      for _, token in ipairs(tokens) do
        assert.is_nil(token.password)
      end
      assert.same({ "c1", true }, { tokens[1].campaignName, tokens[1].createContact })
      assert.truthy(tokens[1].createdAt:find(ISO))
      local path = "GET /marketing/transactional/" .. version .. "/smtp-tokens?"
      assert.same({ path .. "limit=100", path .. "after=100&limit=100", path .. "after=200&limit=100" }, take(server))
    end
  end)

  it("reads them on v1, where there are no pages", function()
    local ids = make_tokens(3)
    local tokens = assert(clients.v1.transactional:tokens())
    assert.same({ "GET " .. V1_TOKENS }, take(server))
    assert.same(ids, ids_of(tokens))
    for _, token in ipairs(tokens) do
      assert.is_nil(token.password)
      assert.truthy(token.createdAt:find(ISO))
      assert.truthy(token.emailCampaignId:find "^%d+$")
    end
    assert.equal("c1", tokens[1].campaignName)
  end)

  it("gives an empty list where there are none", function()
    assert.same({}, assert(clients.v1.transactional:tokens()))
    assert.same({}, assert(clients.current.transactional:tokens()))
  end)

  it("takes the filters of the current route", function()
    local ids = make_tokens(5)
    local transactional = clients.current.transactional
    assert.same({ ids[1], ids[4] }, ids_of(assert(transactional:tokens { campaign_name = "c1" })))
    local campaign_id = assert(transactional:tokens())[2].emailCampaignId
    server:clear_requests()
    assert.same({ ids[2] }, ids_of(assert(transactional:tokens { email_campaign_id = campaign_id })))
    assert.same({}, assert(transactional:tokens { email_campaign_id = tonumber(campaign_id), campaign_name = "c 1" }))
    assert.same({
      "GET " .. TOKENS .. "?emailCampaignId=" .. campaign_id .. "&limit=100",
      "GET " .. TOKENS .. "?campaignName=c%201&emailCampaignId=" .. campaign_id .. "&limit=100",
    }, take(server))
    for option, value in pairs { campaign_name = "c1", email_campaign_id = 7 } do
      local message = refuses(
        ("transactional:tokens: option %s works only with"):format(option),
        function() clients.v1.transactional:tokens { [option] = value } end
      )
      assert.truthy(message:find(ROUTE_OF_CURRENT, 1, true))
    end
    refuses(
      "transactional:tokens: campaign_name must be a string",
      function() transactional:tokens { campaign_name = 1 } end
    )
    refuses(
      "transactional:tokens: email_campaign_id must be an id",
      function() transactional:tokens { email_campaign_id = "c1" } end
    )
    refuses("did you mean campaign_name?", function() transactional:tokens { campaignName = "c1" } end)
  end)

  it("repeats the filter with every page", function()
    server:fault { kind = "status", status = 200, body = '{"results":[{"id":"a"}],"paging":{"next":{"after":"x+1"}}}' }
    server:fault { kind = "status", status = 200, body = '{"results":[{"id":"b"}]}' }
    assert.same({ "a", "b" }, ids_of(assert(clients.current.transactional:tokens { campaign_name = "c1" })))
    assert.same(
      { "GET " .. TOKENS .. "?campaignName=c1&limit=100", "GET " .. TOKENS .. "?after=x%2B1&campaignName=c1&limit=100" },
      take(server)
    )
  end)

  it("continues after an empty page that has a cursor", function()
    server:fault { kind = "status", status = 200, body = '{"results":[],"paging":{"next":{"after":"1"}}}' }
    server:fault { kind = "status", status = 200, body = '{"results":[{"id":"b"}]}' }
    assert.same({ "b" }, ids_of(assert(clients.current.transactional:tokens())))
  end)

  it("reports a cursor that comes again, and does not go round", function()
    for _, cursors in ipairs { { "7", "7" }, { "7", "8", "7", "8" } } do
      server:clear_faults()
      for repetition = 1, 20 do
        local cursor = cursors[(repetition - 1) % #cursors + 1]
        server:fault {
          kind = "status",
          status = 200,
          body = ('{"results":[{"id":"a"}],"paging":{"next":{"after":"%s"}}}'):format(cursor),
        }
      end
      local tokens, err = clients.current.transactional:tokens()
      assert.same({ nil, "decode" }, { tokens, err.kind })
      assert.truthy(tostring(err):find("cursor", 1, true))
      assert.is_true(#take(server) < 10)
    end
  end)

  it("is repeated", function()
    local ids = make_tokens(130)
    for name, count in pairs { v1 = 2, current = 3 } do
      server:fault { kind = "status", status = 503 }
      assert.same(ids, ids_of(assert(clients[name].transactional:tokens())))
      assert.equal(count, #take(server))
    end
  end)

  it("gives the error of a page", function()
    make_tokens(130)
    server:fault { kind = "status", status = 403, after = 1 }
    local tokens, err = clients.current.transactional:tokens()
    assert.same({ nil, 403 }, { tokens, err.status })
    assert.equal(2, #take(server))
  end)

  it("gives v1's decoded answer untouched with raw", function()
    local ids = make_tokens(1)
    assert.equal(ids[1], assert(clients.v1.transactional:tokens { raw = true })[1].userName)
  end)
end)

describe("transactional:reset_token_password", function()
  it("gives a token another password on v1, by its user name", function()
    local made =
      assert(clients.v1.transactional:create_token { createdBy = "dev@example.org", campaignName = "receipts" })
    server:clear_requests()
    local token = assert(clients.v1.transactional:reset_token_password(made.id))
    assert.same({ "POST " .. V1_TOKENS .. "/" .. made.id:gsub("@", "%%40") .. "/password-reset" }, take(server))
    assert.truthy(type(token.password) == "string" and #token.password > 0)
    assert.not_equal(made.password, token.password)
    made.password, token.password = nil, nil
    assert.same(made, token)
  end)

  it("does so with each date version, by its id", function()
    for version, name in pairs { ["2026-09"] = "current", ["2026-03"] = "march" } do
      local made = assert(clients[name].transactional:create_token { campaignName = "receipts", createContact = true })
      server:clear_requests()
      local token = assert(clients[name].transactional:reset_token_password(made.id))
      assert.same({
        "POST /marketing/transactional/"
          .. version
          .. "/smtp-tokens/"
          .. made.id:gsub("@", "%%40")
          .. "/password-reset",
      }, take(server))
      assert.truthy(type(token.password) == "string" and #token.password > 0)
      assert.not_equal(made.password, token.password)
      made.password, token.password = nil, nil
      assert.same(made, token)
    end
  end)

  it("is repeated: the last password counts", function()
    for name, definition in pairs {
      v1 = { createdBy = "dev@example.org", campaignName = "receipts" },
      current = { campaignName = "receipts", createContact = true },
    } do
      local made = assert(clients[name].transactional:create_token(definition))
      server:clear_requests()
      server:fault { kind = "reset_after" }
      assert.not_equal(made.password, assert(clients[name].transactional:reset_token_password(made.id)).password)
      assert.equal(2, #take(server))
    end
  end)

  it("fails for an unknown token", function()
    for _, name in ipairs { "v1", "current" } do
      local token, err = clients[name].transactional:reset_token_password "nobody@99001.smtp.hubspot.net"
      assert.same({ nil, 404 }, { token, err.status })
    end
  end)

  it("refuses what is no id", function()
    for _, name in ipairs { "v1", "current" } do
      for _, bad in ipairs { "", ".", 7 } do
        refuses(
          "transactional:reset_token_password: id must be a string",
          function() clients[name].transactional:reset_token_password(bad) end
        )
      end
    end
  end)
end)
