-- Pipelines and their stages.

local changes_of = require "hubspot.resource.changes"
local check = require "hubspot.check"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local must = require "hubspot.shape.must"
local type_name = require "hubspot.object.type_name"

local GUIDE = "api-reference/latest/crm/pipelines/guide"
local BASE = "/crm/pipelines/{api_version}/{object_type}"
local NAMED = BASE .. "/{pipeline_id}"
local STAGES = NAMED .. "/stages"
local STAGE = STAGES .. "/{stage_id}"

-- Definitions --------------------------------------------------------------------------------------------------------

-- HubSpot answers 500 to longer ones.
local function id_of_at_most(length)
  return check.refined(check.segment, function(id, place)
    if #id <= length then return id end
    return nil, ("%s must have at most %d characters"):format(place, length)
  end)
end

local place = check.integer(0, 2 ^ 31)

local stage_fields = {
  label = { type = check.string, required = true, description = "unique in the pipeline, in any case" },
  displayOrder = { type = place, description = "its place" },
  metadata = {
    type = check.properties_or_none,
    description = "`probability` of deals, `ticketState` of tickets, `state` of an account's own types",
  },
  stageId = { type = id_of_at_most(100), description = "its id, for good; HubSpot makes one when left out" },
}

local function optional(fields)
  local copies = {}
  for name, field in pairs(fields) do
    copies[name] = { type = field.type, description = field.description }
  end
  return copies
end

local stage = check.fields("a stage { label = …, metadata = … }", stage_fields, "hubspot.StageDefinition")

local function whole_stage(given, order)
  given.displayOrder, given.metadata = given.displayOrder or order, given.metadata or {}
  return given
end

local stages = check.refined(check.list_of(stage, "stages"), function(list)
  for index, one in ipairs(list) do
    whole_stage(one, index - 1)
  end
  return core.array(list)
end)

local pipeline_fields = {
  label = { type = check.string, required = true, description = "unique among those of the type, in any case" },
  displayOrder = { type = place, description = "its place; the first when left out" },
  stages = { type = stages, required = true, description = "in their order" },
}

local function with_order(given)
  given.displayOrder = given.displayOrder or 0
  return given
end

local replacement = check.refined(
  check.fields("a pipeline { label = …, stages = … }", pipeline_fields, "hubspot.PipelineReplacement"),
  with_order
)

local definition = check.refined(
  check.fields("a pipeline { label = …, stages = … }", {
    label = pipeline_fields.label,
    displayOrder = pipeline_fields.displayOrder,
    stages = pipeline_fields.stages,
    pipelineId = { type = id_of_at_most(36), description = "its id, for good; HubSpot makes one when left out" },
  }, "hubspot.PipelineDefinition"),
  with_order
)

local pipeline_changes = changes_of("a table { label = … }", {
  label = { type = check.string, description = "unique among those of the type, in any case" },
  displayOrder = { type = place, description = "its place" },
}, "hubspot.PipelineChanges")

local stage_changes = optional(stage_fields)
stage_changes.stageId = nil
stage_changes = changes_of("a table { label = …, metadata = … }", stage_changes, "hubspot.StageChanges")

-- Requests -----------------------------------------------------------------------------------------------------------

local function stage_of(answer)
  answer.id = must.id(answer.id, "a stage's id")
  return answer
end

local function pipeline_of(answer)
  answer.id = must.id(answer.id, "a pipeline's id")
  for _, one in ipairs(must.table(answer.stages, "a pipeline's stages")) do
    stage_of(one)
  end
  return answer
end

local function route(method, path, shape, from)
  return {
    method = method,
    path = path,
    body = from and { { from = from } } or nil,
    idempotent = method ~= "POST",
    answer = shape,
    documentation = GUIDE,
  }
end

local routes = {
  get = route("GET", NAMED, pipeline_of),
  create = route("POST", BASE, pipeline_of, "given"),
  update = route("PATCH", NAMED, pipeline_of, "given"),
  replace = route("PUT", NAMED, pipeline_of, "given"),
  get_stage = route("GET", STAGE, stage_of),
  create_stage = route("POST", STAGES, stage_of, "given"),
  update_stage = route("PATCH", STAGE, stage_of, "given"),
  delete_stage = route("DELETE", STAGE),
}

local function values_of(call)
  local values = call.values
  return {
    object_type = values.object_type,
    pipeline_id = values.pipeline_id,
    stage_id = values.stage_id,
    given = values.definition or values.changes,
  }
end

-- Reads what was written: HubSpot's answer to a write is an echo of the request.
local function written_then_read(write, read, id_name)
  return function(call)
    local written, err = call:send(write, values_of(call))
    if not written then return nil, err end
    local values = values_of(call)
    if written.value then values[id_name] = written.value.id end
    local found, read_err = call:read(read, values)
    if found then return found end
    return nil, errors.after_write(read_err, "it was written, but what HubSpot has by now could not be read")
  end
end

-- HubSpot answers alike whether it deleted a stage or there is none.
local function delete_stage(call)
  local found, err = call:read(routes.get_stage, values_of(call))
  if not found then return nil, err end
  local deleted, delete_err = call:send(routes.delete_stage, values_of(call))
  if not deleted then return nil, delete_err end
  local still, gone = call:read(routes.get_stage, values_of(call))
  if still then
    return nil,
      errors.new { kind = "api", category = "CONFLICT", message = "HubSpot did not delete the stage, and gave no reason" }
  end
  if gone.status == 404 then return true end
  return nil, errors.after_write(gone, "the stage was deleted, but whether it is gone could not be read")
end

-- Operations ---------------------------------------------------------------------------------------------------------

local object_type = { name = "object_type", type = type_name, description = 'such as "deals"' }
local pipeline_id = { name = "pipeline_id", type = check.segment, description = 'id of a pipeline, such as "default"' }
local stage_id = { name = "stage_id", type = check.segment, description = "id of a stage" }

local function argument(name, type, description) return { name = name, type = type, description = description } end

local function written(summary, arguments, returns, write, read, id_name)
  return {
    summary = summary,
    arguments = arguments,
    returns = returns,
    current = {
      run = written_then_read(write, read, id_name),
      requests = { write, read },
      documentation = GUIDE,
    },
  }
end

return {
  all = {
    summary = "Reads the pipelines of a type, each with its stages.",
    arguments = { object_type },
    returns = { list = "pipeline" },
    current = route("GET", BASE, function(answer)
      local list = must.table(answer.results, "the pipelines")
      for _, one in ipairs(list) do
        pipeline_of(one)
      end
      return list
    end),
  },

  get = {
    summary = "Reads one pipeline with its stages.",
    arguments = { object_type, pipeline_id },
    returns = { record = "pipeline" },
    current = routes.get,
  },

  create = written(
    "Creates a pipeline with its stages.",
    { object_type, argument("definition", definition, "what it is to be") },
    { record = "pipeline" },
    routes.create,
    routes.get,
    "pipeline_id"
  ),

  update = written(
    "Changes a pipeline, and leaves its stages.",
    { object_type, pipeline_id, argument("changes", pipeline_changes, "the fields to change") },
    { record = "pipeline" },
    routes.update,
    routes.get,
    "pipeline_id"
  ),

  replace = written(
    "Replaces a pipeline: stages are kept that have the `stageId` of one here, and others are deleted for good.",
    { object_type, pipeline_id, argument("definition", replacement, "all of it") },
    { record = "pipeline" },
    routes.replace,
    routes.get,
    "pipeline_id"
  ),

  delete = {
    summary = "Deletes a pipeline that no record is in.",
    irreversible = "It is gone for good.",
    arguments = { object_type, pipeline_id },
    returns = { done = true },
    current = route("DELETE", NAMED),
  },

  create_stage = written("Creates a stage of a pipeline.", {
    object_type,
    pipeline_id,
    argument(
      "definition",
      check.refined(stage, function(given) return whole_stage(given, 0) end),
      "what it is to be; the first stage where it has no `displayOrder`"
    ),
  }, { record = "stage" }, routes.create_stage, routes.get_stage, "stage_id"),

  update_stage = written(
    "Changes a stage. `metadata` is merged with what there is.",
    { object_type, pipeline_id, stage_id, argument("changes", stage_changes, "the fields to change") },
    { record = "stage" },
    routes.update_stage,
    routes.get_stage,
    "stage_id"
  ),

  delete_stage = {
    summary = "Deletes a stage that no record is in, and makes sure that it is gone.",
    irreversible = "It is gone for good.",
    arguments = { object_type, pipeline_id, stage_id },
    returns = { done = true },
    current = {
      run = delete_stage,
      requests = { routes.get_stage, routes.delete_stage },
      documentation = GUIDE,
    },
  },
}
