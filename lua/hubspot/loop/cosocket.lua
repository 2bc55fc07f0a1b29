--- Requests over nginx's own sockets, which nginx watches itself: libcurl's have to be looked at all the time.
--
-- They take what they do as well as libcurl: a request whose answer is short, so that it needs no compression, to a
-- host that nginx can look up (`resolver`) and whose certificate it can check (`lua_ssl_trusted_certificate`,
-- `lua_ssl_verify_depth`). Everything else is left to libcurl, as long as nothing of it has been sent: proxies, a
-- `ca_file`, and whatever does not connect, so that there is one place that tells why.
-- @module hubspot.loop.cosocket

local core = require "hubspot.core"
local number = require "hubspot.number"

local cosocket = {}

--- What a transfer fails with that libcurl has to make.
cosocket.LEFT_TO_LIBCURL = {}

local MAX_HEAD_BYTES = 256 * 1024
local READ_BYTES = 64 * 1024
local IDLE_SECONDS = 60
local POOL_SIZE = 64

-- Libcurl's number for an answer that could not be read; the hints go by it.
local RECEIVE_ERROR = 56

-- What libcurl takes a proxy from.
local PROXY_VARIABLES = { "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" }

-- Targets ----------------------------------------------------------------------------------------------------------

local DEFAULT_PORTS = { http = 80, https = 443 }

local function new_target(origin)
  local scheme, authority = origin:match "^(https?)://(.*)$"
  local host, port = authority:match "^(%[[%x:%.]+%]):?(%d*)$"
  if not host then
    host, port = authority:match "^([^:]+):(%d*)$"
  end
  if not host then
    host, port = authority:match "^[^:]+$", ""
  end
  if not host then return { is_left_to_libcurl = true } end
  port = tonumber(port) or DEFAULT_PORTS[scheme]
  return {
    scheme = scheme,
    host = host,
    port = port,
    authority = authority,
    host_header = port == DEFAULT_PORTS[scheme] and host or host .. ":" .. port,
    -- Nobody else's connections: of those it is not known whose certificate was checked.
    connecting = { pool = ("hubspot %s://%s:%d"):format(scheme, host, port), pool_size = POOL_SIZE },
  }
end

-- Failures ---------------------------------------------------------------------------------------------------------

local function failed(transfer, kind, message, curl_code)
  return nil,
    {
      kind = kind,
      message = ("%s (%s)"):format(message, transfer.target.authority),
      sent = transfer.sent,
      curl_code = curl_code,
    }
end

local function timed_out(transfer)
  return failed(transfer, "timeout", ("no whole answer within %s s"):format(number.seconds(transfer.request.timeout)))
end

local function malformed(transfer, what)
  return failed(transfer, "network", "the answer is not HTTP: " .. what, RECEIVE_ERROR)
end

local function too_large(transfer, limit, name)
  return nil,
    {
      kind = "decode",
      sent = transfer.sent,
      message = ("answer of %s is larger than %s (%d)"):format(transfer.target.authority, name, limit),
    }
end

-- The connection ended, or nginx gave it up.
local function broken(transfer, problem)
  if problem == "timeout" then return timed_out(transfer) end
  local is_untouched = transfer.reused and transfer.received == 0
  if is_untouched and not transfer.request.send_once then return nil, cosocket.LEFT_TO_LIBCURL end
  if transfer.received == 0 then
    return failed(
      transfer,
      "network",
      "the connection was closed before an answer came" .. (is_untouched and "; the request was not sent again" or ""),
      RECEIVE_ERROR
    )
  end
  return failed(transfer, "network", "the connection ended within the answer: " .. problem, RECEIVE_ERROR)
end

-- Connecting and sending -------------------------------------------------------------------------------------------

local function time_left(transfer) return math.max(1, (transfer.deadline - core.now()) * 1000) end

-- A connected socket, from the pool or with its certificate checked.
local function connect(transfer)
  local target, request = transfer.target, transfer.request
  local sock = rawget(_G, "ngx").socket.tcp()
  local left = time_left(transfer)
  sock:settimeouts(math.min(request.connect_timeout * 1000, left), left, left)
  transfer.socket = sock
  local connected, problem = sock:connect(target.host, target.port, target.connecting)
  if not connected then
    if problem == "timeout" then return failed(transfer, "timeout", "could not connect in time") end
    -- Without a resolver it will be so with the next one.
    target.is_left_to_libcurl = problem:find "resolve" ~= nil
    return nil, cosocket.LEFT_TO_LIBCURL
  end
  transfer.reused = sock:getreusedtimes() > 0
  if target.scheme == "http" or transfer.reused then return true end
  sock:settimeout(math.min(request.connect_timeout * 1000, time_left(transfer)))
  local trusted, handshake_problem = sock:sslhandshake(false, target.host, true)
  -- Where the handshake did not have to wait, nginx says true of a certificate for which it closed the socket.
  if trusted and sock:getreusedtimes() then return true end
  if handshake_problem == "timeout" then return failed(transfer, "timeout", "could not connect in time") end
  target.is_left_to_libcurl = true
  sock:close()
  return nil, cosocket.LEFT_TO_LIBCURL
end

local function head_of(request, target, path)
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

-- Reading ----------------------------------------------------------------------------------------------------------

-- Waits for more of the answer and adds it to what is there.
local function receive(transfer)
  transfer.socket:settimeout(time_left(transfer))
  local data, problem = transfer.socket:receiveany(READ_BYTES)
  if not data then return nil, problem end
  transfer.received = transfer.received + #data
  transfer.buffer = transfer.position > #transfer.buffer and data or transfer.buffer:sub(transfer.position) .. data
  transfer.position = 1
  return true
end

-- What was received and not taken yet, in bytes.
local function available(transfer) return #transfer.buffer - transfer.position + 1 end

-- Takes so many bytes.
local function take(transfer, count)
  local first = transfer.position
  transfer.position = first + count
  return transfer.buffer:sub(first, first + count - 1)
end

-- Takes all there is.
local function take_all(transfer) return take(transfer, available(transfer)) end

-- Where an empty line ends, or nil. Plain searches, since patterns cost more than all the rest.
local function find_empty_line(text, from)
  local _, last = text:find("\n\r\n", from, true)
  local _, bare = text:find("\n\n", from, true)
  return last and bare and math.min(last, bare) or last or bare
end

local function find_line_end(text, from) return text:find("\n", from, true) end

-- Receives up to where `find_end` says, and gives that place.
local function receive_to(transfer, find_end)
  local from = transfer.position
  while true do
    local last = find_end(transfer.buffer, from)
    if last then return last end
    local searched = available(transfer)
    if searched > MAX_HEAD_BYTES then return too_large(transfer, MAX_HEAD_BYTES, "the limit for headers") end
    -- What was received first comes first in the buffer then.
    from = math.max(1, searched - 1)
    local more, problem = receive(transfer)
    if not more then return broken(transfer, problem) end
  end
end

-- Status and headers of the answer; those that only say that it will come are passed over.
local function read_head(transfer)
  while true do
    local last, failure = receive_to(transfer, find_empty_line)
    if not last then return nil, failure end
    local text, first = transfer.buffer, transfer.position
    transfer.position = last + 1
    local version, status = text:match("^HTTP/1%.([01]) (%d%d%d)", first)
    if not version then
      local beginning = text:sub(first, math.min(last, first + 19))
      return malformed(transfer, "it begins with " .. ("%q"):format(beginning))
    end
    if status:sub(1, 1) ~= "1" then
      return {
        status = tonumber(status),
        headers = core.headers(text, find_line_end(text, first) + 1, last),
        is_kept = version == "1",
      }
    end
  end
end

local function exceeds(transfer, size) return size > transfer.request.max_response_bytes end

local function body_too_large(transfer)
  return too_large(transfer, transfer.request.max_response_bytes, "max_response_bytes")
end

local function read_bytes(transfer, count)
  local missing = count - available(transfer)
  if missing <= 0 then return take(transfer, count) end
  local parts = {}
  repeat
    parts[#parts + 1] = take_all(transfer)
    local more, problem = receive(transfer)
    if not more then return broken(transfer, problem) end
    missing = missing - available(transfer)
  until missing <= 0
  parts[#parts + 1] = take(transfer, available(transfer) + missing)
  return table.concat(parts)
end

local function read_to_the_end(transfer)
  local parts, have = {}, 0
  while true do
    have = have + available(transfer)
    if exceeds(transfer, have) then return body_too_large(transfer) end
    parts[#parts + 1] = take_all(transfer)
    local more, problem = receive(transfer)
    if not more then
      if problem == "closed" then return table.concat(parts) end
      return broken(transfer, problem)
    end
  end
end

-- A line, without what ends it.
local function read_line(transfer)
  local last, failure = receive_to(transfer, find_line_end)
  if not last then return nil, failure end
  return take(transfer, last - transfer.position + 1):match "^(.-)\r?\n$"
end

-- What follows the last chunk, up to an empty line.
local function drop_trailers(transfer)
  while true do
    local line, failure = read_line(transfer)
    if not line then return nil, failure end
    if line == "" then return true end
  end
end

local function read_chunks(transfer)
  local parts, have = {}, 0
  while true do
    local line, failure = read_line(transfer)
    if not line then return nil, failure end
    local size = tonumber(line:match "^(%x+)[ \t]*;?" or "", 16)
    if not size then return malformed(transfer, "a chunk has no size") end
    if size == 0 then break end
    have = have + size
    if exceeds(transfer, have) then return body_too_large(transfer) end
    local data
    data, failure = read_bytes(transfer, size)
    if not data then return nil, failure end
    parts[#parts + 1] = data
    line, failure = read_line(transfer)
    if not line then return nil, failure end
    if line ~= "" then return malformed(transfer, "a chunk is longer than it says") end
  end
  local dropped, failure = drop_trailers(transfer)
  if not dropped then return nil, failure end
  return table.concat(parts)
end

-- The body, and whether the connection ends with it.
local function read_body(transfer, head)
  local headers = head.headers
  if head.status == 204 or head.status == 304 then return "" end
  local encoding = headers["transfer-encoding"]
  if encoding then
    if encoding:lower() == "chunked" then return read_chunks(transfer) end
    return malformed(transfer, "Transfer-Encoding is " .. encoding)
  end
  local length = headers["content-length"]
  if not length then
    head.is_kept = false
    return read_to_the_end(transfer)
  end
  if not length:find "^%d+$" then return malformed(transfer, "Content-Length is " .. length) end
  if exceeds(transfer, tonumber(length)) then return body_too_large(transfer) end
  return read_bytes(transfer, tonumber(length))
end

local function exchange(transfer)
  local connected, failure = connect(transfer)
  if not connected then return nil, failure end
  transfer.sent = true
  local sent, problem = transfer.socket:send(head_of(transfer.request, transfer.target, transfer.path))
  if not sent then return broken(transfer, problem) end
  local head, body
  head, failure = read_head(transfer)
  if not head then return nil, failure end
  body, failure = read_body(transfer, head)
  if not body then return nil, failure end
  local coding = head.headers["content-encoding"]
  if coding and coding ~= "identity" then return malformed(transfer, coding .. " was not asked for") end
  local wish = head.headers.connection
  if head.is_kept and available(transfer) == 0 and not (wish and wish:lower():find("close", 1, true)) then
    transfer.socket:setkeepalive(IDLE_SECONDS * 1000, POOL_SIZE)
    transfer.socket = nil
  end
  return { status = head.status, headers = head.headers, body = body }
end

-- Transfers, with the methods of the engine's --------------------------------------------------------------------

local methods = {}
local metatable = { __index = methods }

local function run(transfer, on_end)
  local succeeded, answer, failure = pcall(exchange, transfer)
  if not succeeded then
    answer, failure = failed(transfer, "network", tostring(answer))
  end
  if transfer.socket then transfer.socket:close() end
  if transfer.ended then return end
  transfer.ended, transfer.answer, transfer.failure = true, answer, failure
  on_end(transfer)
end

function methods:done() return self.ended end

function methods:cancel()
  if self.ended then return end
  self.ended, self.is_cancelled = true, true
  self.failure = { kind = "cancelled", message = "the request was cancelled", sent = self.sent }
end

--- The answer, or nil and what went wrong. Who started the transfer must ask: nginx keeps what a thread has until then.
function methods:response()
  local threads = rawget(_G, "ngx").thread
  if self.is_cancelled then
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

--- Makes the function that starts transfers.
-- @tparam function on_end called with each transfer that ended
-- @treturn function gives a transfer for a request (see `hubspot.new`), or nil where libcurl has to make it
function cosocket.starter(on_end)
  local ngx = rawget(_G, "ngx")
  local targets = {}
  local has_proxy = false
  for _, name in ipairs(PROXY_VARIABLES) do
    has_proxy = has_proxy or os.getenv(name) ~= nil
  end

  local function target_of(origin)
    local target = targets[origin] or new_target(origin)
    targets[origin] = target
    return target
  end

  return function(request)
    if has_proxy or not request.is_short or request.proxy or request.ca_file then return nil end
    local slash = request.url:find("/", #"https://" + 1, true)
    local target = target_of(request.url:sub(1, slash - 1))
    if target.is_left_to_libcurl or not are_plain(request.headers) then return nil end
    local transfer = setmetatable({
      request = request,
      target = target,
      path = request.url:sub(slash),
      deadline = core.now() + request.timeout,
      buffer = "",
      position = 1,
      received = 0,
      sent = false,
      ended = false,
    }, metatable)
    transfer.thread = ngx.thread.spawn(run, transfer, on_end)
    return transfer
  end
end

return cosocket
