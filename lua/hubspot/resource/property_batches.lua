-- Reads and writes of many properties.

local archived_property = require "hubspot.resource.archived_property"
local attribute = require "hubspot.batch.attribution"
local batch = require "hubspot.batch"
local check = require "hubspot.check"
local core = require "hubspot.core"
local definitions = require "hubspot.resource.property_definitions"
local errors = require "hubspot.error"
local property_routes = require "hubspot.resource.property_routes"
local write_rows = require "hubspot.batch.write"

local BATCH = property_routes.BASE .. "/batch/"

-- Properties of a request.
local LIMIT = 100

-- Reading ------------------------------------------------------------------------------------------------------------

local function named(names)
  local inputs = {}
  for place, name in ipairs(names) do
    inputs[place] = { name = name }
  end
  return core.array(inputs)
end

local read_route = property_routes.new("POST", BATCH .. "read", "get-properties", {
  query = { { "locale", from = "locale" } },
  body = {
    { "inputs", from = "names", encode = named },
    { "archived", from = "archived" },
    { "dataSensitivity", from = "sensitivity" },
  },
  read = true,
  limit = LIMIT,
  answer = function(answer)
    for _, failure in ipairs(answer.errors or {}) do
      if failure.category ~= "OBJECT_NOT_FOUND" then return nil, errors.from_failures { failure } end
    end
    return property_routes.list(answer)
  end,
})

local function as_it_is(name) return name end

-- Reads those that have one sensitivity; none where the token may not see it.
local function read_of_sensitivity(call, names, options, sensitivity)
  return batch.read(names, read_route.limit, function(chunk)
    local found, err = call:read(read_route, {
      object_type = options.object_type,
      locale = options.locale,
      archived = options.archived or false,
      sensitivity = sensitivity,
      names = chunk,
    })
    if found then return found end
    local is_none = err.status == 404 and err.category == "OBJECT_NOT_FOUND"
    local is_hidden = sensitivity ~= property_routes.SENSITIVITIES[1] and property_routes.is_out_of_sight(err)
    if is_none or is_hidden then return {} end
    return nil, err
  end, call.client.loop_for_background, nil, as_it_is)
end

-- The properties of some names, by name; or nil and an error.
local function read_by_name(call, names, options)
  local by_name, wanted = {}, names
  for _, sensitivity in ipairs(property_routes.SENSITIVITIES) do
    local found, err = read_of_sensitivity(call, wanted, options, sensitivity)
    if not found then return nil, err end
    for _, one in ipairs(found) do
      by_name[one.name] = by_name[one.name] or one
    end
    local missing = {}
    for _, name in ipairs(wanted) do
      if not by_name[name] then missing[#missing + 1] = name end
    end
    if #missing == 0 then break end
    wanted = missing
  end
  return by_name
end

local function get_many(call)
  local names = call.values.names
  local by_name, err = read_by_name(call, names, call.options)
  if not by_name then return nil, err end
  local list = {}
  for _, name in ipairs(names) do
    list[#list + 1], by_name[name] = by_name[name], nil
  end
  return list
end

-- Writing ------------------------------------------------------------------------------------------------------------

local NAMING = {
  of_row = function(row) return { row.input.name } end,
  of_result = function(result) return { result.name } end,
}

local function inputs_of(rows)
  local inputs = {}
  for place, row in ipairs(rows) do
    inputs[place] = row.input
  end
  return core.array(inputs)
end

local create_route = property_routes.new("POST", BATCH .. "create", "create-property", {
  body = { { "inputs", from = "rows", encode = inputs_of } },
  idempotent = false,
  limit = LIMIT,
  answer = function(answer, values, uncertain)
    property_routes.list(answer)
    return attribute(answer, values.rows, NAMING, uncertain)
  end,
})

local archive_route = property_routes.new("POST", BATCH .. "archive", "delete-property", {
  body = { { "inputs", from = "rows", encode = inputs_of } },
  limit = LIMIT,
})

local function rows_of(inputs)
  local rows = {}
  for index, input in ipairs(inputs) do
    rows[index] = { index = index, input = input }
  end
  return rows
end

local function write(call, rows, limit, send)
  return write_rows(
    { { rows = rows, send = send, limit = limit } },
    function(input) return input.name end,
    call.client.loop_for_background
  )
end

local function send_new(call)
  return function(rows)
    local told, err = call:send(create_route, { object_type = call.options.object_type, rows = rows })
    if not told then return nil, err end
    return told.is_empty and attribute({}, rows, NAMING) or told.value
  end
end

-- The rows whose names no archived property has, and the errors of the others; or nil and an error.
local function without_archived(call, rows)
  local names = {}
  for index, row in ipairs(rows) do
    names[index] = row.input.name
  end
  local archived, err = read_by_name(call, names, { object_type = call.options.object_type, archived = true })
  if not archived then return nil, archived_property.unknown(err) end
  local free, refused = {}, {}
  for _, row in ipairs(rows) do
    if archived[row.input.name] then
      local own = archived_property.conflict(row.input.name)
      own.index = row.index
      refused[#refused + 1] = own
    else
      free[#free + 1] = row
    end
  end
  return free, refused
end

local function by_index(a, b) return a.index < b.index end

local function create_many(call)
  local rows, refused = rows_of(call.values.definitions), {}
  if not call.options.restore then
    rows, refused = without_archived(call, rows)
    if not rows then return nil, refused end
  end
  local outcome, err = write(call, rows, create_route.limit, send_new(call))
  if not outcome then return nil, err end
  for _, one in ipairs(refused) do
    outcome.errors[#outcome.errors + 1] = one
  end
  table.sort(outcome.errors, by_index)
  return outcome
end

-- HubSpot answers with nothing where it archived all, those too that there were none of.
local function delete_many(call)
  local inputs = {}
  for index, name in ipairs(call.values.names) do
    inputs[index] = { name = name }
  end
  return write(call, rows_of(inputs), archive_route.limit, function(rows)
    local archived, err = call:send(archive_route, { object_type = call.options.object_type, rows = rows })
    if not archived then return nil, err end
    local results = {}
    for place, row in ipairs(rows) do
      results[place] = { name = row.input.name, index = row.index }
    end
    return { results = results, failures = {}, left_out = {} }
  end)
end

-- Declarations -------------------------------------------------------------------------------------------------------

local object_type = property_routes.object_type
local names = { name = "names", type = check.names, description = "internal names of properties" }

return {
  get_many = {
    summary = "Reads the definitions of any number of properties, of every sensitivity that the token may see, in the order "
      .. "of the names. Unknown ones are left out.",
    arguments = { names },
    options = {
      object_type = object_type,
      archived = { type = check.boolean, description = "true reads archived ones, and no others" },
      locale = property_routes.locale,
    },
    returns = { list = "property" },
    current = {
      run = get_many,
      options = { "object_type", "archived", "locale" },
      requests = { read_route },
      documentation = read_route.documentation,
    },
  },

  create_many = {
    summary = "Creates any number of properties. One that HubSpot refuses fails alone, and so does, without `restore`, one "
      .. "whose name an archived property has, which HubSpot would restore.",
    arguments = {
      {
        name = "definitions",
        type = check.list_of(definitions.definition, "definitions"),
        description = "what they are to be",
      },
    },
    options = {
      object_type = object_type,
      restore = { type = check.boolean, description = "true restores archived properties of these names" },
    },
    returns = { outcome = "property" },
    current = {
      run = create_many,
      options = { "object_type", "restore" },
      requests = { read_route, create_route },
      documentation = create_route.documentation,
    },
  },

  delete_many = {
    summary = "Archives any number of properties. One that HubSpot refuses fails alone; one that it does not know counts as "
      .. "archived. For 90 days, creating one of its name restores it.",
    arguments = { names },
    options = { object_type = object_type },
    returns = { outcome = "property deletion" },
    current = {
      run = delete_many,
      options = { "object_type" },
      requests = { archive_route },
      documentation = archive_route.documentation,
    },
  },
}
