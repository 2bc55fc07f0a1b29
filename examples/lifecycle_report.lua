-- Counts the contacts that entered each lifecycle stage lately.
--
--     lifecycle_report.lua [DAYS]
--
-- It only reads: your account with HUBSPOT_TOKEN set (the token needs the scope crm.objects.contacts.read), else
-- the sandbox at HUBSPOT_BASE_URL.
--
-- To try it without an account:
--
--     hubspot-lua sandbox --port 8081 --contacts 1000 &
--     HUBSPOT_BASE_URL=http://127.0.0.1:8081 lua5.4 examples/lifecycle_report.lua 365

package.path = (arg[0]:match "^.*[/\\]" or "") .. "?.lua;" .. package.path

local connect = require "connect"

local check = connect.check

local USAGE = "lifecycle_report.lua [DAYS]"
local SECONDS_A_DAY = 86400
-- HubSpot counts two years at most.
local MOST_DAYS = 730

-- HubSpot names a stage by the property that holds when it was entered.
local function stage_of(row) return row.lifecycleStage:match "^hs_lifecyclestage_(.+)_date$" or row.lifecycleStage end

-- The counts by stage. `order` and `labels` are the account's stages, and after them those that only the counts name.
local function count_stages(client, from, to)
  local order, labels, counts = {}, {}, {}
  local function add(stage, label)
    if not labels[stage] then
      order[#order + 1], labels[stage] = stage, label
    end
  end
  for _, option in ipairs(check(client.properties:get "lifecyclestage").options) do
    add(option.value, option.label)
  end
  for _, row in ipairs(check(client.contacts:lifecycle_stages { from = from, to = to })) do
    local stage = stage_of(row)
    add(stage, stage)
    counts[stage] = row.count
  end
  return order, labels, counts
end

connect.run(function()
  local given = connect.arguments(USAGE, {}, 0, 1)
  local days = connect.count(given[1], 90, USAGE)
  if days > MOST_DAYS then error(("HubSpot counts at most %d days."):format(MOST_DAYS), 0) end
  local client, target = connect.open()
  local now = os.time()
  local from, to = now - days * SECONDS_A_DAY, now
  -- Times are in milliseconds since 1970, or in ISO 8601.
  local order, labels, counts = count_stages(client, from * 1000, to * 1000)
  print(("Entered between %s and %s, in %s:"):format(os.date("!%Y-%m-%d", from), os.date("!%Y-%m-%d", to), target))
  for _, stage in ipairs(order) do
    print(("%8d  %s"):format(counts[stage] or 0, labels[stage]))
  end
end)
