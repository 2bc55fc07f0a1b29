-- Answers of any shape: nothing throws, and a write that was done says so. `make fuzz-answers` looks for longer.

local answers = require "fuzz.answers.strike"
local calls = require "fuzz.answers.calls"
local declarations = require "tools.declarations"
local errors = require "hubspot.error"
local hubspot = require "hubspot"

local SEED = 20260926

-- A client that gets one answer.
local function answered(body, options)
  local all = {
    token = "a-token",
    retry = false,
    limiter = false,
    transport = function() return { status = 200, headers = {}, body = body } end,
  }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  return hubspot.new(all)
end

local function is_odd(is_ambiguous, value, err)
  assert.is_nil(value)
  assert.is_true(errors.is_error(err))
  assert.same({ "decode", 200, is_ambiguous }, { err.kind, err.status, err.ambiguous or false })
  assert.truthy(tostring(err):find("another shape", 1, true), tostring(err))
end

describe("an answer of another shape", function()
  it("is an error of the kind decode, and of a write one that may have been carried out", function()
    local body = '{"id":["1"],"properties":5,"vid":{},"results":[5],"contacts":[5],"lists":[null]}'
    for _, version in ipairs { "v1", "2026-09" } do
      local client = answered(body, { api_version = version })
      is_odd(false, client.contacts:get(1))
      is_odd(true, client.contacts:create { firstname = "Ada" })
      is_odd(false, client.contacts:all():next())
      is_odd(false, client.lists:all():next())
    end
    is_odd(true, answered('{"results":[5]}').contacts:upsert("ada@example.org", { firstname = "Ada" }))
    is_odd(true, answered('{"updated":{"a":[]},"discarded":5}', { api_version = "v1" }).lists:add(1, { ids = { 2 } }))
  end)

  it("to a batch leaves it open whether its rows were written", function()
    for _, body in ipairs { '{"results":5}', '{"results":[5]}', '{"results":[{"id":{}}]}', '{"errors":[7]}' } do
      local rows = { { email = "ada@example.org", properties = {} }, { email = "eve@example.org", properties = {} } }
      is_odd(true, answered(body).contacts:upsert_many(rows))
    end
  end)

  it("has no id of a type that could stand in a path", function()
    for _, id in ipairs { [["a\u0000b"]], [["a/b"]], [[""]], [["é"]], "{}" } do
      local client = answered(('{"list":{"listId":"7","objectTypeId":%s},"objectTypeId":%s}'):format(id, id))
      is_odd(false, client.lists:records("7"):next())
      is_odd(false, client.lists:recent_records("7"):next())
      is_odd(false, client.lists:all({ object_type = "p1_machines" }):next())
      is_odd(false, client.schemas:update("p1_machines", { labels = { singular = "A", plural = "B" } }))
    end
  end)

  it("in a cursor ends the pages with an error", function()
    local client = answered('{"contacts":[],"has-more":true,"vid-offset":{}}', { api_version = "v1" })
    local contact, err = client.contacts:all():next()
    assert.is_nil(contact)
    assert.equal("decode", err.kind)
  end)

  it("gives ids as texts where they are numbers in it", function()
    local function note_numbers(value, names)
      for name, item in pairs(type(value) == "table" and value or {}) do
        -- The types of associations are numbers, as programs pass them.
        local is_id = name == "id" or tostring(name):find "Id$" and name ~= "typeId"
        if type(item) == "number" and is_id then names[#names + 1] = name end
        note_numbers(item, names)
      end
      return names
    end
    for _, case in ipairs(answers.cases()) do
      -- What a program asks for by its path comes as HubSpot wrote it.
      if not case.raw and case.name ~= "client:request" then
        local succeeded, value, err = answers.with_ids_as_numbers(case)
        local label = ("%s of %s: %s"):format(case.name, case.version, tostring(err or value))
        assert.is_true(succeeded and value ~= nil, label)
        assert.same({}, note_numbers(value, {}), label)
      end
    end
  end)

  it("is called for by each operation of the fuzzer", function()
    for _, operation in ipairs(declarations.all()) do
      assert.truthy(calls[operation.label], operation.label .. " has no call in fuzz/answers/calls.lua")
    end
  end)

  it("makes no operation throw, and none forget a write that was done", function()
    local random, complaints = answers.random(SEED), {}
    for _, case in ipairs(answers.cases()) do
      local count = answers.record(case)
      local complaint, answer
      if count > 0 then
        complaint, answer = answers.strike(case, count, random)
      end
      if complaint then
        complaints[#complaints + 1] = ("%s on %s %s\n  %s"):format(case.name, case.version, complaint, answer)
      end
    end
    assert.equal("", table.concat(complaints, "\n"))
  end)
end)
