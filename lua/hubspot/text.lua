--- Functions for foreign texts of any length: each takes time in proportion to the text. Lua's patterns backtrack, so
-- `^%s*(.-)%s*$` over blanks takes the square of their number.
-- @module hubspot.text

local text = {}

local char, byte = string.char, string.byte

-- Lower-case letters by upper-case ones: those of ASCII, and in UTF-8 those of two bytes of Latin, Greek and Cyrillic.
-- string.lower goes by the locale, and knows no UTF-8.
local LOWER = {}

local function utf8_char(code) return char(0xC0 + math.floor(code / 64), 0x80 + code % 64) end

local function add_letters(first, last, distance, step)
  for code = first, last, step or 1 do
    LOWER[utf8_char(code)] = utf8_char(code + distance)
  end
end

for code = byte "A", byte "Z" do
  LOWER[char(code)] = char(code + 32)
end
add_letters(0xC0, 0xD6, 32)
add_letters(0xD8, 0xDE, 32)
add_letters(0x100, 0x136, 1, 2)
add_letters(0x139, 0x147, 1, 2)
add_letters(0x14A, 0x176, 1, 2)
add_letters(0x179, 0x17D, 1, 2)
add_letters(0x391, 0x3AB, 32)
add_letters(0x400, 0x40F, 80)
add_letters(0x410, 0x42F, 32)

--- A text without the blanks at its ends.
-- @tparam string given
-- @treturn string
function text.trim(given)
  -- Fast path: most texts begin and end with a printable character of ASCII.
  local head, tail = byte(given, 1), byte(given, -1)
  if head and head > 32 and head < 127 and tail > 32 and tail < 127 then return given end
  local first = given:find "%S"
  if not first then return "" end
  local after_last = given:reverse():find "%S"
  return given:sub(first, #given - after_last + 1)
end

--- The key by which texts are one that HubSpot takes for one, as e-mail addresses in any case: without blanks at its
-- ends, in lower case.
-- @tparam string given
-- @treturn string
function text.fold(given)
  -- Most keys are printable ASCII without capitals.
  if not given:find "[^!-@%[-~]" then return given end
  return (text.trim(given):gsub("[A-Z]", LOWER):gsub("[\195-\208][\128-\191]", LOWER))
end

--- A text without the characters at its end that are `ending`.
-- @tparam string given
-- @tparam string ending one character
-- @treturn string
function text.without_ending(given, ending)
  local last = #given
  while given:sub(last, last) == ending do
    last = last - 1
  end
  return given:sub(1, last)
end

--- Cuts a text to a number of bytes, with an ellipsis where it was cut, and never in the middle of a character.
-- @tparam string given
-- @tparam integer limit bytes, without those of the ellipsis
-- @treturn string
function text.shorten(given, limit)
  if #given <= limit then return given end
  local last = limit
  -- The bytes of a character after its first one are 10xxxxxx; it has at most three of them.
  for _ = 1, 3 do
    local following = given:byte(last + 1)
    if following < 0x80 or following > 0xBF then break end
    last = last - 1
  end
  return given:sub(1, last) .. "…"
end

return text
