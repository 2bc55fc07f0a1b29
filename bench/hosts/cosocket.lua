-- Reads a contact without a client, as a user of nginx may write it: over a cosocket, from a pool of kept connections.
-- It sends the headers that the client sends and does what the client does for its caller, other than retries and
-- limits: it escapes path and query, reads all headers, tells a connection that may be kept from one that may not,
-- decodes the body, and makes an error of what is not a success.
--
-- lua-resty-http, which many would take, is not in Debian; this does the same with less around it.

local cjson = require "cjson.safe"

local cosocket = {}

local CONNECT_MS, SEND_MS, READ_MS = 10000, 30000, 30000
local IDLE_MS, POOL_SIZE = 60000, 64

local function read_head(sock)
  local line, err = sock:receive "*l"
  if not line then return nil, err end
  local status = tonumber(line:match "^HTTP/1%.[01] (%d%d%d)")
  if not status then return nil, "no HTTP answer: " .. line end
  local headers = {}
  while true do
    line, err = sock:receive "*l"
    if not line then return nil, err end
    if line == "" then return status, headers end
    local name, value = line:match "^([^:]+):%s*(.-)%s*$"
    if not name then return nil, "no header: " .. line end
    name = name:lower()
    headers[name] = headers[name] and headers[name] .. ", " .. value or value
  end
end

local function exchange(sock, host, port, path, token)
  local sent, send_err = sock:send {
    "GET ",
    path,
    " HTTP/1.1\r\nHost: ",
    host,
    ":",
    port,
    "\r\nAccept-Encoding: identity\r\nAccept: application/json\r\nUser-Agent: cosocket",
    "\r\nAuthorization: Bearer ",
    token,
    "\r\n\r\n",
  }
  if not sent then return nil, send_err end
  local status, headers = read_head(sock)
  if not status then return nil, headers end
  local length = tonumber(headers["content-length"])
  if not length then return nil, "no Content-Length" end
  local body, body_err = sock:receive(length)
  if not body then return nil, body_err end
  if headers.connection == "close" then
    sock:close()
  else
    sock:setkeepalive(IDLE_MS, POOL_SIZE)
  end
  return status, body
end

--- Reads a contact.
function cosocket.get(host, port, token, id, properties)
  local ngx = rawget(_G, "ngx")
  local sock = ngx.socket.tcp()
  sock:settimeouts(CONNECT_MS, SEND_MS, READ_MS)
  local connected, connect_err = sock:connect(host, port)
  if not connected then return nil, connect_err end
  local path = ("/crm/objects/2026-09/contacts/%s?properties=%s"):format(
    ngx.escape_uri(tostring(id)),
    ngx.escape_uri(table.concat(properties, ","))
  )
  local status, body = exchange(sock, host, port, path, token)
  if not status then
    sock:close()
    return nil, body
  end
  local contact, decode_err = cjson.decode(body)
  if not contact then return nil, decode_err end
  if status < 200 or status > 299 then return nil, contact.message or ("HTTP " .. status) end
  return contact
end

return cosocket
