-- Records of a batch read in the order of what was asked for.

--- Sorts records by the keys that they were asked for with. HubSpot leaves unknown ones out; what it gives under a
-- key that was not asked for (a merged contact has the id of the one that it went into) comes last.
-- @tparam table keys
-- @tparam table records
-- @tparam function keys_of function(record) that returns its keys, in lower case
-- @treturn table
local function in_order_of(keys, records, keys_of)
  local by_key, ordered, taken = {}, {}, {}
  for _, record in ipairs(records) do
    for _, key in ipairs(keys_of(record)) do by_key[key] = record end
  end
  for _, key in ipairs(keys) do
    local record = by_key[key:lower()]
    if record and not taken[record] then
      ordered[#ordered + 1] = record
      taken[record] = true
    end
  end
  for _, record in ipairs(records) do
    if not taken[record] then ordered[#ordered + 1] = record end
  end
  return ordered
end

return in_order_of
