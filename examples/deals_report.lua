-- Sums up the deals of each pipeline: how many there are in each stage, their amounts, and what each owner has.
--
--     deals_report.lua [PIPELINE]
--
-- PIPELINE is the id or the label of one; all of them when left out. It reads every deal, however many there are, and
-- only reads: your account with HUBSPOT_TOKEN set (the token needs the scopes crm.objects.deals.read and
-- crm.objects.owners.read), else the sandbox at HUBSPOT_BASE_URL. Amounts are in the account's currency where HubSpot
-- has them so. The last column weighs each by the probability of its stage.
--
-- To try it without an account:
--
--     hubspot-lua sandbox --port 8081 --deals 12000 &
--     HUBSPOT_BASE_URL=http://127.0.0.1:8081 lua5.4 examples/deals_report.lua "Sales Pipeline"

package.path = (arg[0]:match "^.*[/\\]" or "") .. "?.lua;" .. package.path

local connect = require "connect"

local check = connect.check

local USAGE = "deals_report.lua [PIPELINE]"
local PAGES_AT_A_TIME = 8
local PROPERTIES = { "pipeline", "dealstage", "amount", "amount_in_home_currency", "hubspot_owner_id" }

-- Sums ---------------------------------------------------------------------------------------------------------------

local function new_sum() return { count = 0, without_amount = 0, amount = 0, weighted = 0 } end

local function add(sum, amount, probability)
  sum.count = sum.count + 1
  if not amount then
    sum.without_amount = sum.without_amount + 1
    return
  end
  sum.amount = sum.amount + amount
  sum.weighted = sum.weighted + amount * probability
end

-- Rows that keep the order in which they were first asked for.
local function new_table() return { order = {}, sums = {}, labels = {} } end

local function row_of(rows, id, label)
  if not rows.sums[id] then
    rows.order[#rows.order + 1], rows.labels[id], rows.sums[id] = id, label, new_sum()
  end
  return rows.sums[id]
end

-- Reading ------------------------------------------------------------------------------------------------------------

-- A report for each pipeline, by its id; with a name, for that one only.
local function open_reports(client, name)
  local list, by_id = {}, {}
  for _, pipeline in ipairs(check(client.pipelines:all "deals")) do
    if not name or name == pipeline.id or name == pipeline.label then
      local report = { label = pipeline.label, stages = new_table(), owners = new_table(), total = new_sum() }
      report.probabilities = {}
      table.sort(pipeline.stages, function(a, b) return (a.displayOrder or 0) < (b.displayOrder or 0) end)
      for _, stage in ipairs(pipeline.stages) do
        row_of(report.stages, stage.id, stage.label)
        report.probabilities[stage.id] = tonumber(stage.metadata and stage.metadata.probability) or 0
      end
      list[#list + 1], by_id[pipeline.id] = report, report
    end
  end
  if #list == 0 then error(("There is no pipeline of deals %s."):format(name or ""), 0) end
  return list, by_id
end

-- Deals keep the owners that have left, who are among the archived ones.
local function names_of_owners(client)
  local names = {}
  for _, archived in ipairs { false, true } do
    for owner in client.owners:all { archived = archived } do
      local name = ("%s %s"):format(owner.firstName or "", owner.lastName or ""):match "^%s*(.-)%s*$"
      names[owner.id] = (name ~= "" and name or owner.email or owner.id) .. (archived and " (left)" or "")
    end
  end
  return names
end

local function count_deal(report, deal, names)
  local properties = deal.properties
  local stage, owner = properties.dealstage or "", properties.hubspot_owner_id or ""
  local amount = tonumber(properties.amount_in_home_currency or properties.amount)
  local probability = report.probabilities[stage] or 0
  -- A stage that was deleted may have left its id in deals.
  add(row_of(report.stages, stage, stage ~= "" and stage or "no stage"), amount, probability)
  add(row_of(report.owners, owner, owner ~= "" and (names[owner] or owner) or "nobody"), amount, probability)
  add(report.total, amount, probability)
end

-- Output -------------------------------------------------------------------------------------------------------------

local function with_commas(amount)
  local sign, whole, cents = ("%.2f"):format(amount):match "^(%-?)(%d+)(%.%d+)$"
  whole = whole:reverse():gsub("(%d%d%d)", "%1,"):reverse():gsub("^,", "")
  return sign .. whole .. cents
end

local function print_sum(label, sum)
  print(("  %-32s %8d %18s %18s"):format(label, sum.count, with_commas(sum.amount), with_commas(sum.weighted)))
end

local function print_rows(title, rows)
  print(("  %-32s %8s %18s %18s"):format(title, "deals", "amount", "weighted"))
  for _, id in ipairs(rows.order) do
    print_sum(rows.labels[id], rows.sums[id])
  end
end

local function print_report(report)
  print(report.label)
  print_rows("stage", report.stages)
  print_sum("all", report.total)
  if report.total.without_amount > 0 then print(("  %d have no amount"):format(report.total.without_amount)) end
  print()
  table.sort(report.owners.order, function(a, b)
    local first, second = report.owners.sums[a], report.owners.sums[b]
    if first.amount ~= second.amount then return first.amount > second.amount end
    return a < b
  end)
  print_rows("owner", report.owners)
end

connect.run(function()
  local given = connect.arguments(USAGE, {}, 0, 1)
  local client, target = connect.open()
  local reports, by_id = open_reports(client, given[1])
  local names = names_of_owners(client)
  local read = 0
  for deal in client.deals:all { properties = PROPERTIES, parallel = PAGES_AT_A_TIME } do
    read = read + 1
    local report = by_id[deal.properties.pipeline]
    if report then count_deal(report, deal, names) end
  end
  print(("%d deals in %s"):format(read, target))
  for _, report in ipairs(reports) do
    print()
    print_report(report)
  end
end)
