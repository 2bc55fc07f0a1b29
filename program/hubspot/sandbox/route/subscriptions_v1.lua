--- `/email/public/v1/subscriptions…`
local core = require "hubspot.core"
local opaque_offset = require "hubspot.sandbox.opaque_offset"
local properties = require "hubspot.sandbox.properties"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local array, given = core.array, read.given

local SCOPES = { "content" }
local SOURCE = "SOURCE_PUBLIC_API"
local LEGAL_BASES = {
  LEGITIMATE_INTEREST_PQL = true,
  LEGITIMATE_INTEREST_CLIENT = true,
  PERFORMANCE_OF_CONTRACT = true,
  CONSENT_WITH_NOTICE = true,
  NON_GDPR = true,
}
local OPT_STATES = { OPT_IN = true, OPT_OUT = true, NOT_OPTED = true }
local CHANGE_TYPES = {
  SUBSCRIPTION_STATUS = true,
  PORTAL_STATUS = true,
  SUBSCRIPTION_SPAM_REPORT = true,
  PORTAL_SPAM_REPORT = true,
  PORTAL_BOUNCE = true,
}

local function list_types(portal)
  local definitions = {}
  for index, definition in ipairs(portal.subscriptions:definitions()) do
    definitions[index] = {
      active = definition.active,
      portalId = portal.contacts.portal_id,
      description = definition.description,
      id = definition.id,
      name = definition.name,
      category = "Marketing",
      channel = "Email",
      internal = false,
      order = index - 1,
    }
  end
  return reply.json(200, { subscriptionDefinitions = array(definitions) })
end

local function path_email(req)
  local email = req.params.email:lower()
  if not properties.is_email(email) then reply.invalid("Email address " .. email .. " is invalid") end
  return email
end

-- Types without a choice are left out.
local function status_object(portal, address)
  local statuses = {}
  for _, definition in ipairs(portal.subscriptions:definitions()) do
    local choice = address.choices[definition.id]
    if choice then
      local subscribed = choice.status == "SUBSCRIBED"
      statuses[#statuses + 1] = {
        id = definition.id,
        subscribed = subscribed,
        updatedAt = choice.updated,
        optState = choice.opt_state or (subscribed and "OPT_IN" or "OPT_OUT"),
        legalBasis = choice.legal_basis,
        legalBasisExplanation = choice.explanation,
      }
    end
  end
  return {
    subscribed = not address.unsubscribed,
    markedAsSpam = address.spam,
    unsubscribeFromPortal = address.unsubscribed,
    portalId = portal.contacts.portal_id,
    bounced = address.bounced,
    email = address.email,
    subscriptionStatuses = array(statuses),
    status = address.unsubscribed and "unsubscribed" or "subscribed",
  }
end

local function get(portal, req) return reply.json(200, status_object(portal, portal.subscriptions:get(path_email(req)))) end

local function check_enum(value, known, name)
  if value ~= nil and not known[value] then reply.invalid("Invalid " .. name .. ": " .. tostring(value)) end
  return value
end

local function check_text(value, name)
  if value ~= nil and type(value) ~= "string" then
    reply.invalid("Invalid input JSON: " .. name .. " must be a string")
  end
  return value
end

local function read_choice(portal, address, item)
  if type(item) ~= "table" then
    reply.invalid "Invalid input JSON: every item of subscriptionStatuses must be an object"
  end
  local id, subscribed = read.integer(item.id), given(item.subscribed)
  local definition = id and portal.subscriptions.by_id[id]
  if not definition then reply.invalid("There is no subscription with the id " .. tostring(item.id)) end
  if type(subscribed) ~= "boolean" then reply.invalid "Invalid input JSON: subscribed must be true or false" end
  local old = address.choices[definition.id]
  if subscribed and (address.unsubscribed or (old and old.status == "UNSUBSCRIBED")) then
    reply.invalid(string.format("%s unsubscribed from %s, which this API can't undo", address.email, definition.name))
  end
  return {
    id = definition.id,
    status = subscribed and "SUBSCRIBED" or "UNSUBSCRIBED",
    legal_basis = check_enum(given(item.legalBasis), LEGAL_BASES, "legalBasis"),
    explanation = check_text(given(item.legalBasisExplanation), "legalBasisExplanation"),
    opt_state = check_enum(given(item.optState), OPT_STATES, "optState"),
  }
end

local function update(portal, req)
  local email, body = path_email(req), request.object(req)
  local address = portal.subscriptions:get(email)
  check_enum(given(body.portalSubscriptionLegalBasis), LEGAL_BASES, "portalSubscriptionLegalBasis")
  check_text(given(body.portalSubscriptionLegalBasisExplanation), "portalSubscriptionLegalBasisExplanation")
  local choices = {}
  for index, item in ipairs(read.list(body, "subscriptionStatuses")) do
    choices[index] = read_choice(portal, address, item)
  end
  local from_all = given(body.unsubscribeFromAll)
  if from_all ~= nil and type(from_all) ~= "boolean" then
    reply.invalid "Invalid input JSON: unsubscribeFromAll must be true or false"
  end
  if #choices == 0 and not from_all then
    reply.invalid "Invalid input JSON: unsubscribeFromAll or subscriptionStatuses is required"
  end
  if from_all then
    portal.subscriptions:unsubscribe_all(email, SOURCE)
  else
    portal.subscriptions:set(email, choices, { source = SOURCE })
  end
  return reply.json(200, { status = "ok" })
end

-- History -------------------------------------------------------------------------------------------------------

local function change_objects(portal, entry, kind)
  local changes = {}
  for _, change in ipairs(entry.changes) do
    if not kind or change.kind == kind then
      local event = entry.event
      changes[#changes + 1] = {
        change = change.change,
        source = entry.source,
        portalId = portal.contacts.portal_id,
        subscriptionId = change.subscription_id,
        changeType = change.kind,
        timestamp = not event and entry.timestamp or nil,
        causedByEvent = event and { id = event.id, created = event.created } or nil,
      }
    end
  end
  return changes
end

local function timeline(portal, req)
  local kind = check_enum(request.text(req, "changeType"), CHANGE_TYPES, "changeType")
  local from, to = request.integer(req, "startTimestamp"), request.integer(req, "endTimestamp")
  local with_snapshots, limit = request.boolean(req, "includeSnapshots"), opaque_offset.limit(req)
  local history, place = portal.subscriptions.history, opaque_offset.read(req, "changes")
  local rows, last, more = {}, place and place[1] or #history + 1, false
  for index = last - 1, 1, -1 do
    local entry = history[index]
    local changes = entry
        and (not from or entry.timestamp >= from)
        and (not to or entry.timestamp <= to)
        and change_objects(portal, entry, kind)
      or {}
    if #changes > 0 then
      if #rows == limit then
        more = true
        break
      end
      last = index
      rows[#rows + 1] = {
        timestamp = entry.timestamp,
        portalId = portal.contacts.portal_id,
        recipient = entry.email,
        changes = array(changes),
        snapshot = with_snapshots and status_object(portal, entry.snapshot) or nil,
      }
    end
  end
  return reply.json(200, { timeline = array(rows), hasMore = more, offset = opaque_offset.make("changes", last) })
end

local BASE = "/email/public/v1/subscriptions"

return {
  { method = "GET", path = BASE, handler = list_types, scopes = SCOPES },
  { method = "GET", path = BASE .. "/timeline", handler = timeline, scopes = SCOPES },
  { method = "GET", path = BASE .. "/{email}", handler = get, scopes = SCOPES },
  { method = "PUT", path = BASE .. "/{email}", handler = update, scopes = SCOPES },
}
