local engine_fixture = require "spec.support.engine_fixture"
local hubspot_engine = require "hubspot.engine"
local socket = require "socket"

local has_posix, posix = pcall(require, "posix")
local LUAJIT = rawget(_G, "jit") ~= nil

local ECHO = engine_fixture.ECHO
local SILENT = engine_fixture.SILENT
local serve = engine_fixture.serve
local new_engine = engine_fixture.new_engine
local request = engine_fixture.request
local step_until = engine_fixture.step_until
local finish = engine_fixture.finish
local exchange = engine_fixture.exchange
local contains = engine_fixture.contains
local run_alone = engine_fixture.run_alone

describe("engine", function()
  engine_fixture.close_after_each()

  describe("with many transfers", function()
    it("moves them all at once", function()
      -- No request is answered before all have come.
      local server = serve [[
        local client, number, shared = ...
        local text = client:request()
        shared.count = (shared.count or 0) + 1
        client:wait(function() return shared.count == 40 end)
        client:answer(text:match("^GET /(%d+)"))
      ]]
      local engine, transfers, reported = new_engine(), {}, 0
      for i = 1, 40 do
        assert.equal(i - 1, engine:pending())
        transfers[i] = engine:add(request(server.url .. "/" .. i))
      end
      local seen = {}
      step_until(engine, function() return reported == 40 end, function(transfer)
        assert.is_true(transfer:done())
        assert.is_nil(seen[transfer])
        seen[transfer] = true
        reported = reported + 1
      end)
      for i = 1, 40 do
        assert.equal(tostring(i), transfers[i]:response().body)
      end
      assert.equal(0, engine:pending())
      assert.is_nil(engine:step())
      assert.is_nil(engine:timeout())
    end)

    it("moves what it can within the seconds that a step has, and the rest in the next ones", function()
      local server = serve [[
        local client, number, shared = ...
        client:request()
        shared.count = (shared.count or 0) + 1
        client:wait(function() return shared.count == 21 end)
        client:answer "done"
      ]]
      local engine, reported, most, steps = new_engine(), 0, 0, 0
      for _ = 1, 20 do
        engine:add(request(server.url))
      end
      -- Actions due at one moment are all done then: only what ends a request without an answer is left.
      while engine:fd() and engine:timeout() < 10 do
        engine:wait()
        engine:step()
      end
      exchange(new_engine(), server.url)
      while reported < 20 do
        engine:wait(30)
        socket.sleep(0.01)
        local count = #(engine:step(0) or {})
        reported, most, steps = reported + count, math.max(most, count), steps + 1
        assert.is_true(steps < 10000)
      end
      -- Curl's own poll knows no limit.
      if engine:fd() then assert.equal(1, most) end
      assert.equal(0, engine:pending())
      for _, seconds in ipairs { -1, 0 / 0, "x", {} } do
        assert.has_error(function() engine:step(seconds) end)
      end
    end)

    it("sends each at once, without a step", function()
      local server = serve [[
        local client, number, shared = ...
        local path = client:request():match("^GET (%S+)")
        if path == "/count" then
          client:wait(function() return (shared.count or 0) == 3 end)
          client:answer("3")
        else
          shared.count = (shared.count or 0) + 1
          client:receive(1)
        end
      ]]
      local silent = new_engine()
      for _ = 1, 3 do
        silent:add(request(server.url))
      end
      if not silent:fd() then silent:step() end -- curl's own poll needs one for the connection
      assert.equal("3", exchange(new_engine(), server.url .. "/count").body)
      assert.equal(3, silent:pending())
    end)

    it("loses one where the system can't watch its socket, and no other", function()
      if not new_engine():fd() then return pending "needs epoll" end
      local server = serve(ECHO)
      local library = os.tmpname()
      assert(os.execute(("cc -shared -fPIC -o %s spec/support/failing_epoll.c -ldl"):format(library)))
      local source = ([[
        local engine = require("hubspot.engine").new()
        local transfers, said = {}, {}
        for i = 1, 3 do
          transfers[i] = assert(engine:add { method = "GET", url = %q, proxy = "", timeout = 20 })
        end
        while engine:pending() > 0 do
          engine:wait(1)
          engine:step()
        end
        for i, transfer in ipairs(transfers) do
          local response, err = transfer:response()
          said[i] = response and response.status or err.kind .. ": " .. err.message
        end
        local again = assert(engine:add { method = "GET", url = %q, proxy = "", timeout = 20 })
        while not again:done() do
          engine:wait(1)
          engine:step()
        end
        io.write(table.concat(said, "\n"), "\n", again:response().status, "\n")
      ]]):format(server.url, server.url)
      -- A sanitized interpreter preloads what SANITIZERS names.
      local preload = ('env LD_PRELOAD=%s SANITIZERS="$SANITIZERS %s" '):format(library, library)
      local output = run_alone(source, preload)
      os.remove(library)
      local host = server.url:match "//(.*)"
      assert.equal(("200\nnetwork: the system can't watch the connection (%s)\n200\n200\n0\n"):format(host), output)
    end)

    it("keeps two engines apart", function()
      local server, one, two = serve(ECHO), new_engine(), new_engine()
      local first, second = one:add(request(server.url .. "/1")), two:add(request(server.url .. "/2"))
      assert.has_error(function() two:cancel(first) end)
      contains(finish(one, first).body, "GET /1")
      assert.is_false(second:done() and first == second)
      one:close()
      contains(finish(two, second).body, "GET /2")
      contains(exchange(two, server.url .. "/3").body, "GET /3")
    end)
  end)

  describe("cancelling", function()
    it("ends a transfer, by itself or by the engine", function()
      local server, engine = serve(SILENT), new_engine()
      for _, cancel in ipairs { function(t) t:cancel() end, function(t) engine:cancel(t) end } do
        local transfer = engine:add(request(server.url))
        assert.is_false(transfer:done())
        assert.has_error(function() transfer:response() end)
        assert.equal(1, engine:pending())
        cancel(transfer)
        assert.is_true(transfer:done())
        assert.equal(0, engine:pending())
        local reported = engine:step()
        assert.equal(1, #reported)
        assert.equal(transfer, reported[1])
        local response, err = transfer:response()
        assert.is_nil(response)
        assert.equal("cancelled", err.kind)
        contains(err.message, "127.0.0.1:" .. server.port)
        cancel(transfer)
        assert.is_nil(engine:step())
      end
    end)

    it("leaves finished transfers alone", function()
      local server, engine = serve(ECHO), new_engine()
      local transfer = engine:add(request(server.url))
      step_until(engine, function() return transfer:done() end)
      transfer:cancel()
      engine:cancel(transfer)
      assert.equal(200, transfer:response().status)
    end)

    it("leaves the other transfers and connections alone", function()
      local server, engine = serve(ECHO), new_engine()
      local silent = serve(SILENT)
      local keep, drop = engine:add(request(server.url)), engine:add(request(silent.url))
      drop:cancel()
      assert.equal(200, finish(engine, keep).status)
      assert.equal("1", exchange(engine, server.url).headers["x-connection"])
    end)

    it("says that nothing was sent where nothing was", function()
      -- A name that never resolves in time: the transfer is cancelled before there is a connection.
      local engine = new_engine()
      local transfer = engine:add(request "http://nowhere.invalid/")
      transfer:cancel()
      local _, err = transfer:response()
      assert.is_false(err.sent)
    end)
  end)

  describe("closing", function()
    it("ends the transfers in flight, and reports them", function()
      local server, engine = serve(SILENT), new_engine()
      local one, two = engine:add(request(server.url)), engine:add(request(server.url))
      engine:close()
      assert.equal("cancelled", (select(2, one:response())).kind)
      assert.equal("cancelled", (select(2, two:response())).kind)
      assert.equal(0, engine:timeout())
      assert.same({ one, two }, engine:step())
      assert.is_nil(engine:step())
    end)

    it("may be done twice, and ends the engine", function()
      local server, engine = serve(ECHO), new_engine()
      exchange(engine, server.url)
      engine:close()
      engine:close()
      local transfer, err = engine:add(request(server.url))
      assert.is_nil(transfer)
      assert.equal("cancelled", err.kind)
      assert.equal("string", type(err.message))
      engine:step()
      assert.is_nil(engine:fd())
      assert.is_nil(engine:timeout())
      assert.is_nil(engine:step())
      assert.equal(0, engine:pending())
      engine:wait(10)
    end)

    it("closes the connections", function()
      local server = serve [[
        local client, number, shared = ...
        if number == 1 then
          client:answer(client:request())
          client:receive(1)
          shared.closed = true
        else
          client:request()
          client:wait(function() return shared.closed end)
          client:answer("closed")
        end
      ]]
      local engine = new_engine()
      exchange(engine, server.url)
      engine:close()
      assert.equal("closed", exchange(new_engine(), server.url).body)
    end)

    if _VERSION >= "Lua 5.4" then
      it("is what a variable to be closed does", function()
        local engine = hubspot_engine.new()
        assert(load "local engine <close> = ...")(engine)
        contains(tostring(engine), "closed")
      end)
    end
  end)

  describe("collecting garbage", function()
    it("keeps a transfer in flight that the program has dropped", function()
      local server = serve [[
        local client, number, shared = ...
        local text = client:request()
        if text:find("^GET /go") then
          shared.go = true
        else
          client:wait(function() return shared.go end)
        end
        client:answer("x")
      ]]
      local engine = new_engine()
      engine:add(request(server.url))
      for _ = 1, 3 do
        collectgarbage()
      end
      assert.equal(1, engine:pending())
      engine:add(request(server.url .. "/go"))
      for _ = 1, 3 do
        collectgarbage()
      end
      local reported = {}
      step_until(engine, function() return #reported == 2 end, function(transfer)
        reported[#reported + 1] = transfer
        collectgarbage()
      end)
      for _, transfer in ipairs(reported) do
        assert.equal("x", transfer:response().body)
      end
    end)

    it("frees transfers that were reported, with or without their answer read", function()
      local server, engine = serve(ECHO), new_engine()
      local weak, left = setmetatable({}, { __mode = "k" }), 0
      for i = 1, 20 do
        local transfer = engine:add(request(server.url))
        weak[transfer] = true
        step_until(engine, function() return transfer:done() end)
        engine:step()
        if i % 2 == 0 then transfer:response() end
      end
      for _ = 1, 3 do
        collectgarbage()
      end
      for _ in pairs(weak) do
        left = left + 1
      end
      -- LuaJIT's stack may still hold the last.
      assert.is_true(left <= 1)
    end)

    it("ends the transfers of an engine that nobody holds", function()
      local server = serve(SILENT)
      local transfer = hubspot_engine.new():add(request(server.url))
      for _ = 1, 3 do
        collectgarbage()
      end
      assert.is_true(transfer:done())
      assert.equal("cancelled", (select(2, transfer:response())).kind)
      transfer:cancel()
      contains(tostring(transfer), "cancelled")
    end)

    it("bears engine and transfers going in one cycle, in either order", function()
      local server = serve(SILENT)
      for _ = 1, 20 do
        local engine = hubspot_engine.new()
        for _ = 1, 3 do
          engine:add(request(server.url))
        end
        engine:add(request(server.url)):cancel()
      end
      for _ = 1, 3 do
        collectgarbage()
      end
      local kept = {}
      for i = 1, 20 do
        local engine = hubspot_engine.new()
        kept[i] = engine:add(request(server.url))
      end
      assert.equal(20, #kept)
      kept = nil -- luacheck: ignore
      for _ = 1, 3 do
        collectgarbage()
      end
    end)

    it("is safe at any moment", function()
      local server, engine = serve(ECHO), new_engine()
      local pause, multiplier = collectgarbage("setpause", 1), collectgarbage("setstepmul", 10000)
      for i = 1, 30 do
        local response = exchange(
          engine,
          server.url .. "/" .. i,
          { method = "POST", body = ("x"):rep(i * 1000), headers = { ["X-Number"] = tostring(i) } }
        )
        contains(response.body, "POST /" .. i .. " ")
      end
      collectgarbage("setpause", pause)
      collectgarbage("setstepmul", multiplier)
    end)

    it("leaves nothing undone when the state is closed", function()
      local server = serve(SILENT)
      local source = ([[
        engine = require("hubspot.engine").new()
        transfers = {}
        for i = 1, 3 do
          transfers[i] = engine:add { method = "GET", url = %q, proxy = "" }
        end
        transfers[1]:cancel()
        io.write("end")
      ]]):format(server.url)
      assert.equal("end0\n", run_alone(source))
    end)

    it("sends nothing once a finalizer has closed the engine", function()
      local source = ([[
        local url, engine, is_closed, filler = %q, nil, nil, nil
        local function close_when_collected()
          local object = newproxy and newproxy(true) or setmetatable({}, { __gc = true })
          getmetatable(object).__gc = function()
            is_closed = true
            engine:close()
          end
        end
        local request = { method = "GET", url = url, proxy = "", headers = { a = "b" } }
        local strikes = 0
        collectgarbage("setpause", 120)
        -- A step of Lua 5.4's collector is a whole cycle.
        if _VERSION == "Lua 5.4" then collectgarbage("incremental", 120, 1000, 40) end
        -- The collector begins at another allocation each time: at some of them, within add.
        for size = 1, 150000, 100 do
          engine, is_closed, filler = require("hubspot.engine").new(), false, nil
          collectgarbage()
          collectgarbage()
          close_when_collected()
          filler = ("x"):rep(size)
          local was_closed = is_closed
          local transfer, err = engine:add(request)
          local is_struck = is_closed and not was_closed
          assert(not is_struck or engine:pending() == 0)
          if is_struck then
            strikes = strikes + 1
            assert(not transfer and err.kind == "cancelled")
          end
          engine:close()
        end
        assert(strikes > 0 or _VERSION ~= "Lua 5.4")
        io.write("end")
      ]]):format(serve(SILENT).url)
      assert.equal("end0\n", run_alone(source))
    end)

    it("lets no finalizer free an answer that is being read", function()
      local server = serve [[
        local client = ...
        client:request()
        client:answer("[" .. ('{"a":"b"},'):rep(2000) .. "1]", ("X-Field: value\r\n"):rep(50))
      ]]
      local source = ([[
        local url, engine, filler = %q, require("hubspot.engine").new(), nil
        local strikes = {}
        -- Calls a method of a transfer, and in its midst, at some sizes, another one from a finalizer.
        local function call_struck(size, transfer, name, other)
          local is_inside, was_inside = false, false
          local object = newproxy and newproxy(true) or setmetatable({}, { __gc = true })
          getmetatable(object).__gc = function()
            if not is_inside then return end
            strikes[name] = (strikes[name] or 0) + 1
            assert(not pcall(transfer[other], transfer))
          end
          object = nil
          filler = ("x"):rep(size)
          is_inside = true
          local value = assert(transfer[name](transfer))
          is_inside = false
          return value
        end
        collectgarbage("setpause", 110)
        if _VERSION == "Lua 5.4" then collectgarbage("incremental", 110, 1000, 40) end
        for size = 1, 60000, 200 do
          local transfer = assert(engine:add { method = "GET", url = url, proxy = "" })
          while not transfer:done() do
            engine:wait(1)
            engine:step()
          end
          collectgarbage()
          collectgarbage()
          local answer = call_struck(size, transfer, "response", "response")
          filler = nil
          collectgarbage()
          collectgarbage()
          assert(#call_struck(size, answer.content, "decode", "drop") == 2001)
        end
        assert(_VERSION ~= "Lua 5.4" or strikes.response and strikes.decode)
        io.write("end")
      ]]):format(server.url)
      assert.equal("end0\n", run_alone(source))
    end)

    -- The sanitizers look at every process; where they do not, valgrind does.
    it("leaks nothing of what finalizers add while the state is closed", function()
      local watcher = ""
      if not os.getenv "SANITIZED" then
        local pipe = io.popen "command -v valgrind"
        local found = pipe:read "*l"
        pipe:close()
        if not found or LUAJIT then return pending "needs valgrind" end
        watcher = "valgrind --quiet --leak-check=full --show-leak-kinds=definite "
          .. "--errors-for-leak-kinds=definite --error-exitcode=99 "
      end
      local silent, echo = serve(SILENT), serve(ECHO)
      local source = ([[
        local silent, echo = %q, %q
        local engine
        local function finalize(fn)
          local object = newproxy and newproxy(true) or setmetatable({}, {})
          getmetatable(object).__gc = function()
            local ok, message = pcall(fn)
            io.write(ok and "+" or tostring(message))
          end
          -- Lua finalizes a table only if __gc was there when its metatable was set.
          return newproxy and object or setmetatable(object, getmetatable(object))
        end
        local function request(url) return { method = "POST", url = url, proxy = "", body = "x", send_once = true } end
        after = finalize(function()
          local transfer, err = engine:add(request(silent))
          assert(transfer == nil and err.kind == "cancelled")
        end)
        engine = require("hubspot.engine").new()
        keep = engine
        under_way = finalize(function() assert(engine:add(request(silent))) end)
        finished = finalize(function()
          local transfer = assert(engine:add(request(echo)))
          for _ = 1, 200 do
            if transfer:done() then return end
            engine:wait(0.01)
            engine:add(request(silent)):cancel()
          end
        end)
        wrong = finalize(function()
          assert(not pcall(engine.add, engine, { method = "GET", url = silent, headers = { ["X"] = 1 } }))
        end)
      ]]):format(silent.url, echo.url)
      assert.equal("++++0\n", run_alone(source, watcher))
    end)
  end)

  describe("after a fork", function()
    -- Runs the function in a child process, which exits with what it returns; gives its id. The exit is another
    -- program's, since memory checkers look for leaks in an exit of our own, and a child leaks on purpose.
    local function in_child(f)
      local pid = assert(posix.fork())
      if pid == 0 then
        local ok, code = pcall(f)
        if not ok then io.stderr:write(tostring(code), "\n") end
        posix.execp("sh", "-c", "exit " .. (ok and code or 99))
        posix._exit(98)
      end
      return pid
    end

    local function exit_code(pid)
      local _, how, code = posix.wait(pid)
      assert.equal("exited", how)
      return code
    end

    -- Answers at once, but for /slow: that is completed after /done.
    local STAGED = [[
      local client, number, shared = ...
      local text = client:request()
      while text do
        local headers = "X-Connection: " .. number .. "\r\n"
        if text:find("^GET /slow") then
          client:send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n" .. headers .. "\r\nha")
          shared.started = true
          client:wait(function() return shared.done end)
          client:send("lf")
        else
          if text:find("^GET /started") then client:wait(function() return shared.started end) end
          if text:find("^GET /done") then shared.done = true end
          client:answer("", headers)
        end
        text = client:request()
      end
    ]]

    it("the child starts afresh and the parent continues", function()
      if not has_posix then return pending "needs lua-posix" end
      local server, engine = serve(STAGED), new_engine()
      local slow = engine:add(request(server.url .. "/slow"))
      -- Leaves an idle connection beside the one in use.
      assert.equal("2", exchange(engine, server.url .. "/started").headers["x-connection"])
      engine:step()
      local fd = engine:fd()
      local pid = in_child(function()
        assert(engine:pending() == 0)
        assert(slow:done())
        local response, err = slow:response()
        assert(response == nil and err.kind == "cancelled" and err.sent == true)
        assert(engine:timeout() == 0)
        local reported = engine:step()
        assert(#reported == 1 and reported[1] == slow)
        assert(engine:step() == nil)
        assert(exchange(engine, server.url .. "/child").headers["x-connection"] == "3")
        assert(exchange(engine, server.url .. "/child").headers["x-connection"] == "3")
        engine:close()
        engine, slow = nil, nil -- luacheck: ignore
        collectgarbage()
        exchange(new_engine(), server.url .. "/done")
        return 7
      end)
      assert.equal(7, exit_code(pid))
      assert.equal(fd, engine:fd())
      assert.equal(1, engine:pending())
      assert.is_false(slow:done())
      local response = assert(finish(engine, slow))
      assert.equal("half", response.body)
      assert.equal("1", response.headers["x-connection"])
      assert.truthy(tonumber(exchange(engine, server.url .. "/again").headers["x-connection"]) <= 2)
    end)

    it("whatever the child asks first notices it", function()
      if not has_posix then return pending "needs lua-posix" end
      local server, engine = serve(SILENT), new_engine()
      local transfer = engine:add(request(server.url))
      local firsts = {
        function() engine:close() end,
        function() engine:cancel(transfer) end,
        function() transfer:cancel() end,
        function() engine:step() end,
        function() engine:wait(0) end,
        function() assert(engine:timeout() == 0) end,
        function() assert(engine:pending() == 0) end,
        function() assert(transfer:done()) end,
        function() assert(tostring(transfer):find("cancelled", 1, true)) end,
        function() assert(tostring(engine):find("0 in flight", 1, true)) end,
        function()
          engine_fixture.forget_engines()
          engine, transfer = nil, nil
          collectgarbage()
          collectgarbage()
        end,
      }
      for _, first in ipairs(firsts) do
        local pid = in_child(function()
          first()
          if transfer then assert((select(2, transfer:response())).kind == "cancelled") end
          return 7
        end)
        assert.equal(7, exit_code(pid))
        engine:step()
        assert.equal(1, engine:pending())
        assert.is_false(transfer:done())
      end
    end)

    -- Identifies the file of a path, as text: device, inode and kind.
    local function identity_of(path)
      local status = require("posix.sys.stat").stat(path)
      return status and ("%d:%d:%o"):format(status.st_dev, status.st_ino, math.floor(status.st_mode / 4096))
    end

    -- Identifies the process's open descriptors, by their numbers. The high ones are valgrind's.
    local function descriptors()
      local found = {}
      for _, name in ipairs(assert(posix.dir "/proc/self/fd")) do
        local number = tonumber(name)
        if number and number < 256 then found[number] = identity_of("/proc/self/fd/" .. name) end
      end
      return found
    end

    -- Runs the function in a child process that has closed all descriptors but the first three. Files that are garbage
    -- would be closed there, whatever their numbers stand for.
    local function in_daemon(f)
      collectgarbage()
      collectgarbage()
      return in_child(function()
        for number in pairs(descriptors()) do
          if number > 2 then posix.close(number) end
        end
        return f()
      end)
    end

    it("the child keeps what it opened under the parent's numbers", function()
      if not has_posix then return pending "needs lua-posix" end
      local server, engine, other = serve(ECHO), new_engine(), new_engine()
      assert(exchange(engine, server.url) and exchange(other, server.url))
      local slow = engine:add(request(serve(SILENT).url))
      local highest = 0
      for number in pairs(descriptors()) do
        highest = math.max(highest, number)
      end
      local pid = in_daemon(function()
        local path = os.tmpname()
        local opened = {}
        repeat
          opened[#opened + 1] = assert(posix.open(path, posix.O_RDWR))
        until opened[#opened] >= highest
        assert(engine:pending() == 0 and slow:done())
        assert(exchange(engine, server.url))
        other:close()
        engine:close()
        engine, other, slow = nil, nil, nil -- luacheck: ignore
        engine_fixture.forget_engines()
        collectgarbage()
        collectgarbage()
        local there, file = descriptors(), identity_of(path)
        for _, number in ipairs(opened) do
          assert(there[number] == file, number .. " is " .. tostring(there[number]))
        end
        os.remove(path)
        return 7
      end)
      assert.equal(7, exit_code(pid))
      assert.is_false(slow:done())
      assert(exchange(engine, server.url))
    end)

    it("the child keeps the epoll set of another engine of its own under the parent's number", function()
      if not has_posix then return pending "needs lua-posix" end
      local server, engine = serve(ECHO), new_engine()
      local number = engine:fd()
      if not number then return pending "needs epoll" end
      exchange(engine, server.url)
      local pid = in_daemon(function()
        -- Curl opens some of its own before.
        local engine_of_child
        for others = 0, 4 do
          local opened
          repeat
            opened = posix.open("/dev/null", posix.O_RDONLY)
          until opened >= number
          for one = number - others, number do
            posix.close(one)
          end
          engine_of_child = new_engine()
          if engine_of_child:fd() == number then break end
          engine_of_child:close()
        end
        assert(engine_of_child:fd() == number)
        engine:close()
        assert(descriptors()[number])
        assert(exchange(engine_of_child, server.url))
        return 7
      end)
      assert.equal(7, exit_code(pid))
    end)

    it("the child closes what is the parent's alone", function()
      if not has_posix then return pending "needs lua-posix" end
      local server, engine = serve(ECHO), new_engine()
      exchange(engine, server.url)
      local number = engine:fd()
      local pid = in_child(function()
        local before = descriptors()
        local sockets = 0
        engine:pending()
        local after = descriptors()
        for one, identity in pairs(before) do
          if not after[one] and identity:find ":14$" then sockets = sockets + 1 end
        end
        assert(sockets == 1)
        assert(not number or after[number] == nil)
        return 7
      end)
      assert.equal(7, exit_code(pid))
    end)

    it("a child of a child starts afresh, too", function()
      if not has_posix then return pending "needs lua-posix" end
      local server, engine = serve(ECHO), new_engine()
      exchange(engine, server.url)
      local pid = in_child(function()
        assert(exchange(engine, server.url).headers["x-connection"] == "2")
        local grandchild = in_child(function()
          assert(exchange(engine, server.url).headers["x-connection"] == "3")
          return 7
        end)
        assert(exit_code(grandchild) == 7)
        assert(exchange(engine, server.url).headers["x-connection"] == "2")
        return 7
      end)
      assert.equal(7, exit_code(pid))
      assert.equal("1", exchange(engine, server.url).headers["x-connection"])
    end)
  end)
end)
