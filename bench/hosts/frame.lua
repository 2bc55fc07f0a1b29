-- A game at 60 frames a second with calls under way, on the Lua that LÖVE has: prints of each frame the seconds that
-- `loop.step()` took, the seconds of the processor that it used, and those by which a loop that did nothing for as long
-- ended late: so long the machine itself keeps a program waiting.
--
--    frame.lua ADDRESS PORT FRAMES AT_ONCE

local hubspot = require "hubspot"
local frame = require "hubspot.loop.frame"
local monotime = require("hubspot.core").now
local socket = require "socket"

local ADDRESS, PORT, FRAMES, AT_ONCE = arg[1], arg[2], tonumber(arg[3]), tonumber(arg[4])
local SECONDS_A_FRAME = 1 / 60

local loop = frame.new()
local client = hubspot.new { token = "bench-token", base_url = ("http://%s:%s"):format(ADDRESS, PORT),
  limiter = false, loop = loop }
local ended = false

for _ = 1, AT_ONCE do
  coroutine.wrap(function()
    while not ended do assert(client.contacts:get(4127, { properties = { "email", "firstname" } })) end
  end)()
end

-- Seconds by which a loop of so many seconds ended late.
local function lateness(seconds)
  local finish = monotime() + seconds
  while monotime() < finish do end -- luacheck: ignore 542
  return monotime() - finish
end

local next_frame = monotime()
for _ = 1, FRAMES do
  local began, used = monotime(), os.clock()
  loop.step()
  local took = monotime() - began
  print(("%.6f %.6f %.6f"):format(took, os.clock() - used, lateness(took)))
  next_frame = next_frame + SECONDS_A_FRAME
  socket.sleep(math.max(0, next_frame - monotime()))
end
ended = true
client:close()
