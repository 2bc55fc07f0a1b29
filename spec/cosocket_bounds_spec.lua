-- Calls over nginx's own sockets end by their deadline, whatever they wait for, and within bounds, whatever comes.

local cosocket_site = require "spec.support.cosocket_site"
local host = require "spec.support.host"
local name_server = require "spec.support.name_server"
local raw_server = require "spec.support.raw_server"
local sandbox = require "spec.support.sandbox"
local socket = require "socket"

local left_out = host.left_out "nginx"
if left_out then return pending(left_out) end

-- Takes questions and answers none.
local function start_silent_name_server()
  local udp = socket.udp()
  assert(udp:setsockname("127.0.0.1", 0))
  local _, port = udp:getsockname()
  return udp, "127.0.0.1:" .. port
end

describe("a look-up over nginx's resolver", function()
  local silent, site, server

  after_each(function()
    for _, started in ipairs { site, server } do
      (started.stop)(started)
    end
    site, server = nil, nil
    if silent then silent:close() end
    silent = nil
  end)

  local function start_site(directives)
    local address
    silent, address = start_silent_name_server()
    site = cosocket_site.start(("resolver %s ipv6=off; %s"):format(address, directives))
  end

  it("that has no answer ends by the deadline, and the error names it", function()
    start_site ""
    local result = cosocket_site.run(
      site,
      [[
      local by_deadline = create(client { base_url = "https://api.example" }, { deadline = 0.3 })
      local by_timeout = get(client { base_url = "https://api.example", timeout = 0.3, retry = false })
      local by_connect_timeout = get(client { base_url = "https://api.example", connect_timeout = 0.3, retry = false })
      return { by_deadline, by_timeout, by_connect_timeout }]]
    )
    assert.equal(3, #result)
    for _, failure in ipairs(result) do
      assert.equal("timeout", failure.kind)
      assert.is_false(failure.sent)
      assert.is_nil(failure.ambiguous)
      assert.matches("^nginx's resolver did not find the host within 0%.%d+ s %(api%.example%)$", failure.message)
      assert.matches("resolver_timeout", failure.hint)
    end
  end)

  it("that nginx gives up before leaves the request to libcurl, which looks up by itself", function()
    server = raw_server.start [[
      local client = ...
      local text = client:request()
      client:answer(text:lower():find("accept-encoding", 1, true) and '{"id":"libcurl"}' or '{"id":"cosocket"}')]]
    start_site "resolver_timeout 100ms;"
    local result = cosocket_site.run(
      site,
      ([[
      return get(client { base_url = "http://localhost:%d", deadline = 20 })]]):format(server.port)
    )
    assert.same({ id = "libcurl" }, result)
  end)

  it("that nginx gives up after the deadline harms nothing", function()
    start_site "resolver_timeout 400ms;"
    local result = cosocket_site.run(
      site,
      [[
      local failure = get(client { base_url = "https://api.example" }, { deadline = 0.2 })
      ngx.sleep(0.5)
      return failure]]
    )
    assert.matches("resolver did not find the host", result.message)
    assert.is_nil(site:error_log():find("exited on signal", 1, true))
  end)

  it("lets the client close meanwhile", function()
    start_site ""
    local result = cosocket_site.run(
      site,
      [[
      local waiting = client { base_url = "https://api.example" }
      local thread = ngx.thread.spawn(function() return get(waiting) end)
      ngx.sleep(0.05)
      waiting:close()
      return select(2, ngx.thread.wait(thread))]]
    )
    assert.equal("cancelled", result.kind)
    assert.is_false(result.sent)
  end)
end)

describe("a call over nginx's own sockets", function()
  local site, server, names

  setup(function()
    names = name_server.start(sandbox.interpreter())
    site = cosocket_site.start(("resolver %s ipv6=off;"):format(names.address))
  end)

  teardown(function()
    site:stop()
    names.stop()
  end)

  after_each(function()
    if server then server.stop() end
    server = nil
  end)

  local function run(handler, source)
    server = raw_server.start("local client, number, shared = ...\n" .. handler)
    return cosocket_site.run(site, ("local url, port = %q, %d\n"):format(server.url, server.port) .. source)
  end

  local function assert_late(result, message, sent)
    assert.equal("timeout", result.kind, result.message)
    assert.matches(message, result.message)
    assert.equal(sent, result.sent)
    assert.equal(sent or nil, result.ambiguous)
  end

  it("ends by its deadline while it connects", function()
    -- The socket accepts no connection, and its backlog is full.
    local listener = assert(socket.tcp())
    assert(listener:bind("127.0.0.1", 0))
    assert(listener:listen(0))
    local _, port = listener:getsockname()
    local connections = {}
    for index = 1, 4 do
      connections[index] = socket.tcp()
      connections[index]:settimeout(0)
      connections[index]:connect("127.0.0.1", port)
    end
    for _, name in ipairs { "127.0.0.1", "localhost" } do
      local result = cosocket_site.run(
        site,
        ([[
        return create(client { base_url = "http://%s:%d", retry = false }, { deadline = 0.3 })]]):format(
          name,
          port
        )
      )
      assert_late(result, "^could not connect within 0%.%d+ s %(" .. name, false)
    end
    for _, connection in ipairs(connections) do
      connection:close()
    end
    listener:close()
  end)

  it("ends by its deadline in the handshake of TLS", function()
    local result = run(
      "client:sleep(20)",
      [[
      return create(client { base_url = "https://127.0.0.1:" .. port, retry = false }, { deadline = 0.3 })]]
    )
    assert_late(result, "^the TLS handshake did not end within 0%.%d+ s", false)
  end)

  local TAKERS = {
    ["nothing"] = "client:sleep(20)",
    ["a little now and then"] = [[
      while client:receive(65536) do
        client:sleep(0.02)
      end]],
  }
  for name, taker in pairs(TAKERS) do
    it("ends by its deadline where the server takes " .. name, function()
      local result = run(
        taker,
        [[
        local large = ("x"):rep(20000000)
        local client = client { base_url = url, retry = false }
        return outcome(client.contacts:create({ about = large }, { deadline = 1 }))]]
      )
      assert_late(result, "^the request could not be sent within [01]%.%d+ s", true)
    end)
  end

  it("tells whether an answer began", function()
    local result = run(
      [[
      client:request()
      if number == 1 then client:send "HTTP/1.1 200 OK\r\n" end
      client:sleep(20)]],
      [[
      local client = client { base_url = url, retry = false }
      return { create(client, { deadline = 0.2 }), create(client, { deadline = 0.2 }) }]]
    )
    assert_late(result[1], "^no whole answer within 0%.%d+ s", true)
    assert_late(result[2], "^no answer within 0%.%d+ s", true)
  end)

  local HEAD = [[client:send "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]]
  local ENDLESS = {
    ["interim answers"] = { "", "HTTP/1.1 100 Continue\\r\\n\\r\\n" },
    ["headers"] = { [[client:send "HTTP/1.1 200 OK\r\n"]], "a: b\\r\\n" },
    ["trailers"] = { HEAD .. [[ client:send "2\r\n{}\r\n0\r\n"]], "a: b\\r\\n" },
    ["chunks of one byte"] = { HEAD, "1\\r\\na\\r\\n" },
    ["sizes of chunks"] = { HEAD, "00000000" },
    ["empty extensions of chunks"] = { HEAD, "1;a=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\\r\\na\\r\\n" },
  }
  for name, parts in pairs(ENDLESS) do
    it("refuses an answer with endless " .. name, function()
      local result = run(
        ([[
        client:request()
        %s
        local piece = ("%s"):rep(500)
        while client:send(piece) do end]]):format(parts[1], parts[2]),
        [[
        return create(client { base_url = url, retry = false }, { deadline = 20 })]]
      )
      assert.equal("decode", result.kind, result.message)
      assert.matches("larger than the limit for headers %(262144%)", result.message)
      assert.is_true(result.ambiguous)
    end)
  end

  it("lets others have their turns while there is always something to read", function()
    local result = run(
      [[
      client:request()
      client:send "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      local piece = "8\r\n01234567\r\n"
      piece = piece:rep(5000)
      while client:send(piece) do end]],
      [[
      local turns, ended = 0, false
      ngx.thread.spawn(function()
        while not ended do
          turns = turns + 1
          ngx.sleep(0.001)
        end
      end)
      local failure = get(client { base_url = url, retry = false, max_response_bytes = 16000000 }, { deadline = 30 })
      ended = true
      return { kind = failure.kind, message = failure.message, turns = turns }]]
    )
    assert.equal("decode", result.kind, result.message)
    assert.matches("larger than max_response_bytes", result.message)
    assert.is_true(result.turns > 10, result.turns)
  end)

  it("ends by its deadline although there is always something to read", function()
    local result = run(
      [[
      client:request()
      client:send "HTTP/1.1 200 OK\r\n\r\n"
      local piece = ("x"):rep(100000)
      while client:send(piece) do end]],
      [[
      return create(client { base_url = url, retry = false, max_response_bytes = 2 ^ 40 }, { deadline = 0.2 })]]
    )
    assert_late(result, "^no whole answer within 0%.%d+ s", true)
  end)

  it("reads small chunks and pieces as they come", function()
    local result = run(
      [[
      client:request()
      client:send "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      local text = '{"id":"1","properties":{"about":"' .. ("0123456789"):rep(2000) .. '"}}'
      for index = 1, #text do client:send("1\r\n" .. text:sub(index, index) .. "\r\n") end
      client:send "0\r\n\r\n"]],
      [[
      local contact = assert(client({ base_url = url }).contacts:get "1")
      return { about = contact.properties.about }]]
    )
    assert.equal(("0123456789"):rep(2000), result.about)
  end)
end)
