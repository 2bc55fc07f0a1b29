---@meta hubspot.loop.plain
-- Made from the declarations by `make generate`: change those, not this.

local plain = {}

--- Waits by blocking: that of a plain script.
---@return hubspot.Loop
function plain.new() end

return plain
