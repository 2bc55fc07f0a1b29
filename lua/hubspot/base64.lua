--- Base64 of bytes.
-- @module hubspot.base64

local DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local base64 = {}

--- Encodes bytes, with `=` at the end where their number is no multiple of three.
-- @tparam string bytes
-- @treturn string
function base64.encode(bytes)
  local text = bytes:gsub("..?.?", function(group)
    local a, b, c = group:byte(1, 3)
    local number, encoded = a * 65536 + (b or 0) * 256 + (c or 0), {}
    for index = 4, 1, -1 do
      local digit = number % 64 + 1
      encoded[index] = index > #group + 1 and "=" or DIGITS:sub(digit, digit)
      number = math.floor(number / 64)
    end
    return table.concat(encoded)
  end)
  return text
end

return base64
