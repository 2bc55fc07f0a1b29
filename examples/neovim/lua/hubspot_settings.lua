-- The client's options for the example, by the environment.

local settings = {}

settings.NOWHERE = "set HUBSPOT_TOKEN to the token of your account, or HUBSPOT_BASE_URL to the address of a sandbox"

local function environment(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

--- Names the account that calls go to; nil where the environment says nothing.
function settings.account()
  if environment "HUBSPOT_TOKEN" then return "the account of HUBSPOT_TOKEN" end
  local sandbox = environment "HUBSPOT_BASE_URL"
  return sandbox and "the sandbox at " .. sandbox
end

--- A client; throws what is missing.
-- @tparam table options more of `hubspot.new`'s
function settings.new_client(options)
  if not settings.account() then error(settings.NOWHERE, 0) end
  local token = environment "HUBSPOT_TOKEN"
  options.token = token or "sandbox-token"
  options.base_url = not token and environment "HUBSPOT_BASE_URL" or nil
  return require("hubspot").new(options)
end

return settings
