-- Writes of many records of any type: each ends among the results or the errors, once.

local core = require "hubspot.core"
local hubspot = require "hubspot"
local misuse = require "spec.support.misuse"

-- A client whose batches are answered by `answer(inputs, number)`, a status and a body, or nil and an error of the
-- transport; and the inputs of each request.
local function new_client(answer)
  local sent = {}
  local client = hubspot.new {
    token = "any-token",
    limiter = false,
    retry = { base_delay = 0.001, max_delay = 0.002 },
    transport = function(request)
      sent[#sent + 1] = core.decode(request.body).inputs
      local status, body = answer(sent[#sent], #sent, request)
      if not status then return nil, body end
      return { status = status, headers = {}, body = body and core.encode(body) or "" }
    end,
  }
  return client, sent
end

local function result_of(input, id)
  return { id = id or input.id or "1", properties = input.properties, objectWriteTraceId = input.objectWriteTraceId }
end

local function results_of(inputs)
  local results = {}
  for index, input in ipairs(inputs) do
    results[index] = result_of(input, "90" .. (input.objectWriteTraceId or index))
  end
  return results
end

local function records(count)
  local list = {}
  for index = 1, count do
    list[index] = { properties = { name = "n" .. index } }
  end
  return list
end

-- Asserts that each of some rows is in the outcome once. Gives the indexes of the errors.
local function check_complete(outcome, count)
  local seen, failed = {}, {}
  for _, list in ipairs { outcome.results, outcome.errors } do
    for _, one in ipairs(list) do
      assert.is_nil(seen[one.index], one.index)
      seen[one.index] = true
    end
  end
  for index = 1, count do
    assert.is_true(seen[index], index)
  end
  for place, err in ipairs(outcome.errors) do
    failed[place] = err.index
  end
  return failed
end

describe("create_many", function()
  it("sends 100 a request, each row with a trace of its own", function()
    local client, sent = new_client(function(inputs) return 201, { results = results_of(inputs) } end)
    local outcome = client.deals:create_many(records(250))
    assert.same({}, check_complete(outcome, 250))
    assert.same({ 100, 100, 50 }, { #sent[1], #sent[2], #sent[3] })
    assert.equal("201", sent[3][1].objectWriteTraceId)
  end)

  it("lets the row alone fail that HubSpot names by its trace", function()
    local client, sent = new_client(function(inputs)
      local results = results_of { inputs[1], inputs[3] }
      local failure = {
        status = "error",
        category = "VALIDATION_ERROR",
        message = "no such stage",
        context = { objectWriteTraceId = { "2" } },
      }
      return 207, { results = results, errors = { failure } }
    end)
    local outcome = client.deals:create_many(records(3))
    assert.same({ 2 }, check_complete(outcome, 3))
    assert.truthy(tostring(outcome.errors[1]):find("no such stage", 1, true))
    assert.equal(1, #sent)
  end)

  it("looks for the bad row where HubSpot refuses all for one", function()
    local client = new_client(function(inputs)
      for _, input in ipairs(inputs) do
        if input.properties.name == "n3" then return 409, { category = "CONFLICT", message = "exists" } end
      end
      return 201, { results = results_of(inputs) }
    end)
    local outcome = client.orders:create_many(records(8))
    assert.same({ 3 }, check_complete(outcome, 8))
    assert.equal(409, outcome.errors[1].status)
  end)

  it("sends no row again whose answer got lost, and says that it may be there", function()
    for lost = 1, 3 do
      local written = {}
      local client = new_client(function(inputs, number)
        for _, input in ipairs(inputs) do
          local trace = input.objectWriteTraceId
          assert.is_nil(written[trace])
          written[trace] = true
        end
        if number == lost then return nil, "connection reset" end
        return 201, { results = results_of(inputs) }
      end)
      local outcome, err = client.companies:create_many(records(250))
      if lost == 1 then
        assert.is_nil(outcome)
        assert.is_true(err.ambiguous)
      else
        assert.equal(250 - (lost - 1) * 100, #check_complete(outcome, 250))
        for _, failure in ipairs(outcome.errors) do
          local was_sent = written[tostring(failure.index)] or nil
          assert.equal(was_sent, failure.ambiguous)
          assert.equal(was_sent ~= nil, tostring(failure):find("may have been carried out", 1, true) ~= nil)
        end
      end
    end
  end)

  it("says of a row that an answer leaves out that it may be there", function()
    local client = new_client(function(inputs) return 201, { results = { result_of(inputs[2], "5") } } end)
    local outcome = client.tickets:create_many(records(3))
    assert.same({ 1, 3 }, check_complete(outcome, 3))
    assert.is_true(outcome.errors[1].ambiguous)
    client = new_client(function() return 201 end)
    assert.equal(3, #check_complete(client.tickets:create_many(records(3)), 3))
  end)

  it("refuses what is no record", function()
    local client, sent = new_client(function() return 201 end)
    misuse.throws("deals:create_many: records must not be empty", function() client.deals:create_many {} end)
    misuse.throws("deals:create_many: records[1].properties is missing", function() client.deals:create_many { {} } end)
    misuse.throws(
      "deals:create_many: records[1] has an unknown field name",
      function() client.deals:create_many { { name = "a" } } end
    )
    assert.same({}, sent)
  end)
end)

describe("update_many", function()
  it("knows a record that was merged by the trace of its row", function()
    local client = new_client(function(inputs) return 200, { results = { result_of(inputs[1], "99") } } end)
    local outcome = client.companies:update_many { { id = 5, properties = { name = "a" } } }
    assert.same({}, check_complete(outcome, 1))
    assert.equal("99", outcome.results[1].id)
  end)

  it("knows records by their ids where HubSpot gives no traces, in any order", function()
    local client = new_client(function() return 200, { results = { { id = 6 }, { id = "5" } } } end)
    local outcome = client.companies:update_many { { id = 5, properties = {} }, { id = "6", properties = {} } }
    check_complete(outcome, 2)
    assert.same({ "6", 2 }, { outcome.results[1].id, outcome.results[1].index })
  end)

  it("writes what is there twice in the order in which it was given", function()
    local client, sent = new_client(function(inputs) return 200, { results = results_of(inputs) } end)
    local outcome = client.deals:update_many {
      { id = 5, properties = { amount = 1 } },
      { id = "5", properties = { amount = 2 } },
    }
    check_complete(outcome, 2)
    assert.same({ "1", "2" }, { sent[1][1].properties.amount, sent[2][1].properties.amount })
  end)

  it("sends again what may be sent twice", function()
    local client, sent = new_client(function(inputs, number)
      if number == 1 then return 502 end
      return 200, { results = results_of(inputs) }
    end)
    check_complete(client.deals:update_many { { id = 5, properties = { amount = 1 } } }, 1)
    assert.equal(2, #sent)
  end)
end)

describe("upsert_many", function()
  it("reads of a record what it was checked by, whatever its metatable tells", function()
    local client, sent = new_client(function(inputs) return 200, { results = results_of(inputs) } end)
    local record = setmetatable({ code = "a", properties = {} }, { __index = { id = "77" } })
    local outcome = client.deals:upsert_many({ record }, { by = "code" })
    assert.same({}, check_complete(outcome, 1))
    assert.equal("a", sent[1][1].id)
    assert.equal("code", sent[1][1].idProperty)
  end)

  it("finds the row of a result by its key where HubSpot gives no traces", function()
    local client = new_client(
      function(inputs)
        return 200,
          {
            results = {
              { id = "2", new = true, properties = { code = inputs[2].id } },
              { id = "1", new = false, properties = { code = inputs[1].id } },
            },
          }
      end
    )
    local outcome = client.deals:upsert_many({
      { code = "a", properties = {} },
      { code = "b", properties = {} },
    }, { by = "code" })
    check_complete(outcome, 2)
    assert.same({ 2, true }, { outcome.results[1].index, outcome.results[1].new })
  end)

  it("splits a request that one conflict poisons", function()
    local client = new_client(function(inputs)
      for _, input in ipairs(inputs) do
        if input.id == "k4" then return 409, { category = "CONFLICT", message = "taken" } end
      end
      return 200, { results = results_of(inputs) }
    end)
    local list = {}
    for index = 1, 9 do
      list[index] = { code = "k" .. index, properties = {} }
    end
    assert.same({ 4 }, check_complete(client.orders:upsert_many(list, { by = "code" }), 9))
  end)

  it("refuses keys that are none before anything is sent", function()
    local client, sent = new_client(function() return 200 end)
    local function throws(expected, list, options)
      misuse.throws("companies:upsert_many: " .. expected, function() client.companies:upsert_many(list, options) end)
    end
    throws(
      "by can't be domain: HubSpot doesn't keep it unique",
      { { domain = "a.b", properties = {} } },
      { by = "domain" }
    )
    throws("the option by is missing", { { code = "a", properties = {} } })
    throws(
      "records[2] must have code",
      { { code = "a", properties = {} }, { cod = "a", properties = {} } },
      { by = "code" }
    )
    throws("records[1] needs an id, or the value", { { properties = {} } }, { by = "code" })
    throws("records[1] needs one key", { { a = "1", b = "2", properties = {} } }, { by = "a" })
    throws("records[1].properties must be a table", { { code = "a" } }, { by = "code" })
    throws("records[1].id must be an id", { { id = "x", properties = {} } })
    throws("records[1].code must be", { { code = {}, properties = {} } }, { by = "code" })
    throws("records[1] must be a record", { "x" }, { by = "code" })
    assert.same({}, sent)
  end)
end)

describe("upsert_by", function()
  it("gives the record, or the error of its row", function()
    local client = new_client(function(inputs)
      if inputs[1].id == "bad" then
        return 207, { results = {}, errors = { { category = "VALIDATION_ERROR", message = "no", context = {} } } }
      end
      return 200, { results = { { id = "5", new = true, properties = {} } } }
    end)
    assert.is_true(client.deals:upsert_by("code", 5, { amount = 1 }).new)
    local record, err = client.deals:upsert_by("code", "bad", { amount = 1 })
    assert.is_nil(record)
    assert.equal("VALIDATION_ERROR", err.category)
  end)
end)

describe("delete_many", function()
  it("lets an id that HubSpot refuses fail alone", function()
    local client = new_client(function(inputs)
      for _, input in ipairs(inputs) do
        if input.id == "3" then return 400, { category = "VALIDATION_ERROR", message = "no" } end
      end
      return 204
    end)
    local outcome = client.deals:delete_many { 1, 2, "3", 4, 1 }
    assert.same({ 3 }, check_complete(outcome, 5))
  end)

  it("may be sent again", function()
    local client, sent = new_client(function(_, number)
      if number == 1 then return 503 end
      return 204
    end)
    assert.same({}, check_complete(client.deals:delete_many { 1 }, 1))
    assert.equal(2, #sent)
  end)
end)

describe("keys that differ in case alone", function()
  local KEYS = { "A1", "b1", "a1", "B1", "c1" }

  -- The keys of each request.
  local function keys_of(sent)
    local lists = {}
    for index, inputs in ipairs(sent) do
      lists[index] = {}
      for place, input in ipairs(inputs) do
        lists[index][place] = input.id
      end
    end
    return lists
  end

  it("are not in one request, which HubSpot would refuse", function()
    local client, sent = new_client(function(inputs) return 200, { results = results_of(inputs) } end)
    local wanted = {}
    for index, key in ipairs(KEYS) do
      wanted[index] = { code = key, properties = { name = "n" } }
    end
    local outcome = assert(client.companies:upsert_many(wanted, { by = "code" }))
    assert.same({}, check_complete(outcome, #KEYS))
    assert.same({ { "A1", "b1", "c1" }, { "a1", "B1" } }, keys_of(sent))
  end)

  it("are read, in their order", function()
    local client, sent = new_client(function(inputs)
      local results = {}
      for index, input in ipairs(inputs) do
        results[#inputs - index + 1] = { id = tostring(input.id:byte()), properties = { code = input.id } }
      end
      return 200, { results = results }
    end)
    local codes = {}
    for index, record in ipairs(assert(client.companies:get_many_by("code", KEYS, { properties = { "code" } }))) do
      codes[index] = record.properties.code
    end
    assert.same(KEYS, codes)
    assert.same({ { "A1", "b1" }, { "a1", "B1", "c1" } }, keys_of(sent))
  end)
end)
