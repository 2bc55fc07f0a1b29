local engine_fixture = require "spec.support.engine_fixture"
local tls_server = require "spec.support.tls_server"

local ECHO = engine_fixture.ECHO
local SILENT = engine_fixture.SILENT
local serve = engine_fixture.serve
local new_engine = engine_fixture.new_engine
local request = engine_fixture.request
local step_until = engine_fixture.step_until
local exchange = engine_fixture.exchange
local fails = engine_fixture.fails
local contains = engine_fixture.contains

describe("engine", function()
  engine_fixture.close_after_each()

  describe("with failures", function()
    it("names a refused connection", function()
      local listener = assert(require("socket").bind("127.0.0.1", 0))
      local _, port = listener:getsockname()
      listener:close()
      local err = fails("http://127.0.0.1:" .. port .. "/", nil, "network")
      assert.equal("could not connect to 127.0.0.1 port " .. port .. ": Connection refused", err.message)
      assert.is_false(err.sent)
      assert.equal(7, err.curl_code)
    end)

    it("names a host that isn't found", function()
      local err = fails("http://nowhere.invalid/", nil, "network")
      contains(err.message, "nowhere.invalid")
      assert.is_false(err.sent)
      assert.equal(6, err.curl_code)
    end)

    it("ends at the timeout", function()
      local server = serve(SILENT)
      local err = fails(server.url, { timeout = 0.1 }, "timeout")
      contains(err.message, "127.0.0.1:" .. server.port)
      assert.is_true(err.sent)
      assert.equal(28, err.curl_code)
    end)

    it("ends at the timeout in the middle of a body", function()
      local server = serve [[
        local client = ...
        client:request()
        client:send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        client:receive(1)
      ]]
      assert.is_true(fails(server.url, { timeout = 0.1 }, "timeout").sent)
    end)

    it("ends at the connect timeout", function()
      -- A proxy that accepts and doesn't answer: to curl the connection isn't made yet.
      local server = serve(SILENT)
      local err = fails("https://127.0.0.1:1/", { proxy = server.url, connect_timeout = 0.1 }, "timeout")
      assert.equal(28, err.curl_code)
    end)

    it("names a body that is cut off", function()
      for _, head in ipairs {
        "Content-Length: 100\r\n\r\nhalf",
        "Transfer-Encoding: chunked\r\n\r\n64\r\nhalf",
        "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
      } do
        local server = serve(([[
          local client = ...
          client:request()
          client:send("HTTP/1.1 200 OK\r\n" .. %q)
        ]]):format(head):gsub("\r", "\\r"):gsub("\\\n", "\\n"))
        local err = fails(server.url, nil, "network")
        contains(err.message, "127.0.0.1:" .. server.port)
        assert.is_true(err.sent)
      end
    end)

    it("names a reset and a connection closed without an answer", function()
      for _, how in ipairs { "reset", "close" } do
        local server = serve("local client = ... client:request() client:" .. how .. "()")
        assert.is_true(fails(server.url, nil, "network").sent)
      end
    end)

    it("refuses what isn't HTTP", function()
      local server = serve [[
        local client = ...
        client:request()
        client:send("SSH-2.0-OpenSSH_9.2\r\n\r\n")
      ]]
      fails(server.url, nil, "network")
    end)

    it("refuses a broken gzip body", function()
      local server = serve [[
        local client = ...
        client:request()
        client:answer("this is not gzip at all", "Content-Encoding: gzip\r\n")
      ]]
      fails(server.url, nil, "network")
    end)

    it("refuses more than max_response_bytes", function()
      local server = serve [[
        local client = ...
        client:request()
        client:answer(("x"):rep(1001))
      ]]
      local err = fails(server.url, { max_response_bytes = 1000 }, "decode")
      contains(err.message, "max_response_bytes (1000)")
      assert.is_true(err.sent)
      assert.equal(1001, #exchange(new_engine(), server.url, { max_response_bytes = 1001 }).body)
    end)

    it("refuses a body without a length that grows beyond max_response_bytes", function()
      local server = serve [[
        local client = ...
        client:request()
        client:send("HTTP/1.1 200 OK\r\n\r\n")
        while client:send(("x"):rep(65536)) do end
      ]]
      contains(fails(server.url, { max_response_bytes = 1000000 }, "decode").message, "max_response_bytes (1000000)")
    end)

    it("refuses a small body that unpacks to more than max_response_bytes", function()
      local server = serve [[
        local client = ...
        client:request()
        local pipe = io.popen("head -c 50000000 /dev/zero | gzip -9c")
        client:answer(pipe:read("*a"), "Content-Encoding: gzip\r\n")
      ]]
      contains(fails(server.url, { max_response_bytes = 100000 }, "decode").message, "max_response_bytes (100000)")
    end)

    -- Answers with a body in gzip inside gzip, and these headers.
    local function twice_coded(headers)
      return serve(([[
        local client = ...
        client:request()
        local pipe = io.popen("printf '{}' | gzip -9c | gzip -9c")
        local body = pipe:read("*a")
        client:send("HTTP/1.1 200 OK\r\nContent-Length: " .. #body .. "\r\n" .. %q .. "\r\n" .. body)
      ]]):format(headers))
    end

    it("refuses a coding inside another, however the headers name them", function()
      for _, headers in ipairs {
        "Content-Encoding: gzip, gzip\r\n",
        "content-encoding:gzip,,GZIP\r\n",
        "Content-Encoding: gzip\r\nX: y\r\nContent-Encoding: deflate\r\n",
        "Content-Encoding: gzip\r\nTransfer-Encoding: gzip\r\n",
        "Transfer-Encoding: gzip, chunked\r\nContent-Encoding:\tbr\r\n",
        "Content-Encoding: gzip,\r\n gzip\r\n",
        "Content-Encoding: unknown, other\r\n",
      } do
        local err = fails(twice_coded(headers).url, nil, "decode")
        contains(err.message, "encoded more than once")
        assert.is_true(err.sent)
      end
    end)

    it("refuses a coding inside that of a 1xx", function()
      local server = serve [[
        local client = ...
        client:request()
        client:send("HTTP/1.1 103 Early Hints\r\nContent-Encoding: gzip\r\n\r\n")
        client:answer("", "Content-Encoding: gzip\r\n")
      ]]
      contains(fails(server.url, nil, "decode").message, "encoded more than once")
    end)

    it("takes one coding, in chunks too, whatever trailers name", function()
      local server = serve [[
        local client = ...
        client:request()
        local pipe = io.popen("printf '{}' | gzip -9c")
        local body = pipe:read("*a")
        client:send("HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n"
          .. "HTTP/1.1 200 OK\r\nContent-Encoding: identity, gzip\r\nTransfer-Encoding: chunked\r\n"
          .. "X-Content-Encoding: gzip\r\nContent-Encoding-Options: gzip\r\n\r\n"
          .. ("%x\r\n"):format(#body) .. body .. "\r\n0\r\nContent-Encoding: gzip\r\n\r\n")
      ]]
      local response = exchange(new_engine(), server.url)
      assert.is_not_nil(response)
      assert.equal("{}", response.body)
    end)

    it("ends at the timeout while it unpacks", function()
      local server = serve [[
        local client, _, shared = ...
        client:request()
        shared.packed = shared.packed or io.popen("head -c 300000000 /dev/zero | gzip -1c"):read("*a")
        client:answer(shared.packed, "Content-Encoding: gzip\r\n")
      ]]
      -- The server has packed it when it has answered once.
      contains(fails(server.url, { max_response_bytes = 1000 }, "decode").message, "max_response_bytes")
      local engine = new_engine()
      local transfer = assert(engine:add(request(server.url, { timeout = 0.05, max_response_bytes = 2 ^ 40 })))
      step_until(engine, function() return transfer:done() end)
      assert.truthy(tostring(transfer):find("(timeout)", 1, true), tostring(transfer))
      assert.is_true((select(2, transfer:response())).sent)
    end)

    it("refuses headers without end", function()
      local server = serve [[
        local client = ...
        client:request()
        client:send("HTTP/1.1 200 OK\r\n")
        for i = 1, 1000 do
          if not client:send("X-" .. i .. ": " .. ("y"):rep(1000) .. "\r\n") then return end
        end
      ]]
      local _, err = exchange(new_engine(), server.url)
      -- Newer versions of curl have a limit of their own.
      assert(err.kind == "decode" or err.kind == "network")
    end)
  end)

  describe("with TLS", function()
    local served

    setup(function() served = tls_server.start() end)
    teardown(function() served:stop() end)

    local function fields(more)
      more.ca_file = more.ca_file or served.ca_file
      return more
    end

    it("talks to a server that it can trust", function()
      local response = assert(exchange(new_engine(), "https://localhost:" .. served.port .. "/", fields {}))
      assert.equal(200, response.status)
      contains(response.body, "TLSv1.")
    end)

    it("refuses a certificate for another name", function()
      local err = fails("https://127.0.0.1:" .. served.port .. "/", fields {}, "network")
      assert.equal(60, err.curl_code)
      contains(err.message, "127.0.0.1")
      assert.is_false(err.sent)
    end)

    it("refuses a certificate of an unknown authority, in OpenSSL's words", function()
      local _, err = exchange(new_engine(), "https://localhost:" .. served.port .. "/")
      assert.equal("network", err.kind)
      assert.equal(60, err.curl_code)
      contains(err.message, "certificate")
      contains(err.message, "localhost:" .. served.port)
      assert.is_false(err.sent)
    end)

    it("names a ca_file that isn't there", function()
      local err = fails("https://localhost:" .. served.port .. "/", { ca_file = "/nowhere/ca.pem" }, "network")
      contains(err.message, "/nowhere/ca.pem")
      assert.is_false(err.sent)
    end)

    it("names a server that doesn't speak TLS", function()
      local server = serve [[
        local client = ...
        client:receive(1)
        client:send("HTTP/1.1 400 Bad Request\r\n\r\n")
      ]]
      assert.is_false(fails("https://127.0.0.1:" .. server.port .. "/", fields {}, "network").sent)
    end)
  end)

  describe("given nonsense", function()
    local engine

    before_each(function() engine = new_engine() end)

    local function throws(fields, part)
      local ok, message = pcall(engine.add, engine, fields)
      assert.is_false(ok)
      contains(tostring(message), part)
      assert.equal(0, engine:pending())
    end

    it("names the field that has a wrong type", function()
      local url = "http://127.0.0.1:1/"
      for _, field in ipairs { "method", "url", "body", "proxy", "ca_file", "user_agent" } do
        for _, value in ipairs { 1, true, {}, print } do
          throws(request(url, { [field] = value }), "request." .. field)
        end
      end
      for _, field in ipairs { "timeout", "connect_timeout", "max_response_bytes" } do
        for _, value in ipairs { "1", true, {}, print, -1, 0 / 0 } do
          throws(request(url, { [field] = value }), "request." .. field)
        end
      end
      for _, value in ipairs { 1, "x", true, print } do
        throws(request(url, { headers = value }), "request.headers")
      end
      for _, value in ipairs { 1, "x", {}, print } do
        throws(request(url, { send_once = value }), "request.send_once")
      end
      for _, field in ipairs { "timeout", "connect_timeout" } do
        throws(request(url, { [field] = 0 }), field)
      end
      throws({ url = url }, "request.method is missing")
      throws({ method = "GET" }, "request.url is missing")
    end)

    it("refuses what would break out of a header or the request line", function()
      local url = "http://127.0.0.1:1/"
      for _, breaker in ipairs { "\r", "\n", "\r\n", "\0" } do
        throws(request(url, { headers = { ["X-A"] = "a" .. breaker .. "X-B: b" } }), "X-A")
        throws(request(url, { headers = { ["X-A" .. breaker] = "a" } }), "request.headers")
        throws(request(url, { method = "GET" .. breaker }), "request.method")
        throws(request(url, { user_agent = "a" .. breaker .. "b" }), "request.user_agent")
        throws(request(url, { proxy = "a" .. breaker .. "b" }), "request.proxy")
        throws(request(url, { ca_file = "a" .. breaker .. "b" }), "request.ca_file")
        throws(request(url .. breaker), "request.url")
      end
      for _, method in ipairs { "", "GET /", "GÉT", "G:T", ("G"):rep(33) } do
        throws(request(url, { method = method }), "request.method")
      end
      for _, headers in ipairs {
        { [""] = "x" },
        { ["a b"] = "x" },
        { ["a:"] = "x" },
        { ["é"] = "x" },
        { "x" },
        { a = 1 },
        { a = {} },
        { a = true },
      } do
        throws(request(url, { headers = headers }), "request.headers")
      end
      throws(request(url, { method = "HEAD", body = "x" }), "request.body")
    end)

    it("speaks to http and https only", function()
      for _, url in ipairs {
        "",
        "x",
        "ftp://h/",
        "file:///etc/passwd",
        "gopher://h",
        "//h/",
        "127.0.0.1",
        "http:/h",
        "http://",
        "http:///x",
        "http://user@/",
        "https://?x",
        "http://h/a b",
        "http://h/\127",
        " http://h",
      } do
        throws(request(url), "request.url")
      end
      assert.truthy(engine:add(request "HTTP://127.0.0.1:1/"))
    end)

    it("wants a request", function()
      for _, value in ipairs { 1, "x", true } do
        assert.has_error(function() engine:add(value) end)
      end
      assert.has_error(function() engine:add() end)
    end)

    it("wants the right object in each method", function()
      local transfer = engine:add(request "http://127.0.0.1:1/")
      for _, name in ipairs { "add", "step", "timeout", "fd", "wait", "pending", "cancel", "close" } do
        for _, value in ipairs { {}, 1, io.stdout, transfer } do
          assert.has_error(function() engine[name](value, {}) end)
        end
        assert.has_error(function() engine[name]() end)
      end
      for _, name in ipairs { "done", "response", "cancel" } do
        for _, value in ipairs { {}, 1, io.stdout, engine } do
          assert.has_error(function() transfer[name](value) end)
        end
      end
      for _, value in ipairs { {}, 1, io.stdout, engine } do
        assert.has_error(function() engine:cancel(value) end)
      end
      assert.has_error(function() engine:cancel() end)
      assert.has_error(function() engine:wait "x" end)
    end)

    it("bears odd times", function()
      engine:wait(-1)
      engine:wait(0 / 0)
      local server = serve(ECHO)
      for _, timeout in ipairs { math.huge, 1e300, 1e9 } do
        assert.equal(200, exchange(engine, server.url, { timeout = timeout, connect_timeout = timeout }).status)
      end
      local err = select(2, exchange(engine, serve(SILENT).url, { timeout = 1e-9 }))
      assert.equal("timeout", err.kind)
    end)
  end)
end)
