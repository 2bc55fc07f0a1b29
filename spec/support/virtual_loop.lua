-- A loop whose time passes only where everybody waits, and which resumes what is ready in random order: for programs
-- that run in one process with a transport that is a function.

local base = require "hubspot.loop.base"

local virtual_loop = {}

local BEGINNING = 1000

local function take_random(list, random)
  local index = random(#list)
  list[index], list[#list] = list[#list], list[index]
  return table.remove(list)
end

-- Resumes the earliest of the coroutines that wait for a moment; false where none does.
local function pass_time(state)
  local earliest
  for waiter in pairs(state.sleeping) do
    if
      not earliest
      or waiter.moment < earliest.moment
      or waiter.moment == earliest.moment and waiter.number < earliest.number
    then
      earliest = waiter
    end
  end
  if not earliest then return false end
  state.now = math.max(state.now, earliest.moment)
  state.sleeping[earliest] = nil
  earliest.is_over = true
  if earliest.routine then state.ready[#state.ready + 1] = earliest.routine end
  return true
end

local function resume(state, routine)
  local succeeded, failure = coroutine.resume(routine)
  if coroutine.status(routine) ~= "dead" then return end
  local ended = state.tasks[routine]
  state.tasks[routine] = nil
  if succeeded then return ended() end
  ended(failure == nil and "nil" or failure)
end

local function run_something(state)
  if #state.ready > 0 then return resume(state, take_random(state.ready, state.random)) end
  if not pass_time(state) then error("nothing is there that would end this wait", 0) end
end

local waiter_methods = {}

function waiter_methods:wait(seconds)
  if self.woken then return true end
  local state, routine = self.state, coroutine.running()
  state.number = state.number + 1
  self.number = state.number
  if seconds then
    self.moment = state.now + seconds
    state.sleeping[self] = true
  end
  if routine and state.tasks[routine] then
    self.routine = routine
    repeat
      coroutine.yield()
    until self.woken or self.is_over
  else
    repeat
      run_something(state)
    until self.woken or self.is_over
  end
  state.sleeping[self] = nil
  return self.woken
end

function waiter_methods:wake()
  if self.woken or self.is_over then return end
  self.woken = true
  self.state.sleeping[self] = nil
  if self.routine then table.insert(self.state.ready, self.routine) end
end

local waiter_metatable = { __index = waiter_methods }

local methods = {}

function methods:now() return self.state.now end

function methods.can_wait() return true end

function methods.kick() end

function methods:waiter() return setmetatable({ state = self.state, woken = false, is_over = false }, waiter_metatable) end

function methods:spawn(body, ended)
  local routine = coroutine.create(body)
  self.state.tasks[routine] = ended
  table.insert(self.state.ready, routine)
end

local class = base.class("spec.VirtualLoop", methods)

--- Makes a loop.
-- @tparam function random function(limit) that returns an integer from 1 to `limit`
function virtual_loop.new(random)
  local loop = base.new(class)
  loop.state = { now = BEGINNING, random = random, ready = {}, sleeping = {}, tasks = {}, number = 0 }
  return loop
end

return virtual_loop
