--- The associations of one record: `/crm/objects/{D}/{objectType}/{objectId}/associations/…`
local association_input = require "hubspot.sandbox.association_input"
local association_shown = require "hubspot.sandbox.association_shown"
local batch_reply = require "hubspot.sandbox.batch_reply"
local object_path = require "hubspot.sandbox.object_path"
local problems = require "hubspot.sandbox.problem"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local LARGEST_PAGE = 500

local function list(portal, req)
  local pair = association_input.pair(portal, req)
  local from, problem = association_input.record_end(portal, pair.from, req.params.objectId)
  if not from then problems.fail(problem) end
  local limit = request.integer(req, "limit") or LARGEST_PAGE
  if limit < 1 or limit > LARGEST_PAGE then reply.invalid("limit must be between 1 and " .. LARGEST_PAGE) end
  local results, paging = association_shown.page(portal, from, pair.to.id, {
    after = request.integer(req, "after"),
    limit = limit,
    version = req.params.D,
  })
  return reply.json(200, { results = results, paging = paging })
end

local function link_of(portal, req)
  local pair = association_input.pair(portal, req)
  local ids = { from = req.params.objectId, to = req.params.toObjectId }
  local link, problem = association_input.link(portal, pair, ids)
  if not link then problems.fail(problem) end
  return link, pair
end

local function check_room(portal, link)
  local problem = association_input.limit_problem(portal, link)
  if problem then problems.fail(problem) end
end

local function link_by_default(portal, req)
  local link = link_of(portal, req)
  check_room(portal, link)
  portal.objects.associations:add(link.from, link.to, {})
  local definition = portal.objects.associations.definitions:default(link.from.type, link.to.type)
  return batch_reply.json(portal, 200, { association_shown.default(link, definition) })
end

local function set_labels(portal, req)
  local link, pair = link_of(portal, req)
  local definitions, problem = association_input.definitions(portal, pair, request.array(req))
  if not definitions then problems.fail(problem) end
  link.definitions = definitions
  check_room(portal, link)
  portal.objects.associations:set(link.from, link.to, definitions)
  return reply.json(201, association_shown.pair(link, req.params.D))
end

local function delete(portal, req)
  local link = link_of(portal, req)
  portal.objects.associations:remove(link.from, link.to)
  return reply.empty(204)
end

local BASE = "/crm/objects/{D}/{objectType}/{objectId}/associations"
local READ, WRITE = object_path.read_scopes, object_path.write_scopes

local routes = {
  { method = "GET", path = BASE .. "/{toObjectType}", handler = list, scopes = READ },
  {
    method = "PUT",
    path = BASE .. "/default/{toObjectType}/{toObjectId}",
    handler = link_by_default,
    scopes = WRITE,
  },
  { method = "PUT", path = BASE .. "/{toObjectType}/{toObjectId}", handler = set_labels, scopes = WRITE },
  { method = "DELETE", path = BASE .. "/{toObjectType}/{toObjectId}", handler = delete, scopes = WRITE },
}
for _, route in ipairs(routes) do
  route.in_v4, route.only_dated = true, true
end

return routes
