--- Made-up campaigns, and the events of made-up e-mails: the same for the same options.
--
-- E-mails run through the stories below by turns, so that a few dozen events show every type.
local core = require "hubspot.core"
local email_store = require "hubspot.sandbox.email_store"
local time = require "hubspot.sandbox.time"

local made_up_mail = {}

local array = core.array

local MINUTE = 60000
local SPAN = 60 * time.DAY
local READERS = 500
local APPS = { { 2286, "Batch", "BATCH_EMAIL" }, { 113, "Automation", "AUTOMATED_EMAIL" } }
local SENDER = "News <news@example.com>"

local STORIES = {
  { "SENT", "PROCESSED", "DELIVERED", "OPEN", "CLICK" },
  { "SENT", "PROCESSED", "DELIVERED", "OPEN" },
  { "DROPPED" },
  { "SENT", "PROCESSED", "DELIVERED", "OPEN", "PRINT" },
  { "SENT", "PROCESSED", "DEFERRED", "BOUNCE" },
  { "SENT", "PROCESSED", "DELIVERED", "OPEN", "FORWARD" },
  { "SENT", "PROCESSED", "DELIVERED", "STATUSCHANGE" },
  { "SUPPRESSED" },
  { "SENT", "PROCESSED", "DELIVERED", "SPAMREPORT" },
  { "SENT", "PROCESSED", "BOUNCE", "UNBOUNCE" },
}

local function browser()
  return {
    name = "Firefox 145",
    family = "Firefox",
    producer = "Mozilla Foundation",
    producerUrl = "https://www.mozilla.org/",
    type = "Browser",
    url = "https://www.mozilla.org/firefox/",
    version = array { "145.0" },
  }
end

local function of_reader(fields)
  fields.userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
  fields.ipAddress = "203.0.113.7"
  fields.browser = browser()
  fields.location = { city = "lyon", state = "rhône", country = "FRANCE", latitude = 45.75, longitude = 4.85 }
  return fields
end

-- The fields that a type of event has beside the common ones.
local extra = {}

function extra.SENT(campaign)
  return {
    subject = campaign.subject,
    from = SENDER,
    replyTo = array { "news@example.com" },
    cc = array {},
    bcc = array {},
  }
end

function extra.DROPPED(campaign)
  local fields = extra.SENT(campaign)
  fields.dropReason, fields.dropMessage = "PREVIOUSLY_UNSUBSCRIBED_PORTAL", "The recipient unsubscribed"
  return fields
end

function extra.DELIVERED(_, number) return { response = "250 2.0.0 OK", smtpId = string.format("smtp-%d", number) } end

function extra.DEFERRED() return { response = "451 4.3.0 Try again later", attempt = 1 } end

function extra.BOUNCE() return { category = "MAILBOX_FULL", response = "552 5.2.2 Mailbox full", status = "5.2.2" } end

-- Every third opening is by a machine that the customer filters out.
function extra.OPEN(_, number)
  return of_reader { duration = 1200, deviceType = "COMPUTER", filteredEvent = number % 3 == 0 }
end

function extra.CLICK()
  return of_reader {
    deviceType = "COMPUTER",
    url = "https://www.example.com/offer",
    referer = "https://mail.example.com/",
    linkId = 1,
  }
end

function extra.PRINT() return of_reader {} end

function extra.FORWARD() return of_reader {} end

function extra.STATUSCHANGE(_, _, portal)
  local definition = portal.subscriptions:definitions()[1]
  return {
    source = "SOURCE_RECIPIENT",
    portalSubscriptionStatus = "SUBSCRIBED",
    requestedBy = "RECIPIENT",
    bounced = false,
    subscriptions = array { definition and { id = definition.id, status = "UNSUBSCRIBED" } },
  }
end

function extra.SPAMREPORT()
  local fields = of_reader {}
  fields.browser, fields.location = nil, nil
  return fields
end

-- Events that change the subscriptions of an address: type → function(portal, event).
local consequences = {}

function consequences.STATUSCHANGE(portal, event)
  local choice = event.subscriptions[1]
  if choice then
    portal.subscriptions:set(
      event.recipient,
      { { id = choice.id, status = "UNSUBSCRIBED" } },
      { source = event.source, event = event }
    )
  end
end

function consequences.BOUNCE(portal, event) portal.subscriptions:set_bounced(event.recipient, true, event) end

function consequences.UNBOUNCE(portal, event) portal.subscriptions:set_bounced(event.recipient, false, event) end

function consequences.SPAMREPORT(portal, event) portal.subscriptions:report_spam(event.recipient, event) end

local function recipients(portal)
  local emails, store = {}, portal.contacts
  for _, id in ipairs((store.live:after(nil, READERS))) do
    local email = store.records[id].values.email
    if email then emails[#emails + 1] = email end
  end
  for number = 1, #emails == 0 and READERS or 0 do
    emails[number] = string.format("reader.%d@example.com", number)
  end
  return emails
end

-- Plans events in the order of their times: `{ at=, place=, mail=, type= }`.
local function make_plan(count, now)
  local plan, mail = {}, 0
  while #plan < count do
    mail = mail + 1
    local story = STORIES[(mail - 1) % #STORIES + 1]
    for step, kind in ipairs(story) do
      if #plan < count then plan[#plan + 1] = { place = #plan + 1, mail = mail, type = kind, step = step } end
    end
  end
  for _, item in ipairs(plan) do
    item.at = math.floor(now - SPAN + (item.mail - 1) * (SPAN - 60 * MINUTE) / mail) + item.step * MINUTE
  end
  table.sort(plan, function(a, b)
    if a.at ~= b.at then return a.at < b.at end
    return a.place < b.place
  end)
  return plan
end

local function tell(portal, campaign, item, earlier, recipient)
  local make = extra[item.type]
  local fields = make and make(campaign, item.mail, portal) or {}
  fields.created, fields.type, fields.recipient = item.at, item.type, recipient
  fields.sentBy, fields.causedBy = email_store.link(earlier.SENT), nil
  if item.type == "CLICK" or item.type == "PRINT" or item.type == "FORWARD" then
    fields.causedBy = email_store.link(earlier.OPEN)
  end
  local event = portal.email:add_event(item.type ~= "UNBOUNCE" and campaign or nil, fields)
  if item.type == "UNBOUNCE" and earlier.BOUNCE then earlier.BOUNCE.obsoletedBy = email_store.link(event) end
  if consequences[item.type] then consequences[item.type](portal, event) end
  earlier[item.type] = event
end

--- Fills a portal with a number of campaigns and events; events need a campaign, and make one where there is none.
function made_up_mail.generate(portal, campaign_count, event_count)
  local now, store = portal.clock.now(), portal.email
  if event_count > 0 then campaign_count = math.max(campaign_count, 1) end
  for number = 1, campaign_count do
    local app = APPS[number % 2 + 1]
    store:add_campaign {
      app_id = app[1],
      app_name = app[2],
      type = app[3],
      name = "Newsletter " .. number,
      subject = string.format("News no. %d", number),
      content_id = 900 + number,
      -- Not in the order of the ids.
      updated = now - SPAN - (number * 7919 % 10007) * MINUTE,
    }
  end
  if event_count == 0 then return end
  local readers, mails = recipients(portal), {}
  for _, item in ipairs(make_plan(event_count, now)) do
    local campaign = store.campaigns[(item.mail - 1) % campaign_count + 1]
    mails[item.mail] = mails[item.mail] or {}
    tell(portal, campaign, item, mails[item.mail], readers[(item.mail - 1) % #readers + 1])
  end
end

return made_up_mail
