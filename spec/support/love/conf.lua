-- A game without a window, so that it needs no display.
function love.conf(settings)
  for _, name in ipairs {
    "audio",
    "font",
    "graphics",
    "image",
    "joystick",
    "keyboard",
    "mouse",
    "physics",
    "sound",
    "system",
    "touch",
    "video",
    "window",
  } do
    settings.modules[name] = false
  end
end
