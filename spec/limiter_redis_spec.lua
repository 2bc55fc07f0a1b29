local hubspot = require "hubspot"
local limiter_redis = require "hubspot.limiter.redis"
local misuse = require "spec.support.misuse"
local nginx = require "spec.support.nginx"
local permits = require "spec.support.permits"
local redis = require "spec.support.redis"
local sandbox = require "spec.support.sandbox"

local PROCESSES = 4

local server, command, name

-- Each spec has buckets of its own.
local number = 0
before_each(function()
  server = server or redis.start()
  command = server:command()
  number = number + 1
  name = "account " .. number
end)

teardown(function() server:stop() end)

local function new(options)
  local all = { client = command, name = name }
  for key, value in pairs(options or {}) do
    all[key] = value
  end
  return limiter_redis.new(all)
end

local function key(bucket, kind) return ("hubspot:{%s}:%s:%s"):format(name, bucket, kind) end

describe("the limiter in Redis", function()
  it("gives the permits of one quota to several processes", function()
    new().observe("general", permits.headers(20, 200))
    local script = os.tmpname()
    local file = assert(io.open(script, "w"))
    file:write(
      permits.TAKE,
      [[
      local command = require("spec.support.redis").command(tonumber(arg[1]))
      local limiter = require("hubspot.limiter.redis").new { client = command, name = arg[2] }
      take_for(limiter, 1.5, print)
    ]]
    )
    file:close()
    local pipes, moments = {}, {}
    for index = 1, PROCESSES do
      pipes[index] = assert(io.popen(("%s %s %d '%s'"):format(sandbox.interpreter(), script, server.port, name)))
    end
    for _, pipe in ipairs(pipes) do
      for line in pipe:lines() do
        moments[#moments + 1] = line
      end
      pipe:close()
    end
    os.remove(script)
    assert.is_true(#moments > 40, tostring(#moments))
    assert.is_true(permits.largest_window(moments, 0.2) <= 20)
  end)

  it("tells all of a quota that one learned, and of a refusal that one met", function()
    local one, other = new(), new()
    one.observe("general", permits.headers(190, 10000))
    permits.assert_burst(95, other, "general")
    one.refused("search", 60)
    local wait, ticket = other.acquire "search"
    assert.is_true(wait > 59 and wait <= 61)
    assert.is_true((other.acquire("search", nil, ticket)) > 59)
    wait, ticket = other.acquire("search", 5)
    assert.is_true(wait > 59)
    assert.is_nil(ticket)
  end)

  it("has its rules from the other limiters", function()
    local limiter = new()
    permits.assert_burst(50, limiter, "general")
    permits.assert_burst(2, limiter, "search")
    local first, ticket = limiter.acquire "search"
    local second = limiter.acquire "search"
    assert.is_true(first > 0 and second > first + 0.1 and second < first + 0.3)
    assert.is_true((limiter.acquire("search", nil, ticket)) <= first)
    for _, seconds in ipairs { 0, -5, 0 / 0, -math.huge } do
      limiter.refused("general", seconds)
    end
    limiter.observe("general", permits.headers(0, -1, "x"))
    limiter.observe("search", permits.headers(190, 10000))
    assert.is_false(command("hget", key("search", "settings"), "limit"))
    assert.is_false(command("hget", key("general", "settings"), "limit"))
    assert.is_false(command("hget", key("general", "settings"), "closed"))
  end)

  it("counts apart what HubSpot exempts", function()
    local one, other = new(), new()
    one.refused("general", 60)
    permits.assert_burst(50, one, "exempt")
    assert.is_true((other.acquire("exempt", 0)) > 0)
    one.refused("exempt", 60)
    assert.is_true((other.acquire "exempt") > 59)
    permits.assert_burst(2, other, "search")
  end)

  it("makes who waits wait on when the first of them has to", function()
    local limiter = new()
    permits.take_all(limiter, "search")
    local wait, ticket = limiter.acquire "search"
    limiter.refused("search", 0.5)
    require("socket").sleep(wait)
    local rest = limiter.acquire("search", nil, ticket)
    assert.is_true(rest > 0)
    require("socket").sleep(rest + 0.001)
    assert.equal(0, (limiter.acquire("search", nil, ticket)))
  end)

  it("counts with what others send, as the answers tell", function()
    local limiter, taken = new(), 0
    for remaining = 80, 0, -2 do
      if limiter.acquire("general", 0) == 0 then taken = taken + 1 end
      limiter.observe("general", permits.headers(100, 10000, remaining))
    end
    assert.is_true(taken >= 24 and taken <= 26, tostring(taken))
  end)

  it("leaves keys that expire, and no token", function()
    local token = "pat-na1-00000000-1111-2222-3333-444444444444"
    local client = hubspot.new {
      token = token,
      limiter = new(),
      transport = function()
        return { status = 200, headers = permits.headers(190, 10000, 100), body = '{"id":"1","properties":{}}' }
      end,
    }
    assert(client.contacts:get(1))
    local keys = command("keys", "hubspot:{" .. name .. "}*")
    assert.equal(2, #keys)
    for _, one in ipairs(keys) do
      local left = command("pttl", one)
      assert.is_true(left > 0 and left <= 86400000)
    end
    assert.is_true(command("pttl", key("general", "permits")) < 15000)
    local everything = table.concat(command("hgetall", key("general", "settings")), " ")
      .. table.concat(command("lrange", key("general", "permits"), 0, -1), " ")
      .. table.concat(keys, " ")
    assert.is_nil(everything:find("pat-na1", 1, true))
    assert.is_nil(everything:find("4444-444444444444", 1, true))
  end)

  it("waits for a window when the server's clock was put back", function()
    local limiter = new()
    assert.equal(0, (limiter.acquire "general"))
    command("hset", key("general", "settings"), "clock", "99999999999.000000")
    local wait = limiter.acquire "general"
    assert.is_true(wait > 9 and wait < 11, tostring(wait))
  end)

  -- Asserts that a bucket is closed for what is left of a window.
  local function closed_for_a_window(limiter)
    local wait = limiter.acquire "general"
    assert.is_true(wait > 5 and wait < 11, tostring(wait))
  end

  it("waits for a window when the server lost its data, once for all who used it", function()
    for _, lose in ipairs {
      function() command "flushall" end,
      function() command("del", key("general", "permits"), key("general", "settings")) end,
      function() command("del", key("general", "settings")) end,
    } do
      command "flushall"
      local one, other, fresh = new(), new(), new()
      permits.assert_burst(50, one, "general")
      other.acquire("general", 0)
      lose()
      closed_for_a_window(one)
      local closed = command("hget", key("general", "settings"), "closed")
      closed_for_a_window(other)
      closed_for_a_window(one)
      -- A limiter that has not used it before learns of it.
      closed_for_a_window(fresh)
      assert.equal(closed, command("hget", key("general", "settings"), "closed"))
    end
  end)

  it("waits for a window when the server lost its permits alone", function()
    local one, fresh = new(), new()
    permits.assert_burst(50, one, "general")
    command("del", key("general", "permits"))
    closed_for_a_window(fresh)
    closed_for_a_window(one)
  end)

  it("sends at once when nothing was lost: at first, and after its permits have expired", function()
    local limiter = new()
    limiter.observe("general", permits.headers(10, 100))
    assert.equal(0, (limiter.acquire "general"))
    command("del", key("general", "permits"))
    require("socket").sleep(0.4)
    assert.equal(0, (limiter.acquire "general"))
  end)

  it("sends its script when the server does not have it", function()
    assert.equal(limiter_redis.SHA1, command("script", "load", limiter_redis.SCRIPT))
    local sent = {}
    local limiter = new {
      client = function(...)
        sent[#sent + 1] = (...)
        return command(...)
      end,
    }
    assert.equal(0, (limiter.acquire "general"))
    command("script", "flush")
    assert.equal(0, (limiter.acquire "general"))
    assert.equal(0, (limiter.acquire "general"))
    assert.same({ "evalsha", "evalsha", "eval", "evalsha" }, sent)
  end)

  it("throws where an option is wrong", function()
    local function throws(expected, options)
      misuse.throws("hubspot.limiter.redis.new: " .. expected, function() limiter_redis.new(options) end)
    end
    throws("takes either connect, a function that returns a connection, or client", {})
    throws("takes either connect", { client = command, connect = print })
    throws("client must be a Redis client, or a function that sends a command, got string", { client = "localhost" })
    throws("name must be", { client = command, name = "" })
    throws("unknown option clent; did you mean client?", { clent = command })
  end)
end)

describe("a Redis that is away", function()
  it("makes calls fail, and serves them again when it is back", function()
    local client = hubspot.new {
      token = "any",
      limiter = new(),
      transport = function()
        return { status = 200, headers = permits.headers(100, 100), body = '{"id":"1","properties":{}}' }
      end,
    }
    assert(client.contacts:get(1))
    server:kill()
    local contact, err = client.contacts:get(1)
    assert.is_nil(contact)
    assert.same({ "network", 1 }, { err.kind, err.attempts })
    assert.truthy(tostring(err):find("the limiter failed: Redis: ", 1, true))
    assert.truthy(tostring(err):find("fallback = true", 1, true))
    server:restart()
    assert(client.contacts:get(1))
  end)

  it("is replaced by this process's own bucket where that was asked for", function()
    local asked = 0
    local limiter = new {
      fallback = true,
      client = function(...)
        asked = asked + 1
        return command(...)
      end,
    }
    limiter.observe("general", permits.headers(190, 10000))
    for _ = 1, 45 do
      limiter.acquire "general"
    end
    server:kill()
    asked = 0
    permits.assert_burst(50, limiter, "general")
    limiter.observe("general", permits.headers(190, 10000))
    limiter.refused("search", 5)
    assert.is_true((limiter.acquire "search") > 4.5)
    -- One that does not answer is not asked each time.
    assert.is_true(asked <= 3, tostring(asked))
    server:restart()
    local deadline = os.time() + 30
    repeat
      limiter.acquire("general", 0)
      assert.is_true(os.time() < deadline)
    until command("exists", key("general", "settings")) == 1
  end)

  it("is connected to again", function()
    local connections = 0
    local limiter = limiter_redis.new {
      name = name,
      connect = function()
        connections = connections + 1
        local current = server:command()
        local connected, problem = current "ping"
        return connected and current, problem
      end,
    }
    -- The server loses the permits, so no request is sent for a window, which is a short one here.
    local function acquire_after_a_window()
      local wait, ticket = limiter.acquire "general"
      assert.is_true(wait > 0 and wait < 0.2, tostring(wait))
      while wait > 0 do
        require("socket").sleep(wait)
        wait, ticket = limiter.acquire("general", nil, ticket)
      end
    end
    assert.equal(0, (limiter.acquire "general"))
    limiter.observe("general", permits.headers(50, 100))
    assert.equal(0, (limiter.acquire "general"))
    assert.equal(1, connections)
    server:kill()
    local wait, problem = limiter.acquire "general"
    assert.is_nil(wait)
    assert.truthy(problem:find "^Redis: ")
    server:restart()
    acquire_after_a_window()
    server:kill()
    server:restart()
    acquire_after_a_window()
    -- The learned quota is not lost.
    assert.equal("50", tostring(command("hget", key("general", "settings"), "limit")):match "^%d+")
  end)

  it("is what a connect that throws or returns nothing tells of", function()
    local limiter = limiter_redis.new { connect = function() error("no route", 0) end }
    assert.same({ nil, "Redis: no route" }, { limiter.acquire "general" })
    limiter = limiter_redis.new { connect = function() return nil, "refused" end }
    assert.same({ nil, "Redis: refused" }, { limiter.acquire "general" })
    limiter = limiter_redis.new { connect = function() end }
    assert.same({ nil, "Redis: connect returned nothing" }, { limiter.acquire "general" })
  end)

  it("is also one that answers with an error or with nonsense", function()
    local limiter = new { client = function() return nil, "LOADING Redis is loading the dataset in memory" end }
    assert.same({ nil, "Redis: LOADING Redis is loading the dataset in memory" }, { limiter.acquire "general" })
    limiter = new { client = function() return "OK" end }
    assert.same({ nil, "Redis: a reply that is no list" }, { limiter.acquire "general" })
  end)
end)

describe("the limiter in Redis takes", function()
  local has_lua_redis, lua_redis = pcall(require, "redis")
  if has_lua_redis then
    it("lua-redis, whose methods throw", function()
      command("script", "flush")
      local limiter = limiter_redis.new { name = name, client = lua_redis.connect("127.0.0.1", server.port) }
      permits.assert_burst(50, limiter, "general")
      limiter = limiter_redis.new {
        name = name,
        connect = function() return lua_redis.connect("127.0.0.1", server.port) end,
      }
      permits.assert_burst(2, limiter, "search")
      server:kill()
      local wait, problem = limiter.acquire "search"
      assert.is_nil(wait)
      assert.truthy(problem:find "^Redis: ")
      server:restart()
      -- It is there again, and has lost what was sent.
      assert.is_true((limiter.acquire "search") > 0)
    end)
  end

  it("nginx.redis, whose methods return nil and an error, and a function that takes one from a pool", function()
    command("script", "flush")
    local host = nginx.start {
      server = ([[
      location / { content_by_lua_block {
        local nginx_redis = require "nginx.redis"
        local limiter_redis = require "hubspot.limiter.redis"
        local function connect()
          local connection = nginx_redis:new()
          local connected, problem = connection:connect("127.0.0.1", %d)
          if not connected then return nil, problem end
          return connection
        end
        local function take_all(limiter, bucket)
          for taken = 0, 1000 do
            local wait, problem = limiter.acquire(bucket, 0)
            assert(wait, problem)
            if wait > 0 then return taken end
          end
        end
        ngx.say(take_all(limiter_redis.new { name = "%s", client = connect() }, "general"))
        ngx.say(take_all(limiter_redis.new { name = "%s", client = function(name, ...)
          local connection, problem = connect()
          if not connection then return nil, problem end
          local reply
          reply, problem = connection[name](connection, ...)
          connection:set_keepalive(10000, 10)
          return reply, problem
        end }, "search"))
        ngx.say(limiter_redis.new({ client = function() return nil, "refused" end }).acquire "general")
      } }
    ]]):format(server.port, name, name),
    }
    local answer = host:get "/"
    local log = host:error_log()
    host:stop()
    assert.equal("50\n2\nnilRedis: refused\n", answer, log)
  end)
end)
