---@meta hubspot.loop.ngx
-- Made from the declarations by `make generate`: change those, not this.

local ngx = {}

--- Waits as nginx (OpenResty) does, in all phases in which it can.
---@return hubspot.Loop
function ngx.new() end

return ngx
