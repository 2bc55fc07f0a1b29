--- All records of a portal: its types of objects, a store for each, and the associations between them.
local association_store = require "hubspot.sandbox.association_store"
local object_store = require "hubspot.sandbox.object_store"
local object_types = require "hubspot.sandbox.object_types"

local object_stores = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.ObjectStores", __index = methods }

-- Ids of one type are told from those of others by where they start.
local FIRST_ID, ID_STEP = 20000000, 1000000
local FIRST_CUSTOM = 3465404

local function index_type(self, type)
  self.types[#self.types + 1] = type
  self.ids[type.id] = type
  if type.fully_qualified_name then
    self.names[type.fully_qualified_name:lower()] = type
    return
  end
  local spaced, joined = (type.name:gsub("_", " ")), (type.singular:gsub("_", ""))
  for _, name in ipairs { type.name, type.singular, spaced, joined } do
    if self.names[name] == nil then self.names[name] = type end
  end
end

--- The types of a new portal, without records. `options` are those of `object_store.new` but the type; `first_id` is
-- that of contacts. `on_leave(type, id, winner_id)` is called when a record is archived or merged into another,
-- `on_event(type, what, record, details)` and `on_link(link)`, where they are given, as the stores say.
function object_stores.new(options)
  local self = setmetatable({
    options = options,
    types = {},
    ids = {},
    names = {},
    stores = {},
    associations = association_store.new(options.on_link),
    last_custom = FIRST_CUSTOM - 1,
  }, metatable)
  for _, type in ipairs(object_types.all()) do
    type.plural = (type.name:gsub("_", " "))
    index_type(self, type)
  end
  return self
end

--- The type that a path or a body names, by its id or its name in any case; nil where there is none.
function methods:get(name)
  name = tostring(name)
  local type = self.ids[name] or self.names[name:lower()]
  return type and not type.archived and type or nil
end

--- The type with this id.
function methods:by_id(id) return self.ids[id] end

--- Adds a custom type; gives it its id.
function methods:add(type)
  self.last_custom = self.last_custom + 1
  type.id = "2-" .. string.format("%d", self.last_custom)
  type.plural = type.fully_qualified_name
  index_type(self, object_types.complete(type))
  return type
end

--- Forgets a custom type, its records and their associations.
function methods:remove(type)
  local store = self.stores[type.id]
  for _, id in ipairs(store and store.live:all() or {}) do
    self.associations:forget { type = type.id, id = id }
  end
  self.stores[type.id], self.ids[type.id] = nil, nil
  if self.names[type.fully_qualified_name:lower()] == type then self.names[type.fully_qualified_name:lower()] = nil end
  for index, other in ipairs(self.types) do
    if other == type then table.remove(self.types, index) end
  end
end

local function make_store(self, type)
  local options = { type = type }
  for name, value in pairs(self.options) do
    options[name] = value
  end
  if type.name ~= "contacts" then
    options.first_id = FIRST_ID + #type.id * ID_STEP + (tonumber(type.id:match "^%d+%-(%d+)$") or 0)
  end
  function options.on_leave(id, winner_id)
    self.associations:forget({ type = type.id, id = id }, winner_id and { type = type.id, id = winner_id })
    self.options.on_leave(type, id, winner_id)
  end
  function options.on_return(id)
    self.associations:restore({ type = type.id, id = id }, function(other) return self:live_end(other) end)
  end
  if self.options.on_event then
    function options.on_event(what, record, details) self.options.on_event(type, what, record, details) end
  end
  local store = object_store.new(options)
  store.objects, store.pipelines = self, self.pipelines
  return store
end

--- An end of an association as it is by now: its record may have been merged into another; nil where it is not live.
function methods:live_end(other)
  local type = self:by_id(other.type)
  local record = type and self:store(type):get(other.id)
  return record and { type = other.type, id = record.id }
end

--- Sets the seconds that search waits for what is written from here on.
function methods:set_search_lag(seconds)
  self.options.search_lag = seconds
  for _, store in pairs(self.stores) do
    store.index:set_lag(seconds)
  end
end

--- The store of a type, made when it is first asked for.
function methods:store(type)
  local store = self.stores[type.id]
  if not store then
    store = make_store(self, type)
    self.stores[type.id] = store
  end
  return store
end

local UNSAVED = { "traits", "search_memory", "recent_memory" }

--- The names of the fields of a store that are not its state: `revive` makes them anew.
function object_stores.unsaved(store)
  local names = {}
  for _, name in ipairs(UNSAVED) do
    names[#names + 1] = name
  end
  for name, value in pairs(store) do
    if type(value) == "function" and name ~= "now" then names[#names + 1] = name end
  end
  return names
end

-- Makes the fields of a record anew that are not its state, and those of the record that search sees.
local function revive_record(record, store)
  record.traits = store.traits
  if record.before then revive_record(record.before, store) end
end

--- Gives stores that were read from an export what an export can't hold. `options` are those of `new`.
function methods:revive(options)
  self.options, self.associations.on_link = options, options.on_link
  for _, store in pairs(self.stores) do
    local fresh = make_store(self, store.type)
    for _, name in ipairs(object_stores.unsaved(fresh)) do
      store[name] = fresh[name]
    end
    for _, record in pairs(store.records) do
      revive_record(record, store)
    end
    for _, left in pairs(store.index.gone) do
      revive_record(left.record, store)
    end
  end
end

return object_stores
