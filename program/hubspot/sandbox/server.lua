--- A portal on a socket of the loopback interface: HTTP/1.1 with keep-alive, many connections in one process.
--
-- Every connection is a coroutine that yields what it waits for: its socket to be readable or writable, or a moment.
local conversation = require "hubspot.sandbox.conversation"
local courier = require "hubspot.sandbox.courier"
local socket = require "socket"
local tls = require "hubspot.sandbox.tls"
local web_guard = require "hubspot.sandbox.web_guard"

local server = {}

-- LuaSocket's select takes descriptors below 1024.
local DESCRIPTORS = 1024
-- Those for whom there is no room take that of a client that asks nothing.
local MOST_CONNECTIONS = 1000
local BACKLOG = 1024
local LONGEST_WAIT = 0.5

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
  hold(self, connection, function() conversation.run(self, connection) end)
end

-- Sends the webhooks that are due.
local function send_webhooks(self, portal)
  local hooks = portal.webhooks
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
  for _, portal in ipairs(self.portals) do
    send_webhooks(self, portal)
  end
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

-- The context of TLS, or nil; or nil and the reason why it is missing where it is needed.
local function tls_of(folder, portals)
  if folder then return tls.new_context(folder) end
  for _, portal in ipairs(portals) do
    if portal.webhooks and portal.webhooks.url:find "^https:" then return nil, tls.problem() end
  end
  return nil
end

--- A server that listens at once. Options:
--
-- * `portal`, or `portals` for several accounts, told by their tokens
-- * `host` (a loopback address, default 127.0.0.1), `port` (default 0: any free one)
-- * `tls`: a folder with a certificate, which is made where there is none
-- * `latency` (seconds), `no_page` (true: `/_sandbox/` is for programs only)
-- * `log`: a function that takes a line for each request
-- * `stop_with_stdin`: true stops it when standard input ends
--
-- @treturn table the server, with `port` and `url`; or nil and a message
function server.new(options)
  local host = options.host or "127.0.0.1"
  if not web_guard.is_loopback(host) then return nil, host .. " is not a loopback address" end
  local portals = options.portals or { options.portal }
  local context, missing = tls_of(options.tls, portals)
  if missing then return nil, missing end
  local listener, problem = socket.bind(host, options.port or 0, BACKLOG)
  if not listener then return nil, string.format("can't listen on %s port %d: %s", host, options.port or 0, problem) end
  listener:settimeout(0)
  local _, port = listener:getsockname()
  port = tonumber(port)
  local shown = host:find(":", 1, true) and "[" .. host .. "]" or host
  return setmetatable({
    portals = portals,
    log = options.log,
    tls = context,
    scheme = context and "https" or "http",
    listener = listener,
    port = port,
    url = string.format("%s://%s:%d", context and "https" or "http", shown, port),
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
