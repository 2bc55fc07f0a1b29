-- A loop whose time stands still but for its sleeping, with a list of how long that was. For clients whose transport
-- is a function.

local fake_loop = {}

function fake_loop.new()
  local now = 1000
  local loop = { slept = {} }

  function loop.now() return now end

  function loop.sleep(seconds)
    loop.slept[#loop.slept + 1] = seconds
    now = now + seconds
  end

  --- Lets time pass, as a slow transport does.
  function loop.pass(seconds) now = now + seconds end

  local waiter = {
    wait = function(_, seconds)
      loop.sleep(seconds)
      return false
    end,
    wake = function() end,
  }

  function loop.can_wait() return true end

  function loop.waiter() return waiter end

  function loop.each(count, _, body)
    for index = 1, count do
      body(index)
    end
    return {}
  end

  local function unused() error "a transport that is a function needs no engine" end

  for _, name in ipairs { "spawn", "start", "engine", "collect", "await" } do
    loop[name] = unused
  end

  function loop.close() end

  return loop
end

return fake_loop
