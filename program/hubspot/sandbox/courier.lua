--- Carries a delivery of webhooks to its receiver, over a socket inside a coroutine of the server.
local socket = require "socket"
local tls = require "hubspot.sandbox.tls"
local waiting = require "hubspot.sandbox.waiting"

local courier = {}

-- HubSpot waits as long.
local LONGEST = 5
local MOST_HEAD = 65536
local PORTS = { http = 80, https = 443 }

--- The scheme, authority, host, port and target of a URL.
function courier.parts_of(url)
  local scheme, authority, target = url:match "^(https?)://([^/?#]+)([^#]*)"
  local port = authority:match ":(%d+)$"
  local host = port and authority:sub(1, -#port - 2) or authority
  host = host:match "^%[([^%]]*)%]$" or host
  if target:sub(1, 1) ~= "/" then target = "/" .. target end
  return { scheme = scheme, authority = authority, host = host, port = tonumber(port) or PORTS[scheme], target = target }
end

local function bytes_of(delivery, parts)
  local names, lines = {}, { delivery.method .. " " .. parts.target .. " HTTP/1.1", "host: " .. parts.authority }
  for name in pairs(delivery.headers) do
    names[#names + 1] = name
  end
  table.sort(names)
  for _, name in ipairs(names) do
    lines[#lines + 1] = name .. ": " .. delivery.headers[name]
  end
  lines[#lines + 1] = string.format("content-length: %d", #delivery.body)
  lines[#lines + 1] = "connection: close"
  lines[#lines + 1] = "\r\n" .. delivery.body
  return table.concat(lines, "\r\n")
end

-- The status of an answer; those of 1xx come before it.
local function read_status(client, deadline)
  local head = ""
  while #head < MOST_HEAD do
    local bytes = waiting.receive(client, deadline)
    if not bytes then return nil end
    head = head .. bytes
    while head:find "^HTTP/1%.[01] 1%d%d.-\r\n\r\n" do
      head = head:gsub("^HTTP/1%.[01] 1%d%d.-\r\n\r\n", "", 1)
    end
    local status = head:match "^HTTP/1%.[01] ([2-9]%d%d)[^\n]*\n"
    if status then return tonumber(status) end
  end
  return nil
end

local function exchange(connection, delivery, parts, deadline)
  if not waiting.connect(connection.client, parts, deadline) then return nil end
  if parts.scheme == "https" then
    connection.client = tls.wrap_client(connection.client, parts.host)
    if not waiting.shake_hands(connection.client, deadline) then return nil end
  end
  if not waiting.send(connection.client, bytes_of(delivery, parts), deadline) then return nil end
  return read_status(connection.client, deadline)
end

--- Sends a delivery over the socket of a connection, which is new. Gives the status of the answer, or nil where there
-- was none within five seconds.
function courier.carry(connection, delivery)
  return exchange(connection, delivery, courier.parts_of(delivery.url), socket.gettime() + LONGEST)
end

--- A socket for `carry`.
function courier.socket()
  local client = assert(socket.tcp())
  client:settimeout(0)
  return client
end

return courier
