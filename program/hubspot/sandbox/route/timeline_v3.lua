--- `/integrators/timeline/v3/…`
local core = require "hubspot.core"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local sequence = require "hubspot.sandbox.sequence"
local time = require "hubspot.sandbox.time"
local timeline_definition = require "hubspot.sandbox.timeline_definition"
local timeline_event_body = require "hubspot.sandbox.timeline_event_body"
local timeline_store = require "hubspot.sandbox.timeline_store"

local array, given = core.array, read.given

local MOST_TEMPLATES = 750
local KINDS = { string = true, number = true, date = true, enumeration = true }

-- Templates and tokens ------------------------------------------------------------------------------------------

local function token_object(token)
  return {
    name = token.name,
    label = token.label,
    type = token.kind,
    options = array(
      sequence.map(token.options, function(option) return { label = option.label, value = option.value } end)
    ),
    objectPropertyName = token.object_property,
    createdAt = time.iso(token.created),
    updatedAt = time.iso(token.updated),
  }
end

local function template_object(template)
  return {
    id = string.format("%d", template.id),
    name = template.name,
    objectType = template.object_type,
    headerTemplate = template.header,
    detailTemplate = template.detail,
    tokens = array(sequence.map(template.properties, token_object)),
    createdAt = time.iso(template.created),
    updatedAt = time.iso(template.updated),
  }
end

local function path_template(portal, req)
  local app_id, id = request.path_integer(req, "appId"), request.path_integer(req, "eventTemplateId")
  local template = portal.timeline.types[id]
  if not template or template.app_id ~= app_id then
    reply.not_found(string.format("No event template with the id %.0f exists for the app %.0f", id, app_id))
  end
  return template
end

local function read_token(portal, template, body)
  if type(body) ~= "table" then reply.invalid "Invalid input JSON: every token must be an object" end
  local name = timeline_definition.read_name(body)
  if not KINDS[given(body.type) or ""] then
    reply.invalid("The type of a token must be string, number, date or enumeration, got " .. tostring(body.type))
  end
  return {
    name = name,
    label = read.required_text(body, "label"),
    kind = body.type,
    options = timeline_definition.read_options(body),
    object_property = timeline_definition.read_object_property(portal, template, body, "objectPropertyName"),
  }
end

local function read_tokens(portal, template, body)
  local tokens, seen = {}, {}
  for index, item in ipairs(read.list(body, "tokens")) do
    local token = read_token(portal, template, item)
    if seen[token.name] then reply.invalid("There are two tokens named " .. token.name) end
    seen[token.name] = true
    tokens[index] = token
  end
  return tokens
end

local function list_templates(portal, req)
  return reply.results(portal.timeline:types_of(request.path_integer(req, "appId")), template_object)
end

local function get_template(portal, req) return reply.json(200, template_object(path_template(portal, req))) end

local function create_template(portal, req)
  local app_id, body = request.path_integer(req, "appId"), request.object(req)
  local object_type = timeline_definition.object_type(given(body.objectType))
  if not object_type then
    reply.invalid("objectType must be CONTACT, COMPANY, DEAL or TICKET, got " .. tostring(body.objectType))
  end
  local fields = timeline_definition.read_fields(body, { app_id = app_id, object_type = object_type })
  local tokens = read_tokens(portal, fields, body)
  if #portal.timeline:types_of(app_id) >= MOST_TEMPLATES then
    reply.invalid(string.format("An app can have at most %d event templates", MOST_TEMPLATES))
  end
  local template = portal.timeline:create(fields)
  for _, token in ipairs(tokens) do
    portal.timeline:add_property(template, token)
  end
  return reply.json(201, template_object(template))
end

-- The whole template is replaced: a token that is not in the body is gone.
local function update_template(portal, req)
  local template, body = path_template(portal, req), request.object(req)
  if tostring(given(body.id)) ~= string.format("%d", template.id) then
    reply.invalid(string.format("id must be %d, as in the path", template.id))
  end
  local name = read.required_text(body, "name")
  if given(body.tokens) == nil then reply.invalid "Invalid input JSON: tokens is required" end
  local header, detail = read.text(body, "headerTemplate"), read.text(body, "detailTemplate")
  local kept = {}
  for _, token in ipairs(read_tokens(portal, template, body)) do
    local old = timeline_store.property(template, token.name)
    if old and old.kind ~= token.kind then
      reply.invalid("The type of the token " .. token.name .. " can't be changed")
    end
    kept[#kept + 1] = { old = old, token = token }
  end
  template.name, template.header, template.detail = name, header, detail
  template.properties, template.updated = {}, portal.clock.now()
  for _, item in ipairs(kept) do
    local old = item.old
    if old then
      old.label, old.options, old.object_property = item.token.label, item.token.options, item.token.object_property
      table.insert(template.properties, old)
    else
      portal.timeline:add_property(template, item.token)
    end
  end
  return reply.json(200, template_object(template))
end

local function delete_template(portal, req)
  portal.timeline:delete(path_template(portal, req))
  return reply.empty(204)
end

local function create_token(portal, req)
  local template = path_template(portal, req)
  local token = read_token(portal, template, request.object(req))
  if timeline_store.property(template, token.name) then
    reply.fail(409, "The template already has a token named " .. token.name, { category = "CONFLICT" })
  end
  return reply.json(200, token_object(portal.timeline:add_property(template, token)))
end

local function path_token(portal, req)
  local template = path_template(portal, req)
  local token, index = timeline_store.property(template, req.params.tokenName)
  if not token then reply.not_found("The template has no token named " .. req.params.tokenName) end
  return template, token, index
end

local function update_token(portal, req)
  local template, token = path_token(portal, req)
  local body = request.object(req)
  local label = read.required_text(body, "label")
  if given(body.options) == nil then reply.invalid "Invalid input JSON: options is required" end
  local options = timeline_definition.read_options(body)
  local object_property = timeline_definition.read_object_property(portal, template, body, "objectPropertyName")
    or token.object_property
  token.label, token.options, token.object_property = label, options, object_property
  token.updated = portal.clock.now()
  return reply.json(200, token_object(token))
end

local function delete_token(portal, req)
  local template, _, index = path_token(portal, req)
  table.remove(template.properties, index)
  return reply.empty(204)
end

-- Events --------------------------------------------------------------------------------------------------------

local version = { values = "tokens" }

function version.find(portal, body)
  local id = read.integer(body.eventTemplateId)
  local template = id and portal.timeline.types[id]
  if not template then return nil, "No event template with the id " .. tostring(body.eventTemplateId) .. " exists" end
  return template
end

function version.object(template, event)
  local body = timeline_event_body.members(event)
  body.eventTemplateId, body.tokens = string.format("%d", template.id), event.properties
  body.objectType, body.createdAt = template.object_type, time.iso(event.created)
  return body
end

local function path_event(portal, req)
  local template = portal.timeline.types[request.path_integer(req, "eventTemplateId")]
  local event = template and template.events[req.params.eventId]
  if not event then reply.not_found("No event with the id " .. req.params.eventId .. " exists") end
  return template, event
end

local function get_event(portal, req)
  local template, event = path_event(portal, req)
  return reply.json(200, version.object(template, event))
end

-- Of the template language only values by their names; the rest of it renders as nothing.
local function rendered(text, event)
  return (
    (text or ""):gsub(
      "{{{?([^{}]*)}}}?",
      function(inner) return event.properties[inner:match "^%s*#?/?([%w._-]*)"] or "" end
    )
  )
end

local function get_detail(portal, req)
  local template, event = path_event(portal, req)
  return reply.json(200, { details = rendered(template.detail, event) })
end

local function get_rendering(portal, req)
  local template, event = path_event(portal, req)
  local text = request.boolean(req, "detail") and template.detail or template.header
  return { status = 200, headers = { ["content-type"] = "text/html;charset=utf-8" }, body = rendered(text, event) }
end

local TEMPLATES = "/integrators/timeline/v3/{appId}/event-templates"
local TEMPLATE = TEMPLATES .. "/{eventTemplateId}"
local EVENTS = "/integrators/timeline/v3/events"
local EVENT = EVENTS .. "/{eventTemplateId}/{eventId}"

local function administration(method, path, handler)
  return { method = method, path = path, handler = handler, scopes = {}, auth = "developer_key" }
end

local function event_route(method, path, handler)
  return { method = method, path = path, handler = handler, scopes = { "timeline" }, auth = "token_only" }
end

return {
  administration("GET", TEMPLATES, list_templates),
  administration("POST", TEMPLATES, create_template),
  administration("GET", TEMPLATE, get_template),
  administration("PUT", TEMPLATE, update_template),
  administration("DELETE", TEMPLATE, delete_template),
  administration("POST", TEMPLATE .. "/tokens", create_token),
  administration("PUT", TEMPLATE .. "/tokens/{tokenName}", update_token),
  administration("DELETE", TEMPLATE .. "/tokens/{tokenName}", delete_token),
  event_route("POST", EVENTS, timeline_event_body.create(version)),
  event_route("POST", EVENTS .. "/batch/create", timeline_event_body.create_each(version)),
  event_route("GET", EVENT, get_event),
  event_route("GET", EVENT .. "/detail", get_detail),
  event_route("GET", EVENT .. "/render", get_rendering),
}
