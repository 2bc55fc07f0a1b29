-- Takes webhooks: prints the events that HubSpot sends, and refuses everything that it did not sign.
--
--     webhook.lua [--port PORT] [--requests COUNT] ORIGIN
--
-- HUBSPOT_CLIENT_SECRET is the client secret of your app. ORIGIN is where HubSpot finds this server from outside, such
-- as https://hooks.example.org: HubSpot signs the address that it called, and this server, after the proxy that ends
-- its HTTPS, sees another one. It listens on 127.0.0.1, on port 8080 unless told otherwise (0 takes a free one), and
-- ends after COUNT requests, or never.

package.path = (arg[0]:match "^.*[/\\]" or "") .. "?.lua;" .. package.path

local connect = require "connect"
local cjson = require "cjson"
local hubspot = require "hubspot"
local socket = require "socket"

local USAGE = "webhook.lua [--port PORT] [--requests COUNT] ORIGIN"
local SECONDS_TO_SEND = 10
local LONGEST_BODY = 1024 * 1024

-- A header that comes twice becomes a table: which of the two counts is not ours to guess.
local function add_header(headers, line)
  local name, value = line:match "^([^:%s]+):%s*(.*)$"
  if not name then return false end
  -- Backwards, since a pattern for blanks at an end takes the square of their number.
  name, value = name:lower(), value:reverse():gsub("^%s+", ""):reverse()
  headers[name] = headers[name] and { headers[name], value } or value
  return true
end

-- Gives nil where what comes is no request with a body of the length that it tells.
local function read_request(connection)
  local method, target = (connection:receive "*l" or ""):match "^(%u+) (/%S*) HTTP/1%.[01]$"
  if not method then return nil end
  local headers = {}
  for line in function() return connection:receive "*l" end do
    if line == "" then break end
    if not add_header(headers, line) then return nil end
  end
  local length = tostring(headers["content-length"] or "0"):match "^%d+$"
  if not length or tonumber(length) > LONGEST_BODY then return nil end
  local body = connection:receive(tonumber(length))
  return body and { method = method, target = target, headers = headers, body = body }
end

local function print_event(event)
  local change = ""
  if event.propertyName then
    change = (": %s = %s"):format(event.propertyName, tostring(event.propertyValue))
  elseif event.newObjectId then
    change = (": with %d more it is %.0f by now"):format(#event.mergedObjectIds, event.newObjectId)
  elseif event.associationType then
    local verb = event.associationRemoved and "no longer leads" or "leads"
    change = (" %s to %.0f: %s"):format(verb, event.toObjectId, event.associationType)
  end
  print(("%s of %.0f%s"):format(event.subscriptionType, event.objectId or event.fromObjectId, change))
end

-- HubSpot's bodies are well-formed; a request of another sender must not get this far.
local function take(request, secret, origin)
  local verified, err = hubspot.verify_request {
    client_secret = secret,
    method = request.method,
    url = origin .. request.target,
    headers = request.headers,
    body = request.body,
    versions = { "v3" },
  }
  if not verified then
    io.stderr:write(tostring(err), "\n")
    return "401 Unauthorized"
  end
  for _, event in ipairs(cjson.decode(request.body)) do
    print_event(event)
  end
  return "204 No Content"
end

local function serve(connection, secret, origin)
  connection:settimeout(SECONDS_TO_SEND, "t")
  local request = read_request(connection)
  local status = request and take(request, secret, origin) or "400 Bad Request"
  connection:send(("HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"):format(status))
  connection:close()
end

connect.run(function()
  local given = connect.arguments(USAGE, { port = true, requests = true }, 1)
  local origin, port = given[1]:match "^(https?://[^/]+)/?$", (given.port or "8080"):match "^%d+$"
  if not origin or not port then error("usage: " .. USAGE, 0) end
  local left = given.requests and connect.count(given.requests, nil, USAGE) or math.huge
  local secret = connect.environment "HUBSPOT_CLIENT_SECRET"
  if not secret then error("Set HUBSPOT_CLIENT_SECRET to the client secret of your app.", 0) end
  local listener = connect.check(socket.bind("127.0.0.1", tonumber(port)))
  io.stdout:setvbuf "line"
  print(("Listening on http://%s:%s"):format(listener:getsockname()))
  while left > 0 do
    local connection = listener:accept()
    if connection then
      serve(connection, secret, origin)
      left = left - 1
    end
  end
end)
