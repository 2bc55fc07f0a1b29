local core = require "hubspot.core"
local fake_loop = require "spec.support.fake_loop"
local hubspot = require "hubspot"
local portal = require "hubspot.sandbox"
local sandbox = require "spec.support.sandbox"
local script = require "spec.support.script"
local throws = require("spec.support.misuse").throws
local wire = require "spec.support.wire"

local take = wire.take

local TOKEN = wire.TOKEN

local server

setup(function() server = sandbox.start { v1_lists = true } end)
teardown(function() server:stop() end)
before_each(function() server:reset { v1_lists = true } end)

-- Makes a contact; forgets the requests that this took.
local function make_contact(properties)
  local client = wire.client(server)
  local id = assert(client.contacts:create(properties or { email = "ada@example.org" })).id
  client:close()
  server:clear_requests()
  return id
end

-- A transport that gives the answers of a list, one after the other, and keeps the requests.
local function scripted(answers)
  local requests = {}
  return function(request)
    requests[#requests + 1] = request
    local answer = answers[#requests] or answers[#answers]
    if answer[1] == nil and answer.status then
      return { status = answer.status, headers = answer.headers or {}, body = answer.body or "" }
    end
    return nil, answer[1]
  end,
    requests
end

local function scripted_client(answers, options)
  local transport, requests = scripted(answers)
  local all = { token = TOKEN, transport = transport, limiter = false }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  return hubspot.new(all), requests
end

local CONTACT = { status = 200, body = '{"id":"1","properties":{}}' }

describe("the options of a client", function()
  it("are what they are documented to be when left out", function()
    local client = hubspot.new { token = TOKEN }
    for _, option in ipairs(require("hubspot.client_options").list) do
      assert.equal("string", type(option.description), option.name)
      assert.equal("string", type(option.luacats), option.name)
      if option.default then assert.equal(option.default, client[option.name], option.name) end
    end
    client:close()
  end)
end)

describe("hubspot.new", function()
  it("needs nothing but a token", function()
    local client = hubspot.new { token = TOKEN }
    assert.equal("hubspot.Client(https://api.hubapi.com, 2026-09, open)", tostring(client))
  end)

  it("throws where an option is wrong, with its name", function()
    local wrong = {
      api_version = { "2", 2026, "V1", "2026-9", "2026-09-01", "1999-99", "2026-10", "2027-03", "v3" },
      base_url = {
        "",
        "api.hubapi.com",
        "ftp://api.hubapi.com",
        "https://",
        "https://api.hubapi.com/?a=b",
        "https://api.hubapi.com/#a",
        "https://user:password@api.hubapi.com",
        "https://api.hubapi.com/a b",
        5,
      },
      allow_insecure = { "yes", 1 },
      timeout = { 0, -1, "30", {} },
      connect_timeout = { 0, -1, "30" },
      deadline = { 0, -1, "30", math.huge },
      retry = { true, 5, { attempts = 3 }, { budget = -1 }, { budget = "many" } },
      limiter = { true, {}, "memory" },
      transport = { true, {}, "curl" },
      user_agent = { 5, "a\r\nb", "a\nb" },
      proxy = { "", 5, "foo://proxy.example:1", "http://proxy.example\r\n" },
      ca_file = { "", 5 },
      max_response_bytes = { 0, -1, 1.5, "1" },
      portal_id = { "x", -1, {} },
      on = { print, { request = 5 }, { reqest = print } },
    }
    for name, values in pairs(wrong) do
      for _, value in ipairs(values) do
        throws("hubspot.new: " .. name, function() hubspot.new { token = TOKEN, [name] = value } end)
      end
    end
    throws(
      "hubspot.new: unknown option base_urll; did you mean base_url?",
      function() hubspot.new { token = TOKEN, base_urll = "https://x" } end
    )
    throws(
      "hubspot.new: on has an unknown field reqest; did you mean request?",
      function() hubspot.new { token = TOKEN, on = { reqest = print } } end
    )
    throws("hubspot.new: takes a table of options", function() hubspot.new() end)
    throws("hubspot.new: takes a table of options", function() hubspot.new(TOKEN) end)
  end)

  it("names the versions that it speaks", function()
    throws(
      'hubspot.new: api_version must be "2026-09", "2026-03" or "v1"',
      function() hubspot.new { token = TOKEN, api_version = "1999-99" } end
    )
    for _, known in ipairs { "2026-09", "2026-03", "v1" } do
      hubspot.new({ token = TOKEN, api_version = known }):close()
    end
  end)

  it("sends no token in clear to another machine", function()
    for _, url in ipairs {
      "http://api.hubapi.com",
      "http://api.hubapi.com:80/proxy",
      "http://127.0.0.1.example.com",
      "http://127.0.0.1\\.example.com",
      "http://localhost.example.com",
      "http://10.0.0.5:8080",
      "http://[2001:db8::1]:8080",
      "http://1.127.0.0.1",
    } do
      local text = throws("hubspot.new: base_url", function() hubspot.new { token = TOKEN, base_url = url } end)
      assert.truthy(text:find("https://", 1, true), text)
      throws(
        "hubspot.new: base_url",
        function() hubspot.new { token = TOKEN, base_url = url, allow_insecure = false } end
      )
    end
    hubspot.new({ token = TOKEN, base_url = "http://10.0.0.5:8080", allow_insecure = true }):close()
    for _, proxy in ipairs { "http://proxy.example:3128", "user:127.0.0.1@proxy.example", "socks5h://10.0.0.5" } do
      throws(
        "hubspot.new: base_url",
        function() hubspot.new { token = TOKEN, base_url = "http://127.0.0.1:8080", proxy = proxy } end
      )
    end
    for _, proxy in ipairs { "http://127.0.0.1:3128", "user:password@localhost", "socks5h://[::1]:1080" } do
      hubspot.new({ token = TOKEN, base_url = "http://127.0.0.1:8080", proxy = proxy }):close()
    end
    for _, host in ipairs { "127.0.0.1", "127.8.0.1:80", "localhost", "LOCALHOST:8080", "[::1]", "[::1]:8080" } do
      hubspot.new({ token = TOKEN, base_url = "http://" .. host .. "/prefix" }):close()
    end
  end)

  it("sends nothing to a proxy of the environment that is for this machine", function()
    local code = ([[local client = require("hubspot").new { token = "x-token-x", base_url = %q, retry = false }
      local page, err = client:request { method = "GET", path = "/crm/objects/2026-09/contacts" }
      io.write(page and "answered" or tostring(err))]]):format(server.url)
    for _, name in ipairs { "http_proxy", "all_proxy", "ALL_PROXY" } do
      assert.equal("answered", script.run({ "-e", code }, { [name] = "http://127.0.0.1:1" }).out)
    end
  end)

  it("takes of a transport's defaults only what its user leaves open", function()
    local seen
    local transport = setmetatable({ defaults = { token = "the-token-of-the-transport", limiter = false } }, {
      __call = function(_, request)
        seen = request.headers.authorization
        local answer = request.url:find("/oauth/", 1, true) and '{"access_token":"the-renewed-token","expires_in":1800}'
        return { status = 200, headers = {}, body = answer or '{"id":"1"}' }
      end,
    })
    local function sent_by(options)
      options.transport = transport
      local client = hubspot.new(options)
      assert(client.contacts:get(1))
      return seen, client
    end
    local oauth = { client_id = "app", client_secret = "the-secret", refresh_token = "the-refresh-token" }
    assert.equal("Bearer the-token-of-the-transport", sent_by {})
    assert.equal("Bearer the-token-of-its-user", sent_by { token = "the-token-of-its-user" })
    assert.equal("Bearer the-renewed-token", sent_by { oauth = oauth })
    throws(
      "hubspot.new: token and oauth exclude each other",
      function() hubspot.new { transport = transport, oauth = oauth, token = "the-token-of-its-user" } end
    )
    transport.defaults = { oauth = oauth }
    assert.equal("Bearer the-token-of-its-user", sent_by { token = "the-token-of-its-user" })
    assert.equal("Bearer the-renewed-token", sent_by {})
    assert.same({ oauth = oauth }, transport.defaults)
  end)

  it("tells how to get a token, and how to do without, where there is none", function()
    local text = throws("hubspot.new: no token", function() hubspot.new {} end)
    assert.truthy(text:find("service key", 1, true))
    assert.truthy(text:find("hubspot sandbox", 1, true))
    text = throws("hubspot.new: no token", function() hubspot.new { token = os.getenv "NO_SUCH_VARIABLE_AT_ALL" } end)
    assert.truthy(text:find("HUBSPOT_TOKEN", 1, true))
  end)

  it("refuses what can't be a token, and does not show it", function()
    for _, token in ipairs { "", 42, {}, TOKEN .. "\n", TOKEN .. "\r\nX-Evil: 1", " " .. TOKEN } do
      local text = throws("hubspot.new: token is", function() hubspot.new { token = token } end)
      assert.is_nil(text:find("pat-na1", 1, true))
    end
  end)

  it("sends nothing", function()
    wire.client(server):close()
    assert.same({}, take(server))
    assert.equal(0, server:connections() - server:connections())
  end)

  it("leaves the options as they are", function()
    local options = { token = TOKEN, retry = { max_attempts = 2 }, on = {} }
    hubspot.new(options)
    assert.same({ token = TOKEN, retry = { max_attempts = 2 }, on = {} }, options)
  end)
end)

describe("the module", function()
  it("has null, array and a version", function()
    assert.equal(core.null, hubspot.null)
    assert.equal(require("cjson").null, hubspot.null)
    assert.equal("[]", core.encode(hubspot.array()))
    local list = { 1 }
    assert.equal(list, hubspot.array(list))
    assert.truthy(hubspot._VERSION:find "^hubspot %d+%.%d+%.%d+")
  end)
end)

describe("a token function", function()
  it("is asked for each request", function()
    local count = 0
    local client, requests = scripted_client({ CONTACT }, {
      token = function()
        count = count + 1
        return "a-made-up-token-" .. count
      end,
    })
    assert(client.contacts:get(1))
    assert(client.contacts:get(1))
    assert.same(
      { "Bearer a-made-up-token-1", "Bearer a-made-up-token-2" },
      { requests[1].headers.authorization, requests[2].headers.authorization }
    )
  end)

  it("that has no token makes the call fail, and nothing is sent", function()
    local calls = 0
    local client = wire.client(server, {
      token = function()
        calls = calls + 1
        return nil, "the vault is sealed"
      end,
    })
    local contact, err = client.contacts:get(1)
    assert.is_nil(contact)
    assert.same({ "auth", "no token: the vault is sealed", 1 }, { err.kind, err.message, err.attempts })
    assert.equal(1, calls)
    assert.same({}, take(server))
  end)

  it("is asked again after a 401, once, in case that it has another token by now", function()
    server:reset { token = "the-new-token-of-today" }
    local tokens, asked = { "the-old-token-of-yesterday", "the-new-token-of-today" }, 0
    local client = wire.client(server, {
      token = function()
        asked = asked + 1
        return tokens[math.min(asked, #tokens)]
      end,
    })
    assert.equal(0, #wire.collect(client.contacts:all()))
    assert.equal(2, #take(server))
  end)

  it("is not asked for ever", function()
    server:reset { token = "some-other-token" }
    local asked = 0
    local client = wire.client(server, {
      token = function()
        asked = asked + 1
        assert(asked < 20, "it asks for ever")
        return "wrong-token-number-" .. asked
      end,
    })
    local contact, err = client.contacts:get(1)
    assert.is_nil(contact)
    assert.same({ 401, 2 }, { err.status, err.attempts })
    assert.equal(2, #take(server))
  end)

  it("that still has the same token is not worth another request", function()
    server:reset { token = "some-other-token" }
    local client = wire.client(server, { token = function() return TOKEN end })
    local contact, err = client.contacts:get(1)
    assert.is_nil(contact)
    assert.equal(401, err.status)
    assert.equal(1, #take(server))
  end)

  it("makes no second request for a token that is a string", function()
    server:fault { kind = "expired", times = 10 }
    local _, err = wire.client(server).contacts:get(1)
    assert.same({ "auth", 401, "EXPIRED_AUTHENTICATION" }, { err.kind, err.status, err.category })
    assert.equal(1, #take(server))
  end)

  it("may throw", function()
    local client = wire.client(server, { token = function() error("broken", 0) end })
    assert.has_error(function() client.contacts:get(1) end, "broken")
  end)
end)

describe("base_url", function()
  it("may have a path, and slashes after it", function()
    for _, tail in ipairs { "/proxy/hubspot", "/proxy/hubspot/", "/proxy/hubspot//" } do
      local client = wire.client(server, { base_url = server.url .. tail })
      client.contacts:get(1, { properties = { "email" } })
      client:request { method = "GET", path = "/crm/objects/2026-09/deals" }
      assert.same({
        "GET /proxy/hubspot/crm/objects/2026-09/contacts/1?properties=email",
        "GET /proxy/hubspot/crm/objects/2026-09/deals",
      }, take(server))
    end
  end)
end)

describe("a request", function()
  it("shows the token and the library, and asks for JSON", function()
    local client = wire.client(server, { user_agent = "my-app/1.0 (ops@example.org)" })
    client.contacts:get(1)
    client.contacts:create { firstname = "Ada" }
    local requests = server:requests()
    for _, request in ipairs(requests) do
      assert.truthy(request.headers.authorization:find "^Bearer ")
      assert.truthy(request.headers["user-agent"]:find "^hubspot%-lua/%d+%.%d+%.%d+ my%-app/1%.0 %(ops@example%.org%)$")
      assert.equal("application/json", request.headers.accept)
    end
    assert.is_nil(requests[1].headers["content-type"])
    assert.equal("application/json", requests[2].headers["content-type"])
  end)

  it("has the token of its client", function()
    server:reset { token = "the-token-of-client-one" }
    local one = wire.client(server, { token = "the-token-of-client-one" })
    local two = wire.client(server, { token = "the-token-of-client-two" })
    for _ = 1, 2 do
      assert.same({}, wire.collect(one.contacts:all()))
      local _, err = two.contacts:get(1)
      assert.equal(401, err.status)
    end
    server:reset { token = "the-token-of-client-two" }
    assert.same({}, wire.collect(two.contacts:all()))
    local _, err = one.contacts:get(1)
    assert.equal(401, err.status)
  end)
end)

describe("client:request", function()
  it("sends anything else", function()
    local client = wire.client(server)
    local id = make_contact()
    local answer = assert(client:request {
      method = "GET",
      path = "/crm/objects/2026-09/contacts/" .. id,
      query = { properties = { "email", "phone" }, archived = false, limit = 5, name = "a b&c" },
      headers = { ["X-Trace"] = "t1" },
    })
    assert.equal(id, answer.id)
    assert.equal("t1", server:requests()[1].headers["x-trace"])
    assert.same({
      "GET /crm/objects/2026-09/contacts/"
        .. id
        .. "?archived=false&limit=5&name=a%20b%26c&properties=email&properties=phone",
    }, take(server))
    local body = { list = hubspot.array {}, map = {}, gone = hubspot.null }
    for _, method in ipairs { "POST", "PUT", "PATCH", "DELETE" } do
      client:request { method = method, path = "/a/b", body = body }
      assert.same({ method .. ' /a/b {"gone":null,"list":[],"map":{}}' }, take(server))
    end
    client:request { method = "POST", path = "/a/b", body = { "x", "y" } }
    client:request { method = "POST", path = "/a/b", body = false }
    client:request { method = "POST", path = "/a/b", body = "text" }
    client:request { method = "POST", path = "/a%2Fb/" }
    assert.same({ 'POST /a/b ["x","y"]', "POST /a/b false", 'POST /a/b "text"', "POST /a%2Fb/" }, take(server))
  end)

  it("gives the decoded answer, and true where there is none", function()
    local client = wire.client(server)
    local id = make_contact()
    local answer = assert(
      client:request { method = "GET", path = "/crm/objects/2026-09/contacts/" .. id, query = { properties = "phone" } }
    )
    assert.is_nil(answer.properties.phone)
    assert.is_true(client:request { method = "DELETE", path = "/crm/objects/2026-09/contacts/" .. id })
    assert.is_true(client:request { method = "HEAD", path = "/crm/objects/2026-09/contacts" })
  end)

  it("gives an error as other calls do", function()
    local client = wire.client(server)
    local answer, err = client:request { method = "GET", path = "/crm/objects/2026-09/contacts/5" }
    assert.is_nil(answer)
    assert.same(
      { "api", 404, "OBJECT_NOT_FOUND", "GET", "/crm/objects/2026-09/contacts/5", 1 },
      { err.kind, err.status, err.category, err.method, err.path, err.attempts }
    )
    server:fault { kind = "garbage" }
    answer, err = client:request { method = "GET", path = "/x" }
    assert.is_nil(answer)
    assert.equal("decode", err.kind)
  end)

  it("is sent again where that is safe, or said to be", function()
    local client = wire.client(server)
    local function attempts_of(request)
      server:clear_faults()
      server:fault { kind = "status", status = 502, times = 100 }
      request.path, request.retry = request.path or "/a", { max_attempts = 3 }
      local _, err = client:request(request)
      return err.attempts
    end
    for _, method in ipairs { "GET", "HEAD", "PUT", "DELETE" } do
      assert.equal(3, attempts_of { method = method })
    end
    for _, method in ipairs { "POST", "PATCH" } do
      assert.equal(1, attempts_of { method = method })
    end
    assert.equal(3, attempts_of { method = "POST", path = "/crm/objects/2026-09/deals/search" })
    assert.equal(3, attempts_of { method = "POST", path = "/crm/objects/2026-09/deals/batch/read" })
    assert.equal(3, attempts_of { method = "POST", idempotent = true })
    assert.equal(1, attempts_of { method = "PUT", idempotent = false })
  end)

  it("counts a search as one", function()
    local buckets = {}
    local limiter = {
      acquire = function(bucket)
        buckets[#buckets + 1] = bucket
        return 0
      end,
      observe = function() end,
      refused = function() end,
    }
    local client = scripted_client({ CONTACT }, { limiter = limiter })
    client:request { method = "POST", path = "/crm/objects/2026-09/deals/search" }
    client:request { method = "POST", path = "/crm/objects/2026-09/deals" }
    assert.same({ "search", "general" }, buckets)
  end)

  it("has the engine before it takes a permit, which would get old while libcurl is loaded", function()
    local order = {}
    local loop = require("hubspot.loop.plain").new()
    local make_engine = loop.engine
    function loop:engine()
      order[#order + 1] = "engine"
      return make_engine(self)
    end
    local limiter = {
      acquire = function()
        order[#order + 1] = "permit"
        return 0
      end,
      observe = function() end,
      refused = function() end,
    }
    local client = wire.client(server, { loop = loop, limiter = limiter })
    client.contacts:get(1)
    assert.same({ "engine", "permit" }, { order[1], order[2] })
    client:close()
    loop:close()
  end)

  it("takes its own times", function()
    server:fault { kind = "hang" }
    local _, err = wire.client(server):request { method = "POST", path = "/a", timeout = 0.05 }
    assert.equal("timeout", err.kind)
  end)

  it("refuses what it can't send, where it is called", function()
    local client = wire.client(server)
    throws(
      "hubspot: call it with a colon: client:request{ … }",
      function() client.request { method = "GET", path = "/a" } end
    )
    throws("hubspot: client:request: takes a table", function() client:request() end)
    throws("hubspot: client:request: takes a table", function() client:request "GET" end)
    throws("hubspot: client:request: option method is missing", function() client:request { path = "/a" } end)
    throws("hubspot: client:request: option path is missing", function() client:request { method = "GET" } end)
    throws(
      "hubspot: client:request: unknown option params",
      function() client:request { method = "GET", path = "/a", params = {} } end
    )
    for _, method in ipairs { "get", "BREW", "", "GET\r\nX: y", 5 } do
      throws(
        "hubspot: client:request: method must be GET, POST",
        function() client:request { method = method, path = "/a" } end
      )
    end
    for _, path in ipairs {
      "",
      "a",
      "/a b",
      "/a?b=c",
      "/a#b",
      "/a\r\nb",
      "/a/../b",
      "/..",
      "/./a",
      "/a/.",
      5,
      "https://evil.example/",
    } do
      throws(
        "hubspot: client:request: path must be a path",
        function() client:request { method = "GET", path = path } end
      )
    end
    throws(
      "hubspot: client:request: query.a must be",
      function() client:request { method = "GET", path = "/a", query = { a = print } } end
    )
    throws(
      "hubspot: client:request: query.a must be",
      function() client:request { method = "GET", path = "/a", query = { a = { {} } } } end
    )
    for shown, value in pairs { nan = 0 / 0, inf = math.huge, ["-inf"] = -math.huge } do
      local text = throws(
        "hubspot: client:request: query.a must be a string, a finite number",
        function() client:request { method = "GET", path = "/a", query = { a = value } } end
      )
      assert.truthy(text:find("got %-?" .. shown), text)
      throws(
        "hubspot: client:request: query.a must be",
        function() client:request { method = "GET", path = "/a", query = { a = { 1, value } } } end
      )
    end
    for _, value in ipairs { { "a", nil, "c" }, { a = "b" }, { [2] = "b" }, { "a", b = "c" }, hubspot.null } do
      throws(
        "hubspot: client:request: query.a must be a string, a finite number, a boolean, or a list of them "
          .. "without holes",
        function() client:request { method = "GET", path = "/a", query = { a = value } } end
      )
    end
    throws(
      "hubspot: client:request: query has the key 1",
      function() client:request { method = "GET", path = "/a", query = { "a" } } end
    )
    throws(
      "hubspot: client:request: query has the key 1",
      function() client:request { method = "GET", path = "/a", query = { "a", b = "c" } } end
    )
    throws(
      "hubspot: client:request: query must be a table",
      function() client:request { method = "GET", path = "/a", query = "a=b" } end
    )
    throws(
      "hubspot: client:request: body: f: a function has no JSON form",
      function() client:request { method = "POST", path = "/a", body = { f = print } } end
    )
    throws(
      "hubspot: client:request: body: list[2].name: invalid UTF-8 at byte 1",
      function() client:request { method = "POST", path = "/a", body = { list = { 1, { name = "\255" } } } } end
    )
    throws(
      "hubspot: client:request: body",
      function() client:request { method = "HEAD", path = "/a", body = { a = 1 } } end
    )
    throws(
      "hubspot: client:request: headers must not set Authorization",
      function() client:request { method = "GET", path = "/a", headers = { Authorization = "x" } } end
    )
    for _, value in ipairs { "x\r\nb: c", "x\nb: c", "x\r", "x\0", 5 } do
      throws(
        "hubspot: client:request: headers.a must be a string without line breaks",
        function() client:request { method = "GET", path = "/a", headers = { a = value } } end
      )
    end
    for _, name in ipairs { "a\r\nb", "a b", "a:", "", 1 } do
      throws(
        "hubspot: client:request: headers",
        function() client:request { method = "GET", path = "/a", headers = { [name] = "x" } } end
      )
    end
    for _, name in ipairs { "Content-Length", "transfer-encoding" } do
      throws(
        "hubspot: client:request: headers must not set " .. name,
        function() client:request { method = "POST", path = "/a", headers = { [name] = "5" } } end
      )
    end
    throws(
      "hubspot: client:request: unknown option metod; did you mean method?",
      function() client:request { metod = "GET", path = "/a" } end
    )
    throws(
      "hubspot: client:request: retry has an unknown field max_atempts; did you mean max_attempts?",
      function() client:request { method = "GET", path = "/a", retry = { max_atempts = 2 } } end
    )
    throws(
      "hubspot: client:request: retry has an unknown field budget",
      function() client:request { method = "GET", path = "/a", retry = { budget = 2 } } end
    )
    throws(
      "hubspot: client:request: idempotent must be true or false",
      function() client:request { method = "GET", path = "/a", idempotent = "yes" } end
    )
    assert.same({}, take(server))
  end)
end)

describe("client:close", function()
  it("may be called again", function()
    local client = wire.client(server)
    client.contacts:get(1)
    client:close()
    client:close()
    assert.equal("hubspot.Client(" .. server.url .. ", 2026-09, closed)", tostring(client))
    wire.client(server):close()
  end)

  it("makes each later call fail, and nothing is sent", function()
    local client = wire.client(server)
    local iterator = client.contacts:all { page_size = 1 }
    client.contacts:get(1)
    client:close()
    server:clear_requests()
    local contact, err = client.contacts:get(1)
    assert.same({ nil, "cancelled", "the client is closed" }, { contact, err.kind, err.message })
    contact, err = iterator:next()
    assert.same({ nil, "cancelled" }, { contact, err.kind })
    contact, err = client:request { method = "GET", path = "/a" }
    assert.same({ nil, "cancelled" }, { contact, err.kind })
    local outcome
    outcome, err = client.contacts:upsert_many { { email = "a@b.c", properties = { phone = "1" } } }
    assert.same({ nil, "cancelled" }, { outcome, err.kind })
    local _, errors = client:map({ 1, 2 }, function(id) return client.contacts:get(id) end)
    assert.same({ "cancelled", "cancelled" }, { errors[1].kind, errors[2].kind })
    assert.same({}, take(server))
  end)

  it("ends the transfers in flight", function()
    server:fault { kind = "hang", times = 3 }
    local client = wire.client(server)
    local results, errors = client:map({ 1, 2, 3, "close" }, function(item)
      if item == "close" then
        client:close()
        return true
      end
      return client.contacts:get(item)
    end)
    assert.same({ [4] = true }, results)
    for index = 1, 3 do
      assert.same({ "cancelled", 1 }, { errors[index].kind, errors[index].attempts })
    end
  end)

  if _VERSION >= "Lua 5.4" then
    it("is the client's end as a variable of Lua 5.4", function()
      local load_text = assert(load [[
        local client = ...
        do
          local closing <close> = client
        end
        return tostring(client)
      ]])
      assert.truthy(load_text(wire.client(server)):find("closed", 1, true))
    end)
  end

  it("is the end of a client that nobody has any more", function()
    local client = wire.client(server)
    client.contacts:get(1)
    local gone = setmetatable({ engine = client.loop:engine() }, { __mode = "v" })
    client = nil -- luacheck: ignore 311
    collectgarbage()
    collectgarbage()
    assert.is_nil(gone.engine)
  end)

  it("wants a colon", function()
    local client = wire.client(server)
    throws("hubspot: call it with a colon: client:close()", function() client.close() end)
    throws("hubspot: call it with a colon: client:close()", function() client.close {} end)
  end)
end)

describe("hooks", function()
  -- A client that notes the events of its hooks.
  local function noting(options)
    local events = {}
    options = options or {}
    options.on = {}
    for _, name in ipairs { "request", "response", "retry", "throttle" } do
      options.on[name] = function(event)
        event.hook = name
        events[#events + 1] = event
      end
    end
    return wire.client(server, options), events
  end

  it("tell of each request and its answer", function()
    local id = make_contact()
    local client, events = noting()
    assert(client.contacts:get(id, { properties = { "email" } }))
    assert.equal(2, #events)
    local path = "/crm/objects/2026-09/contacts/" .. id
    assert.same({ "request", "GET", path, 1 }, { events[1].hook, events[1].method, events[1].path, events[1].attempt })
    assert.same(
      { "response", "GET", path, 1, 200 },
      { events[2].hook, events[2].method, events[2].path, events[2].attempt, events[2].status }
    )
    assert.is_true(events[2].seconds >= 0)
    assert.is_nil(events[2].error)
  end)

  it("tell of what went wrong, and of what is done again", function()
    local id = make_contact()
    server:fault { kind = "status", status = 503, retry_after = 0 }
    server:fault { kind = "cut" }
    local client, events = noting()
    assert(client.contacts:get(id))
    local told = {}
    for index, event in ipairs(events) do
      told[index] = event.hook .. event.attempt
    end
    assert.same({ "request1", "response1", "retry1", "request2", "response2", "retry2", "request3", "response3" }, told)
    assert.same({ 503, 503, "number" }, { events[2].status, events[3].error.status, type(events[3].wait) })
    assert.same({ "network" }, { events[5].error.kind })
    assert.is_nil(events[5].status)
    assert.same({ "GET", 2 }, { events[5].error.method, events[5].error.attempts })
  end)

  it("tell of waiting for the rate limit", function()
    local loop, waits = fake_loop.new(), { 3, 0.5 }
    local limiter = {
      acquire = function() return table.remove(waits, 1) or 0 end,
      observe = function() end,
      refused = function() end,
    }
    local events = {}
    local client = scripted_client(
      { CONTACT },
      { loop = loop, limiter = limiter, on = { throttle = function(event) events[#events + 1] = event end } }
    )
    assert(client.contacts:get(1))
    assert.same({ 3, 0.5 }, loop.slept)
    assert.same({ "general", 3, "GET" }, { events[1].bucket, events[1].wait, events[1].method })
    assert.equal(0.5, events[2].wait)
  end)

  it("tell how long the answer took, and not what the limiter or another hook did", function()
    local loop, event = fake_loop.new(), nil
    local client = scripted_client({ CONTACT }, {
      loop = loop,
      limiter = { acquire = function() return 0 end, refused = print, observe = function() loop:pass(5) end },
      on = { request = function() loop:pass(3) end, response = function(told) event = told end },
    })
    assert(client.contacts:get(1))
    assert.equal(0, event.seconds)
  end)

  it("may throw, and then the call does", function()
    local client = wire.client(server, { on = { request = function() error("no", 0) end } })
    assert.has_error(function() client.contacts:get(1) end, "no")
    assert.same({}, take(server))
  end)
end)

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
    local id = make_contact()
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

describe("a transport of one's own", function()
  it("gets the request as it would go over the wire", function()
    local client, requests = scripted_client({ CONTACT }, {
      timeout = 7,
      connect_timeout = 3,
      max_response_bytes = 99,
      proxy = "http://proxy.example:3128",
      ca_file = "/etc/ca.pem",
    })
    assert(client.contacts:update(1, { phone = "1" }))
    local request = requests[1]
    assert.same({
      "PATCH",
      "https://api.hubapi.com/crm/objects/2026-09/contacts/1",
      '{"properties":{"phone":"1"}}',
      7,
      3,
      99,
      "http://proxy.example:3128",
      "/etc/ca.pem",
    }, {
      request.method,
      request.url,
      request.body,
      request.timeout,
      request.connect_timeout,
      request.max_response_bytes,
      request.proxy,
      request.ca_file,
    })
    assert.same({
      accept = "application/json",
      authorization = "Bearer " .. TOKEN,
      ["content-type"] = "application/json",
      ["user-agent"] = client.user_agent,
    }, request.headers)
  end)

  it("may fail with a text or a table", function()
    local client = scripted_client({ { "no route to host" } }, { retry = false })
    local _, err = client.contacts:get(1)
    assert.same({ "network", "no route to host", "GET", 1 }, { err.kind, err.message, err.method, err.attempts })
    client = scripted_client({ { { kind = "timeout", message = "too slow", sent = true } } }, { retry = false })
    _, err = client.contacts:get(1)
    assert.same({ "timeout", "too slow" }, { err.kind, err.message })
    client = scripted_client({ { {} } }, { retry = false })
    _, err = client.contacts:get(1)
    assert.same({ "network", "the transport failed" }, { err.kind, err.message })
  end)

  it("may leave out headers and body", function()
    local client = hubspot.new { transport = function() return { status = 204 } end }
    assert.is_true(client.contacts:delete(1))
    client = hubspot.new { transport = function() return { status = 500 } end, retry = false }
    local _, err = client.contacts:get(1)
    assert.equal(500, err.status)
  end)

  it("needs no token, nor shows one", function()
    local seen
    local client = hubspot.new {
      transport = function(request)
        seen = request
        return { status = 200, headers = {}, body = '{"id":"1"}' }
      end,
    }
    assert(client.contacts:get(1))
    assert.is_nil(seen.headers.authorization)
  end)

  it("may be a portal", function()
    local client = hubspot.new { token = TOKEN, transport = portal.new { contacts = 3 }, limiter = false }
    assert.equal(3, #wire.collect(client.contacts:all()))
  end)
end)

-- Fails where a table that can be reached from the value, or its text, holds a part of the secret.
local function assert_hidden(value, secret, path, seen)
  path, seen = path or "value", seen or {}
  if type(value) == "string" then
    for first = 1, #secret - 11 do
      if value:find(secret:sub(first, first + 11), 1, true) then error(path .. " holds the token: " .. value) end
    end
    return
  end
  if type(value) ~= "table" or seen[value] then return end
  seen[value] = true
  assert_hidden(tostring(value), secret, "tostring(" .. path .. ")", seen)
  for key, item in next, value do
    assert_hidden(key, secret, path .. "<key>", seen)
    assert_hidden(item, secret, path .. "." .. tostring(key), seen)
  end
  assert_hidden(debug.getmetatable(value), secret, path .. "<metatable>", seen)
end

describe("a proxy's password", function()
  local PASSWORD = "hunter2-hunter2-p%40ss"

  it("is in nothing that a client holds, nor in an error", function()
    for _, scheme in ipairs { "http://", "socks5h://", "" } do
      for _, host in ipairs { "127.0.0.1:nonsense", "127.0.0.1:1", "no-such-proxy.invalid:3128" } do
        local client = wire.client(server, {
          proxy = scheme .. "user:" .. PASSWORD .. "@" .. host,
          allow_insecure = true,
          retry = false,
          connect_timeout = 1,
        })
        assert_hidden(client, PASSWORD)
        local _, err = client.contacts:get(1)
        assert.equal(false, err.sent)
        assert_hidden(err, PASSWORD)
        assert_hidden(client, PASSWORD)
        client:close()
      end
    end
  end)

  it("is in no error of a transport that quotes it", function()
    for _, spelling in ipairs {
      "http://user:" .. PASSWORD .. "@proxy.example",
      "user:" .. PASSWORD .. "@proxy.example",
      PASSWORD,
      "hunter2-hunter2-p@ss",
    } do
      local client = scripted_client(
        { { "the proxy did not take " .. spelling } },
        { proxy = "http://user:" .. PASSWORD .. "@proxy.example", retry = false }
      )
      local _, err = client.contacts:get(1)
      assert.truthy(err.message:find("did not take", 1, true))
      assert_hidden(err, PASSWORD)
      assert_hidden(err, "hunter2-hunter2-p@ss")
    end
    -- A short one is hidden where it stands in the URL.
    local client = scripted_client(
      { { "bad proxy u:pw@proxy.example" } },
      { proxy = "u:pw@proxy.example", retry = false }
    )
    local _, err = client.contacts:get(1)
    assert.equal("bad proxy [credentials]@proxy.example", err.message)
  end)

  it("is not shown where the option is wrong", function()
    local text = throws(
      "hubspot.new: proxy must be a URL",
      function() hubspot.new { token = TOKEN, proxy = "foo://user:" .. PASSWORD .. "@proxy.example" } end
    )
    assert_hidden(text, PASSWORD)
  end)
end)

describe("the token", function()
  local SECRET = "CPiB/h3jM+x=a.b~c%d-5fd5b1c4_0000"

  it("is in nothing that a client holds", function()
    local client = wire.client(server, { token = SECRET })
    assert_hidden(client, SECRET)
    client.contacts:create { firstname = "Ada" }
    local iterator = client.contacts:all()
    iterator:next()
    assert_hidden(client, SECRET)
    assert_hidden(iterator, SECRET)
    client:close()
    assert_hidden(client, SECRET)
  end)

  -- Each puts the token somewhere in an error that a server answers.
  local function echo(spelled)
    return {
      '{"message":"bad token ' .. spelled .. '"}',
      '{"message":"x","errors":[{"message":"y '
        .. spelled
        .. '","code":"'
        .. spelled
        .. '","in":"'
        .. spelled
        .. '","context":{"token":["'
        .. spelled
        .. '"],"deep":{"er":["'
        .. spelled
        .. '"]}}}]}',
      '{"category":"'
        .. spelled
        .. '","subCategory":"'
        .. spelled
        .. '","correlationId":"'
        .. spelled
        .. '","policyName":"'
        .. spelled
        .. '","status":"'
        .. spelled
        .. '"}',
      '{"validationResults":[{"message":"' .. spelled .. '","error":"' .. spelled .. '","name":"' .. spelled .. '"}]}',
      '{"message":"invalid: [{\\"message\\":\\"' .. spelled .. '\\",\\"name\\":\\"a\\"}]"}',
      "<html><title>Bearer " .. spelled .. "</title></html>",
      "Authorization: Bearer " .. spelled,
      -- Cut in its middle.
      ("x"):rep(4096 - 16) .. spelled,
      '{"message":"Contact already exists. Existing ID: 1 ' .. spelled .. '"}',
    }
  end

  for _, spelling in ipairs { { "as it is", SECRET }, { "as JSON may", (SECRET:gsub("/", "\\/")) } } do
    it("is in no error, hook or text where the server quotes it, spelled " .. spelling[1], function()
      local told = {}
      local function note(event) told[#told + 1] = event end
      local client = wire.client(server, {
        token = SECRET,
        on = { request = note, response = note, retry = note },
        retry = { max_attempts = 2, base_delay = 0.001 },
      })
      for _, body in ipairs(echo(spelling[2])) do
        for _, status in ipairs { 401, 409, 429, 500 } do
          server:clear_faults()
          server:fault { kind = "status", status = status, body = body, times = 2, retry_after = 0 }
          local contact, err = client.contacts:get(1)
          assert.is_nil(contact)
          assert.equal(status, err.status)
          assert_hidden(err, SECRET)
        end
        -- A success that is none.
        server:clear_faults()
        server:fault { kind = "status", status = 200, body = '"' .. body:gsub('"', "'") .. '"' }
        local contact, err = client.contacts:get(1)
        assert.is_nil(contact)
        assert.equal("decode", err.kind)
        assert_hidden(err, SECRET)
        server:fault { kind = "status", status = 200, body = body .. "]" }
        contact, err = client:request { method = "GET", path = "/a" }
        assert.is_nil(contact)
        assert.equal("decode", err.kind)
        assert_hidden(err, SECRET)
      end
      assert.is_true(#told > 100)
      assert_hidden(told, SECRET)
      assert_hidden(client, SECRET)
    end)
  end

  it("is in no error of many records", function()
    local client = wire.client(server, { token = SECRET })
    server:fault {
      kind = "status",
      status = 207,
      body = '{"results":[],"errors":[{"message":"no '
        .. SECRET
        .. '","category":"X","context":{"objectWriteTraceId":["1"],"token":["'
        .. SECRET
        .. '"]}}]}',
    }
    local outcome = assert(client.contacts:upsert_many { { email = "a@b.c", properties = { phone = "1" } } })
    assert.equal(1, #outcome.errors)
    assert_hidden(outcome, SECRET)
    server:fault { kind = "status", status = 207, body = '{"results":[],"errors":[{"message":"no ' .. SECRET .. '"}]}' }
    local contact, err = client.contacts:upsert("a@b.c", { phone = "1" })
    assert.is_nil(contact)
    assert_hidden(err, SECRET)
    server:fault {
      kind = "status",
      status = 200,
      body = '{"results":[],"errors":[{"message":"no ' .. SECRET .. '","category":"X"}]}',
    }
    contact, err = client.contacts:get_many { 1 }
    assert.is_nil(contact)
    assert_hidden(err, SECRET)
  end)

  it("is in no error of a transport that quotes the request", function()
    local client = hubspot.new {
      token = SECRET,
      limiter = false,
      retry = false,
      transport = function(request) return nil, "could not send " .. request.headers.authorization end,
    }
    local _, err = client.contacts:get(1)
    assert.truthy(err.message:find("could not send Bearer [token]", 1, true))
    assert_hidden(err, SECRET)
  end)

  it("that is no longer the latest is still hidden", function()
    local tokens, asked = { SECRET, "another-token-altogether" }, 0
    local client = hubspot.new {
      limiter = false,
      retry = false,
      token = function()
        asked = asked + 1
        return tokens[math.min(asked, 2)]
      end,
      transport = function(request)
        local quoted = request.headers.authorization
        -- Meanwhile another call gets another token.
        return { status = 401, headers = {}, body = '{"message":"bad ' .. quoted .. '"}' }
      end,
    }
    local _, err = client.contacts:get(1)
    assert_hidden(err, SECRET)
    assert_hidden(err, tokens[2])
  end)

  it("is in no message of misuse", function()
    local client = wire.client(server, { token = SECRET })
    for _, misuse in ipairs {
      function() client.contacts:get {} end,
      function() client.request {} end,
      function() client:request {} end,
      function() hubspot.new { token = SECRET .. "\n" } end,
      function() hubspot.new { token = SECRET, tokn = 1 } end,
    } do
      local _, message = pcall(misuse)
      assert_hidden(message, SECRET)
    end
  end)
end)
