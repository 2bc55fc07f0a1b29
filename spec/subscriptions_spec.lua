-- client.subscriptions over real sockets: what goes over the wire is compared with HubSpot's documentation of it, not
-- with the client's own tables.

local subscription_fixture = require "spec.support.subscription_fixture"
local wire = require "spec.support.wire"

local take, ids_of, collect = wire.take, wire.ids, wire.collect

local ADA = subscription_fixture.ADA
local ISO = "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$"
local ROUTE_OF_CURRENT = 'api_version = "2026-09"'
local V1 = "/email/public/v1/subscriptions"
local STATUSES = "/communication-preferences/2026-09/statuses/"
local ADA_IN_PATH = "ada%2Bnews%40example.org"
-- Ids of subscription types.
local WEEKLY, PRODUCT, EVENTS = "146", "147", "151"

local here = subscription_fixture.new()
local server, clients = here.server, here.clients

local function refuses(...) return here:refuses(...) end

local function set(...) return subscription_fixture.set(here, ...) end

-- Returns the state of each subscription of an address by its id, as HubSpot writes it.
local function states_of(email)
  local answer =
    assert(clients.current:request { method = "GET", path = STATUSES .. email, query = { channel = "EMAIL" } })
  local states = {}
  for _, result in ipairs(answer.results) do
    states[("%d"):format(result.subscriptionId)] = result.status
  end
  server:clear_requests()
  return states
end

-- A client that belongs to an account by its id.
local function with_portal(version) return wire.client(server, { api_version = version, portal_id = 99001 }) end

describe("subscriptions:types", function()
  it("reads the types with each date version", function()
    for version, name in pairs { ["2026-09"] = "current", ["2026-03"] = "march" } do
      local types = assert(clients[name].subscriptions:types())
      assert.same({ "GET /communication-preferences/" .. version .. "/definitions" }, take(server))
      assert.same({ WEEKLY, PRODUCT, EVENTS }, ids_of(types))
      assert.same(
        { "Weekly", "News of the week", true, "0" },
        { types[1].name, types[1].description, types[1].isActive, types[1].businessUnitId }
      )
      assert.is_false(types[3].isActive)
      assert.truthy(types[1].createdAt:find(ISO))
    end
  end)

  it("reads them on v1, in the current spelling", function()
    local types = assert(clients.v1.subscriptions:types())
    assert.same({ "GET " .. V1 }, take(server))
    assert.same({ WEEKLY, PRODUCT, EVENTS }, ids_of(types))
    assert.same(
      { "Weekly", "News of the week", true, "99001" },
      { types[1].name, types[1].description, types[1].isActive, types[1].portalId }
    )
    assert.is_false(types[3].isActive)
    assert.is_nil(types[1].active)
  end)

  it("sends the account's id on v1 only", function()
    local client = with_portal "v1"
    assert.equal(3, #assert(client.subscriptions:types()))
    assert.same({ "GET " .. V1 .. "?portalId=99001" }, take(server))
    assert.equal(3, #assert(with_portal("2026-09").subscriptions:types()))
    assert.same({ "GET /communication-preferences/2026-09/definitions" }, take(server))
  end)

  it("takes the options of the current route", function()
    local subscriptions = clients.current.subscriptions
    local types = assert(subscriptions:types { business_unit_id = 0, include_translations = true })
    assert.same({}, types[1].subscriptionTranslations)
    assert.same({}, assert(subscriptions:types { business_unit_id = "7", include_translations = false }))
    assert.same({
      "GET /communication-preferences/2026-09/definitions?businessUnitId=0&includeTranslations=true",
      "GET /communication-preferences/2026-09/definitions?businessUnitId=7&includeTranslations=false",
    }, take(server))
    for option, value in pairs { business_unit_id = 0, include_translations = true } do
      local message = refuses(
        ("subscriptions:types: option %s works only with"):format(option),
        function() clients.v1.subscriptions:types { [option] = value } end
      )
      assert.truthy(message:find(ROUTE_OF_CURRENT, 1, true))
    end
    refuses(
      "subscriptions:types: business_unit_id must be an id",
      function() clients.current.subscriptions:types { business_unit_id = "main" } end
    )
    refuses(
      "subscriptions:types: include_translations must be true or false",
      function() clients.current.subscriptions:types { include_translations = "yes" } end
    )
    refuses(
      "did you mean include_translations?",
      function() clients.current.subscriptions:types { includeTranslations = true } end
    )
  end)

  it("gives an empty list where there are none", function()
    server:fault { kind = "status", status = 200, body = '{"subscriptionDefinitions":[]}' }
    assert.same({}, assert(clients.v1.subscriptions:types()))
    server:fault { kind = "status", status = 200, body = '{"status":"COMPLETE","results":[]}' }
    assert.same({}, assert(clients.current.subscriptions:types()))
  end)

  it("gives the decoded answer untouched with raw", function()
    assert.equal(146, assert(clients.v1.subscriptions:types { raw = true }).subscriptionDefinitions[1].id)
    assert.equal("COMPLETE", assert(clients.current.subscriptions:types { raw = true }).status)
  end)
end)

describe("reading subscriptions", function()
  it("is repeated", function()
    for _, name in ipairs { "v1", "current" } do
      local subscriptions = clients[name].subscriptions
      for _, read in ipairs {
        function() return subscriptions:types() end,
        function() return subscriptions:status(ADA) end,
        function() return collect(subscriptions:changes()) end,
      } do
        server:fault { kind = "status", status = 503 }
        assert(read())
        assert.equal(2, #take(server))
      end
    end
    -- The read of v1 after a change.
    server:fault { kind = "status", status = 503, method = "GET" }
    assert(clients.v1.subscriptions:update(ADA, { unsubscribeFromAll = true }))
    assert.equal(3, #take(server))
  end)
end)

describe("subscriptions:status", function()
  it("reads what an address has with each date version", function()
    set(
      ADA,
      { id = WEEKLY, subscribed = true, legalBasis = "CONSENT_WITH_NOTICE", legalBasisExplanation = "A form" },
      { id = PRODUCT, subscribed = false }
    )
    for version, name in pairs { ["2026-09"] = "current", ["2026-03"] = "march" } do
      local status = assert(clients[name].subscriptions:status(ADA))
      assert.same(
        { "GET /communication-preferences/" .. version .. "/statuses/" .. ADA_IN_PATH .. "?channel=EMAIL" },
        take(server)
      )
      assert.equal(ADA, status.email)
      local weekly, product, events =
        status.subscriptionStatuses[1], status.subscriptionStatuses[2], status.subscriptionStatuses[3]
      assert.same({ WEEKLY, "Weekly", "SUBSCRIBED", "EMAIL", "CONSENT_WITH_NOTICE", "A form", "0" }, {
        weekly.id,
        weekly.name,
        weekly.status,
        weekly.channel,
        weekly.legalBasis,
        weekly.legalBasisExplanation,
        weekly.businessUnitId,
      })
      assert.truthy(weekly.timestamp:find(ISO))
      assert.same({ PRODUCT, "UNSUBSCRIBED" }, { product.id, product.status })
      assert.same({ EVENTS, "NOT_SPECIFIED" }, { events.id, events.status })
      assert.truthy(events.timestamp:find(ISO))
    end
  end)

  it("reads it on v1, in the current spelling, without what nobody decided", function()
    set(
      ADA,
      { id = WEEKLY, subscribed = true, legalBasis = "CONSENT_WITH_NOTICE", legalBasisExplanation = "A form" },
      { id = PRODUCT, subscribed = false }
    )
    local status = assert(clients.v1.subscriptions:status(ADA))
    assert.same({ "GET " .. V1 .. "/" .. ADA_IN_PATH }, take(server))
    local weekly, product = status.subscriptionStatuses[1], status.subscriptionStatuses[2]
    assert.same(
      { WEEKLY, "SUBSCRIBED", "OPT_IN", "CONSENT_WITH_NOTICE", "A form" },
      { weekly.id, weekly.status, weekly.optState, weekly.legalBasis, weekly.legalBasisExplanation }
    )
    assert.truthy(weekly.timestamp:find(ISO))
    assert.same({ PRODUCT, "UNSUBSCRIBED", "OPT_OUT" }, { product.id, product.status, product.optState })
    assert.equal(2, #status.subscriptionStatuses)
    assert.same({ ADA, true, false, false, false, "99001", "subscribed" }, {
      status.email,
      status.subscribed,
      status.markedAsSpam,
      status.bounced,
      status.unsubscribeFromPortal,
      status.portalId,
      status.status,
    })
  end)

  it("reads that of an address that HubSpot does not know", function()
    assert.same({}, assert(clients.v1.subscriptions:status "new@example.org").subscriptionStatuses)
    local status = assert(clients.current.subscriptions:status "new@example.org")
    for _, one in ipairs(status.subscriptionStatuses) do
      assert.equal("NOT_SPECIFIED", one.status)
    end
    assert.equal(3, #status.subscriptionStatuses)
  end)

  it("takes v1's third state for what it is", function()
    server:fault {
      kind = "status",
      status = 200,
      body = '{"email":"a@example.org","subscriptionStatuses":[{"id":1,'
        .. '"subscribed":true,"optState":"NOT_OPTED"},{"id":2,"optState":"NOT_OPTED"},{"id":3,"subscribed":null}]}',
    }
    for _, one in ipairs(assert(clients.v1.subscriptions:status "a@example.org").subscriptionStatuses) do
      assert.equal("NOT_SPECIFIED", one.status)
    end
  end)

  it("sends the account's id on v1 only", function()
    assert(with_portal("v1").subscriptions:status "a@example.org")
    assert(with_portal("2026-09").subscriptions:status "a@example.org")
    assert.same(
      { "GET " .. V1 .. "/a%40example.org?portalId=99001", "GET " .. STATUSES .. "a%40example.org?channel=EMAIL" },
      take(server)
    )
  end)

  it("takes a business unit on the current route", function()
    assert.equal(3, #assert(clients.current.subscriptions:status(ADA, { business_unit_id = 0 })).subscriptionStatuses)
    assert.same({ "GET " .. STATUSES .. ADA_IN_PATH .. "?businessUnitId=0&channel=EMAIL" }, take(server))
    local message = refuses(
      "subscriptions:status: option business_unit_id works only with",
      function() clients.v1.subscriptions:status(ADA, { business_unit_id = 0 }) end
    )
    assert.truthy(message:find(ROUTE_OF_CURRENT, 1, true))
  end)

  it("gives HubSpot's refusal of what is no address", function()
    for _, name in ipairs { "v1", "current" } do
      local status, err = clients[name].subscriptions:status "nobody"
      assert.same({ nil, 400 }, { status, err.status })
    end
  end)

  it("refuses what can be none", function()
    for _, name in ipairs { "v1", "current" } do
      for _, bad in ipairs { "", "..", 7, {} } do
        refuses(
          "subscriptions:status: email must be an e-mail address",
          function() clients[name].subscriptions:status(bad) end
        )
      end
    end
  end)

  it("gives the decoded answer untouched with raw", function()
    set(ADA, { id = WEEKLY, subscribed = true })
    assert.equal(146, assert(clients.v1.subscriptions:status(ADA, { raw = true })).subscriptionStatuses[1].id)
    assert.equal(146, assert(clients.current.subscriptions:status(ADA, { raw = true })).results[1].subscriptionId)
  end)
end)

-- Changes ----------------------------------------------------------------------------------------------------------

local BASES = {
  "LEGITIMATE_INTEREST_PQL",
  "LEGITIMATE_INTEREST_CLIENT",
  "PERFORMANCE_OF_CONTRACT",
  "CONSENT_WITH_NOTICE",
  "NON_GDPR",
}
local CURRENT_BASES = { "PROCESS_AND_STORE", "LEGITIMATE_INTEREST_OTHER" }

describe("subscriptions:update", function()
  it("changes one subscription a request with each date version", function()
    for version, name in pairs { ["2026-09"] = "current", ["2026-03"] = "march" } do
      local email = name .. "@example.org"
      local status = assert(clients[name].subscriptions:update(email, {
        subscriptionStatuses = {
          { id = WEEKLY, subscribed = true, legalBasis = "CONSENT_WITH_NOTICE", legalBasisExplanation = "A form" },
          { id = 147, subscribed = false },
        },
      }))
      local path = "POST /communication-preferences/" .. version .. "/statuses/" .. name .. "%40example.org "
      assert.same({
        path
          .. '{"channel":"EMAIL","legalBasis":"CONSENT_WITH_NOTICE","legalBasisExplanation":"A form",'
          .. '"statusState":"SUBSCRIBED","subscriptionId":146}',
        path .. '{"channel":"EMAIL","statusState":"UNSUBSCRIBED","subscriptionId":147}',
      }, take(server))
      assert.equal(email, status.email)
      assert.equal(2, #status.subscriptionStatuses)
      local weekly, product = status.subscriptionStatuses[1], status.subscriptionStatuses[2]
      assert.same(
        { WEEKLY, "Weekly", "SUBSCRIBED", "CONSENT_WITH_NOTICE", "A form" },
        { weekly.id, weekly.name, weekly.status, weekly.legalBasis, weekly.legalBasisExplanation }
      )
      assert.same({ PRODUCT, "UNSUBSCRIBED" }, { product.id, product.status })
      assert.same({ [WEEKLY] = "SUBSCRIBED", [PRODUCT] = "UNSUBSCRIBED", [EVENTS] = "NOT_SPECIFIED" }, states_of(email))
    end
  end)

  it("changes all in one request on v1, and reads what is so afterwards", function()
    local status = assert(clients.v1.subscriptions:update(ADA, {
      subscriptionStatuses = {
        { id = WEEKLY, subscribed = true, legalBasis = "CONSENT_WITH_NOTICE", legalBasisExplanation = "A form" },
        { id = 147, subscribed = false },
      },
      portalSubscriptionLegalBasis = "PERFORMANCE_OF_CONTRACT",
      portalSubscriptionLegalBasisExplanation = "A contract",
    }))
    assert.same({
      "PUT "
        .. V1
        .. "/"
        .. ADA_IN_PATH
        .. ' {"portalSubscriptionLegalBasis":"PERFORMANCE_OF_CONTRACT",'
        .. '"portalSubscriptionLegalBasisExplanation":"A contract","subscriptionStatuses":[{"id":146,"legalBasis":'
        .. '"CONSENT_WITH_NOTICE","legalBasisExplanation":"A form","optState":"OPT_IN","subscribed":true},'
        .. '{"id":147,"optState":"OPT_OUT","subscribed":false}]}',
      "GET " .. V1 .. "/" .. ADA_IN_PATH,
    }, take(server))
    assert.equal(ADA, status.email)
    assert.same({ { WEEKLY, "SUBSCRIBED" }, { PRODUCT, "UNSUBSCRIBED" } }, {
      { status.subscriptionStatuses[1].id, status.subscriptionStatuses[1].status },
      { status.subscriptionStatuses[2].id, status.subscriptionStatuses[2].status },
    })
    assert.equal("SUBSCRIBED", states_of(ADA)[WEEKLY])
  end)

  it("sends the account's id on v1 only", function()
    assert(with_portal("v1").subscriptions:update("a@example.org", { unsubscribeFromAll = true }))
    assert(with_portal("2026-09").subscriptions:update("a@example.org", { unsubscribeFromAll = true }))
    assert.same({
      "PUT " .. V1 .. '/a%40example.org?portalId=99001 {"unsubscribeFromAll":true}',
      "GET " .. V1 .. "/a%40example.org?portalId=99001",
      "POST " .. STATUSES .. "a%40example.org/unsubscribe-all?channel=EMAIL&verbose=true",
    }, take(server))
  end)

  it("takes every success of v1, whose body means nothing", function()
    for _, answer in ipairs {
      { 200, '{"status":"ok"}' },
      { 200, '{"success":true}' },
      { 200, "" },
      { 204, "" },
      { 200, "ok" },
    } do
      server:fault { kind = "status", status = answer[1], body = answer[2], method = "PUT" }
      assert.equal(ADA, assert(clients.v1.subscriptions:update(ADA, { unsubscribeFromAll = true })).email)
    end
  end)

  it("takes an empty success of the current route", function()
    for _, status in ipairs { 200, 204 } do
      server:fault { kind = "status", status = status, body = "" }
      assert.same(
        { email = ADA, subscriptionStatuses = {} },
        clients.current.subscriptions:update(ADA, { unsubscribeFromAll = true })
      )
      server:fault { kind = "status", status = status, body = "", times = 2 }
      assert.same(
        { email = ADA, subscriptionStatuses = {} },
        clients.current.subscriptions:update(
          ADA,
          { subscriptionStatuses = { { id = WEEKLY, subscribed = true }, { id = PRODUCT, subscribed = true } } }
        )
      )
    end
  end)

  it("unsubscribes from everything on v1", function()
    set(ADA, { id = WEEKLY, subscribed = true })
    local status = assert(clients.v1.subscriptions:update(ADA, { unsubscribeFromAll = true }))
    assert.same(
      { "PUT " .. V1 .. "/" .. ADA_IN_PATH .. ' {"unsubscribeFromAll":true}', "GET " .. V1 .. "/" .. ADA_IN_PATH },
      take(server)
    )
    assert.same({ false, true }, { status.subscribed, status.unsubscribeFromPortal })
    for _, one in ipairs(status.subscriptionStatuses) do
      assert.equal("UNSUBSCRIBED", one.status)
    end
    assert.equal("UNSUBSCRIBED", states_of(ADA)[WEEKLY])
  end)

  it("unsubscribes from everything with each date version, and tells what the address has then", function()
    for version, name in pairs { ["2026-09"] = "current", ["2026-03"] = "march" } do
      set(ADA, { id = WEEKLY, subscribed = true })
      local status = assert(clients[name].subscriptions:update(ADA, { unsubscribeFromAll = true }))
      assert.same({
        "POST /communication-preferences/"
          .. version
          .. "/statuses/"
          .. ADA_IN_PATH
          .. "/unsubscribe-all?channel=EMAIL&verbose=true",
      }, take(server))
      assert.equal(ADA, status.email)
      assert.same({ WEEKLY, PRODUCT, EVENTS }, ids_of(status.subscriptionStatuses))
      for _, one in ipairs(status.subscriptionStatuses) do
        assert.equal("UNSUBSCRIBED", one.status)
      end
      assert.equal("UNSUBSCRIBED", states_of(ADA)[WEEKLY])
    end
  end)

  describe("where its answer got lost, and HubSpot then refuses it since it is so", function()
    local SO_ALREADY = '{"status":"error","message":"ada@example.org is already subscribed","category":"VALIDATION_ERROR",'
      .. '"correlationId":"4d4f3f0e-0000-4000-8000-000000000001"}'

    local function lose_an_answer(fault)
      server:fault { kind = fault or "reset_after" }
      server:fault { kind = "status", status = 400, body = SO_ALREADY }
    end

    before_each(function()
      -- A connection that is in use already: libcurl itself repeats what it could not send over one.
      assert(clients.current.subscriptions:status(ADA))
      assert(clients.v1.subscriptions:status(ADA))
      server:clear_requests()
    end)

    it("is done, and the later changes of the call are made", function()
      lose_an_answer()
      local status = assert(clients.current.subscriptions:update(ADA, {
        subscriptionStatuses = { { id = WEEKLY, subscribed = true }, { id = PRODUCT, subscribed = true } },
      }))
      assert.same({ [WEEKLY] = "SUBSCRIBED", [PRODUCT] = "SUBSCRIBED", [EVENTS] = "NOT_SPECIFIED" }, states_of(ADA))
      local told = {}
      for index, subscription in ipairs(status.subscriptionStatuses) do
        told[index] = { subscription.id, subscription.status }
      end
      assert.same({ { WEEKLY, "SUBSCRIBED" }, { PRODUCT, "SUBSCRIBED" } }, told)
    end)

    it("is not done where it was not made", function()
      lose_an_answer "reset"
      local status, err = clients.current.subscriptions:update(ADA, {
        subscriptionStatuses = { { id = WEEKLY, subscribed = true }, { id = PRODUCT, subscribed = true } },
      })
      assert.same({ nil, 400, true }, { status, err.status, err.ambiguous })
      assert.equal("NOT_SPECIFIED", states_of(ADA)[WEEKLY])
    end)

    it("is no more done than before where no answer got lost", function()
      server:fault { kind = "status", status = 400, body = SO_ALREADY }
      local status, err =
        clients.current.subscriptions:update(ADA, { subscriptionStatuses = { { id = WEEKLY, subscribed = true } } })
      assert.same({ nil, 400, nil }, { status, err.status, err.ambiguous })
      assert.equal(1, #take(server))
    end)

    it("is done on v1", function()
      lose_an_answer()
      local status =
        assert(clients.v1.subscriptions:update(ADA, { subscriptionStatuses = { { id = WEEKLY, subscribed = true } } }))
      assert.same(
        { WEEKLY, "SUBSCRIBED" },
        { status.subscriptionStatuses[1].id, status.subscriptionStatuses[1].status }
      )
    end)

    it("is done where it unsubscribed from everything", function()
      for _, name in ipairs { "current", "v1" } do
        lose_an_answer()
        local status = assert(clients[name].subscriptions:update(ADA, { unsubscribeFromAll = true }))
        for _, subscription in ipairs(status.subscriptionStatuses) do
          assert.equal("UNSUBSCRIBED", subscription.status)
        end
      end
    end)
  end)

  it("says how far it came where one in the middle fails, and goes no further", function()
    local status, err = clients.current.subscriptions:update(ADA, {
      subscriptionStatuses = {
        { id = WEEKLY, subscribed = true },
        { id = "999", subscribed = true },
        { id = PRODUCT, subscribed = true },
      },
    })
    assert.same({ nil, 400 }, { status, err.status })
    assert.truthy(
      tostring(err):find("the first 1 of 3 subscriptions were changed, then: There is no subscription", 1, true)
    )
    assert.is_true(err.ambiguous)
    assert.equal(2, #take(server))
    assert.same({ [WEEKLY] = "SUBSCRIBED", [PRODUCT] = "NOT_SPECIFIED", [EVENTS] = "NOT_SPECIFIED" }, states_of(ADA))
    status, err = clients.current.subscriptions:update(ADA, {
      subscriptionStatuses = {
        { id = "999", subscribed = true },
        { id = PRODUCT, subscribed = true },
      },
    })
    assert.is_nil(status)
    assert.is_nil(tostring(err):find("were changed", 1, true))
    assert.is_nil(err.ambiguous)
    assert.equal("NOT_SPECIFIED", states_of(ADA)[PRODUCT])
  end)

  it("says that the change was made on v1 where only what is so afterwards can't be read", function()
    server:fault { kind = "status", status = 403, method = "GET" }
    local status, err = clients.v1.subscriptions:update(
      ADA,
      { subscriptionStatuses = {
        { id = WEEKLY, subscribed = true },
      } }
    )
    assert.same({ nil, 403, true }, { status, err.status, err.ambiguous })
    assert.truthy(tostring(err):find("the change was made, but the state after it could not be read: ", 1, true))
    assert.equal("SUBSCRIBED", states_of(ADA)[WEEKLY])
  end)

  it("fails as a whole on v1", function()
    local status, err = clients.v1.subscriptions:update(ADA, {
      subscriptionStatuses = {
        { id = WEEKLY, subscribed = true },
        { id = "999", subscribed = true },
      },
    })
    assert.same({ nil, 400 }, { status, err.status })
    assert.equal(1, #take(server))
    assert.equal("NOT_SPECIFIED", states_of(ADA)[WEEKLY])
  end)

  it("gives HubSpot's refusal to unsubscribe from everything", function()
    for _, name in ipairs { "v1", "current" } do
      local status, err = clients[name].subscriptions:update("nobody", { unsubscribeFromAll = true })
      assert.same({ nil, 400 }, { status, err.status })
      assert.equal(1, #take(server))
    end
  end)

  it("gives v1's refusal to undo, which the current API does", function()
    set(ADA, { id = WEEKLY, subscribed = false })
    local status, err =
      clients.v1.subscriptions:update(ADA, { subscriptionStatuses = { { id = WEEKLY, subscribed = true } } })
    assert.same({ nil, 400 }, { status, err.status })
    status = assert(
      clients.current.subscriptions:update(ADA, { subscriptionStatuses = { { id = WEEKLY, subscribed = true } } })
    )
    assert.same(
      { "SUBSCRIBED", "RESUBSCRIBE_OCCURRED" },
      { status.subscriptionStatuses[1].status, status.subscriptionStatuses[1].setStatusSuccessReason }
    )
  end)

  it("is repeated, since it sets what is to be", function()
    for _, name in ipairs { "v1", "current" } do
      for _, changes in ipairs {
        { subscriptionStatuses = { { id = WEEKLY, subscribed = false } } },
        { unsubscribeFromAll = true },
      } do
        server:fault { kind = "reset_after" }
        assert(clients[name].subscriptions:update(ADA, changes))
        assert.equal(name == "v1" and 3 or 2, #take(server))
      end
    end
  end)

  for _, basis in ipairs(BASES) do
    it("takes the legal basis " .. basis .. " on each route", function()
      for _, name in ipairs { "v1", "current" } do
        assert(
          clients[name].subscriptions:update(
            ADA,
            { subscriptionStatuses = { { id = WEEKLY, subscribed = true, legalBasis = basis } } }
          )
        )
        assert.truthy(take(server)[1]:find(('"legalBasis":"%s"'):format(basis), 1, true))
      end
      assert(
        clients.v1.subscriptions:update(
          ADA,
          { subscriptionStatuses = { { id = WEEKLY, subscribed = true } }, portalSubscriptionLegalBasis = basis }
        )
      )
      assert.truthy(take(server)[1]:find(('"portalSubscriptionLegalBasis":"%s"'):format(basis), 1, true))
    end)
  end

  for _, basis in ipairs(CURRENT_BASES) do
    it("takes the legal basis " .. basis .. " on the current route only", function()
      local changes = { subscriptionStatuses = { { id = WEEKLY, subscribed = true, legalBasis = basis } } }
      assert(clients.current.subscriptions:update(ADA, changes))
      assert.truthy(take(server)[1]:find(('"legalBasis":"%s"'):format(basis), 1, true))
      local message = refuses(
        "subscriptions:update: changes.subscriptionStatuses[1].legalBasis must be one of",
        function() clients.v1.subscriptions:update(ADA, changes) end
      )
      assert.is_nil(message:match("^(.*), got"):find(basis, 1, true))
    end)
  end

  it("refuses changes that are none", function()
    local label = "subscriptions:update: changes"
    local weekly = { id = WEEKLY, subscribed = true }
    for _, name in ipairs { "v1", "current" } do
      local subscriptions = clients[name].subscriptions
      for _, case in ipairs {
        { " must be a table", "x" },
        { " needs either subscriptionStatuses or unsubscribeFromAll", {} },
        {
          " needs either subscriptionStatuses or unsubscribeFromAll",
          { subscriptionStatuses = { weekly }, unsubscribeFromAll = true },
        },
        { ".unsubscribeFromAll can only be true", { unsubscribeFromAll = false } },
        { ".unsubscribeFromAll must be true or false", { unsubscribeFromAll = "true" } },
        { ".subscriptionStatuses must not be empty", { subscriptionStatuses = {} } },
        { ".subscriptionStatuses must be a list of subscription changes", { subscriptionStatuses = "146" } },
        { ".subscriptionStatuses[2].id is missing", { subscriptionStatuses = { weekly, { subscribed = true } } } },
        { ".subscriptionStatuses[1].subscribed is missing", { subscriptionStatuses = { { id = WEEKLY } } } },
        {
          ".subscriptionStatuses[1].subscribed must be true or false",
          { subscriptionStatuses = { { id = WEEKLY, subscribed = "SUBSCRIBED" } } },
        },
        {
          ".subscriptionStatuses[1].id must be an id",
          { subscriptionStatuses = { { id = "Weekly", subscribed = true } } },
        },
        {
          ".subscriptionStatuses[1].legalBasis must be one of",
          { subscriptionStatuses = { { id = WEEKLY, subscribed = true, legalBasis = "consent" } } },
        },
        {
          ".subscriptionStatuses[1].legalBasisExplanation must be a string",
          { subscriptionStatuses = { { id = WEEKLY, subscribed = true, legalBasisExplanation = 1 } } },
        },
        {
          ".subscriptionStatuses[1] has an unknown field subscibed; did you mean subscribed?",
          { subscriptionStatuses = { { id = WEEKLY, subscibed = true } } },
        },
        {
          " has an unknown field subscriptionStatus; did you mean subscriptionStatuses?",
          { subscriptionStatus = { weekly } },
        },
      } do
        refuses(label .. case[1], function() subscriptions:update(ADA, case[2]) end)
      end
      refuses("subscriptions:update: email must be", function() subscriptions:update("", { weekly }) end)
    end
  end)

  it("refuses what its route has no place for", function()
    local label = "subscriptions:update: changes"
    local weekly = { id = WEEKLY, subscribed = true }
    for _, field in ipairs { "portalSubscriptionLegalBasis", "portalSubscriptionLegalBasisExplanation" } do
      refuses(
        label .. " has an unknown field " .. field,
        function()
          clients.current.subscriptions:update(ADA, { subscriptionStatuses = { weekly }, [field] = "NON_GDPR" })
        end
      )
      refuses(
        label .. "." .. field .. " goes only with subscriptionStatuses",
        function() clients.v1.subscriptions:update(ADA, { unsubscribeFromAll = true, [field] = "NON_GDPR" }) end
      )
    end
    refuses(
      label .. ".portalSubscriptionLegalBasisExplanation must be a string",
      function()
        clients.v1.subscriptions:update(
          ADA,
          { subscriptionStatuses = { weekly }, portalSubscriptionLegalBasisExplanation = 7 }
        )
      end
    )
    refuses(
      label .. ".portalSubscriptionLegalBasis must be one of",
      function()
        clients.v1.subscriptions:update(
          ADA,
          { subscriptionStatuses = { weekly }, portalSubscriptionLegalBasis = "GDPR" }
        )
      end
    )
  end)
end)
