--- The types of associations of a portal: those that all portals have, labels, and how many objects each may lead to.
--
-- A definition: `{ category =, id =, kind = "default" | "primary" | "parent" | "label", label =, name =, from =, to =,
-- created =, inverse = the definition of the other direction, or nil, limit = the configured maximum,
-- is_exclusive = whether a record has one object at most by it, is_removed = whether it is there no longer }`.
local association_types = require "hubspot.sandbox.association_types"

local association_definitions = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.AssociationDefinitions", __index = methods }

-- Labels, and the plain types of pairs that HubSpot's table doesn't tell, get ids from here on.
local FIRST_FREE_ID = 5000
local LABELS = 50

local KIND_LABELS = { primary = { "Primary", "Primary" }, parent = { "Child Company", "Parent Company" } }

local function list_of(set, from, to)
  local key = from .. " " .. to
  set.by_pair[key] = set.by_pair[key] or {}
  return set.by_pair[key]
end

local function add(set, definition)
  local list = list_of(set, definition.from, definition.to)
  list[#list + 1] = definition
  return definition
end

-- Adds both directions of a type. `labels`, `ids` and `names` have that of the way there and that of the way back.
local function add_pair(set, pair)
  local there = add(set, {
    category = pair.category,
    id = pair.ids[1],
    kind = pair.kind,
    label = pair.labels[1],
    name = pair.name,
    from = pair.from,
    to = pair.to,
    created = pair.created,
    is_exclusive = pair.kind == "primary",
  })
  if pair.ids[2] == 0 then return there end
  if pair.ids[1] == pair.ids[2] then
    there.inverse = there
    return there
  end
  there.inverse = add(set, {
    category = pair.category,
    id = pair.ids[2],
    kind = pair.kind,
    label = pair.labels[2],
    name = pair.name,
    from = pair.to,
    to = pair.from,
    created = pair.created,
    inverse = there,
  })
  return there
end

local function next_id(set)
  set.last_id = set.last_id + 1
  return set.last_id
end

--- The definitions of a new portal.
function association_definitions.new()
  local set = setmetatable({ by_pair = {}, last_id = FIRST_FREE_ID }, metatable)
  for _, row in ipairs(association_types) do
    add_pair(set, {
      category = "HUBSPOT_DEFINED",
      from = row[1],
      to = row[2],
      kind = row[3],
      ids = { row[4], row[5] },
      labels = KIND_LABELS[row[3]] or {},
    })
  end
  return set
end

local function find_kind(list, kind)
  for _, definition in ipairs(list) do
    if definition.kind == kind then return definition end
  end
  return nil
end

local function is_custom(type_id) return type_id:find "^2%-" ~= nil end

--- The plain type from one type of objects to another; every pair has one.
function methods:default(from, to)
  local found = find_kind(list_of(self, from, to), "default")
  if found then return found end
  return add_pair(self, {
    category = (is_custom(from) or is_custom(to)) and "USER_DEFINED" or "HUBSPOT_DEFINED",
    from = from,
    to = to,
    kind = "default",
    ids = { next_id(self), from == to and self.last_id or next_id(self) },
    labels = {},
  })
end

--- All types from one type of objects to another, the plain one among them.
function methods:list(from, to)
  self:default(from, to)
  return list_of(self, from, to)
end

--- The type with this id of a category, or nil.
function methods:get(from, to, category, id)
  for _, definition in ipairs(self:list(from, to)) do
    if definition.id == id and definition.category == category then return definition end
  end
  return nil
end

--- The types from this type of objects that have this id, whatever they lead to.
function methods:leading(from, category, id)
  local found = {}
  for _, list in pairs(self.by_pair) do
    for _, definition in ipairs(list) do
      if definition.from == from and definition.id == id and definition.category == category then
        found[#found + 1] = definition
      end
    end
  end
  return found
end

--- The types of associations from this type of objects, whatever they lead to, by their ids.
function methods:from(type_id)
  local found = {}
  for _, list in pairs(self.by_pair) do
    for _, definition in ipairs(list) do
      if definition.from == type_id then found[#found + 1] = definition end
    end
  end
  table.sort(found, function(a, b)
    if a.id ~= b.id then return a.id < b.id end
    return a.to < b.to
  end)
  return found
end

--- Returns whether the plain type of a pair has a primary one beside it.
function methods:has_primary(from, to) return find_kind(self:list(from, to), "primary") ~= nil end

--- Returns whether a pair has all the labels that it may have.
function methods:is_full(from, to)
  local count = 0
  for _, definition in ipairs(self:list(from, to)) do
    if definition.kind == "label" then count = count + 1 end
  end
  -- A label between objects of one type has both directions in one list, unless they are one.
  if from == to then count = count / 2 end
  return count >= LABELS
end

--- Returns whether a label of the portal has this name.
function methods:has_name(name)
  for _, list in pairs(self.by_pair) do
    for _, definition in ipairs(list) do
      if definition.name == name then return true end
    end
  end
  return false
end

--- Makes a label: one type each way. Gives that of the way there.
function methods:add_label(label)
  self:default(label.from, label.to)
  return add_pair(self, {
    category = "USER_DEFINED",
    from = label.from,
    to = label.to,
    kind = "label",
    name = label.name,
    created = label.created,
    ids = { next_id(self), next_id(self) },
    labels = { label.label, label.inverse_label or label.label },
  })
end

local function take(list, definition)
  for index, other in ipairs(list) do
    if other == definition then
      table.remove(list, index)
      return
    end
  end
end

--- Forgets a type and the one of the other direction.
function methods:remove(definition)
  definition.is_removed = true
  take(list_of(self, definition.from, definition.to), definition)
  local inverse = definition.inverse
  if not inverse or inverse == definition then return end
  inverse.is_removed = true
  take(list_of(self, inverse.from, inverse.to), inverse)
end

return association_definitions
