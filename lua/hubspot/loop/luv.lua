--- The loop of libuv, as Neovim and luv have it. Calls are made in coroutines, such as `coroutine.wrap(function() …
-- end)()`; in Neovim these are resumed where its API may be called. On PUC Lua 5.1 a call blocks where its coroutine
-- can't yield: inside of pcall, and in the iterator of a for loop.
-- @module hubspot.loop.luv

local base = require "hubspot.loop.base"
local core = require "hubspot.core"
local in_coroutine = require "hubspot.loop.in_coroutine"
local needs = require "hubspot.needs"
local scheduler = require "hubspot.loop.scheduler"

local luv = {}

-- The longest that a timer is set for; it is set again where more is left.
local LONGEST_TIMER = 3600

local LOADED_TOO_LATE = "luv crashes when it is loaded inside of a coroutine: require it before, in the main chunk"

local methods = { now = core.now }

function methods.can_wait() return in_coroutine "libuv's loop resumes it" end

function methods.may_suspend() return true end

--- Closes the handle on the engine's descriptor.
function methods:release()
  if self.poll then self.poll:close() end
  self.poll, self.polled_descriptor = nil, nil
end

local function poll_descriptor(self)
  local descriptor = self:descriptor()
  if descriptor ~= self.polled_descriptor then self:release() end
  if not descriptor then return end
  self.poll = self.poll or self.uv.new_poll(descriptor)
  self.polled_descriptor = descriptor
  self.poll:start("r", self.on_ready)
end

local function pause(self)
  if self.timer then self.timer:stop() end
  if self.poll then self.poll:stop() end
end

-- Handles exist only while a call waits: they would keep the host's loop from ending.
local function rest(self)
  self:release()
  if self.timer then self.timer:close() end
  self.timer = nil
end

local function arm(self)
  local due = self:due_to_run()
  if not due then return rest(self) end
  self.timer = self.timer or self.uv.new_timer()
  self.timer:start(math.ceil(math.min(due, LONGEST_TIMER) * 1000), 0, self.on_ready)
  if self:due() then poll_descriptor(self) end
end

--- Has libuv look at the engine again.
function methods:kick()
  if not self.is_turning and not self.turn_is_due then arm(self) end
end

local function turn(self)
  self.is_turning, self.turn_is_due = true, false
  local succeeded, failure = pcall(self.run, self)
  self.is_turning = false
  arm(self)
  if not succeeded then error(failure, 0) end
end

-- The callback of both handles. Libuv's callbacks may not touch Neovim's API: there it is Neovim that calls.
local function callback_of(self, neovim)
  local function take_turn() turn(self) end
  return function()
    pause(self)
    if not neovim then return take_turn() end
    if self.turn_is_due then return end
    self.turn_is_due = true
    neovim.schedule(take_turn)
  end
end

--- Ends all transfers. Those whose calls end thereby are still to be resumed.
function methods:close()
  base.methods.close(self)
  arm(self)
end

local class = base.class("hubspot.loop.Luv", scheduler.methods, methods)

--- Makes a loop.
-- @treturn ?loop nil and a message where luv is not installed
function luv.new()
  local neovim = rawget(_G, "vim")
  if not neovim and not package.loaded.luv and in_coroutine "" then return nil, LOADED_TOO_LATE end
  local uv = neovim and (neovim.uv or neovim.loop)
  if not uv then
    local problem
    uv, problem = needs.find("luv", "the loop luv")
    if not uv then return nil, problem end
  end
  local loop = scheduler.attach(base.new(class))
  loop.uv, loop.is_turning, loop.turn_is_due = uv, false, false
  loop.on_ready = callback_of(loop, neovim)
  return loop
end

return luv
