--- Reads HTTP/1.1 requests from bytes as they arrive.
--
-- `source` has `more()` → bytes, or nil when the peer is gone, and `say(bytes)` to send an interim answer.
local texts = require "hubspot.sandbox.text"

local http_reader = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.HttpReader", __index = methods }

local MOST_HEAD = 65536
local MOST_BODY = 32 * 1024 * 1024

function http_reader.new(source) return setmetatable({ source = source, buffer = "" }, metatable) end

local function fill(reader)
  local bytes = reader.source.more()
  if not bytes then return false end
  reader.buffer = reader.buffer .. bytes
  return true
end

-- A line without its end, or nil and a status where there is none.
local function read_line(reader)
  while true do
    local from, to = reader.buffer:find "\r?\n"
    if from then
      local line = reader.buffer:sub(1, from - 1)
      reader.buffer = reader.buffer:sub(to + 1)
      return line
    end
    if #reader.buffer > MOST_HEAD then return nil, 431 end
    if not fill(reader) then return nil end
  end
end

local function read_bytes(reader, count)
  local parts, have = { reader.buffer }, #reader.buffer
  while have < count do
    local bytes = reader.source.more()
    if not bytes then return nil end
    parts[#parts + 1] = bytes
    have = have + #bytes
  end
  local all = table.concat(parts)
  reader.buffer = all:sub(count + 1)
  return all:sub(1, count)
end

local function read_head(reader)
  local line, status
  -- Empty lines before a request are tolerated, as RFC 9112 asks.
  repeat
    line, status = read_line(reader)
  until line ~= ""
  if not line then return nil, status end
  local method, target, version = line:match "^(%u+) (%S+) HTTP/1%.(%d)$"
  if not method then return nil, 400 end
  local headers, size = {}, #line
  while true do
    line, status = read_line(reader)
    if not line then return nil, status end
    if line == "" then break end
    size = size + #line
    local name, value = line:match "^([%w!#$%%&'*+.^_`|~-]+):(.*)$"
    if not name then return nil, 400 end
    if size > MOST_HEAD then return nil, 431 end
    name, value = name:lower(), texts.trim(value)
    if name == "content-length" and headers[name] and headers[name] ~= value then return nil, 400 end
    headers[name] = headers[name] and name ~= "content-length" and headers[name] .. ", " .. value or value
  end
  return { method = method, url = target, headers = headers, minor = tonumber(version) }
end

local function read_chunked(reader)
  local parts, size = {}, 0
  while true do
    local line = read_line(reader)
    local digits = line and line:match "^(%x+)%s*;?.*$"
    if not digits or #digits > 8 then return nil, line and 400 end
    local length = tonumber(digits, 16)
    if length == 0 then break end
    size = size + length
    if size > MOST_BODY then return nil, 413 end
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
  if coding and (coding:lower() ~= "chunked" or length) then return nil, 400 end
  if length and not length:match "^%d+$" then return nil, 400 end
  if length and tonumber(length) > MOST_BODY then return nil, 413 end
  if not coding and (not length or tonumber(length) == 0) then return "" end
  if (head.headers.expect or ""):lower() == "100-continue" and reader.buffer == "" then
    reader.source.say "HTTP/1.1 100 Continue\r\n\r\n"
  end
  if coding then return read_chunked(reader) end
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
