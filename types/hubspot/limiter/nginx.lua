---@meta hubspot.limiter.nginx
-- Made from the declarations by `make generate`: change those, not this.

local nginx = {}

--- A limiter for the workers of one nginx: its buckets live in a shared dictionary.
---@param options hubspot.NginxLimiterOptions
---@return hubspot.Limiter
function nginx.new(options) end

return nginx
