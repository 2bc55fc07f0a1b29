-- Transactional e-mail: single sends, and the tokens of HubSpot's SMTP API.

local check = require "hubspot.check"
local errors = require "hubspot.error"
local must = require "hubspot.shape.must"
local number = require "hubspot.number"
local pager = require "hubspot.paging.pager"
local paging = require "hubspot.paging"
local shape = require "hubspot.shape.transactional"

-- Messages -------------------------------------------------------------------------------------------------------

local addresses = check.list_of(check.string, "e-mail addresses")

local address_or_addresses = {
  description = "an e-mail address or a list of them",
  luacats = "string|string[]",
  check = function(value, place)
    if type(value) == "string" then value = { value } end
    return addresses.check(value, place)
  end,
}

-- Not as contactProperties: templates take more than texts.
local custom_properties = {
  description = "a table of values by name",
  luacats = "table<string, any>",
  check = function(value, place)
    local given, complaint = check.table.check(value, place)
    if not given then return nil, complaint end
    for name in pairs(given) do
      if type(name) ~= "string" then
        return nil, ("%s must be a table of values by name, got the key %s"):format(place, number.shown(name))
      end
    end
    return given
  end,
}

local envelope = check.fields("a table { to = … }", {
  to = { type = check.string, required = true, description = "one address" },
  from = { type = check.string, description = 'such as "Shop <shop@example.com>"; else the template\'s' },
  cc = { type = address_or_addresses },
  bcc = { type = address_or_addresses },
  replyTo = { type = address_or_addresses },
  sendId = { type = check.string, description = "HubSpot sends one mail for an id, however often it is asked" },
}, "hubspot.SingleSendMessage")

local message = check.fields("a table { emailId =, message = { to = … } }", {
  emailId = { type = check.id, required = true, description = "of the e-mail made in HubSpot" },
  message = { type = envelope, required = true, description = "its addresses" },
  contactProperties = { type = check.properties_or_none, description = "to set on the contact, by name" },
  customProperties = { type = custom_properties, description = "for the template's own fields, by name" },
}, "hubspot.SingleSend")

-- With an id of its own a mail goes out once, whatever happens on the way.
local has_send_id =
  { when = "where the message has a sendId", holds = function(values) return values.message.message.sendId ~= nil end }

-- SMTP tokens ----------------------------------------------------------------------------------------------------

local v1_definition = check.fields("a table { createdBy =, campaignName = }", {
  createdBy = { type = check.string, required = true, description = "the e-mail address of its maker" },
  campaignName = { type = check.string, required = true, description = "of the campaign that mails are counted for" },
}, "hubspot.SmtpTokenDefinition")

local current_definition = check.fields("a table { campaignName =, createContact = }", {
  campaignName = { type = check.string, required = true, description = "of the campaign that mails are counted for" },
  createContact = { type = check.boolean, required = true, description = "whether recipients become contacts" },
}, "hubspot.SmtpTokenDefinition")

local token_page_route = {
  method = "GET",
  path = "/marketing/transactional/{api_version}/smtp-tokens",
  query = {
    { "campaignName", from = "campaign_name" },
    { "emailCampaignId", from = "email_campaign_id" },
    { "after", from = "after" },
    { "limit", from = "page_size" },
  },
  idempotent = true,
  answer = function(answer)
    for _, token in ipairs(must.table(answer.results, "results")) do
      shape.token(token)
    end
    return answer
  end,
  paging = "after",
  page_size = 100,
}

-- HubSpot pages through tokens; there are few, so they come as one list.
local function all_tokens(call)
  local iterator = pager.new {
    label = call.name,
    loop = call.client.loop,
    patience = call.options.deadline or call.client.deadline,
    fetch = function(position)
      local page, err = call:read(token_page_route, {
        after = position.after,
        page_size = token_page_route.page_size,
        campaign_name = call.options.campaign_name,
        email_campaign_id = call.options.email_campaign_id,
      })
      if not page then return nil, err end
      local found, complaint = paging.read(token_page_route, page, page.results or {}, position, {})
      if not found then
        return nil, errors.new { kind = "decode", message = ("%s: %s"):format(call.name, complaint) }
      end
      return found
    end,
  }
  local tokens = {}
  local token, err = iterator:next()
  while token do
    tokens[#tokens + 1] = token
    token, err = iterator:next()
  end
  if err then return nil, err end
  return tokens
end

-- Operations -----------------------------------------------------------------------------------------------------

return {
  send = {
    number = 47,
    summary = "Sends one e-mail that was made in HubSpot. Without `sendId` an attempt that may have succeeded is not "
      .. "repeated.",
    irreversible = "A mail that is sent is sent; the contact is made where the address is unknown.",
    arguments = { { name = "message", type = message, description = "the e-mail, its addresses and its values" } },
    returns = { record = "send result" },
    v1 = {
      method = "POST",
      path = "/email/public/v1/singleEmail/send",
      body = { { from = "message", encode = shape.v1_message } },
      idempotent = has_send_id,
      answer = shape.send_result,
      documentation = "api-reference/legacy/marketing/transactional-emails/v1/post-email-public-v1-singleEmail-send",
    },
    current = {
      method = "POST",
      path = "/marketing/transactional/{api_version}/single-email/send",
      body = { { from = "message", encode = shape.message } },
      idempotent = has_send_id,
      answer = shape.send_result,
      documentation = "api-reference/latest/marketing/transactional-emails/create-transactional-email",
    },
  },

  tokens = {
    number = 41,
    summary = "Reads the tokens of the SMTP API, without their passwords.",
    options = {
      campaign_name = { type = check.string, description = "only of this campaign" },
      email_campaign_id = { type = check.id, description = "only of this e-mail campaign" },
    },
    returns = { list = "SMTP token" },
    v1 = {
      method = "GET",
      path = "/email/public/v1/smtpapi/tokens",
      idempotent = true,
      answer = shape.v1_tokens,
      documentation = "api-reference/legacy/marketing/transactional-emails/v1/get-email-public-v1-smtpapi-tokens",
    },
    current = {
      run = all_tokens,
      requests = { token_page_route },
      options = { "campaign_name", "email_campaign_id" },
      documentation = "api-reference/latest/marketing/transactional-emails/guide",
    },
  },

  create_token = {
    number = 8,
    summary = "Makes a token of the SMTP API. Its password is shown only here.",
    arguments = {
      {
        name = "definition",
        type = { v1 = v1_definition, current = current_definition },
        description = "its campaign and its maker",
      },
    },
    returns = { record = "SMTP token", with = { "password" } },
    v1 = {
      method = "POST",
      path = "/email/public/v1/smtpapi/tokens",
      body = { { from = "definition" } },
      idempotent = false,
      answer = shape.v1_token,
      documentation = "api-reference/legacy/transactional-emails-v1/post-email-public-v1-smtpapi-tokens",
    },
    current = {
      method = "POST",
      path = "/marketing/transactional/{api_version}/smtp-tokens",
      body = { { from = "definition" } },
      idempotent = false,
      answer = shape.token,
      documentation = "api-reference/latest/marketing/transactional-emails/guide",
    },
  },

  reset_token_password = {
    number = 45,
    summary = "Gives a token of the SMTP API another password, which is shown only here.",
    irreversible = "The old password stops working at once.",
    arguments = { { name = "id", type = check.segment, description = "the token's id; on v1 its user name" } },
    returns = { record = "SMTP token", with = { "password" } },
    v1 = {
      method = "POST",
      path = "/email/public/v1/smtpapi/tokens/{id}/password-reset",
      idempotent = true,
      answer = shape.v1_token,
      documentation = "https://legacydocs.hubspot.com/docs/methods/email/transactional_email/smtpapi_overview/list/password-reset",
    },
    current = {
      method = "POST",
      path = "/marketing/transactional/{api_version}/smtp-tokens/{id}/password-reset",
      idempotent = true,
      answer = shape.token,
      documentation = "api-reference/latest/marketing/transactional-emails/guide",
    },
  },
}
