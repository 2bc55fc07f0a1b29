-- Associations between records, of one type and another.

local arguments = require "hubspot.resource.association_arguments"
local association_batches = require "hubspot.resource.association_batches"
local association_labels = require "hubspot.object.association_labels"
local association_limits = require "hubspot.resource.association_limits"
local association_specs = require "hubspot.resource.association_specs"
local check = require "hubspot.check"
local core = require "hubspot.core"
local merge = require "hubspot.merge"
local must = require "hubspot.shape.must"

local from_type, to_type, id, to_id = arguments.from_type, arguments.to_type, arguments.id, arguments.to_id

local GUIDE = "api-reference/latest/crm/associations/associate-records/guide"
local RECORD = "/crm/objects/{api_version}/{from_type}/{id}/associations/"
local PAIR = "/crm/associations/{api_version}/{from_type}/{to_type}/"

local default_route = {
  method = "PUT",
  path = RECORD .. "default/{to_type}/{to_id}",
  idempotent = true,
  answer = association_specs.failure_or_true,
}

local labelled_route = {
  method = "PUT",
  path = RECORD .. "{to_type}/{to_id}",
  body = { { from = "specs", encode = core.array } },
  idempotent = true,
  answer = association_specs.failure_or_true,
}

local function create(call)
  local values = call.values
  local resolved, err =
    association_specs.resolve(call, { { labels = call.options.labels, types = call.options.types } })
  if not resolved then return nil, err end
  local sent, send_err = call:send(resolved[1] and labelled_route or default_route, {
    from_type = values.from_type,
    id = values.id,
    to_type = values.to_type,
    to_id = values.to_id,
    specs = resolved[1] or nil,
  })
  if not sent then return nil, send_err end
  return true
end

local function results(answer) return must.table(answer.results, "the results") end

local type_id =
  { name = "type_id", type = check.integer(1, 2 ^ 53), description = "id of the label, as `labels` gives it" }

local definition = check.fields("a table { label = …, name = … }", {
  name = { type = check.segment, required = true, description = "unique in the account, and never changed" },
  label = { type = check.text, required = true, description = "what HubSpot shows" },
  inverseLabel = { type = check.string, description = "what it shows on the other side; the same when left out" },
}, "hubspot.AssociationLabelToCreate")

local changes = check.fields("a table { label = …, inverseLabel = … }", {
  label = { type = check.string, required = true, description = "what HubSpot shows" },
  inverseLabel = { type = check.string, description = "what it shows on the other side; `label` when left out" },
}, "hubspot.AssociationLabelChanges")

local operations = {
  all = {
    summary = "Iterates over the records of a type that one record is associated with.",
    arguments = { from_type, id, to_type },
    returns = { iterator = "association" },
    current = {
      method = "GET",
      path = RECORD .. "{to_type}",
      idempotent = true,
      answer = arguments.read_associations,
      items = "results",
      paging = "after",
      page_size = 500,
      documentation = GUIDE,
    },
  },

  create = {
    summary = "Associates two records. With labels, the association has these afterwards and no others of the account's: "
      .. "name all that are to stay.",
    arguments = { from_type, id, to_type, to_id },
    options = {
      labels = { type = arguments.labels, description = "labels of the association; without them it says nothing" },
      types = { type = arguments.types, description = "its types, in place of labels or besides" },
    },
    returns = { done = true },
    current = {
      run = create,
      options = { "labels", "types" },
      requests = { default_route, labelled_route },
      documentation = GUIDE,
    },
  },

  delete = {
    summary = "Removes all associations between two records.",
    arguments = { from_type, id, to_type, to_id },
    returns = { done = true },
    current = { method = "DELETE", path = RECORD .. "{to_type}/{to_id}", idempotent = true, documentation = GUIDE },
  },

  labels = {
    summary = "Reads the types of associations from a type to another, with their labels.",
    arguments = { from_type, to_type },
    returns = { list = "association type" },
    current = association_labels.route,
  },

  create_label = {
    summary = "Creates a label of associations: a type for each direction. HubSpot takes 50 for two types.",
    arguments = {
      from_type,
      to_type,
      { name = "definition", type = definition, description = "its name and what HubSpot shows" },
    },
    returns = { list = "association type" },
    current = {
      method = "POST",
      path = PAIR .. "labels",
      body = { { from = "definition" } },
      idempotent = false,
      answer = results,
      documentation = GUIDE,
    },
  },

  update_label = {
    summary = "Changes what HubSpot shows for a label, on both sides: without `inverseLabel`, `label` on both.",
    arguments = {
      from_type,
      to_type,
      type_id,
      { name = "changes", type = changes, description = "what HubSpot shows" },
    },
    returns = { done = true },
    current = {
      method = "PUT",
      path = PAIR .. "labels",
      body = {
        {
          from = "changes",
          uses = { "changes", "type_id" },
          encode = function(given, values) return merge { given, { associationTypeId = values.type_id } } end,
        },
      },
      idempotent = true,
      documentation = GUIDE,
    },
  },

  delete_label = {
    summary = "Deletes a label, of both directions.",
    irreversible = "Associations lose it.",
    arguments = { from_type, to_type, type_id },
    returns = { done = true },
    current = {
      method = "DELETE",
      path = PAIR .. "labels/{type_id}",
      path_values = function(values) return merge { values, { type_id = ("%.0f"):format(values.type_id) } } end,
      idempotent = true,
      documentation = GUIDE,
    },
  },
}

return merge { operations, association_batches, association_limits }
