--- The lists of a portal and their members.
--
-- A list has two ids: the current one, and the legacy one of v1. The legacy id of a list is the current id of the next,
-- as it can happen in HubSpot, so a program that mixes them up reads the wrong list.
local list_filter = require "hubspot.sandbox.list_filter"
local sorted_ids = require "hubspot.sandbox.sorted_ids"
local time = require "hubspot.sandbox.time"

local list_store = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.ListStore", __index = methods }

local FIRST_ID = 61
local FIRST_INTERNAL_ID = 97398
local RESTORABLE = 90 * time.DAY

--- No lists yet, of these records (see `hubspot.sandbox.object_stores`). `now` gives the portal's time in ms.
function list_store.new(now, objects)
  return setmetatable({ now = now, objects = objects, lists = {}, ids = sorted_ids.new(), made = 0 }, metatable)
end

--- The records of the type that a list holds.
function methods:records(list) return self.objects:store(self.objects:by_id(list.type_id)) end

local function live(list)
  if list and not list.deleted then return list end
  return nil
end

--- The list with this current id.
function methods:get(id) return live(self.lists[id]) end

--- The list with this current id, a deleted one too.
function methods:find_even_deleted(id) return self.lists[id] end

--- The list with this id of v1.
function methods:find_legacy(legacy_id) return live(self.lists[legacy_id - 1]) end

--- All lists, by rising id.
function methods:all()
  local lists = {}
  for index, id in ipairs(self.ids:all()) do
    lists[index] = self.lists[id]
  end
  return lists
end

--- The list with this name; case does not count.
function methods:find_by_name(name)
  for _, list in ipairs(self:all()) do
    if list.name:lower() == name:lower() then return list end
  end
  return nil
end

local function join(list, id, now)
  if not list.members:add(id) then return false end
  list.joined = list.joined + 1
  local membership = list.memberships[id]
  if membership then
    membership.last = now
  else
    membership = { first = now, last = now }
    list.memberships[id] = membership
  end
  membership.place = list.joined
  list.by_place[list.joined] = id
  list.places:add(list.joined)
  list.last_added = now
  list.size_changed = now
  return true
end

local function leave(list, id, now)
  if not list.members:remove(id) then return false end
  local place = list.memberships[id].place
  list.places:remove(place)
  list.by_place[place] = nil
  list.size_changed = now
  return true
end

local function empty_members(list)
  list.members, list.places, list.by_place, list.memberships = sorted_ids.new(), sorted_ids.new(), {}, {}
  list.joined = 0
end

local function judge(records, list, id, now)
  local record = records.records[id]
  if record and not record.archived_at and list.test(record) then
    join(list, id, now)
  else
    leave(list, id, now)
  end
end

-- Members follow from the filters: of all records at first, later only of those that changed since.
local function refresh(store, list)
  if not list.test then return end
  local records, now = store:records(list), store.now()
  if list.seen_epoch ~= records.log_epoch then
    for _, id in ipairs(list.members:all()) do
      judge(records, list, id, now)
    end
    for _, id in ipairs(records.live:all()) do
      judge(records, list, id, now)
    end
  else
    for position = list.seen + 1, #records.log do
      judge(records, list, records.log[position], now)
    end
  end
  list.seen_epoch, list.seen = records.log_epoch, #records.log
end

local function set_filters(store, list, branch, v1_filters)
  local filter = branch and list_filter.read(store:records(list).definitions, branch) or {}
  list.branch, list.test, list.v1_filters = filter.branch, filter.test, v1_filters
  list.seen_epoch = nil
  refresh(store, list)
  if list.processing_type ~= "DYNAMIC" then list.test = nil end
end

--- Makes a list: `type_id` (of its records), `name`, `processing_type`, `branch` (its filters) and `v1_filters` (the
-- same as v1 spelled them).
-- The caller has checked that the name is free.
function methods:create(definition)
  local now = self.now()
  self.made = self.made + 1
  local id = FIRST_ID + self.made - 1
  local list = {
    id = id,
    legacy_id = id + 1,
    internal_id = FIRST_INTERNAL_ID + self.made,
    version = 1,
    type_id = definition.type_id,
    name = definition.name,
    processing_type = definition.processing_type,
    created = now,
    updated = now,
    filters_updated = now,
    size_changed = 0,
  }
  empty_members(list)
  set_filters(self, list, definition.branch, definition.v1_filters)
  self.lists[id] = list
  self.ids:add(id)
  return list
end

local function touch(store, list)
  list.version = list.version + 1
  list.updated = store.now()
end

function methods:rename(list, name)
  list.name = name
  touch(self, list)
end

--- Gives a list other filters; a dynamic list's members change at once.
function methods:change_filters(list, branch, v1_filters)
  set_filters(self, list, branch, v1_filters)
  touch(self, list)
  list.filters_updated = list.updated
  list.internal_id = list.internal_id + 100000
end

function methods:delete(list)
  list.deleted = self.now()
  self.ids:remove(list.id)
end

--- Brings a deleted list back; nil where there is none to bring back.
function methods:restore(id)
  local list = self.lists[id]
  if not list then return nil end
  if list.deleted then
    if self.now() - list.deleted > RESTORABLE then return nil end
    list.deleted = nil
    self.ids:add(id)
  end
  return list
end

--- Adds records; gives the ids that were not members before.
function methods:add(list, ids)
  local now, added = self.now(), {}
  for _, id in ipairs(ids) do
    if join(list, id, now) then added[#added + 1] = id end
  end
  return added
end

--- Removes records; gives the ids that were members.
function methods:remove(list, ids)
  local now, removed = self.now(), {}
  for _, id in ipairs(ids) do
    if leave(list, id, now) then removed[#removed + 1] = id end
  end
  return removed
end

--- Removes all members.
function methods:clear(list)
  empty_members(list)
  list.size_changed = self.now()
end

--- The members as a sorted set of ids, up to date.
function methods:members(list)
  refresh(self, list)
  return list.members
end

--- The places of the members in the order in which they joined, as a sorted set; `list.by_place` gives their ids.
function methods:places(list)
  refresh(self, list)
  return list.places
end

function methods:size(list) return self:members(list).count end

--- All lists of which a record is a member, with its membership: `{ list=, membership= }`.
function methods:of_record(type_id, id)
  local found = {}
  for _, list in ipairs(self:all()) do
    if list.type_id == type_id and self:members(list):has(id) then
      found[#found + 1] = { list = list, membership = list.memberships[id] }
    end
  end
  return found
end

--- A record is gone: its place in lists kept by hand goes to the record that it was merged into, if any.
function methods:forget(type_id, id, winner_id)
  local now = self.now()
  for _, list in pairs(self.lists) do
    if list.type_id == type_id and not list.test and leave(list, id, now) and winner_id then
      join(list, winner_id, now)
    end
  end
end

--- Forgets the lists of a type that is no more.
function methods:forget_type(type_id)
  for id, list in pairs(self.lists) do
    if list.type_id == type_id then
      self.lists[id] = nil
      self.ids:remove(id)
    end
  end
end

--- Makes a list of a portal that was exported follow its filters again.
function methods:revive(list)
  if list.branch and list.processing_type == "DYNAMIC" then
    list.test = list_filter.read(self:records(list).definitions, list.branch).test
  end
end

return list_store
