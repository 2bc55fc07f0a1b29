---@meta hubspot.loop.cqueues
-- Made from the declarations by `make generate`: change those, not this.

local cqueues = {}

--- Waits in a running cqueues controller; outside of one a call blocks.
---@return hubspot.Loop
function cqueues.new() end

return cqueues
