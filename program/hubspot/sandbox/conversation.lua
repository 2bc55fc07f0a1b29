--- Talks HTTP on one connection of a server: a request and its answer after the other, and the faults that break it.
local accounts = require "hubspot.sandbox.accounts"
local control = require "hubspot.sandbox.control"
local decimal = require "hubspot.sandbox.decimal"
local http_reader = require "hubspot.sandbox.http_reader"
local http_writer = require "hubspot.sandbox.http_writer"
local reply = require "hubspot.sandbox.reply"
local socket = require "socket"
local tls = require "hubspot.sandbox.tls"
local waiting = require "hubspot.sandbox.waiting"
local web_guard = require "hubspot.sandbox.web_guard"

local conversation = {}

local MOST_BODY = 32 * 1024 * 1024
-- An export of a large portal.
local MOST_BODY_OF_CONTROL = 512 * 1024 * 1024
-- Seconds.
local LONGEST_HANDSHAKE = 10
-- Requests that a client sends without waiting, before it is another one's turn.
local TURN = 32
-- Bytes, and seconds, for which a refused client may still send: an answer is lost where a connection closes on them.
local MOST_DRAINED, LONGEST_DRAIN = 64 * 1024 * 1024, 2
local MOST_WARNINGS = 100

local receive, send, sleep = waiting.receive, waiting.send, waiting.sleep

-- A socket of LuaSec ends without.
local function reset(client)
  if client.setoption then client:setoption("linger", { on = true, timeout = 0 }) end
end

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

local function log_request(self, portal)
  local entry = portal:requests({ after = portal:last_request() - 1, summary = true })[1]
  if not entry then return end
  local query = entry.query ~= "" and "?" .. entry.query or ""
  local fault = entry.fault and " fault " .. entry.fault or ""
  local ms = decimal.text(math.floor((entry.ms or 0) * 10 + 0.5) / 10)
  local form = "%s %s%s %s %s ms%s"
  self.log(form:format(entry.method, entry.path, query, tostring(entry.status or "no answer"), ms, fault))
end

local function serve(self, connection, request)
  local refusal = web_guard.refusal(request, self.scheme)
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
  local portal = accounts.choose(self.portals, request)
  local fine, problem_or_answer, effect = pcall(portal.serve, portal, request)
  if self.log then log_request(self, portal) end
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
  if client.shutdown then client:shutdown "send" end
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

-- Ends in nil where the client wants no TLS.
local function client_of(self, connection)
  connection.is_idle, connection.since = true, socket.gettime()
  if not self.tls then return connection.client end
  connection.client = tls.wrap(connection.client, self.tls)
  return waiting.shake_hands(connection.client, socket.gettime() + LONGEST_HANDSHAKE) and connection.client or nil
end

--- Serves a connection of a server until it ends; runs in a coroutine.
function conversation.run(self, connection)
  local client, served = client_of(self, connection), 0
  if not client then return end
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

return conversation
