--- The pipelines of a portal and their stages, by the type of objects whose records stand in them.
--
-- A pipeline: `{ id =, label =, order =, stages = { { id =, label =, order =, metadata =, created =, updated = }, … },
-- created =, updated = }`. It and its stages have `audits`, the changes of them, the latest first: `{ { action =, at =,
-- label =, order = }, … }`.
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

local function is_before(a, b)
  if a.order ~= b.order then return a.order < b.order end
  return a.id < b.id
end

-- Puts an item where its order says; a taken place moves those after it, and numbers all anew.
local function place(list, item)
  local is_taken = false
  for _, other in ipairs(list) do
    is_taken = is_taken or (other ~= item and other.order == item.order)
  end
  table.sort(list, function(a, b)
    if a.order == b.order and a ~= b and (a == item or b == item) then return a == item end
    return is_before(a, b)
  end)
  if not is_taken then return end
  for index, other in ipairs(list) do
    other.order = index - 1
  end
end

local function note(self, item, action)
  item.audits = item.audits or {}
  table.insert(item.audits, 1, { action = action, at = self.now(), label = item.label, order = item.order })
end

-- Makes the stage that was read.
local function new_stage(self, given, order)
  local now = self.now()
  local stage = {
    id = given.id or self:next_id(),
    label = given.label,
    order = given.order or order,
    metadata = given.metadata,
    created = now,
    updated = now,
  }
  note(self, stage, "CREATE")
  return stage
end

--- Makes a pipeline of what was read.
function methods:add(type, given)
  local list, now = self:all(type), self.now()
  local pipeline = {
    id = given.id or self:next_id(),
    label = given.label,
    order = given.order or #list,
    stages = {},
    created = now,
    updated = now,
  }
  for index, stage in ipairs(given.stages) do
    pipeline.stages[index] = new_stage(self, stage, index - 1)
  end
  table.sort(pipeline.stages, is_before)
  list[#list + 1] = pipeline
  note(self, pipeline, "CREATE")
  place(list, pipeline)
  self:publish(type)
  return pipeline
end

--- Changes a pipeline; its stages are those that are given, where they are: those with an id stay what they are.
function methods:update(type, pipeline, given)
  pipeline.label, pipeline.order = given.label or pipeline.label, given.order or pipeline.order
  pipeline.updated = self.now()
  if given.stages then
    local stages = {}
    for index, stage in ipairs(given.stages) do
      local made = new_stage(self, stage, index - 1)
      local kept = stage.id and find(pipeline.stages, stage.id)
      if kept then
        made.created, made.audits = kept.created, kept.audits
        note(self, made, "UPDATE")
      end
      stages[index] = made
    end
    pipeline.stages = stages
    table.sort(stages, is_before)
  end
  note(self, pipeline, "UPDATE")
  place(self:all(type), pipeline)
  self:publish(type)
end

--- Takes a pipeline of a type away.
function methods:remove(type, pipeline)
  local _, position = find(self:all(type), pipeline.id)
  table.remove(self:all(type), position)
  self:publish(type)
end

--- Adds a stage to a pipeline.
function methods:add_stage(type, pipeline, given)
  local stage = new_stage(self, given, #pipeline.stages)
  table.insert(pipeline.stages, stage)
  place(pipeline.stages, stage)
  self:publish(type)
  return stage
end

--- Changes a stage.
function methods:update_stage(type, pipeline, stage, given)
  stage.label, stage.order = given.label or stage.label, given.order or stage.order
  stage.metadata, stage.updated = given.metadata or stage.metadata, self.now()
  note(self, stage, "UPDATE")
  place(pipeline.stages, stage)
  self:publish(type)
end

--- Takes a stage off its pipeline.
function methods:remove_stage(type, pipeline, stage)
  local _, position = find(pipeline.stages, stage.id)
  table.remove(pipeline.stages, position)
  self:publish(type)
end

--- The ids of the live records that are at this stage, as texts.
function methods:records_at(type, stage_id)
  local store, ids = self.objects:store(type), {}
  if not type.stage then return ids end
  for _, id in ipairs(store.live:all()) do
    if store.records[id].values[type.stage] == stage_id then ids[#ids + 1] = string.format("%d", id) end
  end
  return ids
end

return pipeline_store
