--- The associations that a new record is made with.
local problems = require "hubspot.sandbox.problem"
local read = require "hubspot.sandbox.body"

local object_links = {}

local MALFORMED = "Invalid input JSON: an association needs to.id and types, each with associationCategory and "
  .. "associationTypeId"

-- The definition that a type of an association names, and the record with that id at its other end.
local function resolve(store, spec, id)
  local category, type_id = spec.associationCategory, read.integer(spec.associationTypeId)
  if type(category) ~= "string" or not type_id then return nil, nil, problems.invalid(MALFORMED) end
  local found = store.objects.associations.definitions:leading(store.type.id, category, type_id)
  for _, definition in ipairs(found) do
    local record = store.objects:store(store.objects:by_id(definition.to)):get(id)
    if record then return definition, record end
  end
  if #found == 0 then
    local message = "No association type exists from %s with associationTypeId %d and category %s"
    return nil, nil, problems.invalid(message:format(store.type.name, type_id, category))
  end
  return nil, nil, problems.invalid(string.format("The object with id %d to associate does not exist", id))
end

local function read_one(store, association)
  local to = read.is_object(association) and association.to
  local id = read.is_object(to) and read.integer(to.id)
  if not id or not read.is_array(association.types) or #association.types == 0 then
    return nil, problems.invalid(MALFORMED)
  end
  local link = { definitions = {} }
  for index, spec in ipairs(association.types) do
    if not read.is_object(spec) then return nil, problems.invalid(MALFORMED) end
    local definition, record, problem = resolve(store, spec, id)
    if not definition then return nil, problem end
    link.definitions[index], link.to = definition, { type = definition.to, id = record.id }
  end
  return link
end

local function leads_to_any(links, types)
  for _, link in ipairs(links) do
    for _, type_id in ipairs(types) do
      if link.to.type == type_id then return true end
    end
  end
  return false
end

-- The problem of links of a record to be made that are too many for it, or for the record at their other end.
local function crowd_problem(store, links)
  local associations, from, counts = store.objects.associations, { type = store.type.id, id = 0 }, {}
  for _, link in ipairs(links) do
    local type_id = link.to.type
    counts[type_id] = (counts[type_id] or 0) + 1
    local full = associations:full_end(from, link.to, link.definitions)
    local limit = associations:limit(from.type, type_id)
    if counts[type_id] > limit then full = { from = from, to_type = type_id, limit = limit } end
    if full then return problems.too_many_associations(full) end
  end
  return nil
end

--- Reads the member `associations`: a list of `{ to = { type =, id = }, definitions = }`, or nil and the problem.
function object_links.read(store, associations)
  associations = read.given(associations) or {}
  if not read.is_array(associations) then
    return nil, problems.invalid "Invalid input JSON: associations must be an array"
  end
  local links = {}
  for index, association in ipairs(associations) do
    local link, problem = read_one(store, association)
    if not link then return nil, problem end
    links[index] = link
  end
  local problem = crowd_problem(store, links)
  if problem then return nil, problem end
  local needed = store.type.linked_to
  if needed and not leads_to_any(links, needed) then
    return nil, problems.invalid("A " .. store.type.singular .. " must be associated with a contact or a company")
  end
  return links
end

-- The activities that can be pinned.
local ACTIVITIES = { "notes", "calls", "emails", "meetings", "tasks" }

--- The problem of values that pin an activity of which `leads_to(to)` is not true, or nil.
function object_links.pin_problem(store, values, leads_to)
  local id = read.integer(values.hs_pinned_engagement_id)
  if not id then return nil end
  for _, name in ipairs(ACTIVITIES) do
    if leads_to { type = store.objects:get(name).id, id = id } then return nil end
  end
  return problems.invalid(string.format("The activity %d to pin is not associated with the record", id))
end

--- Links a record.
function object_links.add(store, record, links)
  for _, link in ipairs(links) do
    store.objects.associations:add({ type = store.type.id, id = record.id }, link.to, link.definitions)
  end
end

return object_links
