--- Checks the database of a mirror.

local databases = require "hubspot.mirror.database"
local exit_codes = require "hubspot.command.exit_codes"
local machine = require "hubspot.command.doctor.machine"

local database = {}

local function file_is_missing(address)
  local parsed = databases.parse(address)
  return parsed.dialect == "sqlite" and not machine.file_exists(parsed.source)
end

local function describe(opened)
  if next(opened.dialect.columns(opened, "mirror_state")) == nil then return "holds no mirror yet" end
  local row = opened:query("SELECT count(*) AS objects FROM mirror_state")[1]
  return ("holds a mirror of %d types of records"):format(tonumber(row.objects))
end

--- Opens the database and looks for a mirror in it.
-- @tparam report report
-- @tparam string address as `mirror --db` takes it
function database.check(report, address)
  local place = machine.without_credentials(address)
  if file_is_missing(address) then return report:ok("database", place .. " is not there yet; mirror makes it") end
  local opened, result = pcall(databases.open, address, { must_exist = true })
  local told, text = opened, nil
  if opened then
    told, text = pcall(describe, result)
    result:close()
  end
  if told then return report:ok("database", ("%s %s"):format(place, text)) end
  local failure = opened and text or result
  if not databases.is_failure(failure) then error(failure, 0) end
  report:problem(
    "database",
    ("%s: %s"):format(place, failure.message),
    "check the address, and who may use it",
    exit_codes.FILE
  )
end

return database
