-- Frames of a game at 60 a second.

local monotime = require("hubspot.core").now
local socket = require "socket"

local frames = {}

local SECONDS_A_FRAME = 1 / 60

-- Seconds by which an idle loop of the given length ended late.
local function lateness(seconds)
  local finish = monotime() + seconds
  while monotime() < finish do
  end -- luacheck: ignore 542
  return monotime() - finish
end

--- Calls a function in each frame. Prints of each frame the seconds that it took, and those by which a loop that did
-- nothing for as long ended late: so long the machine keeps a program waiting.
function frames.run(count, step)
  local next_frame = monotime()
  for _ = 1, count do
    local began = monotime()
    step()
    local took = monotime() - began
    print(("%.6f %.6f"):format(took, lateness(took)))
    next_frame = next_frame + SECONDS_A_FRAME
    socket.sleep(math.max(0, next_frame - monotime()))
  end
end

return frames
