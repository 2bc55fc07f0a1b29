-- The name of a type of records in a call: comes out as paths have it.

local check = require "hubspot.check"
local types = require "hubspot.object.types"

local DESCRIPTION = 'the name or id of a type of records, such as "companies" or "2-3465404"'

return {
  description = DESCRIPTION,
  luacats = "string",
  check = function(value, place)
    if type(value) ~= "string" or not check.is_name(value) then
      return nil, ("%s must be %s, got %s"):format(place, DESCRIPTION, check.describe(value))
    end
    local row = types.find(value)
    return row and row.name or value
  end,
}
