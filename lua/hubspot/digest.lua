--- Digests of texts, the same in every process and every Lua. They find changes, and keep no secrets.
-- @module hubspot.digest

local core = require "hubspot.core"

local digest = {}

local methods = {}
local metatable = { __name = "hubspot.Digest", __index = methods }

--- Adds a piece of the text.
-- @tparam string text
function methods:add(text)
  self.a, self.b = core.digest(self.a, self.b, text)
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
