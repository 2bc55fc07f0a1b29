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

--- Ends a request with a problem.
function problems.fail(problem) reply.fail(problem.status, problem.message, problem.fields) end

return problems
