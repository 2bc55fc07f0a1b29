--- Spans of time as people write them: `90s`, `5m`, `1h`, `30d`.
-- @module hubspot.duration

local duration = {}

local SECONDS = { s = 1, m = 60, h = 3600, d = 86400 }

--- The seconds of a span.
-- @tparam string text
-- @treturn ?integer nil where it is none
function duration.parse(text)
  local count, unit = text:match "^(%d+)([smhd])$"
  if not count or #count > 6 then return nil end
  return tonumber(count) * SECONDS[unit]
end

return duration
