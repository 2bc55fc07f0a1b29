-- Types of associations as calls name them, and what an answer to one write says.

local append = require "hubspot.append"
local association_labels = require "hubspot.object.association_labels"
local errors = require "hubspot.error"
local invalid = require("hubspot.operation.call").invalid

local association_specs = {}

local function specs_of(values, wanted, known)
  local specs = {}
  for index, one in ipairs(wanted.types or {}) do
    specs[index] = association_labels.spelled(one)
  end
  local labelled, message =
    association_labels.specs_of(known or {}, wanted.labels or {}, values.from_type, values.to_type)
  if not labelled then return nil, invalid(message) end
  append(specs, labelled)
  return specs
end

local function known_to(call, wanted)
  for _, one in ipairs(wanted) do
    if one.labels then
      return call:read(association_labels.route, { from_type = call.values.from_type, to_type = call.values.to_type })
    end
  end
  return {}
end

--- Finds the types of what names labels. Asks HubSpot for these once, where some are named.
-- @tparam table call with `from_type` and `to_type` among its values
-- @tparam table wanted a list of `{ labels =, types = }`
-- @treturn ?table a list of lists as a write spells them, false for what names neither; or nil and an error
function association_specs.resolve(call, wanted)
  local known, err = known_to(call, wanted)
  if not known then return nil, err end
  local all = {}
  for index, one in ipairs(wanted) do
    all[index] = false
    if one.labels or one.types then
      all[index], err = specs_of(call.values, one, known)
      if not all[index] then return nil, err end
    end
  end
  return all
end

--- True, or nil and an error where an answer to one write holds one.
function association_specs.failure_or_true(answer)
  local failure = answer.errors and answer.errors[1]
  if failure then return nil, errors.from_failures { failure } end
  return true
end

return association_specs
