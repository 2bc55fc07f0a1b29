--- The problems with what a request says about records, as `{ status =, message =, fields = }`.
local core = require "hubspot.core"
local reply = require "hubspot.sandbox.reply"

local problems = {}

local array = core.array

local function new_problem(status, message, fields) return { status = status, message = message, fields = fields } end

--- A request that can't be read, or says what can't be.
function problems.invalid(message) return new_problem(400, message, { category = "VALIDATION_ERROR" }) end

local function title(type) return (type.singular:gsub("^%l", string.upper):gsub("_", " ")) end

--- A value of a unique property that another record has.
function problems.conflict(type, owner)
  local id = string.format("%d", owner.id)
  local problem = new_problem(409, title(type) .. " already exists. Existing ID: " .. id, { category = "CONFLICT" })
  problem.existing_id = id
  return problem
end

--- The problem of what `properties.check` found.
function problems.invalid_values(results)
  local errors = {}
  for index, result in ipairs(results) do
    errors[index] = {
      message = result.message,
      code = result.error,
      ["in"] = result.name,
      context = { propertyName = array { result.name } },
    }
  end
  return new_problem(
    400,
    "Property values were not valid: " .. core.encode(array(results)),
    { category = "VALIDATION_ERROR", errors = array(errors) }
  )
end

--- A new record without what its type needs.
function problems.missing(type, names)
  return new_problem(400, "Error creating " .. type.singular:upper() .. ". Some required properties were not set.", {
    category = "VALIDATION_ERROR",
    errors = array {
      {
        message = "Some required properties were not set: " .. table.concat(names, ", "),
        code = "REQUIRED_PROPERTIES_MISSING",
        context = { properties = array(names) },
      },
    },
  })
end

--- An id that nothing has.
function problems.not_found(id)
  return new_problem(
    404,
    "resource not found",
    { category = "OBJECT_NOT_FOUND", context = { ids = array { tostring(id) } } }
  )
end

--- A record that is not there, or not where it is looked for.
function problems.missing_record(message) return new_problem(404, message, { category = "OBJECT_NOT_FOUND" }) end

--- A record with as many associations as it may have; `full` is what `association_store:full_end` gave.
function problems.too_many_associations(full)
  local message = "The record %d has as many associations to objects of type %s as it may have: %.0f"
  return problems.invalid(message:format(full.from.id, full.to_type, full.limit))
end

--- A request without the scopes that it takes.
function problems.missing_scopes(names)
  return new_problem(
    403,
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: "
      .. "https://developers.hubspot.com/scopes.",
    {
      category = "MISSING_SCOPES",
      errors = array {
        {
          message = "One or more of the following scopes are required.",
          context = { requiredGranularScopes = array(names) },
        },
      },
    }
  )
end

--- Calls what ends a request where something is wrong. Gives its result, or nil and the problem.
function problems.attempt(act, ...)
  local fine, result = pcall(act, ...)
  if fine then return result end
  if type(result) ~= "table" or not result.problem then error(result, 0) end
  return nil, result.problem
end

--- Ends a request with a problem.
function problems.fail(problem) reply.fail(problem.status, problem.message, problem.fields) end

return problems
