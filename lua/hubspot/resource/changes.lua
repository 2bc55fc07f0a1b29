-- The type of an argument with fields to change, of which there is one at least.

local check = require "hubspot.check"

--- Makes the type.
-- @tparam string description such as "a table { label = … }"
-- @tparam table fields as `check.fields` takes them
-- @tparam string class of LuaCATS
-- @treturn table
return function(description, fields, class)
  return check.refined(check.fields(description, fields, class), function(given, place)
    if next(given) == nil then return nil, place .. " must not be empty" end
    return given
  end)
end
