-- A sandbox portal in the same process that lives while it is read: between requests records come, go, are merged and
-- changed, time passes, and requests fail. The same seed makes the same portal and the same changes.

local core = require "hubspot.core"
local people = require "hubspot.sandbox.people"
local virtual_loop = require "spec.support.virtual_loop"

local changing_portal = {}

local DAY_MS = 86400000
local BEGINNING = 1795000000000

local function machines(count)
  local records = {}
  for index = 1, count do
    records[index] = { properties = { serial = "first " .. index } }
  end
  return {
    schemas = {
      {
        name = "machines",
        labels = { singular = "Machine", plural = "Machines" },
        primaryDisplayProperty = "serial",
        properties = {
          { name = "serial", label = "Serial number", type = "string", fieldType = "text" },
          { name = "seen", label = "Times seen", type = "number", fieldType = "number" },
        },
      },
    },
    records = { p99001_machines = records },
  }
end

--- The types of records that a portal can be of: `path`, the type in paths; `fill(options, count)`, which lets the
-- portal begin with some; `property`, one that any text may be in, and `needed`, what a new record must have besides;
-- `changing`, the property that changes; `created`, that with the time of its creation.
changing_portal.TYPES = {
  contacts = {
    path = "contacts",
    property = "lastname",
    changing = "phone",
    created = "createdate",
    fill = function(options, count) options.contacts = count end,
  },
  companies = {
    path = "companies",
    property = "name",
    changing = "phone",
    created = "createdate",
    fill = function(options, count) options.companies = count end,
  },
  deals = {
    path = "deals",
    property = "dealname",
    changing = "amount",
    created = "createdate",
    needed = { dealstage = "qualifiedtobuy" },
    fill = function(options, count) options.deals = count end,
  },
  machines = {
    path = "p99001_machines",
    property = "serial",
    changing = "seen",
    created = "hs_createdate",
    fill = function(options, count) options.fixtures = machines(count) end,
  },
}

-- The sandbox's own clock runs with real time, and a seed would not repeat its run.
local function stopped_clock(start)
  local now = start or BEGINNING
  local clock = {}
  clock.now = function() return now end
  clock.time = clock.now
  function clock:advance(seconds) now = now + math.floor(seconds * 1000) end -- luacheck: ignore self
  return clock
end

package.loaded["hubspot.sandbox.clock"] = { new = stopped_clock, seconds = os.clock }
local sandbox = require "hubspot.sandbox"

local methods = {}

--- Sends a request to the portal, beside the client that is watched.
function methods:must(method, path, body)
  local answer = self.portal {
    method = method,
    url = "https://api.hubapi.com" .. path,
    headers = {
      authorization = "Bearer any",
      ["content-type"] = "application/json",
    },
    body = body and core.encode(body),
  }
  if answer.status >= 300 then error(("%s %s: %d %s"):format(method, path, answer.status, answer.body), 0) end
  return answer.body ~= "" and core.decode(answer.body) or nil
end

--- The resource of a client that has the portal's records.
function methods:records(client) return client:objects(self.type.path) end

function methods:one_in(count) return self.random(count) == 1 end

-- The records that are alive, with their ids as texts, in the order in which they came.
local function take_living(self) return self.living[self.random(#self.living)] end

local function forget(self, id)
  for index, living in ipairs(self.living) do
    if living == id then table.remove(self.living, index) end
  end
  self.untouched[id] = nil
end

local CHANGES = {
  create = function(self)
    self.created = self.created + 1
    local properties = { [self.type.property] = tostring(self.created) }
    for name, value in pairs(self.type.needed or {}) do
      properties[name] = value
    end
    local made = self:must("POST", self.path, { properties = properties })
    self.living[#self.living + 1] = made.id
    self.ever[made.id] = true
  end,
  delete = function(self)
    local id = take_living(self)
    if not id then return end
    self:must("DELETE", self.path .. "/" .. id)
    forget(self, id)
  end,
  merge = function(self)
    local into, from = take_living(self), take_living(self)
    if not into or into == from then return end
    local survivor = self:must("POST", self.path .. "/merge", { primaryObjectId = into, objectIdToMerge = from })
    forget(self, from)
    self.changed[into] = true
    if survivor.id == into then return end
    forget(self, into)
    self.living[#self.living + 1] = survivor.id
    self.ever[survivor.id], self.survivors[survivor.id] = true, true
  end,
  update = function(self)
    local id = take_living(self)
    if not id then return end
    self:must("PATCH", self.path .. "/" .. id, { properties = { [self.type.changing] = tostring(self.random(1000)) } })
    self.changed[id] = true
  end,
  -- Somebody joins the list that is read.
  join = function(self)
    if not self.list or #self.outsiders == 0 then return end
    local id = table.remove(self.outsiders, self.random(#self.outsiders))
    self:must("PUT", ("/crm/lists/2026-09/%s/memberships/add"):format(self.list), core.array { id })
  end,
}
local KINDS_OF_CHANGE = { "join", "join", "create", "create", "delete", "delete", "delete", "merge", "update" }

--- Changes something.
function methods:change()
  self.portal:advance(self.random(4) - 1)
  local kind = KINDS_OF_CHANGE[self.random(#KINDS_OF_CHANGE)]
  self.note(kind)
  CHANGES[kind](self)
end

local FAILURES = {
  function() return { status = 500, headers = {}, body = '{"status":"error","message":"internal error"}' } end,
  function() return { status = 503, headers = {}, body = "<html></html>" } end,
  function() return { status = 429, headers = {}, body = '{"policyName":"SECONDLY"}' } end,
  function() return nil, { kind = "network", message = "connection reset by peer", sent = true } end,
  function() return { status = 200, headers = {}, body = '{"results":[' } end,
}

-- Counts of a search lag, as all that it tells does.
local function with_late_count(self, request, answer)
  if not self.counts_lag or not request.body or not request.body:find '"limit":1[,}]' or not self:one_in(3) then
    return answer
  end
  answer.body = answer.body:gsub(
    '"total":(%d+)',
    function(total) return ('"total":%d'):format(total + self.random(3)) end
  )
  return answer
end

-- Cursors that are no ids from some id on.
local function with_opaque_cursors(self, answer)
  answer.body = answer.body:gsub('"after":"(%d+)"', function(id)
    if tonumber(id) >= self.opaque_from then return ('"after":"x%s"'):format(id) end
  end)
  return answer
end

-- An id that never was a record's is no cursor: some records after it are passed over.
local function without_first(answer)
  local decoded = core.decode(answer.body)
  if #decoded.results > 2 then
    table.remove(decoded.results, 1)
    table.remove(decoded.results, 1)
    answer.body = core.encode(decoded)
  end
  return answer
end

local function listed(self, request)
  local after = request.url:match "[?&]after=x?(%d+)"
  request.url = request.url:gsub("([?&]after=)x", "%1")
  local answer = self.portal(request)
  if self.opaque_from then return with_opaque_cursors(self, answer) end
  if self.wants_records and after and not self.ever[after] then return without_first(answer) end
  return answer
end

local function answer_of(self, request)
  if request.url:find(self.path .. "?", 1, true) then return listed(self, request) end
  return with_late_count(self, request, self.portal(request))
end

local function transport(self)
  return function(request)
    self.requests = self.requests + 1
    if self.loop then self.loop:sleep(self.random(100) / 1000) end
    while self.random(100) <= self.changes_a_hundred do
      self:change()
    end
    if self.random(100) <= self.failures_a_hundred then
      self.failures = self.failures + 1
      return FAILURES[self.random(#FAILURES)]()
    end
    self.note(("%s %s %s"):format(request.method, request.url:sub(1, 300), (request.body or ""):sub(1, 300)))
    return answer_of(self, request)
  end
end

--- Makes a portal. Its `untouched` has the ids of the records that were there from the beginning and were neither
-- deleted nor merged into another, `changed` those that were changed since.
-- @tparam integer seed
-- @tparam function note function(text), called at each change
-- @tparam[opt="contacts"] string name of its type of records, one of `TYPES`
function changing_portal.new(seed, note, name)
  local random = people.random(seed)
  for _ = 1, 10 do
    random(100)
  end
  local kind = assert(changing_portal.TYPES[name or "contacts"])
  local self = setmetatable({
    type = kind,
    path = "/crm/objects/2026-09/" .. kind.path,
    random = random,
    note = note,
    requests = 0,
    failures = 0,
    created = 0,
    untouched = {},
    changed = {},
    living = {},
    ever = {},
    survivors = {},
    loop = virtual_loop.new(random),
  }, { __index = methods })
  local LAGS, FIRST_IDS = { 0, 0, 2, 30 }, { 1, 70, 950, 9700, 4127 }
  local options = {
    seed = random(1000000),
    first_id = FIRST_IDS[random(#FIRST_IDS)],
    ids_sorted_as_texts = self:one_in(2),
    keeps_primary_id = self:one_in(2),
    search_lag = LAGS[random(#LAGS)],
    clock = BEGINNING,
    v1_lists = true,
    contacts_changed_at = self:one_in(3) and BEGINNING - DAY_MS or nil,
  }
  kind.fill(options, random(90))
  self.portal = sandbox.new(options)
  -- Of 72 contacts one is 30 days old to the millisecond, and would leave what v1 tells of at the first change.
  self.portal:advance(1)
  local after
  repeat
    local page = self:must("GET", self.path .. "?limit=100" .. (after and "&after=" .. after or ""))
    for _, record in ipairs(page.results) do
      self.living[#self.living + 1] = record.id
      self.untouched[record.id], self.ever[record.id] = true, true
    end
    after = page.paging and page.paging.next.after
  until not after
  self.first_ids = {}
  for index, id in ipairs(self.living) do
    self.first_ids[index] = id
  end
  self.outsiders = {} -- records that may join the list
  self.transport = transport(self)
  self.counts_lag = self:one_in(3)
  if self:one_in(6) then self.opaque_from = tonumber(take_living(self)) end
  self.wants_records = self:one_in(6)
  self.changes_a_hundred, self.failures_a_hundred = 0, 0
  return self
end

--- Lets the portal change and fail from here on.
function methods:start()
  local LITTLE, MUCH = { 0, 10, 30 }, { 0, 0, 5, 20 }
  self.changes_a_hundred = LITTLE[self.random(#LITTLE)]
  self.failures_a_hundred = MUCH[self.random(#MUCH)]
end

return changing_portal
