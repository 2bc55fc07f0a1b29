-- The account: what it is, what it has used of its limits, and what the token of the client may do.

local account_limits = require "hubspot.resource.account_limits"
local body = require "hubspot.request.body"
local errors = require "hubspot.error"
local id = require "hubspot.id"
local interpret = require "hubspot.interpret"
local merge = require "hubspot.merge"
local must = require "hubspot.shape.must"

local GUIDE = "api-reference/latest/account/account-information/guide"
local TOKEN_GUIDE = "apps/legacy-apps/private-apps/overview"

-- The token ----------------------------------------------------------------------------------------------------------

local introspect_route = {
  method = "POST",
  path = "/oauth/{api_version}/token/introspect",
  read = true,
  idempotent = true,
  documentation = TOKEN_GUIDE,
}

local info_route = {
  method = "POST",
  path = "/oauth/v2/private-apps/get/access-token-info",
  read = true,
  idempotent = true,
  documentation = TOKEN_GUIDE,
}

local function request_of(call, path)
  local options = call.options
  return {
    path = path,
    read = true,
    idempotent = true,
    operation = call.name,
    route = call.route_name,
    timeout = options.timeout,
    deadline = options.deadline,
    ends = call.span and call.span.ends,
    retry = options.retry,
    headers = options.headers,
  }
end

local function inactive()
  return errors.new { kind = "auth", message = "HubSpot says that the access token is good no longer" }
end

-- An app's access token, which HubSpot tells about to whoever knows the app's secret.
local function token_of_app(call, token)
  local fields = call.client.auth:app()
  fields.token, fields.token_type_hint = token, "access_token"
  local answer, err = require("hubspot.oauth.token_status").introspect(call.client, request_of(call), fields)
  if not answer then return nil, err end
  if not answer.active then return nil, inactive() end
  return {
    hubId = id.text(answer.hub_id),
    userId = id.text(answer.user_id),
    appId = id.text(answer.app_id),
    scopes = answer.scopes,
    expiresIn = answer.expires_in,
  }
end

local function token_of_account(call, token)
  local own = request_of(call, info_route.path)
  local response, err = require("hubspot.oauth.secret_request").send_json(call.client, own, { tokenKey = token })
  if not response then return nil, err end
  if body.is_empty(response) then
    return nil, body.error(call.client, own, response, "HubSpot answered a read with an empty body")
  end
  local answer, decode_err = body.decode(call.client, own, response, false)
  body.release(response)
  if answer == nil then return nil, decode_err end
  return answer
end

local function checked_info(info)
  must.texts(must.table(info, "the token").scopes, "a scope")
  return {
    hubId = must.id(info.hubId, "the account's id"),
    userId = id.text(info.userId),
    appId = id.text(info.appId),
    scopes = info.scopes or {},
    expiresIn = info.expiresIn,
  }
end

local function token_info(call)
  local client = call.client
  local deadline = call.span and call.span.ends or client.loop:now() + client.deadline
  local token, err = client.auth:token(client, deadline)
  if not token then return nil, err or errors.new { kind = "auth", message = "the client has no token" } end
  local ask = client.auth.app and token_of_app or token_of_account
  local info, ask_err = ask(call, token)
  if not info then return nil, ask_err end
  local checked, message = interpret(checked_info, info)
  if not checked then return nil, errors.new { kind = "decode", message = message } end
  return checked
end

-- Operations ---------------------------------------------------------------------------------------------------------

local operations = {
  details = {
    summary = "Reads what the account is: its id, time zone, currencies and where its data is.",
    returns = { record = "account" },
    current = {
      method = "GET",
      path = "/account-info/{api_version}/details",
      idempotent = true,
      answer = function(answer)
        answer.portalId = must.id(answer.portalId, "the account's id")
        return answer
      end,
      documentation = GUIDE,
    },
  },

  token_info = {
    summary = "Reads which account the client's token is for, and its scopes.",
    returns = { record = "token" },
    current = {
      run = token_info,
      requests = { info_route, introspect_route },
      documentation = TOKEN_GUIDE,
    },
  },
}

return merge { operations, account_limits }
