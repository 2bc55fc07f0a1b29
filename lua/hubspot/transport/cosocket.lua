--- Requests over nginx's own sockets, which nginx watches itself: libcurl's have to be polled.
--
-- They take what they do as well as libcurl: a request whose answer is short, so that it needs no compression, to a
-- host that nginx can look up (`resolver`) and whose certificate it can check (`lua_ssl_trusted_certificate`,
-- `lua_ssl_verify_depth`). Everything else is left to libcurl, as long as nothing of it has been sent: proxies, a
-- `ca_file`, and all failures to connect, so that one place explains them.
--
-- A transfer ends by its deadline whatever nginx waits for: its own timeouts bound neither a look-up nor a peer that
-- takes or sends a byte at a time.
-- @module hubspot.transport.cosocket

local answer_reader = require "hubspot.transport.answer_reader"
local core = require "hubspot.core"
local number = require "hubspot.number"

local cosocket = {}

local READ_BYTES = 64 * 1024
local IDLE_SECONDS = 60
local POOL_SIZE = 64

-- Libcurl's number for an answer that could not be read; the hints go by it.
local RECEIVE_ERROR = 56

-- Environment variables from which libcurl takes a proxy.
local PROXY_VARIABLES = { "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" }

-- The failure of a transfer that has sent nothing and is left to libcurl.
local LEFT_TO_LIBCURL = { is_left_to_libcurl = true }

-- Targets ----------------------------------------------------------------------------------------------------------

local DEFAULT_PORTS = { http = 80, https = 443 }

local function new_target(origin)
  local scheme, authority = origin:match "^(https?)://(.*)$"
  local host, port = authority:match "^(%[[%x:%.]+%]):?(%d*)$"
  if not host then
    host = authority:match "^([^:]+)$"
    if not host then
      host, port = authority:match "^([^:]+):(%d*)$"
    end
  end
  if not host then return { is_left_to_libcurl = true } end
  port = tonumber(port) or DEFAULT_PORTS[scheme]
  return {
    scheme = scheme,
    host = host,
    port = port,
    authority = authority,
    host_header = port == DEFAULT_PORTS[scheme] and host or host .. ":" .. port,
    -- Connections of other users of the pool are left alone: whether their certificates were checked is unknown.
    connecting = { pool = ("hubspot %s://%s:%d"):format(scheme, host, port), pool_size = POOL_SIZE },
  }
end

-- Failures ---------------------------------------------------------------------------------------------------------

local function failed(transfer, kind, message, fields)
  local failure = fields or {}
  failure.kind, failure.sent = kind, transfer.sent
  failure.message = ("%s (%s)"):format(message, transfer.origin)
  return nil, failure
end

local RESOLVER_HINT = "nginx asks the name servers of its directive resolver: check that they answer, and set "
  .. "resolver_timeout to a few seconds"

-- Messages of timeouts, by the step that a transfer is at. Those before "send" have connect_timeout.
local LATE = {
  look_up = "nginx's resolver did not find the host within %s s",
  connect = "could not connect within %s s",
  handshake = "the TLS handshake did not end within %s s",
  send = "the request could not be sent within %s s",
  wait = "no answer within %s s",
  read = "no whole answer within %s s",
}

local function timed_out(transfer)
  local step = transfer.step
  local seconds = number.seconds(transfer.limit - transfer.started)
  return failed(transfer, "timeout", LATE[step]:format(seconds), { hint = step == "look_up" and RESOLVER_HINT or nil })
end

-- The connection ended, or nginx gave it up.
local function broken(transfer, problem)
  if problem == "timeout" then return timed_out(transfer) end
  local is_untouched = transfer.reused and transfer.received == 0
  if is_untouched and not transfer.request.send_once then return nil, LEFT_TO_LIBCURL end
  local message = "the connection ended within the answer: " .. problem
  if transfer.received == 0 then
    message = "the connection was closed before an answer came"
      .. (is_untouched and "; the request was not sent again" or "")
  end
  return failed(transfer, "network", message, { curl_code = RECEIVE_ERROR })
end

-- One exchange -----------------------------------------------------------------------------------------------------

-- nginx takes 0 for "the configured timeout".
local function milliseconds_left(transfer) return math.max(1, (transfer.limit - core.now()) * 1000) end

-- The certificate of a fresh connection is checked.
local function shake_hands(transfer)
  local target, sock = transfer.target, transfer.socket
  transfer.step = "handshake"
  sock:settimeout(milliseconds_left(transfer))
  local trusted, problem = sock:sslhandshake(false, target.host, true)
  -- When the handshake did not have to wait, nginx returns true for a certificate for which it closed the socket.
  if trusted and sock:getreusedtimes() then return true end
  if problem == "timeout" then return timed_out(transfer) end
  target.is_left_to_libcurl = true
  sock:close()
  return nil, LEFT_TO_LIBCURL
end

-- A connected socket, from the pool or with its certificate checked.
local function connect(transfer)
  local target, sock = transfer.target, rawget(_G, "ngx").socket.tcp()
  transfer.socket = sock
  sock:settimeout(milliseconds_left(transfer))
  local connected, problem = sock:connect(target.host, target.port, target.connecting)
  if not connected then
    if problem == "timeout" then
      transfer.step = "connect"
      return timed_out(transfer)
    end
    -- Without a resolver it will be so with the next one.
    target.is_left_to_libcurl = problem:find "resolve" ~= nil
    return nil, LEFT_TO_LIBCURL
  end
  transfer.reused = sock:getreusedtimes() > 0
  if target.scheme == "http" or transfer.reused then return true end
  return shake_hands(transfer)
end

local function message_of(request, target, path)
  local lines = { request.method, " ", path, " HTTP/1.1\r\nhost: ", target.host_header, "\r\n" }
  local count = #lines
  for name, value in pairs(request.headers) do
    lines[count + 1], lines[count + 2], lines[count + 3], lines[count + 4] = name, ": ", value, "\r\n"
    count = count + 4
  end
  if request.body or request.method ~= "GET" and request.method ~= "DELETE" then
    lines[count + 1], lines[count + 2], lines[count + 3] = "content-length: ", #(request.body or ""), "\r\n"
    count = count + 3
  end
  lines[count + 1], lines[count + 2] = "\r\n", request.body
  return lines
end

local function exchange(transfer)
  local connected, failure = connect(transfer)
  if not connected then return nil, failure end
  transfer.step, transfer.limit, transfer.sent = "send", transfer.deadline, true
  local sock = transfer.socket
  sock:settimeout(milliseconds_left(transfer))
  local sent, problem = sock:send(message_of(transfer.request, transfer.target, transfer.path))
  if not sent then return broken(transfer, problem) end
  transfer.step = "wait"
  local reader = answer_reader.new(transfer, transfer.request.max_response_bytes)
  local answer
  answer, failure = reader:read()
  if not answer then
    if failure.problem then return broken(transfer, failure.problem) end
    failure.sent = true
    return nil, failure
  end
  if reader.is_kept then
    sock:setkeepalive(IDLE_SECONDS * 1000, POOL_SIZE)
    transfer.socket = nil
  end
  return answer
end

-- Transfers, with the methods of the engine's --------------------------------------------------------------------

local methods = {}

local metatable = { __name = "hubspot.transport.CosocketTransfer", __index = methods }

--- Waits for more of the answer, which `answer_reader` reads. nginx never waits while there is something to read, so
-- its timeout never ends that, nor do others have a turn.
function methods:receive()
  self.sockets.loop:give_way()
  if core.now() >= self.deadline then return nil, "timeout" end
  self.socket:settimeout(milliseconds_left(self))
  local data, problem = self.socket:receiveany(READ_BYTES)
  if not data then return nil, problem end
  self.received, self.step = self.received + #data, "read"
  return data
end

local function finish(transfer, answer, failure)
  if transfer.ended then return end
  transfer.ended, transfer.answer, transfer.failure = true, answer, failure
  local waiter = transfer.sockets.waiting[transfer]
  if waiter then waiter:wake() end
end

local function run(transfer)
  local succeeded, answer, failure = pcall(exchange, transfer)
  if not succeeded then
    answer, failure = failed(transfer, "network", tostring(answer))
  end
  if transfer.socket then transfer.socket:close() end
  finish(transfer, answer, failure)
end

function methods:done() return self.ended end

-- Ends a transfer whose thread nginx still has.
local function abandon(transfer, failure)
  transfer.is_abandoned = true
  finish(transfer, nil, failure)
end

local function expire(transfer)
  -- A socket that connects has its host's address.
  if transfer.step == "look_up" and transfer.socket:getreusedtimes() then transfer.step = "connect" end
  local _, failure = timed_out(transfer)
  abandon(transfer, failure)
end

function methods:cancel()
  if self.ended then return end
  abandon(self, { kind = "cancelled", message = "the request was cancelled", sent = self.sent })
end

--- Returns when the transfer has ended, which it has by its deadline, or the waiter was woken.
function methods:await(waiter)
  self.sockets.waiting[self] = waiter
  while not self.ended do
    local left = self.limit - core.now()
    if left <= 0 then
      expire(self)
    elseif waiter:wait(left) then
      break
    end
  end
  self.sockets.waiting[self] = nil
end

--- The answer, or nil and a failure, whose `is_left_to_libcurl` says that nothing was sent and libcurl has to make the
-- request. Has to be called once for each transfer: nginx keeps what a thread has until then.
function methods:response()
  local threads = rawget(_G, "ngx").thread
  if self.is_abandoned then
    threads.kill(self.thread)
  else
    threads.wait(self.thread)
  end
  return self.answer, self.failure
end

-- Headers that say how the message is sent, which libcurl minds.
local FRAMING = {
  host = true,
  connection = true,
  expect = true,
  upgrade = true,
  te = true,
  trailer = true,
  ["content-length"] = true,
  ["transfer-encoding"] = true,
  ["accept-encoding"] = true,
}

-- Those that most requests have.
local KNOWN = { accept = true, authorization = true, ["content-type"] = true, ["user-agent"] = true }

local function is_plain_name(name) return KNOWN[name] or not FRAMING[name] and name:find "^[%w_%-]+$" ~= nil end

-- Libcurl tells what is wrong with a header that can't be sent.
local function are_plain(headers)
  for name, value in pairs(headers) do
    if not is_plain_name(name) or type(value) ~= "string" or value:find "[%z\r\n]" then return false end
  end
  return true
end

-- The sockets of a loop ----------------------------------------------------------------------------------------

local sockets = {}

local sockets_metatable = { __name = "hubspot.transport.Cosockets", __index = sockets }

local function has_proxy()
  for _, name in ipairs(PROXY_VARIABLES) do
    if os.getenv(name) ~= nil then return true end
  end
  return false
end

--- Makes the source of transfers.
-- @tparam table loop whose `give_way()` lets others have their turn where this one was long
-- @treturn sockets
function cosocket.new(loop)
  return setmetatable({
    loop = loop,
    has_proxy = has_proxy(),
    targets = {}, -- by scheme and authority
    -- Waiters by transfer. Weak, since nginx drops the thread of a visitor who leaves, and with it the transfer.
    waiting = setmetatable({}, { __mode = "kv" }),
  }, sockets_metatable)
end

local function target_of(self, origin)
  local target = self.targets[origin] or new_target(origin)
  self.targets[origin] = target
  return target
end

local function new_transfer(self, request, target, path)
  local now = core.now()
  local deadline = now + request.timeout
  return setmetatable({
    sockets = self,
    request = request,
    target = target,
    origin = target.authority,
    path = path,
    started = now,
    deadline = deadline,
    step = "look_up",
    -- The end of the step.
    limit = math.min(deadline, now + request.connect_timeout),
    received = 0,
    sent = false,
    ended = false,
  }, metatable)
end

--- Starts a transfer.
-- @tparam table request see `hubspot.new`
-- @treturn ?transfer nil where libcurl has to make it
function sockets:start(request)
  if self.has_proxy or not request.is_short or request.proxy or request.ca_file then return nil end
  local slash = request.url:find("/", #"https://" + 1, true)
  local target = target_of(self, request.url:sub(1, slash - 1))
  if target.is_left_to_libcurl or not are_plain(request.headers) then return nil end
  local transfer = new_transfer(self, request, target, request.url:sub(slash))
  transfer.thread = rawget(_G, "ngx").thread.spawn(run, transfer)
  return transfer
end

return cosocket
