-- Arguments, and shapes, that the operations of associations have in common.

local check = require "hubspot.check"
local id_text = require("hubspot.id").text
local must = require "hubspot.shape.must"
local type_name = require "hubspot.object.type_name"

local arguments = {}

arguments.from_type = { name = "from_type", type = type_name, description = "the type that the associations lead from" }
arguments.to_type = { name = "to_type", type = type_name, description = "the type that they lead to" }
arguments.id = { name = "id", type = check.id, description = "id of the record that they lead from" }
arguments.to_id = { name = "to_id", type = check.id, description = "id of the record that they lead to" }

--- Labels of associations, by what HubSpot shows.
arguments.labels = check.list_of(check.string, "labels")

--- The fields that name a type of associations.
arguments.spec_fields = {
  category = {
    type = check.word { "HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED", "WORK" },
    required = true,
    description = "who made it",
  },
  typeId = { type = check.integer(1, 2 ^ 53), required = true, description = "its id" },
}

local spec = check.fields("{ category = …, typeId = … }", arguments.spec_fields, "hubspot.AssociationSpec")

--- Types of associations: `{ category =, typeId = }` each.
arguments.types = check.list_of(spec, "types")

--- An association of a record: `{ id =, types = { { category =, typeId =, label = }, … } }`.
function arguments.read_association(given)
  return {
    id = must.id(given.toObjectId, "an associated record's id"),
    types = must.table(given.associationTypes, "an association's types"),
  }
end

--- The associations of a page.
function arguments.read_associations(answer)
  local list = {}
  for index, given in ipairs(must.table(answer.results, "the associations")) do
    list[index] = arguments.read_association(given)
  end
  return list
end

--- The id of one end of an association, in any of the spellings that answers have.
function arguments.end_of(result, name)
  local inner = result[name]
  return id_text(type(inner) == "table" and inner.id or result[name .. "ObjectId"])
end

return arguments
