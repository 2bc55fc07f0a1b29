-- Limits of associations: how many records of a type one of another may be associated with.

local arguments = require "hubspot.resource.association_arguments"
local attribute = require "hubspot.batch.attribution"
local check = require "hubspot.check"
local core = require "hubspot.core"
local merge = require "hubspot.merge"
local must = require "hubspot.shape.must"
local write_rows = require "hubspot.batch.write"

local GUIDE = "api-reference/latest/crm/associations/associate-records/guide"
local ALL = "/crm/associations/{api_version}/definitions/configurations/"
local PAIR = ALL .. "{from_type}/{to_type}"

-- Limits of a request.
local LIMIT = 100

local function results(answer)
  local list = must.table(answer.results, "the limits")
  for _, one in ipairs(list) do
    must.table(one, "a limit")
  end
  return list
end

-- Writing ------------------------------------------------------------------------------------------------------------

local function key_of(limit) return ("%s %.0f"):format(limit.category, limit.typeId) end

local NAMING = {
  of_row = function(row) return { key_of(row.input) } end,
  of_result = function(result)
    must.text(result.category, "a limit's category")
    must.number(result.typeId, "a limit's typeId")
    return { key_of(result) }
  end,
}

local function inputs_of(rows)
  local inputs = {}
  for place, row in ipairs(rows) do
    inputs[place] = row.input
  end
  return core.array(inputs)
end

local function written(answer, values, uncertain)
  results(answer)
  return attribute(answer, values.rows, NAMING, uncertain)
end

-- HubSpot says nothing of those that it took away.
local function removed(answer, values, uncertain)
  local told = attribute({ errors = answer.errors }, values.rows, NAMING, uncertain)
  if told.unnamed then return told end
  for _, row in ipairs(told.left_out) do
    told.results[#told.results + 1] = merge { row.input, { index = row.index } }
  end
  told.left_out = {}
  return told
end

local function route(path, answer)
  return {
    method = "POST",
    path = ("%s/batch/%s"):format(PAIR, path),
    body = { { "inputs", from = "rows", encode = inputs_of } },
    idempotent = path ~= "create",
    answer = answer,
    limit = LIMIT,
    documentation = GUIDE,
  }
end

-- A function that sends all limits of a call to a route.
local function sending(made)
  return function(call)
    local values, rows = call.values, {}
    for index, limit in ipairs(values.limits) do
      rows[index] = { index = index, input = limit }
    end
    local function send(some)
      local told, err = call:send(made, { rows = some, from_type = values.from_type, to_type = values.to_type })
      if not told then return nil, err end
      return told.is_empty and made.answer({}, { rows = some }) or told.value
    end
    return write_rows({ { rows = rows, send = send, limit = made.limit } }, key_of, call.client.loop_for_background)
  end
end

-- Declarations -------------------------------------------------------------------------------------------------------

local MOST = {
  maxToObjectIds = {
    type = check.integer(1, 2 ^ 31),
    required = true,
    description = "how many records one may be associated with by this type",
  },
}

local limit = check.fields(
  "a limit { category = …, typeId = …, maxToObjectIds = … }",
  merge { arguments.spec_fields, MOST },
  "hubspot.AssociationLimitToWrite"
)

local function writing(summary, type, description, made)
  return {
    summary = summary,
    arguments = {
      arguments.from_type,
      arguments.to_type,
      { name = "limits", type = type, description = description },
    },
    returns = { outcome = "association limit" },
    current = { run = sending(made), requests = { made }, documentation = GUIDE },
  }
end

local with_most = check.list_of(limit, "limits")
local EACH = "`{ category =, typeId =, maxToObjectIds = }` each, with the ids that `labels` gives"

return {
  limits = {
    summary = "Reads how many records of a type one of another may be associated with, where the account limits it.",
    arguments = { arguments.from_type, arguments.to_type },
    returns = { list = "association limit" },
    current = { method = "GET", path = PAIR, idempotent = true, answer = results, documentation = GUIDE },
  },

  all_limits = {
    summary = "Reads the limits that the account made for associations of any two types.",
    returns = { list = "association limit" },
    current = { method = "GET", path = ALL .. "all", idempotent = true, answer = results, documentation = GUIDE },
  },

  create_limits = writing(
    "Limits how many records one may be associated with, by types that have no limit. One that HubSpot refuses fails alone.",
    with_most,
    EACH,
    route("create", written)
  ),

  update_limits = writing(
    "Changes limits that there are. One that HubSpot refuses fails alone.",
    with_most,
    EACH,
    route("update", written)
  ),

  delete_limits = writing(
    "Removes limits.",
    arguments.types,
    "`{ category =, typeId = }` each",
    route("purge", removed)
  ),
}
