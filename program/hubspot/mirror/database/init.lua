--- A SQL database by LuaSQL: SQLite or PostgreSQL. LuaSQL's SQLite ignores parameters without an error, its `escape`
-- cuts at NUL and its `commit` tells no reason, so statements hold literals, and COMMIT is sent as any other.
--
-- A failure of the database is thrown (see `database.is_failure`).
-- @module hubspot.mirror.database

local field_of_each = require "hubspot.field_of_each"
local id_text = require("hubspot.id").text

local database = {}

local methods = {}
local metatable = { __name = "hubspot.mirror.Database", __index = methods }

local failure_metatable = { __name = "hubspot.mirror.DatabaseFailure" }

function failure_metatable.__tostring(self) return self.message end

-- More rows in a statement gain nothing.
local ROWS_A_STATEMENT = 100

local ROWS_A_SLICE = 1000

local function fail(message)
  error(setmetatable({ kind = "database", message = (tostring(message):gsub("^LuaSQL: ", "")) }, failure_metatable), 0)
end

--- Returns whether a value that was thrown is a failure of a database: `{ kind = "database", message = }`.
function database.is_failure(value) return getmetatable(value) == failure_metatable end

-- Statements ---------------------------------------------------------------------------------------------------------

--- Carries out a statement.
-- @tparam string statement
-- @treturn integer the rows that it touched
function methods:execute(statement)
  local result, message = self.connection:execute(statement)
  if not result then fail(message) end
  if type(result) == "number" then return result end
  -- An open cursor keeps its lock.
  result:close()
  return 0
end

--- The rows that a statement gives.
-- @tparam string statement
-- @treturn table a list of rows, by the names of their columns; NULL is nil
function methods:query(statement)
  local cursor, message = self.connection:execute(statement)
  if not cursor then fail(message) end
  local rows = {}
  if type(cursor) == "number" then return rows end
  local row, problem = cursor:fetch({}, "a")
  while row do
    rows[#rows + 1] = row
    row, problem = cursor:fetch({}, "a")
  end
  cursor:close()
  if problem then fail(problem) end
  return rows
end

--- Calls a function with the rows that a statement would give, by rising id, 1,000 at a time: a query holds all of its
-- rows. The function may write to them.
-- @tparam table selection `columns`; `of`, a table as SQL spells it, whose name in them and in `where` is t; `id`, the
--   column of the ids, which is one of the columns; `where`, a condition
-- @tparam function fn
function methods:each_slice(selection, fn)
  local statement = ("SELECT %s FROM %s t WHERE %s AND t.%s > %%s ORDER BY t.%s LIMIT %d"):format(
    selection.columns,
    selection.of,
    selection.where:gsub("%%", "%%%%"),
    selection.id,
    selection.id,
    ROWS_A_SLICE
  )
  local after = "0"
  repeat
    local rows = self:query(statement:format(after))
    if #rows > 0 then
      fn(rows)
      after = id_text(rows[#rows][selection.id])
    end
  until #rows < ROWS_A_SLICE
end

--- A value as SQL spells it. A text must have no NUL.
-- @tparam ?string|number|boolean value
-- @treturn string
function methods:literal(value)
  if value == nil then return "NULL" end
  local kind = type(value)
  if kind == "string" then
    if value:find("'", 1, true) then value = value:gsub("'", "''") end
    return "'" .. value .. "'"
  end
  if kind == "boolean" then return self.dialect.booleans[value] end
  return ("%d"):format(value)
end

--- A name as SQL spells it.
-- @tparam string name
-- @treturn string
function methods.quote(_, name) return '"' .. name:gsub('"', '""') .. '"' end

local function list_of(self, names)
  local quoted = {}
  for index, name in ipairs(names) do
    quoted[index] = self:quote(name)
  end
  return table.concat(quoted, ", ")
end

-- The end of a statement that writes rows whose keys may be there.
local function on_conflict(self, into, names)
  if not into.key then return "" end
  local is_key, changes = {}, {}
  for _, name in ipairs(into.key) do
    is_key[name] = true
  end
  for _, name in ipairs(names) do
    if not is_key[name] then changes[#changes + 1] = ("%s = excluded.%s"):format(self:quote(name), self:quote(name)) end
  end
  local action = #changes == 0 and "NOTHING" or "UPDATE SET " .. table.concat(changes, ", ")
  return (" ON CONFLICT (%s) DO %s"):format(list_of(self, into.key), action)
end

local function slice(rows, first)
  local part = {}
  for index = first, math.min(first + ROWS_A_STATEMENT - 1, #rows) do
    part[#part + 1] = rows[index]
  end
  return part
end

--- Writes rows; one whose key is there is replaced. Two rows of one call must not have one key.
-- @tparam table into `table`, `columns` (a list of `{ name =, kind = }`) and `key` (names of those by which rows are
--   known; without it all are added)
-- @tparam table rows lists of values in the order of the columns
function methods:upsert(into, rows)
  local names = field_of_each(into.columns, "name")
  local head = ("INSERT INTO %s (%s) "):format(self:quote(into.table), list_of(self, names))
  local tail = on_conflict(self, into, names)
  for first = 1, #rows, ROWS_A_STATEMENT do
    local source, message = self.dialect.source(self, into.columns, slice(rows, first))
    if not source then fail(message) end
    self:execute(head .. source .. tail)
  end
end

-- Transactions -------------------------------------------------------------------------------------------------------

--- Carries out what a function does in one transaction: all of it, or nothing where it throws. Within another it joins
-- that.
-- @tparam function fn
-- @return what `fn` returns
function methods:transaction(fn)
  if self.is_in_transaction then return fn() end
  self:execute(self.dialect.begin)
  self.is_in_transaction = true
  local succeeded, result = pcall(fn)
  if succeeded then
    local committed, message = self.connection:execute "COMMIT"
    self.is_in_transaction = false
    if committed then return result end
    result = message
  end
  self.is_in_transaction = false
  -- It fails where the database has undone all by itself.
  self.connection:execute "ROLLBACK"
  if not succeeded then error(result, 0) end
  return fail(result)
end

-- Opening ------------------------------------------------------------------------------------------------------------

--- Reads an address.
-- @tparam string address `sqlite:FILE` or `postgresql://…`
-- @treturn ?table `{ dialect =, source = }`; nil where it is neither
function database.parse(address)
  local file = address:match "^sqlite:(.+)$"
  if file then return { dialect = "sqlite", source = file } end
  if not address:find "^postgres://" and not address:find "^postgresql://" then return nil end
  return { dialect = "postgresql", source = address }
end

local function driver_of(dialect)
  local loaded, driver = pcall(require, dialect.driver)
  if loaded then return driver end
  return fail(("the Lua module %s is missing: install %s"):format(dialect.driver, dialect.package))
end

--- Makes a database that is not open, and knows how its statements are spelled.
-- @tparam string address `sqlite:FILE` or `postgresql://…`
-- @tparam[opt] table options as for `open`
-- @treturn table
function database.unopened(address, options)
  local parsed = database.parse(address)
  if not parsed then fail(("%s is no database: sqlite:FILE or postgresql://…"):format(address)) end
  local dialect = require("hubspot.mirror.database." .. parsed.dialect)
  return setmetatable({ dialect = dialect, source = parsed.source, options = options or {} }, metatable)
end

--- Opens a database.
-- @tparam string address `sqlite:FILE` or `postgresql://…`
-- @tparam[opt] table options `schema`, where PostgreSQL keeps the tables; it is made where there is none; `must_exist`,
--   true where nothing is made: a file must be there
-- @treturn table
function database.open(address, options)
  local self = database.unopened(address, options)
  local dialect = self.dialect
  local environment, connection, message
  environment = dialect.environment(driver_of(dialect))
  connection, message = dialect.connect(environment, self.source, self.options)
  if not connection then fail(message) end
  self.environment, self.connection = environment, connection
  local prepared, problem = dialect.prepare(self)
  if prepared then return self end
  self:close()
  return fail(problem)
end

--- Keeps others from writing until this process ends, however it ends.
-- @treturn boolean false where another process has it
function methods:lock()
  local taken, message = self.dialect.lock(self)
  if taken == nil then fail(message) end
  return taken
end

--- Closes the database; its lock is free then. May be called again.
function methods:close()
  if not self.connection then return end
  if self.lock_connection then self.lock_connection:close() end
  self.connection:close()
  self.environment:close()
  self.connection, self.lock_connection = nil, nil
end

return database
