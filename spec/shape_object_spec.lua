local core = require "hubspot.core"
local keys = require "hubspot.object.keys"
local object_shape = require "hubspot.shape.object"
local types = require "hubspot.object.types"

local CONTACTS = types.rows.contacts
local EMAIL = { "idProperty", value = "email" }

local function encode_of(fields, name, values)
  for _, field in ipairs(fields) do
    if field[1] == name then
      if field.value ~= nil then return field.value end
      if not field.encode then return values[field.from] end
      return field.encode(values[field.from], values)
    end
  end
end

local function json_of(fields, name, values) return core.encode(encode_of(fields, name, values)) end

local function ids_of(records)
  local ids = {}
  for index, record in ipairs(records) do
    ids[index] = record.id
  end
  return ids
end

describe("the query of what reads records", function()
  it("joins names with commas", function()
    local function of(name, values) return encode_of(object_shape.query, name, values) end
    assert.equal("email,phone", of("properties", { properties = { "email", "phone" } }))
    assert.equal("companies,deals", of("associations", { associations = { "companies", "deals" } }))
    assert.is_nil(of("properties", {}))
    assert.is_false(of("archived", { archived = false }))
    assert.equal("email", encode_of(object_shape.query_by(EMAIL), "idProperty", {}))
  end)

  it("asks for history by name, since the dated API knows no other way", function()
    local function of(values) return encode_of(object_shape.query, "propertiesWithHistory", values) end
    assert.equal("email", of { with_history = { "email" } })
    assert.equal("email,phone", of { with_history = true, properties = { "email", "phone" } })
    assert.is_nil(of {})
    assert.is_nil(of { with_history = false })
    local value, message = of { with_history = true }
    assert.is_nil(value)
    assert.truthy(message:find("with_history = true needs the option properties", 1, true))
  end)
end)

describe("object_shape.history_check", function()
  it("sends nothing, and refuses what the later request could not send", function()
    local function check(values) return object_shape.history_check.encode(values.with_history, values) end
    assert.is_nil((check { with_history = { "email" } }))
    assert.is_nil(select(2, check { with_history = { "email" } }))
    assert.is_nil(select(2, check { with_history = true, properties = { "email" } }))
    assert.is_nil(select(2, check {}))
    assert.truthy(select(2, check { with_history = true }))
  end)
end)

describe("the body of a batch read", function()
  it("has arrays, also where they are empty", function()
    local values = { ids = { "1", "2" } }
    assert.equal('[{"id":"1"},{"id":"2"}]', json_of(object_shape.batch_read_body, "inputs", values))
    assert.equal("[]", json_of(object_shape.batch_read_body, "properties", values))
    assert.equal("[]", json_of(object_shape.batch_read_body, "propertiesWithHistory", values))
    values.with_history, values.properties = true, { "email" }
    assert.equal('["email"]', json_of(object_shape.batch_read_body, "propertiesWithHistory", values))
  end)

  it("by address asks for the addresses, which tell whose answer is whose", function()
    local body = object_shape.batch_read_by_body("emails", EMAIL, function() return keys.names(CONTACTS, "email") end)
    local function of(values) return json_of(body, "properties", values) end
    assert.equal('["email","hs_additional_emails"]', of { emails = { "a@b.c" } })
    assert.equal('["phone","email","hs_additional_emails"]', of { properties = { "phone" } })
    assert.equal('["email","phone","hs_additional_emails"]', of { properties = { "email", "phone" } })
    assert.equal('"email"', json_of(body, "idProperty", {}))
  end)
end)

describe("the body of a search newest first", function()
  it("asks for the property that it goes by, where properties are named", function()
    local body = object_shape.newest_first_body "createdate"
    assert.equal("[]", json_of(body, "properties", {}))
    assert.equal('["email","createdate"]', json_of(body, "properties", { properties = { "email" } }))
    assert.equal('["createdate"]', json_of(body, "properties", { properties = { "createdate" } }))
  end)
end)

describe("a batch read's records", function()
  it("are told apart by keys of an account's own in their very spelling", function()
    local function reader() return keys.reader(types.rows.deals, "contract_code") end
    local function deal(id, code) return { id = id, properties = { contract_code = code } } end
    local read = object_shape.records_by_key("values", reader)
    local answer = { results = { deal("1", "AB-1"), deal("2", "ab-1") } }
    assert.same({ "2", "1" }, ids_of(read(answer, { values = { "ab-1", "AB-1" } })))
  end)

  local answer = {
    results = {
      { id = "1", properties = { email = "a@example.org" } },
      { id = "2", properties = { email = "b@example.org", hs_additional_emails = "c@example.org;D@example.org" } },
      { id = "3", properties = {} },
    },
  }

  it("come in the order of what was asked for", function()
    local by_email = object_shape.records_by_key("emails", function() return keys.reader(CONTACTS, "email") end)
    assert.same({ "3", "1", "2" }, ids_of(object_shape.records_by_id(answer, { ids = { "3", "9", "1", "2" } })))
    assert.same(
      { "2", "1", "3" },
      ids_of(by_email(answer, { emails = { "d@EXAMPLE.org", "A@example.org", "b@example.org" } }))
    )
    assert.same({}, object_shape.records_by_id({}, { ids = { "1" } }))
  end)

  it("may lack those that there are none of, and no others", function()
    local partial = { results = answer.results, errors = { { category = "OBJECT_NOT_FOUND", message = "no such" } } }
    assert.equal(3, #object_shape.records_by_id(partial, { ids = { "1" } }))
    partial.errors[2] = { category = "VALIDATION_ERROR", message = "no access" }
    local records, message = object_shape.records_by_id(partial, { ids = { "1" } })
    assert.is_nil(records)
    assert.equal("HubSpot left records out of a batch read: no access", message)
  end)
end)
