local core = require "hubspot.core"
local file = require "hubspot.limiter.file"
local hubspot = require "hubspot"
local misuse = require "spec.support.misuse"
local permits = require "spec.support.permits"
local sandbox = require "spec.support.sandbox"
local socket = require "socket"

local has_posix, unistd = pcall(require, "posix.unistd")

local PROCESSES = 4

local folder, path

local function read_all(name)
  local handle = io.open(name, "rb")
  if not handle then return nil end
  local text = handle:read "*a"
  handle:close()
  return text
end

local function write(name, text)
  local handle = assert(io.open(name, "wb"))
  handle:write(text)
  handle:close()
end

local function output_of(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "*a"
  pipe:close()
  return text
end

-- Starts a process that runs Lua source, with the path of the limiter's file as its argument.
local started = 0
local function start(source)
  started = started + 1
  local script = ("%s/process-%d.lua"):format(folder, started)
  write(script, source)
  return assert(io.popen(("%s %s '%s'"):format(sandbox.interpreter(), script, path)))
end

local function wait_for(condition)
  local deadline = socket.gettime() + 30
  while not condition() do
    assert(socket.gettime() < deadline, "it did not come to that")
    socket.sleep(0.01)
  end
end

before_each(function()
  folder = output_of("mktemp -d"):match "[^\n]+"
  path = folder .. "/limiter"
end)

after_each(function() os.execute("rm -rf '" .. folder .. "'") end)

describe("the limiter in a file", function()
  it("gives the permits of one quota to several processes", function()
    file.new({ path = path }).observe("general", permits.headers(20, 200))
    local pipes, moments = {}, {}
    for index = 1, PROCESSES do
      pipes[index] = start(permits.TAKE .. [[
        local limiter = require("hubspot.limiter.file").new { path = arg[1] }
        take_for(limiter, 1.5, print)
      ]])
    end
    for _, pipe in ipairs(pipes) do
      for line in pipe:lines() do
        moments[#moments + 1] = line
      end
      pipe:close()
    end
    assert.is_true(#moments > 40, tostring(#moments))
    assert.is_true(permits.largest_window(moments, 0.2) <= 20)
  end)

  it("tells all of a quota that one learned, and of a refusal that one met", function()
    local one, other = file.new { path = path }, file.new { path = path }
    one.observe("general", permits.headers(190, 10000))
    permits.assert_burst(95, other, "general")
    one.refused("search", 60)
    local wait = other.acquire "search"
    assert.is_true(wait > 59 and wait <= 61)
  end)

  it("counts apart what HubSpot exempts", function()
    local one, other = file.new { path = path }, file.new { path = path }
    one.refused("general", 60)
    permits.assert_burst(50, one, "exempt")
    assert.is_true((other.acquire("exempt", 0)) > 0)
    one.refused("exempt", 60)
    assert.is_true((other.acquire "exempt") > 59)
    permits.assert_burst(2, other, "search")
  end)

  it("keeps the order of those who wait", function()
    local one, other = file.new { path = path }, file.new { path = path }
    permits.take_all(one, "search")
    local first = one.acquire "search"
    local second, ticket = other.acquire "search"
    assert.is_true(second > first)
    local again = one.acquire("search", nil, ticket)
    assert.is_true(again > 0 and again <= second)
  end)

  it("is for its owner only, and holds no token", function()
    local server = sandbox.start { contacts = 1, quota = "100/10" }
    local token = "pat-na1-00000000-1111-2222-3333-444444444444"
    local client = hubspot.new { token = token, base_url = server.url, limiter = file.new { path = path } }
    assert(client.contacts:all():next())
    server:stop()
    assert.truthy(output_of("ls -l " .. path):find "^%-rw%-%-%-%-%-%-%-")
    local text = read_all(path)
    assert.truthy(text:find "^hubspot limiter")
    assert.is_nil(text:find("pat-na1", 1, true))
    -- Its numbers may have four digits of the token by chance.
    assert.is_nil(text:find("4444-444444444444", 1, true))
  end)

  it("continues when a process is killed that holds the lock", function()
    local limiter = file.new { path = path }
    assert.equal(0, limiter.acquire "general")
    local held = folder .. "/held"
    local pipe = start(([[
      local core = require "hubspot.core"
      core.update_file(arg[1], function()
        local handle = io.open("%s", "w")
        handle:write(io.open("/proc/self/stat"):read "*n")
        handle:close()
        while true do end
      end)
    ]]):format(held))
    wait_for(function() return (read_all(held) or "") ~= "" end)
    local wait, ticket = limiter.acquire("general", nil, 5)
    assert.is_true(wait > 0 and wait < 0.01)
    assert.equal(5, ticket)
    limiter.observe("general", permits.headers(190, 10000))
    limiter.refused("general", 5)
    os.execute("kill -9 " .. read_all(held))
    pipe:close()
    permits.assert_burst(49, limiter, "general")
  end)

  it("survives processes that are killed at any moment", function()
    local limiter = file.new { path = path }
    for _ = 1, 8 do
      local pid_file = folder .. "/pid"
      os.remove(pid_file)
      local pipe = start(([[
        local limiter = require("hubspot.limiter.file").new { path = arg[1] }
        local handle = io.open("%s", "w")
        handle:write(io.open("/proc/self/stat"):read "*n")
        handle:close()
        while true do
          limiter.acquire("general", 0)
          limiter.acquire("search", 1)
        end
      ]]):format(pid_file))
      wait_for(function() return (read_all(pid_file) or "") ~= "" end)
      socket.sleep(math.random() * 0.02)
      os.execute("kill -9 " .. read_all(pid_file))
      pipe:close()
      assert.is_number((limiter.acquire("general", 0)))
      assert.truthy(read_all(path):find "\nend\n$")
    end
  end)

  it("begins a file anew that was cut off, and waits for a window, since what was sent is not known", function()
    for _ = 1, 60 do
      file.new({ path = path }).acquire "general"
    end
    local whole = read_all(path)
    for _, length in ipairs { 1, 10, 20, 60, #whole - 5, #whole - 1 } do
      write(path, whole:sub(1, length))
      local wait = file.new({ path = path }).acquire "general"
      assert.is_true(wait > 9 and wait < 11, tostring(wait))
    end
    write(path, (whole:gsub("(.)%d", "%1x"):gsub("x\n", "2\n", 1)))
    assert.is_true((file.new({ path = path }).acquire "general") > 9)
    write(path, ("\0"):rep(4096))
    assert.is_true((file.new({ path = path }).acquire "general") > 9)
    write(path, "")
    assert.equal(0, (file.new({ path = path }).acquire "general"))
  end)

  -- Asserts that a bucket is closed for one window, and not for longer.
  local function closed_for_a_window(limiter, bucket, seconds)
    local wait = limiter.acquire(bucket)
    assert.is_true(wait > seconds / 2 and wait < seconds + 1, tostring(wait))
  end

  local function rewrite(pattern, replacement)
    local text, count = read_all(path):gsub(pattern, replacement, 1)
    assert.equal(1, count, pattern)
    write(path, text)
  end

  it("forgets times of before the machine was started, and waits for a window", function()
    local limiter = file.new { path = path }
    limiter.refused("general", 3000)
    assert.is_true((limiter.acquire "general") > 2900)
    rewrite("\n[%w-]+ ", "\n3d1a5a9c-0000-4000-8000-000000000000 ")
    closed_for_a_window(limiter, "general", 10)
  end)

  it("forgets times that can't be, and waits for a window", function()
    local limiter = file.new { path = path }
    limiter.refused("search", 1)
    rewrite("\n5 1000000 %d+", "\n5 1000000 999999999999999999")
    closed_for_a_window(limiter, "search", 1)
    assert.equal(0, limiter.acquire "general")
    -- So does a stamp that lies ahead.
    rewrite("%d+\n5 1000000", ("%.0f\n5 1000000"):format((core.now() + 100) * 1e6))
    closed_for_a_window(limiter, "general", 10)
  end)

  it("believes no quota in its file that no answer may tell", function()
    for _, quota in ipairs {
      "100 315360000000000",
      "100 61000000",
      "100 999",
      "0 10000000",
      "501 10000000",
      "999999999999 10000000",
    } do
      os.remove(path)
      file.new({ path = path }).acquire "general"
      rewrite("\n100 10000000 ", "\n" .. quota .. " ")
      closed_for_a_window(file.new { path = path }, "general", 10)
    end
  end)

  it("waits for a window when the file was taken away, once for all who used it", function()
    for _, lose in ipairs { function() os.remove(path) end, function() write(path, "") end } do
      os.remove(path)
      local one, other, fresh = file.new { path = path }, file.new { path = path }, file.new { path = path }
      permits.assert_burst(50, one, "general")
      other.acquire("general", 0)
      lose()
      -- A limiter that has not used it before knows of nothing.
      assert.equal(0, fresh.acquire "general")
      closed_for_a_window(one, "general", 10)
      local before = read_all(path):match "\n100 10000000 (%S+)"
      closed_for_a_window(other, "general", 10)
      assert.equal(before, read_all(path):match "\n100 10000000 (%S+)")
    end
  end)

  describe("when the time of day is set", function()
    local now, time, open = core.now, os.time, io.open

    after_each(function()
      core.now = now
      rawset(os, "time", time)
      rawset(io, "open", open)
    end)

    -- The most permits within ten seconds of a minute in which 300 ask, while the time of day is put ahead or back.
    local function most_within_a_window(step)
      local moment, stepped = now(), 0
      local beginning, wall = moment, time()
      core.now = function() return moment end
      rawset(os, "time", function() return math.floor(wall + moment - beginning + stepped) end)
      local limiter = file.new { path = path }
      local waiting, taken, largest = {}, {}, 0
      for index = 1, 300 do
        waiting[index] = { at = moment }
      end
      while moment < beginning + 40 do
        if moment > beginning + 6 then stepped = step end
        for _, one in ipairs(waiting) do
          if one.at <= moment then
            local seconds, ticket = limiter.acquire("general", 1000, one.ticket)
            assert(seconds, ticket)
            if seconds <= 0 then taken[#taken + 1] = moment end
            one.at, one.ticket = seconds > 0 and moment + seconds or math.huge, ticket
          end
        end
        moment = moment + 0.02
      end
      for first = 1, #taken do
        local last = first
        while taken[last + 1] and taken[last + 1] < taken[first] + 10 do
          last = last + 1
        end
        largest = math.max(largest, last - first + 1)
      end
      return largest, #taken
    end

    it("keeps to the quota, and continues", function()
      for _, step in ipairs { 120, -120, 86400 * 365 } do
        os.remove(path)
        local largest, count = most_within_a_window(step)
        assert.is_true(largest <= 100, ("%d after %d seconds"):format(largest, step))
        assert.equal(300, count)
      end
    end)

    it("keeps to the quota where the system does not name its boots", function()
      rawset(io, "open", function(name, ...)
        if name:find "boot_id$" then return nil end
        return open(name, ...)
      end)
      for _, step in ipairs { 120, -120 } do
        os.remove(path)
        local largest = most_within_a_window(step)
        assert.is_true(largest <= 100, ("%d after %d seconds"):format(largest, step))
      end
      -- A smaller step is an adjustment, by which nothing is forgotten.
      os.remove(path)
      local _, count = most_within_a_window(5)
      assert.equal(300, count)
    end)
  end)

  it("leaves a file alone that is something else", function()
    local limiter = file.new { path = path }
    local contents = { "my diary\n", "hubspot limits\n", ("x"):rep(3 * 1024 * 1024), "\0\0\1" }
    for _, content in ipairs(contents) do
      write(path, content)
      local wait, message = limiter.acquire "general"
      assert.is_nil(wait)
      assert.truthy(message:find("is not the file of a limiter", 1, true))
      limiter.observe("general", permits.headers(190, 10000))
      limiter.refused("general", 1)
      assert.equal(content, read_all(path))
    end
  end)

  it("says what is wrong with a path, in the error of a call", function()
    os.execute(("ln -s '%s/elsewhere' '%s/link'"):format(folder, folder))
    for _, name in ipairs { folder .. "/none/limiter", folder, folder .. "/link" } do
      local client = hubspot.new { token = "any", limiter = file.new { path = name }, transport = function() end }
      local contact, err = client.contacts:get(1)
      assert.is_nil(contact)
      assert.same({ "network", 1 }, { err.kind, err.attempts })
      assert.truthy(tostring(err):find("can't open " .. name, 1, true))
    end
    assert.is_nil(read_all(folder .. "/elsewhere"))
  end)

  it("keeps to the quota within this process where that was asked for", function()
    local limiter = file.new { path = folder .. "/none/limiter", fallback = true }
    limiter.observe("general", permits.headers(20, 10000))
    permits.assert_burst(10, limiter, "general")
    limiter.refused("search", 30)
    local wait, ticket = limiter.acquire "search"
    assert.is_true(wait > 29)
    assert.is_true((limiter.acquire("search", nil, ticket)) > 29)
  end)

  it("comes back from the process's own bucket, which knew what was sent", function()
    local limiter = file.new { path = path, fallback = true }
    permits.assert_burst(50, limiter, "general")
    local _, ticket = limiter.acquire "general"
    os.execute(("mv '%s' '%s.away' && mkdir '%s'"):format(path, path, path))
    assert.is_number((limiter.acquire("general", nil, ticket)))
    assert.is_true(permits.take_all(limiter, "general") < 50)
    os.execute(("rmdir '%s' && mv '%s.away' '%s'"):format(path, path, path))
    local before = read_all(path)
    wait_for(function()
      limiter.acquire "general"
      return read_all(path) ~= before
    end)
  end)

  it("throws where an option is wrong", function()
    misuse.throws("hubspot.limiter.file.new: option path is missing", function() file.new() end)
    misuse.throws("hubspot.limiter.file.new: path must be a string", function() file.new { path = "" } end)
    misuse.throws(
      "hubspot.limiter.file.new: unknown option pat; did you mean path?",
      function() file.new { pat = "x" } end
    )
  end)

  if has_posix and unistd.fork then
    it("is one for a process and its fork", function()
      local wait_module = require "posix.sys.wait"
      local limiter = file.new { path = path }
      local function take(count)
        for _ = 1, count do
          -- Tries again, since the other process may hold the lock for long.
          repeat
          until limiter.acquire("general", 0) == 0
        end
      end
      take(1)
      local child = unistd.fork()
      if child == 0 then
        take(19)
        unistd._exit(0)
      end
      take(20)
      wait_module.wait(child)
      permits.assert_burst(10, limiter, "general")
    end)
  end
end)

describe("hubspot.limiter.file.check", function()
  it("makes the file where there is none, and leaves others as they are", function()
    assert.is_true(file.check(path))
    assert.equal("", read_all(path))
    file.new({ path = path }).acquire("general", 0)
    local content = read_all(path)
    assert.is_true(file.check(path))
    assert.equal(content, read_all(path))
    write(path, "email\n")
    assert.same({ nil, path .. " is not the file of a limiter; name another one" }, { file.check(path) })
    assert.equal("email\n", read_all(path))
    assert.same(
      { nil, ("can't open %s/no/limiter: No such file or directory"):format(folder) },
      { file.check(folder .. "/no/limiter") }
    )
  end)

  it("waits for nobody", function()
    core.update_file(path, function() assert.is_true(file.check(path)) end)
  end)
end)

describe("core.update_file", function()
  it("gives the content, and puts another in its place", function()
    assert.same({ "first", nil, 3 }, {
      core.update_file(path, function(content)
        assert.equal("", content)
        return "a longer text", "first", nil, 3
      end),
    })
    core.update_file(path, function(content)
      assert.equal("a longer text", content)
      return "short\0"
    end)
    assert.equal("short\0", read_all(path))
    assert.equal(0, select("#", core.update_file(path, function() end)))
    assert.equal(1, select("#", core.update_file(path, function() return nil, false end)))
    assert.equal("short\0", read_all(path))
  end)

  it("gives the lock back when the function throws", function()
    local thrown = {}
    local succeeded, value = pcall(core.update_file, path, function() error(thrown) end)
    assert.is_false(succeeded)
    assert.equal(thrown, value)
    assert.equal("again", core.update_file(path, function() return nil, "again" end))
  end)

  it("does not wait for itself", function()
    core.update_file(path, function()
      local result, message, reason = core.update_file(path, function() return "inner" end)
      assert.is_nil(result)
      assert.equal("busy", reason)
      assert.truthy(message:find("can't lock", 1, true))
      return "outer"
    end)
    assert.equal("outer", read_all(path))
  end)

  it("leaves no descriptor open", function()
    local function count() return tonumber(output_of "ls /proc/$PPID/fd | wc -l") end
    local before = count()
    for _ = 1, 50 do
      core.update_file(path, function() return "x" end)
      pcall(core.update_file, path, function() error "x" end)
      core.update_file(folder, function() return "x" end)
    end
    -- Of 150; another one may belong to what ran before.
    assert.is_true(count() < before + 10)
  end)
end)

describe("core.lock_file", function()
  it("keeps others from the file until it is closed, or forgotten", function()
    local lock = assert(core.lock_file(path))
    assert.equal("", read_all(path))
    local other, message, reason = core.lock_file(path)
    assert.same(
      { nil, ("can't lock %s: Resource temporarily unavailable"):format(path), "busy" },
      { other, message, reason }
    )
    assert.equal("busy", select(3, core.update_file(path, function() end)))
    lock:close()
    lock:close()
    assert(core.lock_file(path))
    collectgarbage()
    collectgarbage()
    assert(core.lock_file(path)):close()
  end)

  if has_posix and unistd.fork then
    it("stays with the process that has it where a fork of it ends", function()
      local wait_module = require "posix.sys.wait"
      local lock = assert(core.lock_file(path))
      local child = unistd.fork()
      if child == 0 then
        lock:close()
        unistd._exit(0)
      end
      wait_module.wait(child)
      assert.equal("busy", select(3, core.lock_file(path)))
      lock:close()
      assert(core.lock_file(path)):close()
    end)
  end

  it("is of the file that has the name", function()
    local lock = assert(core.lock_file(path))
    os.remove(path)
    local another = assert(core.lock_file(path))
    lock:close()
    assert.equal("busy", select(3, core.lock_file(path)))
    another:close()
  end)

  it("ends with the process that has it", function()
    local held = folder .. "/held"
    local pipe = start(([[
      local core = require "hubspot.core"
      local lock = assert(core.lock_file(arg[1]))
      local handle = io.open("%s", "w")
      handle:write(io.open("/proc/self/stat"):read "*n")
      handle:close()
      while lock do end
    ]]):format(held))
    wait_for(function() return (read_all(held) or "") ~= "" end)
    assert.equal("busy", select(3, core.lock_file(path)))
    os.execute("kill -9 " .. read_all(held))
    pipe:close()
    assert(core.lock_file(path)):close()
  end)

  it("says what keeps it from the file, and leaves no descriptor open", function()
    local missing = folder .. "/no/file"
    assert.same({ nil, ("can't open %s: No such file or directory"):format(missing) }, { core.lock_file(missing) })
    local function count() return tonumber(output_of "ls /proc/$PPID/fd | wc -l") end
    local before = count()
    for _ = 1, 50 do
      local lock = core.lock_file(path)
      core.lock_file(path)
      core.lock_file(folder)
      lock:close()
    end
    assert.is_true(count() < before + 10)
  end)
end)
