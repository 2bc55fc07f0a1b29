--- Labels in place of internal values, as HubSpot shows them: of options, of pipelines and their stages, and the
-- addresses of owners.
-- @module hubspot.command.export.labels

local fail = require "hubspot.command.fail"

local labels = {}

local OF_PIPELINES = { pipeline = true, hs_pipeline = true }
local OF_STAGES = { dealstage = true, hs_pipeline_stage = true }

local function check(value, err)
  if not value then fail.hubspot(err) end
  return value
end

local function options_of(property)
  local map = {}
  for _, option in ipairs(property.options or {}) do
    map[option.value] = option.label
  end
  return map
end

local function pipelines_of(client, object)
  local pipelines, stages = {}, {}
  for _, pipeline in ipairs(check(client.pipelines:all(object))) do
    pipelines[pipeline.id] = pipeline.label
    for _, stage in ipairs(pipeline.stages) do
      stages[stage.id] = stage.label
    end
  end
  return pipelines, stages
end

local function owners_of(client)
  local map, owners = {}, client.owners:all()
  local owner, err = owners:next()
  while owner do
    map[owner.id] = owner.email
    owner, err = owners:next()
  end
  if err then fail.hubspot(err) end
  return map
end

--- Returns whether the values of a property are owners.
-- @tparam table property its definition
-- @treturn boolean
function labels.are_owners(property)
  return property.referencedObjectType == "OWNER" or property.name == "hubspot_owner_id"
end

-- Makes the maps of an account, each when a property first needs it.
local function sources(client, object)
  local owners, pipelines, stages
  return {
    owners = function()
      owners = owners or owners_of(client)
      return owners
    end,
    pipelines = function()
      if not pipelines then
        pipelines, stages = pipelines_of(client, object)
      end
      return pipelines, stages
    end,
  }
end

local function map_for(property, maps)
  if labels.are_owners(property) then return maps.owners() end
  if OF_PIPELINES[property.name] then return (maps.pipelines()) end
  if OF_STAGES[property.name] then return (select(2, maps.pipelines())) end
  return property.type == "enumeration" and options_of(property) or nil
end

--- Reads the labels of a type's properties.
-- @tparam table client
-- @tparam string object the type
-- @tparam table names of the properties
-- @treturn table by property the labels by value, of those that have any
function labels.read(client, object, names)
  local wanted, by_property = {}, {}
  for _, name in ipairs(names) do
    wanted[name] = true
  end
  local maps = sources(client, object)
  for _, property in ipairs(check(client.properties:all { object_type = object })) do
    local map = wanted[property.name] and map_for(property, maps)
    if map and next(map) then by_property[property.name] = map end
  end
  return by_property
end

--- The labels of a value, which may be several joined by semicolons. One without a label stays.
-- @tparam table map
-- @tparam string value
-- @treturn string
function labels.of(map, value)
  if map[value] or not value:find(";", 1, true) then return map[value] or value end
  return (value:gsub("[^;]+", map))
end

return labels
