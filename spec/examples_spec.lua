-- The examples that are about contacts and timelines, each in a process of its own against a sandbox server.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local instructions = require "spec.support.instructions"
local script = require "spec.support.script"

local TOKEN = script.TOKEN
local read_file, with_file, quote, command = script.read_file, script.with_file, script.quote, script.command
local run, run_on_account = script.run, script.run_on_account
local writes_among, has_lines = script.writes_among, script.has_lines
local fails_with, succeeds = script.fails_with, script.succeeds

describe("examples", function()
  local here = fixture.new { clients = {}, reset = { contacts = 1000 } }
  local server = here.server

  local function on_sandbox(arguments) return run(arguments, { HUBSPOT_BASE_URL = server.url }) end

  local function new_client() return here:new_client() end

  describe("quickstart", function()
    it("creates, searches, pages and fills a list in the sandbox", function()
      local result = on_sandbox { "examples/quickstart.lua" }
      assert.are.equal("", result.err)
      assert.are.equal(0, result.code)
      has_lines(result.out, {
        "Page through all contacts: 1001 in 11 pages",
        "The list, read back:",
        "A contact that does not exist:",
        "  api: resource not found",
      })
      local ada = assert(new_client().contacts:get_by_email("ada@example.org", { properties = { "jobtitle" } }))
      assert.are.equal("Analyst", ada.properties.jobtitle)
      local read_back = result.out:match "read back:\n(.-)\nA contact"
      assert.is_truthy(read_back:find(("%-8s Ada Lovelace <ada@example.org>"):format(ada.id), 1, true))
      assert.are.equal(4, select(2, read_back:gsub("@", "")))
    end)

    it("can be run again", function()
      on_sandbox { "examples/quickstart.lua" }
      -- The list's name has the second.
      for list in new_client().lists:all() do
        assert(new_client().lists:delete(list.listId))
      end
      local result = on_sandbox { "examples/quickstart.lua" }
      assert.are.equal(0, result.code)
      has_lines(result.out, { "Page through all contacts: 1001 in 11 pages" })
    end)

    it("reads an account, and writes nothing to it", function()
      assert(new_client().lists:create { name = "Newsletter" })
      server:clear_requests()
      local result = run_on_account(server.url, { "examples/quickstart.lua" })
      assert.are.equal("", result.err)
      assert.are.equal(0, result.code)
      has_lines(
        result.out,
        { "Contacts:", "Lists:", "  61       Newsletter, manual, 0 contacts", "  api: resource not found" }
      )
      assert.are.equal(5, select(2, result.out:gsub("@example", "")))
      assert.are.same({}, writes_among(server:requests()))
    end)

    it("goes to HUBSPOT_BASE_URL with a token, too, and takes that for an account", function()
      local result = run({ "examples/quickstart.lua" }, { HUBSPOT_TOKEN = script.TOKEN, HUBSPOT_BASE_URL = server.url })
      assert.are.same({ 0, "" }, { result.code, result.err })
      assert.are.same({}, writes_among(server:requests()))
      result = run({ "examples/deals_report.lua" }, { HUBSPOT_TOKEN = script.TOKEN, HUBSPOT_BASE_URL = server.url })
      assert.is_truthy(result.out:find("0 deals in HubSpot at " .. server.url, 1, true), result.out .. result.err)
    end)

    it("ends with 1 and a message where a call fails", function()
      server:fault { kind = "status", status = 400, path = "/search$" }
      local result = on_sandbox { "examples/quickstart.lua" }
      assert.are.equal(1, result.code)
      assert.is_truthy(result.err:find "^examples/quickstart%.lua:%d+: Invalid request %(HTTP 400", result.err)
      assert.is_nil(result.err:find "traceback")
    end)
  end)

  describe("sync_csv", function()
    local function sync(text, ...)
      local more = { ... }
      return with_file(text, function(path)
        return on_sandbox { "examples/sync_csv.lua", path, (table.unpack or unpack)(more) } -- luacheck: ignore
      end)
    end

    it("syncs the 2,000 people of contacts.csv, but for three rows", function()
      local result = on_sandbox { "examples/sync_csv.lua" }
      assert.are.equal("", result.err)
      assert.are.equal(0, result.code)
      has_lines(result.out, {
        "line 442: no e-mail address",
        "line 1094: 10 cells where the header has 9",
        "line 1828: HubSpot refuses it: Email address tomas.vrana@@example.com is invalid",
        "rows read        2,000",
        "created          1,997",
        "updated              0",
        "skipped              3",
        "in the list      1,997",
        "differing            0",
      })
      assert.are.equal(3, select(2, result.out:gsub("line %d+:", "")))
      assert.is_truthy(result.out:find "List 61, contacts.csv %d%d%d%d%-%d%d%-%d%d %d%d:%d%d:%d%d\n")
      assert.are.equal(1997, assert(new_client().lists:get(61)).size)
      local contact = assert(
        new_client().contacts:get_by_email(
          "salma.alkhayyat@example.net",
          { properties = { "firstname", "company", "city" } }
        )
      )
      assert.are.equal("سلمى", contact.properties.firstname)
      assert.are.equal('Compañía "Río Claro", S.A.', contact.properties.company)
      assert.is_nil(contact.properties.city)
    end)

    it("finds everyone there the second time", function()
      local text = "email,city\na@example.org,Łódź\nb+tag@example.org,\n"
      sync(text)
      assert(new_client().lists:delete(61))
      local result = sync(text)
      assert.are.equal(0, result.code)
      has_lines(result.out, { "created              0", "updated              2", "in the list          2" })
    end)

    it("survives a nasty file", function()
      local rows = {
        "\239\187\191Email, FirstName ,company,message\r\n", -- 1
        'plus+tag@example.org,"Ann, ""the"" plumber",5" Pipe,"two\r\nlines, and\n\nthree"\r\n', -- 2 to 5
        "\r\n", -- 6
        "  UPPER@Example.ORG  ,Ülkü,,\n", -- 7
        ",Nobody,,\n", -- 8
        "   ,Blank,,\n", -- 9
        "short@example.org,Short\n", -- 10
        "latin1@example.org,Ren\233,,\n", -- 11
        'open@example.org,"never closed,,\n', -- 12
        "o'hara+a.b@example.org,O'Hara,,\n", -- 13
        "two words@example.org,Two,,\n", -- 14
        "upper@example.org,,Later & Sons,\n", -- 15
        "only@example.org,,,\n", -- 16
        'stray@example.org,"quo"te,,\n', -- 17
        'last@example.org,"最後",,""', -- 18
      }
      local result = sync(table.concat(rows))
      assert.are.equal("", result.err)
      assert.are.equal(0, result.code)
      has_lines(result.out, {
        "line 8: no e-mail address",
        "line 9: no e-mail address",
        "line 10: 2 cells where the header has 4",
        "line 11: not valid UTF-8",
        "line 12: text after the closing quote of a cell",
        "line 14: HubSpot refuses it: Email address two words@example.org is invalid",
        "line 17: text after the closing quote of a cell",
        "rows read           13",
        "created              5",
        "updated              1",
        "skipped              7",
        "in the list          5",
        "differing            0",
      })
      local contacts = assert(new_client().contacts:get_many_by_email({
        "plus+tag@example.org",
        "upper@example.org",
        "o'hara+a.b@example.org",
        "only@example.org",
        "last@example.org",
      }, { properties = { "firstname", "company", "message" } }))
      local found = {}
      for index, contact in ipairs(contacts) do
        found[index] = { contact.properties.firstname, contact.properties.company, contact.properties.message }
      end
      assert.are.same({
        { 'Ann, "the" plumber', '5" Pipe', "two\r\nlines, and\n\nthree" },
        { "Ülkü", "Later & Sons" },
        { "O'Hara" },
        {},
        { "最後" },
      }, found)
    end)

    it("leaves alone what an empty cell stands for", function()
      assert(new_client().contacts:create { email = "a@example.org", city = "Oslo" })
      assert.are.equal(0, sync("email,firstname,city\na@example.org,Åse,\n").code)
      local contact = assert(new_client().contacts:get_by_email("a@example.org", { properties = { "city" } }))
      assert.are.equal("Oslo", contact.properties.city)
    end)

    it("knows a contact by an address that was merged into it", function()
      local client = new_client()
      local first = assert(client.contacts:create { email = "first@example.org" })
      local second = assert(client.contacts:create { email = "second@example.org" })
      assert(client.contacts:merge(first.id, second.id))
      local result = sync "email,city\nsecond@example.org,Turku\n"
      assert.are.equal(0, result.code, result.out)
      has_lines(result.out, { "updated              1", "in the list          1", "differing            0" })
    end)

    it("says what differs, and ends with 1", function()
      -- The readings of the first contacts come back without the last row, as if it had not got into the list.
      server:fault { kind = "drop_rows", path = "/memberships$", method = "GET" }
      local result = sync "email,city\na@example.org,Oslo\nb@example.org,Bergen\n"
      assert.are.equal(1, result.code)
      has_lines(
        result.out,
        { "missing in the list: b@example.org", "in the list          1", "differing            1" }
      )
    end)

    it("tells a value that HubSpot has otherwise", function()
      -- HubSpot, too, stores a whole number in its shortest form.
      local result = sync "email,lead_score\na@example.org,007\n"
      assert.are.equal(1, result.code)
      has_lines(result.out, { 'a@example.org: lead_score is "7", should be "007"', "differing            1" })
    end)

    it("refuses a column that HubSpot does not know or lets nobody write, before it writes", function()
      local refusals = {
        ["email,firstnam\na@example.org,A\n"] = "HubSpot has no contact property firstnam (column 2).\n",
        ["createdate,email\n1,a@example.org\n"] = "HubSpot lets nobody write the contact property createdate (column 1).\n",
        ["email,city,City\n"] = "There are two columns city.\n",
        ["email,,city\n"] = "Column 2 has no name.\n",
        ["name;email\nA;a@example.org\n"] = "The first line names no column email.\n",
        [""] = "The first line names no column email.\n",
        ["\255\254e\0m\0"] = "The first line is not valid UTF-8\n",
      }
      for text, message in pairs(refusals) do
        local result = sync(text)
        assert.are.same({ 1, "", message }, { result.code, result.out, result.err })
      end
      assert.are.same({}, writes_among(server:requests()))
    end)

    it("tells files that are none", function()
      local missing = on_sandbox { "examples/sync_csv.lua", "examples/no_such_file.csv" }
      assert.are.same(
        { 1, "", "examples/no_such_file.csv: No such file or directory\n" },
        { missing.code, missing.out, missing.err }
      )
      local directory = on_sandbox { "examples/sync_csv.lua", "examples" }
      assert.are.same({ 1, "", "examples: Is a directory\n" }, { directory.code, directory.out, directory.err })
    end)

    it("stops with 1 where HubSpot fails, and says how far it came", function()
      server:fault { kind = "status", status = 403, path = "/batch/upsert$", after = 2, times = 1000 }
      local result = on_sandbox { "examples/sync_csv.lua" }
      assert.are.equal(1, result.code)
      assert.is_truthy(result.err:find "^You do not have permissions", result.err)
      has_lines(result.err, { "Stopped after creating 200 contacts and updating 0. The sync can be run again." })
    end)

    it("takes nothing for a refused row that is not about the row", function()
      -- The second half of the first rows: the first half is written.
      server:fault { kind = "status", status = 414, path = "/batch/upsert$", after = 1, times = 1000 }
      local result = on_sandbox { "examples/sync_csv.lua" }
      assert.are.equal(1, result.code)
      assert.is_truthy(result.err:find "^URI Too Long", result.err)
      has_lines(result.err, { "Stopped after creating 100 contacts and updating 0. The sync can be run again." })
      assert.is_nil(result.out:find "line %d")
    end)

    it("writes no contact where it may not write lists", function()
      server:fault { kind = "status", status = 403, path = "^/crm/lists/" }
      assert.are.equal(1, sync("email\na@example.org\n").code)
      assert.are.same({ "POST /crm/lists/2026-09" }, writes_among(server:requests()))
    end)

    it("only tells what it would do on an account", function()
      assert(new_client().contacts:create { email = "known@example.org" })
      server:clear_requests()
      local result = with_file(
        "email,city\nknown@example.org,Oslo\nnew@example.org,Bergen\nnew@example.org,Voss\n,x\n",
        function(path) return run_on_account(server.url, { "examples/sync_csv.lua", path }) end
      )
      assert.are.equal("", result.err)
      assert.are.equal(0, result.code)
      has_lines(result.out, {
        "line 5: no e-mail address",
        "rows read            4",
        "would create         1",
        "would update         2",
        "skipped              1",
        "Nothing was written; the flag --write writes.",
      })
      assert.are.same({}, writes_among(server:requests()))
    end)

    it("writes to an account with --write", function()
      local result = with_file(
        "email\nnew@example.org\n",
        function(path) return run_on_account(server.url, { "examples/sync_csv.lua", "--write", path }) end
      )
      assert.are.equal(0, result.code)
      has_lines(result.out, { "created              1", "in the list          1" })
    end)

    it("sends its made-up people to no account that was not asked for it", function()
      for _, arguments in ipairs { { "examples/sync_csv.lua" }, { "examples/sync_csv.lua", "--write" } } do
        local result = run_on_account(server.url, arguments)
        assert.are.equal(1, result.code)
        assert.is_truthy(result.err:find("Name the file", 1, true))
      end
      assert.are.same({}, server:requests())
    end)

    it("says how it is called", function()
      for _, arguments in ipairs { { "--wriet" }, { "a.csv", "b.csv" } } do
        fails_with(
          "usage: sync_csv.lua [--write] [file.csv]\n",
          on_sandbox { "examples/sync_csv.lua", (table.unpack or unpack)(arguments) }
        ) -- luacheck: ignore
      end
    end)

    it("shows a bar on a terminal, on stderr", function()
      if not os.execute "command -v script >/dev/null" then pending "needs the command script" end
      with_file("", function(out)
        local line = command({ "examples/sync_csv.lua" }, { HUBSPOT_BASE_URL = server.url }) .. " >" .. quote(out)
        local terminal = assert(io.popen(("script -qec %s /dev/null </dev/null"):format(quote(line))))
        local shown = terminal:read "*a"
        terminal:close()
        assert.is_truthy(shown:find("\rSending      [######------------------------]  21%", 1, true), shown)
        assert.is_truthy(shown:find("\rReading back [", 1, true))
        -- The last bar is wiped out.
        assert.is_truthy(shown:find "\r +\r$")
        assert.is_nil(read_file(out):find "[\r%[]")
        has_lines(read_file(out), { "differing            0" })
      end)
    end)
  end)

  for path in io.popen("ls examples/*.lua"):lines() do
    if #instructions.of(path) > 0 then
      it("can be tried as its first lines say: " .. path, function()
        local result = instructions.run(path, { after = "! [ -e bounces.csv ] || cat bounces.csv" })
        assert.are.equal("", result.err)
        assert.are.equal(0, result.code)
        assert.is_true(#result.out > 100, result.out)
      end)
    end
  end

  it("say what to do where nothing is set, or the token is empty", function()
    local message = "Set HUBSPOT_TOKEN to work on your account. To try it without one, start `bin/hubspot-lua sandbox` "
      .. "and set HUBSPOT_BASE_URL to the address that it prints; `make demo` does so for quickstart.lua and "
      .. "sync_csv.lua.\n"
    local lines = {
      { "quickstart" },
      { "sync_csv" },
      { "timeline_event", "ada@example.org", "7", "12300" },
      { "campaign_report" },
      { "bounces" },
      { "unsubscribe", "ada@example.org" },
      { "receipt", "42", "ada@example.org", "1001", "9.90" },
      { "lifecycle_report" },
    }
    for _, arguments in ipairs(lines) do
      arguments[1] = ("examples/%s.lua"):format(arguments[1])
      fails_with(message, run(arguments, {}))
      fails_with(message, run(arguments, { HUBSPOT_TOKEN = "", HUBSPOT_BASE_URL = "" }))
    end
  end)

  it("say how they are called", function()
    local usages = {
      ["quickstart.lua"] = { { "x" }, { "--write" } },
      ["timeline_event.lua [--write] EMAIL LEVEL SCORE"] = {
        {},
        { "ada@example.org", "7" },
        { "ada@example.org", "seven", "1" },
        { "ada@example.org", "7", "1", "--x" },
      },
      ["campaign_report.lua [COUNT]"] = { { "many" }, { "0" }, { "1", "2" }, { "-1" }, { "--help" } },
      ["bounces.lua [DAYS] >bounces.csv"] = { { "1.5" }, { "1234567" }, { "--days", "3" } },
      ["unsubscribe.lua [--write] [--unsubscribe ID] EMAIL"] = {
        {},
        { "ada@example.org", "--unsubscribe" },
        { "ada@example.org", "grace@example.org" },
      },
      ["receipt.lua [--write] EMAIL_ID ADDRESS ORDER TOTAL"] = {
        {},
        { "42", "ada@example.org", "1001" },
        { "mail", "ada@example.org", "1001", "9.90" },
      },
      ["lifecycle_report.lua [DAYS]"] = { { "0" }, { "90d" } },
      ["webhook.lua [--port PORT] [--requests COUNT] ORIGIN"] = {
        {},
        { "example.org" },
        { "https://example.org/hook" },
        { "https://example.org", "--port", "x" },
        { "https://example.org", "--requests", "0" },
      },
    }
    for usage, lines in pairs(usages) do
      for _, arguments in ipairs(lines) do
        table.insert(arguments, 1, "examples/" .. usage:match "^[%w_.]+")
        fails_with("usage: " .. usage .. "\n", on_sandbox(arguments))
      end
    end
    assert.are.same({}, server:requests())
  end)

  it("tell what scope a token lacks", function()
    server:fault { kind = "status", status = 403, path = "^/email/public/v1/campaigns" }
    local result = run_on_account(server.url, { "examples/campaign_report.lua" })
    assert.are.same({ 1, "" }, { result.code, result.out })
    assert.is_truthy(result.err:find("add the missing scope", 1, true), result.err)
    assert.is_nil(result.err:find "traceback")
  end)

  describe("timeline_event", function()
    local ARGUMENTS = { "examples/timeline_event.lua", "Ada@Example.org", "7", "12300" }
    local KEYS = { HUBSPOT_APPLICATION_ID = "1", HUBSPOT_DEVELOPER_KEY = "sandbox-key" }

    local function admin()
      return hubspot.new {
        token = TOKEN,
        base_url = server.url,
        limiter = false,
        application_id = 1,
        developer_key = "sandbox-key",
      }
    end

    it("makes its event type, and writes the event once", function()
      local first = on_sandbox(ARGUMENTS)
      succeeds(first)
      has_lines(first.out, { 'Made the event type 260, "Level finished"' })
      local told = "event level-7-of-ada@example.org, level 7 with 12300 points, "
      assert.is_truthy(first.out:find("\nWritten: " .. told, 1, true), first.out)
      local again = on_sandbox { ARGUMENTS[1], "ada@example.org", "7", "99999" }
      succeeds(again)
      assert.are.equal(first.out:match "Written: (.*)", again.out:match "^HubSpot has it already: (.*)")
      local event = assert(admin().timeline:get_event(nil, 260, "level-7-of-ada@example.org"))
      assert.are.equal("12300", event.properties.score)
      local contact = assert(new_client().contacts:get_by_email "ada@example.org")
      assert.are.equal(contact.id, event.objectId)
    end)

    it("completes an event type that a run left half made", function()
      assert(admin().timeline:create_event_type(nil, { name = "Level finished" }))
      assert(
        admin().timeline:create_event_type_property(nil, 260, { name = "score", label = "Score", type = "number" })
      )
      local result = on_sandbox(ARGUMENTS)
      succeeds(result)
      assert.is_truthy(result.out:find "^Written: ")
      local names = {}
      for _, property in ipairs(assert(admin().timeline:event_type_properties(nil, 260))) do
        names[#names + 1] = property.name
      end
      assert.are.same({ "score", "level" }, names)
    end)

    it("takes a type of the application's project by its name", function()
      server:reset { contacts = 1, event_types = { "pe99001_game_level" } }
      local variables = { HUBSPOT_EVENT_TYPE = "pe99001_game_level" }
      local line = { ARGUMENTS[1], "--write", ARGUMENTS[2], ARGUMENTS[3], ARGUMENTS[4] }
      local first = run_on_account(server.url, line, variables)
      succeeds(first)
      assert.is_truthy(first.out:find "^Written: event level%-7%-of%-ada@example%.org", first.out)
      local again = run_on_account(server.url, line, variables)
      succeeds(again)
      assert.is_truthy(again.out:find "^HubSpot has it already: ")
      variables.HUBSPOT_EVENT_TYPE = "pe99001_game_levle"
      local unknown = run_on_account(server.url, line, variables)
      assert.are.equal(1, unknown.code)
      assert.is_truthy(unknown.err:find "^Unknown eventTypeName: pe99001_game_levle", unknown.err)
    end)

    it("writes nothing to an account without --write", function()
      local result = run_on_account(server.url, ARGUMENTS, KEYS)
      succeeds(result)
      has_lines(result.out, {
        "To your HubSpot account would go: event level-7-of-ada@example.org, level 7 with 12300 points, now",
        'with a new event type "Level finished"',
        "Nothing was written; the flag --write writes.",
      })
      assert.are.same({}, writes_among(server:requests()))
    end)

    it("says what an account needs", function()
      local message = "Set HUBSPOT_EVENT_TYPE to the full name of an event type of your application, or "
        .. "HUBSPOT_APPLICATION_ID and HUBSPOT_DEVELOPER_KEY to have one made.\n"
      fails_with(message, run_on_account(server.url, ARGUMENTS))
      fails_with(message, run_on_account(server.url, ARGUMENTS, { HUBSPOT_APPLICATION_ID = "1" }))
    end)

    it("ends with 1 where HubSpot refuses the event", function()
      local result = on_sandbox { ARGUMENTS[1], "nonsense", "7", "1" }
      assert.are.equal(1, result.code)
      assert.is_truthy(result.err:find "^Email address nonsense is invalid %(HTTP 400", result.err)
    end)
  end)
end)
