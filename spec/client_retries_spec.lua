-- When a client sends again, when it waits and when it gives up.

local fake_loop = require "spec.support.fake_loop"
local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local scripted = require "spec.support.scripted"
local wire = require "spec.support.wire"

local take = wire.take

local TOKEN = wire.TOKEN

local here = fixture.new { reset = { v1_lists = true } }
local server = here.server

local scripted_client, CONTACT = scripted.client, scripted.CONTACT

describe("retries", function()
  it("wait as HubSpot says, and as often as the settings allow", function()
    local loop = fake_loop.new()
    local limited =
      { status = 429, body = '{"policyName":"TEN_SECONDLY_ROLLING"}', headers = { ["retry-after"] = "7" } }
    local client, requests = scripted_client({ limited, limited, CONTACT }, { loop = loop })
    assert(client.contacts:create { firstname = "Ada" })
    assert.equal(3, #requests)
    for _, seconds in ipairs(loop.slept) do
      assert.is_true(seconds >= 7 and seconds <= 8)
    end
    client, requests = scripted_client({ limited }, { loop = fake_loop.new(), retry = { max_attempts = 2 } })
    local _, err = client.contacts:get(1)
    assert.same({ "rate_limit", 429, 7, 2 }, { err.kind, err.status, err.retry_after, err.attempts })
    assert.equal(2, #requests)
  end)

  it("end where the next one would come after the deadline", function()
    local loop = fake_loop.new()
    local client, requests = scripted_client(
      { { status = 503, headers = { ["retry-after"] = "3600" } } },
      { loop = loop, deadline = 60 }
    )
    local _, err = client.contacts:get(1)
    assert.same({ 503, 3600, 1 }, { err.status, err.retry_after, err.attempts })
    assert.same({}, loop.slept)
    assert.equal(1, #requests)
    client, requests = scripted_client({ { status = 503, headers = { ["retry-after"] = "25" } } }, { loop = loop })
    _, err = client.contacts:get(1, { deadline = 60 })
    assert.equal(3, err.attempts)
    assert.equal(3, #requests)
  end)

  it("leave an attempt no more time than the call has", function()
    local loop = fake_loop.new()
    local timeouts = {}
    local client = hubspot.new {
      token = TOKEN,
      loop = loop,
      limiter = false,
      timeout = 30,
      deadline = 50,
      retry = { base_delay = 1e-9 },
      transport = function(request)
        timeouts[#timeouts + 1] = request.timeout
        loop:pass(request.timeout)
        return nil, { kind = "timeout", message = "too slow", sent = true }
      end,
    }
    local _, err = client.contacts:get(1)
    assert.same({ "timeout", 2 }, { err.kind, err.attempts })
    assert.equal(30, timeouts[1])
    assert.is_true(timeouts[2] <= 20 and timeouts[2] > 19.9)
  end)

  it("do not make a request that has no time left", function()
    local loop = fake_loop.new()
    local client, requests = scripted_client({ CONTACT }, {
      loop = loop,
      deadline = 5,
      token = function()
        loop:pass(6)
        return TOKEN
      end,
    })
    local contact, err = client.contacts:get(1)
    assert.same({ nil, "timeout" }, { contact, err.kind })
    assert.equal(0, #requests)
  end)

  it("survive a hook that takes all the time", function()
    local loop = fake_loop.new()
    local client, requests = scripted_client(
      { CONTACT },
      { loop = loop, deadline = 5, on = { request = function() loop:pass(10) end } }
    )
    assert(client.contacts:get(1))
    assert.is_true(requests[1].timeout > 0)
  end)
end)

describe("the budget of a client", function()
  it("ends the repeats of an outage, and is there again when the outage is over", function()
    server:fault { kind = "status", status = 503, times = 1000 }
    local client = wire.client(server, { retry = { base_delay = 0.0001, budget = 10 } })
    local attempts = 0
    for _ = 1, 20 do
      local _, err = client.contacts:get(1)
      assert.equal(503, err.status)
      attempts = attempts + err.attempts
      if err.attempts == 1 then
        assert.truthy(tostring(err):find("It was not sent again, since too many requests failed lately", 1, true))
      end
    end
    assert.equal(20 + 10, attempts)
    assert.equal(30, #take(server))
    server:clear_faults()
    for _ = 1, 10 do
      client.contacts:get(1)
    end
    server:fault { kind = "status", status = 503 }
    local _, err = client.contacts:get(1)
    assert.same({ 404, 2 }, { err.status, err.attempts })
    client:close()
  end)

  it("is not another client's", function()
    server:fault { kind = "status", status = 503, times = 1 }
    local poor = wire.client(server, { retry = { base_delay = 0.0001, budget = 0 } })
    local _, err = poor.contacts:get(1)
    assert.same({ 503, 1 }, { err.status, err.attempts })
    server:fault { kind = "status", status = 503, times = 1 }
    _, err = wire.client(server).contacts:get(1)
    assert.same({ 404, 2 }, { err.status, err.attempts })
  end)
end)

describe("a call that ends for want of time", function()
  it("has the error of its last attempt where a wait took longer than it should", function()
    local loop = fake_loop.new()
    local sleep = loop.sleep
    function loop:sleep(seconds) sleep(self, seconds + 100) end
    local client, requests = scripted_client(
      { { status = 503, body = '{"message":"down","correlationId":"c0"}' } },
      { loop = loop, deadline = 60 }
    )
    local _, err = client.contacts:get(1)
    assert.same({ "api", 503, "c0", 1 }, { err.kind, err.status, err.correlation_id, err.attempts })
    assert.truthy(tostring(err):find("deadline leaves no time for another attempt", 1, true))
    assert.equal(1, #requests)
  end)

  it("has the error of its last attempt where the limiter lets the next one pass too late", function()
    local waits = { 0, 90 }
    local limiter = {
      acquire = function() return table.remove(waits, 1) end,
      observe = function() end,
      refused = function() end,
    }
    local client = scripted_client(
      { { status = 503, body = '{"message":"down"}' } },
      { loop = fake_loop.new(), deadline = 60, limiter = limiter }
    )
    local _, err = client.contacts:create({ firstname = "Ada" }, { retry = false })
    assert.equal(503, err.status)
    waits = { 0, 90 }
    _, err = client.contacts:update(1, { firstname = "Ada" })
    assert.same({ 503, 1, true }, { err.status, err.attempts, err.ambiguous })
    assert.truthy(tostring(err):find("deadline leaves no time", 1, true))
  end)
end)

describe("an error of a request that may have been carried out", function()
  it("knows of each time that it was sent, also over a connection that was there before", function()
    local id = here:create_contact()
    local client = wire.client(server)
    assert(client.contacts:get(id))
    server:fault { kind = "reset_after", method = "PATCH" }
    server:fault { kind = "rate_limit", policy = "DAILY", method = "PATCH" }
    local _, err = client.contacts:update(id, { firstname = "Ada" })
    assert.same({ 429, true, 2 }, { err.status, err.ambiguous, err.attempts })
    assert.equal("Ada", client.contacts:get(id).properties.firstname)
    client:close()
  end)

  local function outcome(call, options)
    local client = wire.client(server, options)
    local _, err = call(client)
    client:close()
    return err
  end

  local function create(client) return client.contacts:create { firstname = "Ada" } end
  local function update(client) return client.contacts:update(1, { firstname = "Ada" }) end
  local function post(client) return client:request { method = "POST", path = "/a", body = {} } end
  local function put(client) return client:request { method = "PUT", path = "/a", body = {} } end

  local FAULTS = {
    { kind = "status", status = 500, times = 10 },
    { kind = "status", status = 524, times = 10 },
    { kind = "html", status = 502, times = 10 },
    { kind = "cut", times = 10 },
    { kind = "reset", times = 10 },
    { kind = "hang", times = 10 },
  }

  for _, fault in ipairs(FAULTS) do
    it(("says so after %s %s"):format(fault.kind, fault.status or ""), function()
      for _, call in ipairs { create, post } do
        server:clear_faults()
        server:fault(fault)
        local err = outcome(call, { timeout = 0.05 })
        assert.same({ true, 1 }, { err.ambiguous, err.attempts })
        assert.truthy(tostring(err):find("The request may have been carried out: look whether", 1, true))
      end
      for _, call in ipairs { update, put } do
        server:clear_faults()
        server:fault(fault)
        local err = outcome(call, { timeout = 0.05, retry = { max_attempts = 2, base_delay = 0.001 } })
        assert.same({ true, 2 }, { err.ambiguous, err.attempts })
        assert.truthy(tostring(err):find("The request may have been carried out: it is safe", 1, true))
      end
    end)

    it(("says nothing of the kind of a read after %s %s"):format(fault.kind, fault.status or ""), function()
      for _, read in ipairs {
        function(client) return client.contacts:get(1) end,
        function(client) return client.contacts:get_many { 1 } end,
        function(client) return client.contacts:search("x"):next() end,
        function(client) return client.lists:all():next() end,
        function(client) return client.lists:translate_ids { 1 } end,
        function(client) return client:request { method = "GET", path = "/a" } end,
        function(client) return client:request { method = "HEAD", path = "/a" } end,
        function(client) return client:request { method = "POST", path = "/crm/objects/2026-09/deals/search" } end,
        function(client) return client:request { method = "POST", path = "/crm/objects/2026-09/deals/batch/read" } end,
      } do
        server:clear_faults()
        server:fault(fault)
        local err = outcome(read, { timeout = 0.05, retry = false })
        assert.is_nil(err.ambiguous)
        assert.is_nil(tostring(err):find("carried out", 1, true))
      end
    end)
  end

  it("says nothing of the kind where it certainly was not", function()
    for _, fault in ipairs {
      { kind = "rate_limit", policy = "DAILY", times = 10 },
      { kind = "status", status = 400 },
      { kind = "status", status = 409 },
      { kind = "status", status = 423, times = 10 },
      { kind = "expired" },
    } do
      server:clear_faults()
      server:fault(fault)
      assert.is_nil(outcome(create, { retry = false }).ambiguous)
    end
    assert.is_nil(outcome(create, { base_url = "https://no-such-host.invalid" }).ambiguous)
    assert.is_nil(outcome(create, { token = function() return nil, "sealed" end }).ambiguous)
    assert.is_nil(outcome(function(client)
      client:close()
      return create(client)
    end).ambiguous)
  end)

  it("says nothing of the kind where only the access token's renewal failed", function()
    server:fault { kind = "status", status = 502, times = 100, path = "^/oauth/" }
    local client = hubspot.new {
      base_url = server.url,
      limiter = false,
      retry = { base_delay = 0.001, max_attempts = 2 },
      oauth = { client_id = "a", client_secret = "a-client-secret", refresh_token = "a-refresh-token" },
    }
    local contact, err = create(client)
    assert.same({ nil, 502, false }, { contact, err.status, err.sent })
    assert.is_nil(err.ambiguous)
    assert.is_nil(tostring(err):find("carried out", 1, true))
    for _, request in ipairs(take(server)) do
      assert.truthy(request:find "^POST /oauth/")
    end
    client:close()
  end)

  it("says so where only an earlier attempt may have been carried out", function()
    server:fault { kind = "status", status = 502 }
    server:fault { kind = "rate_limit", policy = "DAILY" }
    local err = outcome(update)
    assert.same({ 429, true, 2 }, { err.status, err.ambiguous, err.attempts })
  end)

  it("says so where the answer of success can't be read", function()
    server:fault { kind = "garbage" }
    local err = outcome(create)
    assert.same({ "decode", true }, { err.kind, err.ambiguous })
    server:fault { kind = "garbage" }
    assert.is_nil(outcome(function(client) return client.contacts:get(1) end).ambiguous)
  end)

  it("says so for each row of a batch", function()
    server:fault { kind = "status", status = 502, times = 10 }
    local event = { eventTypeName = "pe1_opened", email = "ada@example.org", id = "e1" }
    local err = outcome(function(client) return client.timeline:upsert_events(1, { event }) end)
    assert.is_true(err.ambiguous)
    server:clear_faults()
    server:fault { kind = "status", status = 502, times = 10, path = "/batch/update$" }
    local client = wire.client(server)
    local answer = assert(client.contacts:upsert_many {
      { email = "a@b.c", properties = { phone = "1" } },
      { id = "1", properties = { phone = "1" } },
    })
    assert.equal(1, #answer.results)
    assert.same({ 1, 2, true }, { #answer.errors, answer.errors[1].index, answer.errors[1].ambiguous })
    client:close()
  end)
end)

describe("a DELETE whose answer got lost", function()
  local function delete(path)
    return function(client) return client:request { method = "DELETE", path = path } end
  end

  -- The first attempt fails as if it may have been carried out; the second one gets what `fault` says.
  local function second_attempt(call, fault, options)
    server:fault { kind = "status", status = 502 }
    if fault then server:fault(fault) end
    local client = wire.client(server, options)
    local done, err = call(client)
    client:close()
    return done, err
  end

  local FOUND_NOTHING = {
    kind = "status",
    status = 404,
    body = '{"status":"error","message":"resource not found","correlationId":"c0","category":"OBJECT_NOT_FOUND"}',
  }

  it("is done where HubSpot finds nothing any more", function()
    for _, call in ipairs {
      delete "/crm/objects/2026-09/deals/1",
      function(client) return client.contacts:delete(1) end,
    } do
      server:clear_faults()
      assert.is_true(second_attempt(call, FOUND_NOTHING))
    end
  end)

  it("is not done where a page says 404", function()
    for _, call in ipairs {
      delete "/crm/objects/2026-09/deals/1",
      function(client) return client.contacts:delete(1) end,
    } do
      server:clear_faults()
      local done, err = second_attempt(call, { kind = "html", status = 404 })
      assert.same({ nil, 404, true }, { done, err.status, err.ambiguous })
    end
  end)

  it("is not done on a route that HubSpot removed", function()
    local done, err = second_attempt(
      function(client) return client.lists:delete(1) end,
      FOUND_NOTHING,
      { api_version = "v1" }
    )
    assert.same({ nil, 404, true, 2 }, { done, err.status, err.ambiguous, err.attempts })
    assert.truthy(tostring(err):find("HubSpot removed this call", 1, true))
  end)
end)

describe("the limiter", function()
  local function fake_limiter(wait)
    local log = {}
    return {
      acquire = function(bucket)
        log[#log + 1] = "acquire " .. bucket
        return wait or 0
      end,
      observe = function(bucket, headers)
        log[#log + 1] = "observe " .. bucket .. " " .. tostring(headers["x-hubspot-ratelimit-max"])
      end,
      refused = function(bucket, seconds) log[#log + 1] = "refused " .. bucket .. " " .. seconds end,
    },
      log
  end

  it("is asked before each request, and told of each answer", function()
    local limiter, log = fake_limiter()
    local client = scripted_client({
      { status = 429, headers = { ["retry-after"] = "3", ["x-hubspot-ratelimit-max"] = "190" } },
      { status = 429, body = '{"policyName":"SECONDLY"}' },
      { status = 200, body = "{}" },
    }, { limiter = limiter, loop = fake_loop.new() })
    client.contacts:search("x"):next()
    assert.same({
      "acquire search",
      "observe search 190",
      "refused search 3",
      "acquire search",
      "observe search nil",
      "refused search 1",
      "acquire search",
      "observe search nil",
    }, log)
  end)

  it("is not closed by a daily limit, which no waiting helps", function()
    local limiter, log = fake_limiter()
    local client = scripted_client({ { status = 429, body = '{"policyName":"DAILY"}' } }, { limiter = limiter })
    local _, err = client.contacts:get(1)
    assert.same({ "rate_limit", "DAILY", 1 }, { err.kind, err.policy_name, err.attempts })
    assert.same({ "acquire general", "observe general nil" }, log)
  end)

  it("that lets the request pass too late makes the call fail at once", function()
    local loop, limiter = fake_loop.new(), fake_limiter(90)
    local client, requests = scripted_client({ CONTACT }, { loop = loop, limiter = limiter, deadline = 60 })
    local contact, err = client.contacts:get(1)
    assert.same({ nil, "timeout", 1 }, { contact, err.kind, err.attempts })
    assert.truthy(tostring(err):find("rate limit", 1, true))
    assert.truthy(tostring(err):find("deadline", 1, true))
    assert.same({}, loop.slept)
    assert.equal(0, #requests)
  end)

  it("is told how long the call can wait, and asked again with the ticket that it gave", function()
    local loop, answers, asked = fake_loop.new(), { { 3, "first" }, { 0.5, "second" }, { 0 } }, {}
    local limiter = fake_limiter()
    function limiter.acquire(bucket, patience, ticket)
      asked[#asked + 1] = { bucket, patience, ticket }
      local answer = table.remove(answers, 1)
      return answer[1], answer[2]
    end
    local client = scripted_client({ CONTACT }, { loop = loop, limiter = limiter, deadline = 60 })
    assert(client.contacts:get(1))
    assert.same({ { "general", 60 }, { "general", 57, "first" }, { "general", 56.5, "second" } }, asked)
  end)

  it("that fails makes the call fail, and nothing is sent", function()
    local limiter = fake_limiter()
    function limiter.acquire() return nil, "the disk is full" end
    local client, requests = scripted_client({ CONTACT }, { limiter = limiter })
    local contact, err = client.contacts:get(1)
    assert.same(
      { nil, "network", "the limiter failed: the disk is full", 1 },
      { contact, err.kind, err.message, err.attempts }
    )
    assert.equal(0, #requests)
  end)

  it("is one for all clients of a token, and another for another token", function()
    local one, two = hubspot.new { token = TOKEN }, hubspot.new { token = TOKEN }
    assert.equal(one.limiter, two.limiter)
    assert.not_equal(one.limiter, hubspot.new({ token = "another-token" }).limiter)
    assert.is_false(hubspot.new({ token = TOKEN, limiter = false }).limiter)
  end)

  it("keeps to what the server's answers say of the quota", function()
    server:reset { quota = { limit = 3, seconds = 1 }, contacts = 1 }
    local throttled, refused, slowest = 0, 0, 0
    local client = wire.client(server, {
      token = "a-token-with-a-small-quota",
      limiter = nil,
      on = {
        throttle = function() throttled = throttled + 1 end,
        response = function(event)
          refused, slowest = refused + (event.status == 429 and 1 or 0), math.max(slowest, event.seconds)
        end,
      },
    })
    client.limiter = require("hubspot.limiter.memory").new()
    for _ = 1, 5 do
      local contact, err = client.contacts:all():next()
      assert.truthy(contact, tostring(err))
    end
    assert.is_true(throttled >= 1)
    -- The limiter's window of a second is 30 milliseconds longer than the server's; a request may be late by that.
    assert.is_true(refused == 0 or slowest >= 0.03, ("%d refused, %.3f s"):format(refused, slowest))
    for _, request in ipairs(server:requests()) do
      assert.equal("GET", request.method)
    end
  end)
end)
