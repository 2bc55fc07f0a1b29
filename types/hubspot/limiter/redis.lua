---@meta hubspot.limiter.redis
-- Made from the declarations by `make generate`: change those, not this.

local redis = {}

--- A limiter for several machines: its buckets live in Redis 5 or later, or Valkey.
---@param options hubspot.RedisLimiterOptions
---@return hubspot.Limiter
function redis.new(options) end

return redis
