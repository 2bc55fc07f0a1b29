local core = require "hubspot.core"
local subscriptions = require "hubspot.shape.subscriptions"

local function decode(json) return assert(core.decode(json)) end

describe("subscriptions.types", function()
  it("has one shape, as far as the generations tell the same", function()
    assert.same(
      {
        {
          id = "146",
          name = "Weekly",
          description = "D",
          isActive = true,
          isInternal = false,
          portalId = "99001",
          category = "Marketing",
        },
      },
      subscriptions.v1_types(decode [[{"subscriptionDefinitions":
      [{"active":true,"portalId":99001,"description":"D","id":146,"name":"Weekly","internal":false,
      "category":"Marketing"}]}]])
    )
    assert.same(
      { { id = "146", name = "Weekly", isActive = true, businessUnitId = "0" } },
      subscriptions.types(decode [[{"results":[{"id":"146","name":"Weekly","isActive":true,"businessUnitId":0}]}]])
    )
  end)

  it("is a list where the answer has none", function()
    assert.same({}, subscriptions.v1_types {})
    assert.same({}, subscriptions.types {})
  end)
end)

describe("the status of an address", function()
  it("has the current spelling on v1, too", function()
    assert.same(
      {
        email = "ada@example.org",
        subscribed = true,
        markedAsSpam = false,
        bounced = false,
        portalId = "99001",
        status = "subscribed",
        subscriptionStatuses = {
          {
            id = "146",
            status = "SUBSCRIBED",
            optState = "OPT_IN",
            timestamp = "2025-11-24T16:00:00.000Z",
            legalBasis = "NON_GDPR",
            legalBasisExplanation = "E",
          },
          { id = "147", status = "UNSUBSCRIBED", optState = "OPT_OUT" },
          { id = "148", status = "NOT_SPECIFIED", optState = "NOT_OPTED" },
          { id = "149", name = "Weekly", status = "SUBSCRIBED" },
          { id = "150", status = "NOT_SPECIFIED" },
        },
      },
      subscriptions.v1_status(decode [[{"subscribed":true,"markedAsSpam":false,"portalId":99001,"bounced":false,
      "email":"ada@example.org","status":"subscribed","subscriptionStatuses":[
      {"id":146,"subscribed":true,"updatedAt":1764000000000,"optState":"OPT_IN","legalBasis":"NON_GDPR",
       "legalBasisExplanation":"E"},
      {"id":147,"subscribed":false,"optState":"OPT_OUT"},{"id":148,"subscribed":true,"optState":"NOT_OPTED"},
      {"id":149,"name":"Weekly","subscribed":true},{"id":150,"subscribed":null}]}]])
    )
    assert.same(
      { email = "a@example.org", subscriptionStatuses = {} },
      subscriptions.v1_status { email = "a@example.org" }
    )
  end)

  it("has ids as texts, and the address that was asked for", function()
    assert.same(
      {
        email = "ada@example.org",
        subscriptionStatuses = {
          {
            id = "146",
            name = "Weekly",
            status = "SUBSCRIBED",
            channel = "EMAIL",
            source = "PUBLIC_API",
            timestamp = "2025-11-24T16:00:00.000Z",
            legalBasis = "NON_GDPR",
            legalBasisExplanation = "E",
            businessUnitId = "0",
            setStatusSuccessReason = "RESUBSCRIBE_OCCURRED",
          },
        },
      },
      subscriptions.statuses(
        decode [[{"status":"COMPLETE","results":[{"subscriberIdString":"ada@example.org",
      "subscriptionId":146,"subscriptionName":"Weekly","status":"SUBSCRIBED","channel":"EMAIL","source":"PUBLIC_API",
      "timestamp":"2025-11-24T16:00:00.000Z","legalBasis":"NON_GDPR","legalBasisExplanation":"E","businessUnitId":0,
      "setStatusSuccessReason":"RESUBSCRIBE_OCCURRED"}]}]],
        { email = "ada@example.org" }
      )
    )
    assert.same(
      { email = "a@example.org", subscriptionStatuses = {} },
      subscriptions.statuses({}, { email = "a@example.org" })
    )
  end)
end)

describe("subscriptions.v1_changes", function()
  it("is spelled as v1 wants it", function()
    assert.equal('{"unsubscribeFromAll":true}', core.encode(subscriptions.v1_changes { unsubscribeFromAll = true }))
    assert.equal(
      '{"portalSubscriptionLegalBasis":"NON_GDPR","subscriptionStatuses":[{"id":146,"legalBasis":"NON_GDPR",'
        .. '"legalBasisExplanation":"E","optState":"OPT_IN","subscribed":true},{"id":147,"optState":"OPT_OUT",'
        .. '"subscribed":false}]}',
      core.encode(subscriptions.v1_changes {
        portalSubscriptionLegalBasis = "NON_GDPR",
        subscriptionStatuses = {
          { id = "146", subscribed = true, legalBasis = "NON_GDPR", legalBasisExplanation = "E" },
          { id = "147", subscribed = false },
        },
      })
    )
  end)
end)

describe("subscriptions.v1_changes_page", function()
  it("has ids as texts and snapshots in the shape of a status", function()
    assert.same(
      {
        {
          timestamp = 1764000000000,
          portalId = "99001",
          recipient = "ada@example.org",
          normalizedEmailId = "uuid",
          changes = {
            {
              change = "SUBSCRIBED",
              changeType = "SUBSCRIPTION_STATUS",
              subscriptionId = "146",
              causedByEvent = { id = "uuid", created = 1764000000000 },
            },
          },
          snapshot = { email = "ada@example.org", subscriptionStatuses = { { id = "146", status = "SUBSCRIBED" } } },
        },
        { recipient = "bo@example.org", changes = {} },
      },
      subscriptions.v1_changes_page(decode [[{"timeline":[{"timestamp":1764000000000,"portalId":99001,
      "recipient":"ada@example.org","normalizedEmailId":"uuid","changes":[{"change":"SUBSCRIBED",
      "changeType":"SUBSCRIPTION_STATUS","subscriptionId":146,"causedByEvent":{"id":"uuid","created":1764000000000}}],
      "snapshot":{"email":"ada@example.org","subscriptionStatuses":[{"id":146,"subscribed":true}]}},
      {"recipient":"bo@example.org","changes":[]}]}]])
    )
    assert.same({}, subscriptions.v1_changes_page {})
  end)
end)
