--- Many associations between two types of objects: `/crm/associations/{D}/{objectType}/{toObjectType}/batch/…`
local association_batch = require "hubspot.sandbox.association_batch"
local association_input = require "hubspot.sandbox.association_input"
local association_shown = require "hubspot.sandbox.association_shown"
local batch_reply = require "hubspot.sandbox.batch_reply"
local object_path = require "hubspot.sandbox.object_path"
local problems = require "hubspot.sandbox.problem"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local LARGEST_READ, LARGEST_CREATE, LARGEST_ARCHIVE = 1000, 2000, 100
local PAGE = 500

-- Links each input; `shown(link)` is its result.
local function link_each(portal, inputs, options, shown)
  return association_batch.each(inputs, function(input)
    local link, problem = association_input.of_input(portal, options.pair, input, options.with_types)
    problem = problem or association_input.limit_problem(portal, link)
    if problem then return nil, problem end
    portal.objects.associations:add(link.from, link.to, link.definitions)
    return shown(link)
  end)
end

local function create(portal, req)
  local options = { pair = association_input.pair(portal, req), with_types = true }
  local inputs = read.inputs(request.object(req), LARGEST_CREATE)
  local results, errors = link_each(
    portal,
    inputs,
    options,
    function(link) return association_shown.pair(link, req.params.D) end
  )
  return batch_reply.json(portal, 201, results, errors)
end

local function create_default(portal, req)
  local pair = association_input.pair(portal, req)
  local definition = portal.objects.associations.definitions:default(pair.from.id, pair.to.id)
  local inputs = read.inputs(request.object(req), LARGEST_CREATE)
  local results, errors = link_each(
    portal,
    inputs,
    { pair = pair },
    function(link) return association_shown.default(link, definition) end
  )
  return batch_reply.envelope(portal, 200, results, errors)
end

local function batch_read(portal, req)
  local pair = association_input.pair(portal, req)
  local inputs = read.object_inputs(request.object(req), LARGEST_READ)
  local results, errors = association_batch.each(inputs, function(input)
    local from, problem = association_input.record_end(portal, pair.from, input.id)
    if not from then return nil, problem end
    local page, paging = association_shown.page(portal, from, pair.to.id, {
      after = read.integer(read.given(input.after)),
      limit = PAGE,
      version = req.params.D,
    })
    if #page == 0 then return nil, association_input.none_found(pair, input.id) end
    return { from = { id = tostring(input.id) }, to = page, paging = paging }
  end)
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
  for _, input in ipairs(read.object_inputs(request.object(req), LARGEST_ARCHIVE)) do
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
