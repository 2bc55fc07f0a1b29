--- Labels of associations, and how many objects a type of them may lead to: `/crm/associations/{D}/…`
local association_input = require "hubspot.sandbox.association_input"
local association_shown = require "hubspot.sandbox.association_shown"
local batch_reply = require "hubspot.sandbox.batch_reply"
local object_path = require "hubspot.sandbox.object_path"
local problems = require "hubspot.sandbox.problem"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local TOO_MANY_LABELS = 437

-- Labels --------------------------------------------------------------------------------------------------------

local function shown_list(definitions) return reply.results(definitions, association_shown.type) end

local function list(portal, req)
  local pair = association_input.pair(portal, req)
  return shown_list(portal.objects.associations.definitions:list(pair.from.id, pair.to.id))
end

local function check_new(definitions, pair, name)
  if definitions:has_name(name) then reply.invalid("An association label named " .. name .. " already exists") end
  if definitions:is_full(pair.from.id, pair.to.id) then
    reply.fail(
      TOO_MANY_LABELS,
      "The limit of labels between these objects is reached",
      { category = "VALIDATION_ERROR" }
    )
  end
end

local function is_custom_pair(pair) return pair.from.fully_qualified_name or pair.to.fully_qualified_name end

local function create(portal, req)
  local pair, body = association_input.pair(portal, req), request.object(req)
  local definitions, label = portal.objects.associations.definitions, read.text(body, "label")
  if not label then reply.invalid "label is required" end
  if label == "" and is_custom_pair(pair) then
    local plain = definitions:default(pair.from.id, pair.to.id)
    return shown_list { plain, plain.inverse }
  end
  local name = read.required_text(body, "name")
  read.required_text(body, "label")
  check_new(definitions, pair, name)
  local made = definitions:add_label {
    from = pair.from.id,
    to = pair.to.id,
    name = name,
    label = label,
    created = portal.clock.now(),
    inverse_label = read.text(body, "inverseLabel"),
  }
  return shown_list { made, made.inverse }
end

local function find(portal, pair, id)
  local definitions = portal.objects.associations.definitions
  local found = id and definitions:get(pair.from.id, pair.to.id, "USER_DEFINED", id)
  return found or reply.not_found("No label has the id " .. tostring(id))
end

-- A label without one for the way back is that of both ways.
local function update(portal, req)
  local pair, body = association_input.pair(portal, req), request.object(req)
  local definition = find(portal, pair, read.integer(read.given(body.associationTypeId)))
  local label = read.required_text(body, "label")
  definition.label = label
  if definition.inverse then definition.inverse.label = read.text(body, "inverseLabel") or label end
  return reply.empty(204)
end

local function has_labels(definitions, pair)
  for _, definition in ipairs(definitions:list(pair.from.id, pair.to.id)) do
    if definition.kind == "label" then return true end
  end
  return false
end

local function delete(portal, req)
  local pair, associations = association_input.pair(portal, req), portal.objects.associations
  local definition = find(portal, pair, request.path_integer(req, "associationTypeId"))
  if definition.kind == "default" and has_labels(associations.definitions, pair) then
    reply.invalid "The plain association can't be deleted while there are labels"
  end
  associations:drop(definition)
  associations.definitions:remove(definition)
  return reply.empty(204)
end

-- Limits --------------------------------------------------------------------------------------------------------

local function shown_limit(definition)
  return {
    category = definition.category,
    typeId = definition.id,
    label = definition.label,
    userEnforcedMaxToObjectIds = definition.limit,
  }
end

local function shown_limits(definitions)
  local results = {}
  for _, definition in ipairs(definitions) do
    if definition.limit then results[#results + 1] = shown_limit(definition) end
  end
  return reply.results(results)
end

local function all_limits(portal)
  local all = {}
  for _, type in ipairs(portal.objects.types) do
    for _, definition in ipairs(portal.objects.associations.definitions:from(type.id)) do
      all[#all + 1] = definition
    end
  end
  return shown_limits(all)
end

local function pair_limits(portal, req)
  local pair = association_input.pair(portal, req)
  return shown_limits(portal.objects.associations.definitions:list(pair.from.id, pair.to.id))
end

local function limited_definition(portal, pair, input)
  local id = read.is_object(input) and read.integer(read.given(input.typeId))
  local definition = id
    and portal.objects.associations.definitions:get(pair.from.id, pair.to.id, read.text(input, "category"), id)
  if not definition then return nil, problems.invalid "No association type exists with this category and typeId" end
  return definition
end

local function limit_of(input)
  local limit = read.integer(read.given(input.maxToObjectIds))
  if not limit or limit < 1 then return nil, problems.invalid "maxToObjectIds must be a positive integer" end
  return limit
end

-- A function that sets the limits of a batch and answers `status`.
local function setting(status)
  return function(portal, req)
    local pair, results, errors = association_input.pair(portal, req), {}, {}
    for _, input in ipairs(read.inputs(request.object(req), 100)) do
      local definition, problem = limited_definition(portal, pair, input)
      local limit
      if definition then
        limit, problem = limit_of(input)
      end
      if limit then
        definition.limit = limit
        results[#results + 1] = shown_limit(definition)
      else
        errors[#errors + 1] = batch_reply.error(problem, {})
      end
    end
    return batch_reply.json(portal, status, results, errors)
  end
end

local function purge(portal, req)
  local pair = association_input.pair(portal, req)
  for _, input in ipairs(read.inputs(request.object(req), 100)) do
    local definition, problem = limited_definition(portal, pair, input)
    if not definition then problems.fail(problem) end
    definition.limit = nil
  end
  return reply.empty(204)
end

-- The file of the report comes by mail.
local function report(portal, req)
  local id = request.path_integer(req, "userId")
  local owner = portal.owners:get("user_id", id, false)
  if not owner then problems.fail(problems.not_found(req.params.userId)) end
  return reply.json(200, {
    userId = id,
    userEmail = owner.email,
    enqueueTime = { dateOnly = false, timeZoneShift = 0, value = portal.clock.now() },
  })
end

local BASE = "/crm/associations/{D}/{objectType}/{toObjectType}/labels"
local LIMITS = "/crm/associations/{D}/definitions/configurations"
local LIMITS_OF_PAIR = LIMITS .. "/{objectType}/{toObjectType}"
local REPORT = "/crm/associations/{D}/usage/high-usage-report/{userId}"
local READ, WRITE = object_path.read_scopes, object_path.write_scopes

local routes = {
  { method = "GET", path = BASE, handler = list, scopes = READ },
  { method = "POST", path = BASE, handler = create, scopes = WRITE },
  { method = "PUT", path = BASE, handler = update, scopes = WRITE },
  { method = "DELETE", path = BASE .. "/{associationTypeId}", handler = delete, scopes = WRITE },
  { method = "GET", path = LIMITS .. "/all", handler = all_limits, scopes = {} },
  { method = "GET", path = LIMITS_OF_PAIR, handler = pair_limits, scopes = READ },
  { method = "POST", path = LIMITS_OF_PAIR .. "/batch/create", handler = setting(201), scopes = WRITE },
  { method = "POST", path = LIMITS_OF_PAIR .. "/batch/update", handler = setting(200), scopes = WRITE },
  { method = "POST", path = LIMITS_OF_PAIR .. "/batch/purge", handler = purge, scopes = WRITE },
  { method = "POST", path = REPORT, handler = report, scopes = {} },
}
for _, route in ipairs(routes) do
  route.in_v4, route.only_dated, route.is_exempt = true, true, true
end

return routes
