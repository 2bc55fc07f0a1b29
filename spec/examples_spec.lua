-- The examples, each in a process of its own against a sandbox server, and the Lua of the README.

package.path = "examples/?.lua;" .. package.path

local csv = require "csv"
local host = require "spec.support.host"
local http = require "socket.http"
local hubspot = require "hubspot"
local nginx = require "spec.support.nginx"
local portals = require "hubspot.sandbox"
local sandbox = require "spec.support.sandbox"
local socket = require "socket"

local TOKEN = "pat-na1-5fd5b1c4-0000-4a3c-9f1e-2d1c1f7f0a11"
local DEVELOPER_KEY = "eu1-2f1d-44c0-developer"

-- Processes --------------------------------------------------------------------------------------------------------

local function read_file(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local function with_file(text, use)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  local succeeded, result = pcall(use, path)
  os.remove(path)
  if not succeeded then error(result, 0) end
  return result
end

local function quote(text)
  return "'" .. tostring(text):gsub("'", "'\\''") .. "'"
end

-- A spec that a host runs.
local function it_in(name, title, body)
  local left_out = host.left_out(name)
  it(title, left_out and function() pending(left_out) end or body)
end

local VARIABLES = { "HUBSPOT_TOKEN", "HUBSPOT_BASE_URL", "HUBSPOT_EVENT_TYPE", "HUBSPOT_APPLICATION_ID",
  "HUBSPOT_DEVELOPER_KEY", "HUBSPOT_CLIENT_SECRET" }

-- `lua …` in an environment where of the examples' variables only those given are set.
local function command(arguments, variables)
  local words = { "env" }
  for _, name in ipairs(VARIABLES) do words[#words + 1] = "-u " .. name end
  words[#words + 1] = "LUA_PATH=" .. quote(package.path)
  words[#words + 1] = "LUA_CPATH=" .. quote(package.cpath)
  for name, value in pairs(variables or {}) do words[#words + 1] = name .. "=" .. quote(value) end
  words[#words + 1] = quote(sandbox.interpreter())
  for _, argument in ipairs(arguments) do words[#words + 1] = quote(argument) end
  return table.concat(words, " ")
end

-- Gives the exit code, what it printed, and what it wrote to stderr.
local function run(arguments, variables)
  return with_file("", function(out)
    return with_file("", function(err)
      return with_file("", function(code)
        os.execute(("%s >%s 2>%s; echo $? >%s"):format(command(arguments, variables), quote(out), quote(err),
          quote(code)))
        return { code = tonumber(read_file(code)), out = read_file(out), err = read_file(err) }
      end)
    end)
  end)
end

-- Where an example has a token it goes to HubSpot's own address: this sends it to the sandbox, which must not get a
-- base_url from the example.
local AS_ACCOUNT = [[
  local hubspot = require "hubspot"
  local new = hubspot.new
  hubspot.new = function(options)
    assert(options.base_url == nil and options.token == os.getenv "HUBSPOT_TOKEN")
    options.base_url = os.getenv "SANDBOX_AS_ACCOUNT"
    return new(options)
  end
]]

local function run_on_account(url, arguments, more_variables)
  local all = { "-e", AS_ACCOUNT }
  for _, argument in ipairs(arguments) do all[#all + 1] = argument end
  local variables = { HUBSPOT_TOKEN = TOKEN, SANDBOX_AS_ACCOUNT = url, HUBSPOT_BASE_URL = "http://127.0.0.1:9" }
  for name, value in pairs(more_variables or {}) do variables[name] = value end
  return run(all, variables)
end

local READS = { ["/batch/read"] = true, ["/search"] = true }

local function writes_among(requests)
  local writes = {}
  for _, request in ipairs(requests) do
    local reads = request.method == "GET" or READS[request.path:match "/batch/read$" or request.path:match "/search$"]
    if not reads then writes[#writes + 1] = request.method .. " " .. request.path end
  end
  return writes
end

local function has_lines(text, lines)
  for _, line in ipairs(lines) do
    assert.is_truthy(("\n" .. text):find("\n" .. line .. "\n", 1, true), ("no line %q in:\n%s"):format(line, text))
  end
end

-- CSV ----------------------------------------------------------------------------------------------------------------

-- All records of a text that comes in pieces of so many bytes, as `{ line, cells… }` or `{ line, problem = }`.
local function records_of(text, size)
  local position, records = 1, {}
  for line, cells, problem in csv.records(function()
    if position > #text then return nil end
    position = position + size
    return text:sub(position - size, position - 1)
  end) do
    local record = { line, problem = problem }
    for _, cell in ipairs(cells or {}) do record[#record + 1] = cell end
    records[#records + 1] = record
  end
  return records
end

describe("csv", function()
  local function reads(text, expected)
    for _, size in ipairs { 1, 2, 7, 4096 } do assert.are.same(expected, records_of(text, size)) end
  end

  it("reads cells, empty ones too", function()
    reads("a,b,c\n1,,3\n,,\n", { { 1, "a", "b", "c" }, { 2, "1", "", "3" }, { 3, "", "", "" } })
  end)

  it("needs no line end at the end", function()
    reads("a,b\n1,", { { 1, "a", "b" }, { 2, "1", "" } })
  end)

  it("reads nothing from an empty text, a BOM, or empty lines", function()
    reads("", {})
    reads("\239\187\191", {})
    reads("\n\r\n\n", {})
  end)

  it("takes LF and CRLF, and counts lines in both", function()
    reads("a\r\nb\nc\r\n\r\nd", { { 1, "a" }, { 2, "b" }, { 3, "c" }, { 5, "d" } })
  end)

  it("keeps a CR that ends no line", function()
    reads("a\rb,c\r\n", { { 1, "a\rb", "c" } })
  end)

  it("skips a BOM at the beginning only", function()
    reads("\239\187\191a,\239\187\191b\n", { { 1, "a", "\239\187\191b" } })
    reads('\239\187\191"a,b"\n', { { 1, "a,b" } })
  end)

  it("reads quoted cells with commas, quotes and line breaks", function()
    reads('"a,b","say ""hi""","x\r\ny\n\nz"\n"",""""\nnext', {
      { 1, "a,b", 'say "hi"', "x\r\ny\n\nz" }, { 5, "", '"' }, { 6, "next" },
    })
  end)

  it("takes a quote inside an unquoted cell as it is", function()
    reads('5" pipe,a"b"\n', { { 1, '5" pipe', 'a"b"' } })
  end)

  it("keeps spaces and tabs", function()
    reads(" a ,\tb\n", { { 1, " a ", "\tb" } })
  end)

  it("reports a quote that is never closed, and goes on below", function()
    reads('a,b\n"open,1\n2,3\n4,5', {
      { 1, "a", "b" }, { 2, problem = "a quoted cell that never ends" }, { 3, "2", "3" }, { 4, "4", "5" },
    })
  end)

  it("reports an open quote that a later one seems to close, and goes on below", function()
    reads('"open,1\n2,3\n"q",5\n', {
      { 1, problem = "text behind the closing quote of a cell" }, { 2, "2", "3" }, { 3, "q", "5" },
    })
  end)

  it("reports text behind a closing quote", function()
    reads('"a"b,c\n"d" ,e\nf,g\n', {
      { 1, problem = "text behind the closing quote of a cell" },
      { 2, problem = "text behind the closing quote of a cell" }, { 3, "f", "g" },
    })
  end)

  it("looks after an open quote for about a megabyte", function()
    local filler = ("x"):rep(1023) .. "\n"
    local records = records_of('"open\n' .. filler:rep(3000) .. '"late"\n', 65536)
    assert.are.equal("a quoted cell that never ends", records[1].problem)
    assert.are.equal(3002, #records)
    assert.are.same({ 3002, "late" }, records[3002])
  end)

  it("reports what is not UTF-8", function()
    local wrong = {
      "\255", "\128", "caf\233", "\192\128", "\193\191", "\224\159\191", "\237\160\128", "\240\143\191\191",
      "\244\144\128\128", "\245\128\128\128", "\226\130", "\195\195\169", "\195\169\169",
    }
    for _, bytes in ipairs(wrong) do
      reads("a\n" .. bytes .. ",b\nc\n", { { 1, "a" }, { 2, problem = "not valid UTF-8" }, { 3, "c" } })
    end
  end)

  it("takes all of UTF-8", function()
    local right = { "é", "Ł", "漢字", "한", "\237\159\191", "\238\128\128", "\239\191\191", "😀", "\244\143\191\191" }
    for _, text in ipairs(right) do reads(text .. "\n", { { 1, text } }) end
  end)

  it("writes what it reads", function()
    assert.are.equal('a,"b,c","say ""hi""",,7', csv.line { n = 5, "a", "b,c", 'say "hi"', nil, 7 })
    local cells = { "Ł", "", "two\r\nlines", '"', " ", "a\rb" }
    local expected = { 1 }
    for _, cell in ipairs(cells) do expected[#expected + 1] = cell end
    reads(csv.line(cells) .. "\n", { expected })
  end)

  it("throws what its source throws or reports", function()
    assert.has_error(function() csv.records(function() return nil, "disk on fire" end)() end, "disk on fire")
  end)
end)

-- Examples -----------------------------------------------------------------------------------------------------------

describe("examples", function()
  local server

  setup(function() server = sandbox.start { contacts = 1000 } end)
  teardown(function() server:stop() end)

  before_each(function()
    server:reset { contacts = 1000 }
    server:clear_faults()
    server:clear_requests()
  end)

  local function on_sandbox(arguments)
    return run(arguments, { HUBSPOT_BASE_URL = server.url })
  end

  local function fails_with(message, result)
    assert.are.same({ 1, "", message }, { result.code, result.out, result.err })
  end

  local function succeeds(result)
    assert.are.equal("", result.err)
    assert.are.equal(0, result.code)
  end

  local function new_client()
    return hubspot.new { token = TOKEN, base_url = server.url, limiter = false, retry = { base_delay = 0.001 } }
  end

  describe("quickstart", function()
    it("creates, searches, pages and fills a list in the sandbox", function()
      local result = on_sandbox { "examples/quickstart.lua" }
      assert.are.equal("", result.err)
      assert.are.equal(0, result.code)
      has_lines(result.out, {
        "Page through all contacts: 1001 in 11 pages", "The list, read back:", "A contact that does not exist:",
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
      for list in new_client().lists:all() do assert(new_client().lists:delete(list.listId)) end
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
      has_lines(result.out, { "Contacts:", "Lists:", "  61       Newsletter, manual, 0 contacts",
        "  api: resource not found" })
      assert.are.equal(5, select(2, result.out:gsub("@example", "")))
      assert.are.same({}, writes_among(server:requests()))
    end)

    it("ends with 1 and a message where a call fails", function()
      server:fault { kind = "status", status = 400, path = "/search$" }
      local result = on_sandbox { "examples/quickstart.lua" }
      assert.are.equal(1, result.code)
      assert.is_truthy(result.err:find("^Invalid request %(HTTP 400"), result.err)
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
        "line 442: no e-mail address", "line 1094: 10 cells where the header has 9",
        "line 1828: HubSpot refuses it: Email address tomas.vrana@@example.com is invalid",
        "rows read        2,000", "created          1,997", "updated              0", "skipped              3",
        "in the list      1,997", "differing            0",
      })
      assert.are.equal(3, select(2, result.out:gsub("line %d+:", "")))
      assert.is_truthy(result.out:find "List 61, contacts.csv %d%d%d%d%-%d%d%-%d%d %d%d:%d%d:%d%d\n")
      assert.are.equal(1997, assert(new_client().lists:get(61)).size)
      local contact = assert(new_client().contacts:get_by_email("salma.alkhayyat@example.net",
        { properties = { "firstname", "company", "city" } }))
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
        "\239\187\191Email, FirstName ,company,message\r\n",                            -- 1
        'plus+tag@example.org,"Ann, ""the"" plumber",5" Pipe,"two\r\nlines, and\n\nthree"\r\n', -- 2 to 5
        "\r\n",                                                                         -- 6
        "  UPPER@Example.ORG  ,Ülkü,,\n",                                               -- 7
        ",Nobody,,\n",                                                                  -- 8
        "   ,Blank,,\n",                                                                -- 9
        "short@example.org,Short\n",                                                    -- 10
        "latin1@example.org,Ren\233,,\n",                                               -- 11
        'open@example.org,"never closed,,\n',                                           -- 12
        "o'hara+a.b@example.org,O'Hara,,\n",                                            -- 13
        "two words@example.org,Two,,\n",                                                -- 14
        "upper@example.org,,Later & Sons,\n",                                           -- 15
        "only@example.org,,,\n",                                                        -- 16
        'stray@example.org,"quo"te,,\n',                                                -- 17
        'last@example.org,"最後",,""',                                                   -- 18
      }
      local result = sync(table.concat(rows))
      assert.are.equal("", result.err)
      assert.are.equal(0, result.code)
      has_lines(result.out, {
        "line 8: no e-mail address", "line 9: no e-mail address", "line 10: 2 cells where the header has 4",
        "line 11: not valid UTF-8", "line 12: text behind the closing quote of a cell",
        "line 14: HubSpot refuses it: Email address two words@example.org is invalid",
        "line 17: text behind the closing quote of a cell",
        "rows read           13", "created              5", "updated              1", "skipped              7",
        "in the list          5", "differing            0",
      })
      local contacts = assert(new_client().contacts:get_many_by_email({ "plus+tag@example.org", "upper@example.org",
        "o'hara+a.b@example.org", "only@example.org", "last@example.org" },
        { properties = { "firstname", "company", "message" } }))
      local found = {}
      for index, contact in ipairs(contacts) do
        found[index] = { contact.properties.firstname, contact.properties.company, contact.properties.message }
      end
      assert.are.same({ { 'Ann, "the" plumber', '5" Pipe', "two\r\nlines, and\n\nthree" },
        { "Ülkü", "Later & Sons" }, { "O'Hara" }, {}, { "最後" } }, found)
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
      has_lines(result.out, { "missing in the list: b@example.org", "in the list          1",
        "differing            1" })
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
        ["createdate,email\n1,a@example.org\n"] =
          "HubSpot lets nobody write the contact property createdate (column 1).\n",
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
      assert.are.same({ 1, "", "examples/no_such_file.csv: No such file or directory\n" },
        { missing.code, missing.out, missing.err })
      local directory = on_sandbox { "examples/sync_csv.lua", "examples" }
      assert.are.same({ 1, "", "examples: Is a directory\n" }, { directory.code, directory.out, directory.err })
    end)

    it("stops with 1 where HubSpot fails, and says how far it came", function()
      server:fault { kind = "status", status = 403, path = "/batch/upsert$", after = 2, times = 1000 }
      local result = on_sandbox { "examples/sync_csv.lua" }
      assert.are.equal(1, result.code)
      assert.is_truthy(result.err:find("^You do not have permissions"), result.err)
      has_lines(result.err, { "Stopped after creating 200 contacts and updating 0. The sync can be run again." })
    end)

    it("takes nothing for a refused row that is not about the row", function()
      -- The second half of the first rows: the first half is written.
      server:fault { kind = "status", status = 414, path = "/batch/upsert$", after = 1, times = 1000 }
      local result = on_sandbox { "examples/sync_csv.lua" }
      assert.are.equal(1, result.code)
      assert.is_truthy(result.err:find("^URI Too Long"), result.err)
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
      local result = with_file("email,city\nknown@example.org,Oslo\nnew@example.org,Bergen\nnew@example.org,Voss\n,x\n",
        function(path) return run_on_account(server.url, { "examples/sync_csv.lua", path }) end)
      assert.are.equal("", result.err)
      assert.are.equal(0, result.code)
      has_lines(result.out, { "line 5: no e-mail address", "rows read            4", "would create         1",
        "would update         2", "skipped              1", "Nothing was written; the flag --write writes." })
      assert.are.same({}, writes_among(server:requests()))
    end)

    it("writes to an account with --write", function()
      local result = with_file("email\nnew@example.org\n", function(path)
        return run_on_account(server.url, { "examples/sync_csv.lua", "--write", path })
      end)
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
        fails_with("usage: sync_csv.lua [--write] [file.csv]\n",
          on_sandbox { "examples/sync_csv.lua", (table.unpack or unpack)(arguments) }) -- luacheck: ignore
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
        assert.is_nil(read_file(out):find("[\r%[]"))
        has_lines(read_file(out), { "differing            0" })
      end)
    end)
  end)

  it("say what to do where nothing is set, or the token is empty", function()
    local message = "Set HUBSPOT_TOKEN to work on your account. To try it without one, start `bin/hubspot sandbox` "
      .. "and set HUBSPOT_BASE_URL to the address that it prints; `make demo` does so for quickstart.lua and "
      .. "sync_csv.lua.\n"
    local lines = { { "quickstart" }, { "sync_csv" }, { "timeline_event", "ada@example.org", "7", "12300" },
      { "campaign_report" }, { "bounces" }, { "unsubscribe", "ada@example.org" },
      { "receipt", "42", "ada@example.org", "1001", "9.90" }, { "lifecycle_report" } }
    for _, arguments in ipairs(lines) do
      arguments[1] = ("examples/%s.lua"):format(arguments[1])
      fails_with(message, run(arguments, {}))
      fails_with(message, run(arguments, { HUBSPOT_TOKEN = "", HUBSPOT_BASE_URL = "" }))
    end
  end)

  it("say how they are called", function()
    local usages = {
      ["quickstart.lua"] = { { "x" }, { "--write" } },
      ["timeline_event.lua [--write] EMAIL LEVEL SCORE"] = { {}, { "ada@example.org", "7" },
        { "ada@example.org", "seven", "1" }, { "ada@example.org", "7", "1", "--x" } },
      ["campaign_report.lua [COUNT]"] = { { "many" }, { "0" }, { "1", "2" }, { "-1" }, { "--help" } },
      ["bounces.lua [DAYS] >bounces.csv"] = { { "1.5" }, { "1234567" }, { "--days", "3" } },
      ["unsubscribe.lua [--write] [--unsubscribe ID] EMAIL"] = { {}, { "ada@example.org", "--unsubscribe" },
        { "ada@example.org", "grace@example.org" } },
      ["receipt.lua [--write] EMAIL_ID ADDRESS ORDER TOTAL"] = { {}, { "42", "ada@example.org", "1001" },
        { "mail", "ada@example.org", "1001", "9.90" } },
      ["lifecycle_report.lua [DAYS]"] = { { "0" }, { "90d" } },
      ["webhook.lua [--port PORT] [--requests COUNT] ORIGIN"] = { {}, { "example.org" },
        { "https://example.org/hook" }, { "https://example.org", "--port", "x" },
        { "https://example.org", "--requests", "0" } },
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
      return hubspot.new { token = TOKEN, base_url = server.url, limiter = false, application_id = 1,
        developer_key = "sandbox-key" }
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
      assert(admin().timeline:create_event_type_property(nil, 260,
        { name = "score", label = "Score", type = "number" }))
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
      assert.is_truthy(first.out:find("^Written: event level%-7%-of%-ada@example%.org"), first.out)
      local again = run_on_account(server.url, line, variables)
      succeeds(again)
      assert.is_truthy(again.out:find "^HubSpot has it already: ")
      variables.HUBSPOT_EVENT_TYPE = "pe99001_game_levle"
      local unknown = run_on_account(server.url, line, variables)
      assert.are.equal(1, unknown.code)
      assert.is_truthy(unknown.err:find("^Unknown eventTypeName: pe99001_game_levle"), unknown.err)
    end)

    it("writes nothing to an account without --write", function()
      local result = run_on_account(server.url, ARGUMENTS, KEYS)
      succeeds(result)
      has_lines(result.out, {
        "To your HubSpot account would go: event level-7-of-ada@example.org, level 7 with 12300 points, now",
        'with a new event type "Level finished"', "Nothing was written; the flag --write writes.",
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
      assert.is_truthy(result.err:find("^Email address nonsense is invalid %(HTTP 400"), result.err)
    end)
  end)

  describe("campaign_report", function()
    it("prints the campaigns that were active last, with their counters", function()
      server:reset { contacts = 100, campaigns = 6, email_events = 400 }
      local result = run_on_account(server.url, { "examples/campaign_report.lua", "3" })
      succeeds(result)
      local lines = {}
      for line in result.out:gmatch "[^\n]+" do lines[#lines + 1] = line end
      assert.are.equal(4, #lines)
      assert.are.equal("active          sent delivered   opens          clicks          campaign", lines[1])
      local index = 1
      for campaign in new_client().campaigns:recent { max = 3 } do
        local full = assert(new_client().campaigns:get(campaign.id))
        local counters = full.counters
        local words = {}
        for word in lines[index + 1]:gmatch "%S+" do words[#words + 1] = word end
        assert.are.same({ tostring(counters.sent), tostring(counters.delivered), tostring(counters.open),
          ("%.1f%%"):format(100 * counters.open / counters.delivered), tostring(counters.click or 0),
          ("%.1f%%"):format(100 * (counters.click or 0) / counters.delivered), "Newsletter" },
          { words[2], words[3], words[4], words[5], words[6], words[7], words[8] })
        assert.are.equal(full.name, lines[index + 1]:sub(-#full.name))
        index = index + 1
      end
      assert.are.same({}, writes_among(server:requests()))
    end)

    it("shows campaigns of which nothing was sent yet", function()
      server:reset { campaigns = 1 }
      local result = on_sandbox { "examples/campaign_report.lua" }
      succeeds(result)
      assert.is_truthy(result.out:find "\n%d+%-%d+%-%d+ +0 +0 +0 +%- +0 +%-  Newsletter 1\n$")
    end)

    it("says that there are none", function()
      local result = on_sandbox { "examples/campaign_report.lua" }
      succeeds(result)
      assert.are.equal(("No e-mail campaigns in the sandbox at %s.\n"):format(server.url), result.out)
    end)

    it("ends with 1 where one of the campaigns can't be read", function()
      server:reset { campaigns = 3 }
      server:fault { kind = "status", status = 404, path = "^/email/public/v1/campaigns/%d" }
      local result = on_sandbox { "examples/campaign_report.lua" }
      assert.are.same({ 1, "" }, { result.code, result.out })
      assert.is_truthy(result.err:find "HTTP 404")
    end)
  end)

  describe("bounces", function()
    it("writes the bounces of the last days, the latest first", function()
      server:reset { contacts = 100, campaigns = 2, email_events = 400 }
      local result = run_on_account(server.url, { "examples/bounces.lua", "20" })
      succeeds(result)
      local expected = {}
      for event in new_client().email_events:all { event_type = "BOUNCE" } do
        if event.created >= (os.time() - 20 * 86400) * 1000 then
          expected[#expected + 1] = { event.recipient, "MAILBOX_FULL", "5.2.2", "552 5.2.2 Mailbox full",
            event.emailCampaignId }
        end
      end
      local records = records_of(result.out, 4096)
      assert.are.same({ 1, "time", "recipient", "category", "status", "response", "campaign" }, records[1])
      assert.is_true(#expected > 3)
      assert.are.equal(#expected, #records - 1)
      local before = "9"
      for index, values in ipairs(expected) do
        local record = records[index + 1]
        assert.is_truthy(record[2]:find "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$")
        assert.is_true(record[2] <= before)
        before = record[2]
        assert.are.same(values, { record[3], record[4], record[5], record[6], record[7] })
      end
      assert.are.same({}, writes_among(server:requests()))
    end)

    it("writes only the head where nothing bounced", function()
      local result = on_sandbox { "examples/bounces.lua" }
      succeeds(result)
      assert.are.equal("time,recipient,category,status,response,campaign\n", result.out)
    end)

    it("goes back to 1970 at most", function()
      succeeds(on_sandbox { "examples/bounces.lua", "999999" })
      assert.is_truthy(server:requests()[1].query:find "startTimestamp=0$" or
        server:requests()[1].query:find "startTimestamp=0&")
    end)

    it("ends with 1 where a page fails", function()
      server:fault { kind = "status", status = 400, path = "/events$" }
      local result = on_sandbox { "examples/bounces.lua" }
      assert.are.equal(1, result.code)
      assert.is_truthy(result.err:find "HTTP 400")
    end)
  end)

  describe("unsubscribe", function()
    local SHOWN = "ada@example.org\n  146      %-14s Weekly\n  147      not specified  Product updates\n"
      .. "  151      not specified  Events\n  152      not specified  Old newsletter\n"

    it("shows the subscriptions of an address", function()
      local result = run_on_account(server.url, { "examples/unsubscribe.lua", "ada@example.org" })
      succeeds(result)
      assert.are.equal(SHOWN:format "not specified", result.out)
    end)

    it("takes one away, once", function()
      local line = { "examples/unsubscribe.lua", "ada@example.org", "--unsubscribe", "146" }
      local first = on_sandbox(line)
      succeeds(first)
      assert.are.equal(SHOWN:format "not specified"
        .. "Unsubscribed ada@example.org from Weekly. Only with its owner's consent may that be undone.\n", first.out)
      local writes = writes_among(server:requests())
      assert.are.equal(1, #writes)
      assert.is_truthy(writes[1]:find("^POST /communication%-preferences/2026%-09/statuses/ada"), writes[1])
      local again = on_sandbox(line)
      succeeds(again)
      assert.are.equal(SHOWN:format "unsubscribed" .. "ada@example.org is unsubscribed from Weekly already.\n",
        again.out)
      assert.are.equal(1, #writes_among(server:requests()))
    end)

    it("writes nothing to an account without --write", function()
      local line = { "examples/unsubscribe.lua", "--unsubscribe", "146", "ada@example.org" }
      local result = run_on_account(server.url, line)
      succeeds(result)
      has_lines(result.out, {
        "Would unsubscribe ada@example.org from Weekly. Only with its owner's consent could that be undone.",
        "Nothing was written; the flag --write writes.",
      })
      assert.are.same({}, writes_among(server:requests()))
      line[#line + 1] = "--write"
      succeeds(run_on_account(server.url, line))
      assert.are.equal(1, #writes_among(server:requests()))
    end)

    it("tells a wrong id, and a wrong address", function()
      local id = on_sandbox { "examples/unsubscribe.lua", "ada@example.org", "--unsubscribe", "9" }
      assert.are.same({ 1, "There is no subscription 9. The ids are in the first column.\n" }, { id.code, id.err })
      assert.are.equal(SHOWN:format "not specified", id.out)
      local address = on_sandbox { "examples/unsubscribe.lua", "ada", "--unsubscribe", "146" }
      assert.are.same({ 1, "" }, { address.code, address.out })
      assert.is_truthy(address.err:find("^Email address ada is invalid"), address.err)
      assert.are.same({}, writes_among(server:requests()))
    end)
  end)

  describe("receipt", function()
    local LINE = { "examples/receipt.lua", "42", "ada@example.org", "1001", "9.90" }

    local function sent_to(address)
      local count = 0
      for _ in new_client().email_events:all { recipient = address, event_type = "SENT" } do count = count + 1 end
      return count
    end

    it("sends the receipt of an order once", function()
      local first = on_sandbox(LINE)
      succeeds(first)
      assert.are.equal("The receipt is sent.\n", first.out)
      local again = on_sandbox(LINE)
      succeeds(again)
      assert.are.equal("The receipt of this order was sent before; nothing was sent now.\n", again.out)
      assert.are.equal(1, sent_to "ada@example.org")
      succeeds(on_sandbox { LINE[1], LINE[2], LINE[3], "1002", "5.00" })
      assert.are.equal(2, sent_to "ada@example.org")
    end)

    it("is sent once, too, where the answer is lost on the way", function()
      server:fault { kind = "cut", path = "/single%-email/send$" }
      succeeds(on_sandbox(LINE))
      assert.are.equal(2, #writes_among(server:requests()))
      assert.are.equal(1, sent_to "ada@example.org")
    end)

    it("sends nothing from an account without --write", function()
      local result = run_on_account(server.url, LINE)
      succeeds(result)
      assert.are.equal("E-mail 42 would go to ada@example.org by your HubSpot account, with the sendId receipt-1001.\n"
        .. "Nothing was sent; the flag --write sends.\n", result.out)
      assert.are.same({}, server:requests())
      local written = run_on_account(server.url, { LINE[1], "--write", LINE[2], LINE[3], LINE[4], LINE[5] })
      succeeds(written)
      assert.are.equal(1, sent_to "ada@example.org")
    end)

    it("says why HubSpot does not send it, and ends with 1", function()
      fails_with("Not sent: The address ada is invalid\n", on_sandbox { LINE[1], "42", "ada", "1001", "9.90" })
      fails_with("Not sent: There is no e-mail with the id 0\n",
        on_sandbox { LINE[1], "0", "ada@example.org", "1001", "9.90" })
    end)
  end)

  describe("lifecycle_report", function()
    it("counts by the account's stages, in their order", function()
      local result = run_on_account(server.url, { "examples/lifecycle_report.lua" })
      succeeds(result)
      local counts = {}
      for _, row in ipairs(assert(new_client().contacts:lifecycle_stages { from = (os.time() - 90 * 86400) * 1000,
        to = os.time() * 1000 })) do
        counts[row.lifecycleStage] = row.count
      end
      local expected = {}
      for index, option in ipairs(assert(new_client().properties:get "lifecyclestage").options) do
        expected[index] = ("%8d  %s\n"):format(counts[("hs_lifecyclestage_%s_date"):format(option.value)] or 0,
          option.label)
      end
      assert.is_true(#expected > 5)
      assert.are.equal(table.concat(expected), result.out:match "^[^\n]*\n(.*)$")
      assert.is_truthy(result.out:find "^Entered between %d+%-%d+%-%d+ and %d+%-%d+%-%d+, in your HubSpot account:\n")
      assert.are.same({}, writes_among(server:requests()))
    end)

    it("says how far back HubSpot counts", function()
      fails_with("HubSpot counts at most 730 days.\n", on_sandbox { "examples/lifecycle_report.lua", "731" })
      succeeds(on_sandbox { "examples/lifecycle_report.lua", "730" })
    end)
  end)

  describe("webhook", function()
    local ORIGIN, SECRET = "https://hooks.example.org", "7c3ce02c-0f0c-4c9f-9700-92440c9bdf2d"
    local BODY = '[{"eventId":1,"subscriptionType":"contact.propertyChange","objectId":4127,"propertyName":"city",'
      .. '"propertyValue":"Oslo"},{"eventId":2,"subscriptionType":"contact.deletion","objectId":12345678901}]'

    local function v3_signature(text)
      return with_file(text, function(path)
        local pipe = assert(io.popen(("openssl dgst -sha256 -hmac %s -binary %s | openssl base64 -A"):format(SECRET,
          path)))
        local encoded = pipe:read "*a"
        pipe:close()
        return encoded
      end)
    end

    -- Gives the line with the status of the answer.
    local function post(port, head, body)
      local connection = assert(require("socket").connect("127.0.0.1", port))
      connection:settimeout(30)
      assert(connection:send(head .. "\r\n\r\n" .. body))
      local status = assert(connection:receive "*l")
      connection:close()
      return status
    end

    it("prints what HubSpot signed, and refuses the rest", function()
      with_file("", function(err)
        local server_process = assert(io.popen(command({ "examples/webhook.lua", "--port", "0", "--requests", "4",
          ORIGIN }, { HUBSPOT_CLIENT_SECRET = SECRET }) .. " 2>" .. quote(err)))
        local port = server_process:read("*l"):match "^Listening on http://127%.0%.0%.1:(%d+)$"
        local timestamp = ("%d000"):format(os.time())
        local head = ("POST /hook?a=%%40 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n"
          .. "X-HubSpot-Request-Timestamp: %s\r\nX-HubSpot-Signature-v3: %s"):format(#BODY, timestamp,
          v3_signature("POST" .. ORIGIN .. "/hook?a=@" .. BODY .. timestamp))
        assert.are.equal("HTTP/1.1 204 No Content", post(port, head, BODY))
        assert.are.equal("HTTP/1.1 401 Unauthorized", post(port, head, (BODY:gsub("Oslo", "Rome"))))
        assert.are.equal("HTTP/1.1 401 Unauthorized", post(port, head .. "\r\nx-hubspot-signature-v3: x", BODY))
        assert.are.equal("HTTP/1.1 400 Bad Request", post(port, "hello", ""))
        assert.are.equal("contact.propertyChange of 4127: city = Oslo\ncontact.deletion of 12345678901\n",
          server_process:read "*a")
        server_process:close()
        has_lines(read_file(err), { "the header X-HubSpot-Signature-v3 is there twice, or not a string" })
        assert.is_truthy(read_file(err):find("the signature (v3) does not match the request", 1, true))
      end)
    end)

    it("needs a client secret", function()
      fails_with("Set HUBSPOT_CLIENT_SECRET to the client secret of your app.\n",
        run({ "examples/webhook.lua", ORIGIN }))
    end)
  end)

  describe("openresty", function()
    local EVENT_TYPE = "pe99001_visit"
    local site

    -- The example's configuration, on another port and with this repository's modules.
    local function config(port, user)
      local text = read_file "examples/openresty/nginx.conf"
      for place, value in pairs {
        ["listen 8080;"] = ("listen 127.0.0.1:%d;"):format(port),
        ["lua_package_path \"$prefix/?.lua;;\";"] = host.nginx_paths "examples/openresty",
        ["env HUBSPOT_TOKEN;"] = "env HUBSPOT_TOKEN=;",
        ["env HUBSPOT_BASE_URL;"] = ("env HUBSPOT_BASE_URL=%s;"):format(server.url),
        ["env HUBSPOT_EVENT_TYPE;"] = ("env HUBSPOT_EVENT_TYPE=%s;"):format(EVENT_TYPE),
      } do
        local first, last = text:find(place, 1, true)
        assert.is_truthy(first, place)
        text = text:sub(1, first - 1) .. value .. text:sub(last + 1)
      end
      return user .. text
    end

    local function visit(path, token)
      local parts = {}
      local _, status = http.request { url = site.url .. path, headers = { cookie = token and "hubspotutk=" .. token },
        sink = function(part) parts[#parts + 1] = part return 1 end }
      return table.concat(parts), status
    end

    local function token_of(email)
      local client = hubspot.new { token = TOKEN, base_url = server.url, api_version = "v1", limiter = false }
      local contact = assert(client.contacts:get_by_email(email))
      for _, identity in ipairs(contact.identityProfiles[1].identities) do
        if identity.type == "LEAD_GUID" then return identity.value end
      end
    end

    before_each(function()
      server:reset { contacts = 1, event_types = { EVENT_TYPE } }
      assert(new_client().contacts:create { email = "ada@example.org", firstname = "Ada" })
    end)

    local function start_site()
      site = nginx.start { config = config }
      finally(function() site:stop() end)
    end

    local function await_requests(count)
      local deadline = socket.gettime() + 30
      local requests
      repeat
        requests = server:requests()
        socket.sleep(0.01)
      until #requests >= count or socket.gettime() > deadline
      return requests
    end

    it_in("nginx", "greets visitors by name and writes their visits", function()
      start_site()
      local token = token_of "ada@example.org"
      server:clear_requests()
      assert.are.same({ "Hello, Ada\n", 200 }, { visit("/pricing", token) })
      assert.are.same({ "Hello, Ada\n", 200 }, { visit("/about", token) })
      assert.are.same({ "Hello, stranger\n", 200 }, { visit("/", ("0"):rep(32)) })
      assert.are.same({ "Hello, stranger\n", 200 }, { visit "/" })
      assert.are.same({ "Hello, stranger\n", 200 }, { visit("/", "../../secret") })
      local lookups, pages = 0, {}
      for _, request in ipairs(await_requests(4)) do
        if request.method == "GET" then
          lookups = lookups + 1
        else
          assert.is_truthy(request.path:find("/events$"), request.path)
          pages[#pages + 1] = request.body:match '"page":"([^"]*)"'
        end
      end
      table.sort(pages)
      assert.are.equal(2, lookups)
      assert.are.same({ "/about", "/pricing" }, pages)
      assert.is_nil(site:error_log():find("HubSpot", 1, true), site:error_log())
    end)

    it_in("nginx", "shows the page where HubSpot does not answer in time, and says why in the log", function()
      start_site()
      server:fault { kind = "hang", path = "/utk/" }
      assert.are.same({ "Hello, stranger\n", 200 }, { visit("/", token_of "ada@example.org") })
      assert.is_truthy(site:error_log():find("HubSpot: .*utk"), site:error_log())
    end)
  end)

  describe("neovim", function()
    -- Runs Lua in an editor that has the example.
    local function in_neovim(script)
      return with_file(script, function(path)
        return host.run({ "nvim", "--headless", "-u", "NONE", "--cmd", "set rtp+=examples/neovim", "-c",
          "runtime plugin/hubspot.lua", "-c", "luafile " .. path, "-c", "qall!" },
          { HUBSPOT_TOKEN = "", HUBSPOT_BASE_URL = server.url })
      end)
    end

    it_in("Neovim", "shows a contact, and the editor goes on meanwhile", function()
      assert(new_client().contacts:create { email = "ada@example.org", firstname = "Ada", city = "London" })
      server:fault { kind = "slow", seconds = 0.3, path = "/contacts/ada" }
      local printed = in_neovim [[
        vim.cmd "HubspotContact ada@example.org"
        local function title() return vim.api.nvim_buf_get_name(0):match "hubspot://.*" end
        io.write("at once: ", tostring(title()), "\n")
        local turns = 0
        vim.wait(30000, function() turns = turns + 1 return title() ~= nil end, 10)
        io.write("later: ", tostring(title()), ", ", turns > 5 and "not blocked" or "blocked", "\n")
        io.write(table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n"), "\n")
      ]]
      has_lines(printed, { "at once: nil", "later: hubspot://ada@example.org, not blocked",
        "city             London", "email            ada@example.org", "firstname        Ada" })
    end)

    it_in("Neovim", "tells when there is no such contact, and shows HubSpot's errors", function()
      server:fault { kind = "status", status = 403, path = "refused" }
      local printed = in_neovim [[
        local told = {}
        vim.notify = function(message) told[#told + 1] = message end
        vim.cmd "HubspotContact nobody@example.org"
        vim.cmd "HubspotContact refused@example.org"
        vim.wait(30000, function() return #told == 2 end, 10)
        table.sort(told)
        io.write(table.concat(told, "\n"), "\n")
      ]]
      assert.is_truthy(printed:find("HubSpot has no contact nobody@example.org", 1, true), printed)
      assert.is_truthy(printed:find("You do not have permissions to view this (HTTP 403", 1, true), printed)
    end)
  end)

  describe("love", function()
    local function play(words, type_name)
      local all = { "love", "examples/love" }
      for _, word in ipairs(words) do all[#all + 1] = word end
      return host.run(all, { HUBSPOT_TOKEN = "", HUBSPOT_BASE_URL = server.url,
        HUBSPOT_EVENT_TYPE = type_name or "" })
    end

    it_in("LÖVE", "writes a finished level into the timeline while frames go on", function()
      server:reset { contacts = 1, event_types = { "pe99001_game_level" } }
      assert(new_client().contacts:create { email = "ada@example.org" })
      server:clear_requests()
      server:fault { kind = "slow", seconds = 0.3 }
      local printed = play({ "ada@example.org", "--no-window" }, "pe99001_game_level")
      local frames = printed:match "level 1 is in the timeline, (%d+) frames later\n"
      assert.is_truthy(frames, printed)
      assert.is_true(tonumber(frames) > 5, printed)
      local requests = server:requests()
      assert.are.equal(1, #requests)
      assert.is_truthy(requests[1].body:find('"email":"ada@example.org"', 1, true), requests[1].body)
    end)

    it_in("LÖVE", "tells what HubSpot refuses, and its usage", function()
      local refused = play({ "ada@example.org", "--no-window" }, "pe99001_level")
      assert.is_truthy(refused:find "Unknown eventTypeName: pe99001_level", refused)
      assert.is_truthy(play({ "--no-window" }):find "usage: love examples/love")
    end)
  end)

  describe("contacts.csv", function()
    it("has addresses at example domains only, and no two alike", function()
      local file = assert(io.open("examples/contacts.csv", "rb"))
      local rows, seen = 0, {}
      for line, cells, problem in csv.records(function() return file:read(4096) end) do
        assert.is_nil(problem)
        rows = rows + 1
        local email = cells[1]:lower()
        if line > 1 and email ~= "" then
          assert.is_truthy(email:find "@example%.org$" or email:find "@example%.com$" or email:find "@example%.net$")
          assert.is_nil(seen[email], email)
          seen[email] = true
        end
      end
      file:close()
      assert.are.equal(2001, rows)
    end)
  end)
end)

-- README -------------------------------------------------------------------------------------------------------------

-- Sections whose Lua runs in a host of its own.
local HOST_SECTIONS = { Neovim = true, Games = true, cqueues = true }

-- The blocks of a language: `{ line =, section =, source = }`.
local function blocks_of(path, language)
  local blocks, block, section, number = {}, nil, nil, 0
  for line in io.lines(path) do
    number = number + 1
    if not block then section = line:match "^## (.+)" or section end
    if block and line == "```" then
      block.source = table.concat(block, "\n")
      block = nil
    elseif block then
      block[#block + 1] = line
    elseif line == "```" .. language then
      block = { line = number, section = section }
      blocks[#blocks + 1] = block
    end
  end
  return blocks
end

local VARIABLES_OF_README = { HUBSPOT_TOKEN = TOKEN, HUBSPOT_DEVELOPER_KEY = DEVELOPER_KEY,
  HUBSPOT_CLIENT_ID = "the-app", HUBSPOT_CLIENT_SECRET = "the-secret-of-the-app" }

local function load_in(source, name, environment)
  if not setfenv then return assert(load(source, name, "t", environment)) end -- luacheck: ignore
  return setfenv(assert(loadstring(source, name)), environment) -- luacheck: ignore
end

-- What the examples take for granted: contact 4127, Grace, someone in Poland, a list with the v1 id 321, mail that
-- bounced, and an event type.
local function new_portal()
  local portal = portals.new { contacts = 200, campaigns = 5, email_events = 300, event_types = { "pe99001_order" },
    developer_key = DEVELOPER_KEY }
  local client = hubspot.new { token = TOKEN, transport = portal }
  assert(client.contacts:create { email = "grace@example.org", firstname = "Grace", jobtitle = "Admiral" })
  assert(client.contacts:create { email = "weber@example.org", lastname = "Weber", country = "Poland" })
  repeat
    local list = assert(client.lists:create { name = ("List %d"):format(math.random(2 ^ 31 - 1)) })
  until tonumber(list.listId) >= 320
  portal:clear_requests()
  return portal, client
end

-- Runs a block. What it prints is compared with the comments `--> …` behind its print calls. Returns the clients that
-- it made, and what it printed.
local function run_block(block, name, options)
  local portal, client = new_portal()
  local lines, number = {}, 0
  for line in (block.source .. "\n"):gmatch "(.-)\n" do
    number = number + 1
    lines[number] = { expected = line:match "%-%->%s*(.-)%s*$", printed = {} }
  end
  local made, printed = {}, {}
  local wrapped = setmetatable({ new = function(wanted)
    -- The portal brings a token of its own.
    wanted.transport = wanted.transport or wanted.oauth and function(request) return portal(request) end or portal
    for key, value in pairs(options or {}) do wanted[key] = value end
    made[#made + 1] = hubspot.new(wanted)
    return made[#made]
  end }, { __index = hubspot })
  local given = {
    hubspot = wrapped,
    client = client,
    os = setmetatable({ getenv = function(key) return assert(VARIABLES_OF_README[key], key) end }, { __index = os }),
    require = function(module)
      if module == "hubspot" then return wrapped end
      if module ~= "hubspot.oauth" then return require(module) end
      local oauth = require "hubspot.oauth"
      return setmetatable({ exchange_code = function(wanted)
        wanted.transport = function(request) return portal(request) end
        return oauth.exchange_code(wanted)
      end }, { __index = oauth })
    end,
    print = function(...)
      local words = {}
      for index = 1, select("#", ...) do words[index] = tostring((select(index, ...))) end
      local text = table.concat(words, " ")
      printed[#printed + 1] = text
      local caller = lines[debug.getinfo(2, "l").currentline]
      if caller then caller.printed[#caller.printed + 1] = text end
    end,
  }
  -- An example that sets a global is a bad one.
  load_in(block.source, "=" .. name, setmetatable({}, { __newindex = function(_, key)
    error("global variable " .. tostring(key), 2)
  end, __index = function(_, key)
    if given[key] ~= nil then return given[key] end
    return _G[key]
  end }))()
  for _, line in ipairs(lines) do
    if line.expected then assert.are.same({ line.expected }, line.printed) end
  end
  return made, printed, portal
end

describe("README", function()
  local blocks, host_blocks = {}, {}
  for _, block in ipairs(blocks_of("README.md", "lua")) do
    if HOST_SECTIONS[block.section] then
      host_blocks[block.section] = block
    else
      blocks[#blocks + 1] = block
    end
  end

  it("has examples", function()
    assert.is_true(#blocks > 10)
  end)

  for _, block in ipairs(blocks) do
    local name = ("README.md:%d"):format(block.line)
    it("runs: " .. name, function()
      run_block(block, name)
    end)
  end

  describe("in its hosts:", function()
    local server

    setup(function()
      server = sandbox.start { contacts = 200 }
      local client = hubspot.new { token = TOKEN, base_url = server.url, limiter = false }
      assert(client.contacts:create { email = "grace@example.org", firstname = "Grace" })
    end)
    teardown(function() server:stop() end)
    before_each(function() server:clear_faults() end)

    -- A block that asks the sandbox, with `more` behind it.
    local function on_sandbox(source, more)
      local text, count = source:gsub('token = os%.getenv "HUBSPOT_TOKEN"', function()
        return ("token = %q, base_url = %q, retry = false"):format(TOKEN, server.url)
      end)
      assert.are.equal(1, count, source)
      return text .. (more or "")
    end

    it_in("nginx", "OpenResty", function()
      local block = blocks_of("README.md", "nginx")[1]
      local site = nginx.start { config = function(port, user)
        local text = on_sandbox(block.source):gsub("listen 8080;", ("listen 127.0.0.1:%d;"):format(port))
        return user .. nginx.module_lines() .. "daemon off; pid nginx.pid; error_log error.log notice; events {}"
          .. text:gsub("http {", function()
            return "http { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path "
              .. "fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;" .. host.nginx_paths "."
          end)
      end }
      finally(function() site:stop() end)
      local body, status = site:get "/contacts/4127"
      assert.are.equal(200, status, body .. site:error_log())
      assert.is_truthy(body:find "^%S+@%S+\n$", body)
      assert.are.equal(404, select(2, site:get "/contacts/9999999"))
      assert.are.equal("201\n", (site:get "/count"))
      server:fault { kind = "status", status = 503, after = 1, times = 100 }
      assert.are.equal(502, select(2, site:get "/count"))
      assert.is_truthy(site:error_log():find("Service Unavailable", 1, true))
      assert.is_nil(site:error_log():find("unknown reason", 1, true))
    end)

    it_in("Neovim", "Neovim", function()
      local script = on_sandbox(host_blocks.Neovim.source, [[

        local told = {}
        vim.notify = function(message) told[#told + 1] = message end
        vim.cmd "Contact grace@example.org"
        assert(#told == 0, told[1])
        vim.wait(30000, function() return #told == 1 end, 10)
        io.write("told: ", tostring(told[1]), "\n")
      ]])
      server:fault { kind = "slow", seconds = 0.2 }
      with_file(script, function(path)
        has_lines(host.run({ "nvim", "--headless", "-u", "NONE", "-c", "luafile " .. path, "-c", "qall!" }, {}),
          { "told: Grace" })
      end)
    end)

    it_in("LÖVE", "Games", function()
      local script = on_sandbox(host_blocks.Games.source, [[

        local show, frame = print, 0
        function print(...)
          show(...)
          show(frame > 1 and "in a later frame" or "in the same frame")
          love.event.quit()
        end
        local update = love.update
        function love.update()
          frame = frame + 1
          if frame == 1 then love.keypressed "space" end
          update()
        end
      ]])
      local folder = os.tmpname()
      os.remove(folder)
      os.execute("mkdir " .. quote(folder))
      for name, text in pairs { ["main.lua"] = script, ["conf.lua"] = [[
        function love.conf(settings)
          for _, name in ipairs { "window", "graphics", "audio", "joystick" } do settings.modules[name] = false end
        end
      ]] } do
        local file = assert(io.open(folder .. "/" .. name, "w"))
        file:write(text)
        file:close()
      end
      server:fault { kind = "slow", seconds = 0.2 }
      local printed = host.run({ "love", folder }, {})
      os.execute("rm -r " .. quote(folder))
      has_lines(printed, { "Grace", "in a later frame" })
    end)

    it("cqueues", function()
      with_file(on_sandbox(host_blocks.cqueues.source), function(path)
        local result = run { path }
        assert.are.equal("", result.err)
        has_lines(result.out, { "grace@example.org\tGrace", "nobody@example.org\t404" })
      end)
    end)
  end)

  it("prints contacts by the first example", function()
    local _, printed = run_block(blocks[1], "README.md")
    assert.are.equal(10, #printed)
    assert.is_truthy(printed[1]:find "^4127 .+@example")
  end)

  it("logs by hooks that work", function()
    for _, block in ipairs(blocks) do
      if block.source:find("throttle", 1, true) then
        local waits = 1
        local limiter = { observe = function() end, refused = function() end, acquire = function()
          waits = waits - 1
          return waits < 0 and 0 or 0.001
        end }
        local clients, printed, portal = run_block(block, "README.md", { limiter = limiter,
          retry = { base_delay = 0.001 } })
        portal:fault { kind = "status", status = 503 }
        assert(clients[1].contacts:get(4127))
        assert.are.equal(4, #printed)
        assert.is_truthy(printed[1]:find "^waits for the rate limit 0%.001 general$")
        assert.is_truthy(printed[2]:find "^GET /crm/objects/2026%-09/contacts/4127 503 %d+%.%d+ s$")
        assert.is_truthy(printed[3]:find "^again in [%d%.e%-]+ Service Unavailable")
        assert.is_truthy(printed[4]:find "^GET /crm/objects/2026%-09/contacts/4127 200 ")
        return
      end
    end
    error "no example of hooks"
  end)

  it("names every example, option of a client and variable", function()
    local text = read_file "README.md"
    for line in io.lines "lua/hubspot/init.lua" do
      local option = line:match "@tparam.* options%.([%w_]+)"
      if option then assert.is_truthy(text:find("`" .. option .. "`", 1, true), option) end
    end
    local listing = assert(io.popen "ls examples/*.lua")
    for path in listing:lines() do
      local is_module = read_file(path):find "\nreturn %w+\n$"
      assert.is_truthy(is_module or text:find(("[%s](%s)"):format(path, path), 1, true), path)
    end
    listing:close()
    for _, folder in ipairs { "examples/openresty", "examples/neovim", "examples/love" } do
      assert.is_truthy(text:find(("[%s](%s)"):format(folder, folder), 1, true), folder)
    end
  end)

  it("shows mail, bounces and stages, and not empty loops", function()
    local shown = 0
    for _, block in ipairs(blocks) do
      local source = block.source
      if source:find("campaigns:recent", 1, true) or source:find("email_events:all", 1, true)
        or source:find("lifecycle_stages", 1, true) then
        local _, printed = run_block(block, "README.md")
        assert.is_true(#printed >= 3, source)
        shown = shown + 1
      end
    end
    assert.are.equal(3, shown)
  end)

  it("names files and make targets that exist", function()
    local text, makefile = read_file "README.md", read_file "Makefile"
    for target in text:gmatch "%]%(([^)#][^)]*)%)" do
      local file = io.open(target)
      assert.is_truthy(file, target)
      file:close()
    end
    for target in text:gmatch "\nmake (%w+)\n" do
      assert.is_truthy(("\n" .. makefile):find("\n" .. target .. ":", 1, true), target)
    end
  end)
end)
