--- The loop of libuv, as Neovim and luv have it. Calls are made in coroutines, such as
-- `coroutine.wrap(function() … end)()`; in Neovim these go on where its API may be called. On PUC Lua 5.1 a call blocks
-- where its coroutine can't yield: inside of pcall, and in the iterator of a for loop.
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

--- Makes a loop.
-- @treturn ?loop nil and a message where luv can't be had
function luv.new()
  local neovim = rawget(_G, "vim")
  if not neovim and not package.loaded.luv and in_coroutine "" then return nil, LOADED_TOO_LATE end
  local uv = neovim and (neovim.uv or neovim.loop)
  if not uv then
    local problem
    uv, problem = needs.find("luv", "the loop luv")
    if not uv then return nil, problem end
  end
  local loop, scheduled
  local timer, poll, polled_descriptor
  local turning, turn_is_due = false, false

  local function stop_polling()
    if poll then poll:close() end
    poll, polled_descriptor = nil, nil
  end

  local function poll_descriptor(on_ready)
    local descriptor = loop.descriptor()
    if descriptor ~= polled_descriptor then stop_polling() end
    if not descriptor then return end
    poll = poll or uv.new_poll(descriptor)
    polled_descriptor = descriptor
    poll:start("r", on_ready)
  end

  local function pause()
    if timer then timer:stop() end
    if poll then poll:stop() end
  end

  -- There are handles only while somebody waits: they would keep the host's loop from ending.
  local function rest()
    stop_polling()
    if timer then timer:close() end
    timer = nil
  end

  local turn

  -- Libuv's callbacks may not touch Neovim's API: there it is Neovim that calls.
  local function on_ready()
    pause()
    if not neovim then return turn() end
    if turn_is_due then return end
    turn_is_due = true
    neovim.schedule(turn)
  end

  local function arm()
    local due = scheduled.due()
    if not due then return rest() end
    timer = timer or uv.new_timer()
    timer:start(math.ceil(math.min(due, LONGEST_TIMER) * 1000), 0, on_ready)
    if loop.due() then poll_descriptor(on_ready) end
  end

  function turn()
    turning, turn_is_due = true, false
    local succeeded, failure = pcall(scheduled.run)
    turning = false
    arm()
    if not succeeded then error(failure, 0) end
  end

  loop = base.complete {
    now = core.now,
    can_wait = function() return in_coroutine "libuv's loop resumes it" end,
    kick = function()
      if not turning and not turn_is_due then arm() end
    end,
    release = stop_polling,
  }
  local close = loop.close

  -- Those whose calls end thereby are still to be resumed.
  function loop.close()
    close()
    arm()
  end

  scheduled = scheduler.attach(loop, { may_suspend = function() return true end })
  return loop
end

return luv
