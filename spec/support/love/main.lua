-- Runs the scenario of all hosts in a game, and counts the frames meanwhile.

local core = require "hubspot.core"
local frame = require "hubspot.loop.frame"
local hubspot = require "hubspot"
local scenario = require "spec.support.scenario"

local base_url, output = os.getenv "BASE_URL", os.getenv "OUTPUT"

local loop = frame.new()
local frames, result = 0, nil

local function misuse()
  local client = hubspot.new { token = "any-token", base_url = base_url, loop = loop }
  local _, err = client.contacts:get(1)
  return err.kind
end

function love.load()
  local outside = misuse()
  coroutine.wrap(
    function()
      result = {
        scenario = scenario.run { base_url = base_url, loop = loop },
        outside = outside,
        jit = jit.version,
        default_blocks = hubspot.new({ token = "any-token" }).loop:can_wait(),
      }
    end
  )()
end

function love.update()
  frames = frames + 1
  loop:step()
  if not result then return end
  result.frames = frames
  local file = assert(io.open(output, "w"))
  file:write(core.encode(result))
  file:close()
  love.event.quit()
end
