--- Reads records as the date versions take them: ids, properties, and the problems with them.
--
-- A problem is `{ status =, message =, fields = }`, so that a batch can tell its inputs' problems one by one.
local object_links = require "hubspot.sandbox.object_links"
local object_record = require "hubspot.sandbox.object_record"
local pipeline_store = require "hubspot.sandbox.pipeline_store"
local problems = require "hubspot.sandbox.problem"
local properties = require "hubspot.sandbox.properties"
local property_rules = require "hubspot.sandbox.property_rules"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local sensitivity = require "hubspot.sandbox.sensitivity"

local object_input = {}

-- Finding -------------------------------------------------------------------------------------------------------

--- The unique property that a request names, nil where it is by id. Answers 400 where it is not unique.
function object_input.id_property(store, name)
  name = read.given(name)
  if name == nil then return nil end
  if type(name) ~= "string" or not store:is_unique(name) then
    reply.invalid("Invalid idProperty: " .. tostring(name) .. " is not a unique property of " .. store.type.name)
  end
  return name
end

local function as_id(text)
  text = tostring(text)
  return text:match "^%d+$" and tonumber(text)
end

--- The live record with an id, the survivor of a merged one, or the record with a value of a unique property.
function object_input.find(store, key, id_property)
  if id_property then return store:find_by(id_property, tostring(key)) end
  local id = as_id(key)
  return id and store:get(id)
end

--- The same, without those that were merged into others, whose ids a batch of updates does not know.
function object_input.find_unmerged(store, key, id_property)
  local record = object_input.find(store, key, id_property)
  if record and not id_property and record.id ~= as_id(key) then return nil end
  return record
end

--- The archived record with an id.
function object_input.find_archived(store, key, id_property)
  local id = not id_property and as_id(key)
  return id and store:find_archived(id)
end

-- Values --------------------------------------------------------------------------------------------------------

local function check_unique(store, values, record)
  for name, value in pairs(values) do
    local owner = value ~= "" and store:is_unique(name) and store:find_by(name, value)
    if owner and owner ~= record then return problems.conflict(store.type, owner) end
  end
  return nil
end

-- A stage must be one of the pipeline; without a pipeline, that of the stage is taken.
local function check_stage(store, values, record)
  local type, pipelines = store.type, store.pipelines
  if not type.pipeline then return nil end
  local kept = record and record.values or {}
  local stage = values[type.stage] or kept[type.stage] or ""
  local named = values[type.pipeline] or kept[type.pipeline] or ""
  if stage == "" then return nil end
  local pipeline = named ~= "" and pipelines:get(type, named)
  if pipeline and pipeline_store.stage(pipeline, stage) then return nil end
  local owner = pipelines:having(type, stage)
  if named == "" and owner then
    values[type.pipeline] = owner.id
    return nil
  end
  local known = {}
  for index, item in ipairs(pipeline and pipeline.stages or {}) do
    known[index] = item.id
  end
  return problems.invalid_values {
    {
      isValid = false,
      message = stage .. " was not one of the allowed options: [" .. table.concat(known, ", ") .. "]",
      error = "INVALID_OPTION",
      name = type.stage,
    },
  }
end

local function check_pin(store, values, record)
  return object_links.pin_problem(
    store,
    values,
    function(to) return #store.objects.associations:types({ type = store.type.id, id = record.id }, to) > 0 end
  )
end

--- The values to store for an object of properties, or nil and the problem. `options`: `record`, the one to change, and
-- `version`, that of the API.
function object_input.values(store, changes, options)
  local record = options.record
  if not read.is_object(changes) then
    return nil, problems.invalid "Invalid input JSON: properties must be an object"
  end
  if store.type.pipeline then store.pipelines:all(store.type) end
  local values, results = properties.check(store.definitions, changes)
  if not values then return nil, problems.invalid_values(results) end
  local missing = sensitivity.missing_to_write(store, values)
  if #missing > 0 then return nil, problems.missing_scopes(missing) end
  local problem = property_rules.problem(store, values, options.version)
    or record and check_pin(store, values, record)
    or check_unique(store, values, record)
    or check_stage(store, values, record)
  if problem then return nil, problem end
  return values
end

local function is_given(values, name) return (values[name] or "") ~= "" end

local function is_any_given(values, names)
  for _, name in ipairs(names) do
    if is_given(values, name) then return true end
  end
  return false
end

local function missing_names(required_names, values)
  local missing = {}
  for _, required in ipairs(required_names) do
    local names = type(required) == "table" and required or { required }
    if not is_any_given(values, names) then missing[#missing + 1] = table.concat(names, " or ") end
  end
  return missing
end

--- The same for a record that is to be made.
function object_input.new_values(store, changes, version)
  local values, problem = object_input.values(store, changes, { version = version })
  if not values then return nil, problem end
  local missing = missing_names(store.type.required, values)
  if #missing > 0 and store.type.name == "contacts" then
    return nil, problems.invalid "At least one of email, firstname and lastname is required to create a contact"
  end
  if #missing == 0 then missing = property_rules.missing(store, values, version) end
  if #missing > 0 then return nil, problems.missing(store.type, missing) end
  return values
end

-- Writing -------------------------------------------------------------------------------------------------------

-- With the record's id, which is always shown: a record of no names would be one of the default ones.
local function names_of(values)
  local names = { "hs_object_id" }
  for name in pairs(values) do
    names[#names + 1] = name
  end
  return names
end

local function leads_to(links, to)
  for _, link in ipairs(links) do
    if link.to.type == to.type and link.to.id == to.id then return true end
  end
  return false
end

--- Plans a record to be made: its values and its links; or nil and the problem.
function object_input.plan(store, input, version)
  local values, problem = object_input.new_values(store, input.properties, version)
  if not values then return nil, problem end
  local links
  links, problem = object_links.read(store, input.associations)
  problem = problem or object_links.pin_problem(store, values, function(to) return leads_to(links, to) end)
  if problem then return nil, problem end
  return { values = values, links = links }
end

--- Makes a record of a plan. Gives it as answers show it, without empty properties.
function object_input.create(store, plan, id)
  local record = store:create(plan.values, nil, id)
  object_links.add(store, record, plan.links or {})
  local names = names_of(plan.values)
  for name in pairs(store.type.initial or {}) do
    names[#names + 1] = name
  end
  return object_record.dated(store, record, { properties = names, without_nulls = true })
end

--- Writes checked values. Gives the record with these and the calculated ones.
function object_input.update(store, record, values)
  store:update(record, values)
  return object_record.dated(store, record, { properties = names_of(values) })
end

return object_input
