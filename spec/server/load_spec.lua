local core = require "hubspot.core"
local sandbox = require "spec.support.sandbox"
local socket = require "socket"

local PAGE = "GET /crm/objects/2026-09/contacts?limit=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n"
local MANY = 1000

describe("a sandbox server lives on with", function()
  local running, opened

  setup(function() running = sandbox.start { contacts = 3 } end)

  teardown(function() running:stop() end)

  before_each(function() opened = {} end)

  after_each(function()
    for _, client in ipairs(opened) do
      client:close()
    end
  end)

  local function connect()
    local client = assert(socket.connect("127.0.0.1", tonumber(running.url:match "%d+$")))
    client:settimeout(10)
    opened[#opened + 1] = client
    return client
  end

  -- Status and body of the next answer, or nil and the problem.
  local function read(client)
    local line, problem = client:receive "*l"
    if not line then return nil, problem end
    local status, length = tonumber(line:match "^HTTP/1%.1 (%d+)"), 0
    repeat
      line = assert(client:receive "*l")
      length = tonumber(line:match "^content%-length: (%d+)") or length
    until line == ""
    return status, length > 0 and assert(client:receive(length)) or ""
  end

  local function ask(client)
    client:send(PAGE .. "\r\n")
    return read(client)
  end

  local function is_closed(client)
    local byte, problem = client:receive(1)
    assert.is_nil(byte)
    assert.equal("closed", problem)
  end

  local function answers_others() assert.equal(200, (ask(connect()))) end

  it(MANY .. " connections that ask nothing, and takes the room of the one that waited longest", function()
    for _ = 1, MANY do
      connect()
    end
    local idle = opened[MANY]
    for _ = 1, 5 do
      answers_others()
    end
    is_closed(opened[1])
    assert.equal(200, (ask(idle)))
  end)

  it(MANY .. " connections that all ask", function()
    for _ = 1, MANY do
      connect()
    end
    for _ = 1, 2 do
      for index = 1, MANY do
        assert(opened[index]:send(PAGE .. "\r\n"))
      end
      for index = 1, MANY do
        assert.equal(200, (read(opened[index])))
      end
    end
  end)

  it("clients that send a byte at a time", function()
    local slow = {}
    for index = 1, 20 do
      slow[index] = connect()
      slow[index]:setoption("tcp-nodelay", true)
    end
    for byte in (PAGE .. "\r\n"):gmatch "." do
      for _, client in ipairs(slow) do
        client:send(byte)
      end
    end
    answers_others()
    for _, client in ipairs(slow) do
      assert.equal(200, (read(client)))
    end
  end)

  it("a client that never reads, and one that never waits", function()
    local deaf = connect()
    deaf:settimeout(0)
    local sent = deaf:send((PAGE .. "\r\n"):rep(200000))
    answers_others()
    assert.is_nil(sent)
    local hasty = connect()
    assert(hasty:send((PAGE .. "\r\n"):rep(200)))
    for _ = 1, 200 do
      assert.equal(200, (read(hasty)))
    end
  end)

  it("bodies over the limit, which it refuses although they come whole", function()
    local piece = ("x"):rep(1024 * 1024)
    for _, head in ipairs { "Content-Length: 34603008\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n" } do
      local client = connect()
      client:send("POST /crm/objects/2026-09/contacts HTTP/1.1\r\nAuthorization: Bearer x\r\n" .. head)
      for _ = 1, 33 do
        client:send(head:find "chunked" and "100000\r\n" .. piece .. "\r\n" or piece)
      end
      assert.equal(413, (read(client)))
      answers_others()
    end
  end)

  it("a large export for an endpoint of its own", function()
    local text = core.encode { records = { contacts = core.array {} }, ships = ("x"):rep(40 * 1024 * 1024) }
    local client = connect()
    client:send "POST /_sandbox/fixtures HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    client:send("Content-Length: " .. #text .. "\r\n\r\n" .. text)
    local status, body = read(client)
    assert.equal(400, status)
    assert.matches("unknown part of fixtures: ships", body)
  end)

  for name, bytes in pairs {
    ["TLS"] = "\22\3\1\2\0\1\0\1\252\3\3",
    ["zeros"] = ("\0"):rep(100),
    ["HTTP/2"] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ["a line without an end"] = "GET /" .. ("x"):rep(70000),
    ["headers without an end"] = PAGE .. ("X-A: b\r\n"):rep(20000),
    ["a header that is none"] = PAGE .. "no header\r\n\r\n",
    ["a length that is none"] = PAGE .. "Content-Length: -1\r\n\r\n",
    ["two lengths"] = PAGE .. "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    ["a length and chunks"] = PAGE .. "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
    ["a chunk that is none"] = PAGE .. "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ["a path that is none"] = "GET  HTTP/1.1\r\n\r\n",
  } do
    it(name .. " in place of a request", function()
      local client = connect()
      client:send(bytes)
      local status = read(client)
      assert.is_true(status == 400 or status == 431, tostring(status))
      is_closed(client)
      answers_others()
    end)
  end

  it("requests that end in the middle", function()
    for _, bytes in ipairs { "", "GET", PAGE, PAGE .. "Content-Length: 10\r\n\r\nabc" } do
      local client = connect()
      client:send(bytes)
      client:shutdown "send"
      is_closed(client)
    end
    answers_others()
  end)
end)
