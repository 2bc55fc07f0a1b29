--- `/email/public/v1/events…`
local core = require "hubspot.core"
local opaque_offset = require "hubspot.sandbox.opaque_offset"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local SCOPES = { "content" }
local TYPES = {
  SENT = true,
  DROPPED = true,
  PROCESSED = true,
  DELIVERED = true,
  DEFERRED = true,
  BOUNCE = true,
  OPEN = true,
  CLICK = true,
  PRINT = true,
  FORWARD = true,
  STATUSCHANGE = true,
  SPAMREPORT = true,
  UNBOUNCE = true,
  SUPPRESSED = true,
}

local function read_filter(req)
  local filter = {
    app_id = request.integer(req, "appId"),
    campaign_id = request.integer(req, "campaignId"),
    recipient = request.text(req, "recipient"),
    type = request.text(req, "eventType"),
    from = request.integer(req, "startTimestamp"),
    to = request.integer(req, "endTimestamp"),
    exclude_filtered = request.boolean(req, "excludeFilteredEvents"),
  }
  if (filter.app_id == nil) ~= (filter.campaign_id == nil) then
    reply.invalid "appId and campaignId must be used together"
  end
  if filter.type and not TYPES[filter.type] then
    reply.invalid "Unable to parse value for query parameter: eventType"
  end
  filter.recipient = filter.recipient and filter.recipient:lower()
  return filter
end

local function matches(event, filter)
  return (not filter.app_id or (event.appId == filter.app_id and event.emailCampaignId == filter.campaign_id))
    and (not filter.recipient or event.recipient:lower() == filter.recipient)
    and (not filter.type or event.type == filter.type)
    and (not filter.from or event.created >= filter.from)
    and (not filter.to or event.created <= filter.to)
    and not (filter.exclude_filtered and event.filteredEvent)
end

-- Newest first. A position is that of the event at which the last page ended, so what comes in between is not seen.
local function list(portal, req)
  local filter, limit = read_filter(req), opaque_offset.limit(req)
  local events, place = portal.email.events, opaque_offset.read(req, "events")
  local rows, last, more = {}, place and place[1] or #events + 1, false
  for index = last - 1, 1, -1 do
    local event = events[index]
    if event and matches(event, filter) then
      if #rows == limit then
        more = true
        break
      end
      rows[#rows + 1], last = event, index
    end
  end
  return reply.json(200, { events = core.array(rows), hasMore = more, offset = opaque_offset.make("events", last) })
end

local function get(portal, req)
  local created = request.path_integer(req, "created")
  local event = portal.email.events_by_id[req.params.id:lower()]
  if not event or event.created ~= created then
    reply.fail(404, "No event with the id " .. req.params.id .. " was created at " .. req.params.created)
  end
  return reply.json(200, event)
end

return {
  { method = "GET", path = "/email/public/v1/events", handler = list, scopes = SCOPES },
  { method = "GET", path = "/email/public/v1/events/{created}/{id}", handler = get, scopes = SCOPES },
}
