-- The client's options for the example, by the environment.

local settings = {}

settings.NOWHERE = "set HUBSPOT_TOKEN to the token of your account, or HUBSPOT_BASE_URL to the address of a sandbox"

local function environment(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

--- Names the account that calls go to; nil where the environment says nothing.
function settings.account()
  local token, base_url = environment "HUBSPOT_TOKEN", environment "HUBSPOT_BASE_URL"
  if base_url then return (token and "HubSpot at " or "the sandbox at ") .. base_url end
  return token and "the account of HUBSPOT_TOKEN"
end

--- A client; throws what is missing.
-- @tparam table options more of `hubspot.new`'s
function settings.new_client(options)
  if not settings.account() then error(settings.NOWHERE, 0) end
  options.token = environment "HUBSPOT_TOKEN" or "sandbox-token"
  options.base_url = environment "HUBSPOT_BASE_URL"
  return require("hubspot").new(options)
end

return settings
