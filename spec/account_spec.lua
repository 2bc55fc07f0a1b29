-- client.account over real sockets.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local wire = require "spec.support.wire"

local take = wire.take

local SCOPES = {
  "oauth",
  "crm.objects.companies.read",
  "crm.objects.companies.write",
  "crm.objects.contacts.read",
  "crm.objects.contacts.write",
}
local APP = { client_id = "the-app", client_secret = "the-secret-of-the-app", refresh_token = "the-refresh-token" }

describe("client.account", function()
  local world = fixture.new { start = {}, reset = { portal_id = 77, token = wire.TOKEN, scopes = SCOPES } }
  local server, clients = world.server, world.clients

  it("tells what the account is", function()
    for _, client in pairs(clients) do
      local account = assert(client.account:details())
      assert.same({ "77", "SANDBOX", "UTC", "USD", { "EUR" } }, {
        account.portalId,
        account.accountType,
        account.timeZone,
        account.companyCurrency,
        account.additionalCurrencies,
      })
    end
    assert.same({
      "GET /account-info/2026-03/details",
      "GET /account-info/2026-09/details",
      "GET /account-info/2026-09/details",
    }, wire.take_sorted(server))
    assert.equal(77, assert(clients.current.account:details { raw = true }).portalId)
  end)

  it("tells what is used of each limit", function()
    local client = clients.current
    assert(client.companies:create { name = "Acme" })
    take(server)
    local limits = assert(client.account:limits())
    local found = {}
    for _, limit in ipairs(limits) do
      assert.equal("number", type(limit.usage))
      found[limit.of] = found[limit.of] or {}
      found[limit.of][limit.objectTypeId or "all"] = limit
    end
    assert.same({ 1, "Companies" }, { found.records["0-2"].usage, found.records["0-2"].label })
    assert.is_true(found.records["0-2"].limit > 1000)
    assert.is_true(found.requests.all.usage > 0 and found.requests.all.resetsAt ~= nil)
    assert.is_true(found["custom-properties"].all.limit > 0)
    assert.equal(0, found["custom-object-types"].all.usage)
    assert.truthy(found["calculated-properties"].all)
    assert.truthy(found.pipelines["0-3"])
    assert.same({
      "GET /account-info/2026-09/api-usage/daily/private-apps",
      "GET /crm/limits/2026-09/associations/labels",
      "GET /crm/limits/2026-09/calculated-properties",
      "GET /crm/limits/2026-09/custom-object-types",
      "GET /crm/limits/2026-09/custom-properties",
      "GET /crm/limits/2026-09/pipelines",
      "GET /crm/limits/2026-09/records",
    }, wire.take_sorted(server))
    assert(client.associations:create_label("contacts", "companies", { name = "payer", label = "Payer" }))
    local used
    for _, limit in ipairs(assert(client.account:limits())) do
      local is_pair = limit.objectTypeId == "0-1" and limit.toObjectTypeId == "0-2"
      if limit.of == "association-labels" and is_pair then used = limit.usage end
    end
    assert.equal(1, used)
  end)

  it("tells of no limit where one of the requests fails", function()
    server:fault { kind = "status", status = 403, path = "/crm/limits/2026-09/pipelines" }
    local limits, err = clients.current.account:limits()
    assert.is_nil(limits)
    assert.equal(403, err.status)
  end)

  it("tells whose the token is, and shows it nowhere", function()
    local shown = {}
    local client = world:new_client {
      on = { request = function(event) shown[#shown + 1] = event end },
    }
    local info = assert(client.account:token_info { headers = { ["x-note"] = "1" } })
    assert.same({ hubId = "77", userId = "1001", appId = "6543", scopes = SCOPES }, info)
    local request = server:requests()[1]
    assert.equal("1", request.headers["x-note"])
    assert.is_nil(request.headers.authorization)
    assert.same({ 'POST /oauth/v2/private-apps/get/access-token-info {"tokenKey":"[hidden]"}' }, take(server))
    assert.same({ "account:token_info", 1 }, { shown[1].operation, #shown })
    local quoting = '{"message":"no token ' .. wire.TOKEN .. '","category":"OBJECT_NOT_FOUND"}'
    server:fault { kind = "status", status = 404, body = quoting }
    local missing, err = client.account:token_info()
    assert.is_nil(missing)
    assert.equal(404, err.status)
    assert.is_nil((tostring(err) .. err.body):find(wire.TOKEN, 1, true))
  end)
end)

describe("client.account of an app", function()
  local world = fixture.new { start = {}, clients = {}, reset = { portal_id = 77, scopes = SCOPES, oauth = APP } }
  local server = world.server

  it("tells whose its access token is", function()
    local client = hubspot.new { oauth = APP, base_url = server.url, limiter = false }
    local info = assert(client.account:token_info())
    assert.same({ "77", "1001", "6543", SCOPES }, { info.hubId, info.userId, info.appId, info.scopes })
    assert.is_true(info.expiresIn > 1700)
    client:close()
  end)
end)
