--- Chooses the loop of a client.
-- @module hubspot.loop

local check = require "hubspot.check"
local interface = require "hubspot.loop.interface"

local loops = {}

local KNOWN = {}
for _, name in ipairs { "plain", "ngx", "cqueues", "luv", "frame" } do
  KNOWN[name] = "hubspot.loop." .. name
end

-- Returns whether this is nginx. Its worker threads have no phases, and may block.
local function is_nginx()
  local ngx = rawget(_G, "ngx")
  return type(ngx) == "table" and ngx.get_phase ~= nil and ngx.timer ~= nil
end

local function default_name()
  if is_nginx() then return "ngx" end
  -- It blocks where no controller runs.
  if package.loaded.cqueues then return "cqueues" end
  return "plain"
end

--- The loop that the option names; where it is nil, that of the host as far as it can be seen.
-- @param option nil, a name, or a loop
-- @treturn ?table nil and a message when there is no such loop
-- @treturn boolean whether the loop was made here, for whoever asked
function loops.choose(option)
  if type(option) == "table" then
    local is_loop, problem = interface.check(option)
    if not is_loop then return nil, problem end
    return option, false
  end
  local name = option or default_name()
  if not KNOWN[name] then
    return nil,
      ("loop must be a loop or one of %s, got %s%s"):format(
        table.concat(check.sorted_keys(KNOWN), ", "),
        tostring(name),
        check.did_you_mean(tostring(name), KNOWN)
      )
  end
  local loop, message = require(KNOWN[name]).new()
  if not loop then return nil, message end
  return loop, true
end

return loops
