-- A game at 60 frames a second with calls under way, on the Lua that LÖVE has: prints of each frame the seconds that
-- `loop.step()` took, and the seconds of the processor that it used.
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

local next_frame = monotime()
for _ = 1, FRAMES do
  local began, used = monotime(), os.clock()
  loop.step()
  print(("%.6f %.6f"):format(monotime() - began, os.clock() - used))
  next_frame = next_frame + SECONDS_A_FRAME
  socket.sleep(math.max(0, next_frame - monotime()))
end
ended = true
client:close()
