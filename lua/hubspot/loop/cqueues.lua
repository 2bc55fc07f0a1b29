--- The loop of cqueues. Outside of a running controller a call blocks, as in a plain script; so it does on PUC Lua 5.1,
-- whose coroutines can't yield through pcall and for loops.
-- @module hubspot.loop.cqueues

local base = require "hubspot.loop.base"
local can_yield = require "hubspot.loop.can_yield"
local core = require "hubspot.core"
local needs = require "hubspot.needs"
local scheduler = require "hubspot.loop.scheduler"

local loop_of_cqueues = {}

--- Makes a loop.
-- @treturn ?loop nil and a message where cqueues can't be had
function loop_of_cqueues.new()
  local cqueues, problem = needs.find("cqueues", "the loop cqueues")
  if not cqueues then return nil, problem end
  local condition = require "cqueues.condition"
  local pumps = setmetatable({}, { __mode = "k" }) -- by controller: what makes its pump look again
  local waits = setmetatable({}, { __mode = "k" }) -- by controller: how many wait there
  local methods = {}
  local waiter_metatable = { __index = methods }

  -- The controller that the running coroutine can wait in.
  local function current_controller()
    local controller, is_its_coroutine = cqueues.running()
    return is_its_coroutine and can_yield.through_pcall and controller or nil
  end

  local loop = {
    now = core.now,
    can_wait = function() return true end,
  }

  -- What is under way for other controllers doesn't keep this one from being empty.
  local function pump(controller, changed)
    local due = loop.due()
    while due and (waits[controller] or 0) > 0 do
      local descriptor = loop.descriptor()
      if descriptor then
        cqueues.poll({ pollfd = descriptor, events = "r" }, changed, due)
      else
        cqueues.poll(changed, due)
      end
      loop.collect()
      due = loop.due()
    end
    pumps[controller] = nil
    local descriptor = loop.descriptor()
    if descriptor then controller:cancel(descriptor) end
  end

  function loop.kick()
    local controller = current_controller()
    if not controller then return end
    local changed = pumps[controller]
    if changed then return changed:signal() end
    changed = condition.new()
    pumps[controller] = changed
    controller:wrap(pump, controller, changed)
  end

  function loop.release()
    local descriptor = loop.descriptor()
    if descriptor then cqueues.cancel(descriptor) end
  end

  base.complete(loop)
  scheduler.attach(loop, { may_suspend = function(is_task) return is_task end, strict = true })
  local blocking_waiter, blocking_spawn = loop.waiter, loop.spawn

  local function count_wait(controller, change)
    waits[controller] = (waits[controller] or 0) + change
    if waits[controller] == 0 and pumps[controller] then pumps[controller]:signal() end
  end

  function methods:wait(seconds)
    local moment = seconds and core.now() + seconds
    count_wait(self.controller, 1)
    while not self.woken do
      local left = moment and moment - core.now()
      if left and left <= 0 then break end
      self.condition:wait(left)
    end
    count_wait(self.controller, -1)
    return self.woken
  end

  function methods:wake()
    self.woken = true
    self.condition:signal()
  end

  function loop.waiter()
    local controller = current_controller()
    if not controller then return blocking_waiter() end
    return setmetatable({ woken = false, condition = condition.new(), controller = controller }, waiter_metatable)
  end

  function loop.spawn(body, ended)
    local controller = current_controller()
    if not controller then return blocking_spawn(body, ended) end
    controller:wrap(base.run, body, ended)
  end

  return loop
end

return loop_of_cqueues
