--- PostgreSQL, a server.
-- @module hubspot.mirror.database.postgresql

local core = require "hubspot.core"

local postgresql = {}

postgresql.driver, postgresql.package = "luasql.postgres", "lua-sql-postgres"

postgresql.begin = "BEGIN"

postgresql.booleans = { [true] = "true", [false] = "false" }

postgresql.types = {
  id = "bigint",
  text = "text",
  number = "numeric",
  boolean = "boolean",
  date = "date",
  time = "timestamptz",
  -- jsonb refuses NUL, and reorders.
  json = "json",
  sequence = "bigserial PRIMARY KEY",
}

--- Bytes of a row that fit in a page with what it adds: it refuses rows above 8,160.
postgresql.largest_row = 7000

postgresql.most_digits, postgresql.keeps_fractions = 1000, true

-- Names the lock among those of the database.
local LOCK = 70214655

-- The server learns a moment later that a process which had the lock was killed.
postgresql.LOCK_ATTEMPTS = 50
local SECONDS_BETWEEN = 0.1

function postgresql.environment(driver) return driver.postgres() end

function postgresql.connect(environment, source) return environment:connect(source) end

--- The statements that make the place of the tables where there is none, and go there.
function postgresql.place_statements(database)
  if not database.options.schema then return {} end
  local name = database:quote(database.options.schema)
  return { "CREATE SCHEMA IF NOT EXISTS " .. name, "SET search_path = " .. name }
end

-- The encodings of databases that hold all that UTF-8 does.
local ENCODINGS = { UTF8 = true, SQL_ASCII = true }

--- Sets up a connection.
-- @treturn ?boolean true; or nil and why the database can't be used
function postgresql.prepare(database)
  local encoding = database:query("SHOW server_encoding")[1].server_encoding
  if not ENCODINGS[encoding] then
    return nil, ("the database's encoding is %s: a mirror needs one with UTF8"):format(encoding)
  end
  for _, setting in ipairs {
    "client_min_messages = warning",
    "standard_conforming_strings = on",
    "client_encoding = 'UTF8'",
    "timezone = 'UTC'",
    "datestyle = 'ISO'",
  } do
    database:execute("SET " .. setting)
  end
  local schema = database.options.schema
  if not schema then return true end
  local known =
    database:query(("SELECT 1 AS found FROM pg_namespace WHERE nspname = %s"):format(database:literal(schema)))
  local statements = postgresql.place_statements(database)
  if #known == 0 and not database.options.must_exist then database:execute(statements[1]) end
  database:execute(statements[2])
  return true
end

local function object_of(columns, row)
  local object = {}
  for place, column in ipairs(columns) do
    object[column.name] = row[place]
  end
  return object
end

-- The columns as JSON gives them, and as the table takes them. JSON that is in a text comes as one.
local function given_and_taken(database, columns)
  local given, taken = {}, {}
  for place, column in ipairs(columns) do
    local name, is_json = database:quote(column.name), column.kind == "json"
    given[place] = ("%s %s"):format(name, postgresql.types[is_json and "text" or column.kind])
    taken[place] = is_json and name .. "::json" or name
  end
  return table.concat(given, ","), table.concat(taken, ",")
end

--- Rows of these columns, for an INSERT. One literal, which the core writes, is read faster than one for each value.
function postgresql.source(database, columns, rows)
  local objects = {}
  for index, row in ipairs(rows) do
    objects[index] = object_of(columns, row)
  end
  local text, problem = core.encode(core.array(objects))
  if not text then return nil, problem end
  local given, taken = given_and_taken(database, columns)
  return ("SELECT %s FROM json_to_recordset(%s) AS given (%s)"):format(taken, database:literal(text), given)
end

function postgresql.lock(database)
  local statement = ("SELECT pg_try_advisory_lock(%d, hashtext(coalesce(current_schema(), ''))) AS taken"):format(LOCK)
  for _ = 1, postgresql.LOCK_ATTEMPTS do
    if database:query(statement)[1].taken == "t" then return true end
    database:query(("SELECT pg_sleep(%s)"):format(SECONDS_BETWEEN))
  end
  return false
end

function postgresql.columns(database, table_name)
  local columns = {}
  local statement = ("SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped"):format(
    database:literal(database:quote(table_name))
  )
  for _, row in ipairs(database:query(statement)) do
    columns[row.attname] = true
  end
  return columns
end

return postgresql
