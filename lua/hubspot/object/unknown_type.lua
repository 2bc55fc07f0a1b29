--- HubSpot's answer to the name of a type that an account has not.
-- @module hubspot.object.unknown_type

local did_you_mean = require "hubspot.did_you_mean"
local types = require "hubspot.object.types"

local unknown_type = {}

--- Suggests the type that was meant.
-- @tparam table err
-- @treturn ?string a hint; nil where the error is another one, or no known name is near
function unknown_type.hint(err)
  local name = err.message:match "^Unable to infer object type from: (.+)$"
  local meant = name and did_you_mean.name(name, types.rows)
  return meant and ("Did you mean %s?"):format(meant)
end

return unknown_type
