local core = require "hubspot.core"
local hubspot = require "hubspot"
local portal = require "hubspot.sandbox"
local sandbox = require "spec.support.sandbox"
local server = require "hubspot.sandbox.server"
local socket = require "socket"

local AUTH = "Authorization: Bearer x\r\n"
local PAGE = "/crm/objects/2026-09/contacts?limit=2"

-- A client that knows little HTTP, so that specs see the bytes.
local client = {}

function client.connect(url)
  local host, port = url:match "^http://([^:]+):(%d+)$"
  local connection = assert(socket.connect(host, tonumber(port)))
  connection:settimeout(10)
  return connection
end

-- Status, headers and body of the next answer; nil and the problem where it does not come whole.
function client.read(connection, method)
  local line, problem = connection:receive "*l"
  if not line then return nil, problem end
  local status, headers = tonumber(line:match "^HTTP/1%.1 (%d+)"), {}
  while true do
    line, problem = connection:receive "*l"
    if not line then return nil, problem end
    if line == "" then break end
    local name, value = line:match "^([^:]+): (.*)$"
    headers[name:lower()] = value
  end
  local length = method ~= "HEAD" and tonumber(headers["content-length"]) or 0
  local body = ""
  if length > 0 then
    body, problem = connection:receive(length)
    if not body then return nil, problem end
  end
  return status, headers, body
end

function client.get(connection, path, authorization)
  assert(connection:send("GET " .. path .. " HTTP/1.1\r\nHost: localhost\r\n" .. (authorization or AUTH) .. "\r\n"))
  return client.read(connection)
end

function client.post(connection, path, body, authorization)
  assert(
    connection:send(
      "POST "
        .. path
        .. " HTTP/1.1\r\nHost: localhost\r\n"
        .. (authorization or AUTH)
        .. "Content-Type: application/json\r\nContent-Length: "
        .. #body
        .. "\r\n\r\n"
        .. body
    )
  )
  return client.read(connection)
end

describe("hubspot.sandbox.server", function()
  local running, connection

  setup(function() running = sandbox.start { contacts = 5 } end)

  teardown(function() running:stop() end)

  before_each(function()
    running:reset()
    running:clear_requests()
    connection = client.connect(running.url)
  end)

  after_each(function() connection:close() end)

  describe("speaks HTTP", function()
    it("with many requests on one connection", function()
      local before = running:connections()
      for _ = 1, 5 do
        local status, headers, body = client.get(connection, PAGE)
        assert.equal(200, status)
        assert.equal("keep-alive", headers.connection)
        assert.equal("190", headers["x-hubspot-ratelimit-max"])
        assert.equal(2, #core.decode(body).results)
      end
      assert.equal(before, running:connections())
      client.connect(running.url):close()
      local other = client.connect(running.url)
      client.get(other, PAGE)
      other:close()
      assert.equal(before + 2, running:connections())
    end)

    it("with requests sent before the answers were read", function()
      connection:send(("GET " .. PAGE .. " HTTP/1.1\r\n" .. AUTH .. "\r\n"):rep(3))
      for _ = 1, 3 do
        assert.equal(200, (client.read(connection)))
      end
    end)

    it("with bodies in chunks", function()
      connection:send(
        "POST /crm/objects/2026-09/contacts HTTP/1.1\r\n"
          .. AUTH
          .. "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
      )
      connection:send 'f;x=y\r\n{"properties":{\r\n'
      connection:send '12\r\n"firstname":"Ada"}\r\n1\r\n}\r\n0\r\nTrailer: x\r\n\r\n'
      local status, _, body = client.read(connection)
      assert.equal(201, status)
      assert.equal("Ada", core.decode(body).properties.firstname)
      assert.equal(200, (client.get(connection, PAGE)))
    end)

    it("with bodies that arrive in pieces", function()
      local body = '{"properties":{"firstname":"Ada"}}'
      connection:send(
        "POST /crm/objects/2026-09/contacts HTTP/1.1\r\n" .. AUTH .. "Content-Length: " .. #body .. "\r\n"
      )
      socket.sleep(0.02)
      connection:send("\r\n" .. body:sub(1, 5))
      socket.sleep(0.02)
      connection:send(body:sub(6))
      assert.equal(201, (client.read(connection)))
    end)

    it("with a body that waits for 100 Continue", function()
      local body = '{"properties":{"firstname":"Ada"}}'
      connection:send(
        "POST /crm/objects/2026-09/contacts HTTP/1.1\r\n"
          .. AUTH
          .. "Expect: 100-continue\r\nContent-Length: "
          .. #body
          .. "\r\n\r\n"
      )
      assert.equal("HTTP/1.1 100 Continue", connection:receive "*l")
      assert.equal("", connection:receive "*l")
      connection:send(body)
      assert.equal(201, (client.read(connection)))
    end)

    it("with HEAD", function()
      connection:send("HEAD " .. PAGE .. " HTTP/1.1\r\n" .. AUTH .. "\r\n")
      local status, headers = client.read(connection, "HEAD")
      assert.equal(200, status)
      assert.is_true(tonumber(headers["content-length"]) > 0)
      assert.equal(200, (client.get(connection, PAGE)))
    end)

    it("with 204 and no length", function()
      connection:send("DELETE /crm/objects/2026-09/contacts/4127 HTTP/1.1\r\n" .. AUTH .. "\r\n")
      local status, headers = client.read(connection)
      assert.equal(204, status)
      assert.is_nil(headers["content-length"])
      assert.equal(200, (client.get(connection, PAGE)))
    end)

    it("closing where the client asks", function()
      connection:send("GET " .. PAGE .. " HTTP/1.1\r\nConnection: close\r\n" .. AUTH .. "\r\n")
      local status, headers = client.read(connection)
      assert.equal(200, status)
      assert.equal("close", headers.connection)
      local _, problem = connection:receive(1)
      assert.equal("closed", problem)
    end)

    it("closing after HTTP/1.0", function()
      connection:send("GET " .. PAGE .. " HTTP/1.0\r\n" .. AUTH .. "\r\n")
      assert.equal(200, (client.read(connection)))
      local _, problem = connection:receive(1)
      assert.equal("closed", problem)
    end)

    it("with large bodies both ways", function()
      local inputs = core.array {}
      for number = 1, 100 do
        inputs[number] = { properties = { firstname = "P" .. number, notes = ("x"):rep(20000) } }
      end
      local status, _, body =
        client.post(connection, "/crm/objects/2026-09/contacts/batch/create", core.encode { inputs = inputs })
      assert.equal(201, status)
      assert.is_true(#body > 2000000)
      assert.equal(100, #core.decode(body).results)
    end)

    for name, case in pairs {
      ["no HTTP at all"] = { "hello\r\n\r\n", 400 },
      ["a header without a colon"] = { "GET / HTTP/1.1\r\nbad\r\n\r\n", 400 },
      ["a length that is no number"] = { "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400 },
      ["two lengths"] = { "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400 },
      ["a length beside chunks"] = {
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        400,
      },
      ["a bad chunk"] = { "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400 },
      ["a body that is too large"] = { "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413 },
      ["a path that is too long"] = { "GET /" .. ("x"):rep(20000) .. " HTTP/1.1\r\n\r\n", 414 },
      ["headers that are too large"] = { "GET / HTTP/1.1\r\nX: " .. ("x"):rep(70000) .. "\r\n\r\n", 431 },
    } do
      it("refusing " .. name, function()
        connection:send(case[1])
        assert.equal(case[2], (client.read(connection)))
      end)
    end
  end)

  describe("breaks connections when asked", function()
    local CREATE = "/crm/objects/2026-09/contacts"

    local function count()
      local other = client.connect(running.url)
      local _, _, body = client.get(other, "/crm/objects/2026-09/contacts?limit=100")
      other:close()
      return #core.decode(body).results
    end

    it("by a reset before anything was done", function()
      running:fault { kind = "reset" }
      local status = client.post(connection, CREATE, '{"properties":{"firstname":"A"}}')
      assert.is_nil(status)
      assert.equal(5, count())
    end)

    it("by a reset after it was done", function()
      running:fault { kind = "reset_after" }
      local status = client.post(connection, CREATE, '{"properties":{"firstname":"A"}}')
      assert.is_nil(status)
      assert.equal(6, count())
    end)

    it("in the middle of a body", function()
      running:fault { kind = "cut" }
      connection:send("GET " .. PAGE .. " HTTP/1.1\r\n" .. AUTH .. "\r\n")
      assert.equal("HTTP/1.1 200 OK", connection:receive "*l")
      local announced
      repeat
        local line = connection:receive "*l"
        announced = line:match "^content%-length: (%d+)" or announced
      until line == ""
      local _, problem, partial = connection:receive(tonumber(announced))
      assert.equal("closed", problem)
      assert.is_true(#partial > 0 and #partial < tonumber(announced))
    end)

    it("not at all, but by silence", function()
      running:fault { kind = "hang" }
      connection:settimeout(0.2)
      local status, problem = client.get(connection, PAGE)
      assert.is_nil(status)
      assert.equal("timeout", problem)
      local other = client.connect(running.url)
      assert.equal(200, (client.get(other, PAGE)))
      other:close()
    end)

    it("not at all, but late", function()
      running:fault { kind = "slow", seconds = 0.3 }
      connection:settimeout(0.1)
      connection:send("GET " .. PAGE .. " HTTP/1.1\r\n" .. AUTH .. "\r\n")
      local _, problem = connection:receive(1)
      assert.equal("timeout", problem)
      local other = client.connect(running.url)
      assert.equal(200, (client.get(other, PAGE)))
      other:close()
      connection:settimeout(10)
      assert.equal(200, (client.read(connection)))
    end)
  end)

  describe("is steered", function()
    it("by a look at its requests", function()
      client.get(connection, PAGE)
      local requests = running:requests()
      assert.equal(1, #requests)
      assert.equal("/crm/objects/2026-09/contacts", requests[1].path)
      assert.equal("limit=2", requests[1].query)
      assert.equal("Bearer [hidden]", requests[1].headers.authorization)
      running:clear_requests()
      assert.same({}, running:requests())
    end)

    it("by faults, which can be taken back", function()
      running:fault { kind = "status", status = 503, times = 5 }
      assert.equal(503, (client.get(connection, PAGE)))
      running:clear_faults()
      assert.equal(200, (client.get(connection, PAGE)))
      assert.error_matches(function() running:fault { kind = "nope" } end, "unknown kind of fault: nope")
    end)

    it("by the clock", function()
      local function modified()
        local _, _, body = client.post(connection, "/crm/objects/2026-09/contacts", '{"properties":{"firstname":"A"}}')
        return core.decode(body).createdAt
      end
      local before = modified()
      running:advance(86400)
      assert.is_true(modified():sub(1, 10) > before:sub(1, 10))
      assert.error_matches(function() running:advance "x" end, "advance must be a number")
    end)

    it("by what no request does to a record", function()
      local function steer(name, body)
        connection:send(
          ("POST /_sandbox/%s HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"):format(
            name,
            #body,
            body
          )
        )
        local status, _, answer = client.read(connection)
        return status, answer
      end
      running:reset { contacts = 2 }
      assert.equal(204, (steer("set_calculated", '{"type":"contacts","id":4127,"properties":{"num_notes":"5"}}')))
      assert.matches(
        '"num_notes":"5"',
        select(3, client.get(connection, "/crm/objects/2026-09/contacts/4127?properties=num_notes"))
      )
      assert.equal(204, (steer("purge", '{"type":"contacts","id":"4127"}')))
      assert.equal(404, (client.get(connection, "/crm/objects/2026-09/contacts/4127")))
      local status, answer = steer("restore", '{"type":"contacts","id":"4127"}')
      assert.equal(400, status)
      assert.matches("no archived record 4127 of type contacts", answer)
      assert.equal(204, (steer("search_lag", '{"seconds":5}')))
      running:reset()
    end)

    it("by a fresh start with other options", function()
      running:reset { contacts = 1, token = "other" }
      assert.equal(401, (client.get(connection, PAGE)))
      running:reset()
      assert.equal(200, (client.get(connection, PAGE)))
      assert.error_matches(function() running:reset { contact = 1 } end, "unknown option contact")
    end)

    it("without a token, and apart from quotas and requests", function()
      running:reset { quota = { limit = 1, seconds = 100 } }
      running:clear_requests()
      for _ = 1, 3 do
        connection:send "GET /_sandbox/requests HTTP/1.1\r\n\r\n"
        local status, _, body = client.read(connection)
        assert.equal(200, status)
        assert.equal("[]", body)
      end
      assert.equal(200, (client.get(connection, PAGE)))
      assert.equal(429, (client.get(connection, PAGE)))
    end)

    it("not where there is nothing to steer", function()
      connection:send "GET /_sandbox/nothing HTTP/1.1\r\n\r\n"
      assert.equal(404, (client.read(connection)))
    end)
  end)

  describe("keeps web pages away:", function()
    local function status_of(method, path, headers, body)
      local lines = { method .. " " .. path .. " HTTP/1.1", "Content-Length: " .. #(body or "") }
      for name, value in pairs(headers) do
        lines[#lines + 1] = name .. ": " .. value
      end
      connection:send(table.concat(lines, "\r\n") .. "\r\n\r\n" .. (body or ""))
      return (client.read(connection))
    end

    local host = function() return running.url:match "^http://(.*)$" end

    it("a name that leads to loopback is no name of it", function()
      for given, expected in pairs {
        ["evil.example"] = 403,
        ["evil.example:80"] = 403,
        ["127.0.0.1.evil.example"] = 403,
        ["localhost.evil.example"] = 403,
        ["10.0.0.1"] = 403,
        ["localhost, evil.example"] = 403,
        [""] = 403,
        ["localhost"] = 200,
        ["LOCALHOST:1234"] = 200,
        ["127.0.0.1:5"] = 200,
        ["127.1.2.3"] = 200,
        ["[::1]:80"] = 200,
        ["hubspot.localhost:80"] = 200,
      } do
        local headers = { Host = given, Authorization = "Bearer x" }
        assert.equal(expected, status_of("GET", PAGE, headers), given)
        assert.equal(expected, status_of("GET", "/_sandbox/requests", headers), given)
      end
    end)

    it("another page's requests are carried out nowhere", function()
      for _, headers in ipairs {
        { Origin = "https://evil.example" },
        { Origin = "null" },
        { Origin = "http://localhost:1" },
        { ["Sec-Fetch-Site"] = "cross-site" },
        { ["Sec-Fetch-Site"] = "same-site" },
      } do
        headers.Host, headers.Authorization = host(), "Bearer x"
        assert.equal(403, status_of("GET", PAGE, headers))
        for _, path in ipairs { "/_sandbox/stop", "/_sandbox/reset", "/_sandbox/clock", "/_sandbox/faults" } do
          assert.equal(403, status_of("POST", path, headers))
        end
      end
      assert.equal(200, status_of("GET", PAGE, { Host = host(), Authorization = "Bearer x" }))
      assert.equal(
        200,
        status_of(
          "GET",
          "/_sandbox/requests",
          { Host = host(), Origin = running.url, ["Sec-Fetch-Site"] = "same-origin" }
        )
      )
    end)

    it("control takes JSON only", function()
      for _, kind in ipairs {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
      } do
        assert.equal(415, status_of("POST", "/_sandbox/clock", { ["Content-Type"] = kind }, '{"advance":1}'))
      end
      assert.equal(415, status_of("POST", "/_sandbox/clock", {}, '{"advance":1}'))
      assert.equal(
        204,
        status_of("POST", "/_sandbox/clock", { ["Content-Type"] = "application/json; charset=utf-8" }, '{"advance":1}')
      )
    end)

    it("numbers have bounds", function()
      for _, case in ipairs {
        { "clock", '{"advance":1e999}' },
        { "clock", '{"advance":-1}' },
        { "clock", '{"advance":1e12}' },
        { "faults", '{"kind":"slow","seconds":1e99}' },
        { "reset", '{"contacts":1e9}' },
        { "reset", '{"contacts":-1}' },
        { "reset", '{"search_lag":1e99}' },
        { "reset", '{"quota":{"limit":1e99,"seconds":10}}' },
        { "reset", '{"clock":1e300}' },
      } do
        assert.equal(
          400,
          status_of("POST", "/_sandbox/" .. case[1], { ["Content-Type"] = "application/json" }, case[2]),
          case[2]
        )
      end
      assert.equal(200, status_of("GET", PAGE, { Authorization = "Bearer x" }))
    end)
  end)

  it("says once for each path that it is the sandbox that lacks it", function()
    local path = "/crm/imports/2026-09/" .. tostring(os.time())
    for _ = 1, 2 do
      assert.equal(404, (client.get(connection, path)))
    end
    local file = io.open(running.output)
    local _, count =
      file:read("*a"):gsub("hubspot%-lua sandbox: no route for GET " .. path:gsub("%-", "%%-") .. "\n", "")
    file:close()
    assert.equal(1, count)
  end)

  it("serves many connections while each of them waits", function()
    local slow = sandbox.start { contacts = 5, latency = 300 }
    local connections = {}
    for number = 1, 50 do
      connections[number] = client.connect(slow.url)
      connections[number]:send("GET " .. PAGE .. " HTTP/1.1\r\n" .. AUTH .. "\r\n")
    end
    -- 50 answers one after the other would take 15 seconds; a client gives up after 10.
    for number = 1, 50 do
      assert.equal(200, (client.read(connections[number])))
      connections[number]:close()
    end
    assert.equal(50, slow:connections())
    slow:stop()
  end)

  it("runs inside a program, step by step", function()
    local made = assert(server.new { portal = portal.new { contacts = 3 } })
    assert.equal("http://127.0.0.1:" .. made.port, made.url)
    local other = client.connect(made.url)
    other:settimeout(0)
    other:send("GET " .. PAGE .. " HTTP/1.1\r\n" .. AUTH .. "\r\n")
    local line
    for _ = 1, 100 do
      made:step(0.05)
      line = other:receive "*l"
      if line then break end
    end
    assert.equal("HTTP/1.1 200 OK", line)
    made:stop()
    made:stop()
    other:close()
    assert.is_nil((socket.connect("127.0.0.1", made.port)))
  end)

  it("listens on loopback addresses only", function()
    local made, message = server.new { portal = portal.new(), host = "0.0.0.0" }
    assert.is_nil(made)
    assert.matches("not a loopback address", message)
  end)
end)

describe("the command hubspot-lua sandbox", function()
  -- Runs it to its end: what it printed, in both streams, and the exit code.
  local function run(arguments)
    local pipe =
      io.popen("'" .. sandbox.interpreter() .. "' bin/hubspot-lua " .. arguments .. ' 2>&1 </dev/null; echo "exit $?"')
    local output = pipe:read "*a"
    pipe:close()
    local text, code = output:match "^(.-)exit (%d+)\n$"
    return text, tonumber(code)
  end

  it("says where it listens", function()
    local text, code = run "sandbox --contacts 3 --exit-with-stdin"
    assert.equal(0, code)
    local first, second, shell, page = text:match "^([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n$"
    assert.matches("^HubSpot sandbox with 3 contacts on http://127%.0%.0%.1:%d+$", first)
    assert.matches("base_url.*token", second)
    local url = first:match "http.*"
    assert.equal(("In a shell: export HUBSPOT_BASE_URL=%s HUBSPOT_TOKEN=any"):format(url), shell)
    assert.equal(url .. "/_sandbox/", page:match "http.*")
    text = run 'sandbox --token "it\'s" --exit-with-stdin'
    assert.matches([[ HUBSPOT_TOKEN='it'\''s']] .. "\n", text, 1, true)
    assert.not_matches("/_sandbox/", (run "sandbox --no-page --exit-with-stdin"))
  end)

  it("shows its version and its options", function()
    local text, code = run "--version"
    assert.equal(0, code)
    assert.matches("^hubspot", text)
    text, code = run "sandbox --help"
    assert.equal(0, code)
    for _, option in ipairs { "--port", "--host", "--latency", "--exit-with-stdin" } do
      assert.matches(option, text, 1, true)
    end
  end)

  it("takes all that a portal takes", function()
    local text = run "sandbox --help"
    for _, row in ipairs(require("hubspot.sandbox.portal_options").list) do
      local name = row.name
      local option = "--" .. name:gsub("_", "-")
      -- Of lists, one at a time.
      local pattern = option:gsub("s$", ""):gsub("%-", "%%-") .. "s?[ ,.\n]"
      local found = text:find(pattern)
      assert.is_truthy(found, name)
    end
  end)

  for arguments, message in pairs {
    ["sandbox --quota fast"] = "--quota must look like 100/10",
    ["sandbox --quota 0/10"] = "--quota must look like 100/10",
    ["sandbox --search-quota 5"] = "--search-quota must look like 100/10",
    ["sandbox --port 99999"] = "--port must be a whole number from 0 to 65535",
    ["sandbox --contacts many"] = "--contacts must be a whole number",
    ["sandbox --clock yesterday"] = "--clock must be milliseconds since 1970, or look like 2026-01-31T12:00:00Z",
    ["sandbox --event-type Visit"] = "event types have names like pe99001_webinar, got Visit",
    ["sandbox --event-type pe99001_visit:total=money"] = "unknown type of a property of event_types: money",
    ["sandbox --subscription-type Weekly"] = "--subscription-type must look like 146=Weekly",
    ["sandbox --oauth the-app"] = "--oauth must look like client_id=NAME",
    ["sandbox --oauth secret=x"] = "unknown option oauth.secret",
    ["sandbox --oauth expires_in=soon"] = "oauth.expires_in must be a number",
    ["sandbox --webhook http://x --client-secret s --events contact.birth"] = "sandbox: --events are like contact.creation",
    ["sandbox --nope"] = "unknown option '--nope'",
    ["sandbox --webhook x"] = "--webhook must be a URL",
    ["sandbox --webhook http://127.0.0.1:9"] = "sandbox: --client-secret, or HUBSPOT_CLIENT_SECRET, is missing",
    [""] = "command",
  } do
    it("refuses '" .. arguments .. "' in one line", function()
      local text, code = run(arguments)
      assert.equal(2, code)
      assert.matches("^hubspot%-lua[ a-z]*: [^\n]*\n$", text)
      assert.matches(message, text, 1, true)
    end)
  end

  it("refuses an address that is not loopback", function()
    local text, code = run "sandbox --host 10.0.0.1"
    assert.equal(1, code)
    assert.equal("hubspot-lua sandbox: 10.0.0.1 is not a loopback address\n", text)
  end)

  it("refuses a port that is taken in one line", function()
    local holder = assert(socket.bind("127.0.0.1", 0))
    local _, port = holder:getsockname()
    local text, code = run("sandbox --port " .. port)
    holder:close()
    assert.equal(1, code)
    assert.matches("^hubspot%-lua sandbox: can't listen on 127%.0%.0%.1 port " .. port .. ": [^\n]*\n$", text)
  end)

  it("knows event types, subscriptions, scopes and a time that it is given", function()
    local running =
      sandbox.start { contacts = 1, event_types = "pe99001_visit:page", scopes = "crm.objects.contacts.read" }
    finally(function() running:stop() end)
    local asked = hubspot.new { base_url = running.url, token = "any", limiter = false }
    assert(asked.contacts:get(4127))
    local _, err = asked.timeline:upsert_event(
      nil,
      { id = "1", eventTypeName = "pe99001_visit", objectId = 4127, properties = { path = "/" } }
    )
    assert.equal(403, err.status)
    running:stop()
    running = sandbox.start {
      contacts = 1,
      event_types = "pe99001_visit:page",
      subscription_types = "9=Monthly",
      clock = "2026-01-31T12:00:00Z",
    }
    asked = hubspot.new { base_url = running.url, token = "any", limiter = false }
    local made = assert(asked.contacts:create { email = "ada@example.org" })
    assert.equal("2026-01-31T12:00", made.createdAt:sub(1, 16))
    assert.equal("Monthly", assert(asked.subscriptions:types())[1].name)
    local event = { id = "1", eventTypeName = "pe99001_visit", objectId = 4127, properties = { page = "/" } }
    assert(asked.timeline:upsert_event(nil, event))
    event.id, event.eventTypeName = "2", "pe99001_order"
    _, err = asked.timeline:upsert_event(nil, event)
    assert.matches("Unknown eventTypeName: pe99001_order", err.message, 1, true)
  end)

  it("does what its options say", function()
    local running = sandbox.start {
      contacts = 4,
      seed = 3,
      token = "secret",
      quota = "2/100",
      search_quota = "1/100",
      v1_lists = true,
    }
    local connection = client.connect(running.url)
    assert.equal(401, (client.get(connection, PAGE)))
    local secret = "Authorization: Bearer secret\r\n"
    local status, _, body = client.get(connection, "/crm/objects/2026-09/contacts", secret)
    assert.equal(200, status)
    assert.equal(4, #core.decode(body).results)
    assert.equal(200, (client.get(connection, "/contacts/v1/lists", secret)))
    assert.equal(429, (client.get(connection, PAGE, secret)))
    assert.equal(200, (client.post(connection, "/crm/objects/2026-09/contacts/search", "{}", secret)))
    assert.equal(429, (client.post(connection, "/crm/objects/2026-09/contacts/search", "{}", secret)))
    connection:close()
    running:stop()
  end)

  it("says what to install where the modules of the command are missing", function()
    local pipe = io.popen(
      "LUA_PATH='lua/?.lua;lua/?/init.lua;program/?.lua;program/?/init.lua' LUA='"
        .. sandbox.interpreter()
        .. "' bin/hubspot-lua --version 2>&1; echo $?"
    )
    local output = pipe:read "*a"
    pipe:close()
    assert.matches("^hubspot%-lua: the command needs argparse: `apt%-get install", output)
    assert.matches("\n1\n$", output)
  end)

  it("starts by itself where a shell finds a Lua", function()
    local pipe = io.popen("LUA='" .. sandbox.interpreter() .. "' bin/hubspot-lua --version 2>&1")
    assert.matches("^hubspot", pipe:read "*a")
    pipe:close()
  end)

  it("stops when it is asked to", function()
    local running = sandbox.start()
    local connection = client.connect(running.url)
    connection:send "POST /_sandbox/stop HTTP/1.1\r\n\r\n"
    assert.equal(204, (client.read(connection)))
    local _, problem = connection:receive(1)
    assert.equal("closed", problem)
    connection:close()
    running:stop()
  end)

  it("stops quietly at an interrupt", function()
    local running = sandbox.start()
    os.execute("kill -INT " .. running.pid)
    local deadline = socket.gettime() + 10
    local answer
    repeat
      socket.sleep(0.02)
      answer = socket.connect("127.0.0.1", tonumber(running.url:match "%d+$"))
      if answer then answer:close() end
    until not answer or socket.gettime() > deadline
    assert.is_nil(answer)
    local file = assert(io.open(running.output))
    local _, lines = file:read("*a"):gsub("\n", "\n")
    file:close()
    -- The process's number and its own four lines.
    assert.equal(5, lines)
    running:stop()
  end)
end)
