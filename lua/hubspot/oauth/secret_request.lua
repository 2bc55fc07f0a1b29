-- Requests whose credentials are in their bodies, where no error and no hook may show them.

local check = require "hubspot.check"
local core = require "hubspot.core"
local merge = require "hubspot.merge"
local request = require "hubspot.request"
local send = require "hubspot.request.send"

local secret_request = {}

local SECRETS = { "client_secret", "refresh_token", "code", "token", "tokenKey" }

local function secrets_in(fields)
  local secrets = {}
  for _, name in ipairs(SECRETS) do
    secrets[#secrets + 1] = fields[name]
  end
  return secrets
end

local function form_of(fields)
  local list = {}
  for _, name in ipairs(check.sorted_keys(fields)) do
    list[#list + 1] = name
    list[#list + 1] = fields[name]
  end
  return core.query(list)
end

local function post(client, own, secrets)
  own.method, own.query, own.credential, own.secrets = "POST", {}, "none", secrets
  return send(client, request.new(own))
end

--- Sends a form.
-- @tparam client client
-- @tparam table own the `path`, `read`, `idempotent` and what else `hubspot.request` takes; it gets the rest
-- @tparam table fields of the form
-- @treturn ?table the successful response; or nil and an error
function secret_request.send_form(client, own, fields)
  own.text = form_of(fields)
  own.headers = merge { own.headers or {}, { ["content-type"] = "application/x-www-form-urlencoded" } }
  return post(client, own, secrets_in(fields))
end

--- Sends JSON, the same way.
function secret_request.send_json(client, own, fields)
  own.text = core.encode(fields)
  return post(client, own, secrets_in(fields))
end

return secret_request
