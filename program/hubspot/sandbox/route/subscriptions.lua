--- `/communication-preferences/{D}/…`
local core = require "hubspot.core"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local subscription_input = require "hubspot.sandbox.subscription_input"
local subscription_shown = require "hubspot.sandbox.subscription_shown"
local time = require "hubspot.sandbox.time"

local array, given = core.array, read.given

local READ, WRITE = subscription_input.READ, subscription_input.WRITE
local BATCH_READ = { "communication_preferences.statuses.batch.read" }
local BATCH_WRITE = { "communication_preferences.statuses.batch.write" }
local SOURCE = subscription_shown.SOURCE
local CHANNEL = "EMAIL"
local STATES = { SUBSCRIBED = true, UNSUBSCRIBED = true, NOT_SPECIFIED = true }
local MOST_INPUTS = 100

local function envelope(portal, results, errors)
  local now = time.iso(portal.clock.now())
  local body = { status = "COMPLETE", startedAt = now, completedAt = now, results = array(results) }
  if errors and #errors > 0 then
    body.numErrors, body.errors = #errors, array(errors)
  end
  return reply.json(200, body)
end

-- The account has one business unit, number 0.
local function is_other_business_unit(req) return (request.integer(req, "businessUnitId") or 0) ~= 0 end

local function list_definitions(portal, req)
  local results = {}
  for index, definition in ipairs(portal.subscriptions:definitions()) do
    local row = subscription_shown.definition(definition, index == 1)
    row.subscriptionTranslations = request.boolean(req, "includeTranslations") and array {} or nil
    results[index] = row
  end
  return envelope(portal, is_other_business_unit(req) and {} or results)
end

-- One address ---------------------------------------------------------------------------------------------------

local function status_object(address, definition)
  -- Without a choice, a status is as old as its type.
  local choice = address.choices[definition.id]
    or { status = "NOT_SPECIFIED", source = SOURCE, updated = definition.created }
  return {
    subscriberIdString = address.email,
    subscriptionId = definition.id,
    subscriptionName = definition.name,
    status = choice.status,
    channel = CHANNEL,
    source = choice.source,
    timestamp = time.iso(choice.updated),
    legalBasis = choice.legal_basis,
    legalBasisExplanation = choice.explanation,
    businessUnitId = 0,
  }
end

local function status_objects(portal, address)
  local results = {}
  for index, definition in ipairs(portal.subscriptions:definitions()) do
    results[index] = status_object(address, definition)
  end
  return results
end

local function wide_status_object(address)
  return {
    subscriberIdString = address.email,
    channel = CHANNEL,
    wideStatusType = "PORTAL_WIDE",
    status = "UNSUBSCRIBED",
    timestamp = time.iso(address.unsubscribed_at),
  }
end

local function path_email(req) return subscription_input.email(req.params.subscriberIdString) end

local function check_channel(req)
  local channel = request.text(req, "channel")
  if channel ~= CHANNEL then reply.invalid("channel must be EMAIL, got " .. tostring(channel)) end
end

local function get_statuses(portal, req)
  check_channel(req)
  local address = portal.subscriptions:get(path_email(req))
  return envelope(portal, is_other_business_unit(req) and {} or status_objects(portal, address))
end

-- The choice that a body makes, or nil and what is wrong with it.
local function read_choice(portal, body)
  if given(body.channel) ~= CHANNEL then return nil, "channel must be EMAIL, got " .. tostring(body.channel) end
  if not STATES[given(body.statusState) or ""] then
    return nil, "statusState must be SUBSCRIBED, UNSUBSCRIBED or NOT_SPECIFIED, got " .. tostring(body.statusState)
  end
  return subscription_input.choice(portal, body, body.statusState)
end

local function write_choice(portal, email, choice)
  local old = portal.subscriptions:get(email).choices[choice.id]
  local address = portal.subscriptions:set(email, { choice }, { source = SOURCE })
  local result = status_object(address, portal.subscriptions.by_id[choice.id])
  if old and old.status == "UNSUBSCRIBED" and choice.status == "SUBSCRIBED" then
    result.setStatusSuccessReason = "RESUBSCRIBE_OCCURRED"
  end
  return result
end

local function set_status(portal, req)
  local email = path_email(req)
  local choice, problem = read_choice(portal, request.object(req))
  if not choice then reply.invalid(problem) end
  return envelope(portal, { write_choice(portal, email, choice) })
end

local function get_unsubscribed(portal, req)
  check_channel(req)
  local address = portal.subscriptions:get(path_email(req))
  return envelope(portal, address.unsubscribed and { wide_status_object(address) } or {})
end

local function unsubscribe_all(portal, req)
  check_channel(req)
  local address = portal.subscriptions:unsubscribe_all(path_email(req), SOURCE)
  return envelope(portal, request.boolean(req, "verbose") and status_objects(portal, address) or {})
end

-- Batches -------------------------------------------------------------------------------------------------------

-- Runs `apply(input)` → result | nil, problem; `id_of(input)` names an input in its error.
local function batch(portal, inputs, apply, id_of)
  local results, errors = {}, {}
  for _, input in ipairs(inputs) do
    local result, problem = apply(input)
    if result then
      results[#results + 1] = result
    else
      errors[#errors + 1] = {
        status = "error",
        category = "VALIDATION_ERROR",
        message = problem,
        context = { ids = array { tostring(id_of(input)) } },
        errors = array {},
        links = {},
      }
    end
  end
  return envelope(portal, results, errors)
end

-- A batch whose inputs are addresses.
local function batch_of_emails(make)
  return function(portal, req)
    check_channel(req)
    return batch(portal, read.inputs(request.object(req), MOST_INPUTS), function(text)
      local problem = subscription_input.invalid_email(text)
      if problem then return nil, problem end
      return make(portal, text:lower(), req)
    end, tostring)
  end
end

local batch_read = batch_of_emails(function(portal, email)
  local address = portal.subscriptions:get(email)
  return { subscriberIdString = email, statuses = array(status_objects(portal, address)) }
end)

local batch_read_unsubscribed = batch_of_emails(function(portal, email)
  local address = portal.subscriptions:get(email)
  return {
    subscriberIdString = email,
    wideStatuses = array { address.unsubscribed and wide_status_object(address) or nil },
  }
end)

local batch_unsubscribe_all = batch_of_emails(function(portal, email, req)
  local address = portal.subscriptions:unsubscribe_all(email, SOURCE)
  return {
    subscriberIdString = email,
    statuses = request.boolean(req, "verbose") and array(status_objects(portal, address)) or nil,
  }
end)

local function batch_write(portal, req)
  return batch(portal, read.inputs(request.object(req), MOST_INPUTS), function(input)
    if type(input) ~= "table" then return nil, "Every input must be an object" end
    local problem = subscription_input.invalid_email(given(input.subscriberIdString))
    local choice
    if not problem then
      choice, problem = read_choice(portal, input)
    end
    if problem then return nil, problem end
    return write_choice(portal, input.subscriberIdString:lower(), choice)
  end, function(input) return type(input) == "table" and given(input.subscriberIdString) or "" end)
end

local BASE = "/communication-preferences/{D}"
local STATUSES = BASE .. "/statuses"
local STATUS = STATUSES .. "/{subscriberIdString}"

local function route(method, path, handler, scopes)
  return { method = method, path = path, handler = handler, scopes = scopes, only_dated = true }
end

return {
  route("GET", BASE .. "/definitions", list_definitions, READ),
  route("GET", STATUS, get_statuses, READ),
  route("POST", STATUS, set_status, WRITE),
  route("GET", STATUS .. "/unsubscribe-all", get_unsubscribed, READ),
  route("POST", STATUS .. "/unsubscribe-all", unsubscribe_all, WRITE),
  route("POST", STATUSES .. "/batch/read", batch_read, BATCH_READ),
  route("POST", STATUSES .. "/batch/write", batch_write, BATCH_WRITE),
  route("POST", STATUSES .. "/batch/unsubscribe-all", batch_unsubscribe_all, BATCH_WRITE),
  route("POST", STATUSES .. "/batch/unsubscribe-all/read", batch_read_unsubscribed, BATCH_READ),
}
