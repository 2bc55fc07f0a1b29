--- The e-mail campaigns of a portal and the events of their e-mails.
local uuid = require "hubspot.sandbox.uuid"

local email_store = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.EmailStore", __index = methods }

local UUID_SALT = 3
local FIRST_CAMPAIGN, CAMPAIGN_STEP = 34567, 13
local PORTAL_STATES = { STATUSCHANGE = "unsubscribed" }

--- A store without campaigns and events.
function email_store.new(now, portal_id)
  return setmetatable({
    now = now,
    portal_id = portal_id,
    campaigns = {},
    by_id = {},
    by_content = {},
    events = {},
    events_by_id = {},
    sends = {},
    statuses = 0,
  }, metatable)
end

--- Makes a campaign of `app_id`, `app_name`, `name`, `subject`, `type`, `sub_type`, `content_id`, `updated`.
function methods:add_campaign(fields)
  local campaign =
    { id = FIRST_CAMPAIGN + #self.campaigns * CAMPAIGN_STEP, counters = {}, included = 0, updated = self.now() }
  for name, value in pairs(fields) do
    campaign[name] = value
  end
  table.insert(self.campaigns, campaign)
  self.by_id[campaign.id] = campaign
  return campaign
end

--- The campaign of the single sends of an e-mail; the first send makes it.
function methods:campaign_of_content(content_id)
  local campaign = self.by_content[content_id]
  if not campaign then
    local name = string.format("Single send %.0f", content_id)
    campaign = self:add_campaign {
      app_id = 113,
      app_name = "SingleSend",
      name = name,
      subject = name,
      type = "SINGLE_SEND_API",
      sub_type = "SINGLE_SEND",
      content_id = content_id,
    }
    self.by_content[content_id] = campaign
  end
  return campaign
end

--- The campaign of an SMTP token.
function methods:add_smtp_campaign(name)
  return self:add_campaign {
    app_id = 22709,
    app_name = "SmtpApi",
    name = name,
    subject = name,
    type = "SMTP_API",
    sub_type = "TRANSACTIONAL",
  }
end

local function count(campaign, event)
  local name = event.type:lower()
  campaign.counters[name] = (campaign.counters[name] or 0) + 1
  local state = PORTAL_STATES[event.type]
  if state and event.portalSubscriptionStatus == "UNSUBSCRIBED" then
    campaign.counters[state] = (campaign.counters[state] or 0) + 1
  end
  if event.type == "SENT" or event.type == "DROPPED" or event.type == "SUPPRESSED" then
    campaign.included = campaign.included + 1
  end
  campaign.updated = math.max(campaign.updated, event.created)
end

--- Appends an event: its own fields, as the API names them, with `created`, `type`, `recipient`; `campaign` may be nil.
-- Events must come in the order of their times.
function methods:add_event(campaign, fields)
  local event = { id = uuid.of(UUID_SALT, #self.events + 1), portalId = self.portal_id, filteredEvent = false }
  if campaign then
    event.appId, event.appName, event.emailCampaignId = campaign.app_id, campaign.app_name, campaign.id
    event.emailCampaignGroupId = campaign.id
  end
  for name, value in pairs(fields) do
    event[name] = value
  end
  table.insert(self.events, event)
  self.events_by_id[event.id] = event
  if campaign then count(campaign, event) end
  return event
end

--- The link by which one event refers to another.
function email_store.link(event) return event and { id = event.id, created = event.created } or nil end

return email_store
