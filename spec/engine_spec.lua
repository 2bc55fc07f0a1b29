local core = require "hubspot.core"
local hubspot_engine = require "hubspot.engine"
local raw_server = require "spec.support.raw_server"
local sandbox = require "spec.support.sandbox"
local script = require "spec.support.script"
local socket = require "socket"

local has_posix, posix = pcall(require, "posix")
local LUAJIT = rawget(_G, "jit") ~= nil

-- Answers each request with the request's own text, and says on which connection it came.
local ECHO = [[
  local client, number = ...
  local request = client:request()
  while request do
    client:answer(request, "X-Connection: " .. number .. "\r\n")
    request = client:request()
  end
]]

-- Takes requests and never answers.
local SILENT = [[
  local client = ...
  client:request()
  client:receive(1)
]]

-- Answers the first request of a connection and leaves at its second. The answers tell how many requests came in all.
local LEAVES_AT_THE_SECOND = [[
  local client, _, shared = ...
  local function take()
    if not client:request() then return false end
    shared.requests = (shared.requests or 0) + 1
    return true
  end
  if take() then client:answer(tostring(shared.requests)) end
  take()
]]

local servers, engines = {}, {}

local function serve(source)
  local server = raw_server.start(source)
  servers[#servers + 1] = server
  return server
end

local function new_engine()
  local engine = hubspot_engine.new()
  engines[#engines + 1] = engine
  return engine
end

-- A request that no proxy of the environment takes part in.
local function request(url, fields)
  local result = { method = "GET", url = url, proxy = "", timeout = 20 }
  for key, value in pairs(fields or {}) do
    result[key] = value
  end
  return result
end

-- Steps until the predicate holds; on_report gets each transfer that a step reports. The bound is there to end a
-- hanging spec, not to time anything.
local function step_until(engine, predicate, on_report)
  local limit = core.now() + 30
  while not predicate() do
    for _, transfer in ipairs(engine:step() or {}) do
      if on_report then on_report(transfer) end
    end
    if predicate() then return end
    assert(core.now() < limit, "nothing came of it in 30 seconds")
    engine:wait(0.5)
  end
end

local function finish(engine, transfer)
  step_until(engine, function() return transfer:done() end)
  return transfer:response()
end

local function exchange(engine, url, fields) return finish(engine, assert(engine:add(request(url, fields)))) end

local function fails(url, fields, kind)
  local response, err = exchange(new_engine(), url, fields)
  assert.is_nil(response)
  assert.equal(kind, err.kind)
  assert.equal("string", type(err.message))
  return err
end

local function contains(text, part) assert(text:find(part, 1, true), ("%q doesn't contain %q"):format(text, part)) end

local function lines_of(text)
  local lines = {}
  for line in text:gmatch "(.-)\r\n" do
    if line ~= "" then lines[#lines + 1] = line end
  end
  return lines
end

-- Runs a script in a process of its own, under what stands before its command; gives what it wrote, and its exit code.
local function run_alone(source, before)
  return script.with_file(("package.cpath = %q\n%s"):format(package.cpath, source), function(path)
    local pipe = io.popen((before or "") .. sandbox.interpreter() .. " " .. path .. " 2>&1; echo $?")
    local output = pipe:read "*a"
    pipe:close()
    return output
  end)
end

describe("engine", function()
  after_each(function()
    for _, engine in ipairs(engines) do
      engine:close()
    end
    for _, server in ipairs(servers) do
      server.stop()
    end
    engines, servers = {}, {}
  end)

  describe("on the wire", function()
    local server, engine

    before_each(function()
      server, engine = serve(ECHO), new_engine()
    end)

    -- Gives the request line, the set of headers and the body that the server got.
    local function sent(fields)
      local response = assert(exchange(engine, server.url .. "/a/../b?x=%2F", fields))
      assert.equal(200, response.status)
      local head, body = response.body:match "^(.-\r\n\r\n)(.*)$"
      local lines, headers = lines_of(head), {}
      for i = 2, #lines do
        local name, value = lines[i]:match "^([^:]+):%s*(.-)$"
        assert(not headers[name:lower()], "sent twice: " .. name)
        headers[name:lower()] = value
      end
      return lines[1], headers, body
    end

    local PLAIN = { ["host"] = true, ["accept"] = true, ["accept-encoding"] = true }

    it("sends GET and DELETE without a body, and the path as it is", function()
      for _, method in ipairs { "GET", "DELETE", "OPTIONS" } do
        local line, headers, body = sent { method = method }
        assert.equal(method .. " /a/../b?x=%2F HTTP/1.1", line)
        assert.equal("", body)
        for name in pairs(headers) do
          assert(PLAIN[name], "unexpected: " .. name)
        end
        contains(headers["accept-encoding"], "gzip")
        assert.equal("127.0.0.1:" .. server.port, headers.host)
      end
    end)

    it("sends POST, PUT and PATCH without a body with a length of 0", function()
      for _, method in ipairs { "POST", "PUT", "PATCH" } do
        local line, headers, body = sent { method = method }
        assert.equal(method .. " /a/../b?x=%2F HTTP/1.1", line)
        assert.equal("0", headers["content-length"])
        assert.is_nil(headers["content-type"])
        assert.is_nil(headers.expect)
        assert.equal("", body)
      end
    end)

    it("sends bodies byte by byte with every method", function()
      local text = {}
      for c = 0, 255 do
        text[#text + 1] = string.char(c)
      end
      text = table.concat(text)
      for _, method in ipairs { "POST", "PUT", "PATCH", "DELETE", "GET" } do
        local line, headers, body = sent { method = method, body = text }
        assert.equal(method .. " /a/../b?x=%2F HTTP/1.1", line)
        assert.equal("256", headers["content-length"])
        assert.is_nil(headers["content-type"])
        assert.is_nil(headers["transfer-encoding"])
        assert.equal(text, body)
      end
    end)

    it("sends large bodies without asking first", function()
      local text = ("0123456789abcdef"):rep(200000)
      local _, headers, body = sent { method = "POST", body = text }
      assert.is_nil(headers.expect)
      assert.is_true(body == text)
    end)

    it("sends the caller's headers", function()
      local _, headers = sent {
        method = "POST",
        body = "{}",
        user_agent = "hubspot-lua/test",
        headers = {
          ["Content-Type"] = "application/json",
          Authorization = "Bearer x",
          ["X-Empty"] = "",
          ["X-Blank"] = " \t",
        },
      }
      assert.equal("application/json", headers["content-type"])
      assert.equal("Bearer x", headers.authorization)
      assert.equal("", headers["x-empty"])
      assert.equal("", headers["x-blank"])
      assert.equal("hubspot-lua/test", headers["user-agent"])
    end)

    it("uses one connection for requests one after the other", function()
      for _ = 1, 5 do
        assert.equal("1", exchange(engine, server.url).headers["x-connection"])
      end
    end)

    it("sends again over another connection what a connection that was used before did not answer", function()
      local leaving = serve(LEAVES_AT_THE_SECOND)
      assert.equal("1", exchange(engine, leaving.url).body)
      assert.equal("3", exchange(engine, leaving.url, { method = "POST", body = "{}" }).body)
    end)

    it("sends once what is to be sent once, and reports that it may have arrived", function()
      local leaving = serve(LEAVES_AT_THE_SECOND)
      assert.equal("1", exchange(engine, leaving.url).body)
      local response, err = exchange(engine, leaving.url, { method = "POST", body = "{}", send_once = true })
      assert.is_nil(response)
      assert.equal("network", err.kind)
      assert.is_true(err.sent)
      contains(err.message, "not sent again")
      assert.equal("3", exchange(engine, leaving.url).body)
    end)

    it("sends once also without a body, over a connection of its own", function()
      local leaving = serve(LEAVES_AT_THE_SECOND)
      assert.equal("1", exchange(engine, leaving.url).body)
      assert.equal("2", exchange(engine, leaving.url, { method = "DELETE", send_once = true }).body)
    end)

    it("sends the bytes of a body that is to be sent once", function()
      local text = ("0123456789abcdef"):rep(200000)
      local line, headers, body = sent { method = "PATCH", body = text, send_once = true }
      assert.equal("PATCH /a/../b?x=%2F HTTP/1.1", line)
      assert.equal(tostring(#text), headers["content-length"])
      assert.is_nil(headers["transfer-encoding"])
      assert.is_nil(headers.expect)
      assert.is_true(body == text)
    end)

    it("copies the request", function()
      local fields = request(server.url .. "/first", { method = "POST", body = "one", headers = { ["X-A"] = "1" } })
      local transfer = engine:add(fields)
      fields.url, fields.body, fields.headers["X-A"] = "http://127.0.0.1:1/", "two", "2"
      collectgarbage()
      local text = finish(engine, transfer).body
      contains(text, "POST /first HTTP/1.1")
      contains(text, "X-A: 1")
      assert.equal("one", text:match "\r\n\r\n(.*)$")
    end)
  end)

  describe("with answers", function()
    -- Gives the answer to a request that a server answers with this text.
    local function answer(text, fields)
      local server = serve(([[
        local client = ...
        client:request()
        client:send(%q)
      ]]):format(text):gsub("\r", "\\r"):gsub("\\\n", "\\n"):gsub("%z", "\\0"))
      return exchange(new_engine(), server.url, fields)
    end

    it("gives status, headers and body", function()
      local response = answer(
        "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nX-Empty:\r\n"
          .. "X-Trim:  a b \t\r\nContent-Length: 5\r\n\r\nab\0\255\r"
      )
      assert.equal(404, response.status)
      assert.equal("ab\0\255\r", response.body)
      assert.same(
        { ["content-type"] = "text/plain", ["x-empty"] = "", ["x-trim"] = "a b", ["content-length"] = "5" },
        response.headers
      )
    end)

    it("joins repeated headers", function()
      local response = answer "HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 0\r\nX-A: 3\r\n\r\n"
      assert.equal("1, 2, 3", response.headers["x-a"])
      assert.equal("", response.body)
    end)

    it("joins folded headers", function()
      local response = answer "HTTP/1.1 200 OK\r\nX-A: one\r\n  two\r\n\tthree\r\nContent-Length: 0\r\n\r\n"
      assert.equal("one two three", response.headers["x-a"])
    end)

    it("trims folded headers at both ends, too", function()
      local response = answer "HTTP/1.1 200 OK\r\nX-A:\r\n one\r\n \t\r\nX-B: \r\n\t\r\nContent-Length: 0\r\n\r\n"
      assert.equal("one", response.headers["x-a"])
      assert.equal("", response.headers["x-b"])
    end)

    it("lets no CR into a header", function()
      local response =
        answer("HTTP/1.1 200 OK\r\nX-A: one\rX-B: two\r\n three\rfour\r\n" .. "Content-Length: 0\r\n\r\n")
      assert.same({ ["x-a"] = "one X-B: two three four", ["content-length"] = "0" }, response.headers)
    end)

    it("gives the headers of the final answer only", function()
      local response = answer(
        "HTTP/1.1 100 Continue\r\nX-A: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
          .. "HTTP/1.1 201 Created\r\nX-B: 2\r\nContent-Length: 2\r\n\r\nok"
      )
      assert.equal(201, response.status)
      assert.same({ ["x-b"] = "2", ["content-length"] = "2" }, response.headers)
      assert.equal("ok", response.body)
    end)

    it("reads chunked bodies and leaves trailers out", function()
      local response = answer(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n"
          .. "0\r\nX-Trailer: 1\r\n\r\n"
      )
      assert.equal("abcdefg", response.body)
      assert.is_nil(response.headers["x-trailer"])
    end)

    it(
      "reads up to the end of the connection where nothing says more",
      function() assert.equal("to the end", answer("HTTP/1.1 200 OK\r\n\r\nto the end").body) end
    )

    it("doesn't follow redirects", function()
      local response = answer "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
      assert.equal(302, response.status)
      assert.equal("http://127.0.0.1:1/", response.headers.location)
    end)

    it("keeps no cookies", function()
      local server = serve [[
        local client = ...
        for _ = 1, 2 do client:answer(client:request(), "Set-Cookie: a=b\r\n") end
      ]]
      local engine = new_engine()
      exchange(engine, server.url)
      assert.is_nil(exchange(engine, server.url).body:lower():find("cookie", 1, true))
    end)

    it("reads no body of HEAD", function()
      local server = serve [[
        local client = ...
        local text = client:request()
        client:send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nX-Line: " .. text:match("^[^\r]*") .. "\r\n\r\n")
        client:receive(1)
      ]]
      local response = exchange(new_engine(), server.url, { method = "HEAD" })
      assert.equal(200, response.status)
      assert.equal("HEAD / HTTP/1.1", response.headers["x-line"])
      assert.equal("1000", response.headers["content-length"])
      assert.equal("", response.body)
    end)

    it("unpacks gzip", function()
      local server = serve [[
        local client = ...
        client:request()
        local pipe = io.popen("head -c 100000 /dev/zero | gzip -9c")
        client:answer(pipe:read("*a"), "Content-Encoding: gzip\r\n")
      ]]
      assert.is_true(exchange(new_engine(), server.url).body == ("\0"):rep(100000))
    end)

    it("reads large bodies", function()
      local server = serve [[
        local client = ...
        client:request()
        client:answer(("0123456789abcdef"):rep(500000))
      ]]
      assert.is_true(exchange(new_engine(), server.url).body == ("0123456789abcdef"):rep(500000))
    end)

    it("gives an answer once, and an error each time", function()
      local server, engine = serve(ECHO), new_engine()
      local transfer = engine:add(request(server.url))
      assert.equal(200, finish(engine, transfer).status)
      assert.has_error(function() transfer:response() end, "transfer:response: the answer was given before")
      local failed = engine:add(request "http://127.0.0.1:1/")
      local _, err = finish(engine, failed)
      assert.same(err, (select(2, failed:response())))
    end)

    it("keeps nothing of an answer that it has given", function()
      local server, engine = serve(ECHO), new_engine()
      local transfer = engine:add(request(server.url))
      local given = setmetatable({ finish(engine, transfer) }, { __mode = "v" })
      collectgarbage()
      assert.is_nil(given[1])
      assert.is_true(transfer:done())
    end)
  end)

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
    local directory, pid, port

    local function run(command)
      local pipe = io.popen(command .. " 2>&1")
      local output = pipe:read "*a"
      pipe:close()
      return output
    end

    setup(function()
      directory = os.tmpname()
      os.remove(directory)
      run("mkdir " .. directory)
      run(
        (
          "cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout key.pem "
          .. "-out cert.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost"
        ):format(directory)
      )
      local pipe = io.popen(
        (
          "cd %s && echo $$ && exec timeout 300 openssl s_server "
          .. "-accept 127.0.0.1:0 -www -key key.pem -cert cert.pem 2>/dev/null"
        ):format(directory)
      )
      pid = pipe:read "*l"
      repeat
        local line = assert(pipe:read "*l", "openssl s_server didn't start")
        port = line:match "^ACCEPT .*:(%d+)$"
      until port
    end)

    teardown(function()
      os.execute("kill " .. pid)
      os.execute("rm -r " .. directory)
    end)

    local function fields(more)
      more.ca_file = more.ca_file or directory .. "/cert.pem"
      return more
    end

    it("talks to a server that it can trust", function()
      local response = assert(exchange(new_engine(), "https://localhost:" .. port .. "/", fields {}))
      assert.equal(200, response.status)
      contains(response.body, "TLSv1.")
    end)

    it("refuses a certificate for another name", function()
      local err = fails("https://127.0.0.1:" .. port .. "/", fields {}, "network")
      assert.equal(60, err.curl_code)
      contains(err.message, "127.0.0.1")
      assert.is_false(err.sent)
    end)

    it("refuses a certificate of an unknown authority, in OpenSSL's words", function()
      local _, err = exchange(new_engine(), "https://localhost:" .. port .. "/")
      assert.equal("network", err.kind)
      assert.equal(60, err.curl_code)
      contains(err.message, "certificate")
      contains(err.message, "localhost:" .. port)
      assert.is_false(err.sent)
    end)

    it("names a ca_file that isn't there", function()
      local err = fails("https://localhost:" .. port .. "/", { ca_file = "/nowhere/ca.pem" }, "network")
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

  describe("with many transfers", function()
    it("moves them all at once", function()
      -- No request is answered before all have come.
      local server = serve [[
        local client, number, shared = ...
        local text = client:request()
        shared.count = (shared.count or 0) + 1
        client:wait(function() return shared.count == 40 end)
        client:answer(text:match("^GET /(%d+)"))
      ]]
      local engine, transfers, reported = new_engine(), {}, 0
      for i = 1, 40 do
        assert.equal(i - 1, engine:pending())
        transfers[i] = engine:add(request(server.url .. "/" .. i))
      end
      local seen = {}
      step_until(engine, function() return reported == 40 end, function(transfer)
        assert.is_true(transfer:done())
        assert.is_nil(seen[transfer])
        seen[transfer] = true
        reported = reported + 1
      end)
      for i = 1, 40 do
        assert.equal(tostring(i), transfers[i]:response().body)
      end
      assert.equal(0, engine:pending())
      assert.is_nil(engine:step())
      assert.is_nil(engine:timeout())
    end)

    it("moves what it can within the seconds that a step has, and the rest in the next ones", function()
      local server = serve [[
        local client, number, shared = ...
        client:request()
        shared.count = (shared.count or 0) + 1
        client:wait(function() return shared.count == 21 end)
        client:answer "done"
      ]]
      local engine, reported, most, steps = new_engine(), 0, 0, 0
      for _ = 1, 20 do
        engine:add(request(server.url))
      end
      -- Actions due at one moment are all done then: only what ends a request without an answer is left.
      while engine:fd() and engine:timeout() < 10 do
        engine:wait()
        engine:step()
      end
      exchange(new_engine(), server.url)
      while reported < 20 do
        engine:wait(30)
        socket.sleep(0.01)
        local count = #(engine:step(0) or {})
        reported, most, steps = reported + count, math.max(most, count), steps + 1
        assert.is_true(steps < 10000)
      end
      -- Curl's own poll knows no limit.
      if engine:fd() then assert.equal(1, most) end
      assert.equal(0, engine:pending())
      for _, seconds in ipairs { -1, 0 / 0, "x", {} } do
        assert.has_error(function() engine:step(seconds) end)
      end
    end)

    it("sends each at once, without a step", function()
      local server = serve [[
        local client, number, shared = ...
        local path = client:request():match("^GET (%S+)")
        if path == "/count" then
          client:wait(function() return (shared.count or 0) == 3 end)
          client:answer("3")
        else
          shared.count = (shared.count or 0) + 1
          client:receive(1)
        end
      ]]
      local silent = new_engine()
      for _ = 1, 3 do
        silent:add(request(server.url))
      end
      if not silent:fd() then silent:step() end -- curl's own poll needs one for the connection
      assert.equal("3", exchange(new_engine(), server.url .. "/count").body)
      assert.equal(3, silent:pending())
    end)

    it("loses one where the system can't watch its socket, and no other", function()
      if not new_engine():fd() then return pending "needs epoll" end
      local server = serve(ECHO)
      local library = os.tmpname()
      assert(os.execute(("cc -shared -fPIC -o %s spec/support/failing_epoll.c -ldl"):format(library)))
      local source = ([[
        local engine = require("hubspot.engine").new()
        local transfers, said = {}, {}
        for i = 1, 3 do
          transfers[i] = assert(engine:add { method = "GET", url = %q, proxy = "", timeout = 20 })
        end
        while engine:pending() > 0 do
          engine:wait(1)
          engine:step()
        end
        for i, transfer in ipairs(transfers) do
          local response, err = transfer:response()
          said[i] = response and response.status or err.kind .. ": " .. err.message
        end
        local again = assert(engine:add { method = "GET", url = %q, proxy = "", timeout = 20 })
        while not again:done() do
          engine:wait(1)
          engine:step()
        end
        io.write(table.concat(said, "\n"), "\n", again:response().status, "\n")
      ]]):format(server.url, server.url)
      -- A sanitized interpreter preloads what SANITIZERS names.
      local preload = ('env LD_PRELOAD=%s SANITIZERS="$SANITIZERS %s" '):format(library, library)
      local output = run_alone(source, preload)
      os.remove(library)
      local host = server.url:match "//(.*)"
      assert.equal(("200\nnetwork: the system can't watch the connection (%s)\n200\n200\n0\n"):format(host), output)
    end)

    it("keeps two engines apart", function()
      local server, one, two = serve(ECHO), new_engine(), new_engine()
      local first, second = one:add(request(server.url .. "/1")), two:add(request(server.url .. "/2"))
      assert.has_error(function() two:cancel(first) end)
      contains(finish(one, first).body, "GET /1")
      assert.is_false(second:done() and first == second)
      one:close()
      contains(finish(two, second).body, "GET /2")
      contains(exchange(two, server.url .. "/3").body, "GET /3")
    end)
  end)

  describe("waiting", function()
    it("has nothing to do when nothing was asked", function()
      local engine = new_engine()
      assert.is_nil(engine:timeout())
      assert.is_nil(engine:step())
      assert.equal(0, engine:pending())
      engine:wait(0)
      engine:wait()
      engine:wait(0.001)
    end)

    it("has a descriptor that becomes readable, where there is epoll", function()
      local engine = new_engine()
      if not engine:fd() then return pending "built without epoll" end
      assert.equal("number", type(engine:fd()))
      assert.equal(engine:fd(), engine:fd())
      local server = serve [[
        local client = ...
        client:request()
        client:answer("x")
      ]]
      local transfer = engine:add(request(server.url))
      local pollable = { getfd = function() return engine:fd() end, dirty = function() return false end }
      step_until({
        step = function() engine:step() end,
        wait = function()
          if engine:timeout() ~= 0 then
            local readable = socket.select({ pollable }, nil, 10)
            assert(readable[pollable], "never readable")
          end
        end,
      }, function() return transfer:done() end)
      assert.equal("x", transfer:response().body)
    end)

    it("has a descriptor that a step makes quiet again where the server closed an idle connection", function()
      local engine = new_engine()
      if not engine:fd() then return pending "built without epoll" end
      local pollable = { getfd = function() return engine:fd() end, dirty = function() return false end }
      local function is_ready(seconds) return socket.select({ pollable }, nil, seconds)[pollable] ~= nil end
      local server = serve [[
        local client, number = ...
        client:request()
        client:answer("connection " .. number)
      ]]
      assert.equal("connection 1", exchange(engine, server.url).body)
      assert.is_true(is_ready(10))
      assert.is_nil(engine:step())
      assert.is_false(is_ready(0))
      assert.equal("connection 2", exchange(engine, server.url).body)
    end)

    it("says when the next step is due", function()
      local server, engine = serve(SILENT), new_engine()
      local transfer = engine:add(request(server.url, { timeout = 1000 }))
      engine:step()
      assert.equal("number", type(engine:timeout()))
      assert.is_true(engine:timeout() >= 0 and engine:timeout() <= 1000)
      transfer:cancel()
      assert.equal(0, engine:timeout())
      assert.equal(1, #engine:step())
    end)

    it("returns at once while something finished isn't reported", function()
      local server, engine = serve(SILENT), new_engine()
      engine:add(request(server.url)):cancel()
      engine:wait(1e9)
      assert.equal(1, #engine:step())
    end)
  end)

  describe("cancelling", function()
    it("ends a transfer, by itself or by the engine", function()
      local server, engine = serve(SILENT), new_engine()
      for _, cancel in ipairs { function(t) t:cancel() end, function(t) engine:cancel(t) end } do
        local transfer = engine:add(request(server.url))
        assert.is_false(transfer:done())
        assert.has_error(function() transfer:response() end)
        assert.equal(1, engine:pending())
        cancel(transfer)
        assert.is_true(transfer:done())
        assert.equal(0, engine:pending())
        local reported = engine:step()
        assert.equal(1, #reported)
        assert.equal(transfer, reported[1])
        local response, err = transfer:response()
        assert.is_nil(response)
        assert.equal("cancelled", err.kind)
        contains(err.message, "127.0.0.1:" .. server.port)
        cancel(transfer)
        assert.is_nil(engine:step())
      end
    end)

    it("leaves finished transfers alone", function()
      local server, engine = serve(ECHO), new_engine()
      local transfer = engine:add(request(server.url))
      step_until(engine, function() return transfer:done() end)
      transfer:cancel()
      engine:cancel(transfer)
      assert.equal(200, transfer:response().status)
    end)

    it("leaves the other transfers and connections alone", function()
      local server, engine = serve(ECHO), new_engine()
      local silent = serve(SILENT)
      local keep, drop = engine:add(request(server.url)), engine:add(request(silent.url))
      drop:cancel()
      assert.equal(200, finish(engine, keep).status)
      assert.equal("1", exchange(engine, server.url).headers["x-connection"])
    end)

    it("says that nothing was sent where nothing was", function()
      -- A name that never resolves in time: the transfer is cancelled before there is a connection.
      local engine = new_engine()
      local transfer = engine:add(request "http://nowhere.invalid/")
      transfer:cancel()
      local _, err = transfer:response()
      assert.is_false(err.sent)
    end)
  end)

  describe("closing", function()
    it("ends the transfers in flight, and reports them", function()
      local server, engine = serve(SILENT), new_engine()
      local one, two = engine:add(request(server.url)), engine:add(request(server.url))
      engine:close()
      assert.equal("cancelled", (select(2, one:response())).kind)
      assert.equal("cancelled", (select(2, two:response())).kind)
      assert.equal(0, engine:timeout())
      assert.same({ one, two }, engine:step())
      assert.is_nil(engine:step())
    end)

    it("may be done twice, and ends the engine", function()
      local server, engine = serve(ECHO), new_engine()
      exchange(engine, server.url)
      engine:close()
      engine:close()
      local transfer, err = engine:add(request(server.url))
      assert.is_nil(transfer)
      assert.equal("cancelled", err.kind)
      assert.equal("string", type(err.message))
      engine:step()
      assert.is_nil(engine:fd())
      assert.is_nil(engine:timeout())
      assert.is_nil(engine:step())
      assert.equal(0, engine:pending())
      engine:wait(10)
    end)

    it("closes the connections", function()
      local server = serve [[
        local client, number, shared = ...
        if number == 1 then
          client:answer(client:request())
          client:receive(1)
          shared.closed = true
        else
          client:request()
          client:wait(function() return shared.closed end)
          client:answer("closed")
        end
      ]]
      local engine = new_engine()
      exchange(engine, server.url)
      engine:close()
      assert.equal("closed", exchange(new_engine(), server.url).body)
    end)

    if _VERSION >= "Lua 5.4" then
      it("is what a variable to be closed does", function()
        local engine = hubspot_engine.new()
        assert(load "local engine <close> = ...")(engine)
        contains(tostring(engine), "closed")
      end)
    end
  end)

  describe("collecting garbage", function()
    it("keeps a transfer in flight that the program has dropped", function()
      local server = serve [[
        local client, number, shared = ...
        local text = client:request()
        if text:find("^GET /go") then
          shared.go = true
        else
          client:wait(function() return shared.go end)
        end
        client:answer("x")
      ]]
      local engine = new_engine()
      engine:add(request(server.url))
      for _ = 1, 3 do
        collectgarbage()
      end
      assert.equal(1, engine:pending())
      engine:add(request(server.url .. "/go"))
      for _ = 1, 3 do
        collectgarbage()
      end
      local reported = {}
      step_until(engine, function() return #reported == 2 end, function(transfer)
        reported[#reported + 1] = transfer
        collectgarbage()
      end)
      for _, transfer in ipairs(reported) do
        assert.equal("x", transfer:response().body)
      end
    end)

    it("frees transfers that were reported, with or without their answer read", function()
      local server, engine = serve(ECHO), new_engine()
      local weak, left = setmetatable({}, { __mode = "k" }), 0
      for i = 1, 20 do
        local transfer = engine:add(request(server.url))
        weak[transfer] = true
        step_until(engine, function() return transfer:done() end)
        engine:step()
        if i % 2 == 0 then transfer:response() end
      end
      for _ = 1, 3 do
        collectgarbage()
      end
      for _ in pairs(weak) do
        left = left + 1
      end
      -- LuaJIT's stack may still hold the last.
      assert.is_true(left <= 1)
    end)

    it("ends the transfers of an engine that nobody holds", function()
      local server = serve(SILENT)
      local transfer = hubspot_engine.new():add(request(server.url))
      for _ = 1, 3 do
        collectgarbage()
      end
      assert.is_true(transfer:done())
      assert.equal("cancelled", (select(2, transfer:response())).kind)
      transfer:cancel()
      contains(tostring(transfer), "cancelled")
    end)

    it("bears engine and transfers going in one cycle, in either order", function()
      local server = serve(SILENT)
      for _ = 1, 20 do
        local engine = hubspot_engine.new()
        for _ = 1, 3 do
          engine:add(request(server.url))
        end
        engine:add(request(server.url)):cancel()
      end
      for _ = 1, 3 do
        collectgarbage()
      end
      local kept = {}
      for i = 1, 20 do
        local engine = hubspot_engine.new()
        kept[i] = engine:add(request(server.url))
      end
      assert.equal(20, #kept)
      kept = nil -- luacheck: ignore
      for _ = 1, 3 do
        collectgarbage()
      end
    end)

    it("is safe at any moment", function()
      local server, engine = serve(ECHO), new_engine()
      local pause, multiplier = collectgarbage("setpause", 1), collectgarbage("setstepmul", 10000)
      for i = 1, 30 do
        local response = exchange(
          engine,
          server.url .. "/" .. i,
          { method = "POST", body = ("x"):rep(i * 1000), headers = { ["X-Number"] = tostring(i) } }
        )
        contains(response.body, "POST /" .. i .. " ")
      end
      collectgarbage("setpause", pause)
      collectgarbage("setstepmul", multiplier)
    end)

    it("leaves nothing undone when the state is closed", function()
      local server = serve(SILENT)
      local source = ([[
        engine = require("hubspot.engine").new()
        transfers = {}
        for i = 1, 3 do
          transfers[i] = engine:add { method = "GET", url = %q, proxy = "" }
        end
        transfers[1]:cancel()
        io.write("end")
      ]]):format(server.url)
      assert.equal("end0\n", run_alone(source))
    end)

    -- The sanitizers look at every process; where they do not, valgrind does.
    it("leaks nothing of what finalizers add while the state is closed", function()
      local watcher = ""
      if not os.getenv "SANITIZED" then
        local pipe = io.popen "command -v valgrind"
        local found = pipe:read "*l"
        pipe:close()
        if not found or LUAJIT then return pending "needs valgrind" end
        watcher = "valgrind --quiet --leak-check=full --show-leak-kinds=definite "
          .. "--errors-for-leak-kinds=definite --error-exitcode=99 "
      end
      local silent, echo = serve(SILENT), serve(ECHO)
      local source = ([[
        local silent, echo = %q, %q
        local engine
        local function finalize(fn)
          local object = newproxy and newproxy(true) or setmetatable({}, {})
          getmetatable(object).__gc = function()
            local ok, message = pcall(fn)
            io.write(ok and "+" or tostring(message))
          end
          -- Lua finalizes a table only if __gc was there when its metatable was set.
          return newproxy and object or setmetatable(object, getmetatable(object))
        end
        local function request(url) return { method = "POST", url = url, proxy = "", body = "x", send_once = true } end
        after = finalize(function()
          local transfer, err = engine:add(request(silent))
          assert(transfer == nil and err.kind == "cancelled")
        end)
        engine = require("hubspot.engine").new()
        keep = engine
        under_way = finalize(function() assert(engine:add(request(silent))) end)
        finished = finalize(function()
          local transfer = assert(engine:add(request(echo)))
          for _ = 1, 200 do
            if transfer:done() then return end
            engine:wait(0.01)
            engine:add(request(silent)):cancel()
          end
        end)
        wrong = finalize(function()
          assert(not pcall(engine.add, engine, { method = "GET", url = silent, headers = { ["X"] = 1 } }))
        end)
      ]]):format(silent.url, echo.url)
      assert.equal("++++0\n", run_alone(source, watcher))
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

  describe("tostring", function()
    it("shows the state and no secret", function()
      local server, engine = serve(SILENT), new_engine()
      local transfer = engine:add(request(server.url, { headers = { Authorization = "Bearer secret" } }))
      assert.equal("hubspot.engine (1 under way)", tostring(engine))
      assert.equal("hubspot.transfer (under way)", tostring(transfer))
      engine:close()
      assert.equal("hubspot.engine (closed)", tostring(engine))
      assert.equal("hubspot.transfer (cancelled)", tostring(transfer))
      local echo = new_engine():add(request(serve(ECHO).url))
      finish(engines[#engines], echo)
      assert.equal("hubspot.transfer (status 200)", tostring(echo))
    end)

    it("leaves user and password out of messages", function()
      local err = fails("http://user:secret@127.0.0.1:1/?x=secret", nil, "network")
      assert.is_nil(err.message:find("secret", 1, true))
      local silent = serve(SILENT)
      err = fails("http://user:secret@127.0.0.1:" .. silent.port .. "/secret", { timeout = 0.1 }, "timeout")
      contains(err.message, "127.0.0.1:" .. silent.port)
      assert.is_nil(err.message:find("secret", 1, true))
    end)
  end)

  describe("after a fork", function()
    -- Runs the function in a child process, which exits with what it returns; gives its id. The exit is another
    -- program's, since memory checkers look for leaks in an exit of our own, and a child leaks on purpose.
    local function in_child(f)
      local pid = assert(posix.fork())
      if pid == 0 then
        local ok, code = pcall(f)
        if not ok then io.stderr:write(tostring(code), "\n") end
        posix.execp("sh", "-c", "exit " .. (ok and code or 99))
        posix._exit(98)
      end
      return pid
    end

    local function exit_code(pid)
      local _, how, code = posix.wait(pid)
      assert.equal("exited", how)
      return code
    end

    -- Answers at once, but for /slow: that is completed after /done.
    local STAGED = [[
      local client, number, shared = ...
      local text = client:request()
      while text do
        local headers = "X-Connection: " .. number .. "\r\n"
        if text:find("^GET /slow") then
          client:send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n" .. headers .. "\r\nha")
          shared.started = true
          client:wait(function() return shared.done end)
          client:send("lf")
        else
          if text:find("^GET /started") then client:wait(function() return shared.started end) end
          if text:find("^GET /done") then shared.done = true end
          client:answer("", headers)
        end
        text = client:request()
      end
    ]]

    it("the child starts afresh and the parent continues", function()
      if not has_posix then return pending "needs lua-posix" end
      local server, engine = serve(STAGED), new_engine()
      local slow = engine:add(request(server.url .. "/slow"))
      -- Leaves an idle connection beside the one in use.
      assert.equal("2", exchange(engine, server.url .. "/started").headers["x-connection"])
      engine:step()
      local fd = engine:fd()
      local pid = in_child(function()
        assert(engine:pending() == 0)
        assert(slow:done())
        local response, err = slow:response()
        assert(response == nil and err.kind == "cancelled" and err.sent == true)
        assert(engine:timeout() == 0)
        local reported = engine:step()
        assert(#reported == 1 and reported[1] == slow)
        assert(engine:step() == nil)
        assert(exchange(engine, server.url .. "/child").headers["x-connection"] == "3")
        assert(exchange(engine, server.url .. "/child").headers["x-connection"] == "3")
        engine:close()
        engine, slow = nil, nil -- luacheck: ignore
        collectgarbage()
        exchange(new_engine(), server.url .. "/done")
        return 7
      end)
      assert.equal(7, exit_code(pid))
      assert.equal(fd, engine:fd())
      assert.equal(1, engine:pending())
      assert.is_false(slow:done())
      local response = assert(finish(engine, slow))
      assert.equal("half", response.body)
      assert.equal("1", response.headers["x-connection"])
      assert.truthy(tonumber(exchange(engine, server.url .. "/again").headers["x-connection"]) <= 2)
    end)

    it("whatever the child asks first notices it", function()
      if not has_posix then return pending "needs lua-posix" end
      local server, engine = serve(SILENT), new_engine()
      local transfer = engine:add(request(server.url))
      local firsts = {
        function() engine:close() end,
        function() engine:cancel(transfer) end,
        function() transfer:cancel() end,
        function() engine:step() end,
        function() engine:wait(0) end,
        function() assert(engine:timeout() == 0) end,
        function() assert(engine:pending() == 0) end,
        function() assert(transfer:done()) end,
        function() assert(tostring(transfer):find("cancelled", 1, true)) end,
        function() assert(tostring(engine):find("0 under way", 1, true)) end,
        function()
          engines = {}
          engine, transfer = nil, nil
          collectgarbage()
          collectgarbage()
        end,
      }
      for _, first in ipairs(firsts) do
        local pid = in_child(function()
          first()
          if transfer then assert((select(2, transfer:response())).kind == "cancelled") end
          return 7
        end)
        assert.equal(7, exit_code(pid))
        engine:step()
        assert.equal(1, engine:pending())
        assert.is_false(transfer:done())
      end
    end)

    -- Identifies the file of a path, as text: device, inode and kind.
    local function identity_of(path)
      local status = require("posix.sys.stat").stat(path)
      return status and ("%d:%d:%o"):format(status.st_dev, status.st_ino, math.floor(status.st_mode / 4096))
    end

    -- Identifies the process's open descriptors, by their numbers. The high ones are valgrind's.
    local function descriptors()
      local found = {}
      for _, name in ipairs(assert(posix.dir "/proc/self/fd")) do
        local number = tonumber(name)
        if number and number < 256 then found[number] = identity_of("/proc/self/fd/" .. name) end
      end
      return found
    end

    -- Runs the function in a child process that has closed all descriptors but the first three. Files that are garbage
    -- would be closed there, whatever their numbers stand for.
    local function in_daemon(f)
      collectgarbage()
      collectgarbage()
      return in_child(function()
        for number in pairs(descriptors()) do
          if number > 2 then posix.close(number) end
        end
        return f()
      end)
    end

    it("the child keeps what it opened under the parent's numbers", function()
      if not has_posix then return pending "needs lua-posix" end
      local server, engine, other = serve(ECHO), new_engine(), new_engine()
      assert(exchange(engine, server.url) and exchange(other, server.url))
      local slow = engine:add(request(serve(SILENT).url))
      local highest = 0
      for number in pairs(descriptors()) do
        highest = math.max(highest, number)
      end
      local pid = in_daemon(function()
        local path = os.tmpname()
        local opened = {}
        repeat
          opened[#opened + 1] = assert(posix.open(path, posix.O_RDWR))
        until opened[#opened] >= highest
        assert(engine:pending() == 0 and slow:done())
        assert(exchange(engine, server.url))
        other:close()
        engine:close()
        engine, other, slow = nil, nil, nil -- luacheck: ignore
        engines = {}
        collectgarbage()
        collectgarbage()
        local there, file = descriptors(), identity_of(path)
        for _, number in ipairs(opened) do
          assert(there[number] == file, number .. " is " .. tostring(there[number]))
        end
        os.remove(path)
        return 7
      end)
      assert.equal(7, exit_code(pid))
      assert.is_false(slow:done())
      assert(exchange(engine, server.url))
    end)

    it("the child keeps the epoll set of another engine of its own under the parent's number", function()
      if not has_posix then return pending "needs lua-posix" end
      local server, engine = serve(ECHO), new_engine()
      local number = engine:fd()
      if not number then return pending "needs epoll" end
      exchange(engine, server.url)
      local pid = in_daemon(function()
        -- Curl opens some of its own before.
        local engine_of_child
        for others = 0, 4 do
          local opened
          repeat
            opened = posix.open("/dev/null", posix.O_RDONLY)
          until opened >= number
          for one = number - others, number do
            posix.close(one)
          end
          engine_of_child = new_engine()
          if engine_of_child:fd() == number then break end
          engine_of_child:close()
        end
        assert(engine_of_child:fd() == number)
        engine:close()
        assert(descriptors()[number])
        assert(exchange(engine_of_child, server.url))
        return 7
      end)
      assert.equal(7, exit_code(pid))
    end)

    it("the child closes what is the parent's alone", function()
      if not has_posix then return pending "needs lua-posix" end
      local server, engine = serve(ECHO), new_engine()
      exchange(engine, server.url)
      local number = engine:fd()
      local pid = in_child(function()
        local before = descriptors()
        local sockets = 0
        engine:pending()
        local after = descriptors()
        for one, identity in pairs(before) do
          if not after[one] and identity:find ":14$" then sockets = sockets + 1 end
        end
        assert(sockets == 1)
        assert(not number or after[number] == nil)
        return 7
      end)
      assert.equal(7, exit_code(pid))
    end)

    it("a child of a child starts afresh, too", function()
      if not has_posix then return pending "needs lua-posix" end
      local server, engine = serve(ECHO), new_engine()
      exchange(engine, server.url)
      local pid = in_child(function()
        assert(exchange(engine, server.url).headers["x-connection"] == "2")
        local grandchild = in_child(function()
          assert(exchange(engine, server.url).headers["x-connection"] == "3")
          return 7
        end)
        assert(exit_code(grandchild) == 7)
        assert(exchange(engine, server.url).headers["x-connection"] == "2")
        return 7
      end)
      assert.equal(7, exit_code(pid))
      assert.equal("1", exchange(engine, server.url).headers["x-connection"])
    end)
  end)
end)
