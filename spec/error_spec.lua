-- Each thing that goes wrong, over a real socket: the error's kind and fields, and that its text says what happened or
-- what to do.

local errors = require "hubspot.error"
local hubspot = require "hubspot"
local raw_server = require "spec.support.raw_server"
local sandbox = require "spec.support.sandbox"
local socket = require "socket"
local wire = require "spec.support.wire"

local server, current, v1

setup(function()
  server = sandbox.start {}
  current = wire.client(server, { retry = false })
  v1 = wire.client(server, { api_version = "v1", retry = false })
end)

teardown(function()
  current:close()
  v1:close()
  server:stop()
end)

before_each(function() server:reset {} end)

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
        email = "nonsense", lead_score = "many", lead_tier = "z", no_such_property = "x",
      }
      fails(value, err, "400", "Property values were not valid", "email: ", "lead_score: ", "lead_tier: ",
        "no_such_property: ")
      assert.same({ "api", 400 }, { err.kind, err.status })
      local codes = {}
      for _, detail in ipairs(err.errors) do codes[detail.name] = detail.code end
      assert.same({ email = "INVALID_EMAIL", lead_score = codes.lead_score, lead_tier = "INVALID_OPTION",
        no_such_property = "PROPERTY_DOESNT_EXIST" }, codes)
      assert.equal("string", type(codes.lead_score))
      -- The list is in the text once, in words and not as JSON.
      assert.is_nil(tostring(err):find("[{", 1, true))
    end)
    local _, err = current.contacts:create { email = "nonsense" }
    assert.equal("VALIDATION_ERROR", err.category)
    local value
    value, err = v1.contacts:upsert("nonsense", { firstname = "A" })
    fails(value, err, "email: ", "nonsense")
    value, err = current.contacts:search("", { filter_groups = { { filters = {
      { propertyName = "no_such_property", operator = "EQ", value = "1" } } } } }):next()
    fails(value, err, "400", "no_such_property")
  end)

  it("tells which limit was reached", function()
    for _, policy in ipairs { "DAILY", "TEN_SECONDLY_ROLLING", "SECONDLY" } do
      on_each_route(function(client)
        server:fault { kind = "rate_limit", policy = policy, retry_after = policy == "SECONDLY" and 3 or nil }
        local value, err = client.contacts:get(1)
        fails(value, err, "429", "You have reached your " .. policy:lower() .. " limit")
        assert.same({ "rate_limit", 429, policy, "RATE_LIMITS" },
          { err.kind, err.status, err.policy_name, err.category })
        assert.equal(policy == "SECONDLY" and 3 or nil, err.retry_after)
      end)
    end
  end)

  it("takes the old spelling of a limit", function()
    server:fault { kind = "status", status = 429, body = '{"status":"error","message":"You have reached your daily '
      .. 'limit.","errorType":"RATE_LIMIT","correlationId":"c0","policyName":"DAILY","requestId":"3d"}' }
    local _, err = current.contacts:get(1)
    assert.same({ "rate_limit", "RATE_LIMIT", "DAILY", "c0" },
      { err.kind, err.category, err.policy_name, err.correlation_id })
  end)

  it("tells what a batch of v1 names by its places", function()
    server:fault { kind = "status", status = 400, body = '{"status":"error","message":"Errors found processing batch '
      .. 'update","invalidEmails":["bad@x"],"failureMessages":[{"index":0,"error":{"status":"error","message":'
      .. '"Email address bad@x is invalid"}},{"index":2,"propertyValidationResult":{"isValid":false,"message":'
      .. '"1/1/1 was not a valid long.","error":"INVALID_LONG","name":"num_field"}}],"requestId":"abc"}' }
    local value, err = v1:request { method = "POST", path = "/contacts/v1/contact/batch/", body = hubspot.array {} }
    fails(value, err, "Errors found processing batch update", "Email address bad@x is invalid",
      "num_field: 1/1/1 was not a valid long.", "correlation id abc")
    assert.same({ { message = "Email address bad@x is invalid", index = 0 },
      { message = "1/1/1 was not a valid long.", code = "INVALID_LONG", name = "num_field", index = 2 } }, err.errors)
  end)

  it("has each field of HubSpot's error object", function()
    server:fault { kind = "status", status = 400, body = '{"status":"error","message":"M","correlationId":"C",'
      .. '"category":"VALIDATION_ERROR","subCategory":"S","errors":[{"message":"E","code":"K","in":"field",'
      .. '"subCategory":"T","context":{"a":["b"]}},{"message":"F","context":{"propertyName":["phone"]}}]}' }
    local value, err = current.contacts:get(1)
    fails(value, err, "M; field: E; phone: F (HTTP 400 VALIDATION_ERROR, GET /crm/objects/2026-09/contacts/1, "
      .. "correlation id C)")
    assert.same({ "api", 400, "M", "VALIDATION_ERROR", "S", "C" },
      { err.kind, err.status, err.message, err.category, err.sub_category, err.correlation_id })
    assert.same({ { message = "E", code = "K", name = "field", context = { a = { "b" } } },
      { message = "F", name = "phone", context = { propertyName = { "phone" } } } }, err.errors)
  end)

  it("tells how often the call was tried", function()
    server:fault { kind = "status", status = 500, times = 10 }
    local value, err = current.contacts:get(1, { retry = { max_attempts = 3, base_delay = 0.001 } })
    fails(value, err, "3 attempts")
    assert.equal(3, err.attempts)
  end)

  it("keeps 4 KiB of the body", function()
    server:fault { kind = "status", status = 400, body = ("x"):rep(10000) }
    local _, err = current.contacts:get(1)
    assert.equal(4096, #err.body)
  end)

  -- What a proxy, a load balancer or a program of one's own in between may answer.
  for _, body in ipairs { "", "x", "null", "5", "[]", "{}", '"text"', '{"error":{"code":404,"message":"x"}}',
    '{"errors":"all of them"}', '{"errors":{"a":"b"}}', '{"errors":["one",2,null,{"context":"c"},{"message":{}}]}',
    '{"message":{"a":1}}', '{"message":5}', '{"message":""}', '{"category":{},"correlationId":5,"policyName":[]}',
    '{"validationResults":"x"}', '{"validationResults":["x",5]}', '{"failureMessages":[5,{"error":"x","index":"y"}]}',
    '{"identityProfile":"x"}', '{"identityProfile":{"vid":"x"}}', '{"message":"m: [5]"}', '{"message":"m: [{]"}',
    "<html><title></title></html>", "<h1> Bad\n Gateway </h1>", '{"errors":[{"context":{"requiredGranularScopes":5}}]}',
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

  it("takes no notice of a Retry-After that is a date", function()
    local served = raw_server.start [[
      local client = ...
      while client:request() do
        client:send("HTTP/1.1 503 X\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\nContent-Length: 0\r\n\r\n")
      end
    ]]
    local client = wire.client(served, { retry = { max_attempts = 2, base_delay = 0.001 } })
    local _, err = client.contacts:get(1)
    assert.same({ 503, nil, 2 }, { err.status, err.retry_after, err.attempts })
    client:close()
    served.stop()
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
    fails(value, err, "127.0.0.1", tostring(port), "refused", "GET /crm/objects/2026-09/contacts/1")
    assert.same({ "network", false }, { err.kind, err.sent })
    assert.is_nil(err.status)
    -- It certainly was not carried out: even a create may be repeated.
    value, err = client.contacts:create({ firstname = "Ada" }, { retry = { max_attempts = 3, base_delay = 0.001 } })
    fails(value, err, "3 attempts")
    client:close()
  end)

  it("tells that there is no such host", function()
    local client = client_of "http://no-such-host.invalid"
    local value, err = client.contacts:get(1)
    fails(value, err, "no-such-host.invalid")
    assert.same({ "network", false }, { err.kind, err.sent })
    client:close()
  end)

  it("tells that no answer came in time", function()
    server:fault { kind = "hang" }
    local value, err = current.contacts:get(1, { timeout = 0.1 })
    fails(value, err, "timed out", "GET /crm/objects/2026-09/contacts/1")
    assert.same({ "timeout", true }, { err.kind, err.sent })
  end)

  it("tells that the connection was reset", function()
    local client = client_of(server.url)
    server:fault { kind = "reset", times = 10 }
    local value, err = client.contacts:get(1)
    fails(value, err, "127.0.0.1")
    assert.equal("network", err.kind)
    client:close()
  end)

  it("tells that the answer was cut off", function()
    server:fault { kind = "cut" }
    local value, err = current.contacts:get(1)
    fails(value, err, "127.0.0.1")
    assert.same({ "network", true }, { err.kind, err.sent })
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
    local directory, pid, port, pipe

    local function run(command)
      local outcome = os.execute(command .. " >/dev/null 2>&1")
      assert.is_true(outcome == true or outcome == 0, command)
    end

    setup(function()
      directory = os.tmpname()
      os.remove(directory)
      run("mkdir " .. directory)
      run(("cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout key.pem "
        .. "-out cert.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost"):format(directory))
      pipe = io.popen(("cd %s && echo $$ && exec env -u LD_PRELOAD timeout 300 openssl s_server -accept 127.0.0.1:0 "
        .. "-www -key key.pem -cert cert.pem 2>/dev/null"):format(directory))
      pid = pipe:read "*l"
      repeat
        local line = assert(pipe:read "*l", "openssl s_server didn't start")
        port = line:match "^ACCEPT .*:(%d+)$"
      until port
    end)

    teardown(function()
      os.execute("kill " .. pid)
      pipe:close()
      os.execute("rm -r " .. directory)
    end)

    it("tells a certificate for another name", function()
      local client = client_of("https://127.0.0.1:" .. port, { ca_file = directory .. "/cert.pem" })
      local value, err = client.contacts:get(1)
      fails(value, err, "127.0.0.1", "certificate")
      assert.same({ "network", false }, { err.kind, err.sent })
      client:close()
    end)

    it("tells a certificate that nobody vouches for", function()
      local client = client_of("https://localhost:" .. port)
      local value, err = client.contacts:get(1)
      fails(value, err, "localhost", "certificate")
      assert.same({ "network", false }, { err.kind, err.sent })
      client:close()
    end)

    it("has nothing to tell where the certificate is right", function()
      local client = client_of("https://localhost:" .. port, { ca_file = directory .. "/cert.pem" })
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
    assert.equal("no (HTTP 500, GET /a, 2 attempts, correlation id c). Do this",
      tostring(errors.new { kind = "api", message = "no", status = 500, method = "GET", path = "/a", attempts = 2,
        correlation_id = "c", hint = "Do this" }))
    assert.equal("no; a: b; c", tostring(errors.new { kind = "api", message = "no",
      errors = { { name = "a", message = "b" }, { message = "c" }, { message = "no" }, {} } }))
  end)

  it("is told from other tables", function()
    assert.is_true(errors.is_error(errors.new { kind = "api", message = "no" }))
    for _, value in ipairs { {}, "no", 5, setmetatable({}, {}) } do assert.is_false(errors.is_error(value)) end
  end)
end)
