--- The loop of nginx with lua-nginx-module (OpenResty). A client may be made anywhere, init_by_lua included; calls are
-- made in phases that can yield.
--
-- nginx can't wait on a foreign descriptor, so a timer polls it while a request is in flight.
-- @module hubspot.loop.ngx

local base = require "hubspot.loop.base"
local core = require "hubspot.core"
local cosocket = require "hubspot.transport.cosocket"

local loop_of_nginx = {}

local TICK = 0.001

-- Answers beyond this are left for the next poll, so that many at once keep no visitor waiting.
local SECONDS_A_POLL = 0.001

-- Bounds the work of calls in one turn of nginx's own loop: with many answers or visitors at once, all else has a turn
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

-- Ways to wait in phases where a timer is unavailable or not the best.
local INSTEAD = {
  init = IN_A_TIMER .. " in init_worker_by_lua",
  set = "in rewrite_by_lua or access_by_lua, which can set variables, too",
  exit_worker = "before the worker exits",
}

-- nginx has its table in every phase, and no module may keep it in LuaJIT's traces before there is one.
local function nginx() return rawget(_G, "ngx") end

local methods = { now = core.now }

function methods.can_wait()
  local phase = nginx().get_phase()
  if YIELDING_PHASES[phase] then return true end
  return nil, ("nginx can't wait in the phase %s: make the call %s"):format(phase, INSTEAD[phase] or IN_A_TIMER)
end

-- The pump --------------------------------------------------------------------------------------------------------

local function pump(_, self)
  while self:due() do
    self.last_turn, self.is_turning = core.now(), true
    self:collect(SECONDS_A_POLL)
    nginx().sleep(TICK)
  end
  self.last_turn, self.is_turning = nil, false
end

--- Starts the pump where none runs.
function methods:kick()
  if not self:due() then return end
  local now, last_turn = core.now(), self.last_turn
  if last_turn and now - last_turn < SECONDS_WITHOUT_PUMP then return end
  self.last_turn, self.is_turning = now, false
  nginx().timer.at(0, pump, self)
end

--- Lets others have their turn where this one was long. nginx's time is that at which its turn began. A sleep of 0 ends
-- within the turn.
function methods:give_way()
  local ngx = nginx()
  while true do
    if ngx.now() ~= self.turn then
      self.turn, self.turn_began = ngx.now(), core.now()
    end
    if core.now() - self.turn_began < SECONDS_A_TURN then return end
    ngx.sleep(TICK)
  end
end

-- Transfers -------------------------------------------------------------------------------------------------------

--- Starts a transfer, over a cosocket where that can make it.
function methods:start(request)
  self:give_way()
  local transfer = not request.is_left_to_libcurl and self.cosockets:start(request)
  if transfer then return transfer end
  return base.methods.start(self, request)
end

--- Returns when the transfer is done, or the waiter was woken.
function methods:await(transfer, waiter)
  if transfer.await then
    transfer:await(waiter)
  else
    base.methods.await(self, transfer, waiter)
  end
  self:give_way()
end

-- Waiters and tasks -----------------------------------------------------------------------------------------------

local waiter_methods = {}

local waiter_metatable = { __name = "hubspot.loop.NgxWaiter", __index = waiter_methods }

-- A waiter without a pump polls by itself.
function waiter_methods:wait(seconds)
  local loop = self.loop
  local moment = seconds and core.now() + seconds
  while not self.woken do
    local patience = (loop.is_turning or not loop:due()) and SECONDS_WITHOUT_PUMP or TICK
    local left = moment and moment - core.now() or patience
    if left <= 0 then return false end
    if not self.semaphore:wait(math.max(TICK, math.min(left, patience))) then
      loop:collect()
      if loop:due() then loop:kick() end
    end
  end
  return true
end

function waiter_methods:wake()
  if self.woken then return end
  self.woken = true
  self.semaphore:post(1)
end

--- Makes a waiter.
function methods:waiter()
  return setmetatable({ loop = self, woken = false, semaphore = self.new_semaphore(0) }, waiter_metatable)
end

--- Runs a body concurrently with the caller. nginx keeps a thread's results until its parent waits for it or has ended.
-- Nothing waits for this one, so its parent is a thread that has ended.
function methods.spawn(_, body, ended)
  local threads = nginx().thread
  threads.wait(threads.spawn(function() threads.spawn(base.run, body, ended) end))
end

local class = base.class("hubspot.loop.Ngx", methods)

--- Makes a loop.
-- @treturn ?loop nil and a message outside of nginx
function loop_of_nginx.new()
  if not nginx() then return nil, "the loop ngx runs in nginx with lua-nginx-module only" end
  local loop = base.new(class)
  loop.new_semaphore = require("ngx.semaphore").new
  loop.cosockets = cosocket.new(loop)
  -- When the pump was asked for or last ran, nil where there is none, and whether it runs: nginx drops a timer that is
  -- one too many (lua_max_running_timers), and has none for a worker that exits.
  loop.last_turn, loop.is_turning = nil, false
  -- Made in init_by_lua, it is loaded once for all workers, and before the first visitor.
  loop:engine()
  return loop
end

return loop_of_nginx
