-- Records that were merged: one answers to the ids of those that went into it, which it does not tell unless asked.

local order = require "hubspot.shape.order"

-- The unrequested ids of an answer, and its records by their ids.
local function strays_among(asked_ids, records)
  local asked, strays, by_id = {}, {}, {}
  for _, id in ipairs(asked_ids) do
    asked[id] = true
  end
  for _, record in ipairs(records) do
    if not asked[record.id] and not by_id[record.id] then strays[#strays + 1] = record.id end
    by_id[record.id] = record
  end
  return strays, by_id
end

--- Makes the reader of merged records' `mergedIds`, which also sorts the records of a batch read.
-- @tparam table route that reads records by their ids
-- @treturn function(call, values, records), as a route's `resolve_merged`
return function(route)
  return function(call, values, records)
    local strays, by_id = strays_among(values.ids, records)
    if #strays == 0 then return records end
    local found, err =
      call:read(route, { ids = strays, archived = values.archived, properties = { "hs_merged_object_ids" } })
    if not found then return nil, err end
    for _, one in ipairs(found) do
      local record, merged = by_id[one.id], (one.properties or {}).hs_merged_object_ids
      if record and type(merged) == "string" then
        record.mergedIds = {}
        for id in merged:gmatch "%d+" do
          table.insert(record.mergedIds, id)
        end
      end
    end
    return order.by_ids(values.ids, records)
  end
end
