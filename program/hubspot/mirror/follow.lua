--- Takes up what changed since the last run.
-- @module hubspot.mirror.follow

local append = require "hubspot.append"
local failure = require "hubspot.mirror.failure"
local field_of_each = require "hubspot.field_of_each"
local must = failure.must
local seen_ids = require "hubspot.mirror.seen_ids"
local time = require "hubspot.time"

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
  archived:add(field_of_each(sorted.archive, "id"))
  part.run.database:transaction(function()
    part:touch(part.records:write(sorted.upsert))
    part.records:merge(sorted.merges)
    part.records:archive(sorted.archive, whole)
    -- A place among archived records is none to resume at: all of them tell which ones are no longer there.
    if archived:is_empty() then
      part.state.cursor = cursor
      part:save()
    end
  end)
  part.run:progress(part.name, #page)
end

-- Takes up what became of records that the mirror has as archived, and HubSpot no longer; gives those that are gone:
-- `ids`, of `total` archived ones, and how many of them are `old`.
local function settle_left(part, archived)
  local gone = { ids = {}, total = 0, old = 0 }
  local kept_since = part.run.now_ms() - KEPT_MS
  part.records:each_archived(function(ids, archived_at)
    local left = archived:unseen(ids)
    gone.total = gone.total + #ids
    if #left == 0 then return end
    local found = part:trace(left)
    for _, id in ipairs(found.gone) do
      if (time.from_iso(archived_at[id]) or math.huge) <= kept_since then gone.old = gone.old + 1 end
    end
    append(gone.ids, found.gone)
    part.run.database:transaction(function() part:settle(found) end)
  end)
  return gone
end

local function settle_archive(part, archived, cursor)
  local gone = settle_left(part, archived)
  failure.guard(part.run.options.max_deletes, {
    count = #gone.ids,
    expected = gone.old,
    total = gone.total,
    words = "archived " .. part.kind.records,
    is_alive = function() return part:is_alive() end,
  })
  part.run.database:transaction(function()
    part:drop(gone.ids)
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
  local archived = seen_ids.new()
  for page in iterator:pages() do
    apply(part, page, archived, iterator:cursor())
  end
  settle_archive(part, archived, iterator:cursor())
end

--- Begins where no copy has been made: takes up the changes of the overlap, whose end is that of HubSpot's clock, and
-- all that is archived. Of a record that is restored after the copy has passed it only the archive tells.
function follow.begin(part)
  local records = part.records
  local iterator = part.resource:changes(part:reading { overlap = part.run.options.overlap, all_archived = true })
  for page in iterator:pages() do
    local sorted = sorted_by_op(page)
    local whole = with_values(part, sorted.archive)
    part.run.database:transaction(function()
      records:fill(sorted.upsert)
      records:archive(sorted.archive, whole)
    end)
  end
  part.run.database:transaction(function()
    part.state.phase, part.state.cursor = "copy", iterator:cursor()
    part:save()
  end)
end

return follow
