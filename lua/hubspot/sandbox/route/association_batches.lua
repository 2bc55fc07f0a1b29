--- Many associations between two types of objects: `/crm/associations/{D}/{objectType}/{toObjectType}/batch/…`
local association_input = require "hubspot.sandbox.association_input"
local association_shown = require "hubspot.sandbox.association_shown"
local batch_reply = require "hubspot.sandbox.batch_reply"
local core = require "hubspot.core"
local object_path = require "hubspot.sandbox.object_path"
local problems = require "hubspot.sandbox.problem"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local array = core.array

local LARGEST_READ, LARGEST_CREATE, LARGEST_ARCHIVE = 1000, 2000, 100
local PAGE = 500

local function id_text(object)
  local id = read.is_object(object) and read.given(object.id)
  return tostring(id or "")
end

local function input_error(problem, input)
  local context = {}
  if read.is_object(input) then
    context.fromObjectId, context.toObjectId = array { id_text(input.from) }, array { id_text(input.to) }
  end
  return batch_reply.error(problem, context)
end

-- Each input by itself: `apply(link)` gives its result.
local function each_link(portal, inputs, options, apply)
  local results, errors = {}, {}
  for _, input in ipairs(inputs) do
    local link, problem = association_input.of_input(portal, options.pair, input, options.with_types)
    problem = problem or (options.adds and association_input.limit_problem(portal, link))
    if problem then
      errors[#errors + 1] = input_error(problem, input)
    else
      results[#results + 1] = apply(link)
    end
  end
  return results, errors
end

local function create(portal, req)
  local pair, associations = association_input.pair(portal, req), portal.objects.associations
  local inputs = read.inputs(request.object(req), LARGEST_CREATE)
  local options = { pair = pair, with_types = true, adds = true }
  local results, errors = each_link(portal, inputs, options, function(link)
    associations:add(link.from, link.to, link.definitions)
    return association_shown.pair(link, req.params.D)
  end)
  return batch_reply.json(portal, 201, results, errors)
end

local function create_default(portal, req)
  local pair, associations = association_input.pair(portal, req), portal.objects.associations
  local definition = associations.definitions:default(pair.from.id, pair.to.id)
  local inputs = read.inputs(request.object(req), LARGEST_CREATE)
  local results, errors = each_link(portal, inputs, { pair = pair, adds = true }, function(link)
    associations:add(link.from, link.to, {})
    return association_shown.default(link, definition)
  end)
  return batch_reply.envelope(portal, 200, results, errors)
end

-- A record without associations of the type is told among the errors, as one that does not exist is.
local function none_found(pair, id)
  local message = "No %s is associated with %s %s."
  return batch_reply.error({
    message = message:format(pair.to.singular, pair.from.singular, id),
    fields = { category = "OBJECT_NOT_FOUND" },
  }, { fromObjectId = array { id } })
end

local function read_one(portal, req, pair, input)
  local from, problem = association_input.record_end(portal, pair.from, input.id)
  if not from then return nil, batch_reply.error(problem, { fromObjectId = array { tostring(input.id) } }) end
  local results, paging = association_shown.page(portal, from, pair.to.id, {
    after = read.integer(read.given(input.after)),
    limit = PAGE,
    version = req.params.D,
  })
  if #results == 0 then return nil, none_found(pair, tostring(input.id)) end
  return { from = { id = tostring(input.id) }, to = results, paging = paging }
end

local function batch_read(portal, req)
  local pair, results, errors = association_input.pair(portal, req), {}, {}
  for _, input in ipairs(read.inputs(request.object(req), LARGEST_READ)) do
    if not read.is_object(input) then reply.invalid "Invalid input JSON: every input must be an object" end
    local result, problem = read_one(portal, req, pair, input)
    results[#results + 1] = result
    errors[#errors + 1] = problem
  end
  return batch_reply.json(portal, 200, results, errors)
end

-- v4 answers nothing where the dates tell what was done.
local function archived(portal, req)
  if req.params.D == "v4" then return reply.empty(204) end
  return batch_reply.json(portal, 200, {})
end

-- A missing association needs no archiving.
local function archive(portal, req)
  local pair = association_input.pair(portal, req)
  for _, input in ipairs(read.inputs(request.object(req), LARGEST_ARCHIVE)) do
    if not read.is_object(input) then reply.invalid "Invalid input JSON: every input must be an object" end
    for _, to in ipairs(read.list(input, "to")) do
      local link = association_input.of_input(portal, pair, { from = input.from, to = to })
      if link then portal.objects.associations:remove(link.from, link.to) end
    end
  end
  return archived(portal, req)
end

local function archive_labels(portal, req)
  local pair, links = association_input.pair(portal, req), {}
  for _, input in ipairs(read.inputs(request.object(req), LARGEST_ARCHIVE)) do
    local link, problem = association_input.of_input(portal, pair, input, true)
    if problem and problem.status == 400 then problems.fail(problem) end
    links[#links + 1] = link
  end
  for _, link in ipairs(links) do
    for _, definition in ipairs(link.definitions) do
      portal.objects.associations:remove_type(link.from, link.to, definition)
    end
  end
  return archived(portal, req)
end

local BASE = "/crm/associations/{D}/{objectType}/{toObjectType}/batch"
local READ, WRITE = object_path.read_scopes, object_path.write_scopes

local routes = {
  { method = "POST", path = BASE .. "/read", handler = batch_read, scopes = READ },
  { method = "POST", path = BASE .. "/create", handler = create, scopes = WRITE },
  { method = "POST", path = BASE .. "/associate/default", handler = create_default, scopes = WRITE },
  { method = "POST", path = BASE .. "/archive", handler = archive, scopes = WRITE },
  { method = "POST", path = BASE .. "/labels/archive", handler = archive_labels, scopes = WRITE },
}
for _, route in ipairs(routes) do
  route.in_v4, route.only_dated, route.is_exempt = true, true, true
end

return routes
