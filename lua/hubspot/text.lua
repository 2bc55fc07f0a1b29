--- Texts that somebody else made, of any length: each of these takes time in proportion to the text.
-- Lua's patterns backtrack, so `^%s*(.-)%s*$` over blanks takes the square of their number.
-- @module hubspot.text

local text = {}

--- A text without the blanks at its ends.
-- @tparam string given
-- @treturn string
function text.trim(given)
  local first = given:find "%S"
  if not first then return "" end
  local after_last = given:reverse():find "%S"
  return given:sub(first, #given - after_last + 1)
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

--- A text of at most so many bytes, with an ellipsis where it was cut, and never in the middle of a character.
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
