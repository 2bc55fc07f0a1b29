--- The first copy of a type's records, and the sweep that reads all of them again.
-- @module hubspot.mirror.copy

local append = require "hubspot.append"
local associations = require "hubspot.mirror.associations"
local core = require "hubspot.core"
local failure = require "hubspot.mirror.failure"
local field_of_each = require "hubspot.field_of_each"
local follow = require "hubspot.mirror.follow"
local interrupt = require "hubspot.interrupt"
local lists = require "hubspot.mirror.lists"
local tables = require "hubspot.mirror.tables"
local time = require "hubspot.time"

local copy = {}

-- Records to a transaction.
local ROWS = 1000

-- Calls a function with lists of the records from the place of the state on, and with the place after each.
local function each_list(part, fn)
  local iterator = part.resource:all(part:reading {
    parallel = part.run.options.parallel,
    cursor = part.state.place,
  })
  local list = {}
  for page in iterator:pages() do
    for _, record in ipairs(page) do
      list[#list + 1] = record
    end
    local place = iterator:cursor()
    if #list >= ROWS and place then
      fn(list, place)
      part.run:progress(part.name, #list)
      list = {}
    end
  end
  fn(list)
  part.run:progress(part.name, #list)
end

-- Lets all be read that changes no time of a record: a run may end before it does so.
local function need_relations(part)
  associations.need(part.run.database, part.name)
  lists.need(part.run.database, part.name)
end

-- First copy ---------------------------------------------------------------------------------------------------------

--- Copies all records, from where a run before was ended.
-- @tparam table part
function copy.run(part)
  if not part.state.phase then follow.begin(part) end
  each_list(part, function(list, place)
    part.run.database:transaction(function()
      part.records:fill(list)
      part.records:fill_merges(part:merges_of(list))
      part.state.place = place
      if not place then
        part.records:settle_merges()
        need_relations(part)
        part.state.phase, part.state.swept_at = "follow", part.run.now()
      end
      part:save()
    end)
  end)
end

-- Sweep --------------------------------------------------------------------------------------------------------------

local INTO_SEEN = tables.by_name.mirror_seen.into

-- The beginning of the window that comes next: changes before it should be known.
local function settled_until(part)
  local decoded = part.state.cursor and core.decode(part.state.cursor)
  return type(decoded) == "table" and type(decoded.at) == "table" and decoded.at.from or 0
end

local function begin(part)
  part.run.database:transaction(function()
    part.run.database:execute(
      ("DELETE FROM mirror_seen WHERE object = %s"):format(part.run.database:literal(part.name))
    )
    part.state.phase, part.state.place, part.state.missed = "sweep", nil, 0
    -- The sweep counts them again.
    part.state.misfits = 0
    part:save()
  end)
end

-- Counts the records that the windows should have told of, and did not. One that the mirror has as archived was
-- restored since this run read the archived ones, which changes no time: the next run's list of these tells of it.
local function count_missed(part, list)
  local until_ms, missed = settled_until(part), 0
  local fates = part.records:fates(field_of_each(list, "id"))
  for _, record in ipairs(list) do
    local at, fate = time.from_iso(record.updatedAt or ""), fates[record.id] or { state = "unknown" }
    local is_told = fate.state == "archived" or (fate.state == "live" and fate.at == at)
    if at and at < until_ms and not is_told then missed = missed + 1 end
  end
  return missed
end

local function take(part, list, place)
  local missed = count_missed(part, list)
  part.run.database:transaction(function()
    part:touch(part.records:mend(list))
    part.records:merge(part:merges_of(list))
    local seen = {}
    for index, record in ipairs(list) do
      seen[index] = { part.name, record.id }
    end
    part.run.database:upsert(INTO_SEEN, seen)
    part.state.place, part.state.missed = place, part.state.missed + missed
    part:save()
  end)
end

local UNSEEN = "NOT EXISTS (SELECT 1 FROM mirror_seen s WHERE s.object = %s AND s.id = t.id)"

-- Counts the ends of records that the mirror should have known: those that are within the next window, or came while
-- the sweep read, are not missed.
local function count_missed_ends(part, found)
  local until_ms, missed, changed = settled_until(part), 0, {}
  local function count(at)
    if at and time.from_iso(at) < until_ms then missed = missed + 1 end
  end
  for _, record in ipairs(found.live) do
    changed[record.id] = record.updatedAt
  end
  for _, record in ipairs(found.archived) do
    count(record.archivedAt)
  end
  for _, merge in ipairs(found.merges) do
    count(changed[merge.into])
  end
  return missed
end

-- Writes what became of the live records that the sweep did not meet; gives the ids of those that are gone.
local function settle_unseen(part)
  local gone = {}
  part.records:each_live(UNSEEN:format(part.run.database:literal(part.name)), function(ids)
    local found = part:trace(ids)
    append(gone, found.gone)
    part.run.database:transaction(function()
      part:settle(found)
      part.state.missed = part.state.missed + count_missed_ends(part, found)
      part:save()
    end)
  end)
  return gone
end

-- Mends what is archived: of properties that came, or were chosen since, it lacks the values.
local function sweep_archived(part)
  for page in part.resource:all(part:reading { archived = true }):pages() do
    part.run.database:transaction(function()
      part.records:mend_archived(page)
      part:save()
    end)
    part.run:progress(part.name, #page)
  end
end

local function finish(part)
  sweep_archived(part)
  local gone = settle_unseen(part)
  local allowed, problem = interrupt.pcall(failure.guard, part.run.options.max_deletes, {
    count = #gone,
    total = part.records:count_live(),
    words = part.kind.records,
    is_alive = function() return part:is_alive() end,
  })
  part.run.database:transaction(function()
    if allowed then
      part:drop(gone)
      need_relations(part)
      part.state.swept_at, part.state.sweep_reason = part.run.now(), nil
    end
    part.state.phase, part.state.place = "follow", nil
    part.run.database:execute(
      ("DELETE FROM mirror_seen WHERE object = %s"):format(part.run.database:literal(part.name))
    )
    part:save()
  end)
  if not allowed then error(problem, 0) end
end

--- Reads all records again and mends what differs, from where a run before was ended. Counts what the windows missed.
-- @tparam table part
function copy.sweep(part)
  if part.state.phase ~= "sweep" then begin(part) end
  each_list(part, function(list, place) take(part, list, place) end)
  finish(part)
  if part.state.missed > 0 then
    part.run:note(("the sweep of %s found %d changes that the windows had missed"):format(part.name, part.state.missed))
  end
end

return copy
