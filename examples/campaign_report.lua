-- Prints how the e-mail campaigns did that were active last: deliveries, opens and clicks.
--
--     campaign_report.lua [COUNT]
--
-- It only reads: your account with HUBSPOT_TOKEN set (the token needs the scope content), else the sandbox at
-- HUBSPOT_BASE_URL.
--
-- To try it without an account:
--
--     hubspot-lua sandbox --port 8081 --campaigns 5 --email-events 300 &
--     HUBSPOT_BASE_URL=http://127.0.0.1:8081 lua5.4 examples/campaign_report.lua 3

package.path = (arg[0]:match "^.*[/\\]" or "") .. "?.lua;" .. package.path

local connect = require "connect"

local check = connect.check

local USAGE = "campaign_report.lua [COUNT]"

-- A list of campaigns has ids and times; names and counters come with each by itself, several read at once.
local function read_campaigns(client, count)
  local recent = {}
  for campaign in client.campaigns:recent { max = count } do
    recent[#recent + 1] = campaign
  end
  local campaigns, errs = client:map(
    recent,
    function(campaign) return client.campaigns:get(campaign.id, { app_id = campaign.appId }) end
  )
  for index, campaign in ipairs(recent) do
    check(campaigns[index], errs[index])
    campaigns[index].lastUpdatedTime = campaign.lastUpdatedTime
  end
  return campaigns
end

local function day_of(ms) return ms and os.date("!%Y-%m-%d", math.floor(ms / 1000)) or "" end

local function share(part, whole) return whole > 0 and ("%.1f%%"):format(100 * part / whole) or "-" end

local ROW = "%-10s %9s %9s %7s %7s %7s %7s  %s"

local function print_campaign(campaign)
  -- HubSpot leaves out the counters of what never happened.
  local counters = campaign.counters or {}
  local delivered, opens, clicks = counters.delivered or 0, counters.open or 0, counters.click or 0
  print(
    ROW:format(
      day_of(campaign.lastUpdatedTime),
      counters.sent or 0,
      delivered,
      opens,
      share(opens, delivered),
      clicks,
      share(clicks, delivered),
      campaign.name or campaign.subject or campaign.id
    )
  )
end

connect.run(function()
  local given = connect.arguments(USAGE, {}, 0, 1)
  local count = connect.count(given[1], 10, USAGE)
  local client, target = connect.open()
  local campaigns = read_campaigns(client, count)
  if #campaigns == 0 then return print(("No e-mail campaigns in %s."):format(target)) end
  print(ROW:format("active", "sent", "delivered", "opens", "", "clicks", "", "campaign"))
  for _, campaign in ipairs(campaigns) do
    print_campaign(campaign)
  end
end)
