-- Faults that pass, at random: whoever asks again comes through.

local random_faults = {}

local FAULTS = {
  { kind = "status", status = 500 },
  { kind = "status", status = 502 },
  { kind = "rate_limit", retry_after = 0 },
  { kind = "reset" },
  { kind = "reset_after" },
  { kind = "cut" },
  { kind = "garbage" },
  { kind = "repeat_cursor", path = "/crm/objects" },
  { kind = "empty", path = "/search" },
}

--- Asks a portal for some of them.
-- @tparam table portal in this process, or its server
-- @tparam function random as math.random
-- @treturn integer how many requests they strike
function random_faults.add(portal, random)
  local count = 0
  for _ = 1, random(6) do
    local fault = { times = random(4), after = random(0, 10) }
    for name, value in pairs(FAULTS[random(#FAULTS)]) do
      fault[name] = value
    end
    portal:fault(fault)
    count = count + fault.times
  end
  return count
end

return random_faults
