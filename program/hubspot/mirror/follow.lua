--- Takes up what changed since the last run.
-- @module hubspot.mirror.follow

local failure = require "hubspot.mirror.failure"
local id_text = require("hubspot.id").text
local must = failure.must
local time = require "hubspot.time"
local value = require "hubspot.mirror.value"

local follow = {}

-- HubSpot keeps archived records for 90 days: an older one that is gone is no surprise.
local KEPT_MS = 89 * 86400000

local function sorted_by_op(page)
  local sorted = { upsert = {}, archive = {}, merges = {} }
  for _, event in ipairs(page) do
    if event.op == "merge" then
      table.insert(sorted.merges, event)
    else
      table.insert(sorted[event.op], event.record)
    end
  end
  return sorted
end

-- Archived records whose values the mirror lacks, with these, by id.
local function with_values(part, archived)
  local whole = {}
  local ids = part.records:archived_otherwise(archived)
  if #ids == 0 then return whole end
  for _, record in ipairs(must(part.resource:get_many(ids, part:reading { archived = true }))) do
    whole[record.id] = record
  end
  return whole
end

local function apply(part, page, archived, cursor)
  local sorted = sorted_by_op(page)
  local whole = with_values(part, sorted.archive)
  for _, record in ipairs(sorted.archive) do
    archived.count = archived.count + 1
    archived.ids[record.id] = true
  end
  part.run.database:transaction(function()
    part:touch(part.records:write(sorted.upsert))
    part.records:merge(sorted.merges)
    part.records:archive(sorted.archive, whole)
    -- A place among archived records is none to resume at: all of them tell which ones are no longer there.
    if archived.count == 0 then
      part.state.cursor = cursor
      part:save()
    end
  end)
  part.run:progress(part.name, #page)
end

-- Records that the mirror has as archived, and HubSpot no longer.
local function left_archive(part, archived)
  local left, old = {}, {}
  local statement = ("SELECT id, archived_at FROM %s WHERE archived_at IS NOT NULL AND gone_at IS NULL AND merged_into IS NULL"):format(
    part.records.quoted
  )
  local rows = part.run.database:query(statement)
  for _, row in ipairs(rows) do
    local id = id_text(row.id)
    if not archived.ids[id] then
      left[#left + 1] = id
      local at = time.from_iso(value.shown("time", row.archived_at))
      old[id] = at ~= nil and at <= part.run.now_ms() - KEPT_MS
    end
  end
  return { ids = left, is_old = old, count = #rows }
end

local function settle_archive(part, archived, cursor)
  local left = left_archive(part, archived)
  local found = part:trace(left.ids)
  local old = 0
  for _, id in ipairs(found.gone) do
    if left.is_old[id] then old = old + 1 end
  end
  failure.guard(part.run.options.max_deletes, {
    count = #found.gone,
    expected = old,
    total = left.count,
    words = "archived " .. part.kind.records,
    is_alive = function() return part:is_alive() end,
  })
  part.run.database:transaction(function()
    part:settle(found)
    part.state.cursor, part.state.followed_at = cursor, part.run.now()
    part:save()
  end)
end

--- Reads the changes since the cursor of the state, to their end.
-- @tparam table part
function follow.run(part)
  local iterator = part.resource:changes(part:reading {
    cursor = part.state.cursor,
    overlap = part.run.options.overlap,
    known = function(ids) return part.records:known(ids) end,
    all_archived = true,
  })
  local archived = { ids = {}, count = 0 }
  for page in iterator:pages() do
    apply(part, page, archived, iterator:cursor())
  end
  settle_archive(part, archived, iterator:cursor())
end

--- Begins where no copy has been made: takes up the changes of the overlap, whose end is that of HubSpot's clock.
-- @tparam table part
function follow.begin(part)
  local records = part.records
  local iterator = part.resource:changes(part:reading { overlap = part.run.options.overlap })
  local archived = 0
  for page in iterator:pages() do
    local sorted = sorted_by_op(page)
    part.run.database:transaction(function()
      records:fill(sorted.upsert)
      archived = archived + #sorted.archive
    end)
  end
  part.run.database:transaction(function()
    part.state.phase, part.state.cursor = "copy", iterator:cursor()
    part:save()
  end)
end

return follow
