-- A game in which a ball never stands still, and a finished level goes into the player's timeline in HubSpot while it
-- moves on. The space bar finishes a level.
--
--     love examples/love ADDRESS                      with HUBSPOT_TOKEN, and HUBSPOT_EVENT_TYPE: the full name of an
--                                                     event type of your application, such as pe99001_game_level
--     love examples/love ADDRESS --no-window          finishes one level by itself and ends
--
-- LÖVE has LuaJIT, which takes what is installed for Lua 5.1. To try it without an account:
--
--     hubspot-lua sandbox --port 8081 --event-type pe99001_game_level:level &
--     HUBSPOT_BASE_URL=http://127.0.0.1:8081 love examples/love ada@example.org --no-window
--
-- luacheck: globals love

local hubspot = require "hubspot"

local loop = require("hubspot.loop.frame").new()

local function environment(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

local token, base_url = environment "HUBSPOT_TOKEN", environment "HUBSPOT_BASE_URL"
local client = (token or base_url)
  and hubspot.new { loop = loop, token = token or "sandbox-token", base_url = base_url }

local player, by_itself
local level, frame, message = 1, 0, "space finishes the level"

-- An id of the player, the level and the second: HubSpot takes an event twice only if it has two ids.
local function finish_level()
  local event_type = environment "HUBSPOT_EVENT_TYPE" or "pe99001_game_level"
  local event = {
    id = ("level-%d-%s-%d"):format(level, player, os.time()),
    eventTypeName = event_type,
    email = player,
    properties = { level = tostring(level) },
  }
  level = level + 1
  local first_frame = frame
  coroutine.wrap(function()
    local written, err = client.timeline:upsert_event(nil, event)
    message = written
        and ("level %s is in the timeline, %d frames later"):format(event.properties.level, frame - first_frame)
      or tostring(err)
    print(message)
    if by_itself then love.event.quit(written and 0 or 1) end
  end)()
end

function love.load(arguments)
  for _, word in ipairs(arguments) do
    if word == "--no-window" then
      by_itself = true
    else
      player = player or word
    end
  end
  if not player or not client then
    print(
      client and "usage: love examples/love ADDRESS [--no-window]"
        or "Set HUBSPOT_TOKEN, or HUBSPOT_BASE_URL to the address of a sandbox."
    )
    return love.event.quit(1)
  end
  if by_itself then finish_level() end
end

function love.keypressed(key)
  if key == "space" then finish_level() end
end

function love.update()
  frame = frame + 1
  loop:step()
end

function love.draw()
  local width, height = love.graphics.getDimensions()
  love.graphics.circle("fill", (frame * 4) % width, height / 2, 20)
  love.graphics.print(("level %d: %s"):format(level, message), 10, 10)
end

function love.quit()
  if client then client:close() end
end
