--- Usage of the limits of an account: `/crm/limits/{D}/…`
local core = require "hubspot.core"
local object_path = require "hubspot.sandbox.object_path"
local object_values = require "hubspot.sandbox.object_values"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local array = core.array

local PROPERTIES, CALCULATED, TYPES, LABELS = 1000, 200, 10, 50
local RECORDS, CUSTOM_RECORDS = 15000000, 1000000
local PIPELINES, CUSTOM_PIPELINES = 100, 100
local SAMPLES = 10
-- The percentage from which a record is near its limit.
local NEAR = 80
-- The time for which a record that was archived counts still, in ms.
local LATENESS = 35000

local function percentage(usage, limit) return math.floor(usage / limit * 10000 + 0.5) / 100 end

local function title(text) return (text:gsub("_", " "):gsub("^%l", string.upper)) end

local function labelled(portal, type)
  local schema = type.fully_qualified_name and portal.schemas:get(type.id)
  local labels = schema and schema.labels or {}
  return {
    objectTypeId = type.id,
    singularLabel = labels.singular or title(type.singular),
    pluralLabel = labels.plural or title(type.name),
  }
end

local function used(portal, type, usage, limit)
  local row = labelled(portal, type)
  row.usage, row.limit, row.percentage = usage, limit, limit and percentage(usage, limit)
  return row
end

-- The usage of all types together; `usage_of(type)` gives that of one, nil where it is not listed.
local function overall(portal, limit, limit_of_type, usage_of)
  local rows, sum = {}, 0
  for _, type in ipairs(portal.objects.types) do
    local usage = not type.archived and usage_of(type)
    if usage then
      rows[#rows + 1] = used(portal, type, usage, limit_of_type)
      sum = sum + usage
    end
  end
  return {
    overallLimit = limit,
    overallUsage = sum,
    overallPercentage = percentage(sum, limit),
    byObjectType = array(rows),
  }
end

local function is_calculated(definition) return definition.field_type == "calculation_equation" end

-- A handler that counts the properties for which `is_counted(definition)`.
local function counting(limit, limit_of_type, is_counted)
  return function(portal)
    return reply.json(
      200,
      overall(portal, limit, limit_of_type, function(type)
        local count = 0
        for _, definition in pairs(portal.objects:store(type).definitions) do
          if is_counted(definition) then count = count + 1 end
        end
        return count > 0 and count
      end)
    )
  end
end

local function custom_types(portal)
  local usage = #portal.schemas:all()
  return reply.json(200, { limit = TYPES, usage = usage, percentage = percentage(usage, TYPES) })
end

-- A handler that tells a count of each of HubSpot's types, and of the custom ones together.
local function by_kind(limit, custom_limit, count_of)
  return function(portal)
    local rows = {}
    for _, type in ipairs(portal.objects.types) do
      local count = not type.fully_qualified_name and count_of(portal, type)
      if count then rows[#rows + 1] = used(portal, type, count, limit) end
    end
    local custom = overall(
      portal,
      custom_limit,
      nil,
      function(type) return type.fully_qualified_name and (count_of(portal, type) or 0) end
    )
    return reply.json(200, { hubspotDefinedObjectTypes = array(rows), customObjectTypes = custom })
  end
end

local records = by_kind(RECORDS, CUSTOM_RECORDS, function(portal, type)
  local store, known = portal.objects:store(type), portal.clock.now() - LATENESS
  local count = store.live.count
  for _, id in ipairs(store:bin():all()) do
    if store.records[id].archived_at > known then count = count + 1 end
  end
  return count
end)

local pipelines = by_kind(
  PIPELINES,
  CUSTOM_PIPELINES,
  function(portal, type) return type.pipeline and #portal.pipelines:all(type) end
)

-- Associations --------------------------------------------------------------------------------------------------

local function label_usage(portal, from, to)
  local names = {}
  for _, definition in ipairs(portal.objects.associations.definitions:list(from.id, to.id)) do
    if definition.kind == "label" then names[#names + 1] = definition.label end
  end
  if #names == 0 then return nil end
  return {
    fromObjectType = labelled(portal, from),
    toObjectType = labelled(portal, to),
    allLabels = array(names),
    limit = LABELS,
    usage = #names,
    percentage = percentage(#names, LABELS),
  }
end

local function types_named(portal, req, name)
  local id = request.text(req, name)
  if id then return { object_path.named(portal, id) } end
  return portal.objects.types
end

local function labels(portal, req)
  local results = {}
  for _, from in ipairs(types_named(portal, req, "fromObjectTypeId")) do
    for _, to in ipairs(types_named(portal, req, "toObjectTypeId")) do
      results[#results + 1] = label_usage(portal, from, to)
    end
  end
  return reply.results(results)
end

local function label_of(store, record)
  for _, name in ipairs(store.type.searched) do
    local value = object_values.value(record, name)
    if value then return value end
  end
  return string.format("%d", record.id)
end

-- The records of a type that lead to nearly as many of another, or to as many, as they may.
local function crowded(portal, from, to)
  local store, associations = portal.objects:store(from), portal.objects.associations
  local limit, at, near = associations:limit(from.id, to.id), {}, {}
  for _, id in ipairs(associations:sources(from.id)) do
    local usage = associations:count({ type = from.id, id = id }, to.id)
    if usage >= limit then
      at[#at + 1] = { objectId = id, label = label_of(store, store.records[id]) }
    elseif percentage(usage, limit) >= NEAR then
      near[#near + 1] = {
        objectId = id,
        label = label_of(store, store.records[id]),
        usage = usage,
        percentage = percentage(usage, limit),
      }
    end
  end
  return { limit = limit, at = at, near = near }
end

local function first(rows)
  local samples = {}
  for index = 1, math.min(#rows, SAMPLES) do
    samples[index] = rows[index]
  end
  return array(samples)
end

local function records_of_pair(portal, req)
  local found =
    crowded(portal, object_path.named(portal, req.params.fromType), object_path.named(portal, req.params.toType))
  return reply.json(200, {
    limit = found.limit,
    totalRecordsAtLimit = #found.at,
    totalRecordsNearLimit = #found.near,
    atLimitFromRecordSamples = first(found.at),
    nearLimitFromRecordSamples = first(found.near),
  })
end

-- The types with crowded records: `crowds_of(type)` gives what `crowded` found of each.
local function crowded_types(portal, crowds_of)
  local results = {}
  for _, type in ipairs(portal.objects.types) do
    local row, is_any = labelled(portal, type), false
    row.hasRecordsAtLimit, row.hasRecordsNearLimit = false, false
    for _, found in ipairs(crowds_of(type)) do
      row.hasRecordsAtLimit = row.hasRecordsAtLimit or #found.at > 0
      row.hasRecordsNearLimit = row.hasRecordsNearLimit or #found.near > 0
      is_any = row.hasRecordsAtLimit or row.hasRecordsNearLimit
    end
    if is_any then results[#results + 1] = row end
  end
  return reply.results(results)
end

local function crowded_from(portal)
  return crowded_types(portal, function(from)
    local found = {}
    if #portal.objects.associations:sources(from.id) == 0 then return found end
    for index, to in ipairs(portal.objects.types) do
      found[index] = crowded(portal, from, to)
    end
    return found
  end)
end

local function crowded_to(portal, req)
  local from = object_path.named(portal, req.params.fromType)
  return crowded_types(portal, function(to) return { crowded(portal, from, to) } end)
end

-- Reading the records of any type is enough.
local function any_read_scope(portal)
  local scopes = {}
  for _, type in ipairs(portal.objects.types) do
    for _, scope in ipairs(type.read[1]) do
      scopes[#scopes + 1] = scope
    end
  end
  return { scopes }
end

local BASE = "/crm/limits/{D}"
local RECORDS_BASE = BASE .. "/associations/records"

local routes = {
  {
    path = BASE .. "/custom-properties",
    handler = counting(PROPERTIES * 10, PROPERTIES, function(definition) return not definition.built_in end),
  },
  { path = BASE .. "/calculated-properties", handler = counting(CALCULATED, nil, is_calculated) },
  { path = BASE .. "/custom-object-types", handler = custom_types },
  { path = BASE .. "/records", handler = records },
  { path = BASE .. "/pipelines", handler = pipelines },
  { path = BASE .. "/associations/labels", handler = labels },
  { path = RECORDS_BASE .. "/from", handler = crowded_from },
  { path = RECORDS_BASE .. "/{fromType}/to", handler = crowded_to },
  { path = RECORDS_BASE .. "/{fromType}/{toType}", handler = records_of_pair },
}
for _, route in ipairs(routes) do
  route.method, route.scopes = "GET", any_read_scope
end

return routes
