-- Single reads that go out together, over real sockets.

local fixture = require "spec.support.fixture"
local throws = require("spec.support.misuse").throws
local wire = require "spec.support.wire"

local here = fixture.new { start = { contacts = 250 } }
local server, clients = here.server, here.clients
local contacts, ids, emails

setup(function()
  contacts, ids, emails = wire.collect(clients.current.contacts:all()), {}, {}
  for index, contact in ipairs(contacts) do
    ids[index], emails[index] = contact.id, contact.properties.email
  end
end)

local function read_all(client, method, values, options)
  options = options or {}
  options.coalesce = true
  return client:map(
    values,
    function(value) return client.contacts[method](client.contacts, value, options) end,
    { concurrency = #values }
  )
end

for _, route in ipairs { "current", "v1" } do
  describe("reads that are coalesced, on " .. route, function()
    it("take a request a hundred, and give what each asked for", function()
      local results, errors = read_all(clients[route], "get", ids)
      assert.same({}, errors)
      assert.same(ids, wire.ids(results))
      assert.equal(3, #server:requests())
    end)

    it("find contacts by e-mail addresses, in any case", function()
      local asked, expected = {}, {}
      for index = 1, 50 do
        local address = emails[index]
        if address then
          expected[#expected + 1] = contacts[index]
          asked[#asked + 1] = #asked % 2 == 0 and address:upper() or address
        end
      end
      assert.is_true(#asked > 30)
      local results, errors = read_all(clients[route], "get_by_email", asked, { properties = { "firstname" } })
      assert.same({}, errors)
      for index, contact in ipairs(expected) do
        assert.equal(contact.id, results[index].id)
        assert.equal(contact.properties.firstname, results[index].properties.firstname)
        assert.is_nil(results[index].properties.email)
      end
      assert.equal(1, #server:requests())
    end)

    it("give each caller a record of its own", function()
      local results = read_all(clients[route], "get", { ids[1], ids[2], ids[1] })
      assert.same(results[1], results[3])
      assert.not_equal(results[1], results[3])
      results[1].properties.email = "changed"
      assert.not_equal("changed", results[3].properties.email)
    end)

    it("tell of each one that is not there", function()
      local results, errors = read_all(clients[route], "get", { ids[1], "99999999", ids[2] })
      assert.same({ ids[1], ids[2] }, { results[1].id, results[3].id })
      assert.equal(404, errors[2].status)
    end)
  end)
end

describe("reads by a property that the account made unique", function()
  local CODE = { name = "code", label = "Code", groupName = "g", type = "string", fieldType = "text" }
  CODE.hasUniqueValue = true
  local companies = {}

  setup(function()
    local client = wire.client(server)
    for _, object_type in ipairs { "companies", "contacts" } do
      assert(client.properties:create(CODE, { object_type = object_type }))
    end
    for _, code in ipairs { "AB", "ef", "C" } do
      companies[code] = assert(client.companies:create { code = code, name = code }).id
    end
    client:close()
  end)

  it("are coalesced", function()
    local client = clients.current
    local results, errors = client:map(
      { "ef", "AB", "none", "C", "ef" },
      function(code) return client.companies:get_by("code", code, { coalesce = true, properties = { "name" } }) end
    )
    assert.equal(404, errors[3].status)
    assert.same(
      { companies.ef, companies.AB, companies.C, companies.ef },
      { results[1].id, results[2].id, results[4].id, results[5].id }
    )
    assert.same({ "ef", nil }, { results[1].properties.name, results[1].properties.code })
    local lines = wire.take(server)
    assert.equal(2, #lines)
    assert.equal(
      'POST /crm/objects/2026-09/companies/batch/read {"idProperty":"code","inputs":[{"id":"ef"},{"id":"AB"},{"id":"none"},'
        .. '{"id":"C"}],"properties":["name","code"],"propertiesWithHistory":[]}',
      lines[1]
    )
    assert.truthy(lines[2]:find("GET /crm/objects/2026-09/companies/none?idProperty=code", 1, true))
  end)

  it("go out apart by their properties", function()
    local client = clients.current
    local results = client:map(
      { { "email", emails[1]:upper() }, { "code", "none" }, { "email", emails[2] } },
      function(asked) return client.contacts:get_by(asked[1], asked[2], { coalesce = true }) end
    )
    assert.same({ ids[1], ids[2] }, { results[1].id, results[3].id })
    local count = 0
    for _, line in ipairs(wire.take(server)) do
      if line:find("batch/read", 1, true) then count = count + 1 end
    end
    assert.equal(2, count)
    throws(
      "companies:get_by: options coalesce and raw exclude each other",
      function() client.companies:get_by("code", "C", { coalesce = true, raw = true }) end
    )
  end)
end)

describe("reads that are coalesced", function()
  it("of ten thousand at once take a hundred requests", function()
    server:reset { contacts = 10000 }
    local many = wire.ids(wire.collect(clients.current.contacts:all()))
    server:clear_requests()
    local count = 0
    local client = wire.client(server, { on = { request = function() count = count + 1 end } })
    local results, errors = read_all(client, "get", many)
    assert.same({}, errors)
    assert.same(many, wire.ids(results))
    assert.equal(100, count)
    client:close()
    server:reset()
  end)

  it("go out apart where their options are not the same", function()
    local client = clients.current
    local results = client:map(
      { "email", "firstname", "email" },
      function(name) return client.contacts:get(ids[1], { coalesce = true, properties = { name } }) end
    )
    assert.is_nil(results[2].properties.email)
    assert.equal(emails[1], results[3].properties.email)
    assert.equal(2, #server:requests())
  end)

  it("give the error of their request to each", function()
    server:fault { kind = "status", status = 403, times = 10 }
    local _, errors = read_all(clients.current, "get", { ids[1], ids[2] })
    assert.same({ 403, 403 }, { errors[1].status, errors[2].status })
    assert.not_equal(errors[1], errors[2])
    assert.equal(1, #server:requests())
  end)

  it("work alone, in a script that waits for each", function()
    assert.equal(ids[7], assert(clients.current.contacts:get(ids[7], { coalesce = true })).id)
    assert.equal(1, #server:requests())
  end)

  it("go without what a batch can't read", function()
    throws(
      "contacts:get: options coalesce and associations exclude each other",
      function() clients.current.contacts:get(ids[1], { coalesce = true, associations = { "companies" } }) end
    )
    throws(
      "contacts:get_by_email: options coalesce and raw exclude each other",
      function() clients.current.contacts:get_by_email(emails[1], { coalesce = true, raw = true }) end
    )
    throws(
      "contacts:get: coalesce must be true or false",
      function() clients.current.contacts:get(ids[1], { coalesce = 1 }) end
    )
  end)
end)
