-- Tells whether tokens are good, and ends them: requests that show HubSpot the secret of the app.

local api_version = require "hubspot.api_version"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local refusal = require "hubspot.oauth.refusal"
local secret_request = require "hubspot.oauth.secret_request"

local token_status = {}

--- The paths of its requests.
token_status.INTROSPECT = ("/oauth/%s/token/introspect"):format(api_version.DEFAULT)
token_status.REVOKE = ("/oauth/%s/token/revoke"):format(api_version.DEFAULT)

local function unreadable(response)
  return errors.new {
    kind = "decode",
    status = response.status,
    message = "HubSpot's answer about a token can't be read",
    method = "POST",
    path = token_status.INTROSPECT,
  }
end

-- The answer quotes the token, and may hold the one that is signed.
local function without_tokens(answer)
  answer.token, answer.signed_access_token = nil, nil
  return answer
end

--- Asks HubSpot about a token.
-- @tparam client client
-- @tparam table own what `hubspot.request` takes besides
-- @tparam table fields `client_id`, `client_secret`, `token`, and as `token_type_hint` its kind
-- @treturn ?table HubSpot's answer, `active` in any case; or nil and an error
function token_status.introspect(client, own, fields)
  own.path, own.read, own.idempotent = token_status.INTROSPECT, true, true
  local response, err = secret_request.send_form(client, own, fields)
  if not response then return nil, refusal(err) end
  local answer = core.decode(response.body or "")
  if type(answer) ~= "table" or type(answer.active) ~= "boolean" then return nil, unreadable(response) end
  return without_tokens(answer)
end

--- Ends a token.
-- @tparam client client
-- @tparam table own what `hubspot.request` takes besides
-- @tparam table fields as `token_status.introspect` takes them
-- @treturn ?boolean true; or nil and an error
function token_status.revoke(client, own, fields)
  own.path, own.read, own.idempotent = token_status.REVOKE, false, true
  local response, err = secret_request.send_form(client, own, fields)
  if not response then return nil, refusal(err) end
  return true
end

return token_status
