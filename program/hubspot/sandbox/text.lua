--- Texts that clients send, of any length: each of these takes time in proportion to the text.
local core = require "hubspot.core"

local text = {}

--- A text without the blanks at its ends.
function text.trim(given)
  local first = given:find "%S"
  if not first then return "" end
  local after_last = given:reverse():find "%S"
  return given:sub(first, #given - after_last + 1)
end

-- The pieces of a text between its separators, empty ones too.
local function split(given, separator)
  local pieces, from = {}, 1
  while true do
    local at = given:find(separator, from, true)
    pieces[#pieces + 1] = given:sub(from, (at or 0) - 1)
    if not at then return pieces end
    from = at + 1
  end
end

--- A function(text) that tells whether a text is what a pattern says, in which `*` stands for anything.
function text.wildcard(pattern)
  local pieces = split(pattern, "*")
  local first, last = table.remove(pieces, 1), table.remove(pieces)
  return function(given)
    if not last then return given == first end
    if #given < #first + #last or given:sub(1, #first) ~= first or given:sub(#given - #last + 1) ~= last then
      return false
    end
    local middle, from = given:sub(#first + 1, #given - #last), 1
    for _, piece in ipairs(pieces) do
      local _, found = middle:find(piece, from, true)
      if not found then return false end
      from = found + 1
    end
    return true
  end
end

--- The characters of a text in UTF-8; half of a surrogate pair is one.
function text.characters(given)
  local _, following = given:gsub("[\128-\191]", "")
  return #given - following
end

--- Returns whether a text is UTF-8. JSON can hold half of a surrogate pair, and UTF-8 can't.
function text.is_utf8(given) return core.encode(given) ~= nil and not given:find "\237[\160-\191]" end

--- A text as JSON can hold it: one that is not UTF-8 with `\\xHH` for each byte that is not ASCII.
function text.printable(given)
  if core.encode(given) then return given end
  return (given:gsub("[\128-\255]", function(byte) return string.format("\\x%02X", byte:byte()) end))
end

return text
