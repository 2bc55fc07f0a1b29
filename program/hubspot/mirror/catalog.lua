--- Owners, pipelines, and the definitions of properties: HubSpot does not tell what changed of them, so they are read
-- whole, and what differs is written.
-- @module hubspot.mirror.catalog

local failure = require "hubspot.mirror.failure"
local must = failure.must
local replace = require "hubspot.mirror.replace"
local value = require "hubspot.mirror.value"

local catalog = {}

local moment, text_of = value.moment, value.text

local function flag(given) return given and "true" or "false" end

local function whole_number(given) return type(given) == "number" and given % 1 == 0 and ("%.0f"):format(given) or nil end

local function of_object(database, object) return "object = " .. database:literal(object) end

-- Properties ---------------------------------------------------------------------------------------------------------

local function options_of(object, definition, rows)
  for index, option in ipairs(definition.options or {}) do
    local name = text_of(option.value)
    if name then
      rows[#rows + 1] = {
        object,
        definition.name,
        name,
        text_of(option.label),
        whole_number(option.displayOrder) or ("%d"):format(index - 1),
        flag(option.hidden),
      }
    end
  end
end

--- Writes the definitions of a type's properties, and their options.
-- @tparam table run
-- @tparam string object
-- @tparam table definitions
function catalog.properties(run, object, definitions)
  local rows, options = {}, {}
  for index, definition in ipairs(definitions) do
    rows[index] = {
      object,
      definition.name,
      text_of(definition.label),
      text_of(definition.type),
      text_of(definition.fieldType),
      text_of(definition.groupName),
      text_of(definition.description),
      flag(definition.calculated),
    }
    options_of(object, definition, options)
  end
  local condition = of_object(run.database, object)
  replace.all(run.database, "properties", condition, rows)
  replace.all(run.database, "property_options", condition, options)
end

-- Owners -------------------------------------------------------------------------------------------------------------

local function add_owners(run, rows, archived)
  for owner in run.client.owners:all { archived = archived } do
    rows[#rows + 1] = {
      owner.id,
      text_of(owner.email),
      text_of(owner.firstName),
      text_of(owner.lastName),
      owner.userId or owner.userIdIncludingInactive,
      flag(archived),
      moment(owner.createdAt),
      moment(owner.updatedAt),
    }
  end
end

--- Writes the owners, deactivated ones too. An account without any has never had one: then nothing is deleted.
function catalog.owners(run)
  local rows = {}
  add_owners(run, rows, false)
  add_owners(run, rows, true)
  if #rows > 0 then replace.all(run.database, "owners", nil, rows) end
end

-- Pipelines ----------------------------------------------------------------------------------------------------------

--- Writes the pipelines of a type, and their stages.
function catalog.pipelines(run, object)
  local pipelines, stages = {}, {}
  for index, pipeline in ipairs(must(run.client.pipelines:all(object))) do
    pipelines[index] = {
      object,
      text_of(pipeline.id),
      text_of(pipeline.label),
      whole_number(pipeline.displayOrder),
      flag(pipeline.archived),
    }
    for _, stage in ipairs(pipeline.stages or {}) do
      stages[#stages + 1] = {
        object,
        text_of(pipeline.id),
        text_of(stage.id),
        text_of(stage.label),
        whole_number(stage.displayOrder),
        value.json(stage.metadata),
      }
    end
  end
  if #pipelines == 0 then return end
  local condition = of_object(run.database, object)
  replace.all(run.database, "pipelines", condition, pipelines)
  replace.all(run.database, "stages", condition, stages)
end

return catalog
