--- `/deal-splits/{D}/batch/…`: how owners share deals
local batch_reply = require "hubspot.sandbox.batch_reply"
local core = require "hubspot.core"
local decimal = require "hubspot.sandbox.decimal"
local object_input = require "hubspot.sandbox.object_input"
local object_values = require "hubspot.sandbox.object_values"
local problems = require "hubspot.sandbox.problem"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local time = require "hubspot.sandbox.time"

local array = core.array

local SCOPES = { "crm.dealsplits.read_write" }
local LARGEST_BATCH = 100
local FIRST_ID = 50636518818
-- A share has at most this many digits after its point.
local DECIMALS = 8

local function deals_of(portal) return portal.objects:store(portal.objects:get "deals") end

local function split_shown(split)
  return {
    id = string.format("%.0f", split.id),
    properties = {
      hs_deal_split_percentage = decimal.text(split.share),
      hubspot_owner_id = string.format("%.0f", split.owner_id),
    },
    createdAt = time.iso(split.created),
    updatedAt = time.iso(split.created),
    archived = false,
  }
end

local function deal_shown(deal)
  local splits = {}
  for index, split in ipairs(deal.splits or {}) do
    splits[index] = split_shown(split)
  end
  return { id = string.format("%d", deal.id), splits = array(splits) }
end

local function batch_read(portal, req)
  local deals = deals_of(portal)
  local results, missing = {}, {}
  for _, input in ipairs(read.object_inputs(request.object(req), LARGEST_BATCH)) do
    local deal = object_input.find(deals, input.id)
    if deal then
      results[#results + 1] = deal_shown(deal)
    else
      missing[#missing + 1] = tostring(input.id)
    end
  end
  local errors = {}
  if #missing > 0 then
    errors[1] = batch_reply.error(
      problems.missing_record "Could not get some DEAL objects, they may be deleted or not exist.",
      { ids = array(missing) }
    )
  end
  return batch_reply.json(portal, 200, results, errors)
end

-- A share in units of its last digit, so that shares add up exactly.
local function units_of(share)
  if type(share) ~= "number" or not (share > 0 and share <= 1) then
    reply.invalid "The percentage of a deal split must be a number above 0, at most 1"
  end
  local units = share * 10 ^ DECIMALS
  local whole = math.floor(units + 0.5)
  if math.abs(units - whole) > 1e-6 then
    reply.invalid("The percentage of a deal split can have at most " .. DECIMALS .. " decimal places")
  end
  return whole
end

-- The owners of splits with their shares. Answers 400 where HubSpot would.
local function read_splits(portal, deal, given)
  local splits, total, owner_of_deal = {}, 0, read.integer(object_values.value(deal, "hubspot_owner_id"))
  local has_owner_of_deal = not owner_of_deal
  for index, item in ipairs(given) do
    if not read.is_object(item) then reply.invalid "Invalid input JSON: every split must be an object" end
    local owner_id = read.integer(item.ownerId)
    if not owner_id or not portal.owners:get("id", owner_id, false) then
      reply.invalid("There is no owner " .. tostring(item.ownerId))
    end
    total = total + units_of(item.percentage)
    has_owner_of_deal = has_owner_of_deal or owner_id == owner_of_deal
    splits[index] = { owner_id = owner_id, share = item.percentage }
  end
  if total ~= 10 ^ DECIMALS then reply.invalid "The percentages of a deal's splits must add up to 1.0" end
  if not has_owner_of_deal then reply.invalid "The owner of a deal must be among those of its splits" end
  return splits
end

local function plan(portal, deals, input)
  local deal = object_input.find(deals, input.id)
  if not deal then problems.fail(problems.not_found(input.id)) end
  return { deal = deal, splits = read_splits(portal, deal, read.list(input, "splits")) }
end

-- All inputs, or none and the first problem.
local function batch_upsert(portal, req)
  local deals, plans, results = deals_of(portal), {}, {}
  for index, input in ipairs(read.object_inputs(request.object(req), LARGEST_BATCH)) do
    plans[index] = plan(portal, deals, input)
  end
  for index, planned in ipairs(plans) do
    for _, split in ipairs(planned.splits) do
      deals.last_split = (deals.last_split or FIRST_ID - 1) + 1
      split.id, split.created = deals.last_split, portal.clock.now()
    end
    planned.deal.splits = planned.splits
    results[index] = deal_shown(planned.deal)
  end
  return batch_reply.json(portal, 200, results)
end

local routes = {}
for _, base in ipairs { "/deal-splits/{D}/batch", "/crm/objects/v3/deals/splits/batch" } do
  for path, handler in pairs { ["/read"] = batch_read, ["/upsert"] = batch_upsert } do
    routes[#routes + 1] =
      { method = "POST", path = base .. path, handler = handler, scopes = SCOPES, only_dated = true }
  end
end

return routes
