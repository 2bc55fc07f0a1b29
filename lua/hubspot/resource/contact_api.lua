-- Shared by the current routes of contacts.

local object = require "hubspot.object"
local types = require "hubspot.object.types"

return object.api(types.rows.contacts)
