-- The methods of every type of records, over a socket.

local misuse = require "spec.support.misuse"
local sandbox = require "spec.support.sandbox"
local wire = require "spec.support.wire"

local server, client

setup(function()
  server = sandbox.start { contacts = 120 }
  client = wire.client(server)
end)

teardown(function() server:stop() end)

before_each(function() server:reset { contacts = 120 } end)

describe("records by a unique property", function()
  it("are read, and updated", function()
    local first, second
    for contact in client.contacts:all { max = 2 } do
      first, second = first or contact, contact
    end
    local address = first.properties.email
    wire.take(server)
    assert.same(first, client.contacts:get_by("email", address))
    local several =
      client.contacts:get_many_by("email", { second.properties.email, address:upper(), "none@example.org" })
    assert.same({ second.id, first.id }, wire.ids(several))
    local updated = client.contacts:update_by("email", address, { firstname = "Zoë" })
    assert.equal(first.id, updated.id)
    assert.equal("Zoë", client.contacts:get(first.id).properties.firstname)
    assert.equal(
      "GET /crm/objects/2026-09/contacts/" .. address:gsub("@", "%%40") .. "?idProperty=email",
      wire.take(server)[1]
    )
  end)

  it("come without those that there are none of", function()
    assert.same({}, client.contacts:get_many_by("email", { "none@example.org" }))
    local contact, err = client.contacts:get_by("email", "none@example.org")
    assert.is_nil(contact)
    assert.equal(404, err.status)
  end)
end)

describe("writes of many", function()
  it("create, update and delete contacts, of which a bad one fails alone", function()
    server:reset { contacts = 0 }
    local list = {}
    for index = 1, 130 do
      list[index] = { properties = { email = ("c%d@example.org"):format(index) } }
    end
    list[7].properties.email = "not an address"
    list[20].properties.email = "c1@example.org"
    local outcome = client.contacts:create_many(list)
    assert.same({ 128, 2 }, { #outcome.results, #outcome.errors })
    assert.same({ 7, 20 }, { outcome.errors[1].index, outcome.errors[2].index })
    assert.equal(128, client.contacts:count())
    local ids, changes = {}, {}
    for index, contact in ipairs(outcome.results) do
      ids[index], changes[index] = contact.id, { id = contact.id, properties = { firstname = "F" .. index } }
    end
    outcome = client.contacts:update_many(changes)
    assert.same({ 128, 0 }, { #outcome.results, #outcome.errors })
    assert.equal("F9", client.contacts:get(ids[9]).properties.firstname)
    outcome = client.contacts:delete_many(ids)
    assert.same({ 128, 0 }, { #outcome.results, #outcome.errors })
    assert.is_nil(client.contacts:all():next())
  end)

  it("upsert by a unique property", function()
    local created = client.contacts:upsert_by("email", "zoe@example.org", { firstname = "Zoë" })
    assert.is_true(created.new)
    local updated = client.contacts:upsert_by("email", "zoe@example.org", { firstname = "Zoe" })
    assert.same({ created.id, false }, { updated.id, updated.new })
  end)
end)

describe("a count", function()
  it("is that of a search", function()
    assert.equal(120, client.contacts:count())
    local first = client.contacts:all():next()
    local filter = { propertyName = "email", operator = "EQ", value = first.properties.email }
    assert.equal(1, client.contacts:count { filter_groups = { { filters = { filter } } } })
    assert.equal(0, client.contacts:count { query = "nobody of this name" })
    misuse.throws(
      "contacts:count: filter_groups must be",
      function() client.contacts:count { filter_groups = { filter } } end
    )
  end)
end)
