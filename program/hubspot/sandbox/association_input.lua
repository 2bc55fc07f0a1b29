--- Reads what requests say of associations: ends, types, and the pairs of a batch.
--
-- A link is `{ from = { type =, id = }, to = { type =, id = }, definitions = { … } }`.
local object_path = require "hubspot.sandbox.object_path"
local problems = require "hubspot.sandbox.problem"
local read = require "hubspot.sandbox.body"

local association_input = {}

local MALFORMED_TYPES = "Invalid input JSON: types need associationCategory and associationTypeId"

--- The two types of objects that a path names.
function association_input.pair(portal, req)
  return {
    from = object_path.type(portal, req, "objectType"),
    to = object_path.type(portal, req, "toObjectType"),
  }
end

--- The live record of a type as an end, or nil and the problem.
function association_input.record_end(portal, type, id)
  local number = read.integer(id)
  local record = number and portal.objects:store(type):get(number)
  if not record then return nil, problems.not_found(id) end
  return { type = type.id, id = record.id }
end

local function definition_of(portal, pair, spec)
  if not read.is_object(spec) then return nil, problems.invalid(MALFORMED_TYPES) end
  local category, id = spec.associationCategory, read.integer(spec.associationTypeId)
  if type(category) ~= "string" or not id then return nil, problems.invalid(MALFORMED_TYPES) end
  local definition = portal.objects.associations.definitions:get(pair.from.id, pair.to.id, category, id)
  if definition then return definition end
  local message = "No association type exists from %s to %s with associationTypeId %.0f and category %s"
  return nil, problems.invalid(message:format(pair.from.name, pair.to.name, id, category))
end

--- The definitions that a list of types names, or nil and the problem.
function association_input.definitions(portal, pair, specs)
  if not read.is_array(specs) or #specs == 0 then return nil, problems.invalid(MALFORMED_TYPES) end
  local definitions = {}
  for index, spec in ipairs(specs) do
    local definition, problem = definition_of(portal, pair, spec)
    if not definition then return nil, problem end
    definitions[index] = definition
  end
  return definitions
end

local function id_of(object) return read.is_object(object) and read.given(object.id) or nil end

--- The link between the records of two ids, or nil and the problem.
function association_input.link(portal, pair, ids)
  local from, problem = association_input.record_end(portal, pair.from, ids.from)
  if not from then return nil, problem end
  local to
  to, problem = association_input.record_end(portal, pair.to, ids.to)
  if not to then return nil, problem end
  return { from = from, to = to, definitions = {} }
end

--- The link of an input of a batch; `with_types` tells that it names types.
function association_input.of_input(portal, pair, input, with_types)
  if not read.is_object(input) then return nil, problems.invalid "Invalid input JSON: every input must be an object" end
  local ids = { from = id_of(input.from), to = id_of(input.to) }
  if not ids.from or not ids.to then
    return nil, problems.invalid "Invalid input JSON: from.id and to.id are required"
  end
  local link, problem = association_input.link(portal, pair, ids)
  if not link or not with_types then return link, problem end
  link.definitions, problem = association_input.definitions(portal, pair, input.types)
  if not link.definitions then return nil, problem end
  return link
end

--- The problem of a read of a record without associations of the type.
function association_input.none_found(pair, id)
  local message = ("No %s is associated with %s %s."):format(pair.to.singular, pair.from.singular, tostring(id))
  return problems.missing_record(message)
end

--- The problem of a link that its records have no room for, nil where they have.
function association_input.limit_problem(portal, link)
  local full = portal.objects.associations:full_end(link.from, link.to, link.definitions)
  return full and problems.too_many_associations(full)
end

return association_input
