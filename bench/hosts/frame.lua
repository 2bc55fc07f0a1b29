-- A game with calls in flight, on the Lua that LÖVE has: what each `loop:step()` took (see frames.lua).
--
--    frame.lua ADDRESS PORT FRAMES AT_ONCE

local frame = require "hubspot.loop.frame"
local frames = require "bench.hosts.frames"
local hubspot = require "hubspot"

local ADDRESS, PORT, FRAMES, AT_ONCE = arg[1], arg[2], tonumber(arg[3]), tonumber(arg[4])

local loop = frame.new()
local client =
  hubspot.new { token = "bench-token", base_url = ("http://%s:%s"):format(ADDRESS, PORT), limiter = false, loop = loop }
local ended = false

for _ = 1, AT_ONCE do
  coroutine.wrap(function()
    while not ended do
      assert(client.contacts:get(4127, { properties = { "email", "firstname" } }))
    end
  end)()
end

frames.run(FRAMES, loop.step)
ended = true
client:close()
