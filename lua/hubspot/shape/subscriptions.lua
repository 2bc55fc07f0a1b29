--- Spells e-mail subscriptions as HubSpot does, in both generations.
-- @module hubspot.shape.subscriptions

local core = require "hubspot.core"
local id = require "hubspot.id"
local time = require "hubspot.time"

local subscriptions = {}

local function iso(ms) return ms and time.to_iso(ms) or nil end

--- Types of v1, in the current spelling.
function subscriptions.v1_types(answer)
  local types = {}
  for index, definition in ipairs(answer.subscriptionDefinitions or {}) do
    local record = id.in_record(definition)
    record.isActive, record.active = definition.active, nil
    record.isInternal, record.internal = definition.internal, nil
    types[index] = record
  end
  return types
end

--- Types of the current API.
subscriptions.types = id.in_records_of "results"

local function v1_state(status)
  if status.optState == "NOT_OPTED" or status.subscribed == nil then return "NOT_SPECIFIED" end
  return status.subscribed and "SUBSCRIBED" or "UNSUBSCRIBED"
end

--- Reads the subscriptions of an address from v1.
function subscriptions.v1_status(answer)
  local record = id.in_record(answer)
  for index, status in ipairs(record.subscriptionStatuses or {}) do
    record.subscriptionStatuses[index] = {
      id = status.id,
      name = status.name,
      status = v1_state(status),
      optState = status.optState,
      timestamp = iso(status.updatedAt),
      legalBasis = status.legalBasis,
      legalBasisExplanation = status.legalBasisExplanation,
    }
  end
  record.subscriptionStatuses = record.subscriptionStatuses or {}
  return record
end

--- Reads the subscriptions of an address from the current API: a list.
function subscriptions.statuses(answer, values)
  local statuses = {}
  for index, result in ipairs(answer.results or {}) do
    statuses[index] = {
      id = id.text(result.subscriptionId),
      name = result.subscriptionName,
      status = result.status,
      channel = result.channel,
      source = result.source,
      timestamp = result.timestamp,
      legalBasis = result.legalBasis,
      legalBasisExplanation = result.legalBasisExplanation,
      businessUnitId = id.text(result.businessUnitId),
      setStatusSuccessReason = result.setStatusSuccessReason,
    }
  end
  return { email = values.email, subscriptionStatuses = statuses }
end

--- Body of v1's change.
function subscriptions.v1_changes(changes)
  if changes.unsubscribeFromAll then return { unsubscribeFromAll = true } end
  local wire = {}
  for name, value in pairs(changes) do
    wire[name] = value
  end
  local statuses = {}
  for index, change in ipairs(changes.subscriptionStatuses) do
    statuses[index] = {
      id = id.number(change.id),
      subscribed = change.subscribed,
      optState = change.subscribed and "OPT_IN" or "OPT_OUT",
      legalBasis = change.legalBasis,
      legalBasisExplanation = change.legalBasisExplanation,
    }
  end
  wire.subscriptionStatuses = core.array(statuses)
  return wire
end

--- A page of v1's history of changes.
function subscriptions.v1_changes_page(answer)
  local entries = {}
  for index, entry in ipairs(answer.timeline or {}) do
    local record = id.in_record(entry)
    record.snapshot = entry.snapshot and subscriptions.v1_status(entry.snapshot)
    entries[index] = record
  end
  return entries
end

return subscriptions
