--- The pipelines of a portal and their stages, by the type of objects whose records stand in them.
--
-- A pipeline: `{ id =, label =, order =, stages = { { id =, label =, order =, metadata =, created =, updated = }, … },
-- created =, updated = }`.
local default_pipelines = require "hubspot.sandbox.default_pipelines"

local pipeline_store = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.PipelineStore", __index = methods }

-- Ids that the portal gives.
local FIRST_ID = 143527000

--- The store; `objects` has the types, and their properties' options follow what is stored here.
function pipeline_store.new(now, objects)
  return setmetatable({ now = now, objects = objects, lists = {}, last_id = FIRST_ID }, metatable)
end

local function default_list(name, now)
  local list = {}
  for position, row in ipairs(default_pipelines[name] or {}) do
    local stages = {}
    for index, stage in ipairs(row[3]) do
      stages[index] = {
        id = stage[1],
        label = stage[2],
        order = index - 1,
        metadata = stage[3] or {},
        created = now,
        updated = now,
      }
    end
    list[position] =
      { id = row[1], label = row[2], order = position - 1, stages = stages, created = now, updated = now }
  end
  return list
end

local function set_options(definition, items)
  if not definition then return end
  local options = {}
  for index, item in ipairs(items) do
    options[index] = { label = item.label, value = item.id, displayOrder = index - 1, hidden = false, description = "" }
  end
  definition.options = options
end

--- Makes the options of a type's pipeline and stage properties those of its pipelines.
function methods:publish(type)
  if not type.pipeline then return end
  local definitions, stages = self.objects:store(type).definitions, {}
  for _, pipeline in ipairs(self:all(type)) do
    for _, stage in ipairs(pipeline.stages) do
      stages[#stages + 1] = stage
    end
  end
  set_options(definitions[type.pipeline], self:all(type))
  set_options(definitions[type.stage], stages)
end

--- The pipelines of a type.
function methods:all(type)
  local list = self.lists[type.id]
  if not list then
    list = default_list(type.name, self.now())
    self.lists[type.id] = list
    self:publish(type)
  end
  return list
end

local function find(list, id)
  for index, item in ipairs(list) do
    if item.id == id then return item, index end
  end
  return nil
end

--- The pipeline of a type with this id, and its position.
function methods:get(type, id) return find(self:all(type), id) end

--- The stage of a pipeline with this id, and its position.
function pipeline_store.stage(pipeline, id) return find(pipeline.stages, id) end

--- The first pipeline of a type that has this stage.
function methods:having(type, stage_id)
  for _, pipeline in ipairs(self:all(type)) do
    if find(pipeline.stages, stage_id) then return pipeline end
  end
  return nil
end

--- An id for a pipeline or a stage that was given none.
function methods:next_id()
  self.last_id = self.last_id + 1
  return string.format("%d", self.last_id)
end

return pipeline_store
