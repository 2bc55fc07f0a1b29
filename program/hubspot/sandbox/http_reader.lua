--- Reads HTTP/1.1 requests from bytes as they arrive.
--
-- `source` has `more()` → bytes, or nil when the peer is gone, `say(bytes)` to send an interim answer, and
-- `most_body(head)`, the bytes that the body of a request may have.
local texts = require "hubspot.sandbox.text"

local http_reader = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.HttpReader", __index = methods }

local MOST_HEAD = 65536

--- A reader of a source.
function http_reader.new(source) return setmetatable({ source = source, buffer = "", from = 1 }, metatable) end

--- Returns whether bytes of a further request are here.
function methods:has_more() return self.from <= #self.buffer end

local function fill(reader)
  local bytes = reader.source.more()
  if not bytes then return false end
  if reader.from > 1 then
    reader.buffer, reader.from = reader.buffer:sub(reader.from), 1
  end
  reader.buffer = reader.buffer .. bytes
  return true
end

-- A line without its end, or nil and a status where there is none.
local function read_line(reader)
  local seen = 0
  while true do
    local at = reader.buffer:find("\n", reader.from + seen, true)
    if at then
      local last = reader.buffer:byte(at - 1) == 13 and at > reader.from and at - 2 or at - 1
      local line = reader.buffer:sub(reader.from, last)
      reader.from = at + 1
      return line
    end
    seen = #reader.buffer - reader.from + 1
    if seen > MOST_HEAD then return nil, 431 end
    if not fill(reader) then return nil end
  end
end

local function read_bytes(reader, count)
  local have = #reader.buffer - reader.from + 1
  if have >= count then
    local bytes = reader.buffer:sub(reader.from, reader.from + count - 1)
    reader.from = reader.from + count
    return bytes
  end
  local parts = { reader.buffer:sub(reader.from) }
  while have < count do
    local bytes = reader.source.more()
    if not bytes then return nil end
    parts[#parts + 1] = bytes
    have = have + #bytes
  end
  local all = table.concat(parts)
  reader.buffer, reader.from = all, count + 1
  return all:sub(1, count)
end

-- Tells whether a request begins here: TLS and other protocols begin otherwise, and may wait for an answer for ever.
local function begins_as_http(reader)
  if not reader:has_more() and not fill(reader) then return nil end
  return reader.buffer:find("^[%u\r\n]", reader.from) ~= nil
end

-- The first line of a request, or nil and a status. Empty lines before it are tolerated, as RFC 9112 asks.
local function read_start(reader)
  local line, status
  repeat
    local begins = begins_as_http(reader)
    if not begins then return nil, begins == false and 400 or nil end
    line, status = read_line(reader)
  until line ~= ""
  return line, status
end

-- Adds a line to the headers; gives false where it is none, or tells another length than one before it.
local function add_header(headers, line)
  local name, value = line:match "^([%w!#$%%&'*+.^_`|~-]+):(.*)$"
  if not name then return false end
  name, value = name:lower(), texts.trim(value)
  local earlier = headers[name]
  if name == "content-length" then
    if earlier and earlier ~= value then return false end
    headers[name] = value
  else
    headers[name] = earlier and earlier .. ", " .. value or value
  end
  return true
end

local function read_head(reader)
  local line, status = read_start(reader)
  if not line then return nil, status end
  local method, target, version = line:match "^(%u+) (%S+) HTTP/1%.(%d)$"
  if not method then return nil, 400 end
  local headers, size = {}, #line
  while true do
    line, status = read_line(reader)
    if not line then return nil, status end
    if line == "" then break end
    size = size + #line
    if size > MOST_HEAD then return nil, 431 end
    if not add_header(headers, line) then return nil, 400 end
  end
  return { method = method, url = target, headers = headers, minor = tonumber(version) }
end

local function read_chunked(reader, most)
  local parts, size = {}, 0
  while true do
    local line = read_line(reader)
    local digits = line and line:match "^(%x+)%s*;?.*$"
    if not digits or #digits > 8 then return nil, line and 400 end
    local length = tonumber(digits, 16)
    if length == 0 then break end
    size = size + length
    if size > most then return nil, 413 end
    local bytes = read_bytes(reader, length)
    if not bytes then return nil end
    parts[#parts + 1] = bytes
    if read_line(reader) ~= "" then return nil, 400 end
  end
  local trailer
  repeat
    trailer = read_line(reader)
  until not trailer or trailer == ""
  return table.concat(parts)
end

local function read_body(reader, head)
  local coding, length = head.headers["transfer-encoding"], head.headers["content-length"]
  if not coding and not length then return "" end
  if coding and (coding:lower() ~= "chunked" or length) then return nil, 400 end
  if length and not length:match "^%d+$" then return nil, 400 end
  local most = reader.source.most_body(head)
  if length and tonumber(length) > most then return nil, 413 end
  if length and tonumber(length) == 0 then return "" end
  if (head.headers.expect or ""):lower() == "100-continue" and not reader:has_more() then
    reader.source.say "HTTP/1.1 100 Continue\r\n\r\n"
  end
  if coding then return read_chunked(reader, most) end
  return read_bytes(reader, tonumber(length))
end

--- The next request: `{ method=, url=, headers=, body=, minor= }`. Or nil and the status to refuse it with; nil alone
-- where the peer is gone.
function methods:next()
  local head, status = read_head(self)
  if not head then return nil, status end
  head.body, status = read_body(self, head)
  if not head.body then return nil, status end
  return head
end

return http_reader
