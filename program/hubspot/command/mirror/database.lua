--- Opens the database of a mirror that is there.
-- @module hubspot.command.mirror.database

local database = require "hubspot.mirror.database"
local fail = require "hubspot.command.fail"
local schema = require "hubspot.mirror.schema"

local mirror_database = {}

--- Opens it; a failure of the database is thrown.
-- @tparam context context
-- @treturn table
function mirror_database.open(context)
  local options = context.options
  local opened = database.open(options.db, { schema = options.schema, must_exist = true })
  if schema.is_in(opened) then return opened end
  local is_sqlite = options.db:find "^sqlite:"
  fail.file("there is no mirror in this database" .. (is_sqlite and "" or ", or it is in another --schema"))
end

return mirror_database
