-- Calls that run while the access token expires again and again; the same in every host.

local core = require "hubspot.core"
local hubspot = require "hubspot"

local AT_ONCE, RENEWALS = 50, 3

-- A token is sent while it is good for this many seconds more; it may expire in flight if the request takes longer.
local BEFORE_END = 0.1

--- Makes 50 calls at once, again and again, until the token was renewed three times.
-- @tparam string url of a sandbox whose tokens live for a second
-- @param loop option of the client
-- @treturn table what failed, `renewals`, `refused` (answers with 401 to tokens that had ended), and `lives` of the
--   token that have passed
return function(url, loop)
  local renewals, refused, failures = 0, 0, {}
  local client = hubspot.new {
    base_url = url,
    limiter = false,
    loop = loop,
    oauth = {
      client_id = "the-app",
      client_secret = "the-secret-of-the-app",
      refresh_token = "the-refresh-token",
      on_refresh = function() renewals = renewals + 1 end,
    },
    on = {
      response = function(event)
        if event.status == 401 and event.seconds < BEFORE_END then refused = refused + 1 end
      end,
    },
  }
  local items, began = {}, core.now()
  for index = 1, AT_ONCE do
    items[index] = index
  end
  repeat
    local _, errors = client:map(items, function()
      local contact, err = client.contacts:all({ max = 1 }):next()
      return contact and true, err
    end, { concurrency = AT_ONCE })
    for _, err in pairs(errors) do
      failures[#failures + 1] = tostring(err)
    end
  until renewals >= RENEWALS or #failures > 0
  client:close()
  return { failures = core.array(failures), renewals = renewals, refused = refused, lives = core.now() - began }
end
