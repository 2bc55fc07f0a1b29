-- The log of what happened to e-mails. HubSpot has it in its v1 API only.

local check = require "hubspot.check"
local id = require "hubspot.id"
local time_window = require "hubspot.resource.time_window"

-- Sent and received types are case-sensitive.
local EVENT_TYPES = check.word {
  "SENT",
  "DROPPED",
  "PROCESSED",
  "DELIVERED",
  "DEFERRED",
  "BOUNCE",
  "OPEN",
  "CLICK",
  "PRINT",
  "FORWARD",
  "STATUSCHANGE",
  "SPAMREPORT",
  "UNBOUNCE",
  "SUPPRESSED",
  "REPLY",
  "UNSUBSCRIBED",
  "CLICK_ON_IDENTIFIED_LINK",
  "SELECTED",
  "OPT_IN_CHANGE",
  "ERROR",
  "MTA_DROPPED",
}

local function check_filter(values)
  if (values.campaign_id == nil) ~= (values.app_id == nil) then
    return ("option %s needs the option %s: HubSpot takes the two together"):format(
      values.campaign_id and "campaign_id" or "app_id",
      values.campaign_id and "app_id" or "campaign_id"
    )
  end
  return time_window.complaint(values)
end

return {
  all = {
    number = 36,
    summary = "Iterates over e-mail events, the latest first.",
    options = {
      app_id = { type = check.id, description = "only of this application; together with campaign_id" },
      campaign_id = { type = check.id, description = "only of this e-mail campaign; together with app_id" },
      recipient = { type = check.string, description = "only to this e-mail address" },
      event_type = { type = EVENT_TYPES, description = "only of this type" },
      from = { type = check.time, description = "not before this time" },
      to = { type = check.time, description = "not after this time" },
      exclude_filtered = { type = check.boolean, description = "true leaves out what the account's settings filter" },
    },
    validate = check_filter,
    returns = { iterator = "e-mail event" },
    v1 = {
      method = "GET",
      path = "/email/public/v1/events",
      query = {
        { "appId", from = "app_id" },
        { "campaignId", from = "campaign_id" },
        { "recipient", from = "recipient" },
        { "eventType", from = "event_type" },
        { "startTimestamp", from = "from" },
        { "endTimestamp", from = "to" },
        { "excludeFilteredEvents", from = "exclude_filtered" },
      },
      idempotent = true,
      answer = id.in_records_of "events",
      items = "events",
      paging = "opaque_offset",
      page_size = 1000,
      documentation = "api-reference/legacy/reporting/email-analytics/events/get-email-public-v1-events",
    },
  },

  get = {
    number = 25,
    summary = "Reads one e-mail event.",
    arguments = {
      { name = "created", type = check.time, description = "the event's `created`, in milliseconds since 1970" },
      { name = "id", type = check.segment, description = "the event's `id`" },
    },
    returns = { record = "e-mail event" },
    v1 = {
      method = "GET",
      path = "/email/public/v1/events/{created}/{id}",
      idempotent = true,
      answer = id.in_record,
      documentation = "api-reference/legacy/reporting/email-analytics/events/get-email-public-v1-events-created-id",
    },
  },
}
