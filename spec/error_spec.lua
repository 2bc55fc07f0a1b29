-- Each thing that goes wrong, over a real socket: the error's kind and fields, and that its text says what happened or
-- what to do.

local core = require "hubspot.core"
local errors = require "hubspot.error"
local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local raw_server = require "spec.support.raw_server"
local socket = require "socket"
local tls_server = require "spec.support.tls_server"
local wire = require "spec.support.wire"

local here = fixture.new {
  clients = { current = { retry = false }, v1 = { api_version = "v1", retry = false } },
  reset = {},
}
local server = here.server
local current, v1

setup(function()
  current, v1 = here.clients.current, here.clients.v1
end)

-- The error of a call that fails; its text holds each of the words.
local function fails(value, err, ...)
  assert.is_nil(value)
  assert.is_true(errors.is_error(err))
  local text = tostring(err)
  for _, words in ipairs { ... } do
    assert.truthy(text:find(words, 1, true), ("%q is not in %s"):format(words, text))
  end
  return err
end

-- A client that gets these answers, one after the other.
local function answered_by(...)
  local answers = { ... }
  return hubspot.new {
    token = "a-token",
    retry = false,
    limiter = false,
    transport = function() return table.remove(answers, 1) end,
  }
end

-- Calls `call(client, route)` on each route.
local function on_each_route(call)
  call(current, "current")
  call(v1, "v1")
end

describe("an error of HubSpot", function()
  it("tells a token that is not accepted, and what to do", function()
    server:reset { token = "the-token-that-is-accepted" }
    on_each_route(function(client)
      local value, err = client.contacts:get(1)
      fails(value, err, "401", "Check the token", "Service Keys", "INVALID_AUTHENTICATION", err.correlation_id)
      assert.same({ "auth", 401, "INVALID_AUTHENTICATION", 1 }, { err.kind, err.status, err.category, err.attempts })
      assert.equal("string", type(err.correlation_id))
    end)
  end)

  it("tells a token that is no longer accepted", function()
    server:fault { kind = "expired" }
    local value, err = current.contacts:get(1)
    fails(value, err, "expired", "401", "Check the token")
    assert.same({ "auth", "EXPIRED_AUTHENTICATION" }, { err.kind, err.category })
  end)

  it("names the scope that the token lacks", function()
    server:reset { scopes = { "crm.lists.read" } }
    on_each_route(function(client)
      local value, err = client.contacts:get(1)
      fails(value, err, "403", "The token lacks the scope crm.objects.contacts.read", "add it")
      assert.same({ "auth", 403, "MISSING_SCOPES" }, { err.kind, err.status, err.category })
      value, err = client.contacts:create { firstname = "Ada" }
      fails(value, err, "The token lacks the scope crm.objects.contacts.write")
    end)
    local value, err = current.lists:create { name = "L" }
    fails(value, err, "The token lacks the scope crm.lists.write")
  end)

  it("tells what a 403 means that names no scope", function()
    server:fault { kind = "status", status = 403 }
    local value, err = current.contacts:get(1)
    fails(value, err, "403", "add the missing scope")
    assert.equal("auth", err.kind)
  end)

  it("tells an unknown contact", function()
    on_each_route(function(client)
      local value, err = client.contacts:get(999999)
      fails(value, err, "404", "GET", "999999", client == v1 and "contact does not exist" or "resource not found")
      assert.same({ "api", 404, "GET" }, { err.kind, err.status, err.method })
      assert.truthy(err.path:find("999999", 1, true))
      assert.truthy(err.body:find("correlationId", 1, true))
    end)
    assert.equal("OBJECT_NOT_FOUND", select(2, current.contacts:get(999999)).category)
  end)

  it("tells a page instead of JSON by its title", function()
    on_each_route(function(client)
      server:fault { kind = "html", status = 404 }
      local value, err = client.contacts:get(1)
      fails(value, err, "HubSpot answered 404 with a page: Error 404 Not Found")
      assert.same({ "api", 404 }, { err.kind, err.status })
      assert.truthy(err.body:find("<html>", 1, true))
      assert.matches("this did not: check the path, base_url", err.hint, 1, true)
    end)
    server:fault { kind = "html", status = 524 }
    local value, err = current.contacts:get(1)
    fails(value, err, "HubSpot answered 524 with a page: Error 524 A Timeout Occurred")
  end)

  it("has the id of the contact that exists already", function()
    local id = assert(current.contacts:create { email = "ada@example.org" }).id
    on_each_route(function(client)
      local value, err = client.contacts:create { email = "ada@example.org" }
      fails(value, err, "Contact already exists", "409")
      assert.same({ "api", 409, id }, { err.kind, err.status, err.existing_id })
      assert.equal(client == v1 and "CONTACT_EXISTS" or "CONFLICT", err.category)
    end)
    local other = assert(current.contacts:create { email = "eve@example.org" }).id
    on_each_route(function(client)
      local value, err = client.contacts:update(other, { email = "ada@example.org" })
      fails(value, err, "409")
      assert.equal(id, err.existing_id)
    end)
    local _, err = current.contacts:get(999999)
    assert.is_nil(err.existing_id)
  end)

  it("names each property that is not valid", function()
    on_each_route(function(client)
      local value, err = client.contacts:create {
        email = "nonsense",
        lead_score = "many",
        lead_tier = "z",
        no_such_property = "x",
      }
      fails(
        value,
        err,
        "400",
        "Property values were not valid",
        "email: ",
        "lead_score: ",
        "lead_tier: ",
        "no_such_property: "
      )
      assert.same({ "api", 400 }, { err.kind, err.status })
      local codes = {}
      for _, detail in ipairs(err.errors) do
        codes[detail.name] = detail.code
      end
      assert.same({
        email = "INVALID_EMAIL",
        lead_score = codes.lead_score,
        lead_tier = "INVALID_OPTION",
        no_such_property = "PROPERTY_DOESNT_EXIST",
      }, codes)
      assert.equal("string", type(codes.lead_score))
      -- The list is in the text once, in words and not as JSON.
      assert.is_nil(tostring(err):find("[{", 1, true))
    end)
    local _, err = current.contacts:create { email = "nonsense" }
    assert.equal("VALIDATION_ERROR", err.category)
    local value
    value, err = v1.contacts:upsert("nonsense", { firstname = "A" })
    fails(value, err, "email: ", "nonsense")
    value, err = current.contacts
      :search("", {
        filter_groups = {
          {
            filters = {
              { propertyName = "no_such_property", operator = "EQ", value = "1" },
            },
          },
        },
      })
      :next()
    fails(value, err, "400", "no_such_property")
  end)

  it("tells which limit was reached", function()
    for _, policy in ipairs { "DAILY", "TEN_SECONDLY_ROLLING", "SECONDLY" } do
      on_each_route(function(client)
        server:fault { kind = "rate_limit", policy = policy, retry_after = policy == "SECONDLY" and 3 or nil }
        local value, err = client.contacts:get(1)
        fails(value, err, "429", "You have reached your " .. policy:lower() .. " limit")
        assert.same(
          { "rate_limit", 429, policy, "RATE_LIMITS" },
          { err.kind, err.status, err.policy_name, err.category }
        )
        assert.equal(policy == "SECONDLY" and 3 or nil, err.retry_after)
      end)
    end
  end)

  it("takes the old spelling of a limit", function()
    server:fault {
      kind = "status",
      status = 429,
      body = '{"status":"error","message":"You have reached your daily '
        .. 'limit.","errorType":"RATE_LIMIT","correlationId":"c0","policyName":"DAILY","requestId":"3d"}',
    }
    local _, err = current.contacts:get(1)
    assert.same(
      { "rate_limit", "RATE_LIMIT", "DAILY", "c0" },
      { err.kind, err.category, err.policy_name, err.correlation_id }
    )
  end)

  it("tells what a batch of v1 names by its places", function()
    server:fault {
      kind = "status",
      status = 400,
      body = '{"status":"error","message":"Errors found processing batch '
        .. 'update","invalidEmails":["bad@x"],"failureMessages":[{"index":0,"error":{"status":"error","message":'
        .. '"Email address bad@x is invalid"}},{"index":2,"propertyValidationResult":{"isValid":false,"message":'
        .. '"1/1/1 was not a valid long.","error":"INVALID_LONG","name":"num_field"}}],"requestId":"abc"}',
    }
    local value, err = v1:request { method = "POST", path = "/contacts/v1/contact/batch/", body = hubspot.array {} }
    fails(
      value,
      err,
      "Errors found processing batch update",
      "Email address bad@x is invalid",
      "num_field: 1/1/1 was not a valid long.",
      "correlation id abc"
    )
    assert.same({
      { message = "Email address bad@x is invalid", index = 0 },
      { message = "1/1/1 was not a valid long.", code = "INVALID_LONG", name = "num_field", index = 2 },
    }, err.errors)
  end)

  it("has each field of HubSpot's error object", function()
    server:fault {
      kind = "status",
      status = 400,
      body = '{"status":"error","message":"M","correlationId":"C",'
        .. '"category":"VALIDATION_ERROR","subCategory":"S","errors":[{"message":"E","code":"K","in":"field",'
        .. '"subCategory":"T","context":{"a":["b"]}},{"message":"F","context":{"propertyName":["phone"]}}]}',
    }
    local value, err = current.contacts:get(1)
    fails(
      value,
      err,
      "M; field: E; phone: F (HTTP 400 VALIDATION_ERROR, GET /crm/objects/2026-09/contacts/1, " .. "correlation id C)"
    )
    assert.same(
      { "api", 400, "M", "VALIDATION_ERROR", "S", "C" },
      { err.kind, err.status, err.message, err.category, err.sub_category, err.correlation_id }
    )
    assert.same({
      { message = "E", code = "K", name = "field", context = { a = { "b" } } },
      { message = "F", name = "phone", context = { propertyName = { "phone" } } },
    }, err.errors)
  end)

  it("tells how often the call was tried", function()
    server:fault { kind = "status", status = 500, times = 10 }
    local value, err = current.contacts:get(1, { retry = { max_attempts = 3, base_delay = 0.001 } })
    fails(value, err, "3 attempts")
    assert.equal(3, err.attempts)
  end)

  it("names the scopes that stand in the answer's own context", function()
    server:fault {
      kind = "status",
      status = 403,
      body = '{"message":"no","category":"MISSING_SCOPES","context":'
        .. '{"requiredGranularScopes":["oauth","automation.read"]},"errors":[{"message":"e"}]}',
    }
    local value, err = current.contacts:get(1)
    fails(value, err, "403", "The token lacks the scope oauth or automation.read: add it")
  end)

  it("has the correlation id of a header where the body has none", function()
    local headers = { ["x-hubspot-correlation-id"] = "of-the-header" }
    local client = answered_by(
      { status = 502, headers = headers, body = "<html>" },
      { status = 400, headers = headers, body = '{"message":"m","correlationId":"own"}' }
    )
    local value, err = client.contacts:get(1)
    fails(value, err, "correlation id of-the-header")
    assert.equal("of-the-header", err.correlation_id)
    assert.equal("own", select(2, client.contacts:get(1)).correlation_id)
  end)

  -- A proxy's page says nothing of the contact, whoever let it through.
  it("that is no JSON does not prove that a lost DELETE was carried out", function()
    local client = answered_by(
      { status = 502, headers = {}, body = "lost" },
      { status = 404, headers = { ["x-hubspot-correlation-id"] = "c" }, body = "<html>" }
    )
    local value, err = client.contacts:delete(1, { retry = { max_attempts = 2, base_delay = 0.001 } })
    fails(value, err, "404")
    assert.is_true(err.ambiguous)
  end)

  -- Each of them made a pattern try every way to part its blanks, colons or tags.
  it("is made of the beginning of a page, however long that is", function()
    local size = 300000
    for body, message in pairs {
      ["<title>" .. (" "):rep(size)] = "HubSpot answered 502 without an explanation",
      [("<title>"):rep(40000)] = "HubSpot answered 502 without an explanation",
      ["<title> Bad \n" .. (" "):rep(5000) .. " x</title>" .. (" "):rep(size)] = "HubSpot answered 502 with a page: Bad \n"
        .. (" "):rep(251)
        .. "…",
      ["<html><H1 class='x'>Bad Gateway</H1>" .. ("<h1>"):rep(70000)] = "HubSpot answered 502 with a page: Bad Gateway",
    } do
      server:fault { kind = "status", status = 502, body = body }
      local value, err = current.contacts:get(1)
      assert.equal(message, fails(value, err, "502").message)
    end
  end)

  it("has at most 2 KiB of a message, which ends with a whole character", function()
    for _, message in ipairs {
      (":["):rep(150000),
      (":"):rep(300000),
      "x" .. ("é"):rep(100000),
      "]: [[" .. ("]"):rep(9999),
    } do
      server:fault { kind = "status", status = 400, body = core.encode { message = message } }
      local value, err = current.contacts:get(1)
      local said = fails(value, err, "400").message
      assert.is_true(#said <= 2048 + #"…")
      assert.equal(message:sub(1, 1000), said:sub(1, 1000))
      assert.equal("…", said:sub(-3))
      assert.truthy(core.encode(said))
    end
  end)

  it("has at most 1000 details, and shows ten", function()
    local details = {}
    for index = 1, 8000 do
      details[index] = { message = ("%d %s"):format(index, ("x"):rep(5000)) }
    end
    local body = core.encode { message = "m", errors = details }
    local value, err = answered_by({ status = 400, headers = {}, body = body }).contacts:get(1)
    fails(value, err, "; 10 xxx", "; and 990 more (HTTP 400")
    assert.equal(1000, #err.errors)
    assert.is_true(#tostring(err) < 12000)
    assert.is_true(#err.errors[1].message < 1100)
  end)

  it("keeps 4 KiB of the body", function()
    server:fault { kind = "status", status = 400, body = ("x"):rep(10000) }
    local _, err = current.contacts:get(1)
    assert.equal(4096, #err.body)
  end)

  -- Answers of a proxy, a load balancer or a program of one's own in between.
  for _, body in ipairs {
    "",
    "x",
    "null",
    "5",
    "[]",
    "{}",
    '"text"',
    '{"error":{"code":404,"message":"x"}}',
    '{"errors":"all of them"}',
    '{"errors":{"a":"b"}}',
    '{"errors":["one",2,null,{"context":"c"},{"message":{}}]}',
    '{"message":{"a":1}}',
    '{"message":5}',
    '{"message":""}',
    '{"category":{},"correlationId":5,"policyName":[]}',
    '{"validationResults":"x"}',
    '{"validationResults":["x",5]}',
    '{"failureMessages":[5,{"error":"x","index":"y"}]}',
    '{"identityProfile":"x"}',
    '{"identityProfile":{"vid":"x"}}',
    '{"message":"m: [5]"}',
    '{"message":"m: [{]"}',
    "<html><title></title></html>",
    "<h1> Bad\n Gateway </h1>",
    '{"errors":[{"context":{"requiredGranularScopes":5}}]}',
  } do
    it("survives an answer of any shape: " .. body:gsub("%c", " "), function()
      for _, status in ipairs { 400, 403, 409, 429, 500, 302, 418 } do
        on_each_route(function(client)
          server:fault { kind = "status", status = status, body = body }
          local value, err = client.contacts:get(1)
          fails(value, err, tostring(status))
          assert.equal(status, err.status)
          assert.equal("string", type(err.message))
          for _, field in ipairs { "category", "sub_category", "correlation_id", "policy_name", "existing_id" } do
            assert.truthy(err[field] == nil or type(err[field]) == "string", field)
          end
          for _, detail in ipairs(err.errors) do
            for _, field in ipairs { "message", "code", "name" } do
              assert.truthy(detail[field] == nil or type(detail[field]) == "string", field)
            end
          end
        end)
      end
    end)
  end

  describe("with a Retry-After", function()
    local served

    -- Answers 429 with the header's lines that the path holds, or 200 where it holds none.
    setup(
      function()
        served = raw_server.start [[
        local client = ...
        while true do
          local request = client:request()
          if not request then return end
          local lines = request:match "[?&]lines=([^& ]*)"
          if not lines then
            client:answer("{}")
          else
            lines = lines:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end)
            client:send("HTTP/1.1 429 X\r\n" .. lines .. "Content-Length: 0\r\n\r\n")
          end
        end
      ]]
      end
    )

    teardown(function() served.stop() end)

    local function fails_with(lines, limiter)
      local client =
        wire.client(served, { limiter = limiter, deadline = 5, retry = { max_attempts = 2, base_delay = 0.001 } })
      local answer, err = client:request { method = "GET", path = "/a", query = { lines = lines } }
      client:close()
      assert.is_nil(answer)
      assert.equal(429, err.status)
      return err
    end

    it("that is a number of seconds or a date has it as seconds", function()
      for value, seconds in pairs { ["0"] = 0, ["0.25"] = 0.25, ["  7 "] = 7, ["007"] = 7, ["3600"] = 3600 } do
        assert.equal(seconds, (fails_with("Retry-After: " .. value .. "\r\n")).retry_after)
      end
      local date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: "
      assert.equal(83, (fails_with(date .. "Sun, 06 Nov 1994 08:51:00 GMT\r\n")).retry_after)
      assert.equal(0, (fails_with(date .. "Sun, 06 Nov 1994 08:00:00 GMT\r\n")).retry_after)
      assert.equal(0, (fails_with "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n").retry_after)
      -- By this machine's clock, where the answer has no time of its own that can be read.
      local later = os.date("!%a, %d %b %Y %H:%M:%S GMT", os.time() + 1000)
      local err = fails_with("Date: today\r\nRetry-After: " .. later .. "\r\n")
      assert.is_true(err.retry_after > 900 and err.retry_after <= 1000)
    end)

    it("that is neither takes no notice of it", function()
      for _, value in ipairs {
        "-5",
        "abc",
        "1e400",
        "1e3",
        "nan",
        "inf",
        "0x10",
        "",
        "7, 7",
        "+7",
        ".",
        ("9"):rep(400),
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Now 1994 08:49:37 GMT",
        "2026-01-01T00:00:00Z",
      } do
        local err = fails_with("Retry-After: " .. value .. "\r\n")
        assert.is_nil(err.retry_after, value)
        -- It was sent again as if there was none.
        assert.equal(2, err.attempts)
      end
    end)

    it("beyond the deadline ends the call at once, and tells all that HubSpot told", function()
      local limiter = require("hubspot.limiter.memory").new()
      local err = fails_with("Retry-After: 315360000\r\n", limiter)
      fails(nil, err, "HubSpot asks for 315360000 s", "deadline", "429")
      assert.same({ "rate_limit", 429, 315360000, 1 }, { err.kind, err.status, err.retry_after, err.attempts })
      -- Other calls have to wait for the limiter, but no ten years.
      assert.is_true(limiter.acquire "general" <= 60)
    end)
  end)
end)

describe("an error of the network", function()
  local function client_of(url, options)
    options = options or {}
    options.base_url, options.retry = url, options.retry or false
    return wire.client(server, options)
  end

  local function free_port()
    local listener = assert(socket.bind("127.0.0.1", 0))
    local _, port = listener:getsockname()
    listener:close()
    return port
  end

  it("tells that the connection was refused", function()
    local port = free_port()
    local client = client_of("http://127.0.0.1:" .. port)
    local value, err = client.contacts:get(1)
    fails(
      value,
      err,
      "127.0.0.1",
      tostring(port),
      "refused",
      "GET /crm/objects/2026-09/contacts/1, not sent",
      "check base_url, the option proxy and the firewall"
    )
    assert.same({ "network", false }, { err.kind, err.sent })
    assert.is_nil(err.status)
    -- It certainly was not carried out: even a create may be repeated.
    value, err = client.contacts:create({ firstname = "Ada" }, { retry = { max_attempts = 3, base_delay = 0.001 } })
    fails(value, err, "3 attempts")
    client:close()
  end)

  it("tells that there is no such host", function()
    local client = client_of "https://no-such-host.invalid"
    local value, err = client.contacts:get(1)
    fails(value, err, "no-such-host.invalid", "not sent", "Check the host in base_url", "DNS")
    assert.same({ "network", false }, { err.kind, err.sent })
    client:close()
  end)

  it("tells that no answer came in time", function()
    server:fault { kind = "hang" }
    local value, err = current.contacts:get(1, { timeout = 0.1 })
    fails(
      value,
      err,
      "127.0.0.1",
      "timed out",
      "GET /crm/objects/2026-09/contacts/1, sent, without a whole answer",
      "pass a longer timeout, in seconds"
    )
    assert.same({ "timeout", true }, { err.kind, err.sent })
  end)

  it("tells that the connection was reset", function()
    local client = client_of(server.url)
    server:fault { kind = "reset", times = 10 }
    local value, err = client.contacts:get(1)
    fails(value, err, "127.0.0.1", "sent, without a whole answer", "check what is between here and HubSpot")
    assert.equal("network", err.kind)
    client:close()
  end)

  it("tells that the answer was cut off", function()
    server:fault { kind = "cut" }
    local value, err = current.contacts:get(1)
    fails(value, err, "127.0.0.1")
    assert.same({ "network", true }, { err.kind, err.sent })
  end)

  it("takes a page or half a text for no answer where HubSpot has nothing to tell", function()
    for _, kind in ipairs { "html", "garbage" } do
      on_each_route(function(client)
        server:fault { kind = kind, status = 200, method = "DELETE" }
        local value, err = client.contacts:delete(1)
        fails(value, err, "not JSON", "HTTP 200", "DELETE", "may have been carried out")
        assert.is_true(err.ambiguous)
      end)
    end
  end)

  it("tells an answer that is not JSON, and shows it", function()
    server:fault { kind = "garbage" }
    local value, err = current.contacts:get(1)
    fails(value, err, "not JSON", "HTTP 200", "GET /crm/objects/2026-09/contacts/1")
    assert.same({ "decode", 200, '{"results":[{"id":"41' }, { err.kind, err.status, err.body })
    server:fault { kind = "html", status = 200 }
    value, err = current.contacts:get(1)
    fails(value, err, "not JSON")
    assert.equal("decode", err.kind)
  end)

  it("tells an answer that is too large", function()
    local client = client_of(server.url, { max_response_bytes = 1000 })
    server:fault { kind = "status", status = 200, body = '{"id":"' .. ("x"):rep(1000) .. '"}' }
    local value, err = client.contacts:get(1)
    fails(value, err, "larger than max_response_bytes", "1000")
    assert.equal("decode", err.kind)
    server:fault { kind = "status", status = 200, body = '{"id":"' .. ("x"):rep(991) .. '"}' }
    assert.equal(991, #assert(client.contacts:get(1)).id)
    client:close()
  end)

  -- The error of a create over a server that answers as scripted.
  local function create_over(source, options)
    local served = raw_server.start(source)
    options = options and options(served) or { base_url = served.url }
    options.retry = false
    local client = wire.client(served, options)
    local value, err = client.contacts:create { firstname = "Ada" }
    client:close()
    served.stop()
    assert.is_nil(value)
    return err, served
  end

  -- Failures of a server in the middle of an answer.
  for what, source in pairs {
    ["before it"] = [[local client = ... client:request() client:close()]],
    ["in its head"] = [[local client = ... client:request() client:send "HTTP/1.1 200 OK\r\nX: " client:close()]],
    ["in its body"] = [[local client = ... client:request()
      client:send "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc" client:close()]],
    ["in a chunk"] = [[local client = ... client:request()
      client:send "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc" client:close()]],
    ["by a reset"] = [[local client = ... client:request() client:reset()]],
  } do
    it("tells that the server closed the connection " .. what, function()
      local err, served = create_over(source)
      fails(
        nil,
        err,
        "127.0.0.1:" .. served.port,
        "sent, without a whole answer",
        "https://status.hubspot.com",
        "The request may have been carried out: look whether"
      )
      assert.same({ "network", true, true }, { err.kind, err.sent, err.ambiguous })
    end)
  end

  it("tells a page of a proxy, and where base_url leads", function()
    local page = "<html><head><title>Blocked by policy</title></head></html>"
    for _, status in ipairs { 400, 404, 502 } do
      local err, served = create_over(
        ([[local client = ... client:request()
        client:send "HTTP/1.1 %d X\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"]]):format(
          status,
          #page,
          page
        )
      )
      fails(nil, err, "Blocked by policy", tostring(status), "base_url (" .. served.url .. ")")
      assert.equal(status == 502 or nil, err.ambiguous)
    end
    local err = create_over [[local client = ... client:request() client:answer "<html>log in first</html>"]]
    fails(nil, err, "HubSpot's answer is not JSON", "HTTP 200", "may have been carried out")
  end)

  it("tells that a port does not speak HTTPS", function()
    local err, served = create_over(
      [[local client = ... client:send "hello\r\n\r\n" client:close()]],
      function(served) return { base_url = "https://127.0.0.1:" .. served.port } end
    )
    fails(nil, err, "127.0.0.1:" .. served.port, "not sent", "a port that speaks HTTPS")
    assert.same({ "network", false, nil }, { err.kind, err.sent, err.ambiguous })
  end)

  it("tells a file of certificates that is not there", function()
    local client = client_of("https://127.0.0.1:" .. free_port(), { ca_file = "/no/such/file.pem" })
    local value, err = client.contacts:get(1)
    fails(value, err, "not sent")
    assert.equal(false, err.sent)
    client:close()
  end)

  it("tells a machine without certificates from a wrong ca_file", function()
    local failure = { kind = "network", message = "error setting certificate file", sent = false, curl_code = 77 }
    fails(nil, errors.from_transport(failure), "install ca-certificates", "option ca_file")
    local err = errors.from_transport(failure, "/no/such/file.pem")
    fails(nil, err, "Check the file that the option ca_file names")
    assert.is_nil(tostring(err):find("install", 1, true))
  end)

  describe("with a proxy", function()
    -- The error of a create over HTTPS by a proxy that does this with the CONNECT.
    local function create_by_proxy(source, timeout)
      return create_over(
        "local client = ... assert(client:request():find '^CONNECT ') " .. source,
        function(served) return { base_url = "https://api.hubapi.com", proxy = served.url, timeout = timeout } end
      )
    end

    it("tells that it wants a password, and that nothing was sent", function()
      local err = create_by_proxy [[client:send "HTTP/1.1 407 X\r\nContent-Length: 0\r\n\r\n"]]
      fails(nil, err, "407", "api.hubapi.com", "not sent", "http://user:password@host:port")
      assert.same({ "network", false, nil }, { err.kind, err.sent, err.ambiguous })
      err = create_over(
        [[local client = ... client:request() client:send
        "HTTP/1.1 407 X\r\nContent-Length: 0\r\n\r\n"]],
        function(served) return { base_url = "http://hubspot.invalid", allow_insecure = true, proxy = served.url } end
      )
      fails(nil, err, "407", "http://user:password@host:port")
      assert.is_nil(err.ambiguous)
    end)

    it("that refuses, closes or is silent has sent nothing of the request", function()
      for _, source in ipairs {
        [[client:send "HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n"]],
        "client:close()",
        [[client:send "HTTP/1.1 200 OK\r\n\r\n" client:close()]],
        "client:receive()",
      } do
        local err = create_by_proxy(source, 0.2)
        fails(nil, err, "not sent")
        assert.same({ false, nil }, { err.sent, err.ambiguous })
      end
    end)

    it("tells that there is none of that name, or at that port", function()
      local port = free_port()
      for proxy, words in pairs {
        ["http://no-such-proxy.invalid:3128"] = "Check the option proxy",
        ["http://127.0.0.1:" .. port] = "Nothing answers there",
      } do
        local client = client_of("https://api.hubapi.com", { proxy = proxy })
        local value, err = client.contacts:create { firstname = "Ada" }
        fails(value, err, "not sent", words, proxy:match "//([^:]*)")
        assert.same({ "network", false, nil }, { err.kind, err.sent, err.ambiguous })
        client:close()
      end
    end)
  end)

  it("tells an answer that is no HTTP", function()
    local served = raw_server.start [[
      local client = ...
      client:request()
      client:send("SSH-2.0-OpenSSH_9.2\r\n\r\n")
    ]]
    local client = client_of(served.url)
    local value, err = client.contacts:get(1)
    fails(value, err, "127.0.0.1")
    assert.equal("network", err.kind)
    client:close()
    served.stop()
  end)

  describe("over TLS", function()
    local served

    setup(function() served = tls_server.start() end)
    teardown(function() served:stop() end)

    it("tells a certificate for another name", function()
      local client = client_of("https://127.0.0.1:" .. served.port, { ca_file = served.ca_file })
      local value, err = client.contacts:get(1)
      fails(value, err, "127.0.0.1", "certificate", "not sent", "option ca_file", "clock")
      assert.same({ "network", false }, { err.kind, err.sent })
      client:close()
    end)

    it("tells a certificate that nobody vouches for", function()
      local client = client_of("https://localhost:" .. served.port)
      local value, err = client.contacts:get(1)
      fails(value, err, "localhost", "certificate", "not sent", "option ca_file")
      assert.same({ "network", false }, { err.kind, err.sent })
      client:close()
    end)

    it("has nothing to tell where the certificate is right", function()
      local client = client_of("https://localhost:" .. served.port, { ca_file = served.ca_file })
      local value, err = client.contacts:get(1)
      -- It is no HubSpot, but it answered.
      fails(value, err, "not JSON")
      assert.equal(200, err.status)
      client:close()
    end)
  end)
end)

describe("errors.new", function()
  it("makes an error whose text is what it has to tell", function()
    assert.equal("no", tostring(errors.new { kind = "network", message = "no" }))
    assert.equal(
      "no (HTTP 500, GET /a, 2 attempts, correlation id c). Do this",
      tostring(errors.new {
        kind = "api",
        message = "no",
        status = 500,
        method = "GET",
        path = "/a",
        attempts = 2,
        correlation_id = "c",
        hint = "Do this",
      })
    )
    assert.equal(
      "no; a: b; c",
      tostring(errors.new {
        kind = "api",
        message = "no",
        errors = { { name = "a", message = "b" }, { message = "c" }, { message = "no" }, {} },
      })
    )
  end)

  it("is told from other tables", function()
    assert.is_true(errors.is_error(errors.new { kind = "api", message = "no" }))
    for _, value in ipairs { {}, "no", 5, setmetatable({}, {}) } do
      assert.is_false(errors.is_error(value))
    end
  end)
end)
