-- `hubspot-lua export`, then `hubspot-lua import`: every record is as it was.

local command = require "spec.support.command"
local fixture = require "spec.support.fixture"
local importing = require "spec.support.importing"

local here = fixture.new { clients = { current = {} }, reset = { contacts = 20, companies = 3 } }
local server, clients = here.server, here.clients

local files

before_each(function() files = importing.new(server) end)
after_each(function() files:remove() end)

local TEXTS = {
  "two\nlines\r\nthree",
  'a "quoted" word, and a comma',
  "a;b;c",
  "007",
  "🙂 Łódź ß",
  " blanks at both ends ",
  "=SUM(A1)",
  "+49 30 1234",
  "'",
  '"',
  "\ttab",
  ("é"):rep(65536),
  "back\\slash",
  "null",
  "see you \237\160\189", -- half of a surrogate pair
  "\237\184\128 it begins \237\176\128\237\175\191",
  "a\0b",
}

local NAMES = { "email", "firstname", "notes", "message", "phone", "zip", "lead_score", "contract_start", "interests" }

-- All contacts by id: the values of what can be written.
local function snapshot()
  local found = {}
  for contact in clients.current.contacts:all { properties = NAMES, associations = { "companies" } } do
    local values = { companies = {} }
    for _, name in ipairs(NAMES) do
      values[name] = contact.properties[name] or ""
    end
    for index, company in ipairs((contact.associations or {}).companies or {}) do
      values.companies[index] = company.id
    end
    table.sort(values.companies)
    found[contact.id] = values
  end
  return found
end

local function make_people()
  local company_ids = {}
  for company in clients.current.companies:all() do
    company_ids[#company_ids + 1] = company.id
  end
  for index, text in ipairs(TEXTS) do
    assert(clients.current.contacts:create({
      email = index % 3 == 0 and "" or ("t%d@example.org"):format(index),
      firstname = "T" .. index,
      notes = text,
      message = text,
      zip = "00" .. index,
      lead_score = index % 2 == 0 and "" or tostring(index / 2),
      contract_start = index % 2 == 0 and "2026-02-28" or "",
      interests = index % 4 == 0 and "newsletter;training" or "",
    }, { associations = { companies = { company_ids[index % 3 + 1] } } }))
  end
end

local function export(name, ...)
  local words = { "export", "contacts", "-o", files:path(name), env = command.against(server), ... }
  local result = command.run(words)
  assert.equal(0, result.status, result.stderr)
  return result
end

for _, ending in ipairs { "csv", "tsv", "jsonl" } do
  describe("an import of an export as " .. ending, function()
    it("changes nothing, and writes nothing where it compares first", function()
      make_people()
      local before = snapshot()
      local name = "all." .. ending
      local exported = export(name, "--properties", table.concat(NAMES, ","))
      local has_note = exported.stderr:find("some texts hold half of a surrogate pair", 1, true) ~= nil
      local is_escaped = files:read(name):find([[see you \uD83D"]], 1, true) ~= nil
      assert.same({ ending ~= "jsonl", ending == "jsonl" }, { has_note, is_escaped })
      local compared = files:run("contacts", name, { "--key", "id", "--skip-unchanged", "--empty", "clear" })
      assert.equal(0, compared.status, compared.stdout .. compared.stderr)
      assert.same({ create = 0, update = 0, unchanged = 37, refuse = 0 }, importing.counts(compared))
      local written = files:run("contacts", name, { "--key", "id", "--write", "--empty", "clear" })
      assert.equal(0, written.status, written.stdout .. written.stderr)
      assert.same({ created = 0, updated = 37, refused = 0 }, importing.counts(written))
      assert.same(before, snapshot())
    end)

    it("brings back what was changed meanwhile, with the associations", function()
      make_people()
      local before = snapshot()
      local name = "all." .. ending
      export(name, "--properties", "all", "--associations", "companies")
      for id in pairs(before) do
        assert(clients.current.contacts:update(id, { firstname = "changed", lead_score = "" }))
        for _, company_id in ipairs(before[id].companies) do
          assert(clients.current.associations:delete("contacts", id, "companies", company_id))
        end
      end
      local options = { "--key", "id", "--write", "--empty", "clear", "--skip-read-only", "--associate" }
      options[#options + 1] = "companies:companies"
      local result = files:run("contacts", name, options)
      assert.equal(0, result.status, result.stdout .. result.stderr)
      assert.same(before, snapshot())
    end)
  end)
end

describe("a property that is called as a column of exports", function()
  local function first_line(name) return files:read(name):match "^[^\n]+" end

  local function imported(name, ...)
    local result = files:run("contacts", name, { "--key", "id", "--write", ... })
    return { result.status, result.stderr:match ": ([^\n]+)\n" }
  end

  local function make_properties()
    make_people()
    local own = { groupName = "contactinformation", type = "string", fieldType = "text" }
    for _, name in ipairs { "created_at", "companies" } do
      own.name, own.label = name, "Own " .. name
      assert(clients.current.properties:create(own))
    end
  end

  it("has a column of another name, by which it is imported", function()
    make_properties()
    local id = next(snapshot())
    local values = { created_at = "by hand", companies = "two" }
    assert(clients.current.contacts:update(id, values))
    export("both.csv", "--properties", "email,created_at,companies", "--associations", "companies")
    assert.equal(
      "id,created_at,updated_at,email,created_at_property,companies_property,companies",
      first_line "both.csv"
    )
    assert(clients.current.contacts:update(id, { created_at = "", companies = "" }))
    assert.same({ 0 }, imported("both.csv", "--associate", "companies:companies"))
    local contact = assert(clients.current.contacts:get(id, { properties = { "created_at", "companies" } }))
    assert.same(values, { created_at = contact.properties.created_at, companies = contact.properties.companies })
  end)

  it("gets nothing of a record's own column", function()
    make_properties()
    export("one.csv", "--properties", "email")
    assert.same({
      2,
      "created_at is a property, and a column of every export: --map 'created_at=created_at' imports it, "
        .. "--ignore 'created_at' leaves it out",
    }, imported "one.csv")
    assert.same({ 0 }, imported("one.csv", "--ignore", "created_at"))
    local id = next(snapshot())
    local function value() return assert(clients.current.contacts:get(id, { properties = { "created_at" } })).properties end
    assert.is_nil(value().created_at)
    assert.same({ 0 }, imported("one.csv", "--map", "created_at=created_at"))
    assert.matches("^%d%d%d%d%-", value().created_at)
  end)
end)

describe("an import of both halves of a surrogate pair as bytes", function()
  it("refuses their row alone, whose text would not come back as it is", function()
    files:write("cesu.csv", "email,notes\nada@example.org,\237\160\189\237\184\128\neve@example.org,\237\160\189\n")
    local bytes = files:run("contacts", "cesu.csv", { "--key", "email", "--write" })
    assert.truthy(bytes.stdout:find("line 2: not valid UTF-8", 1, true), bytes.stdout)
    files:write(
      "half.jsonl",
      '{"email":"ada@example.org","notes":"\237\160\189\\ude00"}\n{"email":"kim@example.org"}\n'
    )
    local escaped = files:run("contacts", "half.jsonl", { "--key", "email", "--write" })
    assert.truthy(escaped.stdout:find("notes: invalid UTF-8 at byte 1", 1, true), escaped.stdout)
    for _, result in ipairs { bytes, escaped } do
      assert.equal(3, result.status, result.stderr)
      assert.same({ created = 1, updated = 0, refused = 1 }, importing.counts(result))
    end
  end)
end)
