--- `/email/public/v1/campaigns…`
local core = require "hubspot.core"
local opaque_offset = require "hubspot.sandbox.opaque_offset"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local array = core.array

local SCOPES = { "content" }

local function by_activity(a, b)
  if a.updated ~= b.updated then return a.updated > b.updated end
  return a.id > b.id
end

-- Returns whether a campaign follows the one at which the last page ended.
local function follows(campaign, place)
  return campaign.updated < place[1] or (campaign.updated == place[1] and campaign.id < place[2])
end

local function recent(portal, req)
  local limit, place = opaque_offset.limit(req), opaque_offset.read(req, "recent")
  local sorted, rows, last, more = {}, {}, nil, false
  for index, campaign in ipairs(portal.email.campaigns) do
    sorted[index] = campaign
  end
  table.sort(sorted, by_activity)
  for _, campaign in ipairs(sorted) do
    if not place or follows(campaign, place) then
      if #rows == limit then
        more = true
        break
      end
      last = campaign
      rows[#rows + 1] = {
        id = campaign.id,
        appId = campaign.app_id,
        appName = campaign.app_name,
        lastUpdatedTime = campaign.updated,
      }
    end
  end
  return reply.json(200, {
    campaigns = array(rows),
    hasMore = more,
    offset = last and opaque_offset.make("recent", last.updated, last.id) or request.text(req, "offset"),
  })
end

local function by_id(portal, req)
  local limit, place = opaque_offset.limit(req), opaque_offset.read(req, "ids")
  local campaigns, rows = portal.email.campaigns, {}
  local from = place and place[1] or 0
  for index = from + 1, math.min(from + limit, #campaigns) do
    local campaign = campaigns[index]
    rows[#rows + 1] = { id = campaign.id, appId = campaign.app_id, appName = campaign.app_name }
  end
  return reply.json(
    200,
    { campaigns = array(rows), hasMore = from + #rows < #campaigns, offset = opaque_offset.make("ids", from + #rows) }
  )
end

local function get(portal, req)
  local campaign = portal.email.by_id[request.path_integer(req, "campaignId")]
  local app_id = request.integer(req, "appId")
  if not campaign or (app_id and app_id ~= campaign.app_id) then
    reply.fail(404, "No email campaign with the id " .. req.params.campaignId .. " exists")
  end
  local counters = {}
  for name, count in pairs(campaign.counters) do
    counters[name] = count
  end
  return reply.json(200, {
    id = campaign.id,
    appId = campaign.app_id,
    appName = campaign.app_name,
    contentId = campaign.content_id,
    name = campaign.name,
    subject = campaign.subject,
    type = campaign.type,
    subType = campaign.sub_type,
    numIncluded = campaign.included,
    numQueued = 0,
    counters = counters,
  })
end

local BASE = "/email/public/v1/campaigns"

return {
  { method = "GET", path = BASE, handler = recent, scopes = SCOPES },
  { method = "GET", path = BASE .. "/by-id", handler = by_id, scopes = SCOPES },
  { method = "GET", path = BASE .. "/{campaignId}", handler = get, scopes = SCOPES },
}
