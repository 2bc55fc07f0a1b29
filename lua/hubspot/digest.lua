--- Digests of texts, the same in every process and every Lua. They find changes, and keep no secrets.
-- @module hubspot.digest

local byte = string.byte

local digest = {}

-- Two remainders of 31 bits. Their factors keep every product below 2^53, where a double is exact, so that all Luas
-- count alike.
local FACTOR_A, MODULUS_A = 1000003, 2147483647
local FACTOR_B, MODULUS_B = 1299709, 2147483629

local methods = {}
local metatable = { __name = "hubspot.Digest", __index = methods }

--- Adds a piece of the text.
-- @tparam string text
function methods:add(text)
  local a, b = self.a, self.b
  for place = 1, #text do
    local one = byte(text, place) + 1
    a = (a * FACTOR_A + one) % MODULUS_A
    b = (b * FACTOR_B + one) % MODULUS_B
  end
  self.a, self.b = a, b
end

--- The digest of what was added.
-- @treturn string 16 hexadecimal digits
function methods:text() return ("%08x%08x"):format(self.a, self.b) end

--- Makes the digest of a text that comes in pieces.
-- @treturn table with `add(text)` and `text()`; its fields `a` and `b` are two numbers of 31 bits
function digest.new() return setmetatable({ a = 0, b = 0 }, metatable) end

--- The digest of a text.
-- @tparam string text
-- @treturn string 16 hexadecimal digits
function digest.of(text)
  local made = digest.new()
  made:add(text)
  return made:text()
end

return digest
