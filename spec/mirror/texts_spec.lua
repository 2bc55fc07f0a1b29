-- Texts that a database does not hold, with NUL or half of a surrogate pair: none is lost, and none stops a run.

local core = require "hubspot.core"
local library = require "hubspot.mirror"
local support = require "spec.support.mirror"
local value = require "hubspot.mirror.value"

local COMPANIES = { "companies" }

describe("a text of a table without extra", function()
  it("is spelled as in JSON where a database does not hold it", function()
    for text, expected in pairs {
      ["a\0\0b"] = [[a\u0000\u0000b]],
      ["\237\160\189\0"] = [[\uD83D\u0000]],
      ["\237\191\191\237\160\128"] = [[\uDFFF\uD800]],
      ["\237\160\189\237\184\128"] = [[\uD83D\uDE00]],
      ["\237\159\191 \\ \n"] = "\237\159\191 \\ \n",
      ["M\252ller \0 é\195 \192\128"] = [[M\uDCFCller \u0000 é\uDCC3 \uDCC0\uDC80]],
      [""] = "",
    } do
      assert.equal(expected, value.text(text))
      assert.equal(expected, value.text(value.text(text)))
    end
    assert.is_nil(value.text(nil))
    assert.is_nil(value.text(4127))
  end)
end)

describe("JSON of HubSpot's", function()
  it("is in a column whatever bytes its texts have", function()
    assert.equal('{"a":[],"b":"\\u0000"}', value.json { a = core.array {}, b = "\0" })
    local given = core.decode '{"a":[{"k\255":"M\252ller"},"\195\169",[]],"b":{}}'
    assert.equal([=[{"a":[{"k\uDCFF":"M\uDCFCller"},"é",[]],"b":{}}]=], value.json(given))
    assert.is_nil(value.json(nil))
  end)
end)

describe("texts of a record", function()
  it("are plain where a column holds each for sure", function()
    for _, texts in ipairs {
      {},
      { a = "" },
      { a = "Łódź", b = "\240\159\152\128\238\128\128", c = "\1\n", d = "\237\149\156" },
    } do
      assert.is_true(value.are_plain(texts))
    end
    for _, odd in ipairs { "\0", "a\0b", "\237\160\189", "cut \237\191\191", "\255", "\195", "\169 alone" } do
      assert.is_false(value.are_plain { a = "Ada", b = odd, c = "" })
    end
  end)
end)

support.on_each(function(start)
  it("has texts that no column holds beside it, exactly", function()
    local mirror = start({}, { objects = COMPANIES, lists = "none", associations = "none" })
    local client = mirror.client
    assert(client.properties:create({
      name = "text",
      label = "Text",
      groupName = "companyinformation",
      type = "string",
      fieldType = "textarea",
    }, { object_type = "companies" }))
    local texts = { "cut \237\160\189", "\237\184\128 begins", "a\0b\237\160\128", "\237\159\191" }
    local ids = {}
    for index, text in ipairs(texts) do
      ids[index] = assert(client.companies:create { name = "C" .. index, text = text }).id
    end
    mirror:run()
    assert.same({}, mirror:differences())
    for index, text in ipairs(texts) do
      local row = mirror.database:query("SELECT text, extra FROM companies WHERE id = " .. ids[index])[1]
      -- The last is no half.
      if index == 4 then
        assert.same({ text = text }, row)
      else
        assert.is_nil(row.text)
        assert.same({ text = text }, core.decode(row.extra))
      end
    end
    if mirror.database.dialect.driver == "luasql.postgres" then
      local statement = [[SELECT replace(extra::text, '\u', '\\u')::json ->> 'text' FROM companies WHERE id = %s]]
      assert.equal([[a\u0000b\uD800]], mirror:value(statement, ids[3]))
    end
    assert.equal(3, mirror:count "SELECT misfits FROM mirror_state WHERE object = 'companies'")
    assert.equal(0, mirror:run({ sweep = "now" }).written)
    assert.equal(0, assert(library.verify(mirror.client, mirror.database, mirror.options)).different)
    assert(client.companies:update(ids[1], { text = "whole \240\159\152\128" }))
    assert(client.companies:update(ids[4], { text = texts[2] }))
    mirror:settle()
    assert.same({}, mirror:differences())
    local changed = {}
    local statement = "SELECT changed FROM changes WHERE changed IS NOT NULL ORDER BY id"
    for index, row in ipairs(mirror.database:query(statement)) do
      changed[index] = core.decode(row.changed).text
    end
    assert.same({ { texts[1], "whole \240\159\152\128" }, { texts[4], texts[2] } }, changed)
  end)

  it("has texts whose bytes are no UTF-8, beside their column and whole", function()
    local mirror = start({ companies = 3 }, { objects = COMPANIES, lists = "none", associations = "none" })
    local client = mirror.client
    mirror:run()
    local names = {}
    for company in client.companies:all() do
      names[#names + 1] = { id = company.id, name = "Mueller" .. #names }
      assert(client.companies:update(company.id, { name = "Mueller" .. #names - 1, city = "Hel\0" }))
    end
    mirror.portal:advance(60)
    local odd = { "M\252ller\n\\", "\237\160\189\237\184\128", "\240\159\152\128\237\160\189\195" }
    mirror.rewrite = function(body)
      return (
        body:gsub(
          "Mueller(%d)",
          function(digit) return (odd[digit + 1]:gsub("[\n\\]", { ["\n"] = "\\n", ["\\"] = "\\\\" })) end
        )
      )
    end
    mirror:run()
    local escaped =
      { [["M\uDCFCller\n\\"]], [["\uDCED\uDCA0\uDCBD\uDCED\uDCB8\uDC80"]], '"😀\\uDCED\\uDCA0\\uDCBD\\uDCC3"' }
    for index, one in ipairs(names) do
      local row = mirror.database:query("SELECT name, extra FROM companies WHERE id = " .. one.id)[1]
      assert.same({ extra = ([[{"city":"Hel\u0000","name":%s}]]):format(escaped[index]) }, row)
      local line = mirror.database:query("SELECT changed FROM changes WHERE id = " .. one.id)[1]
      assert.equal(core.decode(escaped[index]), core.decode(line.changed).name[2])
    end
    assert.equal(6, mirror:count "SELECT misfits FROM mirror_state WHERE object = 'companies'")
    assert.equal(0, mirror:run({ sweep = "now" }).written)
    assert.equal(0, assert(library.verify(client, mirror.database, mirror.options)).different)
  end)

  it("stops at no text of what surrounds records", function()
    local half, nul = "\237\160\189", "\0"
    local both = half .. nul
    local mirror = start({
      email_events = 3,
      fixtures = {
        owners = { { id = 11, userId = 12, email = half .. "@example.org", firstName = nul, lastName = both } },
        properties = {
          companies = {
            {
              name = "kind",
              label = both,
              description = both,
              groupName = "companyinformation",
              type = "enumeration",
              fieldType = "select",
              options = { { value = "a" .. half, label = both }, { value = "a" .. nul, label = half } },
            },
          },
        },
        pipelines = {
          deals = {
            {
              label = both,
              displayOrder = 1,
              stages = {
                {
                  label = both,
                  displayOrder = 0,
                  metadata = {
                    probability = "0.5",
                  },
                },
              },
            },
          },
        },
        labels = { { from = "companies", to = "deals", name = "odd", label = both } },
        records = {
          companies = { { id = 1, properties = { name = both, kind = "a" .. half } } },
          deals = {
            {
              id = 2,
              properties = { dealname = half, pipeline = "default", dealstage = "appointmentscheduled" },
              associations = { companies = { { id = 1, labels = { "odd" } } } },
            },
          },
        },
      },
    }, { objects = { "companies", "deals" }, email_events = true })
    assert(mirror.client.lists:create { name = both, object_type = "companies" })
    mirror.rewrite = function(body) return (body:gsub('"recipient":"', [["recipient":"\ud83d\u0000]])) end
    mirror:run()
    local verified = assert(library.verify(mirror.client, mirror.database, mirror.options))
    assert.same({ 2, 0, 0 }, { verified.compared, verified.different, verified.associations })
    local shown = [[\uD83D\u0000]]
    for _, query in ipairs {
      "SELECT last_name FROM owners WHERE id = 11",
      "SELECT label FROM properties WHERE name = 'kind'",
      "SELECT description FROM properties WHERE name = 'kind'",
      [[SELECT label FROM property_options WHERE property = 'kind' AND value = 'a\uD83D']],
      "SELECT label FROM pipelines WHERE display_order = 1",
      "SELECT label FROM stages WHERE pipeline_id IN (SELECT id FROM pipelines WHERE display_order = 1)",
      "SELECT label FROM associations WHERE category = 'USER_DEFINED'",
      "SELECT name FROM lists",
      "SELECT substr(recipient, 1, 12) FROM email_events WHERE id = (SELECT min(id) FROM email_events)",
    } do
      assert.equal(shown, mirror:value(query), query)
    end
    assert.equal([[\uD83D]], mirror:value [[SELECT label FROM property_options WHERE value = 'a\u0000']])
    assert.equal(0, mirror:run({ sweep = "now" }).written)
  end)

  it("notes why a run failed, whatever HubSpot says", function()
    local mirror = start({}, { objects = COMPANIES })
    mirror.portal:fault {
      kind = "status",
      status = 403,
      path = "/crm/owners",
      body = [[{"message":"no \ud83d\u0000 for you"}]],
    }
    assert.has_error(function() mirror:run() end)
    local message = mirror:value "SELECT message FROM mirror_runs WHERE outcome = 'failed'"
    assert.truthy(message:find([[no \uD83D\u0000 for you]], 1, true), message)
  end)
end)
