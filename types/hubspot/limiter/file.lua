---@meta hubspot.limiter.file
-- Made from the declarations by `make generate`: change those, not this.

local file = {}

--- A limiter for the processes of one machine: its buckets live in a locked file.
---@param options hubspot.FileLimiterOptions
---@return hubspot.Limiter
function file.new(options) end

--- Tells whether a limiter can use a file, which is made where there is none.
---@param path string
---@return boolean? true; or nil and a message
---@return string?
function file.check(path) end

return file
