local command = require "spec.support.command"
local core = require "hubspot.core"
local fixture = require "spec.support.fixture"
local wire = require "spec.support.wire"

local CONTACTS = "/crm/objects/2026-09/contacts"

local site = fixture.new { start = { contacts = 7 }, clients = { current = {} }, reset = { contacts = 7 } }

local function run(invocation)
  invocation.env = command.against(site.server, invocation.env)
  return command.run(invocation)
end

-- The body of the only request.
local function sent_body()
  local requests = site.server:requests()
  assert.equal(1, #requests)
  return requests[1].body
end

-- It rounds integers that need more than 53 bits.
local LUA_WITHOUT_INTEGERS = { LUA = "lua5.1" }

describe("hubspot-lua request", function()
  it("prints HubSpot's answer byte for byte", function()
    local result = run { "request", "get", CONTACTS .. "/4127?properties=email&properties=city" }
    assert.same({ 0, "" }, { result.status, result.stderr })
    local answer = assert(site.clients.current:request {
      method = "GET",
      path = CONTACTS .. "/4127",
      query = { properties = { "email", "city" } },
      undecoded = true,
    })
    assert.equal(answer.body .. "\n", result.stdout)
  end)

  it("adds to the query, what is there already included", function()
    run { "request", "GET", CONTACTS .. "?limit=3&properties=a%20b", "-q", "properties=c&d", "--query", "archived=false" }
    assert.same(
      { "GET " .. CONTACTS .. "?archived=false&limit=3&properties=a%20b&properties=c%26d" },
      wire.take(site.server)
    )
  end)

  it("makes a body of fields", function()
    local result = run {
      "request",
      "POST",
      CONTACTS,
      "-f",
      "properties[email]=ada@example.org",
      "-f",
      "properties[firstname]=Ada=1",
      "-F",
      "associations=[]",
    }
    assert.same({ 0, "" }, { result.status, result.stderr })
    assert.same(
      { properties = { email = "ada@example.org", firstname = "Ada=1" }, associations = {} },
      core.decode(sent_body())
    )
  end)

  it("makes lists of fields, and the values that JSON has", function()
    run {
      "request",
      "POST",
      CONTACTS .. "/batch/read",
      "-f",
      "inputs[][id]=4127",
      "-f",
      "inputs[][id]=4128",
      "-f",
      "properties[]=email",
      "-f",
      "properties[]=city",
      "-F",
      "archived=false",
      "-F",
      "n=12345678901234567",
      "-F",
      "none=null",
      "-F",
      'text="a\\"18446744073709551617"',
    }
    assert.equal(
      '{"archived":false,"inputs":[{"id":"4127"},{"id":"4128"}],"n":12345678901234567,"none":null,'
        .. '"properties":["email","city"],"text":"a\\"18446744073709551617"}',
      sent_body()
    )
  end)

  it("fills the last object of a list until a field comes that it has", function()
    local fields = {
      "filterGroups[][filters][][propertyName]=email",
      "filterGroups[][filters][][operator]=HAS_PROPERTY",
      "filterGroups[][filters][][propertyName]=city",
      "filterGroups[][filters][][operator]=EQ",
      "filterGroups[][filters][][value]=Lyon",
      "inputs[][properties][email]=a",
      "inputs[][properties][city]=b",
      "inputs[][properties][email]=c",
    }
    local words = { "request", "POST", CONTACTS }
    for _, field in ipairs(fields) do
      words[#words + 1], words[#words + 2] = "-f", field
    end
    run(words)
    assert.equal(
      '{"filterGroups":[{"filters":[{"operator":"HAS_PROPERTY","propertyName":"email"},'
        .. '{"operator":"EQ","propertyName":"city","value":"Lyon"}]}],'
        .. '"inputs":[{"properties":{"city":"b","email":"a"}},{"properties":{"email":"c"}}]}',
      sent_body()
    )
  end)

  it("takes a path without its first slash", function()
    run { "request", "GET", CONTACTS:sub(2) .. "?limit=1" }
    assert.same({ "GET " .. CONTACTS .. "?limit=1" }, wire.take(site.server))
  end)

  it("takes the body from a file or stdin", function()
    local body = '{"properties":{"email":"ada@example.org","city":null}}'
    local result = run { "request", "POST", CONTACTS, "--input", "-", stdin = body }
    assert.same({ 0, "" }, { result.status, result.stderr })
    assert.equal('{"properties":{"city":null,"email":"ada@example.org"}}', sent_body())
    site.server:clear_requests()
    run { "request", "POST", CONTACTS, "--input", "-", stdin = "\239\187\191" .. body }
    assert.equal('{"properties":{"city":null,"email":"ada@example.org"}}', sent_body())
  end)

  it("reads on to the last page, of a listing and of a search", function()
    local listing = run { "request", "GET", CONTACTS, "-q", "limit=3", "--paginate" }
    assert.same({ 0, "" }, { listing.status, listing.stderr })
    local search = run { "request", "POST", CONTACTS .. "/search", "-F", "limit=3", "--paginate" }
    assert.same({ 0, "" }, { search.status, search.stderr })
    for _, result in ipairs { listing, search } do
      local sizes, ids = {}, {}
      for line in result.stdout:gmatch "[^\n]+" do
        local page = assert(core.decode(line))
        sizes[#sizes + 1] = #page.results
        for _, record in ipairs(page.results) do
          ids[record.id] = true
        end
      end
      assert.same({ 3, 3, 1 }, sizes)
      local count = 0
      for _ in pairs(ids) do
        count = count + 1
      end
      assert.equal(7, count)
    end
  end)

  it("says that it can't read on where an older API has more", function()
    site.server:reset { contacts = 7, campaigns = 3 }
    local more = run { "request", "GET", "/email/public/v1/campaigns?limit=1", "--paginate" }
    assert.equal(1, more.status)
    assert.truthy(more.stdout:find('"hasMore":true', 1, true), more.stdout)
    assert.matches("from what the answer has beside hasMore\n$", more.stderr)
    assert.equal(0, run({ "request", "GET", "/email/public/v1/campaigns", "--paginate" }).status)
    more = run { "request", "GET", "/contacts/v1/lists/all/contacts/all?count=2", "--paginate" }
    assert.equal(1, more.status)
    assert.matches("beside has%-more\n$", more.stderr)
  end)

  it("shows status and headers where asked to", function()
    local result = run { "request", "DELETE", CONTACTS .. "/4127", "-i" }
    assert.equal(0, result.status)
    assert.matches("^HTTP 204\n", result.stdout)
    assert.matches("\nx%-hubspot%-ratelimit%-max: 190\n", result.stdout)
    assert.matches("\n\n$", result.stdout)
  end)

  it("says what is wrong with its words, and sends nothing", function()
    for _, case in ipairs {
      { { "request", "GET" }, "missing argument 'path'" },
      { { "request", "FETCH", "/a" }, "method must be GET, POST, PUT, PATCH, DELETE or HEAD" },
      { { "request", "GET", "/a b" }, "path must be a path such as" },
      { { "request", "GET", "" }, "PATH is empty: it must look like /crm/v3/owners" },
      { { "request", "GET", "/?limit=1" }, "PATH is empty" },
      { { "request", "DELETE", "/a", "--paginate" }, "--paginate is for GET and POST, not for DELETE" },
      { { "request", "GET", "https://example.org/a" }, "PATH begins with a slash" },
      { { "request", "GET", "/a", "-q", "limit" }, "--query must look like KEY=VALUE, got limit" },
      { { "request", "POST", "/a", "-F", "n=many" }, "--json-field must look like KEY=JSON" },
      {
        { "request", "POST", "/a", "-F", "n=[1,-18446744073709551617]" },
        "--json-field n: -18446744073709551617 can't be sent exactly: put it in quotes",
      },
      { { "request", "POST", "/a", "--input", "-", stdin = '{"n":18446744073709551617}' }, "can't be sent exactly" },
      {
        { "request", "POST", "/a", "-F", "n=9007199254740993", env = LUA_WITHOUT_INTEGERS },
        "n: 9007199254740993 can't be sent exactly",
      },
      { { "request", "POST", "/a", "-f", "a[=1" }, "the key a[ must look like a, a[b] or a[]" },
      { { "request", "POST", "/a", "-f", "a=1", "-f", "a[b]=1" }, "the key a[b] leads into a value" },
      { { "request", "GET", "/a", "-f", "a=1" }, "GET has no body: -q adds to the query" },
      { { "request", "POST", "/a", "-f", "a=1", "--input", "-" }, "--input and the fields exclude each other" },
      { { "request", "POST", "/a", "--input", "-", stdin = "{" }, "--input: it is not JSON" },
    } do
      local result = run(case[1])
      assert.same({ 2, "" }, { result.status, result.stdout }, case[2])
      assert.matches(case[2], result.stderr, 1, true)
      assert.matches("^hubspot%-lua request: [^\n]+\n$", result.stderr)
    end
    local result = run { "request", "POST", "/a", "--input", "/nowhere/body.json" }
    assert.equal(7, result.status)
    assert.matches("--input: /nowhere/body.json: No such file", result.stderr, 1, true)
    assert.same({}, site.server:requests())
  end)

  it("ends with 1, in one line, where HubSpot refuses", function()
    local result = run { "request", "GET", CONTACTS .. "/999" }
    assert.same({ 1, "" }, { result.status, result.stdout })
    assert.matches("^hubspot%-lua request: resource not found %(HTTP 404 [^\n]*\n$", result.stderr)
  end)

  it("calls a create that may have been carried out no temporary failure", function()
    site.server:fault { kind = "reset_after", method = "POST" }
    local result = run { "request", "POST", CONTACTS, "-f", "properties[email]=ada@example.org" }
    assert.equal(1, result.status)
    assert.matches("may have been carried out: look whether it was", result.stderr)
  end)
end)
