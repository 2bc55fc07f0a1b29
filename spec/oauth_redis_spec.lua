-- Several processes with one token: a real Redis, real processes, the sandbox behind a socket.

local core = require "hubspot.core"
local oauth_redis = require "hubspot.oauth.redis"
local redis = require "spec.support.redis"
local sandbox = require "spec.support.sandbox"
local throws = require("spec.support.misuse").throws

local APP = {
  client_id = "the-app",
  client_secret = "the-secret-of-the-app",
  refresh_token = "the-refresh-token",
  code = "the-code-of-the-user",
  redirect_uri = "https://example.org/back",
}

local PROCESSES = 4

local WORKER = [[
local port, url = ...
local hubspot = require "hubspot"
local renewals = 0
local client = hubspot.new {
  base_url = url, limiter = false,
  oauth = {
    on_refresh = function() renewals = renewals + 1 end,
    client_id = "the-app", client_secret = "the-secret-of-the-app", refresh_token = "the-refresh-token",
    share = require("hubspot.oauth.redis").new {
      client = require("spec.support.redis").command(tonumber(port)), name = "account",
    },
  },
}
local items = {}
for index = 1, 50 do items[index] = index end
local failed = 0
for _ = 1, 3 do
  local _, errors = client:map(items, function()
    local contact, err = client.contacts:all({ max = 1 }):next()
    return contact and true, err
  end, { concurrency = 50 })
  for _, err in pairs(errors) do
    failed = failed + 1
    io.stderr:write(tostring(err), "\n")
  end
  client:pause(0.5)
end
print(failed, renewals)
]]

local server, store

setup(function()
  server = sandbox.start {}
  store = redis.start()
end)

teardown(function()
  server:stop()
  store:stop()
end)

before_each(function()
  local app = { expires_in = 1 }
  for name, value in pairs(APP) do
    app[name] = value
  end
  server:reset { contacts = 5, oauth = app }
  server:clear_requests()
  store:command() "flushall"
end)

local function write_worker()
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(WORKER)
  file:close()
  return path
end

describe("processes that share an access token in Redis", function()
  it("renew once for all, at each expiry", function()
    local path, pipes, began = write_worker(), {}, core.now()
    for index = 1, PROCESSES do
      pipes[index] = assert(io.popen(("%s %s %d %s 2>&1"):format(sandbox.interpreter(), path, store.port, server.url)))
    end
    local renewals = 0
    for _, pipe in ipairs(pipes) do
      local text = pipe:read "*a"
      local failed, count = text:match "^(%d+)%s+(%d+)\n$"
      assert.equal("0", failed, text)
      renewals = renewals + tonumber(count)
      pipe:close()
    end
    os.remove(path)
    -- No more than one in each life of a token, which is renewed a tenth before its end.
    assert.is_true(renewals >= 2 and renewals <= (core.now() - began) / 0.9 + 1, tostring(renewals))
  end)
end)

describe("a share in Redis", function()
  local function new_share(name) return oauth_redis.new { client = store:command(), name = name or "account" } end

  local TOKENS = { access_token = "a-token", refresh_token = "r-token", renew_in = 60 }

  it("gives what another one wrote, as long as it is good", function()
    local one, two = new_share(), new_share()
    assert.is_nil((two.read()))
    assert.is_true(one.write(TOKENS))
    local stored = two.read()
    assert.same({ "a-token", "r-token" }, { stored.access_token, stored.refresh_token })
    assert.is_true(stored.renew_in > 50 and stored.renew_in <= 60)
    assert.is_nil((new_share("another account").read()))
    one.write { access_token = "a", refresh_token = "r", renew_in = 0.001 }
    local deadline = os.time() + 10
    while two.read() and os.time() < deadline do
    end
    assert.is_nil((two.read()))
  end)

  it("is locked by one at a time, who alone unlocks it", function()
    local one, two = new_share(), new_share()
    local lock = one.lock(10)
    assert.is_string(lock)
    assert.is_false(two.lock(10))
    two.unlock "another lock"
    assert.is_false(two.lock(10))
    one.unlock(lock)
    lock = two.lock(10)
    assert.is_string(lock)
    two.unlock(lock)
  end)

  it("is locked by one of those who share a connection, or were forked from one process", function()
    local share = new_share()
    local lock = share.lock(10)
    assert.is_string(lock)
    assert.is_false(share.lock(10))
    share.unlock(lock)
  end)

  it("keeps a lock for longer, for who holds it", function()
    local share, command = new_share(), store:command()
    local lock = share.lock(10)
    share.extend("another lock", 100)
    assert.is_true(command("pttl", "hubspot:{account}:oauth:lock") <= 10000)
    share.extend(lock, 100)
    assert.is_true(command("pttl", "hubspot:{account}:oauth:lock") > 100000)
    share.unlock(lock)
  end)

  -- A connection on which the reply to the first SET gets lost, after Redis carried it out.
  local function losing_connection(lost)
    local command = store:command()
    return setmetatable({}, {
      __index = function(_, name)
        return function(_, ...)
          local reply, problem = command(name, ...)
          if name == "set" and not lost.already then
            lost.already = true
            return nil, "timeout"
          end
          return reply, problem
        end
      end,
    })
  end

  it("knows its own lock where the reply got lost", function()
    local lost = {}
    local share = oauth_redis.new { connect = function() return losing_connection(lost) end, name = "account" }
    -- There is a connection, which may have met its end: the command is sent again.
    assert.is_nil((share.read()))
    local lock = share.lock(10)
    assert.is_true(lost.already)
    assert.is_string(lock)
    assert.is_false(new_share().lock(10))
    share.unlock(lock)
    assert.is_string((new_share().lock(10)))
  end)

  it("leaves no lock where it can't know that it has it", function()
    local share = oauth_redis.new { client = losing_connection {}, name = "account" }
    local lock, err = share.lock(10)
    assert.is_nil(lock)
    assert.equal("network", err.kind)
    assert.is_string((new_share().lock(10)))
  end)

  it("tells where Redis can't be reached", function()
    local share = oauth_redis.new { client = redis.command(1), name = "account" }
    for _, name in ipairs { "read", "lock", "write" } do
      local value, err = share[name](name == "write" and TOKENS or 1)
      assert.is_nil(value)
      assert.equal("network", err.kind)
      assert.truthy(tostring(err):find("the access token can't be shared: Redis: ", 1, true))
    end
  end)

  it("refuses what it can't take", function()
    throws("hubspot.oauth.redis.new: option name is missing", function() oauth_redis.new {} end)
    throws("hubspot.oauth.redis.new: takes either connect", function() oauth_redis.new { name = "x" } end)
  end)
end)
