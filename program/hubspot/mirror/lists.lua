--- Lists and their members.
-- @module hubspot.mirror.lists

local core = require "hubspot.core"
local failure = require "hubspot.mirror.failure"
local replace = require "hubspot.mirror.replace"
local sorted_keys = require("hubspot.check").sorted_keys
local seen_ids = require "hubspot.mirror.seen_ids"
local tables = require "hubspot.mirror.tables"
local value = require "hubspot.mirror.value"

local lists = {}

local moment = value.moment

-- Tells whether a list may have other members than those that were read last.
local function mark_of(list)
  local more = list.additionalProperties or {}
  return ("%s %s %s %s"):format(
    tostring(list.size or ""),
    list.updatedAt or "",
    more.hs_last_record_added_at or "",
    more.hs_last_record_removed_at or ""
  )
end

local function row_of(list, object)
  local size = tonumber(list.size)
  return {
    list.listId,
    value.text(list.name),
    object,
    list.processingType,
    size and ("%d"):format(size) or nil,
    moment(list.createdAt),
    moment(list.updatedAt),
    value.json(list.filterBranch),
    mark = mark_of(list),
  }
end

-- The lists of a type; nil where HubSpot says that it has no lists of it.
local function read_type(run, name)
  local rows = {}
  -- HubSpot gives lists of contacts where no type is named.
  local all = run.client.lists:all { object_type = name }
  local list, err = all:next()
  while list do
    rows[#rows + 1] = row_of(list, name)
    list, err = all:next()
  end
  if err and err.status == 400 then return nil end
  if err then error(err, 0) end
  return rows
end

-- The rows of the lists of a run's types, or of those that the run names; and the types that have lists.
local function read_all(run)
  local wanted, is_wanted, rows, types = run.options.lists, {}, {}, {}
  for _, id in ipairs(type(wanted) == "table" and wanted or {}) do
    is_wanted[id] = true
  end
  for _, name in ipairs(run.options.objects) do
    local of_type = read_type(run, name)
    if of_type then types[#types + 1] = name end
    for _, row in ipairs(of_type or {}) do
      if wanted == "all" or is_wanted[row[1]] then
        rows[#rows + 1], is_wanted[row[1]] = row, nil
      end
    end
  end
  for _, id in ipairs(sorted_keys(is_wanted)) do
    run:note(("no type of the mirror has a list %s"):format(id))
  end
  return rows, types
end

local function known_marks(database)
  local known = {}
  for _, row in ipairs(database:query "SELECT list_id, mark FROM mirror_lists") do
    known[value.shown("id", row.list_id)] = row.mark
  end
  return known
end

-- Members of which a list may have any number are held some at a time.
local MEMBERS = 1000

-- Calls a function with rows of members, some at a time. Returns false where the list was deleted meanwhile.
local function each_members(run, row, fn)
  local all, members = run.client.lists:contacts(row[1], { raw = true }), {}
  local member, err = all:next()
  while member do
    members[#members + 1] = { row[1], row[3], value.shown("id", member.recordId), moment(member.membershipTimestamp) }
    if #members == MEMBERS then
      fn(members)
      members = {}
    end
    member, err = all:next()
  end
  if err and err.status == 404 then return false end
  if err then error(err, 0) end
  if #members > 0 then fn(members) end
  return true
end

-- Calls a function with what the mirror has otherwise of a list's members, some at a time: rows to be `written` and
-- `deleted`. Returns whether HubSpot gave the members.
local function each_difference(run, row, fn)
  local seen = seen_ids.new()
  local is_there = each_members(run, row, function(members)
    local ids = {}
    for index, cells in ipairs(members) do
      ids[index] = cells[3]
    end
    seen:add(ids)
    local condition = ("list_id = %s AND record_id IN (%s)"):format(row[1], table.concat(ids, ","))
    fn { written = replace.compare(run.database, "list_members", condition, members).written, deleted = {} }
  end)
  if not is_there then return false end
  -- A list that has members by its size and none by their list tells nothing.
  if seen:is_empty() and (tonumber(row[5]) or 0) > 0 then return false end
  local selection = { columns = "t.record_id", of = "list_members", id = "record_id", where = "t.list_id = " .. row[1] }
  run.database:each_slice(selection, function(stored)
    local ids, deleted = {}, {}
    for index, one in ipairs(stored) do
      ids[index] = value.shown("id", one.record_id)
    end
    for index, id in ipairs(seen:unseen(ids)) do
      deleted[index] = { row[1], row[3], id }
    end
    fn { written = {}, deleted = deleted }
  end)
  return true
end

local INTO_MARKS = tables.by_name.mirror_lists.into

-- Logs who joined the list and who left it, but for those that it had when it was first read.
local function log(run, found)
  local lines, now = {}, run.now()
  local function add(op, rows)
    for _, cells in ipairs(rows) do
      lines[#lines + 1] = { now, op, cells[2], cells[3], nil, core.encode { to = "lists", to_id = cells[1] } }
    end
  end
  add("associate", found.written)
  add("dissociate", found.deleted)
  run.database:upsert(tables.by_name.changes.into, lines)
end

-- `known_mark` is nil where the list is read for the first time.
local function take_members(run, row, known_mark)
  local database = run.database
  local is_told = each_difference(run, row, function(found)
    local count = #found.written + #found.deleted
    if count == 0 then return end
    database:transaction(function()
      replace.apply(database, "list_members", found)
      if known_mark then log(run, found) end
    end)
    run.counts.written = run.counts.written + count
    run:progress("list-members", count)
  end)
  if is_told then database:upsert(INTO_MARKS, { { row[1], row.mark } }) end
end

--- Counts the members of the mirror's lists that it has otherwise than HubSpot.
-- @tparam table run
-- @treturn table `different`; and `pending`, of lists that changed since, whose members the next run reads
function lists.count_different(run)
  local counts, known = { different = 0, pending = 0 }, known_marks(run.database)
  if next(known) == nil or run.options.lists == "none" then return counts end
  for _, row in ipairs((read_all(run))) do
    if known[row[1]] then
      local what = known[row[1]] == row.mark and "different" or "pending"
      each_difference(run, row, function(found) counts[what] = counts[what] + #found.written + #found.deleted end)
    end
  end
  return counts
end

local function is_alive(run)
  for _, part in pairs(run.parts) do
    if part:is_alive() then return true end
  end
  return false
end

-- Forgets the members of a list that was deleted, and logs that they left it: there may be any number.
local function drop_members(run, id)
  local database = run.database
  local of_list = ("FROM list_members WHERE list_id = %s"):format(id)
  database:execute(
    ("INSERT INTO changes (at, op, object, id, changed) SELECT %s, 'dissociate', object, record_id, %s %s ORDER BY record_id"):format(
      database:literal(run.now()),
      database:literal(core.encode { to = "lists", to_id = id }),
      of_list
    )
  )
  database:execute("DELETE " .. of_list)
  database:execute("DELETE FROM mirror_lists WHERE list_id = " .. id)
end

local function write_lists(run, rows, types)
  if #types == 0 then return end
  local database = run.database
  local names = {}
  for index, name in ipairs(types) do
    names[index] = database:literal(name)
  end
  local found = replace.compare(database, "lists", ("object IN (%s)"):format(table.concat(names, ",")), rows)
  -- With the ids of some lists, the others are not asked for.
  if type(run.options.lists) == "table" then found.deleted = {} end
  failure.guard(run.options.max_deletes, {
    count = #found.deleted,
    total = found.count,
    words = "lists",
    is_alive = function() return is_alive(run) end,
  })
  database:transaction(function()
    replace.apply(database, "lists", found)
    for _, cells in ipairs(found.deleted) do
      drop_members(run, cells[1])
    end
  end)
  run.counts.written = run.counts.written + #found.written + #found.deleted
end

--- Lets the members of a type's lists be read by the next run that reads lists, in the transaction that is open.
-- @tparam table database
-- @tparam string object the type's name
function lists.need(database, object)
  local of_object = ("SELECT list_id FROM lists WHERE object = %s"):format(database:literal(object))
  database:execute(("UPDATE mirror_lists SET mark = '' WHERE list_id IN (%s)"):format(of_object))
end

--- Reads the lists, and the members of those whose size or time of change is another one; after a sweep, those of all.
-- @tparam table run
function lists.run(run)
  if run.options.lists == "none" then return end
  local rows, types = read_all(run)
  write_lists(run, rows, types)
  local known = known_marks(run.database)
  for _, row in ipairs(rows) do
    if known[row[1]] ~= row.mark then take_members(run, row, known[row[1]]) end
  end
end

return lists
