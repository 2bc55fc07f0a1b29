--- Numbers as HubSpot writes and reads them in texts: digits and a point, whatever the locale, and never an exponent.
local core = require "hubspot.core"
local texts = require "hubspot.sandbox.text"

local decimal = {}

local function is_digits(text) return not text:find "%D" end

--- The number that a text holds, spaces around it aside; nil where it holds none, or has an exponent.
function decimal.parse(text)
  local sign, rest = texts.trim(text):match "^([+-]?)(.*)$"
  local point = rest:find(".", 1, true) or #rest + 1
  local whole, fraction = rest:sub(1, point - 1), rest:sub(point + 1)
  if whole .. fraction == "" or not is_digits(whole .. fraction) then return nil end
  whole = whole:gsub("^0+", "")
  if whole == "" then whole = "0" end
  if fraction ~= "" then whole = whole .. "." .. fraction end
  local numbers = core.decode("[" .. (sign == "-" and "-" or "") .. whole .. "]")
  local number = numbers and numbers[1]
  -- The decoder reads a number that is too large for a double as infinite.
  return number and number - number == 0 and number or nil
end

-- The digits of a number and the place of its point among them.
local function expand(digits, point)
  if point <= 0 then
    return "0." .. ("0"):rep(-point) .. digits
  elseif point >= #digits then
    return digits .. ("0"):rep(point - #digits)
  end
  return digits:sub(1, point) .. "." .. digits:sub(point + 1)
end

--- The shortest text that reads as this finite number.
function decimal.text(number)
  local shown = core.encode({ number }):sub(2, -2)
  local mantissa, exponent = shown:match "^([^eE]*)[eE](.*)$"
  if not mantissa then return (shown:gsub("%.0$", "")) end
  local sign, digits = mantissa:match "^(%-?)(.*)$"
  local whole = digits:match "^%d*"
  local fraction = digits:sub(#whole + 2)
  if fraction == "0" then fraction = "" end
  return sign .. expand(whole .. fraction, #whole + tonumber(exponent))
end

return decimal
