--- `/contacts/search/v1/external/lifecyclestages`: how many contacts entered each lifecycle stage in a time.
local object_values = require "hubspot.sandbox.object_values"
local core = require "hubspot.core"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local time = require "hubspot.sandbox.time"

local array = core.array

local READ = { "crm.objects.contacts.read" }
local STAGES = {
  "lead",
  "opportunity",
  "marketingqualifiedlead",
  "salesqualifiedlead",
  "evangelist",
  "customer",
  "subscriber",
  "other",
}
-- Two years, of which one may be a leap year.
local LONGEST = 731 * time.DAY
local MOST_OPTIONS = 20

local function required(req, name)
  local value = request.integer(req, name)
  if not value then reply.invalid("Required query parameter " .. name .. " is missing") end
  return value
end

local function aggregation_property(portal, req)
  local name = request.text(req, "aggregationProperty")
  if not name then return nil end
  local definition = portal.contacts.definitions[name]
  if not definition then reply.invalid("Property " .. name .. " does not exist") end
  if definition.type ~= "enumeration" and definition.type ~= "bool" then
    reply.invalid("aggregationProperty must be an enumerated property, " .. name .. " is a " .. definition.type)
  end
  if #definition.options > MOST_OPTIONS then
    reply.invalid(
      string.format(
        "aggregationProperty must have at most %d options, %s has %d",
        MOST_OPTIONS,
        name,
        #definition.options
      )
    )
  end
  return name
end

local function count_values(counts, contact, name)
  for value in (object_values.value(contact, name) or ""):gmatch "[^;]+" do
    counts[value] = (counts[value] or 0) + 1
  end
end

local function by_count(counts)
  local rows = {}
  for key, count in pairs(counts) do
    rows[#rows + 1] = { key = key, count = count }
  end
  table.sort(rows, function(a, b)
    if a.count ~= b.count then return a.count > b.count end
    return a.key < b.key
  end)
  return array(rows)
end

local function get(portal, req)
  local store = portal.contacts
  local from, to = required(req, "fromTimestamp"), required(req, "toTimestamp")
  if to < from then reply.invalid "fromTimestamp must not be after toTimestamp" end
  if to - from > LONGEST then reply.invalid "The time between fromTimestamp and toTimestamp must not exceed 2 years" end
  local aggregated = aggregation_property(portal, req)
  local totals, values = {}, {}
  for _, stage in ipairs(STAGES) do
    totals[stage], values[stage] = 0, {}
  end
  for _, id in ipairs(store.live:all()) do
    local contact = store.records[id]
    for _, stage in ipairs(STAGES) do
      local entered = tonumber(contact.values["hs_lifecyclestage_" .. stage .. "_date"])
      if entered and entered >= from and entered <= to then
        totals[stage] = totals[stage] + 1
        if aggregated then count_values(values[stage], contact, aggregated) end
      end
    end
  end
  local rows = {}
  for _, stage in ipairs(STAGES) do
    if totals[stage] > 0 then
      local row = { lifecycleStage = "hs_lifecyclestage_" .. stage .. "_date", count = totals[stage] }
      if aggregated then
        row.aggregation = { count = totals[stage], aggregations = { [aggregated] = by_count(values[stage]) } }
      end
      rows[#rows + 1] = row
    end
  end
  return reply.json(200, array(rows))
end

return {
  { method = "GET", path = "/contacts/search/v1/external/lifecyclestages", handler = get, scopes = READ },
}
