-- Calls over nginx's own sockets, against servers that answer in every way that a server can. Requests of libcurl show
-- by their Accept-Encoding.

local core = require "hubspot.core"
local cosocket_site = require "spec.support.cosocket_site"
local host = require "spec.support.host"
local name_server = require "spec.support.name_server"
local nginx = require "spec.support.nginx"
local raw_server = require "spec.support.raw_server"
local sandbox = require "spec.support.sandbox"
local socket = require "socket"

local left_out = host.left_out "nginx"
if left_out then return pending(left_out) end

local site, server

setup(function() site = cosocket_site.start() end)
teardown(function() site:stop() end)

after_each(function()
  if server then server.stop() end
  server = nil
end)

-- Starts a server of which each connection is served by `handler`, and runs the source against it.
local function run(handler, source)
  server = raw_server.start("local client, number, shared = ...\n" .. handler)
  return cosocket_site.run(site, ("local url = %q\n"):format(server.url) .. source)
end

local FORMS = {
  ["with its length"] = [[client:answer '{"id":"1"}']],
  ["in chunks"] = [[
    client:send 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
    client:send '2;ext=1\r\n{"\r\n8\r\nid":"1"}\r\n0\r\nTrailer: x\r\n\r\n']],
  ["byte by byte"] = [[
    local text = 'HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n4\r\n{"id\r\n6\r\n":"1"}\r\n0\r\n\r\n'
    for index = 1, #text do
      client:send(text:sub(index, index))
      client:sleep(0.001)
    end]],
  ["after what only announces it"] = [[
    client:send 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'
    client:answer '{"id":"1"}']],
  ["with line feeds alone"] = [[client:send 'HTTP/1.1 200 OK\nContent-Length: 10\n\n{"id":"1"}']],
  ["in two pieces"] = [[
    client:send 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"id'
    client:sleep(0.02)
    client:send '":"1"}']],
}

describe("over nginx's own sockets", function()
  for name, answer in pairs(FORMS) do
    it("an answer comes " .. name .. ", and the connection is kept", function()
      local result = run(
        "while number == 1 and client:request() do\n" .. answer .. "\nend",
        [[
        local client = client { base_url = url, retry = false }
        return { get(client), get(client), create(client) }]]
      )
      assert.same({ { id = "1" }, { id = "1" }, { id = "1" } }, result)
    end)
  end

  it("one connection serves calls one after the other", function()
    local result = run(
      [[
      while client:request() do client:answer('{"id":"' .. number .. '"}') end]],
      [[
      local client = client { base_url = url }
      return { get(client), get(client), get(client) }]]
    )
    assert.same({ { id = "1" }, { id = "1" }, { id = "1" } }, result)
  end)

  it("a connection that ends with its answer is not used again", function()
    for _, head in ipairs {
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\n",
      "HTTP/1.0 200 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\n\r\n",
    } do
      local result = run(
        ([[
        client:request()
        client:send(%q .. '{"id":"' .. number .. '"}')]]):format(head),
        [[
        local client = client { base_url = url }
        return { get(client), get(client) }]]
      )
      assert.same({ { id = "1" }, { id = "2" } }, result, head)
      server.stop()
    end
  end)

  it("takes no bytes after an answer for another answer", function()
    local result = run(
      [[
      client:request()
      client:send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"id":"' .. number .. '"}HTTP/1.1 200 OK\r\n')
      client:request()]],
      [[
      local client = client { base_url = url }
      return { get(client), get(client) }]]
    )
    assert.same({ { id = "1" }, { id = "2" } }, result)
  end)

  it("an answer without a body is one", function()
    local result = run(
      [[
      while client:request() do client:send "HTTP/1.1 204 No Content\r\n\r\n" end]],
      [[
      local client = client { base_url = url }
      return { outcome(client.contacts:delete("1")), outcome(client.contacts:delete("2")) }]]
    )
    assert.same({ { value = true }, { value = true } }, result)
  end)

  it("a request says what libcurl's would, but for compression", function()
    local result = run(
      [[
      while true do
        local text = client:request()
        if not text then return end
        shared.texts = (shared.texts or "") .. text .. "|"
        local texts = shared.texts:gsub('[%c"\\]', function(c) return ("\\u%04x"):format(c:byte()) end)
        client:answer(text:find "^GET /last" and '{"texts":"' .. texts .. '"}' or '{"id":"1"}')
      end]],
      [[
      local client = client { base_url = url, user_agent = "nightly/2" }
      get(client, { properties = { "email" } })
      create(client, { headers = { ["X-Own"] = "yes" } })
      client.contacts:delete "1"
      return client:request { method = "GET", path = "/last" }]]
    )
    local texts = {}
    for text in result.texts:gmatch "[^|]+" do
      texts[#texts + 1] = text
    end
    assert.matches(
      "^GET /crm/objects/2026%-09/contacts/1%?properties=email HTTP/1.1\r\nhost: 127.0.0.1:%d+\r\n",
      texts[1]
    )
    for index = 1, 3 do
      assert.matches("authorization: Bearer any%-token\r\n", texts[index])
      assert.matches("user%-agent: hubspot%-lua/%S+ nightly/2\r\n", texts[index])
      assert.is_nil(texts[index]:lower():find("accept-encoding", 1, true))
    end
    assert.is_nil(texts[1]:lower():find("content-length", 1, true))
    assert.matches("^POST /crm/objects/2026%-09/contacts HTTP/1.1\r\n", texts[2])
    assert.matches('content%-length: 42\r\n\r\n{"properties":{"email":"ada@example.org"}}$', texts[2])
    assert.matches("x%-own: yes\r\n", texts[2])
    assert.matches("^DELETE /crm/objects/2026%-09/contacts/1 HTTP/1.1\r\n", texts[3])
    assert.truthy(texts[4]:lower():find("accept-encoding", 1, true))
  end)

  it("headers come by their names, folded and repeated ones too", function()
    local result = run(
      [[
      client:request()
      client:send 'HTTP/1.1 200 OK\r\nX-One: a \r\nX-Two:b\r\n  c\r\nx-one:\td\t\r\n'
      client:send 'Content-Length: 10\r\n\r\n{"id":"1"}']],
      [[
      local seen
      local client = client { base_url = url, limiter = {
        acquire = function() return 0 end, refused = function() end, observe = function(_, headers) seen = headers end,
      } }
      get(client)
      return seen]]
    )
    assert.same({ ["x-one"] = "a, d", ["x-two"] = "b c", ["content-length"] = "10" }, result)
  end)

  it("an error of HubSpot's is told as everywhere", function()
    local result = run(
      [[
      client:request()
      client:send 'HTTP/1.1 404 Not Found\r\nContent-Length: 46\r\n\r\n'
      client:send '{"message":"no such contact","category":"NONE"}']],
      [[
      return get(client { base_url = url })]]
    )
    assert.equal("api", result.kind)
    assert.equal(404, result.status)
  end)

  local ENDS = {
    ["before the answer"] = "",
    ["within the head"] = [[client:send "HTTP/1.1 200 OK\r\nContent-Le"]],
    ["within the body"] = [[client:send 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"id":']],
    ["within a chunk"] = [[client:send 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n{"id":']],
    ["before the last chunk"] = [[
      client:send 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n{"id":"1"}\r\n']],
    ["by a reset"] = [[client:send "HTTP/1.1 200 OK\r\n" client:reset()]],
  }
  for name, ending in pairs(ENDS) do
    it("a connection that ends " .. name .. " is told, and only what may be repeated is", function()
      local result = run(
        [[
        if number ~= 3 then
          client:request()
          ]]
          .. ending
          .. [[

          return
        end
        while client:request() do client:answer '{"id":"3"}' end]],
        [[
        local client = client { base_url = url, retry = { base_delay = 0.001 } }
        return { once = get(client, { retry = false }), created = create(client), got = get(client) }]]
      )
      for _, failure in ipairs { result.once, result.created } do
        assert.equal("network", failure.kind)
        assert.equal(1, failure.attempts)
        assert.truthy(failure.hint)
      end
      assert.is_nil(result.once.ambiguous)
      assert.is_true(result.created.ambiguous)
      assert.same({ id = "3" }, result.got)
    end)
  end

  local NONSENSE = {
    "SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "HTTP/2 200\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n0123456789",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nten\r\n0123456789",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
  }
  for _, answer in ipairs(NONSENSE) do
    it(("names an answer that is none: %q"):format(answer:gsub("[\r\n]+", " ")), function()
      local result = run(
        ("client:request()\nclient:send(%q)\nclient:request()"):format(answer),
        [[
        return get(client { base_url = url, retry = false })]]
      )
      assert.equal("network", result.kind)
      assert.matches("^the answer is not HTTP: ", result.message)
    end)
  end

  it("a kept connection that ends before the answer: a read is sent again, a create is not", function()
    local handler = [[
      local text = client:request()
      client:answer('{"id":"' .. number .. (text:lower():find("accept-encoding", 1, true) and "c" or "") .. '"}')
      if number > 1 then return end
      client:request()
      client:close()]]
    local result = run(
      handler,
      [[
      local client = client { base_url = url }
      return { get(client), get(client, { retry = false }) }]]
    )
    assert.same({ { id = "1" }, { id = "2c" } }, result)
    server.stop()
    result = run(
      handler,
      [[
      local client = client { base_url = url }
      return { got = get(client), created = create(client), after = get(client) }]]
    )
    assert.equal("network", result.created.kind)
    assert.is_true(result.created.ambiguous)
    assert.matches("not sent again", result.created.message)
    assert.same({ id = "2" }, result.after)
  end)

  local SLOW = {
    ["says nothing"] = "client:sleep(20)",
    ["answers a byte at a time"] = [[
      client:send "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
      for _ = 1, 1000 do
        client:send "x"
        client:sleep(0.02)
      end]],
  }
  for name, slow in pairs(SLOW) do
    it("a server that " .. name .. " has the call's time, and no more", function()
      local result = run(
        "client:request()\n" .. slow,
        [[
        local client = client { base_url = url, timeout = 0.3, retry = false }
        return { got = get(client), created = create(client) }]]
      )
      for _, failure in pairs(result) do
        assert.equal("timeout", failure.kind)
        assert.matches("within 0.3 s", failure.message)
      end
      assert.is_true(result.created.ambiguous)
    end)
  end

  local LARGE = {
    [[client:answer(("x"):rep(5000))]],
    [[client:send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      .. ("400\r\n" .. ("x"):rep(1024) .. "\r\n"):rep(8))]],
    [[client:send("HTTP/1.1 200 OK\r\n\r\n" .. ("x"):rep(5000))]],
    [[client:send("HTTP/1.1 200 OK\r\n" .. ("X-Header: " .. ("x"):rep(1000) .. "\r\n"):rep(300))]],
  }
  it("an answer that is too large is refused", function()
    for index, answer in ipairs(LARGE) do
      local result = run(
        "client:request()\n" .. answer .. "\nclient:request()",
        [[
        return get(client { base_url = url, max_response_bytes = 4096 })]]
      )
      assert.equal("decode", result.kind)
      assert.matches(
        index < 4 and "larger than max_response_bytes %(4096%)$" or "larger than the limit for headers",
        result.message
      )
      server.stop()
    end
  end)

  it("closing the client ends a call at once, and its connection", function()
    local result = run(
      [[
      client:request()
      if number == 1 then
        shared.ended = client:request() == nil
        return
      end
      client:wait(function() return shared.ended ~= nil end)
      client:answer('{"id":"' .. tostring(shared.ended) .. '"}')]],
      [[
      local one, other = client { base_url = url, timeout = 60 }, client { base_url = url }
      local thread = ngx.thread.spawn(function() return create(one) end)
      ngx.sleep(0.05)
      one:close()
      local _, cancelled = ngx.thread.wait(thread)
      return { cancelled = cancelled, other = get(other) }]]
    )
    assert.equal("cancelled", result.cancelled.kind)
    assert.is_true(result.cancelled.ambiguous)
    assert.same({ id = "true" }, result.other)
  end)

  it("another request closes the client of one that waits", function()
    server = raw_server.start "local client = ... client:request() client:sleep(50)"
    local source = ("shared = client { base_url = %q }\nreturn get(shared)"):format(server.url)
    local visitor = assert(socket.connect("127.0.0.1", site.port))
    visitor:settimeout(30)
    visitor:send(("POST / HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s"):format(#source, source))
    cosocket_site.run(site, "ngx.sleep(0.1)\nshared:close()\nreturn {}")
    assert.equal("cancelled", core.decode(visitor:receive("*a"):match "\r\n\r\n(.*)$").kind)
    visitor:close()
  end)

  it("calls leave nothing in a request that lives long", function()
    local result = run(
      [[while client:request() do client:answer '{"id":"1"}' end]],
      [[
      local client = client { base_url = url }
      local function memory()
        collectgarbage()
        collectgarbage()
        for line in io.lines "/proc/self/status" do
          local kilobytes = line:match "^RssAnon:%s*(%d+)"
          if kilobytes then return tonumber(kilobytes) end
        end
      end
      for _ = 1, 500 do get(client) end
      local before = memory()
      for _ = 1, 3000 do get(client) end
      return { grown = memory() - before }]]
    )
    assert.is_true(result.grown < 1024, result.grown .. " kB more")
  end)
end)

describe("libcurl takes", function()
  local ECHO = [[
    while true do
      local text = client:request()
      if not text then return end
      client:answer(text:lower():find("accept-encoding", 1, true) and '{"id":"libcurl"}' or '{"id":"cosocket"}')
    end]]

  it("pages, batches and whatever request sends", function()
    local result = run(
      [[
      while true do
        local text = client:request()
        if not text then return end
        local by = text:lower():find("accept-encoding", 1, true) and "libcurl" or "cosocket"
        client:answer('{"results":[{"id":"1","properties":{"by":"' .. by .. '"}}],"id":"' .. by .. '"}')
      end]],
      [[
      local client = client { base_url = url }
      return { client.contacts:all({ max = 1 }):next().properties.by,
        client.contacts:get_many({ "1" })[1].properties.by, client:request({ method = "GET", path = "/" }).id,
        get(client).id }]]
    )
    assert.same({ "libcurl", "libcurl", "libcurl", "cosocket" }, result)
  end)

  it("a name that nginx can't look up", function()
    local result = run(
      ECHO,
      [[
      local client = client { base_url = (url:gsub("127.0.0.1", "localhost")) }
      return { get(client), get(client) }]]
    )
    assert.same({ { id = "libcurl" }, { id = "libcurl" } }, result)
  end)

  it("requests over a proxy", function()
    local result =
      run(ECHO, [[return get(client { base_url = "http://api.example", allow_insecure = true, proxy = url })]])
    assert.same({ id = "libcurl" }, result)
  end)

  it("headers that say how a message is sent, and those that can't be", function()
    local result = run(
      ECHO,
      [[
      local client = client { base_url = url }
      local function with(name, value) return get(client, { headers = { [name] = value } }).id end
      return { with("Accept-Encoding", "gzip"), with("Connection", "close"), with("X-Own", "yes") }]]
    )
    assert.same({ "libcurl", "libcurl", "cosocket" }, result)
  end)

  it("a failed connection, and says why", function()
    local listener = assert(socket.bind("127.0.0.1", 0))
    local _, port = listener:getsockname()
    listener:close()
    local result = cosocket_site.run(
      site,
      ([[
      return get(client { base_url = "http://127.0.0.1:%d", retry = false })]]):format(port)
    )
    assert.equal("network", result.kind)
    assert.is_false(result.sent)
    assert.equal(("could not connect to 127.0.0.1 port %d: Connection refused"):format(port), result.message)
  end)

  it("a token that can't be sent, and refuses it", function()
    local result = run(
      ECHO,
      [[
      local _, problem = pcall(get, client { base_url = url, token = function() return "a\r\nX-Evil: 1" end })
      return { problem = type(problem) == "table" and problem.message or problem }]]
    )
    assert.is_nil(result.problem:find("Evil", 1, true))
  end)
end)

describe("TLS over nginx's own sockets", function()
  local folder, secure, names

  local function shell(command)
    local pipe = io.popen("{ " .. command .. "; } 2>&1")
    local text = pipe:read "*a"
    pipe:close()
    return (text:gsub("\n$", ""))
  end

  -- A server with a certificate for the name, which says by what it was asked.
  local function start_secure(name)
    local log = shell(
      (
        "cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        .. "-keyout %s.key -out %s.pem -subj /CN=%s -addext subjectAltName=DNS:%s && chmod -R a+rX . && echo made"
      ):format(folder, name, name, name, name)
    )
    assert.truthy(log:find "made$", log)
    return nginx.start {
      http = ("ssl_certificate %s/%s.pem; ssl_certificate_key %s/%s.key;"):format(folder, name, folder, name),
      listen = "ssl",
      server = [[location / { content_by_lua_block {
        ngx.log(ngx.ERR, "was asked")
        ngx.print('{"id":"', ngx.var.http_accept_encoding and "libcurl" or "cosocket", '"}')
      } }]],
    }
  end

  setup(function()
    folder = shell "mktemp -d"
    names = name_server.start(sandbox.interpreter())
    secure = start_secure "localhost"
  end)

  teardown(function()
    secure:stop()
    names.stop()
    shell("rm -r " .. folder)
  end)

  local function get_twice(trusted, port, ca_file)
    local asking = cosocket_site.start(
      ("resolver %s ipv6=off; %s"):format(
        names.address,
        trusted and ("lua_ssl_trusted_certificate %s/%s.pem; lua_ssl_verify_depth 5;"):format(folder, trusted) or ""
      )
    )
    local result = cosocket_site.run(
      asking,
      ([[
      local client = client { base_url = "https://localhost:%d", retry = false, ca_file = %s }
      return { get(client), get(client) }]]):format(
        port,
        ca_file and ("%q"):format(folder .. "/" .. ca_file) or "nil"
      )
    )
    asking:stop()
    return result
  end

  it(
    "checks the certificate by what nginx trusts",
    function() assert.same({ { id = "cosocket" }, { id = "cosocket" } }, get_twice("localhost", secure.port)) end
  )

  it("leaves to libcurl what nginx does not trust", function()
    local result = get_twice(nil, secure.port)
    assert.equal("network", result[1].kind)
    assert.matches("certificate", result[1].message)
    assert.is_false(result[1].sent)
    assert.same({ { id = "libcurl" }, { id = "libcurl" } }, get_twice(nil, secure.port, "localhost.pem"))
  end)

  it("sends nothing to a server that can't prove its name", function()
    local other = start_secure "elsewhere.example"
    local result = get_twice("elsewhere.example", other.port)
    assert.equal("network", result[1].kind)
    assert.is_nil(other:error_log():find("was asked", 1, true))
    other:stop()
  end)
end)
