--- The loop of nginx with lua-nginx-module (OpenResty). A client may be made anywhere, init_by_lua included; calls are
-- made in phases that can yield.
--
-- nginx lets nobody wait for a foreign descriptor, so that a timer looks at it while something is under way.
-- @module hubspot.loop.ngx

local base = require "hubspot.loop.base"
local core = require "hubspot.core"
local cosocket = require "hubspot.transport.cosocket"

local loop_of_nginx = {}

local TICK = 0.001

-- What is ready beyond it is left for the next look, so that many answers at once keep no visitor waiting.
local SECONDS_A_LOOK = 0.001

-- What calls do in one turn of nginx's own loop: where many answers come at once, or many visitors, all else has a turn
-- in between.
local SECONDS_A_TURN = 0.002

-- The pump is taken for dead when it did nothing for so long.
local SECONDS_WITHOUT_PUMP = 1

local YIELDING_PHASES = {
  rewrite = true,
  server_rewrite = true,
  access = true,
  content = true,
  timer = true,
  preread = true,
  ssl_cert = true,
  ssl_session_fetch = true,
  ssl_client_hello = true,
}

local IN_A_TIMER = "in a timer, ngx.timer.at(0, function() … end)"

-- What to do in phases where a timer is not the best or not to be had.
local INSTEAD = {
  init = IN_A_TIMER .. " in init_worker_by_lua",
  set = "in rewrite_by_lua or access_by_lua, which can set variables, too",
  exit_worker = "before the worker exits",
}

--- Makes a loop.
-- @treturn ?loop nil and a message outside of nginx
function loop_of_nginx.new()
  local ngx = rawget(_G, "ngx")
  if not ngx then return nil, "the loop ngx runs in nginx with lua-nginx-module only" end
  local semaphore = require "ngx.semaphore"
  -- When the pump was asked for or last ran, nil where there is none, and whether it runs: nginx drops a timer that is
  -- one too many (lua_max_running_timers), and has none for a worker that exits.
  local last_turn, is_turning = nil, false
  local methods = {}
  local waiter_metatable = { __index = methods }

  local loop = { now = core.now }

  function loop.can_wait()
    local phase = ngx.get_phase()
    if YIELDING_PHASES[phase] then return true end
    return nil, ("nginx can't wait in the phase %s: make the call %s"):format(phase, INSTEAD[phase] or IN_A_TIMER)
  end

  local function pump()
    while loop.due() do
      last_turn, is_turning = core.now(), true
      loop.collect(SECONDS_A_LOOK)
      ngx.sleep(TICK)
    end
    last_turn, is_turning = nil, false
  end

  function loop.kick()
    if not loop.due() then return end
    local now = core.now()
    if last_turn and now - last_turn < SECONDS_WITHOUT_PUMP then return end
    last_turn, is_turning = now, false
    ngx.timer.at(0, pump)
  end

  base.complete(loop)

  -- nginx's time is that at which its turn began. A sleep of 0 ends within the turn.
  local turn, turn_began
  local function give_way()
    while true do
      if ngx.now() ~= turn then
        turn, turn_began = ngx.now(), core.now()
      end
      if core.now() - turn_began < SECONDS_A_TURN then return end
      ngx.sleep(TICK)
    end
  end

  local await, start, start_on_cosocket = loop.await, loop.start, cosocket.starter(give_way)

  function loop.start(request)
    give_way()
    local transfer = not request.is_left_to_libcurl and start_on_cosocket(request)
    if transfer then return transfer end
    return start(request)
  end

  function loop.await(transfer, waiter)
    if transfer.await then
      transfer:await(waiter)
    else
      await(transfer, waiter)
    end
    give_way()
  end

  -- Made in init_by_lua, it is loaded once for all workers, and before the first visitor.
  loop.engine()

  -- Who waits without a pump looks itself.
  function methods:wait(seconds)
    local moment = seconds and core.now() + seconds
    while not self.woken do
      local patience = (is_turning or not loop.due()) and SECONDS_WITHOUT_PUMP or TICK
      local left = moment and moment - core.now() or patience
      if left <= 0 then return false end
      if not self.semaphore:wait(math.max(TICK, math.min(left, patience))) then
        loop.collect()
        if loop.due() then loop.kick() end
      end
    end
    return true
  end

  function methods:wake()
    if self.woken then return end
    self.woken = true
    self.semaphore:post(1)
  end

  function loop.waiter() return setmetatable({ woken = false, semaphore = semaphore.new(0) }, waiter_metatable) end

  -- What a thread has is kept until who started it asks how it ended, or has ended. Nobody asks here: so one starts it
  -- that has ended.
  function loop.spawn(body, ended)
    ngx.thread.wait(ngx.thread.spawn(function() ngx.thread.spawn(base.run, body, ended) end))
  end

  return loop
end

return loop_of_nginx
