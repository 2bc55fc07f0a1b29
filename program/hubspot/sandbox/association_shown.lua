--- Associations as answers show them.
local core = require "hubspot.core"

local association_shown = {}

local array = core.array

--- A type of a link: `{ category =, typeId =, label = }`.
function association_shown.type(definition)
  return { category = definition.category, typeId = definition.id, label = definition.label or core.null }
end

--- An id as a version writes it: v4 as a number, the dates as a text.
function association_shown.id(id, version) return version == "v4" and id or string.format("%d", id) end

--- A page of the records that a record leads to, as `results`, and `paging`, nil on the last one.
function association_shown.page(portal, from, to_type, options)
  local associations, results = portal.objects.associations, {}
  local ids, last = associations:page(from, to_type, options.after, options.limit)
  for index, id in ipairs(ids) do
    local types = {}
    for position, definition in ipairs(associations:types(from, { type = to_type, id = id })) do
      types[position] = association_shown.type(definition)
    end
    table.sort(types, function(a, b) return a.typeId < b.typeId end)
    results[index] = { toObjectId = association_shown.id(id, options.version), associationTypes = array(types) }
  end
  if not last then return array(results), nil end
  local after = string.format("%d", last)
  local path = string.format("/crm/objects/2026-09/%s/%d/associations/%s", from.type, from.id, to_type)
  return array(results), { next = { after = after, link = "https://api.hubapi.com" .. path .. "?after=" .. after } }
end

local function labels_of(definitions)
  local labels = {}
  for _, definition in ipairs(definitions) do
    if definition.label then labels[#labels + 1] = definition.label end
  end
  return array(labels)
end

--- A link by the plain type.
function association_shown.default(link, definition)
  return {
    from = { id = string.format("%d", link.from.id) },
    to = { id = string.format("%d", link.to.id) },
    associationSpec = { associationCategory = definition.category, associationTypeId = definition.id },
  }
end

--- A link and the labels that it was given.
function association_shown.pair(link, version)
  return {
    fromObjectTypeId = link.from.type,
    fromObjectId = association_shown.id(link.from.id, version),
    toObjectTypeId = link.to.type,
    toObjectId = association_shown.id(link.to.id, version),
    labels = labels_of(link.definitions),
  }
end

return association_shown
