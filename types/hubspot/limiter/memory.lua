---@meta hubspot.limiter.memory
-- Made from the declarations by `make generate`: change those, not this.

local memory = {}

--- A limiter in this process, with buckets of its own.
---@param clock? fun(): number seconds of a clock that never goes back
---@return hubspot.Limiter
function memory.new(clock) end

--- The limiter of a token in this process: what a client has that is given no other.
---@param key any the token, or what stands for it
---@return hubspot.Limiter
function memory.shared(key) end

return memory
