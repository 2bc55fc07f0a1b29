-- What `hubspot-lua export` writes: each kind of object, each format, each option.

local core = require "hubspot.core"
local exporting = require "spec.support.exporting"
local hubspot = require "hubspot"
local scratch = require "spec.support.scratch"
local script = require "spec.support.script"

local rows_of = exporting.rows

-- A portal in this process, and a client of it that counts its requests.
local function new_portal(options)
  local portal = require("hubspot.sandbox").new(options)
  local client = hubspot.new { token = script.TOKEN, transport = portal, limiter = false }
  return portal, client
end

local function json_lines(text)
  local list = {}
  for line in text:gmatch "[^\n]+" do
    list[#list + 1] = assert(core.decode(line))
  end
  return list
end

describe("hubspot-lua export", function()
  local portal, client
  setup(function()
    portal, client = new_portal { contacts = 230, companies = 12, deals = 9 }
  end)
  teardown(function() client:close() end)

  local function export(...)
    local result = exporting.run(client, { ... })
    assert.equal(0, result.code, result.message)
    return result.text
  end

  local function refuses(message, ...)
    local result = exporting.run(client, { ... })
    assert.same({ 2, message }, { result.code, result.message })
  end

  describe("of records", function()
    it("writes all of them in the order of their ids, with the named properties", function()
      local rows, names = rows_of(export("contacts", "--properties", "email, city,fax,email"))
      assert.same({ "id", "created_at", "updated_at", "email", "city", "fax" }, names)
      assert.equal(230, #rows)
      local index = 0
      for contact in client.contacts:all { properties = { "email", "city", "fax" } } do
        index = index + 1
        assert.same({
          id = contact.id,
          created_at = contact.createdAt,
          updated_at = contact.updatedAt,
          email = contact.properties.email or "",
          city = contact.properties.city or "",
          fax = contact.properties.fax or "",
        }, rows[index])
      end
    end)

    it("takes any type, by name or by id", function()
      local by_name = export "companies"
      assert.equal(12, #rows_of(by_name))
      assert.equal(by_name, export "0-2")
      local made = assert(client.schemas:create {
        name = "machine",
        labels = { singular = "Machine", plural = "Machines" },
        primaryDisplayProperty = "serial",
        requiredProperties = { "serial" },
        properties = { { name = "serial", label = "Serial", type = "string", fieldType = "text" } },
      })
      local id = assert(client:objects(made.objectTypeId):create { serial = "0042" }).id
      local rows, names = rows_of(export(made.objectTypeId))
      assert.same({ "id", "created_at", "updated_at", "serial" }, names)
      assert.equal("0042", rows[1].serial)
      assert.equal(id, rows[1].id)
    end)

    it("has usual columns where none are named, and all with all", function()
      local _, names = rows_of(export("deals", "--max", "1"))
      assert.same({
        "id",
        "created_at",
        "updated_at",
        "dealname",
        "amount",
        "closedate",
        "pipeline",
        "dealstage",
        "hubspot_owner_id",
      }, names)
      _, names = rows_of(export("tasks", "--max", "1"))
      assert.same({ "id", "created_at", "updated_at", "hs_task_subject", "hs_timestamp" }, names)
      local _, all = rows_of(export("deals", "--max", "1", "--properties", "all"))
      local known = assert(client.properties:all { object_type = "deals" })
      assert.equal(#known + 3, #all)
    end)

    it("takes the names of all properties that an account can have from a file", function()
      local _, own = new_portal { contacts = 120 }
      local list, definitions = { "email" }, {}
      for index = 1, 990 do
        list[index + 1] = ("a_name_that_is_not_short_%04d"):format(index)
        definitions[index] = {
          name = list[index + 1],
          label = list[index + 1],
          groupName = "contactinformation",
          type = "string",
          fieldType = "text",
        }
      end
      local made = assert(own.properties:create_many(definitions))
      assert.same({ 990, 0 }, { #made.results, #made.errors })
      script.with_file(table.concat(list, "\n") .. "\r\n", function(path)
        local written = exporting.run(own, { "contacts", "--properties", "@" .. path })
        assert.equal(0, written.code, written.message)
        local rows, names = rows_of(written.text)
        assert.equal(994, #names)
        assert.equal(120, #rows)
        assert.truthy(rows[120].email:find("@", 1, true))
      end)
      own:close()
    end)

    it("takes names below a BOM", function()
      script.with_file("\239\187\191email\r\ncity\r\n", function(path)
        local _, names = rows_of(export("contacts", "--max", "1", "--properties", "@" .. path))
        assert.same({ "id", "created_at", "updated_at", "email", "city" }, names)
      end)
    end)

    it("ends after --max rows", function()
      local all = rows_of(export "contacts")
      for _, max in ipairs { 1, 100, 101, 229, 231 } do
        local rows = rows_of(export("contacts", "--max", tostring(max)))
        assert.equal(math.min(max, 230), #rows)
        assert.same(all[#rows], rows[#rows])
      end
      assert.equal(7, #rows_of(export("contacts", "--max", "7", "--filter", "email is known")))
    end)

    it("filters by all filters, and by the time of change", function()
      local filtered = rows_of(export("contacts", "--filter", "city = Lyon", "--properties", "city"))
      assert.is_true(#filtered > 1)
      for _, row in ipairs(filtered) do
        assert.equal("Lyon", row.city)
      end
      local both = rows_of(
        export("contacts", "--filter", "city in Lyon, Pune", "--filter", "city != Pune", "--properties", "city")
      )
      assert.same(filtered, both)
      local since = "2024-06-01"
      local changed = rows_of(export("contacts", "--since", since))
      local expected = 0
      for contact in client.contacts:all() do
        if contact.updatedAt >= since then expected = expected + 1 end
      end
      assert.is_true(expected > 0 and expected < 230)
      assert.equal(expected, #changed)
      assert.equal(12, #rows_of(export("companies", "--since", "2020-01-01T00:00:00Z")))
      local between = rows_of(export("contacts", "--filter", "lastmodifieddate between 2024-06-01 and 2099-01-01"))
      assert.same(changed, between)
    end)

    it("reads ids from a file, in its order, side by side", function()
      local ids = {}
      for contact in client.contacts:all() do
        table.insert(ids, 1, contact.id)
      end
      local text = "id\n" .. table.concat(ids, "\r\n") .. "\n\n999999999\n"
      script.with_file(text, function(path)
        local rows = rows_of(export("contacts", "--ids", path, "--parallel", "1"))
        assert.equal(230, #rows)
        for index, row in ipairs(rows) do
          assert.equal(ids[index], row.id)
        end
      end)
      script.with_file("999999998\n" .. ids[1] .. "\n999999999\n", function(path)
        local result = exporting.run(client, { "contacts", "--ids", path })
        assert.same({ 0, 1, 2 }, { result.code, result.summary.rows, result.summary.missing })
        assert.equal("2 of the ids are not there; the first is 999999998", result.notes)
      end)
      script.with_file("1\nid\n", function(path)
        local result = exporting.run(client, { "contacts", "--ids", path })
        assert.equal(7, result.code)
        assert.equal(path .. ', line 2: "id" is no id', result.message)
      end)
      for _, line in ipairs { "ada@example.org", "4127,Ada", "4127.0", "-4127", '"4127"' } do
        script.with_file(line .. "\n", function(path)
          local result = exporting.run(client, { "contacts", "--ids", path })
          assert.same({ 7, ("%s, line 1: %q is no id"):format(path, line) }, { result.code, result.message })
        end)
      end
      for _, line in ipairs { "Record ID", '"id"', "Идентификатор" } do
        script.with_file(
          line .. "\n" .. ids[1] .. "\n",
          function(path) assert.equal(1, #rows_of(export("contacts", "--ids", path))) end
        )
      end
    end)

    it("reads the records in a list", function()
      local ids = {}
      for contact in client.contacts:all { max = 120 } do
        ids[#ids + 1] = contact.id
      end
      local list = assert(client.lists:create { name = "some" })
      assert(client.lists:add(list.listId, { ids = ids }))
      local rows = rows_of(export("contacts", "--list", list.listId, "--properties", "email"))
      assert.equal(120, #rows)
      assert.truthy(rows[1].email:find("@", 1, true))
      local members = rows_of(export("list-members", "--list", list.listId))
      assert.equal(120, #members)
      assert.equal(list.listId, members[1].list_id)
      assert.equal(rows[1].id, members[1].record_id)
      assert.truthy(members[1].joined_at:find "^%d+%-")
    end)

    it("refuses a list of another type, whose ids may be those of other records", function()
      local list = assert(client.lists:create { name = "firms", object_type = "companies" })
      local company = assert(client.companies:all({ max = 1 }):next())
      assert(client.lists:add(list.listId, { ids = { company.id } }))
      for _, object in ipairs { "contacts", "0-1" } do
        refuses(("list %s has companies, not %s"):format(list.listId, object), object, "--list", list.listId)
      end
      assert.equal(1, #rows_of(export("companies", "--list", list.listId)))
      assert.equal(1, #rows_of(export("0-2", "--list", list.listId)))
      assert(client.lists:delete(list.listId))
    end)

    it("reads deleted ones", function()
      local gone = assert(client.companies:create { name = "Gone Ltd" })
      assert(client.companies:delete(gone.id))
      local rows = rows_of(export("companies", "--archived", "--properties", "name"))
      assert.equal("Gone Ltd", rows[1].name)
      assert.truthy(rows[1].archived_at:find "^%d+%-")
    end)

    it("adds a column of ids for each type of associations", function()
      local rows = rows_of(export("deals", "--associations", "companies,contacts", "--properties", "dealname"))
      assert.equal(9, #rows)
      for _, row in ipairs(rows) do
        for _, to_type in ipairs { "companies", "contacts" } do
          local found = assert(client.associations:get_many("deals", { row.id }, to_type))[1]
          local ids = {}
          for index, one in ipairs(found and found.to or {}) do
            ids[index] = one.id
          end
          assert.is_true(#ids > 0)
          assert.equal(table.concat(ids, ";"), row[to_type])
        end
      end
      local lines = json_lines(export("contacts", "--associations", "tickets", "--format", "jsonl", "--max", "1"))
      assert.same({}, lines[1].associations.tickets)
    end)

    it("reads no associations of ids that no record has", function()
      for _, text in ipairs { "1\n2\n", "1\n" .. ("0"):rep(3) .. "2\n3\n" } do
        script.with_file(text, function(path)
          local result =
            exporting.run(client, { "deals", "--ids", path, "--associations", "companies", "--parallel", "1" })
          assert.equal(0, result.code, result.message)
          assert.equal(0, #rows_of(result.text))
        end)
      end
    end)

    it("writes labels in the place of values", function()
      local rows = rows_of(export("deals", "--labels", "--properties", "pipeline,dealstage,hubspot_owner_id,amount"))
      local values = rows_of(export("deals", "--properties", "pipeline,dealstage,hubspot_owner_id,amount"))
      for index, row in ipairs(rows) do
        assert.equal("Sales Pipeline", row.pipeline)
        assert.not_equal(values[index].dealstage, row.dealstage)
        assert.truthy(row.hubspot_owner_id:find("@example.com", 1, true))
        assert.equal(values[index].amount, row.amount)
      end
    end)

    it("keeps every value as it is, in each format", function()
      local values = {
        "two\nlines",
        "CR\r\nLF",
        'say "hi"',
        "a;b,c\td",
        "007",
        "+49 30 123",
        "=1+1",
        "😀 Łódź",
        " spaces ",
        ("x,\n"):rep(21845) .. "y",
        "12345678901234567890",
        "1e5",
        "true",
      }
      local made = {}
      for index, value in ipairs(values) do
        local contact = { address = value, email = ("value%d@example.com"):format(index) }
        made[index] = assert(client.contacts:create(contact)).id
      end
      script.with_file(table.concat(made, "\n"), function(path)
        local function exported(format)
          return export("contacts", "--ids", path, "--properties", "address,fax", "--format", format)
        end
        local lines = json_lines(exported "jsonl")
        local csv, tsv = rows_of(exported "csv"), rows_of(exported "tsv", "\t")
        for index, value in ipairs(values) do
          assert.equal(value, lines[index].properties.address)
          assert.is_nil(lines[index].properties.fax)
          assert.equal(value, csv[index].address)
          assert.equal("", csv[index].fax)
          assert.equal(value, tsv[index].address)
        end
        local guarded = export("contacts", "--ids", path, "--properties", "address", "--excel")
        assert.equal("\239\187\191id,", guarded:sub(1, 6))
        local rows = rows_of(guarded)
        assert.equal("'+49 30 123", rows[6].address)
        assert.equal("'=1+1", rows[7].address)
        assert.equal("😀 Łódź", rows[8].address)
      end)
      for _, id in ipairs(made) do
        assert(client.contacts:delete(id))
      end
    end)

    it("has in JSON Lines what was asked for, as the API spells it", function()
      local lines = json_lines(export("contacts", "--properties", "email", "--format", "jsonl", "--max", "2"))
      local contact = assert(client.contacts:get(lines[1].id, { properties = { "email" } }))
      assert.same({
        id = contact.id,
        createdAt = contact.createdAt,
        updatedAt = contact.updatedAt,
        archived = false,
        properties = { email = contact.properties.email },
      }, lines[1])
    end)
  end)

  describe("of other things", function()
    it("writes owners, properties, pipelines, lists and associations", function()
      local owners = rows_of(export "owners")
      assert.equal(3, #owners)
      assert.equal("maria.lopez@example.com", owners[1].email)
      local properties = rows_of(export("properties", "deals"))
      local by_name = {}
      for _, row in ipairs(properties) do
        by_name[row.name] = row
      end
      assert.equal("enumeration", by_name.dealstage.type)
      local stages = rows_of(export("pipelines", "deals"))
      assert.equal("appointmentscheduled", stages[1].stage_id)
      assert.equal("Sales Pipeline", stages[1].pipeline_label)
      assert.equal("some", rows_of(export "lists")[1].name)
      local company = assert(client.companies:create { name = "Listed Ltd" }).id
      local list = assert(client.lists:create { name = "of companies", objectTypeId = "0-2" })
      assert(client.lists:add(list.listId, { ids = { company } }))
      assert.equal("of companies", rows_of(export("lists", "companies"))[1].name)
      assert.equal("Listed Ltd", rows_of(export("companies", "--list", list.listId))[1].name)
      assert.equal(company, rows_of(export("list-members", "--list", list.listId))[1].record_id)
      assert(client.companies:delete(company))
      local pairs_of_ids = rows_of(export("associations", "deals", "companies"))
      local found = assert(client.associations:get_many("deals", { pairs_of_ids[1].from_id }, "companies"))[1].to[1]
      assert.equal(found.id, pairs_of_ids[1].to_id)
      assert.equal(("%d"):format(found.types[1].typeId), pairs_of_ids[1].type_id)
    end)

    it("writes campaigns and e-mail events", function()
      local _, mail_client = new_portal { contacts = 20, campaigns = 3 }
      local campaigns = rows_of(exporting.run(mail_client, { "campaigns" }).text)
      local events = rows_of(exporting.run(mail_client, { "email-events" }).text)
      local count = 0
      for _ in mail_client.campaigns:all() do
        count = count + 1
      end
      assert.equal(count, #campaigns)
      for event in mail_client.email_events:all() do
        local row = table.remove(events, 1)
        assert.same(
          { event.id, event.type, event.recipient, ("%.0f"):format(event.created) },
          { row.id, row.type, row.recipient, row.created }
        )
      end
      assert.equal(0, #events)
      mail_client:close()
    end)
  end)

  describe("refuses", function()
    it("what does not go together", function()
      refuses("--filter and --list don't go together", "contacts", "--filter", "a = b", "--list", "1")
      refuses("--since and --archived don't go together", "contacts", "--since", "2026-01-01", "--archived")
      refuses("--properties does not go with owners", "owners", "--properties", "email")
      refuses("list-members needs --list", "list-members")
      refuses("pipelines needs TYPE, as in `hubspot-lua export pipelines deals`", "pipelines")
      refuses('contacts takes no further argument, got "companies"', "contacts", "companies")
      refuses("--excel is for csv and tsv, not for jsonl", "contacts", "--excel", "--format", "jsonl")
      refuses("--resume needs --output", "contacts", "--resume")
    end)

    it("a file's name of another format, unless --format says what to write", function()
      for _, name in ipairs { "c.xlsx", "c.json", "c.csv.gz" } do
        local says = ("%s is a name of another format: --format csv, tsv or jsonl says what to write"):format(name)
        refuses(says, "contacts", "-o", name)
      end
      local path = scratch.path "c.json"
      assert.equal(0, exporting.run(client, { "contacts", "-o", path, "--format", "jsonl" }).code)
      scratch.remove_folder_of(path)
    end)

    it("a slip in a name, and options that say nothing", function()
      refuses("there is no type of records contcts; did you mean contacts?", "contcts")
      refuses('"con tacts" is no type of records', "con tacts")
      refuses("--max must be a whole number of at least 1, got 0", "contacts", "--max", "0")
      refuses("--parallel must be a whole number from 1 to 100, got 101", "contacts", "--parallel", "101")
      refuses("--properties names no property", "contacts", "--properties", ",")
      assert.equal(2, exporting.run(client, { "contacts", "--since", "yesterday" }).code)
      assert.equal(2, exporting.run(client, { "contacts", "--filter", "city" }).code)
      assert.equal(2, exporting.run(client, { "contacts", "--filter", "city between 1" }).code)
    end)

    it("properties that there are not, by one more request where there are", function()
      portal:clear_requests()
      refuses("--properties: no property is called emial; did you mean email?", "contacts", "--properties", "emial")
      refuses("--filter: no property is called ctiy; did you mean city?", "contacts", "--filter", "ctiy = Lyon")
      local path = scratch.path "c.csv"
      assert.equal(2, exporting.run(client, { "contacts", "--properties", "email,nmae", "-o", path }).code)
      assert.is_nil(exporting.read(path .. ".part"))
      scratch.remove_folder_of(path)
      for _, request in ipairs(portal:requests()) do
        assert.is_nil(request.path:find("/objects/", 1, true), request.path)
      end
      local function requests_of(...)
        portal:clear_requests()
        export("contacts", "--max", "1", "--parallel", "1", ...)
        return #portal:requests()
      end
      assert.equal(requests_of() + 1, requests_of("--properties", "email,city"))
    end)

    it("values that a filter's property can't have, and what is an option by its label only", function()
      portal:clear_requests()
      local message = "--filter: createdate is a time, which %q is not: write 2026-01-31, 2026-01-31T12:00:00Z or "
        .. "milliseconds since 1970"
      for _, value in ipairs { "yesterday", "2026-02-30", "2026-01-31 12:00" } do
        refuses(message:format(value), "contacts", "--filter", "createdate >= " .. value)
      end
      refuses(message:format "now", "contacts", "--filter", "createdate between 2026-01-31 and now")
      refuses(message:format "then", "contacts", "--filter", "createdate in 5, then")
      refuses(
        '--filter: lifecyclestage has no option "Customer"; did you mean customer?',
        "contacts",
        "--filter",
        "lifecyclestage in lead, Customer"
      )
      refuses(
        '--filter: lifecyclestage has no option "Sales Qualified Lead"; did you mean salesqualifiedlead?',
        "contacts",
        "--filter",
        "lifecyclestage = Sales Qualified Lead"
      )
      refuses(
        '--filter: hubspot_owner_id has the ids of owners, which "ada@example.org" is none of: '
          .. "`hubspot-lua export owners` tells them",
        "contacts",
        "--filter",
        "hubspot_owner_id in 41629779, ada@example.org"
      )
      refuses(
        '--filter: newsletter_consent is true or false, which "yes" is not',
        "contacts",
        "--filter",
        "newsletter_consent = yes"
      )
      for _, request in ipairs(portal:requests()) do
        assert.is_nil(request.path:find("/objects/", 1, true), request.path)
      end
      export("contacts", "--filter", "newsletter_consent != true", "--filter", "hubspot_owner_id is known")
      export("contacts", "--filter", "lifecyclestage = one of the past", "--filter", "createdate >= 1700000000000")
    end)

    it("no property where the token may not see the definitions", function()
      portal:fault { kind = "status", status = 403, times = 1, path = "/crm/properties/" }
      assert.equal(230, #rows_of(export("contacts", "--properties", "email")))
    end)

    it("values that are no texts as JSON has them", function()
      local odd = hubspot.new {
        token = script.TOKEN,
        limiter = false,
        transport = function(request)
          local response, err = portal(request)
          if not response then return nil, err end
          response.body =
            response.body:gsub('"city":"[^"]*"', '"city":12345678901'):gsub('"email":"[^"]*"', '"email":true')
          return response
        end,
      }
      local result = exporting.run(odd, { "contacts", "--properties", "city,email", "--max", "1" })
      odd:close()
      assert.equal(0, result.code, result.message)
      local row = rows_of(result.text)[1]
      assert.same({ "12345678901", "true" }, { row.city, row.email })
    end)

    it("with HubSpot's own word what HubSpot does not know", function()
      local result = exporting.run(client, { "2-99" })
      assert.equal(1, result.code)
      assert.truthy(result.message:find("Unable to infer object type", 1, true), result.message)
    end)
  end)

  it("writes nothing before HubSpot has answered, and the columns where there are no rows", function()
    portal:fault { kind = "status", status = 401, times = 1000 }
    local result = exporting.run(client, { "contacts" })
    portal:clear_faults()
    assert.same({ 4, "" }, { result.code, result.text })
    local text = export("contacts", "--properties", "city", "--filter", "email = nobody@example.org")
    assert.equal("id,created_at,updated_at,city\n", text)
  end)

  it("tells the number of rows in a file, which has its name at the end", function()
    local path = scratch.path "c.csv"
    local result = exporting.run(client, { "contacts", "-o", path })
    assert.same({ 0, "230 rows in " .. path, "" }, { result.code, result.notes, result.text })
    assert.equal(export "contacts", exporting.read(path))
    assert.is_nil(exporting.read(path .. ".part"))
    assert.is_nil(exporting.read(path .. ".part.state"))
    assert.same({ object = "contacts", rows = 230, resumed_after = 0, output = path }, result.summary)
    local lines = scratch.path "c.ndjson"
    assert.equal(0, exporting.run(client, { "contacts", "-o", lines }).code)
    assert.equal(export("contacts", "--format", "jsonl"), exporting.read(lines))
    for _, name in ipairs { "c", "c.txt", "c.2026" } do
      local other = path:gsub("[^/]*$", name)
      assert.equal(0, exporting.run(client, { "contacts", "-o", other }).code)
      assert.equal(export "contacts", exporting.read(other))
    end
    scratch.remove_folder_of(path)
    scratch.remove_folder_of(lines)
    assert.truthy(portal)
  end)
end)

describe("--filter", function()
  local filters = require "hubspot.command.export.filters"
  local read = filters.read

  it("takes the operators of HubSpot's search", function()
    for text, expected in pairs {
      ["city = Lyon"] = { propertyName = "city", operator = "EQ", value = "Lyon" },
      ["city=New York"] = { propertyName = "city", operator = "EQ", value = "New York" },
      ["amount >= 10"] = { propertyName = "amount", operator = "GTE", value = "10" },
      ["amount<10"] = { propertyName = "amount", operator = "LT", value = "10" },
      ["a != b"] = { propertyName = "a", operator = "NEQ", value = "b" },
      ["a in x, y"] = { propertyName = "a", operator = "IN", values = { "x", "y" } },
      ["a NOT IN x"] = { propertyName = "a", operator = "NOT_IN", values = { "x" } },
      ["a between 1 and 5"] = { propertyName = "a", operator = "BETWEEN", value = "1", highValue = "5" },
      ["a BETWEEN 1 AND 5"] = { propertyName = "a", operator = "BETWEEN", value = "1", highValue = "5" },
      ["a>=-5"] = { propertyName = "a", operator = "GTE", value = "-5" },
      ["a = =5"] = { propertyName = "a", operator = "EQ", value = "=5" },
      ["a in x,, y,"] = { propertyName = "a", operator = "IN", values = { "x", "y" } },
      ["a is known"] = { propertyName = "a", operator = "HAS_PROPERTY" },
      ["a is unknown "] = { propertyName = "a", operator = "NOT_HAS_PROPERTY" },
      ["a contains x*"] = { propertyName = "a", operator = "CONTAINS_TOKEN", value = "x*" },
      ["a not contains x"] = { propertyName = "a", operator = "NOT_CONTAINS_TOKEN", value = "x" },
    } do
      assert.same(expected, read(text))
    end
  end)

  it("refuses what is none", function()
    for _, text in ipairs { "", "city", "city ~ x", "city =", "= x", "a inside b", "a is known x", "a between 1, 2" } do
      assert.is_nil(read(text), text)
    end
    for _, signs in ipairs { "==", "=>", "=<", "<>", "=~", "!==" } do
      assert.is_nil(read(("city %s Lyon"):format(signs)), signs)
    end
    assert.is_nil(read "city in ,")
    assert.is_nil(read "city not in , ,")
  end)

  it("has times in milliseconds, wherever they stand", function()
    local function values(text)
      local spelled = filters.spelled(read(text), { type = "datetime" })
      return spelled.values or { spelled.value, spelled.highValue }
    end
    assert.same({ "1767225600000" }, values "a >= 2026-01-01")
    assert.same({ "0", "1767225600000" }, values "a between 0 and 2026-01-01")
    assert.same({ "1767225600000", "5" }, values "a in 2026-01-01T00:00:00Z, 5")
  end)
end)
