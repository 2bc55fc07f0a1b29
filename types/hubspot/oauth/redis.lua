---@meta hubspot.oauth.redis
-- Made from the declarations by `make generate`: change those, not this.

local redis = {}

--- Lets several processes, on several machines too, renew an access token together, by Redis.
---@param options hubspot.RedisShareOptions
---@return hubspot.OAuthShare
function redis.new(options) end

return redis
