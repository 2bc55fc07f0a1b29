--- The associations of a portal's records, both directions of each.
--
-- An end is `{ type = a type's id, id = a record's id }`. Between two records there is one link, which carries types:
-- the plain one always, a primary one or labels beside it.
local association_definitions = require "hubspot.sandbox.association_definitions"

local association_store = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.AssociationStore", __index = methods }

-- Limits of the objects of a type to which a record of another one may lead.
local LIMIT = 250000
local LIMITS = {
  ["0-3 0-1"] = 1000,
  ["0-3 0-2"] = 1000,
  ["0-3 0-5"] = 1000,
  ["0-3 0-8"] = 10000,
  ["0-1 0-3"] = 10000,
  ["0-3 0-14"] = 100,
}
local ACTIVITIES =
  { ["0-18"] = true, ["0-27"] = true, ["0-46"] = true, ["0-47"] = true, ["0-48"] = true, ["0-49"] = true }
local LIMIT_OF_ACTIVITIES = 1000

--- A store without links. `on_link(link)`, where it is given, is called for each type that comes to a link or leaves
-- it: `{ from =, to =, definition =, is_removed = }`.
function association_store.new(on_link)
  return setmetatable({
    definitions = association_definitions.new(),
    limits = LIMITS,
    links = {},
    archived = {},
    version = 0,
    on_link = on_link,
  }, metatable)
end

-- The links of a record to the records of a type: `types[id]` is the list of their definitions, `count` how many there
-- are, `ids` their ids in order, made when they are asked for.
local function links_of(store, from, to_type)
  local of_type = store.links[from.type]
  local of_record = of_type and of_type[from.id]
  return of_record and of_record[to_type]
end

local function made_links_of(store, from, to_type)
  local links = store.links
  links[from.type] = links[from.type] or {}
  local of_type = links[from.type]
  of_type[from.id] = of_type[from.id] or {}
  local of_record = of_type[from.id]
  of_record[to_type] = of_record[to_type] or { types = {}, count = 0 }
  return of_record[to_type]
end

local function has(types, definition)
  for _, other in ipairs(types) do
    if other == definition then return true end
  end
  return false
end

-- Lists of types are shared among links, so they are never changed in place.
local function with(store, types, definition)
  local key = table.concat({ definition.category, definition.id, definition.from, definition.to }, " ")
  if #types == 0 then
    store.plain = store.plain or {}
    store.plain[key] = store.plain[key] or { definition }
    return store.plain[key]
  end
  local more = {}
  for index, other in ipairs(types) do
    more[index] = other
  end
  more[#more + 1] = definition
  return more
end

local function without(types, is_dropped)
  local kept = {}
  for _, other in ipairs(types) do
    if not is_dropped(other) then kept[#kept + 1] = other end
  end
  return kept
end

-- The definitions of the first list that the second lacks.
local function missing(definitions, others)
  return without(definitions, function(definition) return has(others, definition) end)
end

-- Tells which types of a link came, and which were removed.
local function tell(store, from, to, old, types)
  for _, definition in ipairs(missing(old, types)) do
    store.on_link { from = from, to = to, definition = definition, is_removed = true }
  end
  for _, definition in ipairs(missing(types, old)) do
    store.on_link { from = from, to = to, definition = definition, is_removed = false }
  end
end

local function set_types(store, from, to, types)
  local links = made_links_of(store, from, to.type)
  local old = links.types[to.id]
  if store.on_link then tell(store, from, to, old or {}, types) end
  if #types == 0 then types = nil end
  if (old == nil) ~= (types == nil) then
    links.count = links.count + (types and 1 or -1)
    links.ids = nil
  end
  links.types[to.id] = types
  store.version = store.version + 1
end

local function types_between(store, from, to)
  local links = links_of(store, from, to.type)
  return links and links.types[to.id] or {}
end

-- A record has one primary object of a type.
local function drop_other_primary(store, from, to, definition)
  if not definition.is_exclusive then return end
  local links = links_of(store, from, to.type)
  for id, types in pairs(links and links.types or {}) do
    if id ~= to.id and has(types, definition) then store:remove_type(from, { type = to.type, id = id }, definition) end
  end
end

local function add_one_way(store, from, to, definition)
  local types = types_between(store, from, to)
  if has(types, definition) then return end
  drop_other_primary(store, from, to, definition)
  set_types(store, from, to, with(store, types, definition))
end

local function add_type(store, from, to, definition)
  add_one_way(store, from, to, definition)
  if definition.inverse then add_one_way(store, to, from, definition.inverse) end
end

--- Links two records by these types, and the plain one.
function methods:add(from, to, definitions)
  add_type(self, from, to, self.definitions:default(from.type, to.type))
  for _, definition in ipairs(definitions) do
    add_type(self, from, to, definition)
  end
end

local function is_label(definition) return definition.kind == "label" end

--- The same, and takes away the labels that are not among these types.
function methods:set(from, to, definitions)
  for _, definition in ipairs(without(types_between(self, from, to), function(other) return not is_label(other) end)) do
    if not has(definitions, definition) then self:remove_type(from, to, definition) end
  end
  self:add(from, to, definitions)
end

--- Takes a link of two records away.
function methods:remove(from, to)
  if #types_between(self, from, to) == 0 then return end
  set_types(self, from, to, {})
  set_types(self, to, from, {})
end

--- Takes a type off a link; without the plain one there is no link.
function methods:remove_type(from, to, definition)
  if definition.kind == "default" then
    self:remove(from, to)
    return
  end
  local function is_it(other) return other == definition or other == definition.inverse end
  if #types_between(self, from, to) == 0 then return end
  set_types(self, from, to, without(types_between(self, from, to), is_it))
  set_types(self, to, from, without(types_between(self, to, from), is_it))
end

--- The types of a link, in no order; empty where there is none.
function methods:types(from, to) return types_between(self, from, to) end

--- The ids that a record leads to, rising.
function methods:ids(from, to_type)
  local links = links_of(self, from, to_type)
  if not links then return {} end
  if not links.ids then
    links.ids = {}
    for id in pairs(links.types) do
      links.ids[#links.ids + 1] = id
    end
    table.sort(links.ids)
  end
  return links.ids
end

--- Up to `wanted` of these ids that are greater than `after`, and the last of them where there are more.
function methods:page(from, to_type, after, wanted)
  local page = {}
  for _, id in ipairs(self:ids(from, to_type)) do
    if not after or id > after then
      if #page == wanted then return page, page[wanted] end
      page[#page + 1] = id
    end
  end
  return page, nil
end

--- The number of records of a type to which a record of another one may lead.
function methods:limit(from_type, to_type)
  return self.limits[from_type .. " " .. to_type] or (ACTIVITIES[from_type] and LIMIT_OF_ACTIVITIES) or LIMIT
end

--- Counts the records of a type to which a record leads; by a definition, where it is given.
function methods:count(from, to_type, definition)
  local links = links_of(self, from, to_type)
  if not links or not definition then return links and links.count or 0 end
  local count = 0
  for _, types in pairs(links.types) do
    if has(types, definition) then count = count + 1 end
  end
  return count
end

--- The ids of the records of a type that lead to others, rising.
function methods:sources(from_type)
  local ids = {}
  for id, of_record in pairs(self.links[from_type] or {}) do
    if next(of_record) then ids[#ids + 1] = id end
  end
  table.sort(ids)
  return ids
end

-- Returns the limit that a way from one record to another would exceed, or nil.
local function exceeded(store, from, to, definition)
  local types = types_between(store, from, to)
  if has(types, definition) then return nil end
  local limit = definition.limit
  if limit and store:count(from, to.type, definition) >= limit then return limit end
  limit = store:limit(from.type, to.type)
  return #types == 0 and store:count(from, to.type) >= limit and limit or nil
end

--- The end of a link to be made that has no room for it, as `{ from =, to_type =, limit = }`, or nil.
function methods:full_end(from, to, definitions)
  local all = { self.definitions:default(from.type, to.type) }
  for _, definition in ipairs(definitions) do
    all[#all + 1] = definition
  end
  for _, definition in ipairs(all) do
    local limit = exceeded(self, from, to, definition)
    if limit then return { from = from, to_type = to.type, limit = limit } end
    limit = definition.inverse and exceeded(self, to, from, definition.inverse)
    if limit then return { from = to, to_type = from.type, limit = limit } end
  end
  return nil
end

local function each_link(store, from, visit)
  local of_type = store.links[from.type]
  local found = {}
  for to_type, links in pairs(of_type and of_type[from.id] or {}) do
    for id, types in pairs(links.types) do
      found[#found + 1] = { to = { type = to_type, id = id }, types = types }
    end
  end
  for _, link in ipairs(found) do
    visit(link)
  end
end

local function key_of(some) return some.type .. " " .. string.format("%d", some.id) end

local function is_same(a, b) return a.type == b.type and a.id == b.id end

-- The types of a link that another record inherits: its own primary object stays the primary one.
local function inherited(store, winner, link)
  return without(link.types, function(definition)
    if definition.is_removed then return true end
    local links = definition.is_exclusive and links_of(store, winner, link.to.type)
    for _, types in pairs(links and links.types or {}) do
      if has(types, definition) then return true end
    end
    return false
  end)
end

--- A record left: its links are those of the record that it became, or are kept for its return.
function methods:forget(from, winner)
  local kept = {}
  each_link(self, from, function(link)
    kept[#kept + 1] = link
    self:remove(from, link.to)
    if winner and not is_same(winner, link.to) then self:add(winner, link.to, inherited(self, winner, link)) end
  end)
  if not winner and #kept > 0 then self.archived[key_of(from)] = kept end
  if self.links[from.type] then self.links[from.type][from.id] = nil end
end

local function turned(types)
  local inverses = {}
  for _, definition in ipairs(types) do
    inverses[#inverses + 1] = definition.inverse
  end
  return inverses
end

--- A record is back, with its links. `live_end(end)` gives the end that one leads to now, nil where it is not live: a
-- link to an archived record is back when that one is, too.
function methods:restore(from, live_end)
  local key = key_of(from)
  local kept = self.archived[key] or {}
  self.archived[key] = nil
  for _, link in ipairs(kept) do
    local to = live_end(link.to)
    if to then
      self:add(from, to, inherited(self, from, link))
    else
      local others = self.archived[key_of(link.to)] or {}
      others[#others + 1] = { to = from, types = turned(link.types) }
      self.archived[key_of(link.to)] = others
    end
  end
end

--- Takes a type off all links, as when a label is deleted.
function methods:drop(definition)
  for id in pairs(self.links[definition.from] or {}) do
    local from = { type = definition.from, id = id }
    for _, to_id in ipairs(self:ids(from, definition.to)) do
      local to = { type = definition.to, id = to_id }
      if has(types_between(self, from, to), definition) then self:remove_type(from, to, definition) end
    end
  end
end

return association_store
