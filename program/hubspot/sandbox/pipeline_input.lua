--- Reads pipelines and stages: their labels, ids, places and metadata.
local decimal = require "hubspot.sandbox.decimal"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"

local pipeline_input = {}

local LONGEST_PIPELINE_ID, LONGEST_STAGE_ID = 36, 100
local MOST_STAGES = { deals = 100, tickets = 100, custom = 100 }
local MOST_STAGES_OF_OTHERS = 30

-- HubSpot fails where an id is too long.
local function read_id(body, name, longest)
  local id = read.text(body, name)
  if id and #id > longest then reply.fail(500, "internal error", { category = "INTERNAL_ERROR" }) end
  return id
end

local function read_order(body)
  local order = read.given(body.displayOrder)
  if order == nil then return nil end
  if type(order) ~= "number" or order % 1 ~= 0 or order < 0 then reply.invalid "displayOrder must not be negative" end
  return order
end

local function state_reader(name)
  return function(metadata)
    local state = metadata[name]
    if state ~= "OPEN" and state ~= "CLOSED" then reply.invalid(name .. " must be OPEN or CLOSED") end
    return { [name] = state, isClosed = tostring(state == "CLOSED") }
  end
end

local metadata_readers = { tickets = state_reader "ticketState", custom = state_reader "state" }

function metadata_readers.deals(metadata)
  local given = metadata.probability
  local probability = type(given) == "number" and given or type(given) == "string" and decimal.parse(given)
  if not probability or probability < 0 or probability > 1 then reply.invalid "probability must be from 0 to 1" end
  local text = decimal.text(probability)
  if not text:find(".", 1, true) then text = text .. ".0" end
  return { probability = text, isClosed = tostring(probability == 0 or probability == 1) }
end

local function kind_of(type) return type.fully_qualified_name and "custom" or type.name end

-- The metadata that a type keeps; it drops what it doesn't know.
local function read_metadata(type, metadata)
  local reader = metadata_readers[kind_of(type)]
  return reader and reader(metadata) or {}
end

--- Reads a stage of a body: `id`, `label`, `order`, `metadata` (as kept) and `echo` (as sent), each nil where it is
-- not given. `kept` is the stage that it changes.
function pipeline_input.stage(type, body, kept)
  if not read.is_object(body) then reply.invalid "Invalid input JSON: a stage must be an object" end
  local stage = {
    id = read_id(body, "stageId", LONGEST_STAGE_ID) or read.text(body, "id"),
    label = read.text(body, "label"),
    order = read_order(body),
  }
  local given = read.given(body.metadata)
  if given ~= nil and not read.is_object(given) then reply.invalid "Invalid input JSON: metadata must be an object" end
  if not kept and not stage.label then reply.invalid "A stage needs a label" end
  if given == nil and kept then return stage end
  local merged = {}
  for _, values in ipairs { kept and kept.metadata or {}, given or {} } do
    for name, value in pairs(values) do
      merged[name] = value
    end
  end
  stage.metadata, stage.echo = read_metadata(type, merged), {}
  for name, value in pairs(given or {}) do
    stage.echo[name] = tostring(value)
  end
  return stage
end

local function check_stage_labels(stages)
  local seen, ids = {}, {}
  for _, stage in ipairs(stages) do
    local label = stage.label:lower()
    if seen[label] then reply.invalid("The stage label " .. stage.label .. " is there twice") end
    if stage.id and ids[stage.id] then reply.invalid("The stage id " .. stage.id .. " is there twice") end
    seen[label] = true
    if stage.id then ids[stage.id] = true end
  end
end

local function is_closed(stage) return stage.metadata.ticketState == "CLOSED" end

--- Answers 400 where stages can't be those of one pipeline.
function pipeline_input.check_stages(type, stages)
  local most = MOST_STAGES[kind_of(type)] or MOST_STAGES_OF_OTHERS
  if #stages == 0 or #stages > most then reply.invalid("A pipeline must have from 1 to " .. most .. " stages") end
  check_stage_labels(stages)
  if type.name ~= "tickets" then return end
  for _, stage in ipairs(stages) do
    if is_closed(stage) then return end
  end
  reply.invalid("A pipeline of tickets needs a closed stage", { subCategory = "PipelineError.MISSING_CLOSED_STAGE" })
end

--- Reads a pipeline of a body: `id`, `label`, `order`, and `stages`, nil where they are not given.
function pipeline_input.pipeline(type, body)
  local stages
  if read.given(body.stages) ~= nil then
    stages = {}
    for index, item in ipairs(read.list(body, "stages")) do
      stages[index] = pipeline_input.stage(type, item)
    end
    pipeline_input.check_stages(type, stages)
  end
  return {
    id = read_id(body, "pipelineId", LONGEST_PIPELINE_ID),
    label = read.text(body, "label"),
    order = read_order(body),
    stages = stages,
  }
end

return pipeline_input
