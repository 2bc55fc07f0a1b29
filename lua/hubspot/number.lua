--- Numbers as text and back, whatever the locale's decimal point: Lua's own functions follow it, servers don't.
-- @module hubspot.number

local core = require "hubspot.core"

local number = {}

-- No longer text is read: the time that the pattern takes grows with the square of the length.
local LONGEST = 400

--- The shortest digits that read back as the same number, with at most a point and never an exponent: HubSpot refuses
-- exponents wherever it reads a text.
-- @tparam number value
-- @treturn ?string nil for NaN and infinities, which have no such form
function number.text(value) return core.decimal(value) end

--- A value as a message shows it, such as a key of a table.
-- @param value
-- @treturn string
function number.shown(value) return type(value) == "number" and number.text(value) or tostring(value) end

--- Seconds as a message shows them.
-- @tparam number value finite
-- @treturn string with at most three digits after the point
function number.seconds(value) return number.text(math.floor(value * 1000 + 0.5) / 1000) end

--- A number with a fixed count of digits after its point.
-- @tparam number value finite
-- @tparam integer decimals
-- @treturn string
function number.fixed(value, decimals)
  assert(value - value == 0, "not a finite number")
  -- printf writes the locale's point, which may be several bytes long.
  return (("%%.%df"):format(decimals):format(value):gsub("[^%d%-]+", "."))
end

--- The number that a text of digits stands for, which may have a sign, a point and an exponent.
-- @param text a number is given back, as a client of Redis may have read it
-- @treturn ?number nil where the text is no number, or too large to be one
function number.parse(text)
  if type(text) == "number" then return text end
  if type(text) ~= "string" or #text > LONGEST then return nil end
  local sign, digits, fraction, exponent = text:match "^([+-]?)(%d*)%.?(%d*)([eE]?[+-]?%d*)$"
  if not sign or digits .. fraction == "" then return nil end
  if exponent ~= "" and not exponent:find "^[eE][+-]?%d+$" then return nil end
  local literal = (sign == "-" and "-" or "") .. (digits:gsub("^0+(%d)", "%1"):gsub("^$", "0"))
  local value = core.decode(literal .. (fraction ~= "" and "." .. fraction or "") .. exponent)
  return value - value == 0 and value or nil
end

return number
