-- Renewals of tokens that several processes share.

local errors = require "hubspot.error"

-- Seconds between two polls for another process's tokens.
local SHARE_INTERVAL = 0.05

--- Renews tokens that several processes share: one of them asks HubSpot, the others take over what it got. The stored
-- ones are read again once the lock is acquired: another process may have renewed while it held it.
-- @tparam client client
-- @tparam table share `read`, `lock`, `extend`, `write` and `unlock`
-- @tparam ?string refused the access token that HubSpot does not take any more
-- @tparam function renew function(before_pause) that asks HubSpot
-- @tparam number deadline on the loop's clock
-- @treturn ?table tokens, or nil and an error
return function(client, share, refused, renew, deadline)
  local lock
  while client.loop:now() < deadline and not client.closed do
    local stored, read_err = share.read()
    if read_err then
      if lock then share.unlock(lock) end
      return nil, read_err
    end
    if stored and stored.access_token ~= refused then
      if lock then share.unlock(lock) end
      return stored
    end
    if lock then
      local tokens, err = renew(function(seconds) share.extend(lock, seconds) end)
      local _, write_err
      if tokens then
        _, write_err = share.write(tokens)
      end
      share.unlock(lock)
      if write_err then return nil, write_err end
      return tokens, err
    end
    local lock_err
    lock, lock_err = share.lock(deadline - client.loop:now())
    if lock_err then return nil, lock_err end
    if not lock then client:pause(SHARE_INTERVAL) end
  end
  if lock then share.unlock(lock) end
  return nil,
    errors.new {
      kind = "timeout",
      message = "another process holds the renewal of the access token, and " .. "did not end within the deadline",
      sent = false,
    }
end
