-- E-mail subscriptions: their types, their state for an address, and their changes.

local append = require "hubspot.append"
local check = require "hubspot.check"
local errors = require "hubspot.error"
local id = require "hubspot.id"
local shape = require "hubspot.shape.subscriptions"
local time_window = require "hubspot.resource.time_window"

local email = { name = "email", type = check.email, description = "the e-mail address; it need not be a contact's" }

local business_unit_id = { type = check.id, description = "only of this business unit" }

-- Changes --------------------------------------------------------------------------------------------------------

-- v1 gets no further ones.
local V1_LEGAL_BASIS = check.one_of {
  "LEGITIMATE_INTEREST_PQL",
  "LEGITIMATE_INTEREST_CLIENT",
  "PERFORMANCE_OF_CONTRACT",
  "CONSENT_WITH_NOTICE",
  "NON_GDPR",
}
local CURRENT_LEGAL_BASIS = check.word {
  "LEGITIMATE_INTEREST_PQL",
  "LEGITIMATE_INTEREST_CLIENT",
  "PERFORMANCE_OF_CONTRACT",
  "CONSENT_WITH_NOTICE",
  "NON_GDPR",
  "PROCESS_AND_STORE",
  "LEGITIMATE_INTEREST_OTHER",
}

local function change_type(legal_basis)
  return check.fields("a table { id =, subscribed = }", {
    id = { type = check.id, required = true, description = "of the subscription type" },
    subscribed = { type = check.boolean, required = true },
    legalBasis = { type = legal_basis, description = "on which the address is written to" },
    legalBasisExplanation = { type = check.string },
  }, "hubspot.SubscriptionChoice")
end

local function changes_type(fields)
  fields.unsubscribeFromAll = { type = check.boolean, description = "true unsubscribes from everything, for good" }
  local description = "a table { subscriptionStatuses = {…} } or { unsubscribeFromAll = true }"
  return check.refined(check.fields(description, fields, "hubspot.SubscriptionChanges"), function(changes, place)
    if changes.unsubscribeFromAll == false then
      return nil, place .. ".unsubscribeFromAll can only be true: HubSpot can't undo it"
    end
    if (changes.subscriptionStatuses == nil) == (changes.unsubscribeFromAll == nil) then
      return nil, place .. " needs either subscriptionStatuses or unsubscribeFromAll = true"
    end
    for _, name in ipairs { "portalSubscriptionLegalBasis", "portalSubscriptionLegalBasisExplanation" } do
      if changes.unsubscribeFromAll and changes[name] then
        return nil, ("%s.%s goes only with subscriptionStatuses"):format(place, name)
      end
    end
    return changes
  end)
end

local changes = {
  v1 = changes_type {
    subscriptionStatuses = { type = check.list_of(change_type(V1_LEGAL_BASIS), "subscription changes") },
    portalSubscriptionLegalBasis = { type = V1_LEGAL_BASIS },
    portalSubscriptionLegalBasisExplanation = { type = check.string },
  },
  current = changes_type {
    subscriptionStatuses = { type = check.list_of(change_type(CURRENT_LEGAL_BASIS), "subscription changes") },
  },
}

local v1_status_route = {
  method = "GET",
  path = "/email/public/v1/subscriptions/{email}",
  query = { { "portalId", from = "portal_id" } },
  idempotent = true,
  answer = shape.v1_status,
  documentation = "api-reference/legacy/communication-preferences/v1/get-subscriptions-email",
}

local v1_update_route = {
  method = "PUT",
  path = "/email/public/v1/subscriptions/{email}",
  query = { { "portalId", from = "portal_id" } },
  body = { { from = "changes", encode = shape.v1_changes } },
  idempotent = true,
}

local status_route = {
  method = "GET",
  path = "/communication-preferences/{api_version}/statuses/{email}",
  query = { { "channel", value = "EMAIL" }, { "businessUnitId", from = "business_unit_id" } },
  idempotent = true,
  answer = shape.statuses,
  documentation = "api-reference/latest/communication-preferences/status/get-subscription",
}

local update_route = {
  method = "POST",
  path = "/communication-preferences/{api_version}/statuses/{email}",
  body = {
    { "channel", value = "EMAIL" },
    { "subscriptionId", from = "subscription_id", encode = id.number },
    { "statusState", from = "state" },
    { "legalBasis", from = "legal_basis" },
    { "legalBasisExplanation", from = "explanation" },
  },
  idempotent = true,
  answer = shape.statuses,
}

local unsubscribe_all_route = {
  method = "POST",
  path = "/communication-preferences/{api_version}/statuses/{email}/unsubscribe-all",
  -- Without verbose the answer does not tell what the address has now.
  query = { { "channel", value = "EMAIL" }, { "verbose", value = true } },
  idempotent = true,
  answer = shape.statuses,
}

-- Statuses by which HubSpot refuses a change, as it may where it is so already.
local REFUSALS = { [400] = true, [409] = true }

-- Reads what an address has, where HubSpot refused a change after an attempt whose answer got lost, which may have made
-- it. Gives that where it is as wanted: then the change is done.
local function status_made_before(call, err, route, is_as_wanted)
  if not err.ambiguous or not REFUSALS[err.status] then return nil end
  local values = call.values
  local status = call:read(route, { email = values.email, portal_id = values.portal_id })
  return status and is_as_wanted(status) and status or nil
end

local function wanted_state(change) return change.subscribed and "SUBSCRIBED" or "UNSUBSCRIBED" end

-- The subscription of a change in what an address has, where it is as the change wants it.
local function subscription_made(status, change)
  for _, subscription in ipairs(status.subscriptionStatuses) do
    if subscription.id == change.id and subscription.status == wanted_state(change) then return subscription end
  end
end

local function are_made(changes_made)
  return function(status)
    if changes_made.unsubscribeFromAll then
      if status.unsubscribeFromPortal then return true end
      for _, subscription in ipairs(status.subscriptionStatuses) do
        if subscription.status ~= "UNSUBSCRIBED" then return false end
      end
      return #status.subscriptionStatuses > 0
    end
    for _, change in ipairs(changes_made.subscriptionStatuses) do
      if not subscription_made(status, change) then return false end
    end
    return true
  end
end

-- v1's answers to a change differ; the state afterwards is read.
local function update_v1(call)
  local values = call.values
  local updated, err =
    call:send(v1_update_route, { email = values.email, changes = values.changes, portal_id = values.portal_id })
  if not updated then
    local status = status_made_before(call, err, v1_status_route, are_made(values.changes))
    return status, not status and err or nil
  end
  local status, status_err = call:read(v1_status_route, { email = values.email, portal_id = values.portal_id })
  if not status then
    return nil, errors.after_write(status_err, "the change was made, but the state after it could not be read")
  end
  return status
end

-- Makes one change. Returns the subscriptions that the answer tells of, or nil and an error.
local function make_change(call, change)
  local answer, err = call:send(update_route, {
    email = call.values.email,
    subscription_id = change.id,
    state = wanted_state(change),
    legal_basis = change.legalBasis,
    explanation = change.legalBasisExplanation,
  })
  if answer then return answer.is_empty and {} or answer.value.subscriptionStatuses or {} end
  local status = status_made_before(
    call,
    err,
    status_route,
    function(found) return subscription_made(found, change) ~= nil end
  )
  if not status then return nil, err end
  return { subscription_made(status, change) }
end

-- HubSpot changes one subscription a request.
local function update_each(call)
  local wanted = call.values.changes.subscriptionStatuses
  local status = { email = call.values.email, subscriptionStatuses = {} }
  for index, change in ipairs(wanted) do
    local subscriptions, err = make_change(call, change)
    if not subscriptions then
      if index == 1 then return nil, err end
      return nil,
        errors.after_write(err, ("the first %d of %d subscriptions were changed, then"):format(index - 1, #wanted))
    end
    append(status.subscriptionStatuses, subscriptions)
  end
  return status
end

local function update_dated(call)
  if not call.values.changes.unsubscribeFromAll then return update_each(call) end
  local answer, err = call:send(unsubscribe_all_route, { email = call.values.email })
  if not answer then
    local status = status_made_before(call, err, status_route, are_made(call.values.changes))
    return status, not status and err or nil
  end
  return answer.value or { email = call.values.email, subscriptionStatuses = {} }
end

local CHANGE_TYPES = check.word {
  "SUBSCRIPTION_STATUS",
  "PORTAL_STATUS",
  "SUBSCRIPTION_SPAM_REPORT",
  "PORTAL_SPAM_REPORT",
  "PORTAL_BOUNCE",
}

-- Operations -----------------------------------------------------------------------------------------------------

return {
  types = {
    number = 42,
    summary = "Reads the account's types of e-mail subscriptions.",
    options = {
      business_unit_id = business_unit_id,
      include_translations = { type = check.boolean, description = "true reads their translations too" },
    },
    returns = { list = "subscription type" },
    v1 = {
      method = "GET",
      path = "/email/public/v1/subscriptions",
      query = { { "portalId", from = "portal_id" } },
      idempotent = true,
      answer = shape.v1_types,
      documentation = "api-reference/legacy/communication-preferences/v1/get-subscription-types",
    },
    current = {
      method = "GET",
      path = "/communication-preferences/{api_version}/definitions",
      query = {
        { "businessUnitId", from = "business_unit_id" },
        { "includeTranslations", from = "include_translations" },
      },
      idempotent = true,
      answer = shape.types,
      documentation = "api-reference/latest/communication-preferences/definitions/get-subscription-definitions",
    },
  },

  status = {
    number = 27,
    summary = "Reads which subscriptions an e-mail address has.",
    arguments = { email },
    options = { business_unit_id = business_unit_id },
    returns = { record = "subscription status" },
    v1 = v1_status_route,
    current = status_route,
  },

  update = {
    number = 52,
    summary = "Changes which subscriptions an e-mail address has, or unsubscribes it from everything.",
    irreversible = "What is unsubscribed can't be subscribed again on v1; unsubscribeFromAll can't be undone at all.",
    arguments = { email, { name = "changes", type = changes, description = "what is to be different" } },
    returns = { record = "subscription status" },
    v1 = {
      run = update_v1,
      requests = { v1_update_route, v1_status_route },
      documentation = "api-reference/legacy/marketing-subscriptions-v1/put-email-public-v1-subscriptions-email_address",
    },
    current = {
      run = update_dated,
      requests = { update_route, unsubscribe_all_route, status_route },
      documentation = "api-reference/latest/communication-preferences/guide",
    },
  },

  changes = {
    number = 43,
    summary = "Iterates over the changes of subscriptions, the latest first.",
    options = {
      change_type = { type = CHANGE_TYPES, description = "only of this type" },
      from = { type = check.time, description = "not before this time" },
      to = { type = check.time, description = "not after this time" },
      include_snapshots = { type = check.boolean, description = "true adds what the address had at that time" },
    },
    validate = time_window.complaint,
    returns = { iterator = "subscription change" },
    v1 = {
      method = "GET",
      path = "/email/public/v1/subscriptions/timeline",
      query = {
        { "changeType", from = "change_type" },
        { "startTimestamp", from = "from" },
        { "endTimestamp", from = "to" },
        { "includeSnapshots", from = "include_snapshots" },
      },
      idempotent = true,
      answer = shape.v1_changes_page,
      items = "timeline",
      paging = "opaque_offset",
      page_size = 1000,
      documentation = "api-reference/legacy/marketing-subscriptions-v1/get-email-public-v1-subscriptions-timeline",
    },
  },
}
