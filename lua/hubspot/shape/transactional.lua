--- Spells transactional e-mail as HubSpot does, in both generations.
-- @module hubspot.shape.transactional

local check = require "hubspot.check"
local core = require "hubspot.core"
local id = require "hubspot.id"
local number = require "hubspot.number"
local time = require "hubspot.time"

local transactional = {}

local function named_values(values)
  local list = {}
  for index, name in ipairs(check.sorted_keys(values or {})) do
    list[index] = { name = name, value = values[name] }
  end
  return core.array(list)
end

-- A template shows a number as JSON spells it: where that takes an exponent, its digits go out as a text.
local function shown_in_template(value)
  if type(value) ~= "number" then return value end
  local json = core.encode(value)
  return json and json:find("e", 1, true) and number.text(value) or value
end

local function custom_properties(values)
  local shown = {}
  for name, value in pairs(values or {}) do
    shown[name] = shown_in_template(value)
  end
  return shown
end

local function list_or_nil(list) return list and core.array(list) end

--- A message as v1 takes it: properties as a list of names and values.
function transactional.v1_message(message)
  local envelope = message.message
  local reply_to = envelope.replyTo or {}
  return {
    emailId = id.number(message.emailId),
    message = {
      to = envelope.to,
      from = envelope.from,
      sendId = envelope.sendId,
      cc = list_or_nil(envelope.cc),
      bcc = list_or_nil(envelope.bcc),
      replyTo = #reply_to == 1 and reply_to[1] or nil,
      replyToList = #reply_to > 1 and core.array(reply_to) or nil,
    },
    contactProperties = named_values(message.contactProperties),
    customProperties = named_values(custom_properties(message.customProperties)),
  }
end

--- A message as the current API takes it. Its specification wants also the empty lists.
function transactional.message(message)
  local envelope = message.message
  return {
    emailId = id.number(message.emailId),
    message = {
      to = envelope.to,
      from = envelope.from,
      sendId = envelope.sendId,
      cc = core.array(envelope.cc or {}),
      bcc = core.array(envelope.bcc or {}),
      replyTo = core.array(envelope.replyTo or {}),
    },
    contactProperties = message.contactProperties or {},
    customProperties = custom_properties(message.customProperties),
  }
end

--- Reads the answer to a send. v1 gives the event's time in milliseconds, the current API in ISO 8601.
function transactional.send_result(answer)
  local event = answer.eventId
  if type(event) == "table" and type(event.created) == "number" then event.created = time.to_iso(event.created) end
  return answer
end

--- A token of the current API.
transactional.token = id.in_record

--- A token of v1, whose user name is its id.
function transactional.v1_token(token)
  return {
    id = token.userName,
    campaignName = token.campaignName,
    createdAt = token.createdAt and time.to_iso(token.createdAt),
    createdBy = token.createdBy,
    emailCampaignId = id.text(token.emailCampaignId),
    password = token.password,
    appId = id.text(token.appId),
    deleted = token.deleted,
  }
end

--- Tokens of v1, which come as a bare list.
function transactional.v1_tokens(answer)
  local tokens = {}
  for index, token in ipairs(answer) do
    tokens[index] = transactional.v1_token(token)
  end
  return tokens
end

return transactional
