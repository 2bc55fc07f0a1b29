--- `/integrators/timeline/{D}/…`
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local timeline_event_body = require "hubspot.sandbox.timeline_event_body"
local timeline_store = require "hubspot.sandbox.timeline_store"

local SCOPES = { "timeline" }

local version = { values = "properties", id_required = true }

function version.find(portal, body)
  local name = body.eventTypeName
  if timeline_store.name_problem(name) then return nil, "Invalid eventTypeName: " .. tostring(name) end
  local event_type = portal.timeline.named[name]
  if not event_type then return nil, "Unknown eventTypeName: " .. name end
  return event_type
end

function version.object(event_type, event)
  local body = timeline_event_body.members(event)
  body.eventTypeName, body.properties = event_type.name, event.properties
  return body
end

local function name_part(body, name)
  local text = body[name]
  if type(text) ~= "string" or not text:find "%w" then
    reply.invalid("Invalid input JSON: " .. name .. " is required")
  end
  return (text:lower():gsub("[^%w]+", "_"):gsub("^_", ""):gsub("_$", ""))
end

local function register(portal, req)
  local body = request.object(req)
  local name = string.format(
    "pe%d_%s_%s",
    portal.contacts.portal_id,
    name_part(body, "projectName"),
    name_part(body, "developerSymbol")
  )
  portal.timeline:register(name)
  return reply.json(200, {
    fullyQualifiedName = name,
    developerQualifiedSymbol = { projectName = body.projectName, developerSymbol = body.developerSymbol },
  })
end

local BASE = "/integrators/timeline/{D}"

local function route(path, handler)
  return {
    method = "POST",
    path = BASE .. path,
    handler = handler,
    scopes = SCOPES,
    auth = "token_only",
    only_dated = true,
  }
end

return {
  route("/events", timeline_event_body.create(version)),
  route("/events/batch", timeline_event_body.create_all(version)),
  route("/types/projects", register),
}
