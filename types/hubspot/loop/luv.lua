---@meta hubspot.loop.luv
-- Made from the declarations by `make generate`: change those, not this.

local luv = {}

--- Waits on libuv's loop, as Neovim and luv have it. Calls are made in coroutines.
---@return hubspot.Loop? nil and a message where luv is missing
---@return string?
function luv.new() end

return luv
