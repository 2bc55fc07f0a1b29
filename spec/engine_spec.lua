local engine_fixture = require "spec.support.engine_fixture"
local socket = require "socket"

local ECHO = engine_fixture.ECHO
local SILENT = engine_fixture.SILENT
local LEAVES_AT_THE_SECOND = engine_fixture.LEAVES_AT_THE_SECOND
local serve = engine_fixture.serve
local new_engine = engine_fixture.new_engine
local request = engine_fixture.request
local step_until = engine_fixture.step_until
local finish = engine_fixture.finish
local exchange = engine_fixture.exchange
local fails = engine_fixture.fails
local contains = engine_fixture.contains
local lines_of = engine_fixture.lines_of

describe("engine", function()
  engine_fixture.close_after_each()

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

  describe("tostring", function()
    it("shows the state and no secret", function()
      local server, engine = serve(SILENT), new_engine()
      local transfer = engine:add(request(server.url, { headers = { Authorization = "Bearer secret" } }))
      assert.equal("hubspot.engine (1 in flight)", tostring(engine))
      assert.equal("hubspot.transfer (in flight)", tostring(transfer))
      engine:close()
      assert.equal("hubspot.engine (closed)", tostring(engine))
      assert.equal("hubspot.transfer (cancelled)", tostring(transfer))
      engine = new_engine()
      local echo = engine:add(request(serve(ECHO).url))
      finish(engine, echo)
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
end)
