--- Reads the answer to one request of HTTP/1 as its bytes come, within bounds, whatever a server sends.
--
-- Failures are tables with `kind` and `message`, as of every transport, or with `problem`: what ended the bytes.
-- @module hubspot.transport.answer_reader

local core = require "hubspot.core"

local answer_reader = {}

local methods = {}

local metatable = { __name = "hubspot.transport.AnswerReader", __index = methods }

-- Of the first and all interim heads, chunk sizes and trailers together; beyond it these may take as much as the body.
local MAX_FRAMING_BYTES = 256 * 1024

-- Libcurl's number for an answer that could not be read; the hints go by it.
local RECEIVE_ERROR = 56

local function malformed(self, what)
  local message = ("the answer is not HTTP: %s (%s)"):format(what, self.source.origin)
  return nil, { kind = "network", message = message, curl_code = RECEIVE_ERROR }
end

local function too_large(self, limit, name)
  local message = ("answer of %s is larger than %s (%d)"):format(self.source.origin, name, limit)
  return nil, { kind = "decode", message = message }
end

-- Pieces of a body, joined as they come: a list of all would take many times their size where they are very small.
local PIECES_JOINED_AT_ONCE = 256

local function new_body() return { size = 0, pieces = {}, count = 0, joined = {} } end

local function join(body)
  body.joined[#body.joined + 1] = table.concat(body.pieces, "", 1, body.count)
  body.count = 0
end

local function add(body, piece)
  local count = body.count + 1
  body.pieces[count], body.count, body.size = piece, count, body.size + #piece
  if count == PIECES_JOINED_AT_ONCE then join(body) end
end

local function text_of(body)
  if #body.joined == 0 then return table.concat(body.pieces, "", 1, body.count) end
  join(body)
  return table.concat(body.joined)
end

--- Makes a reader.
-- @tparam table source `origin` names it; `source:receive()` waits for bytes and returns them, or nil and what ended
--   them, "closed" where that was their end
-- @tparam integer max_body_bytes
-- @treturn reader
function answer_reader.new(source, max_body_bytes)
  return setmetatable({
    source = source,
    max_body_bytes = max_body_bytes,
    buffer = "", -- received, and taken up to `position`
    position = 1,
    framing = 0, -- bytes that are no part of a body
    body_size = 0,
  }, metatable)
end

-- Bytes that were received and not taken yet.
local function available_bytes(self) return #self.buffer - self.position + 1 end

-- Receives more bytes, after all there were have been taken.
local function refill(self)
  local data, problem = self.source:receive()
  if not data then return nil, { problem = problem } end
  self.buffer, self.position = data, 1
  return true
end

local function take(self, count)
  local first = self.position
  self.position = first + count
  return self.buffer:sub(first, first + count - 1)
end

-- Returns the end of an empty line, or nil. Plain searches, since patterns cost more than all the rest.
local function find_empty_line(text, from)
  local _, last = text:find("\n\r\n", from, true)
  local _, bare = text:find("\n\n", from, true)
  return last and bare and math.min(last, bare) or last or bare
end

local function find_line_end(text, from) return (text:find("\n", from, true)) end

local function exceeds_framing(self, size) return self.framing + size > MAX_FRAMING_BYTES + self.body_size end

-- Receives until `find_end` finds an end in what comes, and joins it all once. Returns the end.
local function receive_to(self, find_end)
  local pieces, size = { self.buffer:sub(self.position) }, available_bytes(self)
  local seam = pieces[1]
  while true do
    if exceeds_framing(self, size) then return too_large(self, MAX_FRAMING_BYTES, "the limit for headers") end
    local data, problem = self.source:receive()
    if not data then return nil, { problem = problem } end
    -- An end is found where it began in the bytes before, too.
    local kept = seam:sub(-2)
    seam = kept == "" and data or kept .. data
    pieces[#pieces + 1] = data
    local last = find_end(seam, 1)
    if last then
      self.buffer, self.position = table.concat(pieces), 1
      return size - #kept + last
    end
    size = size + #data
  end
end

-- Takes the bytes up to the end that `find_end` finds. Returns the places of the first and the last in the buffer.
local function take_to(self, find_end)
  local last = find_end(self.buffer, self.position)
  if not last then
    local failure
    last, failure = receive_to(self, find_end)
    if not last then return nil, failure end
  end
  local first = self.position
  local size = last - first + 1
  if exceeds_framing(self, size) then return too_large(self, MAX_FRAMING_BYTES, "the limit for headers") end
  self.framing, self.position = self.framing + size, last + 1
  return first, last
end

-- A line, without its end.
local function take_line(self)
  local first, last = take_to(self, find_line_end)
  if not first then return nil, last end
  local ends_with_return = self.buffer:byte(last - 1) == 13 and last > first
  return self.buffer:sub(first, last - (ends_with_return and 2 or 1))
end

-- Status and headers of the answer, after those heads that only say that it will come.
local function read_head(self)
  while true do
    local first, last = take_to(self, find_empty_line)
    if not first then return nil, last end
    local text = self.buffer
    local version, status = text:match("^HTTP/1%.([01]) (%d%d%d)", first)
    if not version then
      return malformed(self, "it begins with " .. ("%q"):format(text:sub(first, math.min(last, first + 19))))
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

local function body_too_large(self) return too_large(self, self.max_body_bytes, "max_response_bytes") end

-- Adds `count` bytes to the body.
local function read_bytes(self, body, count)
  local available = available_bytes(self)
  while available < count do
    if available > 0 then add(body, take(self, available)) end
    count = count - available
    local more, failure = refill(self)
    if not more then return nil, failure end
    available = available_bytes(self)
  end
  add(body, take(self, count))
  return true
end

local function read_to_the_end(self)
  local body = new_body()
  while true do
    local available = available_bytes(self)
    if body.size + available > self.max_body_bytes then return body_too_large(self) end
    if available > 0 then add(body, take(self, available)) end
    local more, failure = refill(self)
    if not more then
      if failure.problem == "closed" then return text_of(body) end
      return nil, failure
    end
  end
end

local function read_length(self, length)
  if not length:find "^%d+$" then return malformed(self, "Content-Length is " .. length) end
  local count = tonumber(length)
  if count > self.max_body_bytes then return body_too_large(self) end
  if count <= available_bytes(self) then return take(self, count) end
  local body = new_body()
  local whole, failure = read_bytes(self, body, count)
  if not whole then return nil, failure end
  return text_of(body)
end

-- The trailers end with an empty line.
local function drop_trailers(self)
  local line, failure
  repeat
    line, failure = take_line(self)
    if not line then return nil, failure end
  until line == ""
  return true
end

-- Adds one chunk to the body. Returns its size.
local function read_chunk(self, body)
  local line, failure = take_line(self)
  if not line then return nil, failure end
  local size = tonumber(line:match "^(%x+)[ \t]*;?" or "", 16)
  if not size then return malformed(self, "a chunk has no size") end
  if size == 0 then return 0 end
  if body.size + size > self.max_body_bytes then return body_too_large(self) end
  local whole
  whole, failure = read_bytes(self, body, size)
  if not whole then return nil, failure end
  self.body_size = body.size
  line, failure = take_line(self)
  if not line then return nil, failure end
  if line ~= "" then return malformed(self, "a chunk is longer than it says") end
  return size
end

local function read_chunks(self)
  local body = new_body()
  local size, failure
  repeat
    size, failure = read_chunk(self, body)
    if not size then return nil, failure end
  until size == 0
  local dropped
  dropped, failure = drop_trailers(self)
  if not dropped then return nil, failure end
  return text_of(body)
end

local function read_body(self, head)
  local headers = head.headers
  if head.status == 204 or head.status == 304 then return "" end
  local encoding = headers["transfer-encoding"]
  if encoding then
    if encoding:lower() == "chunked" then return read_chunks(self) end
    return malformed(self, "Transfer-Encoding is " .. encoding)
  end
  local length = headers["content-length"]
  if length then return read_length(self, length) end
  head.is_kept = false
  return read_to_the_end(self)
end

--- Reads the answer. Afterwards `is_kept` says whether the connection can be kept for another request.
-- @treturn ?table `status`, `headers` and `body`; or nil and a failure
function methods:read()
  local head, failure = read_head(self)
  if not head then return nil, failure end
  local body
  body, failure = read_body(self, head)
  if not body then return nil, failure end
  local coding = head.headers["content-encoding"]
  if coding and coding ~= "identity" then return malformed(self, coding .. " was not asked for") end
  local wish = head.headers.connection
  self.is_kept = head.is_kept and available_bytes(self) == 0 and not (wish and wish:lower():find("close", 1, true))
  return { status = head.status, headers = head.headers, body = body }
end

return answer_reader
