--- The table of one type of records: what a mirror writes to it, and the log of changes that goes with that.
-- @module hubspot.mirror.records

local append = require "hubspot.append"
local columns = require "hubspot.mirror.columns"
local each_list = require "hubspot.mirror.id_lists"
local field_of_each = require "hubspot.field_of_each"
local id_text = require("hubspot.id").text
local merges = require "hubspot.mirror.merges"
local row = require "hubspot.mirror.row"
local schema = require "hubspot.mirror.schema"
local tables = require "hubspot.mirror.tables"
local time = require "hubspot.time"
local value = require "hubspot.mirror.value"

local records = {}

local methods = {}
local metatable = { __name = "hubspot.mirror.Records", __index = methods }

-- Reading ------------------------------------------------------------------------------------------------------------

--- Rows of records by their ids, as the database has them.
-- @tparam table ids texts
-- @tparam ?string names of the columns; all when left out
-- @treturn table by id
function methods:stored(ids, names)
  local by_id = {}
  each_list(ids, function(list)
    local statement = ("SELECT %s FROM %s WHERE id IN (%s)"):format(names or "*", self.quoted, list)
    for _, stored in ipairs(self.database:query(statement)) do
      by_id[id_text(stored.id)] = stored
    end
  end)
  return by_id
end

local LIVE = "archived_at IS NULL AND merged_into IS NULL AND gone_at IS NULL"

--- The ids of live records.
-- @tparam string rest of the statement, which begins with AND or ORDER; the table's name in it is t
-- @treturn table texts
function methods:live_ids(rest)
  local ids = {}
  local statement = ("SELECT t.id FROM %s t WHERE %s %s"):format(self.quoted, LIVE, rest)
  for index, stored in ipairs(self.database:query(statement)) do
    ids[index] = id_text(stored.id)
  end
  return ids
end

local function each_slice(self, condition, fn)
  self.database:each_slice(
    { columns = "t.id, t.archived_at", of = self.quoted, id = "id", where = condition },
    function(rows)
      local ids, archived_at = {}, {}
      for index, stored in ipairs(rows) do
        local id = id_text(stored.id)
        ids[index], archived_at[id] = id, value.shown("time", stored.archived_at)
      end
      fn(ids, archived_at)
    end
  )
end

--- Calls a function with the ids of live records, by rising id, some at a time.
-- @tparam ?string condition more of it in SQL; the table's name in it is t
-- @tparam function fn function(ids), which are texts
function methods:each_live(condition, fn) each_slice(self, LIVE .. (condition and " AND " .. condition or ""), fn) end

--- The same with archived records.
-- @tparam function fn function(ids, archived_at), the times by id
function methods:each_archived(fn)
  each_slice(self, "archived_at IS NOT NULL AND merged_into IS NULL AND gone_at IS NULL", fn)
end

--- Counts the live records.
function methods:count_live()
  return tonumber(self.database:query(("SELECT count(*) AS n FROM %s WHERE %s"):format(self.quoted, LIVE))[1].n)
end

local FATE = "id, updated_at, archived_at, merged_into, gone_at"

local function state_of(stored)
  if stored.gone_at then return "gone" end
  if stored.merged_into then return "merged" end
  return stored.archived_at and "archived" or "live"
end

local function is_live(stored) return state_of(stored) == "live" end

--- Tells what the mirror knows of records.
-- @tparam table ids texts
-- @treturn table by id: `state` ("live", "archived", "merged" or "gone"), and `at`, when it changed last, in ms since
--   1970
function methods:fates(ids)
  local fates = {}
  for id, stored in pairs(self:stored(ids, FATE)) do
    fates[id] = { state = state_of(stored), at = time.from_iso(value.shown("time", stored.updated_at) or "") }
  end
  return fates
end

--- When live records changed last, as far as the mirror has them.
-- @tparam table ids texts
-- @treturn table ms since 1970 by id
function methods:known(ids)
  local known = {}
  for id, fate in pairs(self:fates(ids)) do
    if fate.state == "live" then known[id] = fate.at end
  end
  return known
end

-- Writing ------------------------------------------------------------------------------------------------------------

--- Adds lines to the log of changes. Each is `{ op =, id =, into =, changed = }`.
function methods:log(lines)
  local rows = {}
  for index, line in ipairs(lines) do
    rows[index] = { self.now(), line.op, self.object, line.id, line.into, value.json(line.changed) }
  end
  self.database:upsert(tables.by_name.changes.into, rows)
end

local moment = value.moment

-- The place of its column in a row.
local ARCHIVED_AT = 4

local function row_of(self, record, cells, extra)
  local values = { record.id, moment(record.createdAt), moment(record.updatedAt), nil, nil, nil, self.now(), extra }
  local own, list, stored = #columns.OWN, self.columns.list, value.stored
  for place = 1, #list do
    local cell = cells[place]
    if cell then values[own + place] = stored(list[place].kind, cell) end
  end
  return values
end

local function has_same_times(record, stored)
  return moment(record.createdAt) == value.shown("time", stored.created_at)
    and moment(record.updatedAt) == value.shown("time", stored.updated_at)
end

-- Makes the row that a record becomes, and the line of the log; nil where the table has it so.
local function change_of(self, record, stored)
  local cells, extra, misfits = row.cells(self.columns, record.properties, self.database.dialect, stored)
  self.counts.misfits = self.counts.misfits + misfits
  if not stored then return row_of(self, record, cells, extra), { op = "create", id = record.id } end
  local before = { cells = row.stored_cells(self.columns, stored), extra = stored.extra }
  local after = { cells = cells, extra = extra }
  local was_live, is_same = is_live(stored), row.is_same(self.columns, before, after)
  if was_live and is_same and has_same_times(record, stored) then return nil end
  local line
  if not was_live then
    line = { op = "restore", id = record.id }
  elseif not is_same then
    line = { op = "update", id = record.id, changed = row.difference(self.columns, before, after) }
  end
  return row_of(self, record, cells, extra), line
end

--- Those of some live records that the table has otherwise, or not as live.
-- @tparam table list records
-- @treturn table of them
function methods:different(list)
  local stored, found = self:stored(field_of_each(list, "id")), {}
  for _, record in ipairs(list) do
    local known = stored[record.id]
    local cells, extra = row.cells(self.columns, record.properties, self.database.dialect, known)
    local is_same = known
      and is_live(known)
      and has_same_times(record, known)
      and row.is_same(
        self.columns,
        { cells = row.stored_cells(self.columns, known), extra = known.extra },
        { cells = cells, extra = extra }
      )
    if not is_same then found[#found + 1] = record end
  end
  return found
end

-- One record of each id, the latest.
local function unique(list)
  local by_id, order = {}, {}
  for _, record in ipairs(list) do
    assert(record.id:find "^%d+$", "the id of a record is no number")
    local other = by_id[record.id]
    if not other then order[#order + 1] = record.id end
    if not other or (record.updatedAt or "") >= (other.updatedAt or "") then by_id[record.id] = record end
  end
  local found = {}
  for index, id in ipairs(order) do
    found[index] = by_id[id]
  end
  return found
end

local function ids_of(list) return field_of_each(list, "id") end

-- An answer may be older than what is known; where a record is live again, it may well be.
local function is_outdated(record, stored)
  if not stored or not is_live(stored) then return false end
  local updated_at, known_at = moment(record.updatedAt), value.shown("time", stored.updated_at)
  return updated_at ~= nil and known_at ~= nil and updated_at < known_at
end

local function put(self, list, stored)
  local rows, lines, written = {}, {}, {}
  for _, record in ipairs(list) do
    local values, line = change_of(self, record, stored[record.id])
    if values then
      rows[#rows + 1], written[#written + 1] = values, record.id
      lines[#lines + 1] = line
    end
  end
  self.database:upsert(self.into, rows)
  self:log(lines)
  self.counts.written = self.counts.written + #rows
  return written
end

--- Writes live records; those that are in the table as they are now, or later, are left alone.
-- @tparam table list records, as the client gives them
-- @treturn table the ids of those that were written
function methods:write(list)
  list = unique(list)
  local stored, latest = self:stored(ids_of(list)), {}
  for _, record in ipairs(list) do
    if not is_outdated(record, stored[record.id]) then latest[#latest + 1] = record end
  end
  return put(self, latest, stored)
end

--- Writes live records that differ from the table, whatever times that has.
-- @tparam table list records
-- @treturn table the ids of those that were written
function methods:mend(list)
  list = unique(list)
  return put(self, list, self:stored(ids_of(list)))
end

-- Returns whether the table has a record as archived at its time, or as merged.
local function has_archived(stored, record)
  if stored.merged_into then return true end
  if not stored.archived_at or stored.gone_at then return false end
  local at = moment(record.archivedAt)
  return at == nil or at == value.shown("time", stored.archived_at)
end

-- Makes the row that an archived record becomes; nil where the table has it so, or not as archived then.
local function archived_row(self, record, stored)
  if not stored or state_of(stored) ~= "archived" or not has_archived(stored, record) then return nil end
  local cells, extra, misfits = row.cells(self.columns, record.properties, self.database.dialect, stored)
  self.counts.misfits = self.counts.misfits + misfits
  local before = { cells = row.stored_cells(self.columns, stored), extra = stored.extra }
  if row.is_same(self.columns, before, { cells = cells, extra = extra }) then return nil end
  local values = row_of(self, record, cells, extra)
  values[ARCHIVED_AT] = value.shown("time", stored.archived_at)
  return values
end

--- Writes the values of archived records that differ from the table, where that has them as archived.
-- @tparam table list archived records
function methods:mend_archived(list)
  list = unique(list)
  local stored, rows = self:stored(ids_of(list)), {}
  for _, record in ipairs(list) do
    rows[#rows + 1] = archived_row(self, record, stored[record.id])
  end
  self.database:upsert(self.into, rows)
  self.counts.written = self.counts.written + #rows
end

-- The rows of records, by id, as far as what they hold besides leaves less room.
local function rows_with_more(self, list)
  if #self.columns.gone == 0 or self.database.dialect.largest_row == math.huge then return {} end
  return self:stored(ids_of(list))
end

--- Writes records whatever the table has of them, and logs nothing: those of the first copy.
function methods:fill(list)
  list = unique(list)
  local rows, stored = {}, rows_with_more(self, list)
  for index, record in ipairs(list) do
    local cells, extra, misfits = row.cells(self.columns, record.properties, self.database.dialect, stored[record.id])
    self.counts.misfits = self.counts.misfits + misfits
    rows[index] = row_of(self, record, cells, extra)
  end
  self.database:upsert(self.into, rows)
  self.counts.written = self.counts.written + #rows
end

-- Ends of records ----------------------------------------------------------------------------------------------------

--- Takes records out of associations and lists. Those lists are read again: one that a record joined instead has its
-- old size.
-- @tparam table ids texts
function methods:cut_off(ids)
  local object = self.database:literal(self.object)
  each_list(ids, function(list)
    for _, side in ipairs { "from", "to" } do
      self.database:execute(
        ("DELETE FROM associations WHERE %s_object = %s AND %s_id IN (%s)"):format(side, object, side, list)
      )
    end
    local members = ("FROM list_members WHERE object = %s AND record_id IN (%s)"):format(object, list)
    self.database:execute(("UPDATE mirror_lists SET mark = '' WHERE list_id IN (SELECT list_id %s)"):format(members))
    self.database:execute("DELETE " .. members)
  end)
end

--- Changes columns of one row.
-- @tparam string id
-- @tparam string assignments in SQL
function methods:set(id, assignments)
  self.database:execute(
    ("UPDATE %s SET %s, read_at = %s WHERE id = %s"):format(
      self.quoted,
      assignments,
      self.database:literal(self.now()),
      id
    )
  )
  self.counts.written = self.counts.written + 1
end

--- Those of some archived records whose values the table does not have as they were in the end.
-- @tparam table list archived records
-- @treturn table of their ids
function methods:archived_otherwise(list)
  local stored, ids = self:stored(ids_of(list), FATE), {}
  for _, record in ipairs(list) do
    local known = stored[record.id]
    -- Even with the same time of change: HubSpot may have calculated some value last.
    if not known or not has_archived(known, record) then ids[#ids + 1] = record.id end
  end
  return ids
end

--- Marks records as archived. One that has no row and came without values is left out: it was purged meanwhile.
-- @tparam table list archived records
-- @tparam table whole those of them that came with all their values, by id
function methods:archive(list, whole)
  list = unique(list)
  local stored, filled, marked, lines, ids = self:stored(ids_of(list), FATE), {}, {}, {}, {}
  for _, record in ipairs(list) do
    local known = stored[record.id]
    if known and not has_archived(known, record) or not known and whole[record.id] then
      marked[#marked + 1] = record
      filled[#filled + 1] = whole[record.id]
      if known then
        lines[#lines + 1], ids[#ids + 1] = { op = "archive", id = record.id }, record.id
      end
    end
  end
  self:fill(filled)
  for _, record in ipairs(marked) do
    local at = self.database:literal(moment(record.archivedAt) or self.now())
    self:set(record.id, "gone_at = NULL, archived_at = " .. at)
  end
  self:cut_off(ids)
  self:log(lines)
end

methods.merge, methods.fill_merges, methods.settle_merges = merges.write, merges.fill, merges.settle

-- Logs that records are gone.
local function note_gone(self, ids)
  local lines = {}
  for index, id in ipairs(ids) do
    lines[index] = { op = "gone", id = id }
  end
  self:cut_off(ids)
  self:log(lines)
end

--- Marks records as gone: HubSpot has them neither live nor archived.
-- @tparam table ids texts
function methods:gone(ids)
  for _, id in ipairs(ids) do
    self:set(id, "gone_at = " .. self.database:literal(self.now()))
  end
  note_gone(self, ids)
end

--- Deletes the rows of such records.
-- @tparam table ids texts
function methods:delete(ids)
  each_list(
    ids,
    function(list) self.database:execute(("DELETE FROM %s WHERE id IN (%s)"):format(self.quoted, list)) end
  )
  self.counts.written = self.counts.written + #ids
  note_gone(self, ids)
end

-- Making -------------------------------------------------------------------------------------------------------------

--- The table of a type.
-- @tparam table database
-- @tparam string object its name
-- @tparam table options `now`, a function that gives the time in ISO 8601; `wanted`, the names of the properties that
--   the mirror keeps
-- @treturn table
function records.new(database, object, options)
  local self = setmetatable({
    database = database,
    object = object,
    now = options.now,
    table_name = schema.table_name(object),
    counts = { written = 0, misfits = 0 },
  }, metatable)
  self.quoted = database:quote(self.table_name)
  self.columns = schema.columns(database, object)
  self.columns.is_wanted = {}
  for _, name in ipairs(options.wanted) do
    self.columns.is_wanted[name] = true
  end
  local all = {}
  append(all, columns.OWN)
  append(all, self.columns.list)
  self.into = { table = self.table_name, key = { "id" }, columns = all }
  return self
end

return records
