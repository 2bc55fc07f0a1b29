---@meta hubspot.sandbox
-- Made from the declarations by `make generate`: change those, not this.

local sandbox = {}

--- Makes a portal.
---@param options? hubspot.PortalOptions
---@return hubspot.Portal
function sandbox.new(options) end

return sandbox
