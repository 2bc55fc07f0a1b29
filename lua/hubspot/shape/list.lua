--- Spells lists, their members and their legacy ids as HubSpot's date-versioned API does.
-- @module hubspot.shape.list

local filters = require "hubspot.shape.filters"
local id = require "hubspot.id"
local must = require "hubspot.shape.must"

local shape = {}

--- The definition of a list.
function shape.definition(definition)
  local wire = {}
  for name, value in pairs(definition) do
    wire[name] = value
  end
  wire.objectTypeId, wire.object_type = definition.objectTypeId or "0-1", nil
  wire.processingType = definition.processingType or "MANUAL"
  wire.filterBranch = definition.filterBranch and filters.branch(definition.filterBranch)
  wire.listFolderId = id.number(definition.listFolderId)
  return wire
end

--- The memberships of a page or batch.
function shape.memberships(answer)
  local memberships = id.in_record(must.table(answer.results, "results"))
  for _, membership in ipairs(memberships) do
    must.numeric_id(membership.recordId, "a membership's recordId")
  end
  return memberships
end

--- Reads the answer to adding to a list, or removing from it.
-- @tparam string done "added" or "removed"
function shape.membership_change(done)
  return function(answer, values)
    -- HubSpot spells the first one recordsIdsAdded.
    local changed = answer.recordsIdsAdded or answer.recordIdsAdded or {}
    if done == "removed" then changed = answer.recordIdsRemoved or answer.recordsIdsRemoved or {} end
    local missing = answer.recordIdsMissing or answer.recordsIdsMissing or {}
    changed, missing = id.texts(changed), id.texts(missing)
    local accounted, unchanged = {}, {}
    for _, ids in ipairs { changed, missing } do
      for _, told in ipairs(ids) do
        accounted[told] = true
      end
    end
    for _, asked in ipairs(values.ids) do
      if not accounted[asked] then unchanged[#unchanged + 1] = asked end
    end
    return { [done] = changed, unchanged = unchanged, missing_ids = missing }
  end
end

--- Reads an id mapping `{ { legacyListId =, listId = }, … }`: lists by their legacy ids, and legacy ids without one.
function shape.id_mapping(answer)
  local pairs = id.in_record(must.table(answer.legacyListIdsToIdsMapping, "legacyListIdsToIdsMapping"))
  for _, pair in ipairs(pairs) do
    must.numeric_id(pair.legacyListId, "a legacyListId")
    must.numeric_id(pair.listId, "a listId")
  end
  return {
    {
      pairs = pairs,
      missing = id.texts(answer.missingLegacyListIds or {}),
    },
  }
end

--- A list, as it comes alone (in `list` or `updatedList`) or among others.
function shape.record(answer)
  -- The filters are HubSpot's, and sent back as they came.
  local list = id.in_fields(answer.list or answer.updatedList or answer)
  local additional = list.additionalProperties
  if list.size == nil and additional and additional.hs_list_size then list.size = tonumber(additional.hs_list_size) end
  return list
end

--- Lists of a page or batch.
function shape.records(answer)
  local lists = {}
  for index, list in ipairs(answer.lists or {}) do
    lists[index] = shape.record(list)
  end
  return lists
end

return shape
