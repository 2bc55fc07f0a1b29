--- Lists and their members.
-- @module hubspot.mirror.lists

local core = require "hubspot.core"
local failure = require "hubspot.mirror.failure"
local must = failure.must
local replace = require "hubspot.mirror.replace"
local sorted_keys = require("hubspot.check").sorted_keys
local tables = require "hubspot.mirror.tables"
local types = require "hubspot.object.types"
local value = require "hubspot.mirror.value"

local lists = {}

local moment = value.moment

local function object_of(list)
  local row = types.find(list.objectTypeId or "0-1")
  return row and row.name or list.objectTypeId
end

local function row_of(list)
  local size = tonumber(list.size)
  return {
    list.listId,
    type(list.name) == "string" and (list.name:gsub("%z", "")) or nil,
    object_of(list),
    list.processingType,
    size and ("%d"):format(size) or nil,
    moment(list.createdAt),
    moment(list.updatedAt),
    list.filterBranch and core.encode(list.filterBranch) or nil,
  }
end

local function read_all(run)
  local wanted = run.options.lists
  if type(wanted) == "table" then return must(run.client.lists:get_many(wanted)) end
  local found = {}
  for list in run.client.lists:all() do
    found[#found + 1] = list
  end
  return found
end

-- Tells whether a list may have other members than those that were read last.
local function mark_of(row) return ("%s %s"):format(row[5] or "", row[7] or "") end

local function known_marks(database)
  local known = {}
  for _, row in ipairs(database:query "SELECT list_id, mark FROM mirror_lists") do
    known[value.shown("id", row.list_id)] = row.mark
  end
  return known
end

local function read_members(run, row)
  local members, taken = {}, {}
  for member in run.client.lists:contacts(row[1], { raw = true }) do
    local id = value.shown("id", member.recordId)
    if not taken[id] then
      taken[id] = true
      members[#members + 1] = { row[1], row[3], id, moment(member.membershipTimestamp) }
    end
  end
  return members
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
  local members = read_members(run, row)
  -- A list that has members by its size and none by their list tells nothing.
  if #members == 0 and (tonumber(row[5]) or 0) > 0 then return end
  local database = run.database
  database:transaction(function()
    local found = replace.compare(database, "list_members", "list_id = " .. row[1], members)
    replace.apply(database, "list_members", found)
    if known_mark then log(run, found) end
    database:upsert(INTO_MARKS, { { row[1], mark_of(row) } })
    run.counts.written = run.counts.written + #found.written + #found.deleted
  end)
  run:progress("list-members", #members)
end

--- Counts the members of the mirror's lists that it has otherwise than HubSpot.
-- @tparam table run
-- @treturn table `different`; and `pending`, of lists that changed since, whose members the next run reads
function lists.count_different(run)
  local counts, known = { different = 0, pending = 0 }, known_marks(run.database)
  local ids = sorted_keys(known)
  if #ids == 0 then return counts end
  for _, list in ipairs(must(run.client.lists:get_many(ids))) do
    local row = row_of(list)
    if run.parts[row[3]] then
      local found = replace.compare(run.database, "list_members", "list_id = " .. row[1], read_members(run, row))
      local what = known[row[1]] == mark_of(row) and "different" or "pending"
      counts[what] = counts[what] + #found.written + #found.deleted
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

local function write_lists(run, rows)
  local database = run.database
  local found = replace.compare(database, "lists", nil, rows)
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
      for _, name in ipairs { "list_members", "mirror_lists" } do
        database:execute(("DELETE FROM %s WHERE list_id = %s"):format(name, cells[1]))
      end
    end
  end)
  run.counts.written = run.counts.written + #found.written + #found.deleted
end

--- Reads the lists, and the members of those whose size or time of change is another one; in a run with a sweep, those
-- of all.
-- @tparam table run
function lists.run(run)
  if run.options.lists == "none" then return end
  local rows = {}
  for index, list in ipairs(read_all(run)) do
    rows[index] = row_of(list)
  end
  write_lists(run, rows)
  local known = known_marks(run.database)
  for _, row in ipairs(rows) do
    local part = run.parts[row[3]]
    if part and (part.is_swept or known[row[1]] ~= mark_of(row)) then take_members(run, row, known[row[1]]) end
  end
end

return lists
