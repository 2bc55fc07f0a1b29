---@meta hubspot.loop.frame
-- Made from the declarations by `make generate`: change those, not this.

local frame = {}

--- For a host that calls a function each frame. Calls are made in coroutines.
---@return hubspot.FrameLoop
function frame.new() end

return frame
