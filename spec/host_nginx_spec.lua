-- In nginx with lua-nginx-module, as an ordinary user.

local core = require "hubspot.core"
local host = require "spec.support.host"
local hubspot = require "hubspot"
local nginx = require "spec.support.nginx"
local sandbox = require "spec.support.sandbox"
local scenario = require "spec.support.scenario"
local socket = require "socket"

local left_out = host.left_out "nginx"
if left_out then return pending(left_out) end

-- A site with a client that is made before the workers are forked.
local HTTP = [[
  lua_shared_dict notes 1m;
  init_by_lua_block {
    local core, hubspot = require "hubspot.core", require "hubspot"
    site = { base_url = "%(url)" }
    function site.new()
      return hubspot.new { token = "any-token", base_url = "%(url)", limiter = false }
    end
    function site.note(phase, contact, err)
      ngx.shared.notes:set(phase, contact and contact.id or err.kind .. ": " .. err.message)
    end
    function site.say(value) ngx.say(core.encode(value)) end
    site.client = site.new()
    site.note("init", site.client.contacts:get(%(id)))
  }
]]

local GET = [[
  location /get {
    content_by_lua_block {
      local contact, err = site.client.contacts:get(%(id))
      site.say { id = contact and contact.id, pid = ngx.worker.pid(), err = err and tostring(err) }
    }
  }
]]

-- The same over libcurl, which takes the requests that are made by hand.
local GET_BY_LIBCURL = [[
  location /by_libcurl {
    content_by_lua_block {
      local contact, err = site.client:request { method = "GET", path = "/crm/objects/2026-09/contacts/%(id)" }
      site.say { id = contact and contact.id, pid = ngx.worker.pid(), err = err and tostring(err) }
    }
  }
]]

local WAYS = { ["over nginx's sockets"] = "/get", ["over libcurl"] = "/by_libcurl" }

-- Hang guards, not times.
local SECONDS = 30

local sandbox_server, id, servers

setup(function()
  sandbox_server = sandbox.start { contacts = scenario.CONTACTS, latency = 10 }
  local client = hubspot.new { token = "any-token", base_url = sandbox_server.url }
  id = client.contacts:all():next().id
  client:close()
end)

before_each(function()
  servers = {}
  sandbox_server:clear_faults()
  sandbox_server:clear_requests()
end)

after_each(function()
  for _, server in ipairs(servers) do
    server:stop()
  end
end)

teardown(function() sandbox_server:stop() end)

local function filled(text) return (text:gsub("%%%((%w+)%)", { url = sandbox_server.url, id = id })) end

local function start(options)
  local server = nginx.start {
    ordinary_user = true,
    workers = options.workers,
    listen = options.listen,
    main = options.main,
    http = filled(HTTP .. (options.http or "")),
    server = filled(options.server),
  }
  servers[#servers + 1] = server
  return server
end

local function get(server, path)
  local body, status = server:get(path)
  assert.equal(200, status, body)
  return assert(core.decode(body))
end

local function until_true(predicate)
  local limit = socket.gettime() + SECONDS
  while not predicate() do
    if socket.gettime() > limit then return false end
    socket.sleep(0.01)
  end
  return true
end

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  return text
end

-- In clock ticks, of which there are a hundred in a second.
local function cpu_ticks(pid)
  local user, system = read("/proc/" .. pid .. "/stat"):match("%) %a" .. (" %S+"):rep(10) .. " (%d+) (%d+)")
  return tonumber(user) + tonumber(system)
end

local function descriptors(pid)
  local pipe = io.popen("ls /proc/" .. pid .. "/fd | wc -l")
  local count = pipe:read "*n"
  pipe:close()
  return count
end

-- Sends requests, `concurrency` at once, each of which must be answered in the end; `at` are functions by the number of
-- the request that they come before.
local function put_under_load(server, path, count, concurrency, at)
  local visitor = hubspot.new {
    token = "any-token",
    base_url = server.url,
    limiter = false,
    loop = "plain",
    retry = { max_attempts = 10, base_delay = 0.01, max_delay = 0.1 },
  }
  local numbers = {}
  for number = 1, count do
    numbers[number] = number
  end
  local answers, errors = visitor:map(numbers, function(number)
    if at[number] then at[number]() end
    return visitor:request { method = "GET", path = path }
  end, { concurrency = concurrency })
  visitor:close()
  return answers, errors
end

local function has_crashed(server) return server:error_log():find("exited on signal", 1, true) ~= nil end

describe("in nginx", function()
  it("content, access and a timer run what every host runs", function()
    local server = start {
      server = [[
      location /content {
        content_by_lua_block { site.say(require("spec.support.scenario").run { base_url = site.base_url }) }
      }
      location /access {
        access_by_lua_block { site.result = require("spec.support.scenario").run { base_url = site.base_url } }
        content_by_lua_block { site.say(site.result) }
      }
      location /timer {
        content_by_lua_block {
          local ended, result = require("ngx.semaphore").new(0), nil
          ngx.timer.at(0, function()
            result = require("spec.support.scenario").run { base_url = site.base_url }
            ended:post(1)
          end)
          ended:wait(30)
          site.say(result)
        }
      }
      location /core {
        content_by_lua_block {
          site.say { core = package.searchpath("hubspot.native", package.cpath), jit = jit.version }
        }
      }
    ]],
    }
    for _, path in ipairs { "/content", "/access", "/timer" } do
      sandbox_server:reset()
      assert.same(scenario.expected, get(server, path), path)
    end
    local loaded = get(server, "/core")
    assert.truthy(loaded.jit:find("LuaJIT", 1, true))
    assert.truthy(loaded.core:find(host.core_folder() .. "/hubspot/native.so", 1, true))
  end)

  it("other requests are answered while calls wait", function()
    local server = start { server = GET .. [[ location /noop { return 204; } ]] }
    sandbox_server:fault { kind = "hang", path = "/contacts/" .. id .. "$", times = 100 }
    local waiting = assert(socket.connect("127.0.0.1", server.port))
    waiting:send "GET /get HTTP/1.0\r\n\r\n"
    assert.is_true(until_true(function() return #sandbox_server:requests() > 0 end))
    assert.equal(204, select(2, server:get "/noop"))
    waiting:settimeout(0)
    assert.equal("timeout", select(2, waiting:receive "*l"))
    waiting:close()
  end)

  it("phases that can't yield get an error that names them and tells what to do", function()
    local server = start {
      http = "init_worker_by_lua_block { site.note('init_worker', site.client.contacts:get(%(id))) }",
      server = [[
        location /phases {
          set_by_lua_block $unused { site.note("set", site.client.contacts:get(%(id))) return 1 }
          rewrite_by_lua_block { site.note("rewrite", site.client.contacts:get(%(id))) }
          access_by_lua_block { site.note("access", site.client.contacts:get(%(id))) }
          content_by_lua_block { ngx.say "{}" }
          header_filter_by_lua_block {
            site.note("header_filter", site.client.contacts:get(%(id)))
            local results, err = site.client:map({ 1 }, print)
            site.note("map", results, err)
            local many = {}
            for id = 1, 300 do many[id] = id end
            site.note("many", site.client.contacts:get_many(many))
            site.note("members", site.client.lists:contacts(61):next())
          }
          body_filter_by_lua_block { site.note("body_filter", site.client.contacts:get(%(id))) }
          log_by_lua_block { site.note("log", site.client.contacts:get(%(id))) }
        }
        location /notes {
          content_by_lua_block {
            local notes = {}
            for _, key in ipairs(ngx.shared.notes:get_keys()) do notes[key] = ngx.shared.notes:get(key) end
            site.say(notes)
          }
        }
      ]],
    }
    get(server, "/phases")
    local notes
    assert.is_true(until_true(function()
      notes = get(server, "/notes")
      return notes.log ~= nil
    end))
    assert.same({ id, id }, { notes.rewrite, notes.access })
    local text = "misuse: nginx can't wait in the phase %s: make the call %s"
    local timer = "in a timer, ngx.timer.at(0, function() … end)"
    for _, phase in ipairs { "init_worker", "header_filter", "body_filter", "log" } do
      assert.equal(text:format(phase, timer), notes[phase])
    end
    for _, call in ipairs { "map", "many", "members" } do
      assert.equal(text:format("header_filter", timer), notes[call])
    end
    assert.equal(text:format("init", timer .. " in init_worker_by_lua"), notes.init)
    assert.equal(text:format("set", "in rewrite_by_lua or access_by_lua, which can set variables, too"), notes.set)
    assert.is_nil(server:error_log():find("[error]", 1, true))
  end)

  it("a client made in init_by_lua has an engine of its own in each worker", function()
    local server = start { workers = 3, listen = "reuseport", server = GET_BY_LIBCURL }
    local before, answers_of, workers = sandbox_server:connections(), {}, 0
    assert.is_true(until_true(function()
      local answer = get(server, "/by_libcurl")
      assert.equal(id, answer.id)
      if not answers_of[answer.pid] then workers = workers + 1 end
      answers_of[answer.pid] = true
      return workers == 3
    end))
    assert.equal(3, sandbox_server:connections() - before)
  end)

  it("workers find libcurl loaded", function()
    local server = start {
      server = [[
      location /loaded {
        content_by_lua_block { site.say { engine = package.loaded["hubspot.engine"] ~= nil } }
      }
    ]],
    }
    assert.same({ engine = true }, get(server, "/loaded"))
  end)

  it("nothing is polled when nothing is in flight", function()
    local server = start { server = GET .. GET_BY_LIBCURL }
    for _, path in pairs(WAYS) do
      assert.equal(id, get(server, path).id)
    end
    local pid = server:workers()[1]
    local before = cpu_ticks(pid)
    socket.sleep(1.5)
    assert.is_true(cpu_ticks(pid) - before <= 1)
  end)

  it("calls come through where nginx has no timer left", function()
    local server = start {
      server = GET_BY_LIBCURL,
      http = [[
      lua_max_running_timers 1;
      init_worker_by_lua_block { ngx.timer.at(0, function() ngx.sleep(3600) end) }
    ]],
    }
    for _ = 1, 5 do
      assert.equal(id, get(server, "/by_libcurl").id)
    end
    assert.truthy(server:error_log():find("lua_max_running_timers are not enough", 1, true))
  end)

  for way, path in pairs(WAYS) do
    it("reloading and ending workers under load loses no answer and crashes nothing, " .. way, function()
      local server = start { workers = 2, server = GET .. GET_BY_LIBCURL }
      local function signal(name, pid)
        return function() os.execute(("kill -%s %d"):format(name, pid or server:workers()[1])) end
      end
      local answers, errors = put_under_load(server, path, 400, 40, {
        [80] = signal("HUP", server.pid),
        [160] = signal "QUIT",
        [240] = signal "TERM",
        [320] = signal("HUP", server.pid),
      })
      assert.same({}, errors)
      for _, answer in ipairs(answers) do
        assert.equal(id, answer.id, answer.err)
      end
      assert.equal(400, #answers)
      assert.is_false(has_crashed(server))
      assert.is_true(until_true(function() return #server:workers() == 2 end))
      assert.equal(id, get(server, path).id)
    end)
  end

  it("no descriptor is left by clients", function()
    local server = start {
      server = GET .. [[
      location /clients {
        content_by_lua_block {
          for _ = 1, 10 do
            local closed, dropped = site.new(), site.new()
            for _, client in ipairs { closed, dropped } do
              assert(client.contacts:get(%(id)))
              assert(client.contacts:get_many { %(id) })
            end
            closed:close()
          end
          collectgarbage()
          collectgarbage()
          site.say {}
        }
      }
    ]],
    }
    get(server, "/get")
    get(server, "/clients")
    local pid = server:workers()[1]
    local before = descriptors(pid)
    for _ = 1, 5 do
      get(server, "/clients")
    end
    assert.is_true(until_true(function() return descriptors(pid) <= before end))
    assert.same({ pid }, server:workers())
  end)

  for way, path in pairs(WAYS) do
    it("a visitor who leaves leaves nothing open, and disturbs no other, " .. way, function()
      local server = start {
        http = "lua_check_client_abort on;",
        server = GET .. GET_BY_LIBCURL .. [[
        location /waits {
          content_by_lua_block {
            collectgarbage()
            collectgarbage()
            local waits = 0
            for _ in pairs(site.client.waiters) do waits = waits + 1 end
            site.say { count = waits + site.client.loop:engine():pending() }
          }
        }
      ]],
      }
      assert.equal(id, get(server, path).id)
      local pid = server:workers()[1]
      local before = descriptors(pid)
      sandbox_server:fault { kind = "slow", seconds = 0.3, path = "/contacts/" .. id .. "$", times = 5 }
      sandbox_server:clear_requests()
      for _ = 1, 5 do
        local visitor = assert(socket.connect("127.0.0.1", server.port))
        visitor:send("GET " .. path .. " HTTP/1.0\r\n\r\n")
        assert.is_true(until_true(function() return get(server, "/waits").count > 0 end))
        visitor:close()
      end
      assert.equal(id, get(server, path).id)
      assert.is_true(until_true(function() return get(server, "/waits").count == 0 end))
      -- Connections to the sandbox are kept.
      assert.is_true(until_true(function() return descriptors(pid) <= before + 5 end))
      assert.is_false(has_crashed(server))
    end)
  end

  it("two worker threads have a client each", function()
    local server = start {
      main = "thread_pool clients threads=2;",
      server = GET .. [[
      location /threads {
        content_by_lua_block {
          local function count()
            return ngx.run_worker_thread("clients", "spec.support.worker_thread", "count", site.base_url)
          end
          local one = ngx.thread.spawn(function() return count() end)
          local other = ngx.thread.spawn(function() return count() end)
          local _, one_succeeded, one_count = ngx.thread.wait(one)
          local _, other_succeeded, other_count = ngx.thread.wait(other)
          site.say { one_succeeded, one_count, other_succeeded, other_count }
        }
      }
    ]],
    }
    sandbox_server:reset()
    for _ = 1, 3 do
      assert.same({ true, 1000, true, 1000 }, get(server, "/threads"))
      assert.equal(id, get(server, "/get").id)
    end
    assert.is_false(has_crashed(server))
  end)
end)
