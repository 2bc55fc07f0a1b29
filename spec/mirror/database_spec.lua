-- The databases of a mirror, each by the same examples.

local database = require "hubspot.mirror.database"
local postgresql = require "spec.support.postgresql"
local scratch = require "spec.support.scratch"
local value = require "hubspot.mirror.value"

local ITEMS = {
  table = "items",
  key = { "id" },
  columns = {
    { name = "id", kind = "id" },
    { name = "name", kind = "text" },
    { name = "is_new", kind = "boolean" },
  },
}

-- Throws what is no failure of the database.
local function failure_of(fn, ...)
  local succeeded, problem = pcall(fn, ...)
  assert.is_false(succeeded)
  assert(database.is_failure(problem), tostring(problem))
  return problem.message
end

local function examples(address_of)
  local opened, address

  before_each(function()
    address = address_of()
    opened = database.open(address, { schema = "mirrored" })
    local types = opened.dialect.types
    opened:execute 'DROP TABLE IF EXISTS "items"'
    opened:execute(
      ('CREATE TABLE "items" ("id" %s PRIMARY KEY, "name" %s, "is_new" %s)'):format(types.id, types.text, types.boolean)
    )
  end)

  after_each(function() opened:close() end)

  local function names()
    local list = {}
    for _, row in ipairs(opened:query 'SELECT "name" FROM "items" ORDER BY "id"') do
      list[#list + 1] = row.name
    end
    return list
  end

  it("keeps texts as they are", function()
    local texts = { "it's", "back\\slash", "line\nbreak", "", "Łódź 🦊", '"; DROP TABLE items; --', "007", "%s" }
    local rows = {}
    for index, text in ipairs(texts) do
      rows[index] = { index, text, index % 2 == 0 }
    end
    opened:upsert(ITEMS, rows)
    assert.same(texts, names())
  end)

  it("replaces rows by their key, 100 to a statement", function()
    local rows, again = {}, {}
    for index = 1, 250 do
      rows[index] = { index, "first" }
      again[index] = { index + 100, "second" }
    end
    opened:upsert(ITEMS, rows)
    opened:upsert(ITEMS, again)
    local counts = {}
    for _, row in ipairs(opened:query 'SELECT "name", count(*) AS "n" FROM "items" GROUP BY 1') do
      counts[row.name] = tonumber(row.n)
    end
    assert.same({ first = 100, second = 250 }, counts)
  end)

  -- Values of each kind, as a column gives them back.
  local VALUES = {
    id = { "0", "9007199254740991" },
    text = { "'\"\\", "$1 %s %% ?", "\1\n\127\226\128\168", "\\u0000", "null", '{"a":1}', "" },
    number = { "-0.5", "123456789012345", "7" },
    boolean = { true, false },
    date = { "0001-01-01", "9999-12-31" },
    time = { "0001-01-01T00:00:00.001Z", "2026-01-02T03:04:05.600Z" },
    json = { [[{"a":"\u0000\uD83D"}]], [=[["it's","\\"]]=], '{ "b" : 1, "a" : 2 }' },
  }

  local NAMES = { "a", "A b", 'quo"te', "it's", "per%cent", "$1", "back\\slash", "ż", "select", ("n"):rep(60) }

  it("keeps values of each kind, in columns of any name and number, and the order of rows", function()
    local columns, definitions = {}, {}
    for index = 1, 1500 do
      local kind = ({ "id", "text", "number", "boolean", "date", "time", "json" })[index % 7 + 1]
      columns[index] = { name = NAMES[index] or "c" .. index, kind = kind }
      definitions[index] = ("%s %s"):format(opened:quote(columns[index].name), opened.dialect.types[kind])
    end
    opened:execute 'DROP TABLE IF EXISTS "wide"'
    local sequence = opened.dialect.types.sequence
    opened:execute(('CREATE TABLE "wide" ("seq" %s, %s)'):format(sequence, table.concat(definitions, ", ")))
    local rows = { {} }
    for number = 2, 110 do
      rows[number] = {}
      -- No row is wider than a page.
      for place = number, 1500, 12 do
        local values = VALUES[columns[place].kind]
        rows[number][place] = values[(number + place) % #values + 1]
      end
    end
    opened:upsert({ table = "wide", columns = columns }, rows)
    for number, stored in ipairs(opened:query 'SELECT * FROM "wide" ORDER BY "seq"') do
      for place, column in ipairs(columns) do
        local expected = rows[number][place]
        if type(expected) == "boolean" then expected = tostring(expected) end
        assert.equal(expected, value.shown(column.kind, stored[column.name]), column.kind .. " of row " .. number)
      end
    end
    assert.equal(110, tonumber(opened:query('SELECT count(*) AS n FROM "wide"')[1].n))
  end)

  it("gives NULL as nil", function()
    opened:upsert(ITEMS, { { 1, nil, nil } })
    local row = opened:query('SELECT "name", "is_new" FROM "items"')[1]
    assert.same({}, row)
  end)

  it("undoes all of a transaction that throws", function()
    opened:upsert(ITEMS, { { 1, "kept" } })
    local succeeded, problem = pcall(opened.transaction, opened, function()
      opened:upsert(ITEMS, { { 2, "lost" } })
      error("in the middle", 0)
    end)
    assert.same({ false, "in the middle" }, { succeeded, problem })
    assert.same({ "kept" }, names())
    opened:transaction(function() opened:upsert(ITEMS, { { 3, "after" } }) end)
    assert.same({ "kept", "after" }, names())
  end)

  it("throws what a statement fails with", function()
    assert.truthy(failure_of(opened.execute, opened, 'INSERT INTO "nowhere" VALUES (1)'):find "nowhere")
    assert.truthy(failure_of(opened.query, opened, "SELECT nothing_such"):find "nothing_such")
  end)

  it("throws where the transaction can't be committed", function()
    local message = failure_of(opened.transaction, opened, function()
      -- What ends the transaction under way, so that COMMIT has none.
      if opened.dialect.driver == "luasql.sqlite3" then
        opened:execute "ROLLBACK"
      else
        opened:execute 'ALTER TABLE "items" ADD UNIQUE ("name") DEFERRABLE INITIALLY DEFERRED'
        opened:upsert(ITEMS, { { 1, "same" }, { 2, "same" } })
      end
    end)
    assert.truthy(message:find "transaction" or message:find "unique")
    assert.same({}, names())
  end)

  it("has one writer, until that closes it", function()
    local other = database.open(address, { schema = "mirrored" })
    assert.is_true(opened:lock())
    if other.dialect.driver == "luasql.sqlite3" then assert.is_false(other:lock()) end
    opened:close()
    assert.is_true(other:lock())
    other:close()
    opened = database.open(address, { schema = "mirrored" })
  end)

  it("names the columns of a table", function()
    assert.same({ id = true, name = true, is_new = true }, opened.dialect.columns(opened, "items"))
    assert.same({}, opened.dialect.columns(opened, "nowhere"))
  end)
end

describe("a SQLite database", function()
  local path

  setup(function() path = scratch.path "items.db" end)

  teardown(function() scratch.remove_folder_of(path) end)

  examples(function() return "sqlite:" .. path end)
end)

describe("the lock of a SQLite database", function()
  it("is the same by another name of the file", function()
    local path = scratch.path "items.db"
    assert(os.execute(("ln -s %s %s.link"):format(path, path)))
    local first, second = database.open("sqlite:" .. path), database.open("sqlite:" .. path .. ".link")
    assert.is_true(first:lock())
    assert.is_false(second:lock())
    first:close()
    assert.is_true(second:lock())
    second:close()
    scratch.remove_folder_of(path)
  end)

  it("tells why it can't be had, where nobody else has it", function()
    local path = scratch.path "items.db"
    assert(os.execute(("mkdir %s.lock"):format(path)))
    local opened = database.open("sqlite:" .. path)
    assert.truthy(failure_of(opened.lock, opened):find(path .. ".lock: ", 1, true))
    opened:close()
    scratch.remove_folder_of(path)
  end)
end)

describe("a PostgreSQL database", function()
  local server

  setup(function() server = postgresql.start() end)

  teardown(function() server:stop() end)

  examples(function() return server.address end)

  it("refuses a database whose encoding has too few characters", function()
    local opened = database.open(server.address)
    for name, encoding in pairs { narrow = "LATIN1", bytes = "SQL_ASCII" } do
      local statement = "CREATE DATABASE %s ENCODING '%s' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
      opened:execute(statement:format(name, encoding))
    end
    opened:close()
    local function address_of(name) return (server.address:gsub("///postgres", "///" .. name)) end
    local message = failure_of(database.open, address_of "narrow")
    assert.equal("the database's encoding is LATIN1: a mirror needs one with UTF8", message)
    database.open(address_of "bytes"):close()
  end)

  it("makes no schema for who only reads", function()
    local statement = "SELECT count(*) AS n FROM pg_namespace WHERE nspname = 'mistaken'"
    for _, must_exist in ipairs { true, false } do
      local opened = database.open(server.address, { schema = "mistaken", must_exist = must_exist })
      assert.equal(must_exist and "0" or "1", opened:query(statement)[1].n)
      opened:close()
    end
  end)

  it("refuses a second writer", function()
    local dialect = require "hubspot.mirror.database.postgresql"
    local attempts = dialect.LOCK_ATTEMPTS
    finally(function() dialect.LOCK_ATTEMPTS = attempts end)
    dialect.LOCK_ATTEMPTS = 2
    local first = database.open(server.address, { schema = "mirrored" })
    local second = database.open(server.address, { schema = "mirrored" })
    assert.is_true(first:lock())
    assert.is_false(second:lock())
    first:close()
    second:close()
  end)
end)

describe("the address of a database", function()
  it("names its kind", function()
    assert.same({ dialect = "sqlite", source = "a b.db" }, database.parse "sqlite:a b.db")
    assert.same({ dialect = "postgresql", source = "postgresql://h/d" }, database.parse "postgresql://h/d")
    assert.is_nil(database.parse "mysql://h/d")
    assert.truthy(failure_of(database.open, "mysql://h/d"):find("mysql://h/d is no database", 1, true))
  end)

  it("throws where there is none", function()
    local message = failure_of(database.open, "sqlite:/nonexistent/folder/x.db")
    assert.matches("/nonexistent/folder/x.db: unable to open", message, 1, true)
  end)
end)
