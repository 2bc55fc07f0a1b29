--- Values of options that several subcommands take. Each function reads a text, and returns the value, or nil and
-- the problem with it, as `read` of an option does.

local duration = require "hubspot.duration"
local number = require "hubspot.number"
local trim = require("hubspot.text").trim

local option_values = {}

--- Reads names with commas between them.
-- @tparam string text
-- @treturn ?table
function option_values.names(text)
  local names = {}
  for name in text:gmatch "[^,]+" do
    name = trim(name)
    if name ~= "" then names[#names + 1] = name end
  end
  if #names == 0 then return nil, "must be names with commas between them" end
  return names
end

--- Reads an id of HubSpot's.
-- @tparam string text
-- @treturn ?string
function option_values.id(text)
  if text:find "^%d+$" then return text end
  return nil, ("must be an id, digits only, got %s"):format(text)
end

--- Makes the reader of a whole number.
-- @tparam number least
-- @tparam[opt] number most
-- @treturn function
function option_values.whole_number(least, most)
  local range = most and ("from %s to %s"):format(number.text(least), number.text(most))
    or ("of at least %s"):format(number.text(least))
  return function(text)
    local value = text:find "^%d+$" and #text < 16 and tonumber(text)
    if value and value >= least and value <= (most or value) then return value end
    return nil, ("must be a whole number %s, got %s"):format(range, text)
  end
end

--- Reads a span of time.
-- @tparam string text
-- @treturn ?integer seconds
function option_values.span(text)
  local seconds = duration.parse(text)
  if seconds then return seconds end
  return nil, "must be a span of time such as 30s, 5m, 1h or 7d"
end

--- Reads the address of a mirror's database.
-- @tparam string text
-- @treturn ?string
function option_values.database(text)
  if require("hubspot.mirror.database").parse(text) then return text end
  return nil, "must be sqlite:FILE or postgresql://USER@HOST/DATABASE"
end

return option_values
