--- An in-memory HubSpot, to test automation offline.
--
--     local portal = require("hubspot.sandbox").new { contacts = 500 }
--     local client = require("hubspot").new { token = "any", transport = portal }
--
-- `hubspot.sandbox.server` puts a portal on a socket.
local clock = require "hubspot.sandbox.clock"
local dispatch = require "hubspot.sandbox.dispatch"
local email_store = require "hubspot.sandbox.email_store"
local export = require "hubspot.sandbox.export"
local fault = require "hubspot.sandbox.fault"
local fixtures = require "hubspot.sandbox.fixtures"
local inspection = require "hubspot.sandbox.inspection"
local journal = require "hubspot.sandbox.journal"
local list_store = require "hubspot.sandbox.list_store"
local made_up_mail = require "hubspot.sandbox.made_up_mail"
local object_stores = require "hubspot.sandbox.object_stores"
local made_up_objects = require "hubspot.sandbox.made_up_objects"
local oauth = require "hubspot.sandbox.oauth"
local owner_store = require "hubspot.sandbox.owner_store"
local people = require "hubspot.sandbox.people"
local pipeline_store = require "hubspot.sandbox.pipeline_store"
local portal_changes = require "hubspot.sandbox.portal_changes"
local portal_options = require "hubspot.sandbox.portal_options"
local quota = require "hubspot.sandbox.quota"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local router = require "hubspot.sandbox.router"
local schema_store = require "hubspot.sandbox.schema_store"
local smtp_token_store = require "hubspot.sandbox.smtp_token_store"
local subscription_store = require "hubspot.sandbox.subscription_store"
local time = require "hubspot.sandbox.time"
local timeline_store = require "hubspot.sandbox.timeline_store"
local webhook_events = require "hubspot.sandbox.webhook_events"
local webhooks = require "hubspot.sandbox.webhooks"

local sandbox = {}

local PORTAL_ID = 99001
local KEPT_REQUESTS = 1000
local ROUTES = {
  "contacts_v1",
  "objects",
  "object_batches",
  "deal_splits",
  "properties_v1",
  "properties",
  "schemas",
  "associations",
  "association_batches",
  "associations_v3",
  "limits",
  "property_groups",
  "property_validations",
  "association_labels",
  "pipelines",
  "owners",
  "account",
  "lists",
  "list_memberships",
  "lifecycle_stages_v1",
  "timeline_v1",
  "timeline_v3",
  "timeline",
  "campaigns_v1",
  "email_events_v1",
  "subscriptions_v1",
  "subscriptions_v3",
  "subscriptions",
  "transactional_v1",
  "transactional",
  "oauth",
  "elsewhere",
}
local REMOVED_ROUTES = { "lists_v1" }

local LATEST = portal_options.LATEST
local LONGEST_ADVANCE = 10 * 366 * 86400

local methods = {}

for _, shared in ipairs { inspection, portal_changes } do
  for name, method in pairs(shared) do
    methods[name] = method
  end
end

local function tree_of(...)
  local tree = router.new()
  for _, names in ipairs { ... } do
    for _, name in ipairs(names) do
      for _, route in ipairs(require("hubspot.sandbox.route." .. name)) do
        tree:add(route)
      end
    end
  end
  return tree
end

-- No portal changes its routes: all share these.
local trees

local function routes_of(options)
  trees = trees
    or {
      without_v1_lists = { answered = tree_of(ROUTES), removed = tree_of(REMOVED_ROUTES) },
      with_v1_lists = { answered = tree_of(ROUTES, REMOVED_ROUTES), removed = tree_of() },
    }
  return options.v1_lists and trees.with_v1_lists or trees.without_v1_lists
end

local function tokens_problem(tokens)
  for _, given in ipairs(tokens) do
    if type(given) ~= "table" or type(given.token) ~= "string" or type(given.scopes or {}) ~= "table" then
      return "every one of tokens needs a token, and may have scopes"
    end
  end
  return nil
end

local CHECKS = {
  tokens = tokens_problem,
  oauth_apps = oauth.apps_problem,
  oauth = oauth.problem,
  fixtures = fixtures.problem,
  event_types = timeline_store.problem,
  subscription_types = subscription_store.problem,
  quota = function(spec) return quota.problem("quota", spec) end,
  search_quota = function(spec) return quota.problem("search_quota", spec) end,
  webhooks = webhooks.problem,
}

local function problem_of_export(options)
  local added = options.fixtures and export.is_one(options.fixtures) and export.added_option(options)
  return added and added .. " can't be added to an export" or nil
end

local function problem_of(options)
  for name, value in pairs(options) do
    local problem = portal_options.problem(name, value)
    if problem then return problem end
  end
  for name, check in pairs(CHECKS) do
    local problem = options[name] and check(options[name])
    if problem then return problem end
  end
  return problem_of_export(options)
end

local function scope_set(scopes)
  if not scopes then return nil end
  local set = {}
  for _, scope in ipairs(scopes) do
    set[scope] = true
  end
  return set
end

-- The options of a portal with those of an export among them; or nil and what is wrong with them.
local function completed(options)
  local problem = problem_of(options)
  if problem then return nil, problem end
  if not (options.fixtures and export.is_one(options.fixtures)) then return options end
  options = export.options(options)
  problem = problem_of(options)
  if problem then return nil, problem end
  return options
end

-- The tokens that are accepted, each with its scopes: `listed`, and `scopes` as a set; nil where the portal's count.
local function tokens_of(options)
  local tokens = {}
  if options.token then tokens[options.token] = {} end
  for _, given in ipairs(options.tokens or {}) do
    tokens[given.token] = { scopes = scope_set(given.scopes), listed = given.scopes }
  end
  return tokens
end

-- The records of a start raise no events.
local function note_event(self, event)
  if self.webhooks then self.webhooks:note(event) end
end

local function link_event(self, link)
  local function typed(one) return { id = one.id, object_type = self.objects:by_id(one.type) } end
  return webhook_events.of_association(typed(link.from), typed(link.to), link.definition, link.is_removed)
end

local function webhooks_of(self, options)
  local given = options.webhooks
  return webhooks.new {
    url = given.url,
    client_secret = given.client_secret,
    events = given.events,
    now = self.clock.now,
    seed = options.seed,
    portal_id = self.contacts.portal_id,
  }
end

-- Makes all anew, and forgets requests and faults; requests are numbered on.
local function set_up(self, options)
  self.options, self.webhooks = options, nil
  self.clock = clock.new(options.clock)
  self.scopes, self.granted = scope_set(options.scopes), nil
  self.tokens = tokens_of(options)
  self.quota = quota.new(options.quota, options.search_quota)
  self.faults = {}
  self.journal = journal.new(options.kept_requests or KEPT_REQUESTS, self.journal)
  local routes = routes_of(options)
  self.routes, self.removed = routes.answered, routes.removed
  self.objects = object_stores.new {
    now = self.clock.now,
    seed = options.seed,
    search_lag = options.search_lag,
    portal_id = options.portal_id or PORTAL_ID,
    ids_sorted_as_texts = options.ids_sorted_as_texts,
    search_ceiling = options.search_ceiling,
    keeps_primary_id = options.keeps_primary_id,
    first_id = options.first_id,
    is_granted = function(scope) return not self.granted or self.granted[scope] or false end,
    on_leave = function(type, id, winner_id) self.lists:forget(type.id, id, winner_id) end,
    on_event = options.webhooks and function(...) note_event(self, webhook_events.of_record(...)) end,
    on_link = options.webhooks and function(link) note_event(self, link_event(self, link)) end,
  }
  self.pipelines = pipeline_store.new(self.clock.now, self.objects)
  self.objects.pipelines = self.pipelines
  self.owners = owner_store.new(self.clock.now)
  self.schemas = schema_store.new(self.clock.now, self.objects)
  self.contacts = self.objects:store(self.objects:get "contacts")
  self.lists = list_store.new(self.clock.now, self.objects)
  self.contacts:generate(options.contacts or 0, people, options.contacts_changed_at)
  made_up_objects.generate(self.objects, options)
  local portal_id, now = self.contacts.portal_id, self.clock.now
  self.oauth = oauth.new { now = now, portal_id = portal_id, app = options.oauth, apps = options.oauth_apps }
  self.timeline = timeline_store.new(now, portal_id, options.event_types)
  self.email = email_store.new(now, portal_id)
  self.subscriptions = subscription_store.new(now, portal_id, options.subscription_types)
  self.smtp_tokens = smtp_token_store.new(now, portal_id)
  made_up_mail.generate(self, options.campaigns or 0, options.email_events or 0)
  if options.fixtures then fixtures.load(self, options.fixtures) end
  if options.webhooks then self.webhooks = webhooks_of(self, options) end
end

-- Makes all anew, or leaves all as it is where that fails.
local function start_over(self, options)
  local made, message = completed(options)
  if not made then error("hubspot.sandbox: " .. message, 3) end
  local before = {}
  for name, value in pairs(self) do
    before[name] = value
  end
  local fine, problem = pcall(set_up, self, made)
  if fine then return end
  for name in pairs(self) do
    self[name] = nil
  end
  for name, value in pairs(before) do
    self[name] = value
  end
  error(problem, 0)
end

--- Moves the portal's clock ahead.
-- @tparam number seconds at most ten years
function methods:advance(seconds)
  if
    type(seconds) ~= "number"
    or not (seconds >= 0 and seconds <= LONGEST_ADVANCE)
    or self.clock.now() + seconds * 1000 > LATEST
  then
    error("hubspot.sandbox: advance must be a number of seconds from 0 to " .. LONGEST_ADVANCE, 2)
  end
  self.clock:advance(seconds)
end

--- Asks for a fault; see `hubspot.sandbox.fault` for the kinds and what chooses the requests.
function methods:fault(spec)
  local made, message = fault.new(spec)
  if not made then error("hubspot.sandbox: " .. message, 2) end
  table.insert(self.faults, made)
end

--- Forgets all faults that did not strike yet.
function methods:clear_faults() self.faults = {} end

--- The faults that did not strike as often as they were asked to, in the order in which they were asked for.
function methods:waiting_faults()
  local list = {}
  for index, waiting in ipairs(self.faults) do
    list[index] = fault.shown(waiting)
  end
  return list
end

--- The last requests as they came, the oldest first, and without tokens: `{ number=, at=, method=, path=, query=,
-- headers=, body=, done=, status=, ms=, fault=, answer= }`; `done` is the status that carrying it out gave, nil where a
-- fault kept it from that. Options: `after` (a number), `limit`, `summary` (true: no headers and bodies).
function methods:requests(options) return self.journal:list(options or {}) end

--- The number of the last request; those to come have larger ones.
function methods:last_request() return self.journal.last end

--- Forgets the requests.
function methods:clear_requests() self.journal:clear() end

--- The portal's time in ms.
function methods:time() return self.clock:time() end

--- The quotas now: `general` and `search`, each `{ limit=, seconds=, used=, refused=, enforced= }`, and `daily`.
function methods:quotas() return self.quota:state(self.clock:time()) end

--- Gives quotas: `general`, `search`, each `{ limit=, seconds= }`, or false to refuse nothing.
function methods:set_quotas(quotas)
  local problem = quota.change_problem(quotas)
  if problem then error("hubspot.sandbox: " .. problem, 2) end
  self.quota:change(quotas)
end

--- The next webhooks to deliver, `{ url =, method =, headers =, body =, … }`, signed; nil where none are due. A server
-- delivers them by itself; a program without one tells by `answer_webhook` what became of them.
function methods:due_webhook() return self.webhooks and self.webhooks:due() end

--- Tells the status with which a receiver answered a delivery of `due_webhook`; nil where it gave none.
function methods:answer_webhook(delivery, status) self.webhooks:answered(delivery, status) end

--- The webhooks that wait, those in flight, those to be sent again, and the last that were sent.
function methods:webhook_state() return self.webhooks and self.webhooks:state() or {} end

--- All that is in the portal, as a table that JSON can hold: `fixtures` of a portal that answers the same.
function methods:export() return export.write(self) end

--- Starts over, as these options say, or as the portal was made.
function methods:reset(options) start_over(self, options or self.made_with) end

--- Starts over as the portal was made, with some options changed.
function methods:restart(changes)
  local options = {}
  for _, source in ipairs { self.made_with, changes or {} } do
    for name, value in pairs(source) do
      options[name] = value
    end
  end
  start_over(self, options)
end

--- Starts over with these fixtures, and otherwise as the portal was made. An export brings its own options.
function methods:reset_to(given)
  if type(given) ~= "table" then error("hubspot.sandbox: fixtures must be a table, got " .. type(given), 2) end
  local options = {}
  for name, value in pairs(self.made_with) do
    if not export.is_one(given) or export.is_of_process(name) then options[name] = value end
  end
  options.fixtures = given
  start_over(self, options)
end

local function ms_since(began) return math.floor((clock.seconds() - began) * 100000 + 0.5) / 100 end

--- Answers a request of a transport; `latency` (seconds) is what its answer waits. Gives the answer, and an effect
-- where a fault touches the connection: `{ kind = "reset" | "cut" | "slow" | "hang", seconds= }`; after a reset and in
-- a hang there is no answer. The server puts these on its socket.
function methods:serve(raw)
  local began, req = clock.seconds(), request.parse(raw)
  local entry = self.journal:note(req, self.clock:time())
  local function do_it(asked)
    local answer = dispatch.carry_out(self, asked)
    entry.done = answer.status
    return answer
  end
  local struck = fault.choose(self.faults, req)
  local answer, effect
  if struck then
    answer, effect = fault.strike(struck, req, do_it)
  else
    answer = do_it(req)
  end
  if answer then
    reply.correlate(answer)
    answer.headers.date = answer.headers.date or time.http(self.clock.now())
  end
  local waits = ((raw.latency or 0) + (effect and effect.seconds or 0)) * 1000
  self.journal:answered(entry, { answer = answer, ms = ms_since(began) + waits, fault = struck and struck.kind })
  return answer, effect
end

local function network_error(message) return { kind = "network", message = message, sent = true } end

local function timeout_error() return { kind = "timeout", message = "no answer in time", sent = true } end

-- The portal as a transport: there is no socket to break or wait on, so broken connections are errors, and waiting
-- moves the clock.
local function transport(self, raw)
  local answer, effect = self:serve(raw)
  if answer and raw.method == "HEAD" then answer.body = "" end
  if not effect then
    return answer
  elseif effect.kind == "reset" then
    return nil, network_error "connection reset by peer"
  elseif effect.kind == "cut" then
    return nil, network_error "connection closed before the answer was complete"
  elseif effect.kind == "hang" or (raw.timeout and effect.seconds >= raw.timeout) then
    self:advance(raw.timeout or 0)
    return nil, timeout_error()
  end
  self:advance(effect.seconds)
  return answer
end

local metatable = { __name = "hubspot.sandbox.Portal", __index = methods, __call = transport }

--- A portal.
-- @tparam[opt] table options see `hubspot.sandbox.portal_options`; all of them are optional
-- @treturn table the portal, which can be called as a client's transport
function sandbox.new(options)
  options = options or {}
  local made, message = completed(options)
  if not made then error("hubspot.sandbox: " .. message, 2) end
  -- Defaults of a client with this transport: a portal without a quota of its own needs no limiter.
  local first = made.tokens and made.tokens[1]
  local defaults = { token = made.token or first and first.token or "sandbox" }
  if not made.quota and not made.search_quota then defaults.limiter = false end
  local self = setmetatable({ made_with = options, defaults = defaults }, metatable)
  set_up(self, made)
  return self
end

return sandbox
