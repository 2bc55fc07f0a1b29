-- The Lua of the README and of the guides, run.

local host = require "spec.support.host"
local hubspot = require "hubspot"
local nginx = require "spec.support.nginx"
local portals = require "hubspot.sandbox"
local sandbox = require "spec.support.sandbox"
local script = require "spec.support.script"

local TOKEN = script.TOKEN
local DEVELOPER_KEY = "eu1-2f1d-44c0-developer"
local read_file, with_file, quote = script.read_file, script.with_file, script.quote
local run, has_lines = script.run, script.has_lines

-- A spec that a host runs.
local function it_in(name, title, body)
  local left_out = host.left_out(name)
  it(title, left_out and function() pending(left_out) end or body)
end

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

local VARIABLES_OF_README = {
  HUBSPOT_TOKEN = TOKEN,
  HUBSPOT_DEVELOPER_KEY = DEVELOPER_KEY,
  HUBSPOT_CLIENT_ID = "the-app",
  HUBSPOT_CLIENT_SECRET = "the-secret-of-the-app",
}

local function load_in(source, name, environment)
  if not setfenv then return assert(load(source, name, "t", environment)) end -- luacheck: ignore
  return setfenv(assert(loadstring(source, name)), environment) -- luacheck: ignore
end

-- What the examples take for granted: contact 4127, Grace, someone in Poland, a list with the v1 id 321, mail that
-- bounced, and an event type.
local function new_portal()
  local portal = portals.new {
    contacts = 200,
    campaigns = 5,
    email_events = 300,
    event_types = { "pe99001_order" },
    developer_key = DEVELOPER_KEY,
  }
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
  local wrapped = setmetatable({
    new = function(wanted)
      -- The portal brings a token of its own.
      wanted.transport = wanted.transport or wanted.oauth and function(request) return portal(request) end or portal
      for key, value in pairs(options or {}) do
        wanted[key] = value
      end
      made[#made + 1] = hubspot.new(wanted)
      return made[#made]
    end,
  }, { __index = hubspot })
  local given = {
    hubspot = wrapped,
    client = client,
    os = setmetatable({ getenv = function(key) return assert(VARIABLES_OF_README[key], key) end }, { __index = os }),
    require = function(module)
      if module == "hubspot" then return wrapped end
      if module ~= "hubspot.oauth" then return require(module) end
      local oauth = require "hubspot.oauth"
      return setmetatable({
        exchange_code = function(wanted)
          wanted.transport = function(request) return portal(request) end
          return oauth.exchange_code(wanted)
        end,
      }, { __index = oauth })
    end,
    print = function(...)
      local words = {}
      for index = 1, select("#", ...) do
        words[index] = tostring((select(index, ...)))
      end
      local text = table.concat(words, " ")
      printed[#printed + 1] = text
      local caller = lines[debug.getinfo(2, "l").currentline]
      if caller then caller.printed[#caller.printed + 1] = text end
    end,
  }
  -- An example that sets a global is a bad one.
  load_in(
    block.source,
    "=" .. name,
    setmetatable({}, {
      __newindex = function(_, key) error("global variable " .. tostring(key), 2) end,
      __index = function(_, key)
        if given[key] ~= nil then return given[key] end
        return _G[key]
      end,
    })
  )()
  for _, line in ipairs(lines) do
    if line.expected then assert.are.same({ line.expected }, line.printed) end
  end
  return made, printed, portal
end

for _, guide in ipairs { "values" } do
  local path = ("doc/guide/%s.md"):format(guide)
  describe("guide " .. guide, function()
    local blocks = blocks_of(path, "lua")

    it("has examples", function() assert.is_true(#blocks > 0) end)

    for _, block in ipairs(blocks) do
      local name = ("%s:%d"):format(path, block.line)
      it("runs: " .. name, function() run_block(block, name) end)
    end
  end)
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

  it("has examples", function() assert.is_true(#blocks > 10) end)

  for _, block in ipairs(blocks) do
    local name = ("README.md:%d"):format(block.line)
    it("runs: " .. name, function() run_block(block, name) end)
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
      local text, count = source:gsub(
        'token = os%.getenv "HUBSPOT_TOKEN"',
        function() return ("token = %q, base_url = %q, retry = false"):format(TOKEN, server.url) end
      )
      assert.are.equal(1, count, source)
      return text .. (more or "")
    end

    it_in("nginx", "OpenResty", function()
      local block = blocks_of("README.md", "nginx")[1]
      local site = nginx.start {
        config = function(port, user)
          local text = on_sandbox(block.source):gsub("listen 8080;", ("listen 127.0.0.1:%d;"):format(port))
          return user
            .. nginx.module_lines()
            .. "daemon off; pid nginx.pid; error_log error.log notice; events {}"
            .. text:gsub(
              "http {",
              function()
                return "http { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path "
                  .. "fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;"
                  .. host.nginx_paths "."
              end
            )
        end,
      }
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
      local source = on_sandbox(
        host_blocks.Neovim.source,
        [[

        local told = {}
        vim.notify = function(message) told[#told + 1] = message end
        vim.cmd "Contact grace@example.org"
        assert(#told == 0, told[1])
        vim.wait(30000, function() return #told == 1 end, 10)
        io.write("told: ", tostring(told[1]), "\n")
      ]]
      )
      server:fault { kind = "slow", seconds = 0.2 }
      with_file(
        source,
        function(path)
          has_lines(
            host.run({ "nvim", "--headless", "-u", "NONE", "-c", "luafile " .. path, "-c", "qall!" }, {}),
            { "told: Grace" }
          )
        end
      )
    end)

    it_in("LÖVE", "Games", function()
      local source = on_sandbox(
        host_blocks.Games.source,
        [[

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
      ]]
      )
      local folder = os.tmpname()
      os.remove(folder)
      os.execute("mkdir " .. quote(folder))
      for name, text in pairs {
        ["main.lua"] = source,
        ["conf.lua"] = [[
        function love.conf(settings)
          for _, name in ipairs { "window", "graphics", "audio", "joystick" } do settings.modules[name] = false end
        end
      ]],
      } do
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
        local limiter = {
          observe = function() end,
          refused = function() end,
          acquire = function()
            waits = waits - 1
            return waits < 0 and 0 or 0.001
          end,
        }
        local clients, printed, portal =
          run_block(block, "README.md", { limiter = limiter, retry = { base_delay = 0.001 } })
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
      if
        source:find("campaigns:recent", 1, true)
        or source:find("email_events:all", 1, true)
        or source:find("lifecycle_stages", 1, true)
      then
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
