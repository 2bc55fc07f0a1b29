-- Requests for tokens, and their answers.

local api_version = require "hubspot.api_version"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local number = require "hubspot.number"
local refusal = require "hubspot.oauth.refusal"
local secret_request = require "hubspot.oauth.secret_request"

local token_request = {}

local TOKEN_PATH = ("/oauth/%s/token"):format(api_version.DEFAULT)

-- Seconds for one attempt at most: there has to be time for another one.
local LONGEST_REQUEST = 10

local NEEDS_NEW_CONSENT = "HubSpot does not take the refresh token: the app was uninstalled, or the token belongs to "
  .. "another app. Let the user install the app again and exchange the new code"

local NEEDS_NEW_CODE = "A code is good once, for some minutes, with the redirect_uri that it was asked for with: send "
  .. "the user to the URL of oauth.authorize_url again"

-- HubSpot's answer, checked. Its body holds tokens and goes into no error.
local function read_tokens(response)
  local answer = core.decode(response.body or "")
  if type(answer) == "table" and type(answer.access_token) == "string" and answer.access_token ~= "" then
    local lifetime = number.parse(answer.expires_in)
    answer.expires_in = lifetime and lifetime > 0 and lifetime or 1800
    answer.expires_at = os.time() + answer.expires_in
    return answer
  end
  return nil,
    errors.new {
      kind = "decode",
      status = response.status,
      message = "HubSpot's answer to a token request has no access token",
      method = "POST",
      path = TOKEN_PATH,
    }
end

--- The request for tokens by a refresh token. It may be retried and changes nothing: the refresh token stays the same.
-- @tparam client client
-- @tparam number seconds until it is given up
-- @tparam ?function before_pause function(seconds), called before each wait for another attempt
-- @treturn table as `token_request.send` takes it
function token_request.refresh(client, seconds, before_pause)
  return {
    read = true,
    idempotent = true,
    timeout = math.min(client.timeout, LONGEST_REQUEST),
    deadline = seconds,
    before_pause = before_pause,
  }
end

--- The request for tokens by a code. It is sent once: a code is good once.
-- @treturn table as `token_request.send` takes it
function token_request.exchange() return { read = false, idempotent = false } end

--- Sends a request for tokens.
-- @tparam client client
-- @tparam table own one of the above; it gets what `hubspot.request` makes of it
-- @tparam table fields of the form
-- @treturn ?table HubSpot's answer, with `expires_at` (seconds since 1970); or nil and an error
function token_request.send(client, own, fields)
  own.path, own.operation = TOKEN_PATH, "oauth"
  local response, err = secret_request.send_form(client, own, fields)
  if not response then return nil, refusal(err, fields.code and NEEDS_NEW_CODE or NEEDS_NEW_CONSENT) end
  return read_tokens(response)
end

return token_request
