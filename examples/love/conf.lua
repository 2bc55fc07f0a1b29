-- luacheck: globals love arg

function love.conf(settings)
  settings.identity = "hubspot-example"
  settings.window.title = "HubSpot in a game"
  -- For machines without a screen.
  for _, word in ipairs(arg or {}) do
    if word == "--no-window" then
      settings.modules.window = false
      settings.modules.graphics = false
      settings.modules.audio = false
      settings.modules.joystick = false
    end
  end
end
