-- The links of what an import writes: associations, and the list. What is not linked is told.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local importing = require "spec.support.importing"
local in_process = require "spec.support.in_process"
local sandbox = require "hubspot.sandbox"

local here = fixture.new { clients = { current = {} }, reset = {} }
local server, clients = here.server, here.clients

local files

before_each(function() files = importing.new(server) end)
after_each(function() files:remove() end)

local counts = importing.counts

local function run(name, ...)
  return files:run("contacts", name, { "--errors", "@bad.csv", "--results", "@all.csv", ... })
end

local function has(text, part) assert.truthy(text:find(part, 1, true), text) end

local function new_companies(count)
  local ids = {}
  for index = 1, count do
    ids[index] = assert(clients.current.companies:create { name = "C" .. index }).id
  end
  return ids
end

local function new_list(object_type_id)
  local definition = { name = "Of " .. object_type_id, processingType = "MANUAL", objectTypeId = object_type_id }
  return assert(clients.current.lists:create(definition)).listId
end

describe("associations of an import", function()
  it("are refused in a dry run where they are in the run that follows", function()
    local companies = new_companies(4)
    local whole = assert(clients.current.companies:merge(companies[1], companies[2])).id
    assert(clients.current.companies:delete(companies[3]))
    for _, mode in ipairs { "upsert", "create" } do
      files:write("a.csv", {
        "email,company",
        mode .. "1@example.org," .. companies[1],
        mode .. "2@example.org," .. whole .. ";" .. companies[2],
        mode .. "3@example.org," .. companies[3],
        mode .. "4@example.org,999;998;" .. companies[4],
        mode .. "5@example.org,",
      })
      local words = { "--mode", mode, "--associate", "companies:company" }
      local planned = run("a.csv", (table.unpack or unpack)(words)) -- luacheck: ignore
      assert.same({ create = 3, update = 0, refuse = 2 }, counts(planned))
      has(files:read "bad.csv", ",4,404,no record of companies has the id " .. companies[3] .. ",companies\n")
      words[#words + 1] = "--write"
      local made = run("a.csv", (table.unpack or unpack)(words)) -- luacheck: ignore
      assert.equal(3, made.status, made.stderr)
      assert.same({ created = 3, updated = 0, refused = 2 }, counts(made))
    end
  end)

  it("are all told where HubSpot refuses several of a row, with the id of its record", function()
    files:write("a.csv", { "email,company", "ada@example.org,999;998" })
    assert.equal(3, run("a.csv", "--write", "--associate", "companies:company").status)
    local reason = "the record is written; companies 999: resource not found; companies 998: resource not found"
    has(files:read "bad.csv", ",404," .. reason .. ",companies\n")
    local id = assert(clients.current.contacts:get_by_email "ada@example.org").id
    has(files:read "all.csv", ("\n2,ada@example.org,refused,%s,404,%s,companies\n"):format(id, reason))
  end)

  it("are read as an answer of the API has them", function()
    local company = new_companies(1)[1]
    files:write(
      "a.jsonl",
      ('{"properties":{"email":"ada@example.org"},"associations":{"companies":{"results":[{"id":"%s","type":"x"}]}}}\n'):format(
        company
      )
    )
    assert.equal(0, run("a.jsonl", "--write", "--associate", "companies:companies").status)
    local id = assert(clients.current.contacts:get_by_email "ada@example.org").id
    assert.equal(company, assert(clients.current.associations:all("contacts", id, "companies"):next()).id)
  end)

  it("show nothing beforehand where the token may not read what they lead to", function()
    server:reset { scopes = { "crm.objects.contacts.read", "crm.objects.contacts.write", "crm.schemas.contacts.read" } }
    files:write("a.csv", { "email,company", "ada@example.org,999" })
    local planned = run("a.csv", "--associate", "companies:company")
    assert.same({ create = 1, update = 0, refuse = 0 }, counts(planned))
  end)
end)

-- A client of a portal in this process, in which something happens before each request to a path.
local function new_client(path, before)
  local portal = sandbox.new {}
  local own = hubspot.new { transport = portal }
  return hubspot.new {
    token = "any-token",
    limiter = false,
    transport = function(request)
      if request.url:find(path, 1, true) then before(portal, own) end
      return portal(request)
    end,
  }
end

local function import(client, name, ...)
  local words = { "import", "contacts", files:path(name), "--errors", files:path "bad.csv", "--results" }
  for _, word in ipairs { files:path "all.csv", "--write", ... } do
    words[#words + 1] = word
  end
  return in_process.run(client, words)
end

describe("the list of an import", function()
  it("is one of the type that is imported", function()
    files:write("a.csv", { "email", "ada@example.org" })
    local refused = run("a.csv", "--add-to-list", new_list "0-2")
    assert.equal(2, refused.status)
    has(refused.stderr, "is one of companies, not of contacts")
    assert.equal(0, run("a.csv", "--add-to-list", new_list "0-1").status)
  end)

  it("lacks records that HubSpot does not find, which is told, and creates none twice", function()
    for _, mode in ipairs { "upsert", "create" } do
      local gone
      local client = new_client("/memberships/add", function(portal, own)
        gone = assert(own.contacts:get_by_email "bob@example.org").id
        portal:purge { type = "contacts", id = gone }
      end)
      local list = assert(client.lists:create { name = "Fair", processingType = "MANUAL", objectTypeId = "0-1" }).listId
      files:write("a.csv", { "email", "ada@example.org", "bob@example.org", "eve@example.org" })
      local result = import(client, "a.csv", "--mode", mode, "--add-to-list", list)
      assert.equal(3, result.code, result.message)
      assert.same({ created = 2, updated = 0, refused = 1 }, counts { stdout = result.text })
      local status = mode == "create" and "unknown" or "404"
      local reason = ("the record is written; list %s: HubSpot finds no record %s"):format(list, gone)
      has(files:read "bad.csv", ("\nbob@example.org,3,%s,%s,\n"):format(status, reason))
      has(files:read "all.csv", ("\n3,bob@example.org,refused,%s,%s,%s,\n"):format(gone, status, reason))
      assert.equal(2, assert(client.lists:get(list)).size)
      local again =
        import(client, "bad.csv", "--mode", mode, "--results", files:path "other.csv", "--errors", files:path "c.csv")
      assert.same(
        { created = mode == "upsert" and 1 or 0, updated = 0, refused = mode == "upsert" and 0 or 1 },
        counts { stdout = again.text }
      )
    end
  end)
end)

describe("an import of the standard input that ends before its records are linked", function()
  it("says which are in HubSpot and not in the list", function()
    server:fault { kind = "rate_limit", policy = "DAILY", path = "/memberships/add", times = 1000 }
    local options = { "--write", "--mode", "create", "--add-to-list", new_list "0-1" }
    options.stdin = "email\nada@example.org\nbad\neve@example.org\n"
    local result = files:run("contacts", "-", options)
    assert.equal(1, result.status, result.stderr)
    has(result.stderr, "; 2 of 3 rows are in HubSpot: leave those out before you import the rest (lines 2, 4); ")
    has(result.stderr, "; 2 of those are not in the list yet (lines 2, 4)\n")
  end)
end)
