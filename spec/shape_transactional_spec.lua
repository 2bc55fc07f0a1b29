local core = require "hubspot.core"
local transactional = require "hubspot.shape.transactional"

describe("a message", function()
  local message = {
    emailId = "12",
    message = { to = "ada@example.org", replyTo = { "x@example.com" } },
    contactProperties = { b = "2", a = "1" },
    customProperties = { n = 7 },
  }

  it(
    "has its properties in a list on v1, by name",
    function()
      assert.equal(
        '{"contactProperties":[{"name":"a","value":"1"},{"name":"b","value":"2"}],"customProperties":'
          .. '[{"name":"n","value":7}],"emailId":12,"message":{"replyTo":"x@example.com","to":"ada@example.org"}}',
        core.encode(transactional.v1_message(message))
      )
    end
  )

  it(
    "has its properties in a map on the current route",
    function()
      assert.equal(
        '{"contactProperties":{"a":"1","b":"2"},"customProperties":{"n":7},"emailId":12,"message":{"bcc":[],'
          .. '"cc":[],"replyTo":["x@example.com"],"to":"ada@example.org"}}',
        core.encode(transactional.message(message))
      )
    end
  )
end)

describe("transactional.send_result", function()
  it("has the event's time in ISO 8601", function()
    local result = { sendResult = "SENT", eventId = { id = "e", created = 1764000000000 } }
    assert.same({ id = "e", created = "2025-11-24T16:00:00.000Z" }, transactional.send_result(result).eventId)
    result = { status = "COMPLETE", eventId = { id = "e", created = "2025-11-24T16:00:00.000Z" } }
    assert.same({ id = "e", created = "2025-11-24T16:00:00.000Z" }, transactional.send_result(result).eventId)
    assert.same({ sendResult = "QUEUED" }, transactional.send_result { sendResult = "QUEUED" })
  end)
end)

describe("an SMTP token of v1", function()
  it("has the current spelling, its user name being its id", function()
    local answer = assert(core.decode [[[{"portalId":99001,"userName":"ab@99001.smtp.hubspot.net",
      "emailCampaignId":14845842,"createdAt":1764000000000,"deleted":false,"createdBy":"dev@example.org","appId":22709,
      "campaignName":"receipts","password":"p","passwordHash":null}]
    ]])
    local expected = {
      id = "ab@99001.smtp.hubspot.net",
      campaignName = "receipts",
      createdAt = "2025-11-24T16:00:00.000Z",
      createdBy = "dev@example.org",
      emailCampaignId = "14845842",
      password = "p",
      appId = "22709",
      deleted = false,
    }
    assert.same(expected, transactional.v1_token(answer[1]))
    assert.same({ expected }, transactional.v1_tokens(answer))
    assert.same({}, transactional.v1_tokens {})
    assert.same({ id = "x" }, transactional.v1_token { userName = "x" })
  end)
end)
