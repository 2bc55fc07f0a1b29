--- The contacts of a portal: records, their history, and the indexes by which they are found.
--
-- A record keeps only what was written to it; what follows from the record itself (its id, its times, its merged ids)
-- is made when it is read.
local people = require "hubspot.sandbox.people"
local properties = require "hubspot.sandbox.properties"
local sorted_ids = require "hubspot.sandbox.sorted_ids"
local time = require "hubspot.sandbox.time"

local contact_store = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.ContactStore", __index = methods }

local FIRST_ID = 4127
local LARGEST_GAP = 37
local GENERATED_SPAN = 3 * 365 * time.DAY
local LONGEST_LOG = 20000
local SEARCH_CEILING = 10000

--- An empty store. `now` gives the portal's time in ms; `on_leave(id, winner_id)` is called when a contact is archived
-- or merged into another.
function contact_store.new(options)
  return setmetatable({
    now = options.now,
    portal_id = options.portal_id,
    search_lag = (options.search_lag or 0) * 1000,
    search_ceiling = options.search_ceiling or SEARCH_CEILING,
    keeps_primary_id = options.keeps_primary_id or false,
    ids_sorted_as_texts = options.ids_sorted_as_texts,
    random = people.random(options.seed or 1),
    definitions = properties.new(options.now()),
    on_leave = options.on_leave or function() end,
    records = {},
    live = sorted_ids.new(),
    archived = sorted_ids.new(),
    by_email = {},
    redirects = {},
    first_id = options.first_id or FIRST_ID,
    last_id = 0,
    version = 0,
    log = {},
    log_epoch = 0,
    settled_at = 0,
  }, metatable)
end

local function next_id(store)
  if store.last_id < store.first_id then
    store.last_id = store.first_id
  else
    store.last_id = store.last_id + store.random(LARGEST_GAP)
  end
  return store.last_id
end

-- Caches of values computed from contacts compare `version`, or resume reading the log.
local function note_change(store, contact)
  store.version = store.version + 1
  if #store.log >= LONGEST_LOG then
    store.log = {}
    store.log_epoch = store.log_epoch + 1
  end
  store.log[#store.log + 1] = contact.id
end

--- Fills the store with `count` made-up people, who arrived evenly over the last three years. `changed_at` (ms) is
-- when all of them were changed last, as by a job that stamps each with one and the same time.
function methods:generate(count, changed_at)
  local now, random = self.now(), self.random
  local step = GENERATED_SPAN / (count + 1)
  for number = 1, count do
    local values = people.make(random, number)
    local id = next_id(self)
    local created = math.floor(now - GENERATED_SPAN + number * step)
    local modified = created
    if random(3) == 1 then modified = created + math.floor((now - created) * random(1000) / 1001) end
    modified = changed_at or modified
    people.add_stage_dates(values, created, modified)
    if values.email then self.by_email[values.email] = id end
    self.records[id] = { id = id, created = created, modified = modified, values = values, source = "IMPORT" }
    self.live:add(id)
  end
  self.version = self.version + 1
  self.log, self.log_epoch = {}, self.log_epoch + 1
end

--- The live contact with this id, or the one into which it was merged.
function methods:get(id)
  while self.redirects[id] do
    id = self.redirects[id]
  end
  local contact = self.records[id]
  if contact and not contact.archived_at then return contact end
  return nil
end

--- The archived contact with this id.
function methods:find_archived(id)
  local contact = self.records[id]
  if contact and contact.archived_at then return contact end
  return nil
end

--- The live contact to whom this address belongs, as the primary or another one.
function methods:find_by_email(email)
  local id = self.by_email[email:lower()]
  return id and self:get(id)
end

--- The user token (32 hex digits) of a contact. Nothing is stored for it: the id is in it.
function contact_store.user_token(id)
  return string.format(
    "%08x%08x%08x%08x",
    (id * 16807) % 2147483647,
    (id * 48271) % 2147483647,
    (id * 69621) % 2147483647,
    id
  )
end

--- The live contact with this user token; dashes as in a UUID are ignored.
function methods:find_by_user_token(token)
  local digits = token:lower():gsub("-", "")
  local id = #digits == 32 and tonumber(digits:sub(25), 16)
  if not id or contact_store.user_token(id) ~= digits then return nil end
  return self:get(id)
end

local computed = {}

function computed.hs_object_id(contact) return string.format("%d", contact.id) end

function computed.createdate(contact) return string.format("%d", contact.created) end

function computed.lastmodifieddate(contact) return string.format("%d", contact.modified) end

function computed.hs_additional_emails(contact) return contact.other_emails and table.concat(contact.other_emails, ";") end

function computed.hs_merged_object_ids(contact) return contact.merged and table.concat(contact.merged, ";") end

--- The stored text of a property, or nil where it has no value.
function contact_store.value(contact, name)
  local compute = computed[name]
  if compute then return compute(contact) end
  return contact.values[name]
end

--- The names of all properties that have a value.
function contact_store.valued_names(contact)
  local names = {}
  for name in pairs(contact.values) do
    names[#names + 1] = name
  end
  for name, compute in pairs(computed) do
    if compute(contact) then names[#names + 1] = name end
  end
  return names
end

--- All versions of a property, newest first: `{ value=, timestamp=, source= }`.
function contact_store.versions(contact, name)
  local kept = contact.history and contact.history[name]
  if kept then return kept end
  local value = contact_store.value(contact, name)
  if not value then return {} end
  local calculated = computed[name] ~= nil
  local timestamp = name == "lastmodifieddate" and contact.modified or contact.created
  return { { value = value, timestamp = timestamp, source = calculated and "CALCULATED" or contact.source } }
end

-- Keeps the state that search sees until the lag is over.
local function keep_indexed(store, contact, now)
  if store.search_lag == 0 then return end
  if not contact.indexed_at or contact.indexed_at <= now then
    local values = {}
    for name, value in pairs(contact.values) do
      values[name] = value
    end
    contact.before = {
      id = contact.id,
      created = contact.created,
      modified = contact.modified,
      values = values,
      other_emails = contact.other_emails,
      merged = contact.merged,
    }
  end
  contact.indexed_at = now + store.search_lag
  store.settled_at = contact.indexed_at
end

--- The contact as search sees it: itself, an earlier state, or nil where it is not indexed yet.
function methods:indexed(contact)
  if contact.indexed_at and contact.indexed_at > self.now() then return contact.before end
  return contact
end

local function set_value(contact, name, value, now, source)
  local versions = contact_store.versions(contact, name)
  contact.history = contact.history or {}
  if contact.history[name] == nil then contact.history[name] = versions end
  table.insert(contact.history[name], 1, { value = value, timestamp = now, source = source })
  contact.values[name] = value ~= "" and value or nil
end

local function index_email(store, contact, email)
  local old = contact.values.email
  if old and old ~= email and store.by_email[old] == contact.id then store.by_email[old] = nil end
  if email and email ~= "" then store.by_email[email] = contact.id end
end

-- A secondary address that becomes the primary one is no longer additional.
local function drop_other_email(contact, email)
  local kept = {}
  for _, other in ipairs(contact.other_emails or {}) do
    if other ~= email then kept[#kept + 1] = other end
  end
  contact.other_emails = #kept > 0 and kept or nil
end

-- Resolves a value: a leading ";" adds to the options that a multi-select has.
local function resulting_value(store, contact, name, value)
  local definition = store.definitions[name]
  if value:sub(1, 1) ~= ";" or not definition or definition.field_type ~= "checkbox" then return value end
  local options = {}
  for option in ((contact.values[name] or "") .. value):gmatch "[^;]+" do
    if not options[option] then
      options[option] = true
      options[#options + 1] = option
    end
  end
  return table.concat(options, ";")
end

--- Writes checked values ("" clears). Unchanged values leave no trace.
function methods:update(contact, values, source)
  local now, changed = self.now(), false
  keep_indexed(self, contact, now)
  for name, given in pairs(values) do
    local value = resulting_value(self, contact, name, given)
    if value ~= (contact.values[name] or "") then
      changed = true
      if name == "email" then
        index_email(self, contact, value)
        drop_other_email(contact, value)
      end
      set_value(contact, name, value, now, source or "API")
      local stage_date = "hs_lifecyclestage_" .. value .. "_date"
      if name == "lifecyclestage" and value ~= "" and not contact.values[stage_date] then
        set_value(contact, stage_date, string.format("%d", now), now, "CALCULATED")
      end
    end
  end
  if changed then
    contact.modified = now
    note_change(self, contact)
  end
end

-- The stage of a contact that is made without one.
local FIRST_STAGE = "lead"

--- Makes a contact of checked values.
function methods:create(values, source)
  local now = self.now()
  local contact = { id = next_id(self), created = now, modified = now, values = {}, source = source or "API" }
  self.records[contact.id] = contact
  for name, value in pairs(values) do
    value = resulting_value(self, contact, name, value)
    if value ~= "" then contact.values[name] = value end
  end
  local stage = contact.values.lifecyclestage or FIRST_STAGE
  contact.values.lifecyclestage = stage
  contact.values["hs_lifecyclestage_" .. stage .. "_date"] = string.format("%d", now)
  index_email(self, contact, contact.values.email)
  self.live:add(contact.id)
  if self.search_lag > 0 then
    contact.indexed_at = now + self.search_lag
    self.settled_at = contact.indexed_at
  end
  note_change(self, contact)
  return contact
end

local function leave(store, contact, winner_id)
  store.live:remove(contact.id)
  store.on_leave(contact.id, winner_id)
  note_change(store, contact)
end

--- Archives a contact; its addresses become free.
function methods:archive(contact)
  contact.archived_at = self.now()
  self.archived:add(contact.id)
  for _, email in ipairs(contact.other_emails or {}) do
    self.by_email[email] = nil
  end
  if contact.values.email then self.by_email[contact.values.email] = nil end
  leave(self, contact)
end

local function inherit_emails(store, winner, loser)
  local others = {}
  for _, email in ipairs(winner.other_emails or {}) do
    others[#others + 1] = email
  end
  local inherited = { loser.values.email }
  for _, email in ipairs(loser.other_emails or {}) do
    inherited[#inherited + 1] = email
  end
  for _, email in ipairs(inherited) do
    store.by_email[email] = winner.id
    if email ~= winner.values.email then others[#others + 1] = email end
  end
  winner.other_emails = #others > 0 and others or nil
end

-- Gives a record an id of its own: the one that it had leads to it.
local function move_to_new_id(store, contact)
  local old = contact.id
  note_change(store, contact)
  contact.id = next_id(store)
  table.insert(contact.merged, old)
  store.records[old], store.records[contact.id] = nil, contact
  store.redirects[old] = contact.id
  store.live:remove(old)
  store.live:add(contact.id)
  if contact.values.email then store.by_email[contact.values.email] = contact.id end
  for _, email in ipairs(contact.other_emails or {}) do
    store.by_email[email] = contact.id
  end
  store.on_leave(old, contact.id)
  -- Search knows it by its new id once that is indexed.
  contact.before = nil
end

--- Merges a contact into another: the winner keeps its values and takes those that it lacks, and the loser's id leads
-- to it. It gets a new id, to which both lead, unless the portal keeps primary ids.
-- @treturn table the winner
function methods:merge(winner, loser)
  local now, moved = self.now(), 0
  keep_indexed(self, winner, now)
  for name, value in pairs(loser.values) do
    if not winner.values[name] then
      set_value(winner, name, value, now, "MERGE_CONTACTS")
      moved = moved + 1
    end
  end
  inherit_emails(self, winner, loser)
  winner.merged = winner.merged or {}
  table.insert(winner.merged, loser.id)
  for _, id in ipairs(loser.merged or {}) do
    table.insert(winner.merged, id)
  end
  winner.audits = winner.audits or {}
  table.insert(winner.audits, { loser_id = loser.id, timestamp = now, moved = moved, email = loser.values.email })
  winner.modified = now
  self.redirects[loser.id] = winner.id
  self.records[loser.id] = nil
  leave(self, loser, winner.id)
  if not self.keeps_primary_id then move_to_new_id(self, winner) end
  note_change(self, winner)
  return winner
end

return contact_store
