--- `/marketing/transactional/{D}/…`
local core = require "hubspot.core"
local problems = require "hubspot.sandbox.problem"
local read = require "hubspot.sandbox.body"
local properties = require "hubspot.sandbox.properties"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local single_send = require "hubspot.sandbox.single_send"
local single_send_body = require "hubspot.sandbox.single_send_body"
local time = require "hubspot.sandbox.time"
local uuid = require "hubspot.sandbox.uuid"

local SCOPES = { "transactional-email" }
local STATUS_SALT = 5
local CREATED_BY = "dev@example.org"
local PAGE, LARGEST_PAGE = 10, 100

-- An object of properties; an array is none, unless it is empty and can't be told.
local function named_values(body, name)
  local values = body[name]
  if values == nil or values == core.null then return {} end
  if type(values) ~= "table" or values[1] ~= nil then
    reply.invalid("Invalid input JSON: " .. name .. " must be an object")
  end
  local copy = {}
  for key, value in pairs(values) do
    copy[key] = value
  end
  return copy
end

-- The contact properties of a body as they are stored. The address is that of the mail.
local function contact_values(portal, changes)
  changes.email = nil
  local values, results = properties.check(portal.contacts.definitions, changes)
  if not values then problems.fail(problems.invalid_values(results)) end
  return values
end

local function send(portal, req)
  local body = request.object(req)
  local mail, message = single_send_body.read(body)
  mail.reply_to = read.texts(message, "replyTo")
  named_values(body, "customProperties")
  mail.contact_values = contact_values(portal, named_values(body, "contactProperties"))
  local sent, was_sent = single_send.send(portal, mail)
  portal.email.statuses = portal.email.statuses + 1
  local now, event = time.iso(portal.clock.now()), sent.event
  return reply.json(200, {
    status = "COMPLETE",
    statusId = uuid.of(STATUS_SALT, portal.email.statuses),
    requestedAt = now,
    startedAt = now,
    completedAt = now,
    sendResult = was_sent and "IDEMPOTENT_IGNORE" or sent.result,
    message = sent.message,
    eventId = event and { id = event.id, created = time.iso(event.created) } or nil,
  })
end

-- SMTP tokens ---------------------------------------------------------------------------------------------------

local function token_object(token, password)
  return {
    id = token.id,
    campaignName = token.campaign_name,
    createContact = token.create_contact,
    createdAt = time.iso(token.created),
    createdBy = token.created_by,
    emailCampaignId = string.format("%d", token.campaign_id),
    password = password,
  }
end

local function page_limit(req)
  local limit = request.integer(req, "limit") or PAGE
  if limit < 1 or limit > LARGEST_PAGE then
    reply.invalid(string.format("limit must be between 1 and %d, got %.0f", LARGEST_PAGE, limit))
  end
  return limit
end

-- The cursor is the number of the last token, so that deleted ones leave no gap.
local function list_tokens(portal, req)
  local limit, after = page_limit(req), request.integer(req, "after") or 0
  local name, campaign_id = request.text(req, "campaignName"), request.text(req, "emailCampaignId")
  local results, last, more = {}, nil, false
  for _, token in ipairs(portal.smtp_tokens:all()) do
    if
      token.number > after
      and (not name or token.campaign_name == name)
      and (not campaign_id or string.format("%d", token.campaign_id) == campaign_id)
    then
      if #results == limit then
        more = true
        break
      end
      results[#results + 1], last = token_object(token), token
    end
  end
  local body = { results = core.array(results) }
  if more then body.paging = { next = { after = string.format("%d", last.number) } } end
  return reply.json(200, body)
end

local function create_token(portal, req)
  local body = request.object(req)
  local name, create_contact = body.campaignName, body.createContact
  if type(name) ~= "string" or not name:find "%S" then reply.invalid "Invalid input JSON: campaignName is required" end
  if type(create_contact) ~= "boolean" then
    reply.invalid "Invalid input JSON: createContact is required, and must be true or false"
  end
  local campaign = portal.email:add_smtp_campaign(name)
  local token, password = portal.smtp_tokens:create {
    campaign_name = name,
    campaign_id = campaign.id,
    created_by = CREATED_BY,
    create_contact = create_contact,
  }
  return reply.json(201, token_object(token, password))
end

local function path_token(portal, req)
  local token = portal.smtp_tokens:get(req.params.tokenId)
  if not token then
    reply.fail(
      404,
      "No SMTP API token with the id " .. req.params.tokenId .. " exists",
      { category = "OBJECT_NOT_FOUND" }
    )
  end
  return token
end

local function get_token(portal, req) return reply.json(200, token_object(path_token(portal, req))) end

local function delete_token(portal, req)
  portal.smtp_tokens:delete(path_token(portal, req).id)
  return reply.empty(204)
end

local function reset_password(portal, req)
  local token = path_token(portal, req)
  return reply.json(200, token_object(token, portal.smtp_tokens:reset_password(token)))
end

local BASE = "/marketing/transactional/{D}"
local TOKENS = BASE .. "/smtp-tokens"
local TOKEN = TOKENS .. "/{tokenId}"

return {
  { method = "POST", path = BASE .. "/single-email/send", handler = send, scopes = SCOPES },
  { method = "GET", path = TOKENS, handler = list_tokens, scopes = SCOPES },
  { method = "POST", path = TOKENS, handler = create_token, scopes = SCOPES },
  { method = "GET", path = TOKEN, handler = get_token, scopes = SCOPES },
  { method = "DELETE", path = TOKEN, handler = delete_token, scopes = SCOPES },
  { method = "POST", path = TOKEN .. "/password-reset", handler = reset_password, scopes = SCOPES },
}
