-- client.contacts over real sockets: what goes over the wire is compared with HubSpot's documentation of it, not with
-- the client's own tables.

local hubspot = require "hubspot"
local fixture = require "spec.support.fixture"
local wire = require "spec.support.wire"

local take, collect = wire.take, wire.collect

local UNKNOWN_ID = "999999"

local here = fixture.new { reset = { v1_lists = true } }
local server, clients = here.server, here.clients

-- Makes contacts; forgets the requests that this took.
local function people(...) return here:create_contacts { ... } end

-- Checks that an option without a place in a route throws where it is passed, naming the route that has one.
local function refuses(client, ...)
  return here:refuses_option("option %s works only with api_version", client.contacts, ...)
end

local function upsert_input(email, index, properties)
  return ('{"id":"%s","idProperty":"email","objectWriteTraceId":"%d","properties":%s}'):format(email, index, properties)
end

local UPSERT = "POST /crm/objects/2026-09/contacts/batch/upsert "
local UPDATE = "POST /crm/objects/2026-09/contacts/batch/update "

local function emails_of(contacts)
  local emails = {}
  for index, contact in ipairs(contacts) do
    emails[index] = contact.properties.email
  end
  table.sort(emails)
  return emails
end

local function all_emails() return emails_of(collect(clients.current.contacts:all { properties = { "email" } })) end

-- Makes records with the addresses r001@example.org, r002@example.org…
local function records_of(count, poison)
  local records = {}
  for index = 1, count do
    records[index] = { email = ("r%03d@example.org"):format(index), properties = { firstname = "R" } }
  end
  for index, record in pairs(poison or {}) do
    records[index] = record
  end
  return records
end

local function indexes_of(errors)
  local indexes = {}
  for place, err in ipairs(errors) do
    indexes[place] = err.index
  end
  return indexes
end

describe("contacts:upsert_many", function()
  it("says of a row that fails in a repeated request that it may have been written", function()
    server:reset { contacts = 0 }
    server:fault { kind = "reset_after", path = "/batch/upsert$" }
    server:fault { kind = "multi_status", path = "/batch/upsert$", indexes = { 2 } }
    local outcome = assert(clients.current.contacts:upsert_many {
      { email = "a@example.org", properties = { firstname = "A" } },
      { email = "b@example.org", properties = { firstname = "B" } },
    })
    assert.equal(1, #outcome.results)
    assert.equal(2, outcome.errors[1].index)
    assert.is_true(outcome.errors[1].ambiguous)
  end)

  it("upserts by address and updates by id, in requests of their own", function()
    local id = people({ email = "ada@example.org" })[1]
    local outcome = assert(clients.current.contacts:upsert_many {
      { email = "eve@example.org", properties = { firstname = "Eve" } },
      { id = tonumber(id), properties = { firstname = "Ada" } },
      { email = "Ada@example.org", properties = { lastname = "L" } },
    })
    assert.same({
      UPSERT .. '{"inputs":[' .. upsert_input("eve@example.org", 1, '{"firstname":"Eve"}') .. "," .. upsert_input(
        "Ada@example.org",
        3,
        '{"lastname":"L"}'
      ) .. "]}",
      UPDATE .. ('{"inputs":[{"id":"%s","objectWriteTraceId":"2","properties":{"firstname":"Ada"}}]}'):format(id),
    }, take(server))
    assert.same({}, outcome.errors)
    assert.equal(3, #outcome.results)
    assert.same({ true, false }, { outcome.results[1].new, outcome.results[2].new })
    assert.equal("Ada", assert(clients.current.contacts:get(id)).properties.firstname)
  end)

  it("sends them together on v1", function()
    local id = people({ email = "ada@example.org" })[1]
    local outcome = assert(clients.v1.contacts:upsert_many({
      { email = "eve@example.org", properties = { lastname = "E", firstname = "Eve" } },
      { id = id, properties = { firstname = "Ada" } },
    }, { audit_id = "nightly import" }))
    assert.same({
      'POST /contacts/v1/contact/batch/?auditId=nightly%20import [{"email":"eve@example.org","properties":['
        .. '{"property":"firstname","value":"Eve"},{"property":"lastname","value":"E"}]},{"properties":['
        .. '{"property":"firstname","value":"Ada"}],"vid":'
        .. id
        .. "}]",
    }, take(server))
    assert.same({}, outcome.errors)
    assert.equal(2, #outcome.results)
    refuses(clients.current, "upsert_many", "audit_id", "x", { { email = "a@b.c", properties = { firstname = "x" } } })
    assert.same({ "ada@example.org", "eve@example.org" }, all_emails())
  end)

  for _, route in ipairs { "current", "v1" } do
    it("sends 100 at a time, on " .. route, function()
      local outcome = assert(clients[route].contacts:upsert_many(records_of(250)))
      assert.same({ 250, 0 }, { #outcome.results, #outcome.errors })
      local sizes = {}
      for index, line in ipairs(take(server)) do
        sizes[index] = select(2, line:gsub("@example.org", ""))
      end
      table.sort(sizes)
      assert.same({ 50, 100, 100 }, sizes)
      assert.equal(250, #all_emails())
    end)

    it("lets a record that HubSpot refuses fail alone, on " .. route, function()
      local outcome = assert(clients[route].contacts:upsert_many(records_of(130, {
        [7] = { email = "not an address", properties = { firstname = "P" } },
        [105] = { email = "r105@example.org", properties = { lead_score = "many" } },
      })))
      assert.equal(128, #outcome.results)
      assert.same({ 7, 105 }, indexes_of(outcome.errors))
      assert.equal(128, #all_emails())
      assert.equal(400, outcome.errors[1].status)
      assert.truthy(tostring(outcome.errors[1]):find("not an address", 1, true))
      assert.truthy(tostring(outcome.errors[2]):find("lead_score", 1, true))
      assert.equal("lead_score", outcome.errors[2].errors[1].name)
    end)

    it("names the record also when it is the only one, on " .. route, function()
      local outcome = clients[route].contacts:upsert_many { { email = "nonsense", properties = { firstname = "P" } } }
      assert.same({}, outcome.results)
      assert.same({ 1 }, indexes_of(outcome.errors))
      assert.truthy(tostring(outcome.errors[1]):find("nonsense", 1, true))
    end)

    it("writes what has one address in the order in which it was given, on " .. route, function()
      local outcome = assert(clients[route].contacts:upsert_many {
        { email = "ada@example.org", properties = { firstname = "first" } },
        { email = "ADA@example.org", properties = { firstname = "second" } },
        { email = "ada@example.org", properties = { firstname = "third" } },
      })
      assert.same({ 3, 0 }, { #outcome.results, #outcome.errors })
      assert.equal(3, #take(server))
      local contact = assert(clients.current.contacts:get_by_email "ada@example.org")
      assert.equal("third", contact.properties.firstname)
      assert.equal(1, #all_emails())
    end)

    it("reports what was written, and what was not because the network failed, on " .. route, function()
      server:fault { kind = "reset", after = 1, times = 1000 }
      local outcome = assert(clients[route].contacts:upsert_many(records_of(250)))
      server:clear_faults()
      assert.same(250, #outcome.results + #outcome.errors)
      assert.equal("network", outcome.stopped_by.kind)
      local named = {}
      for _, err in ipairs(outcome.errors) do
        assert.equal("network", err.kind)
        named[("r%03d@example.org"):format(err.index)] = true
      end
      -- Of the three requests it was one that arrived, whichever.
      local written = all_emails()
      assert.equal(#outcome.results, #written)
      assert.is_true(#written == 100 or #written == 50)
      for _, address in ipairs(written) do
        assert.is_nil(named[address])
      end
    end)

    it("gives the error alone where nothing was written, on " .. route, function()
      server:fault { kind = "rate_limit", policy = "DAILY", times = 1000 }
      local outcome, err = clients[route].contacts:upsert_many(records_of(950))
      assert.is_nil(outcome)
      assert.same({ "rate_limit", "DAILY" }, { err.kind, err.policy_name })
      -- As many as are in flight at once, and no more.
      assert.is_true(#take(server) <= 6)
    end)

    it("keeps with each record what the error that ended the call told, on " .. route, function()
      server:fault { kind = "rate_limit", policy = "DAILY", retry_after = 3600, times = 1000, after = 1 }
      local outcome = assert(clients[route].contacts:upsert_many(records_of(101)))
      assert.equal(101, #outcome.results + #outcome.errors)
      assert.is_true(#outcome.errors == 1 or #outcome.errors == 100)
      for _, err in ipairs(outcome.errors) do
        assert.same({ "rate_limit", 429, "DAILY", 3600 }, { err.kind, err.status, err.policy_name, err.retry_after })
        assert.equal(#outcome.errors == 1, err.index == 101)
      end
      assert.equal(2, #take(server))
    end)

    it("is retried after a failure that may have carried it out, on " .. route, function()
      server:fault { kind = "reset_after" }
      local outcome = assert(clients[route].contacts:upsert_many(records_of(3)))
      assert.same({ 3, 0 }, { #outcome.results, #outcome.errors })
      assert.equal(2, #take(server))
      assert.equal(3, #all_emails())
    end)
  end

  it("knows contacts by another unique property, where the option by names it", function()
    local current = clients.current
    assert(current.properties:create {
      name = "code",
      label = "Code",
      groupName = "contactinformation",
      type = "string",
      fieldType = "text",
      hasUniqueValue = true,
    })
    local id = people({ email = "ada@example.org", code = "a1" })[1]
    local outcome = assert(current.contacts:upsert_many({
      { code = "a1", properties = { firstname = "Ada" } },
      { code = "b2", properties = { email = "bob@example.org" } },
      { id = id, properties = { city = "London" } },
    }, { by = "code" }))
    assert.same({ 3, 0 }, { #outcome.results, #outcome.errors })
    local ada = assert(current.contacts:get(id, { properties = { "firstname", "city" } }))
    assert.same({ "Ada", "London" }, { ada.properties.firstname, ada.properties.city })
    assert.same({ "ada@example.org", "bob@example.org" }, all_emails())
    take(server)
  end)

  it("refuses records without the key that they need", function()
    local contacts = clients.current.contacts
    here:refuses(
      "records[1] has an unknown field emial; did you mean email?",
      function() contacts:upsert_many { { emial = "ada@example.org", properties = {} } } end
    )
    here:refuses(
      "records[1] must have code, the key that the option by names, or an id",
      function() contacts:upsert_many({ { email = "ada@example.org", properties = {} } }, { by = "code" }) end
    )
    refuses(clients.v1, "upsert_many", "by", "code", { { email = "ada@example.org", properties = {} } })
  end)

  it("tells an unknown id by its index", function()
    local id = people({ email = "ada@example.org" })[1]
    local records = {
      { id = UNKNOWN_ID, properties = { firstname = "N" } },
      { id = id, properties = { firstname = "Ada" } },
    }
    for _, route in ipairs { "current", "v1" } do
      local outcome = assert(clients[route].contacts:upsert_many(records))
      assert.equal(1, #outcome.results)
      assert.same({ 1 }, indexes_of(outcome.errors))
    end
  end)

  it("takes partial answers: the inputs that failed by their index, the others as written", function()
    server:fault { kind = "multi_status", indexes = { 2, 3 } }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(4)))
    assert.same({ 2, 3 }, indexes_of(outcome.errors))
    assert.same({ "r001@example.org", "r004@example.org" }, emails_of(outcome.results))
    assert.equal("VALIDATION_ERROR", outcome.errors[1].category)
    assert.truthy(tostring(outcome.errors[1]):find("The input failed", 1, true))
    assert.equal(1, #take(server))
    assert.same({ "r001@example.org", "r004@example.org" }, all_emails())
  end)

  it("does not take another record's id for the trace of the one that failed", function()
    server:reset { contacts = 0 }
    -- HubSpot's answer names input 2 by its trace; the first record has that number as its id.
    server:fault {
      kind = "status",
      status = 207,
      path = "/batch/update$",
      body = '{"status":"COMPLETE","results":[{'
        .. '"id":"2","properties":{}}],"numErrors":1,"errors":[{"status":"error","category":"OBJECT_NOT_FOUND",'
        .. '"message":"no such contact","context":{"objectWriteTraceId":["2"]}}]}',
    }
    local outcome = assert(clients.current.contacts:upsert_many {
      { id = "2", properties = { firstname = "A" } },
      { id = "77", properties = { firstname = "B" } },
    })
    assert.same({ 2 }, indexes_of(outcome.errors))
  end)

  describe("a row of a 207 says what a call for its record alone says:", function()
    local INVALID = '"message":"Property values were not valid: [{\\"isValid\\":false,\\"message\\":\\"Email address x is '
      .. 'invalid\\",\\"error\\":\\"INVALID_EMAIL\\",\\"name\\":\\"email\\"}]","category":"VALIDATION_ERROR"'
    local TAKEN = '"message":"Contact already exists. Existing ID: 4127","category":"CONFLICT"'
    local CASES = {
      ["values that are not valid"] = { status = 400, body = INVALID },
      ["a conflict, by its words"] = { status = 409, body = TAKEN },
      ["a conflict, by its context"] = {
        status = 409,
        body = '"message":"There is one","category":"CONFLICT","context":{"existingId":["4127"]}',
        fields = { existing_id = "4127" },
      },
      ["a detail"] = {
        status = 400,
        body = '"message":"Property \\"x\\" does not exist","category":"VALIDATION_ERROR","errors":[{"message":"none",'
          .. '"code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["x"]}}]',
      },
      ["no such record"] = { status = 404, body = '"message":"no such contact","category":"OBJECT_NOT_FOUND"' },
      ["a scope that is missing"] = {
        status = 403,
        body = '"message":"no scope","category":"MISSING_SCOPES","errors":[{"message":"none",'
          .. '"context":{"requiredGranularScopes":["crm.objects.contacts.write"]}}]',
      },
    }

    local function with_trace(body)
      local context, count = body:gsub('("context":{)("existingId")', '%1"objectWriteTraceId":["2"],%2')
      if count > 0 then return context end
      return body .. ',"context":{"objectWriteTraceId":["2"]}'
    end

    for name, case in pairs(CASES) do
      it(name, function()
        server:fault { kind = "status", status = case.status, body = '{"status":"error",' .. case.body .. "}" }
        local _, single = clients.current.contacts:update(1, { x = "y" })
        server:fault {
          kind = "status",
          status = 207,
          body = '{"status":"COMPLETE","results":[{"id":"1","properties":{}}],"numErrors":1,"errors":[{"status":"error",'
            .. with_trace(case.body)
            .. "}]}",
        }
        local outcome = assert(clients.current.contacts:upsert_many {
          { id = 1, properties = { x = "y" } },
          { id = 2, properties = { x = "y" } },
        })
        local row = outcome.errors[1]
        assert.equal(2, row.index)
        for _, field in ipairs { "kind", "status", "message", "category", "existing_id", "hint" } do
          assert.equal(single[field], row[field], field)
        end
        for _, field in ipairs { "message", "code", "name" } do
          local detail = single.errors[1]
          if detail then assert.equal(detail[field], row.errors[1][field], field) end
        end
        for field, value in pairs(case.fields or {}) do
          assert.equal(value, row[field])
        end
        assert.is_nil(row.message:find("[{", 1, true))
      end)
    end

    it("with the correlation id of the whole answer", function()
      local client = hubspot.new {
        limiter = false,
        transport = function()
          local failure = '{"status":"error",' .. TAKEN .. ',"context":{"objectWriteTraceId":["1"]}}'
          return {
            status = 207,
            headers = { ["x-hubspot-correlation-id"] = "of-the-header" },
            body = '{"results":[],"errors":[' .. failure .. "]}",
          }
        end,
      }
      local outcome = assert(client.contacts:upsert_many { { id = 1, properties = { x = "y" } } })
      assert.equal("of-the-header", outcome.errors[1].correlation_id)
    end)

    it("in an upsert of one, too", function()
      server:fault {
        kind = "status",
        status = 207,
        body = '{"results":[],"errors":[{"status":"error",' .. TAKEN .. "}]}",
      }
      local contact, err = clients.current.contacts:upsert("ada@example.org", { phone = "1" })
      assert.same({ nil, 409, "4127" }, { contact, err.status, err.existing_id })
      server:fault {
        kind = "status",
        status = 207,
        body = '{"results":[],"errors":[{"status":"error",' .. INVALID .. "}]}",
      }
      contact, err = clients.current.contacts:upsert("ada@example.org", { phone = "1" })
      assert.same(
        { nil, 400, "INVALID_EMAIL", "email" },
        { contact, err.status, err.errors[1].code, err.errors[1].name }
      )
      assert.equal("Property values were not valid", err.message)
    end)
  end)

  it("finds a record that a 207 names by its address only", function()
    server:fault {
      kind = "status",
      status = 207,
      body = '{"results":[{"id":"1","properties":{}}],"errors":[{'
        .. '"status":"error","category":"CONFLICT","message":"taken","context":{"ids":["R002@example.org"]}}]}',
    }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(2)))
    assert.same({ 2 }, indexes_of(outcome.errors))
    assert.equal("CONFLICT", outcome.errors[1].category)
  end)

  it("halves the records where a 207 does not name the one that failed", function()
    local nameless = '{"status":"COMPLETE","results":[],"errors":[{"status":"error","category":"VALIDATION_ERROR",'
      .. '"message":"something is wrong","context":{}}]}'
    server:fault { kind = "status", status = 207, body = nameless }
    server:fault { kind = "status", status = 207, body = nameless }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(2)))
    assert.equal(1, #outcome.errors)
    -- Both halves are sent at once, and the second fault meets the one that comes first.
    assert.same({ ("r%03d@example.org"):format(3 - outcome.errors[1].index) }, emails_of(outcome.results))
    assert.equal(3, #take(server))
  end)

  it("keeps what a 207 wrote where it does not name what failed, and tries only that again", function()
    server:fault { kind = "multi_status", indexes = { 2, 3 }, nameless = true }
    server:fault { kind = "multi_status", indexes = { 1 }, nameless = true }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(4)))
    assert.equal(1, #outcome.errors)
    local seen = { [outcome.errors[1].index] = "failed" }
    for _, result in ipairs(outcome.results) do
      seen[result.index] = (seen[result.index] or 0) + 1
      assert.is_true(result.new)
    end
    -- Both halves are sent at once, and the second fault meets the one that comes first.
    assert.same(seen[2] == 1 and { 1, 1, "failed", 1 } or { 1, "failed", 1, 1 }, seen)
    assert.equal(3, #take(server))
  end)

  it("charges every record that one error of a 207 names", function()
    server:fault { kind = "multi_status", indexes = { 1, 3, 4 }, together = true }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(5)))
    assert.same({ 1, 3, 4 }, indexes_of(outcome.errors))
    assert.same({ "r002@example.org", "r005@example.org" }, emails_of(outcome.results))
    assert.equal(1, #take(server))
    local ids = people({ email = "a@example.org" }, { email = "b@example.org" }, { email = "c@example.org" })
    server:fault {
      kind = "status",
      status = 207,
      path = "/batch/update$",
      body = '{"status":"COMPLETE","results":[{'
        .. '"id":"'
        .. ids[2]
        .. '","properties":{}}],"numErrors":1,"errors":[{"status":"error",'
        .. '"category":"OBJECT_NOT_FOUND","message":"no such contact","context":{"ids":["'
        .. ids[1]
        .. '","'
        .. ids[3]
        .. '"]}}]}',
    }
    local records = {}
    for index, id in ipairs(ids) do
      records[index] = { id = id, properties = { firstname = "N" } }
    end
    outcome = assert(clients.current.contacts:upsert_many(records))
    assert.same({ 1, 3 }, indexes_of(outcome.errors))
    assert.same({ 2 }, indexes_of(outcome.results))
  end)

  it("names the records that an answer left out without a word", function()
    server:fault { kind = "drop_rows", indexes = { 2, 5 }, path = "/batch/upsert$" }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(100)))
    assert.equal(98, #outcome.results)
    assert.same({ 2, 5 }, indexes_of(outcome.errors))
    assert.same({ true, "decode" }, { outcome.errors[1].ambiguous, outcome.errors[1].kind })
    assert.truthy(tostring(outcome.errors[1]):find("may have been written or not", 1, true))
    assert.is_nil(outcome.stopped_by)
    assert.equal(1, #take(server))
  end)

  it("takes an empty answer, where results are due, for one that left all records out", function()
    for _, status in ipairs { 200, 204 } do
      server:fault { kind = "status", status = status, body = "" }
      local outcome = assert(clients.current.contacts:upsert_many(records_of(101)))
      assert.equal(101, #outcome.results + #outcome.errors)
      assert.is_true(#outcome.errors == 1 or #outcome.errors == 100)
      assert.is_true(outcome.errors[1].ambiguous)
      assert.equal(#outcome.errors == 1, outcome.errors[1].index == 101)
    end
  end)

  it("writes 99 of 100 where one is bad, and those of the other requests first", function()
    local poison = { [37] = { email = "r037@example.org", properties = { lead_score = "many" } } }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(200, poison)))
    assert.same({ 199, { 37 } }, { #outcome.results, indexes_of(outcome.errors) })
    local lines = take(server)
    assert.truthy((lines[1] .. lines[2]):find("r200@example.org", 1, true))
    assert.is_true(#lines <= 16, #lines .. " requests")
  end)

  it("sends what is too large for one request in smaller ones", function()
    server:fault { kind = "status", status = 413 }
    local outcome = assert(clients.current.contacts:upsert_many(records_of(60)))
    assert.same({ 60, 0 }, { #outcome.results, #outcome.errors })
    assert.equal(3, #take(server))
  end)

  it("finds out once that there is no such property", function()
    local poison = {}
    for index = 1, 300 do
      local properties = { firstname = "R", no_such_property = index % 50 ~= 0 and tostring(index) or nil }
      poison[index] = { email = ("r%03d@example.org"):format(index), properties = properties }
    end
    local outcome = assert(clients.current.contacts:upsert_many(records_of(300, poison)))
    assert.same({ 6, 294 }, { #outcome.results, #outcome.errors })
    assert.is_nil(outcome.stopped_by)
    assert.equal("no_such_property", outcome.errors[294].errors[1].name)
    local requests = #take(server)
    assert.is_true(requests <= 30, requests .. " requests")
    assert.equal(6, #all_emails())
  end)

  it("ends its search where every record is bad in a way of its own", function()
    local poison = {}
    for index = 1, 300 do
      poison[index] = { email = ("r%03d@example.org"):format(index), properties = { lead_score = "many " .. index } }
    end
    local outcome = assert(clients.current.contacts:upsert_many(records_of(300, poison)))
    assert.same({ 0, 300 }, { #outcome.results, #outcome.errors })
    assert.truthy(outcome.stopped_by.message:find("search for the inputs at fault ended", 1, true))
    assert.truthy(tostring(outcome.errors[1]):find("many 1 was not a valid long", 1, true))
    local requests = #take(server)
    assert.is_true(requests <= 60, requests .. " requests")
  end)

  it("takes an address with signs and in any case for the one that HubSpot answers with", function()
    local outcome = assert(clients.current.contacts:upsert_many {
      { email = "Ada+Byron/2@Example.org", properties = { firstname = "first" } },
      { email = "ada+byron/2@example.org", properties = { firstname = "second" } },
    })
    assert.same({ 2, 0 }, { #outcome.results, #outcome.errors })
    assert.equal(2, #take(server))
    assert.equal("second", assert(clients.current.contacts:get_by_email "ADA+byron/2@example.org").properties.firstname)
  end)
end)
