-- The README and the guides: what they show is run, and their links lead somewhere. The Lua that needs a host is run in
-- spec/guides_hosts_spec.lua.

local command = require "spec.support.command"
local core = require "hubspot.core"
local document = require "spec.support.document"
local hubspot = require "hubspot"
local portals = require "hubspot.sandbox"
local sandbox = require "spec.support.sandbox"
local scratch = require "spec.support.scratch"
local script = require "spec.support.script"

local TOKEN = script.TOKEN
local DEVELOPER_KEY = "eu1-2f1d-44c0-developer"
local read_file, quote = script.read_file, script.quote

-- Guides whose Lua runs in a host of its own.
local IN_HOSTS = { neovim = true, games = true, ["cqueues-and-luv"] = true }

local VARIABLES = {
  HUBSPOT_TOKEN = TOKEN,
  HUBSPOT_DEVELOPER_KEY = DEVELOPER_KEY,
  HUBSPOT_CLIENT_ID = "the-app",
  HUBSPOT_CLIENT_SECRET = "the-secret-of-the-app",
}

local function paths_of(folder)
  local paths, pipe = {}, assert(io.popen(("ls %s/*.md"):format(folder)))
  for path in pipe:lines() do
    paths[#paths + 1] = path
  end
  pipe:close()
  return paths
end

local function load_in(source, name, environment)
  if not setfenv then return assert(load(source, name, "t", environment)) end -- luacheck: ignore
  return setfenv(assert(loadstring(source, name)), environment) -- luacheck: ignore
end

-- Makes a portal with all that the examples take for granted: contact 4127, Grace, someone in Poland, a list with the
-- v1 id 321, mail that bounced, and an event type.
local function new_portal()
  local portal = portals.new {
    contacts = 200,
    companies = 20,
    deals = 30,
    tickets = 10,
    campaigns = 5,
    email_events = 300,
    event_types = { "pe99001_order" },
    developer_key = DEVELOPER_KEY,
  }
  local client = hubspot.new { token = TOKEN, transport = portal }
  assert(client.contacts:create { email = "grace@example.org", firstname = "Grace", jobtitle = "Admiral" })
  assert(client.contacts:create { email = "weber@example.org", lastname = "Weber", country = "Poland" })
  -- As if others had been made before it.
  portal.lists.made = 259
  assert.equal("320", assert(client.lists:create { name = "The 320th" }).listId)
  portal:clear_requests()
  return portal, client
end

-- The transport of an example: as a function, the portal takes any token.
local function transport_of(portal)
  return function(request) return portal(request) end
end

-- The library as an example sees it: its clients talk to the portal.
local function library_on(portal, made, options)
  return setmetatable({
    new = function(wanted)
      -- The portal brings a token of its own.
      wanted.transport = wanted.transport or wanted.oauth and transport_of(portal) or portal
      for key, value in pairs(options or {}) do
        wanted[key] = value
      end
      made[#made + 1] = hubspot.new(wanted)
      return made[#made]
    end,
  }, { __index = hubspot })
end

local function oauth_on(portal)
  local oauth = require "hubspot.oauth"
  return setmetatable({
    exchange_code = function(wanted)
      wanted.transport = transport_of(portal)
      return oauth.exchange_code(wanted)
    end,
  }, { __index = oauth })
end

-- `io` whose relative names are files in a folder of the example's own.
local function io_in(folder)
  return setmetatable({
    open = function(name, ...) return io.open(name:find "^/" and name or folder .. "/" .. name, ...) end,
  }, { __index = io })
end

-- Lines of a block with what each is to print, by the comments `--> …`.
local function lines_of(source)
  local lines = {}
  for line in (source .. "\n"):gmatch "(.-)\n" do
    lines[#lines + 1] = { expected = line:match "%-%->%s*(.-)%s*$", printed = {} }
  end
  return lines
end

local function printer(lines, printed)
  return function(...)
    local words = {}
    for index = 1, select("#", ...) do
      words[index] = tostring((select(index, ...)))
    end
    local text = table.concat(words, " ")
    printed[#printed + 1] = text
    local caller = lines[debug.getinfo(2, "l").currentline]
    if caller then caller.printed[#caller.printed + 1] = text end
  end
end

-- An example that sets a global is a bad one.
local function environment_of(given)
  return setmetatable({}, {
    __newindex = function(_, key) error("global variable " .. tostring(key), 2) end,
    __index = function(_, key)
      if given[key] ~= nil then return given[key] end
      return _G[key]
    end,
  })
end

-- Runs a block, and compares the output of each print call with the comment `--> …` after it. Returns the clients that
-- it made, what it printed, and the portal.
local function run_block(block, name, options)
  local portal, client = new_portal()
  local lines, made, printed = lines_of(block.source), {}, {}
  local wrapped, folder = library_on(portal, made, options), scratch.folder()
  local modules = { hubspot = wrapped, ["hubspot.oauth"] = oauth_on(portal) }
  local fine, problem = pcall(load_in(
    block.source,
    "=" .. name,
    environment_of {
      hubspot = wrapped,
      client = client,
      io = io_in(folder),
      os = setmetatable({ getenv = function(key) return assert(VARIABLES[key], key) end }, { __index = os }),
      require = function(module) return modules[module] or require(module) end,
      print = printer(lines, printed),
    }
  ))
  scratch.remove(folder)
  if not fine then error(problem, 0) end
  for _, line in ipairs(lines) do
    if line.expected then assert.are.same({ line.expected }, line.printed) end
  end
  return made, printed, portal
end

local documents = paths_of "doc/guide"
table.insert(documents, 1, "README.md")

for _, path in ipairs(documents) do
  local guide = path:match "([%w-]+)%.md$"
  describe(path, function()
    for _, block in ipairs(IN_HOSTS[guide] and {} or document.blocks(path, "lua")) do
      local name = ("%s:%d"):format(path, block.line)
      it("runs: " .. name, function() run_block(block, name) end)
    end

    for _, block in ipairs(document.blocks(path, "json")) do
      it("has JSON that can be read: line " .. block.line, function() assert.is_table(core.decode(block.source)) end)
    end

    -- Each command that starts a sandbox, ended at once.
    for _, block in ipairs(document.blocks(path, "sh")) do
      for arguments in block.source:gmatch "hubspot%-lua sandbox([^\n&]*)" do
        it("starts: hubspot-lua sandbox" .. arguments, function()
          local line = ("%s bin/hubspot-lua sandbox%s --exit-with-stdin"):format(
            quote(sandbox.interpreter()),
            (arguments:gsub("%-%-port %d+", "--port 0"))
          )
          local result = script.run_shell(line)
          assert.are.same({ 0, "" }, { result.code, result.err })
        end)
      end
    end
  end)
end

describe("links", function()
  for _, folder in ipairs { ".", "doc", "doc/guide", "doc/reference" } do
    for _, path in ipairs(paths_of(folder)) do
      path = path:gsub("^%./", "")
      it("lead somewhere: " .. path, function() assert.are.same({}, document.broken_links(path)) end)
    end
  end
end)

describe("README", function()
  local text = read_file "README.md"
  local blocks = document.blocks("README.md", "lua")

  it("is short", function()
    local lines = 0
    for _ in io.lines "README.md" do
      lines = lines + 1
    end
    assert.is_true(lines <= 250)
  end)

  it("leads to a first success by its first screen", function()
    local start = document.blocks("README.md", "sh")[3].source
    local options = assert(start:match "^hubspot%-lua sandbox %-%-port 8080 %-%-contacts (%d+)$", start)
    local server = sandbox.start { contacts = options }
    finally(function() server:stop() end)
    local source, count = blocks[1].source:gsub("http://127%.0%.0%.1:8080", (server.url:gsub("%%", "%%%%")))
    assert.are.equal(1, count)
    local result = script.with_file(source, function(path) return script.run { path } end)
    assert.are.same({ 0, "" }, { result.code, result.err })
    assert.are.equal(10, select(2, result.out:gsub("@example", "")))
    assert.matches("^4127\t", result.out)
  end)

  it("moves contacts by the lines at its top", function()
    local server = sandbox.start { contacts = 100 }
    local folder = scratch.folder()
    finally(function()
      server:stop()
      scratch.remove(folder)
    end)
    local moved = {}
    for line in document.blocks("README.md", "sh")[1].source:gmatch "[^\n]+" do
      local verb = line:match "^hubspot%-lua (%l+)"
      if verb ~= "mirror" then
        local here = line:gsub("hubspot%-lua", "$command"):gsub("%l+%.csv", folder .. "/%0")
        local result = command.shell(here, command.against(server))
        assert.equal(0, result.status, result.stdout .. result.stderr)
        moved[#moved + 1] = verb
      end
    end
    assert.same({ "export", "import" }, moved)
    assert.equal(1, select(2, read_file(folder .. "/bad.csv"):gsub("\n", "")))
  end)

  it("names every example and every guide", function()
    local pipe = assert(io.popen "ls examples/*.lua")
    for path in pipe:lines() do
      local is_module = read_file(path):find "\nreturn %w+\n$"
      assert.is_truthy(is_module or text:find(("](%s)"):format(path), 1, true), path)
    end
    pipe:close()
    for _, folder in ipairs { "openresty", "neovim", "love" } do
      assert.is_truthy(text:find(("](examples/%s)"):format(folder), 1, true), folder)
    end
    for _, path in ipairs(paths_of "doc/guide") do
      assert.is_truthy(text:find("(" .. path, 1, true), path)
    end
  end)

  it("names make targets that exist", function()
    local makefile = read_file "Makefile"
    for target in text:gmatch "`make ([%w-]+)`" do
      assert.is_truthy(("\n" .. makefile):find("\n" .. target .. ":", 1, true), target)
    end
  end)
end)

describe("the guide of the command", function()
  local server, folder

  -- The rest depends on the machine.
  local EVERYWHERE = { "token", "connection", "clock", "account", "scopes", "quota", "day", "module", "libcurl" }

  it("shows what doctor finds", function()
    local shown = document.blocks("doc/guide/command.md", "text")[1].source
    local found = command.run { "doctor", env = command.against(server) }
    assert.equal(0, found.status, found.stdout)
    for _, text in ipairs { shown, found.stdout } do
      for _, check in ipairs(EVERYWHERE) do
        assert.matches(("\n%%l+ +%s +%%S"):format(check), "\n" .. text)
      end
      for check in ("\n" .. text):gmatch "\n%l+ +(%l+) " do
        local is_known = check == "certificates" or check == "proxy" or check == "program"
        for _, name in ipairs(EVERYWHERE) do
          is_known = is_known or name == check
        end
        assert.is_true(is_known, check)
      end
    end
  end)

  setup(function()
    server = sandbox.start { contacts = 20 }
    local client = hubspot.new { token = script.TOKEN, base_url = server.url }
    assert(client.contacts:create { email = "ada@example.org", city = "London" })
    client:close()
    folder = scratch.folder()
  end)

  teardown(function()
    server:stop()
    scratch.remove(folder)
  end)

  for _, block in ipairs(document.blocks("doc/guide/command.md", "sh")) do
    -- tools/follow-readme runs what changes the machine.
    local run_here = block.source:find("sudo ", 1, true) and function() end or it
    run_here("runs: line " .. block.line, function()
      local source = block.source:gsub("export HUBSPOT_TOKEN=[^\n]*", "")
      local result = script.with_file(
        source,
        function(path)
          return script.run_shell(
            ('here=$PWD; cd %s; PATH="$here/bin:$PATH" LUA=%s HUBSPOT_TOKEN=%s HUBSPOT_BASE_URL=%s sh -e %s'):format(
              quote(folder),
              quote(sandbox.interpreter()),
              quote(script.TOKEN),
              quote(server.url),
              quote(path)
            )
          )
        end
      )
      assert.are.same({ 0, "" }, { result.code, result.err })
      assert.is_nil(result.out:find "somebody should look")
    end)
  end
end)

describe("command lines of the guides", function()
  local parser = require "hubspot.command.parser"
  local options = require "hubspot.command.options"
  local subcommands = require "hubspot.command.subcommands"

  -- A hubspot-lua that does nothing but note its words, a line each and an empty one after them; the other programs do
  -- nothing at all. Only bash has functions of such a name. Some blocks end before a command that they begin.
  local NOTE = [[
    for program in sudo psql jq nvim lua5.4 curl sleep; do eval "$program() { :; }"; done
    hubspot-lua() { printf '%s\n' "$@" '' >>words; }
    cd "$1" && : >words && . ./block >/dev/null 2>&1
    wait]]

  local function lines_of_block(block)
    local folder = scratch.folder()
    local file = assert(io.open(folder .. "/block", "w"))
    file:write((block.source:gsub("/srv/crm", ".")))
    file:close()
    script.run_shell(("timeout 10 bash -c %s bash %s"):format(quote(NOTE), quote(folder)))
    local lines, words = {}, {}
    for word in io.lines(folder .. "/words") do
      if word == "" then
        lines[#lines + 1], words = words, {}
      else
        words[#words + 1] = word
      end
    end
    scratch.remove(folder)
    return lines
  end

  for _, path in ipairs(documents) do
    for _, block in ipairs(document.blocks(path, "sh")) do
      if block.source:find("hubspot-lua ", 1, true) then
        it(("can be read: %s:%d"):format(path, block.line), function()
          local lines = lines_of_block(block)
          assert.is_true(#lines > 0)
          for _, words in ipairs(lines) do
            local fine, problem = pcall(parser.parse, words)
            assert.is_true(fine, table.concat(words, " ") .. ": " .. tostring(problem))
          end
        end)
      end
    end
  end

  local OF_OTHERS = { ["--cacert"] = true, ["--env-file"] = true, ["--lua-version"] = true }

  it("name options that there are", function()
    local known = { ["--help"] = true, ["--version"] = true }
    for _, declaration in ipairs(subcommands.load_all()) do
      for _, option in ipairs(options.of(declaration)) do
        known[options.flag(option)] = true
      end
    end
    for _, guide in ipairs { "command", "moving-data", "mirror", "testing", "webhooks", "deploying" } do
      for code in read_file(("doc/guide/%s.md"):format(guide)):gmatch "`([^`\n]+)`" do
        for flag in (" " .. code):gmatch "[^%w-](%-%-%l[%w-]*)" do
          assert.is_true(known[flag] or OF_OTHERS[flag], ("%s: %s"):format(guide, flag))
        end
      end
    end
  end)
end)

describe("the guide of moving data", function()
  it("has a script that exports by night, and tries again what is temporary", function()
    local server, folder = sandbox.start { contacts = 20 }, scratch.folder() .. "/"
    finally(function()
      server:stop()
      scratch.remove(folder)
    end)
    local source
    for _, block in ipairs(document.blocks("doc/guide/moving-data.md", "sh")) do
      if block.section == "By night" then source = block.source end
    end
    local here =
      source:gsub("/srv/crm", (folder:gsub("%%", "%%%%"))):gsub("PATH=[^\n]*", ""):gsub("sleep 1800", "date +%%s")
    local token = assert(io.open(folder .. "token", "w"))
    token:write(script.TOKEN)
    token:close()
    local function run()
      return script.with_file(
        here,
        function(path)
          return script.run_shell(
            ('PATH="$PWD/bin:$PATH" LUA=%s HUBSPOT_BASE_URL=%s sh %s'):format(
              quote(sandbox.interpreter()),
              quote(server.url),
              quote(path)
            )
          )
        end
      )
    end
    server:fault { kind = "rate_limit", policy = "DAILY", times = 2 }
    local result = run()
    assert.same({ 0, 2 }, { result.code, select(2, result.err:gsub("daily limit", "")) })
    local list = script.run_shell("ls " .. quote(folder)).out
    assert.matches("^contacts%-%d%d%d%d%-%d%d%-%d%d%.csv\ntoken\n$", list)
    assert.equal(21, select(2, read_file(folder .. list:match "^[^\n]*"):gsub("\n", "")))
    server:reset { token = "another" }
    assert.equal(4, run().code)
  end)
end)

describe("guides", function()
  local function block_with(path, word)
    for _, block in ipairs(document.blocks(path, "lua")) do
      if block.source:find(word, 1, true) then return block end
    end
    error(("%s has no example with %s"):format(path, word))
  end

  it("are all in their list", function()
    local list = read_file "doc/guide/README.md"
    for _, path in ipairs(paths_of "doc/guide") do
      local name = path:match "([^/]+)$"
      assert.is_truthy(name == "README.md" or list:find(("](%s)"):format(name), 1, true), name)
    end
  end)

  it("show mail, bounces and stages, and not empty loops", function()
    for word, path in pairs {
      ["campaigns:recent"] = "doc/guide/email.md",
      ["email_events:all"] = "doc/guide/email.md",
      lifecycle_stages = "doc/guide/contacts.md",
    } do
      local _, printed = run_block(block_with(path, word), path)
      assert.is_true(#printed >= 3, word)
    end
  end)

  it("name messages that there are, with their cures", function()
    local pipe = assert(io.popen "cat $(find lua program -name '*.lua')")
    -- Messages are written in pieces.
    local sources = pipe:read("*a"):gsub('"%s*%.%.%s*"', "")
    pipe:close()
    local count = 0
    for line in io.lines "doc/guide/errors.md" do
      local cell = line:match '^| (".-) | '
      for message in (cell or ""):gmatch '"([^"]+)"' do
        count = count + 1
        assert.is_truthy(sources:find(message, 1, true), message)
      end
    end
    assert.is_true(count > 15)
  end)

  it("log by hooks that work", function()
    local waits = 1
    local limiter = {
      observe = function() end,
      refused = function() end,
      acquire = function()
        waits = waits - 1
        return waits < 0 and 0 or 0.001
      end,
    }
    -- Prints what it logs, and not how many lines that are.
    local source = block_with("doc/guide/logging.md", "new_logger").source
      :gsub("lines%[#lines %+ 1%] = line", "print(line)")
      :gsub("\nprint%(#lines[^\n]*", "")
    local clients, printed, portal = run_block({ source = source }, "doc/guide/logging.md", {
      limiter = limiter,
      retry = { base_delay = 0.001 },
    })
    portal:fault { kind = "status", status = 503 }
    assert(clients[1].contacts:get(4127))
    local stamp = "^%d+%-%d+%-%d+T%d+:%d+:%d+Z "
    assert.are.equal(5, #printed)
    assert.matches(stamp .. "INFO  waits 0%.0s for the rate limit %(general%)$", printed[1])
    assert.matches(stamp .. "INFO  GET /crm/objects/2026%-09/contacts/4127 200 %d+%.%d+s attempt=1$", printed[2])
    assert.matches(stamp .. "WARN  GET /crm/objects/2026%-09/contacts/4127 503 ", printed[3])
    assert.matches(stamp .. "WARN  again in %d+%.%ds: Service Unavailable", printed[4])
    assert.matches(stamp .. "INFO  GET /crm/objects/2026%-09/contacts/4127 200 %d+%.%d+s attempt=2$", printed[5])
  end)
end)
