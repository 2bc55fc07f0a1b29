-- `hubspot-lua import` as a process, against a sandbox server.

local fixture = require "spec.support.fixture"
local importing = require "spec.support.importing"
local in_process = require "spec.support.in_process"
local script = require "spec.support.script"
local command = require "spec.support.command"
local document = require "spec.support.document"
local wire = require "spec.support.wire"

local here = fixture.new { clients = { current = {} }, reset = {} }
local server, clients = here.server, here.clients

local files

before_each(function() files = importing.new(server) end)
after_each(function() files:remove() end)

local counts = importing.counts

local function run(object, name, ...) return files:run(object, name, { ... }) end

-- Values of all contacts by their e-mail addresses.
local function contacts(...)
  local found = {}
  for contact in clients.current.contacts:all { properties = { "email", ... } } do
    found[contact.properties.email or contact.id] = contact.properties
  end
  return found
end

-- Makes a property of contacts that no two may have alike.
local function create_code()
  assert(clients.current.properties:create {
    name = "code",
    label = "Code",
    groupName = "contactinformation",
    type = "string",
    fieldType = "text",
    hasUniqueValue = true,
  })
end

local function writes() return script.writes_among(server:requests()) end

local HEADER = "email,firstname,lead_score,contract_start,newsletter_consent,lead_tier,interests"

local GOOD = {
  HEADER,
  "ada@example.org,Ada,7,2026-02-28,yes,a,newsletter;webinars",
  'bob@example.org,"Bob ""B"", Jr.",-1.5,,false,b,',
  "eve@example.org,Éve,,,,,training",
}

-- Seven kinds of rows that can't be written, and what is right instead.
local BAD = {
  { "n1@example.org,N,seven,,,,", "n1@example.org,N,7,,,,", "lead_score" },
  { "n2@example.org,N,,2026-02-30,,,", "n2@example.org,N,,2026-02-28,,,", "contract_start" },
  { "n3@example.org,N,,,perhaps,,", "n3@example.org,N,,,true,,", "newsletter_consent" },
  { "n4@example.org,N,,,,Z,", "n4@example.org,N,,,,c,", "lead_tier" },
  { "ADA@example.org,Ada again,,,,,", "n5@example.org,N,,,,,", "email" },
  { "n6@example.org,N\255,,,,,", "n6@example.org,N,,,,,", "" },
  { "n7@example.org,N,,,,", "n7@example.org,N,,,,,", "" },
}

describe("an import", function()
  it("writes what the file has, and tells how many", function()
    files:write("a.csv", GOOD)
    local result = run("contacts", "a.csv", "--write", "--results", "@results.csv", "--summary", "@summary.json")
    assert.equal(0, result.status, result.stderr)
    assert.same({ created = 3, updated = 0, refused = 0 }, counts(result))
    local found = contacts("firstname", "lead_score", "contract_start", "newsletter_consent", "interests")
    assert.equal('Bob "B", Jr.', found["bob@example.org"].firstname)
    assert.equal("Éve", found["eve@example.org"].firstname)
    assert.equal("-1.5", found["bob@example.org"].lead_score)
    assert.same({ "7", "2026-02-28", "true", "newsletter;webinars" }, {
      found["ada@example.org"].lead_score,
      found["ada@example.org"].contract_start,
      found["ada@example.org"].newsletter_consent,
      found["ada@example.org"].interests,
    })
    assert.truthy(files:read("results.csv"):find "\n2,ada@example.org,created,%d+,,,\n")
    assert.truthy(files:read("summary.json"):find('"created":3', 1, true))
    assert.is_nil(files:read "a.csv.journal")
  end)

  it("writes nothing without --write, and tells what the run then does", function()
    assert(clients.current.contacts:create { email = "ada@example.org", lead_score = "7" })
    assert(clients.current.contacts:create { email = "bob@example.org", firstname = "Robert" })
    local lines = { HEADER, GOOD[2], GOOD[3], GOOD[4], "ada@example.org,,,,,,", BAD[1][1] }
    files:write("a.csv", lines)
    server:clear_requests()
    local planned = run("contacts", "a.csv")
    assert.equal(3, planned.status)
    assert.same({}, writes())
    assert.same({ create = 1, update = 2, refuse = 2 }, counts(planned))
    assert.truthy(planned.stdout:find("update            2  first: line 2 ada@example.org: contract_start: ", 1, true))
    assert.truthy(planned.stderr:find("nothing was written; --write writes:", 1, true))
    assert.is_nil(files:read "a.csv.journal")
    local done = run("contacts", "a.csv", "--write")
    assert.equal(3, done.status)
    assert.same({ created = 1, updated = 2, refused = 2 }, counts(done))
  end)

  it("leaves alone what is so already, with --skip-unchanged, in a dry run and in the run that follows", function()
    files:write("a.csv", GOOD)
    assert.equal(0, run("contacts", "a.csv", "--write").status)
    local again = run("contacts", "a.csv")
    assert.same({ create = 0, update = 3, refuse = 0 }, counts(again))
    assert.truthy(again.stderr:find("3 of the updates have these values already", 1, true))
    files:write("a.csv", { HEADER, GOOD[2], GOOD[3], "eve@example.org,Eva,,,,,;newsletter" })
    assert.same(
      { create = 0, update = 1, unchanged = 2, refuse = 0 },
      counts(run("contacts", "a.csv", "--skip-unchanged"))
    )
    server:clear_requests()
    local done = run("contacts", "a.csv", "--skip-unchanged", "--write")
    assert.same({ created = 0, updated = 1, unchanged = 2, refused = 0 }, counts(done))
    assert.equal(1, #writes())
    for _, request in ipairs(server:requests()) do
      if request.path:find("/batch/upsert", 1, true) then
        assert.is_nil(request.body:find("ada@example.org", 1, true))
        assert.truthy(request.body:find("eve@example.org", 1, true))
      end
    end
  end)

  it("lets the good rows arrive and gives the bad ones back, which go through when they are mended", function()
    local lines = {}
    for _, line in ipairs(GOOD) do
      lines[#lines + 1] = line
    end
    for _, row in ipairs(BAD) do
      lines[#lines + 1] = row[1]
    end
    files:write("a.csv", lines)
    local result = run("contacts", "a.csv", "--write", "--errors", "@bad.csv")
    assert.equal(3, result.status)
    assert.same({ created = 3, updated = 0, refused = 7 }, counts(result))
    local bad = files:read "bad.csv"
    assert.equal(HEADER .. ",_line,_status,_error,_property", bad:match "^[^\n]*")
    local mended, place = { bad:match "^[^\n]*" }, 0
    for line in bad:gmatch "\n([^\n]+)" do
      place = place + 1
      local row = BAD[place]
      local was, notes = line:sub(1, #row[1]), line:sub(#row[1] + 1)
      assert.equal(row[1], was)
      assert.truthy(notes:find(("^,*%d,invalid,.*,%s$"):format(place + 4, row[3])), notes)
      mended[#mended + 1] = row[2] .. notes:gsub("^,+", ",")
    end
    assert.equal(7, place)
    files:write("bad.csv", mended)
    local again = run("contacts", "bad.csv", "--write", "--errors", "@left.csv")
    assert.equal(0, again.status, again.stdout .. again.stderr)
    assert.same({ created = 7, updated = 0, refused = 0 }, counts(again))
    assert.equal(HEADER .. ",_line,_status,_error,_property\n", files:read "left.csv")
  end)

  it("gives back what HubSpot refuses, with its status and reason", function()
    create_code()
    local id = assert(clients.current.contacts:create { email = "ada@example.org", code = "a1" }).id
    files:write("a.csv", { "email,code", "bob@example.org,b1", "eve@example.org,a1" })
    local result = run("contacts", "a.csv", "--write", "--errors", "@bad.csv")
    assert.equal(3, result.status)
    assert.same({ created = 1, updated = 0, refused = 1 }, counts(result))
    assert.truthy(files:read("bad.csv"):find("\neve@example.org,a1,3,409,", 1, true))
    assert.truthy(files:read("bad.csv"):find(id, 1, true))
  end)

  it("tries each row, however many of a request HubSpot refuses", function()
    create_code()
    local there, lines = {}, { "code,email" }
    for number = 1, 70 do
      local email = ("p%d@example.org"):format(number)
      if number <= 60 then there[number] = { email = email } end
      lines[number + 1] = ("c%d,%s"):format(number, email)
    end
    here:create_contacts(there)
    local path = files:write("a.csv", lines)
    -- In this process, whose client has no limiter: these are more requests than a quota lets through.
    local words = { "import", "contacts", path, "--key", "code", "--write", "--errors", files:path "bad.csv" }
    local result = in_process.run(clients.current, words)
    assert.same({ created = 10, updated = 0, refused = 60 }, counts { stdout = result.text }, result.message)
    assert.equal("c70", contacts("code")["p70@example.org"].code)
    local bad = files:read "bad.csv"
    assert.is_nil(bad:find("the search for the inputs", 1, true))
    assert.equal(60, select(2, bad:gsub(",409,Contact already exists", "")))
  end)

  it("knows contacts by another unique property", function()
    create_code()
    assert(clients.current.contacts:create { email = "ada@example.org", code = "a1" })
    files:write("a.csv", { "code,firstname,email", "a1,Ada,", "b1,Bob,bob@example.org", "a1,Twice," })
    local planned = run("contacts", "a.csv", "--key", "code")
    assert.same({ create = 1, update = 1, refuse = 1 }, counts(planned))
    assert.same({ created = 1, updated = 1, refused = 1 }, counts(run("contacts", "a.csv", "--key", "code", "--write")))
    assert.equal("Ada", contacts("firstname")["ada@example.org"].firstname)
    assert.equal("b1", contacts("code")["bob@example.org"].code)
    files:write("b.csv", { "code,firstname", "a1,Ada 2", "c1,Nobody" })
    local updated = run("contacts", "b.csv", "--key", "code", "--mode", "update", "--write", "--errors", "@bad.csv")
    assert.same({ created = 0, updated = 1, refused = 1 }, counts(updated))
    assert.truthy(files:read("bad.csv"):find("\nc1,Nobody,3,404,no record has the code c1,code\n", 1, true))
  end)

  it("knows contacts by a key in another case, as HubSpot does", function()
    create_code()
    assert(clients.current.contacts:create { email = "ada@example.org", code = "A1" })
    files:write("a.csv", { "code,firstname", "a1,Ada" })
    for _, mode in ipairs { "upsert", "update" } do
      assert.same(
        { create = 0, update = 1, refuse = 0 },
        counts(run("contacts", "a.csv", "--key", "code", "--mode", mode))
      )
      local made = run("contacts", "a.csv", "--key", "code", "--mode", mode, "--write")
      assert.same({ created = 0, updated = 1, refused = 0 }, counts(made))
    end
    files:write("b.csv", { "code,firstname", "b1,Bob", "B1,Bob" })
    assert.same({ create = 2, update = 0, refuse = 0 }, counts(run("contacts", "b.csv", "--key", "code")))
  end)

  it("takes a key with a semicolon for one", function()
    create_code()
    assert(clients.current.contacts:create { email = "ada@example.org", code = "a" })
    assert(clients.current.contacts:create { email = "bob@example.org", code = "a;b" })
    files:write("a.csv", { "code,firstname", "a,Ada", "a;b,Bob" })
    local result = run("contacts", "a.csv", "--key", "code", "--mode", "update", "--write")
    assert.same({ created = 0, updated = 2, refused = 0 }, counts(result))
    local found = contacts "firstname"
    assert.same({ "Ada", "Bob" }, { found["ada@example.org"].firstname, found["bob@example.org"].firstname })
  end)

  it("updates by id, and refuses ids that there are not", function()
    local ids = here:create_contacts { { email = "ada@example.org" }, { email = "bob@example.org" } }
    files:write("a.csv", {
      "id,firstname,created_at",
      ids[1] .. ",Ada,2026-01-01T00:00:00Z",
      "999999,Nobody,",
      ids[2] .. ",Bob,",
      "x1,X,",
      ",Y,",
    })
    assert.same({ create = 0, update = 2, refuse = 3 }, counts(run("contacts", "a.csv", "--key", "id")))
    assert.same({ created = 0, updated = 2, refused = 3 }, counts(run("contacts", "a.csv", "--key", "id", "--write")))
    assert.equal("Bob", contacts("firstname")["bob@example.org"].firstname)
  end)

  it("creates, and refuses what is there", function()
    assert(clients.current.contacts:create { email = "ada@example.org" })
    files:write("a.csv", { "email,firstname", "ada@example.org,Ada", "bob@example.org,Bob", ",Nobody" })
    assert.same({ create = 2, update = 0, refuse = 1 }, counts(run("contacts", "a.csv", "--mode", "create")))
    local done = run("contacts", "a.csv", "--mode", "create", "--write", "--errors", "@bad.csv")
    assert.same({ created = 2, updated = 0, refused = 1 }, counts(done))
    assert.truthy(files:read("bad.csv"):find("\nada@example.org,Ada,2,409,", 1, true))
  end)

  it("leaves properties alone where cells are empty, or clears them", function()
    assert(clients.current.contacts:create { email = "ada@example.org", firstname = "Ada", city = "London" })
    files:write("a.csv", { "email,firstname,city", "ada@example.org,,Paris" })
    assert.equal(0, run("contacts", "a.csv", "--write").status)
    local ada = contacts("firstname", "city")["ada@example.org"]
    assert.same({ "Ada", "Paris" }, { ada.firstname, ada.city })
    assert.equal(0, run("contacts", "a.csv", "--write", "--empty", "clear").status)
    ada = contacts("firstname", "city")["ada@example.org"]
    assert.same({ "", "Paris" }, { ada.firstname or "", ada.city })
  end)

  it("adds options to those that a record has", function()
    assert(clients.current.contacts:create { email = "ada@example.org", interests = "newsletter" })
    files:write("a.csv", { "email,interests", "ada@example.org,Webinars" })
    assert.equal(0, run("contacts", "a.csv", "--write", "--append", "interests", "--labels").status)
    assert.truthy(server:requests()[#server:requests()].body:find('"interests":";webinars"', 1, true))
  end)

  it("leaves options alone where a cell to add is empty, though empty ones clear", function()
    here:create_contacts { { email = "ada@example.org", interests = "newsletter", city = "Rome" } }
    files:write("a.csv", { "email,interests,city", "ada@example.org,," })
    local words = { "contacts", "a.csv", "--empty", "clear", "--append", "interests", "--write" }
    assert.equal(0, run((table.unpack or unpack)(words)).status) -- luacheck: ignore
    local ada = contacts("interests", "city")["ada@example.org"]
    assert.same({ "newsletter", "" }, { ada.interests, ada.city or "" })
  end)

  it("refuses a row whose columns have two ids, and takes one that has an id twice", function()
    local ids = {}
    for name in ("ab"):gmatch "." do
      ids[#ids + 1] = assert(clients.current.contacts:create { email = name .. "@example.org" }).id
    end
    files:write("a.csv", {
      "id,hs_object_id,city",
      ("%s,%s,Rome"):format(ids[1], ids[2]),
      ("%s,%s,Oslo"):format(ids[2], ids[2]),
      ("0%s,,Paris"):format(ids[1]),
    })
    local result = run("contacts", "a.csv", "--key", "id", "--write")
    assert.equal(3, result.status, result.stderr)
    assert.truthy(
      result.stdout:find(("hs_object_id: %s, and another column says %s"):format(ids[2], ids[1]), 1, true),
      result.stdout
    )
    local found = contacts "city"
    assert.equal(2, counts(result).refused)
    assert.same({ nil, "Oslo" }, { found["a@example.org"].city, found["b@example.org"].city })
  end)

  it("reads JSON Lines: what is absent stays, and null clears", function()
    local ids = here:create_contacts { { email = "ada@example.org", firstname = "Ada", city = "London" } }
    files:write("a.jsonl", {
      ('{"id":"%s","properties":{"city":null,"lead_score":8,"newsletter_consent":true},"createdAt":"x"}'):format(
        ids[1]
      ),
      '{"id":17,"properties":{"city":"Rome"}}',
      '{"id":"1","properties":{"ctiy":"Rome"}}',
      "{",
      "[1]",
    })
    local result = run("contacts", "a.jsonl", "--key", "id", "--write", "--errors", "@bad.jsonl")
    assert.equal(3, result.status)
    assert.same({ created = 0, updated = 1, refused = 4 }, counts(result))
    local ada = contacts("firstname", "city", "lead_score", "newsletter_consent")["ada@example.org"]
    assert.same({ "Ada", "", "8", "true" }, { ada.firstname, ada.city or "", ada.lead_score, ada.newsletter_consent })
    local bad = files:read "bad.jsonl"
    assert.truthy(bad:find('"_property":"ctiy"', 1, true), bad)
    assert.truthy(bad:find('"_text":"{"', 1, true), bad)
    files:write("b.jsonl", { '{"email":"bob@example.org","interests":["newsletter","training"],"_error":"x"}' })
    assert.equal(0, run("contacts", "b.jsonl", "--write").status)
    assert.equal("newsletter;training", contacts("interests")["bob@example.org"].interests)
  end)

  it("notices a file that is changed while it is read, also where its size stays", function()
    local lines = { "email,firstname" }
    for index = 1, 4200 do
      lines[#lines + 1] = ("n%d@example.org,%s"):format(index, ("x"):rep(100))
    end
    local path = files:write("a.csv", lines)
    server:fault { kind = "slow", seconds = 1, path = "batch/upsert" }
    local invocation = files:invocation("contacts", "a.csv", { "--write" })
    local result = script.run_shell(
      ("{ %s & pid=$!; while kill -0 $pid && ! grep -q began %s.journal 2>/dev/null; do sleep 0.02; done; "):format(
        command.line(invocation),
        script.quote(path)
      )
        .. ("printf y | dd of=%s conv=notrunc bs=1 seek=%d 2>/dev/null; wait $pid; }"):format(
          script.quote(path),
          #files:read "a.csv" - 2
        )
    )
    assert.equal(7, result.code, result.err)
    assert.truthy(result.err:find("a.csv was changed while it was read", 1, true), result.err)
  end)

  it("refuses JSON that would not arrive as it is, and gives the line back where its number is too large", function()
    files:write("latin1.jsonl", { '{"email":"ada@example.org","city":"K\246ln"}' })
    assert.truthy(run("contacts", "latin1.jsonl").stdout:find("line 1: not valid UTF-8", 1, true))
    files:write("a.jsonl", { '{"email":"ada@example.org","lead_score":1e400}' })
    local result = run("contacts", "a.jsonl", "--errors", "@bad.jsonl")
    assert.equal(3, result.status, result.stderr)
    assert.truthy(
      files:read("bad.jsonl"):find([["_text":"{\"email\":\"ada@example.org\",\"lead_score\":1e400}"]], 1, true)
    )
  end)

  it("refuses what is no value and no key", function()
    create_code()
    files:write("a.csv", { "code,firstname", ".,Rome", "  ,Rome", " a1 ,Rome" })
    local result = run("contacts", "a.csv", "--key", "code", "--write", "--errors", "@bad.csv")
    assert.same({ created = 1, updated = 0, refused = 2 }, counts(result), result.stderr)
    assert.truthy(files:read("bad.csv"):find("\n.,Rome,2,invalid,code: . can't be a key,code\n", 1, true))
    assert.truthy(files:read("bad.csv"):find("\n  ,Rome,3,invalid,no value for the key code,code\n", 1, true))
    files:write(
      "b.jsonl",
      { '{"email":"a@example.org","city":{"name":"Rome"}}', '{"email":"b@example.org","city":[]}' }
    )
    result = run("contacts", "b.jsonl", "--write", "--errors", "@bad.jsonl")
    assert.same({ created = 1, updated = 0, refused = 1 }, counts(result))
    assert.truthy(files:read("bad.jsonl"):find("city: an object is no value", 1, true))
  end)

  it("reads the standard input, TSV, and cells that a semicolon parts", function()
    local result =
      files:run("contacts", "-", { "--write", "--delimiter", ";", stdin = "email;city\nada@example.org;Köln\n" })
    assert.same({ created = 1, updated = 0, refused = 0 }, counts(result))
    files:write("a.tsv", "\239\187\191email\tcity\r\nada@example.org\tRome, Italy\r\n")
    assert.equal(0, run("contacts", "a.tsv", "--write").status)
    assert.equal("Rome, Italy", contacts("city")["ada@example.org"].city)
  end)

  it("maps columns by a file", function()
    files:write("map.json", '{ "E-Mail": "email",\n "Ort": "city" }')
    files:write("a.csv", { "E-Mail,Ort,Rest", "ada@example.org,Rome,x" })
    local result = run("contacts", "a.csv", "--write", "--map-file", "@map.json", "--ignore", "Rest")
    assert.equal(0, result.status, result.stderr)
    assert.equal("Rome", contacts("city")["ada@example.org"].city)
  end)

  it("associates the records, and adds them to a list", function()
    local companies = {}
    for index = 1, 2 do
      companies[index] = assert(clients.current.companies:create { name = "C" .. index }).id
    end
    local list = assert(clients.current.lists:create { name = "Fair", processingType = "MANUAL", objectTypeId = "0-1" })
    files:write("a.csv", {
      "email,works at",
      "ada@example.org," .. table.concat(companies, ";"),
      "bob@example.org,999999",
      "eve@example.org,",
    })
    for _, mode in ipairs { "upsert", "create" } do
      local result = run(
        "contacts",
        "a.csv",
        "--write",
        "--mode",
        mode,
        "--associate",
        "companies:works at",
        "--add-to-list",
        list.listId,
        "--errors",
        "@bad.csv"
      )
      assert.equal(3, result.status, result.stderr)
      if mode == "upsert" then
        assert.same({ created = 2, updated = 0, refused = 1 }, counts(result))
        assert.truthy(
          files:read("bad.csv"):find(
            "\nbob@example.org,999999,3,404,the record is written; companies 999999: resource not found,companies\n",
            1,
            true
          )
        )
        local ids = {}
        for contact in clients.current.lists:contacts(list.listId, { properties = { "email" } }) do
          ids[contact.properties.email] = contact.id
        end
        assert.truthy(ids["ada@example.org"])
        local found = wire.collect(clients.current.associations:all("contacts", ids["ada@example.org"], "companies"))
        assert.equal(2, #found)
      end
    end
  end)

  it("gives associations the labels of their columns", function()
    for _, label in ipairs { "Billing contact", "Chef" } do
      local definition = { name = label:lower():gsub(" ", "_"), label = label }
      assert(clients.current.associations:create_label("contacts", "companies", definition))
    end
    local one = assert(clients.current.companies:create { name = "One" }).id
    local two = assert(clients.current.companies:create { name = "Two" }).id
    local function associated(mode, email)
      files:write("a.csv", { "email,company,bills,runs", ("%s,%s,%s,%s"):format(email, two, one, one) })
      local words = { "contacts", "a.csv", "--write", "--mode", mode }
      for _, association in ipairs { "companies:company", "companies:bills=Billing contact", "companies:runs=Chef" } do
        words[#words + 1] = "--associate"
        words[#words + 1] = association
      end
      local result = run((table.unpack or unpack)(words)) -- luacheck: ignore
      assert.equal(0, result.status, result.stderr)
      local contact = assert(clients.current.contacts:get_by_email(email))
      local labels = {}
      for found in clients.current.associations:all("contacts", contact.id, "companies") do
        labels[found.id] = {}
        for _, kind in ipairs(found.types) do
          if kind.label and kind.category == "USER_DEFINED" then table.insert(labels[found.id], kind.label) end
        end
        table.sort(labels[found.id])
      end
      return labels
    end
    local expected = { [one] = { "Billing contact", "Chef" }, [two] = {} }
    assert.same(expected, associated("upsert", "ada@example.org"))
    assert.same(expected, associated("create", "bob@example.org"))
    files:write("a.csv", { "email,company", "ada@example.org," })
    files:write("b.csv", { "email,company", "ada@example.org,999999" })
    local failed = run("contacts", "b.csv", "--write", "--associate", "companies:company=Chef")
    assert.equal(3, failed.status, failed.stderr)
    assert.truthy(
      failed.stdout:find("ada@example.org: the record is written; companies 999999: ", 1, true),
      failed.stdout
    )
    local unknown = run("contacts", "a.csv", "--associate", "companies:company=Shef")
    assert.equal(2, unknown.status)
    assert.truthy(unknown.stderr:find("HubSpot has no label Shef; did you mean Chef?", 1, true), unknown.stderr)
  end)

  it("takes owners by their addresses", function()
    local owner = assert(clients.current.owners:all():next())
    files:write(
      "a.csv",
      { "email,hubspot_owner_id", "ada@example.org," .. owner.email:upper(), "bob@example.org,no@no.no" }
    )
    assert.equal(3, run("contacts", "a.csv", "--write").status)
    assert.equal(owner.id, contacts("hubspot_owner_id")["ada@example.org"].hubspot_owner_id)
  end)
end)

describe("an import refuses, before anything is written", function()
  -- Checks the exit code and the line on stderr.
  local function refuses(status, expected, object, name, ...)
    server:clear_requests()
    local result = run(object, name, ...)
    assert.equal(status, result.status, result.stderr)
    assert.truthy(result.stderr:find(expected, 1, true), result.stderr)
    assert.same({}, writes())
  end

  it("columns that have no place", function()
    files:write("a.csv", { "email,ctiy,createdate", "ada@example.org,Rome," })
    refuses(2, "no property is called ctiy; did you mean city?", "contacts", "a.csv", "--write")
    refuses(2, "HubSpot lets nobody write createdate", "contacts", "a.csv", "--write")
    files:write("b.csv", { "email,city,City", "ada@example.org,Rome,Rome" })
    refuses(2, "the columns city and City are both for city", "contacts", "b.csv", "--write")
    refuses(2, "an option names the column Ort, which the file does not have", "contacts", "b.csv", "--map", "Ort=city")
    files:write("c.csv", { "city", "Rome" })
    refuses(2, "the file has no column for the key email: --map 'COLUMN=email' names it", "contacts", "c.csv")
  end)

  it("columns of associations that an export made, and tells what to do with them", function()
    files:write("a.csv", { "email,companies,ids", "ada@example.org,1," })
    local advice =
      "--ignore 'companies' leaves the column out, --associate 'companies:companies' associates with the ids in it)"
    refuses(2, advice, "contacts", "a.csv", "--ignore", "ids")
    refuses(2, "--ignore 'ids' leaves the column out)", "contacts", "a.csv", "--ignore", "companies")
  end)

  it("several such columns, with a line on each", function()
    files:write("a.csv", { "emial,ctiy,email", "a,b,ada@example.org" })
    local lines = {}
    for line in run("contacts", "a.csv").stderr:gmatch "[^\n]+" do
      lines[#lines + 1] = line:match "^hubspot%-lua import: no property is called (%l+); "
    end
    assert.same({ "emial", "ctiy" }, lines)
  end)

  it("files that are spelled otherwise than they are read", function()
    files:write("cr.csv", "email,city\rada@example.org,Rome\r")
    refuses(7, "the lines of the file end in CR alone", "contacts", "cr.csv", "--write")
    files:write("utf16.csv", ("email,city\nada@example.org,Rome\n"):gsub(".", "%0\0"))
    refuses(7, "the file is UTF-16, or no text", "contacts", "utf16.csv", "--write")
    files:write("latin1.csv", "email,Stra\223e\nada@example.org,Rome\n")
    refuses(7, "the header is not valid UTF-8", "contacts", "latin1.csv", "--write")
    files:write("semicolon.csv", "email;city\nada@example.org;Rome\n")
    refuses(2, "the header is one column, email;city: --delimiter ';' parts", "contacts", "semicolon.csv", "--write")
  end)

  it("types that records can't be associated with", function()
    files:write("a.csv", { "email,other", "ada@example.org,1" })
    refuses(2, "--associate nosuch: ", "contacts", "a.csv", "--associate", "nosuch:other", "--write")
  end)

  it("keys that name several records", function()
    files:write("a.csv", { "domain,name", "example.org,Example" })
    refuses(2, "--key is missing", "companies", "a.csv", "--write")
    refuses(
      2,
      "--key domain: HubSpot does not keep it unique, so it may name several records. Keys of companies: id",
      "companies",
      "a.csv",
      "--key",
      "domain",
      "--write"
    )
    refuses(2, "--key name2: there is no such property", "companies", "a.csv", "--key", "name2")
    refuses(2, "--key id is of no use to --mode create", "companies", "a.csv", "--key", "id", "--mode", "create")
  end)

  it("files that it can't read", function()
    refuses(7, "No such file", "contacts", "none.csv", "--write")
    refuses(7, "Is a directory", "contacts", ".", "--write")
    files:write("empty.csv", "")
    refuses(7, "the file is empty: its first line must name the columns", "contacts", "empty.csv", "--write")
    files:write("quote.csv", 'email,"city\nada@example.org,Rome\n')
    refuses(7, "the header: the quote of line 1 is never closed", "contacts", "quote.csv", "--write")
  end)

  it("options that contradict each other", function()
    files:write("a.csv", GOOD)
    refuses(2, "FILE and --errors name one file", "contacts", "a.csv", "--errors", "@a.csv")
    refuses(2, "--errors and --results name one file", "contacts", "a.csv", "--errors", "@b", "--results", "@b")
    refuses(2, "the column city can't be both x and y", "contacts", "a.csv", "--map", "city=x", "--map", "city=y")
    local associate = { "--associate", "companies:city", "--associate", "deals:city" }
    refuses(2, "can't be both companies and deals", "contacts", "a.csv", (table.unpack or unpack)(associate)) -- luacheck: ignore
    refuses(2, "HubSpot chooses ids; --key id finds", "contacts", "a.csv", "--map", "firstname=id")
    refuses(7, "--map-file: .: Is a directory", "contacts", "a.csv", "--map-file", ".")
    refuses(2, "--resume goes with --write", "contacts", "a.csv", "--resume")
    refuses(2, "--resume needs a file", "contacts", "-", "--resume", "--write")
    refuses(2, "must have YYYY, MM and DD", "contacts", "a.csv", "--date-format", "DD.MM")
    refuses(2, "there is no list 999", "contacts", "a.csv", "--add-to-list", "999", "--write")
    refuses(2, "OBJECT: name must be the name or id of a type", "con tacts", "a.csv", "--key", "id")
    refuses(2, "feedback_submissions can't be written", "feedback_submissions", "a.csv", "--key", "id")
    refuses(
      2,
      "partner_clients can't be created by the API: --mode update",
      "partner_clients",
      "a.csv",
      "--key",
      "hs_name"
    )
  end)

  it("more bad rows than --max-errors", function()
    files:write("a.csv", { HEADER, GOOD[2], BAD[1][1], BAD[2][1] })
    refuses(
      1,
      "2 rows can't be imported, more than --max-errors: nothing was written",
      "contacts",
      "a.csv",
      "--write",
      "--max-errors",
      "1"
    )
    refuses(
      1,
      "2 rows can't be imported, more than --max-errors",
      "contacts",
      "a.csv",
      "--write",
      "--max-errors",
      "50%"
    )
    assert.equal(3, run("contacts", "a.csv", "--write", "--max-errors", "2").status)
    assert.equal(3, run("contacts", "a.csv", "--write", "--max-errors", "67%").status)
  end)

  it("tokens that may not, or are revoked", function()
    files:write("a.csv", GOOD)
    server:reset { scopes = { "crm.objects.contacts.read", "crm.schemas.contacts.read" } }
    local result = run("contacts", "a.csv", "--write")
    assert.equal(4, result.status, result.stderr)
    assert.truthy(result.stderr:find("crm.objects.contacts.write", 1, true), result.stderr)
    server:reset { token = "another" }
    result = run("contacts", "a.csv", "--write")
    assert.equal(4, result.status)
    assert.is_nil((result.stdout .. result.stderr):find(command.TOKEN, 1, true))
  end)
end)

describe("the guide", function()
  local GUIDE = "doc/guide/moving-data.md"

  -- The commands of the guide that import its file, each as a line of a shell.
  local function lines_of_guide()
    local lines = {}
    for _, block in ipairs(document.blocks(GUIDE, "sh")) do
      local line = block.source:gsub("\\\n", "")
      lines[#lines + 1] = line:match "hubspot%-lua import contacts fair%.csv[^\n]*"
    end
    return lines
  end

  it("shows imports that do what it says", function()
    files:write("fair.csv", document.blocks(GUIDE, "csv")[1].source)
    local lines = lines_of_guide()
    assert.equal(3, #lines)
    local told = {}
    for index, line in ipairs(lines) do
      local invocation =
        { env = command.against(server), binary = script.run_shell("pwd").out:match "%S+" .. "/bin/hubspot-lua" }
      local told_by = script.run_shell(
        ("{ cd %s; %s; }"):format(
          script.quote(files.folder),
          (line:gsub("^hubspot%-lua", function() return command.line(invocation) end))
        )
      )
      told[index] = { told_by.code, told_by.out }
    end
    assert.equal(3, told[1][1])
    assert.equal(document.blocks(GUIDE, "text")[1].source .. "\n", told[1][2])
    assert.same({ 3, "created" }, { told[2][1], told[2][2]:match "^%l+" })
    assert.truthy(files:read("bad.csv"):find("eve@example.org,Eve,Lyon,Z,02.03.2026,4,invalid,", 1, true))
    assert.equal(0, told[3][1])
    local bob = contacts("contract_start", "city")["bob@example.org"]
    assert.same({ "2026-03-01", "Köln" }, { bob.contract_start, bob.city })
  end)
end)
