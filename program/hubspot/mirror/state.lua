--- The state of a mirror, object by object, which is written in the transaction from whose rows it follows.
-- @module hubspot.mirror.state

local tables = require "hubspot.mirror.tables"
local value = require "hubspot.mirror.value"

local state = {}

local one = tables.by_name.mirror_state

--- The state of an object: `phase` ("copy", "follow" or "sweep"; nil before the first run), `cursor` (of the changes
-- that come next), `place` (of a copy or a sweep, in its list), `followed_at`, `swept_at`, `sweep_reason`, `missed` and
-- `misfits`.
-- @tparam table database
-- @tparam string object
-- @treturn table
function state.read(database, object)
  local stored = database:query(("SELECT * FROM mirror_state WHERE object = %s"):format(database:literal(object)))[1]
  local found = { object = object }
  for _, column in ipairs(one.columns) do
    found[column.name] = stored and value.shown(column.kind, stored[column.name]) or found[column.name]
  end
  found.missed, found.misfits = tonumber(found.missed) or 0, tonumber(found.misfits) or 0
  return found
end

--- Writes a state.
function state.write(database, current)
  local row = {}
  for place, column in ipairs(one.columns) do
    row[place] = current[column.name]
  end
  database:upsert(one.into, { row })
end

--- All states, in the order of their objects.
function state.all(database)
  local list = {}
  for index, stored in ipairs(database:query "SELECT object FROM mirror_state ORDER BY object") do
    list[index] = state.read(database, stored.object)
  end
  return list
end

return state
