-- The examples of the guides that need a host, in that host.

local document = require "spec.support.document"
local host = require "spec.support.host"
local hubspot = require "hubspot"
local nginx = require "spec.support.nginx"
local sandbox = require "spec.support.sandbox"
local scratch = require "spec.support.scratch"
local script = require "spec.support.script"

local TOKEN = script.TOKEN
local with_file, quote, run, has_lines = script.with_file, script.quote, script.run, script.has_lines

-- A spec that a host runs.
local function it_in(name, title, body)
  local left_out = host.left_out(name)
  it(title, left_out and function() pending(left_out) end or body)
end

-- The only block of a language in a section, or in a guide.
local function block_of(guide, language, section)
  local found
  for _, block in ipairs(document.blocks(("doc/guide/%s.md"):format(guide), language)) do
    if not section or block.section == section then
      assert(not found, guide)
      found = block
    end
  end
  return assert(found, guide).source
end

describe("guides in their hosts:", function()
  local server

  setup(function()
    server = sandbox.start { contacts = 200 }
    local client = hubspot.new { token = TOKEN, base_url = server.url, limiter = false }
    assert(client.contacts:create { email = "grace@example.org", firstname = "Grace" })
  end)
  teardown(function() server:stop() end)
  before_each(function() server:clear_faults() end)

  -- A block that asks the sandbox, with `more` after it.
  local function on_sandbox(source, more)
    local text, count = source:gsub(
      'token = os%.getenv "HUBSPOT_TOKEN"',
      function() return ("token = %q, base_url = %q, retry = false"):format(TOKEN, server.url) end
    )
    assert.are.equal(1, count, source)
    return text .. (more or "")
  end

  describe("OpenResty", function()
    -- A configuration as it works here, whoever starts it.
    local function config_of(source)
      return function(port, user)
        local text = on_sandbox(source):gsub("listen 8080;", ("listen 127.0.0.1:%d;"):format(port))
        local paths = "http { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path "
          .. "fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;"
          .. host.nginx_paths "."
        return user
          .. nginx.module_lines()
          .. "daemon off; pid nginx.pid; error_log error.log notice; events {}"
          .. text:gsub("http {", function() return paths end)
      end
    end

    it_in("nginx", "serves contacts", function()
      local site = nginx.start { config = config_of(document.blocks("doc/guide/openresty.md", "nginx")[1].source) }
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

    it_in("nginx", "shares a quota", function()
      local site = nginx.start {
        http = on_sandbox(block_of("openresty", "nginx", "Workers that share a quota")),
        server = [[location / { content_by_lua_block {
          local contact, err = client.contacts:get(4127)
          ngx.say(contact and contact.id or tostring(err), " ", #ngx.shared.hubspot_limits:get_keys() > 0)
        } }]],
      }
      finally(function() site:stop() end)
      assert.are.equal("4127 true\n", (site:get "/"))
    end)

    it_in("nginx", "logs an error that assert throws as an unknown reason", function()
      local site = nginx.start {
        server = [[location / { content_by_lua_block { assert(nil, require("hubspot.error").new {
          kind = "api", message = "lost" }) } }]],
      }
      finally(function() site:stop() end)
      site:get "/"
      assert.is_truthy(site:error_log():find("unknown reason", 1, true), site:error_log())
    end)
  end)

  it_in("nginx", "webhooks: a request is checked, however large", function()
    local secret = "7c3ce02c-0f0c-4c9f-9700-92440c9bdf2d"
    local site = nginx.start {
      main = ("env HUBSPOT_CLIENT_SECRET=%s;"):format(secret),
      http = "client_max_body_size 1m; client_body_buffer_size 8k;",
      server = block_of("webhooks", "nginx"),
    }
    finally(function() site:stop() end)
    local function post(body, signed)
      local timestamp = ("%d000"):format(os.time())
      local text = "POST" .. "https://hooks.example.org/webhook" .. signed .. timestamp
      return with_file(text, function(to_sign)
        return with_file(body, function(path)
          local line = ("curl -s -o /dev/null -w '%%{http_code}' -H 'X-HubSpot-Request-Timestamp: %s' "):format(
            timestamp
          ) .. ('-H "X-HubSpot-Signature-v3: $(openssl dgst -sha256 -hmac %s -binary %s | openssl base64 -A)" '):format(
            secret,
            to_sign
          ) .. ("--data-binary @%s %s/webhook"):format(path, site.url)
          return script.run_shell("sh -c " .. quote(line)).out
        end)
      end)
    end
    local event = '{"eventId":1,"subscriptionType":"contact.creation","objectId":4127}'
    local large = ("[%s,%s]"):format(event, event:gsub("1,", '1,"note":"' .. ("x"):rep(100000) .. '",', 1))
    assert.are.equal("204", post("[" .. event .. "]", "[" .. event .. "]"))
    assert.are.equal("204", post(large, large))
    assert.are.equal("401", post(large, large .. " "))
    assert.is_truthy(site:error_log():find("does not match", 1, true), site:error_log())
    local deadline = os.time() + 10
    local _, count
    repeat
      _, count = site:error_log():gsub("contact%.creation of 4127", "")
    until count == 3 or os.time() > deadline
    assert.are.equal(3, count, site:error_log())
  end)

  it_in("Neovim", "Neovim: shows a contact while the editor runs", function()
    local source = on_sandbox(
      block_of("neovim", "lua"),
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
    with_file(source, function(path)
      local printed = host.run({ "nvim", "--headless", "-u", "NONE", "-c", "luafile " .. path, "-c", "qall!" }, {})
      has_lines(printed, { "told: Grace" })
    end)
  end)

  it_in("LÖVE", "games: a call continues in a later frame", function()
    local source = on_sandbox(
      block_of("games", "lua"),
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
    local folder = scratch.folder()
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
    scratch.remove(folder)
    has_lines(printed, { "Grace", "in a later frame" })
  end)

  it("cqueues: calls of one controller", function()
    with_file(on_sandbox(block_of("cqueues-and-luv", "lua", "cqueues")), function(path)
      local result = run { path }
      assert.are.equal("", result.err)
      has_lines(result.out, { "grace@example.org\tGrace", "nobody@example.org\t404" })
    end)
  end)

  it("luv: a call in a coroutine", function()
    with_file(on_sandbox(block_of("cqueues-and-luv", "lua", "luv")), function(path)
      local result = run { path }
      assert.are.same({ "", "Grace\n" }, { result.err, result.out })
    end)
  end)
end)
