--- Associations: HubSpot changes no time when one comes or goes, so those of a pair of types are read whole, by the
-- side whose name is the first, and what differs is written.
-- @module hubspot.mirror.associations

local core = require "hubspot.core"
local failure = require "hubspot.mirror.failure"
local id_text = require("hubspot.id").text
local must = failure.must
local replace = require "hubspot.mirror.replace"
local tables = require "hubspot.mirror.tables"
local types = require "hubspot.object.types"
local value = require "hubspot.mirror.value"
local views = require "hubspot.mirror.views"

local associations = {}

-- Ids that one request takes.
local IDS = 1000

local function next_ids(part, after)
  return part.records:live_ids(("AND t.id > %s ORDER BY t.id LIMIT %d"):format(after, IDS))
end

local function rows_of(from, to, found, now)
  local rows = {}
  for _, record in ipairs(found) do
    for _, other in ipairs(record.to) do
      for _, kind in ipairs(other.types) do
        rows[#rows + 1] = {
          from,
          record.id,
          to,
          other.id,
          kind.category,
          id_text(kind.typeId),
          value.text(kind.label),
          now,
        }
      end
    end
  end
  return rows
end

local function line_of(op, cells, now)
  return {
    now,
    op,
    cells[1],
    cells[2],
    nil,
    core.encode { to = cells[3], to_id = cells[4], category = cells[5], type_id = cells[6], label = cells[7] },
  }
end

local function log(run, found)
  local lines, now = {}, run.now()
  for _, cells in ipairs(found.deleted) do
    lines[#lines + 1] = line_of("dissociate", cells, now)
  end
  for _, cells in ipairs(found.written) do
    lines[#lines + 1] = line_of("associate", cells, now)
  end
  run.database:upsert(tables.by_name.changes.into, lines)
end

local function write(run, pair, found)
  run.database:transaction(function()
    replace.apply(run.database, "associations", found)
    if pair.is_logged then log(run, found) end
  end)
  run.counts.written = run.counts.written + #found.written + #found.deleted
end

-- Reads the associations of some records, and compares them with those that the mirror has.
local function compare(run, pair, ids)
  local from, to = pair.from.name, pair.to
  local found = must(run.client.associations:get_many(from, ids, to))
  local database = run.database
  local condition = ("from_object = %s AND to_object = %s AND from_id IN (%s)"):format(
    database:literal(from),
    database:literal(to),
    table.concat(ids, ",")
  )
  return replace.compare(database, "associations", condition, rows_of(from, to, found, run.now()))
end

-- The same, and writes those that came.
local function take(run, pair, ids)
  local compared = compare(run, pair, ids)
  -- A relabelled pair is written whole; only what leaves nothing in its place may be the answer of an empty account.
  write(run, pair, { written = compared.written, deleted = {} })
  return compared
end

local function each_of_all(part, fn)
  local after = "0"
  while true do
    local ids = next_ids(part, after)
    if #ids == 0 then return end
    fn(ids)
    after = ids[#ids]
  end
end

local function each_of(list, fn)
  for first = 1, #list, IDS do
    local ids = {}
    for index = first, math.min(first + IDS - 1, #list) do
      ids[#ids + 1] = list[index]
    end
    fn(ids)
  end
end

local TOUCHED = "IN (SELECT id FROM mirror_touched WHERE object = %s)"

-- The records that have, or had, an association with a record of the other type that changed.
local function partners(run, pair)
  local database, ids, taken = run.database, {}, {}
  local function add(id)
    if not taken[id] then
      taken[id], ids[#ids + 1] = true, id
    end
  end
  local from, to = database:literal(pair.from.name), database:literal(pair.to)
  local statement = "SELECT DISTINCT from_id FROM associations WHERE from_object = %s AND to_object = %s AND to_id "
  for _, row in ipairs(database:query((statement .. TOUCHED):format(from, to, to))) do
    add(id_text(row.from_id))
  end
  each_of(run.parts[pair.to].records:live_ids(("AND t.id " .. TOUCHED):format(to)), function(others)
    for _, record in ipairs(must(run.client.associations:get_many(pair.to, others, pair.from.name))) do
      for _, one in ipairs(record.to) do
        add(one.id)
      end
    end
  end)
  return ids
end

-- The records to read the associations of: all, where these are not too many; or those that changed, on either side.
local function each_list(run, pair, fn)
  local records = pair.from.records
  local is_small = records:count_live() <= IDS * run.options.association_requests
  if pair.is_whole or is_small then return each_of_all(pair.from, fn) end
  each_of(records:live_ids(("AND t.id " .. TOUCHED):format(run.database:literal(pair.from.name))), fn)
  each_of(partners(run, pair), fn)
end

local function read_pair(run, pair)
  local deleted, count = {}, 0
  each_list(run, pair, function(ids)
    local compared = take(run, pair, ids)
    count = count + compared.count
    for _, cells in ipairs(compared.deleted) do
      deleted[#deleted + 1] = cells
    end
  end)
  failure.guard(run.options.max_deletes, {
    count = #deleted,
    total = count,
    words = ("associations of %s with %s"):format(pair.from.name, pair.to),
    is_alive = function() return pair.from:is_alive() end,
  })
  write(run, pair, { written = {}, deleted = deleted })
end

-- Pairs --------------------------------------------------------------------------------------------------------------

local function in_order(a, b)
  if a <= b then return a, b end
  return b, a
end

local function name_of(run, given)
  local row = types.find(given)
  local name = row and row.name or given
  if not run.parts[name] then run:fail(("associations of %s need it among the objects of the mirror"):format(name)) end
  return name
end

-- The pairs of types whose associations a run reads, each `{ from, to }` in the order of their names.
local function pairs_of(run)
  local objects, wanted, list = run.options.objects, run.options.associations, {}
  if wanted == "none" then return list end
  if wanted ~= "auto" then
    for _, pair in ipairs(wanted) do
      list[#list + 1] = { in_order(name_of(run, pair[1]), name_of(run, pair[2])) }
    end
    return list
  end
  for index, first in ipairs(objects) do
    for place = index + 1, #objects do
      list[#list + 1] = { in_order(first, objects[place]) }
    end
  end
  return list
end

--- Counts the associations of a run's pairs that the mirror has otherwise than HubSpot.
-- @tparam table run
-- @treturn integer
function associations.count_different(run)
  local count = 0
  for _, names in ipairs(pairs_of(run)) do
    local part = run.parts[names[1]]
    each_of_all(part, function(ids)
      local compared = compare(run, { from = part, to = names[2] }, ids)
      count = count + #compared.written + #compared.deleted
    end)
  end
  return count
end

local function mark_of(database, from, to)
  local statement = "SELECT is_read FROM mirror_pairs WHERE from_object = %s AND to_object = %s"
  local stored = database:query(statement:format(database:literal(from), database:literal(to)))[1]
  return stored and value.shown("boolean", stored.is_read)
end

-- Reads one pair. It is read whole where that was not done since the last sweep of either side.
local function run_pair(run, from, to)
  local mark = mark_of(run.database, from.name, to.name)
  local is_whole = mark ~= "true"
  read_pair(run, { from = from, to = to.name, is_whole = is_whole, is_logged = mark ~= nil })
  if is_whole then
    run.database:upsert(tables.by_name.mirror_pairs.into, { { from.name, to.name, value.stored("boolean", "true") } })
  end
end

--- Lets the pairs of a type be read whole by the next run that reads them, in the transaction that is open.
-- @tparam table database
-- @tparam string object the type's name
function associations.need(database, object)
  local name = database:literal(object)
  database:execute(
    ("UPDATE mirror_pairs SET is_read = %s WHERE from_object = %s OR to_object = %s"):format(
      database:literal(value.stored("boolean", "false")),
      name,
      name
    )
  )
end

-- Forgets which records changed, but those of pairs that the run did not read.
local function clear_touched(run, pairs_read)
  local conditions = { "(p.from_object = mirror_touched.object OR p.to_object = mirror_touched.object)" }
  for _, names in ipairs(pairs_read) do
    local from, to = run.database:literal(names[1]), run.database:literal(names[2])
    conditions[#conditions + 1] = ("NOT (p.from_object = %s AND p.to_object = %s)"):format(from, to)
  end
  run.database:execute(
    "DELETE FROM mirror_touched WHERE NOT EXISTS (SELECT 1 FROM mirror_pairs p WHERE "
      .. table.concat(conditions, " AND ")
      .. ")"
  )
end

--- Reads the associations of all pairs of a run.
-- @tparam table run
function associations.run(run)
  local all = pairs_of(run)
  for _, names in ipairs(all) do
    run_pair(run, run.parts[names[1]], run.parts[names[2]])
    run:progress(names[1] .. "-" .. names[2], 0)
    views.refresh_pair(run.database, names[1], names[2])
  end
  clear_touched(run, all)
end

return associations
