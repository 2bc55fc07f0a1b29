--- Webhooks: events in batches of at most 100, signed as HubSpot signs them, and sent again where a receiver fails.
--
-- This module opens no socket: `due` gives the next delivery, whoever sends it tells the outcome to `answered`. A
-- delivery is `{ number =, url =, method =, headers =, body =, attempt = }`.
local base64 = require "hubspot.base64"
local core = require "hubspot.core"
local crypto = require "hubspot.crypto"
local people = require "hubspot.sandbox.people"
local texts = require "hubspot.sandbox.text"
local webhook_events = require "hubspot.sandbox.webhook_events"

local webhooks = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.Webhooks", __index = methods }

local MOST_EVENTS = 100
-- Deliveries that wait for an answer at once, as HubSpot's default has it.
local MOST_AT_ONCE = 10
local APP_ID, FIRST_SUBSCRIPTION = 99002, 25001
local LARGEST_EVENT_ID = 2147483646
local KEPT_OUTCOMES = 1000
-- Minutes before each of the ten retries, which spread over a day.
local RETRY_MINUTES = { 1, 5, 15, 30, 60, 120, 180, 240, 300, 480 }

local KINDS = {}
for _, kind in ipairs(webhook_events.KINDS) do
  KINDS[kind] = true
end

-- `contact.propertyChange:email` as its event type and its property.
local function parts_of(name)
  local event_type, property = name:match "^([%w_*]+%.[%w*]+):?(.*)$"
  return event_type, property ~= "" and property or nil
end

local function event_problem(name)
  local event_type, property = parts_of(tostring(name))
  local kind = event_type and event_type:match "%.(.*)$"
  if not kind or not (KINDS[kind] or kind == "*") or (property and kind ~= "propertyChange") then
    return "webhooks.events are like contact.creation, contact.* and contact.propertyChange:email, got "
      .. tostring(name)
  end
  return nil
end

local FIELDS = { url = "string", client_secret = "string", events = "table" }

--- The problem of the option `webhooks` of a portal, or nil.
function webhooks.problem(given)
  for name, value in pairs(given) do
    if not FIELDS[name] then return "unknown option webhooks." .. tostring(name) end
    if type(value) ~= FIELDS[name] then return string.format("webhooks.%s must be a %s", name, FIELDS[name]) end
  end
  if not (given.url or ""):find "^https?://[^/]" then return "webhooks.url must be a URL with its scheme and host" end
  if (given.client_secret or "") == "" then return "webhooks.client_secret is missing: it signs them" end
  for _, name in ipairs(given.events or {}) do
    local problem = event_problem(name)
    if problem then return problem end
  end
  local library, message = crypto.library()
  return not library and "webhooks: " .. message or nil
end

local function wanted_tests(events)
  if not events or #events == 0 then return nil end
  local tests = {}
  for index, name in ipairs(events) do
    local event_type, property = parts_of(name)
    tests[index] = { fits = texts.wildcard(event_type), property = property }
  end
  return tests
end

--- Webhooks of a portal: `url`, `client_secret`, `events` (event types, with `*`; all when left out); `now` gives the
-- portal's time in ms.
function webhooks.new(options)
  return setmetatable({
    url = options.url,
    client_secret = options.client_secret,
    wanted = wanted_tests(options.events),
    now = options.now,
    portal_id = options.portal_id,
    random = people.random(options.seed or 1),
    crypto = assert(crypto.library()),
    subscriptions = {},
    last_subscription = FIRST_SUBSCRIPTION - 1,
    events = {},
    first = 1,
    retries = {},
    in_flight = 0,
    sent = 0,
    outcomes = {},
  }, metatable)
end

local function is_wanted(self, event)
  if not self.wanted then return true end
  for _, test in ipairs(self.wanted) do
    if test.fits(event.subscriptionType) and (not test.property or test.property == event.propertyName) then
      return true
    end
  end
  return false
end

-- Each event type has a subscription, and each property whose changes are told.
local function subscription_of(self, event)
  local key = event.subscriptionType .. " " .. (event.propertyName or "")
  if not self.subscriptions[key] then
    self.last_subscription = self.last_subscription + 1
    self.subscriptions[key] = self.last_subscription
  end
  return self.subscriptions[key]
end

--- Takes an event of `webhook_events`, to be delivered where the app subscribed to it.
function methods:note(event)
  if not event or not is_wanted(self, event) then return end
  event.eventId, event.subscriptionId = self.random(LARGEST_EVENT_ID), subscription_of(self, event)
  event.portalId, event.appId = self.portal_id, APP_ID
  event.occurredAt = self.now()
  self.events[#self.events + 1] = event
end

local function take_events(self)
  local batch = {}
  while self.first <= #self.events and #batch < MOST_EVENTS do
    batch[#batch + 1] = self.events[self.first]
    self.first = self.first + 1
  end
  if self.first > #self.events then
    self.events, self.first = {}, 1
  end
  return batch[1] and { events = batch, attempt = 0 }
end

local function take_retry(self)
  local now = self.now()
  for index, delivery in ipairs(self.retries) do
    if delivery.due <= now then return table.remove(self.retries, index) end
  end
  return nil
end

local function hex(bytes)
  return (bytes:gsub(".", function(char) return string.format("%02x", char:byte()) end))
end

-- A receiver compares the timestamp with its own clock, so it is the machine's time, and not the portal's.
local function sign(self, body)
  local timestamp = string.format("%d000", os.time())
  local text = "POST" .. self.url .. body .. timestamp
  return {
    ["content-type"] = "application/json",
    ["user-agent"] = "HubSpot Webhooks",
    ["x-hubspot-request-timestamp"] = timestamp,
    ["x-hubspot-signature"] = hex(self.crypto.sha256(self.client_secret .. body)),
    ["x-hubspot-signature-version"] = "v1",
    ["x-hubspot-signature-v3"] = base64.encode(self.crypto.hmac_sha256(self.client_secret, text)),
  }
end

local function body_of(delivery)
  for _, event in ipairs(delivery.events) do
    event.attemptNumber = delivery.attempt
  end
  return assert(core.encode(core.array(delivery.events)))
end

--- The next delivery to send, or nil where none is due or ten wait for their answers.
function methods:due()
  if self.in_flight >= MOST_AT_ONCE then return nil end
  local delivery = take_retry(self) or take_events(self)
  if not delivery then return nil end
  self.in_flight, self.sent = self.in_flight + 1, self.sent + 1
  delivery.number, delivery.url, delivery.method = self.sent, self.url, "POST"
  delivery.body = body_of(delivery)
  delivery.headers = sign(self, delivery.body)
  return delivery
end

local function is_success(status) return status ~= nil and status >= 200 and status < 300 end

local function note_outcome(self, delivery, status)
  if #self.outcomes >= KEPT_OUTCOMES then table.remove(self.outcomes, 1) end
  self.outcomes[#self.outcomes + 1] = {
    number = delivery.number,
    at = self.now(),
    events = #delivery.events,
    attempt = delivery.attempt,
    status = status,
    retry_at = delivery.due,
  }
end

--- Tells the status that a receiver gave for a delivery; nil where there was none within five seconds.
function methods:answered(delivery, status)
  self.in_flight = self.in_flight - 1
  local minutes = not is_success(status) and RETRY_MINUTES[delivery.attempt + 1]
  delivery.due = nil
  if minutes then
    -- A spread of a half to one and a half.
    delivery.due = self.now() + math.floor(minutes * 60000 * (0.5 + self.random(1000) / 1000))
    delivery.attempt = delivery.attempt + 1
    table.insert(self.retries, delivery)
  end
  note_outcome(self, delivery, status)
end

--- The state now: `waiting` events, `in_flight` deliveries, `retries` (when each is due), and `deliveries`, the last
-- outcomes: `{ number =, at =, events =, attempt =, status =, retry_at = }`.
function methods:state()
  local retries, outcomes = {}, {}
  for index, delivery in ipairs(self.retries) do
    retries[index] = { due = delivery.due, attempt = delivery.attempt, events = #delivery.events }
  end
  for index, outcome in ipairs(self.outcomes) do
    outcomes[index] = outcome
  end
  return {
    waiting = #self.events - self.first + 1,
    in_flight = self.in_flight,
    retries = core.array(retries),
    deliveries = core.array(outcomes),
  }
end

return webhooks
