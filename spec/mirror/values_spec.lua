-- Values of any kind, and properties of any name, number and type, are in a mirror, each as it is.

local columns = require "hubspot.mirror.columns"
local core = require "hubspot.core"
local library = require "hubspot.mirror"
local schema = require "hubspot.mirror.schema"
local support = require "spec.support.mirror"
local value = require "hubspot.mirror.value"

local COMPANIES = { "companies" }

local SQLITE = { most_digits = 18, keeps_fractions = false }
local POSTGRESQL = { most_digits = 1000, keeps_fractions = true }

describe("a value", function()
  it("has a place in a column where that holds it exactly", function()
    for _, dialect in ipairs { SQLITE, POSTGRESQL } do
      assert.equal("1.5", value.normal("number", "1.50", dialect))
      assert.equal("-12", value.normal("number", "-12", dialect))
      assert.equal("0", value.normal("number", "0.0", dialect))
      assert.equal("true", value.normal("boolean", "true", dialect))
      assert.equal("2024-02-29", value.normal("date", "2024-02-29", dialect))
      assert.equal("2026-01-02T02:04:05.600Z", value.normal("time", "2026-01-02T03:04:05.6+01:00", dialect))
      assert.equal("007", value.normal("text", "007", dialect))
      assert.equal("\237\159\191 \238\128\128", value.normal("text", "\237\159\191 \238\128\128", dialect))
    end
    assert.equal("12345678901234567890", value.normal("number", "12345678901234567890", POSTGRESQL))
  end)

  it("has none otherwise", function()
    for kind, texts in pairs {
      number = { "abc", "007", "1e400", "0x10", "", "-", "1.", ".5", "-0", "NaN", " 1", "1\0" },
      boolean = { "1", "yes", "TRUE", "" },
      date = { "2026-02-30", "2026-2-3", "0000-01-01", "2026-02-03T00:00:00Z", "1767323045000" },
      time = {
        "tomorrow",
        "2026-02-30T03:04:05.678Z",
        "2026-01-02T24:00:00.000Z",
        "2026-00-02T03:04:05.678Z",
        "2026-01-02T25:00:00Z",
        "2026-01-02T03:04:05.1234Z",
        "0000-01-01T00:00:00Z",
      },
      text = { "a\0b", "\237\160\128", "cut \237\175\191", "\237\191\191 begins", "\237\159\191\237\176\128" },
    } do
      for _, text in ipairs(texts) do
        assert.is_nil(value.normal(kind, text, POSTGRESQL), ("%s %q"):format(kind, text))
      end
    end
    assert.is_nil(value.normal("number", "12345678901234567890", SQLITE))
    assert.is_nil(value.normal("number", "0.12345678901234567890", SQLITE))
  end)
end)

describe("columns", function()
  local function missing(names)
    local definitions = {}
    for index, name in ipairs(names) do
      definitions[index] = { name = name, type = "string" }
    end
    local by_property, seen = {}, {}
    for _, column in ipairs(columns.missing({}, definitions)) do
      assert.is_true(#column.name <= 63)
      assert.is_nil(seen[column.name:lower()], column.name)
      seen[column.name:lower()] = true
      by_property[column.property] = column.name
    end
    return by_property
  end

  it("have the names of the properties, but for those that a database or a mirror has", function()
    local names = missing { "order", "xmin", "id", "CTID", "rowid", "city", "City", "updated_at" }
    assert.equal("order", names.order)
    assert.equal("xmin_property", names.xmin)
    assert.equal("id_property", names.id)
    assert.equal("CTID_property", names.CTID)
    assert.equal("updated_at_property", names.updated_at)
    assert.not_equal(names.city:lower(), names.City:lower())
  end)

  it("differ where long names are alike in their first 63 bytes", function()
    local long = ("a"):rep(63)
    local names = missing { long .. ("b"):rep(37), long .. ("c"):rep(37), ("d"):rep(60) }
    assert.equal(("d"):rep(60), names[("d"):rep(60)])
    assert.not_equal(names[long .. ("b"):rep(37)], names[long .. ("c"):rep(37)])
  end)

  it("are at most 1,500, HubSpot's own calculated ones last", function()
    local definitions = {}
    for index = 1, 1700 do
      definitions[index] = { name = ("p%04d"):format(index), type = "string", calculated = index <= 300 }
    end
    local added = columns.missing({}, definitions)
    assert.equal(1500, #added)
    assert.equal("p0301", added[1].name)
    assert.equal("p0100", added[1500].name)
  end)
end)

support.on_each(function(start)
  local function property(client, name, type, field_type)
    assert(client.properties:create({
      name = name,
      label = name,
      groupName = "companyinformation",
      type = type,
      fieldType = field_type,
    }, { object_type = "companies" }))
  end

  it("loses nothing of values that break their type", function()
    local mirror = start({}, { objects = COMPANIES })
    local client = mirror.client
    for name, kind in pairs {
      broken_number = { "number", "number" },
      broken_date = { "date", "date" },
      text = { "string", "text" },
      other = { "string", "text" },
    } do
      property(client, name, kind[1], kind[2])
    end
    local values = {
      { text = "a\0b", other = "it's; \\ \" %s {}" },
      { text = ("é"):rep(65536), other = "é🦊\r\n\t", broken_number = "12345678901234567890" },
      { broken_number = "777", broken_date = "2020-01-01", other = "1e400" },
      { broken_date = "2024-02-29", broken_number = "1.10" },
    }
    for index, properties in ipairs(values) do
      properties.name = "C" .. index
      assert(client.companies:create(properties))
    end
    -- HubSpot checks what it is given, and still has values that its own imports put there.
    mirror.rewrite = function(body) return (body:gsub('"777"', '"abc"'):gsub('"2020%-01%-01"', '"2026-02-30"')) end
    mirror:run()
    assert.same({}, mirror:differences())
    local odd = mirror.database:query("SELECT extra, broken_number, broken_date FROM companies WHERE name = 'C3'")[1]
    assert.is_nil(odd.broken_number)
    assert.same({ broken_number = "abc", broken_date = "2026-02-30" }, core.decode(odd.extra))
    local count_misfits = "SELECT misfits FROM mirror_state WHERE object = 'companies'"
    local misfits = mirror:count(count_misfits)
    assert.equal(mirror.database.dialect.most_digits < 20 and 4 or 3, misfits)
    assert.equal(0, mirror:run({ sweep = "now" }).written)
    assert(client.companies:delete(mirror:ids("companies")[1]))
    mirror:settle()
    mirror:run { sweep = "now" }
    assert.equal(misfits, mirror:count(count_misfits))
  end)

  it("gives each number that has a place as it was", function()
    local mirror = start({}, { objects = COMPANIES })
    local database = mirror.database
    database:execute(("CREATE TABLE numbers (n %s)"):format(database.dialect.types.number))
    local into = { table = "numbers", columns = { { name = "n", kind = "number" } } }
    local left_out = {}
    for _, text in ipairs {
      "0",
      "-1",
      "0.1",
      "123456789.125",
      "1234567890123.45",
      "9007199254740993",
      "123456789012345678",
      "-99999999999999999",
      "12345678901234567890.5",
    } do
      local normal = value.normal("number", text, database.dialect)
      if normal then
        database:execute "DELETE FROM numbers"
        database:upsert(into, { { normal } })
        assert.equal(text, value.shown("number", database:query("SELECT n FROM numbers")[1].n))
      else
        left_out[#left_out + 1] = text
      end
    end
    assert.is_true(#left_out <= 5)
  end)

  it("stores a record with 600 filled texts among 1,700 properties", function()
    local mirror = start({}, { objects = COMPANIES, lists = "none", associations = "none" })
    local client = mirror.client
    local definitions = {}
    for index = 1, 900 do
      definitions[index] = {
        name = ("p%04d"):format(index),
        label = "P" .. index,
        groupName = "companyinformation",
        type = "string",
        fieldType = "text",
      }
    end
    local made = assert(client.properties:create_many(definitions, { object_type = "companies" }))
    assert.same({}, made.errors)
    -- HubSpot's own ones come on top of those that an account may make.
    local store = mirror.portal.objects:store(mirror.portal.objects:get "companies")
    for index = 901, 1700 do
      local copy = {}
      for name, item in pairs(store.definitions.p0001) do
        copy[name] = item
      end
      copy.name = ("p%04d"):format(index)
      store.definitions[copy.name] = copy
    end
    local properties = { name = "wide" }
    for index = 1, 1700, 2 do
      if index < 1200 or index > 1600 then properties[("p%04d"):format(index)] = ("v%04d"):format(index):rep(6) end
    end
    assert(client.companies:create(properties))
    mirror:run()
    assert.same({}, mirror:differences())
    assert.equal(0, mirror:run({ sweep = "now" }).written)
    assert.equal("wide", mirror:value "SELECT name FROM companies_live")
  end)

  it("stores a record whose numbers and times alone are too many for a row", function()
    local mirror = start({}, { objects = COMPANIES, lists = "none", associations = "none" })
    local client = mirror.client
    property(client, "p0001", "number", "number")
    property(client, "p0002", "datetime", "date")
    local store = mirror.portal.objects:store(mirror.portal.objects:get "companies")
    local properties = { name = "wide", p0001 = "12345678.25", p0002 = "2026-01-02T03:04:05.000Z" }
    for index = 3, 1300 do
      local copy = {}
      for name, item in pairs(store.definitions[index % 2 == 1 and "p0001" or "p0002"]) do
        copy[name] = item
      end
      copy.name = ("p%04d"):format(index)
      store.definitions[copy.name] = copy
      properties[copy.name] = index % 2 == 1 and properties.p0001 or properties.p0002
    end
    assert(client.companies:create(properties))
    mirror:run()
    assert.same({}, mirror:differences())
    assert.equal(0, mirror:run({ sweep = "now" }).written)
  end)

  it("stores a record that was as large with the properties that were chosen before", function()
    local mirror = start({}, { objects = COMPANIES, lists = "none", associations = "none" })
    local client = mirror.client
    local definitions, properties, later, chosen = {}, { name = "wide" }, {}, { {}, {} }
    for index = 1, 580 do
      local name = ("p%04d"):format(index)
      definitions[index] =
        { name = name, label = name, groupName = "companyinformation", type = "string", fieldType = "text" }
      properties[name] = index % 2 == 0 and "short" or ("v%04d"):format(index):rep(6)
      if index % 2 == 0 then later[name] = ("v%04d"):format(index):rep(6) end
      table.insert(chosen[index % 2 + 1], name)
    end
    assert.same({}, assert(client.properties:create_many(definitions, { object_type = "companies" })).errors)
    local id = assert(client.companies:create(properties)).id
    mirror:run { properties = chosen[1] }
    mirror:run { properties = chosen[2] }
    assert.equal(0, assert(library.verify(client, mirror.database, mirror.options)).different)
    assert.equal(0, mirror:run({ properties = chosen[2], sweep = "now" }).written)
    mirror.portal:advance(60)
    assert(client.companies:update(id, later))
    assert(client.companies:delete(id))
    mirror:run { properties = chosen[1] }
    assert.equal(1, mirror:count "SELECT count(*) FROM companies WHERE archived_at IS NOT NULL")
    mirror.portal:restore { type = "companies", id = id }
    mirror:run()
    assert.same({}, mirror:differences())
  end)

  it("follows properties that come, change their type, and go", function()
    local mirror = start({ companies = 5 }, { objects = COMPANIES })
    local client = mirror.client
    mirror:run()
    mirror.portal:advance(60)
    local id = client.companies:all():next().id
    property(client, "size", "string", "text")
    assert(client.companies:update(id, { size = "12" }))
    mirror:settle()
    assert.equal("12", mirror:value("SELECT size FROM companies_live WHERE id = %s", id))
    assert(client.properties:delete("size", { object_type = "companies" }))
    mirror:settle()
    assert.equal("12", mirror:value("SELECT size FROM companies WHERE id = %s", id))
    -- As HubSpot does it: the values stay, the time of the last change too.
    local store = mirror.portal.objects:store(mirror.portal.objects:get "companies")
    property(client, "headcount", "string", "text")
    assert(client.companies:update(id, { headcount = "12" }))
    mirror:settle()
    store.definitions.headcount.type = "number"
    mirror:run()
    assert.same({}, mirror:differences())
    assert.equal("12", mirror:value("SELECT headcount FROM companies WHERE id = %s", id))
    assert.equal(12, mirror:count("SELECT headcount_number FROM companies_live WHERE id = %s", id))
  end)

  it("has tables and views of types whose long names begin alike", function()
    local mirror = start({ portal_id = 123456789 }, { objects = {} })
    local client, names = mirror.client, {}
    for index = 1, 2 do
      local made = assert(client.schemas:create {
        name = "l" .. ("o"):rep(48) .. index,
        labels = { singular = "Long " .. index, plural = "Long ones " .. index },
        primaryDisplayProperty = "name",
        properties = { { name = "name", label = "Name", type = "string", fieldType = "text" } },
        associatedObjects = { "CONTACT", "COMPANY" },
      })
      names[index] = made.fullyQualifiedName
      assert(client:objects(names[index]):create { name = "a record of " .. index })
    end
    assert.is_true(#names[1] > 60)
    mirror.options.objects = { names[1], names[2], "companies", "contacts" }
    mirror:run()
    assert.same({}, mirror.notes)
    local views = mirror.database:query "SELECT name FROM mirror_views"
    -- Of each type, and of each pair.
    assert.equal(4 + 6, #views)
    for _, view in ipairs(views) do
      assert.is_truthy(next(mirror.database.dialect.columns(mirror.database, view.name)), view.name)
    end
    for index, name in ipairs(names) do
      local view = columns.fitting(schema.table_name(name) .. "_live")
      assert.is_true(#view <= 63)
      assert.equal("a record of " .. index, mirror:value("SELECT name FROM %s", view))
    end
  end)

  it("keeps the chosen properties only", function()
    local mirror = start({ companies = 5 }, { objects = COMPANIES, properties = { "name", "city" } })
    mirror:run()
    local found = mirror.database.dialect.columns(mirror.database, "companies")
    assert.is_true(found.name and found.city)
    assert.is_nil(found.domain)
    assert.equal(0, mirror:count "SELECT count(*) FROM companies WHERE extra IS NOT NULL")
    assert.equal(5, mirror:count "SELECT count(*) FROM companies_live WHERE name IS NOT NULL")
  end)
end)
