--- Associations: HubSpot changes no time when one comes or goes, so those of a pair of types are read whole, by the
-- side whose name is the first, and what differs is written.
-- @module hubspot.mirror.associations

local core = require "hubspot.core"
local failure = require "hubspot.mirror.failure"
local id_text = require("hubspot.id").text
local must = failure.must
local replace = require "hubspot.mirror.replace"
local seen_ids = require "hubspot.mirror.seen_ids"
local tables = require "hubspot.mirror.tables"
local types = require "hubspot.object.types"
local value = require "hubspot.mirror.value"
local views = require "hubspot.mirror.views"

local associations = {}

-- Ids that one request takes.
local IDS = 1000

-- Associations that are held at a time, as far as can be foreseen.
local ROWS = 5000

-- Associations that a record is taken to have at first, of a pair that was never read.
local FIRST_EXPECTED = 250

-- Two types in a run: `from`, a part, and `to`, a name; `was_read`, whether the mirror has their associations, and
-- `is_whole`, whether those of all records are read. `expected` is how many the last records had.
local function new_pair(fields)
  fields.expected = FIRST_EXPECTED
  return fields
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
    if pair.was_read then log(run, found) end
  end)
  run.counts.written = run.counts.written + #found.written + #found.deleted
end

-- The condition that rows are associations of some records.
local function condition_of(run, pair, ids)
  return ("from_object = %s AND to_object = %s AND from_id IN (%s)"):format(
    run.database:literal(pair.from.name),
    run.database:literal(pair.to),
    table.concat(ids, ",")
  )
end

-- Names the two records of an association.
local function link_of(cells) return cells[2] .. " " .. cells[4] end

-- Counts the rows that are of records which rows that are there associate, too: with another type.
local function count_linked(rows, present)
  local is_linked, count = {}, 0
  for _, cells in ipairs(present) do
    is_linked[link_of(cells)] = true
  end
  for _, cells in ipairs(rows) do
    if is_linked[link_of(cells)] then count = count + 1 end
  end
  return count
end

-- Reads the associations of some records, and compares them with those that the mirror has: as `replace.compare`, with
-- `relabelled`, how many of the deleted ones are of records that have others.
local function compare(run, pair, ids)
  local found = must(run.client.associations:get_many(pair.from.name, ids, pair.to))
  local rows = rows_of(pair.from.name, pair.to, found, run.now())
  pair.expected = #rows / #ids
  local compared = replace.compare(run.database, "associations", condition_of(run, pair, ids), rows)
  compared.relabelled = #compared.deleted > 0 and count_linked(compared.deleted, rows) or 0
  return compared
end

-- The same, and writes those that came.
local function take(run, pair, ids)
  local compared = compare(run, pair, ids)
  -- A relabelled pair is written whole; only what leaves nothing in its place may be the answer of an empty account.
  write(run, pair, { written = compared.written, deleted = {} })
  return compared
end

-- Counts the associations that the mirror has of records, by id.
local function count_known(run, pair, ids)
  local counts = {}
  local statement = "SELECT from_id, count(*) AS n FROM associations WHERE %s GROUP BY from_id"
  for _, row in ipairs(run.database:query(statement:format(condition_of(run, pair, ids)))) do
    counts[id_text(row.from_id)] = tonumber(row.n)
  end
  return counts
end

-- Calls a function with ids of records, at most 1,000, of which not too many associations are expected: as many as the
-- mirror has or, of a pair that was never read, as the records before had.
local function each_slice(run, pair, ids, fn)
  -- PostgreSQL takes no empty list.
  if #ids == 0 then return end
  local known, slice, rows = pair.was_read and count_known(run, pair, ids), {}, 0
  for _, id in ipairs(ids) do
    local expected = known and known[id] or not known and pair.expected or 0
    if #slice == IDS or #slice > 0 and rows + expected > ROWS then
      fn(slice)
      slice, rows = {}, 0
      -- It may be another one since.
      expected = known and expected or pair.expected
    end
    slice[#slice + 1], rows = id, rows + expected
  end
  if #slice > 0 then fn(slice) end
end

local function each_of_all(run, pair, fn)
  pair.from.records:each_live(nil, function(ids) each_slice(run, pair, ids, fn) end)
end

local TOUCHED = "t.id IN (SELECT id FROM mirror_touched WHERE object = %s)"

-- The records that have, or had, an association with some of the other type.
local function partners(run, pair, others)
  local database, ids, taken = run.database, {}, {}
  local function add(id)
    if not taken[id] then
      taken[id], ids[#ids + 1] = true, id
    end
  end
  local statement =
    "SELECT DISTINCT from_id FROM associations WHERE from_object = %s AND to_object = %s AND to_id IN (%s)"
  local from, to = database:literal(pair.from.name), database:literal(pair.to)
  for _, row in ipairs(database:query(statement:format(from, to, table.concat(others, ",")))) do
    add(id_text(row.from_id))
  end
  for _, record in ipairs(must(run.client.associations:get_many(pair.to, others, pair.from.name))) do
    for _, one in ipairs(record.to) do
      add(one.id)
    end
  end
  return ids
end

-- The records that changed, on either side, each once.
local function each_touched(run, pair, fn)
  local seen = seen_ids.new()
  local function each_unseen(ids)
    local unseen = seen:unseen(ids)
    seen:add(unseen)
    each_slice(run, pair, unseen, fn)
  end
  local literal = run.database.literal
  pair.from.records:each_live(TOUCHED:format(literal(run.database, pair.from.name)), each_unseen)
  run.parts[pair.to].records:each_live(
    TOUCHED:format(literal(run.database, pair.to)),
    function(others) each_unseen(partners(run, pair, others)) end
  )
end

-- Returns whether those of all records take no more requests than a run may spend on a pair.
local function is_small(run, pair)
  local most, database = run.options.association_requests, run.database
  if pair.from.records:count_live() > IDS * most then return false end
  local statement = "SELECT count(*) AS n FROM associations WHERE from_object = %s AND to_object = %s"
  local row = database:query(statement:format(database:literal(pair.from.name), database:literal(pair.to)))[1]
  return tonumber(row.n) <= ROWS * most
end

-- The records to read the associations of: all, where these are not too many; or those that changed.
local function each_list(run, pair, fn)
  local each = (pair.is_whole or is_small(run, pair)) and each_of_all or each_touched
  each(run, pair, fn)
end

local function read_pair(run, pair)
  local deleted, relabelled, count = {}, 0, 0
  each_list(run, pair, function(ids)
    local compared = take(run, pair, ids)
    count, relabelled = count + compared.count, relabelled + compared.relabelled
    for _, cells in ipairs(compared.deleted) do
      deleted[#deleted + 1] = cells
    end
  end)
  failure.guard(run.options.max_deletes, {
    count = #deleted,
    expected = relabelled,
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

-- The pairs that a comparison is about: those that it names, or those that runs of the mirror have read.
local function compared_pairs(run)
  if run.given_associations then return pairs_of(run) end
  local list = {}
  for _, row in ipairs(run.database:query "SELECT * FROM mirror_pairs ORDER BY from_object, to_object") do
    if run.parts[row.from_object] and run.parts[row.to_object] then
      list[#list + 1] = { row.from_object, row.to_object }
    end
  end
  return list
end

--- Counts the associations that the mirror has otherwise than HubSpot.
-- @tparam table run
-- @treturn integer
function associations.count_different(run)
  local count = 0
  for _, names in ipairs(compared_pairs(run)) do
    local pair = new_pair { from = run.parts[names[1]], to = names[2], was_read = true }
    each_of_all(run, pair, function(ids)
      local compared = compare(run, pair, ids)
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
  read_pair(run, new_pair { from = from, to = to.name, is_whole = is_whole, was_read = mark ~= nil })
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
