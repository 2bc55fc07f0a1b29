--- `/crm/pipelines/{D}/{objectType}…`
local core = require "hubspot.core"
local object_path = require "hubspot.sandbox.object_path"
local pipeline_input = require "hubspot.sandbox.pipeline_input"
local pipeline_store = require "hubspot.sandbox.pipeline_store"
local properties = require "hubspot.sandbox.properties"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local time = require "hubspot.sandbox.time"

local array = core.array

-- Answers -------------------------------------------------------------------------------------------------------

-- An answer to a write shows the metadata as they were sent.
local function shown_stage(stage, echo)
  return {
    id = stage.id,
    label = stage.label,
    displayOrder = stage.order,
    metadata = echo or stage.metadata,
    writePermissions = "CRM_PERMISSIONS_ENFORCEMENT",
    createdAt = time.iso(stage.created),
    updatedAt = time.iso(stage.updated),
    archived = false,
  }
end

local function shown(pipeline, given)
  local stages, echoes = {}, {}
  for _, stage in ipairs(given and given.stages or {}) do
    echoes[stage.label] = stage.echo
  end
  for index, stage in ipairs(pipeline.stages) do
    stages[index] = shown_stage(stage, echoes[stage.label])
  end
  return {
    id = pipeline.id,
    label = pipeline.label,
    displayOrder = pipeline.order,
    stages = array(stages),
    createdAt = time.iso(pipeline.created),
    updatedAt = time.iso(pipeline.updated),
    archived = false,
  }
end

-- Finding -------------------------------------------------------------------------------------------------------

-- HubSpot shows a page to who does not ask for JSON.
local function not_found(req)
  if not (req.headers.accept or ""):find("application/json", 1, true) then error({ reply = reply.html(404) }, 0) end
  reply.fail(404, "resource not found")
end

local function find(portal, req)
  local type = object_path.type(portal, req)
  local pipeline = portal.pipelines:get(type, req.params.pipelineId)
  if not pipeline then not_found(req) end
  return pipeline, type
end

local function find_stage(portal, req)
  local pipeline, type = find(portal, req)
  local stage = pipeline_store.stage(pipeline, req.params.stageId)
  if not stage then not_found(req) end
  return stage, pipeline, type
end

local function bracketed(ids) return array { "[" .. table.concat(ids, ", ") .. "]" } end

-- Since 2026-09 what records stand at can't be deleted; before, only where the request says so.
local function is_checked(req)
  return req.params.D == "2026-09"
    or request.boolean(req, "validateReferencesBeforeDelete")
    or request.boolean(req, "validateDealStageUsagesBeforeDelete")
end

local function check_unused(portal, req, type, stages)
  if not is_checked(req) then return end
  for _, stage in ipairs(stages) do
    local ids = portal.pipelines:records_at(type, stage.id)
    if #ids > 0 then
      reply.invalid("The stage " .. stage.id .. " is in use", {
        subCategory = "PipelineError.STAGE_ID_IN_USE",
        context = { stageIds = bracketed { stage.id }, objectIds = bracketed(ids) },
      })
    end
  end
end

-- Pipelines -----------------------------------------------------------------------------------------------------

local function list(portal, req)
  return reply.results(
    portal.pipelines:all(object_path.type(portal, req)),
    function(pipeline) return shown(pipeline) end
  )
end

local function get(portal, req) return reply.json(200, shown((find(portal, req)))) end

local function check_label(portal, type, label, itself)
  for _, other in ipairs(portal.pipelines:all(type)) do
    if other ~= itself and label and other.label:lower() == label:lower() then
      reply.invalid("A pipeline labelled " .. label .. " already exists")
    end
  end
end

-- The stages that a pipeline gets must not be another one's.
local function check_stage_ids(portal, type, stages, itself)
  for _, stage in ipairs(stages or {}) do
    local owner = stage.id and portal.pipelines:having(type, stage.id)
    if owner and owner ~= itself then reply.invalid("The stage id " .. stage.id .. " is that of another pipeline") end
  end
end

-- A type whose records can stand in pipelines: a custom one does from its first on.
local function check_type(portal, type)
  if type.pipeline or #portal.pipelines:all(type) > 0 then return end
  if not type.fully_qualified_name then reply.invalid("Records of type " .. type.name .. " have no pipelines") end
  type.pipeline, type.stage = "hs_pipeline", "hs_pipeline_stage"
  properties.define_stages(portal.objects:store(type).definitions, type, portal.clock.now())
end

-- Deals and tickets share the ids of pipelines; where the other one has it, HubSpot tells of a stage.
local ID_SHARERS = { deals = "tickets", tickets = "deals" }

local function check_id(portal, type, id)
  if not id then return end
  if portal.pipelines:get(type, id) then reply.invalid("A pipeline with the id " .. id .. " already exists") end
  local other = ID_SHARERS[type.name]
  if other and portal.pipelines:get(portal.objects:get(other), id) then
    reply.fail(409, "A stage with the id " .. id .. " exists in another pipeline", {
      category = "CONFLICT",
      subCategory = "STAGE_ID_EXISTS_IN_ANOTHER_PIPELINE",
    })
  end
end

local function create(portal, req)
  local type = object_path.type(portal, req)
  local given = pipeline_input.pipeline(type, request.object(req))
  if not given.label or not given.stages then reply.invalid "A pipeline needs a label and stages" end
  check_label(portal, type, given.label)
  check_id(portal, type, given.id)
  check_stage_ids(portal, type, given.stages)
  check_type(portal, type)
  return reply.json(201, shown(portal.pipelines:add(type, given), given))
end

local function dropped_stages(pipeline, stages)
  local dropped = {}
  for _, stage in ipairs(pipeline.stages) do
    local is_kept = false
    for _, other in ipairs(stages or pipeline.stages) do
      is_kept = is_kept or other.id == stage.id
    end
    if not is_kept then dropped[#dropped + 1] = stage end
  end
  return dropped
end

local function change(portal, req, given)
  local pipeline, type = find(portal, req)
  check_label(portal, type, given.label, pipeline)
  check_stage_ids(portal, type, given.stages, pipeline)
  check_unused(portal, req, type, dropped_stages(pipeline, given.stages))
  portal.pipelines:update(type, pipeline, given)
  return reply.json(200, shown(pipeline, given))
end

local function replace(portal, req)
  local _, type = find(portal, req)
  local given = pipeline_input.pipeline(type, request.object(req))
  if not given.label or not given.stages then reply.invalid "A pipeline needs a label and stages" end
  return change(portal, req, given)
end

local function update(portal, req)
  local _, type = find(portal, req)
  local given = pipeline_input.pipeline(type, request.object(req))
  given.stages = nil
  return change(portal, req, given)
end

local function delete(portal, req)
  local pipeline, type = find(portal, req)
  check_unused(portal, req, type, pipeline.stages)
  portal.pipelines:remove(type, pipeline)
  return reply.empty(204)
end

-- Stages --------------------------------------------------------------------------------------------------------

local function list_stages(portal, req) return reply.json(200, { results = shown(find(portal, req)).stages }) end

local function get_stage(portal, req) return reply.json(200, shown_stage((find_stage(portal, req)))) end

-- The stages of a pipeline as they would be with `given` in the place of `itself`, or beside all.
local function check_with(type, pipeline, given, itself)
  local stages = {}
  for _, stage in ipairs(pipeline.stages) do
    if stage ~= itself then stages[#stages + 1] = stage end
  end
  stages[#stages + 1] = {
    id = itself and itself.id or given.id,
    label = given.label or itself.label,
    metadata = given.metadata or itself.metadata,
  }
  pipeline_input.check_stages(type, stages)
end

local function create_stage(portal, req)
  local pipeline, type = find(portal, req)
  local given = pipeline_input.stage(type, request.object(req))
  check_stage_ids(portal, type, { given }, pipeline)
  check_with(type, pipeline, given)
  return reply.json(201, shown_stage(portal.pipelines:add_stage(type, pipeline, given), given.echo))
end

-- A PUT needs all that a new stage needs; a PATCH keeps what it does not tell.
local function changing_stage(is_whole)
  return function(portal, req)
    local stage, pipeline, type = find_stage(portal, req)
    local given = pipeline_input.stage(type, request.object(req), not is_whole and stage or nil)
    check_with(type, pipeline, given, stage)
    portal.pipelines:update_stage(type, pipeline, stage, given)
    return reply.json(200, shown_stage(stage, given.echo))
  end
end

-- HubSpot says 204 whatever the ids.
local function delete_stage(portal, req)
  local type = object_path.type(portal, req)
  local pipeline = portal.pipelines:get(type, req.params.pipelineId)
  local stage = pipeline and pipeline_store.stage(pipeline, req.params.stageId)
  if not stage then return reply.empty(204) end
  check_unused(portal, req, type, { stage })
  if #pipeline.stages == 1 then reply.invalid "A pipeline must have a stage" end
  portal.pipelines:remove_stage(type, pipeline, stage)
  return reply.empty(204)
end

-- Audits --------------------------------------------------------------------------------------------------------

-- A handler that tells what was done to what `look(portal, req)` finds, the latest first.
local function auditing(look)
  return function(portal, req)
    local item = look(portal, req)
    return reply.results(
      item.audits or {},
      function(audit)
        return {
          portalId = portal.contacts.portal_id,
          identifier = item.id,
          action = audit.action,
          timestamp = time.iso(audit.at),
          rawObject = { label = audit.label, displayOrder = audit.order },
        }
      end
    )
  end
end

local BASE = "/crm/pipelines/{D}/{objectType}"
local NAMED = BASE .. "/{pipelineId}"
local STAGES = NAMED .. "/stages"
local STAGE = STAGES .. "/{stageId}"
local READ, WRITE = object_path.read_scopes, object_path.schema_scopes

return {
  { method = "GET", path = BASE, handler = list, scopes = READ },
  { method = "POST", path = BASE, handler = create, scopes = WRITE },
  { method = "GET", path = NAMED, handler = get, scopes = READ },
  { method = "PUT", path = NAMED, handler = replace, scopes = WRITE },
  { method = "PATCH", path = NAMED, handler = update, scopes = WRITE },
  { method = "DELETE", path = NAMED, handler = delete, scopes = WRITE },
  { method = "GET", path = NAMED .. "/audit", handler = auditing(find), scopes = READ },
  { method = "GET", path = STAGE .. "/audit", handler = auditing(find_stage), scopes = READ },
  { method = "GET", path = STAGES, handler = list_stages, scopes = READ },
  { method = "POST", path = STAGES, handler = create_stage, scopes = WRITE },
  { method = "GET", path = STAGE, handler = get_stage, scopes = READ },
  { method = "PUT", path = STAGE, handler = changing_stage(true), scopes = WRITE },
  { method = "PATCH", path = STAGE, handler = changing_stage(false), scopes = WRITE },
  { method = "DELETE", path = STAGE, handler = delete_stage, scopes = WRITE },
}
