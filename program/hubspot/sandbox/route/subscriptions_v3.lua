--- `/communication-preferences/v3/…`
local core = require "hubspot.core"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local subscription_input = require "hubspot.sandbox.subscription_input"
local subscription_shown = require "hubspot.sandbox.subscription_shown"

local array = core.array

local function list_definitions(portal)
  local rows = {}
  for index, definition in ipairs(portal.subscriptions:definitions()) do
    rows[index] = subscription_shown.definition(definition, index == 1)
  end
  return reply.json(200, { subscriptionDefinitions = array(rows) })
end

local function status_object(address, definition)
  local choice = address.choices[definition.id] or { status = "NOT_SUBSCRIBED" }
  return {
    id = string.format("%d", definition.id),
    name = definition.name,
    description = definition.description,
    status = choice.status == "SUBSCRIBED" and "SUBSCRIBED" or "NOT_SUBSCRIBED",
    sourceOfStatus = address.unsubscribed and "PORTAL_WIDE_STATUS" or "SUBSCRIPTION_STATUS",
    legalBasis = choice.legal_basis,
    legalBasisExplanation = choice.explanation,
  }
end

local function get(portal, req)
  local email = subscription_input.email(req.params.emailAddress)
  local address, rows = portal.subscriptions:get(email), {}
  for index, definition in ipairs(portal.subscriptions:definitions()) do
    rows[index] = status_object(address, definition)
  end
  return reply.json(200, { recipient = email, subscriptionStatuses = array(rows) })
end

-- A handler that gives an address this status; it answers 400 where that is no change.
local function choosing(status)
  return function(portal, req)
    local body = request.object(req)
    local email = subscription_input.email(read.given(body.emailAddress))
    local choice, problem = subscription_input.choice(portal, body, status)
    if not choice then reply.invalid(problem) end
    local old = portal.subscriptions:get(email).choices[choice.id]
    if old and old.status == status then
      reply.invalid(email .. " is already " .. status:lower() .. " in the subscription " .. choice.id)
    end
    local address = portal.subscriptions:set(email, { choice }, { source = subscription_shown.SOURCE })
    return reply.json(200, status_object(address, portal.subscriptions.by_id[choice.id]))
  end
end

local BASE = "/communication-preferences/v3"
local READ, WRITE = subscription_input.READ, subscription_input.WRITE

return {
  { method = "GET", path = BASE .. "/definitions", handler = list_definitions, scopes = READ },
  { method = "GET", path = BASE .. "/status/email/{emailAddress}", handler = get, scopes = READ },
  { method = "POST", path = BASE .. "/subscribe", handler = choosing "SUBSCRIBED", scopes = WRITE },
  { method = "POST", path = BASE .. "/unsubscribe", handler = choosing "UNSUBSCRIBED", scopes = WRITE },
}
