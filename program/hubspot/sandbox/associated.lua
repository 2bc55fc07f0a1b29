--- The associations of a record, as reads of records show them: one row for each type.
local core = require "hubspot.core"
local object_values = require "hubspot.sandbox.object_values"

local associated = {}

local LARGEST = 100

--- The name of a type, as v3 and the associations of records call it.
function associated.type_name(objects, definition)
  if definition.kind == "label" then return definition.label end
  local name = objects:by_id(definition.from).singular .. "_to_" .. objects:by_id(definition.to).singular
  local is_beside_primary = definition.kind == "default"
    and objects.associations.definitions:has_primary(definition.from, definition.to)
  return is_beside_primary and name .. "_unlabeled" or name
end

--- The rows of the records of a type that a record leads to, after the one with the id `after`: one for each type of
-- association; and the last id where there are more.
function associated.rows(objects, from, type, after)
  local rows = {}
  local ids, last = objects.associations:page(from, type.id, after, LARGEST)
  for _, id in ipairs(ids) do
    for _, definition in ipairs(objects.associations:types(from, { type = type.id, id = id })) do
      rows[#rows + 1] = { id = string.format("%d", id), type = associated.type_name(objects, definition) }
    end
  end
  return rows, last
end

-- The company that a contact names by its property.
local function add_named_company(store, record, type, rows)
  local company = store.type.id == "0-1" and type.id == "0-2" and object_values.value(record, "associatedcompanyid")
  if not company then return end
  for _, row in ipairs(rows) do
    if row.id == company then return end
  end
  rows[#rows + 1] = { id = company, type = "contact_to_company" }
end

local function list_of(store, record, type)
  local rows, last = associated.rows(store.objects, { type = store.type.id, id = record.id }, type)
  add_named_company(store, record, type, rows)
  if #rows == 0 then return nil end
  local list = { results = core.array(rows) }
  if last then
    local after = string.format("%d", last)
    local path = string.format("/crm/objects/2026-09/%s/%d/associations/%s", store.type.id, record.id, type.id)
    list.paging = { next = { after = after, link = "https://api.hubapi.com" .. path .. "?after=" .. after } }
  end
  return list
end

--- The member `associations` of a record, or nil where it has none of the types that are named.
function associated.lists(store, record, names)
  local lists = {}
  for _, name in ipairs(names) do
    local type = store.objects:get(name)
    if type then lists[type.plural] = list_of(store, record, type) end
  end
  return next(lists) and lists
end

return associated
