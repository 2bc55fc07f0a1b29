-- Two remainders of 31 bits. Their factors keep every product below 2^53, where a double is exact, so that all Luas
-- count alike.
local LANES = { { factor = 1000003, modulus = 2147483647 }, { factor = 1299709, modulus = 2147483629 } }

--- A digest of a text, the same in every process and every Lua.
-- @module hubspot.paging.digest
-- @tparam string text
-- @treturn string 16 hexadecimal digits
return function(text)
  local parts = {}
  for index, lane in ipairs(LANES) do
    local sum = 0
    for place = 1, #text do
      sum = (sum * lane.factor + text:byte(place) + 1) % lane.modulus
    end
    parts[index] = ("%08x"):format(sum)
  end
  return table.concat(parts)
end
