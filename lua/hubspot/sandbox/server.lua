--- A portal on a socket of the loopback interface: HTTP/1.1 with keep-alive, many connections in one process.
--
-- Every connection is a coroutine that yields what it waits for: its socket to be readable or writable, or a moment.
local control = require "hubspot.sandbox.control"
local courier = require "hubspot.sandbox.courier"
local http_reader = require "hubspot.sandbox.http_reader"
local http_writer = require "hubspot.sandbox.http_writer"
local reply = require "hubspot.sandbox.reply"
local socket = require "socket"
local tls = require "hubspot.sandbox.tls"
local waiting = require "hubspot.sandbox.waiting"
local web_guard = require "hubspot.sandbox.web_guard"

local server = {}

-- LuaSocket's select takes descriptors below 1024.
local DESCRIPTORS = 1024
-- Those for whom there is no room take that of a client that asks nothing.
local MOST_CONNECTIONS = 1000
local BACKLOG = 1024
local MOST_BODY = 32 * 1024 * 1024
-- An export of a large portal.
local MOST_BODY_OF_CONTROL = 512 * 1024 * 1024
-- Requests that a client sends without waiting, before it is another one's turn.
local TURN = 32
-- Bytes, and seconds, for which a refused client may still send: an answer is lost where a connection closes on them.
local MOST_DRAINED, LONGEST_DRAIN = 64 * 1024 * 1024, 2
local MOST_WARNINGS = 100
local LONGEST_WAIT = 0.5

-- A connection's coroutine -------------------------------------------------------------------------------------------

local receive, send, sleep = waiting.receive, waiting.send, waiting.sleep

local function reset(client) client:setoption("linger", { on = true, timeout = 0 }) end

-- Half of the body where all of it is announced; an answer that has no body announces one.
local function cut_short(answer)
  answer.announced = #answer.body + 64
  if answer.status == 204 then answer.status = 200 end
  answer.body = answer.body:sub(1, math.floor(#answer.body / 2))
end

-- Reads on without an answer, until the client gives up.
local function hang(client)
  repeat
    local bytes = receive(client)
  until not bytes
end

-- Says once for each path that it is the sandbox that lacks it.
local function warn_of_unknown(self, answer)
  local text = reply.unknown_route(answer)
  if not text or self.warned[text] or self.warnings >= MOST_WARNINGS then return end
  self.warned[text], self.warnings = true, self.warnings + 1
  io.stderr:write("hubspot-lua sandbox: ", text, "\n")
end

local function serve(self, connection, request)
  local refusal = web_guard.refusal(request)
  if refusal then return { status = 403, headers = { ["content-type"] = "text/plain" }, body = refusal .. "\n" } end
  if control.is_meant(request) then
    -- A connection for control does not count among the program's.
    if not connection.is_control then
      connection.is_control = true
      self.accepted, self.open = self.accepted - 1, self.open - 1
    end
    return control.serve(self, request), nil, true
  end
  request.latency = self.latency
  local fine, problem_or_answer, effect = pcall(self.portal.serve, self.portal, request)
  if fine then
    if problem_or_answer then warn_of_unknown(self, problem_or_answer) end
    return problem_or_answer, effect
  end
  io.stderr:write("hubspot-lua sandbox: ", tostring(problem_or_answer), "\n")
  return { status = 500, headers = {}, body = "" }
end

local function wants_keep_alive(request)
  local connection = (request.headers.connection or ""):lower()
  if request.minor == 0 then return connection == "keep-alive" end
  return not connection:find("close", 1, true)
end

-- Tells a client why its request can't be read, and takes for a while what it still sends.
local function refuse(client, status)
  if not send(client, http_writer.bytes({ status = status, headers = {}, body = "" }, {})) then return end
  client:shutdown "send"
  local deadline, drained = socket.gettime() + LONGEST_DRAIN, 0
  repeat
    local bytes = receive(client, deadline)
    drained = drained + (bytes and #bytes or 0)
  until not bytes or drained > MOST_DRAINED
end

-- Serves one request. Returns whether the connection stays open.
local function exchange(self, connection, reader)
  local client = connection.client
  local request, refusal = reader:next()
  if not request then
    if refusal then refuse(client, refusal) end
    return false
  end
  local answer, effect, is_control = serve(self, connection, request)
  local kind = effect and effect.kind
  if kind == "reset" then
    reset(client)
    return false
  elseif kind == "hang" then
    hang(client)
    return false
  end
  if self.latency > 0 and not is_control then sleep(self.latency) end
  local keep_alive = wants_keep_alive(request) and not self.stopping
  if kind == "cut" then
    cut_short(answer)
    keep_alive = false
  elseif kind == "slow" then
    sleep(effect.seconds)
  end
  local options = { keep_alive = keep_alive, is_head = request.method == "HEAD" }
  return send(client, http_writer.bytes(answer, options)) and keep_alive
end

local function converse(self, connection)
  local client, served = connection.client, 0
  local reader = http_reader.new {
    more = function()
      local bytes = receive(client)
      connection.is_idle = false
      return bytes
    end,
    say = function(bytes) send(client, bytes) end,
    most_body = function(head) return control.is_meant(head) and MOST_BODY_OF_CONTROL or MOST_BODY end,
  }
  repeat
    served = served + 1
    if served % TURN == 0 then sleep(0) end
    connection.is_idle, connection.since = not reader:has_more(), socket.gettime()
  until not exchange(self, connection, reader)
end

-- The loop ----------------------------------------------------------------------------------------------------------

local function drop(self, connection)
  connection.client:close()
  self.connections[connection] = nil
  self.held = self.held - 1
  if not connection.is_control then self.open = self.open - 1 end
end

local function resume(self, connection)
  local fine, waits_for, moment = coroutine.resume(connection.thread)
  if not fine then io.stderr:write("hubspot-lua sandbox: ", tostring(waits_for), "\n") end
  if not fine or coroutine.status(connection.thread) == "dead" then
    drop(self, connection)
    return
  end
  connection.waits_for, connection.moment = waits_for, moment
end

-- Returns whether one connection is better let go than another: an idle one first, and the one that waits longer.
local function is_less_needed(one, other)
  if one.is_idle ~= other.is_idle then return one.is_idle end
  return one.since < other.since
end

-- Closes a connection that waits for its client. Returns whether there is one.
local function make_room(self)
  local chosen
  for connection in pairs(self.connections) do
    local is_ours = connection.is_outgoing or connection.waits_for ~= "read"
    if not is_ours and (not chosen or is_less_needed(connection, chosen)) then chosen = connection end
  end
  if chosen then drop(self, chosen) end
  return chosen ~= nil
end

local function hold(self, connection, body)
  connection.thread = coroutine.create(body)
  self.connections[connection] = true
  self.held = self.held + 1
  resume(self, connection)
end

local function serve_client(self, client)
  client:settimeout(0)
  client:setoption("tcp-nodelay", true)
  local connection = { client = client }
  self.accepted, self.open = self.accepted + 1, self.open + 1
  hold(self, connection, function() converse(self, connection) end)
end

-- Sends the webhooks that are due.
local function send_webhooks(self)
  local hooks = self.portal.webhooks
  local delivery = hooks and hooks:due()
  while delivery do
    local sent, connection = delivery, { client = courier.socket(), is_control = true, is_outgoing = true }
    hold(self, connection, function() hooks:answered(sent, courier.carry(connection, sent)) end)
    delivery = hooks:due()
  end
end

-- Accepts the clients that wait. The process may be out of descriptors before it is out of connections.
local function accept(self)
  while true do
    local client, problem = self.listener:accept()
    if not client then
      if problem ~= "timeout" then make_room(self) end
      return
    end
    local is_selectable = client:getfd() < DESCRIPTORS
    local has_room = is_selectable and self.held < MOST_CONNECTIONS or make_room(self)
    if is_selectable and has_room then
      serve_client(self, client)
    else
      client:close()
    end
  end
end

-- Collects the sockets to select on, and the time until a sleeper wakes.
local function interests(self, timeout)
  local readers, writers, owners = { self.stdin }, {}, {}
  local now = socket.gettime()
  for connection in pairs(self.connections) do
    if connection.moment then timeout = math.max(0, math.min(timeout, connection.moment - now)) end
    if connection.waits_for ~= "wake" then
      local set = connection.waits_for == "write" and writers or readers
      set[#set + 1] = connection.client
      owners[connection.client] = connection
    end
  end
  readers[#readers + 1] = self.listener
  return readers, writers, owners, timeout
end

local function wake_sleepers(self)
  local now, due = socket.gettime(), {}
  for connection in pairs(self.connections) do
    if connection.moment and connection.moment <= now then due[#due + 1] = connection end
  end
  for _, connection in ipairs(due) do
    resume(self, connection)
  end
end

local methods = {}
local metatable = { __name = "hubspot.sandbox.Server", __index = methods }

--- Serves what is due, waiting at most `timeout` seconds (default none) for something to do.
function methods:step(timeout)
  local readers, writers, owners, wait = interests(self, timeout or 0)
  local readable, writable = socket.select(readers, writers, wait)
  for _, ready in ipairs { readable, writable } do
    for _, client in ipairs(ready) do
      if client == self.listener then
        accept(self)
      elseif client == self.stdin then
        self.stopping = self.stopping or io.stdin:read(1) == nil
      elseif self.connections[owners[client]] then
        -- Another one may have taken its room meanwhile.
        resume(self, owners[client])
      end
    end
  end
  wake_sleepers(self)
  send_webhooks(self)
end

--- Serves until somebody stops it.
function methods:run()
  while not self.stopping do
    self:step(LONGEST_WAIT)
  end
  self:stop()
end

--- Closes the socket and all connections. May be called again.
function methods:stop()
  self.stopping = true
  self.listener:close()
  local left = {}
  for connection in pairs(self.connections) do
    left[#left + 1] = connection
  end
  for _, connection in ipairs(left) do
    drop(self, connection)
  end
end

-- LuaSocket selects on whatever has a descriptor; standard input has 0.
local STDIN = {
  getfd = function() return 0 end,
  dirty = function() return false end,
}

--- A server that listens at once. Options: `portal` (required), `host` (a loopback address, default 127.0.0.1), `port`
-- (default 0: any free one), `latency` (seconds), `no_page` (true: `/_sandbox/` is for programs only),
-- `stop_with_stdin` (true: stop when standard input ends).
--
-- @treturn table the server, with `port` and `url`; or nil and a message
function server.new(options)
  local host = options.host or "127.0.0.1"
  if not web_guard.is_loopback(host) then return nil, host .. " is not a loopback address" end
  local hooks = options.portal.webhooks
  local missing = hooks and hooks.url:find "^https:" and tls.problem()
  if missing then return nil, missing end
  local listener, problem = socket.bind(host, options.port or 0, BACKLOG)
  if not listener then return nil, string.format("can't listen on %s port %d: %s", host, options.port or 0, problem) end
  listener:settimeout(0)
  local _, port = listener:getsockname()
  port = tonumber(port)
  local shown = host:find(":", 1, true) and "[" .. host .. "]" or host
  return setmetatable({
    portal = options.portal,
    listener = listener,
    port = port,
    url = string.format("http://%s:%d", shown, port),
    latency = options.latency or 0,
    no_page = options.no_page or false,
    stdin = options.stop_with_stdin and STDIN or nil,
    connections = {},
    warned = {},
    warnings = 0,
    accepted = 0,
    open = 0,
    held = 0,
    stopping = false,
  }, metatable)
end

return server
