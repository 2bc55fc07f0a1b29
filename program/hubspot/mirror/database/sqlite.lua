--- SQLite, a file.
-- @module hubspot.mirror.database.sqlite

local sqlite = {}

sqlite.driver, sqlite.package = "luasql.sqlite3", "lua-sql-sqlite3"

-- Milliseconds for which a statement waits while another process writes.
local PATIENCE = 30000

-- Takes the lock of writers at once: a transaction that reads first can be refused when it writes.
sqlite.begin = "BEGIN IMMEDIATE"

sqlite.booleans = { [true] = "1", [false] = "0" }

--- The types of columns. SQLite makes numbers of dates in a column that is of no text.
sqlite.types = {
  id = "integer",
  text = "text",
  number = "numeric",
  boolean = "boolean",
  date = "text",
  time = "text",
  json = "text",
  sequence = "integer PRIMARY KEY AUTOINCREMENT",
}

--- A row may be as large as it is.
sqlite.largest_row = math.huge

--- The digits that a number may have: it is an integer of 64 bits or a double, which not every Lua reads as that.
sqlite.most_digits, sqlite.keeps_fractions = math.type and 18 or 15, false

--- The tables are wherever the file is.
function sqlite.place_statements() return {} end

function sqlite.environment(driver) return driver.sqlite3() end

function sqlite.connect(environment, source, options)
  if options.must_exist then
    local file, problem = io.open(source, "rb")
    if not file then return nil, problem end
    file:close()
  end
  local connection, problem = environment:connect(source, PATIENCE)
  if not connection then return nil, ("%s: %s"):format(source, problem:gsub("^LuaSQL: ", "")) end
  return connection
end

--- A kill loses nothing; a power loss may lose the last transactions, rows and state alike.
function sqlite.prepare(database)
  database:execute "PRAGMA journal_mode = WAL"
  database:execute "PRAGMA synchronous = NORMAL"
  return true
end

local function values_of(database, row, count)
  local literals = {}
  for place = 1, count do
    literals[place] = database:literal(row[place])
  end
  return "(" .. table.concat(literals, ",") .. ")"
end

--- Rows of these columns, for an INSERT.
function sqlite.source(database, columns, rows)
  local values = {}
  for index, row in ipairs(rows) do
    values[index] = values_of(database, row, #columns)
  end
  return "VALUES " .. table.concat(values, ",")
end

-- The system frees the lock of a file when its process ends; a row in a table it would not.
function sqlite.lock(database)
  -- SQLite's own name of the file: a link to it has the same one.
  local path = database:query("PRAGMA database_list")[1].file
  -- Nobody else has a database in memory.
  if path == "" then return true end
  local connection, problem = database.environment:connect(path .. ".lock", 0)
  if not connection then return nil, ("%s.lock: %s"):format(path, problem) end
  local begun, message = connection:execute "BEGIN EXCLUSIVE"
  if begun then
    database.lock_connection = connection
    return true
  end
  connection:close()
  if tostring(message):find("locked", 1, true) then return false end
  return nil, ("%s.lock: %s"):format(path, message)
end

--- Names of the columns of a table, by name; none where there is no such table.
function sqlite.columns(database, table_name)
  local columns = {}
  for _, row in ipairs(database:query(("PRAGMA table_info(%s)"):format(database:quote(table_name)))) do
    columns[row.name] = true
  end
  return columns
end

return sqlite
