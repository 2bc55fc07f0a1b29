local command = require "spec.support.command"
local core = require "hubspot.core"
local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local in_process = require "spec.support.in_process"

local site = fixture.new { start = { contacts = 3 }, clients = { current = {} }, reset = { contacts = 3 } }

local function run(invocation)
  invocation.env = command.against(site.server, invocation.env)
  return command.run(invocation)
end

local function records_of(text)
  local records = {}
  for line in text:gmatch "[^\n]+" do
    records[#records + 1] = assert(core.decode(line))
  end
  return records
end

local function values_of(records, property)
  local values = {}
  for index, record in ipairs(records) do
    values[index] = record.properties[property]
  end
  return values
end

-- The ids of contacts with these addresses.
local function create(...)
  local list = {}
  for index, email in ipairs { ... } do
    list[index] = { email = email, firstname = "Name of " .. email }
  end
  return site:create_contacts(list)
end

local function paths(server)
  local list = {}
  for index, request in ipairs(server:requests()) do
    list[index] = request.method .. " " .. request.path
  end
  return list
end

describe("hubspot-lua get", function()
  it("prints a record a line, in the order of the ids, by one batch read", function()
    local ids = create("a@example.org", "b@example.org", "c@example.org")
    local result = run { "get", "contacts", ids[3], ids[1], "--properties", "email, firstname" }
    assert.same({ 0, "" }, { result.status, result.stderr })
    assert.same({ "c@example.org", "a@example.org" }, values_of(records_of(result.stdout), "email"))
    assert.same({
      "POST /crm/properties/2026-09/contacts/batch/read",
      "POST /crm/objects/2026-09/contacts/batch/read",
    }, paths(site.server))
  end)

  it("refuses properties that there are not, before it reads a record", function()
    local result = run { "get", "contacts", "4127", "--properties", "emial", "--history", "lifecyclestag" }
    assert.equal(2, result.status)
    assert.equal(
      "hubspot-lua get: --properties: no property is called emial; did you mean email?\n"
        .. "hubspot-lua get: --history: no property is called lifecyclestag; did you mean lifecyclestage?\n",
      result.stderr
    )
    for _, path in ipairs(paths(site.server)) do
      assert.matches("/crm/properties/", path, 1, true)
    end
  end)

  it("prints half of a surrogate pair as JSON has it", function()
    local ids = create "a@example.org"
    assert(site.clients.current.contacts:update(ids[1], { firstname = "cut \237\160\189" }))
    local result = run { "get", "contacts", ids[1], "--properties", "firstname" }
    assert.same({ 0, "" }, { result.status, result.stderr })
    assert.truthy(result.stdout:find([["firstname":"cut \uD83D"]], 1, true), result.stdout)
  end)

  it("finds contacts by their addresses, in any case", function()
    create("a@example.org", "b@example.org")
    local result = run { "get", "contacts", "B@Example.org", "nobody@example.org", "--properties", "firstname" }
    assert.equal(1, result.status)
    assert.equal("hubspot-lua get: contacts: nobody@example.org is not there\n", result.stderr)
    assert.same({ "Name of b@example.org" }, values_of(records_of(result.stdout), "firstname"))
  end)

  it("reads ids from stdin, of any number", function()
    local emails = {}
    for index = 1, 1100 do
      emails[index] = ("p%d@example.org"):format(index)
    end
    local outcome = assert(site.clients.current.contacts:create_many((function()
      local list = {}
      for index, email in ipairs(emails) do
        list[index] = { properties = { email = email } }
      end
      return list
    end)()))
    local ids = {}
    for index, record in ipairs(outcome.results) do
      ids[index] = record.id
    end
    local result = run {
      "get",
      "contacts",
      "-",
      "4127",
      "--properties",
      "email",
      stdin = "\n " .. table.concat(ids, "\r\n") .. "\n\n",
    }
    assert.same({ 0, "" }, { result.status, result.stderr })
    local records = records_of(result.stdout)
    assert.equal(1101, #records)
    for index, id in ipairs(ids) do
      assert.equal(id, records[index].id)
    end
    assert.equal("4127", records[1101].id)
  end)

  it("says which ids are not there, with -q, too, and prints the others", function()
    local result = run { "get", "contacts", "999", "4127", "998", "-q" }
    assert.equal(1, result.status)
    assert.equal(
      "hubspot-lua get: contacts: 999 is not there\nhubspot-lua get: contacts: 998 is not there\n",
      result.stderr
    )
    assert.equal("4127", records_of(result.stdout)[1].id)
  end)

  it("takes the id of a record that was merged into another", function()
    local ids = create("a@example.org", "b@example.org")
    local merged = assert(site.clients.current.contacts:merge(ids[1], ids[2]))
    local result = run { "get", "contacts", ids[2] }
    assert.same({ 0, "" }, { result.status, result.stderr })
    assert.equal(merged.id, records_of(result.stdout)[1].id)
  end)

  it("adds history and associations", function()
    local id = create("a@example.org")[1]
    local client = site.clients.current
    local company = assert(client.companies:create { name = "Analytical Engines" })
    assert(client.associations:create("contacts", id, "companies", company.id))
    local result = run {
      "get",
      "contacts",
      id,
      "--history",
      "email",
      "--associations",
      "companies,deals",
      "--properties",
      "all",
    }
    assert.same({ 0, "" }, { result.status, result.stderr })
    local record = records_of(result.stdout)[1]
    assert.equal("a@example.org", record.propertiesWithHistory.email[1].value)
    assert.equal(company.id, record.associations.companies[1].id)
    assert.same({}, record.associations.deals)
    assert.equal("Name of a@example.org", record.properties.firstname)
  end)

  it("reads the history of all properties, or of those that it reads", function()
    local id = create("a@example.org")[1]
    local function history_of(...)
      local result = run { "get", "contacts", id, "--history", "all", ... }
      assert.same({ 0, "" }, { result.status, result.stderr })
      return records_of(result.stdout)[1].propertiesWithHistory
    end
    local all = history_of()
    assert.equal("a@example.org", all.email[1].value)
    assert.equal("Name of a@example.org", all.firstname[1].value)
    local one = history_of("--properties", "email")
    assert.same({ email = all.email }, one)
  end)

  it("finds records by their ids, however that property is called", function()
    local result = run { "get", "contacts", "4127", "--key", "hs_object_id" }
    assert.same({ 0, "" }, { result.status, result.stderr })
    assert.equal("4127", records_of(result.stdout)[1].id)
  end)

  it("finds records by any unique property", function()
    local client = site.clients.current
    assert(client.properties:create({
      name = "badge",
      label = "Badge",
      type = "string",
      fieldType = "text",
      groupName = "companyinformation",
      hasUniqueValue = true,
    }, { object_type = "companies" }))
    local company = assert(client.companies:create { name = "Analytical Engines", badge = "B-7" })
    local result = run { "get", "companies", "B-7", "B-8", "--key", "badge" }
    assert.equal(1, result.status)
    assert.equal("hubspot-lua get: companies: B-8 is not there\n", result.stderr)
    assert.equal(company.id, records_of(result.stdout)[1].id)
    assert(client.companies:update(company.id, { badge = "B-7;8" }))
    result = run { "get", "companies", "B-7", "B-7;8", "--key", "badge" }
    assert.equal("hubspot-lua get: companies: B-7 is not there\n", result.stderr)
    assert.equal(company.id, records_of(result.stdout)[1].id)
  end)

  it("says what is wrong with its words", function()
    for _, case in ipairs {
      { { "get" }, "missing argument 'object'" },
      { { "get", "contacts" }, "missing argument 'id'" },
      { { "get", "a b", "1" }, "name must be the name or id of a type" },
      { { "get", "contacts", "4127x" }, '"4127x" is no id\n' },
      {
        { "get", "contacts", "4127", "-", "ada@example.org" },
        '"ada@example.org" is no id: ids and addresses go into runs of their own',
      },
      {
        { "get", "contacts", "ada@example.org", "4127" },
        '"4127" is no e-mail address: ids and addresses go into runs of their own',
      },
      { { "get", "contacts", "x", "--key", "id" }, '"x" is no id\n' },
      { { "get", "contacts", "1", "--properties", "," }, "--properties must be names with commas between them" },
    } do
      local result = run(case[1])
      assert.same({ 2, "" }, { result.status, result.stdout })
      assert.matches(case[2], result.stderr, 1, true)
      assert.matches("^hubspot%-lua get: [^\n]+\n$", result.stderr)
    end
    assert.same({}, site.server:requests())
    local result = run { "get", "contacts", "-", stdin = "4127\n\n4127x\n" }
    assert.same({ 7, "" }, { result.status, result.stdout })
    assert.equal('hubspot-lua get: the standard input, line 3: "4127x" is no id\n', result.stderr)
  end)

  it("keeps keys apart that differ in case alone, and reads none twice", function()
    local ids = { ["B-7"] = "1", ["b-7"] = "2" }
    local client = hubspot.new {
      token = command.TOKEN,
      limiter = false,
      transport = function(request)
        local results = {}
        for index, input in ipairs(core.decode(request.body).inputs) do
          results[index] = { id = ids[input.id], properties = { badge = input.id } }
        end
        return { status = 200, headers = {}, body = core.encode { results = results } }
      end,
    }
    local result = in_process.run(client, { "get", "deals", "b-7", "B-7", "b-7", "--key", "badge" })
    client:close()
    local records = records_of(result.text)
    assert.same({ 0, 2, "2", "1" }, { result.code, #records, records[1].id, records[2].id })
  end)

  it("reads ids below a BOM", function()
    local result = run { "get", "contacts", "-", stdin = "\239\187\1914127\r\n4128\r\n" }
    assert.equal("4127", records_of(result.stdout)[1].id)
  end)

  it("reads none twice, however far apart its ids stand", function()
    local lines = { "4127" }
    for id = 1000001, 1001200 do
      lines[#lines + 1] = tostring(id)
    end
    lines[#lines + 1] = "04127"
    lines[#lines + 1] = "1000001"
    local result = run { "get", "contacts", "-", stdin = table.concat(lines, "\n") }
    assert.equal(1, #records_of(result.stdout))
    assert.equal(1200, select(2, result.stderr:gsub("is not there", "")))
  end)
end)
