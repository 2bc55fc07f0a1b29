--- The records of one type of CRM object: their values, history, and the indexes by which they are found.
--
-- A record keeps only what was written to it; what follows from the record itself (its id, its times, its merged ids)
-- is made when it is read.
local people = require "hubspot.sandbox.people"
local properties = require "hubspot.sandbox.properties"
local sorted_ids = require "hubspot.sandbox.sorted_ids"
local time = require "hubspot.sandbox.time"

local object_store = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.ObjectStore", __index = methods }

local FIRST_ID = 4127
local LARGEST_GAP = 37
local GENERATED_SPAN = 3 * 365 * time.DAY
local LONGEST_LOG = 20000
local SEARCH_CEILING = 10000

local computed = {}

function computed.hs_object_id(record) return string.format("%d", record.id) end

function computed.hs_additional_emails(record) return record.other_emails and table.concat(record.other_emails, ";") end

function computed.hs_merged_object_ids(record) return record.merged and table.concat(record.merged, ";") end

-- The properties of a type that are made of the record itself, and the fields of those that it holds as numbers.
local function traits_of(type)
  local made = {
    [type.created] = function(record) return string.format("%d", record.created) end,
    [type.modified] = function(record) return string.format("%d", record.modified) end,
  }
  for name, compute in pairs(computed) do
    made[name] = compute
  end
  local numbers = { hs_object_id = "id", [type.created] = "created", [type.modified] = "modified" }
  return { computed = made, numbers = numbers }
end

--- An empty store of a type. `now` gives the portal's time in ms; `on_leave(id, winner_id)` is called when a record is
-- archived or merged into another.
function object_store.new(options)
  local type = options.type
  return setmetatable({
    type = type,
    now = options.now,
    portal_id = options.portal_id,
    search_lag = (options.search_lag or 0) * 1000,
    search_ceiling = options.search_ceiling or SEARCH_CEILING,
    keeps_primary_id = options.keeps_primary_id or false,
    ids_sorted_as_texts = options.ids_sorted_as_texts,
    random = people.random(options.seed or 1),
    definitions = properties.new(options.now(), type),
    archived_definitions = {},
    on_leave = options.on_leave or function() end,
    traits = traits_of(type),
    records = {},
    live = sorted_ids.new(),
    archived = sorted_ids.new(),
    unique = {},
    redirects = {},
    first_id = options.first_id or FIRST_ID,
    last_id = 0,
    version = 0,
    log = {},
    log_epoch = 0,
    settled_at = 0,
  }, metatable)
end

-- The ids by the values of a unique property.
local function index_of(store, name)
  local index = store.unique[name]
  if not index then
    index = {}
    store.unique[name] = index
  end
  return index
end

--- Returns whether a property of the records is unique, and written.
function methods:is_unique(name)
  local definition = self.definitions[name]
  return definition ~= nil and definition.unique and not self.traits.computed[name]
end

local function next_id(store)
  if store.last_id < store.first_id then
    store.last_id = store.first_id
  else
    store.last_id = store.last_id + store.random(LARGEST_GAP)
  end
  return store.last_id
end

-- Caches of values computed from records compare `version`, or resume reading the log.
local function note_change(store, record)
  store.version = store.version + 1
  if #store.log >= LONGEST_LOG then
    store.log = {}
    store.log_epoch = store.log_epoch + 1
  end
  store.log[#store.log + 1] = record.id
end

--- Fills the store with `count` made-up records, which arrived evenly over the last three years. `maker` has
-- `make(random, number)`, which gives values, and may have `finish(values, created, modified)`, which adds to them.
-- `changed_at` (ms) is when all of them were changed last, as by a job that stamps each with one and the same time.
function methods:generate(count, maker, changed_at)
  local now, random = self.now(), self.random
  local step = GENERATED_SPAN / (count + 1)
  local by_email = index_of(self, "email")
  for number = 1, count do
    local values = maker.make(random, number)
    local id = next_id(self)
    local created = math.floor(now - GENERATED_SPAN + number * step)
    local modified = created
    if random(3) == 1 then modified = created + math.floor((now - created) * random(1000) / 1001) end
    modified = changed_at or modified
    if maker.finish then maker.finish(values, created, modified) end
    if values.email then by_email[values.email] = id end
    self.records[id] = {
      id = id,
      created = created,
      modified = modified,
      values = values,
      source = "IMPORT",
      traits = self.traits,
    }
    self.live:add(id)
  end
  self.version = self.version + 1
  self.log, self.log_epoch = {}, self.log_epoch + 1
end

--- The live record with this id, or the one into which it was merged.
function methods:get(id)
  while self.redirects[id] do
    id = self.redirects[id]
  end
  local record = self.records[id]
  if record and not record.archived_at then return record end
  return nil
end

--- The archived record with this id.
function methods:find_archived(id)
  local record = self.records[id]
  if record and record.archived_at then return record end
  return nil
end

--- The live record that has this value of a unique property; an e-mail address may be another one of its record.
function methods:find_by(name, value)
  local id = index_of(self, name)[value:lower()]
  return id and self:get(id)
end

--- The stored text of a property, or nil where it has no value.
function object_store.value(record, name)
  local compute = record.traits.computed[name]
  if compute then return compute(record) end
  return record.values[name]
end

--- The names of all properties that have a value.
function object_store.valued_names(record)
  local names = {}
  for name in pairs(record.values) do
    names[#names + 1] = name
  end
  for name, compute in pairs(record.traits.computed) do
    if compute(record) then names[#names + 1] = name end
  end
  return names
end

--- All versions of a property, newest first: `{ value=, timestamp=, source= }`.
function object_store.versions(record, name)
  local kept = record.history and record.history[name]
  if kept then return kept end
  local value = object_store.value(record, name)
  if not value then return {} end
  local calculated = record.traits.computed[name] ~= nil
  local timestamp = record.traits.numbers[name] == "modified" and record.modified or record.created
  return { { value = value, timestamp = timestamp, source = calculated and "CALCULATED" or record.source } }
end

-- Keeps the state that search sees until the lag is over.
local function keep_indexed(store, record, now)
  if store.search_lag == 0 then return end
  if not record.indexed_at or record.indexed_at <= now then
    local values = {}
    for name, value in pairs(record.values) do
      values[name] = value
    end
    record.before = {
      id = record.id,
      created = record.created,
      modified = record.modified,
      values = values,
      other_emails = record.other_emails,
      merged = record.merged,
      traits = record.traits,
    }
  end
  record.indexed_at = now + store.search_lag
  store.settled_at = record.indexed_at
end

--- The record as search sees it: itself, an earlier state, or nil where it is not indexed yet.
function methods:indexed(record)
  if record.indexed_at and record.indexed_at > self.now() then return record.before end
  return record
end

local function set_value(record, name, value, now, source)
  local versions = object_store.versions(record, name)
  record.history = record.history or {}
  if record.history[name] == nil then record.history[name] = versions end
  table.insert(record.history[name], 1, { value = value, timestamp = now, source = source })
  record.values[name] = value ~= "" and value or nil
end

-- Moves a record from its old value of a unique property to another one.
local function index_value(store, record, name, value)
  local index, old = index_of(store, name), record.values[name]
  if old and old ~= value and index[old:lower()] == record.id then index[old:lower()] = nil end
  if value and value ~= "" then index[value:lower()] = record.id end
end

-- A secondary address that becomes the primary one is no longer additional.
local function drop_other_email(record, email)
  local kept = {}
  for _, other in ipairs(record.other_emails or {}) do
    if other ~= email then kept[#kept + 1] = other end
  end
  record.other_emails = #kept > 0 and kept or nil
end

-- Resolves a value: a leading ";" adds to the options that a multi-select has.
local function resulting_value(store, record, name, value)
  local definition = store.definitions[name]
  if value:sub(1, 1) ~= ";" or not definition or definition.field_type ~= "checkbox" then return value end
  local options = {}
  for option in ((record.values[name] or "") .. value):gmatch "[^;]+" do
    if not options[option] then
      options[option] = true
      options[#options + 1] = option
    end
  end
  return table.concat(options, ";")
end

-- The property that keeps when a lifecycle stage was entered, where the type has one.
local function stage_date_of(store, stage)
  local name = "hs_lifecyclestage_" .. stage .. "_date"
  return store.definitions[name] and name
end

--- Writes checked values ("" clears). Unchanged values leave no trace.
function methods:update(record, values, source)
  local now, changed = self.now(), false
  keep_indexed(self, record, now)
  for name, given in pairs(values) do
    local value = resulting_value(self, record, name, given)
    if value ~= (record.values[name] or "") then
      changed = true
      if self:is_unique(name) then index_value(self, record, name, value) end
      if name == "email" then drop_other_email(record, value) end
      set_value(record, name, value, now, source or "API")
      local stage_date = name == "lifecyclestage" and stage_date_of(self, value)
      if stage_date and not record.values[stage_date] then
        set_value(record, stage_date, string.format("%d", now), now, "CALCULATED")
      end
    end
  end
  if changed then
    record.modified = now
    note_change(self, record)
  end
end

--- Makes a record of checked values, and of those that the type gives what lacks them. `id` is the id that a made-up
-- record asks for.
function methods:create(values, source, id)
  local now = self.now()
  local record = {
    id = id or next_id(self),
    created = now,
    modified = now,
    values = {},
    source = source or "API",
    traits = self.traits,
  }
  self.records[record.id] = record
  self.last_id = math.max(self.last_id, record.id)
  for name, value in pairs(values) do
    value = resulting_value(self, record, name, value)
    if value ~= "" then record.values[name] = value end
  end
  for name, value in pairs(self.type.initial or {}) do
    record.values[name] = record.values[name] or value
  end
  local stage = record.values.lifecyclestage
  local stage_date = stage and stage_date_of(self, stage)
  if stage_date then record.values[stage_date] = string.format("%d", now) end
  for name, value in pairs(record.values) do
    if self:is_unique(name) then index_of(self, name)[value:lower()] = record.id end
  end
  self.live:add(record.id)
  if self.search_lag > 0 then
    record.indexed_at = now + self.search_lag
    self.settled_at = record.indexed_at
  end
  note_change(self, record)
  return record
end

local function leave(store, record, winner_id)
  store.live:remove(record.id)
  store.on_leave(record.id, winner_id)
  note_change(store, record)
end

-- Frees the unique values of a record.
local function forget_values(store, record)
  for _, email in ipairs(record.other_emails or {}) do
    index_of(store, "email")[email] = nil
  end
  for name, value in pairs(record.values) do
    if store:is_unique(name) then index_of(store, name)[value:lower()] = nil end
  end
end

--- Archives a record; its unique values become free.
function methods:archive(record)
  record.archived_at = self.now()
  self.archived:add(record.id)
  forget_values(self, record)
  leave(self, record)
end

--- Deletes a record, live or archived, for good.
function methods:purge(record)
  if not record.archived_at then self:archive(record) end
  self.archived:remove(record.id)
  self.records[record.id] = nil
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
    index_of(store, "email")[email] = winner.id
    if email ~= winner.values.email then others[#others + 1] = email end
  end
  winner.other_emails = #others > 0 and others or nil
end

-- Gives a record an id of its own: the one that it had leads to it.
local function move_to_new_id(store, record)
  local old = record.id
  note_change(store, record)
  record.id = next_id(store)
  table.insert(record.merged, old)
  store.records[old], store.records[record.id] = nil, record
  store.redirects[old] = record.id
  store.live:remove(old)
  store.live:add(record.id)
  for name, value in pairs(record.values) do
    if store:is_unique(name) then index_of(store, name)[value:lower()] = record.id end
  end
  for _, email in ipairs(record.other_emails or {}) do
    index_of(store, "email")[email] = record.id
  end
  store.on_leave(old, record.id)
  -- Search knows it by its new id once that is indexed.
  record.before = nil
end

--- Merges a record into another: the winner keeps its values and takes those that it lacks, and the loser's id leads
-- to it. It gets a new id, to which both lead, unless the portal keeps primary ids.
-- @treturn table the winner
function methods:merge(winner, loser)
  local now, moved, source = self.now(), 0, "MERGE_" .. self.type.name:upper()
  keep_indexed(self, winner, now)
  forget_values(self, loser)
  for name, value in pairs(loser.values) do
    if not winner.values[name] then
      set_value(winner, name, value, now, source)
      if self:is_unique(name) then index_of(self, name)[value:lower()] = winner.id end
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

return object_store
