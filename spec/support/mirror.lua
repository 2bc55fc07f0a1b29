-- A portal in this process, a mirror of it, and a comparison of the two that shares no code with the mirror's own.

local busted = require "busted"
local core = require "hubspot.core"
local database = require "hubspot.mirror.database"
local hubspot = require "hubspot"
local mirror = require "hubspot.mirror"
local postgresql = require "spec.support.postgresql"
local sandbox = require "hubspot.sandbox"
local scratch = require "spec.support.scratch"
local time = require "hubspot.time"

local support = {
  --- When the clock of a portal begins: 2026-01-02T03:04:05Z, in milliseconds.
  START = 1767323045000,
}

--- A file for a SQLite database that is not there yet; `remove` deletes it.
-- @tparam[opt] string folder of its own, which goes with it; by default a new one of `spec.support.scratch`
function support.sqlite_file(folder)
  folder = folder or scratch.folder()
  local path = folder .. "/crm.db"
  return { path = path, address = "sqlite:" .. path, remove = function() scratch.remove(folder) end }
end

local methods = {}
methods.__index = methods

--- Runs the mirror to its end; throws its error.
function methods:run(options)
  local all = { on_note = function(text) table.insert(self.notes, text) end }
  for _, set in ipairs { self.options, options or {} } do
    for name, value in pairs(set) do
      all[name] = value
    end
  end
  local counts, problem = mirror.run(self.client, self.database, all)
  if not counts then error(problem, 0) end
  return counts
end

--- Runs the mirror a minute later, when search tells of what was done.
function methods:settle(options)
  self.portal:advance(60)
  return self:run(options)
end

--- The ids of the portal's records of a type.
function methods:ids(object)
  local ids = {}
  for record in self.client:objects(object):all() do
    ids[#ids + 1] = record.id
  end
  return ids
end

--- The lines of the log of changes since the last look, as `op object id into`.
function methods:log()
  local lines = {}
  local statement = ("SELECT * FROM changes WHERE seq > %d ORDER BY seq"):format(self.logged)
  for _, row in ipairs(self.database:query(statement)) do
    local words = { row.op, row.object, tostring(row.id) }
    if row.into then words[4] = tostring(row.into) end
    lines[#lines + 1] = table.concat(words, " ")
    self.logged = tonumber(row.seq)
  end
  return lines
end

--- One value of the database.
function methods:value(statement, ...)
  local row = self.database:query(statement:format(...))[1]
  if not row then return nil end
  local _, value = next(row)
  return value
end

--- A whole number of the database.
function methods:count(statement, ...) return tonumber((self:value(statement, ...))) end

-- Comparing ----------------------------------------------------------------------------------------------------------

local function is_same_value(kind, text, stored)
  if kind == "number" then return tonumber(text) == tonumber(stored) end
  if kind == "boolean" then
    return (text == "true") == (stored == true or stored == "t" or stored == 1) and (text == "true" or text == "false")
  end
  if kind == "time" then
    local shown = tostring(stored):gsub(" ", "T"):gsub("%+00$", "Z")
    return time.from_iso(text) == time.from_iso(shown)
  end
  return text == stored
end

local function columns_of(self, object)
  local columns = {}
  local statement = "SELECT property, kind, name FROM mirror_columns WHERE object = '%s' AND gone_at IS NULL"
  for _, row in ipairs(self.database:query(statement:format(object))) do
    columns[row.property] = row
  end
  return columns
end

local function compare_record(columns, record, row, found)
  local extra = row.extra and core.decode(row.extra) or {}
  for name, text in pairs(record.properties) do
    local column = columns[name]
    local stored = column and row[column.name]
    local is_there = stored ~= nil and is_same_value(column.kind, text, stored) or extra[name] == text
    if not is_there and text ~= "" then
      found[#found + 1] = ("%s.%s is %s, not %s"):format(record.id, name, tostring(stored or extra[name]), text)
    end
  end
  for name, column in pairs(columns) do
    if row[column.name] ~= nil and record.properties[name] == nil then
      found[#found + 1] = ("%s.%s is %s, not empty"):format(record.id, name, tostring(row[column.name]))
    end
  end
end

local function compare_object(self, object, found)
  local names = {}
  for index, definition in ipairs(assert(self.client.properties:all { object_type = object })) do
    names[index] = definition.name
  end
  local columns, rows = columns_of(self, object), {}
  local live = "archived_at IS NULL AND merged_into IS NULL AND gone_at IS NULL"
  for _, row in ipairs(self.database:query(("SELECT * FROM %s WHERE %s"):format(object, live))) do
    rows[tostring(row.id):gsub("%.0$", "")] = row
  end
  for record in self.client:objects(object):all { properties = names } do
    local row = rows[record.id]
    if row then
      compare_record(columns, record, row, found)
    else
      found[#found + 1] = ("%s %s is missing"):format(object, record.id)
    end
    rows[record.id] = nil
  end
  for id in pairs(rows) do
    found[#found + 1] = ("%s %s is too much"):format(object, id)
  end
end

local function compare_pair(self, from, to, found)
  local expected, ids = {}, self:ids(from)
  for _, record in ipairs(#ids > 0 and self.client.associations:get_many(from, ids, to) or {}) do
    for _, other in ipairs(record.to) do
      for _, kind in ipairs(other.types) do
        expected[("%s %s %s %s"):format(record.id, other.id, kind.typeId, kind.label or "-")] = true
      end
    end
  end
  local statement = "SELECT * FROM associations WHERE from_object = '%s' AND to_object = '%s'"
  for _, row in ipairs(self.database:query(statement:format(from, to))) do
    local key = ("%s %s %s %s"):format(row.from_id, row.to_id, row.type_id, row.label or "-")
    if not expected[key] then found[#found + 1] = "association too much: " .. key end
    expected[key] = nil
  end
  for key in pairs(expected) do
    found[#found + 1] = "association missing: " .. key
  end
end

local function compare_members(self, object, found)
  local expected = {}
  for list in self.client.lists:all { object_type = object } do
    for member in self.client.lists:contacts(list.listId, { raw = true }) do
      expected[("%s in list %s since %s"):format(
        member.recordId,
        list.listId,
        time.from_iso(member.membershipTimestamp)
      )] =
        true
    end
  end
  for _, row in ipairs(self.database:query(("SELECT * FROM list_members WHERE object = '%s'"):format(object))) do
    local since = time.from_iso((tostring(row.added_at):gsub(" ", "T"):gsub("%+00$", "Z")))
    local key = ("%.0f in list %.0f since %s"):format(row.record_id, row.list_id, since)
    if not expected[key] then found[#found + 1] = "member too much: " .. key end
    expected[key] = nil
  end
  for key in pairs(expected) do
    found[#found + 1] = "member missing: " .. key
  end
end

--- The differences between the portal and the mirror, as texts.
function methods:differences()
  local found = {}
  local objects = self.options.objects
  for index, object in ipairs(objects) do
    compare_object(self, object, found)
    if self.options.lists ~= "none" then compare_members(self, object, found) end
    for place = index + 1, #objects do
      local from, to = object, objects[place]
      if to < from then
        from, to = to, from
      end
      compare_pair(self, from, to, found)
    end
  end
  table.sort(found)
  return found
end

local function compare_archived(self, object, found)
  local names = {}
  for index, definition in ipairs(assert(self.client.properties:all { object_type = object })) do
    names[index] = definition.name
  end
  local columns, rows = columns_of(self, object), {}
  local archived = "archived_at IS NOT NULL AND merged_into IS NULL AND gone_at IS NULL"
  for _, row in ipairs(self.database:query(("SELECT * FROM %s WHERE %s"):format(object, archived))) do
    rows[tostring(row.id):gsub("%.0$", "")] = row
  end
  for record in self.client:objects(object):all { archived = true, properties = names } do
    local row = rows[record.id]
    rows[record.id] = nil
    if not row then
      found[#found + 1] = ("archived %s %s is missing"):format(object, record.id)
    elseif not is_same_value("time", record.archivedAt, row.archived_at) then
      found[#found + 1] = ("%s is archived at %s, not %s"):format(record.id, row.archived_at, record.archivedAt)
    else
      compare_record(columns, record, row, found)
    end
  end
  for id in pairs(rows) do
    found[#found + 1] = ("archived %s %s is too much"):format(object, id)
  end
end

local function compare_merges(self, object, found)
  local stored = {}
  local statement = "SELECT old_id, id FROM merges WHERE object = '%s' AND id IN (SELECT id FROM %s_live)"
  for _, row in ipairs(self.database:query(statement:format(object, object))) do
    stored[("%.0f"):format(row.old_id)] = ("%.0f"):format(row.id)
  end
  for record in self.client:objects(object):all { properties = { "hs_merged_object_ids" } } do
    for id in (record.properties.hs_merged_object_ids or ""):gmatch "%d+" do
      if stored[id] ~= record.id then
        found[#found + 1] = ("%s leads to %s, not %s"):format(id, tostring(stored[id]), record.id)
      end
      stored[id] = nil
    end
  end
  for id, into in pairs(stored) do
    found[#found + 1] = ("%s leads to %s, and should not"):format(id, into)
  end
end

--- The differences in what is archived, and in the ids that lead to other records, as texts.
function methods:differences_of_ended()
  local found = {}
  for _, object in ipairs(self.options.objects) do
    compare_archived(self, object, found)
    compare_merges(self, object, found)
  end
  table.sort(found)
  return found
end

--- Tells whether the mirror has an archived record of the portal, as archived at that time.
function methods:knows_archived(object, record)
  local at = self:value("SELECT archived_at FROM %s WHERE id = %s AND merged_into IS NULL", object, record.id)
  return at ~= nil and is_same_value("time", record.archivedAt, at)
end

--- Ends it.
function methods:close()
  self.client:close()
  self.database:close()
end

local function with_clock(portal_options)
  local all = { clock = support.START }
  for name, value in pairs(portal_options) do
    all[name] = value
  end
  return all
end

--- Starts a portal and a mirror of it.
-- @tparam string address of the database
-- @tparam table portal_options
-- @tparam[opt] table options of the mirror
function support.start(address, portal_options, options)
  local self = setmetatable({ notes = {}, logged = 0 }, methods)
  self.portal = sandbox.new(with_clock(portal_options))
  self.client = hubspot.new {
    -- `rewrite` is a function(body) that changes HubSpot's answers.
    transport = function(request)
      local answer, problem = self.portal(request)
      if answer and self.rewrite then answer.body = self.rewrite(answer.body) end
      return answer, problem
    end,
    token = "any",
    limiter = false,
    retry = { base_delay = 0.001, max_delay = 0.002 },
  }
  self.database = database.open(address, { schema = "crm" })
  self.options = { objects = { "contacts", "companies", "deals" } }
  for name, value in pairs(options or {}) do
    self.options[name] = value
  end
  return self
end

--- A mirror that another process writes, to compare it with its portal.
-- @tparam table options `client` of the portal, `address` of the database, and `objects`
function support.attach(options)
  return setmetatable({
    client = options.client,
    database = database.open(options.address, { schema = "crm" }),
    options = { objects = options.objects },
    logged = 0,
  }, methods)
end

-- Adds examples whose mirrors end with each of them.
local function add(examples, address_of)
  local running

  local function close()
    if running then running:close() end
    running = nil
  end

  local function start(portal_options, options)
    if running then
      close()
      support.empty(address_of())
    end
    running = support.start(address_of(), portal_options, options)
    return running
  end

  busted.after_each(close)
  examples(start, address_of)
end

--- Runs examples on each database.
-- @tparam function examples function(start, address_of): `start` is `support.start` in an empty database, for a mirror
--   that ends with the example, or where another one starts; `address_of()` gives the database's address
function support.on_each(examples)
  busted.describe("in SQLite", function()
    local file
    busted.before_each(function() file = support.sqlite_file() end)
    busted.after_each(function() file.remove() end)
    add(examples, function() return file.address end)
  end)

  busted.describe("in PostgreSQL", function()
    local server
    busted.setup(function() server = postgresql.start() end)
    busted.teardown(function() server:stop() end)
    busted.before_each(function() support.empty(server.address) end)
    add(examples, function() return server.address end)
  end)
end

--- Empties a database.
function support.empty(address)
  local path = address:match "^sqlite:(.*)$"
  if path then
    for _, ending in ipairs { "", "-wal", "-shm", ".lock", ".lock-journal" } do
      os.remove(path .. ending)
    end
    return
  end
  local opened = database.open(address)
  for _, name in ipairs { "crm", "quiet" } do
    opened:execute(('DROP SCHEMA IF EXISTS "%s" CASCADE'):format(name))
  end
  opened:close()
end

return support
