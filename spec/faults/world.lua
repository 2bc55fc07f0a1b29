-- A sandbox server for the fault matrix: what is in it at first, and what is in it afterwards. It is asked over a
-- socket of its own, without the client whose answers are to be judged.

local core = require "hubspot.core"
local http = require "socket.http"
local ltn12 = require "ltn12"
local hubspot = require "hubspot"
local sandbox = require "spec.support.sandbox"

local world = {}

local APPLICATION, EVENT_TYPE_NAME, SUBSCRIPTION = 6543, "pe99001_webinar", 146

--- Secrets that no error may show.
world.SECRETS = {
  token = "pat-na1-5fd5b1c4-0000-4a3c-9f1e-2d1c1f7f0a11",
  client_secret = "the-secret-of-the-app",
  refresh_token = "the-refresh-token-of-the-account",
}

--- Seconds that a call may take.
world.DEADLINE = 30

local methods = {}

-- A window of a quota that is full: the portal's clock goes past it.
local function is_refused(self, status)
  if status ~= 429 or not self.window then return false end
  self.server:advance(self.window)
  return true
end

--- Sends a request. Gives its status and the decoded answer.
function methods:ask(method, path, body)
  local answer, text = {}, body and assert(core.encode(body)) or nil
  local _, status = http.request {
    method = method,
    url = self.server.url .. path,
    sink = ltn12.sink.table(answer),
    source = text and ltn12.source.string(text) or nil,
    headers = {
      authorization = not path:find "hapikey=" and "Bearer " .. world.SECRETS.token or nil,
      ["content-type"] = text and "application/json" or nil,
      ["content-length"] = text and #text or nil,
    },
  }
  if is_refused(self, status) then return self:ask(method, path, body) end
  return status, core.decode(table.concat(answer))
end

--- The same, for what has to succeed.
function methods:must(method, path, body)
  local status, answer = self:ask(method, path, body)
  if type(status) ~= "number" or status >= 300 then
    error(("%s %s: %s %s"):format(method, path, tostring(status), core.encode(answer) or ""), 2)
  end
  return answer
end

--- Makes a contact and gives its id.
function methods:create(properties)
  return self:must("POST", "/crm/objects/2026-09/contacts", { properties = properties }).id
end

--- Counts the contacts, or the records of another type, that have this value.
function methods:count(property, value, object_type)
  return self:must("POST", ("/crm/objects/2026-09/%s/search"):format(object_type or "contacts"), {
    filterGroups = core.array {
      { filters = core.array { { propertyName = property, operator = "EQ", value = value } } },
    },
  }).total
end

--- Makes a company and gives its id.
function methods:create_company(name)
  return self:must("POST", "/crm/objects/2026-09/companies", { properties = { name = name } }).id
end

--- Associates a contact with a company.
function methods:associate(contact_id, company_id)
  local path = "/crm/objects/2026-09/contacts/%s/associations/default/companies/%s"
  self:must("PUT", path:format(contact_id, company_id))
end

--- Returns whether a contact is associated with a company.
function methods:is_associated(contact_id, company_id)
  local path = "/crm/objects/2026-09/contacts/%s/associations/companies"
  for _, associated in ipairs(self:must("GET", path:format(contact_id)).results) do
    if tostring(associated.toObjectId) == company_id then return true end
  end
  return false
end

--- Gives the definition of a company property; nil where there is none.
function methods:property(name)
  local status, answer = self:ask("GET", "/crm/properties/2026-09/companies/" .. name)
  return status == 200 and answer or nil
end

--- Gives the pipelines of deals that have this label.
function methods:pipelines(label)
  local found = {}
  for _, pipeline in ipairs(self:must("GET", "/crm/pipelines/2026-09/deals").results) do
    if pipeline.label == label then found[#found + 1] = pipeline end
  end
  return found
end

--- Returns whether there is a contact with this id.
function methods:exists(id) return (self:ask("GET", "/crm/objects/2026-09/contacts/" .. id)) == 200 end

--- Counts the mails that went out to an address.
function methods:mails(address)
  return #self:must("GET", "/email/public/v1/events?eventType=SENT&recipient=" .. core.escape(address)).events
end

function methods:is_unsubscribed(address)
  local answer =
    self:must("GET", "/communication-preferences/2026-09/statuses/" .. core.escape(address) .. "?channel=EMAIL")
  for _, status in ipairs(answer.results) do
    if tostring(status.subscriptionId) == tostring(self.subscription) then return status.status == "UNSUBSCRIBED" end
  end
  return false
end

local function fill(self)
  self.contacts = {}
  for index, contact in ipairs(self:must("GET", "/crm/objects/2026-09/contacts?limit=100").results) do
    self.contacts[index] = contact.id
  end
  self.members = {}
  for index = 1, self.size.members do
    self.members[index] = self.contacts[index]
  end
  -- Each contact has a company of its own.
  self.employers = {}
  for index, id in ipairs(self.members) do
    local path = ("/crm/objects/2026-09/contacts/%s/associations/companies"):format(id)
    self.employers[index] = tostring(self:must("GET", path).results[1].toObjectId)
  end
  local list =
    self:must("POST", "/crm/lists/2026-09", { name = "Members", objectTypeId = "0-1", processingType = "MANUAL" }).list
  self:must("PUT", "/crm/lists/2026-09/" .. list.listId .. "/memberships/add", core.array(self.members))
  local legacy = self:must("GET", "/contacts/v1/lists?count=10").lists[1]
  self.list = { current = list.listId, v1 = tostring(legacy.listId) }
  self.eventTypeId = self:must(
    "POST",
    ("/integrators/timeline/v3/%d/event-templates?hapikey=developer-key"):format(APPLICATION),
    { name = "Webinar", objectType = "contacts" }
  ).id
end

--- Starts over, with a quota where one is given.
function methods:reset(quota)
  self.window = quota and quota.seconds
  self.server:clear_faults()
  self.server:reset {
    contacts = self.size.contacts,
    companies = self.size.contacts,
    v1_lists = true,
    event_types = { EVENT_TYPE_NAME },
    quota = quota,
    search_quota = quota,
    subscription_types = { { id = SUBSCRIPTION, name = "Weekly", description = "News" } },
  }
  fill(self)
end

--- Uses up what is left of the quota.
function methods:use_up_quota()
  local window = self.window
  self.window = nil
  local function ask_until_refused(...)
    repeat
      local status = self:ask(...)
    until status == 429
  end
  ask_until_refused("GET", "/crm/objects/2026-09/contacts?limit=1")
  ask_until_refused("POST", "/crm/objects/2026-09/contacts/search", { limit = 1 })
  self.window = window
end

--- A client of the server; all clients are on one loop, so that the calls of several run concurrently.
function methods:client(options)
  local all = {
    token = world.SECRETS.token,
    base_url = self.server.url,
    loop = self.loop,
    limiter = false,
    retry = { max_attempts = 3, base_delay = 0.001, max_delay = 0.01, budget = 10000 },
    deadline = world.DEADLINE,
  }
  for name, value in pairs(options) do
    all[name] = value
  end
  if all.oauth then all.token = nil end
  return hubspot.new(all)
end

--- A client that has to get its token first.
function methods:oauth_client(options)
  local all = {
    oauth = {
      client_id = "the-app",
      client_secret = world.SECRETS.client_secret,
      refresh_token = world.SECRETS.refresh_token,
    },
  }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  return self:client(all)
end

function methods:stop()
  self.loop:close()
  self.server:stop()
end

--- Starts a server. `size` tells how many `contacts` there are at first, at most 100, how many `members` of a list, and
-- the `latency` of answers in ms.
function world.start(size)
  size = size or { contacts = 12, members = 8, latency = 0 }
  return setmetatable({
    server = sandbox.start { latency = size.latency },
    size = size,
    loop = assert(require("hubspot.loop").choose "plain"),
    eventTypeName = EVENT_TYPE_NAME,
    subscription = SUBSCRIPTION,
  }, { __index = methods })
end

return world
