--- Finds out what became of records that a listing does not have.
-- @module hubspot.mirror.trace

local append = require "hubspot.append"
local merge = require "hubspot.merge"
local must = require("hubspot.mirror.failure").must

-- Records by every id that leads to them.
local function by_every_id(list)
  local by_id = {}
  for _, record in ipairs(list) do
    for _, id in ipairs(record.mergedIds or {}) do
      by_id[id] = by_id[id] or record
    end
  end
  for _, record in ipairs(list) do
    by_id[record.id] = record
  end
  return by_id
end

-- Adds those of some records that are live; gives the ids of the others.
local function read_live(resource, ids, reading, found)
  if #ids == 0 then return {} end
  local live, left = must(resource:get_many(ids, reading)), {}
  append(found.live, live)
  local by_id = by_every_id(live)
  for _, id in ipairs(ids) do
    local record = by_id[id]
    if not record then
      left[#left + 1] = id
    elseif record.id ~= id then
      table.insert(found.merges, { id = id, into = record.id })
    end
  end
  return left
end

--- Finds out by their ids what became of records.
-- @tparam table resource of the client
-- @tparam table ids texts
-- @tparam table reading options of a read of many
-- @treturn table `live` and `archived`, lists of records; `whole`, the archived ones by id; `merges`, of
--   `{ id =, into = }`; and `gone`, ids
return function(resource, ids, reading)
  local found = { live = {}, archived = {}, whole = {}, merges = {}, gone = {} }
  local left = read_live(resource, ids, reading, found)
  if #left == 0 then return found end
  found.archived = must(resource:get_many(left, merge { reading, { archived = true } }))
  found.whole = by_every_id(found.archived)
  local missing = {}
  for _, id in ipairs(left) do
    if not found.whole[id] then missing[#missing + 1] = id end
  end
  -- One may have been restored after it was not among the live ones, and before it was not among the archived ones.
  found.gone = read_live(resource, missing, reading, found)
  return found
end
