--- Which loop a client waits on.
-- @module hubspot.loop

local check = require "hubspot.check"

local loops = {}

local KNOWN = { plain = "hubspot.loop.plain" }

local INTERFACE = { "await", "sleep", "now", "each" }

--- The loop that the option names; a plain one where it is nil.
-- @param option nil, a name, or a loop
-- @treturn ?table nil and a message when there is no such loop
function loops.choose(option)
  if type(option) == "table" then
    for _, name in ipairs(INTERFACE) do
      if type(option[name]) ~= "function" then return nil, ("loop has no function %s"):format(name) end
    end
    return option
  end
  local name = option or "plain"
  if not KNOWN[name] then
    return nil, ("loop must be a loop or one of %s, got %s%s"):format(table.concat(check.sorted_keys(KNOWN), ", "),
      tostring(name), check.did_you_mean(tostring(name), KNOWN))
  end
  return require(KNOWN[name]).new()
end

return loops
