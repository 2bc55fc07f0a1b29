--- Types of associations: HubSpot has one for each label and direction, and one without a label.
-- @module hubspot.object.association_labels

local must = require "hubspot.shape.must"

local association_labels = {}

--- The route that reads those from a type to another.
association_labels.route = {
  method = "GET",
  path = "/crm/associations/{api_version}/{from_type}/{to_type}/labels",
  idempotent = true,
  answer = function(answer)
    local labels = must.table(answer.results, "the labels")
    for _, one in ipairs(labels) do
      must.table(one, "a label")
      if one.label ~= nil then must.text(one.label, "a label's text") end
    end
    return labels
  end,
  documentation = "api-reference/latest/crm/associations/associate-records/guide",
}

--- A type as a write spells it.
function association_labels.spelled(one) return { associationCategory = one.category, associationTypeId = one.typeId } end

local function find(known, label)
  for _, candidate in ipairs(known) do
    if candidate.label == label then return candidate end
  end
end

local function shown(known)
  local names = {}
  for _, one in ipairs(known) do
    if one.label then names[#names + 1] = ("%q"):format(one.label) end
  end
  return #names > 0 and table.concat(names, ", ") or "none"
end

--- The types of some labels, as a write spells them.
-- @tparam table known as `route` reads them
-- @tparam table labels
-- @tparam string from name of a type
-- @tparam string to
-- @treturn ?table nil and a message where there is no such label
function association_labels.specs_of(known, labels, from, to)
  local specs = {}
  for index, label in ipairs(labels) do
    local one = find(known, label)
    if not one then
      return nil,
        ("there is no label %q of associations from %s to %s; HubSpot has %s"):format(label, from, to, shown(known))
    end
    specs[index] = association_labels.spelled(one)
  end
  return specs
end

return association_labels
