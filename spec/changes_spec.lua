-- What happened to records since a moment, as `changes` tells of it.

local core = require "hubspot.core"
local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local sandbox = require "hubspot.sandbox"
local time = require "hubspot.time"
local wire = require "spec.support.wire"

-- 2026-01-02T03:04:05Z
local START = 1767323045000

local function client_of(portal)
  return hubspot.new { transport = portal, token = "any", retry = { base_delay = 0.001, max_delay = 0.002 } }
end

-- The events as texts, and the cursor that is left.
local function take(companies, options)
  local iterator, texts = companies:changes(options), {}
  for event in iterator do
    texts[#texts + 1] = ("%s %s%s%s"):format(
      event.op,
      event.id,
      event.into and " " .. event.into or "",
      event.op == "upsert" and " " .. (event.record.properties.name or "-") or ""
    )
  end
  return texts, iterator:cursor()
end

describe("changes", function()
  local portal, client, companies, created

  local function start(options)
    local all = { clock = START }
    for name, value in pairs(options or {}) do
      all[name] = value
    end
    portal = sandbox.new(all)
    client = client_of(portal)
    companies = client.companies
    created = {}
    for index = 1, 3 do
      created[index] = assert(companies:create { name = "C" .. index }).id
    end
  end

  before_each(function() start() end)

  after_each(function() client:close() end)

  it("gives what was created once it has settled, and nothing twice that is known", function()
    local first, cursor = take(companies, { since = START })
    assert.same({}, first)
    portal:advance(20)
    local known = {}
    local second
    second, cursor = take(companies, { cursor = cursor })
    assert.same(
      { "upsert " .. created[1] .. " C1", "upsert " .. created[2] .. " C2", "upsert " .. created[3] .. " C3" },
      second
    )
    for _, id in ipairs(created) do
      known[id] = time.from_iso(companies:get(id).updatedAt)
    end
    portal:advance(20)
    assert(companies:update(created[2], { name = "changed" }))
    portal:advance(20)
    local third = take(companies, {
      cursor = cursor,
      known = function(ids)
        assert.same(created, ids)
        return known
      end,
    })
    assert.same({ "upsert " .. created[2] .. " changed" }, third)
  end)

  it("finds what search tells of late, in a later window", function()
    client:close()
    start { search_lag = 50 }
    portal:advance(20)
    local first, cursor = take(companies, { since = START })
    assert.same({}, first)
    portal:advance(100)
    local second = take(companies, { cursor = cursor })
    assert.equal(3, #second)
  end)

  it("tells of archived records within the window, or of all", function()
    assert(companies:delete(created[1]))
    portal:advance(7200)
    local _, cursor = take(companies, { since = START + 7000000 })
    assert(companies:delete(created[2]))
    portal:advance(20)
    local second
    second, cursor = take(companies, { cursor = cursor })
    assert.same({ "archive " .. created[2] }, second)
    local all = take(companies, { cursor = cursor, all_archived = true })
    assert.same({ "archive " .. created[1], "archive " .. created[2] }, all)
  end)

  it("tells of merges, by either of the ids", function()
    portal:advance(20)
    local merged = assert(companies:merge(created[1], created[2]))
    portal:advance(20)
    local texts = take(companies, { since = START + 10000 })
    table.sort(texts)
    local expected = {
      "merge " .. created[1] .. " " .. merged.id,
      "merge " .. created[2] .. " " .. merged.id,
      "upsert " .. merged.id .. " C1",
    }
    assert.same(expected, texts)
    local named = take(companies, { since = START + 10000, properties = { "name" } })
    table.sort(named)
    assert.same(expected, named)
  end)

  it("gives an id that leads to another record as merged", function()
    portal:advance(20)
    local known
    local texts = {}
    local iterator = companies:changes {
      since = START,
      known = function(ids)
        -- Between the search and the read of what it found.
        known = known or assert(companies:merge(created[1], created[3])).id
        assert.equal(3, #ids)
        return {}
      end,
    }
    for event in iterator do
      texts[#texts + 1] = event.op .. " " .. event.id .. " " .. (event.into or "")
    end
    assert.truthy(table.concat(texts, ","):find("merge " .. created[1] .. " " .. known, 1, true))
  end)

  it("tells of merges into a record that was archived since", function()
    portal:advance(20)
    local merged = assert(companies:merge(created[1], created[2])).id
    assert(companies:delete(merged))
    portal:advance(20)
    local texts = take(companies, { since = START + 10000 })
    table.sort(texts)
    assert.same({
      "archive " .. merged,
      "merge " .. created[1] .. " " .. merged,
      "merge " .. created[2] .. " " .. merged,
    }, texts)
  end)

  it("goes past 10,000 changes of one millisecond", function()
    client:close()
    portal = sandbox.new { clock = START, contacts = 450, contacts_changed_at = START - 60000, search_ceiling = 200 }
    client = client_of(portal)
    local seen = {}
    for event in client.contacts:changes { since = START - 120000 } do
      assert.is_nil(seen[event.id])
      seen[event.id] = true
      seen.count = (seen.count or 0) + 1
    end
    assert.equal(450, seen.count)
  end)

  it("resumes at a page of a window", function()
    client:close()
    portal = sandbox.new { clock = START, contacts = 50, contacts_changed_at = START - 60000 }
    client = client_of(portal)
    local iterator, seen, count = client.contacts:changes { since = START - 120000, page_size = 10 }, {}, 0
    for _ = 1, 20 do
      seen[iterator:next().id] = true
    end
    local rest = client.contacts:changes { cursor = iterator:cursor(), page_size = 10 }
    for event in rest do
      assert.is_nil(seen[event.id])
      count = count + 1
    end
    assert.equal(30, count)
  end)
end)

describe("changes on the wire", function()
  local on = fixture.new { clients = { current = {} } }

  it("searches in a fixed window for names, and reads values by their ids", function()
    local id = on:create_contacts({ { email = "ada@example.org" } })[1]
    on.server:advance(60)
    local events = wire.collect(on.clients.current.contacts:changes { properties = { "email" }, since = "2026-01-01" })
    assert.equal(1, #events)
    assert.equal(id, events[1].id)
    local lines = wire.take(on.server)
    assert.equal(4, #lines)
    assert.equal(
      'POST /crm/objects/2026-09/contacts/search {"filterGroups":[{"filters":[{"operator":"GTE",'
        .. '"propertyName":"lastmodifieddate","value":"1767225600000"}]}],"limit":1}',
      lines[1]
    )
    local body = core.decode(lines[2]:match "search (.*)$")
    local filter = body.filterGroups[1].filters[1]
    assert.same(
      { "BETWEEN", "1767225600000", "lastmodifieddate" },
      { filter.operator, filter.value, filter.propertyName }
    )
    assert.same({ "hs_object_id" }, body.sorts)
    assert.equal(200, body.limit)
    assert.truthy(lines[3]:find("POST /crm/objects/2026-09/contacts/batch/read", 1, true))
    assert.truthy(lines[3]:find('"properties":["email","lastmodifieddate","hs_merged_object_ids",', 1, true))
    assert.equal(
      "GET /crm/objects/2026-09/contacts?archived=true&limit=100"
        .. "&properties=lastmodifieddate%2Chs_merged_object_ids%2Chs_calculated_merged_vids",
      lines[4]
    )
  end)

  it("makes two requests where nothing changed", function()
    wire.collect(on.clients.current.companies:changes { since = "2026-01-01" })
    local lines = wire.take(on.server)
    assert.equal(2, #lines)
    assert.equal(
      "GET /crm/objects/2026-09/companies?archived=true&limit=100"
        .. "&properties=hs_lastmodifieddate%2Chs_merged_object_ids",
      lines[2]
    )
  end)

  it("searches other types by a property of another name", function()
    wire.collect(on.clients.current.deals:changes { since = "2026-01-01" })
    assert.truthy(wire.take(on.server)[1]:find("hs_lastmodifieddate", 1, true))
  end)

  it("refuses what is no overlap", function()
    local contacts = on.clients.current.contacts
    for _, value in ipairs { "soon", -1, "1y", {} } do
      on:refuses_option("%s must be a number of seconds", contacts, "changes", "overlap", value)
    end
    on:refuses_option("%s must be a function", contacts, "changes", "known", "all")
  end)
end)
