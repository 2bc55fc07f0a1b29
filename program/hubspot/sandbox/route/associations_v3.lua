--- Associations as v3 has them, by the names of their types: `/crm/v3/associations/{objectType}/{toObjectType}/…`,
-- `/crm/v3/objects/{objectType}/{objectId}/associations/…`
local associated = require "hubspot.sandbox.associated"
local association_batch = require "hubspot.sandbox.association_batch"
local association_input = require "hubspot.sandbox.association_input"
local batch_reply = require "hubspot.sandbox.batch_reply"
local core = require "hubspot.core"
local object_path = require "hubspot.sandbox.object_path"
local object_record = require "hubspot.sandbox.object_record"
local problems = require "hubspot.sandbox.problem"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local array = core.array

local LARGEST_READ, LARGEST_WRITE = 1000, 2000

-- A type is called by its name or by its id.
local function definition_of(portal, pair, name)
  for _, definition in ipairs(portal.objects.associations.definitions:list(pair.from.id, pair.to.id)) do
    if name == associated.type_name(portal.objects, definition) or name == string.format("%d", definition.id) then
      return definition
    end
  end
  return nil, problems.invalid("Invalid association type: " .. tostring(name))
end

local function read_link(portal, pair, input)
  local link, problem = association_input.of_input(portal, pair, input)
  if not link then return nil, problem end
  link.definitions[1], problem = definition_of(portal, pair, input.type)
  if problem then return nil, problem end
  return link
end

-- Many ----------------------------------------------------------------------------------------------------------

local function types(portal, req)
  local pair = association_input.pair(portal, req)
  return reply.results(
    portal.objects.associations.definitions:list(pair.from.id, pair.to.id),
    function(definition)
      return { id = string.format("%d", definition.id), name = associated.type_name(portal.objects, definition) }
    end
  )
end

local function create(portal, req)
  local pair = association_input.pair(portal, req)
  local inputs = read.inputs(request.object(req), LARGEST_WRITE)
  local results, errors = association_batch.each(inputs, function(input)
    local link, problem = read_link(portal, pair, input)
    problem = problem or association_input.limit_problem(portal, link)
    if problem then return nil, problem end
    portal.objects.associations:add(link.from, link.to, link.definitions)
    return {
      from = { id = tostring(input.from.id) },
      to = { id = tostring(input.to.id) },
      type = associated.type_name(portal.objects, link.definitions[1]),
    }
  end)
  return batch_reply.json(portal, 201, results, errors)
end

-- It cuts long lists, and does not know `after`.
local function batch_read(portal, req)
  local pair = association_input.pair(portal, req)
  local inputs = read.inputs(request.object(req), LARGEST_READ)
  local results, errors = association_batch.each(inputs, function(input)
    local from, problem = association_input.record_end(portal, pair.from, read.is_object(input) and input.id)
    if not from then return nil, problem end
    local rows, last = associated.rows(portal.objects, from, pair.to)
    if #rows == 0 then return nil, association_input.none_found(pair, input.id) end
    local next_page = last and { next = { after = string.format("%d", last) } } or nil
    return { from = { id = tostring(input.id) }, to = array(rows), paging = next_page }
  end)
  return batch_reply.json(portal, 200, results, errors)
end

local function archive(portal, req)
  local pair = association_input.pair(portal, req)
  for _, input in ipairs(read.inputs(request.object(req), LARGEST_WRITE)) do
    local link = read_link(portal, pair, input)
    if link then portal.objects.associations:remove_type(link.from, link.to, link.definitions[1]) end
  end
  return reply.empty(204)
end

-- One record ----------------------------------------------------------------------------------------------------

local function list(portal, req)
  local pair = association_input.pair(portal, req)
  local from, problem = association_input.record_end(portal, pair.from, req.params.objectId)
  if not from then problems.fail(problem) end
  local rows, last = associated.rows(portal.objects, from, pair.to, request.integer(req, "after"))
  local body = { results = array(rows) }
  if last then body.paging = { next = { after = string.format("%d", last) } } end
  return reply.json(200, body)
end

local function link_of(portal, req)
  local pair, params = association_input.pair(portal, req), req.params
  local link, problem = read_link(portal, pair, {
    from = { id = params.objectId },
    to = { id = params.toObjectId },
    type = params.associationType,
  })
  if not link then problems.fail(problem) end
  return link, pair
end

local function put(portal, req)
  local link, pair = link_of(portal, req)
  local problem = association_input.limit_problem(portal, link)
  if problem then problems.fail(problem) end
  portal.objects.associations:add(link.from, link.to, link.definitions)
  local store = portal.objects:store(pair.from)
  return reply.json(200, object_record.dated(store, store:get(link.from.id), { associations = { pair.to.name } }))
end

local function delete(portal, req)
  local link = link_of(portal, req)
  portal.objects.associations:remove_type(link.from, link.to, link.definitions[1])
  return reply.empty(204)
end

local PAIR = "/crm/associations/v3/{objectType}/{toObjectType}"
local RECORD = "/crm/objects/v3/{objectType}/{objectId}/associations/{toObjectType}"
local LINK = RECORD .. "/{toObjectId}/{associationType}"
local READ, WRITE = object_path.read_scopes, object_path.write_scopes

return {
  { method = "GET", path = PAIR .. "/types", handler = types, scopes = READ, is_exempt = true },
  { method = "POST", path = PAIR .. "/batch/create", handler = create, scopes = WRITE, is_exempt = true },
  { method = "POST", path = PAIR .. "/batch/read", handler = batch_read, scopes = READ, is_exempt = true },
  { method = "POST", path = PAIR .. "/batch/archive", handler = archive, scopes = WRITE, is_exempt = true },
  { method = "GET", path = RECORD, handler = list, scopes = READ },
  { method = "PUT", path = LINK, handler = put, scopes = WRITE },
  { method = "DELETE", path = LINK, handler = delete, scopes = WRITE },
}
