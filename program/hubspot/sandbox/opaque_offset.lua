--- The paging of the e-mail APIs: `limit`, and an `offset` that means nothing to whoever echoes it.
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local opaque_offset = {}

local PAGE, LARGEST_PAGE = 10, 1000
local ALPHABET = "CyZ8kQ2bMfW5rTnG"

local function checksum(text)
  local sum = 7
  for index = 1, #text do
    sum = (sum * 31 + text:byte(index)) % 65536
  end
  return string.format("%04x", sum)
end

--- The token for a position, which is a list of whole numbers. `kind` names the listing: a token of one is refused by
-- the others.
function opaque_offset.make(kind, ...)
  local parts = { kind }
  for _, number in ipairs { ... } do
    parts[#parts + 1] = string.format("%d", number)
  end
  local text = table.concat(parts, ":")
  text = checksum(text) .. text
  return (
    text:gsub(".", function(letter)
      local byte = letter:byte()
      local high, low = math.floor(byte / 16) + 1, byte % 16 + 1
      return ALPHABET:sub(high, high) .. ALPHABET:sub(low, low)
    end)
  )
end

local function decode(token)
  if #token % 2 == 1 then return nil end
  local bytes = {}
  for pair in token:gmatch ".." do
    local high, low = ALPHABET:find(pair:sub(1, 1), 1, true), ALPHABET:find(pair:sub(2, 2), 1, true)
    if not high or not low then return nil end
    bytes[#bytes + 1] = string.char((high - 1) * 16 + low - 1)
  end
  local text = table.concat(bytes)
  local sum, rest = text:sub(1, 4), text:sub(5)
  return sum == checksum(rest) and rest or nil
end

--- The position that a request's `offset` stands for, as a list of numbers; nil at the start.
function opaque_offset.read(req, kind)
  local token = request.text(req, "offset")
  if not token then return nil end
  local text = decode(token)
  if not text or text:match "^[^:]*" ~= kind then
    reply.fail(400, "Invalid offset: " .. token, { category = "VALIDATION_ERROR" })
  end
  local numbers = {}
  for part in text:gmatch ":(%-?%d+)" do
    numbers[#numbers + 1] = tonumber(part)
  end
  return numbers
end

--- The page size; what exceeds the largest is cut to it.
function opaque_offset.limit(req)
  local limit = request.integer(req, "limit") or PAGE
  if limit < 1 then return PAGE end
  return math.min(limit, LARGEST_PAGE)
end

return opaque_offset
