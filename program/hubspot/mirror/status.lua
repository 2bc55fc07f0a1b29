--- The state of a mirror, from its database alone.
-- @module hubspot.mirror.status

local schema = require "hubspot.mirror.schema"
local state = require "hubspot.mirror.state"
local time = require "hubspot.time"

local status = {}

local COUNTS = [[
SELECT count(*) AS total,
  sum(CASE WHEN archived_at IS NOT NULL AND merged_into IS NULL AND gone_at IS NULL THEN 1 ELSE 0 END) AS archived,
  sum(CASE WHEN merged_into IS NOT NULL THEN 1 ELSE 0 END) AS merged,
  sum(CASE WHEN gone_at IS NOT NULL AND merged_into IS NULL THEN 1 ELSE 0 END) AS gone
FROM %s]]

local function whole(value) return math.floor(tonumber(value) or 0) end

local function counts_of(database, object)
  local name = schema.table_name(object)
  if next(database.dialect.columns(database, name)) == nil then return {} end
  local row = database:query(COUNTS:format(database:quote(name)))[1]
  local counts = { archived = whole(row.archived), merged = whole(row.merged), gone = whole(row.gone) }
  counts.live = whole(row.total) - counts.archived - counts.merged - counts.gone
  return counts
end

local PHASES = { copy = "first copy", follow = "up to date", sweep = "sweep" }

-- Values that HubSpot calculates change no time: only a sweep renews them.
local function stale_of(current)
  if current.sweep_reason then return "properties came or changed: the next sweep fills them in" end
  if current.swept_at then return "calculated properties are as of " .. current.swept_at end
  return nil
end

--- Tells how far each object of a mirror is.
-- @tparam table database
-- @tparam number now_ms
-- @treturn table a list
function status.read(database, now_ms)
  local list = {}
  for index, current in ipairs(state.all(database)) do
    local one = counts_of(database, current.object)
    one.object, one.phase = current.object, PHASES[current.phase] or "not begun"
    one.followed_at, one.swept_at = current.followed_at, current.swept_at
    if current.followed_at then
      one.lag_seconds = math.max(0, math.floor((now_ms - time.from_iso(current.followed_at)) / 1000))
    end
    one.missed_by_windows, one.misfits, one.stale = current.missed, current.misfits, stale_of(current)
    list[index] = one
  end
  return list
end

return status
