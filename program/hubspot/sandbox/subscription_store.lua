--- Subscriptions: their types, the choices of each address, and the history of these.
--
-- Choices belong to an address, whether a contact has it or not. Addresses are in lower case here.
local subscription_store = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.SubscriptionStore", __index = methods }

local DEFAULT = {
  { id = 146, name = "Weekly", description = "News of the week" },
  { id = 147, name = "Product updates", description = "What is new in the product" },
  { id = 151, name = "Events", description = "Webinars and meetings" },
  { id = 152, name = "Old newsletter", description = "No longer sent", active = false },
}
local MEMBERS = { id = "number", name = "string", description = "string", active = "boolean" }

--- Returns the problem of the option `subscription_types` of a portal, or nil.
function subscription_store.problem(types)
  for _, item in ipairs(types) do
    if type(item) ~= "table" or not item.id or not item.name then
      return "every subscription type needs an id and a name"
    end
    for name, value in pairs(item) do
      if type(value) ~= MEMBERS[name] then
        return string.format("subscription type: %s can't be %s", tostring(name), tostring(value))
      end
    end
  end
  return nil
end

--- A store with these types.
function subscription_store.new(now, portal_id, types)
  local store =
    setmetatable({ now = now, portal_id = portal_id, types = {}, by_id = {}, addresses = {}, history = {} }, metatable)
  local moment = now()
  for index, item in ipairs(types or DEFAULT) do
    local definition = {
      id = item.id,
      name = item.name,
      description = item.description or "",
      active = item.active ~= false,
      created = moment,
      updated = moment,
    }
    store.types[index], store.by_id[item.id] = definition, definition
  end
  return store
end

function methods:definitions() return self.types end

local function empty_address(email)
  return { email = email, choices = {}, unsubscribed = false, unsubscribed_at = nil, spam = false, bounced = false }
end

--- Returns the choices and states of an address.
function methods:get(email) return self.addresses[email] or empty_address(email) end

local function open(store, email)
  store.addresses[email] = store.addresses[email] or empty_address(email)
  return store.addresses[email]
end

-- A copy of an address as it is now, for whoever wants to know later how it was.
local function snapshot(address)
  local copy = {}
  for name, value in pairs(address) do
    copy[name] = value
  end
  copy.choices = {}
  for id, choice in pairs(address.choices) do
    copy.choices[id] = choice
  end
  return copy
end

-- `changes` are `{ change=, kind=, subscription_id= }`; `event` is the e-mail event that caused them.
local function note(store, address, changes, source, event)
  if #changes == 0 then return end
  table.insert(store.history, {
    timestamp = event and event.created or store.now(),
    email = address.email,
    changes = changes,
    source = source,
    event = event,
    snapshot = snapshot(address),
  })
end

local CHANGES = { SUBSCRIBED = "SUBSCRIBED", UNSUBSCRIBED = "UNSUBSCRIBED", NOT_SPECIFIED = "NOT_SPECIFIED" }

--- Writes choices: a list of `{ id=, status= "SUBSCRIBED" | "UNSUBSCRIBED" | "NOT_SPECIFIED", legal_basis=,
-- explanation=, opt_state= }`. `cause` has `source` and, where an e-mail event is the cause, `event`.
function methods:set(email, choices, cause)
  local address, changes = open(self, email), {}
  local moment = cause.event and cause.event.created or self.now()
  for _, choice in ipairs(choices) do
    local old = address.choices[choice.id]
    if (old and old.status or "NOT_SPECIFIED") ~= choice.status then
      changes[#changes + 1] =
        { change = CHANGES[choice.status], kind = "SUBSCRIPTION_STATUS", subscription_id = choice.id }
    end
    -- Choices are never changed in place: snapshots hold them.
    address.choices[choice.id] = choice.status ~= "NOT_SPECIFIED"
        and {
          status = choice.status,
          updated = moment,
          source = cause.source,
          legal_basis = choice.legal_basis,
          explanation = choice.explanation,
          opt_state = choice.opt_state,
        }
      or nil
    if choice.status == "SUBSCRIBED" and address.unsubscribed then
      address.unsubscribed, address.unsubscribed_at = false, nil
      changes[#changes + 1] = { change = "SUBSCRIBED", kind = "PORTAL_STATUS" }
    end
  end
  note(self, address, changes, cause.source, cause.event)
  return address
end

--- Unsubscribes an address from everything.
function methods:unsubscribe_all(email, source)
  local address = open(self, email)
  local was_unsubscribed = address.unsubscribed
  address.unsubscribed = true
  if not was_unsubscribed then address.unsubscribed_at = self.now() end
  for _, definition in ipairs(self.types) do
    local old = address.choices[definition.id]
    if not old or old.status ~= "UNSUBSCRIBED" then
      address.choices[definition.id] = { status = "UNSUBSCRIBED", updated = self.now(), source = source }
    end
  end
  note(self, address, was_unsubscribed and {} or { { change = "UNSUBSCRIBED", kind = "PORTAL_STATUS" } }, source)
  return address
end

--- Notes that e-mail to an address came back, or does so no longer.
function methods:set_bounced(email, bounced, event)
  local address = open(self, email)
  if address.bounced ~= bounced then
    address.bounced = bounced
    note(
      self,
      address,
      { { change = bounced and "BOUNCED" or "UNBOUNCED", kind = "PORTAL_BOUNCE" } },
      "SOURCE_NON_DELIVERY_REPORT",
      event
    )
  end
end

--- Notes that an address called an e-mail spam.
function methods:report_spam(email, event)
  local address = open(self, email)
  if not address.spam then
    address.spam = true
    note(self, address, { { change = "REPORTED_SPAM", kind = "PORTAL_SPAM_REPORT" } }, "SOURCE_FEEDBACK_LOOP", event)
  end
end

return subscription_store
