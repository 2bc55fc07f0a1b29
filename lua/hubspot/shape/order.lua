-- Sorts the records of a batch read in the order of the keys.

local fold = require("hubspot.text").fold

local order = {}

--- Sorts records by the keys of the request, each once. HubSpot leaves unknown ones out; records under any other key
-- come last.
-- @tparam table keys
-- @tparam table records
-- @tparam function keys_of function(record) that returns its keys, as `spell` makes them
-- @tparam[opt] function spell function(key) that gives what is the same for keys that mean one record; by default
--   `hubspot.text.fold`
-- @treturn table
function order.by_keys(keys, records, keys_of, spell)
  spell = spell or fold
  local by_key, ordered, taken = {}, {}, {}
  local function take(record)
    if record and not taken[record.id] then
      ordered[#ordered + 1] = record
      taken[record.id] = true
    end
  end
  for _, record in ipairs(records) do
    for _, key in ipairs(keys_of(record)) do
      by_key[key] = by_key[key] or record
    end
  end
  for _, key in ipairs(keys) do
    take(by_key[spell(key)])
  end
  for _, record in ipairs(records) do
    take(record)
  end
  return ordered
end

--- Sorts records by the ids that they were asked for with. One that others were merged into answers to their ids too:
-- it stands where its own id does, and where that was not asked for, where the first of theirs does.
-- @tparam table ids
-- @tparam table records
-- @treturn table
function order.by_ids(ids, records)
  local asked = {}
  for _, id in ipairs(ids) do
    asked[id] = true
  end
  return order.by_keys(ids, records, function(record)
    if asked[record.id] then return { record.id } end
    return record.mergedIds or {}
  end)
end

return order
