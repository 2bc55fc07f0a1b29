--- The loop of cqueues. Outside of a running controller a call blocks, as in a plain script; so it does on PUC Lua 5.1,
-- whose coroutines can't yield through pcall and for loops.
-- @module hubspot.loop.cqueues

local base = require "hubspot.loop.base"
local can_yield = require "hubspot.loop.can_yield"
local core = require "hubspot.core"
local needs = require "hubspot.needs"
local scheduler = require "hubspot.loop.scheduler"

local loop_of_cqueues = {}

local methods = { now = core.now }

function methods.can_wait() return true end

function methods.may_suspend(is_task) return is_task end

-- The controller that the running coroutine can wait in.
local function current_controller(self)
  local controller, is_its_coroutine = self.cqueues.running()
  return is_its_coroutine and can_yield.through_pcall and controller or nil
end

-- Transfers in flight for other controllers don't keep this one from being empty.
local function pump(self, controller, changed)
  local cqueues, due = self.cqueues, self:due()
  while due and (self.waits[controller] or 0) > 0 do
    local descriptor = self:descriptor()
    if descriptor then
      cqueues.poll({ pollfd = descriptor, events = "r" }, changed, due)
    else
      cqueues.poll(changed, due)
    end
    self:collect()
    due = self:due()
  end
  self.pumps[controller] = nil
  local descriptor = self:descriptor()
  if descriptor then controller:cancel(descriptor) end
end

--- Has the running controller's pump look at the engine again.
function methods:kick()
  local controller = current_controller(self)
  if not controller then return end
  local changed = self.pumps[controller]
  if changed then return changed:signal() end
  changed = self.new_condition()
  self.pumps[controller] = changed
  controller:wrap(pump, self, controller, changed)
end

--- Has all controllers forget the engine's descriptor.
function methods:release()
  local descriptor = self:descriptor()
  if descriptor then self.cqueues.cancel(descriptor) end
end

-- Waiters in a controller ------------------------------------------------------------------------------------------

local waiter_methods = {}

local waiter_metatable = { __name = "hubspot.loop.CqueuesWaiter", __index = waiter_methods }

local function count_wait(self, controller, change)
  self.waits[controller] = (self.waits[controller] or 0) + change
  if self.waits[controller] == 0 and self.pumps[controller] then self.pumps[controller]:signal() end
end

function waiter_methods:wait(seconds)
  local moment = seconds and core.now() + seconds
  count_wait(self.loop, self.controller, 1)
  while not self.woken do
    local left = moment and moment - core.now()
    if left and left <= 0 then break end
    self.condition:wait(left)
  end
  count_wait(self.loop, self.controller, -1)
  return self.woken
end

function waiter_methods:wake()
  self.woken = true
  self.condition:signal()
end

--- Makes a waiter: of the running controller, or one that blocks.
function methods:waiter()
  local controller = current_controller(self)
  if not controller then return scheduler.methods.waiter(self) end
  return setmetatable(
    { loop = self, woken = false, condition = self.new_condition(), controller = controller },
    waiter_metatable
  )
end

--- Runs a body concurrently with the caller, in the running controller where there is one.
function methods:spawn(body, ended)
  local controller = current_controller(self)
  if not controller then return scheduler.methods.spawn(self, body, ended) end
  controller:wrap(base.run, body, ended)
end

local class = base.class("hubspot.loop.Cqueues", scheduler.methods, methods)

--- Makes a loop.
-- @treturn ?loop nil and a message where cqueues is not installed
function loop_of_cqueues.new()
  local cqueues, problem = needs.find("cqueues", "the loop cqueues")
  if not cqueues then return nil, problem end
  local loop = scheduler.attach(base.new(class), { strict = true })
  loop.cqueues, loop.new_condition = cqueues, require("cqueues.condition").new
  loop.pumps = setmetatable({}, { __mode = "k" }) -- by controller: the condition that makes its pump poll again
  loop.waits = setmetatable({}, { __mode = "k" }) -- by controller: the number of its waiters
  return loop
end

return loop_of_cqueues
