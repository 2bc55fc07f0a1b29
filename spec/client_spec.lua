local core = require "hubspot.core"
local fake_loop = require "spec.support.fake_loop"
local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local portal = require "hubspot.sandbox"
local script = require "spec.support.script"
local scripted = require "spec.support.scripted"
local throws = require("spec.support.misuse").throws
local wire = require "spec.support.wire"

local take = wire.take

local TOKEN = wire.TOKEN

local here = fixture.new { reset = { v1_lists = true } }
local server = here.server

local scripted_client, CONTACT = scripted.client, scripted.CONTACT

describe("the options of a client", function()
  it("are what they are documented to be when left out", function()
    local client = hubspot.new { token = TOKEN }
    for _, option in ipairs(require("hubspot.client_options").list) do
      assert.equal("string", type(option.description), option.name)
      assert.equal("string", type(option.luacats), option.name)
      local set = client.connection[option.name] or option.default and client[option.name]
      if option.default then assert.equal(option.default, set, option.name) end
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
    assert.truthy(text:find("hubspot-lua sandbox", 1, true))
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
    local id = here:create_contact()
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
    local id = here:create_contact()
    local answer = assert(
      client:request { method = "GET", path = "/crm/objects/2026-09/contacts/" .. id, query = { properties = "phone" } }
    )
    assert.is_nil(answer.properties.phone)
    assert.is_true(client:request { method = "DELETE", path = "/crm/objects/2026-09/contacts/" .. id })
    assert.is_true(client:request { method = "HEAD", path = "/crm/objects/2026-09/contacts" })
  end)

  it("gives the answer undecoded, with its headers, where that is asked for", function()
    local client = wire.client(server)
    local id = here:create_contact()
    local path = "/crm/objects/2026-09/contacts/" .. id
    local answer =
      assert(client:request { method = "GET", path = path, query = { properties = "city" }, undecoded = true })
    assert.equal(200, answer.status)
    assert.equal("190", answer.headers["x-hubspot-ratelimit-max"])
    assert.matches('"city":null', answer.body, 1, true)
    answer = assert(client:request { method = "DELETE", path = path, undecoded = true })
    assert.same({ 204, "" }, { answer.status, answer.body })
    local none, err = client:request { method = "GET", path = path, undecoded = true }
    assert.is_nil(none)
    assert.equal(404, err.status)
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

  -- A limiter that notes the buckets of permits, and what it is told of.
  local function noting_limiter()
    local noted = {}
    return {
      acquire = function(bucket)
        noted[#noted + 1] = bucket
        return 0
      end,
      observe = function(bucket) noted[#noted + 1] = "observe " .. bucket end,
      refused = function() end,
    },
      noted
  end

  local function buckets_of(paths)
    local limiter, noted = noting_limiter()
    limiter.observe = function() end
    local client = scripted_client({ CONTACT }, { limiter = limiter })
    for _, path in ipairs(paths) do
      client:request { method = "POST", path = path }
    end
    return noted
  end

  it(
    "takes each request's permit where HubSpot counts it",
    function()
      assert.same(
        { "search", "search", "general", "general", "exempt", "exempt", "exempt", "general" },
        buckets_of {
          "/crm/objects/2026-09/deals/search",
          "/crm/v3/objects/deals/search",
          "/crm/objects/2026-09/deals",
          "/crm/lists/2026-09/search",
          "/crm/associations/2026-09/deals/companies/batch/read",
          "/crm/v4/associations/deals/companies/labels",
          "/crm/associations/2026-09/definitions/configurations/all",
          "/crm/objects/2026-09/deals/1/associations/companies/2",
        }
      )
    end
  )

  it("takes permits of declared requests where HubSpot counts them", function()
    local limiter, noted = noting_limiter()
    limiter.observe = function() end
    local client = scripted_client({ { status = 200, body = '{"results":[],"total":0}' } }, { limiter = limiter })
    client.companies:count()
    client.companies:search(""):next()
    client.associations:get_many("contacts", { 1 }, "companies")
    client.associations:labels("contacts", "companies")
    client.associations:all("contacts", 1, "companies"):next()
    client.lists:all():next()
    assert.same({ "search", "search", "exempt", "exempt", "general", "general" }, noted)
  end)

  it("learns of an exemption by its header, for the next requests of the route", function()
    local limiter, noted = noting_limiter()
    local exempt = { status = 200, headers = { ["x-hubspot-rate-limit-exemptions"] = '["ten-secondly"]' } }
    exempt.body = '{"results":[]}'
    local client = scripted_client({ exempt }, { limiter = limiter })
    for _ = 1, 2 do
      client.properties:groups { object_type = "feedback_submissions" }
    end
    client.properties:groups()
    assert.same({ "general", "exempt", "observe exempt", "exempt", "observe exempt" }, noted)
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
    local id = here:create_contact()
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
    local id = here:create_contact()
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
