-- The option `oauth` of a client.

local check = require "hubspot.check"

local function callable_fields(names)
  return function(value, place)
    if type(value) ~= "table" then return nil, place .. " must be a table of functions" end
    for _, name in ipairs(names) do
      if not check.callable.check(value[name], place) then
        return nil, ("%s.%s must be a function"):format(place, name)
      end
    end
    return value
  end
end

local SETTINGS = {
  client_id = { type = check.string, required = true },
  client_secret = { type = check.string, required = true },
  refresh_token = { type = check.string, required = true },
  access_token = { type = check.string },
  expires_at = { type = check.unix_time },
  on_refresh = { type = check.callable },
  share = {
    type = {
      description = "a share such as hubspot.oauth.redis gives",
      check = callable_fields { "read", "lock", "extend", "write", "unlock" },
    },
  },
}

return check.fields("a table { client_id =, client_secret =, refresh_token =, … }", SETTINGS)
