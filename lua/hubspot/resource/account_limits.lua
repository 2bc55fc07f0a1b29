-- The limits of an account, and what is used of each.

local batch = require "hubspot.batch"
local must = require "hubspot.shape.must"

local USAGE_GUIDE = "api-reference/latest/account/account-information/guide"
local GUIDE = "api-reference/latest/crm/limits-tracking/guide"

-- A limit of all types together, and what each of them has of it.
local function add_shared(limits, of, answer)
  must.table(answer, of)
  limits[#limits + 1] = {
    of = of,
    limit = answer.overallLimit,
    usage = must.number(answer.overallUsage, "an overall usage"),
    percentage = answer.overallPercentage,
  }
  return must.table(answer.byObjectType, "the usage by type")
end

local function add_types(limits, of, types)
  for _, one in ipairs(types) do
    must.table(one, "the usage of a type")
    limits[#limits + 1] = {
      of = of,
      objectTypeId = one.objectTypeId,
      label = one.pluralLabel,
      limit = one.limit,
      usage = must.number(one.usage, "a type's usage"),
      percentage = one.percentage,
    }
  end
  return limits
end

local function of_types(of)
  return function(answer)
    local limits = {}
    return add_types(limits, of, add_shared(limits, of, answer))
  end
end

-- HubSpot's types have limits of their own, and those of the account share one.
local function of_kinds(of)
  return function(answer)
    local limits = add_types({}, of, must.table(answer.hubspotDefinedObjectTypes, "HubSpot's types"))
    return add_types(limits, of, add_shared(limits, of, answer.customObjectTypes))
  end
end

local function of_requests(answer)
  local limits = {}
  for index, one in ipairs(must.table(answer.results, "the usage of the API")) do
    must.table(one, "a usage")
    limits[index] = {
      of = "requests",
      label = one.name,
      limit = one.usageLimit,
      usage = must.number(one.currentUsage, "a current usage"),
      resetsAt = one.resetsAt,
    }
  end
  return limits
end

local function of_object_types(answer)
  return {
    {
      of = "custom-object-types",
      limit = answer.limit,
      usage = must.number(answer.usage, "a usage"),
      percentage = answer.percentage,
    },
  }
end

local function of_labels(answer)
  local limits = {}
  for index, one in ipairs(must.table(answer.results, "the labels of pairs")) do
    local from, to = must.table(one.fromObjectType, "a type"), must.table(one.toObjectType, "a type")
    limits[index] = {
      of = "association-labels",
      objectTypeId = from.objectTypeId,
      toObjectTypeId = to.objectTypeId,
      limit = one.limit,
      usage = must.number(one.usage, "a usage"),
      percentage = one.percentage,
    }
  end
  return limits
end

local function limits_route(path, answer)
  return {
    method = "GET",
    path = "/crm/limits/{api_version}/" .. path,
    idempotent = true,
    answer = answer,
    documentation = GUIDE,
  }
end

local limit_routes = {
  {
    method = "GET",
    path = "/account-info/{api_version}/api-usage/daily/private-apps",
    idempotent = true,
    answer = of_requests,
    documentation = USAGE_GUIDE,
  },
  limits_route("records", of_kinds "records"),
  limits_route("custom-object-types", of_object_types),
  limits_route("custom-properties", of_types "custom-properties"),
  limits_route("calculated-properties", of_types "calculated-properties"),
  limits_route("pipelines", of_kinds "pipelines"),
  limits_route("associations/labels", of_labels),
}

local function read_limits(call)
  local answers, err = batch.each(
    limit_routes,
    function(route) return call:read(route, {}) end,
    call.client.loop_for_background
  )
  if err then return nil, err end
  local limits = {}
  for _, answer in ipairs(answers) do
    for _, one in ipairs(answer) do
      limits[#limits + 1] = one
    end
  end
  return limits
end

return {
  limits = {
    summary = "Reads what is used of each limit: requests of the day, records, properties, pipelines, types and labels. "
      .. "HubSpot counts some minutes late, and no requests of service keys.",
    returns = { list = "account limit" },
    current = { run = read_limits, requests = limit_routes, documentation = GUIDE },
  },
}
