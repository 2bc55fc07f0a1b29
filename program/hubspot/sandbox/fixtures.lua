--- Fills a portal with what a test needs, each part as HubSpot's API takes it, but for the ids and the associations of
-- records: `{ owners = { … }, schemas = { … }, properties = { companies = { … } }, pipelines = { deals = { … } },
-- needs = { companies = { names of what a new one must have since 2026-09 } },
-- labels = { { from =, to =, name =, label = }, … },
-- association_limits = { { from =, to =, label = or category =, typeId =, maxToObjectIds = }, … },
-- records = { companies = { { id =, properties =, associations = { contacts = { id, or { id =, labels = } } } } } }`.
--
-- An export of a portal (`hubspot.sandbox.export`) is fixtures, too: its state is the portal's, and the rest is added.
local core = require "hubspot.core"
local export = require "hubspot.sandbox.export"
local object_input = require "hubspot.sandbox.object_input"
local object_path = require "hubspot.sandbox.object_path"
local own_request = require "hubspot.sandbox.own_request"
local problems = require "hubspot.sandbox.problem"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local sequence = require "hubspot.sandbox.sequence"

local fixtures = {}

local PARTS = {
  owners = "table",
  schemas = "table",
  properties = "table",
  needs = "table",
  pipelines = "table",
  labels = "table",
  association_limits = "table",
  records = "table",
}
local PARTS_OF_EXPORT = { sandbox = "number", options = "table", state = "table" }

local function store_of(portal, name) return portal.objects:store(object_path.named(portal, name)) end

local function add_record(store, row)
  local id = read.integer(read.given(row.id))
  if id and store.records[id] then reply.invalid("Two records have the id " .. row.id) end
  local values, problem = object_input.new_values(store, read.given(row.properties) or {})
  if not values then problems.fail(problem) end
  local made = object_input.create(store, { values = values }, id)
  return { type = store.type.id, id = tonumber(made.id) }
end

-- The type of associations that has a name, or is called so.
local function labelled(portal, from_type, to_type, name)
  for _, definition in ipairs(portal.objects.associations.definitions:list(from_type, to_type)) do
    if definition.name == name or definition.label == name then return definition end
  end
  return reply.invalid("There is no label " .. tostring(name) .. " from " .. from_type .. " to " .. to_type)
end

local function limit_association(portal, row)
  local from, to = store_of(portal, row.from).type, store_of(portal, row.to).type
  local category, id = row.category, row.typeId
  if row.label then
    local definition = labelled(portal, from.id, to.id, row.label)
    category, id = definition.category, definition.id
  end
  own_request.send(
    portal,
    "POST",
    ("/crm/associations/2026-09/definitions/configurations/%s/%s/batch/create"):format(from.id, to.id),
    { inputs = core.array { { category = category, typeId = id, maxToObjectIds = row.maxToObjectIds } } }
  )
end

local function link(portal, from, associations)
  for _, name in ipairs(sequence.names(associations)) do
    local store = store_of(portal, name)
    for _, item in ipairs(associations[name]) do
      local given = type(item) == "table" and item or { id = item }
      local record = store:get(tonumber(given.id) or 0)
      if not record then reply.invalid("There is no record " .. tostring(given.id) .. " of type " .. name) end
      local to, definitions = { type = store.type.id, id = record.id }, {}
      for index, label in ipairs(given.labels or {}) do
        definitions[index] = labelled(portal, from.type, to.type, label)
      end
      portal.objects.associations:add(from, to, definitions)
    end
  end
end

-- Sets the properties that the account's form for a new record needs: they bind what comes after the fixtures.
local function set_needs(store, names)
  for _, name in ipairs(names) do
    if not store.definitions[name] then reply.invalid("There is no property " .. tostring(name)) end
  end
  store.form_needs = names
end

local function load_records(portal, records)
  local links = {}
  for _, name in ipairs(sequence.names(records)) do
    local store = store_of(portal, name)
    for _, row in ipairs(records[name]) do
      links[#links + 1] = { from = add_record(store, row), associations = row.associations }
    end
  end
  for _, pending in ipairs(links) do
    link(portal, pending.from, pending.associations)
  end
end

local function load(portal, given)
  if export.is_one(given) then export.read(portal, given) end
  if given.owners then portal.owners:replace(given.owners) end
  for _, schema in ipairs(given.schemas or {}) do
    own_request.send(portal, "POST", "/crm-object-schemas/2026-09/schemas", schema)
  end
  for _, part in ipairs { "properties", "pipelines" } do
    for _, name in ipairs(sequence.names(given[part])) do
      for _, body in ipairs(given[part][name]) do
        own_request.send(portal, "POST", "/crm/" .. part .. "/2026-09/" .. name, body)
      end
    end
  end
  for _, label in ipairs(given.labels or {}) do
    local path = ("/crm/associations/2026-09/%s/%s/labels"):format(tostring(label.from), tostring(label.to))
    own_request.send(portal, "POST", path, label)
  end
  for _, row in ipairs(given.association_limits or {}) do
    limit_association(portal, row)
  end
  load_records(portal, given.records)
  for _, name in ipairs(sequence.names(given.needs)) do
    set_needs(store_of(portal, name), given.needs[name])
  end
end

--- The problem of the option `fixtures` of a portal, or nil.
function fixtures.problem(given)
  for name, value in pairs(given) do
    local expected = PARTS[name] or PARTS_OF_EXPORT[name]
    if not expected then return "unknown part of fixtures: " .. tostring(name) end
    if type(value) ~= expected then return "fixtures." .. name .. " must be a " .. expected end
  end
  return export.is_one(given) and export.problem(given) or nil
end

--- Fills a portal. Throws a text where HubSpot would refuse what is given.
function fixtures.load(portal, given)
  local fine, problem = pcall(load, portal, given)
  if fine then return end
  if type(problem) ~= "table" or not problem.reply then error(problem, 0) end
  local answer = core.decode(problem.reply.body)
  error("hubspot.sandbox: fixtures: " .. tostring(answer and answer.message or problem.reply.status), 0)
end

return fixtures
