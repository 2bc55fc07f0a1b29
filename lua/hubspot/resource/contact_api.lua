-- What the current routes of contacts have in common.

local object = require "hubspot.object"
local types = require "hubspot.object.types"

return object.api(types.rows.contacts)
