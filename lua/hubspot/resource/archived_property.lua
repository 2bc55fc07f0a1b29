-- Archived properties, which HubSpot restores where one of their name is created.

local errors = require "hubspot.error"

local archived_property = {}

--- The error where an archived property has the name.
-- @tparam string name
-- @treturn table
function archived_property.conflict(name)
  return errors.new {
    kind = "api",
    category = "CONFLICT",
    message = ("there is an archived property %s: HubSpot would bring it back, with the values of its records"):format(
      name
    ),
    hint = "Pass restore = true if you want that; else take another name",
  }
end

--- Completes the error where HubSpot did not tell whether there is one.
-- @tparam table err
-- @treturn table `err`
function archived_property.unknown(err)
  errors.add_hint(err, "restore = true creates properties without a look whether archived ones have their names")
  return err
end

return archived_property
