-- The examples that have a host of their own, against a sandbox server, and the one that takes webhooks.

local fixture = require "spec.support.fixture"
local host = require "spec.support.host"
local http = require "socket.http"
local hubspot = require "hubspot"
local instructions = require "spec.support.instructions"
local nginx = require "spec.support.nginx"
local script = require "spec.support.script"
local socket = require "socket"

local TOKEN = script.TOKEN
local read_file, with_file, quote = script.read_file, script.with_file, script.quote
local command, run, has_lines = script.command, script.run, script.has_lines
local fails_with = script.fails_with

-- A spec that a host runs.
local function it_in(name, title, body)
  local left_out = host.left_out(name)
  it(title, left_out and function() pending(left_out) end or body)
end

describe("examples", function()
  local here = fixture.new { clients = {}, reset = { contacts = 1000 } }
  local server = here.server

  local function new_client() return here:new_client() end

  describe("webhook", function()
    local ORIGIN, SECRET = "https://hooks.example.org", "7c3ce02c-0f0c-4c9f-9700-92440c9bdf2d"
    local BODY = '[{"eventId":1,"subscriptionType":"contact.propertyChange","objectId":4127,"propertyName":"city",'
      .. '"propertyValue":"Oslo"},{"eventId":2,"subscriptionType":"contact.deletion","objectId":12345678901}]'

    local function v3_signature(text)
      return with_file(text, function(path)
        local pipe =
          assert(io.popen(("openssl dgst -sha256 -hmac %s -binary %s | openssl base64 -A"):format(SECRET, path)))
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
        local server_process = assert(
          io.popen(
            command(
              { "examples/webhook.lua", "--port", "0", "--requests", "4", ORIGIN },
              { HUBSPOT_CLIENT_SECRET = SECRET }
            )
              .. " 2>"
              .. quote(err)
          )
        )
        local port = server_process:read("*l"):match "^Listening on http://127%.0%.0%.1:(%d+)$"
        local timestamp = ("%d000"):format(os.time())
        local head = (
          "POST /hook?a=%%40 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n"
          .. "X-HubSpot-Request-Timestamp: %s\r\nX-HubSpot-Signature-v3: %s"
        ):format(#BODY, timestamp, v3_signature("POST" .. ORIGIN .. "/hook?a=@" .. BODY .. timestamp))
        assert.are.equal("HTTP/1.1 204 No Content", post(port, head, BODY))
        assert.are.equal("HTTP/1.1 401 Unauthorized", post(port, head, (BODY:gsub("Oslo", "Rome"))))
        assert.are.equal("HTTP/1.1 401 Unauthorized", post(port, head .. "\r\nx-hubspot-signature-v3: x", BODY))
        assert.are.equal("HTTP/1.1 400 Bad Request", post(port, "hello", ""))
        assert.are.equal(
          "contact.propertyChange of 4127: city = Oslo\ncontact.deletion of 12345678901\n",
          server_process:read "*a"
        )
        server_process:close()
        has_lines(read_file(err), { "the header X-HubSpot-Signature-v3 is there twice, or not a string" })
        assert.is_truthy(read_file(err):find("the signature (v3) does not match the request", 1, true))
      end)
    end)

    it(
      "needs a client secret",
      function()
        fails_with(
          "Set HUBSPOT_CLIENT_SECRET to the client secret of your app.\n",
          run { "examples/webhook.lua", ORIGIN }
        )
      end
    )
  end)

  describe("openresty", function()
    it_in("nginx", "can be tried as its first lines say", function()
      local result = instructions.run("examples/openresty/nginx.conf", {
        in_host = true,
        copy = "examples/openresty",
        -- Workers of root's nginx are another user's, who may not be let into this folder.
        change = 'sed -i "s/listen 8080/listen 127.0.0.1:$SITE_PORT/" nginx.conf\n'
          .. "[ \"$(id -u)\" != 0 ] || sed -i '1i user root root;' nginx.conf",
        after = 'sleep 0.5; curl -s "$SANDBOX/_sandbox/requests"',
      })
      assert.are.equal(0, result.code, result.out .. result.err)
      assert.matches("Hello, Ada\n", result.out, 1, true)
      local written = result.out:match '"body":"([^\n]*pe99001_visit[^\n]*)"'
      assert.is_truthy(written and written:find("/pricing", 1, true), result.out)
    end)

    local EVENT_TYPE = "pe99001_visit"
    local site

    -- The example's configuration, on another port and with this repository's modules.
    local function config(port, user)
      local text = read_file "examples/openresty/nginx.conf"
      for place, value in pairs {
        ["listen 8080;"] = ("listen 127.0.0.1:%d;"):format(port),
        ['lua_package_path "$prefix/?.lua;;";'] = host.nginx_paths "examples/openresty",
        ["env HUBSPOT_TOKEN;"] = ("env HUBSPOT_TOKEN=%s;"):format(TOKEN),
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
      local _, status = http.request {
        url = site.url .. path,
        headers = { cookie = token and "hubspotutk=" .. token },
        sink = function(part)
          parts[#parts + 1] = part
          return 1
        end,
      }
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
          assert.is_truthy(request.path:find "/events$", request.path)
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
      assert.is_truthy(site:error_log():find "HubSpot: .*utk", site:error_log())
    end)
  end)

  describe("neovim", function()
    -- The instructions end in an editor, in which a user types.
    local function try(source)
      return with_file(source, function(path)
        return instructions.run("examples/neovim/plugin/hubspot.lua", {
          in_host = true,
          replace = function(line)
            return line:find " nvim " and ("%s --headless -c 'luafile %s' -c qall!"):format(line, path) or line
          end,
        })
      end)
    end

    it_in("Neovim", "can be tried as its first lines say, with one contact again and again", function()
      local result = try [[
        vim.notify = function(message) io.write("told: ", message, "\n") end
        -- The plugin locks the buffer when it has filled it.
        local shown, set_option = 0, vim.api.nvim_buf_set_option
        vim.api.nvim_buf_set_option = function(buffer, name, value)
          set_option(buffer, name, value)
          if name == "modifiable" and not value then shown = shown + 1 end
        end
        local function show(address)
          local before = shown
          vim.cmd("HubspotContact " .. address)
          vim.wait(30000, function() return shown > before end, 10)
          io.write(vim.api.nvim_buf_get_name(0), " ", table.concat(vim.api.nvim_buf_get_lines(0, 0, 1, false)), " ",
            #vim.api.nvim_list_wins(), " windows\n")
        end
        show "ada.garcia.1@example.com"
        show "ada.garcia.1@example.com"
        vim.cmd "wincmd p"
        show "ada.garcia.1@example.com"
        vim.cmd "close"
        show "ada.garcia.1@example.com"
        vim.cmd "checkhealth hubspot"
        io.write(table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n"), "\n")
      ]]
      assert.are.equal(0, result.code, result.err)
      local line = "hubspot://ada.garcia.1@example.com Contact 4127 2 windows\n"
      -- Without a terminal, Neovim prints to stderr.
      local printed = result.out .. result.err
      assert.is_truthy(printed:find(line:rep(4), 1, true), printed)
      assert.matches("OK: " .. hubspot._VERSION, printed, 1, true)
      assert.matches("OK: contacts can be read from the sandbox at http://127%.0%.0%.1:%d+\n", printed)
      assert.is_nil(printed:find("told: ", 1, true), printed)
      assert.is_nil(printed:find("E95", 1, true), printed)
    end)

    -- Runs Lua in an editor that has the example.
    local function run_editor(source, variables)
      return with_file(
        source,
        function(path)
          return host.run({
            "nvim",
            "--clean",
            "--headless",
            "--cmd",
            "set runtimepath+=examples/neovim",
            "-c",
            "luafile " .. path,
            "-c",
            "qall!",
          }, variables)
        end
      )
    end

    it_in("Neovim", "starts without a token and without the library, and says what is missing", function()
      local source = [[
        vim.notify = function(message) io.write("told: ", message, "\n") end
        vim.cmd "HubspotContact ada@example.org"
        vim.cmd "checkhealth hubspot"
        io.write(table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n"), "\n")
      ]]
      local message = "set HUBSPOT_TOKEN to the token of your account, or HUBSPOT_BASE_URL to the address of a sandbox"
      local printed = run_editor(source, { HUBSPOT_TOKEN = "", HUBSPOT_BASE_URL = "" })
      assert.matches("^told: HubSpot: " .. message, printed)
      assert.matches("ERROR: " .. message, printed, 1, true)
      printed = run_editor(source, { HUBSPOT_TOKEN = TOKEN, LUA_PATH = "/nowhere/?.lua" })
      assert.matches("^told: HubSpot: .*module 'hubspot' not found", printed)
      assert.matches("ERROR: the library can't be loaded", printed, 1, true)
    end)

    local function in_neovim(source) return run_editor(source, { HUBSPOT_TOKEN = TOKEN, HUBSPOT_BASE_URL = server.url }) end

    it_in("Neovim", "shows a contact, and the editor runs meanwhile", function()
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
      has_lines(printed, {
        "at once: nil",
        "later: hubspot://ada@example.org, not blocked",
        "city             London",
        "email            ada@example.org",
        "firstname        Ada",
      })
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
      assert.is_truthy(printed:find("HubSpot: there is no contact nobody@example.org", 1, true), printed)
      assert.is_truthy(printed:find("You do not have permissions to view this (HTTP 403", 1, true), printed)
    end)
  end)

  describe("love", function()
    it_in("LÖVE", "can be tried as its first lines say", function()
      local result = instructions.run("examples/love/main.lua", { in_host = true })
      assert.are.equal(0, result.code, result.out .. result.err)
      assert.matches("level 1 is in the timeline, %d+ frames later\n$", result.out)
    end)

    it_in("LÖVE", "says what is missing where nothing is set", function()
      local printed = host.run(
        { "love", "examples/love", "ada@example.org", "--no-window" },
        { HUBSPOT_TOKEN = "", HUBSPOT_BASE_URL = "" }
      )
      has_lines(printed, { "Set HUBSPOT_TOKEN, or HUBSPOT_BASE_URL to the address of a sandbox." })
    end)

    local function play(words, type_name)
      local all = { "love", "examples/love" }
      for _, word in ipairs(words) do
        all[#all + 1] = word
      end
      return host.run(
        all,
        { HUBSPOT_TOKEN = TOKEN, HUBSPOT_BASE_URL = server.url, HUBSPOT_EVENT_TYPE = type_name or "" }
      )
    end

    it_in("LÖVE", "writes a finished level into the timeline while frames are drawn", function()
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
end)
