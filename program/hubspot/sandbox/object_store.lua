--- The records of one type of CRM object, and the indexes by which they are found.
local object_merge = require "hubspot.sandbox.object_merge"
local object_values = require "hubspot.sandbox.object_values"
local people = require "hubspot.sandbox.people"
local properties = require "hubspot.sandbox.properties"
local search_index = require "hubspot.sandbox.search_index"
local sorted_ids = require "hubspot.sandbox.sorted_ids"
local time = require "hubspot.sandbox.time"
local unique_values = require "hubspot.sandbox.unique_values"

local object_store = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.ObjectStore", __index = methods }

local FIRST_ID = 4127
local LARGEST_GAP = 37
local GENERATED_SPAN = 3 * 365 * time.DAY
local LONGEST_LOG = 20000
local SEARCH_CEILING = 10000

-- The time in which archived records can be restored, in ms.
local BIN = 90 * time.DAY

--- An empty store of a type. `now` gives the portal's time in ms; `on_leave(id, winner_id)` is called when a record is
-- archived or merged into another, `on_return(id)` when it is restored, and `on_event(what, record, details)`, where it
-- is given, with what `webhook_events.of_record` tells.
function object_store.new(options)
  local type = options.type
  return setmetatable({
    type = type,
    now = options.now,
    portal_id = options.portal_id,
    search_ceiling = options.search_ceiling or SEARCH_CEILING,
    keeps_primary_id = options.keeps_primary_id or false,
    ids_sorted_as_texts = options.ids_sorted_as_texts,
    random = people.random(options.seed or 1),
    definitions = properties.new(options.now(), type),
    archived_definitions = {},
    is_granted = options.is_granted,
    on_leave = options.on_leave,
    on_return = options.on_return,
    on_event = options.on_event,
    traits = object_values.traits(type),
    records = {},
    live = sorted_ids.new(),
    archived = sorted_ids.new(),
    unique = unique_values.new(),
    index = search_index.new(options.now, options.search_lag or 0),
    redirects = {},
    first_id = options.first_id or FIRST_ID,
    last_id = 0,
    version = 0,
    log = {},
    log_epoch = 0,
  }, metatable)
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

--- Notes that a record changed: caches of what is computed from records compare `version`, or resume reading the log.
function methods:note_change(record)
  self.version = self.version + 1
  if #self.log >= LONGEST_LOG then
    self.log = {}
    self.log_epoch = self.log_epoch + 1
  end
  self.log[#self.log + 1] = record.id
end

--- Tells that something happened to a record.
function methods:tell(what, record, details)
  if self.on_event then self.on_event(what, record, details) end
end

--- Fills the store with `count` made-up records, which arrived evenly over the last three years. `maker` has
-- `make(random, number)`, which gives values, and may have `finish(values, created, modified)`, which adds to them.
-- `changed_at` (ms) is when all of them were changed last, as by a job that stamps each with one and the same time.
function methods:generate(count, maker, changed_at)
  local now, random = self.now(), self.random
  local step = GENERATED_SPAN / (count + 1)
  for number = 1, count do
    local values = maker.make(random, number)
    local id = next_id(self)
    local created = math.floor(now - GENERATED_SPAN + number * step)
    local modified = created
    if random(3) == 1 then modified = created + math.floor((now - created) * random(1000) / 1001) end
    modified = changed_at or modified
    if maker.finish then maker.finish(values, created, modified) end
    if values.email then self.unique:set("email", values.email, id) end
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

-- Empties the bin of what was archived too long ago.
local function empty_bin(store)
  local now = store.now()
  if not store.bin_since or store.bin_since + BIN > now then return end
  store.bin_since = nil
  for _, id in ipairs(store.archived:all()) do
    local archived_at = store.records[id].archived_at
    if archived_at + BIN <= now then
      store.archived:remove(id)
      store.records[id] = nil
    else
      store.bin_since = math.min(store.bin_since or archived_at, archived_at)
    end
  end
end

--- The ids of the archived records that can be restored, as a sorted set.
function methods:bin()
  empty_bin(self)
  return self.archived
end

--- The archived record with this id.
function methods:find_archived(id)
  local record = self:bin():has(id) and self.records[id]
  return record or nil
end

--- The live record that has this value of a unique property; an e-mail address may be another one of its record.
function methods:find_by(name, value)
  local id = self.unique:get(name, value)
  return id and self:get(id)
end

--- The ids of what search looks through, rising.
function methods:searched_ids() return self.index:add_gone(self.live:all()) end

--- The record with this id as search sees it, or nil.
function methods:searched(id) return self.index:look_up(id, self.live:has(id) and self.records[id] or nil) end

--- A function that gives the records of `searched_ids` as search sees them, or nil.
function methods:searcher()
  local records = self.records
  if self.index.settled_at <= self.now() then
    return function(id) return records[id] end
  end
  return function(id) return self:searched(id) end
end

-- Moves a record from its old value of a unique property to another one.
local function index_value(store, record, name, value)
  local old = record.values[name]
  if old then store.unique:free(name, old, record.id) end
  if value ~= "" then store.unique:set(name, value, record.id) end
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

local function position_of(options, value)
  for position, option in ipairs(options) do
    if option.value == value then return position end
  end
  return 0
end

-- A stage of life moves forward only, unless it is cleared first.
local function is_step_back(store, record, name, value)
  local old = name == "lifecyclestage" and value ~= "" and record.values[name]
  if not old then return false end
  local options = store.definitions[name].options
  return position_of(options, value) < position_of(options, old)
end

--- Writes checked values ("" clears). Unchanged values leave no trace.
function methods:update(record, values, source)
  local now, changed = self.now(), false
  self.index:keep(record)
  for name, given in pairs(values) do
    local value = resulting_value(self, record, name, given)
    if value ~= (record.values[name] or "") and not is_step_back(self, record, name, value) then
      changed = true
      if self:is_unique(name) then index_value(self, record, name, value) end
      if name == "email" then drop_other_email(record, value) end
      object_values.set(record, name, value, now, source or "API")
      self:tell("changed", record, { name = name, value = value, source = source })
      local stage_date = name == "lifecyclestage" and stage_date_of(self, value)
      if stage_date and not record.values[stage_date] then
        object_values.set(record, stage_date, string.format("%d", now), now, "CALCULATED")
        self:tell("changed", record, { name = stage_date, value = record.values[stage_date], source = "CALCULATED" })
      end
    end
  end
  if changed then
    record.modified = now
    self:note_change(record)
  end
end

--- Writes values that HubSpot calculates by itself ("" clears): the time of the last change does not move.
function methods:calculate(record, values)
  self.index:keep(record)
  for name, value in pairs(values) do
    object_values.set(record, name, value, self.now(), "CALCULATED")
    self:tell("changed", record, { name = name, value = value, source = "CALCULATED" })
  end
  self:note_change(record)
end

-- Makes the unique values of a record and its other addresses lead to it.
local function index_values(store, record)
  for name, value in pairs(record.values) do
    if store:is_unique(name) then store.unique:set(name, value, record.id) end
  end
  for _, email in ipairs(record.other_emails or {}) do
    store.unique:set("email", email, record.id)
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
  index_values(self, record)
  self.live:add(record.id)
  self.index:add(record)
  self:note_change(record)
  self:tell("created", record)
  return record
end

-- Frees the unique values of a record.
local function free_values(store, record)
  for _, email in ipairs(record.other_emails or {}) do
    store.unique:free("email", email, record.id)
  end
  for name, value in pairs(record.values) do
    if store:is_unique(name) then store.unique:free(name, value, record.id) end
  end
end

--- Takes a record from the live ones; its unique values become free.
function methods:take_out(record)
  self.index:leave(record)
  self.live:remove(record.id)
  free_values(self, record)
  self:note_change(record)
end

--- Gives a live record another id, to which the one that it had leads.
function methods:rename(record)
  local old = record.id
  self.live:remove(old)
  self:note_change(record)
  record.id = next_id(self)
  self.records[old], self.records[record.id] = nil, record
  self.redirects[old] = record.id
  self.live:add(record.id)
  index_values(self, record)
  self.index:add(record)
end

--- Archives a record.
function methods:archive(record)
  self:take_out(record)
  record.archived_at = self.now()
  self.archived:add(record.id)
  self.bin_since = self.bin_since or record.archived_at
  self.on_leave(record.id)
  self:tell("deleted", record)
end

--- The unique property of an archived record whose value another record has by now, or nil.
function methods:taken_value(record)
  for name, value in pairs(record.values) do
    if self:is_unique(name) and self:find_by(name, value) then return name end
  end
  return nil
end

--- Brings an archived record back as it was: the time of its last change does not move.
function methods:restore(record)
  self.archived:remove(record.id)
  record.archived_at = nil
  self.live:add(record.id)
  index_values(self, record)
  self.index:add(record)
  self.on_return(record.id)
  self:note_change(record)
  self:tell("restored", record)
end

--- Deletes a record, live or archived, for good.
function methods:purge(record)
  if not record.archived_at then self:archive(record) end
  self.archived:remove(record.id)
  self.records[record.id] = nil
  self:tell("purged", record)
end

methods.merge = object_merge.merge

return object_store
