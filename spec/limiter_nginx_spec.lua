local http = require "socket.http"
local nginx = require "spec.support.nginx"
local permits = require "spec.support.permits"
local socket = require "socket"

local WORKERS = 4

-- "/run" with Lua source as its query runs that in one worker, where `limiter` is one. "/take" takes permits as fast as
-- it can, in all workers at once.
local LOCATIONS = [[
  location /run { content_by_lua_block {
    local nginx = require "hubspot.limiter.nginx"
    local source = ngx.unescape_uri(ngx.var.args)
    local chunk = assert(loadstring("local nginx, limiter = ... " .. source))
    local results = { pcall(chunk, nginx, nginx.new { dict = "limits", name = "run" }) }
    for index = 1, table.maxn(results) do ngx.say(tostring(results[index])) end
  } }
]]

local TAKE = ([[
  init_worker_by_lua_block {
    %s
    assert(ngx.timer.at(0, function()
      local limiter = require("hubspot.limiter.nginx").new { dict = "limits", name = "take" }
      -- All begin at the same time, on the same second.
      limiter.observe("general", { ["x-hubspot-ratelimit-max"] = "20",
        ["x-hubspot-ratelimit-interval-milliseconds"] = "200" })
      while ngx.shared.results:get "begin" ~= true do ngx.sleep(0.001) end
      take_for(limiter, 1.5, function(moment) ngx.shared.results:rpush("moments", moment) end)
      ngx.shared.results:incr("ended", 1, 0)
    end))
  }
]]):format(permits.TAKE)

local server

local function run(source)
  local answer = assert(
    server:get("/run?" .. source:gsub("[^%w]", function(character) return ("%%%02X"):format(character:byte()) end))
  )
  local lines = {}
  for line in answer:gmatch "([^\n]*)\n" do
    lines[#lines + 1] = line
  end
  return (table.unpack or unpack)(lines)
end

-- As `permits.assert_burst` does.
local function assert_burst(expected, succeeded, taken)
  assert.equal("true", succeeded, taken)
  taken = tonumber(taken)
  assert.is_true(taken >= expected and taken < 2 * expected, ("%d instead of %d"):format(taken, expected))
end

describe("the limiter in nginx", function()
  before_each(
    function()
      server = nginx.start {
        workers = WORKERS,
        http = "lua_shared_dict limits 1m; lua_shared_dict tiny 12k;",
        server = LOCATIONS,
      }
    end
  )

  after_each(function() server:stop() end)

  local TAKE_ALL = [[
    local taken = 0
    while true do
      local wait, problem = limiter.acquire(bucket, 0)
      assert(wait, problem)
      if wait > 0.002 then break end
      if wait == 0 then taken = taken + 1 end
    end
    return taken
  ]]

  it("is one for all workers, and outlives a reload and the death of a worker", function()
    assert_burst(50, run("local bucket = 'general' " .. TAKE_ALL))
    local pids = server:workers()
    assert.equal(WORKERS, #pids)
    os.execute("kill -9 " .. pids[1])
    server:reload()
    -- Some may have become free by now, but no burst.
    local _, taken = run("local bucket = 'general' " .. TAKE_ALL)
    assert.is_true(tonumber(taken) < 50, taken)
    assert_burst(2, run("local bucket = 'search' " .. TAKE_ALL))
  end)

  it("tells all of a quota that one learned, and of a refusal that one met", function()
    run [[limiter.observe("general", { ["x-hubspot-ratelimit-max"] = "190" })]]
    assert_burst(95, run("local bucket = 'general' " .. TAKE_ALL))
    run [[limiter.refused("search", 60)]]
    local _, wait = run [[return limiter.acquire "search"]]
    assert.is_true(tonumber(wait) > 59 and tonumber(wait) <= 61)
  end)

  it("counts apart what HubSpot exempts", function()
    run [[limiter.refused("general", 60)]]
    assert_burst(50, run("local bucket = 'exempt' " .. TAKE_ALL))
    run [[limiter.refused("exempt", 60)]]
    local _, wait = run [[return limiter.acquire "exempt"]]
    assert.is_true(tonumber(wait) > 59, wait)
    assert_burst(2, run("local bucket = 'search' " .. TAKE_ALL))
  end)

  it("has a quota for each name", function()
    run("local bucket = 'general' " .. TAKE_ALL)
    local _, wait = run [[return nginx.new({ dict = "limits", name = "another" }).acquire "general"]]
    assert.equal("0", wait)
  end)

  it("waits for a window when the dictionary was emptied, once for all who used it", function()
    local _, one, other, late = run [[
      local another = nginx.new { dict = "limits", name = "run" }
      for _ = 1, 50 do limiter.acquire("general", 0) end
      another.acquire("general", 0)
      ngx.shared.limits:flush_all()
      local one = limiter.acquire "general"
      ngx.sleep(0.5)
      return one, (another.acquire "general"), (limiter.acquire "general")
    ]]
    assert.is_true(tonumber(one) > 9, one)
    assert.is_true(tonumber(other) > 9 - 0.5 and tonumber(late) > 9 - 0.5, other)
    -- From when it was emptied on, not from when one noticed.
    local _, fresh = run [[return limiter.acquire "general"]]
    assert.is_true(tonumber(fresh) < 10.5, fresh)
  end)

  it("takes the permit of a worker that died before it said when it was for a late one", function()
    run [[
      limiter.acquire "search"
      ngx.shared.limits:incr("run\nsearch\nlatest", 1)
    ]]
    local _, taken = run("local bucket = 'search' " .. TAKE_ALL)
    assert.is_true(tonumber(taken) < 2, taken)
    local _, wait = run [[return limiter.acquire "search"]]
    assert.is_true(tonumber(wait) < 1.1, wait)
  end)

  it("fails when its dictionary is full, or takes a bucket of the worker's where that was asked for", function()
    local _, wait, problem = run [[
      local number = 0
      for size = 11, 0, -1 do
        repeat number = number + 1 until not ngx.shared.tiny:safe_set("x" .. number, ("x"):rep(2 ^ size))
      end
      return nginx.new({ dict = "tiny" }).acquire "general"
    ]]
    assert.equal("nil", wait)
    assert.truthy(problem:find "^the shared dictionary: ")
    assert_burst(
      50,
      run("limiter = nginx.new { dict = 'tiny', fallback = true } local bucket = 'general' " .. TAKE_ALL)
    )
  end)

  it("throws where an option is wrong, and outside of nginx", function()
    local _, message = run [[return select(2, pcall(nginx.new, { dict = "limit" }))]]
    assert.truthy(message:find("there is no dictionary limit; put `lua_shared_dict limit 1m;` into", 1, true))
    _, message = run [[return select(2, pcall(nginx.new, {}))]]
    assert.truthy(message:find("option dict is missing", 1, true))
    local succeeded
    succeeded, message = pcall(require("hubspot.limiter.nginx").new, { dict = "limits" })
    assert.is_false(succeeded)
    assert.truthy(message:find("only nginx with Lua has shared dictionaries", 1, true))
  end)
end)

describe("workers that take permits of one limiter as fast as they can", function()
  it("never get more than the quota in any window", function()
    server = nginx.start {
      workers = WORKERS,
      http = "lua_shared_dict limits 1m; lua_shared_dict results 1m;" .. TAKE,
      server = [[
        location /begin { content_by_lua_block { ngx.shared.results:set("begin", true) } }
        location /ended { content_by_lua_block { ngx.say(ngx.shared.results:get "ended" or 0) } }
        location /moments { content_by_lua_block {
          repeat
            local moment = ngx.shared.results:lpop "moments"
            if moment then ngx.say(moment) end
          until not moment
        } }
      ]],
    }
    http.request(server.url .. "/begin")
    local deadline = socket.gettime() + 30
    while tonumber((server:get "/ended")) ~= WORKERS do
      assert(socket.gettime() < deadline, server:error_log())
      socket.sleep(0.05)
    end
    local moments = {}
    for line in server:get("/moments"):gmatch "%S+" do
      moments[#moments + 1] = line
    end
    local log = server:error_log()
    server:stop()
    assert.is_nil(log:find("[error]", 1, true), log)
    assert.is_true(#moments > 40, tostring(#moments))
    assert.is_true(permits.largest_window(moments, 0.2) <= 20)
  end)
end)
