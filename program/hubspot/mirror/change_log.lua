--- The log of changes of a mirror: what each run found, in the order in which it was written.
-- @module hubspot.mirror.change_log

local core = require "hubspot.core"
local id_text = require("hubspot.id").text
local value = require "hubspot.mirror.value"

local change_log = {}

local LINES = 1000

local function line_of(row)
  local line = {
    seq = tonumber(row.seq),
    op = row.op,
    object = row.object,
    id = id_text(row.id),
    at = value.shown("time", row.at),
    into = id_text(row.into),
  }
  if not row.changed then return line end
  local decoded = core.decode(row.changed)
  if line.op == "associate" or line.op == "dissociate" then
    for name, item in pairs(decoded) do
      line[name] = item
    end
  else
    line.changed = decoded
  end
  return line
end

--- The newest line's number; 0 where there is none.
function change_log.last(database)
  local row = database:query("SELECT max(seq) AS seq FROM changes")[1]
  return tonumber(row.seq) or 0
end

--- The number of a line after which all those since a time come, even if the clock was put back meanwhile.
-- @tparam table database
-- @tparam string at ISO 8601 in UTC with milliseconds
-- @treturn integer
function change_log.before(database, at)
  local statement = "SELECT min(seq) AS seq FROM changes WHERE at >= %s"
  local first = tonumber(database:query(statement:format(database:literal(at)))[1].seq)
  return first and first - 1 or change_log.last(database)
end

--- Returns whether the log still has a line. Of one that it has not those after it may be gone, too.
-- @tparam table database
-- @tparam integer seq
-- @treturn boolean
function change_log.has(database, seq)
  return #database:query(("SELECT seq FROM changes WHERE seq = %d"):format(seq)) > 0
end

--- Some of the lines after one.
-- @tparam table database
-- @tparam integer after the number of a line
-- @tparam ?table objects names; all when left out
-- @treturn table lines, as the command `changes` writes them
-- @treturn integer the number after which the next ones come
function change_log.after(database, after, objects)
  local names = {}
  for index, name in ipairs(objects or {}) do
    names[index] = database:literal(name)
  end
  local condition = #names > 0 and (" AND object IN (%s)"):format(table.concat(names, ",")) or ""
  local statement = ("SELECT * FROM changes WHERE seq > %d%s ORDER BY seq LIMIT %d"):format(after, condition, LINES)
  local lines = {}
  for index, row in ipairs(database:query(statement)) do
    lines[index] = line_of(row)
  end
  return lines, #lines > 0 and lines[#lines].seq or after
end

return change_log
