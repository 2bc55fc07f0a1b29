--- `/email/public/v1/singleEmail/send` and `/email/public/v1/smtpapi/tokens…`
local core = require "hubspot.core"
local email_store = require "hubspot.sandbox.email_store"
local read = require "hubspot.sandbox.body"
local properties = require "hubspot.sandbox.properties"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local single_send = require "hubspot.sandbox.single_send"
local single_send_body = require "hubspot.sandbox.single_send_body"

local SCOPES = { "transactional-email" }
local APP_ID = 22709

-- `[{"name":…,"value":…}]` as a table by name.
local function named_values(body, list_name)
  local values = {}
  for _, item in ipairs(read.list(body, list_name)) do
    if type(item) ~= "table" or type(item.name) ~= "string" then
      reply.invalid("Invalid input JSON: every item of " .. list_name .. " needs a name and a value")
    end
    values[item.name] = item.value == nil and core.null or item.value
  end
  return values
end

-- The contact properties of a body as they are stored. The address is that of the mail.
local function contact_values(portal, changes)
  changes.email = nil
  local values, results = properties.check(portal.contacts.definitions, changes)
  if not values then reply.invalid("Property values were not valid", { validationResults = core.array(results) }) end
  return values
end

local function send(portal, req)
  local body = request.object(req)
  local mail, message = single_send_body.read(body)
  mail.reply_to = read.texts(message, "replyToList")
  table.insert(mail.reply_to, read.text(message, "replyTo"))
  named_values(body, "customProperties")
  mail.contact_values = contact_values(portal, named_values(body, "contactProperties"))
  local sent = single_send.send(portal, mail)
  return reply.json(200, { sendResult = sent.result, message = sent.message, eventId = email_store.link(sent.event) })
end

-- SMTP tokens ---------------------------------------------------------------------------------------------------

local function token_object(portal, token, password)
  return {
    portalId = portal.contacts.portal_id,
    userName = token.id,
    emailCampaignId = token.campaign_id,
    createdAt = token.created,
    deleted = false,
    createdBy = token.created_by,
    appId = APP_ID,
    campaignName = token.campaign_name,
    password = password,
    passwordHash = password and core.null or nil,
  }
end

local function list_tokens(portal)
  local tokens = {}
  for index, token in ipairs(portal.smtp_tokens:all()) do
    tokens[index] = token_object(portal, token)
  end
  return reply.json(200, core.array(tokens))
end

local function required(body, name)
  local value = body[name]
  if type(value) ~= "string" or not value:find "%S" then
    reply.invalid("Invalid input JSON: " .. name .. " is required")
  end
  return value
end

local function create_token(portal, req)
  local body = request.object(req)
  local created_by, name = required(body, "createdBy"), required(body, "campaignName")
  local campaign = portal.email:add_smtp_campaign(name)
  local token, password = portal.smtp_tokens:create {
    campaign_name = name,
    campaign_id = campaign.id,
    created_by = created_by,
    create_contact = false,
  }
  return reply.json(201, token_object(portal, token, password))
end

local function path_token(portal, req)
  local token = portal.smtp_tokens:get(req.params.userName)
  if not token then reply.fail(404, "No SMTP API token with the user name " .. req.params.userName .. " exists") end
  return token
end

local function reset_password(portal, req)
  local token = path_token(portal, req)
  return reply.json(200, token_object(portal, token, portal.smtp_tokens:reset_password(token)))
end

local function delete_token(portal, req)
  portal.smtp_tokens:delete(path_token(portal, req).id)
  return reply.empty(204)
end

local TOKENS = "/email/public/v1/smtpapi/tokens"

return {
  { method = "POST", path = "/email/public/v1/singleEmail/send", handler = send, scopes = SCOPES },
  { method = "GET", path = TOKENS, handler = list_tokens, scopes = SCOPES },
  { method = "POST", path = TOKENS, handler = create_token, scopes = SCOPES },
  { method = "DELETE", path = TOKENS .. "/{userName}", handler = delete_token, scopes = SCOPES },
  { method = "POST", path = TOKENS .. "/{userName}/password-reset", handler = reset_password, scopes = SCOPES },
}
