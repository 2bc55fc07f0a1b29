--- Compares a mirror with HubSpot, and tells what differs.
-- @module hubspot.mirror.verify

local associations = require "hubspot.mirror.associations"
local core = require "hubspot.core"
local failure = require "hubspot.mirror.failure"
local field_of_each = require "hubspot.field_of_each"
local lists = require "hubspot.mirror.lists"
local merge = require "hubspot.merge"
local must = failure.must
local records = require "hubspot.mirror.records"
local seen_ids = require "hubspot.mirror.seen_ids"
local schema = require "hubspot.mirror.schema"
local state = require "hubspot.mirror.state"
local time = require "hubspot.time"
local trace = require "hubspot.mirror.trace"
local types = require "hubspot.object.types"
local union = require "hubspot.shape.union"
local value = require "hubspot.mirror.value"

local verify = {}

-- Differences that are named; the others are counted only.
local MOST_NAMED = 100

local function note(report, what, object, id)
  report[what] = report[what] + 1
  if what == "different" and #report.named < MOST_NAMED then
    table.insert(report.named, { object = object, id = id })
  end
end

-- A change after the mirror's last window may still be taken up by the next one.
local function is_pending(one, text)
  local at = time.from_iso(text or "")
  return at ~= nil and at >= one.settled_until
end

local function compare(report, one, list)
  for _, record in ipairs(one.records:different(list)) do
    note(report, is_pending(one, record.updatedAt) and "pending" or "different", one.name, record.id)
  end
  report.compared = report.compared + #list
  return field_of_each(list, "id")
end

-- Live rows that HubSpot's list does not have: the next run may learn that their records were archived or merged since;
-- of one that is gone only a sweep tells.
local function note_unseen(report, one, unseen)
  local found, by_id, is_unseen, came = trace(one.resource, unseen, one.reading), {}, {}, {}
  for _, id in ipairs(unseen) do
    is_unseen[id] = true
  end
  for _, record in ipairs(found.live) do
    by_id[record.id] = record
    if is_unseen[record.id] then came[#came + 1] = record end
  end
  compare(report, one, came)
  for _, merged in ipairs(found.merges) do
    local may_come = is_pending(one, by_id[merged.into].updatedAt)
    note(report, may_come and "pending" or "different", one.name, merged.id)
  end
  for _, record in ipairs(found.archived) do
    note(report, is_pending(one, record.archivedAt) and "pending" or "different", one.name, record.id)
  end
  for _, id in ipairs(found.gone) do
    note(report, "different", one.name, id)
  end
end

local function compare_all(report, one)
  local seen = seen_ids.new()
  for page in one.resource:all(merge { one.reading, { parallel = one.parallel } }):pages() do
    seen:add(compare(report, one, page))
  end
  one.records:each_live(nil, function(ids) note_unseen(report, one, seen:unseen(ids)) end)
end

local function compare_sample(report, one, count)
  local ids = one.records:live_ids(("ORDER BY random() LIMIT %d"):format(count))
  if #ids == 0 then return end
  local list = must(one.resource:get_many(ids, one.reading))
  local found, unseen = {}, {}
  for _, id in ipairs(compare(report, one, list)) do
    found[id] = true
  end
  for _, id in ipairs(ids) do
    if not found[id] then unseen[#unseen + 1] = id end
  end
  note_unseen(report, one, unseen)
end

-- Returns whether the mirror leaves out properties that HubSpot has.
local function is_choice(columns, definitions)
  for _, definition in ipairs(definitions) do
    local is_kept = columns.by_property[definition.name]
    if not is_kept and columns.left_out[definition.name] == value.kind(definition.type) then return true end
  end
  return false
end

local function object_of(run, name)
  local database = run.database
  local columns, names = schema.columns(database, name), {}
  local definitions = must(run.client.properties:all { object_type = name })
  local may_lack_column = columns.is_full and not is_choice(columns, definitions)
  for _, definition in ipairs(definitions) do
    -- Where a table has room, a property without a column is none that the mirror keeps, or came after its last run.
    if columns.by_property[definition.name] or may_lack_column then names[#names + 1] = definition.name end
  end
  local current = state.read(database, name)
  local decoded = current.cursor and core.decode(current.cursor)
  local kind = types.find(name) or types.custom(name)
  return {
    name = name,
    reading = { properties = union { names, { kind.changed } }, deadline = 600 },
    database = database,
    resource = run.client:objects(name),
    records = records.new(database, name, { now = run.now, wanted = names }),
    settled_until = type(decoded) == "table" and type(decoded.at) == "table" and decoded.at.from or 0,
    parallel = run.options.parallel,
  }
end

local function verify_object(run, report, name)
  local one = object_of(run, name)
  local sample = run.options.sample
  if sample then
    compare_sample(report, one, sample)
  else
    compare_all(report, one)
  end
  run:progress(name, report.compared)
  return one
end

-- The types of which a mirror has tables.
local function mirrored(database)
  local names = {}
  for _, current in ipairs(state.all(database)) do
    local table_name = schema.table_name(current.object)
    if next(database.dialect.columns(database, table_name)) ~= nil then names[#names + 1] = current.object end
  end
  return names
end

--- Compares. Without `objects` among the options of the run, all types that the mirror has.
-- @tparam table run
-- @treturn table `compared`, records; `different`; `pending`, changes that the next run may still take up;
--   `associations` and `members` of lists, those that differ; and `named`, the first different ones as
--   `{ object =, id = }`
function verify.run(run)
  local report = { compared = 0, different = 0, pending = 0, associations = 0, members = 0, named = {} }
  run.options.objects = run.given_objects and run.options.objects or mirrored(run.database)
  for _, name in ipairs(run.options.objects) do
    if not state.read(run.database, name).phase then failure.throw(("%s was never mirrored"):format(name)) end
    run.parts[name] = verify_object(run, report, name)
  end
  if not run.options.sample then
    report.associations = associations.count_different(run)
    local members = lists.count_different(run)
    report.members, report.pending = members.different, report.pending + members.pending
  end
  return report
end

return verify
