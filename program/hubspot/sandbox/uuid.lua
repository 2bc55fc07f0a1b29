--- UUIDs for made things: unique in their portal, and the same in every run.
local uuid = {}

local function digits(number, modulus) return number % modulus end

--- The UUID of the thing with this number, of the kind that `salt` (a small number) stands for.
function uuid.of(salt, number)
  local mixed = digits(number * 48271 + salt * 7919, 2147483647)
  return string.format(
    "%08x-%04x-4%03x-8%03x-%04x%08x",
    mixed,
    digits(mixed, 65521),
    digits(salt, 4096),
    digits(mixed, 4093),
    digits(math.floor(number / 4294967296), 65536),
    digits(number, 4294967296)
  )
end

return uuid
