--- Lets several processes, on several machines too, renew an access token together: one asks HubSpot, the others take
-- over what it got.
--
--    local client = hubspot.new {
--      oauth = {
--        client_id = …, client_secret = …, refresh_token = …,
--        share = require("hubspot.oauth.redis").new {
--          connect = function() return redis.connect("10.0.0.5", 6379) end, name = "account 99001",
--        },
--      },
--    }
--
-- Redis holds the access token and the refresh token as they are, under "hubspot:{name}:oauth:…": let no other program
-- read it. See `hubspot.redis_command` for how commands are sent, in nginx too.
-- @module hubspot.oauth.redis

local check = require "hubspot.check"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local number = require "hubspot.number"
local redis_command = require "hubspot.redis_command"

local redis = {}

-- A process that dies while it renews keeps the others waiting no longer than that.
local LONGEST_LOCK = 30

-- Only the holder of the lock may release it, or keep it for longer.
local UNLOCK = [[if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end return 0]]
local EXTEND = [[if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("PEXPIRE", KEYS[1], ARGV[2]) end
return 0]]

local OPTIONS = {
  connect = redis_command.OPTIONS.connect,
  client = redis_command.OPTIONS.client,
  name = { type = check.string, required = true },
}

local function failure(problem)
  return errors.new {
    kind = "network",
    sent = false,
    message = "the access token can't be shared: Redis: " .. tostring(problem or "no reply"),
  }
end

local function milliseconds(seconds) return ("%.0f"):format(math.max(1, seconds * 1000)) end

local function new_lock() return ("%.0f%.0f"):format(core.random() * 2 ^ 53, core.random() * 2 ^ 53) end

--- Makes a share.
-- @tparam table options
-- @tparam[opt] function options.connect makes a connection
-- @param[opt] options.client how to send a command; one of these two is needed
-- @tparam string options.name of the account whose token it is
-- @treturn table for the option `oauth.share` of `hubspot.new`
-- @raise when an option is wrong, unknown or missing
function redis.new(options)
  local checked, message = check.options(type(options) == "table" and options or {}, OPTIONS)
  if not checked then error("hubspot.oauth.redis.new: " .. message, 2) end
  local command, command_message = redis_command.new(checked)
  if not command then error("hubspot.oauth.redis.new: " .. command_message, 2) end
  local prefix = ("hubspot:{%s}:oauth:"):format(checked.name)
  local tokens_key, lock_key = prefix .. "tokens", prefix .. "lock"
  local share = {}

  --- Reads stored tokens that are still good; nil where there are none, or nil and an error.
  function share.read()
    local text, problem = command("get", tokens_key)
    if text == nil then return nil, failure(problem) end
    local stored = type(text) == "string" and core.decode(text)
    if type(stored) ~= "table" then return nil end
    local left
    left, problem = command("pttl", tokens_key)
    if left == nil then return nil, failure(problem) end
    left = number.parse(left)
    if not left or left <= 0 then return nil end
    return { access_token = stored.access_token, refresh_token = stored.refresh_token, renew_in = left / 1000 }
  end

  --- Takes the lock of the renewal.
  -- @tparam number seconds after which it ends by itself, if not before
  -- @return what `unlock` and `extend` take; false where another one has it; or nil and an error
  function share.lock(seconds)
    -- Each attempt has a value of its own: a forked process shares none, nor do two that share one connection.
    local lock = new_lock()
    local reply, problem = command("set", lock_key, lock, "NX", "PX", milliseconds(math.min(seconds, LONGEST_LOCK)))
    if reply == nil then
      -- Redis may have taken the command.
      share.unlock(lock)
      return nil, failure(problem)
    end
    if reply == true or reply == "OK" then return lock end
    -- When the reply got lost, the command was sent again, and found the lock of the first time.
    local holder
    holder, problem = command("get", lock_key)
    if holder == nil then return nil, failure(problem) end
    return holder == lock and lock
  end

  --- Keeps the lock over a pause in seconds.
  function share.extend(lock, seconds) command("eval", EXTEND, 1, lock_key, lock, milliseconds(seconds + LONGEST_LOCK)) end

  --- Stores tokens for as long as they need not be renewed.
  function share.write(tokens)
    local text = core.encode { access_token = tokens.access_token, refresh_token = tokens.refresh_token }
    local reply, problem = command("set", tokens_key, text, "PX", milliseconds(tokens.renew_in))
    if reply == nil then return nil, failure(problem) end
    return true
  end

  function share.unlock(lock) command("eval", UNLOCK, 1, lock_key, lock) end

  return share
end

return redis
