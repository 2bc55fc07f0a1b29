--- One e-mail to one address, whichever generation of the API asked for it.
local core = require "hubspot.core"
local email_store = require "hubspot.sandbox.email_store"
local properties = require "hubspot.sandbox.properties"
local texts = require "hubspot.sandbox.text"

local single_send = {}

local array = core.array
local DEFAULT_SENDER = "Sandbox <sandbox@example.com>"

-- The address in `Ada <ada@example.org>`, or the text itself; nil where it is none.
local function address_of(text)
  local address = texts.trim(text:match "<([^<>]*)>%s*$" or text):lower()
  return properties.is_email(address) and address or nil
end

-- Why an e-mail is not sent: a sendResult and words, or nil.
local function obstacle(portal, mail, recipient)
  if not recipient then
    return "INVALID_TO_ADDRESS", "The address " .. mail.to .. " is invalid"
  elseif mail.from and not address_of(mail.from) then
    return "INVALID_FROM_ADDRESS", "The address " .. mail.from .. " is invalid"
  elseif mail.email_id <= 0 then
    return "MISSING_CONTENT", "There is no e-mail with the id " .. string.format("%.0f", mail.email_id)
  elseif recipient:find "%.invalid$" then
    -- The names that are reserved for what can't exist.
    return "BLOCKED_DOMAIN", "The domain of " .. recipient .. " is blocked"
  end
  local address = portal.subscriptions:get(recipient)
  if address.bounced then
    return "PREVIOUSLY_BOUNCED", "E-mail to " .. recipient .. " came back earlier"
  elseif address.spam then
    return "PREVIOUS_SPAM", recipient .. " reported an e-mail as spam earlier"
  end
  return nil
end

local function write_contact(portal, recipient, values)
  local store = portal.contacts
  local contact = store:find_by("email", recipient)
  if contact then
    store:update(contact, values)
    return
  end
  local all = { email = recipient }
  for name, value in pairs(values) do
    all[name] = value
  end
  store:create(all)
end

local function sent_fields(campaign, mail, recipient, kind, now)
  return {
    type = kind,
    created = now,
    recipient = recipient,
    subject = campaign.subject,
    from = mail.from or DEFAULT_SENDER,
    replyTo = array(mail.reply_to),
    cc = array(mail.cc),
    bcc = array(mail.bcc),
    sendId = mail.send_id,
  }
end

local function log_drop(portal, mail, recipient, reason, message)
  local campaign = portal.email:campaign_of_content(mail.email_id)
  local fields = sent_fields(campaign, mail, recipient, "DROPPED", portal.clock.now())
  fields.dropReason, fields.dropMessage = reason, message
  return portal.email:add_event(campaign, fields)
end

local function log_delivery(portal, mail, recipient)
  local store, now = portal.email, portal.clock.now()
  local campaign = store:campaign_of_content(mail.email_id)
  local sent = store:add_event(campaign, sent_fields(campaign, mail, recipient, "SENT", now))
  local sent_by = email_store.link(sent)
  local steps =
    { { type = "PROCESSED" }, { type = "DELIVERED", response = "250 2.0.0 OK", smtpId = "smtp-" .. sent.id } }
  for _, fields in ipairs(steps) do
    fields.created, fields.recipient, fields.sentBy = now, recipient, sent_by
    store:add_event(campaign, fields)
  end
  return sent
end

local DROPS = { PREVIOUSLY_BOUNCED = true, PREVIOUS_SPAM = true }

--- Sends `mail`: `email_id`, `to`, `from`, `send_id`, `reply_to`, `cc`, `bcc` (lists), `contact_values` (checked).
-- Gives `{ result=, message=, event= }`, and whether it is that of an earlier mail with the same `send_id`.
function single_send.send(portal, mail)
  local earlier = mail.send_id and portal.email.sends[mail.send_id]
  if earlier then return earlier, true end
  local recipient = address_of(mail.to)
  local result, message = obstacle(portal, mail, recipient)
  if result then
    local event = DROPS[result] and log_drop(portal, mail, recipient, result, message)
    return { result = result, message = message, event = event or nil }, false
  end
  write_contact(portal, recipient, mail.contact_values)
  local sent = { result = "SENT", event = log_delivery(portal, mail, recipient) }
  if mail.send_id then portal.email.sends[mail.send_id] = sent end
  return sent, false
end

return single_send
